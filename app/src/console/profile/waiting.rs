//! Corrections that wait for a second person.

use domain::Error;
use domain::profile::{Waiting, waiting};
use domain::service_request::names;
use leptos::prelude::*;
use shared::service_request::OfficerId;

use super::person::People;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::PROFILES;
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn CorrectionsPage() -> impl IntoView {
    view! { <Layout title="Corrections">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let all = waiting(ctx, officer).await?;
    let people = names(ctx, officer, all.iter().map(|one| OfficerId(one.proposed_by.as_u128())).collect()).await?;
    let list = if all.is_empty() { view! { <p>"Nothing waits."</p> }.into_any() } else { list(&all, &people) };
    Ok(view! { <p class="console-back"><a href=PROFILES>"People"</a></p>{list} }.into_any())
}

fn list(all: &[Waiting], people: &People) -> AnyView {
    let row = |one: &Waiting| {
        let by = people.get(&OfficerId(one.proposed_by.as_u128())).cloned().unwrap_or_else(|| "Somebody".to_owned());
        view! {
            <tr>
                <th scope="row"><a href=format!("{PROFILES}/{}", one.profile)>{one.profile.simple().to_string()}</a></th>
                <td>{by}</td>
                <td><When at=one.proposed_at/></td>
            </tr>
        }
    };
    let caption = format!("{} wait, the oldest first", all.len());
    let rows = all.iter().map(row).collect_view();
    view! { <Table id="corrections" caption heads=["Profile", "Proposed by", "When"]>{rows}</Table> }.into_any()
}
