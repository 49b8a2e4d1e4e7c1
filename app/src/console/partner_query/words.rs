//! What the pages about queries call things.

use std::collections::{BTreeMap, BTreeSet};

use domain::partner_query::{AskFault, Ground, StoredApproval, StoredUse, UseProposed, UseState};
use serde::de::DeserializeOwned;
use shared::agreement::{Element, Matter, Purpose, Withheld};
use shared::protection::Doubt;
use shared::service_request::OfficerId;
use uuid::Uuid;

pub type People = BTreeMap<OfficerId, String>;

pub fn person(people: &People, id: Uuid) -> String {
    people.get(&OfficerId(id.as_u128())).cloned().unwrap_or_else(|| "Somebody".to_owned())
}

/// Why counsel has to decide, as it is kept: a doubt of the protection check, or what an agreement leaves open.
pub fn because(key: &str) -> String {
    if let Some(doubt) = read::<Doubt>(key) {
        return doubt.to_string();
    }
    match read(key) {
        Some(Matter::Persecution) => "it is not recorded whether the person says that this country persecuted them".to_owned(),
        Some(Matter::Citizenship) => "it is not recorded whose citizen the person is".to_owned(),
        Some(Matter::Element(element)) => format!("the agreement leaves it to counsel: {}", element.name()),
        None => "the numbers that IDENT has lead to more than one person".to_owned(),
    }
}

/// Reads what is written as a word, or as more than one.
fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(key).or_else(|_| serde_json::from_value(serde_json::Value::String(key.to_owned()))).ok()
}

/// Why nothing was told, by its key.
pub fn withheld(key: &str) -> &'static str {
    Withheld::from_key(key).map_or("unknown", Withheld::name)
}

/// An event, by its key.
pub fn event(key: &str) -> &'static str {
    match key {
        "submitted" => "Submitted",
        "held" => "Given to counsel",
        "cleared" => "Counsel lets it go on",
        "refused" => "Not asked",
        "cancelled" => "Taken back",
        "sent" => "Sent",
        "answered" => "Answered",
        "corrected" => "Corrected by the partner",
        "failed" => "Came to nothing",
        "retried" => "Sent again",
        "third_requested" => "More was requested",
        "third_approved" => "Approved",
        "reviewed" => "Read",
        "closed" => "Closed",
        _ => "Changed",
    }
}

/// Why a question is not asked.
pub fn fault(fault: &AskFault) -> Vec<String> {
    match fault {
        AskFault::Nobody => vec!["There is nobody here whom you may see.".to_owned()],
        AskFault::NotAssigned => vec!["The case is not assigned to you. A supervisor can assign it.".to_owned()],
        AskFault::NoPartner => vec!["Choose at least one country.".to_owned()],
        AskFault::NoJustification => vec!["Why: say it, in at most two thousand letters.".to_owned()],
        AskFault::Prints(problems) => {
            let first = "The fingerprints cannot be sent as they are:".to_owned();
            std::iter::once(first).chain(problems.iter().cloned()).collect()
        }
        AskFault::Partner(partner, withheld) => vec![format!("{}: {}.", partner.name(), withheld.name())],
        AskFault::AskBack(fault) => vec![format!("Nobody was asked back: {fault}.")],
    }
}

pub fn elements(elements: &BTreeSet<Element>) -> String {
    elements.iter().map(|element| element.name()).collect::<Vec<_>>().join(", ")
}

pub fn purposes(purposes: &BTreeSet<Purpose>) -> String {
    purposes.iter().map(|purpose| purpose.name()).collect::<Vec<_>>().join(", ")
}

/// For whom a use waits.
pub fn waits(wanted: &StoredUse) -> &'static str {
    match (wanted.state, &wanted.first) {
        (UseState::Guarded, None) => "Two people: the person may be protected",
        (UseState::Guarded, Some(_)) => "A second person: the person may be protected",
        _ => "A decision",
    }
}

/// Where a standing approval stands.
pub fn standing(one: &StoredApproval, people: &People) -> String {
    let proposed = format!("Proposed by {}", person(people, one.proposed_by));
    let agreed = one.agreed.map(|(by, _)| format!("agreed to by {}", person(people, by)));
    let ended = one.ended.map(|(by, _)| format!("ended by {}", person(people, by)));
    let waits = (agreed.is_none() && ended.is_none()).then(|| "waits for another person".to_owned());
    std::iter::once(proposed).chain(agreed).chain(ended).chain(waits).collect::<Vec<_>>().join("; ")
}

/// On what a use rests.
pub fn ground(ground: Ground, people: &People) -> String {
    match ground {
        Ground::Approval(_) => "A standing approval".to_owned(),
        Ground::Decision { first: None, by } => format!("Decided by {}", person(people, by)),
        Ground::Decision { first: Some(first), by } => {
            format!("Decided by {} and {}", person(people, first), person(people, by))
        }
    }
}

/// Why a standing approval is not proposed; none if it is.
pub fn not_proposed(proposed: &UseProposed) -> Option<String> {
    match proposed {
        UseProposed::Proposed => None,
        UseProposed::NotAgreed => Some("Nothing was done: the agreement in force does not let this be used for that.".to_owned()),
        UseProposed::Faulty(faults) => {
            let faults = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            Some(format!("Nothing was done: {faults}."))
        }
    }
}
