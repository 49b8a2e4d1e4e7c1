//! Reads of a look-up: protection first, from the primary; then the case's events.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use shared::case_feed::{Appointment, AppointmentKind, Document, EventParameters, Notice};
use shared::case_status::{FormNumber, ReceiptNumber};
use shared::office::OfficeCode;
use shared::protection::{Evidence, Marker};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, fetch, statement};

statement! { main,
    // One row whatever was asked, by one step in the index: the number's own or its neighbour's, which is not looked at.
    PROTECTION = "SELECT id, receipt_number, form, category, markers, \
                  CAST(COALESCE((SELECT failures FROM look_up_failure WHERE number_mac = $2 AND day = $3), 0) AS BIGINT) AS failures \
                  FROM case_record WHERE receipt_number >= $1 ORDER BY receipt_number LIMIT 1";
    EVENTS = "SELECT action_code, occurred_at, form, filed_on, received_on, office, document, tracking_number, notice, \
              receiving_office, appointment_kind, appointment_at, appointment_office \
              FROM case_event WHERE case_id = $1 AND recorded_at <= $2 ORDER BY occurred_at, event_id";
}

/// A case that nobody has, with one marker and one event that is not public.
pub const DECOY: Uuid = Uuid::nil();

/// A set of one marker, as it stands in a row.
const A_MARKER: &str = r#"[{"kind":"class_of_admission","code":"U1","category":"","from":"2020-01-01","to":null}]"#;

/// What protects the case of a number.
#[derive(Debug)]
pub struct Protection {
    /// None for a number that nobody has.
    pub case_id: Option<Uuid>,
    /// Of a number that nobody has: some, so that deciding costs the same.
    pub markers: Vec<Marker>,
    /// Look-ups of this number on the day that found nothing.
    pub failures: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct ProtectionRow {
    id: Uuid,
    receipt_number: String,
    form: String,
    category: Option<String>,
    markers: String,
    failures: i64,
}

/// An event, with the public facts of the case as they stood after it.
#[derive(Debug, Clone)]
pub struct StatusEvent {
    pub action_code: String,
    pub occurred_at: DateTime<Utc>,
    pub form: FormNumber,
    pub filed_on: Option<NaiveDate>,
    pub received_on: Option<NaiveDate>,
    pub office: Option<OfficeCode>,
    pub parameters: EventParameters,
}

#[derive(Debug, sqlx::FromRow)]
struct EventRow {
    action_code: String,
    occurred_at: DateTime<Utc>,
    form: String,
    filed_on: Option<String>,
    received_on: Option<String>,
    office: Option<String>,
    document: Option<String>,
    tracking_number: Option<String>,
    notice: Option<String>,
    receiving_office: Option<String>,
    appointment_kind: Option<String>,
    appointment_at: Option<String>,
    appointment_office: Option<String>,
}

/// What protects the case of a number, now, and how often the number (by its keyed hash) failed on the day.
pub async fn protection(
    connection: &mut Connection,
    number: &ReceiptNumber,
    number_mac: &[u8],
    day: NaiveDate,
) -> Result<Protection, StoreError> {
    let row = fetch!(connection, fetch_one, ProtectionRow, &PROTECTION, number.as_str(), number_mac, day.to_string())?;
    let case_id = (row.receipt_number == number.as_str()).then_some(row.id);
    // Most neighbours have no marker, and what hides a case mostly is one: an unknown number reads as much.
    let set = if case_id.is_some() { row.markers.as_str() } else { A_MARKER };
    let mut markers = crate::protection::read_current(set);
    let evidence =
        FormNumber::parse(&row.form).map_or(Evidence::Unreadable, |form| Evidence::Form { form, category: row.category });
    markers.push(Marker { evidence, effective_from: None, effective_to: None });
    Ok(Protection { case_id, markers, failures: row.failures })
}

/// The events of a case that were recorded by `as_of`, oldest first.
pub async fn events(connection: &mut Connection, case_id: Uuid, as_of: DateTime<Utc>) -> Result<Vec<StatusEvent>, StoreError> {
    let rows = fetch!(connection, fetch_all, EventRow, &EVENTS, case_id, as_of)?;
    rows.into_iter().map(StatusEvent::try_from).collect()
}

/// Reads an optional text back into its type.
fn read<T>(column: &'static str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, StoreError> {
    text.map(|text| parse(text).ok_or(StoreError::inconsistent("case_event", column))).transpose()
}

impl TryFrom<EventRow> for StatusEvent {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let office = |text: &str| OfficeCode::parse(text).ok();
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let kind = read("appointment_kind", row.appointment_kind.as_deref(), AppointmentKind::from_key)?;
        let at = read("appointment_at", row.appointment_at.as_deref(), |text| text.parse::<NaiveDateTime>().ok())?;
        let at_office = read("appointment_office", row.appointment_office.as_deref(), office)?;
        let appointment = kind.zip(at).map(|(kind, at)| Appointment { kind, at, office: at_office });
        Ok(Self {
            form: FormNumber::parse(&row.form).map_err(|_| StoreError::inconsistent("case_event", "form"))?,
            filed_on: read("filed_on", row.filed_on.as_deref(), day)?,
            received_on: read("received_on", row.received_on.as_deref(), day)?,
            office: read("office", row.office.as_deref(), office)?,
            parameters: EventParameters {
                document: read("document", row.document.as_deref(), Document::from_key)?,
                tracking_number: row.tracking_number,
                notice: read("notice", row.notice.as_deref(), Notice::from_key)?,
                receiving_office: read("receiving_office", row.receiving_office.as_deref(), office)?,
                appointment,
            },
            action_code: row.action_code,
            occurred_at: row.occurred_at,
        })
    }
}
