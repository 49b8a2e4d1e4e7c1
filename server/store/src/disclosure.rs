//! The accounting of disclosures (5 USC 552a(c)). An entry is committed before the first byte leaves; what became of it is a row of
//! its own. Both can only be appended, and an entry has a data key of its own: it outlives the record that it is about.
//!
//! What is told to a partner country names it in its row; what is told by other ways has [`OTHER`] there, and only in the main database.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::agreement::{AgreementVersion, Element, Partner, Purpose};
use shared::case_feed::ANumber;
use shared::disclosure::{
    Authority, Disclosure, Exception, Method, Nature, OtherDisclosure, OtherRecipient, Outcome, OutcomeEntry, Recipient, Way,
};
use shared::partner_query::{LongLine, ShortLine, TransactionNumber};
use shared::protection::WaiverId;
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use uuid::Uuid;

use crate::StoreError;
use crate::audit::leaf_hash;
use crate::audit::position::{Place, Positioned, RowState};
use crate::crypto::{Cell, DataKey, KeyError, WrappedKey};
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { each,
    ADD = "INSERT INTO disclosure (id, recorded_at, profile_id, partner, purpose, transaction_number, data_key_id, entry, leaf_hash) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CLOSE = "INSERT INTO disclosure_outcome (id, disclosure_id, outcome, recorded_at, leaf_hash) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT DO NOTHING";
    OF_PROFILE = "SELECT disclosure.id, disclosure.recorded_at, disclosure.profile_id, entry, outcome, \
                  disclosure_outcome.recorded_at AS closed_at, data_key.id AS key_id, data_key.wrapping_key, data_key.wrapped \
                  FROM disclosure JOIN data_key ON data_key.id = disclosure.data_key_id \
                  LEFT JOIN disclosure_outcome ON disclosure_outcome.disclosure_id = disclosure.id \
                  WHERE disclosure.profile_id = $1 AND disclosure.partner <> 'other' ORDER BY disclosure.recorded_at, disclosure.id";
    GET = "SELECT disclosure.id, disclosure.recorded_at, disclosure.profile_id, entry, outcome, \
           disclosure_outcome.recorded_at AS closed_at, data_key.id AS key_id, data_key.wrapping_key, data_key.wrapped \
           FROM disclosure JOIN data_key ON data_key.id = disclosure.data_key_id \
           LEFT JOIN disclosure_outcome ON disclosure_outcome.disclosure_id = disclosure.id \
           WHERE disclosure.id = $1 AND disclosure.partner <> 'other'";
    TO_PARTNER = "SELECT disclosure.id, disclosure.recorded_at, disclosure.profile_id, entry, outcome, \
                  disclosure_outcome.recorded_at AS closed_at, data_key.id AS key_id, data_key.wrapping_key, data_key.wrapped \
                  FROM disclosure JOIN data_key ON data_key.id = disclosure.data_key_id \
                  LEFT JOIN disclosure_outcome ON disclosure_outcome.disclosure_id = disclosure.id \
                  WHERE disclosure.partner = $1 AND disclosure.recorded_at >= $2 AND disclosure.recorded_at < $3 \
                  AND (disclosure.recorded_at > $2 OR disclosure.id > $4) ORDER BY disclosure.recorded_at, disclosure.id LIMIT $5";
    OUTCOME = "SELECT outcome FROM disclosure_outcome WHERE disclosure_id = $1";
    LEAVES = "SELECT leaf_hash FROM disclosure ORDER BY id";
    POSITIONED = "SELECT position, row_id, log_position.leaf_hash AS positioned, disclosure.id, recorded_at, profile_id, partner, \
                  disclosure.purpose, transaction_number, data_key_id, entry, disclosure.leaf_hash, data_key.id AS key_id, \
                  wrapping_key, wrapped FROM log_position LEFT JOIN disclosure ON disclosure.id = row_id \
                  LEFT JOIN data_key ON data_key.id = data_key_id \
                  WHERE log = 'disclosure' AND position >= $1 AND position < $2 ORDER BY position";
    OUTCOMES_POSITIONED = "SELECT position, row_id, log_position.leaf_hash AS positioned, disclosure_outcome.id, disclosure_id, \
                           outcome, recorded_at, disclosure_outcome.leaf_hash \
                           FROM log_position LEFT JOIN disclosure_outcome ON disclosure_outcome.id = row_id \
                           WHERE log = 'disclosure_outcome' AND position >= $1 AND position < $2 ORDER BY position";
}

statement! { main,
    OTHERS_OF_PROFILE = "SELECT disclosure.id, disclosure.recorded_at, disclosure.profile_id, entry, outcome, \
                         disclosure_outcome.recorded_at AS closed_at, data_key.id AS key_id, data_key.wrapping_key, data_key.wrapped \
                         FROM disclosure JOIN data_key ON data_key.id = disclosure.data_key_id \
                         LEFT JOIN disclosure_outcome ON disclosure_outcome.disclosure_id = disclosure.id \
                         WHERE disclosure.profile_id = $1 AND disclosure.partner = 'other' \
                         ORDER BY disclosure.recorded_at, disclosure.id";
    OTHER_BY_ID = "SELECT disclosure.id, disclosure.recorded_at, disclosure.profile_id, entry, outcome, \
                   disclosure_outcome.recorded_at AS closed_at, data_key.id AS key_id, data_key.wrapping_key, data_key.wrapped \
                   FROM disclosure JOIN data_key ON data_key.id = disclosure.data_key_id \
                   LEFT JOIN disclosure_outcome ON disclosure_outcome.disclosure_id = disclosure.id \
                   WHERE disclosure.id = $1 AND disclosure.partner = 'other'";
    OTHERS_OPEN = "SELECT disclosure.id, disclosure.profile_id, disclosure.recorded_at FROM disclosure \
                   LEFT JOIN disclosure_outcome ON disclosure_outcome.disclosure_id = disclosure.id \
                   WHERE disclosure.partner = 'other' AND disclosure_outcome.id IS NULL \
                   ORDER BY disclosure.recorded_at, disclosure.id LIMIT $1";
}

/// What stands in place of a partner where the recipient is none.
pub const OTHER: &str = "other";

/// An entry, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDisclosure {
    pub entry: Disclosure,
    /// None: it is under way, or was when the program ended.
    pub outcome: Option<(Outcome, DateTime<Utc>)>,
}

/// An entry of what was told by other ways, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOther {
    pub entry: OtherDisclosure,
    /// None: nobody has said yet whether it left.
    pub outcome: Option<(Outcome, DateTime<Utc>)>,
}

/// An entry as it is sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    a_number: Option<String>,
    nature: Nature,
    record: LongLine,
    elements: BTreeSet<Element>,
    documents: BTreeSet<Uuid>,
    purpose: Purpose,
    authority: Authority,
    agreement: AgreementVersion,
    waivers: BTreeSet<WaiverId>,
    partner: Partner,
    organization: ShortLine,
    name: ShortLine,
    address: ShortLine,
    method: Method,
    transaction: TransactionNumber,
    released_by: Option<Uuid>,
    approved_by: Option<Uuid>,
    transmitted_by: Option<Uuid>,
    payload_sha256: [u8; 32],
    correction_of: Option<Uuid>,
}

impl Written {
    fn of(entry: &Disclosure) -> Self {
        let officer = |officer: Option<OfficerId>| officer.map(|id| Uuid::from_u128(id.0));
        Self {
            a_number: entry.a_number.as_ref().map(|number| format!("A{}", number.expose().digits())),
            nature: entry.nature,
            record: entry.record.clone(),
            elements: entry.elements.clone(),
            documents: entry.documents.clone(),
            purpose: entry.purpose,
            authority: entry.authority.clone(),
            agreement: entry.agreement,
            waivers: entry.waivers.clone(),
            partner: entry.recipient.partner,
            organization: entry.recipient.organization.clone(),
            name: entry.recipient.name.expose().clone(),
            address: entry.recipient.address.expose().clone(),
            method: entry.method,
            transaction: entry.transaction.clone(),
            released_by: officer(entry.released_by),
            approved_by: officer(entry.approved_by),
            transmitted_by: officer(entry.transmitted_by),
            payload_sha256: entry.payload_sha256,
            correction_of: entry.correction_of,
        }
    }

    fn read(self, id: Uuid, at: DateTime<Utc>, person: Uuid) -> Result<Disclosure, StoreError> {
        let officer = |officer: Option<Uuid>| officer.map(|id| OfficerId(id.as_u128()));
        let a_number = self.a_number.map(|text| ANumber::parse(&text).ok_or(wrong("entry"))).transpose()?;
        let recipient = Recipient {
            partner: self.partner,
            organization: self.organization,
            name: Sensitive::new(self.name),
            address: Sensitive::new(self.address),
        };
        Ok(Disclosure {
            id,
            at,
            person,
            a_number: a_number.map(Sensitive::new),
            nature: self.nature,
            record: self.record,
            elements: self.elements,
            documents: self.documents,
            purpose: self.purpose,
            authority: self.authority,
            agreement: self.agreement,
            waivers: self.waivers,
            recipient,
            method: self.method,
            transaction: self.transaction,
            released_by: officer(self.released_by),
            approved_by: officer(self.approved_by),
            transmitted_by: officer(self.transmitted_by),
            payload_sha256: self.payload_sha256,
            correction_of: self.correction_of,
        })
    }
}

/// An entry of what was told by other ways, as it is sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOther {
    a_number: Option<String>,
    nature: LongLine,
    record: LongLine,
    elements: BTreeSet<Element>,
    told: Option<LongLine>,
    documents: Option<LongLine>,
    purpose: LongLine,
    exception: Exception,
    citation: Option<ShortLine>,
    organization: ShortLine,
    name: Option<ShortLine>,
    address: ShortLine,
    way: Way,
    recorded_by: Uuid,
    correction_of: Option<Uuid>,
}

impl WrittenOther {
    fn of(entry: &OtherDisclosure) -> Self {
        Self {
            a_number: entry.a_number.as_ref().map(|number| format!("A{}", number.expose().digits())),
            nature: entry.nature.clone(),
            record: entry.record.clone(),
            elements: entry.elements.clone(),
            told: entry.told.as_ref().map(|told| told.expose().clone()),
            documents: entry.documents.clone(),
            purpose: entry.purpose.clone(),
            exception: entry.exception,
            citation: entry.citation.clone(),
            organization: entry.recipient.organization.clone(),
            name: entry.recipient.name.as_ref().map(|name| name.expose().clone()),
            address: entry.recipient.address.expose().clone(),
            way: entry.way,
            recorded_by: Uuid::from_u128(entry.recorded_by.0),
            correction_of: entry.correction_of,
        }
    }

    fn read(self, id: Uuid, at: DateTime<Utc>, person: Uuid) -> Result<OtherDisclosure, StoreError> {
        let a_number = self.a_number.map(|text| ANumber::parse(&text).ok_or(wrong("entry"))).transpose()?;
        let recipient = OtherRecipient {
            organization: self.organization,
            name: self.name.map(Sensitive::new),
            address: Sensitive::new(self.address),
        };
        Ok(OtherDisclosure {
            id,
            at,
            person,
            a_number: a_number.map(Sensitive::new),
            nature: self.nature,
            record: self.record,
            elements: self.elements,
            told: self.told.map(Sensitive::new),
            documents: self.documents,
            purpose: self.purpose,
            exception: self.exception,
            citation: self.citation,
            recipient,
            way: self.way,
            recorded_by: OfficerId(self.recorded_by.as_u128()),
            correction_of: self.correction_of,
        })
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    recorded_at: DateTime<Utc>,
    profile_id: Uuid,
    entry: Vec<u8>,
    outcome: Option<String>,
    closed_at: Option<DateTime<Utc>>,
    key_id: Uuid,
    wrapping_key: String,
    wrapped: Vec<u8>,
}

const fn cell(row: Uuid) -> Cell {
    Cell { table: "disclosure", column: "entry", row }
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("disclosure", column)
}

/// The columns of a row beside its id, and what is sealed in it.
struct Sealing<'a> {
    id: Uuid,
    at: DateTime<Utc>,
    person: Uuid,
    partner: &'a str,
    purpose: &'a str,
    transaction: &'a str,
    written: Vec<u8>,
    canonical: Vec<u8>,
}

/// Adds an entry; once this is committed, something may leave.
pub async fn add(transaction: &mut Connection, keys: &Keys, key: Uuid, entry: &Disclosure) -> Result<(), StoreError> {
    let sealing = Sealing {
        id: entry.id,
        at: entry.at,
        person: entry.person,
        partner: entry.recipient.partner.key(),
        purpose: entry.purpose.key(),
        transaction: entry.transaction.as_str(),
        written: serde_json::to_vec(&Written::of(entry)).map_err(|_| wrong("entry"))?,
        canonical: entry.canonical(),
    };
    seal(transaction, keys, key, sealing).await
}

/// Adds an entry of what is told by other ways; once this is committed, it may leave.
pub async fn add_other(transaction: &mut Connection, keys: &Keys, key: Uuid, entry: &OtherDisclosure) -> Result<(), StoreError> {
    let sealing = Sealing {
        id: entry.id,
        at: entry.at,
        person: entry.person,
        partner: OTHER,
        // In words, and sealed; no message has a number.
        purpose: entry.exception.key(),
        transaction: &entry.id.to_string(),
        written: serde_json::to_vec(&WrittenOther::of(entry)).map_err(|_| wrong("entry"))?,
        canonical: entry.canonical(),
    };
    seal(transaction, keys, key, sealing).await
}

async fn seal(transaction: &mut Connection, keys: &Keys, key: Uuid, sealing: Sealing<'_>) -> Result<(), StoreError> {
    let data_key = keys.add_key(transaction, "disclosure", key, sealing.at).await?;
    let sealed = data_key.seal(cell(sealing.id), &sealing.written)?;
    let leaf = leaf_hash(&sealing.canonical).to_vec();
    let Sealing { id, at, person, partner, purpose, transaction: number, .. } = sealing;
    execute!(transaction, &ADD, id, at, person, partner, purpose, number, key, sealed, leaf)?;
    Ok(())
}

/// Says what became of a disclosure; false if that was said before.
pub async fn close(transaction: &mut Connection, outcome: &OutcomeEntry) -> Result<bool, StoreError> {
    let leaf = leaf_hash(&outcome.canonical()).to_vec();
    Ok(execute!(transaction, &CLOSE, outcome.id, outcome.disclosure, outcome.outcome.key(), outcome.at, leaf)? == 1)
}

/// What became of a disclosure, if that is known.
pub async fn outcome(connection: &mut Connection, id: Uuid) -> Result<Option<Outcome>, StoreError> {
    let Some((key,)) = fetch!(connection, fetch_optional, (String,), &OUTCOME, id)? else { return Ok(None) };
    Outcome::from_key(&key).map(Some).ok_or(StoreError::inconsistent("disclosure_outcome", "outcome"))
}

/// The entries about a profile of what partners were told, the oldest first.
pub async fn of_profile(connection: &mut Connection, keys: &Keys, profile: Uuid) -> Result<Vec<StoredDisclosure>, StoreError> {
    let mut stored = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &OF_PROFILE, profile)? {
        stored.push(opened(connection, keys, row).await?);
    }
    Ok(stored)
}

/// An entry of what a partner was told; none if there is none.
pub async fn get(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredDisclosure>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &GET, id)? else { return Ok(None) };
    opened(connection, keys, row).await.map(Some)
}

/// Where a page of a recipient's entries begins and ends: from an instant on, behind the entry that was the last at that instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: DateTime<Utc>,
    /// Nil: whatever is of that instant belongs to it.
    pub after: Uuid,
    /// The first instant that does not belong to it.
    pub to: DateTime<Utc>,
    pub most: i64,
}

/// The entries of what a partner was told in a time, the oldest first.
pub async fn to_partner(
    connection: &mut Connection,
    keys: &Keys,
    partner: Partner,
    span: Span,
) -> Result<Vec<StoredDisclosure>, StoreError> {
    let Span { from, after, to, most } = span;
    let mut stored = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &TO_PARTNER, partner.key(), from, to, after, most)? {
        stored.push(opened(connection, keys, row).await?);
    }
    Ok(stored)
}

/// The entries of what was told by other ways in a time, the oldest first.
pub async fn to_others(connection: &mut Connection, keys: &Keys, span: Span) -> Result<Vec<StoredOther>, StoreError> {
    let Span { from, after, to, most } = span;
    let mut stored = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &TO_PARTNER, OTHER, from, to, after, most)? {
        stored.push(opened_other(connection, keys, row).await?);
    }
    Ok(stored)
}

/// The entries about a profile of what was told by other ways, the oldest first.
pub async fn others_of_profile(connection: &mut Connection, keys: &Keys, profile: Uuid) -> Result<Vec<StoredOther>, StoreError> {
    let mut stored = Vec::new();
    for row in fetch!(connection, fetch_all, Row, &OTHERS_OF_PROFILE, profile)? {
        stored.push(opened_other(connection, keys, row).await?);
    }
    Ok(stored)
}

/// An entry of what was told by other ways; none if there is none.
pub async fn other(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredOther>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, Row, &OTHER_BY_ID, id)? else { return Ok(None) };
    opened_other(connection, keys, row).await.map(Some)
}

/// Entries of which nobody has said whether it left: `(entry, profile, when)`, the oldest first.
pub async fn others_open(connection: &mut Connection, most: i64) -> Result<Vec<(Uuid, Uuid, DateTime<Utc>)>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid, Uuid, DateTime<Utc>), &OTHERS_OPEN, most)?)
}

impl Row {
    fn outcome(&self) -> Result<Option<(Outcome, DateTime<Utc>)>, StoreError> {
        let outcome = self.outcome.as_deref().map(|key| Outcome::from_key(key).ok_or(wrong("outcome"))).transpose()?;
        Ok(outcome.zip(self.closed_at))
    }

    /// What is sealed in it.
    async fn written(&self, connection: &mut Connection, keys: &Keys) -> Result<Vec<u8>, StoreError> {
        let wrapped = WrappedKey { id: self.key_id, wrapping_key: self.wrapping_key.clone(), wrapped: self.wrapped.clone() };
        let key = keys.unwrap(connection, &wrapped).await?;
        Ok(key.open(cell(self.id), &self.entry)?)
    }
}

async fn opened(connection: &mut Connection, keys: &Keys, row: Row) -> Result<StoredDisclosure, StoreError> {
    let written: Written = serde_json::from_slice(&row.written(connection, keys).await?).map_err(|_| wrong("entry"))?;
    let outcome = row.outcome()?;
    Ok(StoredDisclosure { entry: written.read(row.id, row.recorded_at, row.profile_id)?, outcome })
}

async fn opened_other(connection: &mut Connection, keys: &Keys, row: Row) -> Result<StoredOther, StoreError> {
    let written: WrittenOther = serde_json::from_slice(&row.written(connection, keys).await?).map_err(|_| wrong("entry"))?;
    let outcome = row.outcome()?;
    Ok(StoredOther { entry: written.read(row.id, row.recorded_at, row.profile_id)?, outcome })
}

/// The leaf hashes of all entries, the oldest first.
pub async fn leaves(connection: &mut Connection) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Vec<u8>,), &LEAVES)?.into_iter().map(|(leaf,)| leaf).collect())
}

#[derive(Debug, sqlx::FromRow)]
struct PositionedRow {
    #[sqlx(flatten)]
    place: Place,
    id: Option<Uuid>,
    recorded_at: Option<DateTime<Utc>>,
    profile_id: Option<Uuid>,
    partner: Option<String>,
    purpose: Option<String>,
    transaction_number: Option<String>,
    data_key_id: Option<Uuid>,
    entry: Option<Vec<u8>>,
    leaf_hash: Option<Vec<u8>>,
    key_id: Option<Uuid>,
    wrapping_key: Option<String>,
    wrapped: Option<Vec<u8>>,
}

impl PositionedRow {
    async fn judged(self, connection: &mut Connection, keys: &Keys) -> Result<Positioned, StoreError> {
        let (Some(id), Some(leaf), Some(sealed)) = (self.id, &self.leaf_hash, &self.entry) else {
            return Ok(self.place.found(RowState::Gone));
        };
        // Whoever has the row name another key, perhaps one that never was, has not destroyed its own.
        if DataKey::named_in(sealed) != self.data_key_id {
            return Ok(self.place.found(RowState::Changed));
        }
        let (Some(key_id), Some(wrapping_key), Some(wrapped)) = (self.key_id, &self.wrapping_key, &self.wrapped) else {
            return Ok(self.place.judged(leaf, None));
        };
        let wrapped = WrappedKey { id: key_id, wrapping_key: wrapping_key.clone(), wrapped: wrapped.clone() };
        let key = match keys.unwrap(connection, &wrapped).await {
            Err(StoreError::Key(KeyError::Unopenable)) => return Ok(self.place.found(RowState::Changed)),
            unwrapped => unwrapped?,
        };
        let computed = key.open(cell(id), sealed).ok().and_then(|plain| self.leaf_of(id, &plain));
        Ok(match computed {
            Some(computed) => self.place.judged(leaf, Some(computed)),
            None => self.place.found(RowState::Changed),
        })
    }

    /// The leaf hash of an entry, if the columns beside it say the same.
    fn leaf_of(&self, id: Uuid, plain: &[u8]) -> Option<[u8; 32]> {
        if self.partner.as_deref() == Some(OTHER) {
            return self.leaf_of_other(id, plain);
        }
        let written: Written = serde_json::from_slice(plain).ok()?;
        let entry = written.read(id, self.recorded_at?, self.profile_id?).ok()?;
        let is_same = self.partner.as_deref() == Some(entry.recipient.partner.key())
            && self.purpose.as_deref() == Some(entry.purpose.key())
            && self.transaction_number.as_deref() == Some(entry.transaction.as_str());
        is_same.then(|| leaf_hash(&entry.canonical()))
    }

    /// The same of what was told by other ways.
    fn leaf_of_other(&self, id: Uuid, plain: &[u8]) -> Option<[u8; 32]> {
        let written: WrittenOther = serde_json::from_slice(plain).ok()?;
        let entry = written.read(id, self.recorded_at?, self.profile_id?).ok()?;
        let is_same = self.purpose.as_deref() == Some(entry.exception.key())
            && self.transaction_number.as_deref() == Some(entry.id.to_string().as_str());
        is_same.then(|| leaf_hash(&entry.canonical()))
    }
}

/// The entries at positions of their log, each judged by itself.
pub(crate) async fn positioned(
    connection: &mut Connection,
    keys: &Keys,
    positions: Range<i64>,
) -> Result<Vec<Positioned>, StoreError> {
    let rows = fetch!(connection, fetch_all, PositionedRow, &POSITIONED, positions.start, positions.end)?;
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows {
        judged.push(row.judged(connection, keys).await?);
    }
    Ok(judged)
}

#[derive(Debug, sqlx::FromRow)]
struct PositionedOutcome {
    #[sqlx(flatten)]
    place: Place,
    id: Option<Uuid>,
    disclosure_id: Option<Uuid>,
    outcome: Option<String>,
    recorded_at: Option<DateTime<Utc>>,
    leaf_hash: Option<Vec<u8>>,
}

impl PositionedOutcome {
    fn judged(self) -> Positioned {
        let (Some(id), Some(disclosure), Some(at), Some(leaf)) = (self.id, self.disclosure_id, self.recorded_at, self.leaf_hash)
        else {
            return self.place.found(RowState::Gone);
        };
        match self.outcome.as_deref().and_then(Outcome::from_key) {
            Some(outcome) => {
                let entry = OutcomeEntry { id, disclosure, at, outcome };
                self.place.judged(&leaf, Some(leaf_hash(&entry.canonical())))
            }
            None => self.place.found(RowState::Changed),
        }
    }
}

/// What became of disclosures, at positions of their log, each judged by itself.
pub(crate) async fn outcomes_positioned(connection: &mut Connection, positions: Range<i64>) -> Result<Vec<Positioned>, StoreError> {
    let rows = fetch!(connection, fetch_all, PositionedOutcome, &OUTCOMES_POSITIONED, positions.start, positions.end)?;
    Ok(rows.into_iter().map(PositionedOutcome::judged).collect())
}
