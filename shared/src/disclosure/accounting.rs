//! The accounting as it is given out: of a person, who may ask for it (5 USC 552a(c)(3)), or of a recipient in a time.
//!
//! The person is given what the law gives them: date, nature and purpose of each disclosure, and name and address of who got it. No
//! officer is named in it, and nobody who works for a recipient. What was not taken was not disclosed, and what was told under (b)(7)
//! is left out.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use crate::letter::{Block, Content, Fact};
use crate::locale::Locale;

/// What the file says that it is.
pub const FORM: &str = "portico-accounting/1";
/// Disclosures that a document takes. Of more there is a table.
pub const MOST_PRINTED: usize = 95;
/// Who asks for it reads English: the accounting is made by an officer.
const LOCALE: Locale = Locale::En;

/// An accounting.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Accounting {
    pub form: &'static str,
    pub about: About,
    pub made_on: NaiveDate,
    /// The last day of which it knows.
    pub as_of: NaiveDate,
    /// The oldest first.
    pub disclosures: Vec<Accounted>,
}

/// Whose it is.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Person {
        name: Option<String>,
        a_numbers: Vec<String>,
    },
    /// A partner country, or all recipients that are none.
    Recipient {
        name: String,
        from: NaiveDate,
        to: NaiveDate,
    },
}

/// One disclosure, in words.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Accounted {
    pub id: Uuid,
    pub date: NaiveDate,
    pub nature: String,
    pub record: String,
    /// What was told: elements, words, documents.
    pub told: Vec<String>,
    pub purpose: String,
    pub authority: String,
    pub recipient: String,
    pub address: String,
    pub method: String,
    pub outcome: &'static str,
    /// The disclosure that this one sets right.
    pub correction_of: Option<Uuid>,
    /// When the recipient confirmed it.
    pub confirmed_on: Option<NaiveDate>,
    /// None in what the person is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
}

/// What stays in the agency.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Inside {
    pub person: Uuid,
    /// Who got it there.
    pub recipient_name: Option<String>,
    pub transaction_number: Option<String>,
    pub agreement_version: Option<u32>,
    /// The waivers without which it could not be told.
    pub waivers: Vec<Uuid>,
    /// Of what left, in hexadecimal digits.
    pub payload_sha256: Option<String>,
}

/// All of it is about a person.
macro_rules! debug_without_content {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([sensitive])"))
            }
        }
    )*};
}

debug_without_content!(Accounting, About, Accounted, Inside);

/// The columns of the table that everybody gets.
const HEADS: [&str; 13] = [
    "id",
    "date",
    "nature",
    "record",
    "told",
    "purpose",
    "authority",
    "recipient",
    "address",
    "method",
    "outcome",
    "correction_of",
    "confirmed_on",
];
/// Those that stay in the agency.
const INSIDE: [&str; 6] = ["person", "recipient_name", "transaction_number", "agreement_version", "waivers", "payload_sha256"];

impl Accounting {
    /// The columns of its table.
    pub fn heads(&self) -> Vec<&'static str> {
        let is_inside = self.disclosures.iter().any(|one| one.inside.is_some());
        let inside = if is_inside { INSIDE.as_slice() } else { &[] };
        HEADS.iter().chain(inside).copied().collect()
    }

    /// The rows of its table. Nothing stands where there is nothing.
    pub fn rows(&self) -> Vec<Vec<String>> {
        self.disclosures.iter().map(Accounted::row).collect()
    }
}

impl Accounted {
    fn row(&self) -> Vec<String> {
        let text = |value: Option<String>| value.unwrap_or_default();
        let mut row = vec![
            self.id.to_string(),
            self.date.to_string(),
            self.nature.clone(),
            self.record.clone(),
            self.told.join("; "),
            self.purpose.clone(),
            self.authority.clone(),
            self.recipient.clone(),
            self.address.clone(),
            self.method.clone(),
            self.outcome.to_owned(),
            text(self.correction_of.map(|id| id.to_string())),
            text(self.confirmed_on.map(|day| day.to_string())),
        ];
        row.extend(self.inside.as_ref().into_iter().flat_map(Inside::row));
        row
    }
}

impl Inside {
    fn row(&self) -> [String; 6] {
        [
            self.person.to_string(),
            self.recipient_name.clone().unwrap_or_default(),
            self.transaction_number.clone().unwrap_or_default(),
            self.agreement_version.map(|version| version.to_string()).unwrap_or_default(),
            self.waivers.iter().map(Uuid::to_string).collect::<Vec<_>>().join("; "),
            self.payload_sha256.clone().unwrap_or_default(),
        ]
    }
}

/// Puts an accounting into a document. None if it is too long for one.
pub fn content(accounting: &Accounting, agency: &str, letterhead: &[String]) -> Option<Content> {
    if accounting.disclosures.len() > MOST_PRINTED {
        return None;
    }
    let mut blocks = vec![Block::Facts(head(accounting)), Block::Paragraph(law(accounting))];
    if accounting.disclosures.is_empty() {
        blocks.push(Block::Paragraph("No disclosure is recorded.".to_owned()));
    }
    blocks.extend(accounting.disclosures.iter().zip(1..).flat_map(|(one, number)| disclosure(one, number)));
    Some(Content {
        locale: LOCALE,
        agency: agency.to_owned(),
        agency_lines: letterhead.to_vec(),
        mail_to: Vec::new(),
        title: "Accounting of disclosures".to_owned(),
        date: accounting.made_on,
        blocks,
        footer: format!("Accounting of disclosures, {}", LOCALE.long_date(accounting.made_on)),
    })
}

fn head(accounting: &Accounting) -> Vec<Fact> {
    let mut facts: Vec<Fact> = match &accounting.about {
        About::Person { name, a_numbers } => {
            let name = name.as_deref().map(|name| fact("About", name));
            let numbers = (!a_numbers.is_empty()).then(|| fact("A-Number", &a_numbers.join(", ")));
            name.into_iter().chain(numbers).collect()
        }
        About::Recipient { name, from, to } => {
            vec![fact("To", name), fact("From", &LOCALE.long_date(*from)), fact("Until", &LOCALE.long_date(*to))]
        }
    };
    facts.push(fact("As of the end of", &LOCALE.long_date(accounting.as_of)));
    facts.push(fact("Disclosures", &accounting.disclosures.len().to_string()));
    facts
}

/// What it rests on, and what is not in it: whether anything was left out is not said.
fn law(accounting: &Accounting) -> String {
    match accounting.about {
        About::Person { .. } => {
            "The Privacy Act lets you know to whom records about you were disclosed, when and why (5 USC 552a(c)(3)). Not listed are \
             disclosures within the agency to those who need a record for their work, those under the Freedom of Information Act, and \
             those for law enforcement under 5 USC 552a(b)(7). Whoever was told something that is set right later is told of it."
        }
        About::Recipient { .. } => "Kept under 5 USC 552a(c)(1). For the agency's own use: it names records of many people.",
    }
    .to_owned()
}

fn disclosure(one: &Accounted, number: usize) -> [Block; 2] {
    let mut facts = vec![fact("Nature", &one.nature), fact("Record", &one.record)];
    if !one.told.is_empty() {
        facts.push(fact("What was told", &one.told.join("; ")));
    }
    facts.extend([
        fact("Purpose", &one.purpose),
        fact("Authority", &one.authority),
        fact("Recipient", &one.recipient),
        fact("Address", &one.address),
        fact("How", &one.method),
        fact("State", one.outcome),
    ]);
    facts.extend(one.correction_of.map(|id| fact("Sets right", &id.to_string())));
    facts.extend(one.confirmed_on.map(|day| fact("Confirmed on", &LOCALE.long_date(day))));
    facts.push(fact("Number", &one.id.to_string()));
    [Block::Heading(format!("{number}. {}", LOCALE.long_date(one.date))), Block::Facts(facts)]
}

fn fact(term: &str, description: &str) -> Fact {
    Fact { term: term.to_owned(), description: description.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::Letter;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn accounted(inside: Option<Inside>) -> Accounted {
        Accounted {
            id: Uuid::from_u128(1),
            date: day("2026-03-08"),
            nature: "Answer to a request".into(),
            record: "Profile".into(),
            told: vec!["Full name".into(), "Date of birth".into()],
            purpose: "Refugee claim".into(),
            authority: "Routine use".into(),
            recipient: "Visa Office, Canada".into(),
            address: "1 Example Street, Ottawa".into(),
            method: "Electronic message through IDENT".into(),
            outcome: "Sent",
            correction_of: None,
            confirmed_on: Some(day("2026-03-09")),
            inside,
        }
    }

    fn of_person(disclosures: Vec<Accounted>) -> Accounting {
        let about = About::Person { name: Some("Ana Ejemplo".into()), a_numbers: vec!["A900000001".into()] };
        Accounting { form: FORM, about, made_on: day("2026-03-11"), as_of: day("2026-03-10"), disclosures }
    }

    fn inside() -> Inside {
        Inside {
            person: Uuid::from_u128(7),
            recipient_name: Some("Olga Officer".into()),
            transaction_number: Some("CA-2026-000017".into()),
            agreement_version: Some(1),
            waivers: vec![Uuid::from_u128(8)],
            payload_sha256: Some("ab".repeat(32)),
        }
    }

    #[test]
    fn each_row_has_a_cell_for_each_column() {
        for accounting in [of_person(vec![accounted(None)]), of_person(vec![accounted(Some(inside()))]), of_person(Vec::new())] {
            let heads = accounting.heads().len();
            assert!(accounting.rows().iter().all(|row| row.len() == heads));
        }
        assert!(!of_person(vec![accounted(None)]).heads().contains(&"recipient_name"));
    }

    #[test]
    fn what_the_law_wants_stands_in_the_document() {
        let content = content(&of_person(vec![accounted(Some(inside()))]), "The agency", &[]).unwrap();
        let of_block = |block: &Block| if let Block::Facts(facts) = block { facts.clone() } else { Vec::new() };
        let facts: Vec<Fact> = content.blocks.iter().flat_map(of_block).collect();
        let is_there = |text: &str| facts.iter().any(|fact| fact.description.contains(text));
        for text in ["Ana Ejemplo", "March 10, 2026", "Answer to a request", "Full name", "Refugee claim", "Visa Office", "Ottawa"]
        {
            assert!(is_there(text), "{text}");
        }
        assert!(!is_there("Olga"), "who works there is in no document");
        assert!(Letter::check(content).is_ok());
    }

    #[test]
    fn a_document_takes_so_many_and_a_letter_of_none_is_one_too() {
        let many = |number| content(&of_person(vec![accounted(None); number]), "The agency", &[]);
        assert!(Letter::check(many(MOST_PRINTED).unwrap()).is_ok());
        assert!(many(MOST_PRINTED + 1).is_none());
        assert!(Letter::check(many(0).unwrap()).is_ok());
    }

    #[test]
    fn the_file_of_a_person_says_nothing_of_what_stays_inside() {
        let json = serde_json::to_string(&of_person(vec![accounted(None)])).unwrap();
        assert!(json.contains("portico-accounting/1") && !json.contains("inside"), "{json}");
        assert_eq!(format!("{:?}", of_person(Vec::new())), "Accounting([sensitive])");
    }
}
