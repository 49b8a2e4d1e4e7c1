//! Statements: declared once, listed for the tests that prepare and run all of them on both engines.

/// Which database a statement belongs to. Partner data will have one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Main,
}

/// One SQL text that runs on both engines.
#[derive(Debug)]
pub struct Statement {
    pub database: Database,
    pub name: &'static str,
    pub sql: &'static str,
}

inventory::collect!(&'static Statement);

/// Every statement of this crate.
pub fn registered() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<&'static Statement>.into_iter().copied()
}

/// Declares statements: `statement! { main, pub(crate) FIND = "SELECT ..." }`.
macro_rules! statement {
    (main, $($name:ident = $sql:expr;)+) => { $(
        static $name: $crate::engine::Statement = $crate::engine::Statement {
            database: $crate::engine::Database::Main,
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
        let done = match $connection.on() {
            $crate::engine::On::Sqlite(connection) => {
                #[cfg(any(test, feature = "testing"))]
                $crate::engine::executed_on($crate::engine::Engine::Sqlite, statement);
                sqlx::query_as::<sqlx::Sqlite, $row>(statement.sql)$(.bind($argument))*.$how(connection).await
            }
            $crate::engine::On::Postgres(connection) => {
                #[cfg(any(test, feature = "testing"))]
                $crate::engine::executed_on($crate::engine::Engine::Postgres, statement);
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
        let done = match $connection.on() {
            $crate::engine::On::Sqlite(connection) => {
                #[cfg(any(test, feature = "testing"))]
                $crate::engine::executed_on($crate::engine::Engine::Sqlite, statement);
                sqlx::query::<sqlx::Sqlite>(statement.sql)$(.bind($argument))*.execute(connection).await.map(|done| done.rows_affected())
            }
            $crate::engine::On::Postgres(connection) => {
                #[cfg(any(test, feature = "testing"))]
                $crate::engine::executed_on($crate::engine::Engine::Postgres, statement);
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
static EXECUTED: std::sync::Mutex<Vec<Executed>> = std::sync::Mutex::new(Vec::new());

#[cfg(any(test, feature = "testing"))]
tokio::task_local! {
    static OF_TASK: std::cell::RefCell<Vec<Executed>>;
}

#[cfg(any(test, feature = "testing"))]
pub(crate) fn executed_on(engine: super::Engine, statement: &'static Statement) {
    let executed = (engine, statement.name);
    #[cfg(test)]
    EXECUTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(executed);
    // Mostly nobody listens.
    let _ = OF_TASK.try_with(|known| known.borrow_mut().push(executed));
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
pub(crate) fn executed() -> Vec<Executed> {
    EXECUTED.lock().unwrap().clone()
}
