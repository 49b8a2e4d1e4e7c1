//! Entries of the accounting in a table.

use domain::Context;
use domain::disclosure::{Line as Entered, described};
use leptos::prelude::*;
use shared::service_request::OfficerId;

use super::words::{self, People};
use crate::console::site::ACCOUNTING_PEOPLE;
use crate::console::table::Table;
use crate::console::when::When;

/// The officers whom a page names.
pub fn officers(lines: &[Entered]) -> Vec<OfficerId> {
    lines.iter().flat_map(|line| line.entry.officers()).collect()
}

/// The table; with whom each is about, where they are about many.
pub fn table(ctx: &Context, id: &'static str, lines: &[Entered], people: &People, is_of_many: bool) -> AnyView {
    let rows = lines.iter().map(|line| row(ctx, line, people, is_of_many)).collect_view();
    let mut heads = vec!["Recorded", "Recipient", "What was told", "Why", "State", "Who"];
    if is_of_many {
        heads.push("Person");
    }
    let caption = format!("{} disclosures, the oldest first", lines.len());
    view! { <Table id caption heads>{rows}</Table> }.into_any()
}

fn row(ctx: &Context, line: &Entered, people: &People, is_of_many: bool) -> AnyView {
    let told = described(ctx, line);
    let inside = told.inside.as_ref();
    let name = inside.and_then(|inside| inside.recipient_name.clone());
    let number = inside.and_then(|inside| inside.transaction_number.clone());
    let version = inside.and_then(|inside| inside.agreement_version).map(|version| format!("Agreement, version {version}"));
    let corrects = told.correction_of.map(|_| view! { <li>"Follows an earlier disclosure"</li> });
    let confirmed = told.confirmed_on.map(|day| view! { <li>{format!("Confirmed on {day}")}</li> });
    let who = words::officers(people, &line.entry.officers());
    let person = is_of_many.then(|| {
        let person = line.entry.person();
        let of = format!(" of {}", told.id);
        view! {
            <td><a href=format!("{ACCOUNTING_PEOPLE}/{person}")>"The person"<span class="visually-hidden">{of}</span></a></td>
        }
    });
    view! {
        <tr>
            <th scope="row" class="console-nowrap"><When at=line.entry.at()/></th>
            <td>
                <ul class="console-plain">
                    <li>{told.recipient}</li>
                    {name.map(|name| view! { <li>{name}</li> })}
                    <li>{told.address}</li>
                </ul>
            </td>
            <td>
                <ul class="console-plain">
                    <li>{told.nature}</li>
                    <li>{told.record}</li>
                    {told.told.into_iter().map(|told| view! { <li>{told}</li> }).collect_view()}
                </ul>
            </td>
            <td>
                <ul class="console-plain">
                    <li>{told.purpose}</li>
                    <li>{told.authority}</li>
                    {version.map(|version| view! { <li>{version}</li> })}
                </ul>
            </td>
            <td>
                <ul class="console-plain">
                    <li>{told.outcome}</li>
                    <li>{told.method}</li>
                    {number.map(|number| view! { <li><span class="console-code">{number}</span></li> })}
                    {corrects}
                    {confirmed}
                </ul>
            </td>
            <td>{who}</td>
            {person}
        </tr>
    }
    .into_any()
}
