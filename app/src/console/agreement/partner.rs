//! The agreement with a partner: what is in force, and all its versions.

use domain::Error;
use domain::actor::Action;
use domain::agreement::{PartnerFile, Standing, VersionHead, of_partner};
use domain::service_request::names;
use leptos::prelude::*;
use shared::agreement::Party;
use shared::service_request::OfficerId;

use super::address::{draft_path, partner_at_hand, shown, version_path};
use super::document::document;
use super::words::{self, People};
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::site::{AGREEMENTS, PARTNER_TEMPLATES};
use crate::console::table::{Table, count};
use crate::console::when::When;

#[component]
pub fn PartnerPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Agreement"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let partner = partner_at_hand()?;
    let file = of_partner(ctx, officer, partner).await?;
    let people = names(ctx, officer, file.versions.iter().map(|head| OfficerId(head.author.as_u128())).collect()).await?;
    let may_draft = officer.may_somewhere(Action::DraftAgreements);
    let draft = may_draft.then(|| view! { <p><a class="usa-button" href=draft_path(partner)>"Draft another version"</a></p> });
    let template = partner.country().map(|_| {
        let href = format!("{PARTNER_TEMPLATES}#{}", partner.key());
        view! { <p><a href=href>"The template of its messages"</a></p> }
    });
    let versions = versions(&file, &people);
    let in_force = in_force(&file);
    Ok(view! {
        <Layout title=format!("Agreement with {}", partner.name())>
            <p class="console-back"><a href=AGREEMENTS>"Agreements"</a></p>
            {in_force}
            {draft}
            {versions}
            {template}
            {file.document.as_ref().map(document)}
        </Layout>
    }
    .into_any())
}

fn in_force(file: &PartnerFile) -> AnyView {
    let link = |head: &VersionHead| {
        view! { <a href=version_path(head.partner, head.version)>"Version "{head.version.number().to_string()}</a> }
    };
    let Some(head) = &file.status.in_force else {
        let words = match file.status.partner {
            Party::Country(_) => "Nothing is in force: nothing is asked and nothing told.",
            Party::Ident => "Nothing is in force: nothing is added.",
        };
        return view! { <p><strong>{words}</strong></p> }.into_any();
    };
    let to_come = file.status.to_come.as_ref().map(|head| {
        view! { " "{link(head)}" is signed and takes its place on "{words::from(head)}"." }
    });
    view! {
        <p>
            <strong>{link(head)}" is in force since "{words::from(head)}"."</strong>
            {to_come}
            " "<a href=format!("{}/file", version_path(head.partner, head.version)) download=true>"Save it as a file"</a>
        </p>
    }
    .into_any()
}

fn versions(file: &PartnerFile, people: &People) -> AnyView {
    let row = |head: &VersionHead| {
        let waiting = file.status.waiting.iter().find(|waiting| waiting.head.version == head.version);
        let signatures = waiting.map(|waiting| format!(", {}", words::waits(&waiting.signatures)));
        let from = if head.standing == Standing::Draft { Some(head.holds_from.to_string()) } else { words::from(head) };
        view! {
            <tr>
                <th scope="row"><a href=version_path(head.partner, head.version)>"Version "{head.version.number().to_string()}</a></th>
                <td>{words::standing(head, waiting.is_some())}{signatures}</td>
                <td class="console-nowrap">{from}</td>
                <td>{words::person(people, head.author)}</td>
                <td class="console-nowrap"><When at=head.made_at/></td>
            </tr>
        }
    };
    let rows = file.versions.iter().map(row).collect_view();
    let caption = format!("{}, the newest first", count(file.versions.len(), "version", "versions"));
    let heads = ["Version", "State", "In force from", "Drafted by", "When"];
    view! { <Table id="versions" caption heads>{rows}</Table> }.into_any()
}
