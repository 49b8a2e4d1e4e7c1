//! A correction: facts that end, facts that are added, profiles that are put together or taken apart. One person proposes it,
//! another agrees.

use uuid::Uuid;

use super::{Fact, KnownBiometric, Sheet};

/// One change of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A fact holds no longer, with all equal ones of other cases, and the feed does not bring it back; or a biometric record is not
    /// to be used any more.
    End(Uuid),
    Add(Fact),
    /// Another profile is of the same person.
    Merge(Uuid),
    /// A profile that was merged into this one is of somebody else.
    Split(Uuid),
}

impl Change {
    pub const fn key(&self) -> &'static str {
        match self {
            Self::End(_) => "end",
            Self::Add(_) => "add",
            Self::Merge(_) => "merge",
            Self::Split(_) => "split",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionState {
    Proposed,
    Agreed,
    Refused,
    /// By who proposed it.
    Withdrawn,
}

impl CorrectionState {
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Agreed, Self::Refused, Self::Withdrawn];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "Waits for a second person",
            Self::Agreed => "Made",
            Self::Refused => "Refused",
            Self::Withdrawn => "Withdrawn",
        }
    }
}

/// Why a change cannot be made to a profile as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeFault {
    /// The fact or the record is not there any more.
    NotThere,
    /// The same fact holds already.
    AlreadyThere,
    /// A profile is not merged into itself.
    ItsOwn,
    /// Merged already.
    AlreadyMerged,
    /// Not one of those that were merged into this one.
    NotMerged,
}

impl ChangeFault {
    pub const fn advice(self) -> &'static str {
        match self {
            Self::NotThere => "This holds no longer. Look at the profile as it is now.",
            Self::AlreadyThere => "The profile says so already.",
            Self::ItsOwn => "This is the same profile. Type a number of the other one.",
            Self::AlreadyMerged => "The two are one profile already.",
            Self::NotMerged => "This profile is not part of the other any more.",
        }
    }
}

/// Can a change be made to a profile that consists of these `parts`, its own id first, and has these biometric `records`?
///
/// # Errors
/// Why not.
pub fn check(change: &Change, sheet: &Sheet, records: &[KnownBiometric], parts: &[Uuid]) -> Result<(), ChangeFault> {
    let refuse = |is_so: bool, fault: ChangeFault| if is_so { Err(fault) } else { Ok(()) };
    let is_record = |id: &Uuid| records.iter().any(|record| record.id == *id && record.is_current());
    match change {
        Change::End(id) => refuse(!sheet.current().any(|known| known.id == *id) && !is_record(id), ChangeFault::NotThere),
        Change::Add(fact) => refuse(sheet.current().any(|known| known.fact == *fact), ChangeFault::AlreadyThere),
        Change::Merge(other) if parts.first() == Some(other) => Err(ChangeFault::ItsOwn),
        Change::Merge(other) => refuse(parts.contains(other), ChangeFault::AlreadyMerged),
        Change::Split(part) => refuse(parts.first() == Some(part) || !parts.contains(part), ChangeFault::NotMerged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Biometric, BiometricKind, CapturedAt, FactKind, KnownFact, Origin, Position};

    #[test]
    fn changes_fit_the_profile_as_it_stands() {
        let at: chrono::DateTime<chrono::Utc> = "2026-03-10T15:00:00Z".parse().unwrap();
        let fact = |code: &str| Fact::parse(FactKind::Citizenship, &[code], at.date_naive()).unwrap();
        let known = |id: u128, code: &str, ended: bool| KnownFact {
            id: Uuid::from_u128(id),
            fact: fact(code),
            origin: Origin::Case(Uuid::nil()),
            recorded_at: at,
            ended_at: ended.then_some(at),
            ended_by: None,
        };
        let sheet = Sheet::new(vec![known(1, "MEX", false), known(2, "CUB", true)]);
        let record = |id: u128, ended: bool| KnownBiometric {
            id: Uuid::from_u128(id),
            biometric: Biometric {
                kind: BiometricKind::Photograph,
                position: Position::Front,
                captured_at: CapturedAt::Upload,
                captured_on: at.date_naive(),
                quality: None,
            },
            bytes: 7,
            added_by: Uuid::nil(),
            recorded_at: at,
            ended: ended.then_some((at, Uuid::nil())),
        };
        let records = [record(3, false), record(4, true)];
        let [own, part, other] = [10, 11, 12].map(Uuid::from_u128);
        let parts = [own, part];
        let check = |change: Change| check(&change, &sheet, &records, &parts);
        assert_eq!(check(Change::End(Uuid::from_u128(1))), Ok(()));
        assert_eq!(check(Change::End(Uuid::from_u128(2))), Err(ChangeFault::NotThere));
        assert_eq!(check(Change::End(Uuid::from_u128(3))), Ok(()), "a photograph");
        assert_eq!(check(Change::End(Uuid::from_u128(4))), Err(ChangeFault::NotThere));
        assert_eq!(check(Change::Add(fact("CUB"))), Ok(()));
        assert_eq!(check(Change::Add(fact("MEX"))), Err(ChangeFault::AlreadyThere));
        assert_eq!(check(Change::Merge(other)), Ok(()));
        assert_eq!(check(Change::Merge(own)), Err(ChangeFault::ItsOwn));
        assert_eq!(check(Change::Merge(part)), Err(ChangeFault::AlreadyMerged));
        assert_eq!(check(Change::Split(part)), Ok(()));
        assert_eq!(check(Change::Split(own)), Err(ChangeFault::NotMerged));
        assert_eq!(check(Change::Split(other)), Err(ChangeFault::NotMerged));
    }
}
