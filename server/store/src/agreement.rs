//! Agreements with partner countries, and the terms with IDENT: their versions, who signed them, and what became of each. Rows are
//! added and never changed (triggers see to it); that two people sign who did not write, in two capacities, is in the tables'
//! constraints.

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::{Agreement, AgreementVersion, Capacity, Party, from_file, to_file};
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::sha256;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    LOCK = "UPDATE installation SET value = '' WHERE name = 'agreement_lock'";
    ADD = "INSERT INTO agreement_version (partner, version, follows, document, document_hash, holds_from, author, made_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SIGN = "INSERT INTO agreement_signature (partner, version, capacity, officer, author, document_hash, dry_run_hash, signed_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SETTLE = "INSERT INTO agreement_outcome (partner, version, outcome, ended_at, follows, first_signer, second_signer, in_force_from) \
              VALUES ($1, $2, 'signed', $3, $4, $5, $6, $7)";
    WITHDRAW = "INSERT INTO agreement_outcome (partner, version, outcome, ended_at, withdrawn_by) VALUES ($1, $2, 'withdrawn', $3, $4)";
    HEADS = "SELECT agreement_version.partner, agreement_version.version, agreement_version.follows, document_hash, holds_from, author, \
             made_at, outcome, ended_at, withdrawn_by, in_force_from \
             FROM agreement_version LEFT JOIN agreement_outcome ON agreement_outcome.partner = agreement_version.partner \
             AND agreement_outcome.version = agreement_version.version \
             WHERE agreement_version.partner = $1 ORDER BY agreement_version.version DESC";
    FIND = "SELECT agreement_version.partner, agreement_version.version, agreement_version.follows, document_hash, holds_from, author, \
            made_at, outcome, ended_at, withdrawn_by, in_force_from, document \
            FROM agreement_version LEFT JOIN agreement_outcome ON agreement_outcome.partner = agreement_version.partner \
            AND agreement_outcome.version = agreement_version.version \
            WHERE agreement_version.partner = $1 AND agreement_version.version = $2";
    // Signed versions follow each other, so of those that have begun the last one counts.
    CURRENT = "SELECT max(version) FROM agreement_outcome WHERE partner = $1 AND outcome = 'signed' AND in_force_from <= $2";
    SIGNATURES = "SELECT capacity, officer, document_hash, dry_run_hash, signed_at FROM agreement_signature \
                  WHERE partner = $1 AND version = $2 ORDER BY signed_at, capacity";
}

/// A version as a draft. The document says with whom it is, and its number.
#[derive(Debug)]
pub struct NewVersion<'a> {
    pub document: &'a Agreement,
    /// The signed version in whose place it would come.
    pub follows: Option<AgreementVersion>,
    /// In force from this day on, if it is signed by then.
    pub holds_from: NaiveDate,
    pub author: Uuid,
    pub made_at: DateTime<Utc>,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Draft,
    /// In force from a day on, until the one that follows it is.
    Signed {
        from: NaiveDate,
    },
    Withdrawn {
        by: Uuid,
        at: DateTime<Utc>,
    },
}

/// What is known of a version but for its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHead {
    pub partner: Party,
    pub version: AgreementVersion,
    pub follows: Option<AgreementVersion>,
    /// SHA-256 of the document as a file.
    pub document_hash: Vec<u8>,
    pub holds_from: NaiveDate,
    pub author: Uuid,
    pub made_at: DateTime<Utc>,
    pub standing: Standing,
}

/// A version with its document.
#[derive(Debug, Clone)]
pub struct StoredVersion {
    pub head: VersionHead,
    pub document: Agreement,
}

/// That somebody signed a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub capacity: Capacity,
    pub officer: Uuid,
    /// Of the document that was seen.
    pub document_hash: Vec<u8>,
    /// Of what past requests would have come to, as it was seen.
    pub dry_run_hash: Vec<u8>,
    pub signed_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct HeadRow {
    partner: String,
    version: i64,
    follows: i64,
    document_hash: Vec<u8>,
    holds_from: String,
    author: Uuid,
    made_at: DateTime<Utc>,
    outcome: Option<String>,
    ended_at: Option<DateTime<Utc>>,
    withdrawn_by: Option<Uuid>,
    in_force_from: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct VersionRow {
    #[sqlx(flatten)]
    head: HeadRow,
    document: String,
}

#[derive(Debug, sqlx::FromRow)]
struct SignatureRow {
    capacity: String,
    officer: Uuid,
    document_hash: Vec<u8>,
    dry_run_hash: Vec<u8>,
    signed_at: DateTime<Utc>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("agreement_version", column)
}

fn version(number: i64) -> Option<AgreementVersion> {
    u32::try_from(number).ok().and_then(AgreementVersion::new)
}

/// As the tables have it.
fn number(version: AgreementVersion) -> i64 {
    version.number().into()
}

fn standing(row: &HeadRow) -> Result<Standing, StoreError> {
    let wrong = |column| StoreError::inconsistent("agreement_outcome", column);
    match (row.outcome.as_deref(), row.ended_at, row.withdrawn_by, &row.in_force_from) {
        (None, ..) => Ok(Standing::Draft),
        (Some("signed"), Some(_), None, Some(from)) => {
            Ok(Standing::Signed { from: from.parse().map_err(|_| wrong("in_force_from"))? })
        }
        (Some("withdrawn"), Some(at), Some(by), None) => Ok(Standing::Withdrawn { by, at }),
        _ => Err(wrong("outcome")),
    }
}

impl TryFrom<HeadRow> for VersionHead {
    type Error = StoreError;

    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        Ok(Self {
            partner: Party::from_key(&row.partner).ok_or(wrong("partner"))?,
            version: version(row.version).ok_or(wrong("version"))?,
            follows: version(row.follows),
            holds_from: row.holds_from.parse().map_err(|_| wrong("holds_from"))?,
            standing: standing(&row)?,
            document_hash: row.document_hash,
            author: row.author,
            made_at: row.made_at,
        })
    }
}

/// What is read is what was signed: a document that is not that of its hash is none.
impl TryFrom<VersionRow> for StoredVersion {
    type Error = StoreError;

    fn try_from(row: VersionRow) -> Result<Self, StoreError> {
        let head = VersionHead::try_from(row.head)?;
        let document = from_file(row.document.as_bytes()).map_err(|_| wrong("document"))?;
        if document.partner != head.partner || document.version != head.version {
            return Err(wrong("version"));
        }
        if sha256(row.document.as_bytes()).as_slice() != head.document_hash {
            return Err(wrong("document_hash"));
        }
        Ok(Self { head, document })
    }
}

impl TryFrom<SignatureRow> for Signature {
    type Error = StoreError;

    fn try_from(row: SignatureRow) -> Result<Self, StoreError> {
        let SignatureRow { capacity, officer, document_hash, dry_run_hash, signed_at } = row;
        let capacity = Capacity::from_key(&capacity).ok_or(StoreError::inconsistent("agreement_signature", "capacity"))?;
        Ok(Self { capacity, officer, document_hash, dry_run_hash, signed_at })
    }
}

/// Waits until nobody else changes agreements, until the end of the transaction.
pub async fn lock(transaction: &mut Connection) -> Result<(), StoreError> {
    execute!(transaction, &LOCK)?;
    Ok(())
}

/// Adds a version as a draft.
pub async fn add(transaction: &mut Connection, new: &NewVersion<'_>) -> Result<(), StoreError> {
    let NewVersion { document, follows, holds_from, author, made_at } = new;
    let file = to_file(document);
    execute!(
        transaction,
        &ADD,
        document.partner.key(),
        number(document.version),
        follows.map_or(0, number),
        &file,
        sha256(file.as_bytes()).to_vec(),
        holds_from.to_string(),
        author,
        made_at
    )?;
    Ok(())
}

/// Adds a signature. The database refuses the author, somebody who signed already, and another document than the version's.
pub async fn sign(transaction: &mut Connection, signed: &VersionHead, signature: &Signature) -> Result<(), StoreError> {
    execute!(
        transaction,
        &SIGN,
        signed.partner.key(),
        number(signed.version),
        signature.capacity.key(),
        signature.officer,
        signed.author,
        &signature.document_hash,
        &signature.dry_run_hash,
        signature.signed_at
    )?;
    Ok(())
}

/// Brings a version into force from a day on. The database refuses it without the signatures of these two, and if another version
/// came in the same place.
pub async fn settle(
    transaction: &mut Connection,
    signed: &VersionHead,
    [first, second]: [Uuid; 2],
    from: NaiveDate,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (partner, follows) = (signed.partner.key(), signed.follows.map_or(0, number));
    execute!(transaction, &SETTLE, partner, number(signed.version), at, follows, first, second, from.to_string())?;
    Ok(())
}

/// Ends a draft. The database refuses it for what has ended.
pub async fn withdraw(transaction: &mut Connection, draft: &VersionHead, by: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &WITHDRAW, draft.partner.key(), number(draft.version), at, by)?;
    Ok(())
}

/// All versions of the agreement with a partner, the newest first.
pub async fn versions(connection: &mut Connection, partner: impl Into<Party>) -> Result<Vec<VersionHead>, StoreError> {
    let partner = partner.into().key();
    fetch!(connection, fetch_all, HeadRow, &HEADS, partner)?.into_iter().map(VersionHead::try_from).collect()
}

/// A version by its number: what a decision names, for ever.
pub async fn by_version(
    connection: &mut Connection,
    partner: impl Into<Party>,
    version: AgreementVersion,
) -> Result<Option<StoredVersion>, StoreError> {
    let partner = partner.into().key();
    let found = fetch!(connection, fetch_optional, VersionRow, &FIND, partner, number(version))?;
    found.map(StoredVersion::try_from).transpose()
}

/// The version that is in force on a day.
pub async fn current(
    connection: &mut Connection,
    partner: impl Into<Party>,
    day: NaiveDate,
) -> Result<Option<StoredVersion>, StoreError> {
    let partner = partner.into();
    let (newest,) = fetch!(connection, fetch_one, (Option<i64>,), &CURRENT, partner.key(), day.to_string())?;
    match newest.and_then(version) {
        Some(version) => by_version(connection, partner, version).await,
        None => Ok(None),
    }
}

/// Who signed a version, in the order in which they did.
pub async fn signatures(
    connection: &mut Connection,
    partner: impl Into<Party>,
    version: AgreementVersion,
) -> Result<Vec<Signature>, StoreError> {
    let partner = partner.into().key();
    let rows = fetch!(connection, fetch_all, SignatureRow, &SIGNATURES, partner, number(version))?;
    rows.into_iter().map(Signature::try_from).collect()
}
