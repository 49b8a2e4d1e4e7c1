//! Server functions about the accounting. Plain forms call them; what is given out as a file goes elsewhere.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::kept::{TypedTelling, refused},
    super::{typed, words},
    crate::console::context::AtWork,
    crate::console::outcome::Outcome as Said,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::with_query,
    crate::console::site::{ACCOUNTING, ACCOUNTING_PEOPLE, CORRECTIONS_TOLD, RECORD_DISCLOSURE},
    domain::Error,
    domain::actor::Action,
    domain::disclosure::{self, Disputed, Recorded, TellOutcome},
    shared::agreement::Element,
    shared::disclosure::{Confirmed, Outcome},
    shared::partner_query::LongLine,
    shared::sensitive::Sensitive,
    uuid::Uuid,
};

/// The fields of a disclosure that is recorded, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TellingFields {
    pub nature: String,
    pub record: String,
    pub told: String,
    pub documents: String,
    pub purpose: String,
    /// The key of an exception of 5 USC 552a(b).
    pub exception: String,
    pub citation: String,
    pub organization: String,
    pub name: String,
    pub address: String,
    pub way: String,
}

/// Records a disclosure before it is made.
#[server(RecordDisclosure, prefix = "/_fn", endpoint = "console/accounting/record")]
pub async fn record(
    #[server(default)] profile: String,
    #[server(default)] notice: String,
    #[server(default)] elements: Vec<String>,
    #[server(default)] telling: TellingFields,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let sent = TypedTelling { profile, notice, elements, fields: telling, wrong: Vec::new() };
    let page = match recorded(&at_work, sent).await {
        Ok(Ok(page)) => {
            Said::done("Recorded. It may leave now; say afterwards what became of it.").say(&reply, &at_work);
            page
        }
        Ok(Err(page)) => page,
        Err(error) => return failed(reply, &error),
    };
    reply.go_on_to(&page);
    Ok(())
}

/// Records what was typed, and gives the page that shows it; or the form, with what is wrong.
#[cfg(feature = "ssr")]
async fn recorded(at_work: &AtWork, sent: TypedTelling) -> Result<Result<String, String>, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::RecordDisclosures) {
        return Err(Error::Refused);
    }
    let profile = named(&sent.profile);
    let wrong = match typed::read(&sent) {
        Err(wrong) => wrong,
        Ok(telling) => match disclosure::record(ctx, officer, profile, telling).await? {
            Recorded::Done(_) => return Ok(Ok(format!("{ACCOUNTING_PEOPLE}/{profile}"))),
            other => vec![words::not_recorded(other).to_owned()],
        },
    };
    refused(at_work, &TypedTelling { wrong, ..sent }).await.map(Err)
}

#[cfg(feature = "ssr")]
fn named(id: &str) -> Uuid {
    id.parse().unwrap_or_default()
}

/// Says what became of a disclosure that was recorded.
#[server(CloseDisclosure, prefix = "/_fn", endpoint = "console/accounting/close")]
pub async fn close(#[server(default)] disclosure: String, #[server(default)] outcome: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let Some(outcome) = Outcome::from_key(&outcome) else { return failed(reply, &Error::Refused) };
    let said = match disclosure::close(ctx, officer, named(&disclosure), outcome).await {
        Ok(true) => Said::done("Noted."),
        Ok(false) => Said::not_done("Nothing was done: it was said before."),
        Err(error) => return failed(reply, &error),
    };
    said.say(&reply, &at_work);
    reply.go_on_to(ACCOUNTING);
    Ok(())
}

/// Notes that a person disagrees with what is recorded of them.
#[server(NoteDispute, prefix = "/_fn", endpoint = "console/accounting/dispute")]
pub async fn dispute(
    #[server(default)] profile: String,
    #[server(default)] elements: Vec<String>,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::TellCorrections) {
        return failed(reply, &Error::Refused);
    }
    let id = named(&profile);
    let elements = elements.iter().filter_map(|key| Element::from_key(key)).collect();
    let disputed = match LongLine::parse(&text) {
        Ok(statement) => disclosure::dispute(ctx, officer, id, elements, Sensitive::new(statement)).await.map(Some),
        Err(_) => Ok(None),
    };
    let said = match disputed {
        Ok(Some(Disputed::Noted)) => Said::done("Noted. Who was told what is disputed is looked up now."),
        Ok(Some(Disputed::Nobody)) => Said::not_done(words::NOBODY),
        Ok(Some(Disputed::NotOpen)) => Said::not_done(words::NOT_OPEN),
        Ok(Some(Disputed::NothingNamed)) => Said::not_done("Nothing was done. What the person disputes: tick at least one."),
        Ok(None) => Said::not_done("Nothing was done. The person's statement: type it, in at most two thousand letters."),
        Err(error) => return failed(reply, &error),
    };
    said.say(&reply, &at_work);
    reply.go_on_to(&format!("{ACCOUNTING_PEOPLE}/{id}"));
    Ok(())
}

/// Has a past recipient told of a correction.
#[server(TellCorrection, prefix = "/_fn", endpoint = "console/accounting/tell")]
pub async fn tell(#[server(default)] notice: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&notice);
    let (said, page) = match disclosure::tell(&at_work.console.domain, at_work.officer(), id).await {
        Ok(TellOutcome::OnItsWay) => (Said::done("It leaves after the check."), CORRECTIONS_TOLD.to_owned()),
        Ok(TellOutcome::ByPeople(_)) => {
            let page = with_query(RECORD_DISCLOSURE, &[("notice", id.to_string())]);
            (Said::done("This recipient is told by people: record it first."), page)
        }
        Ok(TellOutcome::NotNow) => {
            (Said::not_done("Nothing was done: they were told, or are being told."), CORRECTIONS_TOLD.to_owned())
        }
        Err(error) => return failed(reply, &error),
    };
    said.say(&reply, &at_work);
    reply.go_on_to(&page);
    Ok(())
}

/// Notes that a past recipient confirmed today.
#[server(ConfirmCorrection, prefix = "/_fn", endpoint = "console/accounting/confirm")]
pub async fn confirm(#[server(default)] notice: String, #[server(default)] outcome: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let Some(outcome) = Confirmed::from_key(&outcome) else { return failed(reply, &Error::Refused) };
    let said = match disclosure::confirm(ctx, officer, named(&notice), outcome, ctx.today()).await {
        Ok(true) => Said::done("Noted."),
        Ok(false) => Said::not_done("Nothing was done: they were not told yet, or have confirmed it."),
        Err(error) => return failed(reply, &error),
    };
    said.say(&reply, &at_work);
    reply.go_on_to(CORRECTIONS_TOLD);
    Ok(())
}
