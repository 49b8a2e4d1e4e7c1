//! Taking in a batch of case events: one transaction, a handful of statements however many events.
//!
//! Events may come in any order. An event is added once, by its id; the case, its people and its address follow the newest
//! event, whenever that arrives. What look-ups read of a case is renewed with it. Sensitive columns are encrypted here, with the key of their case.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use shared::case_feed::{ANumber, CaseEvent, MailingAddress, Party};
use shared::case_status::ReceiptNumber;
use shared::change_of_address::FeedAddress;
use shared::country::CountryCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::case_status::{LOCAL_TIME, RecordedEvent, form_class, read_events, write_events};
use crate::change_of_address::{GivenAddress, given_cell, open_given};
use crate::crypto::{Cell, DataKey, KeyRing, WrappedKey};
use crate::data_key::{Keys, add_keys};
use crate::delivery_tracking::{NewMailing, add_mailings};
use crate::engine::{Bulk, Connection, fetch, fetch_in, statement, write_rows};
use crate::notification::note_changes;
use crate::profile::note_pending;
use crate::protection::{StatedMarker, add as add_markers};
use crate::{Clock, StoreError};

statement! { main,
    COUNT_EVENTS = "SELECT count(*) FROM case_event";
    BY_NUMBER = "SELECT id FROM case_record WHERE receipt_number = $1";
    BY_A_NUMBER = "SELECT DISTINCT case_id FROM case_party WHERE a_number_index = $1 ORDER BY case_id";
    SENSITIVE_OF_CASE = "SELECT case_record.id, case_record.mailing_address, case_record.persecution_countries, \
                         data_key.id AS key_id, data_key.wrapping_key, data_key.wrapped \
                         FROM case_record JOIN data_key ON data_key.id = case_record.data_key_id WHERE case_record.id = $1";
    PARTIES_OF_CASE = "SELECT id, role, birth_date, a_number, email, telephone FROM case_party WHERE case_id = $1 ORDER BY role";
}

/// An event, ready to be stored, with a mark of its content.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub event: CaseEvent,
    /// Two events of one id with different marks are a mistake of the source.
    pub content_mac: Vec<u8>,
    /// The agency's day of the event.
    pub day: NaiveDate,
}

/// What became of each event of a batch, in the batch's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    Added,
    /// The same event was there already.
    AlreadyThere,
    /// Another event has this id.
    IdInUse,
}

/// What a batch did.
#[derive(Debug)]
pub struct TakenIn {
    /// What became of each event, in the batch's order.
    pub events: Vec<Taken>,
    /// What the case system says about addresses that people gave.
    pub heard: Vec<Heard>,
}

/// The case system sent an address for a case whose address somebody has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub case: Uuid,
    /// The change that the case's address is of.
    pub change: Uuid,
    pub address: FeedAddress,
}

/// A case as it was before the batch, or as the batch makes it.
struct Case {
    id: Uuid,
    key: DataKey,
    newest: (DateTime<Utc>, String),
    is_new: bool,
    /// All of them, in no order.
    events: Vec<RecordedEvent>,
    /// Index of the batch's event that is now the case's newest.
    follows: Option<usize>,
    /// The address that somebody gave for its mail.
    given: Option<GivenAddress>,
}

#[derive(Debug, sqlx::FromRow)]
struct CaseRow {
    receipt_number: String,
    case_id: Uuid,
    newest_event_at: DateTime<Utc>,
    newest_event_id: String,
    events: String,
    given_address: Option<Vec<u8>>,
    id: Uuid,
    wrapping_key: String,
    wrapped: Vec<u8>,
}

/// Takes in a batch. The caller holds the import lock and commits.
pub async fn take_in(transaction: &mut Connection, keys: &Keys, clock: &Clock, batch: &[NewEvent]) -> Result<TakenIn, StoreError> {
    let now = clock.now();
    let (ring, wrapping_key) = keys.ring(transaction).await?;
    let taken = sort_out(transaction, batch).await?;
    let added: Vec<usize> = (0..batch.len()).filter(|at| taken[*at] == Taken::Added).collect();
    let mut cases = cases_of(transaction, &ring, clock, batch, &added).await?;
    for at in &added {
        let event = &batch[*at].event;
        if let Some(case) = cases.get_mut(event.receipt_number.as_str()) {
            case.events.push(RecordedEvent::new(event, now));
        }
    }

    let new_keys =
        cases.values().filter(|case| case.is_new).map(|case| case.key.wrap(&ring, &wrapping_key)).collect::<Result<_, _>>()?;
    add_keys(transaction, "case", new_keys, now).await?;
    let heard = hear_addresses(&mut cases, batch);
    save_cases(transaction, &cases, batch, now).await?;
    save_late_events(transaction, &cases).await?;
    save_events(transaction, &cases, batch, &added, now).await?;
    save_parties(transaction, keys, clock, &cases, batch).await?;
    let stated: Vec<_> = added.iter().flat_map(|at| stated_markers(&cases, &batch[*at].event)).collect();
    add_markers(transaction, &stated, now).await?;
    let mailings: Vec<_> = added.iter().filter_map(|at| mailing(keys, &cases, &batch[*at])).collect();
    let new_cases: Vec<String> = cases.iter().filter(|(_, case)| case.is_new).map(|(number, _)| (*number).to_owned()).collect();
    add_mailings(transaction, &mailings, &new_cases, now).await?;
    let changed: Vec<Uuid> = cases.values().map(|case| case.id).collect();
    note_changes(transaction, now, &changed).await?;
    let followed: Vec<Uuid> = followed(&cases, batch).map(|(case, _)| case.id).collect();
    note_pending(transaction, &followed, now).await?;
    Ok(TakenIn { events: taken, heard })
}

async fn sort_out(transaction: &mut Connection, batch: &[NewEvent]) -> Result<Vec<Taken>, StoreError> {
    let ids: Vec<String> = batch.iter().map(|new| new.event.event_id.as_str().to_owned()).collect();
    let head = "SELECT event_id, content_mac FROM case_event WHERE event_id IN ";
    let mut known: HashMap<String, Vec<u8>> = fetch_in!(transaction, (String, Vec<u8>), head, &ids, "").into_iter().collect();
    let sort = |(id, new): (String, &NewEvent)| match known.get(&id) {
        None => {
            known.insert(id, new.content_mac.clone());
            Taken::Added
        }
        Some(mac) if *mac == new.content_mac => Taken::AlreadyThere,
        Some(_) => Taken::IdInUse,
    };
    Ok(ids.into_iter().zip(batch).map(sort).collect())
}

async fn cases_of<'b>(
    transaction: &mut Connection,
    ring: &KeyRing,
    clock: &Clock,
    batch: &'b [NewEvent],
    added: &[usize],
) -> Result<HashMap<&'b str, Case>, StoreError> {
    let numbers: HashSet<&str> = added.iter().map(|at| batch[*at].event.receipt_number.as_str()).collect();
    let numbers: Vec<String> = numbers.into_iter().map(Into::into).collect();
    let head = "SELECT case_record.receipt_number, case_record.id AS case_id, case_record.newest_event_at, \
                case_record.newest_event_id, case_record.events, case_record.given_address, data_key.id, data_key.wrapping_key, data_key.wrapped \
                FROM case_record JOIN data_key ON data_key.id = case_record.data_key_id WHERE case_record.receipt_number IN ";
    let rows = fetch_in!(transaction, CaseRow, head, &numbers, "");
    let mut known: HashMap<String, CaseRow> = rows.into_iter().map(|row| (row.receipt_number.clone(), row)).collect();

    let mut cases: HashMap<&str, Case> = HashMap::new();
    for at in added {
        let event = &batch[*at].event;
        let newest = (event.occurred_at, event.event_id.as_str().to_owned());
        let number = event.receipt_number.as_str();
        let case = match cases.entry(number) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => entry.insert(match known.remove(number) {
                Some(row) => known_case(ring, row)?,
                None => Case {
                    id: clock.new_id(),
                    key: DataKey::generate(clock.new_id()),
                    newest: (DateTime::<Utc>::MIN_UTC, String::new()),
                    is_new: true,
                    events: Vec::new(),
                    follows: None,
                    given: None,
                },
            }),
        };
        if newest > case.newest {
            case.newest = newest;
            case.follows = Some(*at);
        }
    }
    Ok(cases)
}

fn known_case(ring: &KeyRing, row: CaseRow) -> Result<Case, StoreError> {
    let wrapped = WrappedKey { id: row.id, wrapping_key: row.wrapping_key, wrapped: row.wrapped };
    let key = DataKey::unwrap(ring, &wrapped)?;
    let newest = (row.newest_event_at, row.newest_event_id);
    let given = row.given_address.map(|sealed| open_given(&key, row.case_id, &sealed)).transpose()?;
    Ok(Case { id: row.case_id, key, newest, is_new: false, events: read_events(&row.events)?, follows: None, given })
}

/// Holds the addresses of the newest events against those that people gave. One that the case system has newly from somebody
/// else takes the place of what was given; an earlier one never does.
fn hear_addresses(cases: &mut HashMap<&str, Case>, batch: &[NewEvent]) -> Vec<Heard> {
    let mut heard = Vec::new();
    for case in cases.values_mut() {
        let (Some(at), Some(given)) = (case.follows, &case.given) else { continue };
        let event = &batch[at].event;
        let Some(incoming) = &event.mailing_address else { continue };
        let address = given.judge(incoming.expose(), event.occurred_at);
        heard.push(Heard { case: case.id, change: given.change, address });
        if address == FeedAddress::Replaces {
            case.given = None;
        }
    }
    heard
}

/// Cases whose newest event is in the batch, with that event.
fn followed<'a>(cases: &'a HashMap<&str, Case>, batch: &'a [NewEvent]) -> impl Iterator<Item = (&'a Case, &'a CaseEvent)> {
    cases.values().filter_map(|case| case.follows.map(|at| (case, &batch[at].event)))
}

async fn save_cases(
    transaction: &mut Connection,
    cases: &HashMap<&str, Case>,
    batch: &[NewEvent],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |(case, event): (&Case, &CaseEvent)| {
        let countries = event.persecution_countries.expose();
        let given = case.given.as_ref().map(|given| given.as_mailing().to_owned());
        let mailing_address = given.or_else(|| event.mailing_address.as_ref().map(|address| write_address(address.expose())));
        let given = case.given.as_ref().map(serde_json::to_vec).transpose();
        let given = given.map_err(|_| StoreError::inconsistent("case_record", "given_address"))?;
        let given = given.map(|plain| case.key.seal(given_cell(case.id), &plain)).transpose()?;
        Ok(vec![
            Bulk::Id(case.id),
            Bulk::Text(event.receipt_number.as_str().to_owned()),
            Bulk::Id(case.key.id()),
            Bulk::Text(event.form.as_str().to_owned()),
            Bulk::OptionalText(event.category.as_ref().map(|category| category.as_str().to_owned())),
            Bulk::Text(form_class(event).into()),
            Bulk::Text("[]".into()),
            Bulk::Text(write_events(case.events.clone())?),
            Bulk::Text("[]".into()),
            Bulk::At(event.occurred_at),
            Bulk::Text(event.event_id.as_str().to_owned()),
            Bulk::OptionalBytes(seal(case, "mailing_address", mailing_address)?),
            Bulk::OptionalBytes(given),
            Bulk::OptionalBytes(seal(case, "persecution_countries", (!countries.is_empty()).then(|| write_countries(countries)))?),
            Bulk::OptionalText(event.assigned_officer.clone()),
            Bulk::At(now),
        ])
    };
    let rows = followed(cases, batch).map(row).collect::<Result<Vec<_>, StoreError>>()?;
    let head = "INSERT INTO case_record (id, receipt_number, data_key_id, form, category, form_class, markers, events, deliveries, \
                newest_event_at, newest_event_id, mailing_address, given_address, persecution_countries, assigned_officer, created_at) ";
    let tail = " ON CONFLICT (receipt_number) DO UPDATE SET form = excluded.form, category = excluded.category, \
                form_class = excluded.form_class, events = excluded.events, \
                newest_event_at = excluded.newest_event_at, newest_event_id = excluded.newest_event_id, \
                mailing_address = excluded.mailing_address, given_address = excluded.given_address, persecution_countries = excluded.persecution_countries, \
                assigned_officer = excluded.assigned_officer";
    write_rows(transaction, head, rows, tail).await?;
    Ok(())
}

/// An event that is older than what a case has changes nothing but the case's history.
async fn save_late_events(transaction: &mut Connection, cases: &HashMap<&str, Case>) -> Result<(), StoreError> {
    let late = cases.values().filter(|case| case.follows.is_none());
    let row = |case: &Case| Ok(vec![Bulk::Id(case.id), Bulk::Text(write_events(case.events.clone())?)]);
    let rows = late.map(row).collect::<Result<Vec<_>, StoreError>>()?;
    let tail = ") AS late WHERE case_record.id = late.column1";
    write_rows(transaction, "UPDATE case_record SET events = late.column2 FROM (", rows, tail).await?;
    Ok(())
}

fn seal(case: &Case, column: &'static str, plain: Option<String>) -> Result<Option<Vec<u8>>, StoreError> {
    let cell = Cell { table: "case_record", column, row: case.id };
    Ok(plain.map(|plain| case.key.seal(cell, plain.as_bytes())).transpose()?)
}

/// An address as a row keeps it: street, unit, city, state, postal code, country.
pub(crate) fn write_address(address: &MailingAddress) -> String {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        address.street.clone(),
        optional(&address.unit),
        address.city.clone(),
        optional(&address.state),
        optional(&address.postal_code),
        address.country.as_str().to_owned(),
    ]
    .join("\n")
}

/// What [`write_address`] wrote.
pub(crate) fn read_address(lines: &str) -> Option<MailingAddress> {
    let lines: Vec<&str> = lines.split('\n').collect();
    let [street, unit, city, state, postal_code, country] = lines.as_slice() else { return None };
    let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(MailingAddress {
        street: (*street).to_owned(),
        unit: optional(unit),
        city: (*city).to_owned(),
        state: optional(state),
        postal_code: optional(postal_code),
        country: CountryCode::parse(country)?,
    })
}

/// The countries that the person of a case says persecuted them.
pub(crate) fn open_countries(key: &DataKey, case: Uuid, sealed: &[u8]) -> Result<Vec<String>, StoreError> {
    let cell = Cell { table: "case_record", column: "persecution_countries", row: case };
    let plain = String::from_utf8(key.open(cell, sealed)?);
    let plain = plain.map_err(|_| StoreError::inconsistent("case_record", "persecution_countries"))?;
    Ok(plain.split_whitespace().map(ToOwned::to_owned).collect())
}

fn write_countries(countries: &[CountryCode]) -> String {
    countries.iter().map(CountryCode::as_str).collect::<Vec<_>>().join(" ")
}

async fn save_events(
    transaction: &mut Connection,
    cases: &HashMap<&str, Case>,
    batch: &[NewEvent],
    added: &[usize],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |at: &usize| {
        let NewEvent { event, content_mac, .. } = &batch[*at];
        let case = cases.get(event.receipt_number.as_str())?;
        let said = &event.parameters;
        let appointment = said.appointment.as_ref();
        let text = |text: &str| Some(text.to_owned());
        Some(vec![
            Bulk::Text(event.event_id.as_str().to_owned()),
            Bulk::Id(case.id),
            Bulk::Bytes(content_mac.clone()),
            Bulk::Text(event.action_code.as_str().to_owned()),
            Bulk::At(event.occurred_at),
            Bulk::At(now),
            Bulk::Text(event.form.as_str().to_owned()),
            Bulk::OptionalText(event.category.as_ref().and_then(|category| text(category.as_str()))),
            Bulk::OptionalText(event.filed_on.map(|day| day.to_string())),
            Bulk::OptionalText(event.received_on.map(|day| day.to_string())),
            Bulk::OptionalText(event.office.as_ref().and_then(|office| text(office.as_str()))),
            Bulk::OptionalText(said.document.and_then(|document| text(document.key()))),
            Bulk::OptionalText(said.tracking_number.clone()),
            Bulk::OptionalText(said.notice.and_then(|notice| text(notice.key()))),
            Bulk::OptionalText(said.receiving_office.as_ref().and_then(|office| text(office.as_str()))),
            Bulk::OptionalText(appointment.and_then(|appointment| text(appointment.kind.key()))),
            Bulk::OptionalText(appointment.map(|appointment| appointment.at.format(LOCAL_TIME).to_string())),
            Bulk::OptionalText(appointment.and_then(|appointment| text(appointment.office.as_ref()?.as_str()))),
        ])
    };
    let head = "INSERT INTO case_event (event_id, case_id, content_mac, action_code, occurred_at, recorded_at, form, category, \
                filed_on, received_on, office, document, tracking_number, notice, receiving_office, appointment_kind, \
                appointment_at, appointment_office) ";
    write_rows(transaction, head, added.iter().filter_map(row), "").await?;
    Ok(())
}

async fn save_parties(
    transaction: &mut Connection,
    keys: &Keys,
    clock: &Clock,
    cases: &HashMap<&str, Case>,
    batch: &[NewEvent],
) -> Result<(), StoreError> {
    // New cases have no people yet; of the others, the newest event says who they are now.
    let known: Vec<Uuid> = followed(cases, batch).filter(|(case, _)| !case.is_new).map(|(case, _)| case.id).collect();
    let _: Vec<(Uuid,)> = fetch_in!(transaction, (Uuid,), "DELETE FROM case_party WHERE case_id IN ", &known, " RETURNING case_id");
    let mut rows = Vec::new();
    for (case, event) in followed(cases, batch) {
        for party in &event.parties {
            rows.push(party_row(keys, clock.new_id(), case, party)?);
        }
    }
    let head = "INSERT INTO case_party (id, case_id, role, family_name, given_name, middle_name, organization, birth_country, \
                citizenship, language, birth_date, a_number, a_number_index, email, telephone) ";
    write_rows(transaction, head, rows, "").await?;
    Ok(())
}

fn party_row(keys: &Keys, id: Uuid, case: &Case, party: &Party) -> Result<Vec<Bulk>, StoreError> {
    let seal = |column: &'static str, plain: Option<String>| -> Result<Bulk, StoreError> {
        let cell = Cell { table: "case_party", column, row: id };
        Ok(Bulk::OptionalBytes(plain.map(|plain| case.key.seal(cell, plain.as_bytes())).transpose()?))
    };
    let name = party.name.expose();
    let country = |code: &Option<CountryCode>| Bulk::OptionalText(code.as_ref().map(|code| code.as_str().to_owned()));
    let a_number = party.a_number.as_ref().map(Sensitive::expose);
    Ok(vec![
        Bulk::Id(id),
        Bulk::Id(case.id),
        Bulk::Text(party.role.key().to_owned()),
        Bulk::Text(name.family.clone()),
        Bulk::OptionalText(name.given.clone()),
        Bulk::OptionalText(name.middle.clone()),
        Bulk::OptionalText(party.organization.clone()),
        country(&party.birth_country),
        country(&party.citizenship),
        Bulk::OptionalText(party.language.map(|language| language.tag().to_owned())),
        seal("birth_date", party.birth_date.as_ref().map(|day| day.expose().to_string()))?,
        seal("a_number", a_number.map(|number| number.digits().to_owned()))?,
        Bulk::OptionalBytes(a_number.map(|number| a_number_index(keys, number))),
        seal("email", party.email.as_ref().map(|email| email.expose().as_str().to_owned()))?,
        seal("telephone", party.telephone.as_ref().map(|telephone| telephone.expose().as_str().to_owned()))?,
    ])
}

fn a_number_index(keys: &Keys, number: &ANumber) -> Vec<u8> {
    keys.blind_index("a_number", number.digits())
}

fn mailing(keys: &Keys, cases: &HashMap<&str, Case>, new: &NewEvent) -> Option<NewMailing> {
    let case = cases.get(new.event.receipt_number.as_str())?;
    NewMailing::of(keys, case.id, &new.event, new.day)
}

fn stated_markers(cases: &HashMap<&str, Case>, event: &CaseEvent) -> Vec<StatedMarker> {
    let Some(case) = cases.get(event.receipt_number.as_str()) else { return Vec::new() };
    let state = |marker: &shared::protection::Marker| StatedMarker {
        case_id: case.id,
        event_id: event.event_id.as_str().to_owned(),
        event_at: event.occurred_at,
        marker: marker.clone(),
    };
    event.markers.iter().map(state).collect()
}

/// The cases that name a person by A-Number.
pub async fn cases_of_a_number(connection: &mut Connection, keys: &Keys, number: &ANumber) -> Result<Vec<Uuid>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &BY_A_NUMBER, a_number_index(keys, number))?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many events are there.
pub async fn count_events(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &COUNT_EVENTS)?.0)
}

/// The id of a case.
pub async fn case_id(connection: &mut Connection, number: &ReceiptNumber) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &BY_NUMBER, number.as_str())?.map(|(id,)| id))
}

#[derive(Debug, sqlx::FromRow)]
struct SensitiveRow {
    id: Uuid,
    mailing_address: Option<Vec<u8>>,
    persecution_countries: Option<Vec<u8>>,
    key_id: Uuid,
    wrapping_key: String,
    wrapped: Vec<u8>,
}

type PartyRow = (Uuid, String, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);

/// Every sensitive value of a case, opened: `(place, value)`. For checks that a key, a restore or a rotation left them whole.
pub async fn open_sensitive(
    connection: &mut Connection,
    keys: &Keys,
    case_id: Uuid,
) -> Result<Vec<(String, Sensitive<String>)>, StoreError> {
    let row = fetch!(connection, fetch_one, SensitiveRow, &SENSITIVE_OF_CASE, case_id)?;
    let stored = WrappedKey { id: row.key_id, wrapping_key: row.wrapping_key, wrapped: row.wrapped };
    let key = keys.unwrap(connection, &stored).await?;
    let mut opened = Vec::new();
    let mut open = |name: String, cell: Cell, sealed: Option<Vec<u8>>| -> Result<(), StoreError> {
        let Some(sealed) = sealed else { return Ok(()) };
        let plain = String::from_utf8(key.open(cell, &sealed)?).map_err(|_| StoreError::inconsistent(cell.table, cell.column))?;
        opened.push((name, Sensitive::new(plain)));
        Ok(())
    };
    let of_case = |column| Cell { table: "case_record", column, row: row.id };
    open("mailing_address".into(), of_case("mailing_address"), row.mailing_address)?;
    open("persecution_countries".into(), of_case("persecution_countries"), row.persecution_countries)?;
    for (id, role, birth_date, a_number, email, telephone) in fetch!(connection, fetch_all, PartyRow, &PARTIES_OF_CASE, case_id)? {
        for (column, sealed) in [("birth_date", birth_date), ("a_number", a_number), ("email", email), ("telephone", telephone)] {
            open(format!("{role}.{column}"), Cell { table: "case_party", column, row: id }, sealed)?;
        }
    }
    Ok(opened)
}
