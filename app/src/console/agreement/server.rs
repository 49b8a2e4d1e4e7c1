//! Server functions about agreements. Plain forms call them.

use std::collections::BTreeMap;

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::address::{draft_path, version_at, version_path},
    super::kept::{TypedDraft, form_refused},
    super::{typed, words},
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::reply::Reply,
    domain::Error,
    domain::actor::Action,
    domain::agreement::{self, Drafted, Opening, Seen, Signed},
    shared::agreement::{AgreementVersion, Capacity, Party},
};

/// Drafts a version: the one that was changed, with what was typed.
#[server(DraftAgreement, prefix = "/_fn", endpoint = "console/agreement/draft")]
pub async fn draft(
    #[server(default)] partner: String,
    #[server(default)] made_from: String,
    #[server(default)] holds_from: String,
    #[server(default)] fields: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Some(partner), Some(made_from)) = (Party::from_key(&partner), version_at(&made_from)) else {
        return failed(reply, &Error::Refused);
    };
    let typed = TypedDraft { partner, made_from: made_from.number(), holds_from, fields, wrong: Vec::new() };
    let wrong = match drafted(&at_work, &typed, made_from).await {
        Ok(Ok(version)) => {
            drafted_page(reply, &at_work, partner, version);
            return Ok(());
        }
        Ok(Err(wrong)) => wrong,
        Err(error) => return failed(reply, &error),
    };
    match form_refused(&at_work, TypedDraft { wrong, ..typed }).await {
        Ok(page) => {
            reply.go_on_to(&page);
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// What was typed as a draft, or all that is wrong with it.
#[cfg(feature = "ssr")]
async fn drafted(
    at_work: &AtWork,
    typed: &TypedDraft,
    made_from: AgreementVersion,
) -> Result<Result<AgreementVersion, Vec<String>>, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::DraftAgreements) {
        return Err(Error::Refused);
    }
    let stored = agreement::document(ctx, officer, typed.partner, made_from).await?.ok_or(Error::Refused)?;
    let document = typed::changed(&stored.document, &typed.fields);
    let holds_from = typed.holds_from.trim().parse().ok();
    let (document, holds_from) = match (document, holds_from) {
        (Ok(document), Some(holds_from)) => (document, holds_from),
        (document, holds_from) => {
            let no_day = holds_from.is_none().then(|| words::NO_DAY.to_owned());
            return Ok(Err(no_day.into_iter().chain(document.err().unwrap_or_default()).collect()));
        }
    };
    let opening = Opening { document, holds_from, made_from: Some(made_from) };
    Ok(match agreement::draft(ctx, officer, opening).await? {
        Drafted::Draft(version) => Ok(version),
        other => Err(words::not_drafted(other).map(str::to_owned).into_iter().collect()),
    })
}

#[cfg(feature = "ssr")]
fn drafted_page(reply: Reply, at_work: &AtWork, partner: Party, version: AgreementVersion) {
    Outcome::done("Drafted. It is in force when a privacy officer and counsel have signed it.").say(&reply, at_work);
    reply.go_on_to(&version_path(partner, version));
}

/// Drafts the document with which an installation begins.
#[server(DraftStarterAgreement, prefix = "/_fn", endpoint = "console/agreement/starter")]
pub async fn starter(#[server(default)] partner: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Some(partner) = Party::from_key(&partner) else { return failed(reply, &Error::Refused) };
    let drafted = match agreement::draft_starter(&at_work.console.domain, at_work.officer(), partner).await {
        Ok(drafted) => drafted,
        Err(error) => return failed(reply, &error),
    };
    if let Drafted::Draft(version) = drafted {
        drafted_page(reply, &at_work, partner, version);
    } else {
        Outcome::not_done(words::not_drafted(drafted).unwrap_or_default()).say(&reply, &at_work);
        reply.go_on_to(&draft_path(partner));
    }
    Ok(())
}

/// Withdraws a draft.
#[server(WithdrawAgreement, prefix = "/_fn", endpoint = "console/agreement/withdraw")]
pub async fn withdraw(#[server(default)] partner: String, #[server(default)] version: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Some((partner, version)) = named(&partner, &version) else { return failed(reply, &Error::Refused) };
    let outcome = match agreement::withdraw(&at_work.console.domain, at_work.officer(), partner, version).await {
        Ok(true) => Outcome::done("Withdrawn. Nobody can sign it any more."),
        Ok(false) => Outcome::not_done("Nothing was done: it is no draft any more."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&version_path(partner, version));
    Ok(())
}

/// Signs a version as its page showed it.
#[server(SignAgreement, prefix = "/_fn", endpoint = "console/agreement/sign")]
pub async fn sign(
    #[server(default)] partner: String,
    #[server(default)] version: String,
    #[server(default)] capacity: String,
    #[server(default)] document: String,
    #[server(default)] dry_run: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Some((partner, version)), Some(capacity)) = (named(&partner, &version), Capacity::from_key(&capacity)) else {
        return failed(reply, &Error::Refused);
    };
    let seen = Seen { document, dry_run };
    let done = agreement::sign(&at_work.console.domain, at_work.officer(), (partner, version), capacity, &seen).await;
    let outcome = match done {
        Ok(Signed::Waits) => Outcome::done("Signed. It waits for the other signature."),
        Ok(Signed::InForce(day)) if day <= at_work.console.domain.today() => Outcome::done("Signed. It is in force now."),
        Ok(Signed::InForce(day)) => Outcome::done(format!("Signed. It is in force from {day} on.")),
        Ok(Signed::Not(refusal)) => Outcome::not_done(words::refusal(refusal)),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&version_path(partner, version));
    Ok(())
}

/// A version as a form names it.
#[cfg(feature = "ssr")]
fn named(partner: &str, version: &str) -> Option<(Party, AgreementVersion)> {
    Some((Party::from_key(partner)?, version_at(version)?))
}
