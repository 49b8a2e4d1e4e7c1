//! The records of the main database: from what it follows when each is due, what it has to do with, and how it is destroyed.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use shared::profile::Sheet;
use uuid::Uuid;

use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};
use crate::{document, profile, request_queue};

statement! { main,
    // One whose key is destroyed is nobody any more.
    PEOPLE = "SELECT profile.id FROM profile JOIN data_key ON data_key.id = profile.data_key_id \
              WHERE profile.root_id = profile.id AND profile.id > $1 ORDER BY profile.id LIMIT $2";
    PERSON = "SELECT profile.id FROM profile JOIN data_key ON data_key.id = profile.data_key_id \
              WHERE profile.root_id = profile.id AND profile.id = $1";
    CASES_OF_PERSON = "SELECT DISTINCT profile_case.case_id FROM profile_case JOIN profile ON profile.id = profile_case.profile_id \
                       WHERE profile.root_id = $1";
    DESTROY_PERSON_KEYS = "DELETE FROM data_key WHERE id IN (SELECT data_key_id FROM profile WHERE root_id = $1)";
    DELETE_PERSON_HASHES = "DELETE FROM profile_key WHERE profile_id IN (SELECT id FROM profile WHERE root_id = $1)";
    // What a case says from now on is another profile's: nobody could add it to this one.
    DELETE_PERSON_LINKS = "DELETE FROM profile_case WHERE profile_id IN (SELECT id FROM profile WHERE root_id = $1)";
    DELETE_PERSON_VISITS = "DELETE FROM profile_visit WHERE profile_id IN (SELECT id FROM profile WHERE root_id = $1)";

    CASES = "SELECT id, newest_event_at, (SELECT max(service_request_event.occurred_at) FROM service_request_event \
             JOIN service_request ON service_request.id = service_request_event.request_id \
             WHERE service_request.case_id = case_record.id) AS asked_at, \
             EXISTS (SELECT 1 FROM service_request WHERE service_request.case_id = case_record.id AND place <> 'closed') AS is_open \
             FROM case_record WHERE id > $1 AND receipt_number < '~' ORDER BY id LIMIT $2";
    CASE = "SELECT id, newest_event_at, (SELECT max(service_request_event.occurred_at) FROM service_request_event \
            JOIN service_request ON service_request.id = service_request_event.request_id \
            WHERE service_request.case_id = case_record.id) AS asked_at, \
            EXISTS (SELECT 1 FROM service_request WHERE service_request.case_id = case_record.id AND place <> 'closed') AS is_open \
            FROM case_record WHERE id = $1 AND receipt_number < '~'";
    CODES = "SELECT action_code FROM case_event WHERE case_id = $1 ORDER BY occurred_at DESC, event_id DESC";
    PEOPLE_OF_CASE = "SELECT DISTINCT part.id FROM profile_case JOIN profile AS linked ON linked.id = profile_case.profile_id \
                      JOIN profile AS part ON part.root_id = linked.root_id WHERE profile_case.case_id = $1";
    REQUESTS_OF_CASE = "SELECT id FROM service_request WHERE case_id = $1 ORDER BY id";
    DESTROY_CASE_KEY = "DELETE FROM data_key WHERE id IN (SELECT data_key_id FROM case_record WHERE id = $1)";
    DELETE_PARTIES = "DELETE FROM case_party WHERE case_id = $1";
    DELETE_SUBSCRIPTIONS = "DELETE FROM subscription WHERE receipt_number IN (SELECT receipt_number FROM case_record WHERE id = $1)";
    DELETE_FOLLOWERS = "DELETE FROM follower WHERE case_id = $1";
    DELETE_FOLLOWED = "DELETE FROM followed_case WHERE case_id = $1";
    DELETE_PENDING = "DELETE FROM profile_pending WHERE case_id = $1";
    DELETE_OFFICERS = "DELETE FROM case_officer WHERE case_id = $1";
    DELETE_SCANS = "DELETE FROM scan_event WHERE tracking_number IN (SELECT tracking_number FROM mailing WHERE case_id = $1) \
                    OR receipt_number IN (SELECT receipt_number FROM case_record WHERE id = $1)";
    DELETE_MAILINGS = "DELETE FROM mailing WHERE case_id = $1";
    EMPTY_EVENTS = "UPDATE case_event SET tracking_number = NULL WHERE case_id = $1";
    DELETE_WORDS = "DELETE FROM request_text WHERE request_id IN (SELECT id FROM service_request WHERE case_id = $1)";
    DELETE_DOCUMENTS = "DELETE FROM document WHERE case_id = $1 RETURNING object_key";
    // The number is free for a case that the feed brings. What protects the people of this one stays.
    EMPTY_CASE = "UPDATE case_record SET receipt_number = $2, events = '[]', deliveries = '[]', mailing_address = NULL, \
                  given_address = NULL, persecution_countries = NULL, assigned_officer = NULL WHERE id = $1";

    REPORTS = "SELECT id, received_at, (SELECT max(state_at) FROM address_change WHERE report_id = address_report.id) AS changed_at, \
               EXISTS (SELECT 1 FROM address_change WHERE report_id = address_report.id AND state = 'pending') AS is_open \
               FROM address_report WHERE id > $1 AND length(content) > 0 ORDER BY id LIMIT $2";
    REPORT = "SELECT id, received_at, (SELECT max(state_at) FROM address_change WHERE report_id = address_report.id) AS changed_at, \
              EXISTS (SELECT 1 FROM address_change WHERE report_id = address_report.id AND state = 'pending') AS is_open \
              FROM address_report WHERE id = $1 AND length(content) > 0";
    CASES_OF_REPORT = "SELECT DISTINCT case_id FROM address_change_case JOIN address_change ON address_change.id = change_id \
                       WHERE report_id = $1 AND case_id IS NOT NULL";
    DELETE_REPORTED_CASES = "DELETE FROM address_change_case WHERE change_id IN (SELECT id FROM address_change WHERE report_id = $1)";
    EMPTY_CHANGES = "UPDATE address_change SET contact = NULL, secret = NULL WHERE report_id = $1";
    EMPTY_REPORT = "UPDATE address_report SET content = $2 WHERE id = $1";
}

/// What follows another receipt number: no number begins like this, and the decoy stands before it.
const NO_NUMBER: char = '~';

/// A case or a report, by the last that happened with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    /// Somebody still works on something of it.
    pub is_open: bool,
}

type LastRow = (Uuid, DateTime<Utc>, Option<DateTime<Utc>>, bool);

fn last((id, at, later, is_open): LastRow) -> Last {
    Last { id, at: later.map_or(at, |later| later.max(at)), is_open }
}

/// People, one for all profiles that were put together, from after one of them; nil comes before all.
pub async fn people_after(connection: &mut Connection, after: Uuid, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &PEOPLE, after, most)?.into_iter().map(|(id,)| id).collect())
}

/// Whether a profile still stands for somebody: it was not destroyed, and not merged into another one.
pub async fn is_person(connection: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &PERSON, id)?.is_some())
}

/// Every birth date that is stated of a person.
pub async fn birth_dates(connection: &mut Connection, keys: &Keys, root: Uuid) -> Result<Vec<NaiveDate>, StoreError> {
    Ok(Sheet::new(profile::facts(connection, keys, root).await?).birth_dates())
}

/// The cases that a person is in.
pub async fn cases_of_person(connection: &mut Connection, root: Uuid) -> Result<BTreeSet<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &CASES_OF_PERSON, root)?.into_iter().map(|(id,)| id).collect())
}

/// Destroys what is known of a person: nothing of the profiles that were put together can be read any more, and nobody is found
/// by them.
pub async fn destroy_person(transaction: &mut Connection, root: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &DELETE_PERSON_HASHES, root)?;
    execute!(transaction, &DELETE_PERSON_LINKS, root)?;
    execute!(transaction, &DELETE_PERSON_VISITS, root)?;
    execute!(transaction, &DESTROY_PERSON_KEYS, root)?;
    Ok(())
}

/// Cases from after one of them; nil comes before all.
pub async fn cases_after(connection: &mut Connection, after: Uuid, most: i64) -> Result<Vec<Last>, StoreError> {
    Ok(fetch!(connection, fetch_all, LastRow, &CASES, after, most)?.into_iter().map(last).collect())
}

/// One case; none if it was destroyed.
pub async fn case(connection: &mut Connection, id: Uuid) -> Result<Option<Last>, StoreError> {
    Ok(fetch!(connection, fetch_optional, LastRow, &CASE, id)?.map(last))
}

/// The action codes of a case, the newest first.
pub async fn codes(connection: &mut Connection, case: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(fetch!(connection, fetch_all, (String,), &CODES, case)?.into_iter().map(|(code,)| code).collect())
}

/// The people of a case, with all profiles that were put together.
pub async fn people_of_case(connection: &mut Connection, case: Uuid) -> Result<BTreeSet<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &PEOPLE_OF_CASE, case)?.into_iter().map(|(id,)| id).collect())
}

/// Destroys a case, with what was asked about it and answered. Its documents are deleted by the job that deletes loose objects.
pub async fn destroy_case(transaction: &mut Connection, case: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    for (request,) in fetch!(transaction, fetch_all, (Uuid,), &REQUESTS_OF_CASE, case)? {
        request_queue::take_out(transaction, request).await?;
    }
    for (object,) in fetch!(transaction, fetch_all, (Uuid,), &DELETE_DOCUMENTS, case)? {
        document::loosen(transaction, object, now).await?;
    }
    execute!(transaction, &DELETE_WORDS, case)?;
    execute!(transaction, &DELETE_PARTIES, case)?;
    execute!(transaction, &DELETE_SUBSCRIPTIONS, case)?;
    execute!(transaction, &DELETE_FOLLOWERS, case)?;
    execute!(transaction, &DELETE_FOLLOWED, case)?;
    // The people of the case would lose what it said of them.
    execute!(transaction, &DELETE_PENDING, case)?;
    execute!(transaction, &DELETE_OFFICERS, case)?;
    execute!(transaction, &DELETE_SCANS, case)?;
    execute!(transaction, &DELETE_MAILINGS, case)?;
    execute!(transaction, &EMPTY_EVENTS, case)?;
    execute!(transaction, &DESTROY_CASE_KEY, case)?;
    execute!(transaction, &EMPTY_CASE, case, format!("{NO_NUMBER}{}", case.simple()))?;
    Ok(())
}

/// Reports of new addresses from after one of them; nil comes before all.
pub async fn reports_after(connection: &mut Connection, after: Uuid, most: i64) -> Result<Vec<Last>, StoreError> {
    Ok(fetch!(connection, fetch_all, LastRow, &REPORTS, after, most)?.into_iter().map(last).collect())
}

/// One report; none if it was destroyed.
pub async fn report(connection: &mut Connection, id: Uuid) -> Result<Option<Last>, StoreError> {
    Ok(fetch!(connection, fetch_optional, LastRow, &REPORT, id)?.map(last))
}

/// The cases that a report is about.
pub async fn cases_of_report(connection: &mut Connection, id: Uuid) -> Result<BTreeSet<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &CASES_OF_REPORT, id)?.into_iter().map(|(id,)| id).collect())
}

/// Destroys a report: it has no key of its own, so what was typed is overwritten.
pub async fn destroy_report(transaction: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &DELETE_REPORTED_CASES, id)?;
    execute!(transaction, &EMPTY_CHANGES, id)?;
    execute!(transaction, &EMPTY_REPORT, id, Vec::<u8>::new())?;
    Ok(())
}
