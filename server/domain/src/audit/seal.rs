//! Trees are written outside: positions first, then tiles, then the signed head. Killed anywhere, the next run goes on.

use std::fs::File;
use std::sync::Arc;

use shared::audit::{Checkpoint, Hash, Head, TILE, TileAt, Tiles};
use store::StoreError;
use store::audit::{Folder, position};
use store::crypto::hex;
use store::engine::Connection;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{AHEAD, LATEST, LogName, Outside, data, first_id, logs, made_at};
use crate::{Action, Actor, Context, Error};

/// Leaves that are written at one time: 32 tiles.
const LEAVES: u64 = 32 * TILE as u64;

/// The tree of a log as it lies outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    pub log: LogName,
    /// None: the log has no row.
    pub head: Option<Head>,
}

/// Gives each row that has none the next position in its log. Gives their number.
///
/// A row may be committed after one that was made later, but not much later: what is older than that by [`LATEST`] was put in by
/// somebody and gets no position. Nor does what was made in the future: after it, everything would be too old.
pub async fn give_positions(ctx: &Context, actor: Actor) -> Result<u64, Error> {
    actor.check(Action::KeepCheckpoints)?;
    let mut given = 0;
    for name in logs(ctx) {
        loop {
            let some = give_some(ctx, name).await?;
            given += some;
            if some < u64::from(position::AT_ONCE) {
                break;
            }
        }
    }
    Ok(given)
}

async fn give_some(ctx: &Context, name: LogName) -> Result<u64, Error> {
    let (store, _) = data(ctx, name.database)?;
    let end = first_id(ctx.now() + AHEAD);
    // Mostly there is nothing to do, and nobody else has to wait.
    let mut connection = store.read_primary().await?;
    let first = first_taken(ctx, &mut connection, name).await?;
    if position::without(&mut connection, name.log, first..end, 1).await?.is_empty() {
        return Ok(0);
    }
    drop(connection);
    let mut transaction = store.begin().await?;
    position::lock(&mut transaction, name.log).await?;
    let first = first_taken(ctx, &mut transaction, name).await?;
    let given = position::assign(&mut transaction, name.log, first..end).await?;
    transaction.commit().await?;
    Ok(given)
}

/// The smallest id that still gets a position. While nobody gave positions, nothing has become too old.
async fn first_taken(ctx: &Context, connection: &mut Connection, name: LogName) -> Result<Uuid, Error> {
    let Some(newest) = position::newest(connection, name.log).await? else { return Ok(Uuid::nil()) };
    let now = ctx.now();
    Ok(first_id(made_at(newest).unwrap_or(now).min(now) - LATEST))
}

/// Gives positions, and writes the trees outside as far as they go. A log that cannot be written keeps no other from it.
pub async fn seal(ctx: &Context, actor: Actor, outside: &Arc<Outside>) -> Result<Vec<Sealed>, Error> {
    give_positions(ctx, actor).await?;
    let (mut sealed, mut failed) = (Vec::new(), None);
    for name in logs(ctx) {
        match seal_log(ctx, outside, name).await {
            Ok(head) => sealed.push(Sealed { log: name, head }),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(sealed), Err)
}

async fn seal_log(ctx: &Context, outside: &Arc<Outside>, name: LogName) -> Result<Option<Head>, Error> {
    let (store, _) = data(ctx, name.database)?;
    let folder = outside.of(name);
    let lock = blocking(name, {
        let folder = folder.clone();
        move || folder.lock()
    })
    .await?;
    let mut connection = store.read_primary().await?;
    let known = position::head(&mut connection, name.log).await?;
    let size = position::size(&mut connection, name.log).await?;
    let opened = outside.checkpoint(name)?.transpose().map_err(|error| refused(name, &format!("the checkpoint {error}")))?;
    let written = opened.map(|checkpoint| checkpoint.head);
    let before = written.map_or(0, |head| head.size);
    fits(name, known, written, size)?;
    if size == before && known == written {
        return Ok(written);
    }
    let mut writer = blocking(name, move || Writer::open(folder, lock, before)).await?;
    if written.is_some_and(|head| writer.tiles.head() != head) {
        return Err(refused(name, "the tiles at the right edge do not give the root of the checkpoint"));
    }
    is_same_log(&mut connection, name, &writer).await?;
    let mut next = before;
    while next < size {
        let end = size.min(next + LEAVES);
        let leaves = position::leaves_at(&mut connection, name.log, next..end).await?;
        let leaves = leaves.ok_or_else(|| refused(name, "positions are missing"))?;
        writer = blocking(name, move || writer.add(&leaves)).await?;
        next = end;
    }
    let signer = Arc::clone(outside);
    let head = blocking(name, move || writer.finish(&signer, name)).await?;
    drop(connection);
    let mut transaction = store.begin().await?;
    position::set_head(&mut transaction, name.log, &head).await?;
    transaction.commit().await?;
    Ok(Some(head))
}

/// Nothing is signed over a database or a folder that was set back.
fn fits(name: LogName, known: Option<Head>, written: Option<Head>, size: u64) -> Result<(), Error> {
    let before = written.map_or(0, |head| head.size);
    if let Some(known) = known.filter(|known| known.size > before || (known.size == before && Some(*known) != written)) {
        let size = known.size;
        return Err(refused(name, &format!("the database knows of a checkpoint of {size} rows, and the folder holds another")));
    }
    if size < before {
        return Err(refused(name, &format!("the checkpoint is of {before} rows, and the database has {size}: it was set back")));
    }
    Ok(())
}

/// A database that was set back and has grown again has other rows where the tree ends.
async fn is_same_log(connection: &mut Connection, name: LogName, writer: &Writer) -> Result<(), Error> {
    let end = writer.tiles.size();
    let Some(last) = end.checked_sub(1) else { return Ok(()) };
    let first = last - last % TILE as u64;
    let width = usize::try_from(end - first).map_err(|_| Error::Internal)?;
    let outside = writer.folder.tile(TileAt { level: 0, index: first / TILE as u64, width })?;
    let inside = position::leaves_at(connection, name.log, first..end).await?;
    if outside.is_some() && outside == inside {
        return Ok(());
    }
    Err(refused(name, "the last rows of the checkpoint are not those of the database"))
}

/// Somebody has to look. Logged here, since the job has nobody to tell.
fn refused(name: LogName, why: &str) -> Error {
    tracing::error!(log = name.name(), "no checkpoint is written: {why}");
    Error::Unusable(format!("{name}: no checkpoint is written: {why}. Run `portico audit verify`, and see docs/audit.md"))
}

/// Files are written where nobody waits for them.
async fn blocking<T: Send + 'static>(
    name: LogName,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Error> {
    match spawn_blocking(work).await.map_err(|_| Error::Internal)? {
        Err(StoreError::Tool(why)) => Err(refused(name, &why)),
        done => Ok(done?),
    }
}

/// Writes on at the right edge of a tree. It has the lock.
struct Writer {
    folder: Folder,
    tiles: Tiles,
    _lock: File,
}

impl Writer {
    fn open(folder: Folder, lock: File, size: u64) -> Result<Self, StoreError> {
        let missing = |tile: TileAt| StoreError::Tool(format!("{} is missing, or no tile", tile.path()));
        let tiles = Tiles::resume(size, |tile| folder.tile(tile)?.ok_or_else(|| missing(tile)))?;
        Ok(Self { folder, tiles, _lock: lock })
    }

    /// Full tiles are written as they come: the same leaves give the same tiles, however often.
    fn add(mut self, leaves: &[Hash]) -> Result<Self, StoreError> {
        let mut written = Ok(());
        for leaf in leaves {
            self.tiles.push(*leaf, |tile, hashes| {
                if written.is_ok() {
                    written = self.folder.add_tile(tile, hashes).and_then(|()| self.folder.drop_partial(tile));
                }
            });
        }
        written.map(|()| self)
    }

    /// The head is signed when all that it speaks of is there.
    fn finish(self, outside: &Outside, name: LogName) -> Result<Head, StoreError> {
        for (tile, hashes) in self.tiles.partial() {
            self.folder.add_tile(tile, hashes)?;
        }
        let head = self.tiles.head();
        let checkpoint = Checkpoint { origin: outside.key.origin(name.name()), head };
        self.folder.set_checkpoint(&outside.key.sign(&checkpoint).to_string())?;
        Ok(head)
    }
}

/// Lets a new folder begin, after a backup was restored or when the folder is lost. The old one must have been set aside.
pub async fn begin_again(ctx: &Context, actor: Actor, outside: &Outside) -> Result<(), Error> {
    actor.check(Action::KeepCheckpoints)?;
    for name in logs(ctx) {
        if outside.of(name).checkpoint()?.is_some() {
            let folder = outside.folder.display();
            return Err(Error::Unusable(format!(
                "{folder} holds checkpoints. Set the folder and the key file aside first, and keep them: they show what there was."
            )));
        }
    }
    for name in logs(ctx) {
        let (store, _) = data(ctx, name.database)?;
        let mut transaction = store.begin().await?;
        position::lock(&mut transaction, name.log).await?;
        if let Some(Head { size, root }) = position::head(&mut transaction, name.log).await? {
            position::forget_head(&mut transaction, name.log).await?;
            let detail = serde_json::json!({ "size": size, "root": hex(&root) });
            ctx.audit(&mut transaction, actor, "audit.begin_again", name.name(), detail).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
