//! Who must report a move, by when, and where else.

use chrono::{Datelike, Days, NaiveDate};

/// Days in which a change of address must be reported (8 U.S.C. 1305(a)).
pub const REPORT_WITHIN_DAYS: u8 = 10;

/// How the ten days stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenDayRule {
    Due {
        by: NaiveDate,
        /// None left: today is the last day.
        days_left: u32,
    },
    /// Still to be reported: the agency takes it late, and a late report is better than none.
    Late { by: NaiveDate, days: u32 },
}

/// The tenth day after the move is the last. That it may move on from a Sunday or a holiday (8 CFR 1.2) is not counted upon: the
/// day that a person is told is one on which nobody could call them late.
pub fn ten_day_rule(moved_on: NaiveDate, today: NaiveDate) -> TenDayRule {
    let by = after_days(moved_on, REPORT_WITHIN_DAYS);
    let days = by.signed_duration_since(today).num_days();
    let count = u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
    if days >= 0 { TenDayRule::Due { by, days_left: count } } else { TenDayRule::Late { by, days: count } }
}

/// On what a person is in the United States, as far as the duty to report asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    UsCitizen,
    /// diplomats and their households.
    AVisa,
    /// G-1 to G-5: international organisations.
    GVisa,
    /// A visit without a visa, as under the Visa Waiver Program.
    WithoutVisa,
    Other,
}

impl Admission {
    pub const ALL: [Self; 5] = [Self::UsCitizen, Self::AVisa, Self::GVisa, Self::WithoutVisa, Self::Other];

    pub const fn key(self) -> &'static str {
        match self {
            Self::UsCitizen => "us_citizen",
            Self::AVisa => "a_visa",
            Self::GVisa => "g_visa",
            Self::WithoutVisa => "without_visa",
            Self::Other => "other",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|admission| admission.key() == key)
    }
}

/// Who has to file the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    Yourself,
    /// For a child under fourteen.
    ParentOrGuardian,
    /// Nobody, though anybody with a case wants its mail to follow.
    Nobody(Exemption),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exemption {
    UsCitizen,
    AVisa,
    GVisa,
    /// Less than thirty days in the United States, without a visa.
    ShortVisit,
}

/// The length of a visit without a visa from which on a move is to be reported.
const SHORT_VISIT_DAYS: i64 = 30;
/// From this birthday on a person files for themselves.
const AGE_TO_FILE: i32 = 14;

/// Who has to report. A visit whose beginning is not known is taken for a long one: a report too many harms nobody.
pub fn must_report(admission: Admission, here_since: Option<NaiveDate>, birth_date: NaiveDate, today: NaiveDate) -> Duty {
    let is_short = here_since.is_some_and(|since| today.signed_duration_since(since).num_days() < SHORT_VISIT_DAYS);
    match admission {
        Admission::UsCitizen => Duty::Nobody(Exemption::UsCitizen),
        Admission::AVisa => Duty::Nobody(Exemption::AVisa),
        Admission::GVisa => Duty::Nobody(Exemption::GVisa),
        Admission::WithoutVisa if is_short => Duty::Nobody(Exemption::ShortVisit),
        _ if is_child(birth_date, today) => Duty::ParentOrGuardian,
        Admission::WithoutVisa | Admission::Other => Duty::Yourself,
    }
}

/// Whether somebody else files for the person. Who was born on 29 February is a year older on 1 March where there is none.
pub(super) fn is_child(birth_date: NaiveDate, today: NaiveDate) -> bool {
    let years = today.year() - birth_date.year();
    let had_birthday = (today.month(), today.day()) >= (birth_date.month(), birth_date.day());
    years - i32::from(!had_birthday) < AGE_TO_FILE
}

/// What else a move may ask for, elsewhere than here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherReport {
    /// Who signed an affidavit of support (Form I-864) files Form I-865 within thirty days (8 CFR 213a.3).
    Sponsor,
    /// Who has a case before an immigration court files Form EOIR-33 with the court within five days (8 CFR 1003.15(d)(2)). The
    /// court does not learn of it from here.
    ImmigrationCourt,
    /// Forwarding by the post office does not tell the agency, and the agency does not tell the post office.
    PostOffice,
}

impl OtherReport {
    pub const ALL: [Self; 3] = [Self::Sponsor, Self::ImmigrationCourt, Self::PostOffice];

    /// The last day for it, if there is one.
    pub fn by(self, moved_on: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Sponsor => Some(after_days(moved_on, 30)),
            Self::ImmigrationCourt => Some(after_days(moved_on, 5)),
            Self::PostOffice => None,
        }
    }
}

fn after_days(day: NaiveDate, days: u8) -> NaiveDate {
    day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_tenth_day_after_the_move_is_the_last() {
        for (moved_on, today, says) in [
            ("2026-11-11", "2026-11-11", TenDayRule::Due { by: day("2026-11-21"), days_left: 10 }),
            ("2026-11-11", "2026-11-20", TenDayRule::Due { by: day("2026-11-21"), days_left: 1 }),
            ("2026-11-11", "2026-11-21", TenDayRule::Due { by: day("2026-11-21"), days_left: 0 }),
            ("2026-11-11", "2026-11-22", TenDayRule::Late { by: day("2026-11-21"), days: 1 }),
            ("2024-02-20", "2024-03-01", TenDayRule::Due { by: day("2024-03-01"), days_left: 0 }),
            ("2023-02-20", "2023-03-03", TenDayRule::Late { by: day("2023-03-02"), days: 1 }),
            ("2025-12-25", "2026-01-04", TenDayRule::Due { by: day("2026-01-04"), days_left: 0 }),
            ("2016-11-11", "2026-11-21", TenDayRule::Late { by: day("2016-11-21"), days: 3652 }),
        ] {
            assert_eq!(ten_day_rule(day(moved_on), day(today)), says, "{moved_on} on {today}");
        }
    }

    #[test]
    fn some_need_not_report_and_parents_report_for_children() {
        let today = day("2026-11-21");
        let grown = day("1990-02-03");
        for (admission, here_since, birth_date, duty) in [
            (Admission::Other, None, grown, Duty::Yourself),
            (Admission::Other, Some("2026-11-20"), grown, Duty::Yourself),
            (Admission::UsCitizen, None, grown, Duty::Nobody(Exemption::UsCitizen)),
            (Admission::AVisa, None, grown, Duty::Nobody(Exemption::AVisa)),
            (Admission::GVisa, None, day("2020-01-01"), Duty::Nobody(Exemption::GVisa)),
            (Admission::WithoutVisa, Some("2026-10-23"), grown, Duty::Nobody(Exemption::ShortVisit)),
            (Admission::WithoutVisa, Some("2026-10-22"), grown, Duty::Yourself),
            (Admission::WithoutVisa, None, grown, Duty::Yourself),
            (Admission::WithoutVisa, Some("2026-10-22"), day("2020-01-01"), Duty::ParentOrGuardian),
            (Admission::Other, None, day("2012-11-22"), Duty::ParentOrGuardian),
            (Admission::Other, None, day("2012-11-21"), Duty::Yourself),
        ] {
            assert_eq!(
                must_report(admission, here_since.map(day), birth_date, today),
                duty,
                "{admission:?} {here_since:?} {birth_date}"
            );
        }
    }

    #[test]
    fn a_leap_days_child_is_fourteen_on_the_first_of_march() {
        assert!(is_child(day("2012-02-29"), day("2026-02-28")));
        assert!(!is_child(day("2012-02-29"), day("2026-03-01")));
    }

    #[test]
    fn reports_elsewhere_have_days_of_their_own() {
        let by = OtherReport::ALL.map(|report| report.by(day("2026-11-11")));
        assert_eq!(by, [Some(day("2026-12-11")), Some(day("2026-11-16")), None]);
    }

    #[test]
    fn keys_are_read_back() {
        for admission in Admission::ALL {
            assert_eq!(Admission::from_key(admission.key()), Some(admission));
        }
        assert_eq!(Admission::from_key(""), None);
    }

    proptest! {
        #[test]
        fn each_day_that_passes_is_one_day_less(moved in 0i32..60_000, passed in 0i32..60_000) {
            let from = |number: i32| NaiveDate::from_num_days_from_ce_opt(700_000 + number).unwrap();
            let count = |rule| match rule {
                TenDayRule::Due { days_left, .. } => i64::from(days_left),
                TenDayRule::Late { days, .. } => -i64::from(days),
            };
            let [today, tomorrow] = [0, 1].map(|more| count(ten_day_rule(from(moved), from(moved + passed + more))));
            prop_assert_eq!((today, tomorrow), (10 - i64::from(passed), today - 1));
        }

        #[test]
        fn no_day_panics(moved in any::<i32>(), today in any::<i32>()) {
            if let (Some(moved), Some(today)) = (NaiveDate::from_num_days_from_ce_opt(moved), NaiveDate::from_num_days_from_ce_opt(today)) {
                let _ = (ten_day_rule(moved, today), must_report(Admission::WithoutVisa, Some(moved), moved, today));
            }
        }
    }
}
