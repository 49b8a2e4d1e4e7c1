//! Agreements with partners, in versions. A version holds from its day on once privacy and counsel have signed it, neither of whom
//! wrote it; the database sees to that. Versions are kept for ever, since decisions name the one on which they rest.

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::{Agreement, AgreementVersion, Partner, from_file, to_file};
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::sha256;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    DRAFT = "INSERT INTO agreement_version (partner, version, document, document_sha256, from_day, drafted_by, drafted_at) \
             SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6 FROM agreement_version WHERE partner = $1 \
             HAVING coalesce(max(version), 0) + 1 = $7";
    NEWEST = "SELECT coalesce(max(version), 0) FROM agreement_version WHERE partner = $1";
    GET = "SELECT agreement_version.partner, agreement_version.version, document, document_sha256, from_day, drafted_by, drafted_at, \
           withdrawn_at FROM agreement_version LEFT JOIN agreement_withdrawal ON agreement_withdrawal.partner = agreement_version.partner \
           AND agreement_withdrawal.version = agreement_version.version \
           WHERE agreement_version.partner = $1 AND agreement_version.version = $2";
    VERSIONS = "SELECT agreement_version.partner, agreement_version.version, document, document_sha256, from_day, drafted_by, drafted_at, \
                withdrawn_at FROM agreement_version LEFT JOIN agreement_withdrawal \
                ON agreement_withdrawal.partner = agreement_version.partner AND agreement_withdrawal.version = agreement_version.version \
                WHERE agreement_version.partner = $1 ORDER BY agreement_version.version DESC";
    CURRENT = "SELECT document FROM agreement_version WHERE partner = $1 AND from_day <= $2 \
               AND 2 = (SELECT count(*) FROM agreement_signature WHERE agreement_signature.partner = agreement_version.partner \
                        AND agreement_signature.version = agreement_version.version) \
               AND NOT EXISTS (SELECT 1 FROM agreement_withdrawal WHERE agreement_withdrawal.partner = agreement_version.partner \
                               AND agreement_withdrawal.version = agreement_version.version) \
               ORDER BY from_day DESC, version DESC LIMIT 1";
    SIGN = "INSERT INTO agreement_signature (partner, version, capacity, officer_id, document_sha256, dry_run_sha256, signed_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    SIGNATURES = "SELECT capacity, officer_id, dry_run_sha256, signed_at FROM agreement_signature WHERE partner = $1 AND version = $2 \
                  ORDER BY signed_at, capacity";
    WITHDRAW = "INSERT INTO agreement_withdrawal (partner, version, officer_id, withdrawn_at) VALUES ($1, $2, $3, $4) \
                ON CONFLICT DO NOTHING";
}

/// In what capacity somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    Privacy,
    Counsel,
}

impl Capacity {
    pub const ALL: [Self; 2] = [Self::Privacy, Self::Counsel];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::Counsel => "counsel",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capacity| capacity.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Privacy => "Privacy",
            Self::Counsel => "Counsel",
        }
    }
}

/// A version, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAgreement {
    pub agreement: Agreement,
    pub document_sha256: Vec<u8>,
    pub from: NaiveDate,
    pub drafted_by: Uuid,
    pub drafted_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub signatures: Vec<Signature>,
}

impl StoredAgreement {
    /// Has everybody signed who has to, and did nobody withdraw it?
    pub fn is_signed(&self) -> bool {
        self.signatures.len() == Capacity::ALL.len() && self.withdrawn_at.is_none()
    }
}

/// Somebody signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub capacity: Capacity,
    pub officer: Uuid,
    /// Of the dry run that they saw.
    pub dry_run_sha256: Vec<u8>,
    pub signed_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    partner: String,
    version: i64,
    document: String,
    document_sha256: Vec<u8>,
    from_day: String,
    drafted_by: Uuid,
    drafted_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("agreement_version", column)
}

fn read(document: &str) -> Result<Agreement, StoreError> {
    from_file(document.as_bytes()).map_err(|_| wrong("document"))
}

async fn with_signatures(connection: &mut Connection, row: Row) -> Result<StoredAgreement, StoreError> {
    type Signed = (String, Uuid, Vec<u8>, DateTime<Utc>);
    let signature = |(capacity, officer, dry_run_sha256, signed_at): Signed| {
        let capacity = Capacity::from_key(&capacity).ok_or(StoreError::inconsistent("agreement_signature", "capacity"))?;
        Ok(Signature { capacity, officer, dry_run_sha256, signed_at })
    };
    let signatures = fetch!(connection, fetch_all, Signed, &SIGNATURES, &row.partner, row.version)?;
    Ok(StoredAgreement {
        agreement: read(&row.document)?,
        document_sha256: row.document_sha256,
        from: row.from_day.parse().map_err(|_| wrong("from_day"))?,
        drafted_by: row.drafted_by,
        drafted_at: row.drafted_at,
        withdrawn_at: row.withdrawn_at,
        signatures: signatures.into_iter().map(signature).collect::<Result<_, StoreError>>()?,
    })
}

/// The number that the next version with a partner has.
pub async fn next_version(connection: &mut Connection, partner: Partner) -> Result<AgreementVersion, StoreError> {
    let (newest,) = fetch!(connection, fetch_one, (i64,), &NEWEST, partner.key())?;
    let next = u32::try_from(newest + 1).ok().and_then(AgreementVersion::new);
    next.ok_or(wrong("version"))
}

/// Keeps a version that nobody has signed. False if it does not have the next number any more.
pub async fn draft(
    transaction: &mut Connection,
    agreement: &Agreement,
    from: NaiveDate,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let document = to_file(agreement);
    let hash = sha256(document.as_bytes()).to_vec();
    let (partner, number, from) = (agreement.partner.key(), i64::from(agreement.version.number()), from.to_string());
    Ok(execute!(transaction, &DRAFT, partner, &document, hash, from, by, at, number)? == 1)
}

/// One version; none if there is none.
pub async fn by_version(
    connection: &mut Connection,
    partner: Partner,
    version: AgreementVersion,
) -> Result<Option<StoredAgreement>, StoreError> {
    let number = i64::from(version.number());
    let Some(row) = fetch!(connection, fetch_optional, Row, &GET, partner.key(), number)? else { return Ok(None) };
    with_signatures(connection, row).await.map(Some)
}

/// Every version with a partner, the newest first.
pub async fn versions(connection: &mut Connection, partner: Partner) -> Result<Vec<StoredAgreement>, StoreError> {
    let mut versions = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &VERSIONS, partner.key())? {
        versions.push(with_signatures(connection, row).await?);
    }
    Ok(versions)
}

/// What holds with a partner on a day: of the versions that are signed and begun, the one that began last. None: nothing is shared.
pub async fn current(connection: &mut Connection, partner: Partner, on: NaiveDate) -> Result<Option<Agreement>, StoreError> {
    let found = fetch!(connection, fetch_optional, (String,), &CURRENT, partner.key(), on.to_string())?;
    found.map(|(document,)| read(&document)).transpose()
}

/// A signature to be added.
#[derive(Debug)]
pub struct NewSignature<'a> {
    pub partner: Partner,
    pub version: AgreementVersion,
    pub capacity: Capacity,
    pub officer: Uuid,
    /// Of the document that was seen.
    pub document_sha256: &'a [u8],
    pub dry_run_sha256: &'a [u8],
    pub at: DateTime<Utc>,
}

/// Signs. False if somebody did in this capacity, or the officer did in the other. The database refuses the author.
pub async fn sign(transaction: &mut Connection, new: &NewSignature<'_>) -> Result<bool, StoreError> {
    let (partner, version, capacity) = (new.partner.key(), i64::from(new.version.number()), new.capacity.key());
    let signed =
        execute!(transaction, &SIGN, partner, version, capacity, new.officer, new.document_sha256, new.dry_run_sha256, new.at)?;
    Ok(signed == 1)
}

/// Takes a version back, signed or not. False if it was.
pub async fn withdraw(
    transaction: &mut Connection,
    partner: Partner,
    version: AgreementVersion,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &WITHDRAW, partner.key(), i64::from(version.number()), by, at)? == 1)
}
