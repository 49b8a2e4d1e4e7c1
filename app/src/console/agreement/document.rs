//! An agreement as people read it: what was signed with the partner, apart from what is operated.

use chrono::NaiveDate;
use leptos::prelude::*;
use shared::agreement::{Agreement, Capability, EnrolmentCapability, Instrument, Party, Serves};

use super::words;
use crate::console::table::Head::{Figure, Text};
use crate::console::table::{Table, count};

pub fn document(agreement: &Agreement) -> AnyView {
    let (signed, operated) = match agreement.partner {
        Party::Country(_) => (
            ("What was signed with the partner", "An instrument lets nobody ask by itself: what is operated stands below."),
            capabilities(&agreement.capabilities),
        ),
        Party::Ident => (
            ("On what enrolment rests", "An instrument lets nothing be added by itself: what is operated stands below."),
            enrolments(&agreement.enrolments),
        ),
    };
    let (heading, words) = signed;
    view! {
        <section aria-labelledby="instruments-title">
            <h2 id="instruments-title">{heading}</h2>
            <p>{words}</p>
            {instruments(&agreement.instruments)}
        </section>
        <section aria-labelledby="capabilities-title">
            <h2 id="capabilities-title">"What is operated"</h2>
            {operated}
        </section>
    }
    .into_any()
}

fn day(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn instruments(instruments: &[Instrument]) -> AnyView {
    let row = |instrument: &Instrument| {
        view! {
            <tr>
                <th scope="row">
                    {instrument.name.clone()}
                    <span class="usa-hint">" "<code>{instrument.key.as_str().to_owned()}</code></span>
                </th>
                <td>{instrument.kind.name()}</td>
                <td>{instrument.amends.as_ref().map(|key| view! { <code>{key.as_str().to_owned()}</code> })}</td>
                <td>{instrument.parties.join("; ")}</td>
                <td class="console-nowrap">{instrument.signed.map_or_else(|| "not signed".to_owned(), |signed| signed.to_string())}</td>
                <td class="console-nowrap">{day(instrument.in_force)}</td>
                <td class="console-nowrap">{day(instrument.ends)}</td>
                <td>{instrument.citation.clone()}</td>
                <td>{instrument.note.clone()}</td>
            </tr>
        }
    };
    let rows = instruments.iter().map(row).collect_view();
    let heads = ["Instrument", "Kind", "Amends", "Parties", "Signed", "In force", "Ends", "Where it is found", "Note"];
    let caption = count(instruments.len(), "instrument", "instruments");
    view! { <Table id="instruments" caption heads>{rows}</Table> }.into_any()
}

fn list(items: Vec<String>) -> AnyView {
    view! { <ul class="console-plain">{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul> }.into_any()
}

fn capabilities(capabilities: &[Capability]) -> AnyView {
    let row = |capability: &Capability| {
        let serves = match capability.serves {
            Serves::Queries => None,
            Serves::AnswersOnly => Some(view! { <span class="usa-hint">" "{capability.serves.name()}</span> }),
        };
        let names = |names: Vec<&'static str>| list(names.into_iter().map(str::to_owned).collect());
        let quota = capability.quota_per_year.map_or_else(|| "any".to_owned(), |quota| quota.to_string());
        let rests_on = capability.instruments.iter().map(|key| key.as_str().to_owned()).collect();
        view! {
            <tr>
                <th scope="row">{capability.direction.name()}", "{capability.step.name().to_lowercase()}</th>
                <td>{capability.modality.name()}{serves}</td>
                <td class="console-nowrap">{capability.status.name()}</td>
                <td class="console-nowrap">{capability.from.to_string()}</td>
                <td class="console-nowrap">{day(capability.to)}</td>
                <td>{names(capability.purposes.iter().map(|purpose| purpose.name()).collect())}</td>
                <td>{list(words::data_set(&capability.elements))}</td>
                <td>{capability.subject_rule.name()}</td>
                <td class="console-figure">{quota}</td>
                <td>{words::hours(capability.hours)}</td>
                <td>{names(capability.recipients.iter().map(|recipient| recipient.name()).collect())}</td>
                <td>{list(rests_on)}</td>
                <td>{capability.note.clone()}</td>
            </tr>
        }
    };
    let rows = capabilities.iter().map(row).collect_view();
    let heads = [
        Text("Direction and step"),
        Text("Kind"),
        Text("Status"),
        Text("From"),
        Text("Until"),
        Text("Purposes"),
        Text("Data set"),
        Text("About"),
        Figure("Queries in a year"),
        Text("Answer due"),
        Text("Told to"),
        Text("Rests on"),
        Text("Note"),
    ];
    let caption = count(capabilities.len(), "capability", "capabilities");
    view! { <Table id="capabilities" caption heads>{rows}</Table> }.into_any()
}

fn enrolments(enrolments: &[EnrolmentCapability]) -> AnyView {
    let row = |one: &EnrolmentCapability| {
        view! {
            <tr>
                <th scope="row">{list(one.elements.iter().map(|element| element.name().to_owned()).collect())}</th>
                <td class="console-nowrap">{one.status.name()}</td>
                <td class="console-nowrap">{one.from.to_string()}</td>
                <td class="console-nowrap">{day(one.to)}</td>
                <td>{list(one.instruments.iter().map(|key| key.as_str().to_owned()).collect())}</td>
                <td>{one.note.clone()}</td>
            </tr>
        }
    };
    let rows = enrolments.iter().map(row).collect_view();
    let heads = ["Added to IDENT", "Status", "From", "Until", "Rests on", "Note"];
    let caption = format!("{} capabilities to enrol", enrolments.len());
    view! { <Table id="capabilities" caption heads>{rows}</Table> }.into_any()
}
