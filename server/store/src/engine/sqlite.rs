//! SQLite: WAL, one writer that waits its turn, a pool of readers that cannot write.

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Sqlite, SqliteConnection, SqlitePool};

use super::readers::{self, Readers};
use super::{Database, pool_options};
use crate::StoreError;

static MAIN: Migrator = sqlx::migrate!("migrations/main/sqlite");
static PARTNER: Migrator = sqlx::migrate!("migrations/partner/sqlite");
const READERS: usize = 4;
/// Longer than any batch of an import; a writer of another process waits this long before it gives up.
const BUSY: Duration = Duration::from_secs(10);

pub(super) const fn migrations(database: Database) -> &'static Migrator {
    match database {
        Database::Main => &MAIN,
        Database::Partner => &PARTNER,
    }
}

pub(super) async fn open(path: &str) -> Result<(PathBuf, SqlitePool, Readers<SqliteConnection>), StoreError> {
    if path.is_empty() || path.contains('?') {
        return Err(StoreError::Address("sqlite: must be followed by the path of a file"));
    }
    let file = PathBuf::from(path);
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    // For the owner only, before anything is in it; the files beside it take over its mode.
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    let writer = pool_options::<Sqlite>()
        .max_connections(1)
        .acquire_timeout(BUSY)
        // There is no wire that could have been cut.
        .test_before_acquire(false)
        .connect_with(options(&file).journal_mode(SqliteJournalMode::Wal))
        .await?;
    let readers = readers::open(options(&file).read_only(true), READERS)?;
    Ok((file, writer, readers))
}

/// FULL: an acknowledged commit survives a power cut. Temporary data stays in memory, so that nothing decrypted is spilled.
pub(super) fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-4000")
        .statement_cache_capacity(64)
}

/// Waits until no other process migrates. The lock is on a file of its own: SQLite's locks on the database would end when
/// any other handle on it is closed.
pub(super) async fn lock_migrations(file: &Path) -> Result<std::fs::File, StoreError> {
    let path = file.with_extension("migrating");
    let locked = tokio::task::spawn_blocking(move || {
        let lock = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
        lock.lock().map(|()| lock)
    });
    Ok(locked.await.map_err(std::io::Error::other)??)
}
