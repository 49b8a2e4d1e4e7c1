//! Waivers: what lets something be told to partners that a class of protection keeps back. One person proposes one, another agrees,
//! and either may end it; nothing of it is ever changed.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::Partner;
use shared::protection::{Class, Waiver, WaiverId, WaiverKind};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    PROPOSE = "INSERT INTO protection_waiver (id, kind, profile_id, classes, partners, from_day, to_day, document_sha256, \
               proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    AGREE = "UPDATE protection_waiver SET agreed_by = $2, agreed_at = $3 \
             WHERE id = $1 AND agreed_by IS NULL AND ended_at IS NULL AND proposed_by <> $2";
    END = "UPDATE protection_waiver SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL";
    ALL = "SELECT id, kind, profile_id, classes, partners, from_day, to_day, document_sha256, proposed_by, proposed_at, \
           agreed_by, agreed_at, ended_by, ended_at FROM protection_waiver ORDER BY proposed_at DESC, id DESC";
    // A consent is of one person alone: of any of the profiles that were put together.
    FOR_PERSON = "SELECT id, kind, profile_id, classes, partners, from_day, to_day, document_sha256, proposed_by, proposed_at, \
                  agreed_by, agreed_at, ended_by, ended_at FROM protection_waiver \
                  WHERE agreed_by IS NOT NULL AND ended_at IS NULL \
                  AND (profile_id IS NULL OR profile_id IN (SELECT id FROM profile WHERE root_id = $1)) ORDER BY proposed_at, id";
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    profile_id: Option<Uuid>,
    classes: String,
    partners: String,
    from_day: String,
    to_day: Option<String>,
    document_sha256: Vec<u8>,
    proposed_by: Uuid,
    proposed_at: DateTime<Utc>,
    agreed_by: Option<Uuid>,
    agreed_at: Option<DateTime<Utc>>,
    ended_by: Option<Uuid>,
    ended_at: Option<DateTime<Utc>>,
}

/// A waiver, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWaiver {
    pub waiver: Waiver,
    /// Whose consent it is.
    pub profile: Option<Uuid>,
    /// Of the paper on which it stands.
    pub document_sha256: Vec<u8>,
    pub proposed_by: Uuid,
    pub proposed_at: DateTime<Utc>,
    pub agreed: Option<(Uuid, DateTime<Utc>)>,
    pub ended: Option<(Uuid, DateTime<Utc>)>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("protection_waiver", column)
}

impl TryFrom<Row> for StoredWaiver {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let day = |text: &str, column| text.parse::<NaiveDate>().map_err(|_| wrong(column));
        let kind = WaiverKind::from_key(&row.kind).ok_or(wrong("kind"))?;
        let classes = words(&row.classes, Class::from_key).ok_or(wrong("classes"))?;
        let partners = words(&row.partners, Partner::from_key).ok_or(wrong("partners"))?;
        let to = row.to_day.as_deref().map(|text| day(text, "to_day")).transpose()?;
        let from = day(&row.from_day, "from_day")?;
        let waiver = Waiver::new(WaiverId::new(row.id), kind, classes, partners, from, to).map_err(|_| wrong("kind"))?;
        Ok(Self {
            waiver,
            profile: row.profile_id,
            document_sha256: row.document_sha256,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            agreed: row.agreed_by.zip(row.agreed_at),
            ended: row.ended_by.zip(row.ended_at),
        })
    }
}

/// A list of keys with blanks between them.
pub(crate) fn words<T: Ord>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<BTreeSet<T>> {
    text.split(' ').map(read).collect()
}

pub(crate) fn joined<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    keys.collect::<Vec<_>>().join(" ")
}

/// Adds a waiver that holds once somebody else has agreed.
pub async fn propose(
    transaction: &mut Connection,
    waiver: &Waiver,
    profile: Option<Uuid>,
    document_sha256: &[u8],
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (from, to) = (waiver.from().to_string(), waiver.to().map(|day| day.to_string()));
    execute!(
        transaction,
        &PROPOSE,
        waiver.id().uuid(),
        waiver.kind().key(),
        profile,
        joined(waiver.classes().iter().map(|class| class.key())),
        joined(waiver.partners().iter().map(|partner| partner.key())),
        from,
        to,
        document_sha256,
        by,
        at
    )?;
    Ok(())
}

/// Agrees to what somebody else proposed; false if it cannot be agreed to any more, or by them.
pub async fn agree(transaction: &mut Connection, id: WaiverId, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &AGREE, id.uuid(), by, at)? == 1)
}

/// Ends a waiver, or takes a proposal back; false if it has ended.
pub async fn end(transaction: &mut Connection, id: WaiverId, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END, id.uuid(), by, at)? == 1)
}

/// Every waiver, the newest first.
pub async fn all(connection: &mut Connection) -> Result<Vec<StoredWaiver>, StoreError> {
    fetch!(connection, fetch_all, Row, &ALL)?.into_iter().map(StoredWaiver::try_from).collect()
}

/// The waivers that are agreed to and that can be about a person, whatever their days.
pub async fn for_person(connection: &mut Connection, root: Uuid) -> Result<Vec<Waiver>, StoreError> {
    let rows = fetch!(connection, fetch_all, Row, &FOR_PERSON, root)?;
    rows.into_iter().map(|row| StoredWaiver::try_from(row).map(|stored| stored.waiver)).collect()
}
