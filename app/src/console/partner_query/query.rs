//! One query: what was asked, its steps, and what was answered.

use domain::Error;
use domain::actor::Action;
use domain::partner_query::{AsRead, OurText, QueryView, StepView, query};
use leptos::prelude::*;
use shared::agreement::Step;
use shared::partner_query::OutboundState;
use shared::partner_query::printed::in_words;
use uuid::Uuid;

use super::words;
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::site::{PROFILES, QUERIES};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn QueryPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Query"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    let Some(found) = query(ctx, officer, id).await? else { return Err(Error::Refused) };
    let title = format!("Query to {}", found.row.partner.name());
    let acts = acts(&found, officer.may_somewhere(Action::ApproveQueries));
    let closed = found.is_closed.then(|| {
        let href = format!("{PROFILES}/{}", found.row.profile);
        view! { <p>"To see what was answered, "<a href=href>"open the profile"</a>" and say what for."</p> }
    });
    let print = found.is_printable().then(|| {
        let href = format!("{QUERIES}/{id}/print");
        view! { <p><a href=href rel="external" download>"Print for the A-File (PDF)"</a></p> }
    });
    let (about, steps, answers, history) = (about(&found), steps(&found), answers(&found), history(&found));
    let as_read = found.as_read.as_ref().map(as_read);
    let back = back(&found, officer.may_somewhere(Action::WorkOnPartnerQueries));
    Ok(view! {
        <Layout title>
            <p class="console-back">{back}</p>
            {about}
            {closed}
            {steps}
            {answers}
            {as_read}
            {print}
            {acts}
            {history}
        </Layout>
    }
    .into_any())
}

/// Who only reads answers came from the person.
fn back(found: &QueryView, has_queries: bool) -> AnyView {
    if has_queries {
        return view! { <a href=QUERIES>"Queries"</a> }.into_any();
    }
    let profile = format!("{PROFILES}/{}", found.row.profile);
    view! { <a href=profile>"The person"</a> }.into_any()
}

fn about(found: &QueryView) -> AnyView {
    let prints = match found.probe_destroyed_at {
        _ if found.row.asks_back => view! { "none: it carries the number of the partner's own query" }.into_any(),
        None => view! { "kept until the search is over" }.into_any(),
        Some(at) => view! { "destroyed "<When at/> }.into_any(),
    };
    let due = found.row.due_at.map(|at| {
        let overdue = found.row.is_overdue.then_some(": overdue");
        view! { <dt>"Answer due"</dt><dd><When at/>{overdue}</dd> }
    });
    view! {
        <dl class="console-facts">
            <dt>"State"</dt><dd>{found.row.state_name()}</dd>
            <dt>"Purpose"</dt><dd>{found.row.purpose.name()}</dd>
            <dt>"Priority"</dt><dd>{found.row.priority.name()}</dd>
            <dt>"Why"</dt><dd>{found.why.clone()}</dd>
            <dt>"Asked"</dt><dd><When at=found.row.created_at/></dd>
            {due}
            <dt>"Asked by"</dt><dd>{found.asked_by.clone()}</dd>
            <dt>"Fingerprints"</dt><dd>{prints}</dd>
        </dl>
    }
    .into_any()
}

fn steps(found: &QueryView) -> AnyView {
    let row = |step: &StepView| {
        let result = step.result.map_or("", |result| result.name());
        let agreement = step.agreement.map(|version| format!("Version {}", version.number()));
        view! {
            <tr>
                <th scope="row">{step.step.name()}</th>
                <td class="console-nowrap">{step.transaction_number.clone()}</td>
                <td class="console-nowrap">{step.sent_at.map(|at| view! { <When at/> })}</td>
                <td class="console-nowrap">{step.answered_at.map(|at| view! { <When at/> })}</td>
                <td>{result}</td>
                <td class="console-nowrap">{agreement}</td>
            </tr>
        }
    };
    let rows = found.steps.iter().map(row).collect_view();
    let heads = ["Step", "Transaction number", "Sent", "Answered", "Answer", "Agreement"];
    view! { <Table id="steps" caption="Steps" heads>{rows}</Table> }.into_any()
}

/// What was told, by step.
fn answers(found: &QueryView) -> AnyView {
    let of_step = |step: &StepView| {
        let elements = step.elements.as_ref().filter(|elements| !elements.is_empty())?;
        let row = |(element, value): (&shared::agreement::Element, &String)| {
            view! { <tr><th scope="row">{element.name()}</th><td>{in_words(*element, value)}</td></tr> }
        };
        let rows = elements.iter().map(row).collect_view();
        let caption = format!("{}: what the partner told", step.step.name());
        let id = format!("told-{}", step.step.key());
        Some(view! { <Table id caption heads=["About", "What"] narrow=true>{rows}</Table> }.into_any())
    };
    found.steps.iter().filter_map(of_step).collect_view().into_any()
}

/// The third query in the partner's template, or why it is not.
fn as_read(third: &AsRead) -> AnyView {
    let shown = match third {
        AsRead::Written(written) => our_text(written),
        AsRead::Not(why) => {
            let why = why.iter().map(|why| view! { <li>{why.clone()}</li> }).collect_view();
            view! {
                <p>"The third query cannot be written in the partner's template. It carries codes and its number alone, because:"</p>
                <ul>{why}</ul>
            }
            .into_any()
        }
    };
    view! { <h2 id="as-read">"As the partner reads it"</h2>{shown} }.into_any()
}

fn our_text(OurText { template, text, lost, .. }: &OurText) -> AnyView {
    let lost: Vec<&str> = lost.iter().map(|field| field.name()).collect();
    let lost = (!lost.is_empty()).then(|| view! { <p>"The template has no place for: "{lost.join(", ")}"."</p> });
    view! {
        <p>
            "The third query in the template \""{template.clone()}"\", made from what is on record today. What was told when it left stands \
             in the accounting of disclosures."
        </p>
        {lost}
        <div class="console-scroll" role="region" aria-labelledby="as-read" tabindex="0"><pre>{text.expose().clone()}</pre></div>
    }
    .into_any()
}

fn acts(found: &QueryView, may_approve: bool) -> AnyView {
    let values = || vec![("query", found.row.id.to_string())];
    let button = |action: &'static str, label: &'static str| view! { <PostButton action label values=values()/> }.into_any();
    let mut acts = Vec::new();
    if found.is_own {
        match found.row.state {
            OutboundState::Draft | OutboundState::Submitted | OutboundState::Held(_) => {
                acts.push(button("/_fn/console/partner_query/cancel", "Take it back"));
            }
            OutboundState::Q2Answered => {
                acts.push(button("/_fn/console/partner_query/third", "Ask for more"));
                acts.push(button("/_fn/console/partner_query/review", "I have read it"));
            }
            OutboundState::NoMatch
            | OutboundState::Q1Matched
            | OutboundState::Q2AutoSent
            | OutboundState::Q3Answered
            | OutboundState::Refused(_)
            | OutboundState::Failed(_) => acts.push(button("/_fn/console/partner_query/review", "I have read it")),
            OutboundState::Reviewed(_) => acts.push(button("/_fn/console/partner_query/close", "Close it")),
            _ => {}
        }
    }
    let waits = found.steps.iter().any(|step| step.step == Step::Third && step.sent_at.is_none());
    if may_approve && waits && found.row.state == OutboundState::Q3Requested {
        acts.push(button("/_fn/console/partner_query/approve", "Approve the third query"));
    }
    view! { <div class="console-row">{acts}</div> }.into_any()
}

fn history(found: &QueryView) -> AnyView {
    let row = |event: &domain::partner_query::QueryEvent| {
        view! {
            <tr>
                <td class="console-nowrap"><When at=event.occurred_at/></td>
                <td>{words::event(&event.event)}</td>
                <td>{OutboundState::from_key(&event.state).map_or("", |state| found.row.name_of(state))}</td>
            </tr>
        }
    };
    let rows = found.events.iter().map(row).collect_view();
    view! {
        <details class="console-details">
            <summary>"What happened to it"</summary>
            <Table id="history" caption="History" heads=["When", "What", "State after it"]>{rows}</Table>
        </details>
    }
    .into_any()
}
