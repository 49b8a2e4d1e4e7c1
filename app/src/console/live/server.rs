//! What a page asks by itself when it was told that something changed. It changes nothing, and counts as nobody's presence.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::csrf::Csrf;

#[cfg(feature = "ssr")]
use {
    crate::console::context::AtWork,
    crate::console::reply::at_work,
    crate::console::service_request::address::{ListAddress, value},
    crate::console::service_request::words,
    crate::console::site::REQUESTS,
    crate::reply::Reply,
    axum::http::StatusCode,
    domain::actor::Action,
    domain::live::{RequestNews, request_news},
    domain::service_request::{counts, list, names},
    shared::live::ChangeKind,
    shared::office::OfficeCode,
    shared::service_request::{Happening, Queue},
    uuid::Uuid,
};

/// A list as it is now, without what its rows say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListNow {
    /// The requests of the page in their order: the row's id, and the version.
    pub requests: Vec<(String, i64)>,
    /// How many are in each list, by its key.
    pub counts: Vec<(String, u64)>,
}

/// A request as it is now, without what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestNow {
    /// Counts on with each change.
    pub seen: i64,
    /// What happened last, in words.
    pub words: String,
}

/// A page of a list as it is now. `list` is its address.
#[server(ListIsNow, prefix = "/_fn", endpoint = "console/live/list", client = Csrf)]
pub async fn list_now(#[server(default)] list: String) -> Result<ListNow, ServerFnError> {
    let (reply, at_work) = at_work()?;
    answered(reply, of_list(&at_work, &list).await)
}

/// What happened last to a request; none where this officer may not see it, or not any more.
#[server(RequestIsNow, prefix = "/_fn", endpoint = "console/live/request", client = Csrf)]
pub async fn request_now(#[server(default)] id: String) -> Result<Option<RequestNow>, ServerFnError> {
    let (reply, at_work) = at_work()?;
    answered(reply, of_request(&at_work, id.parse().unwrap_or_default()).await)
}

/// A script gets what it asked for; a form, which asks for none of this, is led to the lists.
#[cfg(feature = "ssr")]
fn answered<T>(reply: Reply, now: Result<T, domain::Error>) -> Result<T, ServerFnError> {
    let status = match now {
        Ok(now) => {
            reply.go_on_to(REQUESTS);
            return Ok(now);
        }
        Err(domain::Error::Refused | domain::Error::StepUp) => StatusCode::FORBIDDEN,
        Err(domain::Error::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        Err(domain::Error::Internal | domain::Error::Unusable(_)) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Err(reply.failed(status))
}

#[cfg(feature = "ssr")]
async fn of_list(at_work: &AtWork, address: &str) -> Result<ListNow, domain::Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let office = value(&pairs, "office").and_then(|office| OfficeCode::parse(office).ok());
    let address = ListAddress::read(&pairs, office.ok_or(domain::Error::Refused)?, Queue::Mine);
    let page = list(ctx, officer, &address.list).await?;
    let counts = counts(ctx, officer, &address.list.office).await?;
    Ok(ListNow {
        requests: page.requests.iter().map(|shown| (shown.listed.id.to_string(), shown.listed.version)).collect(),
        counts: counts.all().iter().map(|(queue, requests)| (queue.key().to_owned(), *requests)).collect(),
    })
}

#[cfg(feature = "ssr")]
async fn of_request(at_work: &AtWork, id: Uuid) -> Result<Option<RequestNow>, domain::Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let news = match request_news(ctx, officer, id).await {
        Err(domain::Error::Refused) if officer.may_somewhere(Action::ReadRequests) => return Ok(None),
        news => news?,
    };
    let who = news.actor.as_deref().and_then(words::officer_of);
    let named = news.happening.iter().filter_map(|happening| match happening {
        Happening::Assigned { officer } | Happening::Opened { officer } => Some(*officer),
        _ => None,
    });
    let names = names(ctx, officer, who.into_iter().chain(named).collect()).await?;
    Ok(Some(RequestNow { seen: news.seq, words: said(&news, who == Some(officer.officer_id()), &names) }))
}

/// `Ana Ejemplo changed this request: Given to Ben Muestra.`
#[cfg(feature = "ssr")]
fn said(news: &RequestNews, is_oneself: bool, names: &words::Names) -> String {
    let who = match &news.actor {
        Some(_) if is_oneself => "You, on another page,".to_owned(),
        Some(actor) => words::actor(actor, names),
        None => return "This request was changed.".to_owned(),
    };
    match (&news.kind, &news.happening) {
        (Some(ChangeKind::Note), _) => format!("{who} wrote a note."),
        (Some(ChangeKind::Question), _) => format!("{who} wrote to or from another office."),
        (_, Some(happening)) => format!("{who} changed this request: {}.", words::happening(happening, names)),
        (_, None) => format!("{who} changed this request."),
    }
}
