//! Figures of reports: kept as they change, for each month and some for each day, and the public reports that were made of them.
//!
//! What a request adds follows from its events (`shared::report::tallies`). A figure is changed by what the last event added to that, in
//! the same transaction, so that it is what counting everything anew would give.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use shared::answer::Rule;
use shared::office::OfficeCode;
use shared::report::{Figure, Month, ServiceReport, Tally};
use shared::service_request::RequestKind;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Bulk, Connection, execute, fetch, statement, write_rows};

statement! { main,
    // One stretch of the primary key each; with an office, less is read.
    OF_PERIOD = "SELECT period, office, kind, days, requests FROM report_tally \
                 WHERE figure = $1 AND period >= $2 AND period <= $3 AND ($4 = '' OR office = $4) AND requests <> 0 \
                 ORDER BY period, office, kind, days";
    SUMS = "SELECT period, CAST(sum(requests) AS BIGINT) FROM report_tally \
            WHERE figure = $1 AND period >= $2 AND period <= $3 AND ($4 = '' OR office = $4) GROUP BY period ORDER BY period";
    UNTIL = "SELECT office, kind, CAST(sum(requests) AS BIGINT) FROM report_tally \
             WHERE figure = $1 AND period <= $2 AND ($3 = '' OR office = $3) GROUP BY office, kind ORDER BY office, kind";
    FIRST = "SELECT period FROM report_tally WHERE figure = $1 ORDER BY period LIMIT 1";
    ALL = "SELECT figure, period, office, kind, days, requests FROM report_tally WHERE requests <> 0 \
           ORDER BY figure, period, office, kind, days";
    // A day of which no request is open any more. Who adds to the row at the same moment makes it anew.
    FORGET_EMPTY = "DELETE FROM report_tally WHERE figure = 'open' AND requests = 0";
    SET_TALLIED = "UPDATE service_request SET tallied = $2 WHERE id = $1";
    TO_TALLY = "SELECT id FROM service_request WHERE tallied = 0 ORDER BY id LIMIT $1";
    REQUESTS = "SELECT id FROM service_request WHERE id > $1 ORDER BY id LIMIT $2";
    ADD_REPORT = "INSERT INTO service_report (month, content, made_at) VALUES ($1, $2, $3) ON CONFLICT (month) DO NOTHING";
    REPORT = "SELECT content FROM service_report WHERE month = $1";
    MONTHS = "SELECT month FROM service_report ORDER BY month DESC";
}

/// A figure of a day, for charts of a month. The others are of months.
const BY_DAY: [(Figure, &str); 4] = [
    (Figure::Received, "received.day"),
    (Figure::Answered, "answered.day"),
    (Figure::AnswerShown, "answer_shown.day"),
    (Figure::AskedAfterAnswer, "asked_after_answer.day"),
];

fn by_day(figure: Figure) -> Option<&'static str> {
    BY_DAY.into_iter().find(|(of, _)| *of == figure).map(|(_, key)| key)
}

/// A row of the figures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub figure: String,
    /// A month or a day.
    pub period: String,
    /// Empty for none.
    pub office: String,
    /// Empty for all.
    pub kind: String,
    pub days: i64,
    pub requests: i64,
}

/// The rows that count what a request of a kind adds.
pub fn rows(tallies: &BTreeMap<Tally, i64>, kind: RequestKind) -> Vec<Row> {
    let mut rows = Vec::new();
    for (tally, requests) in tallies {
        let office = tally.office.as_ref().map_or("", OfficeCode::as_str).to_owned();
        let period = match tally.figure {
            Figure::Open => tally.day.to_string(),
            _ => Month::of(tally.day).to_string(),
        };
        let days = i64::from(tally.days);
        let of_month =
            Row { figure: tally.figure.key().into(), period, office, kind: kind.key().into(), days, requests: *requests };
        rows.extend(by_day(tally.figure).map(|figure| Row {
            figure: figure.into(),
            period: tally.day.to_string(),
            kind: String::new(),
            days: 0,
            ..of_month.clone()
        }));
        rows.push(of_month);
    }
    rows
}

/// Adds to the figures, in one order: two transactions that change the same ones do not wait for each other for ever.
pub async fn count(transaction: &mut Connection, rows: &[Row]) -> Result<(), StoreError> {
    let mut sums: BTreeMap<Row, i64> = BTreeMap::new();
    for row in rows {
        *sums.entry(Row { requests: 0, ..row.clone() }).or_default() += row.requests;
    }
    let row = |(row, requests): (Row, i64)| {
        let texts = [row.figure, row.period, row.office, row.kind].map(Bulk::Text);
        texts.into_iter().chain([Bulk::Number(row.days), Bulk::Number(requests)]).collect()
    };
    let head = "INSERT INTO report_tally (figure, period, office, kind, days, requests) ";
    let tail =
        " ON CONFLICT (figure, period, office, kind, days) DO UPDATE SET requests = report_tally.requests + excluded.requests";
    write_rows(transaction, head, sums.into_iter().map(row), tail).await?;
    Ok(())
}

/// Adds what a request of a kind changed in the figures, and notes that so many of its events are in them.
pub async fn tally(
    transaction: &mut Connection,
    request: Uuid,
    kind: RequestKind,
    changes: &BTreeMap<Tally, i64>,
    events: i64,
) -> Result<(), StoreError> {
    execute!(transaction, &SET_TALLIED, request, events)?;
    count(transaction, &rows(changes, kind)).await
}

/// Adds many requests' figures at once.
pub(crate) async fn tally_all(
    transaction: &mut Connection,
    all: impl Iterator<Item = (RequestKind, &BTreeMap<Tally, i64>)>,
) -> Result<(), StoreError> {
    let rows: Vec<Row> = all.flat_map(|(kind, tallies)| rows(tallies, kind)).collect();
    count(transaction, &rows).await
}

/// Counts that somebody was shown what the record says, or asked afterwards. Spread over rows by `shard`, since many do that at once.
pub async fn count_journey(
    transaction: &mut Connection,
    figure: Figure,
    day: NaiveDate,
    kind: RequestKind,
    shard: u8,
) -> Result<(), StoreError> {
    let days = i64::from(shard % 8);
    let row = |figure: &str, period: String, kind: &str| Row {
        figure: figure.into(),
        period,
        office: String::new(),
        kind: kind.into(),
        days,
        requests: 1,
    };
    let mut rows = vec![row(figure.key(), Month::of(day).to_string(), kind.key())];
    rows.extend(by_day(figure).map(|figure| row(figure, day.to_string(), "")));
    count(transaction, &rows).await
}

fn finding(rule: Rule) -> String {
    format!("finding.{}", rule.key())
}

/// Counts what the check found in an answer: each rule once.
pub async fn count_findings(
    transaction: &mut Connection,
    rules: &BTreeSet<Rule>,
    day: NaiveDate,
    office: &str,
    kind: RequestKind,
) -> Result<(), StoreError> {
    let row = |rule: &Rule| Row {
        figure: finding(*rule),
        period: Month::of(day).to_string(),
        office: office.to_owned(),
        kind: kind.key().into(),
        days: 0,
        requests: 1,
    };
    let mut rows: Vec<Row> = rules.iter().map(row).collect();
    rows.sort();
    count(transaction, &rows).await
}

/// A figure at an office, or at all of them without one, for each type and each number of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub period: String,
    pub office: String,
    pub kind: Option<RequestKind>,
    pub days: i64,
    pub requests: i64,
}

fn kind_of(key: &str) -> Result<Option<RequestKind>, StoreError> {
    if key.is_empty() {
        return Ok(None);
    }
    RequestKind::from_key(key).map(Some).ok_or(StoreError::inconsistent("report_tally", "kind"))
}

type CountedRow = (String, String, String, i64, i64);

fn counted(rows: Vec<CountedRow>) -> Result<Vec<Counted>, StoreError> {
    let read =
        |(period, office, kind, days, requests): CountedRow| Ok(Counted { period, office, kind: kind_of(&kind)?, days, requests });
    rows.into_iter().map(read).collect()
}

fn code(office: Option<&OfficeCode>) -> &str {
    office.map_or("", OfficeCode::as_str)
}

/// A figure of a month.
pub async fn of_month(
    connection: &mut Connection,
    figure: Figure,
    month: Month,
    office: Option<&OfficeCode>,
) -> Result<Vec<Counted>, StoreError> {
    let month = month.to_string();
    counted(fetch!(connection, fetch_all, CountedRow, &OF_PERIOD, figure.key(), &month, &month, code(office))?)
}

/// Requests that are open now, by the day of their receipt.
pub async fn open_now(connection: &mut Connection, office: Option<&OfficeCode>) -> Result<Vec<Counted>, StoreError> {
    counted(fetch!(connection, fetch_all, CountedRow, &OF_PERIOD, Figure::Open.key(), "", "9999-99", code(office))?)
}

/// A figure month by month, all types together. A month with nothing is left out.
pub async fn by_month(
    connection: &mut Connection,
    figure: Figure,
    (from, until): (Month, Month),
    office: Option<&OfficeCode>,
) -> Result<Vec<(Month, i64)>, StoreError> {
    let (from, until) = (from.to_string(), until.to_string());
    let rows = fetch!(connection, fetch_all, (String, i64), &SUMS, figure.key(), from, until, code(office))?;
    let read = |(period, requests): (String, i64)| {
        Ok((period.parse().map_err(|_| StoreError::inconsistent("report_tally", "period"))?, requests))
    };
    rows.into_iter().map(read).collect()
}

/// A figure of a month day by day, all types together. None for a figure that is kept for months only.
pub async fn of_days(
    connection: &mut Connection,
    figure: Figure,
    month: Month,
    office: Option<&OfficeCode>,
) -> Result<Option<Vec<(NaiveDate, i64)>>, StoreError> {
    let Some(key) = by_day(figure) else { return Ok(None) };
    let (from, until) = (month.first_day().to_string(), month.last_day().to_string());
    let rows = fetch!(connection, fetch_all, (String, i64), &SUMS, key, from, until, code(office))?;
    let read = |(period, requests): (String, i64)| {
        Ok((period.parse().map_err(|_| StoreError::inconsistent("report_tally", "period"))?, requests))
    };
    rows.into_iter().map(read).collect::<Result<_, _>>().map(Some)
}

/// The sum of a figure from the beginning to the end of a month, by office and type.
pub async fn until(
    connection: &mut Connection,
    figure: Figure,
    month: Month,
    office: Option<&OfficeCode>,
) -> Result<Vec<(String, Option<RequestKind>, i64)>, StoreError> {
    let rows = fetch!(connection, fetch_all, (String, String, i64), &UNTIL, figure.key(), month.to_string(), code(office))?;
    let read = |(office, kind, requests): (String, String, i64)| Ok((office, kind_of(&kind)?, requests));
    rows.into_iter().map(read).collect()
}

/// The first month of which anything was received.
pub async fn first_month(connection: &mut Connection) -> Result<Option<Month>, StoreError> {
    let row = fetch!(connection, fetch_optional, (String,), &FIRST, Figure::Received.key())?;
    row.map(|(period,)| period.parse().map_err(|_| StoreError::inconsistent("report_tally", "period"))).transpose()
}

/// What the check found in a month, and how often; rules that found nothing are left out.
pub async fn findings(
    connection: &mut Connection,
    month: Month,
    office: Option<&OfficeCode>,
) -> Result<Vec<(Rule, i64)>, StoreError> {
    let (mut found, month) = (Vec::new(), month.to_string());
    for rule in Rule::ALL {
        let figure = finding(rule);
        let row = fetch!(connection, fetch_optional, (String, i64), &SUMS, figure, &month, &month, code(office))?;
        found.extend(row.map(|(_, times)| (rule, times)));
    }
    Ok(found)
}

/// Every figure that is not 0. For tests, and for whoever doubts them.
pub async fn all(connection: &mut Connection) -> Result<Vec<Row>, StoreError> {
    let read = |(figure, period, office, kind, days, requests)| Row { figure, period, office, kind, days, requests };
    let rows = fetch!(connection, fetch_all, (String, String, String, String, i64, i64), &ALL)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Some requests, in the order of their ids, from after one of them; nil comes before all.
pub async fn requests_after(connection: &mut Connection, id: Uuid, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &REQUESTS, id, most)?.into_iter().map(|(id,)| id).collect())
}

/// Forgets the days of whose requests none is open any more.
pub async fn forget_empty(transaction: &mut Connection) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET_EMPTY)?)
}

/// Some requests that are in no figure yet.
pub async fn to_tally(connection: &mut Connection, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &TO_TALLY, most)?.into_iter().map(|(id,)| id).collect())
}

/// Keeps what is published of a month. False if that was done before: it stays as it was.
pub async fn add_report(transaction: &mut Connection, report: &ServiceReport, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let content = serde_json::to_string(report).map_err(|_| StoreError::inconsistent("service_report", "content"))?;
    Ok(execute!(transaction, &ADD_REPORT, report.month.to_string(), content, at)? > 0)
}

/// What was published of a month.
pub async fn report(connection: &mut Connection, month: Month) -> Result<Option<ServiceReport>, StoreError> {
    let row = fetch!(connection, fetch_optional, (String,), &REPORT, month.to_string())?;
    row.map(|(content,)| serde_json::from_str(&content).map_err(|_| StoreError::inconsistent("service_report", "content")))
        .transpose()
}

/// The months of which something was published, the newest first.
pub async fn months(connection: &mut Connection) -> Result<Vec<Month>, StoreError> {
    let read = |(month,): (String,)| month.parse().map_err(|_| StoreError::inconsistent("service_report", "month"));
    fetch!(connection, fetch_all, (String,), &MONTHS)?.into_iter().map(read).collect()
}
