//! Drafts: a document, and the day from which it is to hold.

use chrono::{Months, NaiveDate};
use shared::agreement::{Agreement, AgreementVersion, FileError, Party, changes, from_file, starter};
use store::agreement::{self as rows, NewVersion, Standing, StoredVersion, VersionHead};
use store::engine::Connection;

use super::{is_open, last_signed};
use crate::{Action, Context, Error, Officer};

/// How far ahead the day of a version may be: longer is a slip of the pen.
const FARTHEST: Months = Months::new(60);

/// A document that is to become a version. The number in it does not count: versions are numbered one after the other.
#[derive(Debug)]
pub struct Opening {
    pub document: Agreement,
    /// In force from this day on, or from the day of the second signature if that is later.
    pub holds_from: NaiveDate,
    /// The version from which it was made: the last that was signed, or a draft, whose place it takes. None for a file.
    pub made_from: Option<AgreementVersion>,
}

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafted {
    Draft(AgreementVersion),
    /// Nothing in it differs from the version that it would follow.
    Unchanged,
    /// A version holds from today at the earliest, and from a day within five years.
    WrongDay,
    /// What it was made from was withdrawn, or another version was signed meanwhile.
    Meanwhile,
}

/// Makes a version of the agreement with a partner.
pub async fn draft(ctx: &Context, officer: &Officer, opening: Opening) -> Result<Drafted, Error> {
    officer.check_somewhere(Action::DraftAgreements)?;
    let Opening { mut document, holds_from, made_from } = opening;
    let today = ctx.today();
    if holds_from < today || today.checked_add_months(FARTHEST).is_none_or(|last| last < holds_from) {
        return Ok(Drafted::WrongDay);
    }
    let partner = document.partner;
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    let versions = rows::versions(&mut transaction, partner).await?;
    let follows = last_signed(&versions);
    let source = made_from.map(|number| versions.iter().find(|head| head.version == number));
    let is_of_now = |head: &VersionHead| Some(head.version) == follows || is_open(head, &versions);
    let replaced = match source {
        None => None,
        Some(Some(head)) if is_of_now(head) => Some(head).filter(|head| head.standing == Standing::Draft),
        Some(_) => return Ok(Drafted::Meanwhile),
    };
    document.version = versions.first().map_or(AgreementVersion::FIRST, |newest| newest.version.next());
    if changes(&before(&mut transaction, partner, follows).await?, &document).is_empty() {
        return Ok(Drafted::Unchanged);
    }
    if let Some(replaced) = replaced {
        end(ctx, &mut transaction, officer, replaced, Some(document.version)).await?;
    }
    let new = NewVersion { document: &document, follows, holds_from, author: officer.id(), made_at: ctx.now() };
    rows::add(&mut transaction, &new).await?;
    let detail = serde_json::json!({ "version": document.version, "from": holds_from });
    ctx.audit(&mut transaction, officer.actor(), "agreement.draft", partner.key(), detail).await?;
    transaction.commit().await?;
    Ok(Drafted::Draft(document.version))
}

/// What a version changes: the document of the one that it follows, or nothing at all.
pub(super) async fn before(
    connection: &mut Connection,
    partner: Party,
    follows: Option<AgreementVersion>,
) -> Result<Agreement, Error> {
    let Some(version) = follows else { return Ok(Agreement::none(partner)) };
    let stored: Option<StoredVersion> = rows::by_version(connection, partner, version).await?;
    Ok(stored.ok_or(Error::Internal)?.document)
}

/// Why a file did not become a draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileRefused {
    #[error("{0}")]
    Unreadable(#[from] FileError),
    #[error("it is the agreement with {}", .0.name())]
    OtherPartner(Party),
}

/// Makes a version from a file.
pub async fn draft_file(
    ctx: &Context,
    officer: &Officer,
    partner: impl Into<Party>,
    bytes: &[u8],
    holds_from: NaiveDate,
) -> Result<Result<Drafted, FileRefused>, Error> {
    officer.check_somewhere(Action::DraftAgreements)?;
    let partner = partner.into();
    let document = match from_file(bytes) {
        Ok(document) if document.partner == partner => document,
        Ok(document) => return Ok(Err(FileRefused::OtherPartner(document.partner))),
        Err(error) => return Ok(Err(error.into())),
    };
    draft(ctx, officer, Opening { document, holds_from, made_from: None }).await.map(Ok)
}

/// Makes a version from the document with which an installation begins, to hold from today.
pub async fn draft_starter(ctx: &Context, officer: &Officer, partner: impl Into<Party>) -> Result<Drafted, Error> {
    let document = from_file(starter(partner).as_bytes()).map_err(|_| Error::Internal)?;
    draft(ctx, officer, Opening { document, holds_from: ctx.today(), made_from: None }).await
}

/// Withdraws a draft, whoever made it. False if it is none any more.
pub async fn withdraw(
    ctx: &Context,
    officer: &Officer,
    partner: impl Into<Party>,
    version: AgreementVersion,
) -> Result<bool, Error> {
    officer.check_somewhere(Action::DraftAgreements)?;
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    let versions = rows::versions(&mut transaction, partner).await?;
    let draft = versions.iter().find(|head| head.version == version && head.standing == Standing::Draft);
    let Some(draft) = draft else { return Ok(false) };
    end(ctx, &mut transaction, officer, draft, None).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn end(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    draft: &VersionHead,
    replaced_by: Option<AgreementVersion>,
) -> Result<(), Error> {
    rows::withdraw(transaction, draft, officer.id(), ctx.now()).await?;
    let detail = serde_json::json!({ "version": draft.version, "replaced_by": replaced_by });
    ctx.audit(transaction, officer.actor(), "agreement.withdraw", draft.partner.key(), detail).await
}
