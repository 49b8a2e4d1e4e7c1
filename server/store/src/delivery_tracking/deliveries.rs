//! What a case's row says of its mail: worked out from all mailings and scans, so that the order in which they came in does
//! not matter.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::case_feed::{CaseEvent, Document, Notice};
use shared::delivery_tracking::{EventCode, MAILING_WINDOW, ScanKind, TrackingNumber, window_of};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::extract::{read_local, zip_index};
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Bulk, Connection, fetch, fetch_in, statement, write_rows};
use crate::notification::note_changes;

statement! { main,
    NUMBERS = "SELECT DISTINCT tracking_number FROM scan_event WHERE extract_id = $1 AND tracking_number > $2 \
               ORDER BY tracking_number LIMIT $3";
    MISDELIVERED = "SELECT count(*) FROM mailing WHERE elsewhere_found_at IS NOT NULL";
}

/// A piece of mail of a case, as it stands in the case's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedDelivery {
    pub number: String,
    /// The action code of the event that mailed it; none for a piece that only its reference ties to the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed_on: Option<NaiveDate>,
    /// When the mailing was recorded; none for a piece that only its reference ties to the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recorded: Option<DateTime<Utc>>,
    /// Oldest first.
    pub scans: Vec<RecordedScan>,
}

/// A scan, as it stands in a case's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedScan {
    pub code: String,
    pub name: String,
    pub at: NaiveDateTime,
    pub place: String,
    pub recorded: DateTime<Utc>,
}

impl RecordedDelivery {
    /// The piece as it was known by `as_of`; none if nothing was.
    pub(crate) fn known_by(mut self, as_of: DateTime<Utc>) -> Option<Self> {
        self.scans.retain(|scan| scan.recorded <= as_of);
        let is_known = self.recorded.map_or(!self.scans.is_empty(), |recorded| recorded <= as_of);
        is_known.then_some(self)
    }

    pub fn document(&self) -> Option<Document> {
        self.document.as_deref().and_then(Document::from_key)
    }

    pub fn notice(&self) -> Option<Notice> {
        self.notice.as_deref().and_then(Notice::from_key)
    }
}

pub(crate) fn read_deliveries(json: &str) -> Result<Vec<RecordedDelivery>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::inconsistent("case_record", "deliveries"))
}

/// A mailing that an event states.
#[derive(Debug)]
pub(crate) struct NewMailing {
    event_id: String,
    case_id: Uuid,
    number: TrackingNumber,
    mailed_on: NaiveDate,
    code: String,
    document: Option<Document>,
    notice: Option<Notice>,
    zip_index: Option<Vec<u8>>,
}

impl NewMailing {
    /// None for an event without a tracking number that the carrier would know.
    pub fn of(keys: &Keys, case_id: Uuid, event: &CaseEvent, mailed_on: NaiveDate) -> Option<Self> {
        let said = &event.parameters;
        let number = TrackingNumber::parse(said.tracking_number.as_deref()?).ok()?;
        let address = event.mailing_address.as_ref().map(Sensitive::expose);
        let zip = address.and_then(|address| address.postal_code.as_deref()).unwrap_or_default();
        Some(Self {
            event_id: event.event_id.as_str().to_owned(),
            case_id,
            number,
            mailed_on,
            code: event.action_code.as_str().to_owned(),
            document: said.document,
            notice: said.notice,
            zip_index: zip_index(keys, zip),
        })
    }
}

/// Adds mailings, and renews the rows of cases with scans of these numbers, and of new cases that scans have waited for.
pub(crate) async fn add_mailings(
    transaction: &mut Connection,
    mailings: &[NewMailing],
    new_cases: &[String],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |mailing: &NewMailing| {
        vec![
            Bulk::Text(mailing.event_id.clone()),
            Bulk::Id(mailing.case_id),
            Bulk::Text(mailing.number.as_str().to_owned()),
            Bulk::Text(mailing.mailed_on.to_string()),
            Bulk::Text(mailing.code.clone()),
            Bulk::OptionalText(mailing.document.map(|document| document.key().to_owned())),
            Bulk::OptionalText(mailing.notice.map(|notice| notice.key().to_owned())),
            Bulk::OptionalBytes(mailing.zip_index.clone()),
        ]
    };
    let head = "INSERT INTO mailing (event_id, case_id, tracking_number, mailed_on, action_code, document, notice, zip_index) ";
    write_rows(transaction, head, mailings.iter().map(row), "").await?;
    let mut numbers: HashSet<String> = mailings.iter().map(|mailing| mailing.number.as_str().to_owned()).collect();
    let waiting = "SELECT DISTINCT tracking_number FROM scan_event WHERE receipt_number IN ";
    numbers.extend(fetch_in!(transaction, (String,), waiting, new_cases, "").into_iter().map(|(number,)| number));
    let numbers: Vec<String> = numbers.into_iter().collect();
    renew(transaction, &numbers, now).await?;
    Ok(())
}

/// The numbers of an extract's scans in their order, so many after `number`.
pub async fn numbers_after(connection: &mut Connection, extract: Uuid, number: &str, most: i64) -> Result<Vec<String>, StoreError> {
    let numbers = fetch!(connection, fetch_all, (String,), &NUMBERS, extract, number, most)?;
    Ok(numbers.into_iter().map(|(number,)| number).collect())
}

/// Mailings that the carrier delivered to another ZIP code than they were mailed to.
pub async fn misdelivered(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &MISDELIVERED)?.0)
}

#[derive(Debug, Clone, sqlx::FromRow)]
struct MailingRow {
    event_id: String,
    case_id: Uuid,
    tracking_number: String,
    mailed_on: String,
    action_code: String,
    document: Option<String>,
    notice: Option<String>,
    zip_index: Option<Vec<u8>>,
    recorded_at: DateTime<Utc>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
struct ScanRow {
    tracking_number: String,
    event_code: String,
    scanned_at: String,
    event_name: String,
    facility: String,
    zip_index: Option<Vec<u8>>,
    receipt_number: Option<String>,
    recorded_at: DateTime<Utc>,
}

/// Works out anew what the rows of all cases say that these numbers touch.
pub async fn renew(transaction: &mut Connection, numbers: &[String], now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    let touched = "SELECT DISTINCT case_id FROM mailing WHERE tracking_number IN ";
    let mut cases: HashSet<Uuid> = fetch_in!(transaction, (Uuid,), touched, numbers, "").into_iter().map(|(id,)| id).collect();
    let referred = "SELECT DISTINCT case_record.id FROM scan_event JOIN case_record \
                    ON case_record.receipt_number = scan_event.receipt_number WHERE scan_event.tracking_number IN ";
    cases.extend(fetch_in!(transaction, (Uuid,), referred, numbers, "").into_iter().map(|(id,)| id));
    let cases: Vec<Uuid> = cases.into_iter().collect();

    // All mail of these cases, not only what was touched: a row is written whole. A number of no case waits.
    let of_cases = "SELECT DISTINCT tracking_number FROM mailing WHERE case_id IN ";
    let of_cases = fetch_in!(transaction, (String,), of_cases, &cases, "");
    let mut all: HashSet<String> = of_cases.into_iter().map(|(number,)| number).collect();
    let names: Vec<(Uuid, String)> =
        fetch_in!(transaction, (Uuid, String), "SELECT id, receipt_number FROM case_record WHERE id IN ", &cases, "");
    let receipts: Vec<String> = names.iter().map(|(_, receipt)| receipt.clone()).collect();
    let by_reference = "SELECT DISTINCT tracking_number FROM scan_event WHERE receipt_number IN ";
    all.extend(fetch_in!(transaction, (String,), by_reference, &receipts, "").into_iter().map(|(number,)| number));
    let all: Vec<String> = all.into_iter().collect();

    let head = "SELECT mailing.event_id, mailing.case_id, mailing.tracking_number, mailing.mailed_on, mailing.action_code, \
                mailing.document, mailing.notice, mailing.zip_index, case_event.recorded_at \
                FROM mailing JOIN case_event ON case_event.event_id = mailing.event_id WHERE mailing.tracking_number IN ";
    let mailings = fetch_in!(transaction, MailingRow, head, &all, "");
    let head = "SELECT tracking_number, event_code, scanned_at, event_name, facility, zip_index, receipt_number, recorded_at \
                FROM scan_event WHERE tracking_number IN ";
    let scans = fetch_in!(transaction, ScanRow, head, &all, "");
    let ids: HashMap<&str, Uuid> = names.iter().map(|(id, receipt)| (receipt.as_str(), *id)).collect();
    let worked_out = work_out(mailings, scans, &ids)?;
    save(transaction, &cases, worked_out, now).await?;
    note_changes(transaction, now, &cases).await?;
    Ok(cases)
}

/// What the rows of cases are to say, and of the events that state a mailing, whether it was delivered elsewhere.
#[derive(Debug, Default)]
struct WorkedOut {
    of_case: HashMap<Uuid, Vec<RecordedDelivery>>,
    elsewhere: Vec<String>,
    not_elsewhere: Vec<String>,
}

/// Deals every number's scans out to its mailings, and what is left to the cases that they name.
fn work_out(mailings: Vec<MailingRow>, scans: Vec<ScanRow>, cases: &HashMap<&str, Uuid>) -> Result<WorkedOut, StoreError> {
    let mut by_number: BTreeMap<String, (Vec<MailingRow>, Vec<ScanRow>)> = BTreeMap::new();
    for mailing in mailings {
        by_number.entry(mailing.tracking_number.clone()).or_default().0.push(mailing);
    }
    for scan in scans {
        by_number.entry(scan.tracking_number.clone()).or_default().1.push(scan);
    }
    let mut worked_out = WorkedOut::default();
    for (number, (mailings, scans)) in by_number {
        deal_out(&number, mailings, scans, cases, &mut worked_out)?;
    }
    for deliveries in worked_out.of_case.values_mut() {
        let begins = |delivery: &RecordedDelivery| delivery.mailed_on.or(delivery.scans.first().map(|scan| scan.at.date()));
        deliveries.sort_by(|a, b| (begins(a), &a.number).cmp(&(begins(b), &b.number)));
    }
    Ok(worked_out)
}

fn deal_out(
    number: &str,
    mailings: Vec<MailingRow>,
    mut scans: Vec<ScanRow>,
    cases: &HashMap<&str, Uuid>,
    worked_out: &mut WorkedOut,
) -> Result<(), StoreError> {
    let stated: Vec<String> = mailings.iter().map(|mailing| mailing.event_id.clone()).collect();
    scans.sort_by(|a, b| (&a.scanned_at, &a.event_code, &a.facility).cmp(&(&b.scanned_at, &b.event_code, &b.facility)));
    let pieces = pieces_of(mailings)?;
    let mut of_piece: Vec<Vec<&ScanRow>> = vec![Vec::new(); pieces.len()];
    let mut left: BTreeMap<Uuid, Vec<&ScanRow>> = BTreeMap::new();
    for scan in &scans {
        let day = read_local(&scan.scanned_at)?.date();
        // The newest mailing that the scan can be of: the number may have been used before.
        let owner = pieces.iter().rposition(|piece| {
            let (first, last) = window_of(piece.mailed_on);
            (first..=last).contains(&day)
        });
        match (owner, scan.receipt_number.as_deref().and_then(|receipt| cases.get(receipt))) {
            (Some(owner), _) => of_piece[owner].push(scan),
            (None, Some(case)) => left.entry(*case).or_default().push(scan),
            (None, None) => {}
        }
    }
    for (piece, scans) in pieces.into_iter().zip(of_piece) {
        if is_elsewhere(&piece.mailing, &scans) {
            worked_out.elsewhere.push(piece.mailing.event_id.clone());
        }
        let delivery = RecordedDelivery {
            number: number.to_owned(),
            code: Some(piece.mailing.action_code),
            document: piece.mailing.document,
            notice: piece.mailing.notice,
            mailed_on: Some(piece.mailed_on),
            recorded: Some(piece.mailing.recorded_at),
            scans: scans.into_iter().map(recorded).collect::<Result<_, _>>()?,
        };
        worked_out.of_case.entry(piece.mailing.case_id).or_default().push(delivery);
    }
    worked_out.not_elsewhere.extend(stated.into_iter().filter(|event| !worked_out.elsewhere.contains(event)));
    for (case, scans) in left {
        let scans = scans.into_iter().map(recorded).collect::<Result<Vec<_>, _>>()?;
        for scans in in_windows(scans) {
            let piece = RecordedDelivery {
                number: number.to_owned(),
                code: None,
                document: None,
                notice: None,
                mailed_on: None,
                recorded: None,
                scans,
            };
            worked_out.of_case.entry(case).or_default().push(piece);
        }
    }
    Ok(())
}

/// A mailing that stands for itself and for what repeats it.
struct Piece {
    mailed_on: NaiveDate,
    mailing: MailingRow,
}

/// The pieces that one number was used for, oldest first. Several events of a case may state one mailing: the first counts.
fn pieces_of(mailings: Vec<MailingRow>) -> Result<Vec<Piece>, StoreError> {
    let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| StoreError::inconsistent("mailing", "mailed_on"));
    let mut all = mailings
        .into_iter()
        .map(|mailing| Ok(Piece { mailed_on: day(&mailing.mailed_on)?, mailing }))
        .collect::<Result<Vec<_>, StoreError>>()?;
    all.sort_by(|a, b| (a.mailed_on, &a.mailing.event_id).cmp(&(b.mailed_on, &b.mailing.event_id)));
    let mut pieces: Vec<Piece> = Vec::new();
    for piece in all {
        let repeats =
            |known: &Piece| known.mailing.case_id == piece.mailing.case_id && piece.mailed_on <= window_of(known.mailed_on).1;
        if !pieces.iter().any(repeats) {
            pieces.push(piece);
        }
    }
    Ok(pieces)
}

/// Cuts scans that no mailing explains into pieces: a number is used again after the window.
fn in_windows(scans: Vec<RecordedScan>) -> Vec<Vec<RecordedScan>> {
    let mut pieces: Vec<Vec<RecordedScan>> = Vec::new();
    for scan in scans {
        let fits = |piece: &Vec<RecordedScan>| {
            piece
                .first()
                .and_then(|first| first.at.date().checked_add_days(MAILING_WINDOW))
                .is_some_and(|last| scan.at.date() <= last)
        };
        match pieces.last_mut().filter(|piece| fits(piece)) {
            Some(piece) => piece.push(scan),
            None => pieces.push(vec![scan]),
        }
    }
    pieces
}

fn recorded(scan: &ScanRow) -> Result<RecordedScan, StoreError> {
    Ok(RecordedScan {
        code: scan.event_code.clone(),
        name: scan.event_name.clone(),
        at: read_local(&scan.scanned_at)?,
        place: scan.facility.clone(),
        recorded: scan.recorded_at,
    })
}

/// Whether the carrier delivered to another ZIP code than the agency mailed to. Where it was scanned says nothing of that.
fn is_elsewhere(mailing: &MailingRow, scans: &[&ScanRow]) -> bool {
    let is_delivery = |scan: &&&ScanRow| EventCode::parse(&scan.event_code).map(ScanKind::of) == Some(ScanKind::Delivered);
    let delivered = scans.iter().rfind(is_delivery);
    match (&mailing.zip_index, delivered.and_then(|scan| scan.zip_index.as_ref())) {
        (Some(mailed), Some(delivered)) => mailed != delivered,
        _ => false,
    }
}

async fn save(
    transaction: &mut Connection,
    cases: &[Uuid],
    mut worked_out: WorkedOut,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for case in cases {
        let deliveries = worked_out.of_case.remove(case).unwrap_or_default();
        let json = serde_json::to_string(&deliveries).map_err(|_| StoreError::inconsistent("case_record", "deliveries"))?;
        rows.push(vec![Bulk::Id(*case), Bulk::Text(json)]);
    }
    let tail = ") AS renewed WHERE case_record.id = renewed.column1 AND case_record.deliveries <> renewed.column2";
    write_rows(transaction, "UPDATE case_record SET deliveries = renewed.column2 FROM (", rows, tail).await?;
    let found = worked_out.elsewhere.into_iter().map(|event| vec![Bulk::Text(event), Bulk::At(now)]);
    let tail = ") AS found WHERE mailing.event_id = found.column1 AND mailing.elsewhere_found_at IS NULL";
    write_rows(transaction, "UPDATE mailing SET elsewhere_found_at = found.column2 FROM (", found, tail).await?;
    let withdrawn = worked_out.not_elsewhere.into_iter().map(|event| vec![Bulk::Text(event)]);
    let tail = ") AS withdrawn WHERE mailing.event_id = withdrawn.column1 AND mailing.elsewhere_found_at IS NOT NULL";
    write_rows(transaction, "UPDATE mailing SET elsewhere_found_at = NULL FROM (", withdrawn, tail).await?;
    Ok(())
}
