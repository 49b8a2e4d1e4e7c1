//! Requests and their events.

use chrono::TimeDelta;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use shared::service_request::{RequestKind, RequestNumber, Source, Target};
use uuid::Uuid;

use super::{line, take_in_lines};
use crate::engine::Connection;
use crate::notification::{self, Kind, NewMessage};
use crate::service_request::*;
use crate::testing::{TestStore, both};
use crate::{case_feed, case_status, form_draft};

const NUMBER: &str = "EAC9999103403";

fn new<'a>(test: &TestStore, number: &'a RequestNumber, case: Uuid, submission: Uuid) -> NewRequest<'a> {
    NewRequest {
        id: test.clock.new_id(),
        number,
        case,
        kind: RequestKind::CardNotReceived,
        round: 1,
        follows: None,
        source: Source::EReq,
        submission,
        locale: Locale::Es,
        content: b"what was told",
        state: "stored",
        target: Target::THIRTY_DAYS,
        due_on: "2026-12-21".parse().unwrap(),
        received_at: test.clock.now(),
        version: 2,
        callback: Some(b"digits".to_vec()),
    }
}

/// The callers of two requests are given other digits.
fn other_digits(new: NewRequest<'_>) -> NewRequest<'_> {
    NewRequest { callback: None, ..new }
}

async fn case(transaction: &mut Connection) -> Uuid {
    case_feed::case_id(transaction, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap().unwrap()
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    take_in_lines(test, &[line("s1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
    let now = test.clock.now();
    let mut transaction = test.store.begin().await.unwrap();
    let case = case(&mut transaction).await;
    let (number, other) = (RequestNumber::new(2026, [1; 16]), RequestNumber::new(2026, [2; 16]));
    let request = new(test, &number, case, Uuid::from_u128(7));
    assert!(add(&mut transaction, &test.keys, &request).await.unwrap());
    for again in [new(test, &other, case, Uuid::from_u128(7)), new(test, &other, case, Uuid::from_u128(8))].map(other_digits) {
        assert!(!add(&mut transaction, &test.keys, &again).await.unwrap(), "one form, and one round, is one request");
    }
    let found = find(&mut transaction, request.id).await.unwrap().unwrap();
    assert_eq!((found.number, found.case, found.receipt_number.as_str()), (number.clone(), case, NUMBER));
    assert_eq!((found.kind, found.source, found.locale, found.round), (request.kind, Source::EReq, Locale::Es, 1));
    assert_eq!((found.target, found.due_on, found.received_at), (request.target, request.due_on, now));
    assert_eq!(by_number(&mut transaction, &number).await.unwrap(), Some(request.id));
    assert_eq!(by_number(&mut transaction, &other).await.unwrap(), None);
    assert_eq!(by_callback(&mut transaction, b"digits").await.unwrap(), Some(request.id));
    assert_eq!(by_callback(&mut transaction, b"others").await.unwrap(), None);
    assert_eq!(by_submission(&mut transaction, request.submission).await.unwrap(), Some(request.id));
    assert_eq!(latest(&mut transaction, case, request.kind).await.unwrap().map(|found| found.id), Some(request.id));
    assert!(latest(&mut transaction, case, RequestKind::Expedite).await.unwrap().is_none());
    assert_eq!(of_case(&mut transaction, case).await.unwrap(), [request.id]);
    let told = content(&mut transaction, &test.keys, request.id).await.unwrap();
    assert_eq!(told, Some(Sensitive::new(b"what was told".to_vec())));

    let event =
        |id, position, content| NewEvent { id, request: request.id, position, at: now, actor: "public", event: "{}", content };
    let [received, stored, plain, worded] = std::array::from_fn(|_| test.clock.new_id());
    let first = [(received, now, "[0]".to_owned()), (stored, now, "[1]".to_owned())];
    add_first_events(&mut transaction, request.id, "public", &first).await.unwrap();
    add_event(&mut transaction, &test.keys, &event(plain, 2, None)).await.unwrap();
    add_event(&mut transaction, &test.keys, &event(worded, 3, Some((case, b"words")))).await.unwrap();
    let kept = events(&mut transaction, request.id).await.unwrap();
    let kept: Vec<_> = kept.iter().map(|kept| (kept.id, kept.event.as_str(), kept.has_content)).collect();
    assert_eq!(kept, [(received, "[0]", false), (stored, "[1]", false), (plain, "{}", false), (worded, "{}", true)]);
    let found = find(&mut transaction, request.id).await.unwrap().unwrap();
    let words = event_content(&mut transaction, &test.keys, &found, worded).await.unwrap();
    assert_eq!(words, Some(Sensitive::new(b"words".to_vec())));
    assert_eq!(event_content(&mut transaction, &test.keys, &found, plain).await.unwrap(), None);

    assert!(hold(&mut transaction, request.id).await.unwrap());
    assert!(!hold(&mut transaction, plain).await.unwrap());
    assert_eq!(some_open_after(&mut transaction, Uuid::nil(), 5).await.unwrap(), [request.id]);
    super::request_queue::run(test, &mut transaction, case, request.id).await;
    assert!(!some_open_after(&mut transaction, Uuid::nil(), 5).await.unwrap().contains(&request.id));
    let found = find(&mut transaction, request.id).await.unwrap().unwrap();
    assert_eq!((found.state.as_str(), found.office.as_deref()), ("withdrawn", Some("NBC")));

    let proof = case_status::proof(&mut transaction, &test.keys, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap();
    assert_eq!((proof.case, proof.postal_code), (Some(case), Some(Sensitive::new("22150".into()))));
    for unknown in ["EAC9999103402", "ZZZ9999999999"] {
        let proof = case_status::proof(&mut transaction, &test.keys, &ReceiptNumber::parse(unknown).unwrap()).await.unwrap();
        assert_eq!((proof.case, proof.postal_code), (None, None), "{unknown}");
    }

    let first = [test.clock.new_id(), test.clock.new_id()];
    notification::add_first_messages(&mut transaction, request.id, first, now).await.unwrap();
    let message = NewMessage {
        id: test.clock.new_id(),
        kind: Kind::RequestMail,
        subject: request.id,
        change: request.id,
        parameters: Some(b"to whom"),
        due_at: now,
    };
    notification::add_message(&mut transaction, &test.keys, &message, now).await.unwrap();
    let again = NewMessage { id: test.clock.new_id(), ..message };
    notification::add_message(&mut transaction, &test.keys, &again, now).await.unwrap();
    let held = notification::parameters(&mut transaction, &test.keys, message.id).await.unwrap();
    assert_eq!(held, Some(Sensitive::new(b"to whom".to_vec())));
    assert_eq!(notification::parameters(&mut transaction, &test.keys, again.id).await.unwrap(), None, "one cause, one row");

    let (draft, later) = (test.clock.new_id(), now + TimeDelta::hours(1));
    for text in [b"first", b"later"] {
        form_draft::put(&mut transaction, &test.keys, draft, text, later).await.unwrap();
    }
    let kept = form_draft::find(&mut transaction, &test.keys, draft, now).await.unwrap();
    assert_eq!(kept, Some(Sensitive::new(b"later".to_vec())));
    assert_eq!(form_draft::until(&mut transaction, draft, now).await.unwrap(), Some(later));
    assert_eq!(form_draft::until(&mut transaction, draft, later).await.unwrap(), None);
    assert!(form_draft::remove(&mut transaction, draft).await.unwrap());
    assert!(!form_draft::remove(&mut transaction, draft).await.unwrap());
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn events_of_requests_are_never_changed() {
    for test in both().await {
        run(&test).await;
        for change in ["UPDATE service_request_event SET event = ''", "DELETE FROM service_request_event"] {
            let mut transaction = test.store.begin().await.unwrap();
            let changed = match transaction.on() {
                crate::engine::On::Sqlite(connection) => sqlx::query(change).execute(connection).await.map(|_| ()),
                crate::engine::On::Postgres(connection) => sqlx::query(change).execute(connection).await.map(|_| ()),
            };
            assert!(changed.unwrap_err().to_string().contains("append-only"), "{change}");
        }
    }
}
