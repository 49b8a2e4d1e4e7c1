//! What partners want to know, and where each request stands.

use std::collections::BTreeMap;

use domain::Error;
use domain::information_request::{RequestRow, names, queue};
use leptos::prelude::*;
use shared::service_request::OfficerId;

use super::words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::INFORMATION_REQUESTS;
use crate::console::table::{Table, count};
use crate::console::when::When;

#[component]
pub fn InformationRequestsPage() -> impl IntoView {
    view! { <Layout title="Information requests">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let all = Box::pin(queue(ctx, officer)).await?;
    let preparers: Vec<OfficerId> = all.iter().filter_map(|row| row.prepared_by).collect();
    let people: BTreeMap<OfficerId, String> = names(ctx, officer, &preparers).await?.into_iter().collect();
    let (open, over): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.state.is_open());
    let open = table(at_work, "open", "open, the first due first", &open, &people);
    let over = table(at_work, "over", "over, the newest first", &over, &people);
    Ok(view! {
        <p>
            "What partner countries want to know beyond a first answer. One person prepares the reply, another releases it, and OBIM sends it."
        </p>
        {open}
        {over}
    }
    .into_any())
}

fn table(at_work: &AtWork, id: &'static str, which: &str, rows: &[RequestRow], people: &BTreeMap<OfficerId, String>) -> AnyView {
    let caption = format!("{} {which}", count(rows.len(), "request", "requests"));
    if rows.is_empty() {
        return view! { <p>{caption}</p> }.into_any();
    }
    let row = |row: &RequestRow| {
        let clock = row.due_at.filter(|_| row.state.is_open()).map(|at| {
            view! { <When at/>{format!(", {}", words::time_left(at_work.console.domain.now(), at))} }
        });
        let with = row.prepared_by.and_then(|by| people.get(&by).cloned());
        view! {
            <tr>
                <th scope="row" class="console-nowrap">
                    <a href=format!("{INFORMATION_REQUESTS}/{}", row.id)>{row.transaction_number.clone()}</a>
                </th>
                <td>{row.partner.name()}</td>
                <td>{row.purpose.name()}</td>
                <td>{row.priority.name()}</td>
                <td class="console-nowrap"><When at=row.received_at/></td>
                <td class="console-nowrap">{clock}</td>
                <td>{row.state.name()}</td>
                <td>{with}</td>
            </tr>
        }
    };
    let rows = rows.iter().map(row).collect_view();
    let heads = ["Number", "Partner", "Purpose", "Priority", "Came", "Due", "State", "Prepared by"];
    view! { <Table id caption heads>{rows}</Table> }.into_any()
}
