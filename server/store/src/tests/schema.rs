//! The two sets of migrations describe the same tables.

use std::collections::BTreeSet;

use crate::engine::{Database, Engine, On};
use crate::testing::{TestStore, both, both_partner, meddle, open, open_partner};

type Column = (String, String, bool);

async fn columns(test: TestStore) -> BTreeSet<Column> {
    let mut connection = test.store.read().await.unwrap();
    let rows: Vec<(String, String, bool)> = match connection.on() {
        On::Sqlite(connection) => {
            let sql = "SELECT tables.name, columns.name, columns.\"notnull\" FROM sqlite_master AS tables \
                       JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%'";
            sqlx::query_as(sql).fetch_all(connection).await.unwrap()
        }
        On::Postgres(connection) => {
            let sql = "SELECT table_name::TEXT, column_name::TEXT, is_nullable = 'NO' FROM information_schema.columns \
                       WHERE table_schema = 'public'";
            sqlx::query_as(sql).fetch_all(connection).await.unwrap()
        }
    };
    // SQLite keeps a full-text index in tables, PostgreSQL in an index.
    let is_table = |table: &str| !table.starts_with("_sqlx") && !table.starts_with("request_text_index");
    rows.into_iter().filter(|(table, ..)| is_table(table)).collect()
}

#[tokio::test]
async fn tables_and_columns_are_the_same_on_both_engines() {
    let sqlite = columns(open(Engine::Sqlite).await).await;
    assert!(sqlite.len() > 50);
    assert_eq!(sqlite, columns(open(Engine::Postgres).await).await);
    let sqlite = columns(open_partner(Engine::Sqlite).await).await;
    assert!(sqlite.len() > 50);
    assert_eq!(sqlite, columns(open_partner(Engine::Postgres).await).await);
}

#[test]
fn migrations_have_equal_names() {
    let names = |database: &str, engine: &str| -> BTreeSet<String> {
        let folder = format!("{}/migrations/{database}/{engine}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    };
    for database in ["main", "partner"] {
        assert_eq!(names(database, "sqlite"), names(database, "postgres"));
    }
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    for test in both().await.into_iter().chain(both_partner().await) {
        test.store.migrate().await.unwrap();
        assert!(!test.store.is_empty().await.unwrap());
    }
}

#[tokio::test]
async fn a_foreign_postgres_needs_verified_tls_and_other_addresses_are_refused() {
    for address in
        ["mysql://x", "", "sqlite:", "postgres://portico@db.example/portico", "postgres://portico@db.example/p?sslmode=require"]
    {
        assert!(crate::Store::open(address, None).await.is_err(), "{address}");
    }
}

#[tokio::test]
async fn tables_of_an_earlier_release_are_told_apart() {
    for test in both().await.into_iter().chain(both_partner().await) {
        assert!(test.store.is_up_to_date().await.unwrap());
        let newest = "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
        assert_eq!(meddle(&test.store, newest).await.unwrap(), 1);
        assert!(!test.store.is_up_to_date().await.unwrap());
    }
}

/// The same tables stand for the same things in both databases, so that one statement serves both.
#[tokio::test]
async fn tables_of_both_databases_have_the_same_columns() {
    let main = columns(open(Engine::Sqlite).await).await;
    let partner = columns(open_partner(Engine::Sqlite).await).await;
    let shared = [
        "data_key",
        "installation",
        "audit_entry",
        "disclosure",
        "disclosure_outcome",
        "correction_notice",
        "correction_confirmation",
        "log_position",
        "log_head",
    ];
    for table in shared {
        let of =
            |columns: &BTreeSet<Column>| -> Vec<Column> { columns.iter().filter(|(name, ..)| name == table).cloned().collect() };
        assert!(!of(&main).is_empty(), "{table}");
        assert_eq!(of(&main), of(&partner));
    }
}

#[tokio::test]
async fn a_statement_of_one_database_does_not_run_on_the_other() {
    let test = open_partner(Engine::Sqlite).await;
    assert_eq!(test.store.database(), Database::Partner);
    let running = tokio::spawn(async move {
        let mut connection = test.store.read().await.unwrap();
        crate::installation::has_cases(&mut connection).await
    });
    assert!(running.await.unwrap_err().is_panic());
}
