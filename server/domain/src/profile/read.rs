//! Opening a profile, and reading it.

use shared::profile::{KnownBiometric, ReadPurpose, Sheet};
use store::profile::{self as rows, LinkedCase, StoredCorrection, StoredVerification};
use uuid::Uuid;

use super::{Opened, PURPOSES, Person, opened, person};
use crate::{Action, Context, Error, Officer};

/// All there is of a person, for who opened their profile.
#[derive(Debug)]
pub struct ProfileFile {
    /// The profile that stands for all of them.
    pub profile: Uuid,
    pub purpose: ReadPurpose,
    pub sheet: Sheet,
    pub cases: Vec<LinkedCase>,
    /// The profiles that were put together here, this one first.
    pub parts: Vec<Uuid>,
    /// The newest first.
    pub corrections: Vec<StoredCorrection>,
    /// Ended ones too, in the order in which they were added.
    pub biometrics: Vec<KnownBiometric>,
    /// The newest first.
    pub verifications: Vec<StoredVerification>,
}

/// What an officer may open a profile for, by all their roles.
pub fn purposes(officer: &Officer) -> Vec<ReadPurpose> {
    let has = |role| officer.grants().iter().any(|grant| grant.role == role);
    let may = |purpose: &ReadPurpose| PURPOSES.iter().any(|(role, purposes)| has(*role) && purposes.contains(purpose));
    ReadPurpose::ALL.into_iter().filter(may).collect()
}

pub(super) fn check_purpose(officer: &Officer, purpose: ReadPurpose) -> Result<(), Error> {
    officer.check_somewhere(Action::ReadProfiles)?;
    if purposes(officer).contains(&purpose) { Ok(()) } else { Err(Error::Refused) }
}

/// Opens a profile for a purpose, for half an hour. False if there is nobody whom the officer may know of.
pub async fn open(ctx: &Context, officer: &Officer, profile: Uuid, purpose: ReadPurpose) -> Result<Option<Uuid>, Error> {
    check_purpose(officer, purpose)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(person) = person(ctx, &mut transaction, officer, profile).await? else { return Ok(None) };
    rows::visit(&mut transaction, officer.id(), person.root, purpose, ctx.now()).await?;
    transaction.commit().await?;
    Ok(Some(person.root))
}

/// How a profile is read.
#[derive(Debug)]
pub enum Read {
    File(Box<ProfileFile>),
    /// It was not opened, or too long ago: the officer says what for.
    NotOpen,
    /// There is nobody, or nobody whom the officer may know of.
    Nobody,
}

/// Reads a profile that was opened. That it was, by whom and what for stands in the audit log before anything is shown.
pub async fn read(ctx: &Context, officer: &Officer, profile: Uuid) -> Result<Read, Error> {
    officer.check_somewhere(Action::ReadProfiles)?;
    let mut transaction = ctx.store.begin().await?;
    let (Person { root, sheet, cases }, purpose) = match opened(ctx, &mut transaction, officer, profile).await? {
        Opened::Person(person, purpose) => (*person, purpose),
        Opened::NotOpen => return Ok(Read::NotOpen),
        Opened::Nobody => return Ok(Read::Nobody),
    };
    ctx.audit(
        &mut transaction,
        officer.actor(),
        "profile.read",
        &root.to_string(),
        serde_json::json!({ "purpose": purpose.key() }),
    )
    .await?;
    let parts = rows::parts(&mut transaction, root).await?;
    let corrections = rows::corrections(&mut transaction, &ctx.keys, root).await?;
    let biometrics = rows::biometrics(&mut transaction, root).await?;
    let verifications = rows::verifications(&mut transaction, &ctx.keys, root).await?;
    transaction.commit().await?;
    let profile = root;
    Ok(Read::File(Box::new(ProfileFile { profile, purpose, sheet, cases, parts, corrections, biometrics, verifications })))
}
