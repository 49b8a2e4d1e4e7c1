//! Many rows or many keys in one statement. The text is built, since its length depends on the rows.

use chrono::{DateTime, Utc};
use sqlx::query_builder::QueryBuilder;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection};
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

/// `head VALUES (...), (...) tail`, in as many statements as the rows need, or what does the same. Gives the number of rows it
/// touched. `tail` finds the values as `column1`, `column2` and so on.
pub(crate) async fn write_rows(
    connection: &mut Connection,
    head: &'static str,
    rows: Vec<Vec<Bulk>>,
    tail: &'static str,
) -> Result<u64, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    match connection.on() {
        On::Sqlite(connection) => write_values(connection, head, rows, tail).await,
        On::Postgres(connection) => write_arrays(connection, head, rows, tail).await,
    }
}

async fn write_values(
    connection: &mut SqliteConnection,
    head: &'static str,
    rows: Vec<Vec<Bulk>>,
    tail: &'static str,
) -> Result<u64, StoreError> {
    let mut touched = 0;
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        // The same text comes again and again: worth keeping its plan. The rest's length may never come again.
        let is_whole = rows.len() >= IN_ONE_STATEMENT;
        let mut builder = QueryBuilder::<Sqlite>::new(head);
        builder.push_values(rows.by_ref().take(IN_ONE_STATEMENT), |mut values, row| {
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
        builder.push(tail);
        touched += builder.build().persistent(is_whole).execute(&mut *connection).await?.rows_affected();
    }
    Ok(touched)
}

/// The values of all rows in one column.
enum Column {
    Ids(Vec<Uuid>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Ats(Vec<DateTime<Utc>>),
}

impl Column {
    fn of(first: &Bulk) -> Self {
        match first {
            Bulk::Id(_) => Self::Ids(Vec::new()),
            Bulk::Text(_) | Bulk::OptionalText(_) => Self::Texts(Vec::new()),
            Bulk::Bytes(_) | Bulk::OptionalBytes(_) => Self::Bytes(Vec::new()),
            Bulk::At(_) => Self::Ats(Vec::new()),
        }
    }

    fn push(&mut self, value: Bulk) -> Result<(), StoreError> {
        match (self, value) {
            (Self::Ids(column), Bulk::Id(id)) => column.push(id),
            (Self::Texts(column), Bulk::Text(text)) => column.push(Some(text)),
            (Self::Texts(column), Bulk::OptionalText(text)) => column.push(text),
            (Self::Bytes(column), Bulk::Bytes(bytes)) => column.push(Some(bytes)),
            (Self::Bytes(column), Bulk::OptionalBytes(bytes)) => column.push(bytes),
            (Self::Ats(column), Bulk::At(at)) => column.push(at),
            _ => return Err(StoreError::inconsistent("rows", "values of one column")),
        }
        Ok(())
    }
}

/// One array for each column, in one statement however many rows there are: more than twice as fast as a list of values.
async fn write_arrays(
    connection: &mut PgConnection,
    head: &'static str,
    rows: Vec<Vec<Bulk>>,
    tail: &'static str,
) -> Result<u64, StoreError> {
    let mut columns: Vec<Column> = rows.first().into_iter().flatten().map(Column::of).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value)?;
        }
    }
    let names: Vec<String> = (1..=columns.len()).map(|number| format!("column{number}")).collect();
    let mut builder = QueryBuilder::<Postgres>::new(head);
    builder.push("SELECT * FROM unnest(");
    let mut arrays = builder.separated(", ");
    for column in columns {
        match column {
            Column::Ids(ids) => arrays.push_bind(ids),
            Column::Texts(texts) => arrays.push_bind(texts),
            Column::Bytes(bytes) => arrays.push_bind(bytes),
            Column::Ats(ats) => arrays.push_bind(ats),
        };
    }
    builder.push(format!(") AS given ({})", names.join(", "))).push(tail);
    Ok(builder.build().execute(connection).await?.rows_affected())
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
