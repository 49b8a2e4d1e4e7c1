//! What people answer partners, on both engines.

use chrono::TimeDelta;
use shared::agreement::{Element, Partner, Priority, Purpose, Step};
use shared::document::{DocumentKind, Redaction};
use shared::partner_query::{InboundState, ReplyResult};
use uuid::Uuid;

use crate::crypto::sha256;
use crate::engine::Connection;
use crate::information_request::{
    NewDocument, NewEvent, NewPackage, NewReview, PackageOutcome, add_document, add_package, add_part, add_review, approve,
    document_content, documents, draft, end_package, events, fetched, give_back, has_prepared, keep_draft, last_review, note,
    open_requests, package, package_at_hand, packages, part, parts, reason_of, remove_document, replace_document, requests_over,
    take, to_package,
};
use crate::partner_query::{Answering, ForeignState, NewForeign, add_foreign, foreign, save_foreign};
use crate::testing::{TestStore, both_partner, meddle};

const ANALYST: Uuid = Uuid::from_u128(31);
const REVIEWER: Uuid = Uuid::from_u128(32);
const OBIM: Uuid = Uuid::from_u128(33);

/// A request that is to be prepared.
async fn request(test: &TestStore, transaction: &mut Connection) -> Uuid {
    let id = test.clock.new_id();
    let number = format!("CA-{}", id.simple());
    let new = NewForeign {
        id,
        message: id,
        partner: Partner::Canada,
        step: Step::Third,
        transaction_number: &number,
        prior: None,
        purpose: Purpose::VisaOrBenefit,
        priority: Priority::High,
        profile: Some(Uuid::from_u128(7)),
        request: b"asked",
        state: ForeignState::Request(InboundState::Assigned),
        at: test.clock.now(),
        due_at: None,
        next_attempt_at: None,
    };
    assert!(add_foreign(transaction, &test.keys, test.clock.new_id(), &new).await.unwrap());
    id
}

async fn goes_to(test: &TestStore, transaction: &mut Connection, id: Uuid, state: InboundState, decision: Option<&str>) {
    let stored = foreign(transaction, &test.keys, id).await.unwrap().unwrap();
    let answering = Answering {
        state: ForeignState::Request(state),
        decision,
        answer: None,
        disclosure: None,
        attempts: stored.attempts,
        next_attempt_at: None,
        answered_at: None,
        at: test.clock.now(),
    };
    assert!(save_foreign(transaction, id, stored.version, &answering).await.unwrap());
}

async fn reviewed(test: &TestStore, transaction: &mut Connection, request: Uuid) -> Uuid {
    let id = test.clock.new_id();
    let new = NewReview { id, request, prepared_by: ANALYST, at: test.clock.now(), frozen: b"{}", hash: sha256(b"{}") };
    add_review(transaction, &test.keys, &new).await.unwrap();
    id
}

fn packed(test: &TestStore, request: Uuid, review: Uuid) -> NewPackage<'static> {
    NewPackage {
        id: test.clock.new_id(),
        request,
        review,
        prepared_by: ANALYST,
        approved_by: REVIEWER,
        number: "USQ-REPLY",
        result: ReplyResult::Partial,
        reply_sha256: [1; 32],
        bytes: 5,
        sha256: [2; 32],
        at: test.clock.now(),
    }
}

async fn happens(test: &TestStore, transaction: &mut Connection, request: Uuid, version: i64, event: &str, by: Option<Uuid>) {
    let new = NewEvent {
        id: test.clock.new_id(),
        request,
        version,
        event,
        state: InboundState::InPreparation,
        by,
        detail: "{}",
        reason: by.map(|_| "Why."),
        at: test.clock.now(),
    };
    note(transaction, &test.keys, &new).await.unwrap();
}

/// Of the database of partner data.
pub async fn run(test: &TestStore) {
    let (now, keys) = (test.clock.now(), &test.keys);
    let mut transaction = test.store.begin().await.unwrap();
    let id = request(test, &mut transaction).await;
    assert_eq!(draft(&mut transaction, keys, id).await.unwrap(), None);
    take(&mut transaction, id, REVIEWER, now).await.unwrap();
    take(&mut transaction, id, ANALYST, now).await.unwrap();
    assert_eq!(draft(&mut transaction, keys, id).await.unwrap(), Some((ANALYST, None)));
    assert!(!keep_draft(&mut transaction, keys, id, REVIEWER, b"theirs", now).await.unwrap(), "it is with somebody else");
    assert!(keep_draft(&mut transaction, keys, id, ANALYST, b"told", now).await.unwrap());
    assert_eq!(draft(&mut transaction, keys, id).await.unwrap(), Some((ANALYST, Some(b"told".to_vec()))));
    let listed = open_requests(&mut transaction, 5).await.unwrap();
    let row = listed.iter().find(|row| row.id == id).unwrap();
    assert_eq!((row.state, row.prepared_by, row.partner), (InboundState::Assigned, Some(ANALYST), Partner::Canada));

    happens(test, &mut transaction, id, 2, "opened", Some(ANALYST)).await;
    happens(test, &mut transaction, id, 3, "packaged", None).await;
    let happened = events(&mut transaction, id).await.unwrap();
    assert_eq!(happened.iter().map(|one| one.event.as_str()).collect::<Vec<_>>(), ["opened", "packaged"]);
    assert_eq!((happened[0].officer_id, happened[1].officer_id), (Some(ANALYST), None));
    assert!(has_prepared(&mut transaction, id, ANALYST).await.unwrap());
    assert!(!has_prepared(&mut transaction, id, REVIEWER).await.unwrap());
    assert_eq!(reason_of(&mut transaction, keys, id, "opened").await.unwrap().as_deref(), Some("Why."));
    assert_eq!(reason_of(&mut transaction, keys, id, "packaged").await.unwrap(), None);
    transaction.commit().await.unwrap();
    run_documents(test, id).await;
    run_packages(test, id).await;
}

async fn run_documents(test: &TestStore, request: Uuid) {
    let (now, keys, id) = (test.clock.now(), &test.keys, test.clock.new_id());
    let mut transaction = test.store.begin().await.unwrap();
    let new = NewDocument {
        id,
        request,
        element: Element::PassportImage,
        kind: DocumentKind::Png,
        came_sha256: [9; 32],
        content: b"a passport",
        by: ANALYST,
        at: now,
    };
    add_document(&mut transaction, keys, &new).await.unwrap();
    let before = documents(&mut transaction, request).await.unwrap().remove(0);
    assert_eq!((before.id, before.bytes, before.sha256, before.areas.len()), (id, 10, sha256(b"a passport"), 0));
    assert_eq!((before.element, before.kind, before.added_by), (Element::PassportImage, DocumentKind::Png, ANALYST));
    assert_eq!(document_content(&mut transaction, keys, request, id).await.unwrap().unwrap(), b"a passport");
    assert_eq!(document_content(&mut transaction, keys, Uuid::nil(), id).await.unwrap(), None, "of another request");
    let areas = [Redaction { page: 1, left: 0, top: 0, right: 10, bottom: 10 }];
    assert!(replace_document(&mut transaction, keys, request, &before, &areas, b"left").await.unwrap());
    assert!(!replace_document(&mut transaction, keys, request, &before, &areas, b"late").await.unwrap(), "it is another since");
    let after = documents(&mut transaction, request).await.unwrap().remove(0);
    assert_eq!((after.bytes, after.sha256, after.areas.as_slice()), (4, sha256(b"left"), areas.as_slice()));
    assert_eq!(document_content(&mut transaction, keys, request, id).await.unwrap().unwrap(), b"left");
    assert!(remove_document(&mut transaction, request, id).await.unwrap());
    assert!(!remove_document(&mut transaction, request, id).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn run_packages(test: &TestStore, request: Uuid) {
    let (now, keys) = (test.clock.now(), &test.keys);
    let mut transaction = test.store.begin().await.unwrap();
    assert_eq!(last_review(&mut transaction, keys, request).await.unwrap(), None);
    let first = reviewed(test, &mut transaction, request).await;
    assert!(!give_back(&mut transaction, first, ANALYST, now).await.unwrap(), "another person");
    assert!(give_back(&mut transaction, first, REVIEWER, now).await.unwrap());
    assert!(!approve(&mut transaction, first, REVIEWER, now).await.unwrap(), "it was given back");
    let review = reviewed(test, &mut transaction, request).await;
    assert!(!approve(&mut transaction, review, ANALYST, now).await.unwrap(), "another person");
    assert!(approve(&mut transaction, review, REVIEWER, now).await.unwrap());
    let stored = last_review(&mut transaction, keys, request).await.unwrap().unwrap();
    assert_eq!((stored.id, stored.prepared_by, stored.approved), (review, ANALYST, Some((REVIEWER, now))));
    assert_eq!((stored.frozen.as_slice(), stored.hash), (b"{}".as_slice(), sha256(b"{}")));

    assert_eq!(to_package(&mut transaction).await.unwrap(), None);
    goes_to(test, &mut transaction, request, InboundState::Approved, Some("{}")).await;
    let decided = foreign(&mut transaction, keys, request).await.unwrap().unwrap().decided_at;
    assert_eq!(decided, Some(now), "when it was decided");
    assert_eq!(to_package(&mut transaction).await.unwrap(), Some(request));
    goes_to(test, &mut transaction, request, InboundState::HandedToCpms, None).await;
    assert_eq!(foreign(&mut transaction, keys, request).await.unwrap().unwrap().decided_at, decided, "nothing was decided");
    let failed = packed(test, request, review);
    add_package(&mut transaction, &failed).await.unwrap();
    assert!(end_package(&mut transaction, failed.id, PackageOutcome::Failed, now).await.unwrap());
    assert_eq!(package_at_hand(&mut transaction, request).await.unwrap(), None);
    let new = packed(test, request, review);
    add_package(&mut transaction, &new).await.unwrap();
    for (position, bytes) in [(0, b"abc".to_vec()), (1, b"de".to_vec())] {
        add_part(&mut transaction, new.id, position, bytes).await.unwrap();
    }
    assert_eq!(parts(&mut transaction, new.id).await.unwrap(), 2);
    assert_eq!(part(&mut transaction, new.id, 1).await.unwrap(), None, "nobody has fetched it");
    assert!(fetched(&mut transaction, new.id, OBIM, now).await.unwrap());
    assert!(!fetched(&mut transaction, new.id, ANALYST, now).await.unwrap(), "who was first");
    assert_eq!(part(&mut transaction, new.id, 1).await.unwrap().unwrap(), b"de");
    let at_hand = package_at_hand(&mut transaction, request).await.unwrap().unwrap();
    assert_eq!((at_hand.id, at_hand.fetched, at_hand.result), (new.id, Some((OBIM, now)), ReplyResult::Partial));
    assert_eq!(package(&mut transaction, new.id).await.unwrap(), Some(at_hand));
    let before = now - TimeDelta::days(30);
    let listed = packages(&mut transaction, before, 5).await.unwrap();
    assert_eq!((listed.len(), listed[0].request, listed[0].bytes), (1, request, 5));

    assert!(requests_over(&mut transaction, 5).await.unwrap().is_empty());
    goes_to(test, &mut transaction, request, InboundState::Transmitted, None).await;
    assert!(end_package(&mut transaction, new.id, PackageOutcome::Sent, now).await.unwrap());
    assert!(!end_package(&mut transaction, new.id, PackageOutcome::Failed, now).await.unwrap(), "once");
    assert_eq!(parts(&mut transaction, new.id).await.unwrap(), 0, "its bytes are gone");
    assert_eq!(requests_over(&mut transaction, 5).await.unwrap()[0].id, request);
    assert_eq!(packages(&mut transaction, before, 5).await.unwrap().len(), 1);
    assert!(packages(&mut transaction, now, 5).await.unwrap().is_empty(), "it is too long ago");
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn who_prepared_an_answer_cannot_release_it_in_the_database_either() {
    for test in both_partner().await {
        let mut transaction = test.store.begin().await.unwrap();
        let id = request(&test, &mut transaction).await;
        let review = reviewed(&test, &mut transaction, id).await;
        happens(&test, &mut transaction, id, 2, "opened", Some(ANALYST)).await;
        assert!(approve(&mut transaction, review, REVIEWER, test.clock.now()).await.unwrap());
        add_package(&mut transaction, &packed(&test, id, review)).await.unwrap();
        transaction.commit().await.unwrap();
        for broken in [
            "UPDATE information_review SET approved_by = prepared_by",
            "UPDATE information_review SET returned_by = prepared_by, returned_at = sent_at, approved_by = NULL, approved_at = NULL",
            "UPDATE information_review SET prepared_by = approved_by",
            "UPDATE information_review SET draft = hash",
            "DELETE FROM information_review",
            "UPDATE information_package SET approved_by = prepared_by",
            "UPDATE information_package SET sha256 = reply_sha256",
            "UPDATE information_package SET outcome = 'sent', ended_at = made_at",
            "DELETE FROM information_package",
            "UPDATE information_event SET event = 'kept'",
            "DELETE FROM information_event",
        ] {
            assert!(meddle(&test.store, broken).await.is_err(), "{broken}");
        }
        let mut transaction = test.store.begin().await.unwrap();
        let other = NewPackage { approved_by: ANALYST, ..packed(&test, id, review) };
        assert!(add_package(&mut transaction, &other).await.is_err(), "by the same person, and beside another");
    }
}
