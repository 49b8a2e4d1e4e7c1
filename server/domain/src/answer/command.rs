//! What an officer has the case system do.

use shared::answer::{Command, CommandState};
use shared::protection::Channel;
use store::answer::{self as rows, NewCommand, StoredCommand};
use store::{installation, service_request};
use uuid::Uuid;

use super::{may_tell, office_of};
use crate::{Action, Actor, Context, Error, Officer};

/// Commands in one answer.
const MOST: i64 = 200;
/// The longest reason of a refusal, in characters.
const LONGEST_REASON: usize = 500;

/// Asks the case system to do something about the case of a request. None if there is no such request, or its case is protected.
///
/// # Errors
/// [`Error::Unusable`] with what is missing in the command.
pub async fn ask_case_system(ctx: &Context, officer: &Officer, request: Uuid, command: &Command) -> Result<Option<Uuid>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(None) };
    officer.check(Action::AnswerRequest, &office_of(&row)?)?;
    command.check().map_err(|error| Error::Unusable(format!("{error}.")))?;
    if !may_tell(ctx, &mut transaction, &row, Channel::Console).await? {
        return Ok(None);
    }
    installation::lock_imports(&mut transaction).await?;
    let id = ctx.clock.new_id();
    let new = NewCommand { id, request, case: row.case, command, asked_by: officer.id(), at: ctx.now() };
    rows::add_command(&mut transaction, &ctx.keys, &new).await?;
    let detail = serde_json::json!({ "request": request, "kind": command.kind().key() });
    ctx.audit(&mut transaction, officer.actor(), "command.request", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(id))
}

/// What was asked of the case system because of a request, the first first.
pub async fn commands(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Vec<StoredCommand>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(Vec::new()) };
    officer.check(Action::ReadRequests, &office_of(&row)?)?;
    if !may_tell(ctx, &mut transaction, &row, Channel::Console).await? {
        return Ok(Vec::new());
    }
    let detail = serde_json::json!({ "purpose": "research" });
    ctx.audit(&mut transaction, officer.actor(), "command.read", &request.to_string(), detail).await?;
    let commands = rows::commands_of(&mut transaction, &ctx.keys, request).await?;
    transaction.commit().await?;
    Ok(commands)
}

/// A page of commands.
#[derive(Debug)]
pub struct CommandPage {
    pub commands: Vec<StoredCommand>,
    /// Where to go on: the position of the last one, or where this page began.
    pub next: i64,
}

/// What the case system fetches: commands after a position. Who asks for what comes after one has taken over all before it.
pub async fn commands_after(ctx: &Context, actor: Actor, after: i64) -> Result<CommandPage, Error> {
    actor.check(Action::FetchCaseChanges)?;
    let mut transaction = ctx.store.begin().await?;
    let sent = rows::mark_sent(&mut transaction, after, ctx.now()).await?;
    let commands = rows::commands_after(&mut transaction, &ctx.keys, after, MOST).await?;
    if sent > 0 || !commands.is_empty() {
        let detail = serde_json::json!({ "commands": commands.len(), "after": after, "taken_over": sent });
        ctx.audit(&mut transaction, actor, "command.fetch", "case_system", detail).await?;
        transaction.commit().await?;
    }
    let next = commands.last().map_or(after, |last| last.position);
    Ok(CommandPage { commands, next })
}

/// What became of the case system's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It is noted, now or when it was said before.
    Noted,
    NoSuchCommand,
    /// It said something else before.
    SaidOtherwise,
}

/// Takes the case system's word on a command. Saying it again changes nothing.
pub async fn settle(ctx: &Context, actor: Actor, id: Uuid, done: bool, reason: Option<&str>) -> Result<Settled, Error> {
    actor.check(Action::FetchCaseChanges)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(command) = rows::command(&mut transaction, &ctx.keys, id).await? else { return Ok(Settled::NoSuchCommand) };
    let next = if done { CommandState::Confirmed } else { CommandState::Refused };
    if !command.state.may_become(next) {
        return Ok(Settled::SaidOtherwise);
    }
    if command.state == next {
        return Ok(Settled::Noted);
    }
    let reason: Option<String> = reason.map(|reason| reason.trim().chars().take(LONGEST_REASON).collect());
    if !rows::settle_command(&mut transaction, &ctx.keys, &command, next, reason.as_deref(), ctx.now()).await? {
        return Ok(Settled::SaidOtherwise);
    }
    ctx.audit(&mut transaction, actor, "command.settle", &id.to_string(), serde_json::json!({ "state": next.key() })).await?;
    transaction.commit().await?;
    Ok(Settled::Noted)
}
