//! Server functions about queries to partner countries. Plain forms call them.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::words,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::site::{HELD, QUERIES, USES},
    domain::Error,
    domain::actor::Action,
    domain::partner_query::{self, HoldDecision, Resolved, StandingUse, Third, UseOutcome, UseVerdict},
    shared::agreement::{Element, Partner, Purpose},
    shared::case_status::ReceiptNumber,
    shared::partner_query::component_use::{ApprovalId, Component},
    uuid::Uuid,
};

/// Says which officer has a case.
#[server(AssignCase, prefix = "/_fn", endpoint = "console/partner_query/assign")]
pub async fn assign(#[server(default)] number: String, #[server(default)] officer: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match assigned(&at_work, &number, &officer).await {
        Ok(outcome) => outcome,
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(QUERIES);
    Ok(())
}

#[cfg(feature = "ssr")]
async fn assigned(at_work: &AtWork, number: &str, name: &str) -> Result<Outcome, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::AssignCases) {
        return Err(Error::Refused);
    }
    let Ok(number) = ReceiptNumber::parse(number) else {
        return Ok(Outcome::not_done("Type the receipt number: three letters and ten digits."));
    };
    let to = match name.trim() {
        "" => None,
        name => match partner_query::officer_named(ctx, officer, name).await? {
            Some(to) => Some(to),
            None => return Ok(Outcome::not_done("Nobody who may ask partners signs in with this name.")),
        },
    };
    Ok(if partner_query::assign(ctx, officer, &number, to).await? {
        Outcome::done(if to.is_some() { "Assigned." } else { "Nobody has the case any more." })
    } else {
        Outcome::not_done("There is no case with this number.")
    })
}

#[cfg(feature = "ssr")]
fn named(id: &str) -> Uuid {
    id.parse().unwrap_or_default()
}

/// Says how an act ended, on the page of its query.
#[cfg(feature = "ssr")]
fn ended(
    id: Uuid,
    done: Result<bool, Error>,
    at_work: &AtWork,
    words: &'static str,
    reply: crate::reply::Reply,
) -> Result<(), ServerFnError> {
    let outcome = match done {
        Ok(true) => Outcome::done(words),
        Ok(false) => Outcome::not_done("Nothing was done: the query is not where it was, or is somebody else's."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, at_work);
    reply.go_on_to(&format!("{QUERIES}/{id}"));
    Ok(())
}

/// Takes a query back that has not left.
#[server(CancelQuery, prefix = "/_fn", endpoint = "console/partner_query/cancel")]
pub async fn cancel(#[server(default)] query: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&query);
    let done = partner_query::cancel(&at_work.console.domain, at_work.officer(), id).await;
    ended(id, done, &at_work, "Taken back. Nothing has left.", reply)
}

/// Asks that more be asked.
#[server(RequestThird, prefix = "/_fn", endpoint = "console/partner_query/third")]
pub async fn third(#[server(default)] query: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&query);
    let done = partner_query::request_third(&at_work.console.domain, at_work.officer(), id).await.map(|third| third == Third::Done);
    ended(id, done, &at_work, "Requested. It leaves when a supervisor has approved it.", reply)
}

/// Agrees that more is asked.
#[server(ApproveThird, prefix = "/_fn", endpoint = "console/partner_query/approve")]
pub async fn approve(#[server(default)] query: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match partner_query::approve(&at_work.console.domain, at_work.officer(), named(&query)).await {
        Ok(Third::Done) => Outcome::done("Approved. It leaves after the check."),
        Ok(Third::OwnRequest) => Outcome::not_done("Nothing was done: nobody approves what they requested."),
        Ok(Third::NotNow) => Outcome::not_done("Nothing was done: it does not wait any more."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(QUERIES);
    Ok(())
}

/// The officer has read what there is.
#[server(ReviewQuery, prefix = "/_fn", endpoint = "console/partner_query/review")]
pub async fn review(#[server(default)] query: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&query);
    let done = partner_query::review(&at_work.console.domain, at_work.officer(), id).await;
    ended(id, done, &at_work, "Noted.", reply)
}

/// Nothing more is asked.
#[server(CloseQuery, prefix = "/_fn", endpoint = "console/partner_query/close")]
pub async fn close(#[server(default)] query: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&query);
    let done = partner_query::close(&at_work.console.domain, at_work.officer(), id).await;
    ended(id, done, &at_work, "Closed.", reply)
}

/// Decides what the check could not.
#[server(ResolveHold, prefix = "/_fn", endpoint = "console/partner_query/resolve")]
pub async fn resolve(
    #[server(default)] hold: String,
    #[server(default)] decision: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::DecideHolds) {
        return failed(reply, &Error::Refused);
    }
    let id = named(&hold);
    let (words, is_done) = match HoldDecision::from_key(&decision) {
        None => ("Nothing was done: choose a decision.", false),
        Some(decision) => match partner_query::resolve(ctx, officer, id, decision, &text).await {
            Ok(Resolved::Done) => ("Decided.", true),
            Ok(Resolved::NotWaiting) => ("Nothing was done: it does not wait any more.", true),
            Ok(Resolved::NoReason) => ("Nothing was done. Why: say it, in at most two thousand letters.", false),
            Ok(Resolved::TooLate) => ("Nothing was done: IDENT's time for this answer is over.", false),
            Err(error) => return failed(reply, &error),
        },
    };
    let outcome = if words == "Decided." { Outcome::done(words) } else { Outcome::not_done(words) };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&if is_done { HELD.to_owned() } else { format!("{HELD}/{id}") });
    Ok(())
}

/// Decides whether another component may use something.
#[server(DecideUse, prefix = "/_fn", endpoint = "console/partner_query/decide_use")]
pub async fn decide_use(
    #[server(default)] wanted: String,
    #[server(default)] verdict: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::DecideUses) {
        return failed(reply, &Error::Refused);
    }
    let id = named(&wanted);
    let verdict = match verdict.as_str() {
        "allow" => Some(UseVerdict::Allow),
        "refuse" => Some(UseVerdict::Refuse),
        _ => None,
    };
    let decided = match verdict {
        Some(verdict) => partner_query::decide_use(ctx, officer, id, verdict, &text).await.map(Some),
        None => Ok(None),
    };
    let (outcome, is_over) = match decided {
        Ok(Some(UseOutcome::Done)) => (Outcome::done("Decided. IDENT is told."), true),
        Ok(Some(UseOutcome::NeedsAnother)) => {
            (Outcome::done("Noted. The person may be protected: somebody else has to agree."), true)
        }
        Ok(Some(UseOutcome::NotWaiting)) => (Outcome::not_done("Nothing was done: it does not wait any more."), true),
        Ok(Some(UseOutcome::OwnDecision)) => (Outcome::not_done("Nothing was done: somebody else has to agree."), false),
        Ok(Some(UseOutcome::NotAgreed)) => {
            (Outcome::not_done("Nothing was done: the agreement in force does not let this be used for that."), false)
        }
        Ok(Some(UseOutcome::Protected)) => (Outcome::not_done("Nothing was done: the person is protected. Refuse the use."), false),
        Ok(Some(UseOutcome::NoReason)) => {
            (Outcome::not_done("Nothing was done. Why: say it, in at most two thousand letters."), false)
        }
        Ok(None) => (Outcome::not_done("Nothing was done: choose a decision."), false),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&if is_over { USES.to_owned() } else { format!("{USES}/{id}") });
    Ok(())
}

/// Proposes a standing approval.
#[server(ProposeUse, prefix = "/_fn", endpoint = "console/partner_query/propose_use")]
pub async fn propose_use(
    #[server(default)] component: String,
    #[server(default)] partner: String,
    #[server(default)] purposes: Vec<String>,
    #[server(default)] elements: Vec<String>,
    #[server(default)] from: String,
    #[server(default)] to: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::DecideUses) {
        return failed(reply, &Error::Refused);
    }
    let days = (from.trim().parse().ok(), to.trim().parse().ok());
    let outcome = match (Component::from_key(&component), Partner::from_key(&partner), days) {
        (Some(component), Some(partner), (Some(from), Some(to))) => {
            let proposal = StandingUse {
                component,
                partner,
                purposes: purposes.iter().filter_map(|key| Purpose::from_key(key)).collect(),
                elements: elements.iter().filter_map(|key| Element::from_key(key)).collect(),
                from,
                to,
            };
            match partner_query::propose_use(ctx, officer, proposal).await {
                Ok(proposed) => words::not_proposed(&proposed)
                    .map_or_else(|| Outcome::done("Proposed. It holds when somebody else has agreed."), Outcome::not_done),
                Err(error) => return failed(reply, &error),
            }
        }
        _ => Outcome::not_done("Nothing was done: choose a component and a country, and give both days."),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(USES);
    Ok(())
}

/// Agrees to a standing approval that somebody else proposed.
#[server(AgreeToUse, prefix = "/_fn", endpoint = "console/partner_query/agree_to_use")]
pub async fn agree_to_use(#[server(default)] approval: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = ApprovalId::new(named(&approval));
    let outcome = match partner_query::agree_to_use(&at_work.console.domain, at_work.officer(), id).await {
        Ok(true) => Outcome::done("Agreed. It holds."),
        Ok(false) => Outcome::not_done("Nothing was done: it does not wait any more, or is your own."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(USES);
    Ok(())
}

/// Ends a standing approval, or takes a proposal back.
#[server(EndUse, prefix = "/_fn", endpoint = "console/partner_query/end_use")]
pub async fn end_use(#[server(default)] approval: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = ApprovalId::new(named(&approval));
    let outcome = match partner_query::end_use(&at_work.console.domain, at_work.officer(), id).await {
        Ok(true) => Outcome::done("Ended. From the next request on it lets nothing be used."),
        Ok(false) => Outcome::not_done("Nothing was done: it has ended."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(USES);
    Ok(())
}
