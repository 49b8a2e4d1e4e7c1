//! Figures of sharing with a partner country: how much, how it was answered, how soon.
//!
//! **Nobody learns from them of whom nothing may be told.** A partner's query is told something, or it is told nothing: no match, a
//! refusal and no answer yet are one figure, and only answers that told something have a time. So a query about somebody who is
//! protected counts as one about somebody unknown, whether it was suppressed at once or held by counsel for days: no difference
//! between two figures, and none between two days, tells them apart.

use chrono::{DateTime, Utc};

use super::ReplyResult;
use crate::agreement::AnswerKind;
use crate::report::Spread;

/// A partner's query, as far as figures look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TheirQuery {
    pub received_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answer: Option<AnswerKind>,
}

/// A first query of ours that left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OurQuery {
    pub sent_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answer: Option<ReplyResult>,
}

/// What became of partners' queries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TheirFigures {
    /// They were told something.
    pub told: u64,
    /// They were told nothing, for whatever reason, or nothing yet.
    pub untold: u64,
    /// Minutes until those were told that were told something.
    pub minutes: Spread,
}

/// What became of first queries of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OurFigures {
    /// The partner knows the person.
    pub matched: u64,
    pub not_matched: u64,
    /// Refused, or not understood.
    pub failed: u64,
    pub waiting: u64,
    /// Minutes until the answer.
    pub minutes: Spread,
}

/// So many in a hundred; none of nothing.
pub const fn percent(of: u64, all: u64) -> Option<u64> {
    (of * 100 + all / 2).checked_div(all)
}

/// Minutes between two moments, at most some forty-five days.
fn minutes(from: DateTime<Utc>, to: DateTime<Utc>) -> u16 {
    u16::try_from((to - from).num_minutes().max(0)).unwrap_or(u16::MAX)
}

impl TheirFigures {
    pub fn of(queries: &[TheirQuery]) -> Self {
        let mut figures = Self::default();
        for query in queries {
            match (query.answer, query.answered_at) {
                (Some(AnswerKind::Match | AnswerKind::Partial), Some(at)) => {
                    figures.told += 1;
                    figures.minutes.add(minutes(query.received_at, at), 1);
                }
                _ => figures.untold += 1,
            }
        }
        figures
    }

    pub const fn all(&self) -> u64 {
        self.told + self.untold
    }

    /// In a hundred.
    pub const fn told_rate(&self) -> Option<u64> {
        percent(self.told, self.all())
    }
}

impl OurFigures {
    pub fn of(queries: &[OurQuery]) -> Self {
        let mut figures = Self::default();
        for query in queries {
            match query.answer {
                Some(ReplyResult::Match | ReplyResult::Partial) => figures.matched += 1,
                Some(ReplyResult::NoMatch) => figures.not_matched += 1,
                Some(ReplyResult::Refused | ReplyResult::Error) => figures.failed += 1,
                None => figures.waiting += 1,
            }
            if let Some(at) = query.answered_at {
                figures.minutes.add(minutes(query.sent_at, at), 1);
            }
        }
        figures
    }

    pub const fn all(&self) -> u64 {
        self.matched + self.not_matched + self.failed + self.waiting
    }

    /// Of those that were answered with a match or without one, in a hundred.
    pub const fn match_rate(&self) -> Option<u64> {
        percent(self.matched, self.matched + self.not_matched)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(minutes: u32) -> DateTime<Utc> {
        "2026-03-10T15:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes.into())
    }

    fn theirs(received: u32, answer: Option<AnswerKind>, after: Option<u32>) -> TheirQuery {
        TheirQuery { received_at: at(received), answered_at: after.map(|after| at(received + after)), answer }
    }

    #[test]
    fn figures_of_both_directions() {
        let figures = TheirFigures::of(&[
            theirs(0, Some(AnswerKind::Match), Some(10)),
            theirs(1, Some(AnswerKind::Partial), Some(30)),
            theirs(2, Some(AnswerKind::NoMatch), Some(1)),
            theirs(3, Some(AnswerKind::Match), None),
        ]);
        assert_eq!((figures.told, figures.untold, figures.told_rate()), (2, 2, Some(50)));
        assert_eq!((figures.minutes.half(), figures.minutes.nine_in_ten()), (Some(10), Some(30)));
        let ours = |answer, after: Option<u32>| OurQuery { sent_at: at(0), answered_at: after.map(at), answer };
        let figures = OurFigures::of(&[
            ours(Some(ReplyResult::Match), Some(5)),
            ours(Some(ReplyResult::NoMatch), Some(6)),
            ours(Some(ReplyResult::NoMatch), Some(7)),
            ours(Some(ReplyResult::Refused), Some(8)),
            ours(None, None),
        ]);
        assert_eq!((figures.matched, figures.not_matched, figures.failed, figures.waiting), (1, 2, 1, 1));
        assert_eq!((figures.match_rate(), figures.all(), figures.minutes.people()), (Some(33), 5, 4));
        assert_eq!((TheirFigures::default().told_rate(), percent(1, 200)), (None, Some(1)));
    }

    /// An answer, or none, that tells a partner nothing.
    fn nothing_told() -> impl Strategy<Value = (Option<AnswerKind>, Option<u32>)> {
        let answers = [None, Some(AnswerKind::NoMatch), Some(AnswerKind::Refused), Some(AnswerKind::Hold)];
        (prop::sample::select(answers.to_vec()), prop::option::of(0u32..100_000))
    }

    fn anything() -> impl Strategy<Value = TheirQuery> {
        let told = (prop::sample::select(vec![AnswerKind::Match, AnswerKind::Partial]), 0u32..100_000)
            .prop_map(|(answer, after)| (Some(answer), Some(after)));
        (0u32..1_000, prop_oneof![told, nothing_told()]).prop_map(|(received, (answer, after))| theirs(received, answer, after))
    }

    proptest! {
        /// Somebody protected, suppressed at once or after days with counsel, and somebody unknown: the same figures.
        #[test]
        fn a_suppressed_query_counts_as_one_about_nobody(
            queries in prop::collection::vec(anything(), 0..30),
            received in 0u32..1_000,
            suppressed in nothing_told(),
            unknown in nothing_told(),
            place in any::<prop::sample::Index>(),
        ) {
            let with = |(answer, after): (Option<AnswerKind>, Option<u32>)| {
                let mut queries = queries.clone();
                queries.insert(place.index(queries.len() + 1), theirs(received, answer, after));
                TheirFigures::of(&queries)
            };
            prop_assert_eq!(with(suppressed), with(unknown));
        }

        #[test]
        fn every_query_is_in_one_figure(queries in prop::collection::vec(anything(), 0..30)) {
            let figures = TheirFigures::of(&queries);
            prop_assert_eq!(figures.all(), queries.len() as u64);
            prop_assert_eq!(figures.minutes.people(), figures.told);
        }
    }
}
