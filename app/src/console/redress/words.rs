//! What the pages about redress call things.

use domain::redress::{RedressFile, RedressRow, StoredDecision};
use shared::locale::Locale;
use shared::profile::{Change, CorrectionState};
use shared::redress::{Outcome, RedressKind};
use shared::service_request::Balance;
use store::profile::StoredCorrection;

pub const NOT_NOW: &str = "Nothing was done: the request does not stand so any more.";
pub const NO_WORDS: &str = "Nothing was done: words are needed, at most four thousand letters.";

/// How many working days there are.
pub fn clock(row: &RedressRow) -> String {
    let days = |days: u32| if days == 1 { "1 working day".to_owned() } else { format!("{days} working days") };
    match row.balance {
        Some(Balance::Left(left)) => format!("{}, {} left", row.head.answer_by, days(left)),
        Some(Balance::Over(over)) => format!("{}, {} over", row.head.answer_by, days(over)),
        None => "–".to_owned(),
    }
}

/// A correction, without what it says of the person.
pub fn correction(one: &StoredCorrection) -> String {
    let change = match &one.change {
        Change::Add(fact) => format!("Add: {}", fact.kind().name().to_lowercase()),
        Change::End(_) => "Not so: something of the profile".to_owned(),
        Change::Merge(_) => "Put together with another profile".to_owned(),
        Change::Split(_) => "Take a profile out".to_owned(),
    };
    let state = if one.state == CorrectionState::Agreed { "made" } else { "waits for a second person" };
    format!("{change} ({state})")
}

/// The outcomes that an officer chooses; those of access follow from its parts.
pub fn outcomes(kind: RedressKind) -> Vec<(String, String)> {
    let name = |outcome: Outcome| match (kind, outcome) {
        (RedressKind::Accounting, Outcome::Granted) => "The accounting is enclosed",
        (RedressKind::Accounting, Outcome::GrantedInPart) => "A part of the accounting is enclosed",
        (RedressKind::Accounting, Outcome::NoRecords) => "Nothing was disclosed to anybody",
        (_, outcome) => outcome.name(),
    };
    Outcome::ALL.map(|outcome| (outcome.key().to_owned(), name(outcome).to_owned())).to_vec()
}

/// What a decision gives, in words.
pub fn given(stored: &StoredDecision) -> String {
    let parts: Vec<&str> = stored.decision.given.iter().map(|part| part.name(Locale::En)).collect();
    if parts.is_empty() { "–".to_owned() } else { parts.join("; ") }
}

/// On what it keeps something back.
pub fn grounds(stored: &StoredDecision) -> String {
    let grounds: Vec<&str> = stored.decision.exemptions.iter().map(|one| one.citation()).collect();
    if grounds.is_empty() { "–".to_owned() } else { grounds.join(", ") }
}

/// The page's title: it names nobody.
pub fn title(file: &RedressFile) -> String {
    format!("Request {}", shared::redress::number(file.row.head.number))
}
