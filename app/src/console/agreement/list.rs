//! The agreements, by partner: what is in force, and what waits for a signature.

use domain::Error;
use domain::agreement::{Status, VersionHead, Waiting, list};
use leptos::prelude::*;

use super::address::{partner_path, version_path};
use super::words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::PARTNER_TEMPLATES;
use crate::console::table::Table;

#[component]
pub fn AgreementsPage() -> impl IntoView {
    view! { <Layout title="Agreements">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let all = list(&at_work.console.domain, at_work.officer()).await?;
    let rows = all.iter().map(row).collect_view();
    let heads = ["Partner", "In force", "Since", "To come", "Waits for a signature"];
    Ok(view! {
        <p>
            "What may be asked of partner countries and told to them, and what may be added to IDENT. The agreements manager drafts a version; a \
             privacy officer and counsel sign it, and then it is in force."
        </p>
        <Table id="agreements" caption="Partners, and IDENT" heads>{rows}</Table>
        <p><a href=PARTNER_TEMPLATES>"Partners' templates"</a>": in which form requests and replies are written."</p>
    }
    .into_any())
}

fn row(status: &Status) -> AnyView {
    let link = |head: &VersionHead| {
        let href = version_path(head.partner, head.version);
        let of = format!(" of the agreement with {}", head.partner.name());
        view! { <a href=href>"Version "{head.version.number().to_string()}<span class="visually-hidden">{of}</span></a> }
    };
    let waiting = |waiting: &Waiting| {
        view! { <li>{link(&waiting.head)}" "{words::waits(&waiting.signatures)}</li> }
    };
    let since = status.in_force.as_ref().and_then(words::from);
    let to_come = status.to_come.as_ref().map(|head| view! { {link(head)}", from "{words::from(head)} });
    view! {
        <tr>
            <th scope="row"><a href=partner_path(status.partner)>{status.partner.name()}</a></th>
            <td>{match &status.in_force {
                Some(head) => link(head).into_any(),
                None => "Nothing".into_any(),
            }}</td>
            <td class="console-nowrap">{since}</td>
            <td>{to_come}</td>
            <td><ul class="console-plain">{status.waiting.iter().map(waiting).collect_view()}</ul></td>
        </tr>
    }
    .into_any()
}
