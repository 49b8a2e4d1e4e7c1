//! Taking figures or a list out of the console: with a reason, a fresh second factor, a limit, and an entry in the audit log.

use shared::office::OfficeCode;
use shared::report::{Figure, Month};
use shared::service_request::RequestKind;

use super::month::{Figures, MonthReport, read};
use crate::service_request::{List, Page, Shown, list};
use crate::{Action, Context, Error, Officer};

/// Most requests in a file. Who needs more narrows the list, and asks again.
pub const MOST_ROWS: usize = 5_000;

/// Why something is taken out. A closed list: words of one's own could hold what no log should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportReason {
    /// Planning the office's work.
    Planning,
    /// A meeting or a report of the agency.
    Management,
    /// An inspection, an audit or a court asks for it.
    Oversight,
    /// Checking the quality of the work.
    Quality,
}

impl ExportReason {
    pub const ALL: [Self; 4] = [Self::Planning, Self::Management, Self::Oversight, Self::Quality];

    /// The word in the audit log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Management => "management",
            Self::Oversight => "oversight",
            Self::Quality => "quality",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

/// The file that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }
}

/// A value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
    Empty,
}

/// A table with its heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub title: &'static str,
    pub heads: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

/// What was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Of the file, without its ending.
    pub name: String,
    pub sheet: Sheet,
}

/// What became of the wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    Taken(Export),
    /// It would be more than [`MOST_ROWS`].
    TooMany,
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn days(days: Option<u16>) -> Cell {
    days.map_or(Cell::Empty, |days| Cell::Number(days.into()))
}

const HEADS: [(&str, Option<Figure>); 12] = [
    ("received", Some(Figure::Received)),
    ("answered", Some(Figure::Answered)),
    ("answered_again", Some(Figure::AnsweredAgain)),
    ("reopened", Some(Figure::Reopened)),
    ("redirected_away", Some(Figure::RedirectedAway)),
    ("redirected_here", Some(Figure::RedirectedHere)),
    ("withdrawn", Some(Figure::Withdrawn)),
    ("made_again", Some(Figure::Superseded)),
    ("open_at_end", None),
    ("answers_with_days", None),
    ("half_answered_within_days", None),
    ("nine_in_ten_answered_within_days", None),
];

/// The figures of a month, of an office or of all, as a table. One row for each type, and for each office where it is of all.
pub async fn export_figures(
    ctx: &Context,
    officer: &Officer,
    (month, office): (Month, Option<OfficeCode>),
    (reason, format): (ExportReason, Format),
) -> Result<Exported, Error> {
    officer.check_somewhere(Action::Export)?;
    officer.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    let report = read(ctx, &mut transaction, month, office).await?;
    let sheet = Sheet { title: "Figures", heads: heads(), rows: figure_rows(&report) };
    let place = report.office.as_ref().map_or("all", OfficeCode::as_str).to_owned();
    let detail = serde_json::json!({
        "what": "figures", "month": month.to_string(), "office": place, "rows": sheet.rows.len(), "reason": reason.key(), "format": format.key(),
    });
    ctx.audit(&mut transaction, officer.actor(), "report.export", &place, detail).await?;
    transaction.commit().await?;
    Ok(Exported::Taken(Export { name: format!("figures-{month}-{}", place.to_lowercase()), sheet }))
}

fn heads() -> Vec<&'static str> {
    ["month", "office", "type"].into_iter().chain(HEADS.map(|(head, _)| head)).collect()
}

fn figure_rows(report: &MonthReport) -> Vec<Vec<Cell>> {
    let office = report.office.as_ref().map_or("all", OfficeCode::as_str);
    let mut rows = vec![figure_row(report.month, office, "all", &report.all)];
    rows.extend(report.kinds.iter().map(|(kind, figures)| figure_row(report.month, office, kind.key(), figures)));
    if report.office.is_none() {
        rows.extend(report.offices.iter().map(|(office, figures)| figure_row(report.month, office, "all", figures)));
    }
    rows
}

fn figure_row(month: Month, office: &str, kind: &str, figures: &Figures) -> Vec<Cell> {
    let mut row = vec![text(month.to_string()), text(office), text(kind)];
    row.extend(HEADS.iter().filter_map(|(_, figure)| figure.map(|figure| Cell::Number(figures.get(figure)))));
    let people = i64::try_from(figures.days.people()).unwrap_or(i64::MAX);
    row.extend([Cell::Number(figures.open), Cell::Number(people), days(figures.days.half()), days(figures.days.nine_in_ten())]);
    row
}

/// A list of an office's requests as a table: what the list shows, and nobody's name. The receipt number of a protected case is left
/// out, as it is there, unless the officer may see it.
pub async fn export_list(
    ctx: &Context,
    officer: &Officer,
    wanted: &List,
    (reason, format): (ExportReason, Format),
) -> Result<Exported, Error> {
    officer.check(Action::Export, &wanted.office)?;
    officer.check_fresh(ctx.now())?;
    let mut rows = Vec::new();
    let mut asked = List { page: Page::First, size: usize::MAX, ..wanted.clone() };
    loop {
        let page = list(ctx, officer, &asked).await?;
        rows.extend(page.requests.iter().map(|shown| request_row(ctx, shown)));
        if rows.len() > MOST_ROWS {
            return Ok(Exported::TooMany);
        }
        let Some(after) = page.after else { break };
        asked.page = Page::After(after);
    }
    let office = wanted.office.as_str();
    let sheet = Sheet {
        title: "Requests",
        heads: vec!["number", "receipt_number", "form", "type", "came_by", "language", "state", "office", "received_on", "due_on"],
        rows,
    };
    let detail = serde_json::json!({
        "what": "requests", "list": wanted.queue.key(), "rows": sheet.rows.len(), "reason": reason.key(), "format": format.key(),
    });
    let mut transaction = ctx.store.begin().await?;
    ctx.audit(&mut transaction, officer.actor(), "report.export", office, detail).await?;
    transaction.commit().await?;
    let name = format!("requests-{}-{}-{}", office.to_lowercase(), wanted.queue.key().replace('_', "-"), ctx.today());
    Ok(Exported::Taken(Export { name, sheet }))
}

fn request_row(ctx: &Context, Shown { listed, receipt_number }: &Shown) -> Vec<Cell> {
    vec![
        text(listed.number.grouped()),
        receipt_number.as_ref().map_or(Cell::Empty, |number| text(number.as_str())),
        text(listed.form.clone()),
        text(RequestKind::key(listed.kind)),
        text(listed.source.key()),
        text(listed.locale.tag()),
        text(listed.state.clone()),
        listed.placement.office.as_ref().map_or(Cell::Empty, |office| text(office.as_str())),
        text(ctx.day_of(listed.received_at).to_string()),
        text(listed.placement.due_on.to_string()),
    ]
}
