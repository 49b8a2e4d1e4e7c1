//! A request as it comes in.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Letters of what somebody wrote.
pub const LONGEST_TEXT: usize = 4_000;
/// Lines of an address, and letters of one: what the window of an envelope shows below the name.
const ADDRESS_LINES: usize = 4;
const ADDRESS_LINE: usize = 80;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RedressKind {
    /// To see one's records.
    Access,
    /// To have them set right.
    Amendment,
    /// To know to whom they were disclosed (5 USC 552a(c)(3)).
    Accounting,
}

impl RedressKind {
    pub const ALL: [Self; 3] = [Self::Access, Self::Amendment, Self::Accounting];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Amendment => "amendment",
            Self::Accounting => "accounting",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "To see one's records",
            Self::Amendment => "To have a record corrected",
            Self::Accounting => "To know who was told",
        }
    }
}

/// The law by which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Freedom of Information Act: anybody.
    Foia,
    /// Citizens and lawful permanent residents.
    PrivacyAct,
    /// Citizens of covered countries (Public Law 114-126).
    JudicialRedressAct,
}

impl Basis {
    pub const ALL: [Self; 3] = [Self::Foia, Self::PrivacyAct, Self::JudicialRedressAct];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Foia => "foia",
            Self::PrivacyAct => "privacy_act",
            Self::JudicialRedressAct => "judicial_redress_act",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Foia => "Freedom of Information Act",
            Self::PrivacyAct => "Privacy Act",
            Self::JudicialRedressAct => "Judicial Redress Act",
        }
    }

    pub const fn citation(self) -> &'static str {
        match self {
            Self::Foia => "5 USC 552",
            Self::PrivacyAct => "5 USC 552a",
            Self::JudicialRedressAct => "5 USC 552a note",
        }
    }

    /// Does the law let this be asked? FOIA opens records and corrects none; the Judicial Redress Act covers access and amendment.
    pub const fn carries(self, kind: RedressKind) -> bool {
        match self {
            Self::Foia => matches!(kind, RedressKind::Access),
            Self::PrivacyAct => true,
            Self::JudicialRedressAct => !matches!(kind, RedressKind::Accounting),
        }
    }
}

/// How it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    Mail,
    Online,
    /// At a field office, with evidence.
    Office,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Mail, Self::Online, Self::Office];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Online => "online",
            Self::Office => "office",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "By mail",
            Self::Online => "Online",
            Self::Office => "At a field office",
        }
    }
}

/// The unusual circumstances that let an answer come ten working days later: 5 USC 552(a)(6)(B)(iii) knows three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extension {
    FieldFacilities,
    Volume,
    Consultation,
}

impl Extension {
    pub const ALL: [Self; 3] = [Self::FieldFacilities, Self::Volume, Self::Consultation];

    pub const fn key(self) -> &'static str {
        match self {
            Self::FieldFacilities => "field_facilities",
            Self::Volume => "volume",
            Self::Consultation => "consultation",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|extension| extension.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::FieldFacilities => "Records lie in field facilities",
            Self::Volume => "There are very many records",
            Self::Consultation => "Another agency is asked first",
        }
    }
}

/// The number that people quote: `R-000012`.
pub fn number(of: i64) -> String {
    format!("R-{of:06}")
}

/// What the person wrote, and where the answer goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub name: String,
    /// Below the name.
    pub address: Vec<String>,
    /// What they ask, in their words, with what they say to be found by.
    pub words: String,
    /// What they brought or sent along. Empty for none.
    pub evidence: String,
}

/// All of it is about a person.
impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked([sensitive])")
    }
}

/// The same as it was typed.
#[derive(Clone, Copy)]
pub struct TypedAsked<'a> {
    pub name: &'a str,
    /// A line for each line.
    pub address: &'a str,
    pub words: &'a str,
    pub evidence: &'a str,
}

impl fmt::Debug for TypedAsked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedAsked([sensitive])")
    }
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedFault {
    Name,
    Address,
    Words,
    /// A correction is made with evidence.
    Evidence,
}

impl AskedFault {
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Name => "Name: type it, in at most 80 letters.",
            Self::Address => "Address: type it, in at most four lines of at most 80 letters.",
            Self::Words => "What is asked: type it in the person's words, in at most 4,000 letters.",
            Self::Evidence => "Evidence: a correction needs some. Say what was brought or sent along, in at most 4,000 letters.",
        }
    }
}

impl Asked {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(kind: RedressKind, typed: TypedAsked<'_>) -> Result<Self, Vec<AskedFault>> {
        let is_text = |text: &str| !text.is_empty() && text.chars().count() <= LONGEST_TEXT && !text.chars().any(is_strange);
        let is_line = |text: &str| text.chars().count() <= ADDRESS_LINE && !text.chars().any(char::is_control);
        let name = typed.name.trim();
        let address: Vec<String> =
            typed.address.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        let (words, evidence) = (typed.words.trim(), typed.evidence.trim());
        let needs_evidence = kind == RedressKind::Amendment;
        let faults = [
            (name.is_empty() || !is_line(name), AskedFault::Name),
            (address.is_empty() || address.len() > ADDRESS_LINES || !address.iter().all(|line| is_line(line)), AskedFault::Address),
            (!is_text(words), AskedFault::Words),
            (if evidence.is_empty() { needs_evidence } else { !is_text(evidence) }, AskedFault::Evidence),
        ];
        let faults: Vec<AskedFault> = faults.into_iter().filter(|(is_so, _)| *is_so).map(|(_, fault)| fault).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { name: name.to_owned(), address, words: words.to_owned(), evidence: evidence.to_owned() })
    }
}

/// Lines may end; nothing else that cannot be seen stands in a text.
fn is_strange(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: TypedAsked<'static> = TypedAsked {
        name: " Ana Ejemplo ",
        address: "1 Sample Street\r\n\r\n Springfield, VA 22150 ",
        words: "All that you have of me.",
        evidence: "",
    };

    #[test]
    fn what_was_typed_is_read_and_said_in_no_log() {
        let asked = Asked::parse(RedressKind::Access, GOOD).unwrap();
        assert_eq!((asked.name.as_str(), asked.address.len()), ("Ana Ejemplo", 2));
        assert_eq!(format!("{asked:?}"), "Asked([sensitive])");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let nothing = TypedAsked { name: "", address: " ", words: "", evidence: "" };
        let all = [AskedFault::Name, AskedFault::Address, AskedFault::Words, AskedFault::Evidence];
        assert_eq!(Asked::parse(RedressKind::Amendment, nothing).unwrap_err(), all);
        assert_eq!(Asked::parse(RedressKind::Accounting, nothing).unwrap_err(), all[..3]);
        let five_lines = TypedAsked { address: "1\n2\n3\n4\n5", ..GOOD };
        assert_eq!(Asked::parse(RedressKind::Access, five_lines).unwrap_err(), [AskedFault::Address]);
        assert!(all.iter().all(|fault| fault.advice().ends_with('.')));
    }

    #[test]
    fn laws_carry_what_they_say() {
        let carried = |basis: Basis| RedressKind::ALL.map(|kind| basis.carries(kind));
        assert_eq!(carried(Basis::Foia), [true, false, false]);
        assert_eq!(carried(Basis::PrivacyAct), [true; 3]);
        assert_eq!(carried(Basis::JudicialRedressAct), [true, true, false]);
    }

    #[test]
    fn each_word_of_the_database_is_read_back() {
        assert!(RedressKind::ALL.into_iter().all(|kind| RedressKind::from_key(kind.key()) == Some(kind)));
        assert!(Basis::ALL.into_iter().all(|basis| Basis::from_key(basis.key()) == Some(basis)));
        assert!(Channel::ALL.into_iter().all(|channel| Channel::from_key(channel.key()) == Some(channel)));
        assert!(Extension::ALL.into_iter().all(|extension| Extension::from_key(extension.key()) == Some(extension)));
        assert_eq!(number(12), "R-000012");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(name in any::<String>(), address in any::<String>(), words in any::<String>()) {
            let typed = TypedAsked { name: &name, address: &address, words: &words, evidence: &words };
            if let Ok(asked) = Asked::parse(RedressKind::Amendment, typed) {
                prop_assert!((1..=4).contains(&asked.address.len()));
                prop_assert!(!asked.name.contains('\n'));
            }
        }
    }
}
