//! The forms in which partners and we write to each other: what stands in them, and what has no place there. And the requests that
//! could not be read.

use domain::Error;
use domain::actor::Action;
use domain::agreement::templates;
use domain::partner_query::{UnreadRequest, unread};
use leptos::prelude::*;
use shared::partner_query::template::{Kind, Row};
use shared::partner_query::{Field, Template};

use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::AGREEMENTS;
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn PartnerTemplatesPage() -> impl IntoView {
    view! { <Layout title="Partners' templates">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let templates = templates(officer)?;
    let unread = if officer.may_somewhere(Action::ReadInformationRequests) {
        Some(unread_requests(&unread(ctx, officer).await?))
    } else {
        None
    };
    Ok(view! {
        <p class="console-back"><a href=AGREEMENTS>"Agreements"</a></p>
        <p>
            "The forms in which requests and replies are written. Each partner has its own; the uniform one is for all. A request that does \
             not keep to its form is sent back with all that is wrong with it."
        </p>
        {unread}
        {templates.iter().map(section).collect_view()}
    }
    .into_any())
}

fn unread_requests(unread: &[UnreadRequest]) -> AnyView {
    if unread.is_empty() {
        return view! { <p>"Every request of a partner could be read."</p> }.into_any();
    }
    let row = |one: &UnreadRequest| {
        let told = one.told_at.map_or_else(|| "not yet".into_any(), |at| view! { <When at/> }.into_any());
        view! {
            <tr>
                <th scope="row" class="console-nowrap">{one.transaction_number.clone()}</th>
                <td>{one.partner.name()}</td>
                <td class="console-nowrap"><When at=one.received_at/></td>
                <td><ul class="console-plain">{one.errors.iter().map(|error| view! { <li>{error.clone()}</li> }).collect_view()}</ul></td>
                <td class="console-nowrap">{told}</td>
            </tr>
        }
    };
    let rows = unread.iter().map(row).collect_view();
    let heads = ["Transaction number", "Partner", "Came", "What is wrong", "The partner was told"];
    view! { <Table id="unread" caption="Requests that could not be read, the newest first" heads>{rows}</Table> }.into_any()
}

fn section(template: &Template) -> AnyView {
    let key = template.id().key.key();
    let others: Vec<String> = template.other_countries().map(|(code, country)| format!("{} as {code}", country.as_str())).collect();
    let countries = std::iter::once(template.countries().to_owned()).chain(others).collect::<Vec<_>>().join("; ");
    let fields = |kind| fields(template, kind);
    view! {
        <section aria-labelledby=key>
            <h2 id=key>{template.title().to_owned()}", version "{template.id().version.to_string()}</h2>
            <p>{template.note().to_owned()}</p>
            <dl class="console-facts">
                <dt>"Days"</dt><dd>{template.days()}</dd>
                <dt>"Countries"</dt><dd>{countries}</dd>
                <dt>"No place in a request for"</dt><dd>{lost(template, Kind::Request)}</dd>
                <dt>"No place in a reply for"</dt><dd>{lost(template, Kind::Reply)}</dd>
            </dl>
            {Kind::ALL.map(fields).collect_view()}
        </section>
    }
    .into_any()
}

fn lost(template: &Template, kind: Kind) -> String {
    let lost: Vec<&str> = template.lost(kind).into_iter().map(Field::name).collect();
    if lost.is_empty() { "nothing".to_owned() } else { lost.join(", ") }
}

fn fields(template: &Template, kind: Kind) -> AnyView {
    let row = |row: &Row| {
        view! {
            <tr>
                <th scope="row">{row.name.clone()}</th>
                <td>{row.field.name()}</td>
                <td>{if row.required { "Required" } else { "" }}</td>
            </tr>
        }
    };
    let rows = template.rows(kind).iter().map(row).collect_view();
    let what = format!("{}: lines of a {}", template.title(), kind.word());
    let id = format!("{}-{}", template.id().key.key(), kind.word());
    view! {
        <details class="console-details">
            <summary>{what.clone()}</summary>
            <Table id caption=what heads=["Name of the line", "What stands there", "Required"] narrow=true>{rows}</Table>
        </details>
    }
    .into_any()
}
