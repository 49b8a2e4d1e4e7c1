//! What is known about a person, as one page shows it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Fact, FactKind};

/// Who stated a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A case, in the feed.
    Case(Uuid),
    /// A correction, agreed to by a second person.
    Correction(Uuid),
    /// IDENT, when it was asked who stands before an officer.
    Verification(Uuid),
}

/// A fact, with who stated it and until when it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFact {
    pub id: Uuid,
    pub fact: Fact,
    pub origin: Origin,
    pub recorded_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// The correction that ended it; none if the feed states it no longer.
    pub ended_by: Option<Uuid>,
}

/// All facts of a person, ended ones too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet(Vec<KnownFact>);

impl Sheet {
    /// Facts in the order in which they were recorded.
    pub const fn new(facts: Vec<KnownFact>) -> Self {
        Self(facts)
    }

    pub fn all(&self) -> &[KnownFact] {
        &self.0
    }

    /// What holds now.
    pub fn current(&self) -> impl Iterator<Item = &KnownFact> {
        self.0.iter().filter(|known| known.ended_at.is_none())
    }

    /// The different facts of a kind that hold now, each with all that state it: the newest first.
    pub fn of_kind(&self, kind: FactKind) -> Vec<Vec<&KnownFact>> {
        let mut groups: Vec<Vec<&KnownFact>> = Vec::new();
        for known in self.current().filter(|known| known.fact.kind() == kind) {
            match groups.iter_mut().find(|group| group.iter().any(|other| other.fact == known.fact)) {
                Some(group) => group.insert(0, known),
                None => groups.insert(0, vec![known]),
            }
        }
        groups
    }

    /// Kinds of which a person has one, and here are several.
    pub fn disagreements(&self) -> Vec<FactKind> {
        FactKind::ALL.into_iter().filter(|kind| kind.is_single() && self.of_kind(*kind).len() > 1).collect()
    }

    /// The name to head a page with: the legal one that was stated last.
    pub fn name(&self) -> Option<&crate::case_feed::PersonName> {
        let names = || {
            self.current().filter_map(|known| if let Fact::Name { kind, name } = &known.fact { Some((kind, name)) } else { None })
        };
        names().filter(|(kind, _)| **kind == super::NameKind::Legal).last().or_else(|| names().last()).map(|(_, name)| name)
    }

    /// Every day on which the person may have been born.
    pub fn birth_dates(&self) -> Vec<NaiveDate> {
        let day = |group: Vec<&KnownFact>| match group.first()?.fact {
            Fact::BirthDate(day) => Some(day),
            _ => None,
        };
        self.of_kind(FactKind::BirthDate).into_iter().filter_map(day).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(id: u128, kind: FactKind, texts: &[&str], ended: bool) -> KnownFact {
        let at: DateTime<Utc> = "2026-03-10T15:00:00Z".parse().unwrap();
        KnownFact {
            id: Uuid::from_u128(id),
            fact: Fact::parse(kind, texts, at.date_naive()).unwrap(),
            origin: Origin::Case(Uuid::from_u128(id % 2)),
            recorded_at: at,
            ended_at: ended.then_some(at),
            ended_by: None,
        }
    }

    #[test]
    fn equal_facts_of_two_cases_stand_once_and_ended_ones_not_at_all() {
        let sheet = Sheet::new(vec![
            known(1, FactKind::BirthDate, &["1990-02-03"], false),
            known(2, FactKind::BirthDate, &["1990-02-03"], false),
            known(3, FactKind::BirthDate, &["1990-03-02"], true),
        ]);
        let groups = sheet.of_kind(FactKind::BirthDate);
        let ids: Vec<Vec<u128>> = groups.iter().map(|group| group.iter().map(|known| known.id.as_u128()).collect()).collect();
        assert_eq!(ids, [[2, 1]]);
        assert!(sheet.disagreements().is_empty());
    }

    #[test]
    fn two_birth_dates_disagree_and_two_citizenships_do_not() {
        let sheet = Sheet::new(vec![
            known(1, FactKind::BirthDate, &["1990-02-03"], false),
            known(2, FactKind::BirthDate, &["1990-03-02"], false),
            known(3, FactKind::Citizenship, &["MEX"], false),
            known(4, FactKind::Citizenship, &["CUB"], false),
        ]);
        assert_eq!(sheet.disagreements(), [FactKind::BirthDate]);
        assert_eq!(sheet.birth_dates().len(), 2);
    }

    #[test]
    fn a_page_is_headed_by_the_newest_legal_name() {
        let sheet = Sheet::new(vec![
            known(1, FactKind::Name, &["legal", "Ejemplo"], false),
            known(2, FactKind::Name, &["legal", "Muestra"], false),
            known(3, FactKind::Name, &["alias", "Otra"], false),
        ]);
        assert_eq!(sheet.name().unwrap().family, "Muestra");
        let only_alias = Sheet::new(vec![known(3, FactKind::Name, &["alias", "Otra"], false)]);
        assert_eq!(only_alias.name().unwrap().family, "Otra");
        assert!(Sheet::default().name().is_none());
    }
}
