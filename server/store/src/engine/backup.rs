//! Online copies of the database: SQLite by `VACUUM INTO`, PostgreSQL by its own `pg_dump` and `pg_restore`, the only tools
//! that promise a consistent copy of every version.

use std::path::Path;
use std::process::Stdio;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, Executor};

use super::{Pools, Store, sqlite};
use crate::StoreError;

impl Store {
    /// Writes a consistent copy of the database to `file`, while others read and write. The file must not exist.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        match &*self.pools {
            Pools::Sqlite { file: source, .. } => {
                let mut connection = sqlite::options(source).connect().await?;
                let target = file.display().to_string().replace('\'', "''");
                connection.execute(AssertSqlSafe(format!("VACUUM INTO '{target}'"))).await?;
                connection.close().await?;
                Ok(())
            }
            Pools::Postgres { address, .. } => {
                run(
                    "pg_dump",
                    &["--format=custom", "--no-owner", "--no-privileges", "--file"],
                    file,
                    &["--dbname", address.expose()],
                )
                .await
            }
        }
    }

    /// Fills an empty database with a copy. The database must have been opened and not migrated.
    pub async fn restore_from(&self, file: &Path) -> Result<(), StoreError> {
        match &*self.pools {
            Pools::Sqlite { file: target, .. } => {
                self.close().await;
                for suffix in ["-wal", "-shm"] {
                    let mut side = target.as_os_str().to_owned();
                    side.push(suffix);
                    match std::fs::remove_file(&side) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                        _ => {}
                    }
                }
                let mut temporary = target.as_os_str().to_owned();
                temporary.push(".restoring");
                std::fs::copy(file, &temporary)?;
                std::fs::File::open(&temporary)?.sync_all()?;
                std::fs::rename(&temporary, target)?;
                Ok(())
            }
            Pools::Postgres { address, .. } => {
                let before =
                    ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname", address.expose()];
                run("pg_restore", &before, file, &[]).await
            }
        }
    }

    /// Whether the database holds no table of ours yet.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let tables: i64 = match &*self.pools {
            Pools::Sqlite { writer, .. } => {
                sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = 'installation'").fetch_one(writer).await?
            }
            Pools::Postgres { writers, .. } => {
                sqlx::query_scalar("SELECT count(*) FROM information_schema.tables WHERE table_name = 'installation'")
                    .fetch_one(writers)
                    .await?
            }
        };
        Ok(tables == 0)
    }
}

/// The password, if any, is in the address and shows in the process list of this machine for a moment; operators who mind
/// use a `.pgpass` file.
async fn run(program: &str, before: &[&str], file: &Path, after: &[&str]) -> Result<(), StoreError> {
    let output =
        tokio::process::Command::new(program).args(before).arg(file).args(after).stdin(Stdio::null()).output().await.map_err(
            |error| StoreError::Tool(format!("{program} could not be started ({error}); install PostgreSQL's client programs")),
        )?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(StoreError::Tool(format!("{program} failed: {}", said.lines().next().unwrap_or("no reason given"))))
}
