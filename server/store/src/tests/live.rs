//! What changed, for pages that are open: nothing of it is missed, whichever transaction is committed first.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use shared::live::ChangeKind;
use shared::office::OfficeCode;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::request_queue::fill;
use crate::engine::{Connection, Engine};
use crate::live::*;
use crate::testing::{TestStore, both, meddle, open};

/// A wait that does not end is told from one that is long.
const LONGEST: Duration = Duration::from_secs(20);

fn office(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

/// Runs every statement once, on a request of which much was noted.
pub async fn run(test: &TestStore, transaction: &mut Connection, request: Uuid) {
    let all = since(transaction, 0, None, 100).await.unwrap();
    let told = |change: &Change| (change.kind, change.office.clone(), change.former_office.clone(), change.request);
    let kinds: BTreeSet<_> = all.iter().map(|change| change.kind.key()).collect();
    assert_eq!(kinds, BTreeSet::from(["moved", "note", "question"]));
    assert_eq!(told(&all[0]), (ChangeKind::Moved, Some(office("NBC")), None, request));
    assert!(all.windows(2).all(|pair| (pair[0].position, pair[0].seq) < (pair[1].position, pair[1].seq)));
    let rest = since(transaction, 0, Some(&all[1]), 2).await.unwrap();
    assert_eq!(rest, all[2..4]);
    let officer = OfficerId(0xb);
    note_beside(transaction, request, ChangeKind::Note, officer, test.clock.now()).await.unwrap();
    let newest = newest(transaction, request).await.unwrap().unwrap();
    assert_eq!((newest.kind, newest.officer), (ChangeKind::Note, Some(officer)));
    assert!(newest.seq > all.last().unwrap().seq);
    let nowhere =
        NewChange { request, office: None, former_office: None, kind: ChangeKind::Moved, version: 9, at: test.clock.now() };
    note(transaction, &nowhere).await.unwrap();
    let before = since(transaction, 0, None, 100).await.unwrap();
    assert_eq!(before.len(), all.len() + 1, "what lies with no office is on nobody's page");
    assert_eq!(forget_before(transaction, test.clock.now() - TimeDelta::days(300)).await.unwrap(), 0);
    assert_eq!(forget_before(transaction, test.clock.now() + TimeDelta::days(300)).await.unwrap(), before.len() as u64);
    assert!(super::super::live::newest(transaction, request).await.unwrap().is_none());
}

async fn change(test: &TestStore, transaction: &mut Connection, request: Uuid) {
    note_beside(transaction, request, ChangeKind::Note, OfficerId(7), test.clock.now()).await.unwrap();
}

/// Reads as a server does: from the last position on, without what it knows.
struct Reading {
    position: i64,
    known: BTreeSet<i64>,
}

impl Reading {
    async fn begin(test: &TestStore) -> Self {
        let position = position(&mut test.store.read_primary().await.unwrap()).await.unwrap();
        Self { position, known: BTreeSet::new() }
    }

    async fn on(&mut self, test: &TestStore) -> Vec<Uuid> {
        let mut connection = test.store.read_primary().await.unwrap();
        let next = position(&mut connection).await.unwrap();
        let mut found = since(&mut connection, self.position, None, 100).await.unwrap();
        found.retain(|change| self.known.insert(change.seq));
        self.position = next;
        found.into_iter().map(|change| change.request).collect()
    }
}

#[tokio::test]
async fn what_is_committed_late_is_read_late_and_each_change_once() {
    for test in both().await {
        let requests = fill(&test, 3).await;
        let mut reading = Reading::begin(&test).await;
        assert_eq!(reading.on(&test).await, Vec::<Uuid>::new(), "what was there before is not new");
        if test.store.engine() == Engine::Postgres {
            // The first to be written is the last to be committed.
            let mut slow = test.store.begin().await.unwrap();
            change(&test, &mut slow, requests[0]).await;
            let mut quick = test.store.begin().await.unwrap();
            change(&test, &mut quick, requests[1]).await;
            assert_eq!(reading.on(&test).await, Vec::<Uuid>::new());
            quick.commit().await.unwrap();
            assert_eq!(reading.on(&test).await, [requests[1]]);
            assert_eq!(reading.on(&test).await, Vec::<Uuid>::new());
            slow.commit().await.unwrap();
            assert_eq!(reading.on(&test).await, [requests[0]]);
        }
        for round in 0..3 {
            let mut transaction = test.store.begin().await.unwrap();
            change(&test, &mut transaction, requests[2]).await;
            transaction.commit().await.unwrap();
            assert_eq!(reading.on(&test).await, [requests[2]], "{round}");
            // Numbers never come again, even when nothing is left.
            let mut transaction = test.store.begin().await.unwrap();
            forget_before(&mut transaction, test.clock.now() + TimeDelta::days(1)).await.unwrap();
            transaction.commit().await.unwrap();
            assert_eq!(reading.on(&test).await, Vec::<Uuid>::new());
        }
        let mut rolled_back = test.store.begin().await.unwrap();
        change(&test, &mut rolled_back, requests[0]).await;
        drop(rolled_back);
        assert_eq!(reading.on(&test).await, Vec::<Uuid>::new());
    }
}

#[tokio::test]
async fn who_waits_on_postgresql_is_woken_also_after_the_connection_was_lost() {
    let test = open(Engine::Postgres).await;
    let requests = fill(&test, 1).await;
    let mut reading = Reading::begin(&test).await;
    let mut listener = Listener::new(&test.store);
    listener.wait().await;
    for is_lost in [false, true, false] {
        if is_lost {
            let other = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";
            assert_eq!(meddle(&test.store, other).await.unwrap(), 1);
        }
        let mut transaction = test.store.begin().await.unwrap();
        change(&test, &mut transaction, requests[0]).await;
        transaction.commit().await.unwrap();
        let found = async {
            loop {
                let found = reading.on(&test).await;
                if !found.is_empty() {
                    return found;
                }
                listener.wait().await;
            }
        };
        assert_eq!(tokio::time::timeout(LONGEST, found).await.unwrap(), requests);
    }
}
