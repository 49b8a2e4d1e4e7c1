//! Queries of ours, and what partners answered, for who may see it and for what they opened the profile.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::agreement::{AgreementVersion, Element, Partner, Priority, Purpose, Step};
use shared::ident::Incoming;
use shared::partner_query::{OutboundState, ReplyResult};
use shared::profile::ReadPurpose;
use shared::service_request::OfficerId;
use store::engine::Connection;
use store::partner_query::{self as rows, QueryEvent, StoredQuery, StoredStep};
use uuid::Uuid;

use super::as_read::{AsRead, as_read_now};
use super::ask_back::{TheirQuery, told};
use super::draft::Stated;
use crate::{Action, Context, Error, Officer};

/// Rows of a list.
const MOST: i64 = 200;

/// A query of ours, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryRow {
    pub id: Uuid,
    pub profile: Uuid,
    pub partner: Partner,
    pub purpose: Purpose,
    pub priority: Priority,
    pub state: OutboundState,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    /// By when the partner is to answer what left last; none if the agreement does not say, or it was answered.
    pub due_at: Option<DateTime<Utc>>,
    pub is_overdue: bool,
    /// It follows a query of the partner's own, and carries no prints.
    pub asks_back: bool,
}

impl QueryRow {
    /// Where it stands, as officers read it.
    pub const fn state_name(&self) -> &'static str {
        self.name_of(self.state)
    }

    /// What officers call a state of this query.
    pub const fn name_of(&self, state: OutboundState) -> &'static str {
        if self.asks_back { state.name_asking_back() } else { state.name() }
    }
}

/// What was asked about a person, both ways, for who has the profile open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// The newest first.
    pub ours: Vec<QueryRow>,
    /// Those that were told of a match, the last answered first.
    pub theirs: Vec<TheirQuery>,
    /// The person's cases that the reader has, with their receipt numbers: in these they may ask.
    pub cases: Vec<(Uuid, String)>,
}

/// A step of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    pub step: Step,
    pub transaction_number: String,
    /// On which it rests; none where IDENT asked by itself, or nothing has left.
    pub agreement: Option<AgreementVersion>,
    pub sent_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub result: Option<ReplyResult>,
    /// None for who may not see what was answered.
    pub elements: Option<BTreeMap<Element, String>>,
}

/// A query of ours, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryView {
    pub row: QueryRow,
    pub asked_by: String,
    pub why: String,
    /// The prints are gone since.
    pub probe_destroyed_at: Option<DateTime<Utc>>,
    pub steps: Vec<StepView>,
    /// The third query as the partner reads it, from what is on record now: with the profile open, and where there is a third.
    pub as_read: Option<AsRead>,
    pub events: Vec<QueryEvent>,
    /// The reader asked it.
    pub is_own: bool,
    /// What was answered is there.
    pub is_open: bool,
    /// What was answered is left out: the profile was not opened for a purpose.
    pub is_closed: bool,
}

impl QueryView {
    /// Something was answered, and the reader sees it.
    pub fn is_printable(&self) -> bool {
        self.is_open && self.steps.iter().any(|step| step.answered_at.is_some())
    }
}

fn row(ctx: &Context, query: &StoredQuery) -> QueryRow {
    QueryRow {
        id: query.id,
        profile: query.profile,
        partner: query.partner,
        purpose: query.purpose,
        priority: query.priority,
        state: query.state,
        created_at: query.created_at,
        changed_at: query.changed_at,
        due_at: query.due_at,
        is_overdue: query.due_at.is_some_and(|due| due < ctx.now()),
        asks_back: query.asks_back,
    }
}

async fn rows_of(ctx: &Context, connection: &mut Connection, ids: Vec<Uuid>) -> Result<Vec<QueryRow>, Error> {
    let keys = &ctx.partner_data()?.keys;
    let mut found = Vec::new();
    for id in ids {
        found.extend(rows::get(connection, keys, id).await?.as_ref().map(|query| row(ctx, query)));
    }
    Ok(found)
}

/// An officer's own queries, the last changed first.
pub async fn mine(ctx: &Context, officer: &Officer) -> Result<Vec<QueryRow>, Error> {
    officer.check_somewhere(Action::AskPartners)?;
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    let ids = rows::of_officer(&mut connection, officer.id(), MOST).await?;
    rows_of(ctx, &mut connection, ids).await
}

/// Third queries that wait for an approval, the oldest first.
pub async fn to_approve(ctx: &Context, officer: &Officer) -> Result<Vec<QueryRow>, Error> {
    officer.check_somewhere(Action::ApproveQueries)?;
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    let ids = rows::in_state(&mut connection, OutboundState::Q3Requested, MOST).await?;
    rows_of(ctx, &mut connection, ids).await
}

/// What was asked about a person whose profile the officer has open: nothing, if they have not. That it was read, and what for, stands
/// in the audit log of partner data before it is shown.
pub async fn of_profile(ctx: &Context, officer: &Officer, profile: Uuid) -> Result<Exchanged, Error> {
    officer.check_somewhere(Action::ReadPartnerAnswers)?;
    let partner_data = ctx.partner_data()?;
    let Some(Open { root, purpose, parts, cases }) = open(ctx, officer, profile).await? else { return Ok(Exchanged::default()) };
    let mut transaction = partner_data.store.begin().await?;
    let mut ids = Vec::new();
    for part in &parts {
        ids.extend(rows::of_profile(&mut transaction, *part).await?);
    }
    let mut ours = rows_of(ctx, &mut transaction, ids).await?;
    ours.sort_by_key(|query| Reverse(query.created_at));
    let theirs = told(ctx, &mut transaction, &parts).await?;
    let detail = serde_json::json!({ "purpose": purpose.key(), "ours": ours.len(), "theirs": theirs.len() });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.read_person", &root.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Exchanged { ours, theirs, cases })
}

/// A profile that an officer has open.
struct Open {
    root: Uuid,
    purpose: ReadPurpose,
    /// The profiles of the person.
    parts: Vec<Uuid>,
    /// The cases of the person that the officer has.
    cases: Vec<(Uuid, String)>,
}

/// A person, if the officer may know of them and has said what for.
async fn open(ctx: &Context, officer: &Officer, profile: Uuid) -> Result<Option<Open>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let opened = crate::profile::opened_for(ctx, &mut connection, officer, profile).await?;
    let Some((root, purpose)) = opened else { return Ok(None) };
    let parts = store::profile::parts(&mut connection, root).await?;
    let mut cases = Vec::new();
    for case in store::profile::cases(&mut connection, root).await? {
        let assigned = store::case_officer::of_case(&mut connection, case.id).await?;
        if assigned.is_some_and(|assigned| assigned.officer_id == Some(officer.id())) {
            cases.push((case.id, case.number));
        }
    }
    Ok(Some(Open { root, purpose, parts, cases }))
}

/// One query. Who asked it and who may read answers see what was answered, with the profile open for a purpose; who approves sees
/// what was asked, and what kind of answer came. That it was read stands in the audit log of partner data before it is shown.
pub async fn query(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<QueryView>, Error> {
    let reads = officer.may_somewhere(Action::ReadPartnerAnswers);
    if !reads {
        officer.check_somewhere(Action::ApproveQueries)?;
    }
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some(view) = seen(ctx, officer, &mut transaction, id).await? else { return Ok(None) };
    let detail = serde_json::json!({ "answers": view.is_open });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.read", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(view))
}

/// One query, as far as the officer may see it. Whoever calls this notes what it was read for, in the same transaction.
pub(super) async fn seen(
    ctx: &Context,
    officer: &Officer,
    transaction: &mut Connection,
    id: Uuid,
) -> Result<Option<QueryView>, Error> {
    let reads = officer.may_somewhere(Action::ReadPartnerAnswers);
    let keys = &ctx.partner_data()?.keys;
    let Some(query) = rows::get(transaction, keys, id).await? else { return Ok(None) };
    let mut connection = ctx.store.read_primary().await?;
    let is_own = query.asked_by == officer.id();
    if reads && !crate::profile::may_know(ctx, &mut connection, officer, query.profile).await? {
        return Ok(None);
    }
    // Who only approves sees what waits for them.
    if !reads && query.state != OutboundState::Q3Requested {
        return Ok(None);
    }
    let is_open = reads && crate::profile::opened_for(ctx, &mut connection, officer, query.profile).await?.is_some();
    let asked_by = name(&mut connection, query.asked_by).await?;
    drop(connection);
    let steps = rows::steps(transaction, keys, id).await?;
    let has_third = steps.iter().any(|step| step.step == Step::Third);
    let as_read = if is_open && has_third { Some(Box::pin(as_read_now(ctx, transaction, &query)).await?) } else { None };
    let stated: Stated = serde_json::from_slice(&query.justification).map_err(|_| Error::Internal)?;
    Ok(Some(QueryView {
        row: row(ctx, &query),
        asked_by,
        why: stated.why,
        probe_destroyed_at: query.probe_destroyed_at,
        steps: steps.into_iter().map(|step| step_view(step, is_open)).collect(),
        as_read,
        events: rows::events(transaction, id).await?,
        is_own,
        is_open,
        is_closed: reads && !is_open,
    }))
}

/// What an officer is called.
pub(super) async fn name(connection: &mut Connection, officer: Uuid) -> Result<String, Error> {
    let found = store::colleague::names(connection, &[OfficerId(officer.as_u128())]).await?.pop();
    Ok(found.map_or_else(|| "somebody without an account".to_owned(), |(_, name)| name))
}

/// The version of the agreement on which a step rests.
fn agreement(step: &StoredStep) -> Option<AgreementVersion> {
    #[derive(Deserialize)]
    struct Decision {
        agreement_version: AgreementVersion,
    }
    let decision: Decision = serde_json::from_str(step.decision.as_deref()?).ok()?;
    Some(decision.agreement_version)
}

fn step_view(step: StoredStep, is_open: bool) -> StepView {
    let agreement = agreement(&step);
    let answered = step.answered.filter(|_| is_open);
    let elements = answered.and_then(|body| match serde_json::from_slice(&body) {
        Ok(Incoming::Reply(reply)) => Some(reply.elements.expose().clone()),
        _ => None,
    });
    StepView {
        step: step.step,
        transaction_number: step.transaction_number,
        agreement,
        sent_at: step.sent_at,
        answered_at: step.answered_at,
        result: step.answer,
        elements,
    }
}
