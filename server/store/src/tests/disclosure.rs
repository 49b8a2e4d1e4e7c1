//! What was told by other ways, and telling past recipients of a correction.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::agreement::{Element, Partner};
use shared::disclosure::{
    Confirmed, Disclosure, Exception, NoticeState, OtherDisclosure, OtherRecipient, Outcome, OutcomeEntry, Way,
};
use shared::partner_query::{LongLine, ShortLine};
use shared::profile::{Change, CorrectionState, Fact, FactKind};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::partner_query::entry;
use super::profile::new_profile;
use crate::amendment::{self, Amendment, Because};
use crate::correction_notice::{self as notice, Confirmation, NewNotice, Settled, StoredNotice};
use crate::disclosure::{self, Span};
use crate::engine::{Connection, Database};
use crate::profile;
use crate::testing::{TestStore, both, both_partner, meddle};

const PRIVACY: Uuid = Uuid::from_u128(1);
/// Nobody of whom another test tells anything.
const SOMEBODY: Uuid = Uuid::from_u128(17);

fn other(test: &TestStore) -> OtherDisclosure {
    let line = |text: &str| LongLine::parse(text).unwrap();
    OtherDisclosure {
        id: test.clock.new_id(),
        at: test.clock.now(),
        person: SOMEBODY,
        a_number: None,
        nature: line("Copy of a record"),
        record: line("Form I-485"),
        elements: BTreeSet::from([Element::FullName]),
        told: Some(Sensitive::new(line("When it was filed"))),
        documents: Some(line("The form, four pages")),
        purpose: line("A benefit of the State"),
        exception: Exception::RoutineUse,
        citation: ShortLine::parse("DHS/USCIS-007, H").ok(),
        recipient: OtherRecipient {
            organization: ShortLine::parse("Department of Example").unwrap(),
            name: None,
            address: Sensitive::new(ShortLine::parse("1 Example Street").unwrap()),
        },
        way: Way::Mail,
        recorded_by: OfficerId(1),
        correction_of: None,
    }
}

/// Keeps what a partner was told of somebody.
async fn told(test: &TestStore, transaction: &mut Connection) -> Disclosure {
    let told = Disclosure { person: SOMEBODY, ..entry(test) };
    disclosure::add(transaction, &test.keys, test.clock.new_id(), &told).await.unwrap();
    told
}

fn span(test: &TestStore, most: i64) -> Span {
    Span { from: test.clock.now(), after: Uuid::nil(), to: test.clock.now() + TimeDelta::days(1), most }
}

/// What both databases have: entries of a partner, notices, confirmations.
pub async fn run(test: &TestStore) {
    let mut transaction = test.store.begin().await.unwrap();
    let keys = &test.keys;
    let mut both = [told(test, &mut transaction).await, told(test, &mut transaction).await];
    both.sort_by_key(|one| one.id);
    let [first, second] = both;
    assert_eq!(disclosure::get(&mut transaction, keys, first.id).await.unwrap().unwrap().entry, first);
    assert!(disclosure::get(&mut transaction, keys, Uuid::nil()).await.unwrap().is_none());
    let begin = Span { after: first.id, ..span(test, 5) };
    let behind: Vec<Uuid> = disclosure::to_partner(&mut transaction, keys, Partner::Canada, begin)
        .await
        .unwrap()
        .into_iter()
        .map(|stored| stored.entry.id)
        .collect();
    assert!(behind.contains(&second.id) && !behind.contains(&first.id), "a page begins behind the last of the one before");
    let before = Span { to: test.clock.now(), ..span(test, 5) };
    assert!(disclosure::to_partner(&mut transaction, keys, Partner::Canada, before).await.unwrap().is_empty());
    run_notices(test, &mut transaction, (first.id, second.id)).await;
    transaction.commit().await.unwrap();
}

async fn run_notices(test: &TestStore, transaction: &mut Connection, (told, telling): (Uuid, Uuid)) {
    let now = test.clock.now();
    let (id, amendment) = (test.clock.new_id(), test.clock.new_id());
    let elements = BTreeSet::from([Element::FullName, Element::BirthDate]);
    let new = NewNotice { id, amendment, profile: SOMEBODY, disclosure: told, elements: &elements, at: now };
    assert!(notice::add(transaction, &new).await.unwrap());
    let again = NewNotice { id: test.clock.new_id(), ..new };
    assert!(!notice::add(transaction, &again).await.unwrap(), "once for each disclosure");
    let stored = notice::get(transaction, id).await.unwrap().unwrap();
    assert_eq!((stored.state, &stored.elements, stored.attempts), (NoticeState::Waiting, &elements, 0));
    assert!(notice::due(transaction, now).await.unwrap().is_none(), "nobody has it told");
    assert!(notice::order(transaction, id, PRIVACY, Some(now)).await.unwrap());
    assert!(!notice::order(transaction, id, PRIVACY, Some(now)).await.unwrap(), "it is on its way");
    assert_eq!(notice::due(transaction, now).await.unwrap(), Some(id));
    assert!(notice::leaves(transaction, &stored, telling, Some(now + TimeDelta::minutes(2))).await.unwrap());
    assert!(!notice::leaves(transaction, &stored, telling, None).await.unwrap(), "somebody was quicker");
    assert!(notice::due(transaction, now).await.unwrap().is_none(), "somebody is sending it");
    assert_eq!(notice::told_by(transaction, telling).await.unwrap().unwrap().id, id);
    let sent = Settled { state: NoticeState::Sent, because: None, again_at: None, sent_at: Some(now) };
    assert!(notice::settle(transaction, id, sent).await.unwrap());
    assert!(!notice::settle(transaction, id, sent).await.unwrap(), "it is not on its way any more");
    let ids = |notices: Vec<StoredNotice>| notices.into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert!(ids(notice::unconfirmed(transaction, 50).await.unwrap()).contains(&id));
    let confirmation = Confirmation { outcome: Confirmed::Corrected, at: now, recorded_by: None };
    assert!(notice::confirm(transaction, test.clock.new_id(), id, confirmation, now).await.unwrap());
    assert!(!notice::confirm(transaction, test.clock.new_id(), id, confirmation, now).await.unwrap(), "once");
    assert!(!ids(notice::unconfirmed(transaction, 50).await.unwrap()).contains(&id));
    assert!(ids(notice::confirmed(transaction, 50).await.unwrap()).contains(&id));
    let of_profile = notice::of_profile(transaction, SOMEBODY).await.unwrap();
    let stored = of_profile.iter().find(|one| one.id == id).unwrap();
    assert_eq!((stored.confirmed, stored.told_by, stored.sent_at), (Some(confirmation), Some(telling), Some(now)));
}

/// What the main database has alone: what was told by other ways, and amendments.
pub async fn run_main(test: &TestStore) {
    run(test).await;
    run_others(test).await;
    run_amendments(test).await;
}

async fn run_others(test: &TestStore) {
    let keys = &test.keys;
    let mut transaction = test.store.begin().await.unwrap();
    let entry = other(test);
    disclosure::add_other(&mut transaction, keys, test.clock.new_id(), &entry).await.unwrap();
    let stored = disclosure::other(&mut transaction, keys, entry.id).await.unwrap().unwrap();
    assert_eq!((&stored.entry, stored.outcome), (&entry, None));
    assert!(disclosure::get(&mut transaction, keys, entry.id).await.unwrap().is_none(), "no partner was told it");
    let of_profile = disclosure::others_of_profile(&mut transaction, keys, SOMEBODY).await.unwrap();
    assert_eq!(of_profile, std::slice::from_ref(&stored));
    let partners = disclosure::of_profile(&mut transaction, keys, SOMEBODY).await.unwrap();
    assert!(partners.iter().all(|one| one.entry.id != entry.id));
    assert_eq!(disclosure::to_others(&mut transaction, keys, span(test, 5)).await.unwrap(), std::slice::from_ref(&stored));
    let open = disclosure::others_open(&mut transaction, 5).await.unwrap();
    assert_eq!(open, [(entry.id, SOMEBODY, entry.at)]);
    let closing = OutcomeEntry { id: test.clock.new_id(), disclosure: entry.id, at: test.clock.now(), outcome: Outcome::Sent };
    assert!(disclosure::close(&mut transaction, &closing).await.unwrap());
    assert!(disclosure::others_open(&mut transaction, 5).await.unwrap().is_empty());
    transaction.commit().await.unwrap();
}

/// A correction that two people agreed to.
async fn correction(test: &TestStore, transaction: &mut Connection) -> (Uuid, Uuid) {
    let (profile, id, now) = (new_profile(test, transaction).await, test.clock.new_id(), test.clock.now());
    let change = Change::Add(Fact::parse(FactKind::Citizenship, &["MEX"], now.date_naive()).unwrap());
    let proposal = profile::Proposal { id, profile, change: &change, reason: "Seen.", by: PRIVACY, at: now };
    profile::propose(transaction, &test.keys, &proposal).await.unwrap();
    let by = Uuid::from_u128(2);
    let decision = profile::Decision { id, state: CorrectionState::Agreed, by, at: now };
    assert!(profile::decide(transaction, decision).await.unwrap());
    (profile, id)
}

async fn run_amendments(test: &TestStore) {
    let (keys, now) = (&test.keys, test.clock.now());
    let mut transaction = test.store.begin().await.unwrap();
    let (profile, correction) = correction(test, &mut transaction).await;
    let corrected = Amendment {
        id: test.clock.new_id(),
        profile,
        because: Because::Correction(correction),
        elements: BTreeSet::from([Element::Citizenship]),
        raised_by: PRIVACY,
        raised_at: now,
    };
    let statement = Sensitive::new(LongLine::parse("It was another day.").unwrap());
    let disputed = Amendment { id: test.clock.new_id(), because: Because::Dispute(statement), ..corrected.clone() };
    for amendment in [&corrected, &disputed] {
        amendment::add(&mut transaction, keys, test.clock.new_id(), amendment).await.unwrap();
        assert_eq!(amendment::get(&mut transaction, keys, amendment.id).await.unwrap().as_ref(), Some(amendment));
    }
    for database in Database::ALL {
        for again_at in [Some(now + TimeDelta::minutes(10)), None] {
            let due = amendment::to_trace(&mut transaction, keys, database, now).await.unwrap().unwrap();
            assert_eq!(due.traces, 0);
            amendment::traced(&mut transaction, due.amendment.id, database, again_at).await.unwrap();
        }
        assert!(amendment::to_trace(&mut transaction, keys, database, now).await.unwrap().is_none());
        let later = amendment::to_trace(&mut transaction, keys, database, now + TimeDelta::minutes(10)).await.unwrap();
        assert_eq!(later.unwrap().traces, 1);
    }
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn nothing_is_told_without_a_row_and_what_was_confirmed_stays() {
    for test in both().await.into_iter().chain(both_partner().await) {
        run(&test).await;
        let change = async |sql: &str| meddle(&test.store, sql).await;
        assert!(change("UPDATE correction_confirmation SET confirmed_at = recorded_at").await.is_err());
        assert!(change("DELETE FROM correction_confirmation").await.is_err());
        assert!(change("DELETE FROM correction_notice").await.is_err());
        assert!(change("UPDATE correction_notice SET elements = 'alias'").await.is_err());
        assert!(change("UPDATE correction_notice SET told_by = NULL").await.is_err(), "what was sent has its row");
        assert!(change("UPDATE correction_notice SET ordered_by = NULL").await.is_err(), "and somebody who had it sent");
        assert!(change("UPDATE correction_notice SET told_by = disclosure_id").await.is_err(), "of its own");
    }
}

#[tokio::test]
async fn amendments_stay_as_they_are() {
    for test in both().await {
        run_amendments(&test).await;
        assert!(meddle(&test.store, "UPDATE amendment SET elements = 'alias'").await.is_err());
        assert!(meddle(&test.store, "DELETE FROM amendment").await.is_err());
        assert_eq!(meddle(&test.store, "UPDATE amendment SET trace_at = NULL").await.unwrap(), 2);
    }
}
