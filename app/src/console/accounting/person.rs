//! The accounting of a person.

use chrono::NaiveDate;
use domain::Error;
use domain::disclosure::{PersonAccounting, PersonRead, of_person};
use domain::service_request::names;
use leptos::prelude::*;
use shared::agreement::Element;
use uuid::Uuid;

use super::give_out::{WantedAccounting, form};
use super::lines;
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::Line;
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, value, with_query};
use crate::console::service_request::fields::{hidden, lines as text, post, tick};
use crate::console::site::{ACCOUNTING, ACCOUNTING_PEOPLE, CORRECTIONS_TOLD, PROFILES, RECORD_DISCLOSURE};

#[component]
pub fn AccountingPersonPage() -> impl IntoView {
    view! { {Suspend::new(person())} }
}

async fn person() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Accounting of a person"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(4).and_then(|id| id.parse().ok()).unwrap_or_default();
    let pairs = pairs();
    let as_of: Option<NaiveDate> = value(&pairs, "as_of").and_then(|day| day.parse().ok());
    match of_person(ctx, officer, id, as_of).await? {
        PersonRead::Accounting(accounting) => {
            let people = names(ctx, officer, lines::officers(&accounting.lines)).await?;
            let table = if accounting.lines.is_empty() {
                view! { <p>"No disclosure is recorded."</p> }.into_any()
            } else {
                lines::table(ctx, "disclosures", &accounting.lines, &people, false)
            };
            let wanted = WantedAccounting::Person { profile: accounting.profile, as_of };
            let give_out = form(at_work, wanted, value(&pairs, "problem"));
            Ok(view(&accounting, table, give_out))
        }
        PersonRead::NotOpen => Ok(not_open(id)),
        PersonRead::Nobody => Err(Error::Refused),
    }
}

fn not_open(id: Uuid) -> AnyView {
    view! {
        <Layout title="Accounting of a person">
            <p class="console-back"><a href=ACCOUNTING>"Accounting of disclosures"</a></p>
            <p>
                "The profile is not open. "<a href=format!("{PROFILES}/{id}")>"Open it for a purpose"</a>
                ", and come back by the link there."
            </p>
        </Layout>
    }
    .into_any()
}

fn view(accounting: &PersonAccounting, table: AnyView, give_out: AnyView) -> AnyView {
    let profile = accounting.profile;
    let action = format!("{ACCOUNTING_PEOPLE}/{profile}");
    let as_of = accounting.as_of.to_string();
    let untold = accounting.notices.iter().filter(|notice| notice.confirmed.is_none()).count();
    let untold = (untold > 0).then(|| {
        let words = format!("{untold} past recipients have to be told of a correction, or have not confirmed it");
        view! { <p><a href=CORRECTIONS_TOLD>{words}</a></p> }
    });
    let dispute = dispute(profile);
    view! {
        <Layout title="Accounting of a person">
            <p class="console-back"><a href=format!("{PROFILES}/{profile}")>"The profile"</a></p>
            <form class="console-row" method="get" action=action>
                <Line name="as_of" label="As of the end of" kind="date" value=as_of/>
                <button class="usa-button usa-button--outline" type="submit">"Show"</button>
            </form>
            {untold}
            {table}
            <p>
                <a href=with_query(RECORD_DISCLOSURE, &[("profile", profile.to_string())])>
                    "Record a disclosure that is made by other ways"
                </a>
            </p>
            {give_out}
            {dispute}
        </Layout>
    }
    .into_any()
}

/// The person disagrees, and the agency does not correct the record.
fn dispute(profile: Uuid) -> AnyView {
    let element = |element: Element| tick(format!("dispute-{}", element.key()), "elements[]", element.key(), element.name(), false);
    let form = post(
        "/_fn/console/accounting/dispute",
        view! {
            {hidden(vec![("profile", profile.to_string())])}
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"What the person disputes"</legend>
                {Element::ALL.map(element).into_iter().collect_view()}
            </fieldset>
            {text("statement", "The person's statement", Some("Past recipients are told it as it stands here."), "", None)}
            <button class="usa-button usa-button--outline" type="submit">"Note the disagreement"</button>
        },
    );
    view! {
        <details class="console-details">
            <summary>"The person disagrees with what is recorded"</summary>
            <p>"Who was told what is disputed is told so, with the statement (5 USC 552a(d)(4))."</p>
            {form}
        </details>
    }
    .into_any()
}
