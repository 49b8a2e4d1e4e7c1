//! What past recipients have to be told: that a correction was agreed to, or that the person disagrees (5 USC 552a(c)(4), (d)(4)).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::agreement::Element;
use shared::disclosure::AmendmentKind;
use shared::partner_query::LongLine;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::{Cell, WrappedKey};
use crate::data_key::Keys;
use crate::engine::{Connection, Database, execute, fetch, statement};
use crate::waiver::{joined, words};

statement! { main,
    ADD = "INSERT INTO amendment (id, profile_id, kind, correction_id, elements, data_key_id, statement, raised_by, raised_at, \
           trace_at, traces, partner_trace_at, partner_traces) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, $9, 0)";
    GET = "SELECT id, profile_id, kind, correction_id, elements, data_key_id, statement, raised_by, raised_at, traces \
           FROM amendment WHERE id = $1";
    TO_TRACE = "SELECT id, profile_id, kind, correction_id, elements, data_key_id, statement, raised_by, raised_at, traces \
                FROM amendment WHERE trace_at <= $1 ORDER BY trace_at, id LIMIT 1";
    TO_TRACE_AT_PARTNERS = "SELECT id, profile_id, kind, correction_id, elements, data_key_id, statement, raised_by, raised_at, \
                            partner_traces AS traces FROM amendment \
                            WHERE partner_trace_at <= $1 ORDER BY partner_trace_at, id LIMIT 1";
    TRACED = "UPDATE amendment SET trace_at = $2, traces = traces + 1 WHERE id = $1";
    TRACED_AT_PARTNERS = "UPDATE amendment SET partner_trace_at = $2, partner_traces = partner_traces + 1 WHERE id = $1";
    KEY = "SELECT id, wrapping_key, wrapped FROM data_key WHERE id = $1";
}

/// What is another than it was told, or disputed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    pub id: Uuid,
    /// The root of the profile at that time.
    pub profile: Uuid,
    pub because: Because,
    pub elements: BTreeSet<Element>,
    pub raised_by: Uuid,
    pub raised_at: DateTime<Utc>,
}

/// Why it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// A correction of the profile, by its id.
    Correction(Uuid),
    /// The person's statement of disagreement.
    Dispute(Sensitive<LongLine>),
}

/// An amendment, and how often its past recipients were looked up in one of the databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAmendment {
    pub amendment: Amendment,
    pub traces: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    profile_id: Uuid,
    kind: String,
    correction_id: Option<Uuid>,
    elements: String,
    data_key_id: Option<Uuid>,
    statement: Option<Vec<u8>>,
    raised_by: Uuid,
    raised_at: DateTime<Utc>,
    traces: i64,
}

impl Because {
    pub const fn kind(&self) -> AmendmentKind {
        match self {
            Self::Correction(_) => AmendmentKind::Correction,
            Self::Dispute(_) => AmendmentKind::Dispute,
        }
    }
}

const fn cell(row: Uuid) -> Cell {
    Cell { table: "amendment", column: "statement", row }
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("amendment", column)
}

/// Notes an amendment; its past recipients are looked up from now on. `key` is for a statement's data key.
pub async fn add(transaction: &mut Connection, keys: &Keys, key: Uuid, amendment: &Amendment) -> Result<(), StoreError> {
    let Amendment { id, profile, because, elements, raised_by, raised_at } = amendment;
    let (correction, sealed) = match because {
        Because::Correction(correction) => (Some(*correction), None),
        Because::Dispute(statement) => {
            // As the accounting to which it belongs, it outlives the record.
            let data_key = keys.add_key(transaction, "disclosure", key, *raised_at).await?;
            (None, Some(data_key.seal(cell(*id), statement.expose().as_str().as_bytes())?))
        }
    };
    let key = sealed.is_some().then_some(key);
    let elements = joined(elements.iter().map(|element| element.key()));
    let kind = because.kind().key();
    execute!(transaction, &ADD, *id, *profile, kind, correction, elements, key, sealed, *raised_by, *raised_at)?;
    Ok(())
}

/// An amendment; none if there is none.
pub async fn get(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Amendment>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &GET, id)? else { return Ok(None) };
    read(connection, keys, row).await.map(|stored| Some(stored.amendment))
}

/// The next amendment whose past recipients are to be looked up in a database.
pub async fn to_trace(
    connection: &mut Connection,
    keys: &Keys,
    database: Database,
    now: DateTime<Utc>,
) -> Result<Option<StoredAmendment>, StoreError> {
    let row = match database {
        Database::Main => fetch!(connection, fetch_optional, Row, &TO_TRACE, now)?,
        Database::Partner => fetch!(connection, fetch_optional, Row, &TO_TRACE_AT_PARTNERS, now)?,
    };
    let Some(row) = row else { return Ok(None) };
    read(connection, keys, row).await.map(Some)
}

/// Past recipients were looked up in a database; they are again at this time, or not any more.
pub async fn traced(
    transaction: &mut Connection,
    id: Uuid,
    database: Database,
    again_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    match database {
        Database::Main => execute!(transaction, &TRACED, id, again_at)?,
        Database::Partner => execute!(transaction, &TRACED_AT_PARTNERS, id, again_at)?,
    };
    Ok(())
}

async fn read(connection: &mut Connection, keys: &Keys, row: Row) -> Result<StoredAmendment, StoreError> {
    let because = match (row.kind.as_str(), row.correction_id, row.data_key_id.zip(row.statement)) {
        ("correction", Some(correction), None) => Because::Correction(correction),
        ("dispute", None, Some((key, statement))) => {
            let stored = fetch!(connection, fetch_optional, (Uuid, String, Vec<u8>), &KEY, key)?.ok_or(wrong("data_key_id"))?;
            let wrapped = WrappedKey { id: stored.0, wrapping_key: stored.1, wrapped: stored.2 };
            let opened = keys.unwrap(connection, &wrapped).await?.open(cell(row.id), &statement)?;
            let text = String::from_utf8(opened).map_err(|_| wrong("statement"))?;
            Because::Dispute(Sensitive::new(LongLine::parse(&text).map_err(|_| wrong("statement"))?))
        }
        _ => return Err(wrong("kind")),
    };
    let amendment = Amendment {
        id: row.id,
        profile: row.profile_id,
        because,
        elements: words(&row.elements, Element::from_key).ok_or(wrong("elements"))?,
        raised_by: row.raised_by,
        raised_at: row.raised_at,
    };
    Ok(StoredAmendment { amendment, traces: row.traces })
}
