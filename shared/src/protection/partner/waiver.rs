//! Waivers: what lifts the bar of a class towards partners.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::super::Class;
use crate::agreement::Partner;

/// The number of a waiver, as decisions and disclosures name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WaiverId(Uuid);

impl WaiverId {
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

/// On what a waiver rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiverKind {
    /// The person's own, in writing, given as an adult (8 USC 1367(b)(4), 8 CFR 208.6(a)). It is about that person alone: the caller
    /// looks the waivers of a person up.
    Consent,
    /// The Secretary's, under 8 CFR 208.6: asylum and refugees, and no other class.
    SecretaryMemorandum,
    /// An exception of the statute that protects.
    Statute,
}

impl WaiverKind {
    pub const ALL: [Self; 3] = [Self::Consent, Self::SecretaryMemorandum, Self::Statute];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::SecretaryMemorandum => "secretary_memorandum",
            Self::Statute => "statute",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Consent => "Consent of the person",
            Self::SecretaryMemorandum => "Memorandum of the Secretary",
            Self::Statute => "Exception of the statute",
        }
    }

    /// Can a waiver of this kind reach a class at all?
    ///
    /// The Secretary can authorize under 8 CFR 208.6, which is the Secretary's own rule, and not under a statute: a memorandum
    /// never lifts 8 USC 1367.
    pub const fn reaches(self, class: Class) -> bool {
        match self {
            Self::Consent | Self::Statute => true,
            Self::SecretaryMemorandum => matches!(class, Class::Asylum | Class::Refugee),
        }
    }
}

/// That something may be told to some partners about people of some classes, for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    id: WaiverId,
    kind: WaiverKind,
    classes: BTreeSet<Class>,
    partners: BTreeSet<Partner>,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

/// Why something is no waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WaiverError {
    #[error("a waiver names a class")]
    NoClass,
    #[error("a waiver names a partner")]
    NoPartner,
    #[error("a waiver ends after it begins")]
    Ends,
    #[error("a memorandum of the Secretary lifts 8 CFR 208.6 (asylum, refugee) and never {}", .0.name())]
    BeyondMemorandum(Class),
}

impl Waiver {
    /// A waiver from its first day until `to`, the first day on which it holds no longer.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn new(
        id: WaiverId,
        kind: WaiverKind,
        classes: BTreeSet<Class>,
        partners: BTreeSet<Partner>,
        from: NaiveDate,
        to: Option<NaiveDate>,
    ) -> Result<Self, Vec<WaiverError>> {
        let mut wrong = Vec::new();
        wrong.extend(classes.is_empty().then_some(WaiverError::NoClass));
        wrong.extend(partners.is_empty().then_some(WaiverError::NoPartner));
        wrong.extend(to.is_some_and(|end| end <= from).then_some(WaiverError::Ends));
        wrong.extend(classes.iter().copied().filter(|class| !kind.reaches(*class)).map(WaiverError::BeyondMemorandum));
        if wrong.is_empty() { Ok(Self { id, kind, classes, partners, from, to }) } else { Err(wrong) }
    }

    pub const fn id(&self) -> WaiverId {
        self.id
    }

    pub const fn kind(&self) -> WaiverKind {
        self.kind
    }

    pub const fn classes(&self) -> &BTreeSet<Class> {
        &self.classes
    }

    pub const fn partners(&self) -> &BTreeSet<Partner> {
        &self.partners
    }

    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    pub const fn to(&self) -> Option<NaiveDate> {
        self.to
    }

    /// Does it stand against the bar of a class towards a partner on a day?
    ///
    /// What [`Waiver::new`] refuses is looked at again: a waiver that came from elsewhere must not lift 8 USC 1367 either.
    pub fn lifts(&self, class: Class, partner: Partner, on: NaiveDate) -> bool {
        self.kind.reaches(class)
            && self.classes.contains(&class)
            && self.partners.contains(&partner)
            && self.from <= on
            && self.to.is_none_or(|end| on < end)
    }
}

#[cfg(test)]
impl Waiver {
    /// A waiver that nobody could have made.
    pub(super) fn forged(mut self, classes: &[Class]) -> Self {
        self.classes = classes.iter().copied().collect();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::WaiverKind::{Consent, SecretaryMemorandum, Statute};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn made(kind: WaiverKind, classes: &[Class], partners: &[Partner], to: Option<&str>) -> Result<Waiver, Vec<WaiverError>> {
        let (classes, partners) = (classes.iter().copied().collect(), partners.iter().copied().collect());
        Waiver::new(WaiverId::new(Uuid::from_u128(1)), kind, classes, partners, day("2010-03-05"), to.map(day))
    }

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for kind in WaiverKind::ALL {
            assert_eq!(WaiverKind::from_key(kind.key()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
            assert!(!kind.name().is_empty());
        }
    }

    #[test]
    fn a_memorandum_is_for_asylum_and_refugees_alone() {
        for class in Class::ALL {
            let is_its_rule = matches!(class, Class::Asylum | Class::Refugee);
            let refused = Err(vec![WaiverError::BeyondMemorandum(class)]);
            let memorandum = made(SecretaryMemorandum, &[class, Class::Asylum], &[Partner::Canada], None);
            assert_eq!(memorandum.is_ok(), is_its_rule, "{class:?}");
            assert!(is_its_rule || memorandum == refused, "{class:?}");
            for kind in [Consent, Statute] {
                assert!(made(kind, &[class], &[Partner::Canada], None).is_ok());
            }
            if class.is_of_section_1367() {
                assert!(memorandum.is_err());
            }
        }
        assert_eq!(
            WaiverError::BeyondMemorandum(Class::Vawa).to_string(),
            "a memorandum of the Secretary lifts 8 CFR 208.6 (asylum, refugee) and never VAWA"
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        assert_eq!(
            made(Consent, &[], &[], Some("2010-03-05")),
            Err(vec![WaiverError::NoClass, WaiverError::NoPartner, WaiverError::Ends])
        );
        assert!(made(Consent, &[Class::Tps], &[Partner::Canada], Some("2010-03-06")).is_ok());
    }

    #[test]
    fn it_lifts_its_classes_towards_its_partners_in_its_time() {
        let waiver = made(Consent, &[Class::Tps], &[Partner::Canada], Some("2012-01-01")).unwrap();
        let lifts = |class, partner, on: &str| waiver.lifts(class, partner, day(on));
        assert!(lifts(Class::Tps, Partner::Canada, "2010-03-05") && lifts(Class::Tps, Partner::Canada, "2011-12-31"));
        assert!(!lifts(Class::Tps, Partner::Canada, "2010-03-04") && !lifts(Class::Tps, Partner::Canada, "2012-01-01"));
        assert!(!lifts(Class::Asylum, Partner::Canada, "2011-01-01") && !lifts(Class::Tps, Partner::Australia, "2011-01-01"));
        let forged = made(SecretaryMemorandum, &[Class::Asylum], &[Partner::Canada], None).unwrap().forged(&[Class::Vawa]);
        assert!(!forged.lifts(Class::Vawa, Partner::Canada, day("2011-01-01")));
        assert_eq!((waiver.id().uuid(), waiver.kind()), (Uuid::from_u128(1), Consent));
        assert_eq!((waiver.from(), waiver.to()), (day("2010-03-05"), Some(day("2012-01-01"))));
        assert!(waiver.classes().contains(&Class::Tps) && waiver.partners().contains(&Partner::Canada));
    }
}
