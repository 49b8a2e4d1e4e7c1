//! What the protection check could not decide, for counsel: the list, and one at a time.

use domain::Error;
use domain::partner_query::{Held, HeldView, holds};
use leptos::prelude::*;
use uuid::Uuid;

use super::words;
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::fields::{hidden, lines, post, select};
use crate::console::site::{HELD, PROFILES, QUERIES};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn HeldPage() -> impl IntoView {
    view! { <Layout title="What counsel has to decide">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let all = holds(&at_work.console.domain, at_work.officer()).await?;
    let list = if all.is_empty() { view! { <p>"Nothing waits."</p> }.into_any() } else { list(&all) };
    Ok(view! { <p class="console-back"><a href=QUERIES>"Queries"</a></p>{list} }.into_any())
}

fn list(all: &[HeldView]) -> AnyView {
    let row = |hold: &HeldView| {
        let due = hold.due_at.map(|at| view! { <When at/> });
        view! {
            <tr>
                <th scope="row"><a href=format!("{HELD}/{}", hold.id)>{asker(hold)}</a></th>
                <td>{hold.step.name()}</td>
                <td>{hold.because.iter().map(|because| words::because(because)).collect::<Vec<_>>().join("; ")}</td>
                <td class="console-nowrap"><When at=hold.raised_at/></td>
                <td class="console-nowrap">{due}</td>
            </tr>
        }
    };
    let caption = format!("{} wait, the oldest first", all.len());
    let rows = all.iter().map(row).collect_view();
    view! { <Table id="held" caption heads=["Who asks", "Step", "Why", "Since", "Answer due"]>{rows}</Table> }.into_any()
}

fn asker(hold: &HeldView) -> String {
    match hold.held {
        Held::Query(_) => format!("We ask {}", hold.partner.name()),
        Held::Foreign(_) => format!("{} asks us", hold.partner.name()),
    }
}

#[component]
pub fn HoldPage() -> impl IntoView {
    view! { {Suspend::new(one())} }
}

async fn one() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(one_page(&at_work).await, "What counsel has to decide"))
}

async fn one_page(at_work: &AtWork) -> Result<AnyView, Error> {
    let id: Uuid = segment(4).and_then(|id| id.parse().ok()).unwrap_or_default();
    let all = holds(&at_work.console.domain, at_work.officer()).await?;
    let hold = all.into_iter().find(|hold| hold.id == id).ok_or(Error::Refused)?;
    let title = format!("{}, {}", asker(&hold), hold.step.name().to_lowercase());
    let profile = hold.profile.map(|profile| view! { <p><a href=format!("{PROFILES}/{profile}")>"The profile"</a></p> });
    let because = hold.because.iter().map(|because| view! { <li>{words::because(because)}</li> }).collect_view();
    let late = hold.is_late.then(|| {
        view! {
            <p>"IDENT's time for this answer is over: the partner was told that nobody was found. Nothing more can be told to this query."</p>
        }
    });
    let form = form(&hold);
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=HELD>"What counsel has to decide"</a></p>
            <p class="usa-hint">"Waits since "<When at=hold.raised_at/></p>
            <ul>{because}</ul>
            {late}
            {profile}
            {form}
        </Layout>
    }
    .into_any())
}

fn form(hold: &HeldView) -> AnyView {
    let choices = match hold.held {
        _ if hold.is_late => vec![("silence", "Agree that nothing is told")],
        Held::Query(_) => vec![("release", "It may be asked"), ("silence", "It is not asked")],
        Held::Foreign(_) => vec![("release", "What the agreement allows may be told"), ("silence", "Nothing is told")],
    };
    let choices = choices.into_iter().map(|(key, name)| (key.to_owned(), name.to_owned())).collect();
    post(
        "/_fn/console/partner_query/resolve",
        view! {
            {hidden(vec![("hold", hold.id.to_string())])}
            {select("decision", "decision", "Decision", Some("Choose"), choices, "")}
            {lines("why", "Why", Some("The law and the facts on which it rests."), "", None)}
            <button class="usa-button" type="submit">"Decide"</button>
        },
    )
}
