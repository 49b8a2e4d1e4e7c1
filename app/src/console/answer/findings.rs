//! What the check found, with what to do about it.

use leptos::prelude::*;
use shared::answer::{CheckSettings, Finding, Place, Severity};
use shared::service_request::RequestKind;

use super::words;

/// All findings, those that keep the answer from going out first.
pub fn findings(found: &[Finding], settings: &CheckSettings, kind: RequestKind) -> AnyView {
    let of = |severity: Severity| found.iter().filter(|finding| settings.severity(finding.rule) == severity).collect::<Vec<_>>();
    let (blocking, warning) = (of(Severity::Blocks), of(Severity::Warns));
    let summary = match (blocking.len(), warning.len()) {
        (0, 0) => "The check finds nothing.".to_owned(),
        (0, warnings) => format!("It can go out. To think of: {warnings}."),
        (blocks, 0) => format!("It cannot go out. To do: {blocks}."),
        (blocks, warnings) => format!("It cannot go out. To do: {blocks}; to think of: {warnings}."),
    };
    let blocking = list("To do before it can go out", "console-finding console-finding--blocks", &blocking, kind);
    let warning = list("To think of", "console-finding", &warning, kind);
    view! {
        <section class="console-findings" aria-labelledby="findings">
            <h2 id="findings">"The check"</h2>
            <p id="findings-summary">{summary}</p>
            {blocking}
            {warning}
        </section>
    }
    .into_any()
}

fn list(heading: &'static str, class: &'static str, found: &[&Finding], kind: RequestKind) -> Option<AnyView> {
    let one = |finding: &&Finding| {
        let said = (!finding.found.is_empty()).then(|| view! { <q class="console-told">{finding.found.clone()}</q> });
        view! {
            <li class=class>
                <strong>{words::rule(finding.rule)}</strong>{place(finding.place, kind)}" "{said}
                <p>{finding.rule.advice()}</p>
            </li>
        }
    };
    (!found.is_empty()).then(|| {
        view! { <h3>{heading}</h3><ul class="console-notes">{found.iter().map(one).collect_view()}</ul> }.into_any()
    })
}

fn place(place: Place, kind: RequestKind) -> String {
    match place {
        Place::Whole => ":".to_owned(),
        Place::Part(part) => format!(", part {part}:"),
        Place::Issue(issue) => format!(": {}.", issue.label(kind)),
    }
}
