//! What the pages about queries call things.

use domain::partner_query::AskFault;
use shared::agreement::Withheld;
use shared::protection::Doubt;

/// Why counsel has to decide, as it is kept: a doubt of the protection check, or what an agreement leaves open.
pub fn because(key: &str) -> String {
    let read = serde_json::from_str::<Doubt>(key).or_else(|_| serde_json::from_value(serde_json::Value::String(key.to_owned())));
    if let Ok(doubt) = read {
        return doubt.to_string();
    }
    match key {
        "several_people" => "the numbers that IDENT has lead to more than one person",
        "persecution" => "it is not recorded whether the person says that this country persecuted them",
        "citizenship" => "it is not recorded whose citizen the person is",
        "protection" => "the protection check could not decide",
        _ => "the agreement has counsel look at this",
    }
    .to_owned()
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
    }
}
