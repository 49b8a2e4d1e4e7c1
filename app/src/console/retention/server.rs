//! Server functions about retention. Plain forms call them.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::kept::{TypedHold, refused},
    super::words,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::site::{DISPOSITIONS, HOLDS, PROFILES, RETENTION},
    crate::reply::Reply,
    domain::Error,
    domain::retention::{self, HoldSubject, Proposed},
    shared::agreement::Partner,
    shared::case_status::ReceiptNumber,
    shared::retention::RecordKind,
    std::collections::BTreeSet,
    uuid::Uuid,
};

/// Proposes a hold, which keeps from then on.
#[server(ProposeHold, prefix = "/_fn", endpoint = "console/retention/propose_hold")]
pub async fn propose_hold(
    #[server(default)] on: String,
    #[server(default)] which: String,
    #[server(default)] partner: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let typed = TypedHold { on, which, partner, reason: text, wrong: Vec::new() };
    let wrong = match held(&at_work, &typed).await {
        Ok(Ok(())) => {
            Outcome::done("Proposed. It keeps from now on, and waits for somebody else to agree.").say(&reply, &at_work);
            reply.go_on_to(HOLDS);
            return Ok(());
        }
        Ok(Err(wrong)) => wrong,
        Err(error) => return failed(reply, &error),
    };
    match refused(&at_work, &TypedHold { wrong, ..typed }).await {
        Ok(page) => {
            reply.go_on_to(&page);
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Proposes what was typed, or gives all that is wrong with it.
#[cfg(feature = "ssr")]
async fn held(at_work: &AtWork, typed: &TypedHold) -> Result<Result<(), Vec<String>>, Error> {
    let subject = subject(typed);
    let no_reason = typed.reason.trim().is_empty().then(|| words::NO_REASON.to_owned());
    let subject = match (subject, no_reason) {
        (Ok(subject), None) => subject,
        (subject, no_reason) => {
            // Who may not propose one is not told what would be wrong with it.
            at_work.officer().may_somewhere(domain::actor::Action::DecideRetention).then_some(()).ok_or(Error::Refused)?;
            return Ok(Err(subject.err().map(str::to_owned).into_iter().chain(no_reason).collect()));
        }
    };
    let proposed = retention::propose_hold(&at_work.console.domain, at_work.officer(), &subject, &typed.reason).await?;
    Ok(words::not_kept(proposed).map_or(Ok(()), |wrong| Err(vec![wrong.to_owned()])))
}

/// What was typed of what a hold is on.
#[cfg(feature = "ssr")]
fn subject(typed: &TypedHold) -> Result<HoldSubject, &'static str> {
    let which = typed.which.trim();
    match typed.on.as_str() {
        "person" => profile(which).map(HoldSubject::Person).ok_or(words::NO_PERSON),
        "case" => match (which.parse::<Uuid>(), ReceiptNumber::parse(which)) {
            (Ok(case), _) => Ok(HoldSubject::Case(case)),
            (Err(_), Ok(number)) => Ok(HoldSubject::CaseNumber(number)),
            (Err(_), Err(_)) => Err(words::NO_CASE),
        },
        "partner" => Partner::from_key(&typed.partner).map(HoldSubject::Partner).ok_or(words::NO_PARTNER),
        _ => Err(words::NO_SUBJECT),
    }
}

/// A profile by its id, or by the address of any of its pages.
#[cfg(feature = "ssr")]
fn profile(text: &str) -> Option<Uuid> {
    let rest = text.split_once(PROFILES).map_or(text, |(_, rest)| rest.trim_start_matches('/'));
    rest.split(['/', '?', '#']).next()?.parse().ok()
}

/// Agrees to a hold that somebody else proposed.
#[server(AgreeToHold, prefix = "/_fn", endpoint = "console/retention/agree_to_hold")]
pub async fn agree_to_hold(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = retention::agree_to_hold(&at_work.console.domain, at_work.officer(), named(&id)).await;
    ended(reply, &at_work, done, "Agreed. Two people end it.", "it does not wait any more, or you proposed it yourself", HOLDS)
}

/// Takes a proposal away to which nobody agreed.
#[server(WithdrawHold, prefix = "/_fn", endpoint = "console/retention/withdraw_hold")]
pub async fn withdraw_hold(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = retention::withdraw_hold(&at_work.console.domain, at_work.officer(), named(&id)).await;
    ended(reply, &at_work, done, "Taken back. It keeps nothing any more.", "somebody agreed to it, or it was taken back", HOLDS)
}

/// Proposes to end a hold.
#[server(ProposeEndOfHold, prefix = "/_fn", endpoint = "console/retention/propose_end")]
pub async fn propose_end(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = retention::propose_end(&at_work.console.domain, at_work.officer(), named(&id)).await;
    let said = "Proposed. It keeps until somebody else agrees.";
    ended(reply, &at_work, done, said, "somebody proposed it already, or it does not hold", HOLDS)
}

/// Has a hold go on that somebody proposed to end.
#[server(KeepHold, prefix = "/_fn", endpoint = "console/retention/keep_hold")]
pub async fn keep_hold(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = retention::keep_hold(&at_work.console.domain, at_work.officer(), named(&id)).await;
    ended(reply, &at_work, done, "It goes on.", "nobody proposes to end it any more", HOLDS)
}

/// Ends a hold that somebody else proposed to end.
#[server(EndHold, prefix = "/_fn", endpoint = "console/retention/end_hold")]
pub async fn end_hold(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = retention::end_hold(&at_work.console.domain, at_work.officer(), named(&id)).await;
    let not = "nobody proposes to end it any more, or you proposed it yourself";
    ended(reply, &at_work, done, "Ended. It keeps nothing any more.", not, HOLDS)
}

/// Has a list made of what is due.
#[server(ProposeDisposition, prefix = "/_fn", endpoint = "console/retention/propose")]
pub async fn propose(#[server(default)] kinds: Vec<String>) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let kinds: BTreeSet<RecordKind> = kinds.iter().filter_map(|key| RecordKind::from_key(key)).collect();
    let proposed = match Box::pin(retention::propose(&at_work.console.domain, at_work.officer(), &kinds)).await {
        Ok(proposed) => proposed,
        Err(error) => return failed(reply, &error),
    };
    let (outcome, page) = match proposed {
        Proposed::Waits { id, kept: 0 } => (Outcome::done("Listed. Somebody else approves it."), format!("{DISPOSITIONS}/{id}")),
        Proposed::Waits { id, kept } => {
            let said = format!("Listed. Somebody else approves it. {kept} records that are due are not on it: holds keep them.");
            (Outcome::done(said), format!("{DISPOSITIONS}/{id}"))
        }
        Proposed::Nothing if kinds.is_empty() => (Outcome::not_done(words::NO_KIND), RETENTION.to_owned()),
        Proposed::Nothing => {
            let said = "Nothing was listed: nothing of it is due, or it stands in a list, or a hold keeps it.";
            (Outcome::not_done(said), RETENTION.to_owned())
        }
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&page);
    Ok(())
}

/// Approves a list as its page showed it.
#[server(ApproveDisposition, prefix = "/_fn", endpoint = "console/retention/approve")]
pub async fn approve(#[server(default)] id: String, #[server(default)] list: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let outcome = match retention::approve(&at_work.console.domain, at_work.officer(), id, &list).await {
        Ok(approved) => words::approved(approved).map_or_else(Outcome::not_done, Outcome::done),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&format!("{DISPOSITIONS}/{id}"));
    Ok(())
}

/// Takes a list back that was not approved.
#[server(WithdrawDisposition, prefix = "/_fn", endpoint = "console/retention/withdraw")]
pub async fn withdraw(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = retention::withdraw(&at_work.console.domain, at_work.officer(), id).await;
    let page = format!("{DISPOSITIONS}/{id}");
    ended(reply, &at_work, done, "Taken back. Nothing of it is destroyed.", "it was approved, or taken back", &page)
}

/// Says what was done, or why it was not.
#[cfg(feature = "ssr")]
fn ended(
    reply: Reply,
    at_work: &AtWork,
    done: Result<bool, Error>,
    said: &str,
    not: &str,
    page: &str,
) -> Result<(), ServerFnError> {
    let outcome = match done {
        Ok(true) => Outcome::done(said),
        Ok(false) => Outcome::not_done(format!("Nothing was done: {not}.")),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, at_work);
    reply.go_on_to(page);
    Ok(())
}

/// What a form names; what is no id is nothing.
#[cfg(feature = "ssr")]
fn named(id: &str) -> Uuid {
    id.parse().unwrap_or_default()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const PROFILE: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);

    fn typed(on: &str, which: &str) -> TypedHold {
        TypedHold { on: on.into(), which: which.into(), partner: "CA".into(), ..TypedHold::default() }
    }

    #[test]
    fn a_hold_names_a_profile_a_case_or_a_partner() {
        for which in [PROFILE.to_string(), format!(" https://console.example/console/profiles/{PROFILE}/verify?kept=x ")] {
            assert_eq!(subject(&typed("person", &which)), Ok(HoldSubject::Person(PROFILE)), "{which}");
        }
        assert_eq!(subject(&typed("case", &PROFILE.to_string())), Ok(HoldSubject::Case(PROFILE)));
        let number = ReceiptNumber::parse("EAC9999103403").unwrap();
        assert_eq!(subject(&typed("case", "EAC9999103403")), Ok(HoldSubject::CaseNumber(number)));
        assert_eq!(subject(&typed("partner", "")), Ok(HoldSubject::Partner(Partner::Canada)));
    }

    #[test]
    fn what_is_no_subject_is_said() {
        for (on, which, wrong) in
            [("", "", words::NO_SUBJECT), ("person", "Ana Ejemplo", words::NO_PERSON), ("case", "none", words::NO_CASE)]
        {
            assert_eq!(subject(&typed(on, which)), Err(wrong), "{on}");
        }
        assert_eq!(subject(&TypedHold { partner: "FR".into(), ..typed("partner", "") }), Err(words::NO_PARTNER));
    }
}
