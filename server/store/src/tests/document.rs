//! Documents: their limit, their way from a draft to a request, and that no object is lost from sight.

use chrono::TimeDelta;
use shared::case_status::ReceiptNumber;
use shared::document::{DocumentKind, FileName, MOST_DOCUMENTS, ScanState};
use uuid::Uuid;

use super::{line, take_in_lines};
use crate::crypto::{hex, sha256};
use crate::document::{self, File, NewDocument};
use crate::engine::On;
use crate::testing::{TestStore, both};
use crate::{StoreError, case_feed};

const NUMBER: &str = "EAC9999103403";
const NAME: &str = "Xiomara Quimbaya passport.pdf";
const CONTENT: &[u8] = b"%PDF-1.7 of Xiomara Quimbaya";

async fn case(test: &TestStore) -> Uuid {
    take_in_lines(test, &[line("e1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
    let mut connection = test.store.read().await.unwrap();
    case_feed::case_id(&mut connection, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap().unwrap()
}

/// A document that would be added, and its object.
async fn new(test: &TestStore, case: Uuid, holder: Uuid) -> (NewDocument, Vec<u8>) {
    let (id, now) = (test.clock.new_id(), test.clock.now());
    let file = File { name: &FileName::parse(NAME), sha256: sha256(CONTENT), content: CONTENT };
    let mut connection = test.store.read_primary().await.unwrap();
    let sealed = document::seal(&mut connection, &test.keys, case, id, &file).await.unwrap().unwrap();
    let new = NewDocument {
        id,
        holder,
        case,
        name: sealed.name,
        kind: DocumentKind::Pdf,
        bytes: 28,
        sha256: sealed.sha256,
        scan: ScanState::NotScanned,
        object_key: test.clock.new_id(),
        created_at: now,
        expires_at: Some(now + TimeDelta::days(7)),
    };
    (new, sealed.content)
}

async fn add(test: &TestStore, case: Uuid, holder: Uuid) -> bool {
    let (new, _) = new(test, case, holder).await;
    let mut transaction = test.store.begin().await.unwrap();
    let added = document::add(&mut transaction, &new).await.unwrap();
    transaction.commit().await.unwrap();
    added
}

async fn names(test: &TestStore, holder: Uuid) -> Vec<String> {
    let mut connection = test.store.read_primary().await.unwrap();
    let documents = document::of_holder(&mut connection, &test.keys, holder).await.unwrap();
    documents.into_iter().map(|view| view.name.as_str().to_owned()).collect()
}

#[tokio::test]
async fn a_document_opens_with_its_case_and_in_its_own_place_only() {
    for test in both().await {
        let (case, holder) = (case(&test).await, test.clock.new_id());
        let (first, object) = new(&test, case, holder).await;
        let (second, other_object) = new(&test, case, holder).await;
        let mut transaction = test.store.begin().await.unwrap();
        assert!(document::add(&mut transaction, &first).await.unwrap());
        assert!(document::add(&mut transaction, &second).await.unwrap());
        transaction.commit().await.unwrap();

        let mut connection = test.store.read_primary().await.unwrap();
        let found = document::find(&mut connection, &test.keys, first.id).await.unwrap().unwrap();
        assert_eq!((found.view.name.as_str(), found.view.kind, found.view.bytes), (NAME, DocumentKind::Pdf, 28));
        assert_eq!((found.view.sha256.as_str(), found.view.scan), (hex(&sha256(CONTENT)).as_str(), ScanState::NotScanned));
        assert_eq!(found.object_key, first.object_key);
        assert_eq!(found.open(&object).unwrap(), CONTENT);
        assert!(found.open(&other_object).is_err());
        let views = document::of_holder(&mut connection, &test.keys, holder).await.unwrap();
        assert_eq!(views.iter().map(|view| view.id).collect::<Vec<_>>(), [first.id, second.id]);
        assert!(document::find(&mut connection, &test.keys, holder).await.unwrap().is_none());
        drop(connection);

        destroy_key(&test, case).await;
        let mut connection = test.store.read_primary().await.unwrap();
        assert!(document::find(&mut connection, &test.keys, first.id).await.unwrap().is_none());
        assert!(document::of_holder(&mut connection, &test.keys, holder).await.unwrap().is_empty());
        let file = File { name: &FileName::parse(NAME), sha256: [0; 32], content: CONTENT };
        assert!(document::seal(&mut connection, &test.keys, case, holder, &file).await.unwrap().is_none());
    }
}

async fn destroy_key(test: &TestStore, case: Uuid) {
    let sql = "DELETE FROM data_key WHERE id = (SELECT data_key_id FROM case_record WHERE id = $1)";
    let mut transaction = test.store.begin().await.unwrap();
    let deleted = match transaction.on() {
        On::Sqlite(connection) => sqlx::query(sql).bind(case).execute(connection).await.unwrap().rows_affected(),
        On::Postgres(connection) => sqlx::query(sql).bind(case).execute(connection).await.unwrap().rows_affected(),
    };
    assert_eq!(deleted, 1);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn however_many_come_at_once_a_holder_has_five() {
    for test in both().await {
        let (case, holder) = (case(&test).await, test.clock.new_id());
        let one = || add(&test, case, holder);
        let (first, second, third, fourth) = tokio::join!(one(), one(), one(), one());
        let (fifth, sixth, seventh, eighth) = tokio::join!(one(), one(), one(), one());
        let all = [first, second, third, fourth, fifth, sixth, seventh, eighth];
        let added = all.into_iter().filter(|added| *added).count();
        assert_eq!((added, names(&test, holder).await.len()), (MOST_DOCUMENTS, MOST_DOCUMENTS), "{:?}", test.store.engine());
        assert!(add(&test, case, test.clock.new_id()).await, "another holder has room");
    }
}

#[tokio::test]
async fn documents_go_with_the_draft_and_then_stay() {
    for test in both().await {
        let (case, draft, request) = (case(&test).await, test.clock.new_id(), test.clock.new_id());
        for _ in 0..3 {
            assert!(add(&test, case, draft).await);
        }
        assert!(add(&test, case, request).await, "what was attached before");
        let mut transaction = test.store.begin().await.unwrap();
        assert_eq!(document::hand_over(&mut transaction, draft, request).await.unwrap(), Some(3));
        transaction.commit().await.unwrap();
        assert_eq!((names(&test, draft).await.len(), names(&test, request).await.len()), (0, 4));

        for _ in 0..2 {
            assert!(add(&test, case, draft).await);
        }
        let mut transaction = test.store.begin().await.unwrap();
        assert_eq!(document::hand_over(&mut transaction, draft, request).await.unwrap(), None, "one too many");
        drop(transaction);
        assert_eq!((names(&test, draft).await.len(), names(&test, request).await.len()), (2, 4));

        test.clock.advance(TimeDelta::days(8));
        let mut transaction = test.store.begin().await.unwrap();
        let expired = document::expire(&mut transaction, test.clock.now(), 100).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!((expired, names(&test, draft).await.len()), (3, 0), "the draft's, and what the request had by itself");
        assert_eq!(names(&test, request).await.len(), 3, "what was handed over stays");
    }
}

/// Every statement, in the order of a document's life. Also called where all statements have to run.
pub async fn run(test: &TestStore) {
    let (case, holder, now) = (case(test).await, test.clock.new_id(), test.clock.now());
    let (first, _) = new(test, case, holder).await;
    let object = first.object_key;
    let mut transaction = test.store.begin().await.unwrap();
    document::loosen(&mut transaction, object, now + TimeDelta::days(1)).await.unwrap();
    assert!(document::due(&mut transaction, now, 10).await.unwrap().is_empty());
    assert!(!document::hold(&mut transaction, object, now + TimeDelta::days(1)).await.unwrap(), "too late");
    assert!(document::hold(&mut transaction, object, now).await.unwrap());
    assert!(document::add(&mut transaction, &first).await.unwrap());
    assert_eq!(document::count(&mut transaction, holder).await.unwrap(), 1);
    assert_eq!(document::of_holder(&mut transaction, &test.keys, holder).await.unwrap().len(), 1);
    assert!(document::find(&mut transaction, &test.keys, first.id).await.unwrap().is_some());
    let later = now + TimeDelta::days(9);
    document::prolong(&mut transaction, holder, later).await.unwrap();
    assert_eq!(document::expire(&mut transaction, now + TimeDelta::days(8), 10).await.unwrap(), 0, "it was prolonged");
    let request = test.clock.new_id();
    assert_eq!(document::hand_over(&mut transaction, holder, request).await.unwrap(), Some(1));
    assert_eq!(document::expire(&mut transaction, later, 10).await.unwrap(), 0, "a request does not expire");
    assert!(!document::remove(&mut transaction, holder, first.id, now).await.unwrap(), "it is the request's now");
    assert!(document::remove(&mut transaction, request, first.id, now).await.unwrap());
    assert_eq!(document::due(&mut transaction, now, 10).await.unwrap(), [object]);
    document::forget(&mut transaction, object).await.unwrap();
    assert!(document::due(&mut transaction, later, 10).await.unwrap().is_empty());
    let (second, _) = new(test, case, holder).await;
    assert!(document::add(&mut transaction, &second).await.unwrap());
    assert_eq!(document::expire(&mut transaction, later, 10).await.unwrap(), 1);
    assert_eq!(document::due(&mut transaction, later, 10).await.unwrap(), [second.object_key]);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_document_without_a_case_is_no_document() {
    for test in both().await {
        let (case, holder) = (case(&test).await, test.clock.new_id());
        let (new, _) = new(&test, case, holder).await;
        let stray = NewDocument { case: test.clock.new_id(), ..new };
        let mut transaction = test.store.begin().await.unwrap();
        assert!(matches!(document::add(&mut transaction, &stray).await, Err(StoreError::Database(_))));
    }
}
