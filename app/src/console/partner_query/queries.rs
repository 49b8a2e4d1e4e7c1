//! An officer's cases and queries; for a supervisor what waits for an approval, and which officer has which case.

use domain::Error;
use domain::actor::Action;
use domain::partner_query::{AssignedCase, QueryRow, assigned, mine, to_approve};
use leptos::prelude::*;

use crate::console::context::AtWork;
use crate::console::form::Line;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::fields::post;
use crate::console::site::{ASK_PARTNERS, HELD, PROFILES, QUERIES, SUPPRESSED, USES};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn QueriesPage() -> impl IntoView {
    view! { <Layout title="Queries to partner countries">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let may = |action| officer.may_somewhere(action);
    let parts = [
        Action::AskPartners,
        Action::ApproveQueries,
        Action::AssignCases,
        Action::DecideHolds,
        Action::ReadSuppressions,
        Action::DecideUses,
    ];
    if !parts.into_iter().any(may) {
        return Err(Error::Refused);
    }
    if !ctx.shares() {
        return Ok(view! { <p>"Nothing is shared with partner countries here."</p> }.into_any());
    }
    let own = if may(Action::AskPartners) {
        let (cases, queries) = (assigned(ctx, officer).await?, mine(ctx, officer).await?);
        Some((cases_view(&cases), list("queries", "Your queries, the last changed first", &queries)))
    } else {
        None
    };
    let approvals = if may(Action::ApproveQueries) {
        Some(list("approve", "Third queries that wait for an approval", &to_approve(ctx, officer).await?))
    } else {
        None
    };
    let assign = may(Action::AssignCases).then(assign_form);
    let held = may(Action::DecideHolds).then(|| view! { <p><a href=HELD>"What counsel has to decide"</a></p> });
    let suppressed = may(Action::ReadSuppressions).then(|| view! { <p><a href=SUPPRESSED>"The suppression log"</a></p> });
    let uses = may(Action::DecideUses).then(|| view! { <p><a href=USES>"Uses by other components"</a></p> });
    Ok(view! { {held}{suppressed}{uses}{approvals}{own}{assign} }.into_any())
}

fn cases_view(cases: &[AssignedCase]) -> AnyView {
    if cases.is_empty() {
        return view! { <p>"No case is assigned to you. A supervisor assigns one, or the case system does."</p> }.into_any();
    }
    let row = |case: &AssignedCase| {
        let people = case.people.iter().map(|(role, profile)| {
            let (open, ask) = (format!("{PROFILES}/{profile}"), format!("{ASK_PARTNERS}?profile={profile}&case={}", case.case));
            view! { <li>{role.clone()}": "<a href=open>"profile"</a>", "<a href=ask>"ask partners"</a></li> }
        });
        view! {
            <tr>
                <th scope="row" class="console-nowrap">{case.number.clone()}</th>
                <td><ul class="console-plain">{people.collect_view()}</ul></td>
            </tr>
        }
    };
    let rows = cases.iter().map(row).collect_view();
    view! { <Table id="cases" caption="Your cases" heads=["Receipt number", "People"] narrow=true>{rows}</Table> }.into_any()
}

/// A list of queries. It says nothing about the person.
pub fn list(id: &'static str, caption: &'static str, queries: &[QueryRow]) -> AnyView {
    if queries.is_empty() {
        return view! { <h2>{caption}</h2><p>"None."</p> }.into_any();
    }
    let row = |query: &QueryRow| {
        view! {
            <tr>
                <th scope="row"><a href=format!("{QUERIES}/{}", query.id)>{query.partner.name()}</a></th>
                <td>{query.purpose.name()}</td>
                <td>{query.priority.name()}</td>
                <td>{query.state_name()}{query.is_overdue.then_some(", overdue")}</td>
                <td class="console-nowrap"><When at=query.changed_at/></td>
            </tr>
        }
    };
    let rows = queries.iter().map(row).collect_view();
    view! { <Table id caption heads=["Partner", "Purpose", "Priority", "State", "Changed"]>{rows}</Table> }.into_any()
}

fn assign_form() -> AnyView {
    let form = post(
        "/_fn/console/partner_query/assign",
        view! {
            <Line name="number" label="Receipt number" hint="Of an asylum or refugee case."/>
            <Line name="officer" label="Officer" hint="The name with which the officer signs in. Empty: nobody has the case any more."/>
            <button class="usa-button usa-button--outline" type="submit">"Assign"</button>
        },
    );
    view! { <h2>"Who has a case"</h2>{form} }.into_any()
}
