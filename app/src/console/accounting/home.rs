//! Where the accounting begins: whose it is, and what was recorded and has not been said to have left.

use domain::Error;
use domain::actor::Action;
use domain::disclosure::{OpenRow, To, open_rows};
use leptos::prelude::*;
use shared::agreement::Partner;

use crate::console::context::AtWork;
use crate::console::form::{Line, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::fields::select;
use crate::console::site::{ACCOUNTING_PEOPLE, ACCOUNTING_RECIPIENTS, CORRECTIONS_TOLD, PROFILES};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn AccountingPage() -> impl IntoView {
    view! { <Layout title="Accounting of disclosures">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::ReadAccounting) {
        return Err(Error::Refused);
    }
    let open = open_rows(ctx, officer).await?;
    let recipients = recipients(&ctx.today().to_string());
    let open = open_table(&open);
    Ok(view! {
        <p>"Everything that is told of a person to somebody outside has a row before it leaves (5 USC 552a(c))."</p>
        <h2>"Of a person"</h2>
        <p>
            <a href=PROFILES>"Find the person"</a>
            ": their profile leads to their accounting, and to where a disclosure is recorded that is made by other ways."
        </p>
        <h2>"Corrections"</h2>
        <p><a href=CORRECTIONS_TOLD>"Past recipients who have to be told of a correction"</a></p>
        {recipients}
        {open}
    }
    .into_any())
}

/// Every recipient whose accounting can be asked for.
pub fn all_recipients() -> Vec<(String, String)> {
    let all = Partner::ALL.into_iter().map(To::Partner).chain([To::Others]);
    all.map(|to| (to.key().to_owned(), to.name().to_owned())).collect()
}

fn recipients(today: &str) -> AnyView {
    let until = today.to_owned();
    view! {
        <h2>"Of a recipient"</h2>
        <form class="usa-form" method="get" action=ACCOUNTING_RECIPIENTS>
            {select("to", "to", "Recipient", Some("Choose"), all_recipients(), "")}
            <Line name="from" label="From" kind="date"/>
            <Line name="until" label="Until" kind="date" value=until hint="The last day that belongs to it."/>
            <button class="usa-button usa-button--outline" type="submit">"Show"</button>
        </form>
    }
    .into_any()
}

fn open_table(open: &[OpenRow]) -> AnyView {
    if open.is_empty() {
        return view! { <h2>"Recorded, and not said to have left"</h2><p>"Nothing."</p> }.into_any();
    }
    let row = |one: &OpenRow| {
        let about = one.organization.as_str().to_owned();
        let button = |label: &'static str, outcome: &str| {
            let values = vec![("disclosure", one.id.to_string()), ("outcome", outcome.to_owned())];
            view! { <PostButton action="/_fn/console/accounting/close" label about=about.clone() values/> }
        };
        let organization = one.organization.as_str().to_owned();
        view! {
            <tr>
                <th scope="row">{organization}</th>
                <td class="console-nowrap"><When at=one.recorded_at/></td>
                <td>
                    <a href=format!("{ACCOUNTING_PEOPLE}/{}", one.profile)>
                        "The person"<span class="visually-hidden">" of "{one.id.to_string()}</span>
                    </a>
                </td>
                <td>
                    <div class="console-row">
                        {button("It left", "sent")}{button("It did not leave", "refused")}{button("Nobody knows", "unknown")}
                    </div>
                </td>
            </tr>
        }
    };
    let rows = open.iter().map(row).collect_view();
    let heads = ["Recipient", "Recorded", "Person", "What became of it"];
    view! {
        <h2>"Recorded, and not said to have left"</h2>
        <Table id="open" caption="The oldest first" heads>{rows}</Table>
    }
    .into_any()
}
