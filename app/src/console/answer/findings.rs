//! What the check found, with what to do about it.

use leptos::prelude::*;
use shared::answer::{CheckSettings, Finding, Place, Severity};
use shared::service_request::RequestKind;

use super::words;

/// How many there are, in words.
pub fn summary(found: &[Finding], settings: &CheckSettings) -> String {
    let blocks = of(found, settings, Severity::Blocks).len();
    match (blocks, found.len() - blocks) {
        (0, 0) => "The check finds nothing.".to_owned(),
        (0, warnings) => format!("It can go out. To think of: {warnings}."),
        (blocks, 0) => format!("It cannot go out. To do: {blocks}."),
        (blocks, warnings) => format!("It cannot go out. To do: {blocks}; to think of: {warnings}."),
    }
}

fn of<'f>(found: &'f [Finding], settings: &CheckSettings, severity: Severity) -> Vec<&'f Finding> {
    found.iter().filter(|finding| settings.severity(finding.rule) == severity).collect()
}

/// All findings, those that keep the answer from going out first.
pub fn findings(found: &[Finding], settings: &CheckSettings, kind: RequestKind) -> AnyView {
    let (blocking, warning) = (of(found, settings, Severity::Blocks), of(found, settings, Severity::Warns));
    let blocking = list("To do before it can go out", "console-finding console-finding--blocks", &blocking, kind);
    let warning = list("To think of", "console-finding", &warning, kind);
    view! {
        <section class="console-findings" aria-labelledby="findings">
            <h2 id="findings">"The check"</h2>
            <p id="findings-summary">{summary(found, settings)}</p>
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
    (!found.is_empty())
        .then(|| view! { <h3>{heading}</h3><ul class="console-notes">{found.iter().map(one).collect_view()}</ul> }.into_any())
}

fn place(place: Place, kind: RequestKind) -> String {
    match place {
        Place::Whole => ":".to_owned(),
        Place::Part(part) => format!(", part {part}:"),
        Place::Issue(issue) => format!(": {}.", issue.label(kind)),
    }
}
