//! What is done with lists: many requests are given out at once, lists are kept under a name, and requests are looked for.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::list_or_usual,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, came_from, failed},
    crate::console::service_request::address::{ListAddress, value},
    crate::console::service_request::kept::{Assigned, Became, Kept, Ticked, keep},
    crate::console::site::{ASSIGN, ASSIGNED, ESCALATIONS, REQUESTS, SEARCH},
    crate::console::way_in::header,
    crate::reply::Reply,
    crate::session::CookieName,
    domain::Action,
    domain::service_request as requests,
    shared::office::OfficeCode,
    shared::service_request::{OfficerId, Queue},
    uuid::Uuid,
};

/// Shows what giving the ticked requests to an officer would do.
#[server(ChooseRequests, prefix = "/_fn", endpoint = "console/service_request/choose")]
pub async fn choose(
    #[server(default)] office: String,
    #[server(default)] list: String,
    #[server(default)] to: String,
    #[server(default)] requests: Vec<String>,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let at = OfficeCode::parse(&office).ok();
    if !at.is_some_and(|at| at_work.officer().may(Action::AssignRequests, &at)) {
        return failed(reply, &domain::Error::Refused);
    }
    let list = list_or_usual(&list);
    let mut ids: Vec<Uuid> = requests.iter().filter_map(|id| id.parse().ok()).collect();
    ids.truncate(requests::LARGEST_BATCH);
    if ids.is_empty() || OfficerId::parse(&to).is_none() {
        let words = if ids.is_empty() { "Tick at least one request first." } else { "Choose who is to have them." };
        Outcome::not_done(words).say(&reply, &at_work);
        reply.go_on_to(&list);
        return Ok(());
    }
    match keep(&at_work, &Kept::Ticked(Ticked { office, to, requests: ids, list })).await {
        Ok(id) => {
            reply.go_on_to(&format!("{ASSIGN}?kept={id}"));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Gives many requests, each as it was seen, to one officer.
#[server(AssignMany, prefix = "/_fn", endpoint = "console/service_request/assign_many")]
pub async fn assign_many(
    #[server(default)] office: String,
    #[server(default)] to: String,
    #[server(default)] list: String,
    #[server(default)] requests: Vec<String>,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let seen = |text: &String| {
        let (id, version) = text.split_once(':')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    let seen: Vec<(Uuid, i64)> = requests.iter().filter_map(seen).collect();
    let Some((at, officer)) = OfficeCode::parse(&office).ok().zip(OfficerId::parse(&to)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let done = requests::assign_many(&at_work.console.domain, at_work.officer(), &at, &seen, officer).await;
    let done = done.map(|done| (done.batch, done.rows.into_iter().map(|(id, given)| (id, Became::from(given))).collect()));
    show_assigned(reply, &at_work, done, office, to, list).await
}

/// Undoes it.
#[server(UndoAssignment, prefix = "/_fn", endpoint = "console/service_request/undo")]
pub async fn undo(
    #[server(default)] batch: String,
    #[server(default)] office: String,
    #[server(default)] to: String,
    #[server(default)] list: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let batch = batch.parse().unwrap_or_default();
    match requests::undo(&at_work.console.domain, at_work.officer(), batch).await {
        Ok(Some(rows)) => {
            let rows = rows.into_iter().map(|(id, undone)| (id, Became::from(undone))).collect();
            show_assigned(reply, &at_work, Ok((batch, rows)), office, to, list).await
        }
        Ok(None) => {
            Outcome::not_done("It cannot be undone any more: it was undone, or a day has passed.").say(&reply, &at_work);
            reply.go_on_to(&list_or_usual(&list));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

#[cfg(feature = "ssr")]
async fn show_assigned(
    reply: Reply,
    at_work: &AtWork,
    done: Result<(Uuid, Vec<(Uuid, Became)>), domain::Error>,
    office: String,
    to: String,
    list: String,
) -> Result<(), ServerFnError> {
    let kept = async {
        let (batch, rows) = done?;
        keep(at_work, &Kept::Assigned(Assigned { office, to, batch, rows, list })).await
    };
    match kept.await {
        Ok(id) => {
            reply.go_on_to(&format!("{ASSIGNED}?kept={id}"));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Keeps a list under a name.
#[server(SaveView, prefix = "/_fn", endpoint = "console/service_request/save_view")]
pub async fn save_view(
    #[server(default)] list: String,
    #[server(default)] name: String,
    #[server(default)] shared: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let page = list_or_usual(&list);
    let pairs: Vec<(String, String)> =
        page.split_once('?').and_then(|(_, query)| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
    let office = value(&pairs, "office").and_then(|office| OfficeCode::parse(office).ok());
    let Some(office) = office else { return failed(reply, &domain::Error::Refused) };
    let address = ListAddress::read(&pairs, office, Queue::Mine);
    let is_shared = shared == "yes";
    let outcome = match requests::save_view(&at_work.console.domain, at_work.officer(), &name, &address.list, is_shared).await {
        Ok(Some(_)) => Outcome::done("The list is saved."),
        Ok(None) => Outcome::not_done("Not saved: write a name of up to 60 characters that no other saved list has."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&page);
    Ok(())
}

/// Forgets a saved list.
#[server(DropView, prefix = "/_fn", endpoint = "console/service_request/drop_view")]
pub async fn drop_view(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match requests::drop_view(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default()).await {
        Ok(true) => Outcome::done("The saved list is forgotten."),
        Ok(false) => Outcome::not_done("It was forgotten before."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&list_or_usual(&came_from().unwrap_or_default()));
    Ok(())
}

/// Takes note of what was raised of a request.
#[server(NoteEscalation, prefix = "/_fn", endpoint = "console/service_request/note_escalation")]
pub async fn note_escalation(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let noted = requests::note_escalation(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default()).await;
    let outcome = match noted {
        Ok(true) => Outcome::done("Noted."),
        Ok(false) => Outcome::not_done("Somebody noted it before."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(came_from().as_deref().filter(|from| from.starts_with(ESCALATIONS)).unwrap_or(ESCALATIONS));
    Ok(())
}

/// Looks for requests.
#[server(SearchRequests, prefix = "/_fn", endpoint = "console/service_request/search")]
pub async fn search(#[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    match requests::look_for(&at_work.console.domain, at_work.officer(), &text).await {
        Ok(Some(id)) => reply.go_on_to(&format!("{SEARCH}?search={id}")),
        Ok(None) => {
            Outcome::not_done("Type a name, a word or a number to look for.").say(&reply, &at_work);
            reply.go_on_to(SEARCH);
        }
        Err(error) => return failed(reply, &error),
    }
    Ok(())
}

/// Turns single keys on or off, for this browser.
#[server(SetKeys, prefix = "/_fn", endpoint = "console/service_request/keys")]
pub async fn set_keys(#[server(default)] keys: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (value, words) = match keys.as_str() {
        "off" => ("off", "Single keys are turned off in this browser."),
        _ => ("on", "Single keys are turned on."),
    };
    let cookie = CookieName::keys(at_work.console.secure_cookies).set_for_long(value);
    reply.cookie(header(&cookie));
    Outcome::done(words).say(&reply, &at_work);
    reply.go_on_to(&came_from().unwrap_or_else(|| REQUESTS.to_owned()));
    Ok(())
}
