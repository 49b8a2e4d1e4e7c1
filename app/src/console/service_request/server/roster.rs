//! Who takes an office's requests.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::with_query,
    crate::console::site::ROSTER,
    crate::reply::Reply,
    chrono::NaiveDate,
    domain::service_request::{self as requests, Share},
    shared::office::OfficeCode,
    shared::service_request::{OfficerId, RequestKind},
};

/// Puts an officer on an office's roster, or changes what they take.
#[server(SetShare, prefix = "/_fn", endpoint = "console/service_request/set_share")]
pub async fn set_share(
    #[server(default)] office: String,
    #[server(default)] officer: String,
    #[server(default)] capacity: String,
    #[server(default)] kinds: Vec<String>,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(at) = OfficeCode::parse(&office) else { return failed(reply, &domain::Error::Refused) };
    let capacity = capacity.trim().parse::<i64>().ok().filter(|capacity| (0..=10_000).contains(capacity));
    let outcome = match (OfficerId::parse(&officer), capacity) {
        (None, _) => Ok(Outcome::not_done("Choose an officer.")),
        (_, None) => Ok(Outcome::not_done("Type a number from 0 to 10,000 for the room.")),
        (Some(officer), Some(capacity)) => {
            let kinds = kinds.iter().filter_map(|kind| RequestKind::from_key(kind)).collect();
            let share = Share { officer, kinds, capacity };
            let set = requests::set_share(&at_work.console.domain, at_work.officer(), &at, &share).await;
            set.map(|()| Outcome::done("The roster is changed."))
        }
    };
    to_roster(reply, &at_work, outcome, &office)
}

/// Takes an officer off a roster.
#[server(DropShare, prefix = "/_fn", endpoint = "console/service_request/drop_share")]
pub async fn drop_share(#[server(default)] office: String, #[server(default)] officer: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Ok(at), Some(who)) = (OfficeCode::parse(&office), OfficerId::parse(&officer)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let dropped = requests::drop_share(&at_work.console.domain, at_work.officer(), &at, who).await;
    let words = "Off the roster. What they have stays with them until you give it to somebody else.";
    to_roster(reply, &at_work, dropped.map(|_| Outcome::done(words)), &office)
}

/// Notes that somebody is away.
#[server(AddLeave, prefix = "/_fn", endpoint = "console/service_request/add_leave")]
pub async fn add_leave(
    #[server(default)] office: String,
    #[server(default)] officer: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Ok(at), Some(who)) = (OfficeCode::parse(&office), OfficerId::parse(&officer)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let days = from.parse::<NaiveDate>().ok().zip(until.parse::<NaiveDate>().ok());
    let added = match days {
        None => Ok(None),
        Some(days) => requests::add_leave(&at_work.console.domain, at_work.officer(), &at, who, days).await,
    };
    let outcome = added.map(|added| match added {
        Some(_) => Outcome::done("The leave is noted. Nothing is given to them by itself on these days."),
        None => Outcome::not_done("Not noted: type both days, the last not before the first."),
    });
    to_roster(reply, &at_work, outcome, &office)
}

/// Takes a leave away.
#[server(DropLeave, prefix = "/_fn", endpoint = "console/service_request/drop_leave")]
pub async fn drop_leave(
    #[server(default)] office: String,
    #[server(default)] officer: String,
    #[server(default)] leave: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Ok(at), Some(who)) = (OfficeCode::parse(&office), OfficerId::parse(&officer)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let leave = leave.parse().unwrap_or_default();
    let dropped = requests::drop_leave(&at_work.console.domain, at_work.officer(), &at, who, leave).await;
    to_roster(reply, &at_work, dropped.map(|_| Outcome::done("The leave is taken away.")), &office)
}

#[cfg(feature = "ssr")]
fn to_roster(reply: Reply, at_work: &AtWork, outcome: Result<Outcome, domain::Error>, office: &str) -> Result<(), ServerFnError> {
    match outcome {
        Ok(outcome) => {
            outcome.say(&reply, at_work);
            reply.go_on_to(&with_query(ROSTER, &[("office", office.to_owned())]));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}
