//! The requests: those that wait, the most urgent first, then those that are over.

use domain::Error;
use domain::redress::{RedressRow, all};
use leptos::prelude::*;
use shared::redress::number;

use super::words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{LOG_REDRESS, REDRESS};
use crate::console::table::Table;

#[component]
pub fn RedressPage() -> impl IntoView {
    view! { <Layout title="Redress">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let list = all(&at_work.console.domain, at_work.officer()).await?;
    let waiting = table("waiting", "Requests that wait for an answer, the most urgent first", &list.waiting);
    let over = table("over", "Requests that were answered or closed, the newest first", &list.over);
    Ok(view! {
        <p>
            "What people ask about their own records, by the Freedom of Information Act, the Privacy Act or the Judicial Redress \
             Act. An answer is due within twenty working days, and ten more in unusual circumstances."
        </p>
        <p><a class="usa-button" href=LOG_REDRESS>"Log a request"</a></p>
        {waiting}
        {over}
    }
    .into_any())
}

fn table(id: &'static str, caption: &'static str, rows: &[RedressRow]) -> AnyView {
    if rows.is_empty() {
        return view! { <h2>{caption}</h2><p>"None."</p> }.into_any();
    }
    let row = |row: &RedressRow| {
        let head = &row.head;
        let acknowledge = row.acknowledge_by.map(|day| view! { <br/>"Acknowledge by "{day.to_string()} });
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=format!("{REDRESS}/{}", head.id)>{number(head.number)}</a></th>
                <td>{head.kind.name()}</td>
                <td>{head.basis.name()}</td>
                <td>{head.channel.name()}</td>
                <td class="console-nowrap">{head.received_on.to_string()}</td>
                <td>{head.state.name()}</td>
                <td>{words::clock(row)}{acknowledge}</td>
            </tr>
        }
    };
    let heads = ["Number", "What is asked", "Law", "How it came", "Received", "State", "Answer by"];
    let rows = rows.iter().map(row).collect_view();
    view! { <Table id caption heads>{rows}</Table> }.into_any()
}
