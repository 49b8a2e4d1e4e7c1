//! What other components use of partners' answers: standing approvals, what is asked for, and the ledger of every use.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::{Element, Partner, Purpose};
use shared::partner_query::component_use::{ApprovalId, Component, Draft, Reach};
use uuid::Uuid;

use super::cell;
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};
use crate::waiver::{joined, words};

statement! { partner,
    PROPOSE = "INSERT INTO use_approval (id, component, partner, purposes, elements, from_day, to_day, proposed_by, proposed_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    AGREE = "UPDATE use_approval SET agreed_by = $2, agreed_at = $3 \
             WHERE id = $1 AND agreed_by IS NULL AND ended_at IS NULL AND proposed_by <> $2";
    END = "UPDATE use_approval SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL";
    APPROVALS = "SELECT id, component, partner, purposes, elements, from_day, to_day, proposed_by, proposed_at, agreed_by, agreed_at, \
                 ended_by, ended_at FROM use_approval ORDER BY proposed_at DESC, id DESC LIMIT $1 OFFSET $2";
    STANDING = "SELECT id, component, partner, purposes, elements, from_day, to_day, proposed_by, proposed_at, agreed_by, agreed_at, \
                ended_by, ended_at FROM use_approval \
                WHERE component = $1 AND partner = $2 AND agreed_by IS NOT NULL AND ended_at IS NULL ORDER BY proposed_at, id";
    ADD = "INSERT INTO use_request (id, message_id, query_id, transaction_number, component, purpose, elements, state, attempts, \
           next_attempt_at, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9) ON CONFLICT DO NOTHING";
    GET = "SELECT use_request.id, message_id, query_id, profile_id, partner, transaction_number, component, use_request.purpose, \
           elements, use_request.state, first_by, first_reason, decided_by, decided_at, reason, answered_at, received_at \
           FROM use_request JOIN partner_query ON partner_query.id = query_id WHERE use_request.id = $1";
    WAITING = "SELECT use_request.id, message_id, query_id, profile_id, partner, transaction_number, component, use_request.purpose, \
               elements, use_request.state, first_by, first_reason, decided_by, decided_at, reason, answered_at, received_at \
               FROM use_request JOIN partner_query ON partner_query.id = query_id \
               WHERE use_request.state IN ('waiting', 'guarded') ORDER BY received_at, use_request.id LIMIT $1 OFFSET $2";
    TO_CHECK = "SELECT id FROM use_request WHERE state = 'received' AND next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT 1";
    TO_TELL = "SELECT id FROM use_request WHERE state IN ('allowed', 'refused') AND next_attempt_at <= $1 \
               ORDER BY next_attempt_at, id LIMIT 1";
    CHECKED = "UPDATE use_request SET state = $2, approval_id = $3, decided_at = $4, next_attempt_at = $4 \
               WHERE id = $1 AND state = 'received'";
    GUARD = "UPDATE use_request SET state = 'guarded', first_by = $2, first_reason = $3 \
             WHERE id = $1 AND state IN ('waiting', 'guarded') AND first_by IS NULL";
    DECIDE = "UPDATE use_request SET state = $2, decided_by = $3, decided_at = $4, reason = $5, next_attempt_at = $4 \
              WHERE id = $1 AND state = $6";
    TOLD = "UPDATE use_request SET attempts = attempts + 1, next_attempt_at = $2, answered_at = $3 WHERE id = $1";
    ADD_LEDGER = "INSERT INTO use_ledger (id, request_id, query_id, partner, transaction_number, component, purpose, elements, \
                  approval_id, first_by, decided_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    LEDGER = "SELECT id, request_id, query_id, partner, transaction_number, component, purpose, elements, approval_id, first_by, \
              decided_by, recorded_at FROM use_ledger ORDER BY recorded_at DESC, id DESC LIMIT $1 OFFSET $2";
}

/// A standing approval, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredApproval {
    pub id: ApprovalId,
    pub draft: Draft,
    pub proposed_by: Uuid,
    pub proposed_at: DateTime<Utc>,
    pub agreed: Option<(Uuid, DateTime<Utc>)>,
    pub ended: Option<(Uuid, DateTime<Utc>)>,
}

/// Where a use stands that a component asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseState {
    /// It is to be checked.
    Received,
    /// One person decides.
    Waiting,
    /// The person may be protected: two let it be used, or nobody.
    Guarded,
    Allowed,
    Refused,
}

impl UseState {
    pub const ALL: [Self; 5] = [Self::Received, Self::Waiting, Self::Guarded, Self::Allowed, Self::Refused];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Waiting => "waiting",
            Self::Guarded => "guarded",
            Self::Allowed => "allowed",
            Self::Refused => "refused",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// What a component asks to use, to be kept.
#[derive(Debug)]
pub struct NewUse<'a> {
    pub id: Uuid,
    /// IDENT's number of the message that asks.
    pub message: Uuid,
    pub query: Uuid,
    pub transaction_number: &'a str,
    pub component: Component,
    pub purpose: Purpose,
    pub elements: &'a BTreeSet<Element>,
    pub at: DateTime<Utc>,
}

/// What a component asks to use, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUse {
    pub id: Uuid,
    pub message: Uuid,
    pub query: Uuid,
    /// Whom the query is about, at the time when it was asked.
    pub profile: Uuid,
    pub partner: Partner,
    pub transaction_number: String,
    pub component: Component,
    pub purpose: Purpose,
    pub elements: BTreeSet<Element>,
    pub state: UseState,
    /// Who would let it be used, until somebody else agrees, and why.
    pub first: Option<(Uuid, String)>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    /// When IDENT took the decision.
    pub answered_at: Option<DateTime<Utc>>,
    pub received_at: DateTime<Utc>,
}

/// On what a use rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    Approval(ApprovalId),
    Decision {
        /// Of somebody who may be protected: who would let it be used before.
        first: Option<Uuid>,
        by: Uuid,
    },
}

/// A use, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    pub id: Uuid,
    pub request: Uuid,
    pub query: Uuid,
    pub partner: Partner,
    pub transaction_number: String,
    pub component: Component,
    pub purpose: Purpose,
    pub elements: BTreeSet<Element>,
    pub ground: Ground,
    pub recorded_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct ApprovalRow {
    id: Uuid,
    component: String,
    partner: String,
    purposes: String,
    elements: String,
    from_day: String,
    to_day: String,
    proposed_by: Uuid,
    proposed_at: DateTime<Utc>,
    agreed_by: Option<Uuid>,
    agreed_at: Option<DateTime<Utc>>,
    ended_by: Option<Uuid>,
    ended_at: Option<DateTime<Utc>>,
}

impl TryFrom<ApprovalRow> for StoredApproval {
    type Error = StoreError;

    fn try_from(row: ApprovalRow) -> Result<Self, StoreError> {
        const fn wrong(column: &'static str) -> StoreError {
            StoreError::inconsistent("use_approval", column)
        }
        let day = |text: &str, column| text.parse::<NaiveDate>().map_err(|_| wrong(column));
        let draft = Draft {
            component: Component::from_key(&row.component).ok_or(wrong("component"))?,
            partner: Partner::from_key(&row.partner).ok_or(wrong("partner"))?,
            reach: Reach::Standing,
            purposes: words(&row.purposes, Purpose::from_key).ok_or(wrong("purposes"))?,
            elements: words(&row.elements, Element::from_key).ok_or(wrong("elements"))?,
            from: day(&row.from_day, "from_day")?,
            to: day(&row.to_day, "to_day")?,
        };
        Ok(Self {
            id: ApprovalId::new(row.id),
            draft,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            agreed: row.agreed_by.zip(row.agreed_at),
            ended: row.ended_by.zip(row.ended_at),
        })
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    message_id: Uuid,
    query_id: Uuid,
    profile_id: Uuid,
    partner: String,
    transaction_number: String,
    component: String,
    purpose: String,
    elements: String,
    state: String,
    first_by: Option<Uuid>,
    first_reason: Option<Vec<u8>>,
    decided_by: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<Vec<u8>>,
    answered_at: Option<DateTime<Utc>>,
    received_at: DateTime<Utc>,
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("use_request", column)
}

impl Row {
    fn read(self, keys: &Keys) -> Result<StoredUse, StoreError> {
        let open = |column, sealed: Vec<u8>| {
            let plain = keys.transit().open(cell("use_request", column, self.id), &sealed)?;
            String::from_utf8(plain).map_err(|_| wrong(column))
        };
        let first_reason = self.first_reason.map(|sealed| open("first_reason", sealed)).transpose()?;
        let reason = self.reason.map(|sealed| open("reason", sealed)).transpose()?;
        Ok(StoredUse {
            id: self.id,
            message: self.message_id,
            query: self.query_id,
            profile: self.profile_id,
            partner: Partner::from_key(&self.partner).ok_or(wrong("partner"))?,
            transaction_number: self.transaction_number,
            component: Component::from_key(&self.component).ok_or(wrong("component"))?,
            purpose: Purpose::from_key(&self.purpose).ok_or(wrong("purpose"))?,
            elements: words(&self.elements, Element::from_key).ok_or(wrong("elements"))?,
            state: UseState::from_key(&self.state).ok_or(wrong("state"))?,
            first: self.first_by.zip(first_reason),
            decided_by: self.decided_by,
            decided_at: self.decided_at,
            reason,
            answered_at: self.answered_at,
            received_at: self.received_at,
        })
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Entry {
    id: Uuid,
    request_id: Uuid,
    query_id: Uuid,
    partner: String,
    transaction_number: String,
    component: String,
    purpose: String,
    elements: String,
    approval_id: Option<Uuid>,
    first_by: Option<Uuid>,
    decided_by: Option<Uuid>,
    recorded_at: DateTime<Utc>,
}

impl TryFrom<Entry> for LedgerRow {
    type Error = StoreError;

    fn try_from(entry: Entry) -> Result<Self, StoreError> {
        const fn wrong(column: &'static str) -> StoreError {
            StoreError::inconsistent("use_ledger", column)
        }
        let ground = match (entry.approval_id, entry.decided_by) {
            (Some(approval), None) => Ground::Approval(ApprovalId::new(approval)),
            (None, Some(by)) => Ground::Decision { first: entry.first_by, by },
            _ => return Err(wrong("approval_id")),
        };
        Ok(Self {
            id: entry.id,
            request: entry.request_id,
            query: entry.query_id,
            partner: Partner::from_key(&entry.partner).ok_or(wrong("partner"))?,
            transaction_number: entry.transaction_number,
            component: Component::from_key(&entry.component).ok_or(wrong("component"))?,
            purpose: Purpose::from_key(&entry.purpose).ok_or(wrong("purpose"))?,
            elements: words(&entry.elements, Element::from_key).ok_or(wrong("elements"))?,
            ground,
            recorded_at: entry.recorded_at,
        })
    }
}

fn keys_of(elements: &BTreeSet<Element>) -> String {
    joined(elements.iter().map(|element| element.key()))
}

/// Adds a standing approval that holds once somebody else has agreed.
pub async fn propose_use(
    transaction: &mut Connection,
    id: ApprovalId,
    draft: &Draft,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (from, to) = (draft.from.to_string(), draft.to.to_string());
    let purposes = joined(draft.purposes.iter().map(|purpose| purpose.key()));
    let elements = keys_of(&draft.elements);
    let (component, partner) = (draft.component.key(), draft.partner.key());
    execute!(transaction, &PROPOSE, id.uuid(), component, partner, purposes, elements, from, to, by, at)?;
    Ok(())
}

/// Agrees to what somebody else proposed; false if it cannot be agreed to any more, or by them.
pub async fn agree_to_use(transaction: &mut Connection, id: ApprovalId, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &AGREE, id.uuid(), by, at)? == 1)
}

/// Ends a standing approval, or takes a proposal back; false if it has ended.
pub async fn end_use(transaction: &mut Connection, id: ApprovalId, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END, id.uuid(), by, at)? == 1)
}

/// Standing approvals, the newest first.
pub async fn use_approvals(connection: &mut Connection, most: i64, after: i64) -> Result<Vec<StoredApproval>, StoreError> {
    fetch!(connection, fetch_all, ApprovalRow, &APPROVALS, most, after)?.into_iter().map(StoredApproval::try_from).collect()
}

/// The standing approvals of a component for a partner's answers that are agreed to and not ended, whatever their days.
pub async fn standing_uses(
    connection: &mut Connection,
    component: Component,
    partner: Partner,
) -> Result<Vec<StoredApproval>, StoreError> {
    let rows = fetch!(connection, fetch_all, ApprovalRow, &STANDING, component.key(), partner.key())?;
    rows.into_iter().map(StoredApproval::try_from).collect()
}

/// Keeps what a component asks to use. False if it came before.
pub async fn add_use(transaction: &mut Connection, new: &NewUse<'_>) -> Result<bool, StoreError> {
    let added = execute!(
        transaction,
        &ADD,
        new.id,
        new.message,
        new.query,
        new.transaction_number,
        new.component.key(),
        new.purpose.key(),
        keys_of(new.elements),
        UseState::Received.key(),
        new.at
    )?;
    Ok(added == 1)
}

/// One use that was asked for; none if there is none.
pub async fn asked_use(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<StoredUse>, StoreError> {
    fetch!(connection, fetch_optional, Row, &GET, id)?.map(|row| row.read(keys)).transpose()
}

/// What waits for people, the oldest first.
pub async fn uses_waiting(connection: &mut Connection, keys: &Keys, most: i64, after: i64) -> Result<Vec<StoredUse>, StoreError> {
    fetch!(connection, fetch_all, Row, &WAITING, most, after)?.into_iter().map(|row| row.read(keys)).collect()
}

/// The next use that is to be checked.
pub async fn use_to_check(connection: &mut Connection, now: DateTime<Utc>) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &TO_CHECK, now)?.map(|(id,)| id))
}

/// The next use of which IDENT is to be told what was decided.
pub async fn use_to_tell(connection: &mut Connection, now: DateTime<Utc>) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &TO_TELL, now)?.map(|(id,)| id))
}

/// What the check of a use came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseChecked {
    Allowed { under: ApprovalId, at: DateTime<Utc> },
    Waiting,
    Guarded,
}

/// Notes what the check came to. False if somebody was quicker.
pub async fn check_use(transaction: &mut Connection, id: Uuid, checked: UseChecked) -> Result<bool, StoreError> {
    let (state, approval, at) = match checked {
        UseChecked::Allowed { under, at } => (UseState::Allowed, Some(under.uuid()), Some(at)),
        UseChecked::Waiting => (UseState::Waiting, None, None),
        UseChecked::Guarded => (UseState::Guarded, None, None),
    };
    Ok(execute!(transaction, &CHECKED, id, state.key(), approval, at)? == 1)
}

/// The first of two lets it be used. False if somebody did before, or it does not wait.
pub async fn guard_use(transaction: &mut Connection, keys: &Keys, id: Uuid, by: Uuid, reason: &str) -> Result<bool, StoreError> {
    let reason = keys.transit().seal(cell("use_request", "first_reason", id), reason.as_bytes())?;
    Ok(execute!(transaction, &GUARD, id, by, reason)? == 1)
}

/// What somebody decided on a use.
#[derive(Debug)]
pub struct UseDecided<'a> {
    /// As it was read.
    pub from: UseState,
    pub is_allowed: bool,
    pub by: Uuid,
    pub reason: &'a str,
    pub at: DateTime<Utc>,
}

/// Decides on a use, once. False if it is not where it was.
pub async fn decide_use(transaction: &mut Connection, keys: &Keys, id: Uuid, decided: &UseDecided<'_>) -> Result<bool, StoreError> {
    let UseDecided { from, is_allowed, by, reason, at } = *decided;
    let state = if is_allowed { UseState::Allowed } else { UseState::Refused };
    let reason = keys.transit().seal(cell("use_request", "reason", id), reason.as_bytes())?;
    Ok(execute!(transaction, &DECIDE, id, state.key(), by, at, reason, from.key())? == 1)
}

/// IDENT took the decision, or is told again later, or never.
pub async fn use_told(
    transaction: &mut Connection,
    id: Uuid,
    again_at: Option<DateTime<Utc>>,
    taken_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    execute!(transaction, &TOLD, id, again_at, taken_at)?;
    Ok(())
}

/// Writes a use into the ledger.
pub async fn enter_use(
    transaction: &mut Connection,
    id: Uuid,
    used: &StoredUse,
    ground: Ground,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (approval, first, by) = match ground {
        Ground::Approval(approval) => (Some(approval.uuid()), None, None),
        Ground::Decision { first, by } => (None, first, Some(by)),
    };
    execute!(
        transaction,
        &ADD_LEDGER,
        id,
        used.id,
        used.query,
        used.partner.key(),
        used.transaction_number.as_str(),
        used.component.key(),
        used.purpose.key(),
        keys_of(&used.elements),
        approval,
        first,
        by,
        at
    )?;
    Ok(())
}

/// The ledger of uses, the newest first.
pub async fn use_ledger(connection: &mut Connection, most: i64, after: i64) -> Result<Vec<LedgerRow>, StoreError> {
    fetch!(connection, fetch_all, Entry, &LEDGER, most, after)?.into_iter().map(LedgerRow::try_from).collect()
}
