//! Server functions about redress. Plain forms call them.

#![expect(clippy::too_many_arguments, reason = "one for each field of a form")]

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::kept::{Kept, TypedDecision, TypedRequest, refused},
    super::words,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::site::{AGAIN, LOG_REDRESS, REDRESS, leading_on},
    crate::reply::Reply,
    domain::Error,
    domain::actor::Action,
    domain::redress::{self, Agreed, Answered, Done, Logged, NewRequest, Proposed, Searched},
    shared::locale::Locale,
    shared::redress::{Asked, Basis, Channel, DecisionFault, Exemption, Extension, Part, Proposal, RedressKind, TypedAsked},
    uuid::Uuid,
};

/// Logs a request that came in.
#[server(LogRedress, prefix = "/_fn", endpoint = "console/redress/log")]
pub async fn log(
    #[server(default)] kind: String,
    #[server(default)] basis: String,
    #[server(default)] channel: String,
    #[server(default)] locale: String,
    #[server(default)] received_on: String,
    #[server(default)] name: String,
    #[server(default)] address: String,
    #[server(default)] words: String,
    #[server(default)] evidence: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let typed = TypedRequest { kind, basis, channel, locale, received_on, name, address, words, evidence, wrong: Vec::new() };
    let page = match logged(&at_work, typed).await {
        Ok(page) => page,
        Err(error) => return failed(reply, &error),
    };
    reply.go_on_to(&page);
    Ok(())
}

/// Where a request that was typed leads: to its page, or back to the form with all that is wrong.
#[cfg(feature = "ssr")]
async fn logged(at_work: &AtWork, typed: TypedRequest) -> Result<String, Error> {
    if !at_work.officer().may_somewhere(Action::HandleRedress) {
        return Err(Error::Refused);
    }
    let wrong = match read(&typed) {
        Ok(new) => match redress::log(&at_work.console.domain, at_work.officer(), &new).await? {
            Logged::Logged(id) => return Ok(format!("{REDRESS}/{id}")),
            Logged::WrongLaw => vec!["Law: it does not let this be asked. FOIA opens records and corrects none.".to_owned()],
            Logged::WrongDay => vec!["Received on: type a day of the last year, today at the latest.".to_owned()],
        },
        Err(wrong) => wrong,
    };
    refused(at_work, LOG_REDRESS, &Kept::Request(TypedRequest { wrong, ..typed })).await
}

/// What was typed as a request, or all that is wrong with it.
#[cfg(feature = "ssr")]
fn read(typed: &TypedRequest) -> Result<NewRequest, Vec<String>> {
    let kind = RedressKind::from_key(&typed.kind);
    let (basis, channel) = (Basis::from_key(&typed.basis), Channel::from_key(&typed.channel));
    let received_on: Option<chrono::NaiveDate> = typed.received_on.trim().parse().ok();
    let faults = [
        (kind.is_none(), "What is asked: choose it."),
        (basis.is_none(), "Law: choose it."),
        (channel.is_none(), "How it came: choose it."),
        (received_on.is_none(), "Received on: type the day on which it came."),
    ];
    let mut wrong: Vec<String> = faults.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words.to_owned()).collect();
    let texts = TypedAsked { name: &typed.name, address: &typed.address, words: &typed.words, evidence: &typed.evidence };
    // What needs least is asked of a request whose kind nobody chose, so that the rest is looked at too.
    let asked = Asked::parse(kind.unwrap_or(RedressKind::Access), texts);
    wrong.extend(asked.as_ref().err().into_iter().flatten().map(|fault| fault.advice().to_owned()));
    match (kind, basis, channel, received_on, asked) {
        (Some(kind), Some(basis), Some(channel), Some(received_on), Ok(asked)) => {
            Ok(NewRequest { kind, basis, channel, locale: Locale::from_tag(&typed.locale), received_on, asked })
        }
        _ => Err(wrong),
    }
}

/// The request that a form names; what is no id is nobody's.
#[cfg(feature = "ssr")]
fn named(id: &str) -> Uuid {
    id.parse().unwrap_or_default()
}

/// Says what an act came to on the page of its request.
#[cfg(feature = "ssr")]
fn said(reply: Reply, at_work: &AtWork, id: Uuid, done: Result<Done, Error>, words: &'static str) -> Result<(), ServerFnError> {
    let outcome = match done {
        Ok(Done::Done) => Outcome::done(words),
        Ok(Done::NotNow) => Outcome::not_done(words::NOT_NOW),
        Ok(Done::NoWords) => Outcome::not_done(words::NO_WORDS),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, at_work);
    reply.go_on_to(&format!("{REDRESS}/{id}"));
    Ok(())
}

/// Notes that the person was told that the request is here.
#[server(AcknowledgeRedress, prefix = "/_fn", endpoint = "console/redress/acknowledge")]
pub async fn acknowledge(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = redress::acknowledge(&at_work.console.domain, at_work.officer(), id).await;
    said(reply, &at_work, id, done, "Noted: the person was told that the request is here.")
}

/// Takes ten working days more.
#[server(ExtendRedress, prefix = "/_fn", endpoint = "console/redress/extend")]
pub async fn extend(#[server(default)] id: String, #[server(default)] extension: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = match Extension::from_key(&extension) {
        Some(extension) => redress::extend(&at_work.console.domain, at_work.officer(), id, extension).await,
        None if at_work.officer().may_somewhere(Action::HandleRedress) => Ok(Done::NotNow),
        None => Err(Error::Refused),
    };
    said(reply, &at_work, id, done, "Ten working days more. Tell the person, with the circumstance.")
}

/// Notes how it is known who asks.
#[server(VerifyRedress, prefix = "/_fn", endpoint = "console/redress/verify")]
pub async fn verify(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = redress::verify(&at_work.console.domain, at_work.officer(), id, &text).await;
    said(reply, &at_work, id, done, "Noted: it is known who asks.")
}

/// Says whose records are asked for.
#[server(SearchRedress, prefix = "/_fn", endpoint = "console/redress/search")]
pub async fn search(#[server(default)] id: String, #[server(default)] profile: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    // An address that names no profile is nobody's; only an empty field says that nobody was found.
    let profile = profile.trim();
    let named: Option<Uuid> = profile.split(['/', '?', '#']).find_map(|part| part.parse().ok());
    let whose = (!profile.is_empty()).then(|| named.unwrap_or_default());
    let outcome = match redress::search(&at_work.console.domain, at_work.officer(), id, whose).await {
        Ok(Searched::Done) => Outcome::done("Searched. What was found stands below."),
        Ok(Searched::NotNow) => Outcome::not_done(words::NOT_NOW),
        Ok(Searched::Nobody) => Outcome::not_done("Nothing was done: there is no such profile."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&format!("{REDRESS}/{id}"));
    Ok(())
}

/// Proposes a decision.
#[server(ProposeRedress, prefix = "/_fn", endpoint = "console/redress/propose")]
pub async fn propose(
    #[server(default)] id: String,
    #[server(default)] outcome: String,
    #[server(default)] given: Vec<String>,
    #[server(default)] exemptions: Vec<String>,
    #[server(default)] correction: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let typed = TypedDecision { outcome, given, exemptions, correction, reason: text, wrong: Vec::new() };
    let page = format!("{REDRESS}/{id}");
    let proposal = Proposal {
        outcome: shared::redress::Outcome::from_key(&typed.outcome),
        given: typed.given.iter().filter_map(|key| Part::from_key(key)).collect(),
        exemptions: typed.exemptions.iter().filter_map(|key| Exemption::from_key(key)).collect(),
        correction: typed.correction.parse().ok(),
        reason: typed.reason.clone(),
    };
    let said = match redress::propose(&at_work.console.domain, at_work.officer(), id, proposal).await {
        Ok(Proposed::Decided) => Outcome::done("Decided. The answer can go out."),
        Ok(Proposed::Waits) => Outcome::done("Proposed. A second person has to agree."),
        Ok(Proposed::NotNow) => Outcome::not_done(words::NOT_NOW),
        Ok(Proposed::Faulty(faults)) => {
            let wrong = faults.into_iter().map(DecisionFault::advice).collect();
            return again(reply, &at_work, id, TypedDecision { wrong, ..typed }, false).await;
        }
        // What was typed is there again when the second factor was shown.
        Err(Error::StepUp) => {
            let wrong = vec!["You showed your second factor too long ago.".to_owned()];
            return again(reply, &at_work, id, TypedDecision { wrong, ..typed }, true).await;
        }
        Err(error) => return failed(reply, &error),
    };
    said.say(&reply, &at_work);
    reply.go_on_to(&page);
    Ok(())
}

/// Back to the form of a decision, by way of the second factor if that is stale.
#[cfg(feature = "ssr")]
async fn again(reply: Reply, at_work: &AtWork, request: Uuid, typed: TypedDecision, is_stale: bool) -> Result<(), ServerFnError> {
    let page = match refused(at_work, &format!("{REDRESS}/{request}"), &Kept::Decision { request, typed }).await {
        Ok(page) => page,
        Err(error) => return failed(reply, &error),
    };
    reply.go_on_to(&if is_stale { leading_on(AGAIN, Some(&page)) } else { page });
    Ok(())
}

/// Agrees to a decision of somebody else.
#[server(AgreeToRedress, prefix = "/_fn", endpoint = "console/redress/agree")]
pub async fn agree(#[server(default)] id: String, #[server(default)] decision: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let outcome = match redress::agree(&at_work.console.domain, at_work.officer(), id, named(&decision)).await {
        Ok(Agreed::Done) => Outcome::done("Agreed. The answer can go out."),
        Ok(Agreed::NotWaiting) => Outcome::not_done(words::NOT_NOW),
        Ok(Agreed::OwnProposal) => Outcome::not_done("Nothing was done: a second person has to agree to what you proposed."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&format!("{REDRESS}/{id}"));
    Ok(())
}

/// Gives a decision back.
#[server(GiveRedressBack, prefix = "/_fn", endpoint = "console/redress/give_back")]
pub async fn give_back(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = redress::give_back(&at_work.console.domain, at_work.officer(), id, &text).await;
    said(reply, &at_work, id, done, "Given back. It is decided anew.")
}

/// Answers a request that was decided.
#[server(AnswerRedress, prefix = "/_fn", endpoint = "console/redress/answer")]
pub async fn answer(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let outcome = match redress::answer(&at_work.console.domain, at_work.officer(), id).await {
        Ok(Answered::Done) => Outcome::done("Answered. Print the letter and mail it, with what is given."),
        Ok(Answered::NotNow) => Outcome::not_done(words::NOT_NOW),
        Ok(Answered::NotCorrected) => {
            Outcome::not_done("Nothing was done: the correction was not made. A second person agrees to it on the profile.")
        }
        Ok(Answered::Changed) => {
            Outcome::not_done("Nothing was done: what is held changed since it was decided. Give it back, and decide it anew.")
        }
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&format!("{REDRESS}/{id}"));
    Ok(())
}

/// Closes a request that was answered.
#[server(CloseRedress, prefix = "/_fn", endpoint = "console/redress/close")]
pub async fn close(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = redress::close(&at_work.console.domain, at_work.officer(), id).await;
    said(reply, &at_work, id, done, "Closed.")
}

/// Ends a request before it is decided.
#[server(WithdrawRedress, prefix = "/_fn", endpoint = "console/redress/withdraw")]
pub async fn withdraw(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = redress::withdraw(&at_work.console.domain, at_work.officer(), id, &text).await;
    said(reply, &at_work, id, done, "Ended without an answer.")
}

/// Keeps a statement of disagreement with the record.
#[server(DisagreeWithRedress, prefix = "/_fn", endpoint = "console/redress/disagree")]
pub async fn disagree(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = redress::disagree(&at_work.console.domain, at_work.officer(), id, &text).await;
    said(reply, &at_work, id, done, "Kept with the record. Whoever gets the record gets the statement, too.")
}
