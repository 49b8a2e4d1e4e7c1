//! PostgreSQL 15 and later, with verified TLS unless it runs on this machine.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{Connection, PgPool, Row};

use crate::StoreError;

const CONNECTIONS: u32 = 16;
const OLDEST: i32 = 150_000;

pub(super) async fn open(address: &str) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(address)?;
    if !is_local(&options) && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
        return Err(StoreError::Address("of a PostgreSQL on another machine needs ?sslmode=verify-full"));
    }
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(10))
        // Trying a connection costs as much as a look-up: only one that was idle for a while is tried before use.
        .test_before_acquire(false)
        .before_acquire(|connection, state| {
            Box::pin(async move {
                if state.idle_for > Duration::from_secs(1) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options.application_name("portico"))
        .await?;
    let version: String = sqlx::query("SHOW server_version_num").fetch_one(&pool).await?.try_get(0)?;
    if version.parse::<i32>().unwrap_or(0) < OLDEST {
        return Err(StoreError::Address("names a PostgreSQL older than 15"));
    }
    Ok(pool)
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let by_address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    options.get_socket().is_some() || host == "localhost" || host.starts_with('/') || by_address
}
