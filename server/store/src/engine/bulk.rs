//! Many rows or many keys in one statement. The text is built, since its length depends on the rows.

use std::iter::Peekable;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::query::Query;
use sqlx::query_builder::QueryBuilder;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, PgConnection, Postgres, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::{Connection, On};
use crate::StoreError;

/// Rows in one statement. SQLite binds at most 32,766 values, PostgreSQL 65,535.
pub(crate) const IN_ONE_STATEMENT: usize = 500;

/// A value of a row.
#[derive(Debug, Clone)]
pub(crate) enum Bulk {
    Id(Uuid),
    OptionalId(Option<Uuid>),
    Text(String),
    OptionalText(Option<String>),
    Number(i64),
    Bytes(Vec<u8>),
    OptionalBytes(Option<Vec<u8>>),
    At(DateTime<Utc>),
}

/// `head VALUES (...), (...) tail`, in as many statements as the rows need, or what does the same. Gives the number of rows it
/// touched. `tail` finds the values as `column1`, `column2` and so on.
pub(crate) async fn write_rows<R>(
    connection: &mut Connection,
    head: &'static str,
    rows: R,
    tail: &'static str,
) -> Result<u64, StoreError>
where
    R: IntoIterator<Item = Vec<Bulk>, IntoIter: Send>,
{
    let mut rows = rows.into_iter().peekable();
    let Some(columns) = rows.peek().map(Vec::len) else { return Ok(0) };
    match connection.on() {
        On::Sqlite(connection) => Values { head, tail, columns }.write(connection, rows).await,
        On::Postgres(connection) => write_arrays(connection, head, rows, tail).await,
    }
}

/// Lists of values.
struct Values {
    head: &'static str,
    tail: &'static str,
    columns: usize,
}

impl Values {
    async fn write(&self, connection: &mut SqliteConnection, mut rows: impl Iterator<Item = Vec<Bulk>>) -> Result<u64, StoreError> {
        let whole: Arc<str> = self.text(IN_ONE_STATEMENT).into();
        let mut touched = 0;
        let mut next = self.some(&mut rows, &whole)?;
        while let Some(statement) = next {
            // SQLite works on a thread of its own: meanwhile the next rows are made ready.
            let (done, ready) = tokio::join!(statement.execute(&mut *connection), async { self.some(&mut rows, &whole) });
            touched += done?.rows_affected();
            next = ready?;
        }
        Ok(touched)
    }

    /// The statement that writes the next rows.
    fn some(
        &self,
        rows: &mut impl Iterator<Item = Vec<Bulk>>,
        whole: &Arc<str>,
    ) -> Result<Option<Query<'static, Sqlite, SqliteArguments>>, StoreError> {
        let rows: Vec<Vec<Bulk>> = rows.take(IN_ONE_STATEMENT).collect();
        if rows.is_empty() {
            return Ok(None);
        }
        // The same text comes again and again: worth keeping its plan. The rest's length may never come again.
        let is_whole = rows.len() == IN_ONE_STATEMENT;
        let text = if is_whole { Arc::clone(whole) } else { self.text(rows.len()).into() };
        let mut arguments = SqliteArguments::default();
        arguments.reserve(rows.len() * self.columns, 0);
        for value in rows.into_iter().flatten() {
            match value {
                Bulk::Id(id) => arguments.add(id),
                Bulk::OptionalId(id) => arguments.add(id),
                Bulk::Text(text) => arguments.add(text),
                Bulk::OptionalText(text) => arguments.add(text),
                Bulk::Number(number) => arguments.add(number),
                Bulk::Bytes(bytes) => arguments.add(bytes),
                Bulk::OptionalBytes(bytes) => arguments.add(bytes),
                Bulk::At(at) => arguments.add(at),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        // Words of this program and question marks, nothing else.
        Ok(Some(sqlx::query_with(AssertSqlSafe(text), arguments).persistent(is_whole)))
    }

    fn text(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns].join(","));
        format!("{}VALUES {}{}", self.head, vec![row; rows].join(","), self.tail)
    }
}

/// The values of all rows in one column.
enum Column {
    Ids(Vec<Option<Uuid>>),
    Texts(Vec<Option<String>>),
    Numbers(Vec<i64>),
    Bytes(Vec<Option<Vec<u8>>>),
    Ats(Vec<DateTime<Utc>>),
}

impl Column {
    fn of(first: &Bulk) -> Self {
        match first {
            Bulk::Id(_) | Bulk::OptionalId(_) => Self::Ids(Vec::new()),
            Bulk::Text(_) | Bulk::OptionalText(_) => Self::Texts(Vec::new()),
            Bulk::Number(_) => Self::Numbers(Vec::new()),
            Bulk::Bytes(_) | Bulk::OptionalBytes(_) => Self::Bytes(Vec::new()),
            Bulk::At(_) => Self::Ats(Vec::new()),
        }
    }

    fn push(&mut self, value: Bulk) -> Result<(), StoreError> {
        match (self, value) {
            (Self::Ids(column), Bulk::Id(id)) => column.push(Some(id)),
            (Self::Ids(column), Bulk::OptionalId(id)) => column.push(id),
            (Self::Texts(column), Bulk::Text(text)) => column.push(Some(text)),
            (Self::Texts(column), Bulk::OptionalText(text)) => column.push(text),
            (Self::Numbers(column), Bulk::Number(number)) => column.push(number),
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
    mut rows: Peekable<impl Iterator<Item = Vec<Bulk>>>,
    tail: &'static str,
) -> Result<u64, StoreError> {
    let mut columns: Vec<Column> = rows.peek().into_iter().flatten().map(Column::of).collect();
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
            Column::Numbers(numbers) => arrays.push_bind(numbers),
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
