//! What is counted about requests. All of it follows from their events, so that it can be counted anew at any time.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::office::OfficeCode;
use crate::service_request::{Happening, RequestEvent};

/// One thing that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// Came in on a day. It counts at the office that it came to first.
    Received,
    /// Answered for the first time.
    Answered,
    /// The same, by the days from its receipt to that answer.
    AnswerDays,
    /// Answered once more, after it was reopened.
    AnsweredAgain,
    /// Went from an office to another one.
    RedirectedAway,
    /// Came to an office from another one.
    RedirectedHere,
    Reopened,
    Withdrawn,
    /// Made again by the person, since its day had passed.
    Superseded,
    /// By how many the open requests of an office became more, or fewer.
    Backlog,
    /// Open now, by the day of its receipt.
    Open,
    /// Somebody was shown what the record says before they asked anything.
    AnswerShown,
    /// Of those, who asked afterwards; it counts on the day on which they were shown it.
    AskedAfterAnswer,
}

impl Figure {
    pub const ALL: [Self; 13] = [
        Self::Received,
        Self::Answered,
        Self::AnswerDays,
        Self::AnsweredAgain,
        Self::RedirectedAway,
        Self::RedirectedHere,
        Self::Reopened,
        Self::Withdrawn,
        Self::Superseded,
        Self::Backlog,
        Self::Open,
        Self::AnswerShown,
        Self::AskedAfterAnswer,
    ];

    /// The word in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Answered => "answered",
            Self::AnswerDays => "answer_days",
            Self::AnsweredAgain => "answered_again",
            Self::RedirectedAway => "redirected_away",
            Self::RedirectedHere => "redirected_here",
            Self::Reopened => "reopened",
            Self::Withdrawn => "withdrawn",
            Self::Superseded => "superseded",
            Self::Backlog => "backlog",
            Self::Open => "open",
            Self::AnswerShown => "answer_shown",
            Self::AskedAfterAnswer => "asked_after_answer",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.key() == key)
    }
}

/// Where a request counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    pub figure: Figure,
    pub day: NaiveDate,
    /// None for a request that was over before it came to an office.
    pub office: Option<OfficeCode>,
    /// For [`Figure::AnswerDays`]; 0 elsewhere.
    pub days: u16,
}

/// What a request of which this is known adds to the figures. As long as it is with no office it adds nothing: mostly that is a
/// moment.
pub fn tallies(events: &[RequestEvent]) -> BTreeMap<Tally, i64> {
    let mut counted = Counted::default();
    let Some(received) = events.first().map(|event| event.at.day) else { return counted.tallies };
    let mut office: Option<&OfficeCode> = None;
    let (mut is_open, mut was_answered) = (true, false);
    for event in events {
        // What servers with different clocks recorded is not before the receipt.
        let day = event.at.day.max(received);
        match &event.happening {
            Happening::Routed { office: to, .. } => {
                office = Some(to);
                counted.enters(Figure::Received, received, office);
            }
            Happening::Redirected { office: to, .. } => {
                counted.leaves(Figure::RedirectedAway, day, office);
                office = Some(to);
                counted.enters(Figure::RedirectedHere, day, office);
            }
            Happening::Answered => {
                is_open = false;
                let again = std::mem::replace(&mut was_answered, true);
                counted.leaves(if again { Figure::AnsweredAgain } else { Figure::Answered }, day, office);
                if !again {
                    let days = u16::try_from((day - received).num_days()).unwrap_or(u16::MAX);
                    counted.add(Figure::AnswerDays, day, office, days, 1);
                }
            }
            Happening::Reopened => {
                is_open = true;
                counted.enters(Figure::Reopened, day, office);
            }
            Happening::Withdrawn | Happening::Superseded { .. } => {
                is_open = false;
                if office.is_none() {
                    counted.enters(Figure::Received, received, None);
                }
                let is_withdrawn = matches!(event.happening, Happening::Withdrawn);
                counted.leaves(if is_withdrawn { Figure::Withdrawn } else { Figure::Superseded }, day, office);
            }
            Happening::Received
            | Happening::Stored
            | Happening::Assigned { .. }
            | Happening::LaidBack
            | Happening::Opened { .. }
            | Happening::Asked
            | Happening::InformationAdded
            | Happening::AddressChanged
            | Happening::Paused { .. }
            | Happening::Resumed
            | Happening::AnsweredInPart => {}
        }
    }
    if is_open && office.is_some() {
        counted.add(Figure::Open, received, office, 0, 1);
    }
    counted.tallies.retain(|_, requests| *requests != 0);
    counted.tallies
}

#[derive(Default)]
struct Counted {
    tallies: BTreeMap<Tally, i64>,
}

impl Counted {
    fn add(&mut self, figure: Figure, day: NaiveDate, office: Option<&OfficeCode>, days: u16, requests: i64) {
        *self.tallies.entry(Tally { figure, day, office: office.cloned(), days }).or_default() += requests;
    }

    fn enters(&mut self, figure: Figure, day: NaiveDate, office: Option<&OfficeCode>) {
        self.add(figure, day, office, 0, 1);
        self.add(Figure::Backlog, day, office, 0, 1);
    }

    fn leaves(&mut self, figure: Figure, day: NaiveDate, office: Option<&OfficeCode>) {
        self.add(figure, day, office, 0, 1);
        self.add(Figure::Backlog, day, office, 0, -1);
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::service_request::{Moment, OfficerId, RedirectReason, RequestNumber, RoutingReason};

    fn office(code: &str) -> OfficeCode {
        OfficeCode::parse(code).unwrap()
    }

    fn events(all: Vec<(&str, Happening)>) -> Vec<RequestEvent> {
        let event = |(day, happening): (&str, Happening)| {
            let day: NaiveDate = day.parse().unwrap();
            let at: DateTime<Utc> = day.and_hms_opt(15, 0, 0).unwrap().and_utc();
            RequestEvent { at: Moment { at, day }, happening }
        };
        all.into_iter().map(event).collect()
    }

    fn told(events: &[RequestEvent]) -> Vec<String> {
        let word = |(tally, requests): (Tally, i64)| {
            let office = tally.office.map_or_else(String::new, |office| office.as_str().to_owned());
            format!("{} {} {office} {} {requests}", tally.figure.key(), tally.day, tally.days)
        };
        tallies(events).into_iter().map(word).collect()
    }

    #[test]
    fn each_thing_that_happened_counts_where_and_when_it_happened() {
        let routed = Happening::Routed { office: office("NBC"), reason: RoutingReason::CaseOffice };
        let all = events(vec![
            ("2026-01-30", Happening::Received),
            ("2026-01-30", Happening::Stored),
            ("2026-02-01", routed),
            ("2026-02-03", Happening::Redirected { office: office("LIN"), reason: RedirectReason::StaffChange }),
            ("2026-02-04", Happening::Opened { officer: OfficerId(1) }),
            ("2026-02-14", Happening::Answered),
            ("2026-03-01", Happening::Reopened),
            ("2026-03-02", Happening::Answered),
        ]);
        assert!(told(&all[..2]).is_empty(), "with no office yet");
        assert_eq!(
            told(&all[..3]),
            ["received 2026-01-30 NBC 0 1", "backlog 2026-01-30 NBC 0 1", "open 2026-01-30 NBC 0 1"],
            "on the day of its receipt"
        );
        assert_eq!(
            told(&all),
            [
                "received 2026-01-30 NBC 0 1",
                "answered 2026-02-14 LIN 0 1",
                "answer_days 2026-02-14 LIN 15 1",
                "answered_again 2026-03-02 LIN 0 1",
                "redirected_away 2026-02-03 NBC 0 1",
                "redirected_here 2026-02-03 LIN 0 1",
                "reopened 2026-03-01 LIN 0 1",
                "backlog 2026-01-30 NBC 0 1",
                "backlog 2026-02-03 LIN 0 1",
                "backlog 2026-02-03 NBC 0 -1",
                "backlog 2026-02-14 LIN 0 -1",
                "backlog 2026-03-01 LIN 0 1",
                "backlog 2026-03-02 LIN 0 -1",
            ]
        );
    }

    #[test]
    fn what_was_over_before_an_office_had_it_counts_nowhere_in_particular() {
        let by = RequestNumber::new(2026, [3; 16]);
        for (over, word) in [(Happening::Withdrawn, "withdrawn"), (Happening::Superseded { by }, "superseded")] {
            let all = events(vec![("2026-01-30", Happening::Received), ("2026-01-30", Happening::Stored), ("2026-01-30", over)]);
            assert_eq!(told(&all), ["received 2026-01-30  0 1".to_owned(), format!("{word} 2026-01-30  0 1")]);
        }
    }

    #[test]
    fn figures_have_one_word_each() {
        for figure in Figure::ALL {
            assert_eq!(Figure::from_key(figure.key()), Some(figure));
        }
        assert_eq!(Figure::from_key("days"), None);
    }
}
