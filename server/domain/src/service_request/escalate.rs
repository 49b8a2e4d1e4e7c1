//! What supervisors have to know before a day passes: a job raises it, they take note.

use shared::office::OfficeCode;
use shared::service_request::soon;
use store::request_work::{self, Escalation, Stage};
use uuid::Uuid;

use super::holidays;
use super::read::see;
use crate::{Action, Actor, Context, Error, Officer};

/// How many were raised by a round of the job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Raised {
    pub near: u64,
    pub due: u64,
    pub over: u64,
}

/// Raises the open requests whose day is near, has come, or was yesterday or earlier: each once for each day that it is owed by. As a
/// job; doing it again raises nothing twice. A clock that stands raises nothing.
pub async fn escalate(ctx: &Context, actor: Actor) -> Result<Raised, Error> {
    actor.check(Action::Upkeep)?;
    let (today, now) = (ctx.today(), ctx.now());
    let tomorrow = today.succ_opt().unwrap_or(today);
    let yesterday = today.pred_opt().unwrap_or(today);
    // What has lain for longer was raised when its day passed.
    let lately = today - chrono::TimeDelta::days(30);
    let mut raised = Raised::default();
    let offices = request_work::offices(&mut ctx.store.read_primary().await?).await?;
    for office in offices {
        let mut transaction = ctx.store.begin().await?;
        let soon = soon(today, &holidays());
        raised.near += request_work::escalate(&mut transaction, &office, Stage::Near, (tomorrow, soon), now).await?;
        raised.due += request_work::escalate(&mut transaction, &office, Stage::Due, (today, today), now).await?;
        raised.over += request_work::escalate(&mut transaction, &office, Stage::Over, (lately, yesterday), now).await?;
        transaction.commit().await?;
    }
    Ok(raised)
}

/// What nobody at an office has taken note of; the oldest first.
pub async fn escalations(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Vec<Escalation>, Error> {
    officer.check(Action::AssignRequests, office)?;
    Ok(request_work::escalations(&mut ctx.store.read_primary().await?, office, 200).await?)
}

/// Takes note of all that was raised of a request.
pub async fn note_escalation(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    let seen = see(ctx, &mut transaction, officer, id, Action::AssignRequests).await?;
    let Some(office) = seen.office() else { return Ok(false) };
    let noted = request_work::escalation_seen(&mut transaction, id, office, officer.officer_id(), ctx.now()).await?;
    ctx.audit(&mut transaction, officer.actor(), "request.note_escalation", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(noted)
}
