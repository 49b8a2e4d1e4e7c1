//! What a recipient was told from a day to a day.

use chrono::{DateTime, Utc};
use domain::Error;
use domain::disclosure::{Mark, RecipientPage, of_recipient};
use domain::service_request::names;
use leptos::prelude::*;

use super::give_out::{WantedAccounting, form};
use super::home::all_recipients;
use super::lines;
use crate::console::context::AtWork;
use crate::console::form::{Line, Notice};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{pairs, value, with_query};
use crate::console::service_request::fields::select;
use crate::console::site::{ACCOUNTING, ACCOUNTING_RECIPIENTS};

#[component]
pub fn AccountingRecipientPage() -> impl IntoView {
    view! { <Layout title="Accounting of a recipient">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let pairs = pairs();
    let choice = choice(&pairs);
    let Some(WantedAccounting::Recipient { to, from, until }) = WantedAccounting::read(&pairs) else {
        if !officer.may_somewhere(domain::actor::Action::ReadAccounting) {
            return Err(Error::Refused);
        }
        let wrong = "Choose a recipient, and give the first and the last day.";
        return Ok(view! { {back()}<Notice kind="error">{wrong}</Notice>{choice} }.into_any());
    };
    let page = of_recipient(ctx, officer, to, (from, until), mark(&pairs)).await?;
    let people = names(ctx, officer, lines::officers(&page.lines)).await?;
    let table = if page.lines.is_empty() {
        view! { <p>"Nothing was told."</p> }.into_any()
    } else {
        lines::table(ctx, "disclosures", &page.lines, &people, true)
    };
    let next = next(&page, &pairs);
    let give_out = form(at_work, WantedAccounting::Recipient { to, from, until }, value(&pairs, "problem"));
    let about = format!("{}, from {from} until {until}", to.name());
    Ok(view! { {back()}<p>{about}</p>{choice}{table}{next}{give_out} }.into_any())
}

fn back() -> AnyView {
    view! { <p class="console-back"><a href=ACCOUNTING>"Accounting of disclosures"</a></p> }.into_any()
}

fn choice(pairs: &[(String, String)]) -> AnyView {
    let typed = |name| value(pairs, name).unwrap_or_default().to_owned();
    let (to, from, until) = (typed("to"), typed("from"), typed("until"));
    view! {
        <form class="usa-form" method="get" action=ACCOUNTING_RECIPIENTS>
            {select("to", "to", "Recipient", Some("Choose"), all_recipients(), &to)}
            <Line name="from" label="From" kind="date" value=from/>
            <Line name="until" label="Until" kind="date" value=until hint="The last day that belongs to it."/>
            <button class="usa-button usa-button--outline" type="submit">"Show"</button>
        </form>
    }
    .into_any()
}

/// Behind which entry the page begins: an instant in microseconds, and an id.
fn mark(pairs: &[(String, String)]) -> Option<Mark> {
    let (at, id) = value(pairs, "after")?.split_once('_')?;
    Some(Mark { at: DateTime::<Utc>::from_timestamp_micros(at.parse().ok()?)?, id: id.parse().ok()? })
}

fn next(page: &RecipientPage, pairs: &[(String, String)]) -> Option<AnyView> {
    let Mark { at, id } = page.next?;
    let mut along: Vec<(&str, String)> =
        ["to", "from", "until"].into_iter().filter_map(|name| value(pairs, name).map(|value| (name, value.to_owned()))).collect();
    along.push(("after", format!("{}_{id}", at.timestamp_micros())));
    let href = with_query(ACCOUNTING_RECIPIENTS, &along);
    Some(view! { <p><a href=href>"Next page"</a></p> }.into_any())
}
