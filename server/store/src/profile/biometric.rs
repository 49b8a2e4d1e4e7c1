//! Biometric records of people: sealed, added and ended.

use chrono::{DateTime, NaiveDate, Utc};
use shared::profile::{Biometric, BiometricKind, CapturedAt, KnownBiometric, Photograph, PictureFormat, Position, Quality};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::data_keys;
use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO profile_biometric (id, profile_id, kind, position, captured_at, case_id, captured_on, quality, format, bytes, \
           added_by, recorded_at, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    END = "UPDATE profile_biometric SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";
    OF_ROOT = "SELECT profile_biometric.id, kind, position, captured_at, case_id, captured_on, quality, bytes, added_by, recorded_at, \
               ended_at, ended_by FROM profile_biometric JOIN profile ON profile.id = profile_biometric.profile_id \
               WHERE profile.root_id = $1 ORDER BY recorded_at, profile_biometric.id";
    // What has ended is not looked at any more: it may be somebody else's.
    CONTENT = "SELECT profile_biometric.profile_id, format, content FROM profile_biometric \
               JOIN profile ON profile.id = profile_biometric.profile_id \
               WHERE profile_biometric.id = $1 AND profile.root_id = $2 AND ended_at IS NULL";
    ANY = "SELECT id FROM profile_biometric LIMIT 1";
}

/// A record to be added.
#[derive(Debug)]
pub struct NewBiometric<'a> {
    pub id: Uuid,
    pub profile: Uuid,
    pub biometric: Biometric,
    pub content: NewContent<'a>,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// What there is of it.
#[derive(Debug, Clone, Copy)]
pub enum NewContent<'a> {
    Photograph(&'a Photograph),
    /// A file of ANSI/NIST-ITL.
    File(&'a Sensitive<Vec<u8>>),
}

impl<'a> NewContent<'a> {
    const fn format(self) -> &'static str {
        match self {
            Self::Photograph(photograph) => photograph.format.key(),
            Self::File(_) => FILE,
        }
    }

    pub const fn bytes(self) -> &'a Sensitive<Vec<u8>> {
        match self {
            Self::Photograph(photograph) => &photograph.bytes,
            Self::File(bytes) => bytes,
        }
    }
}

const FILE: &str = "nist_itl";

/// What is kept of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordContent {
    Photograph(Photograph),
    File(Sensitive<Vec<u8>>),
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    position: String,
    captured_at: String,
    case_id: Option<Uuid>,
    captured_on: NaiveDate,
    quality: Option<i64>,
    bytes: i64,
    added_by: Uuid,
    recorded_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<Uuid>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("profile_biometric", column)
}

const fn cell(row: Uuid) -> Cell {
    Cell { table: "profile_biometric", column: "content", row }
}

/// Adds a record to a profile.
pub async fn add_biometric(transaction: &mut Connection, keys: &Keys, new: &NewBiometric<'_>) -> Result<(), StoreError> {
    let NewBiometric { id, profile, biometric, content, by, at } = *new;
    let Biometric { kind, position, captured_at, captured_on, quality } = biometric;
    let Some(root) = super::root(transaction, profile).await? else { return Err(wrong("profile_id")) };
    let data_keys = data_keys(transaction, keys, root).await?;
    let key = data_keys.get(&profile).ok_or(wrong("profile_id"))?;
    let plain = content.bytes().expose();
    let bytes = i64::try_from(plain.len()).map_err(|_| wrong("bytes"))?;
    let sealed = key.seal(cell(id), plain)?;
    let case = if let CapturedAt::Case(case) = captured_at { Some(case) } else { None };
    let quality = quality.map(|quality| i64::from(quality.score()));
    let (kind, position, captured_at, format) = (kind.key(), position.key(), captured_at.key(), content.format());
    execute!(
        transaction,
        &ADD,
        id,
        profile,
        kind,
        position,
        captured_at,
        case,
        captured_on,
        quality,
        format,
        bytes,
        by,
        at,
        sealed
    )?;
    Ok(())
}

/// Ends a record by a correction. False if it had ended.
pub async fn end_biometric(
    transaction: &mut Connection,
    id: Uuid,
    correction: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END, id, at, correction)? > 0)
}

/// What is known of every record of a root's profiles, ended ones too, in the order in which they were added.
pub async fn biometrics(connection: &mut Connection, root: Uuid) -> Result<Vec<KnownBiometric>, StoreError> {
    fetch!(connection, fetch_all, Row, &OF_ROOT, root)?.into_iter().map(known).collect()
}

fn known(row: Row) -> Result<KnownBiometric, StoreError> {
    let captured_at = match (row.captured_at.as_str(), row.case_id) {
        ("upload", None) => CapturedAt::Upload,
        ("interview", None) => CapturedAt::Interview,
        ("case", Some(case)) => CapturedAt::Case(case),
        _ => return Err(wrong("captured_at")),
    };
    let quality = |score: i64| u8::try_from(score).ok().and_then(Quality::new).ok_or(wrong("quality"));
    let biometric = Biometric {
        kind: BiometricKind::from_key(&row.kind).ok_or(wrong("kind"))?,
        position: Position::from_key(&row.position).ok_or(wrong("position"))?,
        captured_at,
        captured_on: row.captured_on,
        quality: row.quality.map(quality).transpose()?,
    };
    Ok(KnownBiometric {
        id: row.id,
        biometric,
        bytes: u64::try_from(row.bytes).map_err(|_| wrong("bytes"))?,
        added_by: row.added_by,
        recorded_at: row.recorded_at,
        ended: row.ended_at.zip(row.ended_by),
    })
}

/// What is kept of a record of a root's profiles. None if they have no such record, if it has ended, or if its key was destroyed.
pub async fn biometric_content(
    connection: &mut Connection,
    keys: &Keys,
    root: Uuid,
    id: Uuid,
) -> Result<Option<RecordContent>, StoreError> {
    let found = fetch!(connection, fetch_optional, (Uuid, String, Vec<u8>), &CONTENT, id, root)?;
    let Some((profile, format, sealed)) = found else { return Ok(None) };
    let data_keys = data_keys(connection, keys, root).await?;
    let Some(key) = data_keys.get(&profile) else { return Ok(None) };
    let bytes = Sensitive::new(key.open(cell(id), &sealed)?);
    if format == FILE {
        return Ok(Some(RecordContent::File(bytes)));
    }
    let format = PictureFormat::from_key(&format).ok_or(wrong("format"))?;
    Ok(Some(RecordContent::Photograph(Photograph { format, bytes })))
}

/// Whether anybody has a record.
pub async fn any_biometric(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &ANY)?.is_some())
}
