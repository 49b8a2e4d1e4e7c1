//! Server functions about people. Plain forms call them.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::kept::{Kept, TypedCorrection, TypedSearch, keep},
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::with_query,
    crate::console::site::PROFILES,
    domain::Error,
    domain::profile::{self, Decided, Proposed, Search},
    shared::profile::{Change, Fact, FactKind, ReadPurpose},
    uuid::Uuid,
};

/// Looks for somebody. The next page does it, and says what was found.
#[server(FindPerson, prefix = "/_fn", endpoint = "console/profile/find")]
pub async fn find(
    #[server(default)] purpose: String,
    #[server(default)] number: String,
    #[server(default)] family: String,
    #[server(default)] given: String,
    #[server(default)] birth_date: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    if profile::purposes(at_work.officer()).is_empty() {
        return failed(reply, &Error::Refused);
    }
    let typed = TypedSearch { purpose, number, family, given, birth_date };
    match keep(&at_work, &Kept::Search(typed)).await {
        Ok(kept) => {
            reply.go_on_to(&with_query(PROFILES, &[("kept", kept.to_string())]));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Opens a profile for a purpose.
#[server(OpenProfile, prefix = "/_fn", endpoint = "console/profile/open")]
pub async fn open(#[server(default)] profile: String, #[server(default)] purpose: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id: Uuid = profile.parse().unwrap_or_default();
    let Some(purpose) = ReadPurpose::from_key(&purpose) else {
        if profile::purposes(at_work.officer()).is_empty() {
            return failed(reply, &Error::Refused);
        }
        Outcome::not_done("Choose what you open the profile for.").say(&reply, &at_work);
        reply.go_on_to(&format!("{PROFILES}/{id}"));
        return Ok(());
    };
    match profile::open(&at_work.console.domain, at_work.officer(), id, purpose).await {
        // Where there is nobody, the page says so.
        Ok(root) => reply.go_on_to(&format!("{PROFILES}/{}", root.unwrap_or(id))),
        Err(error) => return failed(reply, &error),
    }
    Ok(())
}

/// Proposes a correction.
#[server(ProposeCorrection, prefix = "/_fn", endpoint = "console/profile/propose")]
pub async fn propose(
    #[server(default)] profile: String,
    #[server(default)] change: String,
    #[server(default)] kind: String,
    #[server(default)] parts: Vec<String>,
    #[server(default)] subject: String,
    #[server(default)] number: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id: Uuid = profile.parse().unwrap_or_default();
    let typed = TypedCorrection { change, kind, parts, subject, number, text };
    let wrong = match proposed(&at_work, id, &typed).await {
        Ok(Ok(())) => {
            Outcome::done("Proposed. It is made when a second person agrees.").say(&reply, &at_work);
            reply.go_on_to(&format!("{PROFILES}/{id}"));
            return Ok(());
        }
        Ok(Err(wrong)) => wrong,
        Err(error) => return failed(reply, &error),
    };
    match keep(&at_work, &Kept::Correction { profile: id, typed, wrong: vec![wrong] }).await {
        Ok(kept) => {
            reply.go_on_to(&with_query(&format!("{PROFILES}/{id}/correct"), &[("kept", kept.to_string())]));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// What was typed, proposed; or what is wrong with it.
#[cfg(feature = "ssr")]
async fn proposed(at_work: &AtWork, profile: Uuid, typed: &TypedCorrection) -> Result<Result<(), String>, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let change = match change(at_work, typed).await? {
        Ok(change) => change,
        Err(wrong) => return Ok(Err(wrong)),
    };
    Ok(match profile::propose(ctx, officer, profile, &change, &typed.text).await? {
        Proposed::Waits(_) => Ok(()),
        Proposed::Nobody => Err("There is nobody here whom you may see.".to_owned()),
        Proposed::NoReason => Err("Why: say it, in at most a thousand letters.".to_owned()),
        Proposed::Faulty(fault) => Err(fault.advice().to_owned()),
    })
}

#[cfg(feature = "ssr")]
async fn change(at_work: &AtWork, typed: &TypedCorrection) -> Result<Result<Change, String>, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let subject: Uuid = typed.subject.parse().unwrap_or_default();
    Ok(match typed.change.as_str() {
        "end" => Ok(Change::End(subject)),
        "split" => Ok(Change::Split(subject)),
        "merge" => {
            let search = Search::Number(typed.number.clone());
            match profile::find(ctx, officer, ReadPurpose::Correction, &search).await?.as_deref() {
                Ok([other]) => Ok(Change::Merge(other.profile)),
                Ok([]) => Err("Nobody whom you may see has this number.".to_owned()),
                Ok(_) => Err("Several people have this number. Type one that only the other has.".to_owned()),
                Err(_) => Err("This is no number that a person has.".to_owned()),
            }
        }
        _ => {
            let kind = FactKind::from_key(&typed.kind);
            let fact = kind.map(|kind| Fact::parse(kind, &typed.parts, ctx.today()));
            match fact {
                Some(Ok(fact)) => Ok(Change::Add(fact)),
                Some(Err(fault)) => {
                    let part = fault.kind.parts().get(fault.part).copied().unwrap_or_default();
                    Err(format!("{part}: {}", fault.advice()))
                }
                None => Err("Choose what is missing.".to_owned()),
            }
        }
    })
}

/// Agrees to a correction of somebody else, or refuses it.
#[server(DecideCorrection, prefix = "/_fn", endpoint = "console/profile/decide")]
pub async fn decide(
    #[server(default)] profile: String,
    #[server(default)] correction: String,
    #[server(default)] verdict: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (id, correction): (Uuid, Uuid) = (profile.parse().unwrap_or_default(), correction.parse().unwrap_or_default());
    let agrees = verdict == "agree";
    let outcome = match profile::decide(&at_work.console.domain, at_work.officer(), id, correction, agrees).await {
        Ok(Decided::Done) if agrees => Outcome::done("Done. The profile says so now."),
        Ok(Decided::Done) => Outcome::done("Refused. Nothing was changed."),
        Ok(Decided::NotWaiting) => Outcome::not_done("Nothing was done: it does not wait any more."),
        Ok(Decided::OwnProposal) => Outcome::not_done("Nothing was done: a second person has to agree to what you proposed."),
        Ok(Decided::Faulty(fault)) => Outcome::not_done(format!("Nothing was done. {}", fault.advice())),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&format!("{PROFILES}/{id}"));
    Ok(())
}

/// Takes one's own proposal back.
#[server(WithdrawCorrection, prefix = "/_fn", endpoint = "console/profile/withdraw")]
pub async fn withdraw(#[server(default)] profile: String, #[server(default)] correction: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (id, correction): (Uuid, Uuid) = (profile.parse().unwrap_or_default(), correction.parse().unwrap_or_default());
    let outcome = match profile::withdraw(&at_work.console.domain, at_work.officer(), id, correction).await {
        Ok(true) => Outcome::done("Taken back."),
        Ok(false) => Outcome::not_done("Nothing was done: it does not wait any more, or is somebody else's."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&format!("{PROFILES}/{id}"));
    Ok(())
}
