use crate::engine::{Engine, On};
use crate::installation;
use crate::testing::open;

/// A database that restarts, or a firewall, cuts connections off: the one request that notices fails, and no other.
#[tokio::test]
async fn a_connection_that_was_cut_off_is_replaced() {
    let test = open(Engine::Postgres).await;
    installation::demo_day(&mut test.store.read().await.unwrap()).await.unwrap();

    let mut transaction = test.store.begin().await.unwrap();
    let On::Postgres(connection) = transaction.on() else { panic!("this is PostgreSQL") };
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let ended: i64 = sqlx::query_scalar(cut).fetch_one(connection).await.unwrap();
    assert!(ended > 0);
    drop(transaction);

    assert!(installation::demo_day(&mut test.store.read().await.unwrap()).await.is_err());
    for _ in 0..3 {
        installation::demo_day(&mut test.store.read().await.unwrap()).await.unwrap();
    }
}
