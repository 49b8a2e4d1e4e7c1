//! What is due, by kind and year, and where a list of it is made.

use domain::Error;
use domain::actor::Action;
use domain::retention::{DueYear, Overview, Walk, overview};
use leptos::prelude::*;
use shared::retention::RecordKind;

use crate::console::account::ask_for_fresh_factor;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::fields::{post, tick};
use crate::console::site::{DISPOSITIONS, HOLDS};
use crate::console::table::{Head, Table};

#[component]
pub fn RetentionPage() -> impl IntoView {
    view! { <Layout title="Retention">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let seen = overview(&at_work.console.domain, at_work.officer()).await?;
    let no_period = (!seen.has_period).then(|| {
        view! {
            <p>
                "The agency has not set how long what people asked about their cases is kept: no case and no report of a new address is \
                 ever due."
            </p>
        }
    });
    let form = at_work.officer().may_somewhere(Action::DecideRetention).then(|| form(at_work));
    let (walks, years) = (walks(&seen), years(&seen.years));
    Ok(view! {
        <p>
            "People are due a hundred years after their birth (DAA-0563-2013-0001-0005); what was asked about cases, after the agency's \
             period (N1-566-08-09). Somebody has a list made, another person approves it, and what a hold keeps is left."
        </p>
        {no_period}
        <p><a href=HOLDS>"Holds"</a>", "<a href=DISPOSITIONS>"lists and certificates"</a></p>
        <h2>"What is due"</h2>
        {walks}
        {years}
        {form}
    }
    .into_any())
}

/// As of when it is, and of whom nobody knows.
fn walks(seen: &Overview) -> AnyView {
    let row = |(kind, walk): &(RecordKind, Walk)| {
        let as_of = walk.finished_on.map_or_else(|| "not gone through yet".to_owned(), |day| day.to_string());
        view! {
            <tr>
                <th scope="row">{kind.name()}</th>
                <td>{kind.item().number()}</td>
                <td class="console-nowrap">{as_of}</td>
                <td class="console-figure">{walk.never.to_string()}</td>
            </tr>
        }
    };
    let rows = seen.walks.iter().map(row).collect_view();
    let heads =
        [Head::Text("Kind"), Head::Text("Schedule item"), Head::Text("As of"), Head::Figure("Birth date unknown: never due")];
    view! { <Table id="retention-kinds" caption="Kinds of records" heads>{rows}</Table> }.into_any()
}

fn years(years: &[DueYear]) -> AnyView {
    if years.is_empty() {
        return view! { <p>"Nothing is due within ten years."</p> }.into_any();
    }
    let row = |due: &DueYear| {
        view! {
            <tr>
                <th scope="row">{due.kind.name()}</th>
                <td>{due.year.to_string()}</td>
                <td class="console-figure">{due.records.to_string()}</td>
            </tr>
        }
    };
    let rows = years.iter().map(row).collect_view();
    let heads = [Head::Text("Kind"), Head::Text("Due in"), Head::Figure("Records")];
    view! { <Table id="retention-due" caption="Within ten years, with those that a hold keeps" heads>{rows}</Table> }.into_any()
}

fn form(at_work: &AtWork) -> AnyView {
    if let Some(factor) = ask_for_fresh_factor(&at_work.live) {
        return view! { <h2>"Make a list"</h2>{factor} }.into_any();
    }
    let kind = |kind: RecordKind| tick(format!("kind-{}", kind.key()), "kinds[]", kind.key(), kind.name(), false);
    let form = post(
        "/_fn/console/retention/propose",
        view! {
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"Of which kinds"</legend>
                {RecordKind::ALL.map(kind).into_iter().collect_view()}
            </fieldset>
            <button class="usa-button usa-button--outline" type="submit">"List what is due today"</button>
        },
    );
    view! {
        <h2>"Make a list"</h2>
        <p>"Nothing is destroyed by it: somebody else approves it first, exactly as it was made. What a hold keeps is left out."</p>
        {form}
    }
    .into_any()
}
