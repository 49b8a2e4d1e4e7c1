//! Requests that are taken in for somebody.

use std::collections::BTreeMap;

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::{intake_at, with_query},
    crate::console::service_request::kept::{IntakeSaid, Kept, KeptIntake, keep},
    crate::console::site::{CALLS, TAKE_IN},
    chrono::NaiveDate,
    domain::e_request::typed_answers,
    domain::service_request::{self as requests, Intake, TakenIn},
    shared::e_request::Answers,
    shared::locale::Locale,
    shared::office::OfficeCode,
    shared::service_request::{RequestKind, Source},
    uuid::Uuid,
};

/// Takes a request in for somebody.
#[server(TakeIn, prefix = "/_fn", endpoint = "console/service_request/take_in")]
pub async fn take_in(
    #[server(default)] submission: String,
    #[server(default)] office: String,
    #[server(default)] source: String,
    #[server(default)] kind: String,
    #[server(default)] received_on: String,
    #[server(default)] locale: String,
    #[server(default)] typed: BTreeMap<String, String>,
    // The call in which it is taken, if it is.
    #[server(default)] call: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let call: Option<Uuid> = call.parse().ok();
    let (Ok(at), Some(source), Some(kind), Ok(submission)) =
        (OfficeCode::parse(&office), Source::from_key(&source), RequestKind::from_key(&kind), submission.parse::<Uuid>())
    else {
        return failed(reply, &domain::Error::Refused);
    };
    let ctx = &at_work.console.domain;
    let answers = answers_of(kind, &typed);
    let day = match received_on.trim() {
        "" => Some(None),
        day => day.parse::<NaiveDate>().ok().map(Some),
    };
    let taken = match day {
        None => Ok(TakenIn::WrongDay),
        Some(received_on) => {
            let locale = Locale::from_tag(&locale);
            let office = at.clone();
            let intake = Intake { submission, office, source, kind, received_on, locale, answers: answers.clone(), call };
            requests::take_in(ctx, at_work.officer(), &intake).await
        }
    };
    let said = match taken {
        Ok(TakenIn::Stored { number, call_back, .. }) => {
            let number = number.grouped();
            let outcome = match call_back {
                Some(digits) => Outcome {
                    once: Some(digits),
                    ..Outcome::done(format!(
                        "The request is taken in as {number}. Tell the caller this number, and these eight digits for when they call \
                         again; they are not shown any more:"
                    ))
                },
                None => Outcome::done(format!("This form was taken in before, as {number}.")),
            };
            outcome.say(&reply, &at_work);
            // A call ends with the request that was taken in it.
            match call {
                Some(call) => reply.go_on_to(&format!("{CALLS}/{call}")),
                None => reply.go_on_to(&intake_at(&at)),
            }
            return Ok(());
        }
        Ok(TakenIn::Problems(_)) => IntakeSaid::Problems,
        Ok(TakenIn::WrongDay) => IntakeSaid::WrongDay,
        Ok(TakenIn::NoCase) => IntakeSaid::NoCase,
        Ok(TakenIn::UnderWay(number)) => IntakeSaid::UnderWay(number.grouped()),
        Err(error) => return failed(reply, &error),
    };
    let kept = Kept::Intake(KeptIntake { submission, received_on, locale, answers, said });
    match keep(&at_work, &kept).await {
        Ok(id) => {
            let pairs = [
                ("office", office),
                ("source", source.key().to_owned()),
                ("kind", kind.key().to_owned()),
                ("kept", id.to_string()),
            ];
            let of_call = call.map(|call| ("call", call.to_string()));
            let pairs: Vec<_> = pairs.into_iter().chain(of_call).collect();
            reply.go_on_to(&with_query(TAKE_IN, &pairs));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// What was typed, for the questions that follow from it: some are asked because of others.
#[cfg(feature = "ssr")]
fn answers_of(kind: RequestKind, typed: &BTreeMap<String, String>) -> Answers {
    let first = typed_answers(&requests::questions(kind, &Answers::default()), typed);
    typed_answers(&requests::questions(kind, &first), typed)
}
