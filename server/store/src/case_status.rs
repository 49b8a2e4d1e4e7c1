//! The row that a look-up reads: what protects a case, and what is told of it.
//!
//! Both stand as JSON in the case's record, which the import renews in the transaction that adds the events. So a look-up of
//! nearly every case is one statement and one row. Of a case that may be hidden the row gives what protects it and no more,
//! and of a number that nobody has as much: how long an answer takes tells nothing of what it is not allowed to say.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::case_feed::{Appointment, AppointmentKind, CaseEvent, Document, EventParameters, Notice};
use shared::case_status::{FormNumber, ReceiptNumber};
use shared::office::OfficeCode;
use shared::protection::{Class, Evidence, Marker, classify};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, WrappedKey};
use crate::data_key::Keys;
use crate::delivery_tracking::{RecordedDelivery, read_deliveries};
use crate::engine::{Connection, fetch, statement};

statement! { main,
    // One row whatever was asked, by one step in the index: the number's own or its neighbour's, which is not looked at.
    LOOK_UP = "SELECT receipt_number, form, category, markers, \
               CASE WHEN receipt_number = $1 AND markers = '[]' AND form_class = 'ordinary' THEN events END AS events, \
               CASE WHEN receipt_number = $1 AND markers = '[]' AND form_class = 'ordinary' THEN deliveries END AS deliveries \
               FROM case_record WHERE receipt_number >= $1 ORDER BY receipt_number LIMIT 1";
    TOLD = "SELECT events, deliveries FROM case_record WHERE receipt_number = $1";
    PROOF = "SELECT case_record.id, receipt_number, mailing_address, data_key.id AS key_id, wrapping_key, wrapped FROM case_record \
             LEFT JOIN data_key ON data_key.id = data_key_id WHERE receipt_number >= $1 ORDER BY receipt_number LIMIT 1";
    // The decoy has the id 0, so it comes after none.
    AFTER = "SELECT id, receipt_number, form, category, markers, events, deliveries FROM case_record WHERE id > $1 \
             AND receipt_number < '~' ORDER BY id LIMIT $2";
}

/// A set of one marker, as it stands in a row.
const A_MARKER: &str = r#"[{"kind":"class_of_admission","code":"U1","category":"","from":"2020-01-01","to":null}]"#;

/// One event that is not public, as it stands in a row.
const AN_EVENT: &str = r#"[{"id":"decoy","code":"0","at":"2000-01-01T00:00:00Z","recorded":"2000-01-01T00:00:00Z","form":"I-765","filed":"2000-01-01","received":"2000-01-01","office":"NBC"}]"#;

/// What is recorded under a number.
#[derive(Debug)]
pub struct CaseRecord {
    known: bool,
    category: Option<String>,
    markers: Vec<Marker>,
    told: Option<Told>,
}

/// A case among others, as [`some_after`] reads them.
#[derive(Debug)]
pub struct Stored {
    pub id: Uuid,
    pub number: ReceiptNumber,
    pub record: CaseRecord,
}

#[derive(Debug, sqlx::FromRow)]
struct StoredRow {
    id: Uuid,
    receipt_number: String,
    form: String,
    category: Option<String>,
    markers: String,
    events: String,
    deliveries: String,
}

/// What is told of a case that is shown.
#[derive(Debug, sqlx::FromRow)]
pub struct Told {
    events: String,
    deliveries: String,
}

#[derive(Debug, sqlx::FromRow)]
struct LookUpRow {
    receipt_number: String,
    form: String,
    category: Option<String>,
    markers: String,
    events: Option<String>,
    deliveries: Option<String>,
}

/// Reads what is recorded under a number. Nothing here tells a number that nobody has from a hidden case by its duration.
pub async fn look_up(connection: &mut Connection, number: &ReceiptNumber) -> Result<CaseRecord, StoreError> {
    let row = fetch!(connection, fetch_one, LookUpRow, &LOOK_UP, number.as_str())?;
    let known = row.receipt_number == number.as_str();
    // Most neighbours have no marker, and what hides a case mostly is one: an unknown number reads as much.
    let markers = all_markers(if known { row.markers.as_str() } else { A_MARKER }, &row.form, row.category.clone());
    let told = row.events.zip(row.deliveries).map(|(events, deliveries)| Told { events, deliveries });
    Ok(CaseRecord { known, category: row.category, markers, told })
}

/// The set that a case carries, and the marker of its own form.
pub(crate) fn all_markers(current: &str, form: &str, category: Option<String>) -> Vec<Marker> {
    let mut markers = crate::protection::read_current(current);
    let evidence = FormNumber::parse(form).map_or(Evidence::Unreadable, |form| Evidence::Form { form, category });
    markers.push(Marker { evidence, effective_from: None, effective_to: None });
    markers
}

/// Some cases, shown or not, in the order of their ids, from after one of them; nil comes before all.
pub async fn some_after(connection: &mut Connection, id: Uuid, some: i64) -> Result<Vec<Stored>, StoreError> {
    let stored = |row: StoredRow| {
        let number = ReceiptNumber::parse(&row.receipt_number);
        let markers = all_markers(&row.markers, &row.form, row.category.clone());
        let told = Some(Told { events: row.events, deliveries: row.deliveries });
        Ok(Stored {
            id: row.id,
            number: number.map_err(|_| StoreError::inconsistent("case_record", "receipt_number"))?,
            record: CaseRecord { known: true, category: row.category, markers, told },
        })
    };
    fetch!(connection, fetch_all, StoredRow, &AFTER, id, some)?.into_iter().map(stored).collect()
}

/// Reads what is told of a case that is shown, where [`look_up`] did not read it too. None for a case that a replica has not
/// heard of yet.
pub async fn told(connection: &mut Connection, number: &ReceiptNumber) -> Result<Option<Told>, StoreError> {
    Ok(fetch!(connection, fetch_optional, Told, &TOLD, number.as_str())?)
}

#[derive(Debug, sqlx::FromRow)]
struct ProofRow {
    id: Uuid,
    receipt_number: String,
    mailing_address: Option<Vec<u8>>,
    key_id: Option<Uuid>,
    wrapping_key: Option<String>,
    wrapped: Option<Vec<u8>>,
}

/// What the record of a case says that whoever asks about it has to know.
#[derive(Debug, Default)]
pub struct Proof {
    /// None for a number that nobody has.
    pub case: Option<Uuid>,
    pub postal_code: Option<Sensitive<String>>,
}

/// Reads what has to be known of a case. Of a number that nobody has, the neighbour's address is opened and not looked at: it
/// takes as long.
pub async fn proof(connection: &mut Connection, keys: &Keys, number: &ReceiptNumber) -> Result<Proof, StoreError> {
    let row = fetch!(connection, fetch_one, ProofRow, &PROOF, number.as_str())?;
    let (Some(id), Some(wrapping_key), Some(wrapped)) = (row.key_id, row.wrapping_key, row.wrapped) else {
        return Ok(Proof::default());
    };
    let key = keys.unwrap(connection, &WrappedKey { id, wrapping_key, wrapped }).await?;
    let cell = Cell { table: "case_record", column: "mailing_address", row: row.id };
    let address = row.mailing_address.map(|sealed| key.open(cell, &sealed)).transpose()?;
    let address = address.and_then(|plain| String::from_utf8(plain).ok()).unwrap_or_default();
    // Street, unit, city, state, postal code, country.
    let postal_code = address.split('\n').nth(4).filter(|code| !code.is_empty()).map(|code| Sensitive::new(code.to_owned()));
    if row.receipt_number != number.as_str() {
        return Ok(Proof::default());
    }
    Ok(Proof { case: Some(row.id), postal_code })
}

/// `form_class` of a case: whether its form protects nobody. It decides nothing, only what [`look_up`] reads at once.
pub(crate) fn form_class(event: &CaseEvent) -> &'static str {
    let category = event.category.as_ref().map(|category| category.as_str().to_owned());
    let evidence = Evidence::Form { form: event.form.clone(), category };
    // Forms have one class at all times.
    if classify(&evidence, NaiveDate::MIN) == Class::Ordinary { "ordinary" } else { "protected" }
}

impl CaseRecord {
    /// Whether there is a case of this number.
    pub const fn is_known(&self) -> bool {
        self.known
    }

    /// What protects the case. Of a number that nobody has: some, so that deciding costs the same.
    pub fn markers(&self) -> &[Marker] {
        &self.markers
    }

    /// The category of the case's form.
    pub fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    /// What is told of the case, if it was read.
    pub fn into_told(self) -> Option<Told> {
        self.told
    }
}

impl Told {
    /// What is read in place of a case that is not shown: an event that is not public, and no mail.
    pub fn decoy() -> Self {
        Self { events: AN_EVENT.into(), deliveries: "[]".into() }
    }

    /// The events as far as they were recorded by `as_of`, oldest first.
    pub fn events(&self, as_of: DateTime<Utc>) -> Result<Vec<StatusEvent>, StoreError> {
        let rows = read_events(&self.events)?.into_iter().filter(|row| row.recorded <= as_of);
        rows.map(StatusEvent::try_from).collect()
    }

    /// The mail as it was recorded by `as_of`.
    pub fn deliveries(&self, as_of: DateTime<Utc>) -> Result<Vec<RecordedDelivery>, StoreError> {
        let deliveries = read_deliveries(&self.deliveries)?;
        Ok(deliveries.into_iter().filter_map(|delivery| delivery.known_by(as_of)).collect())
    }
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

/// An event as it stands in a case's row. Short names: every look-up reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordedEvent {
    pub id: String,
    code: String,
    pub at: DateTime<Utc>,
    recorded: DateTime<Utc>,
    form: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    received: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    office: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tracking: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receiving_office: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    appointment: Option<RecordedAppointment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RecordedAppointment {
    kind: String,
    at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    office: Option<String>,
}

impl RecordedEvent {
    pub fn new(event: &CaseEvent, recorded: DateTime<Utc>) -> Self {
        let said = &event.parameters;
        let office = |office: &Option<OfficeCode>| office.as_ref().map(|office| office.as_str().to_owned());
        let appointment = |appointment: &Appointment| RecordedAppointment {
            kind: appointment.kind.key().to_owned(),
            at: appointment.at.format(LOCAL_TIME).to_string(),
            office: office(&appointment.office),
        };
        Self {
            id: event.event_id.as_str().to_owned(),
            code: event.action_code.as_str().to_owned(),
            at: event.occurred_at,
            recorded,
            form: event.form.as_str().to_owned(),
            filed: event.filed_on.map(|day| day.to_string()),
            received: event.received_on.map(|day| day.to_string()),
            office: office(&event.office),
            document: said.document.map(|document| document.key().to_owned()),
            tracking: said.tracking_number.clone(),
            notice: said.notice.map(|notice| notice.key().to_owned()),
            receiving_office: office(&said.receiving_office),
            appointment: said.appointment.as_ref().map(appointment),
        }
    }
}

/// How the time of an appointment is stored: of the office's wall clock.
pub(crate) const LOCAL_TIME: &str = "%Y-%m-%dT%H:%M:%S";

pub(crate) fn read_events(json: &str) -> Result<Vec<RecordedEvent>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::inconsistent("case_record", "events"))
}

/// Oldest first; of one instant in the order of their ids.
pub(crate) fn write_events(mut events: Vec<RecordedEvent>) -> Result<String, StoreError> {
    events.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    serde_json::to_string(&events).map_err(|_| StoreError::inconsistent("case_record", "events"))
}

/// Reads an optional text back into its type.
fn read<T>(text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, StoreError> {
    text.map(|text| parse(text).ok_or(StoreError::inconsistent("case_record", "events"))).transpose()
}

impl TryFrom<RecordedEvent> for StatusEvent {
    type Error = StoreError;

    fn try_from(event: RecordedEvent) -> Result<Self, StoreError> {
        let office = |text: &str| OfficeCode::parse(text).ok();
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let appointment = |stored: RecordedAppointment| {
            Some(Appointment {
                kind: AppointmentKind::from_key(&stored.kind)?,
                at: NaiveDateTime::parse_from_str(&stored.at, LOCAL_TIME).ok()?,
                office: read(stored.office.as_deref(), office).ok()?,
            })
        };
        let unreadable = || StoreError::inconsistent("case_record", "events");
        Ok(Self {
            form: FormNumber::parse(&event.form).map_err(|_| unreadable())?,
            filed_on: read(event.filed.as_deref(), day)?,
            received_on: read(event.received.as_deref(), day)?,
            office: read(event.office.as_deref(), office)?,
            parameters: EventParameters {
                document: read(event.document.as_deref(), Document::from_key)?,
                tracking_number: event.tracking,
                notice: read(event.notice.as_deref(), Notice::from_key)?,
                receiving_office: read(event.receiving_office.as_deref(), office)?,
                appointment: event.appointment.map(|stored| appointment(stored).ok_or_else(unreadable)).transpose()?,
            },
            action_code: event.code,
            occurred_at: event.at,
        })
    }
}
