//! Why partners were told nothing of people whom we know: for privacy officers.

use domain::Error;
use domain::partner_query::{StoredSuppression, suppressions};
use leptos::prelude::*;
use shared::agreement::{Partner, Step};

use super::words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{PROFILES, QUERIES};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn SuppressedPage() -> impl IntoView {
    view! { <Layout title="Suppression log">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let log = suppressions(&at_work.console.domain, at_work.officer()).await?;
    let list = if log.is_empty() { view! { <p>"Nothing was suppressed."</p> }.into_any() } else { list(&log) };
    Ok(view! { <p class="console-back"><a href=QUERIES>"Queries"</a></p>{list} }.into_any())
}

fn list(log: &[StoredSuppression]) -> AnyView {
    let row = |one: &StoredSuppression| {
        let partner = Partner::from_key(&one.partner).map_or("", Partner::name);
        let step = Step::from_key(&one.step).map_or("", Step::name);
        view! {
            <tr>
                <th scope="row" class="console-nowrap">{one.transaction_number.clone()}</th>
                <td>{partner}</td>
                <td>{step}</td>
                <td>{words::withheld(&one.because)}</td>
                <td><a href=format!("{PROFILES}/{}", one.profile_id)>"Profile"<span class="visually-hidden">" for "{one.transaction_number.clone()}</span></a></td>
                <td class="console-nowrap"><When at=one.recorded_at/></td>
            </tr>
        }
    };
    let rows = log.iter().map(row).collect_view();
    let heads = ["Transaction number", "Partner", "Step", "Why nothing was told", "Person", "When"];
    view! { <Table id="suppressions" caption="The newest first" heads>{rows}</Table> }.into_any()
}
