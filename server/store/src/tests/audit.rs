use crate::audit::{self, AuditEntry};
use crate::engine::{Engine, On};
use crate::testing::{TestStore, both};

fn entry(test: &TestStore, detail: &str) -> AuditEntry {
    AuditEntry {
        id: test.clock.new_id(),
        occurred_at: test.clock.now(),
        actor: "operator".into(),
        action: "case_feed.import".into(),
        subject: "file".into(),
        detail: detail.into(),
    }
}

#[tokio::test]
async fn entries_come_back_whole_and_their_leaf_hash_is_rfc_9162s() {
    for test in both().await {
        let written = entry(&test, "{\"events\":3}");
        let mut transaction = test.store.begin().await.unwrap();
        audit::append(&mut transaction, &written).await.unwrap();
        transaction.commit().await.unwrap();

        let mut connection = test.store.read().await.unwrap();
        assert_eq!(audit::by_action(&mut connection, "case_feed.import").await.unwrap(), vec![written.clone()]);
        let leaves = audit::leaves(&mut connection).await.unwrap();
        assert_eq!(leaves[0].0, written.canonical());
        assert_eq!(leaves[0].1, crate::crypto::sha256(&[[0].as_slice(), &leaves[0].0].concat()));
    }
}

#[tokio::test]
async fn an_act_that_is_rolled_back_leaves_no_entry() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        audit::append(&mut transaction, &entry(&test, "{}")).await.unwrap();
        drop(transaction);
        let mut connection = test.store.read_primary().await.unwrap();
        assert!(audit::leaves(&mut connection).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn entries_can_neither_be_changed_nor_deleted() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        audit::append(&mut transaction, &entry(&test, "{}")).await.unwrap();
        transaction.commit().await.unwrap();
        let mut attempts = vec!["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"];
        if test.store.engine() == Engine::Postgres {
            attempts.push("TRUNCATE audit_entry");
        }
        for attempt in attempts {
            let mut connection = test.store.begin().await.unwrap();
            let refused = match connection.on() {
                On::Sqlite(connection) => sqlx::query(attempt).execute(connection).await.is_err(),
                On::Postgres(connection) => sqlx::query(attempt).execute(connection).await.is_err(),
            };
            assert!(refused, "{attempt}");
        }
    }
}
