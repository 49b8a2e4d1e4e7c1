//! The tree of RFC 9162, section 2.1, from its leaves.

use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The root of a tree without leaves: the hash of nothing.
pub const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64,
    0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// How large a tree is, and what that makes its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub size: u64,
    pub root: Hash,
}

/// The hash of an entry: a zero byte stands before it.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0_u8]).chain_update(entry).finalize().into()
}

/// The hash of what stands below a node: a one stands before it, so that no entry can pass for a node.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1_u8]).chain_update(left).chain_update(right).finalize().into()
}

/// A tree that grows: of its leaves it keeps the roots of its perfect subtrees, one for each bit of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The largest first.
    perfect: Vec<Hash>,
}

impl Tree {
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.perfect.pop() else { break };
            hash = node_hash(&left, &hash);
        }
        self.perfect.push(hash);
        self.size += 1;
    }

    pub const fn size(&self) -> u64 {
        self.size
    }

    pub fn root(&self) -> Hash {
        root_of(self.perfect.iter())
    }

    pub fn head(&self) -> Head {
        Head { size: self.size, root: self.root() }
    }

    pub(super) fn perfect(&self) -> impl DoubleEndedIterator<Item = &Hash> {
        self.perfect.iter()
    }
}

/// The root above perfect subtrees, of which the largest comes first.
pub(super) fn root_of<'a>(perfect: impl DoubleEndedIterator<Item = &'a Hash>) -> Hash {
    let above = perfect.rev().copied().reduce(|right, left| node_hash(&left, &right));
    above.unwrap_or(EMPTY_ROOT)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition of RFC 9162, section 2.1.1, word for word.
    pub fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => EMPTY_ROOT,
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(left_of(leaves.len()));
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    /// The largest power of two that is smaller.
    pub const fn left_of(size: usize) -> usize {
        1 << (usize::BITS - 1 - (size - 1).leading_zeros())
    }

    pub fn leaves(size: usize) -> Vec<Hash> {
        (0..size).map(|at| leaf_hash(&at.to_be_bytes())).collect()
    }

    pub fn hash(hex: &str) -> Hash {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        std::array::from_fn(|at| digit(at * 2))
    }

    /// The entries and roots with which implementations of Certificate Transparency are tested.
    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::default();
        assert_eq!(tree.head(), Head { size: 0, root: EMPTY_ROOT });
        for (entry, root) in entries.into_iter().zip(roots) {
            tree.push(leaf_hash(entry));
            assert_eq!(tree.root(), hash(root), "{}", tree.size());
        }
    }

    #[test]
    fn the_empty_root_is_the_hash_of_nothing() {
        let nothing: Hash = Sha256::digest(b"").into();
        assert_eq!(EMPTY_ROOT, nothing);
    }

    #[test]
    fn an_entry_of_two_hashes_is_no_node() {
        let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
        assert_ne!(leaf_hash(&[left, right].concat()), node_hash(&left, &right));
    }

    proptest! {
        #[test]
        fn a_tree_that_grows_has_the_root_of_the_definition(size in 0_usize..700) {
            let leaves = leaves(size);
            let mut tree = Tree::default();
            for leaf in &leaves {
                tree.push(*leaf);
            }
            prop_assert_eq!(tree.root(), by_definition(&leaves));
            prop_assert_eq!(tree.perfect.len(), size.count_ones() as usize);
        }
    }
}
