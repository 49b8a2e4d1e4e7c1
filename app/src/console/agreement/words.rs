//! What the pages about agreements call things.

use std::collections::{BTreeMap, BTreeSet};

use domain::agreement::{Drafted, NotSigned, Signature, Standing, VersionHead};
use shared::agreement::{Capacity, Condition, DataSetElement, Element, Hours, Priority, Turn};
use shared::service_request::OfficerId;
use uuid::Uuid;

/// Names of colleagues, by their ids.
pub type People = BTreeMap<OfficerId, String>;

pub fn person(people: &People, id: Uuid) -> String {
    people.get(&OfficerId(id.as_u128())).cloned().unwrap_or_else(|| "Somebody".to_owned())
}

/// Where a version stands; a draft that cannot be signed any more has been overtaken.
pub const fn standing(head: &VersionHead, is_open: bool) -> &'static str {
    match head.standing {
        Standing::Draft if is_open => "Draft",
        Standing::Draft => "Draft, overtaken by another version",
        Standing::Signed { .. } => "Signed",
        Standing::Withdrawn { .. } => "Withdrawn",
    }
}

/// The day from which a signed version is in force.
pub fn from(head: &VersionHead) -> Option<String> {
    match head.standing {
        Standing::Signed { from } => Some(from.to_string()),
        Standing::Draft | Standing::Withdrawn { .. } => None,
    }
}

/// Whose signature a draft waits for.
pub fn waits(signatures: &[Signature]) -> String {
    let missing = |capacity: &Capacity| !signatures.iter().any(|signature| signature.capacity == *capacity);
    let missing: Vec<_> = Capacity::ALL.into_iter().filter(missing).map(|capacity| capacity.name().to_lowercase()).collect();
    format!("waits for {}", missing.join(" and "))
}

/// A data set: what is always told first.
pub fn data_set(elements: &[DataSetElement]) -> Vec<String> {
    let told = |condition: Condition| {
        let of: Vec<&str> = elements.iter().filter(|row| row.condition == condition).map(|row| row.element.name()).collect();
        (!of.is_empty()).then(|| format!("{}: {}", condition.name(), of.join(", ")))
    };
    Condition::ALL.into_iter().filter_map(told).collect()
}

/// What would be added to IDENT of whoever stands before an officer, and what is.
pub fn enrolment(interviews: usize, turn: &Turn<BTreeSet<Element>>) -> String {
    let added = |elements: &BTreeSet<Element>| {
        let names: Vec<&str> = elements.iter().map(|element| element.name()).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(" and ") }
    };
    let (after, before) = (added(&turn.after), added(&turn.before));
    format!(
        "Of who gives fingerprints at an interview, this would be added to IDENT: {after}. It was: {before}. Such interviews until now: {interviews}."
    )
}

/// Within how many hours an answer is due.
pub fn hours(hours: Hours) -> String {
    let due = |priority: Priority| hours.of(priority).map(|hours| format!("{} {hours} h", priority.name().to_lowercase()));
    let all: Vec<String> = Priority::ALL.into_iter().filter_map(due).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

pub const fn refusal(refusal: NotSigned) -> &'static str {
    match refusal {
        NotSigned::NoDraft => "Not signed: it is no draft any more. See below what became of it.",
        NotSigned::Overtaken => "Not signed: another version was signed since this draft was made, which it would take back.",
        NotSigned::OwnDraft => "Not signed: you wrote it. Two others sign.",
        NotSigned::Twice => "Not signed: it has this signature, or you signed it in the other capacity.",
        NotSigned::Changed => {
            "Not signed: what past requests would have come to has changed. Read it again; the page shows it now."
        }
        NotSigned::Findings => "Not signed: the checker finds something. It has to be mended in another draft.",
    }
}

pub const NO_DAY: &str = "In force from: type today or a later day, within five years.";

/// Why a draft was not made; none for one that was.
pub const fn not_drafted(drafted: Drafted) -> Option<&'static str> {
    match drafted {
        Drafted::Draft(_) => None,
        Drafted::Unchanged => Some("Nothing differs from the version that was signed last."),
        Drafted::WrongDay => Some(NO_DAY),
        Drafted::Meanwhile => Some(
            "What you changed is not the newest any more: another version was signed, or the draft was withdrawn. Begin again.",
        ),
    }
}
