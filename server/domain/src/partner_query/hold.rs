//! What the check could not decide, for counsel; and why partners were told nothing, for privacy officers.

use shared::agreement::{Partner, Step};
use shared::partner_query::{InboundEvent, OutboundEvent, ReleaseEvent, Verdict};
use store::engine::Connection;
use store::partner_query::{self as rows, Answering, ForeignState, Held, HoldDecision, StoredSuppression};
use uuid::Uuid;

use super::send::advance;
use crate::{Action, Context, Error, Officer};

/// Rows of a list.
const MOST: i64 = 200;
/// Letters of a reason.
const LONGEST: usize = 2_000;

/// What waits for counsel.
#[derive(Debug, Clone)]
pub struct HeldView {
    pub id: Uuid,
    pub held: Held,
    pub partner: Partner,
    pub step: Step,
    pub profile: Option<Uuid>,
    /// Why, as it was found: keys.
    pub because: Vec<String>,
    pub raised_at: chrono::DateTime<chrono::Utc>,
    /// By when the partner is to be answered; none if the agreement does not say, or it is we who ask.
    pub due_at: Option<chrono::DateTime<chrono::Utc>>,
    /// IDENT's window has passed: the partner had "no match", and nothing can be told any more.
    pub is_late: bool,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    Done,
    /// Somebody decided before, or there is none.
    NotWaiting,
    /// A reason is needed, of at most two thousand letters.
    NoReason,
    /// Nothing can be told any more.
    TooLate,
}

/// What waits for counsel, the oldest first. That it was read stands in the audit log of partner data.
pub async fn holds(ctx: &Context, officer: &Officer) -> Result<Vec<HeldView>, Error> {
    officer.check_somewhere(Action::DecideHolds)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let mut views = Vec::new();
    for hold in rows::holds_waiting(&mut transaction, &partner_data.keys, MOST).await? {
        let because: Vec<serde_json::Value> = serde_json::from_str(&hold.because).map_err(|_| Error::Internal)?;
        let because = because.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect();
        let About { partner, step, profile, due_at, is_late } = about(ctx, &mut transaction, hold.held).await?;
        let (id, held, raised_at) = (hold.id, hold.held, hold.raised_at);
        views.push(HeldView { id, held, partner, step, profile, because, raised_at, due_at, is_late });
    }
    let detail = serde_json::json!({ "holds": views.len() });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.read_holds", "", detail).await?;
    transaction.commit().await?;
    Ok(views)
}

/// The query that is held.
struct About {
    partner: Partner,
    step: Step,
    profile: Option<Uuid>,
    due_at: Option<chrono::DateTime<chrono::Utc>>,
    is_late: bool,
}

async fn about(ctx: &Context, connection: &mut Connection, held: Held) -> Result<About, Error> {
    let keys = &ctx.partner_data()?.keys;
    match held {
        Held::Query(id) => {
            let query = rows::get(connection, keys, id).await?.ok_or(Error::Internal)?;
            let steps = rows::steps(connection, keys, id).await?;
            let step = steps.last().map_or(Step::First, |step| step.step);
            Ok(About { partner: query.partner, step, profile: Some(query.profile), due_at: None, is_late: false })
        }
        Held::Foreign(id) => {
            let foreign = rows::foreign(connection, keys, id).await?.ok_or(Error::Internal)?;
            // IDENT answered by itself when its window ended.
            let is_late = matches!(foreign.state, ForeignState::First(_));
            let (partner, step, profile, due_at) = (foreign.partner, foreign.step, foreign.profile, foreign.due_at);
            Ok(About { partner, step, profile, due_at, is_late })
        }
    }
}

/// Decides what the check could not. A release lets the same check run again with this doubt settled: whatever else has come up since
/// still counts, and nothing lifts "no match".
pub async fn resolve(ctx: &Context, officer: &Officer, id: Uuid, decision: HoldDecision, reason: &str) -> Result<Resolved, Error> {
    officer.check_somewhere(Action::DecideHolds)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Ok(Resolved::NoReason);
    }
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(hold) = rows::hold(&mut transaction, &partner_data.keys, id).await?.filter(|hold| hold.decided.is_none()) else {
        return Ok(Resolved::NotWaiting);
    };
    let resolved = match hold.held {
        Held::Query(query) => resolve_query(ctx, &mut transaction, officer, query, decision).await?,
        Held::Foreign(foreign) => resolve_foreign(ctx, &mut transaction, officer, foreign, decision).await?,
    };
    if resolved != Resolved::Done {
        return Ok(resolved);
    }
    if !rows::decide_hold(&mut transaction, &partner_data.keys, id, decision, officer.id(), reason, ctx.now()).await? {
        return Ok(Resolved::NotWaiting);
    }
    let detail = serde_json::json!({ "decision": decision.key() });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.resolve", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Resolved::Done)
}

async fn resolve_query(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    id: Uuid,
    decision: HoldDecision,
) -> Result<Resolved, Error> {
    let keys = &ctx.partner_data()?.keys;
    let query = rows::get(transaction, keys, id).await?.ok_or(Error::Internal)?;
    let event = match decision {
        HoldDecision::Release => OutboundEvent::Cleared { by: officer.officer_id() },
        HoldDecision::Silence => OutboundEvent::Refused { because: shared::agreement::Withheld::Protected },
    };
    if !advance(ctx, transaction, officer.actor(), &query, &event).await? {
        return Ok(Resolved::NotWaiting);
    }
    let steps = rows::steps(transaction, keys, id).await?;
    let Some(step) = steps.iter().rfind(|step| step.sent_at.is_none() && step.answered_at.is_none()) else {
        return Err(Error::Internal);
    };
    match decision {
        // A third query is approved again before it leaves.
        HoldDecision::Release if step.step != Step::Third => {
            rows::try_step_again(transaction, id, step.step, ctx.now()).await?;
        }
        HoldDecision::Release => rows::forget_approval(transaction, id, step.step).await?,
        HoldDecision::Silence if step.step == Step::First => {
            rows::destroy_probe(transaction, id, ctx.now()).await?;
        }
        HoldDecision::Silence => rows::drop_step(transaction, id, step.step).await?,
    }
    Ok(Resolved::Done)
}

async fn resolve_foreign(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    id: Uuid,
    decision: HoldDecision,
) -> Result<Resolved, Error> {
    let foreign = rows::foreign(transaction, &ctx.partner_data()?.keys, id).await?.ok_or(Error::Internal)?;
    let is_late = matches!(foreign.state, ForeignState::First(_));
    let (verdict, next_attempt_at) = match decision {
        HoldDecision::Release if is_late => return Ok(Resolved::TooLate),
        HoldDecision::Release => (Verdict::Proceed, Some(ctx.now())),
        HoldDecision::Silence => (Verdict::Silence, (!is_late).then(|| ctx.now())),
    };
    let Some(state) = decided(foreign.state, officer, verdict) else { return Ok(Resolved::NotWaiting) };
    let answering = Answering {
        state,
        decision: None,
        answer: None,
        disclosure: None,
        attempts: foreign.attempts,
        next_attempt_at,
        answered_at: None,
        at: ctx.now(),
    };
    let saved = rows::save_foreign(transaction, id, foreign.version, &answering).await?;
    Ok(if saved { Resolved::Done } else { Resolved::NotWaiting })
}

fn decided(state: ForeignState, officer: &Officer, verdict: Verdict) -> Option<ForeignState> {
    let by = officer.officer_id();
    match state {
        ForeignState::First(state) => state.next(&ReleaseEvent::Decided { by, verdict }).ok().map(ForeignState::First),
        ForeignState::Request(state) => state.next(&InboundEvent::Decided { by, verdict }).ok().map(ForeignState::Request),
    }
}

/// Why partners were told nothing of people whom we know, the newest first. Reading it is audited.
pub async fn suppressions(ctx: &Context, officer: &Officer) -> Result<Vec<StoredSuppression>, Error> {
    officer.check_somewhere(Action::ReadSuppressions)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let log = rows::suppressions(&mut transaction, MOST).await?;
    let detail = serde_json::json!({ "rows": log.len() });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.read_suppressions", "", detail).await?;
    transaction.commit().await?;
    Ok(log)
}
