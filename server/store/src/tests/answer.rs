//! Answers, who gets them, what is printed, and what the case system is to do.

use shared::answer::{Channel, Command, CommandState, Delivery, Form, Next, Recipient, Stage, Template, TemplateUse};
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use shared::service_request::{Place, Placement, RequestKind, RequestNumber, Source, Target};
use uuid::Uuid;

use super::{line, take_in_lines};
use crate::answer::*;
use crate::engine::Connection;
use crate::testing::{TestStore, both};
use crate::{case_feed, request_queue, service_request};

/// Of no other test: its person has a name of their own.
const NUMBER: &str = "EAC9999103499";
const WRITER: Uuid = Uuid::from_u128(11);
const OTHER: Uuid = Uuid::from_u128(12);

/// A request about a case at an office.
async fn request(test: &TestStore, transaction: &mut Connection) -> (Uuid, Uuid) {
    let case = case_feed::case_id(transaction, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap().unwrap();
    (request_about(test, transaction, case, 9).await, case)
}

/// The same, by the case and what its number is made of.
pub async fn request_about(test: &TestStore, transaction: &mut Connection, case: Uuid, random: u8) -> Uuid {
    let id = test.clock.new_id();
    let new = service_request::NewRequest {
        id,
        number: &RequestNumber::new(2026, [random; 16]),
        case,
        kind: RequestKind::CardNotReceived,
        round: 1,
        follows: None,
        source: Source::EReq,
        submission: test.clock.new_id(),
        locale: Locale::Es,
        content: b"{}",
        state: "opened",
        target: Target::THIRTY_DAYS,
        due_on: "2026-12-21".parse().unwrap(),
        received_at: test.clock.now(),
        version: 3,
        callback: None,
    };
    assert!(service_request::add(transaction, &test.keys, &new).await.unwrap());
    let placement = Placement {
        office: Some(OfficeCode::parse("NBC").unwrap()),
        place: Place::Working,
        officer: None,
        due_on: new.due_on,
        owed_on: Some(new.due_on),
        open_by: None,
        mail: None,
    };
    let at = test.clock.now();
    let placed = request_queue::Placed { id, state: "opened", version: 3, placement: &placement, review_since: None, at };
    request_queue::place(transaction, &placed).await.unwrap();
    id
}

fn new<'a>(test: &TestStore, request: Uuid, case: Uuid, draft: &'a [u8]) -> NewAnswer<'a> {
    NewAnswer {
        id: test.clock.new_id(),
        request,
        case,
        form: Form::Letter,
        stage: Stage::Final,
        locale: Locale::Es,
        draft,
        written_by: WRITER,
        at: test.clock.now(),
    }
}

async fn stored(connection: &mut Connection, id: Uuid) -> StoredAnswer {
    find(connection, id).await.unwrap().unwrap()
}

fn said(text: &str) -> Sensitive<String> {
    Sensitive::new(text.to_owned())
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let mut event = line("answered-1", NUMBER, "IAA", "2026-01-07T14:00:00Z");
    event.applicant.as_mut().unwrap().name.family = "Muñoz".to_owned();
    take_in_lines(test, &[event]).await;
    let mut transaction = test.store.begin().await.unwrap();
    let (request, case) = request(test, &mut transaction).await;
    answer_from_draft_to_complaint(test, &mut transaction, request, case).await;
    printing(test, &mut transaction, request, case).await;
    commands(test, &mut transaction, request, case).await;
    names_of_others(&mut transaction, case).await;
    template_versions(test, &mut transaction).await;
    transaction.commit().await.unwrap();
}

async fn answer_from_draft_to_complaint(test: &TestStore, transaction: &mut Connection, request: Uuid, case: Uuid) {
    let (keys, now) = (&test.keys, test.clock.now());
    let first = new(test, request, case, b"first");
    assert!(begin(transaction, keys, &first).await.unwrap());
    assert!(!begin(transaction, keys, &new(test, request, case, b"another")).await.unwrap(), "one is written at a time");
    let answer = under_way(transaction, request).await.unwrap().unwrap();
    assert_eq!((answer.id, answer.version, answer.state, answer.written_by), (first.id, 1, AnswerState::Draft, WRITER));
    let second =
        NewAnswer { draft: b"second", stage: Stage::Interim(Next::WeGoOn), written_by: OTHER, ..new(test, request, case, b"") };
    assert!(save(transaction, keys, &answer, 1, &second).await.unwrap());
    assert!(!save(transaction, keys, &answer, 1, &second).await.unwrap(), "somebody has saved it since");
    let saved = stored(transaction, answer.id).await;
    assert_eq!((saved.version, saved.stage, saved.written_by), (2, Stage::Interim(Next::WeGoOn), OTHER));
    assert!(!set_state(transaction, keys, &answer, AnswerState::AwaitingReview, None, now).await.unwrap(), "of an old version");
    assert!(set_state(transaction, keys, &saved, AnswerState::AwaitingReview, None, now).await.unwrap());
    assert_eq!(to_review(transaction, "NBC", 5).await.unwrap(), [answer.id]);
    assert!(to_review(transaction, "LIN", 5).await.unwrap().is_empty());
    let waits = stored(transaction, answer.id).await;
    assert!(set_state(transaction, keys, &waits, AnswerState::Draft, Some("Say when."), now).await.unwrap());
    let back = stored(transaction, answer.id).await;
    let opened = texts(transaction, keys, &back).await.unwrap();
    assert_eq!((opened.draft, opened.note, opened.content), (Sensitive::new(b"second".to_vec()), Some(said("Say when.")), None));
    assert!(!complain(transaction, keys, &back, "It is not out yet.", now).await.unwrap());
    assert_eq!(release(transaction, keys, &back, b"letter", OTHER, now).await.unwrap(), Some(1));
    assert_eq!(release(transaction, keys, &back, b"letter", OTHER, now).await.unwrap(), None, "once");
    assert!(under_way(transaction, request).await.unwrap().is_none());
    let out = stored(transaction, answer.id).await;
    assert_eq!((out.state, out.number, out.released_by, out.released_at), (AnswerState::Released, Some(1), Some(OTHER), Some(now)));
    for hash in [[1; 32], [2; 32]] {
        set_hash(transaction, answer.id, &hash).await.unwrap();
    }
    assert_eq!(stored(transaction, answer.id).await.pdf_sha256, Some(vec![1; 32]), "the first document counts");
    assert!(complain(transaction, keys, &out, "No day in it.", now).await.unwrap());
    assert!(!complain(transaction, keys, &out, "Again.", now).await.unwrap(), "once");
    let opened = texts(transaction, keys, &out).await.unwrap();
    assert_eq!((opened.complaint, opened.content), (Some(said("No day in it.")), Some(Sensitive::new(b"letter".to_vec()))));
    let next = new(test, request, case, b"next");
    assert!(begin(transaction, keys, &next).await.unwrap());
    let next = stored(transaction, next.id).await;
    assert_eq!(release(transaction, keys, &next, b"letter", WRITER, now).await.unwrap(), Some(2));
    let numbers: Vec<_> = released(transaction, request).await.unwrap().into_iter().map(|answer| answer.number).collect();
    assert_eq!(numbers, [Some(1), Some(2)]);
}

async fn printing(test: &TestStore, transaction: &mut Connection, request: Uuid, case: Uuid) {
    let (keys, now) = (&test.keys, test.clock.now());
    let answer = released(transaction, request).await.unwrap().pop().unwrap().id;
    let id = test.clock.new_id();
    let letter_to = NewRecipient {
        id,
        answer,
        case,
        recipient: Recipient::Person,
        channel: Channel::Letter,
        office: "NBC",
        state: Delivery::Prepared,
        at: now,
        content: Some(b"on paper"),
    };
    add_recipient(transaction, keys, &letter_to).await.unwrap();
    let mail = NewRecipient {
        id: test.clock.new_id(),
        recipient: Recipient::Representative,
        channel: Channel::Email,
        content: None,
        ..letter_to
    };
    add_recipient(transaction, keys, &mail).await.unwrap();
    assert_eq!(recipients_of(transaction, answer).await.unwrap().len(), 2);
    assert_eq!(letter(transaction, keys, id).await.unwrap(), Some(Sensitive::new(b"on paper".to_vec())));
    assert_eq!(letter(transaction, keys, mail.id).await.unwrap(), None);
    assert_eq!(offices_to_print(transaction).await.unwrap(), ["NBC"]);
    assert_eq!(to_print(transaction, "NBC", Uuid::nil(), 5).await.unwrap().len(), 1, "mails are not printed");
    assert!(to_print(transaction, "NBC", id, 5).await.unwrap().is_empty());
    assert_eq!(count_to_print(transaction, "NBC").await.unwrap(), 1);
    assert_eq!(count_to_print(transaction, "LIN").await.unwrap(), 0);
    let printed = test.clock.new_id();
    add_batch(transaction, printed, "NBC", 1, "operator", now).await.unwrap();
    assert!(put_in_batch(transaction, id, printed, now).await.unwrap());
    assert!(!put_in_batch(transaction, id, printed, now).await.unwrap());
    assert!(recount_batch(transaction, printed).await.unwrap());
    assert!(take_out_of_batch(transaction, id, printed, now).await.unwrap());
    assert!(!take_out_of_batch(transaction, id, printed, now).await.unwrap());
    assert!(!recount_batch(transaction, printed).await.unwrap(), "nothing is left of it");
    assert!(batch(transaction, printed).await.unwrap().is_none());
    add_batch(transaction, printed, "NBC", 1, "operator", now).await.unwrap();
    assert!(put_in_batch(transaction, id, printed, now).await.unwrap());
    assert!(!put_in_batch(transaction, mail.id, printed, now).await.unwrap());
    set_letter_hash(transaction, id, &[3; 32]).await.unwrap();
    let in_batch = of_batch(transaction, printed).await.unwrap();
    assert_eq!((in_batch.len(), in_batch[0].state, &in_batch[0].pdf_sha256), (1, Delivery::Sent, &Some(vec![3; 32])));
    assert!(!acknowledge_batch(transaction, printed, "officer", now).await.unwrap(), "it was never laid down");
    assert!(lay_down(transaction, printed, &LaidDown { manifest: "{}", sha256: &[4; 32], at: now }).await.unwrap());
    assert_eq!(open_batches(transaction, 5).await.unwrap().len(), 1);
    assert_eq!(open_batches_at(transaction, "NBC", 5).await.unwrap().len(), 1);
    assert!(open_batches_at(transaction, "LIN", 5).await.unwrap().is_empty());
    assert!(acknowledge_batch(transaction, printed, "officer", now).await.unwrap());
    assert!(!acknowledge_batch(transaction, printed, "officer", now).await.unwrap());
    assert!(open_batches(transaction, 5).await.unwrap().is_empty());
    let done = batch(transaction, printed).await.unwrap().unwrap();
    assert_eq!((done.sha256, done.acknowledged_at, done.letters), (Some(vec![4; 32]), Some(now), 1));
    assert!(set_delivery(transaction, id, Delivery::Sent, Delivery::Acknowledged, now).await.unwrap());
    assert!(!set_delivery(transaction, id, Delivery::Sent, Delivery::Returned, now).await.unwrap());
    assert_eq!(recipient(transaction, id).await.unwrap().unwrap().state, Delivery::Acknowledged);
    assert!(!letter_came_back(transaction, request).await.unwrap());
    assert!(set_delivery(transaction, id, Delivery::Acknowledged, Delivery::Returned, now).await.unwrap());
    assert!(letter_came_back(transaction, request).await.unwrap());
}

async fn commands(test: &TestStore, transaction: &mut Connection, request: Uuid, case: Uuid) {
    let (keys, now) = (&test.keys, test.clock.now());
    let correct = Command::CorrectData { field: "given_name".into(), from: "Anna".into(), to: "Ana".into() };
    let mut ids = Vec::new();
    for (command, position) in [(&correct, 1), (&Command::RemailCard, 2)] {
        let new = NewCommand { id: test.clock.new_id(), request, case, command, asked_by: WRITER, at: now };
        ids.push(new.id);
        assert_eq!(add_command(transaction, keys, &new).await.unwrap(), position);
    }
    let all = commands_after(transaction, keys, 0, 5).await.unwrap();
    assert_eq!(all.iter().map(|command| &command.command).collect::<Vec<_>>(), [&correct, &Command::RemailCard]);
    assert_eq!((all[0].number.as_str(), all[0].state), (NUMBER, CommandState::Requested));
    assert_eq!(commands_after(transaction, keys, 1, 5).await.unwrap().len(), 1);
    assert_eq!((mark_sent(transaction, 1, now).await.unwrap(), mark_sent(transaction, 1, now).await.unwrap()), (1, 0));
    let first = command(transaction, keys, ids[0]).await.unwrap().unwrap();
    let why = Some("no such field");
    assert!(settle_command(transaction, keys, &first, CommandState::Refused, why, now).await.unwrap());
    assert!(!settle_command(transaction, keys, &first, CommandState::Confirmed, None, now).await.unwrap(), "it was settled since");
    let of_request = commands_of(transaction, keys, request).await.unwrap();
    assert_eq!((of_request[0].state, &of_request[0].reason), (CommandState::Refused, &Some(said("no such field"))));
    assert_eq!((of_request[1].state, &of_request[1].reason), (CommandState::Requested, &None));
}

async fn names_of_others(transaction: &mut Connection, case: Uuid) {
    let elsewhere = Uuid::from_u128(99);
    for (given, family, of, is) in [
        ("Ana", "Muñoz", elsewhere, true),
        ("ANA", "muñoz", elsewhere, true),
        ("Ana", "Muñoz", case, false),
        ("Eva", "Muñoz", elsewhere, false),
    ] {
        assert_eq!(is_somebody_else(transaction, given, family, of).await.unwrap(), is, "{given} {family}");
    }
    let people = people(transaction, case).await.unwrap();
    assert_eq!((people[0].role.as_str(), people[0].family_name.as_str()), ("applicant", "Muñoz"));
}

async fn template_versions(test: &TestStore, transaction: &mut Connection) {
    let now = test.clock.now();
    let template = |en: &str| {
        let kinds = [RequestKind::CardNotReceived, RequestKind::Expedite];
        Template::new("card-mailed", TemplateUse::Answer, kinds, "Card mailed", en, "El {mailed_on}.").unwrap()
    };
    for (version, en) in [(1, "On {mailed_on}."), (2, "Mailed on {mailed_on}.")] {
        assert_eq!(add_template(transaction, &template(en), "officer", now).await.unwrap(), version);
    }
    let in_use = templates(transaction).await.unwrap();
    assert_eq!((in_use.len(), in_use[0].version), (1, 2));
    assert_eq!(in_use[0].template, template("Mailed on {mailed_on}."));
    assert!(retire_template(transaction, "card-mailed", "officer", now).await.unwrap());
    assert!(!retire_template(transaction, "card-mailed", "officer", now).await.unwrap());
    assert!(templates(transaction).await.unwrap().is_empty());
    assert_eq!(add_template(transaction, &template("On {mailed_on}."), "officer", now).await.unwrap(), 4, "and comes back");
}

#[tokio::test]
async fn answers_open_with_the_key_of_their_case_and_in_their_place_only() {
    for test in both().await {
        run(&test).await;
        let mut connection = test.store.read().await.unwrap();
        let case = case_feed::case_id(&mut connection, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap().unwrap();
        let request = service_request::of_case(&mut connection, case).await.unwrap()[0];
        let answers = released(&mut connection, request).await.unwrap();
        drop(connection);
        let moved = format!(
            "UPDATE answer SET draft = (SELECT content FROM answer AS other WHERE other.number = 1) WHERE number = {}",
            answers[1].number.unwrap()
        );
        assert_eq!(crate::testing::meddle(&test.store, &moved).await.unwrap(), 1);
        let mut connection = test.store.read().await.unwrap();
        assert!(texts(&mut connection, &test.keys, &answers[0]).await.is_ok());
        assert!(texts(&mut connection, &test.keys, &answers[1]).await.is_err(), "another column's bytes do not open here");
    }
}
