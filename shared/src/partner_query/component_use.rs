//! What other components of the department may use of a partner's answers. Partner data is sequestered: nothing of it is used
//! elsewhere unless somebody approved it, for all answers of a kind or for one.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::agreement::{Element, Partner, Purpose};

/// A component of the department that is not the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Customs and Border Protection.
    Cbp,
    /// Immigration and Customs Enforcement.
    Ice,
}

/// The number of an approval, as the audit log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApprovalId(Uuid);

/// Of what an approval lets something be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Of every answer of the partner, for a time.
    Standing,
    /// Of the answers to one query.
    Single { query: Uuid },
}

/// That a component may use some elements of a partner's answers, for some purposes, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    id: ApprovalId,
    component: Component,
    partner: Partner,
    reach: Reach,
    purposes: BTreeSet<Purpose>,
    elements: BTreeSet<Element>,
    from: NaiveDate,
    /// The first day on which it holds no longer.
    to: NaiveDate,
}

/// What an approval says, to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub component: Component,
    pub partner: Partner,
    pub reach: Reach,
    /// Among those for which the agreement lets it be used: the caller looks.
    pub purposes: BTreeSet<Purpose>,
    pub elements: BTreeSet<Element>,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Why something is no approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApprovalError {
    #[error("an approval names a purpose")]
    NoPurpose,
    #[error("an approval names what may be used")]
    NoElement,
    #[error("an approval ends after it begins")]
    Ends,
    /// A year is ours: somebody looks again whether it is still needed.
    #[error("an approval holds for a year at most; renew it")]
    TooLong,
}

/// What a component is about to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub component: Component,
    pub partner: Partner,
    pub query: Uuid,
    pub purpose: Purpose,
    pub element: Element,
    /// Did the partner set a condition? Somebody has to have read it: a standing approval is none for this answer.
    pub has_caveat: bool,
    pub on: NaiveDate,
}

impl Component {
    pub const ALL: [Self; 2] = [Self::Cbp, Self::Ice];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Cbp => "cbp",
            Self::Ice => "ice",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|component| component.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Cbp => "Customs and Border Protection",
            Self::Ice => "Immigration and Customs Enforcement",
        }
    }
}

impl ApprovalId {
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl Approval {
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn new(id: ApprovalId, draft: Draft) -> Result<Self, Vec<ApprovalError>> {
        let Draft { component, partner, reach, purposes, elements, from, to } = draft;
        let mut wrong = Vec::new();
        wrong.extend(purposes.is_empty().then_some(ApprovalError::NoPurpose));
        wrong.extend(elements.is_empty().then_some(ApprovalError::NoElement));
        wrong.extend((to <= from).then_some(ApprovalError::Ends));
        let is_too_long = from.checked_add_months(Months::new(12)).is_none_or(|latest| to > latest);
        wrong.extend(is_too_long.then_some(ApprovalError::TooLong));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Self { id, component, partner, reach, purposes, elements, from, to })
    }

    /// Ends it before its time: the rest of what it says stays, for what was used under it.
    #[must_use]
    pub fn ended(self, on: NaiveDate) -> Self {
        Self { to: self.to.min(on), ..self }
    }

    pub const fn id(&self) -> ApprovalId {
        self.id
    }

    fn lets(&self, wanted: &Use) -> bool {
        let reaches = match self.reach {
            Reach::Standing => !wanted.has_caveat,
            Reach::Single { query } => query == wanted.query,
        };
        reaches
            && self.component == wanted.component
            && self.partner == wanted.partner
            && self.purposes.contains(&wanted.purpose)
            && self.elements.contains(&wanted.element)
            && self.from <= wanted.on
            && wanted.on < self.to
    }
}

/// The approval under which a component may use something; none if there is none.
pub fn may_use(wanted: &Use, approvals: &[Approval]) -> Option<ApprovalId> {
    approvals.iter().find(|approval| approval.lets(wanted)).map(Approval::id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn draft(reach: Reach) -> Draft {
        Draft {
            component: Component::Cbp,
            partner: Partner::Canada,
            reach,
            purposes: [Purpose::TravelOrStay].into(),
            elements: [Element::FullName, Element::ImmigrationStatus].into(),
            from: day("2026-01-01"),
            to: day("2026-07-01"),
        }
    }

    fn approval(number: u128, reach: Reach) -> Approval {
        Approval::new(ApprovalId::new(Uuid::from_u128(number)), draft(reach)).unwrap()
    }

    fn wanted() -> Use {
        Use {
            component: Component::Cbp,
            partner: Partner::Canada,
            query: Uuid::from_u128(77),
            purpose: Purpose::TravelOrStay,
            element: Element::FullName,
            has_caveat: false,
            on: day("2026-03-01"),
        }
    }

    fn number(found: Option<ApprovalId>) -> Option<u128> {
        found.map(|id| id.uuid().as_u128())
    }

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for component in Component::ALL {
            assert_eq!(Component::from_key(component.key()), Some(component));
            assert_eq!(serde_json::to_value(component).unwrap(), component.key());
        }
    }

    #[test]
    fn nothing_is_used_without_an_approval_that_says_all_of_it() {
        let approvals = [approval(1, Reach::Standing)];
        assert_eq!(number(may_use(&wanted(), &approvals)), Some(1));
        assert_eq!(may_use(&wanted(), &[]), None);
        for other in [
            Use { component: Component::Ice, ..wanted() },
            Use { partner: Partner::Australia, ..wanted() },
            Use { purpose: Purpose::RefugeeClaim, ..wanted() },
            Use { element: Element::Photograph, ..wanted() },
            Use { on: day("2025-12-31"), ..wanted() },
            Use { on: day("2026-07-01"), ..wanted() },
            Use { has_caveat: true, ..wanted() },
        ] {
            assert_eq!(may_use(&other, &approvals), None, "{other:?}");
        }
    }

    #[test]
    fn a_single_approval_is_for_one_query_whatever_its_conditions() {
        let approvals = [approval(1, Reach::Standing), approval(2, Reach::Single { query: Uuid::from_u128(77) })];
        let bound = Use { has_caveat: true, ..wanted() };
        assert_eq!(number(may_use(&bound, &approvals)), Some(2));
        assert_eq!(may_use(&Use { query: Uuid::from_u128(78), ..bound }, &approvals), None);
    }

    #[test]
    fn an_approval_that_was_ended_holds_no_longer() {
        let ended = [approval(1, Reach::Standing).ended(day("2026-03-01"))];
        assert_eq!(may_use(&wanted(), &ended), None);
        assert_eq!(number(may_use(&Use { on: day("2026-02-28"), ..wanted() }, &ended)), Some(1));
        assert_eq!(approval(1, Reach::Standing).ended(day("2027-01-01")), approval(1, Reach::Standing), "it is not made longer");
    }

    #[test]
    fn what_is_wrong_with_an_approval_is_said_at_once() {
        let none = Draft { purposes: [].into(), elements: [].into(), to: day("2026-01-01"), ..draft(Reach::Standing) };
        let id = ApprovalId::new(Uuid::nil());
        assert_eq!(Approval::new(id, none), Err(vec![ApprovalError::NoPurpose, ApprovalError::NoElement, ApprovalError::Ends]));
        let until = |to: &str| Approval::new(id, Draft { to: day(to), ..draft(Reach::Standing) });
        assert!(until("2027-01-01").is_ok());
        assert_eq!(until("2027-01-02"), Err(vec![ApprovalError::TooLong]));
    }

    proptest! {
        #[test]
        fn more_time_and_more_approvals_never_take_one_away(days in 0_u64..400, more in 0_u128..3) {
            let one = Use { on: day("2025-12-01") + chrono::Days::new(days), ..wanted() };
            let mut approvals = vec![approval(1, Reach::Standing)];
            let before = may_use(&one, &approvals);
            approvals.extend((0..more).map(|number| approval(number + 2, Reach::Single { query: Uuid::from_u128(number) })));
            prop_assert!(before.is_none() || may_use(&one, &approvals).is_some());
        }
    }
}
