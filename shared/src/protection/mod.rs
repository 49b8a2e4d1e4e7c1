//! Protection: what may be said about a case, and on which channel; what may be told about a person, to which partner country.
//!
//! One pure function, [`decide`], over data: markers of a case, the class table ([`classify`]) and the policy table
//! ([`POLICY`]). Whatever is not understood is hidden. From outside, a hidden case and one that does not exist must not be
//! told apart; whoever calls [`decide`] answers [`Outcome::Hide`] exactly as an unknown number.
//!
//! Towards partners there are the dimensions partner and purpose, waivers and more than one source: [`towards_partner`].
//!
//! Law: 8 USC 1367 (VAWA, T and U), 8 CFR 208.6 (asylum, refugee), 8 USC 1254a(c)(6) (TPS), 8 USC 1255a(c)(5) and
//! 1160(b)(6) (legalization). Sealed cases follow their court's order.

mod classes;
pub(crate) mod partner;
mod policy;

pub use classes::{Class, classify};
pub use partner::{
    AnsweredBefore, CisAnswer, Doubt, PARTNER_POLICY, PartnerPolicyRow, PartnerRule, Record, Telling, Towards, Waiver, WaiverError,
    WaiverId, WaiverKind, towards_partner,
};
pub use policy::{POLICY, POLICY_VERSION, PolicyRow};

use chrono::NaiveDate;

use crate::case_status::FormNumber;

/// Where something is about to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Pages of the portal: whoever has the receipt number.
    Public,
    /// JSON surfaces and other machines.
    Api,
    /// A call-centre agent, reading to a caller.
    Telephone,
    /// An officer at the console.
    Console,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Public, Self::Api, Self::Telephone, Self::Console];
}

/// What the policy says of a class on a channel. Ordered from the most open to the most closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Show,
    /// Not on this channel by itself: somebody with the right role decides.
    Refer,
    Hide,
}

/// A reason why a case may be protected. Markers are never deleted, only ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    pub evidence: Evidence,
    /// The day from which the evidence holds; used to read a class code as it was meant then.
    pub effective_from: Option<NaiveDate>,
    /// The first day on which it holds no longer (for 8 USC 1367: denied and all appeals exhausted).
    pub effective_to: Option<NaiveDate>,
}

/// What a marker rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A whole class-of-admission code, as in the person's record.
    ClassOfAdmission(String),
    /// A form that the person has filed. Every case carries one for its own form; class codes lag behind filings, so other
    /// pending forms of the person are sent as markers too.
    Form { form: FormNumber, category: Option<String> },
    /// A court's order.
    Sealed,
    /// A marker of a kind that this version does not know.
    Unreadable,
}

impl Marker {
    /// A start in the future protects from now on: the mistake of a day must not show a case.
    fn is_in_force(&self, today: NaiveDate) -> bool {
        self.effective_to.is_none_or(|end| today < end)
    }
}

/// Decides what may be said about a case on a channel: the most closed answer of all markers in force.
///
/// A case without any marker is hidden: each case carries at least the marker of its own form, so "none" means that
/// markers could not be read.
pub fn decide(markers: &[Marker], channel: Channel, today: NaiveDate) -> Outcome {
    if markers.is_empty() {
        return Outcome::Hide;
    }
    markers
        .iter()
        .filter(|marker| marker.is_in_force(today))
        .map(|marker| policy::outcome(classify(&marker.evidence, marker.effective_from.unwrap_or(today)), channel))
        .max()
        .unwrap_or(Outcome::Show)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn coa(code: &str) -> Marker {
        Marker { evidence: Evidence::ClassOfAdmission(code.into()), effective_from: None, effective_to: None }
    }

    fn form(number: &str, category: Option<&str>) -> Marker {
        let evidence = Evidence::Form { form: FormNumber::parse(number).unwrap(), category: category.map(Into::into) };
        Marker { evidence, effective_from: None, effective_to: None }
    }

    fn publicly(markers: &[Marker]) -> Outcome {
        decide(markers, Channel::Public, day("2026-01-15"))
    }

    #[test]
    fn section_1367_and_sealed_cases_are_hidden_in_public() {
        for code in ["384", "IB1", "B11", "Z14", "DAS", "T1", "T6", "ST6", "U1", "SU7", "SU0"] {
            assert_eq!(publicly(&[form("N-400", None), coa(code)]), Outcome::Hide, "{code}");
        }
        let sealed = Marker { evidence: Evidence::Sealed, effective_from: None, effective_to: None };
        assert_eq!(publicly(&[form("N-400", None), sealed]), Outcome::Hide);
    }

    #[test]
    fn asylum_refugee_tps_and_legalization_are_shown_to_the_holder_of_the_number() {
        for code in ["AS1", "AY", "RE2", "TPS", "S16", "SU2", "AY1", "NC6"] {
            assert_eq!(publicly(&[form("N-400", None), coa(code)]), Outcome::Show, "{code}");
        }
        assert_eq!(publicly(&[form("I-589", None)]), Outcome::Show);
    }

    /// Prefix rules would get every one of these wrong.
    #[test]
    fn codes_are_matched_whole() {
        for code in ["T1D", "T1M", "T21", "T51", "ST", "STC", "S1", "S2", "SU2", "U1M", "U2M", "B1", "B2", "AY1", "Z13"] {
            assert_eq!(publicly(&[coa(code)]), Outcome::Show, "{code}");
        }
    }

    #[test]
    fn what_is_not_understood_is_hidden() {
        assert_eq!(publicly(&[coa("QX9")]), Outcome::Hide);
        assert_eq!(publicly(&[coa("")]), Outcome::Hide);
        assert_eq!(publicly(&[coa("t1")]), Outcome::Hide);
        assert_eq!(publicly(&[]), Outcome::Hide);
        let unreadable = Marker { evidence: Evidence::Unreadable, effective_from: None, effective_to: None };
        assert_eq!(publicly(&[form("N-400", None), unreadable]), Outcome::Hide);
    }

    #[test]
    fn a_code_older_than_its_class_is_not_understood() {
        let mut early = coa("T1");
        early.effective_from = Some(day("1985-06-01"));
        assert_eq!(classify(&early.evidence, day("1985-06-01")), Class::Unknown);
        assert_eq!(publicly(&[early]), Outcome::Hide);
        let mut early_visitor_code = coa("NC6");
        early_visitor_code.effective_from = Some(day("1985-06-01"));
        assert_eq!(publicly(&[early_visitor_code]), Outcome::Hide);
    }

    #[test]
    fn protected_forms_mark_their_own_case() {
        for (number, category) in
            [("I-914", None), ("I-918", None), ("I-929", None), ("I-360", None), ("I-360", Some("VAWA")), ("I-765", Some("C31"))]
        {
            assert_eq!(publicly(&[form(number, category)]), Outcome::Hide, "{number} {category:?}");
        }
        for (number, category) in [("I-360", Some("RELIGIOUS")), ("I-765", Some("C09")), ("N-400", None), ("X-1", None)] {
            assert_eq!(publicly(&[form(number, category)]), Outcome::Show, "{number} {category:?}");
        }
    }

    #[test]
    fn a_form_whose_category_decides_is_hidden_without_one() {
        for number in ["I-765", "I-485", "I-751", "I-360"] {
            assert_eq!(publicly(&[form(number, None)]), Outcome::Hide, "{number}");
        }
    }

    #[test]
    fn an_ended_marker_no_longer_hides_and_ends_on_its_day() {
        let mut ended = coa("U1");
        ended.effective_to = Some(day("2026-01-15"));
        let markers = [form("N-400", None), ended];
        assert_eq!(decide(&markers, Channel::Public, day("2026-01-14")), Outcome::Hide);
        assert_eq!(decide(&markers, Channel::Public, day("2026-01-15")), Outcome::Show);
    }

    #[test]
    fn a_start_in_the_future_already_protects() {
        let mut future = coa("U1");
        future.effective_from = Some(day("2030-01-01"));
        assert_eq!(publicly(&[form("N-400", None), future]), Outcome::Hide);
    }

    #[test]
    fn officers_at_the_console_decide_on_hidden_cases_and_callers_learn_nothing() {
        let markers = [form("N-400", None), coa("T1")];
        let today = day("2026-01-15");
        assert_eq!(decide(&markers, Channel::Api, today), Outcome::Hide);
        assert_eq!(decide(&markers, Channel::Telephone, today), Outcome::Hide);
        assert_eq!(decide(&markers, Channel::Console, today), Outcome::Refer);
    }

    #[test]
    fn every_class_stands_once_in_the_policy() {
        for class in Class::ALL {
            assert_eq!(POLICY.iter().filter(|row| row.class == class).count(), 1, "{class:?}");
        }
    }

    proptest! {
        #[test]
        fn more_markers_never_open_a_case(codes in prop::collection::vec("[A-Z0-9]{1,3}", 1..6), more in "[A-Z0-9]{1,3}") {
            let markers: Vec<_> = codes.iter().map(|code| coa(code)).collect();
            for channel in Channel::ALL {
                let today = day("2026-01-15");
                let before = decide(&markers, channel, today);
                let after = decide(&[markers.clone(), vec![coa(&more)]].concat(), channel, today);
                prop_assert!(after >= before);
            }
        }

        #[test]
        fn no_evidence_panics(code in any::<String>(), category in any::<Option<String>>()) {
            let today = day("2026-01-15");
            let _ = classify(&Evidence::ClassOfAdmission(code), today);
            let evidence = Evidence::Form { form: FormNumber::parse("I-360").unwrap(), category };
            let _ = classify(&evidence, today);
        }
    }
}
