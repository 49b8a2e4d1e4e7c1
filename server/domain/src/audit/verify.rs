//! Logs are compared with what lies outside: row by row, from the first position to the last, in little memory.

use shared::audit::{Checkpoint, Hash, Head, NoteError, TILE, TileAt, Tiles};
use store::audit::Folder;
use store::audit::position::{self, Positioned, RowState};
use store::data_key::Keys;
use store::engine::Connection;
use thiserror::Error;
use uuid::Uuid;

use super::{AHEAD, Kept, LATEST, LogName, Outside, data, first_id, logs};
use crate::{Action, Actor, Context, Error};

/// Rows that are read at one time: 8 tiles.
const ROWS: u64 = 8 * TILE as u64;
/// Rows without a position that are read at one time.
const WITHOUT: u32 = 1_000;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub log: LogName,
    pub position: Option<u64>,
    pub row: Option<Uuid>,
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Wrong {
    #[error("the row is gone")]
    Gone,
    #[error("the row was changed: what it holds does not give its leaf hash")]
    Changed,
    #[error("what stands in the row cannot be read: it was changed")]
    Unreadable,
    #[error("the tree outside has another leaf here: the row was changed, moved or exchanged")]
    NotInTree,
    #[error("the positions up to {last} are gone: rows were deleted, or the database was set back")]
    PositionsGone { last: u64 },
    #[error("the row has no position: it was put in later, or nobody ran `portico serve`, `portico work` or `portico audit seal`")]
    NoPosition,
    #[error("no checkpoint lies outside: the folder was emptied, or `portico audit seal` never ran")]
    NoCheckpoint,
    #[error("the checkpoint outside {0}")]
    Checkpoint(NoteError),
    #[error("the database does not know of the checkpoint outside: it was set back")]
    NotKnown,
    #[error("the checkpoint outside is of {found} rows, and the database knows of one of {known}: the folder was set back")]
    OutsideSetBack { known: u64, found: u64 },
    #[error("{0} speaks of {1} rows, and there are fewer: the log was cut short")]
    CutShort(Source, u64),
    #[error("the tree has another root than {0} has for its {1} rows: the log was written anew")]
    OtherRoot(Source, u64),
    #[error("{0} is missing, or is no tile")]
    NoTile(String),
    #[error("{0} was changed")]
    TileChanged(String),
}

/// Who says what root a tree had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Source {
    #[error("the checkpoint outside")]
    Outside,
    #[error("the database")]
    Database,
    #[error("the checkpoint that was kept")]
    Kept,
}

/// A log that was looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    pub log: LogName,
    pub rows: u64,
    /// Rows whose key was destroyed, of which only the leaf hash could be compared.
    pub sealed: u64,
    /// What lies outside.
    pub head: Option<Head>,
}

/// Looks through every log that is open here. Each finding is told as it is found, and after some rows how far it is, of how many.
pub async fn verify(
    ctx: &Context,
    actor: Actor,
    outside: &Outside,
    kept: &[Kept],
    mut tell: impl FnMut(Finding),
    mut progress: impl FnMut(LogName, u64, u64),
) -> Result<Vec<Verified>, Error> {
    actor.check(Action::KeepCheckpoints)?;
    let logs = logs(ctx);
    if kept.iter().any(|kept| !logs.contains(&kept.log)) {
        return Err(Error::Unusable("A checkpoint is of partner data: set PORTICO_PARTNER_DATABASE_URL.".into()));
    }
    let mut verified = Vec::new();
    for log in logs {
        let kept = kept.iter().filter(|kept| kept.log == log).map(|kept| kept.head);
        let mut walk = Walk::new(outside.of(log), log, &mut tell);
        verified.push(walk.whole(ctx, outside, kept.collect(), &mut progress).await?);
    }
    Ok(verified)
}

/// The way through a log.
struct Walk<'a, T> {
    log: LogName,
    folder: Folder,
    /// Rows of the checkpoint outside.
    sealed: u64,
    /// What the tree must have been.
    heads: Vec<(Source, Head)>,
    /// The tree as it grows: of the leaves outside, or where there are none, of those of the database.
    tiles: Tiles,
    /// The leaves outside around the present position.
    leaves: Option<Vec<Hash>>,
    /// Since when positions are missing.
    gone_from: Option<u64>,
    /// Rows whose key was destroyed.
    keyless: u64,
    tell: &'a mut T,
}

impl<'a, T: FnMut(Finding)> Walk<'a, T> {
    fn new(folder: Folder, log: LogName, tell: &'a mut T) -> Self {
        let (heads, tiles) = (Vec::new(), Tiles::default());
        Self { log, folder, sealed: 0, heads, tiles, leaves: None, gone_from: None, keyless: 0, tell }
    }

    async fn whole(
        &mut self,
        ctx: &Context,
        outside: &Outside,
        kept: Vec<Head>,
        progress: &mut impl FnMut(LogName, u64, u64),
    ) -> Result<Verified, Error> {
        let (store, keys) = data(ctx, self.log.database)?;
        let mut connection = store.read_primary().await?;
        // In this order: a server that writes on meanwhile puts rows first, then the checkpoint, then the head.
        let known = position::head(&mut connection, self.log.log).await?;
        let written = outside.checkpoint(self.log)?;
        let rows = position::size(&mut connection, self.log.log).await?;
        let head = self.heads(known, written, kept, rows);
        let end = rows.max(self.sealed);
        for (source, head) in self.heads.clone().into_iter().filter(|(_, head)| head.size > end) {
            self.wrong(None, None, Wrong::CutShort(source, head.size));
        }
        self.compare_root();
        let mut next = 0;
        while next < end {
            let until = end.min(next + ROWS);
            // Who moves a row far away does not have us look at all that is missing in between.
            if next >= self.sealed
                && let Some(there) = position::next(&mut connection, self.log.log, next).await?
                && there >= until
            {
                self.gone_from.get_or_insert(next);
                next = there;
                continue;
            }
            self.page(&mut connection, keys, next, until).await?;
            next = until;
            progress(self.log, next, end);
        }
        self.positions_are_back(end);
        self.without_position(ctx, &mut connection).await?;
        Ok(Verified { log: self.log, rows, sealed: self.keyless, head })
    }

    fn wrong(&mut self, position: Option<u64>, row: Option<Uuid>, wrong: Wrong) {
        (self.tell)(Finding { log: self.log, position, row, wrong });
    }

    /// Gathers what the tree must have been. Gives what lies outside.
    fn heads(
        &mut self,
        known: Option<Head>,
        written: Option<Result<Checkpoint, NoteError>>,
        kept: Vec<Head>,
        rows: u64,
    ) -> Option<Head> {
        let is_there = written.is_some();
        let written = match written.transpose() {
            Ok(checkpoint) => checkpoint.map(|checkpoint| checkpoint.head),
            Err(error) => {
                self.wrong(None, None, Wrong::Checkpoint(error));
                None
            }
        };
        match (known, written) {
            (None, Some(_)) => self.wrong(None, None, Wrong::NotKnown),
            (Some(known), Some(found)) if known.size > found.size => {
                self.wrong(None, None, Wrong::OutsideSetBack { known: known.size, found: found.size });
            }
            (known, None) if !is_there && (known.is_some() || rows > 0) => self.wrong(None, None, Wrong::NoCheckpoint),
            _ => {}
        }
        self.sealed = written.map_or(0, |head| head.size);
        self.heads.extend(written.map(|head| (Source::Outside, head)));
        self.heads.extend(known.map(|head| (Source::Database, head)));
        self.heads.extend(kept.into_iter().map(|head| (Source::Kept, head)));
        written
    }

    async fn page(&mut self, connection: &mut Connection, keys: &Keys, from: u64, to: u64) -> Result<(), Error> {
        let mut rows = position::page(connection, keys, self.log.log, from..to).await?.into_iter().peekable();
        for position in from..to {
            let outside = self.leaf_outside(position)?;
            let row = rows.next_if(|row| row.position == position);
            let inside = row.as_ref().and_then(|row| row.leaf);
            self.judge(position, row, outside);
            // Where there is neither, something was found already, and the roots are lost.
            self.grow(outside.or(inside).unwrap_or_default())?;
        }
        Ok(())
    }

    /// The leaf that the tree outside has at a position.
    fn leaf_outside(&mut self, position: u64) -> Result<Option<Hash>, Error> {
        if position >= self.sealed {
            return Ok(None);
        }
        let at = usize::try_from(position % TILE as u64).unwrap_or_default();
        if at == 0 {
            let width = usize::try_from(self.sealed - position).unwrap_or(TILE).min(TILE);
            let tile = TileAt { level: 0, index: position / TILE as u64, width };
            self.leaves = self.folder.tile(tile)?;
            if self.leaves.is_none() {
                self.wrong(Some(position), None, Wrong::NoTile(tile.path()));
            }
        }
        Ok(self.leaves.as_ref().and_then(|leaves| leaves.get(at).copied()))
    }

    fn judge(&mut self, position: u64, row: Option<Positioned>, outside: Option<Hash>) {
        let Some(row) = row else {
            self.gone_from.get_or_insert(position);
            return;
        };
        self.positions_are_back(position);
        let wrong = match row.state {
            RowState::Gone => Wrong::Gone,
            RowState::Changed => Wrong::Changed,
            RowState::Unreadable => Wrong::Unreadable,
            RowState::Whole | RowState::Sealed if outside.is_some() && outside != row.leaf => Wrong::NotInTree,
            RowState::Whole => return,
            RowState::Sealed => {
                self.keyless += 1;
                return;
            }
        };
        self.wrong(Some(position), row.row, wrong);
    }

    /// Tells of positions that were missing before this one.
    fn positions_are_back(&mut self, at: u64) {
        if let Some(first) = self.gone_from.take() {
            self.wrong(Some(first), None, Wrong::PositionsGone { last: at - 1 });
        }
    }

    /// Adds a leaf to the tree, and compares what that completes.
    fn grow(&mut self, leaf: Hash) -> Result<(), Error> {
        let mut full = Vec::new();
        self.tiles.push(leaf, |tile, hashes| full.push((tile, hashes.to_vec())));
        if self.tiles.size() <= self.sealed {
            self.compare_tiles(&full)?;
        }
        if self.tiles.size() == self.sealed {
            let partial: Vec<_> = self.tiles.partial().map(|(tile, hashes)| (tile, hashes.to_vec())).collect();
            self.compare_tiles(&partial)?;
        }
        self.compare_root();
        Ok(())
    }

    /// Tiles above the leaves, which were read already.
    fn compare_tiles(&mut self, tiles: &[(TileAt, Vec<Hash>)]) -> Result<(), Error> {
        for (tile, hashes) in tiles.iter().filter(|(tile, _)| tile.level > 0) {
            match self.folder.tile(*tile)? {
                None => self.wrong(None, None, Wrong::NoTile(tile.path())),
                Some(there) if there != *hashes => self.wrong(None, None, Wrong::TileChanged(tile.path())),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn compare_root(&mut self) {
        let size = self.tiles.size();
        if !self.heads.iter().any(|(_, head)| head.size == size) {
            return;
        }
        let present = self.tiles.head();
        for (source, head) in self.heads.clone() {
            if head.size == size && head != present {
                self.wrong(None, None, Wrong::OtherRoot(source, size));
            }
        }
    }

    /// Rows that should have a position by now, and those that say they are of the future.
    async fn without_position(&mut self, ctx: &Context, connection: &mut Connection) -> Result<(), Error> {
        let now = ctx.now();
        for ids in [Uuid::nil()..first_id(now - LATEST), first_id(now + AHEAD)..Uuid::max()] {
            let mut from = ids.start;
            loop {
                let rows = position::without(connection, self.log.log, from..ids.end, WITHOUT).await?;
                for row in &rows {
                    self.wrong(None, Some(*row), Wrong::NoPosition);
                }
                match rows.last() {
                    Some(last) if rows.len() as u64 == u64::from(WITHOUT) => {
                        from = Uuid::from_u128(last.as_u128().saturating_add(1));
                    }
                    _ => break,
                }
            }
        }
        Ok(())
    }
}
