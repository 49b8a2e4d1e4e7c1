//! Who was told something that is set right later, or that the person disputes, is told of it (5 USC 552a(c)(4), (d)(4)), and confirms
//! it (SOR/2002-227 s. 315.27, .35, .42).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::entry::{Disclosure, Nature, Outcome};
use crate::agreement::Element;
use crate::profile::{BiometricKind, Change, Fact, KnownBiometric, NameKind, Sheet};

/// How long a recipient may take to confirm before it shows as overdue. An example: the agreements that were read name no days.
pub const CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(30);

/// Why past recipients are told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AmendmentKind {
    /// Two people agreed to a correction of the profile.
    Correction,
    /// The agency did not correct it, and the person's statement of disagreement goes along, 5 USC 552a(d)(4).
    Dispute,
}

/// Where telling one recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeState {
    /// For a privacy officer.
    Waiting,
    /// A privacy officer has the recipient told: it is on its way.
    Due,
    /// The protection check could not decide, or the agreement has counsel look.
    Held,
    /// Nothing may be told to this recipient now: protection, or the agreement.
    Withheld,
    /// The other side did not take it.
    Refused,
    Sent,
}

/// What a recipient did with what it was told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmed {
    /// It is set right there, and what was wrong is destroyed.
    Corrected,
    /// It had been used for a decision: it stays, with a note to file.
    NoteToFile,
}

impl AmendmentKind {
    pub const ALL: [Self; 2] = [Self::Correction, Self::Dispute];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Dispute => "dispute",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Correction => "Correction",
            Self::Dispute => "Statement of disagreement",
        }
    }
}

impl NoticeState {
    pub const ALL: [Self; 6] = [Self::Waiting, Self::Due, Self::Held, Self::Withheld, Self::Refused, Self::Sent];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Due => "due",
            Self::Held => "held",
            Self::Withheld => "withheld",
            Self::Refused => "refused",
            Self::Sent => "sent",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "To be told",
            Self::Due => "On its way",
            Self::Held => "The check could not decide",
            Self::Withheld => "Nothing may be told now",
            Self::Refused => "Not taken",
            Self::Sent => "Told",
        }
    }

    /// Can a privacy officer have the recipient told? What stood in the way may be gone.
    pub const fn is_to_tell(self) -> bool {
        matches!(self, Self::Waiting | Self::Held | Self::Withheld | Self::Refused)
    }
}

impl Confirmed {
    pub const ALL: [Self; 2] = [Self::Corrected, Self::NoteToFile];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::NoteToFile => "note_to_file",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confirmed| confirmed.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Corrected => "Set right",
            Self::NoteToFile => "Kept, with a note to file",
        }
    }
}

/// The element that a fact is told as. The social security number is none, and what somebody fears is told to nobody.
pub const fn element_of(fact: &Fact) -> Option<Element> {
    Some(match fact {
        Fact::Name { kind: NameKind::Legal, .. } => Element::FullName,
        Fact::Name { .. } => Element::Alias,
        Fact::ANumber(_) => Element::ANumber,
        Fact::Fin(_) => Element::Fin,
        Fact::BirthDate(_) => Element::BirthDate,
        Fact::BirthCountry(_) => Element::BirthCountry,
        Fact::Gender(_) => Element::Gender,
        Fact::Race(_) => Element::Race,
        Fact::Citizenship(_) => Element::Citizenship,
        Fact::ImmigrationStatus { .. } => Element::ImmigrationStatus,
        Fact::Encounter(_) => Element::Eid,
        Fact::Ssn(_) | Fact::PersecutionCountry(_) => return None,
    })
}

/// The elements that a change of a profile makes another than they were told.
///
/// A profile that is taken out was somebody else's: whatever was told may be wrong. Putting two together ends nothing that was told.
pub fn touched(change: &Change, sheet: &Sheet, records: &[KnownBiometric]) -> BTreeSet<Element> {
    match change {
        Change::Add(fact) => element_of(fact).into_iter().collect(),
        Change::End(id) => {
            let fact = sheet.all().iter().find(|known| known.id == *id).and_then(|known| element_of(&known.fact));
            let record = records.iter().find(|known| known.id == *id).and_then(|known| element_of_record(known.biometric.kind));
            fact.into_iter().chain(record).collect()
        }
        Change::Split(_) => Element::ALL.into(),
        Change::Merge(_) => BTreeSet::new(),
    }
}

const fn element_of_record(kind: BiometricKind) -> Option<Element> {
    match kind {
        BiometricKind::Photograph | BiometricKind::Face => Some(Element::Photograph),
        BiometricKind::Fingerprints => Some(Element::Fingerprints),
        BiometricKind::Iris => None,
    }
}

/// Was something told by a disclosure that would have to be set right there? What was refused told nothing. Of a question of ours a
/// partner keeps what its text says of the person; prints are destroyed after the search. What corrects another is followed by way of
/// the first.
pub fn is_to_be_told(entry: &Disclosure, outcome: Option<Outcome>) -> bool {
    let is_kept = match entry.nature {
        Nature::AutomaticAnswer | Nature::Answer => true,
        Nature::OwnQuery => !entry.elements.is_empty(),
        Nature::OwnQueryWithPrints | Nature::Correction => false,
    };
    is_kept && entry.correction_of.is_none() && outcome != Some(Outcome::Refused)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::profile::{FactKind, KnownFact, Origin};

    #[test]
    fn every_key_is_read_back() {
        for kind in AmendmentKind::ALL {
            assert_eq!(AmendmentKind::from_key(kind.key()), Some(kind));
        }
        for state in NoticeState::ALL {
            assert_eq!(NoticeState::from_key(state.key()), Some(state));
        }
        for confirmed in Confirmed::ALL {
            assert_eq!(Confirmed::from_key(confirmed.key()), Some(confirmed));
            assert_eq!(serde_json::to_value(confirmed).unwrap(), confirmed.key());
        }
    }

    #[test]
    fn a_change_touches_what_its_fact_is_told_as() {
        let at: chrono::DateTime<chrono::Utc> = "2026-03-10T15:00:00Z".parse().unwrap();
        let fact = |kind, text: &str| Fact::parse(kind, &[text], at.date_naive()).unwrap();
        let known = |id: u128, fact: Fact| KnownFact {
            id: Uuid::from_u128(id),
            fact,
            origin: Origin::Case(Uuid::nil()),
            recorded_at: at,
            ended_at: None,
            ended_by: None,
        };
        let (birth, feared) = (fact(FactKind::BirthDate, "1990-02-03"), fact(FactKind::PersecutionCountry, "SYR"));
        let sheet = Sheet::new(vec![known(1, birth.clone()), known(2, feared.clone())]);
        let touched = |change: Change| touched(&change, &sheet, &[]);
        assert_eq!(touched(Change::End(Uuid::from_u128(1))), BTreeSet::from([Element::BirthDate]));
        assert_eq!(touched(Change::Add(birth)), BTreeSet::from([Element::BirthDate]));
        assert_eq!(touched(Change::End(Uuid::from_u128(2))), BTreeSet::new(), "nobody was told what somebody fears");
        assert_eq!(touched(Change::Add(feared)), BTreeSet::new());
        assert_eq!(touched(Change::Merge(Uuid::from_u128(9))), BTreeSet::new());
        assert_eq!(touched(Change::Split(Uuid::from_u128(9))).len(), Element::ALL.len(), "it was somebody else's");
        assert_eq!(touched(Change::End(Uuid::from_u128(9))), BTreeSet::new());
    }
}
