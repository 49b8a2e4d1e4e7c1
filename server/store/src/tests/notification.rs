//! Followers and the outbox.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use shared::api_client::{Allowance, Scope};
use shared::case_feed::Email;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::{line, take_in_lines};
use crate::api_client::{self, ApiClient};
use crate::engine::Connection;
use crate::notification::*;
use crate::testing::{TestStore, both};
use crate::{case_feed, form_draft};

const NUMBER: &str = "EAC9999103403";

async fn case(test: &TestStore) -> Uuid {
    take_in_lines(test, &[line("n1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
    let mut connection = test.store.read_primary().await.unwrap();
    case_feed::case_id(&mut connection, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap().unwrap()
}

fn email(text: &str) -> Sensitive<Email> {
    Sensitive::new(Email::parse(text).unwrap())
}

async fn follow(test: &TestStore, transaction: &mut Connection, case: Uuid, address: &str) -> Uuid {
    let (id, address) = (test.clock.new_id(), email(address));
    let new = NewFollower { id, case, address: &address, locale: Locale::Es };
    add(transaction, &test.keys, &new, test.clock.now()).await.unwrap();
    id
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let (case, now) = (case(test).await, test.clock.now());
    let mut transaction = test.store.begin().await.unwrap();
    let known = identification(&mut transaction, &test.keys, case).await.unwrap();
    assert_eq!(known.birth_dates, [Sensitive::new("1990-02-03".parse().unwrap())]);
    assert_eq!(known.postal_code, Some(Sensitive::new("22150".into())));
    assert_eq!(number_of_case(&mut transaction, case).await.unwrap().unwrap().as_str(), NUMBER);

    let id = follow(test, &mut transaction, case, "ana@example.org").await;
    let found = find(&mut transaction, &test.keys, id).await.unwrap().unwrap();
    assert_eq!((found.case, found.address, found.locale), (case, email("ana@example.org"), Locale::Es));
    let other = Uuid::from_u128(1);
    let address = Email::parse("ANA@example.org").unwrap();
    assert_eq!(count_of_address(&mut transaction, &test.keys, &address, other).await.unwrap(), 1);
    assert_eq!(count_of_address(&mut transaction, &test.keys, &address, case).await.unwrap(), 0);
    assert_eq!(some_after(&mut transaction, case, Uuid::nil(), 5).await.unwrap(), [id]);
    assert!(some_after(&mut transaction, case, id, 5).await.unwrap().is_empty());

    watch(&mut transaction, case, b"first").await.unwrap();
    watch(&mut transaction, case, b"later").await.unwrap();
    assert_eq!(told(&mut transaction, case).await.unwrap().unwrap().0, b"first", "a case is noted once");
    assert!(take_mark(&mut transaction, case, b"first", b"second", id).await.unwrap());
    assert!(!take_mark(&mut transaction, case, b"first", b"second", id).await.unwrap());
    assert_eq!(told(&mut transaction, case).await.unwrap(), Some((b"second".to_vec(), id)));

    let request_id = test.clock.new_id();
    add_request(&mut transaction, &test.keys, request_id, b"wish", now).await.unwrap();
    add_change(&mut transaction, &test.clock, case).await.unwrap();
    note_changes(&mut transaction, now, &[case, other]).await.unwrap();
    for added in [1, 0] {
        let again = add_messages(&mut transaction, Kind::FollowerMessage, other, &[id], now).await.unwrap();
        assert_eq!(again, added, "one change tells a follower once");
    }
    let soon = now + TimeDelta::minutes(1);
    let due = claim(&mut transaction, now, soon, Means::Mail, 10).await.unwrap();
    let mut kinds: Vec<&str> = due.iter().map(|due| due.kind.key()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["case_change", "case_change", "follow_request", "follower_message"]);
    assert!(claim(&mut transaction, now, soon, Means::Mail, 10).await.unwrap().is_empty(), "they are claimed");
    assert_eq!(
        claim(&mut transaction, soon, soon + TimeDelta::minutes(1), Means::Mail, 10).await.unwrap().len(),
        4,
        "the claim is over"
    );

    let message = due.iter().find(|due| due.kind == Kind::FollowerMessage).unwrap();
    settle(&mut transaction, message.id, &Outcome::TryLater(soon, "no connection".into()), now).await.unwrap();
    settle(&mut transaction, message.id, &Outcome::Dead("no".into()), now).await.unwrap();
    settle(&mut transaction, message.id, &Outcome::Sent, now).await.unwrap();
    let given_up = dead(&mut transaction, 5).await.unwrap();
    assert_eq!((given_up[0].id, given_up[0].problem.as_deref(), given_up.len()), (message.id, Some("no"), 1));
    assert!(retry(&mut transaction, message.id, now).await.unwrap());
    assert!(!retry(&mut transaction, message.id, now).await.unwrap());
    settle(&mut transaction, message.id, &Outcome::Dead("no".into()), now).await.unwrap();
    assert_eq!(retry_all(&mut transaction, now).await.unwrap(), 1);
    assert_eq!(retry_all(&mut transaction, now).await.unwrap(), 0);

    settle(&mut transaction, request_id, &Outcome::Sent, now).await.unwrap();
    let kept = request(&mut transaction, &test.keys, request_id).await.unwrap().unwrap();
    assert_eq!((kept.content, kept.created_at), (Sensitive::new(b"wish".to_vec()), now));
    assert!(spend_request(&mut transaction, request_id).await.unwrap());
    assert!(!spend_request(&mut transaction, request_id).await.unwrap());
    assert!(request(&mut transaction, &test.keys, request_id).await.unwrap().is_none());
    assert_eq!(expire_requests(&mut transaction, soon).await.unwrap(), 0);
    assert!(standing(&mut transaction).await.unwrap().iter().any(|row| row.kind == "follow_request" && row.state == "sent"));
    assert_eq!(forget_finished(&mut transaction, soon).await.unwrap(), 1);

    assert_eq!(forget_unwatched(&mut transaction).await.unwrap(), 0);
    assert!(remove(&mut transaction, id).await.unwrap());
    assert!(!remove(&mut transaction, id).await.unwrap());
    assert_eq!(forget_unwatched(&mut transaction).await.unwrap(), 1);

    run_webhooks(test, &mut transaction).await;
    form_draft::add(&mut transaction, &test.keys, id, b"typed", soon).await.unwrap();
    let draft = form_draft::find(&mut transaction, &test.keys, id, now).await.unwrap();
    assert_eq!(draft, Some(Sensitive::new(b"typed".to_vec())));
    assert_eq!(form_draft::find(&mut transaction, &test.keys, id, soon).await.unwrap(), None);
    assert_eq!(form_draft::expire(&mut transaction, soon).await.unwrap(), 1);
    transaction.commit().await.unwrap();
}

async fn run_webhooks(test: &TestStore, transaction: &mut Connection) {
    let (now, number) = (test.clock.now(), ReceiptNumber::parse(NUMBER).unwrap());
    let allowance = Allowance { per_second: NonZeroU32::MIN, per_day: NonZeroU32::MIN };
    let (id, name) = (test.clock.new_id(), "reader".to_owned());
    let (scope, secret_hash) = (Scope::CaseStatus, vec![1; 32]);
    let client = ApiClient { id, name, scope, secret_hash, allowance, created_at: now, revoked_at: None };
    assert!(api_client::add(transaction, &client).await.unwrap());
    assert_eq!(client_of_name(transaction, "reader").await.unwrap(), Some((id, "case-status".into())));
    assert_eq!(webhook_of(transaction, id).await.unwrap(), None);
    let (webhook, url) = (test.clock.new_id(), "https://firm.example/hook");
    assert!(add_webhook(transaction, &test.keys, (webhook, id), url, b"secret", now).await.unwrap());
    assert!(!add_webhook(transaction, &test.keys, (test.clock.new_id(), id), url, b"secret", now).await.unwrap());
    assert_eq!(webhook_of(transaction, id).await.unwrap(), Some(webhook));
    let subscription = test.clock.new_id();
    for again in [subscription, test.clock.new_id()] {
        subscribe(transaction, webhook, &[(again, number.clone())], now).await.unwrap();
    }
    assert_eq!(count_subscriptions(transaction, webhook).await.unwrap(), 1);
    assert_eq!(subscribed(transaction, webhook).await.unwrap(), std::slice::from_ref(&number));
    assert_eq!(some_subscriptions_after(transaction, &number, Uuid::nil(), 5).await.unwrap(), [subscription]);
    assert!(some_subscriptions_after(transaction, &number, subscription, 5).await.unwrap().is_empty());
    let found = subscriber(transaction, &test.keys, subscription).await.unwrap().unwrap();
    assert_eq!((found.number, found.url.as_str(), found.secret), (number.clone(), url, Sensitive::new(b"secret".to_vec())));
    assert_eq!(webhooks(transaction).await.unwrap()[0].numbers, 1);
    assert!(unsubscribe(transaction, webhook, &number).await.unwrap());
    assert!(!unsubscribe(transaction, webhook, &number).await.unwrap());
    assert_eq!(remove_webhook(transaction, "reader", now).await.unwrap(), Some(webhook));
    assert_eq!(remove_webhook(transaction, "reader", now).await.unwrap(), None);
}

#[tokio::test]
async fn a_change_of_a_followed_case_is_noted_in_its_own_transaction() {
    for test in both().await {
        let case = case(&test).await;
        let mut transaction = test.store.begin().await.unwrap();
        watch(&mut transaction, case, b"mark").await.unwrap();
        transaction.commit().await.unwrap();
        // Another case is not followed; the same line again changes nothing.
        take_in_lines(&test, &[line("n2", "EAC9999103404", "IAA", "2026-01-08T14:00:00Z")]).await;
        take_in_lines(&test, &[line("n1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
        let soon = test.clock.now() + TimeDelta::minutes(1);
        let mut transaction = test.store.begin().await.unwrap();
        assert!(claim(&mut transaction, test.clock.now(), soon, Means::Mail, 10).await.unwrap().is_empty());
        drop(transaction);
        take_in_lines(&test, &[line("n3", NUMBER, "DA", "2026-01-09T14:00:00Z")]).await;
        let mut transaction = test.store.begin().await.unwrap();
        let due = claim(&mut transaction, test.clock.now(), soon, Means::Mail, 10).await.unwrap();
        assert!(!due.is_empty() && due.iter().all(|due| (due.kind, due.subject) == (Kind::CaseChange, case)), "{due:?}");
    }
}

#[tokio::test]
async fn two_that_claim_at_once_never_get_the_same_row() {
    for test in both().await {
        let now = test.clock.now();
        let mut transaction = test.store.begin().await.unwrap();
        let subjects: Vec<Uuid> = (0..200).map(|_| test.clock.new_id()).collect();
        add_messages(&mut transaction, Kind::FollowerMessage, Uuid::nil(), &subjects, now).await.unwrap();
        transaction.commit().await.unwrap();
        let claimer = async || {
            let mut mine = Vec::new();
            loop {
                let mut transaction = test.store.begin().await.unwrap();
                let some = claim(&mut transaction, now, now + TimeDelta::minutes(1), Means::Mail, 7).await.unwrap();
                transaction.commit().await.unwrap();
                if some.is_empty() {
                    return mine;
                }
                mine.extend(some.into_iter().map(|due| due.subject));
            }
        };
        let (a, b, c) = tokio::join!(claimer(), claimer(), claimer());
        let mut all = [a, b, c].concat();
        all.sort_unstable();
        all.dedup();
        let mut subjects = subjects;
        subjects.sort_unstable();
        // Whoever came second to some rows may have left while they were claimed: nothing is claimed twice, all come in the end.
        assert_eq!(all, subjects);
    }
}

#[test]
fn the_pause_between_attempts_grows_up_to_six_hours() {
    let minutes: Vec<i64> = (1..=12).map(|attempt| pause_after(attempt).num_minutes()).collect();
    assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
}
