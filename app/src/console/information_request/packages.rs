//! Packages for OBIM: what is to be fetched and sent, and what was.

use std::collections::BTreeMap;

use domain::Error;
use domain::information_request::{PackageRow, names, packages};
use leptos::prelude::*;
use shared::partner_query::InboundState;
use shared::service_request::OfficerId;
use store::crypto::hex;

use super::words;
use crate::console::account::ask_for_fresh_factor;
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::fields::hidden;
use crate::console::site::FETCH_PACKAGE;
use crate::console::table::{Head, Table, count};
use crate::console::when::When;
use crate::csrf::CsrfField;

#[component]
pub fn PackagesPage() -> impl IntoView {
    view! { <Layout title="Packages">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let all = Box::pin(packages(ctx, officer)).await?;
    let fetchers: Vec<OfficerId> = all.iter().filter_map(|row| row.fetched.map(|(by, _)| by)).collect();
    let people: BTreeMap<OfficerId, String> = names(ctx, officer, &fetchers).await?.into_iter().collect();
    let factor = ask_for_fresh_factor(&at_work.live);
    let is_fresh = factor.is_none();
    let rows = all.iter().map(|row| package(at_work, row, &people, is_fresh)).collect_view();
    let heads = ["Number", "Partner", "State", "Made", "Due", "KB", "Fetched", "To do"].map(|name| match name {
        "KB" => Head::Figure(name),
        name => Head::Text(name),
    });
    let caption = format!("{}, those to be sent first", count(all.len(), "package", "packages"));
    let list = if all.is_empty() {
        view! { <p>"Nothing is to be sent."</p> }.into_any()
    } else {
        view! { <Table id="packages" caption heads>{rows}</Table> }.into_any()
    };
    Ok(view! {
        <p>
            "What was released for partner countries, sealed for OBIM. Protection is checked again when a package is fetched: one that may not \
             leave any more is not given out, and goes from this list."
        </p>
        {factor}
        {list}
    }
    .into_any())
}

fn package(at_work: &AtWork, row: &PackageRow, people: &BTreeMap<OfficerId, String>, is_fresh: bool) -> AnyView {
    let due = row.due_at.filter(|_| row.state.is_open()).map(|at| {
        view! { <When at/>{format!(", {}", words::time_left(at_work.console.domain.now(), at))} }
    });
    let fetched = row.fetched.map(|(by, at)| {
        let by = people.get(&by).cloned().unwrap_or_default();
        view! { <When at/>", "{by} }
    });
    let acts = acts(row, is_fresh);
    view! {
        <tr>
            <th scope="row" class="console-nowrap">
                {row.transaction_number.clone()}
                <br/>
                <span class="usa-hint">"SHA-256 "{hex(&row.sha256[..8])}"…"</span>
            </th>
            <td>{row.partner.name()}</td>
            <td>{row.state.name()}</td>
            <td class="console-nowrap"><When at=row.made_at/></td>
            <td class="console-nowrap">{due}</td>
            <td class="console-figure">{row.bytes.div_ceil(1024).to_string()}</td>
            <td>{fetched}</td>
            <td>{acts}</td>
        </tr>
    }
    .into_any()
}

fn acts(row: &PackageRow, is_fresh: bool) -> AnyView {
    let about = row.transaction_number.clone();
    let may_fetch = matches!(row.state, InboundState::HandedToCpms | InboundState::RetrievedByObim) && is_fresh;
    let fetch = may_fetch.then(|| {
        let about = about.clone();
        view! {
            <form method="post" action=FETCH_PACKAGE>
                <CsrfField/>
                {hidden(vec![("id", row.request.to_string())])}
                <button class="usa-button usa-button--outline" type="submit">"Fetch"<span class="visually-hidden">" "{about}</span></button>
            </form>
        }
    });
    let outcome = (row.state == InboundState::RetrievedByObim).then(|| {
        let values = vec![("id", row.request.to_string())];
        let reason = format!("reason-{}", row.request.simple());
        let not_sent = about.clone();
        view! {
            <PostButton action="/_fn/console/information_request/sent" label="It was sent" about=about.clone() values=values.clone()/>
            <form method="post" action="/_fn/console/information_request/not_sent">
                <CsrfField/>
                {hidden(values)}
                <label class="usa-label" for=reason.clone()>"Why not"<span class="visually-hidden">": "{not_sent.clone()}</span></label>
                <input class="usa-input" id=reason name="text" autocomplete="off"/>
                <button class="usa-button usa-button--outline" type="submit">"It could not be sent"<span class="visually-hidden">" "{not_sent}</span></button>
            </form>
        }
    });
    view! { {fetch}{outcome} }.into_any()
}
