//! What the pages about people call things.

use domain::profile::{Likeness, RecordFault, SearchFault, StoredVerification};
use shared::case_feed::PersonName;
use shared::country;
use shared::document::DocumentProblem;
use shared::locale::Locale;
use shared::profile::{
    AskedBy, Biometric, BiometricKind, CaptureFault, EncounterKind, Fact, FactKind, Gender, MOST_OF_A_KIND, NameKind, Position,
    Race, ReadPurpose, VerificationState,
};

/// Choices of one part of a fact, where it has any.
pub fn choices(kind: FactKind, part: usize) -> Option<Vec<(String, String)>> {
    let pair = |value: &str, name: &str| (value.to_owned(), name.to_owned());
    Some(match (kind, part) {
        (FactKind::Name, 0) => NameKind::ALL.map(|kind| pair(kind.key(), kind.name())).to_vec(),
        (FactKind::Gender, _) => Gender::ALL.map(|gender| pair(gender.code(), gender.name())).to_vec(),
        (FactKind::Race, _) => Race::ALL.map(|race| pair(race.code(), race.name())).to_vec(),
        (FactKind::Encounter, 1) => EncounterKind::ALL.map(|kind| pair(kind.key(), kind.name())).to_vec(),
        (FactKind::BirthCountry | FactKind::Citizenship | FactKind::PersecutionCountry, _) => {
            country::countries(Locale::En).into_iter().map(|country| pair(country.code, country.name)).collect()
        }
        _ => return None,
    })
}

/// `Ejemplo, Ana María`.
pub fn name(name: &PersonName) -> String {
    let given: Vec<&str> = [name.given.as_deref(), name.middle.as_deref()].into_iter().flatten().collect();
    if given.is_empty() { name.family.clone() } else { format!("{}, {}", name.family, given.join(" ")) }
}

/// A fact in words. Of a Social Security number only the end.
pub fn fact(fact: &Fact) -> String {
    let country_name = |code: &shared::country::CountryCode| {
        country::name(code, Locale::En).map_or_else(|| code.as_str().to_owned(), |name| format!("{name} ({})", code.as_str()))
    };
    match fact {
        Fact::Name { kind: NameKind::Legal, name: legal } => name(legal),
        Fact::Name { kind, name: other } => format!("{} ({})", name(other), kind.name()),
        Fact::ANumber(number) => format!("A{}", number.digits()),
        Fact::Fin(fin) => fin.digits().to_owned(),
        Fact::Ssn(ssn) => ssn.masked(),
        Fact::BirthDate(day) => day.to_string(),
        Fact::BirthCountry(code) | Fact::Citizenship(code) | Fact::PersecutionCountry(code) => country_name(code),
        Fact::Gender(gender) => gender.name().to_owned(),
        Fact::Race(race) => race.name().to_owned(),
        Fact::ImmigrationStatus { class, since: Some(since) } => format!("{class}, since {since}"),
        Fact::ImmigrationStatus { class, since: None } => class.clone(),
        Fact::Encounter(encounter) => format!("{}: {}, {}", encounter.id.as_str(), encounter.kind.name(), encounter.on),
    }
}

/// A record in words, with its day: `Photograph, from the front, 2026-02-03`.
pub fn record(biometric: &Biometric) -> String {
    format!("{biometric}, {}", biometric.captured_on)
}

/// What can be added, in words.
pub fn choice(kind: BiometricKind, side: Option<Position>) -> String {
    side.map_or_else(|| kind.name().to_owned(), |side| format!("{}, {}", kind.name(), side.name()))
}

pub const fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::Es => "Spanish",
    }
}

/// What IDENT answered, in words.
pub const fn answer(one: &StoredVerification) -> &'static str {
    match (one.state, one.asked_by) {
        (VerificationState::Asked, _) => "IDENT is being asked",
        (VerificationState::Unanswered, _) => "IDENT did not answer",
        (VerificationState::Matched, AskedBy::Prints) => "IDENT knew the fingerprints",
        (VerificationState::Matched, AskedBy::PrintsAndFin) => "The fingerprints are of who has the FIN",
        (VerificationState::Matched, AskedBy::Fin) => "IDENT knows the FIN. That says nothing of who is here: compare the faces",
        (VerificationState::NotMatched, AskedBy::Prints) => "IDENT did not know the fingerprints",
        (VerificationState::NotMatched, AskedBy::PrintsAndFin) => "The fingerprints are not of who has the FIN",
        (VerificationState::NotMatched, AskedBy::Fin) => "IDENT does not know the FIN",
    }
}

/// Things that are said of a file at once: more would be the same mistake again.
const MOST_FINDINGS: usize = 8;

/// Why a record was not taken, and what to do.
pub fn record_fault(fault: &RecordFault) -> Vec<String> {
    let one = |words: &str| vec![words.to_owned()];
    match fault {
        RecordFault::TooLarge => one(document_problem(DocumentProblem::TooLarge)),
        RecordFault::Day => one("When it was taken: type a day that has come."),
        RecordFault::Side => one("What it is: choose the side that it shows."),
        RecordFault::OtherCase => one("Where it comes from: choose a case of this person."),
        RecordFault::TooMany => vec![format!("The person has {MOST_OF_A_KIND} of them. Have an old one ended first.")],
        RecordFault::File(CaptureFault::OtherKind) => one("File: it holds something else than was chosen."),
        RecordFault::File(CaptureFault::Refused(refusal)) => {
            refusal.findings.iter().take(MOST_FINDINGS).map(|finding| format!("File: {finding}.")).collect()
        }
    }
}

/// Why a picture was not taken, and what to do.
pub const fn document_problem(problem: DocumentProblem) -> &'static str {
    match problem {
        DocumentProblem::Empty => "File: choose one.",
        DocumentProblem::TooLarge => "File: it is too large. Make it smaller.",
        DocumentProblem::WrongKind => "File: choose a JPEG or PNG picture.",
        DocumentProblem::TooBig => "File: the picture has too many pixels. Make it smaller.",
        DocumentProblem::Infected => "File: the scanner found something harmful. Nothing of it was kept.",
        DocumentProblem::TryLater => "Files cannot be taken right now. Try again in a few minutes.",
        DocumentProblem::Broken | DocumentProblem::Encrypted | DocumentProblem::ActiveContent | DocumentProblem::TooMany => {
            "File: it cannot be opened. Save it again, or take another one."
        }
    }
}

pub const fn likeness(likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::Number => "By number",
        Likeness::Exact => "Name and day",
        Likeness::Alike => "Sounds alike, or part of the name",
        Likeness::DaySwapped => "Day and month the other way round",
    }
}

pub const fn fault(fault: SearchFault) -> &'static str {
    match fault {
        SearchFault::NoNumber => {
            "This is no number that a person has. Type an A-Number, a FIN, a Social Security number, an encounter ID or a receipt number."
        }
        SearchFault::NoName => "Type the family name. A person with one name has it as family name.",
    }
}

pub fn purposes(purposes: &[ReadPurpose]) -> Vec<(String, String)> {
    purposes.iter().map(|purpose| (purpose.key().to_owned(), purpose.name().to_owned())).collect()
}
