//! Photographs and other biometric records of a person: added by an officer, looked at, ended by a correction as facts are.

use chrono::NaiveDate;
use shared::profile::{
    Biometric, BiometricKind, CaptureFault, CapturedAt, LARGEST_RECORD, MOST_OF_A_KIND, Photograph, Position, Quality, read_capture,
};
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::profile::{self as rows, NewBiometric, NewContent, RecordContent};
use uuid::Uuid;

use super::{Opened, Person, opened};
use crate::{Action, Context, Error, Officer};

/// The first day on which somebody can have been photographed whom the agency knows.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A record that somebody adds.
#[derive(Debug, Clone)]
pub struct NewRecord {
    pub content: RecordFile,
    pub captured_at: CapturedAt,
    /// As whoever took it says. What the file itself says goes before.
    pub quality: Option<Quality>,
}

/// What there is of it, and what the file cannot say.
#[derive(Debug, Clone)]
pub enum RecordFile {
    Photograph { photograph: Photograph, side: Position, captured_on: NaiveDate },
    Fingerprints(Sensitive<Vec<u8>>),
    Iris(Sensitive<Vec<u8>>),
    Face { file: Sensitive<Vec<u8>>, side: Position },
}

impl RecordFile {
    pub const fn kind(&self) -> BiometricKind {
        match self {
            Self::Photograph { .. } => BiometricKind::Photograph,
            Self::Fingerprints(_) => BiometricKind::Fingerprints,
            Self::Iris(_) => BiometricKind::Iris,
            Self::Face { .. } => BiometricKind::Face,
        }
    }

    fn content(&self) -> NewContent<'_> {
        match self {
            Self::Photograph { photograph, .. } => NewContent::Photograph(photograph),
            Self::Fingerprints(file) | Self::Iris(file) | Self::Face { file, .. } => NewContent::File(file),
        }
    }
}

/// Why a record is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordFault {
    TooLarge,
    /// The day is to come, or before anybody was photographed.
    Day,
    /// A record of this kind is not taken from this side.
    Side,
    /// The person is in no such case.
    OtherCase,
    /// The person has as many of the kind as there may be.
    TooMany,
    File(CaptureFault),
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    Done(Uuid),
    /// There is nobody whom the officer may know of.
    Nobody,
    /// The profile was not opened, or too long ago.
    NotOpen,
    Faulty(RecordFault),
}

/// Adds a record to a profile that was opened.
pub async fn add(ctx: &Context, officer: &Officer, profile: Uuid, new: &NewRecord) -> Result<Added, Error> {
    officer.check_somewhere(Action::AddBiometrics)?;
    // A large file takes its time: not while others wait for the transaction.
    let biometric = match described(new, ctx.today()) {
        Ok(biometric) => biometric,
        Err(fault) => return Ok(Added::Faulty(fault)),
    };
    let mut transaction = ctx.store.begin().await?;
    let (person, purpose) = match opened(ctx, &mut transaction, officer, profile).await? {
        Opened::Person(person, purpose) => (*person, purpose),
        Opened::NotOpen => return Ok(Added::NotOpen),
        Opened::Nobody => return Ok(Added::Nobody),
    };
    if let CapturedAt::Case(case) = new.captured_at
        && !person.cases.iter().any(|linked| linked.id == case)
    {
        return Ok(Added::Faulty(RecordFault::OtherCase));
    }
    let Some(id) = keep(ctx, &mut transaction, officer, &person, (biometric, new.content.content())).await? else {
        return Ok(Added::Faulty(RecordFault::TooMany));
    };
    let detail = serde_json::json!({
        "record": id,
        "kind": biometric.kind.key(),
        "captured_at": biometric.captured_at.key(),
        "purpose": purpose.key(),
    });
    ctx.audit(&mut transaction, officer.actor(), "profile.add_biometric", &person.root.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Added::Done(id))
}

/// What is known of a record before it is kept.
fn described(new: &NewRecord, today: NaiveDate) -> Result<Biometric, RecordFault> {
    let (captured_at, typed) = (new.captured_at, new.quality);
    match &new.content {
        RecordFile::Photograph { photograph, side, captured_on } => {
            of_photograph(photograph, *side, captured_at, *captured_on, today)
        }
        RecordFile::Fingerprints(file) => of_file(BiometricKind::Fingerprints, file, None, captured_at, today),
        RecordFile::Iris(file) => of_file(BiometricKind::Iris, file, None, captured_at, today),
        RecordFile::Face { file, side } => of_file(BiometricKind::Face, file, Some(*side), captured_at, today),
    }
    .map(|told| Biometric { quality: told.quality.or(typed), ..told })
}

/// A photograph, as whoever brings it describes it.
pub(super) fn of_photograph(
    photograph: &Photograph,
    position: Position,
    captured_at: CapturedAt,
    captured_on: NaiveDate,
    today: NaiveDate,
) -> Result<Biometric, RecordFault> {
    let kind = BiometricKind::Photograph;
    check_size(&photograph.bytes)?;
    check_side(kind, position)?;
    if !(FIRST_DAY..=today).contains(&captured_on) {
        return Err(RecordFault::Day);
    }
    Ok(Biometric { kind, position, captured_at, captured_on, quality: None })
}

/// A file of a capture station, as it describes itself. The side is of a face, which the file does not say.
pub(super) fn of_file(
    kind: BiometricKind,
    file: &Sensitive<Vec<u8>>,
    side: Option<Position>,
    captured_at: CapturedAt,
    today: NaiveDate,
) -> Result<Biometric, RecordFault> {
    check_size(file)?;
    let capture = kind.capture().ok_or(RecordFault::File(CaptureFault::OtherKind))?;
    let told = read_capture(capture, file.expose(), today).map_err(RecordFault::File)?;
    let position = told.position.or(side).ok_or(RecordFault::Side)?;
    check_side(kind, position)?;
    Ok(Biometric { kind, position, captured_at, captured_on: told.captured_on, quality: told.quality })
}

fn check_size(bytes: &Sensitive<Vec<u8>>) -> Result<(), RecordFault> {
    if bytes.expose().len() > LARGEST_RECORD { Err(RecordFault::TooLarge) } else { Ok(()) }
}

fn check_side(kind: BiometricKind, position: Position) -> Result<(), RecordFault> {
    let sides = kind.sides();
    if sides.is_empty() || sides.contains(&position) { Ok(()) } else { Err(RecordFault::Side) }
}

/// Keeps a record of a person. None if they have as many of the kind as there may be.
pub(super) async fn keep(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    person: &Person,
    (biometric, content): (Biometric, NewContent<'_>),
) -> Result<Option<Uuid>, Error> {
    let records = rows::biometrics(transaction, person.root).await?;
    let of_kind = records.iter().filter(|record| record.is_current() && record.biometric.kind == biometric.kind);
    if of_kind.count() >= MOST_OF_A_KIND {
        return Ok(None);
    }
    let id = ctx.clock.new_id();
    let new = NewBiometric { id, profile: person.root, biometric, content, by: officer.id(), at: ctx.now() };
    rows::add_biometric(transaction, &ctx.keys, &new).await?;
    Ok(Some(id))
}

/// A photograph of a person whose profile was opened: one of ours, or the one that IDENT showed at a verification. That it was looked
/// at, by whom and what for stands in the audit log before it is shown. None where there is none, or nobody whom the officer may know
/// of: the two are one.
pub async fn photograph(ctx: &Context, officer: &Officer, profile: Uuid, id: Uuid) -> Result<Option<Photograph>, Error> {
    officer.check_somewhere(Action::ReadProfiles)?;
    let mut transaction = ctx.store.begin().await?;
    let Opened::Person(person, purpose) = opened(ctx, &mut transaction, officer, profile).await? else { return Ok(None) };
    let photograph = match rows::biometric_content(&mut transaction, &ctx.keys, person.root, id).await? {
        Some(RecordContent::Photograph(photograph)) => Some(photograph),
        Some(RecordContent::File(_)) => None,
        None => rows::shown_photograph(&mut transaction, &ctx.keys, person.root, id).await?,
    };
    let Some(photograph) = photograph else { return Ok(None) };
    let detail = serde_json::json!({ "record": id, "purpose": purpose.key() });
    ctx.audit(&mut transaction, officer.actor(), "profile.photograph", &person.root.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(photograph))
}

/// A file of fingerprints, irises or a face, as it was kept. Read as a photograph is.
pub async fn capture_file(ctx: &Context, officer: &Officer, profile: Uuid, id: Uuid) -> Result<Option<Sensitive<Vec<u8>>>, Error> {
    officer.check_somewhere(Action::ReadProfiles)?;
    let mut transaction = ctx.store.begin().await?;
    let Opened::Person(person, purpose) = opened(ctx, &mut transaction, officer, profile).await? else { return Ok(None) };
    let content = rows::biometric_content(&mut transaction, &ctx.keys, person.root, id).await?;
    let Some(RecordContent::File(file)) = content else { return Ok(None) };
    let detail = serde_json::json!({ "record": id, "purpose": purpose.key() });
    ctx.audit(&mut transaction, officer.actor(), "profile.capture_file", &person.root.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(file))
}
