//! A tree cut into tiles of 256 hashes (<https://c2sp.org/tlog-tiles>): those of level 0 hold leaves, those of each level above
//! hold the roots of the full tiles below. What is full never changes.

use super::tree::{Hash, Head, Tree, root_of};

/// Hashes in a full tile.
pub const TILE: usize = 256;
/// More levels than 2^56 leaves need.
const LEVELS: usize = 7;
const HASH: usize = 32;

/// Which tile, and how many hashes it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileAt {
    pub level: u8,
    pub index: u64,
    /// 256, or less at the right edge of the tree.
    pub width: usize,
}

impl TileAt {
    /// Where it lies, as `tile/0/x001/x234/067` or `tile/1/000.p/3`.
    pub fn path(&self) -> String {
        let mut path = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            path = format!("x{:03}/{path}", rest % 1000);
            rest /= 1000;
        }
        let partial = if self.width < TILE { format!(".p/{}", self.width) } else { String::new() };
        format!("tile/{}/{path}{partial}", self.level)
    }

    /// The same tile when it is full.
    #[must_use]
    pub const fn full(self) -> Self {
        Self { width: TILE, ..self }
    }

    /// Its hashes, from the bytes of this tile or of one that has more. None for bytes that are no tile, or of one that has less.
    pub fn hashes(&self, bytes: &[u8]) -> Option<Vec<Hash>> {
        let (hashes, rest) = bytes.as_chunks::<HASH>();
        if !rest.is_empty() || hashes.len() > TILE {
            return None;
        }
        hashes.get(..self.width).map(<[Hash]>::to_vec)
    }
}

/// The tiles of a tree that grows. It keeps those of its right edge, one for each level.
#[derive(Debug, Clone, Default)]
pub struct Tiles {
    size: u64,
    levels: [Level; LEVELS],
}

#[derive(Debug, Clone, Default)]
struct Level {
    hashes: Vec<Hash>,
    tree: Tree,
}

impl Level {
    fn push(&mut self, hash: Hash) {
        self.hashes.push(hash);
        self.tree.push(hash);
    }
}

impl Tiles {
    /// The right edge of a tree of this size, from tiles that were written.
    pub fn resume<E>(size: u64, mut read: impl FnMut(TileAt) -> Result<Vec<Hash>, E>) -> Result<Self, E> {
        let mut tiles = Self { size, ..Self::default() };
        for tile in edge(size) {
            let Some(level) = tiles.levels.get_mut(usize::from(tile.level)) else { continue };
            for hash in read(tile)? {
                level.push(hash);
            }
        }
        Ok(tiles)
    }

    /// Adds a leaf, and gives each tile that it makes full.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(TileAt, &[Hash])) {
        self.size += 1;
        let (mut hash, mut after) = (leaf, self.size);
        for (number, level) in (0..).zip(&mut self.levels) {
            level.push(hash);
            if level.hashes.len() < TILE {
                return;
            }
            after /= TILE as u64;
            full(TileAt { level: number, index: after - 1, width: TILE }, &level.hashes);
            hash = level.tree.root();
            *level = Level::default();
        }
    }

    /// The tiles of the right edge that are not full.
    pub fn partial(&self) -> impl Iterator<Item = (TileAt, &[Hash])> {
        edge(self.size).filter_map(move |tile| Some((tile, self.levels.get(usize::from(tile.level))?.hashes.as_slice())))
    }

    pub const fn size(&self) -> u64 {
        self.size
    }

    pub fn head(&self) -> Head {
        // What is high up stands for leaves farther to the left.
        let perfect: Vec<&Hash> = self.levels.iter().rev().flat_map(|level| level.tree.perfect()).collect();
        Head { size: self.size, root: root_of(perfect.into_iter()) }
    }
}

/// The tiles at the right edge of a tree of this size that are not full, the lowest first.
fn edge(size: u64) -> impl Iterator<Item = TileAt> {
    let mut above = size;
    (0..).take(LEVELS).filter_map(move |level| {
        let width = usize::try_from(above % TILE as u64).unwrap_or_default();
        above /= TILE as u64;
        (width > 0).then_some(TileAt { level, index: above, width })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::super::tree::leaf_hash;
    use super::super::tree::tests::{by_definition, leaves};
    use super::*;

    #[test]
    fn paths_are_those_of_tlog_tiles() {
        for (level, index, width, path) in [
            (0, 0, 256, "tile/0/000"),
            (0, 0, 1, "tile/0/000.p/1"),
            (1, 999, 255, "tile/1/999.p/255"),
            (0, 1000, 256, "tile/0/x001/000"),
            (2, 1_234_067, 256, "tile/2/x001/x234/067"),
            (6, 1_234_067, 8, "tile/6/x001/x234/067.p/8"),
        ] {
            assert_eq!(TileAt { level, index, width }.path(), path);
        }
    }

    /// All tiles of a tree, by their paths, in one pass over each level.
    fn all(leaves: &[Hash]) -> BTreeMap<String, Vec<Hash>> {
        let (mut tiles, mut hashes) = (BTreeMap::new(), leaves.to_vec());
        for level in 0.. {
            if hashes.is_empty() {
                return tiles;
            }
            for (index, tile) in (0..).zip(hashes.chunks(TILE)) {
                tiles.insert(TileAt { level, index, width: tile.len() }.path(), tile.to_vec());
            }
            hashes = hashes.chunks_exact(TILE).map(by_definition).collect();
        }
        tiles
    }

    fn grown(leaves: &[Hash]) -> (Tiles, BTreeMap<String, Vec<Hash>>) {
        let (mut tiles, mut written) = (Tiles::default(), BTreeMap::new());
        for leaf in leaves {
            tiles.push(*leaf, |tile, hashes| assert!(written.insert(tile.path(), hashes.to_vec()).is_none(), "once"));
        }
        written.extend(tiles.partial().map(|(tile, hashes)| (tile.path(), hashes.to_vec())));
        (tiles, written)
    }

    #[test]
    fn a_tree_that_grows_has_all_tiles_and_the_root_of_the_definition() {
        for size in [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 66_000] {
            let leaves = leaves(size);
            let (tiles, written) = grown(&leaves);
            assert_eq!(written, all(&leaves), "{size}");
            assert_eq!(tiles.head(), Head { size: size as u64, root: by_definition(&leaves) });
        }
    }

    #[test]
    fn a_tile_is_read_from_its_bytes_or_from_more() {
        let hashes = leaves(3);
        let bytes = hashes.as_flattened();
        let tile = |width| TileAt { level: 0, index: 0, width };
        assert_eq!(tile(3).hashes(bytes).unwrap(), hashes);
        assert_eq!(tile(2).hashes(bytes).unwrap(), hashes[..2]);
        assert_eq!(tile(4).hashes(bytes), None);
        assert_eq!(tile(2).hashes(&bytes[1..]), None);
        assert_eq!(tile(2).hashes(&vec![0; (TILE + 1) * HASH]), None);
    }

    proptest! {
        #[test]
        fn it_goes_on_from_what_was_written(before in 0_usize..1_500, more in 0_usize..1_500) {
            let leaves = leaves(before + more);
            let (_, mut written) = grown(&leaves[..before]);
            let read = |tile: TileAt| -> Result<Vec<Hash>, Infallible> { Ok(written[&tile.path()].clone()) };
            let mut tiles = Tiles::resume(before as u64, read).unwrap();
            prop_assert_eq!(tiles.head().root, by_definition(&leaves[..before]));
            for leaf in &leaves[before..] {
                tiles.push(*leaf, |tile, hashes| drop(written.insert(tile.path(), hashes.to_vec())));
            }
            written.extend(tiles.partial().map(|(tile, hashes)| (tile.path(), hashes.to_vec())));
            prop_assert_eq!(tiles.head().root, by_definition(&leaves));
            for (path, hashes) in all(&leaves) {
                prop_assert_eq!(&written[&path], &hashes);
            }
        }

        #[test]
        fn what_cannot_be_read_ends_it(size in 1_u64..100_000) {
            prop_assert_eq!(Tiles::resume(size, |tile| Err(tile.path())).unwrap_err(), edge(size).next().unwrap().path());
        }
    }

    #[test]
    fn a_leaf_in_another_place_gives_another_root() {
        let mut swapped = leaves(600);
        swapped.swap(3, 401);
        assert_ne!(grown(&swapped).0.head(), grown(&leaves(600)).0.head());
        assert_ne!(leaf_hash(b"a"), leaf_hash(b"b"));
    }
}
