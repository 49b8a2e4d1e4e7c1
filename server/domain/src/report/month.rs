//! The figures of a month, for the console.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use shared::answer::Rule;
use shared::office::OfficeCode;
use shared::report::{Figure, Month, Spread};
use shared::service_request::RequestKind;
use store::engine::Connection;
use store::report as rows;

use crate::{Action, Context, Error, Officer};

/// Months beside each other in a report.
const BESIDE: u32 = 13;

/// What is read of a month by type and office.
const READ: [Figure; 8] = [
    Figure::Received,
    Figure::Answered,
    Figure::AnsweredAgain,
    Figure::RedirectedAway,
    Figure::RedirectedHere,
    Figure::Reopened,
    Figure::Withdrawn,
    Figure::Superseded,
];

/// A line of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    counts: BTreeMap<Figure, i64>,
    pub days: Spread,
    /// At the end of the month.
    pub open: i64,
}

impl Figures {
    pub fn get(&self, figure: Figure) -> i64 {
        self.counts.get(&figure).copied().unwrap_or(0)
    }

    fn add(&mut self, figure: Figure, days: i64, requests: i64) {
        if figure == Figure::AnswerDays {
            self.days.add(u16::try_from(days).unwrap_or(u16::MAX), u64::try_from(requests).unwrap_or(0));
        } else {
            *self.counts.entry(figure).or_default() += requests;
        }
    }
}

/// A month beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub month: Month,
    pub received: i64,
    pub answered: i64,
    /// At its end.
    pub open: i64,
}

/// How long the requests have waited that are open now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ages {
    pub to_30: i64,
    pub to_60: i64,
    pub to_90: i64,
    pub longer: i64,
}

impl Ages {
    fn add(&mut self, days: i64, requests: i64) {
        let group = match days {
            ..=30 => &mut self.to_30,
            31..=60 => &mut self.to_60,
            61..=90 => &mut self.to_90,
            _ => &mut self.longer,
        };
        *group += requests;
    }

    pub const fn all(&self) -> i64 {
        self.to_30 + self.to_60 + self.to_90 + self.longer
    }
}

/// The report of a month.
#[derive(Debug, Clone)]
pub struct MonthReport {
    pub month: Month,
    /// None for all of them.
    pub office: Option<OfficeCode>,
    pub all: Figures,
    pub kinds: BTreeMap<RequestKind, Figures>,
    /// By code; empty for what came to no office.
    pub offices: BTreeMap<String, Figures>,
    /// Received and answered, day by day.
    pub days: Vec<(NaiveDate, i64, i64)>,
    /// This month and those before it.
    pub months: Vec<Totals>,
    /// Of what is open now, whatever the month.
    pub ages: Ages,
    pub ages_by_kind: BTreeMap<RequestKind, Ages>,
    pub findings: Vec<(Rule, i64)>,
    /// By type: who was shown what the record says before they asked, and who asked then. Online only, at no office.
    pub journeys: BTreeMap<RequestKind, (i64, i64)>,
}

/// The months of which there are figures, the newest first; this one always.
pub async fn months(ctx: &Context, officer: &Officer) -> Result<Vec<Month>, Error> {
    officer.check_somewhere(Action::ReadReports)?;
    let this = Month::of(ctx.today());
    let first = rows::first_month(&mut ctx.store.read().await?).await?.unwrap_or(this);
    // Whatever dates were imported: nobody chooses among hundreds.
    Ok((0..60).map(|ago| this.before(ago)).take_while(|month| *month >= first || *month == this).collect())
}

/// The offices that ever had a request.
pub async fn offices(ctx: &Context, officer: &Officer) -> Result<Vec<OfficeCode>, Error> {
    officer.check_somewhere(Action::ReadReports)?;
    let mut connection = ctx.store.read().await?;
    let all = rows::until(&mut connection, Figure::Backlog, Month::of(ctx.today()), None).await?;
    let codes: BTreeSet<OfficeCode> = all.iter().filter_map(|(office, ..)| OfficeCode::parse(office).ok()).collect();
    Ok(codes.into_iter().collect())
}

/// The report of a month, of an office or of all. Nobody is in it, so that whoever reads reports reads those of all offices.
pub async fn month_report(
    ctx: &Context,
    officer: &Officer,
    month: Month,
    office: Option<OfficeCode>,
) -> Result<MonthReport, Error> {
    officer.check_somewhere(Action::ReadReports)?;
    let mut connection = ctx.store.read().await?;
    read(ctx, &mut connection, month, office).await
}

pub(super) async fn read(
    ctx: &Context,
    connection: &mut Connection,
    month: Month,
    office: Option<OfficeCode>,
) -> Result<MonthReport, Error> {
    let mut report = MonthReport {
        month,
        office,
        all: Figures::default(),
        kinds: BTreeMap::new(),
        offices: BTreeMap::new(),
        days: Vec::new(),
        months: Vec::new(),
        ages: Ages::default(),
        ages_by_kind: BTreeMap::new(),
        findings: Vec::new(),
        journeys: BTreeMap::new(),
    };
    lines(connection, &mut report).await?;
    beside(connection, &mut report).await?;
    ages(ctx, connection, &mut report).await?;
    report.findings = rows::findings(connection, month, report.office.as_ref()).await?;
    journeys(connection, &mut report).await?;
    Ok(report)
}

/// By type and by office.
async fn lines(connection: &mut Connection, report: &mut MonthReport) -> Result<(), Error> {
    for figure in READ.into_iter().chain([Figure::AnswerDays]) {
        for counted in rows::of_month(connection, figure, report.month, report.office.as_ref()).await? {
            report.all.add(figure, counted.days, counted.requests);
            report.offices.entry(counted.office).or_default().add(figure, counted.days, counted.requests);
            if let Some(kind) = counted.kind {
                report.kinds.entry(kind).or_default().add(figure, counted.days, counted.requests);
            }
        }
    }
    for (office, kind, open) in rows::until(connection, Figure::Backlog, report.month, report.office.as_ref()).await? {
        report.all.open += open;
        report.offices.entry(office).or_default().open += open;
        if let Some(kind) = kind {
            report.kinds.entry(kind).or_default().open += open;
        }
    }
    report.offices.retain(|_, figures| *figures != Figures::default());
    report.kinds.retain(|_, figures| *figures != Figures::default());
    Ok(())
}

/// The days of the month, and the months before it.
async fn beside(connection: &mut Connection, report: &mut MonthReport) -> Result<(), Error> {
    let (month, office) = (report.month, report.office.as_ref());
    let mut days: BTreeMap<NaiveDate, (i64, i64)> =
        month.first_day().iter_days().take_while(|day| *day <= month.last_day()).map(|day| (day, (0, 0))).collect();
    for (day, requests) in rows::of_days(connection, Figure::Received, month, office).await?.unwrap_or_default() {
        days.entry(day).or_default().0 = requests;
    }
    for (day, requests) in rows::of_days(connection, Figure::Answered, month, office).await?.unwrap_or_default() {
        days.entry(day).or_default().1 = requests;
    }
    report.days = days.into_iter().map(|(day, (received, answered))| (day, received, answered)).collect();
    let from = month.before(BESIDE - 1);
    let received: BTreeMap<Month, i64> =
        rows::by_month(connection, Figure::Received, (from, month), office).await?.into_iter().collect();
    let answered: BTreeMap<Month, i64> =
        rows::by_month(connection, Figure::Answered, (from, month), office).await?.into_iter().collect();
    let more: BTreeMap<Month, i64> =
        rows::by_month(connection, Figure::Backlog, (from, month), office).await?.into_iter().collect();
    // Backwards from what is open at the end.
    let mut open = report.all.open;
    let mut months = Vec::new();
    for ago in 0..BESIDE {
        let month = month.before(ago);
        let of = |figures: &BTreeMap<Month, i64>| figures.get(&month).copied().unwrap_or(0);
        months.push(Totals { month, received: of(&received), answered: of(&answered), open });
        open -= of(&more);
    }
    months.reverse();
    report.months = months;
    Ok(())
}

async fn ages(ctx: &Context, connection: &mut Connection, report: &mut MonthReport) -> Result<(), Error> {
    let today = ctx.today();
    for counted in rows::open_now(connection, report.office.as_ref()).await? {
        let received: NaiveDate = counted.period.parse().map_err(|_| Error::Internal)?;
        let days = (today - received).max(TimeDelta::zero()).num_days();
        report.ages.add(days, counted.requests);
        if let Some(kind) = counted.kind {
            report.ages_by_kind.entry(kind).or_default().add(days, counted.requests);
        }
    }
    Ok(())
}

async fn journeys(connection: &mut Connection, report: &mut MonthReport) -> Result<(), Error> {
    for counted in rows::of_month(connection, Figure::AnswerShown, report.month, None).await? {
        if let Some(kind) = counted.kind {
            report.journeys.entry(kind).or_default().0 += counted.requests;
        }
    }
    for counted in rows::of_month(connection, Figure::AskedAfterAnswer, report.month, None).await? {
        if let Some(kind) = counted.kind {
            report.journeys.entry(kind).or_default().1 += counted.requests;
        }
    }
    Ok(())
}
