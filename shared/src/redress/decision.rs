//! What is decided on a request.

use std::collections::BTreeSet;
use std::fmt;

use uuid::Uuid;

use super::{Basis, Exemption, Part, RedressKind};

/// Letters of a reason.
pub const LONGEST_REASON: usize = 2_000;

/// How a request ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Granted,
    GrantedInPart,
    Refused,
    /// Nothing is held of the person; nothing was disclosed to anybody.
    NoRecords,
}

impl Outcome {
    pub const ALL: [Self; 4] = [Self::Granted, Self::GrantedInPart, Self::Refused, Self::NoRecords];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::GrantedInPart => "granted_in_part",
            Self::Refused => "refused",
            Self::NoRecords => "no_records",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Granted => "Granted",
            Self::GrantedInPart => "Granted in part",
            Self::Refused => "Refused",
            Self::NoRecords => "No records",
        }
    }

    /// Can it be appealed? A person who did not get all they asked for is told how.
    pub const fn is_adverse(self) -> bool {
        !matches!(self, Self::Granted)
    }
}

/// What an officer proposes.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Proposal {
    /// Of an amendment or an accounting. Of access it follows from the parts.
    pub outcome: Option<Outcome>,
    /// The parts that the person gets.
    pub given: BTreeSet<Part>,
    pub exemptions: BTreeSet<Exemption>,
    /// The correction of the profile that an amendment comes to.
    pub correction: Option<Uuid>,
    pub reason: String,
}

/// What is decided.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    pub outcome: Outcome,
    pub given: BTreeSet<Part>,
    pub exemptions: BTreeSet<Exemption>,
    pub correction: Option<Uuid>,
    /// As the letter says it. Empty for what is granted whole.
    pub reason: String,
}

/// Reasons say something of a person.
impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proposal").field("outcome", &self.outcome).field("given", &self.given).finish_non_exhaustive()
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision").field("outcome", &self.outcome).field("given", &self.given).finish_non_exhaustive()
    }
}

/// Why something cannot be decided so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionFault {
    /// A part is given of which nothing was found.
    NotFound,
    NoOutcome,
    /// Something is held, and the decision says that nothing is.
    RecordsFound,
    /// Something is kept back on no ground.
    NoExemption,
    /// A ground of another law than the one by which was asked.
    WrongLaw(Exemption),
    /// Nothing is kept back.
    NeedlessExemption,
    NoCorrection,
    /// A refusal corrects nothing.
    NeedlessCorrection,
    NoReason,
}

impl DecisionFault {
    /// What to do about it.
    pub fn advice(self) -> String {
        match self {
            Self::NotFound => {
                "What is given: nothing was found of one of these parts. Look at what was found once more.".to_owned()
            }
            Self::NoOutcome => "Decision: choose one.".to_owned(),
            Self::RecordsFound => "Decision: there are records. Grant the request, or refuse it.".to_owned(),
            Self::NoExemption => "On what it is kept back: tick at least one.".to_owned(),
            Self::WrongLaw(exemption) => {
                format!("On what it is kept back: {} is no ground of the law by which was asked.", exemption.citation())
            }
            Self::NeedlessExemption => "On what it is kept back: nothing is. Take the ticks away.".to_owned(),
            Self::NoCorrection => "Correction: propose it on the profile first, then choose it here.".to_owned(),
            Self::NeedlessCorrection => "Correction: leave it empty, since nothing is corrected.".to_owned(),
            Self::NoReason => format!("Why: say it as the person is to read it, in at most {LONGEST_REASON} letters."),
        }
    }
}

impl Decision {
    /// What a proposal comes to, of a request of which these parts were found.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn of(kind: RedressKind, basis: Basis, found: &BTreeSet<Part>, proposal: Proposal) -> Result<Self, Vec<DecisionFault>> {
        // As forms send ends of lines, and as letters set them.
        let reason = proposal.reason.trim().replace("\r\n", "\n");
        let Some(outcome) = outcome(kind, found, &proposal) else { return Err(vec![DecisionFault::NoOutcome]) };
        let is_access = kind == RedressKind::Access;
        let keeps_back = is_access && matches!(outcome, Outcome::GrantedInPart | Outcome::Refused);
        let corrects = kind == RedressKind::Amendment && matches!(outcome, Outcome::Granted | Outcome::GrantedInPart);
        let mut faults: Vec<DecisionFault> = [
            (is_access && !proposal.given.is_subset(found), DecisionFault::NotFound),
            (outcome == Outcome::NoRecords && kind != RedressKind::Accounting && !found.is_empty(), DecisionFault::RecordsFound),
            (keeps_back && proposal.exemptions.is_empty(), DecisionFault::NoExemption),
            (!keeps_back && !proposal.exemptions.is_empty(), DecisionFault::NeedlessExemption),
            (corrects && proposal.correction.is_none(), DecisionFault::NoCorrection),
            (!corrects && proposal.correction.is_some(), DecisionFault::NeedlessCorrection),
            ((outcome.is_adverse() && reason.is_empty()) || reason.chars().count() > LONGEST_REASON, DecisionFault::NoReason),
        ]
        .into_iter()
        .filter(|(is_so, _)| *is_so)
        .map(|(_, fault)| fault)
        .collect();
        faults.extend(proposal.exemptions.iter().filter(|one| !one.is_of(basis)).map(|one| DecisionFault::WrongLaw(*one)));
        if !faults.is_empty() {
            return Err(faults);
        }
        let given = if is_access { proposal.given } else { BTreeSet::new() };
        Ok(Self { outcome, given, exemptions: proposal.exemptions, correction: proposal.correction, reason })
    }

    /// Has a second person to agree? To whatever the person does not get, and to what others have a say in.
    pub fn needs_two(&self) -> bool {
        self.outcome.is_adverse() || self.given.iter().any(|part| part.is_guarded())
    }
}

/// Access is granted as far as its parts are given. The others are what the officer says.
fn outcome(kind: RedressKind, found: &BTreeSet<Part>, proposal: &Proposal) -> Option<Outcome> {
    match kind {
        RedressKind::Access if found.is_empty() => Some(Outcome::NoRecords),
        RedressKind::Access if proposal.given.is_empty() => Some(Outcome::Refused),
        RedressKind::Access if proposal.given.is_superset(found) => Some(Outcome::Granted),
        RedressKind::Access => Some(Outcome::GrantedInPart),
        RedressKind::Amendment | RedressKind::Accounting => proposal.outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found() -> BTreeSet<Part> {
        BTreeSet::from([Part::Identity, Part::Cases, Part::Encounters])
    }

    fn access(given: &[Part], exemptions: &[Exemption], reason: &str) -> Result<Decision, Vec<DecisionFault>> {
        let (given, exemptions) = (given.iter().copied().collect(), exemptions.iter().copied().collect());
        let proposal = Proposal { given, exemptions, reason: reason.into(), ..Proposal::default() };
        Decision::of(RedressKind::Access, Basis::PrivacyAct, &found(), proposal)
    }

    #[test]
    fn what_is_given_says_how_access_ends() {
        let all = [Part::Identity, Part::Cases, Part::Encounters];
        let whole = access(&all, &[], "").unwrap();
        assert_eq!((whole.outcome, whole.needs_two()), (Outcome::Granted, true), "encounters are guarded");
        let part = access(&all[..2], &[Exemption::Investigation], "It is an investigation's.").unwrap();
        assert_eq!((part.outcome, part.needs_two()), (Outcome::GrantedInPart, true));
        assert!(!format!("{part:?}").contains("investigation"), "{part:?}");
        let none = access(&[], &[Exemption::CriminalLaw], "All of it is.").unwrap();
        assert_eq!((none.outcome, none.needs_two()), (Outcome::Refused, true));
        let nobody = Proposal { reason: "Nothing was found.".into(), ..Proposal::default() };
        let nobody = Decision::of(RedressKind::Access, Basis::Foia, &BTreeSet::new(), nobody).unwrap();
        assert_eq!((nobody.outcome, nobody.needs_two()), (Outcome::NoRecords, true));
        let open = BTreeSet::from([Part::Identity]);
        let proposal = Proposal { given: open.clone(), ..Proposal::default() };
        assert!(!Decision::of(RedressKind::Access, Basis::Foia, &open, proposal).unwrap().needs_two());
    }

    #[test]
    fn nothing_is_kept_back_without_a_ground_of_its_law_and_a_reason() {
        assert_eq!(access(&[Part::Identity], &[], "").unwrap_err(), [DecisionFault::NoExemption, DecisionFault::NoReason]);
        assert_eq!(
            access(&[Part::Identity], &[Exemption::FoiaPrivacy], "So it is.").unwrap_err(),
            [DecisionFault::WrongLaw(Exemption::FoiaPrivacy)]
        );
        let all = [Part::Identity, Part::Cases, Part::Encounters];
        assert_eq!(access(&all, &[Exemption::Investigation], "").unwrap_err(), [DecisionFault::NeedlessExemption]);
        assert_eq!(access(&[Part::Requests], &[Exemption::Investigation], "x").unwrap_err(), [DecisionFault::NotFound]);
        let long = "x".repeat(LONGEST_REASON + 1);
        assert_eq!(access(&[], &[Exemption::Investigation], &long).unwrap_err(), [DecisionFault::NoReason]);
    }

    #[test]
    fn who_was_told_can_be_nobody_though_there_are_records() {
        let proposal = Proposal { outcome: Some(Outcome::NoRecords), reason: "Nobody was.".into(), ..Proposal::default() };
        let nobody = Decision::of(RedressKind::Accounting, Basis::PrivacyAct, &found(), proposal).unwrap();
        assert_eq!((nobody.outcome, nobody.given.len()), (Outcome::NoRecords, 0));
    }

    #[test]
    fn an_amendment_is_granted_by_a_correction() {
        let amend = |outcome: Option<Outcome>, correction: Option<Uuid>, reason: &str| {
            let proposal = Proposal { outcome, correction, reason: reason.into(), ..Proposal::default() };
            Decision::of(RedressKind::Amendment, Basis::PrivacyAct, &found(), proposal)
        };
        let correction = Some(Uuid::from_u128(1));
        let granted = amend(Some(Outcome::Granted), correction, "").unwrap();
        assert!(!granted.needs_two(), "a second person agrees to the correction itself");
        assert_eq!(amend(Some(Outcome::Granted), None, "").unwrap_err(), [DecisionFault::NoCorrection]);
        assert_eq!(amend(Some(Outcome::Refused), correction, "No.").unwrap_err(), [DecisionFault::NeedlessCorrection]);
        assert!(amend(Some(Outcome::Refused), None, "The certificate says otherwise.").unwrap().needs_two());
        assert_eq!(amend(Some(Outcome::NoRecords), None, "x").unwrap_err(), [DecisionFault::RecordsFound]);
        assert_eq!(amend(None, None, "").unwrap_err(), [DecisionFault::NoOutcome]);
    }

    proptest! {
        /// Whatever is proposed: one person alone gives only what nobody else has a say in, and gives all of it.
        #[test]
        fn one_person_alone_keeps_nothing_back(
            found in prop::sample::subsequence(Part::ALL.to_vec(), 0..=6),
            given in prop::sample::subsequence(Part::ALL.to_vec(), 0..=6),
            exemptions in prop::sample::subsequence(Exemption::ALL.to_vec(), 0..=3),
            basis in prop::sample::select(Basis::ALL.to_vec()),
            reason in "[a-z]{0,4}",
        ) {
            let found: BTreeSet<Part> = found.into_iter().collect();
            let (given, exemptions) = (given.into_iter().collect(), exemptions.into_iter().collect());
            let proposal = Proposal { given, exemptions, reason, ..Proposal::default() };
            if let Ok(decision) = Decision::of(RedressKind::Access, basis, &found, proposal) {
                prop_assert!(decision.given.is_subset(&found));
                if !decision.needs_two() {
                    prop_assert_eq!(&decision.given, &found);
                    prop_assert!(!decision.given.iter().any(|part| part.is_guarded()));
                }
                prop_assert_eq!(decision.outcome.is_adverse(), decision.given != found || found.is_empty());
            }
        }
    }
}
