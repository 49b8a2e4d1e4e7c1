//! Many rows or many keys in one statement. The text is built, since its length depends on the rows; it is the same on both
//! engines.

use chrono::{DateTime, Utc};
use sqlx::query_builder::QueryBuilder;
use sqlx::{Postgres, Sqlite};
use uuid::Uuid;

use super::{Connection, On};
use crate::StoreError;

/// Rows in one statement. SQLite binds at most 32,766 values, PostgreSQL 65,535.
pub(crate) const IN_ONE_STATEMENT: usize = 500;

/// A value of a row.
#[derive(Debug, Clone)]
pub(crate) enum Bulk {
    Id(Uuid),
    Text(String),
    OptionalText(Option<String>),
    Bytes(Vec<u8>),
    OptionalBytes(Option<Vec<u8>>),
    At(DateTime<Utc>),
}

macro_rules! push_rows {
    ($database:ty, $connection:expr, $head:expr, $rows:expr, $tail:expr) => {{
        let mut builder = QueryBuilder::<$database>::new($head);
        builder.push_values($rows, |mut values, row| {
            for value in row {
                match value {
                    Bulk::Id(id) => values.push_bind(id),
                    Bulk::Text(text) => values.push_bind(text),
                    Bulk::OptionalText(text) => values.push_bind(text),
                    Bulk::Bytes(bytes) => values.push_bind(bytes),
                    Bulk::OptionalBytes(bytes) => values.push_bind(bytes),
                    Bulk::At(at) => values.push_bind(at),
                };
            }
        });
        builder.push($tail);
        builder.build().persistent(false).execute($connection).await?
    }};
}

/// `head VALUES (...), (...) tail`, in as many statements as the rows need. Gives the number of rows it touched.
pub(crate) async fn write_rows(
    connection: &mut Connection,
    head: &'static str,
    rows: Vec<Vec<Bulk>>,
    tail: &'static str,
) -> Result<u64, StoreError> {
    let mut touched = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(IN_ONE_STATEMENT);
        match connection.on() {
            On::Sqlite(connection) => {
                touched += push_rows!(Sqlite, connection, head, chunk, tail).rows_affected();
            }
            On::Postgres(connection) => {
                touched += push_rows!(Postgres, connection, head, chunk, tail).rows_affected();
            }
        }
    }
    Ok(touched)
}

/// Runs `head (key, key, ...) tail` for all keys and gathers the rows.
macro_rules! fetch_in {
    ($connection:expr, $row:ty, $head:expr, $keys:expr, $tail:expr) => {{
        let mut found: Vec<$row> = Vec::new();
        for chunk in $keys.chunks($crate::engine::IN_ONE_STATEMENT) {
            match $connection.on() {
                $crate::engine::On::Sqlite(connection) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Sqlite>::new($head);
                    builder.push_tuples(chunk.iter(), |mut tuple, key| {
                        tuple.push_bind(key.clone());
                    });
                    builder.push($tail);
                    found.extend(builder.build_query_as::<$row>().persistent(false).fetch_all(connection).await?);
                }
                $crate::engine::On::Postgres(connection) => {
                    let mut builder = sqlx::QueryBuilder::<sqlx::Postgres>::new($head);
                    builder.push_tuples(chunk.iter(), |mut tuple, key| {
                        tuple.push_bind(key.clone());
                    });
                    builder.push($tail);
                    found.extend(builder.build_query_as::<$row>().persistent(false).fetch_all(connection).await?);
                }
            }
        }
        found
    }};
}
pub(crate) use fetch_in;
