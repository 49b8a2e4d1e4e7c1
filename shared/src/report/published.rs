//! The public report of a month: what nobody can be told of by.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Counts, Month, Spread};
use crate::office::OfficeCode;
use crate::service_request::RequestKind;

/// A figure of the report, if it may be published.
pub type Number = Option<u64>;

/// The report of a month. What is hidden is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceReport {
    pub month: Month,
    /// The day on which it was made. Whatever was recorded later about the month changes it no more.
    pub made_on: NaiveDate,
    /// Numbers from 1 to below it are hidden, and how many are open is rounded down to a multiple of it.
    pub threshold: u32,
    /// All, then each type at all offices, then each office with all types, then each type at each office.
    pub lines: Vec<Line>,
}

/// A line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// An office's code; none for all of them.
    pub office: Option<String>,
    pub kind: Option<RequestKind>,
    pub received: Number,
    pub answered: Number,
    pub reopened: Number,
    /// At the end of the month, rounded down.
    pub open: Number,
    /// Days within which half of the answers came. None where too few were answered.
    pub half_days: Option<u16>,
    /// Days within which nine in ten came.
    pub nine_in_ten_days: Option<u16>,
}

/// What a month's report is made of: offices are rows, types are columns.
#[derive(Debug, Clone)]
pub struct Totalled {
    pub offices: Vec<OfficeCode>,
    pub received: Counts,
    pub answered: Counts,
    pub reopened: Counts,
    pub open: Counts,
    /// By office and type, with the totals.
    pub days: std::collections::BTreeMap<(Option<usize>, Option<usize>), Spread>,
}

impl Totalled {
    pub fn new(offices: Vec<OfficeCode>) -> Self {
        let empty = Counts::new(offices.len(), RequestKind::ALL.len());
        Self {
            offices,
            received: empty.clone(),
            answered: empty.clone(),
            reopened: empty.clone(),
            open: empty,
            days: std::collections::BTreeMap::new(),
        }
    }

    /// Adds answers that took so many days, to their line and to its totals.
    pub fn add_days(&mut self, office: usize, kind: usize, days: u16, answers: u64) {
        for key in [(Some(office), Some(kind)), (Some(office), None), (None, Some(kind)), (None, None)] {
            self.days.entry(key).or_default().add(days, answers);
        }
    }

    /// What may be published.
    pub fn publish(&self, month: Month, made_on: NaiveDate, threshold: u32) -> ServiceReport {
        let least = u64::from(threshold.max(1));
        let figures = [&self.received, &self.answered, &self.reopened, &self.open];
        let hidden = figures.map(|counts| counts.hide_small(least));
        let line = |row: Option<usize>, column: Option<usize>| {
            let number = |which: usize| {
                let is_shown = !hidden[which].is_hidden(row, column);
                is_shown.then(|| figures[which].get(row, column))
            };
            let answered = number(1);
            // How long it took says nothing of how many they are, but of whom it says it: there must be enough of them.
            let spread = self.days.get(&(row, column)).filter(|_| answered.is_some_and(|answered| answered >= least));
            Line {
                office: row.map(|row| self.offices[row].as_str().to_owned()),
                kind: column.map(|column| RequestKind::ALL[column]),
                received: number(0),
                answered,
                reopened: number(2),
                open: number(3).map(|open| open / least * least),
                half_days: spread.and_then(Spread::half),
                nine_in_ten_days: spread.and_then(Spread::nine_in_ten),
            }
        };
        let rows = || (0..self.offices.len()).map(Some);
        let columns = || (0..RequestKind::ALL.len()).map(Some);
        let places = std::iter::once((None, None))
            .chain(columns().map(|column| (None, column)))
            .chain(rows().map(|row| (row, None)))
            .chain(rows().flat_map(|row| columns().map(move |column| (row, column))));
        // A line of nothing but zeros says nothing.
        let is_said = |(row, column): &(Option<usize>, Option<usize>)| {
            (row.is_none() && column.is_none()) || figures.iter().any(|counts| counts.get(*row, *column) > 0)
        };
        let lines = places.filter(is_said).map(|(row, column)| line(row, column)).collect();
        ServiceReport { month, made_on, threshold, lines }
    }
}

impl ServiceReport {
    /// The line of everything.
    pub fn all(&self) -> Option<&Line> {
        self.lines.iter().find(|line| line.office.is_none() && line.kind.is_none())
    }

    /// A line for each type, at all offices or at one.
    pub fn by_kind<'a>(&'a self, office: Option<&'a str>) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.office.as_deref() == office && line.kind.is_some())
    }

    /// A line for each office, with all types.
    pub fn by_office(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.office.is_some() && line.kind.is_none())
    }

    /// An office's own total.
    pub fn of_office(&self, office: &str) -> Option<&Line> {
        self.by_office().find(|line| line.office.as_deref() == Some(office))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_not_in_a_report_and_what_is_open_is_rounded_down() {
        let mut totalled = Totalled::new(["LIN", "NBC"].map(|code| OfficeCode::parse(code).unwrap()).to_vec());
        for (office, kind, received, answered, open) in
            [(0, 0, 120, 100, 57), (0, 1, 80, 4, 80), (1, 0, 50, 50, 0), (1, 1, 60, 70, 12)]
        {
            totalled.received.add(office, kind, received);
            totalled.answered.add(office, kind, answered);
            totalled.open.add(office, kind, open);
            totalled.add_days(office, kind, 12, answered);
        }
        let report = totalled.publish("2026-02".parse().unwrap(), "2026-03-02".parse().unwrap(), 10);
        let line = |office: Option<&str>, kind: Option<usize>| {
            let kind = kind.map(|kind| RequestKind::ALL[kind]);
            report.lines.iter().find(|line| line.office.as_deref() == office && line.kind == kind).unwrap().clone()
        };
        let all = line(None, None);
        assert_eq!((all.received, all.answered, all.open, all.half_days), (Some(310), Some(224), Some(140), Some(12)));
        let small = line(Some("LIN"), Some(1));
        assert_eq!((small.received, small.answered, small.half_days), (Some(80), None, None));
        assert_eq!(line(Some("LIN"), Some(0)).answered, None, "or the 4 could be computed");
        assert_eq!((line(Some("LIN"), Some(0)).open, line(Some("NBC"), Some(0)).open), (Some(50), Some(0)));
        assert_eq!(report.lines.len(), 1 + 2 + 2 + 4, "no lines of zeros");
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<ServiceReport>(&text).unwrap(), report);
        assert_eq!((report.by_kind(None).count(), report.by_kind(Some("LIN")).count(), report.by_office().count()), (2, 2, 2));
    }
}
