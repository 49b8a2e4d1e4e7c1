//! Changes of address, and what the feed does not take back.

use shared::case_feed::MailingAddress;
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{CaseAt, ChangeState, FeedAddress, Filing, Hindrance, OldReach, Proof};
use shared::country::CountryCode;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use shared::service_request::RequestNumber;
use uuid::Uuid;

use super::{line, new_event, take_in_lines};
use crate::case_feed::{self, Heard};
use crate::change_of_address::*;
use crate::engine::Connection;
use crate::installation;
use crate::testing::{TestStore, both};

const NUMBER: &str = "EAC9999103403";

fn number() -> ReceiptNumber {
    ReceiptNumber::parse(NUMBER).unwrap()
}

fn address(street: &str) -> MailingAddress {
    MailingAddress {
        street: street.into(),
        unit: None,
        city: "Springfield".into(),
        state: Some("VA".into()),
        postal_code: Some("22150".into()),
        country: CountryCode::parse("USA").unwrap(),
    }
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    take_in_lines(test, &[line("a1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
    let now = test.clock.now();
    let mut transaction = test.store.begin().await.unwrap();
    let case = case_feed::case_id(&mut transaction, &number()).await.unwrap().unwrap();
    let numbers = [RequestNumber::new(2026, [1; 16]), RequestNumber::new(2026, [2; 16])];
    let new = |number, submission| NewReport {
        id: test.clock.new_id(),
        number,
        submission: Uuid::from_u128(submission),
        locale: Locale::Es,
        content: b"what was typed",
        received_at: now,
    };
    let (first, again) = (new(&numbers[0], 7), new(&numbers[1], 7));
    assert!(add_report(&mut transaction, &test.keys, &first).await.unwrap());
    assert!(!add_report(&mut transaction, &test.keys, &again).await.unwrap(), "one form is one report");
    let found = report(&mut transaction, first.id).await.unwrap().unwrap();
    assert_eq!((found.number, found.locale, found.received_at), (numbers[0].clone(), Locale::Es, now));
    assert!(report(&mut transaction, again.id).await.unwrap().is_none());
    assert_eq!(report_by_number(&mut transaction, &numbers[0]).await.unwrap(), Some(first.id));
    assert_eq!(report_by_submission(&mut transaction, first.submission).await.unwrap(), Some(first.id));
    let told = content(&mut transaction, &test.keys, first.id).await.unwrap();
    assert_eq!(told, Some(Sensitive::new(b"what was typed".to_vec())));

    let filing = Filing::submit(OldReach::Contact, &[true, false], now);
    let cases = [Listed { number: number(), case: Some(case) }, Listed { number: number(), case: None }];
    let change = NewChange {
        id: test.clock.new_id(),
        report: first.id,
        part: 0,
        filing: &filing,
        cases: &cases,
        contact: Some("ana@example.org"),
        at: now,
    };
    add_change(&mut transaction, &test.keys, &change).await.unwrap();
    assert_eq!(changes_of(&mut transaction, first.id).await.unwrap(), [change.id]);
    let stored = find(&mut transaction, change.id).await.unwrap().unwrap();
    assert_eq!((stored.report, &stored.filing), (first.id, &filing));
    assert_eq!((stored.cases[0].case, stored.cases[1].case), (Some(case), None));
    assert!(holds_cards(&mut transaction, case).await.unwrap());
    let to = contact(&mut transaction, &test.keys, change.id).await.unwrap();
    assert_eq!(to, Some(Sensitive::new("ana@example.org".into())));
    assert_eq!(secret(&mut transaction, change.id).await.unwrap(), None);
    set_secret(&mut transaction, change.id, Some(b"hash")).await.unwrap();
    assert_eq!(secret(&mut transaction, change.id).await.unwrap().as_deref(), Some(b"hash".as_slice()));
    assert_eq!(by_secret(&mut transaction, b"hash").await.unwrap(), Some(change.id));
    assert_eq!(by_secret(&mut transaction, b"other").await.unwrap(), None);
    assert!(overdue(&mut transaction, now, 5).await.unwrap().is_empty());
    let until = Proof::CodeToContact.valid_for().after(now);
    assert_eq!(overdue(&mut transaction, until, 5).await.unwrap(), [change.id]);

    // Every state is kept and read back.
    let at = now + chrono::TimeDelta::hours(1);
    let confirmed = filing.confirm(Proof::CodeToContact, at).unwrap();
    let ways = [
        filing.fail(at).unwrap(),
        filing.expire(until).unwrap(),
        filing.refuse(shared::change_of_address::Asker::OldContact, at).unwrap(),
        confirmed.case_failed(CaseAt(0), Hindrance::CaseSystem).unwrap(),
        confirmed.case_updated(CaseAt(0), at).unwrap(),
        confirmed.case_acknowledged(CaseAt(0), at).unwrap(),
        confirmed.case_replaced(CaseAt(0), at).unwrap(),
        confirmed.reverse(shared::change_of_address::Asker::OldContact, at).unwrap(),
        confirmed,
    ];
    let mut before = hold(&mut transaction, change.id).await.unwrap().unwrap().filing;
    for after in ways {
        save(&mut transaction, change.id, &before, &after, at).await.unwrap();
        before = find(&mut transaction, change.id).await.unwrap().unwrap().filing;
        assert_eq!(before, after);
    }
    assert!(matches!(before.state(), ChangeState::Confirmed { .. }));
    assert!(!holds_cards(&mut transaction, case).await.unwrap());

    run_what_follows(test, &mut transaction, case, change.id).await;
    transaction.commit().await.unwrap();
}

/// What is kept beside a change: its events and steps, the case's address, and what the case system is told.
async fn run_what_follows(test: &TestStore, transaction: &mut Connection, case: Uuid, change: Uuid) {
    let now = test.clock.now();
    for event in ["one", "two"] {
        add_event(transaction, test.clock.new_id(), change, now, "public", event).await.unwrap();
    }
    assert_eq!(events(transaction, change).await.unwrap(), ["one", "two"]);
    assert!(add_step(transaction, change, "ask_agent", now).await.unwrap());
    assert!(!add_step(transaction, change, "ask_agent", now).await.unwrap());
    assert_eq!(steps(transaction, change).await.unwrap(), ["ask_agent"]);

    give_address(transaction, &test.keys, case, change, &address("2 Teacup Ct"), now).await.unwrap();
    let now_at = addresses(transaction, &test.keys, case).await.unwrap();
    assert_eq!(now_at.mailing, Some(Sensitive::new(address("2 Teacup Ct"))));
    assert_eq!(now_at.given.unwrap().previous(), Some(address("1 Sample Street")));
    let hold_cards = add_case_change(transaction, &test.keys, case, CaseChangeKind::HoldCards, None, now).await.unwrap();
    let to = address("2 Teacup Ct");
    add_case_change(transaction, &test.keys, case, CaseChangeKind::MailingAddress, Some(&to), now).await.unwrap();
    let all = case_changes(transaction, &test.keys, hold_cards - 1, 5).await.unwrap();
    assert_eq!((all.len(), all[0].kind, &all[0].address), (2, CaseChangeKind::HoldCards, &None));
    assert_eq!((&all[1].number, &all[1].address), (&number(), &Some(Sensitive::new(to))));
    assert_eq!(case_changes(transaction, &test.keys, hold_cards, 5).await.unwrap().len(), 1);

    let (id, known) = sensitive_of(transaction, &test.keys, &number()).await.unwrap().unwrap();
    assert_eq!((id, known.len() > 3), (case, true));
    for unknown in ["EAC9999103402", "ZZZ9999999999"] {
        let unknown = ReceiptNumber::parse(unknown).unwrap();
        assert!(sensitive_of(transaction, &test.keys, &unknown).await.unwrap().is_none());
    }
    assert_eq!(number_of(transaction, case).await.unwrap(), Some(number()));
    assert_eq!(number_of(transaction, Uuid::from_u128(7)).await.unwrap(), None);
}

async fn feed(test: &TestStore, id: &str, street: &str, at: &str) -> Vec<Heard> {
    let mut line = line(id, NUMBER, "IAA", at);
    line.mailing_address.as_mut().unwrap().street = street.into();
    let mut transaction = test.store.begin().await.unwrap();
    installation::lock_imports(&mut transaction).await.unwrap();
    let batch = [new_event(test, &line)];
    let taken = case_feed::take_in(&mut transaction, &test.keys, &test.clock, &batch).await.unwrap();
    transaction.commit().await.unwrap();
    taken.heard
}

async fn mail_goes_to(test: &TestStore) -> String {
    let mut connection = test.store.read_primary().await.unwrap();
    let case = case_feed::case_id(&mut connection, &number()).await.unwrap().unwrap();
    let to = addresses(&mut connection, &test.keys, case).await.unwrap();
    to.mailing.map(|address| address.expose().street.clone()).unwrap_or_default()
}

#[tokio::test]
async fn an_earlier_address_never_comes_back_by_the_feed() {
    for test in both().await {
        take_in_lines(&test, &[line("b1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
        let mut transaction = test.store.begin().await.unwrap();
        let case = case_feed::case_id(&mut transaction, &number()).await.unwrap().unwrap();
        for (change, street, at) in [(1, "2 Teacup Ct", "2026-02-01T10:00:00Z"), (2, "3 Third St", "2026-03-01T10:00:00Z")] {
            let (change, at) = (Uuid::from_u128(change), at.parse().unwrap());
            give_address(&mut transaction, &test.keys, case, change, &address(street), at).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let change = Uuid::from_u128(2);
        let heard = |address| vec![Heard { case, change, address }];
        // The one before, and the one before that, however late; one that is older than the change.
        assert_eq!(feed(&test, "b2", "2 TEACUP COURT", "2026-04-01T10:00:00Z").await, heard(FeedAddress::Passed));
        assert_eq!(feed(&test, "b3", "1 Sample Street", "2026-04-02T10:00:00Z").await, heard(FeedAddress::Passed));
        assert_eq!(mail_goes_to(&test).await, "3 Third St");
        assert_eq!(feed(&test, "b4", "9 Late St", "2026-02-20T10:00:00Z").await, [], "an older event changes nothing");
        assert_eq!(feed(&test, "b5", "3 THIRD STREET", "2026-04-03T10:00:00Z").await, heard(FeedAddress::Acknowledges));
        assert_eq!(mail_goes_to(&test).await, "3 Third St");
        assert_eq!(feed(&test, "b6", "1 Sample Street", "2026-04-04T10:00:00Z").await, heard(FeedAddress::Passed));
        assert_eq!(feed(&test, "b7", "4 Fourth St", "2026-04-05T10:00:00Z").await, heard(FeedAddress::Replaces));
        assert_eq!(mail_goes_to(&test).await, "4 Fourth St");
        assert_eq!(feed(&test, "b8", "1 Sample Street", "2026-04-06T10:00:00Z").await, [], "nothing is given any more");
        assert_eq!(mail_goes_to(&test).await, "1 Sample Street");
    }
}

#[tokio::test]
async fn events_of_changes_are_never_changed() {
    for test in both().await {
        run(&test).await;
        for change in ["UPDATE address_change_event SET event = ''", "DELETE FROM address_change_event"] {
            let mut transaction = test.store.begin().await.unwrap();
            let changed = match transaction.on() {
                crate::engine::On::Sqlite(connection) => sqlx::query(change).execute(connection).await.map(|_| ()),
                crate::engine::On::Postgres(connection) => sqlx::query(change).execute(connection).await.map(|_| ()),
            };
            assert!(changed.unwrap_err().to_string().contains("append-only"), "{change}");
        }
    }
}
