//! What a search found. The address names the search, never what was looked for.

use domain::actor::Action;
use domain::service_request::{Found, callback_digits, found, names};
use leptos::prelude::*;

use super::address::{Column, pairs, value, with_query};
use super::list::{as_of, search_form};
use super::shortcuts::{KeySet, Shortcuts};
use super::table::RequestTable;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{REQUESTS, SEARCH};

const COLUMNS: [Column; 8] = Column::ALL;

#[component]
pub fn SearchPage() -> impl IntoView {
    view! { <Layout title="Search">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let pairs = pairs();
    if !at_work.officer().may_somewhere(Action::ReadRequests) {
        return Some(view! { <Problem error=domain::Error::Refused/> }.into_any());
    }
    let Some(search) = value(&pairs, "search").and_then(|id| id.parse().ok()) else {
        return Some(nothing_yet());
    };
    let after = value(&pairs, "after").and_then(|after| after.parse().ok());
    Some(match found(&at_work.console.domain, at_work.officer(), search, after).await {
        Ok(Some(found)) => shown(&at_work, search, &found, after.is_some()).await,
        Ok(None) => view! { <p>"This search is over. Searches are kept for an hour."</p>{nothing_yet()} }.into_any(),
        Err(error) => view! { <Problem error/> }.into_any(),
    })
}

fn nothing_yet() -> AnyView {
    view! {
        {search_form("")}
        <p>
            "Looks through names, what people wrote, and notes, at your offices: all the words, names also by their first letters. Or one \
             number: of a request, a receipt, a person (A-Number), or the eight digits that a caller was given. Letters are not searched."
        </p>
        <p><a href=REQUESTS data-key="u">"Lists"</a></p>
    }
    .into_any()
}

async fn shown(at_work: &AtWork, search: uuid::Uuid, found: &Found, is_later: bool) -> AnyView {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let officers = found.requests.iter().filter_map(|shown| shown.listed.placement.officer);
    let names = match names(ctx, officer, officers.collect()).await {
        Ok(names) => names,
        Err(error) => return view! { <Problem error/> }.into_any(),
    };
    let is_call_back = callback_digits(found.text.expose()).is_some();
    let more = if found.after.is_some() { ", and more" } else { "" };
    let table = RequestTable {
        rows: &found.requests,
        columns: &COLUMNS,
        names: &names,
        today: ctx.today(),
        caption: format!("{} found{more}, {}", found.requests.len(), as_of(ctx.now())),
        list: None,
        ticks: None,
        current: None,
        purpose: is_call_back.then_some("call_back"),
    };
    let address = |after: Option<i64>| {
        let mut pairs = vec![("search", search.to_string())];
        pairs.extend(after.map(|after| ("after", after.to_string())));
        with_query(SEARCH, &pairs)
    };
    let first = is_later.then(|| view! { <li><a href=address(None)>"First page"</a></li> });
    let next = found.after.map(|after| view! { <li><a href=address(Some(after)) data-key="n">"Next page"</a></li> });
    let pages = (first.is_some() || next.is_some())
        .then(|| view! { <nav class="console-tabs" aria-label="Pages"><ul>{first}{next}</ul></nav> });
    let none = found.requests.is_empty().then(|| {
        view! { <p>"Nothing was found. Words that people wrote are found whole; names by their first three letters. You find what is at your offices."</p> }
    });
    view! {
        {search_form(found.text.expose())}
        {table.view()}
        {none}
        {pages}
        <p><a href=REQUESTS data-key="u">"Lists"</a></p>
        <Shortcuts set=KeySet::List/>
    }
    .into_any()
}
