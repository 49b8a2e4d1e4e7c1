//! Lists of records that were to be destroyed, the newest first.

use domain::Error;
use domain::retention::{StoredDisposition, dispositions};
use domain::service_request::names;
use leptos::prelude::*;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::words;
use crate::console::agreement::{People, person};
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{DISPOSITIONS, RETENTION};
use crate::console::table::{Head, Table};
use crate::console::when::When;

#[component]
pub fn DispositionsPage() -> impl IntoView {
    view! { <Layout title="Lists and certificates">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let all = dispositions(ctx, officer).await?;
    let people = names(ctx, officer, ids(&all)).await?;
    let list = if all.is_empty() { view! { <p>"There is none."</p> }.into_any() } else { list(&all, &people) };
    Ok(view! { <p class="console-back"><a href=RETENTION>"Retention"</a></p>{list} }.into_any())
}

/// Whom the page names.
fn ids(all: &[StoredDisposition]) -> Vec<OfficerId> {
    let of = |stored: &StoredDisposition| {
        let others = [stored.approved, stored.withdrawn].into_iter().flatten();
        others.chain([stored.proposed]).map(|(by, _)| by).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).map(|id: Uuid| OfficerId(id.as_u128())).collect()
}

fn list(all: &[StoredDisposition], people: &People) -> AnyView {
    let row = |stored: &StoredDisposition| {
        let (by, at) = stored.proposed;
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=format!("{DISPOSITIONS}/{}", stored.id)><When at/></a></th>
                <td>{person(people, by)}</td>
                <td class="console-nowrap">{stored.until.to_string()}</td>
                <td class="console-figure">{stored.records.to_string()}</td>
                <td>{words::stage(stored)}</td>
                <td>{stored.approved.map(|(by, _)| person(people, by))}</td>
            </tr>
        }
    };
    let rows = all.iter().map(row).collect_view();
    let heads = [
        Head::Text("Made"),
        Head::Text("By"),
        Head::Text("Due on"),
        Head::Figure("Records"),
        Head::Text("State"),
        Head::Text("Approved by"),
    ];
    view! { <Table id="dispositions" caption="The newest first" heads>{rows}</Table> }.into_any()
}
