//! Identity verification (IVT): somebody stands before an officer, and IDENT is asked who it is. The person is told before what
//! for, by the notice of Form M-1061.

use std::collections::BTreeSet;

use super::{Fact, FactKind, Fin, Sheet};
use crate::agreement::Element;

/// Whether fingerprints may be added to IDENT, or only compared with what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrolment {
    /// They are kept in the profile, too.
    Allowed,
    /// They are destroyed after the search, match or not.
    SearchOnly,
}

impl Enrolment {
    pub const ALL: [Self; 2] = [Self::Allowed, Self::SearchOnly];

    /// As the terms with IDENT have it, by what they let be added.
    pub fn of(added: &BTreeSet<Element>) -> Self {
        if added.contains(&Element::Fingerprints) { Self::Allowed } else { Self::SearchOnly }
    }

    pub const fn key(self) -> &'static str {
        match self {
            Self::Allowed => "enrol",
            Self::SearchOnly => "search",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|enrolment| enrolment.key() == key)
    }
}

/// By what IDENT is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// Whose fingerprints are these?
    Prints,
    /// Who has this FIN? It says nothing of who stands there: the officer compares faces.
    Fin,
    /// Are these the fingerprints of who has this FIN?
    PrintsAndFin,
}

impl AskedBy {
    pub const ALL: [Self; 3] = [Self::Prints, Self::Fin, Self::PrintsAndFin];

    /// None where there is nothing to ask by.
    pub const fn of(has_prints: bool, has_fin: bool) -> Option<Self> {
        match (has_prints, has_fin) {
            (true, true) => Some(Self::PrintsAndFin),
            (true, false) => Some(Self::Prints),
            (false, true) => Some(Self::Fin),
            (false, false) => None,
        }
    }

    pub const fn key(self) -> &'static str {
        match self {
            Self::Prints => "prints",
            Self::Fin => "fin",
            Self::PrintsAndFin => "prints_and_fin",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|asked_by| asked_by.key() == key)
    }

    pub const fn has_prints(self) -> bool {
        matches!(self, Self::Prints | Self::PrintsAndFin)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationState {
    /// IDENT is being asked.
    Asked,
    /// IDENT knew the fingerprints, or the FIN, before.
    Matched,
    NotMatched,
    /// IDENT gave no answer, or none that could be used.
    Unanswered,
}

impl VerificationState {
    pub const ALL: [Self; 4] = [Self::Asked, Self::Matched, Self::NotMatched, Self::Unanswered];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Matched => "matched",
            Self::NotMatched => "not_matched",
            Self::Unanswered => "unanswered",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// What a FIN that IDENT tells means for a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinStanding {
    /// The profile has it.
    Known,
    /// The profile has none.
    New,
    /// The profile has another one: these are two people, or one whom IDENT has twice. People settle it.
    Other,
}

impl FinStanding {
    pub fn of(fin: &Fin, sheet: &Sheet) -> Self {
        let mut is_any_known = false;
        for known in sheet.current() {
            let Fact::Fin(known) = &known.fact else { continue };
            if known == fin {
                return Self::Known;
            }
            is_any_known = true;
        }
        if is_any_known { Self::Other } else { Self::New }
    }
}

/// The facts to be looked at beside what IDENT tells of an element.
pub const fn beside(element: Element) -> Option<FactKind> {
    match element {
        Element::FullName | Element::Alias => Some(FactKind::Name),
        Element::BirthDate => Some(FactKind::BirthDate),
        Element::BirthCountry => Some(FactKind::BirthCountry),
        Element::Gender => Some(FactKind::Gender),
        Element::Race => Some(FactKind::Race),
        Element::Citizenship => Some(FactKind::Citizenship),
        Element::ANumber => Some(FactKind::ANumber),
        Element::Fin => Some(FactKind::Fin),
        Element::Eid => Some(FactKind::Encounter),
        Element::ImmigrationStatus => Some(FactKind::ImmigrationStatus),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::profile::{KnownFact, Origin};

    #[test]
    fn keys_are_read_back() {
        for enrolment in Enrolment::ALL {
            assert_eq!(Enrolment::from_key(enrolment.key()), Some(enrolment));
        }
        for asked_by in AskedBy::ALL {
            assert_eq!(AskedBy::from_key(asked_by.key()), Some(asked_by));
        }
        for state in VerificationState::ALL {
            assert_eq!(VerificationState::from_key(state.key()), Some(state));
        }
    }

    #[test]
    fn nobody_is_enrolled_by_a_photograph() {
        let of = |elements: &[Element]| Enrolment::of(&elements.iter().copied().collect());
        assert_eq!(of(&[Element::Fingerprints]), Enrolment::Allowed);
        assert_eq!(of(&[Element::Fingerprints, Element::Photograph]), Enrolment::Allowed);
        assert_eq!(of(&[Element::Photograph]), Enrolment::SearchOnly);
        assert_eq!(of(&[]), Enrolment::SearchOnly);
    }

    #[test]
    fn ident_is_asked_by_prints_by_a_fin_or_by_both() {
        let asked_by = [(true, true), (true, false), (false, true), (false, false)].map(|(prints, fin)| AskedBy::of(prints, fin));
        assert_eq!(asked_by, [Some(AskedBy::PrintsAndFin), Some(AskedBy::Prints), Some(AskedBy::Fin), None]);
        assert_eq!(AskedBy::ALL.map(AskedBy::has_prints), [true, false, true]);
    }

    #[test]
    fn a_fin_is_known_new_or_another_ones() {
        let at: chrono::DateTime<chrono::Utc> = "2026-03-10T15:00:00Z".parse().unwrap();
        let known = |kind: FactKind, text: &str, has_ended: bool| KnownFact {
            id: Uuid::nil(),
            fact: Fact::parse(kind, &[text], at.date_naive()).unwrap(),
            origin: Origin::Verification(Uuid::nil()),
            recorded_at: at,
            ended_at: has_ended.then_some(at),
            ended_by: None,
        };
        let fin = Fin::parse("7000001").unwrap();
        let standing = |facts| FinStanding::of(&fin, &Sheet::new(facts));
        assert_eq!(standing(vec![known(FactKind::ANumber, "A900000001", false)]), FinStanding::New);
        assert_eq!(standing(vec![known(FactKind::Fin, "7000001", true)]), FinStanding::New, "it holds no longer");
        assert_eq!(standing(vec![known(FactKind::Fin, "7000002", false)]), FinStanding::Other);
        let both = vec![known(FactKind::Fin, "7000002", false), known(FactKind::Fin, "7000001", false)];
        assert_eq!(standing(both), FinStanding::Known);
    }

    #[test]
    fn every_fact_that_ident_can_tell_has_ours_beside_it() {
        for kind in FactKind::ALL {
            let is_told = Element::ALL.into_iter().any(|element| beside(element) == Some(kind));
            // IDENT is not asked for these: no element can name them.
            assert_eq!(is_told, !matches!(kind, FactKind::Ssn | FactKind::PersecutionCountry), "{kind:?}");
        }
    }
}
