//! What can be known about a person, one kind at a time.
//!
//! A fact is stored, typed and compared as its kind and a few texts ([`Fact::texts`]), so that a row of the database, a line of
//! a form and a value of the feed go through one parser.

use chrono::NaiveDate;

use super::{Encounter, EncounterId, EncounterKind, Fin, Ssn};
use crate::case_feed::{ANumber, PersonName};
use crate::country::CountryCode;

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactKind {
    Name,
    ANumber,
    Fin,
    Ssn,
    BirthDate,
    BirthCountry,
    Gender,
    Race,
    Citizenship,
    ImmigrationStatus,
    /// A country that the person says persecuted them. Nobody there is ever asked about the person.
    PersecutionCountry,
    Encounter,
}

impl FactKind {
    /// In the order of the page.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::BirthDate,
        Self::BirthCountry,
        Self::Gender,
        Self::Race,
        Self::Citizenship,
        Self::ImmigrationStatus,
        Self::ANumber,
        Self::Fin,
        Self::Ssn,
        Self::PersecutionCountry,
        Self::Encounter,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::ANumber => "a_number",
            Self::Fin => "fin",
            Self::Ssn => "ssn",
            Self::BirthDate => "birth_date",
            Self::BirthCountry => "birth_country",
            Self::Gender => "gender",
            Self::Race => "race",
            Self::Citizenship => "citizenship",
            Self::ImmigrationStatus => "immigration_status",
            Self::PersecutionCountry => "persecution_country",
            Self::Encounter => "encounter",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::ANumber => "A-Number",
            Self::Fin => "FIN",
            Self::Ssn => "Social Security number",
            Self::BirthDate => "Date of birth",
            Self::BirthCountry => "Country of birth",
            Self::Gender => "Gender",
            Self::Race => "Race",
            Self::Citizenship => "Citizenship",
            Self::ImmigrationStatus => "Immigration status",
            Self::PersecutionCountry => "Says was persecuted in",
            Self::Encounter => "Encounter",
        }
    }

    /// What each of its texts is, as a form asks it.
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["Kind of name", "Family name", "Given name", "Middle name"],
            Self::ImmigrationStatus => &["Class of admission", "Since (day)"],
            Self::Encounter => &["Encounter ID", "Kind", "Day"],
            Self::BirthDate => &["Day"],
            Self::BirthCountry | Self::Citizenship | Self::PersecutionCountry => &["Country code"],
            Self::Gender | Self::Race => &["Code"],
            Self::ANumber | Self::Fin | Self::Ssn => &["Number"],
        }
    }

    /// Has a person one of them, in truth? Two that differ are shown as a disagreement.
    pub const fn is_single(self) -> bool {
        matches!(self, Self::BirthDate | Self::BirthCountry | Self::Gender | Self::ImmigrationStatus | Self::Ssn)
    }

    /// Can somebody be found by it alone?
    pub const fn is_number(self) -> bool {
        matches!(self, Self::ANumber | Self::Fin | Self::Ssn | Self::Encounter)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    Legal,
    /// Another name that the person uses or used.
    Alias,
    BeforeMarriage,
}

impl NameKind {
    pub const ALL: [Self; 3] = [Self::Legal, Self::Alias, Self::BeforeMarriage];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Legal => "legal",
            Self::Alias => "alias",
            Self::BeforeMarriage => "before_marriage",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Legal => "legal",
            Self::Alias => "also known as",
            Self::BeforeMarriage => "before marriage",
        }
    }
}

/// As the Central Index System has it: M, F or U.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    Male,
    Female,
    Unknown,
}

impl Gender {
    pub const ALL: [Self; 3] = [Self::Female, Self::Male, Self::Unknown];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
            Self::Unknown => "U",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gender| gender.code() == code)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Male => "Male",
            Self::Female => "Female",
            Self::Unknown => "Unknown",
        }
    }
}

/// The codes of fingerprint transactions (field 2.025).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Race {
    Asian,
    Black,
    AmericanIndian,
    White,
    Unknown,
}

impl Race {
    pub const ALL: [Self; 5] = [Self::Asian, Self::Black, Self::AmericanIndian, Self::White, Self::Unknown];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Asian => "A",
            Self::Black => "B",
            Self::AmericanIndian => "I",
            Self::White => "W",
            Self::Unknown => "U",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|race| race.code() == code)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Asian => "Asian or Pacific Islander",
            Self::Black => "Black",
            Self::AmericanIndian => "American Indian or Alaska Native",
            Self::White => "White",
            Self::Unknown => "Unknown",
        }
    }
}

/// One thing that is known. No `Debug` that could reach a log: see [`FactKind`] for what may be said of it there.
#[derive(Clone, PartialEq, Eq)]
pub enum Fact {
    Name {
        kind: NameKind,
        name: PersonName,
    },
    ANumber(ANumber),
    Fin(Fin),
    Ssn(Ssn),
    BirthDate(NaiveDate),
    BirthCountry(CountryCode),
    Gender(Gender),
    Race(Race),
    Citizenship(CountryCode),
    /// A whole class-of-admission code, and since when.
    ImmigrationStatus {
        class: String,
        since: Option<NaiveDate>,
    },
    PersecutionCountry(CountryCode),
    Encounter(Encounter),
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fact({})", self.kind().key())
    }
}

/// Why texts are no fact of their kind. It says which part, never what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactFault {
    pub kind: FactKind,
    /// Which of [`FactKind::parts`], from 0.
    pub part: usize,
}

impl FactFault {
    /// What to do about it.
    pub const fn advice(self) -> &'static str {
        match (self.kind, self.part) {
            (FactKind::Name, 0) => "Choose the kind of name.",
            (FactKind::Name, _) => "Type the name in at most 200 characters. A person with one name has it as family name.",
            (FactKind::ANumber, _) => "Type A and seven to nine digits.",
            (FactKind::Fin, _) => "Type four to ten digits.",
            (FactKind::Ssn, _) => "Type the nine digits of a number that can have been given.",
            (FactKind::BirthDate, _) | (FactKind::ImmigrationStatus, 1) | (FactKind::Encounter, 2) => {
                "Type the day as 1990-02-03, between 1900 and today."
            }
            (FactKind::BirthCountry | FactKind::Citizenship | FactKind::PersecutionCountry, _) => {
                "Type the three letters of the country, as MEX."
            }
            (FactKind::Gender, _) => "Choose F, M or U.",
            (FactKind::Race, _) => "Choose A, B, I, W or U.",
            (FactKind::ImmigrationStatus, _) => "Type the whole code of the class, one to five capital letters and digits.",
            (FactKind::Encounter, 1) => "Choose what the person was met for.",
            (FactKind::Encounter, _) => "Type 4 to 40 letters, digits and dashes.",
        }
    }
}

impl Fact {
    pub const fn kind(&self) -> FactKind {
        match self {
            Self::Name { .. } => FactKind::Name,
            Self::ANumber(_) => FactKind::ANumber,
            Self::Fin(_) => FactKind::Fin,
            Self::Ssn(_) => FactKind::Ssn,
            Self::BirthDate(_) => FactKind::BirthDate,
            Self::BirthCountry(_) => FactKind::BirthCountry,
            Self::Gender(_) => FactKind::Gender,
            Self::Race(_) => FactKind::Race,
            Self::Citizenship(_) => FactKind::Citizenship,
            Self::ImmigrationStatus { .. } => FactKind::ImmigrationStatus,
            Self::PersecutionCountry(_) => FactKind::PersecutionCountry,
            Self::Encounter(_) => FactKind::Encounter,
        }
    }

    /// Reads what a form, a row or the feed has. A text that is missing is empty.
    ///
    /// # Errors
    /// The first part that does not fit.
    pub fn parse<T: AsRef<str>>(kind: FactKind, texts: &[T], today: NaiveDate) -> Result<Self, FactFault> {
        let text = |part: usize| texts.get(part).map_or("", |text| text.as_ref().trim());
        let need = |part: usize| FactFault { kind, part };
        let past = |part: usize| past_day(text(part), today).ok_or(need(part));
        let country = || CountryCode::parse(&text(0).to_ascii_uppercase()).ok_or(need(0));
        Ok(match kind {
            FactKind::Name => {
                let family = name_text(text(1)).ok_or(need(1))?;
                let optional = |part| match text(part) {
                    "" => Ok(None),
                    given => name_text(given).map(Some).ok_or(need(part)),
                };
                let name = PersonName { family, given: optional(2)?, middle: optional(3)? };
                Self::Name { kind: NameKind::from_key(text(0)).ok_or(need(0))?, name }
            }
            FactKind::ANumber => Self::ANumber(ANumber::parse(text(0)).ok_or(need(0))?),
            FactKind::Fin => Self::Fin(Fin::parse(text(0)).ok_or(need(0))?),
            FactKind::Ssn => Self::Ssn(Ssn::parse(text(0)).ok_or(need(0))?),
            FactKind::BirthDate => Self::BirthDate(past(0)?),
            FactKind::BirthCountry => Self::BirthCountry(country()?),
            FactKind::Gender => Self::Gender(Gender::from_code(text(0)).ok_or(need(0))?),
            FactKind::Race => Self::Race(Race::from_code(text(0)).ok_or(need(0))?),
            FactKind::Citizenship => Self::Citizenship(country()?),
            FactKind::ImmigrationStatus => {
                let is_code = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit();
                let class = text(0).to_ascii_uppercase();
                if !(1..=5).contains(&class.len()) || !class.bytes().all(is_code) {
                    return Err(need(0));
                }
                let since = if text(1).is_empty() { None } else { Some(past(1)?) };
                Self::ImmigrationStatus { class, since }
            }
            FactKind::PersecutionCountry => Self::PersecutionCountry(country()?),
            FactKind::Encounter => Self::Encounter(Encounter {
                id: EncounterId::parse(text(0)).ok_or(need(0))?,
                kind: EncounterKind::from_key(text(1)).ok_or(need(1))?,
                on: past(2)?,
            }),
        })
    }

    /// What [`Fact::parse`] reads back.
    pub fn texts(&self) -> Vec<String> {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Name { kind, name } => {
                vec![kind.key().to_owned(), name.family.clone(), optional(&name.given), optional(&name.middle)]
            }
            Self::ANumber(number) => vec![format!("A{}", number.digits())],
            Self::Fin(fin) => vec![fin.digits().to_owned()],
            Self::Ssn(ssn) => vec![ssn.digits().to_owned()],
            Self::BirthDate(day) => vec![day.to_string()],
            Self::BirthCountry(country) | Self::Citizenship(country) | Self::PersecutionCountry(country) => {
                vec![country.as_str().to_owned()]
            }
            Self::Gender(gender) => vec![gender.code().to_owned()],
            Self::Race(race) => vec![race.code().to_owned()],
            Self::ImmigrationStatus { class, since } => {
                vec![class.clone(), since.map(|day| day.to_string()).unwrap_or_default()]
            }
            Self::Encounter(encounter) => {
                vec![encounter.id.as_str().to_owned(), encounter.kind.key().to_owned(), encounter.on.to_string()]
            }
        }
    }

    /// The number by which somebody can be found, as it is compared.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::ANumber(number) => Some(number.digits()),
            Self::Fin(fin) => Some(fin.digits()),
            Self::Ssn(ssn) => Some(ssn.digits()),
            Self::Encounter(encounter) => Some(encounter.id.as_str()),
            _ => None,
        }
    }
}

/// The year in which the oldest person alive can have been born.
const FIRST_YEAR: i32 = 1900;

fn past_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    (day <= today && NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).is_some_and(|first| first <= day)).then_some(day)
}

fn name_text(text: &str) -> Option<String> {
    let legal = !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
    legal.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        "2026-03-10".parse().unwrap()
    }

    fn read(kind: FactKind, texts: &[&str]) -> Result<Fact, FactFault> {
        Fact::parse(kind, texts, today())
    }

    #[test]
    fn each_kind_reads_what_it_wrote() {
        let samples: [(FactKind, &[&str]); 12] = [
            (FactKind::Name, &["legal", "Ejemplo", "Ana", ""]),
            (FactKind::ANumber, &["A900000001"]),
            (FactKind::Fin, &["1234567"]),
            (FactKind::Ssn, &["987654320"]),
            (FactKind::BirthDate, &["1990-02-03"]),
            (FactKind::BirthCountry, &["MEX"]),
            (FactKind::Gender, &["F"]),
            (FactKind::Race, &["U"]),
            (FactKind::Citizenship, &["MEX"]),
            (FactKind::ImmigrationStatus, &["B2", "2026-01-05"]),
            (FactKind::PersecutionCountry, &["XXA"]),
            (FactKind::Encounter, &["EID-1", "interview", "2026-01-05"]),
        ];
        for kind in FactKind::ALL {
            let (_, texts) = samples.iter().find(|(sample, _)| *sample == kind).unwrap();
            let fact = read(kind, texts).unwrap();
            assert_eq!((fact.kind(), fact.texts()), (kind, texts.iter().map(ToString::to_string).collect()));
            assert_eq!(texts.len(), kind.parts().len());
            assert_eq!(fact.number().is_some(), kind.is_number());
            assert_eq!(FactKind::from_key(kind.key()), Some(kind));
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_part() {
        let wrong: [(FactKind, &[&str], usize); 14] = [
            (FactKind::Name, &["", "Ejemplo"], 0),
            (FactKind::Name, &["legal", " "], 1),
            (FactKind::Name, &["legal", "Ejemplo", "A\nna"], 2),
            (FactKind::ANumber, &["900000001"], 0),
            (FactKind::Fin, &["12"], 0),
            (FactKind::Ssn, &["000000000"], 0),
            (FactKind::BirthDate, &["2026-03-11"], 0),
            (FactKind::BirthDate, &["1899-12-31"], 0),
            (FactKind::BirthCountry, &["Mexico"], 0),
            (FactKind::Gender, &["W"], 0),
            (FactKind::ImmigrationStatus, &["B-2"], 0),
            (FactKind::ImmigrationStatus, &["B2", "soon"], 1),
            (FactKind::Encounter, &["EID-1", "lunch", "2026-01-05"], 1),
            (FactKind::Encounter, &["EID-1", "interview", ""], 2),
        ];
        for (kind, texts, part) in wrong {
            let fault = read(kind, texts).unwrap_err();
            assert_eq!(fault, FactFault { kind, part }, "{texts:?}");
            assert!(fault.advice().ends_with('.'));
        }
    }

    #[test]
    fn no_value_reaches_a_log() {
        let fact = read(FactKind::Name, &["legal", "Ejemplo"]).unwrap();
        assert_eq!(format!("{fact:?}"), "Fact(name)");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(kind in 0..FactKind::ALL.len(), texts in prop::collection::vec(any::<String>(), 0..5)) {
            if let Ok(fact) = Fact::parse(FactKind::ALL[kind], &texts, today()) {
                prop_assert_eq!(Fact::parse(fact.kind(), &fact.texts(), today()), Ok(fact));
            }
        }
    }
}
