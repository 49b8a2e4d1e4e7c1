//! Extract files that were taken in, and their scans.

use chrono::{DateTime, NaiveDateTime, Utc};
use shared::case_status::ReceiptNumber;
use shared::delivery_tracking::{EventCode, TrackingNumber};
use uuid::Uuid;

use crate::StoreError;
use crate::case_status::LOCAL_TIME;
use crate::data_key::Keys;
use crate::engine::{Bulk, Connection, On, execute, fetch, statement, write_rows};

statement! { main,
    FIND = "SELECT id, file_name, began_at, progress_at, finished_at, records, events, duplicates, no_scans, quarantined, \
            first_scan_at, last_scan_at FROM usps_extract WHERE content_hash = $1";
    BEGIN = "INSERT INTO usps_extract (id, content_hash, file_name, began_at, progress_at, records, events, duplicates, no_scans, \
             quarantined) VALUES ($1, $2, $3, $4, $4, 0, 0, 0, 0, 0)";
    SAVE_PROGRESS = "UPDATE usps_extract SET progress_at = $2, records = $3, events = $4, duplicates = $5, no_scans = $6, \
                     quarantined = $7, first_scan_at = $8, last_scan_at = $9 WHERE id = $1";
    FINISH = "UPDATE usps_extract SET finished_at = $2, cases_updated_at = NULL WHERE id = $1";
    NEWEST = "SELECT id, file_name, began_at, progress_at, finished_at, records, events, duplicates, no_scans, quarantined, \
              first_scan_at, last_scan_at FROM usps_extract ORDER BY began_at DESC, id DESC LIMIT $1";
    LATEST_FINISH = "SELECT max(finished_at) FROM usps_extract";
    NOT_UPDATED = "SELECT id, progress_at FROM usps_extract WHERE cases_updated_at IS NULL \
                   AND (finished_at IS NOT NULL OR progress_at < $1) ORDER BY began_at, id";
    SET_UPDATED = "UPDATE usps_extract SET cases_updated_at = $3 WHERE id = $1 AND progress_at = $2";
}

/// What a run did with a file's records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub records: i64,
    /// Scans that were not there before.
    pub events: i64,
    pub duplicates: i64,
    /// Receipts of the mailer's own list, which are no scans.
    pub no_scans: i64,
    pub quarantined: i64,
    pub first_scan_at: Option<NaiveDateTime>,
    pub last_scan_at: Option<NaiveDateTime>,
}

/// A file that was, or is being, taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    pub id: Uuid,
    pub file_name: String,
    pub began_at: DateTime<Utc>,
    pub progress_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub counts: Counts,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    file_name: String,
    began_at: DateTime<Utc>,
    progress_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    records: i64,
    events: i64,
    duplicates: i64,
    no_scans: i64,
    quarantined: i64,
    first_scan_at: Option<String>,
    last_scan_at: Option<String>,
}

impl TryFrom<Row> for Extract {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let time = |text: Option<String>| text.map(|text| read_local(&text)).transpose();
        Ok(Self {
            id: row.id,
            file_name: row.file_name,
            began_at: row.began_at,
            progress_at: row.progress_at,
            finished_at: row.finished_at,
            counts: Counts {
                records: row.records,
                events: row.events,
                duplicates: row.duplicates,
                no_scans: row.no_scans,
                quarantined: row.quarantined,
                first_scan_at: time(row.first_scan_at)?,
                last_scan_at: time(row.last_scan_at)?,
            },
        })
    }
}

pub(super) fn read_local(text: &str) -> Result<NaiveDateTime, StoreError> {
    NaiveDateTime::parse_from_str(text, LOCAL_TIME).map_err(|_| StoreError::inconsistent("scan_event", "scanned_at"))
}

pub(super) fn write_local(at: NaiveDateTime) -> String {
    at.format(LOCAL_TIME).to_string()
}

/// The file of this content, if it was taken in before, wholly or in part.
pub async fn find(connection: &mut Connection, content_hash: &[u8]) -> Result<Option<Extract>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, content_hash)?.map(Extract::try_from).transpose()
}

/// Notes that a file is being taken in.
pub async fn begin(
    transaction: &mut Connection,
    id: Uuid,
    content_hash: &[u8],
    file_name: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &BEGIN, id, content_hash, file_name, now)?;
    Ok(())
}

/// Saves how far a file was taken in, in the transaction that took it so far.
pub async fn save_progress(transaction: &mut Connection, id: Uuid, counts: &Counts, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (first, last) = (counts.first_scan_at.map(write_local), counts.last_scan_at.map(write_local));
    let Counts { records, events, duplicates, no_scans, quarantined, .. } = *counts;
    execute!(transaction, &SAVE_PROGRESS, id, now, records, events, duplicates, no_scans, quarantined, first, last)?;
    Ok(())
}

/// Notes that a whole file was taken in; its cases are to be updated.
pub async fn finish(transaction: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &FINISH, id, now)?;
    // A table that was filled a moment ago looks empty to PostgreSQL's planner: the update of cases would read it whole, again
    // and again. SQLite plans without figures.
    if let On::Postgres(connection) = transaction.on() {
        sqlx::raw_sql("ANALYZE scan_event").execute(connection).await?;
    }
    Ok(())
}

/// The newest runs first.
pub async fn extracts(connection: &mut Connection, most: i64) -> Result<Vec<Extract>, StoreError> {
    fetch!(connection, fetch_all, Row, &NEWEST, most)?.into_iter().map(Extract::try_from).collect()
}

/// When an extract last came in whole.
pub async fn latest_finish(connection: &mut Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(fetch!(connection, fetch_one, (Option<DateTime<Utc>>,), &LATEST_FINISH)?.0)
}

/// An extract whose scans not all cases show.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct NotUpdated {
    pub id: Uuid,
    progress_at: DateTime<Utc>,
}

/// Extracts whose scans no case shows yet: taken in whole, or given up before `quiet_since`.
pub async fn not_updated(connection: &mut Connection, quiet_since: DateTime<Utc>) -> Result<Vec<NotUpdated>, StoreError> {
    Ok(fetch!(connection, fetch_all, NotUpdated, &NOT_UPDATED, quiet_since)?)
}

/// Notes that every case with scans of an extract shows them, unless more of it came in meanwhile.
pub async fn set_updated(connection: &mut Connection, extract: NotUpdated, now: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(connection, &SET_UPDATED, extract.id, extract.progress_at, now)?;
    Ok(())
}

/// A scan of a file.
#[derive(Debug, Clone)]
pub struct NewScan {
    /// Of the piece: the original label of one that was labelled anew.
    pub tracking_number: TrackingNumber,
    /// The label that was scanned, if it is another.
    pub label: Option<TrackingNumber>,
    pub code: EventCode,
    /// As the file names it.
    pub event_name: String,
    pub scanned_at: NaiveDateTime,
    /// Five digits, or nothing.
    pub facility_zip: String,
    pub facility: String,
    /// Five digits, or nothing. Only a keyed hash of it is stored.
    pub destination_zip: String,
    pub receipt_number: Option<ReceiptNumber>,
}

/// A ZIP code as it is compared: five digits of it, under a key.
pub(super) fn zip_index(keys: &Keys, zip: &str) -> Option<Vec<u8>> {
    let zip = zip.get(..5).filter(|zip| zip.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(keys.blind_index("zip", zip))
}

/// Adds scans and says how many were not there before. The same scan may come in several files, and twice in one.
pub async fn add_scans(
    transaction: &mut Connection,
    keys: &Keys,
    extract: Uuid,
    scans: &[NewScan],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let row = |scan: &NewScan| {
        vec![
            Bulk::Text(scan.tracking_number.as_str().to_owned()),
            Bulk::Text(scan.code.as_str().to_owned()),
            Bulk::Text(write_local(scan.scanned_at)),
            Bulk::Text(scan.facility_zip.clone()),
            Bulk::OptionalText(scan.label.as_ref().map(|label| label.as_str().to_owned())),
            Bulk::Text(scan.event_name.clone()),
            Bulk::Text(scan.facility.clone()),
            Bulk::OptionalBytes(zip_index(keys, &scan.destination_zip)),
            Bulk::OptionalText(scan.receipt_number.as_ref().map(|number| number.as_str().to_owned())),
            Bulk::Id(extract),
            Bulk::At(now),
        ]
    };
    let head = "INSERT INTO scan_event (tracking_number, event_code, scanned_at, facility_zip, label, event_name, facility, \
                zip_index, receipt_number, extract_id, recorded_at) ";
    write_rows(transaction, head, scans.iter().map(row), " ON CONFLICT DO NOTHING").await
}
