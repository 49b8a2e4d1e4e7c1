//! What the pages about people call things.

use domain::profile::{Likeness, SearchFault};
use shared::case_feed::PersonName;
use shared::country;
use shared::locale::Locale;
use shared::profile::{EncounterKind, Fact, FactKind, Gender, NameKind, Race, ReadPurpose};

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
