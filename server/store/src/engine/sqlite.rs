//! SQLite: WAL, one writer that waits its turn, a pool of readers that cannot write.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::StoreError;

const READERS: u32 = 8;
/// Longer than any batch of an import; a writer of another process waits this long before it gives up.
const BUSY: Duration = Duration::from_secs(10);

pub(super) async fn open(path: &str) -> Result<(PathBuf, SqlitePool, SqlitePool), StoreError> {
    if path.is_empty() || path.contains('?') {
        return Err(StoreError::Address("sqlite: must be followed by the path of a file"));
    }
    let file = PathBuf::from(path);
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(BUSY)
        .connect_with(options(&file).create_if_missing(true).journal_mode(SqliteJournalMode::Wal))
        .await?;
    let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options(&file).read_only(true)).await?;
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
