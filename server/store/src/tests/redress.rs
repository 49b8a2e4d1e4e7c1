//! Requests for redress, on both engines.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::locale::Locale;
use shared::redress::{Basis, Channel, Decision, Exemption, Extension, Outcome, Part, RedressEvent, RedressKind, RedressState};
use uuid::Uuid;

use crate::engine::Connection;
use crate::profile;
use crate::redress::*;
use crate::testing::{TestStore, both, meddle};

const FIRST: Uuid = Uuid::from_u128(1);
const SECOND: Uuid = Uuid::from_u128(2);

fn new(test: &TestStore, kind: RedressKind) -> NewRedress<'static> {
    NewRedress {
        id: test.clock.new_id(),
        kind,
        basis: Basis::PrivacyAct,
        channel: Channel::Mail,
        locale: Locale::Es,
        received_on: "2026-03-06".parse().unwrap(),
        answer_by: "2026-04-03".parse().unwrap(),
        logged_by: FIRST,
        at: test.clock.now(),
        content: b"asked",
    }
}

/// A request that was just logged.
async fn logged(test: &TestStore, transaction: &mut Connection, kind: RedressKind) -> StoredRedress {
    lock(transaction).await.unwrap();
    let new = new(test, kind);
    add(transaction, &test.keys, test.clock.new_id(), &new).await.unwrap();
    get(transaction, &test.keys, new.id).await.unwrap().unwrap()
}

fn refusal() -> Decision {
    Decision {
        outcome: Outcome::Refused,
        given: BTreeSet::new(),
        exemptions: BTreeSet::from([Exemption::Investigation, Exemption::CriminalLaw]),
        correction: None,
        reason: "It is an investigation's.".into(),
    }
}

async fn proposed(
    test: &TestStore,
    transaction: &mut Connection,
    stored: &StoredRedress,
    decision: &Decision,
    at: DateTime<Utc>,
) -> StoredDecision {
    propose(transaction, stored, test.clock.new_id(), (decision, b"hash".as_slice()), FIRST, at).await.unwrap();
    decisions(transaction, stored).await.unwrap().remove(0)
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let now = test.clock.now();
    let mut transaction = test.store.begin().await.unwrap();
    assert!(!any(&mut transaction).await.unwrap());
    let profile = test.clock.new_id();
    profile::add(&mut transaction, &test.keys, profile, test.clock.new_id(), now).await.unwrap();
    let stored = logged(test, &mut transaction, RedressKind::Access).await;
    assert!(any(&mut transaction).await.unwrap());
    let head = &stored.head;
    assert_eq!((head.number, head.kind, head.state, head.version), (1, RedressKind::Access, RedressState::Received, 0));
    assert_eq!((head.basis, head.channel, head.locale), (Basis::PrivacyAct, Channel::Mail, Locale::Es));
    assert_eq!((head.profile, head.acknowledged_on, head.extension), (None, None, None));
    assert_eq!(stored.content.expose(), b"asked");
    assert_eq!(logged(test, &mut transaction, RedressKind::Amendment).await.head.number, 2, "numbers follow each other");
    let waiting = waiting(&mut transaction, 5).await.unwrap();
    assert_eq!(waiting.iter().map(|head| head.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(&waiting[0], head);

    let day = "2026-03-09".parse().unwrap();
    assert!(acknowledge(&mut transaction, head.id, day).await.unwrap());
    assert!(!acknowledge(&mut transaction, head.id, day).await.unwrap(), "once");
    let later = "2026-04-17".parse().unwrap();
    assert!(extend(&mut transaction, head.id, Extension::Volume, later).await.unwrap());
    assert!(!extend(&mut transaction, head.id, Extension::Consultation, later).await.unwrap(), "once");
    set_profile(&mut transaction, head.id, Some(profile)).await.unwrap();
    let happened = |state, event, note| RedressHappened { id: test.clock.new_id(), event, state, officer: FIRST, at: now, note };
    let closed = happened(RedressState::Closed, RedressEvent::Withdrawn, Some("Ana took it back."));
    assert!(save(&mut transaction, &stored, &closed).await.unwrap());
    let again = happened(RedressState::Closed, RedressEvent::Withdrawn, None);
    assert!(!save(&mut transaction, &stored, &again).await.unwrap(), "somebody was quicker");
    let noted = events(&mut transaction, &stored).await.unwrap();
    assert_eq!((noted.len(), noted[0].event, noted[0].officer), (1, RedressEvent::Withdrawn, FIRST));
    assert_eq!(noted[0].note.as_ref().unwrap().expose(), "Ana took it back.");
    let after = get(&mut transaction, &test.keys, head.id).await.unwrap().unwrap().head;
    assert_eq!((after.state, after.version, after.profile), (RedressState::Closed, 1, Some(profile)));
    assert_eq!((after.acknowledged_on, after.extension, after.answer_by), (Some(day), Some(Extension::Volume), later));
    assert_eq!(over(&mut transaction, 5).await.unwrap(), [after]);

    let decision = proposed(test, &mut transaction, &stored, &refusal(), now).await;
    assert_eq!((&decision.decision, decision.proposed_by, decision.agreed), (&refusal(), FIRST, None));
    assert_eq!(decision.given_sha256, b"hash");
    agree(&mut transaction, &decision, SECOND, now).await.unwrap();
    let decision = decisions(&mut transaction, &stored).await.unwrap().remove(0);
    assert_eq!(decision.agreed, Some((SECOND, now)));
    assert!(answered(&mut transaction, &stored).await.unwrap().is_none());
    let out = NewAnswer { decision: &decision, by: FIRST, at: now, letter: b"letter", package: Some(b"package") };
    answer(&mut transaction, &stored, &out).await.unwrap();
    let went = answered(&mut transaction, &stored).await.unwrap().unwrap();
    assert_eq!((went.decision, went.letter.expose().as_slice()), (decision.id, b"letter".as_slice()));
    assert_eq!(went.package.unwrap().expose(), b"package");
    assert_eq!(went.package_sha256, Some(crate::crypto::sha256(b"package").to_vec()));
    let statement = (test.clock.new_id(), profile);
    state_disagreement(&mut transaction, &stored, statement, "It is not so.", FIRST, now).await.unwrap();
    let kept = statements(&mut transaction, &stored).await.unwrap();
    assert_eq!((kept.len(), kept[0].statement.expose().as_str()), (1, "It is not so."));
    assert_eq!(disputed(&mut transaction, profile).await.unwrap(), [head.id]);
    assert!(get(&mut transaction, &test.keys, Uuid::nil()).await.unwrap().is_none());
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn the_database_lets_nothing_out_that_one_person_kept_back() {
    for test in both().await {
        let now = test.clock.now();
        let mut transaction = test.store.begin().await.unwrap();
        let stored = logged(&test, &mut transaction, RedressKind::Access).await;
        let other = logged(&test, &mut transaction, RedressKind::Access).await;
        let alone = proposed(&test, &mut transaction, &stored, &refusal(), now).await;
        let (given, exemptions) = (BTreeSet::from([Part::Identity]), BTreeSet::new());
        let granted = Decision { outcome: Outcome::Granted, given, exemptions, correction: None, reason: String::new() };
        let whole = proposed(&test, &mut transaction, &other, &granted, now).await;
        transaction.commit().await.unwrap();

        let mut transaction = test.store.begin().await.unwrap();
        assert!(agree(&mut transaction, &alone, FIRST, now).await.is_err(), "nobody agrees to what they proposed");
        drop(transaction);
        let with = |agreed| StoredDecision { agreed, ..alone.clone() };
        for decision in [with(None), with(Some((FIRST, now))), with(Some((SECOND, now)))] {
            let mut transaction = test.store.begin().await.unwrap();
            let out = NewAnswer { decision: &decision, by: FIRST, at: now, letter: b"letter", package: None };
            assert!(answer(&mut transaction, &stored, &out).await.is_err(), "{:?}", decision.agreed);
        }
        // Nor does it pass for a decision that needs nobody else, or for one on another request.
        let lying = StoredDecision { decision: granted.clone(), ..alone.clone() };
        for (on, decision) in [(&stored, &lying), (&stored, &whole)] {
            let mut transaction = test.store.begin().await.unwrap();
            let out = NewAnswer { decision, by: FIRST, at: now, letter: b"letter", package: None };
            assert!(answer(&mut transaction, on, &out).await.is_err());
        }
        let mut transaction = test.store.begin().await.unwrap();
        let out = NewAnswer { decision: &whole, by: FIRST, at: now, letter: b"letter", package: None };
        answer(&mut transaction, &other, &out).await.unwrap();
        agree(&mut transaction, &alone, SECOND, now).await.unwrap();
        let agreed = with(Some((SECOND, now)));
        let out = NewAnswer { decision: &agreed, by: FIRST, at: now, letter: b"letter", package: None };
        answer(&mut transaction, &stored, &out).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_was_added_stays_as_it_was() {
    for test in both().await {
        run(&test).await;
        for table in ["redress_event", "redress_decision", "redress_agreement", "redress_answer", "redress_statement"] {
            let column = if table == "redress_agreement" { "agreed_at" } else { "request_id" };
            let column = if table == "redress_decision" { "outcome" } else { column };
            for sql in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
                let error = meddle(&test.store, &sql).await.unwrap_err();
                assert!(format!("{error:?}").contains("append-only"), "{sql}: {error:?}");
            }
        }
        for sql in [
            "INSERT INTO redress_decision SELECT * FROM redress_decision",
            "UPDATE redress_request SET kind = 'accounting', basis = 'foia'",
        ] {
            assert!(meddle(&test.store, sql).await.is_err(), "{sql}");
        }
    }
}

#[tokio::test]
async fn what_a_person_asked_stands_in_no_column_as_it_was_written() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let one = logged(&test, &mut transaction, RedressKind::Access).await;
        let other = logged(&test, &mut transaction, RedressKind::Access).await;
        transaction.commit().await.unwrap();
        let swap = "UPDATE redress_request SET content = (SELECT content FROM redress_request WHERE number = 1) WHERE number = 2";
        assert_eq!(meddle(&test.store, swap).await.unwrap(), 1);
        let mut connection = test.store.read().await.unwrap();
        assert!(get(&mut connection, &test.keys, one.head.id).await.is_ok());
        assert!(get(&mut connection, &test.keys, other.head.id).await.is_err(), "it opens in its own place alone");
    }
}
