//! PostgreSQL 15 and later, with verified TLS unless it runs on this machine.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgListener, PgSslMode};
use sqlx::{PgConnection, PgPool, Postgres, Row};

use super::readers::{self, Readers};
use super::{Database, pool_options};
use crate::StoreError;

static MAIN: Migrator = sqlx::migrate!("migrations/main/postgres");
static PARTNER: Migrator = sqlx::migrate!("migrations/partner/postgres");
const WRITERS: u32 = 8;
const READERS: usize = 16;
const WAIT: Duration = Duration::from_secs(10);
const OLDEST: i32 = 150_000;

pub(super) const fn migrations(database: Database) -> &'static Migrator {
    match database {
        Database::Main => &MAIN,
        Database::Partner => &PARTNER,
    }
}

/// Connections for what is written.
pub(super) async fn open(address: &str) -> Result<PgPool, StoreError> {
    let pool = pool_options::<Postgres>().max_connections(WRITERS).acquire_timeout(WAIT).connect_with(options(address)?).await?;
    let version: String = sqlx::query("SHOW server_version_num").fetch_one(&pool).await?.try_get(0)?;
    if version.parse::<i32>().unwrap_or(0) < OLDEST {
        return Err(StoreError::Address("names a PostgreSQL older than 15"));
    }
    Ok(pool)
}

pub(super) fn open_readers(address: &str) -> Result<Readers<PgConnection>, StoreError> {
    Ok(readers::open(options(address)?, READERS)?)
}

/// A connection that hears what is told on a channel. It is of a pool of its own: it is never given back.
pub(super) async fn listen(address: &str, channel: &str) -> Result<PgListener, StoreError> {
    let pool = pool_options::<Postgres>().max_connections(1).acquire_timeout(WAIT).connect_lazy_with(options(address)?);
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(channel).await?;
    Ok(listener)
}

fn options(address: &str) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(address)?;
    if !is_local(&options) && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
        return Err(StoreError::Address("of a PostgreSQL on another machine needs ?sslmode=verify-full"));
    }
    Ok(options.application_name("portico"))
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let by_address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    options.get_socket().is_some() || host == "localhost" || host.starts_with('/') || by_address
}
