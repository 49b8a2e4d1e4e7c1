//! What was told in a request, question by question, and what was attached.

use domain::e_request::Catalogue;
use leptos::prelude::*;
use shared::country::{self, CountryCode};
use shared::document::DocumentView;
use shared::e_request::{Answers, Field, FieldKind};
use shared::locale::Locale;
use shared::service_request::RequestKind;
use uuid::Uuid;

use super::address::path_of;
use super::words;
use crate::console::table::Head::{Figure, Text};
use crate::console::table::Table;

/// The answers, each under the words of its question.
pub fn answers(kind: RequestKind, answers: &Answers) -> AnyView {
    let row = |(field, typed): (Field, &str)| {
        let label = Catalogue::get().wording(field, kind, answers.form().as_ref(), Locale::En).label;
        view! { <dt>{label}</dt><dd class="console-told">{in_words(field, typed, answers)}</dd> }
    };
    let rows: Vec<_> = answers.fields().filter(|(_, typed)| !typed.is_empty()).map(row).collect();
    view! {
        <section aria-labelledby="told">
            <h2 id="told">"What was told"</h2>
            {if rows.is_empty() { "Nothing.".into_any() } else { view! { <dl class="console-facts">{rows}</dl> }.into_any() }}
        </section>
    }
    .into_any()
}

fn in_words(field: Field, typed: &str, answers: &Answers) -> String {
    match field.kind() {
        FieldKind::Choice(_) => Catalogue::get().choice(field, typed, Locale::En).unwrap_or(typed).to_owned(),
        FieldKind::Day(_) => answers.day(field).map_or_else(|| typed.to_owned(), |day| Locale::En.long_date(day)),
        FieldKind::Country => {
            CountryCode::parse(typed).and_then(|code| country::name(&code, Locale::En)).unwrap_or(typed).to_owned()
        }
        _ => typed.to_owned(),
    }
}

/// What was attached. Opening one is noted in the audit log.
pub fn documents(request: Uuid, documents: &[DocumentView]) -> Option<AnyView> {
    let row = |document: &DocumentView| {
        let href = format!("{}/documents/{}", path_of(request), document.id);
        let kilobytes = document.bytes.div_ceil(1024);
        view! {
            <tr>
                <th scope="row"><a href=href rel="external" download>{document.name.as_str().to_owned()}</a></th>
                <td>{document.kind.key().to_uppercase()}</td>
                <td class="console-figure">{kilobytes.to_string()}" KB"</td>
                <td>{words::scan(document.scan)}</td>
            </tr>
        }
    };
    let rows = documents.iter().map(row).collect_view();
    (!documents.is_empty()).then(|| {
        view! {
            <div>
                <h2 id="documents">"Attached"</h2>
                <Table id="documents" heads=[Text("File"), Text("Kind"), Figure("Size as sent"), Text("Virus scan")]>{rows}</Table>
                <p class="usa-hint">"That you open one is noted. What is kept is a cleaned copy: no macros, no place where a photo was taken."</p>
            </div>
        }
        .into_any()
    })
}
