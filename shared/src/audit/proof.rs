//! Proofs, as RFC 9162 has them checked: that a leaf is in a tree, and that a tree holds all of an earlier one.

use super::tree::{EMPTY_ROOT, Hash, Head, node_hash};

/// Is a leaf at an index of a tree? (RFC 9162, section 2.1.3.2)
pub fn is_included(leaf: &Hash, index: u64, head: &Head, proof: &[Hash]) -> bool {
    if index >= head.size {
        return false;
    }
    let (mut hash, mut climb) = (*leaf, Climb { at: index, last: head.size - 1 });
    for other in proof {
        match climb.side() {
            None => return false,
            Some(Side::Left) => hash = node_hash(other, &hash),
            Some(Side::Right) => hash = node_hash(&hash, other),
        }
        climb.up();
    }
    climb.last == 0 && hash == head.root
}

/// Does a tree hold all leaves of an earlier one, in their places? (RFC 9162, section 2.1.4.2)
pub fn is_consistent(earlier: &Head, later: &Head, proof: &[Hash]) -> bool {
    if earlier.size == later.size {
        return proof.is_empty() && earlier.root == later.root;
    }
    if earlier.size == 0 || earlier.size > later.size {
        return earlier.size == 0 && proof.is_empty() && earlier.root == EMPTY_ROOT;
    }
    let mut climb = Climb { at: earlier.size - 1, last: later.size - 1 };
    while climb.at & 1 == 1 {
        climb.shift();
    }
    // The earlier tree is one perfect subtree of the later one: its root is where the proof begins.
    let (first, rest) = if earlier.size.is_power_of_two() {
        (earlier.root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (*first, rest)
    };
    let (mut old, mut new) = (first, first);
    for other in rest {
        match climb.side() {
            None => return false,
            Some(Side::Left) => (old, new) = (node_hash(other, &old), node_hash(other, &new)),
            Some(Side::Right) => new = node_hash(&new, other),
        }
        climb.up();
    }
    climb.last == 0 && old == earlier.root && new == later.root
}

/// The way from a leaf to the root, with the way of the last leaf beside it.
struct Climb {
    at: u64,
    last: u64,
}

/// On which side the other subtree stands.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// None at the root.
    const fn side(&self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        Some(if self.at & 1 == 1 || self.at == self.last { Side::Left } else { Side::Right })
    }

    /// To the next node that has another beside it.
    const fn up(&mut self) {
        if self.at == self.last {
            while self.at & 1 == 0 && self.at != 0 {
                self.shift();
            }
        }
        self.shift();
    }

    const fn shift(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tree::tests::{by_definition, leaves, left_of};
    use super::*;

    /// RFC 9162, section 2.1.3.1.
    fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(left_of(leaves.len()));
        let (mut path, other) =
            if index < left.len() { (path(index, left), right) } else { (path(index - left.len(), right), left) };
        path.push(by_definition(other));
        path
    }

    /// RFC 9162, section 2.1.4.1.
    fn subproof(earlier: usize, leaves: &[Hash], is_known: bool) -> Vec<Hash> {
        if earlier == leaves.len() {
            return if is_known { Vec::new() } else { vec![by_definition(leaves)] };
        }
        let (left, right) = leaves.split_at(left_of(leaves.len()));
        let (mut proof, other) = if earlier <= left.len() {
            (subproof(earlier, left, is_known), right)
        } else {
            (subproof(earlier - left.len(), right, false), left)
        };
        proof.push(by_definition(other));
        proof
    }

    fn head(leaves: &[Hash]) -> Head {
        Head { size: leaves.len() as u64, root: by_definition(leaves) }
    }

    fn changed(hash: &mut Hash) {
        hash[7] ^= 1;
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_included_and_nowhere_else() {
        for size in 1..40 {
            let leaves = leaves(size);
            let head = head(&leaves);
            for (at, leaf) in leaves.iter().enumerate() {
                let proof = path(at, &leaves);
                for index in 0..=size {
                    assert_eq!(is_included(leaf, index as u64, &head, &proof), index == at, "{at} of {size} at {index}");
                }
            }
        }
    }

    #[test]
    fn every_small_tree_is_consistent_with_every_earlier_one() {
        for size in 0..40 {
            let leaves = leaves(size);
            for earlier in 0..=size {
                let proof = if earlier == 0 { Vec::new() } else { subproof(earlier, &leaves, true) };
                assert!(is_consistent(&head(&leaves[..earlier]), &head(&leaves), &proof), "{earlier} of {size}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_proof_with_anything_changed_shows_nothing(size in 2_usize..300, at in any::<usize>(), what in any::<usize>()) {
            let leaves = leaves(size);
            let at = at % size;
            let (mut leaf, mut head, mut proof) = (leaves[at], head(&leaves), path(at, &leaves));
            prop_assert!(is_included(&leaf, at as u64, &head, &proof));
            match what % (proof.len() + 4) {
                0 => changed(&mut leaf),
                1 => changed(&mut head.root),
                2 => drop(proof.pop()),
                3 => proof.push(leaf),
                other => changed(&mut proof[other - 4]),
            }
            prop_assert!(!is_included(&leaf, at as u64, &head, &proof));
        }

        #[test]
        fn a_history_that_was_written_anew_is_not_consistent(
            size in 2_usize..300,
            earlier in any::<usize>(),
            what in any::<usize>(),
        ) {
            let mut leaves = leaves(size);
            let earlier = 1 + earlier % (size - 1);
            let (old, mut proof) = (head(&leaves[..earlier]), subproof(earlier, &leaves, true));
            prop_assert!(is_consistent(&old, &head(&leaves), &proof));
            match what % (proof.len() + 3) {
                0 => drop(proof.pop()),
                1 => proof.push(old.root),
                2 => {
                    changed(&mut leaves[what / 7 % earlier]);
                    proof = subproof(earlier, &leaves, true);
                }
                other => changed(&mut proof[other - 3]),
            }
            prop_assert!(!is_consistent(&old, &head(&leaves), &proof));
        }

        #[test]
        fn any_proof_is_refused_without_panic(
            at in any::<u64>(),
            sizes in any::<(u64, u64)>(),
            root in any::<Hash>(),
            proof in any::<Vec<Hash>>(),
        ) {
            let of = |size| Head { size, root };
            prop_assert!(!is_included(&[0; 32], at, &of(sizes.0), &proof) || sizes.0 == 1);
            prop_assert!(!is_consistent(&of(sizes.0), &of(sizes.1), &proof) || sizes.0 == sizes.1);
        }
    }
}
