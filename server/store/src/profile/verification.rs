//! Verifications of identity: what was asked of IDENT, and what it told.

use chrono::{DateTime, Utc};
use shared::agreement::Element;
use shared::locale::Locale;
use shared::profile::{AskedBy, EncounterId, Enrolment, Fin, Photograph, PictureFormat, VerificationState};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::data_keys;
use crate::StoreError;
use crate::crypto::{Cell, DataKey};
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    BEGIN = "INSERT INTO profile_verification (id, profile_id, officer_id, notice, acknowledged_at, enrolment, asked_by, photograph_id, \
             prints_id, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked')";
    END = "UPDATE profile_verification SET state = $2, ended_at = $3, prints_destroyed_at = $4, identity = $5, shown = $6, \
           photograph_format = $7, photograph = $8 WHERE id = $1 AND state = 'asked'";
    // Nobody asks any more: the process that held the prints is gone, and they with it.
    GIVE_UP = "UPDATE profile_verification SET state = 'unanswered', ended_at = $2, \
               prints_destroyed_at = CASE WHEN asked_by <> 'fin' AND prints_id IS NULL THEN $2 ELSE prints_destroyed_at END \
               WHERE state = 'asked' AND acknowledged_at <= $1";
    EMPTY = "UPDATE profile_verification SET shown = NULL, photograph_format = NULL, photograph = NULL \
             WHERE shown IS NOT NULL AND ended_at <= $1";
    OF_ROOT = "SELECT profile_verification.id, profile_id, officer_id, notice, acknowledged_at, enrolment, asked_by, photograph_id, \
               prints_id, state, ended_at, prints_destroyed_at, identity, shown, photograph_format FROM profile_verification \
               JOIN profile ON profile.id = profile_verification.profile_id WHERE profile.root_id = $1 \
               ORDER BY acknowledged_at DESC, profile_verification.id DESC";
    INTERVIEWS = "SELECT count(*) FROM profile_verification WHERE asked_by <> 'fin' AND acknowledged_at < $1";
    PHOTOGRAPH = "SELECT profile_id, photograph_format, photograph FROM profile_verification \
                  JOIN profile ON profile.id = profile_verification.profile_id \
                  WHERE profile_verification.id = $1 AND profile.root_id = $2 AND photograph IS NOT NULL";
}

/// Somebody stands before an officer.
#[derive(Debug, Clone, Copy)]
pub struct NewVerification {
    pub id: Uuid,
    pub profile: Uuid,
    pub officer: Uuid,
    /// The language in which the notice was read aloud, and acknowledged.
    pub notice: Locale,
    pub at: DateTime<Utc>,
    pub enrolment: Enrolment,
    pub asked_by: AskedBy,
    pub photograph: Option<Uuid>,
    /// The record that the prints became, if they are kept.
    pub prints: Option<Uuid>,
}

/// What IDENT told.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub fin: Sensitive<Option<Fin>>,
    pub eid: Sensitive<Option<EncounterId>>,
    pub biographics: Sensitive<Vec<(Element, String)>>,
    pub photograph: Option<Photograph>,
}

/// How a verification ended.
#[derive(Debug)]
pub struct Ending<'a> {
    pub id: Uuid,
    pub state: VerificationState,
    pub at: DateTime<Utc>,
    pub prints_destroyed_at: Option<DateTime<Utc>>,
    /// None if IDENT did not answer.
    pub told: Option<&'a Told>,
}

/// A verification as it stands.
#[derive(Debug, Clone)]
pub struct StoredVerification {
    pub id: Uuid,
    pub profile: Uuid,
    pub officer: Uuid,
    pub notice: Locale,
    pub acknowledged_at: DateTime<Utc>,
    pub enrolment: Enrolment,
    pub asked_by: AskedBy,
    pub photograph: Option<Uuid>,
    pub prints: Option<Uuid>,
    pub state: VerificationState,
    pub ended_at: Option<DateTime<Utc>>,
    /// When prints that were taken only to search were destroyed.
    pub prints_destroyed_at: Option<DateTime<Utc>>,
    pub fin: Sensitive<Option<Fin>>,
    pub eid: Sensitive<Option<EncounterId>>,
    /// None if there is nothing to show, or nothing any more.
    pub shown: Option<Shown>,
}

/// What IDENT told of somebody, beside numbers: for the officer to look at, during the visit.
#[derive(Debug, Clone)]
pub struct Shown {
    pub biographics: Sensitive<Vec<(Element, String)>>,
    pub has_photograph: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    profile_id: Uuid,
    officer_id: Uuid,
    notice: String,
    acknowledged_at: DateTime<Utc>,
    enrolment: String,
    asked_by: String,
    photograph_id: Option<Uuid>,
    prints_id: Option<Uuid>,
    state: String,
    ended_at: Option<DateTime<Utc>>,
    prints_destroyed_at: Option<DateTime<Utc>>,
    identity: Option<Vec<u8>>,
    shown: Option<Vec<u8>>,
    photograph_format: Option<String>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("profile_verification", column)
}

const fn cell(column: &'static str, row: Uuid) -> Cell {
    Cell { table: "profile_verification", column, row }
}

/// Notes that IDENT is about to be asked.
pub async fn begin_verification(transaction: &mut Connection, new: NewVerification) -> Result<(), StoreError> {
    let NewVerification { id, profile, officer, notice, at, enrolment, asked_by, photograph, prints } = new;
    let (notice, enrolment, asked_by) = (notice.tag(), enrolment.key(), asked_by.key());
    execute!(transaction, &BEGIN, id, profile, officer, notice, at, enrolment, asked_by, photograph, prints)?;
    Ok(())
}

/// Ends a verification of a profile. False if it had ended.
pub async fn end_verification(
    transaction: &mut Connection,
    keys: &Keys,
    profile: Uuid,
    ending: &Ending<'_>,
) -> Result<bool, StoreError> {
    let Ending { id, state, at, prints_destroyed_at, told } = *ending;
    let Some(root) = super::root(transaction, profile).await? else { return Err(wrong("profile_id")) };
    let data_keys = data_keys(transaction, keys, root).await?;
    let key = data_keys.get(&profile).ok_or(wrong("profile_id"))?;
    let photograph = told.and_then(|told| told.photograph.as_ref());
    let format = photograph.map(|photograph| photograph.format.key());
    let sealed = photograph.map(|photograph| key.seal(cell("photograph", id), photograph.bytes.expose())).transpose()?;
    let identity = told.map(|told| seal(key, "identity", id, &identity_of(told))).transpose()?;
    let shown = told.map(|told| seal(key, "shown", id, told.biographics.expose())).transpose()?;
    let state = state.key();
    Ok(execute!(transaction, &END, id, state, at, prints_destroyed_at, identity, shown, format, sealed)? > 0)
}

fn identity_of(told: &Told) -> [Option<&str>; 2] {
    [told.fin.expose().as_ref().map(Fin::digits), told.eid.expose().as_ref().map(EncounterId::as_str)]
}

fn seal(key: &DataKey, column: &'static str, row: Uuid, value: &impl serde::Serialize) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(value).map_err(|_| wrong(column))?;
    Ok(key.seal(cell(column, row), &plain)?)
}

fn open<T: serde::de::DeserializeOwned>(key: &DataKey, column: &'static str, row: Uuid, sealed: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(&key.open(cell(column, row), sealed)?).map_err(|_| wrong(column))
}

/// Ends verifications that began before a moment and that nobody ended. Says how many.
pub async fn give_up_verifications(
    transaction: &mut Connection,
    begun_before: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &GIVE_UP, begun_before, at)?)
}

/// Forgets what IDENT showed in verifications that ended before a moment. Says how many.
pub async fn forget_shown(transaction: &mut Connection, ended_before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EMPTY, ended_before)?)
}

/// At how many interviews fingerprints were taken before a moment.
pub async fn interviews(connection: &mut Connection, before: DateTime<Utc>) -> Result<i64, StoreError> {
    let (interviews,) = fetch!(connection, fetch_one, (i64,), &INTERVIEWS, before)?;
    Ok(interviews)
}

/// Every verification of a root's profiles, the newest first.
pub async fn verifications(connection: &mut Connection, keys: &Keys, root: Uuid) -> Result<Vec<StoredVerification>, StoreError> {
    let data_keys = data_keys(connection, keys, root).await?;
    let mut all = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &OF_ROOT, root)? {
        let Some(key) = data_keys.get(&row.profile_id) else { continue };
        all.push(stored(key, row)?);
    }
    Ok(all)
}

fn stored(key: &DataKey, row: Row) -> Result<StoredVerification, StoreError> {
    let identity = row.identity.map(|sealed| open::<[Option<String>; 2]>(key, "identity", row.id, &sealed)).transpose()?;
    let [fin, eid] = identity.unwrap_or_default();
    let fin = fin.map(|digits| Fin::parse(&digits).ok_or(wrong("identity"))).transpose()?;
    let eid = eid.map(|text| EncounterId::parse(&text).ok_or(wrong("identity"))).transpose()?;
    let biographics = row.shown.map(|sealed| open(key, "shown", row.id, &sealed)).transpose()?.map(Sensitive::new);
    let has_photograph = row.photograph_format.is_some();
    Ok(StoredVerification {
        id: row.id,
        profile: row.profile_id,
        officer: row.officer_id,
        notice: Locale::from_tag(&row.notice),
        acknowledged_at: row.acknowledged_at,
        enrolment: Enrolment::from_key(&row.enrolment).ok_or(wrong("enrolment"))?,
        asked_by: AskedBy::from_key(&row.asked_by).ok_or(wrong("asked_by"))?,
        photograph: row.photograph_id,
        prints: row.prints_id,
        state: VerificationState::from_key(&row.state).ok_or(wrong("state"))?,
        ended_at: row.ended_at,
        prints_destroyed_at: row.prints_destroyed_at,
        fin: Sensitive::new(fin),
        eid: Sensitive::new(eid),
        shown: biographics.map(|biographics| Shown { biographics, has_photograph }),
    })
}

/// The photograph that IDENT showed in a verification of a root's profiles, as long as it is kept.
pub async fn shown_photograph(
    connection: &mut Connection,
    keys: &Keys,
    root: Uuid,
    id: Uuid,
) -> Result<Option<Photograph>, StoreError> {
    let found = fetch!(connection, fetch_optional, (Uuid, String, Vec<u8>), &PHOTOGRAPH, id, root)?;
    let Some((profile, format, sealed)) = found else { return Ok(None) };
    let data_keys = data_keys(connection, keys, root).await?;
    let Some(key) = data_keys.get(&profile) else { return Ok(None) };
    let format = PictureFormat::from_key(&format).ok_or(wrong("photograph_format"))?;
    Ok(Some(Photograph { format, bytes: Sensitive::new(key.open(cell("photograph", id), &sealed)?) }))
}
