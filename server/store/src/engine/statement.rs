//! Statements: declared once, listed for the tests that prepare and run all of them on both engines.

/// Which database is open. What partner countries ask and are told is sequestered in one of its own (PIA-060(a)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Database {
    Main,
    Partner,
}

impl Database {
    pub const ALL: [Self; 2] = [Self::Main, Self::Partner];
}

/// Where a statement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    On(Database),
    /// On tables that both databases have: keys, the audit log, disclosures.
    OnEach,
}

impl Runs {
    pub fn on(self, database: Database) -> bool {
        self == Self::OnEach || self == Self::On(database)
    }
}

/// One SQL text that runs on both engines.
#[derive(Debug)]
pub struct Statement {
    pub runs: Runs,
    pub name: &'static str,
    pub sql: &'static str,
}

inventory::collect!(&'static Statement);

/// Every statement of this crate.
pub fn registered() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<&'static Statement>.into_iter().copied()
}

/// Declares statements, with the database that they run on (`main`, `partner`) or `each`:
/// `statement! { main, FIND = "SELECT ..."; }`.
macro_rules! statement {
    (main, $($name:ident = $sql:expr;)+) => {
        $crate::engine::statement!(@ $crate::engine::Runs::On($crate::engine::Database::Main), $($name = $sql;)+);
    };
    (partner, $($name:ident = $sql:expr;)+) => {
        $crate::engine::statement!(@ $crate::engine::Runs::On($crate::engine::Database::Partner), $($name = $sql;)+);
    };
    (each, $($name:ident = $sql:expr;)+) => {
        $crate::engine::statement!(@ $crate::engine::Runs::OnEach, $($name = $sql;)+);
    };
    (@ $runs:expr, $($name:ident = $sql:expr;)+) => { $(
        static $name: $crate::engine::Statement = $crate::engine::Statement {
            runs: $runs,
            name: concat!(module_path!(), "::", stringify!($name)),
            sql: $sql,
        };
        inventory::submit! { &$name }
    )+ };
}

/// Runs a statement and maps its rows: `fetch!(connection, fetch_optional, RowType, &FIND, argument, ...)`.
macro_rules! fetch {
    ($connection:expr, $how:ident, $row:ty, $statement:expr $(, $argument:expr)* $(,)?) => {{
        let statement: &'static $crate::engine::Statement = $statement;
        #[cfg(any(test, feature = "testing"))]
        $crate::engine::executed_on($connection.engine(), $connection.database(), statement);
        let done = match $connection.on() {
            $crate::engine::On::Sqlite(connection) => {
                sqlx::query_as::<sqlx::Sqlite, $row>(statement.sql)$(.bind($argument))*.$how(connection).await
            }
            $crate::engine::On::Postgres(connection) => {
                sqlx::query_as::<sqlx::Postgres, $row>(statement.sql)$(.bind($argument))*.$how(connection).await
            }
        };
        if done.is_err() {
            $connection.doubt();
        }
        done
    }};
}

/// Runs a statement for its effect and gives the number of rows it touched.
macro_rules! execute {
    ($connection:expr, $statement:expr $(, $argument:expr)* $(,)?) => {{
        let statement: &'static $crate::engine::Statement = $statement;
        #[cfg(any(test, feature = "testing"))]
        $crate::engine::executed_on($connection.engine(), $connection.database(), statement);
        let done = match $connection.on() {
            $crate::engine::On::Sqlite(connection) => {
                sqlx::query::<sqlx::Sqlite>(statement.sql)$(.bind($argument))*.execute(connection).await.map(|done| done.rows_affected())
            }
            $crate::engine::On::Postgres(connection) => {
                sqlx::query::<sqlx::Postgres>(statement.sql)$(.bind($argument))*.execute(connection).await.map(|done| done.rows_affected())
            }
        };
        if done.is_err() {
            $connection.doubt();
        }
        done
    }};
}

pub(crate) use {execute, fetch, statement};

/// A statement that ran, and where.
#[cfg(any(test, feature = "testing"))]
pub type Executed = (super::Engine, &'static str);

#[cfg(test)]
static EXECUTED: std::sync::Mutex<Vec<(super::Engine, Database, &'static str)>> = std::sync::Mutex::new(Vec::new());

#[cfg(any(test, feature = "testing"))]
tokio::task_local! {
    static OF_TASK: std::cell::RefCell<Vec<Executed>>;
}

/// Notes that a statement is about to run.
///
/// # Panics
/// When the statement is of another database.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn executed_on(engine: super::Engine, database: Database, statement: &'static Statement) {
    assert!(statement.runs.on(database), "{} does not run on the database {database:?}", statement.name);
    #[cfg(test)]
    EXECUTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((engine, database, statement.name));
    // Mostly nobody listens.
    let _ = OF_TASK.try_with(|known| known.borrow_mut().push((engine, statement.name)));
}

/// What a future gives, and the statements that it runs, in their order.
#[cfg(any(test, feature = "testing"))]
pub fn executed_by<'a, T>(
    future: impl Future<Output = T> + 'a,
) -> std::pin::Pin<Box<dyn Future<Output = (T, Vec<Executed>)> + 'a>> {
    let run = async {
        let given = future.await;
        (given, OF_TASK.with(std::cell::RefCell::take))
    };
    Box::pin(OF_TASK.scope(std::cell::RefCell::default(), run))
}

/// What ran in this process so far.
#[cfg(test)]
pub(crate) fn executed() -> Vec<(super::Engine, Database, &'static str)> {
    EXECUTED.lock().unwrap().clone()
}
