//! Requests of partners that come with their text, on both engines.

use shared::agreement::Made;
use shared::ident::AskedAbout;
use shared::partner_query::{Failing, InboundState, PartnerReference};
use store::partner_query::ForeignState;

use super::*;
use crate::partner_query::written::errors;

const ASKED: &str = "CA-2026-0000001";

/// A request of Canada's as it writes it, with some lines as they are not.
fn text(changes: &[(&str, &str)]) -> String {
    let lines = [
        ("Transaction number", ASKED),
        ("Prior transaction number", "CA-2026-0000000"),
        ("Direction", "in"),
        ("Partner", "CA"),
        ("Agreement version", "1"),
        ("Step", "second"),
        ("Date", "2026-03-10"),
        ("Reason", "VISA"),
        ("Priority", "H"),
        ("Requestor", "R. Maple"),
        ("Department", "Visa Office"),
        ("Requestor contact", "1 Example Street, Ottawa"),
        ("Surname and given names", "Ejemplo, Ana"),
        ("FPS number", "FPS-0000001"),
        ("Information requested", "full_name"),
        ("Information requested", "birth_date"),
        ("Information requested", "a_number"),
        ("Information requested", "STATUS"),
    ];
    let said = |name: &str, value| changes.iter().find(|(changed, _)| *changed == name).map_or(value, |(_, other)| *other);
    let fields: Vec<String> = lines.into_iter().map(|(name, value)| format!("{name}: {}\n", said(name, value))).collect();
    format!("PORTICO-MESSAGE/1 CA 1 request\n{}END {}\n", fields.concat(), lines.len())
}

/// The message around it.
fn request(written: &str) -> PartnerAsk {
    PartnerAsk {
        step: Step::Second,
        prior: Some(number("CA-2026-0000000")),
        is_first_answer: false,
        subject: Sensitive::new(AskedAbout {
            full_name: ShortLine::parse("Ejemplo, Ana").ok(),
            partner_fingerprint: PartnerReference::parse("FPS-0000001").ok(),
            ..AskedAbout::default()
        }),
        written: Sensitive::new(Some(written.to_owned())),
        ..canada(ASKED)
    }
}

async fn in_state(desk: &Desk, state: InboundState) -> usize {
    let mut connection = desk.ctx.partner_data().unwrap().store.read_primary().await.unwrap();
    rows::foreign_in_state(&mut connection, ForeignState::Request(state), 9).await.unwrap().len()
}

/// What the partner is to be told next.
async fn told(desk: &Desk) -> OutgoingErrors {
    let due = next_to_answer(&desk.ctx, Actor::System).await.unwrap().expect("the partner is told");
    assert!(due.a_numbers.is_empty(), "nobody was looked up");
    match decide(&desk.ctx, Actor::System, &due, &CisAnswer::Failed).await.unwrap() {
        Decided::Unreadable(errors) => errors,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_says_what_its_message_says() {
    assert_eq!(errors(&request(&text(&[]))).unwrap(), Vec::<String>::new());
    for (line, other, field) in [
        ("Transaction number", "CA-2026-0000009", "Transaction number"),
        ("Prior transaction number", "CA-2026-0000009", "Prior transaction number"),
        ("Direction", "out", "Direction"),
        ("Step", "third", "Step"),
        ("Reason", "CIT", "Reason"),
        ("Priority", "L", "Priority"),
        ("Surname and given names", "Muster, Ben", "Full name"),
        ("FPS number", "FPS-0000002", "Fingerprint number of the partner"),
        ("Information requested", "PHOTO", "Information wanted"),
    ] {
        let said = format!("{field}: the text says something else than the message that brought it; send the request anew");
        assert_eq!(errors(&request(&text(&[(line, other)]))).unwrap(), [said], "{line}");
    }
    let unnamed = PartnerAsk { subject: Sensitive::default(), ..request(&text(&[])) };
    assert_eq!(errors(&unnamed).unwrap(), Vec::<String>::new(), "what the message does not say cannot be contradicted");
}

#[test]
fn a_text_that_cannot_be_read_says_where() {
    let first = |text: &str| errors(&request(text)).unwrap().remove(0);
    assert_eq!(first(&text(&[("Reason", "HOLIDAY")])), "line 9, Reason: it is none of the template's codes");
    assert!(first("Dear colleagues").starts_with("line 1: this is no message; begin with PORTICO-MESSAGE/1"));
    assert!(first(&text(&[]).replace("CA 1 request", "CA 2 request")).starts_with("line 1: the message is in another template"));
    assert!(
        first(&text(&[]).replace("CA 1 request", "AU 1 request")).starts_with("line 2: the template has no field of this name")
    );
    let first_query = PartnerAsk { is_first_answer: true, ..request("Dear colleagues") };
    assert_eq!(errors(&first_query).unwrap(), Vec::<String>::new(), "a machine answers it, and reads no text");
    let untold = PartnerAsk { written: Sensitive::default(), ..first_query };
    assert_eq!(errors(&PartnerAsk { is_first_answer: false, ..untold }).unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_request_with_its_text_goes_to_people() {
    for desk in desks().await {
        assert!(desk.answer(request(&text(&[])), &FREE).await.is_none(), "an analyst prepares it");
        assert_eq!(in_state(&desk, InboundState::Assigned).await, 1);
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_told_so_and_is_about_nobody() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let wrong = request(&text(&[("Reason", "HOLIDAY"), ("Priority", "L")]));
        assert_eq!(desk.hears(vec![Incoming::Ask(Box::new(wrong.clone()))]).await, 1);
        assert_eq!(in_state(&desk, InboundState::Failed(Failing::Message)).await, 1);
        let errors = told(&desk).await;
        assert_eq!(
            (errors.transaction_number.as_str(), errors.errors.len()),
            (ASKED, 1),
            "what cannot be read contradicts nothing"
        );
        assert!(errors.errors[0].starts_with("line 9, Reason: "));
        assert!(next_to_answer(ctx, Actor::System).await.unwrap().is_none(), "nobody else tells it");

        errors_told(ctx, Actor::System, &errors, Outcome::Later(chrono::TimeDelta::minutes(5))).await.unwrap();
        let analyst = officer(ctx, 11, Role::IctsAnalyst);
        assert_eq!(unread(ctx, &analyst).await.unwrap()[0].told_at, None);
        ctx.clock.advance(chrono::TimeDelta::minutes(5));
        let again = told(&desk).await;
        assert_eq!(again.errors, errors.errors);
        errors_told(ctx, Actor::System, &again, Outcome::Sent).await.unwrap();
        assert!(next_to_answer(ctx, Actor::System).await.unwrap().is_none(), "it is told once");
        let seen = unread(ctx, &analyst).await.unwrap().remove(0);
        assert_eq!((seen.partner, seen.transaction_number.as_str(), seen.told_at), (Partner::Canada, ASKED, Some(ctx.now())));
        assert_eq!(seen.errors, errors.errors);
        assert!(matches!(unread(ctx, &raio(ctx)).await, Err(crate::Error::Refused)));

        assert_eq!(desk.disclosed().await, []);
        assert!(suppressions(ctx, &officer(ctx, 4, Role::PrivacyOfficer)).await.unwrap().is_empty(), "nobody was looked up");
        let mut connection = ctx.partner_data().unwrap().store.read_primary().await.unwrap();
        let made = rows::made(&mut connection, Partner::Canada, Direction::In, ctx.year()).await.unwrap();
        drop(connection);
        assert_eq!(made, Made::default(), "it is no query of the year's");

        // It is mended, and comes under another number.
        let mended = PartnerAsk {
            transaction_number: number("CA-2026-0000002"),
            ..request(&text(&[("Transaction number", "CA-2026-0000002")]))
        };
        assert!(desk.answer(mended, &FREE).await.is_none(), "an analyst prepares it");
        assert_eq!(in_state(&desk, InboundState::Assigned).await, 1);
    }
}

#[tokio::test]
async fn whoever_is_meant_the_errors_are_the_same() {
    for desk in desks_with(PROTECTED).await {
        let nobody = PartnerAsk { found: Sensitive::default(), transaction_number: number("CA-2026-0000002"), ..request("Hello") };
        for asked in [request("Hello"), nobody] {
            assert_eq!(desk.hears(vec![Incoming::Ask(Box::new(asked))]).await, 1);
        }
        let (first, second) = (told(&desk).await, told(&desk).await);
        assert_eq!(first.errors, second.errors);
        assert!(next_to_answer(&desk.ctx, Actor::System).await.unwrap().is_none());
    }
}
