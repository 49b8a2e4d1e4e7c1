//! A call: what the caller wants, the way through a script, notes, the end.

use chrono::{DateTime, TimeDelta, Utc};
use shared::call_script::{Move, Node, Script, Step, WalkError};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use store::call_script::{self as rows, Caller, Ending, NewCall, StoredCall, StoredVersion};
use store::engine::Connection;
use uuid::Uuid;

use super::hear::{Heard, hear};
use crate::{Action, Context, Error, Officer};

/// The longest notes of a call, in characters.
pub const LONGEST_NOTES: usize = 4000;
/// How long what callers said is kept after a call. What is needed for longer stands in a service request.
const KEPT_FOR: TimeDelta = TimeDelta::days(1);
/// The most scripts that a search shows.
const MOST_FOUND: usize = 20;

/// A script that an agent may follow now.
#[derive(Debug, Clone)]
pub struct Found {
    pub version: Uuid,
    pub script: Script,
}

/// A call as the desk shows it.
#[derive(Debug)]
pub struct CallView {
    pub call: StoredCall,
    /// What is read; none until the agent has chosen.
    pub script: Option<StoredVersion>,
    /// Where the call is; none without a script.
    pub node: Option<Node>,
    /// The nodes behind it, by their names.
    pub behind: Vec<String>,
    /// What may be said about the case here, where the script asks for it.
    pub heard: Option<Heard>,
    pub caller: Option<Sensitive<Caller>>,
    pub notes: Option<Sensitive<String>>,
}

/// What became of something done in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Done,
    /// Somebody, or another window, was faster: look at it as it is now.
    Meanwhile,
    /// This is not what is done at this node, or may not be said to this caller.
    NotHere,
}

/// Opens a call of the officer's own, or one that was handed to Tier 2 at an office where the officer may answer requests.
pub(super) async fn open(connection: &mut Connection, officer: &Officer, id: Uuid) -> Result<StoredCall, Error> {
    let call = rows::call(connection, id).await?.ok_or(Error::Refused)?;
    let is_own = call.officer == officer.id() && officer.may(Action::FollowScripts, &call.office);
    let was_handed = matches!(call.ending, Some((Ending::Transferred, _)));
    if is_own || (was_handed && officer.may(Action::AnswerRequest, &call.office)) { Ok(call) } else { Err(Error::Refused) }
}

/// The same to change it: nobody but who takes the call.
async fn own(connection: &mut Connection, officer: &Officer, id: Uuid) -> Result<StoredCall, Error> {
    let call = open(connection, officer, id).await?;
    officer.check(Action::FollowScripts, &call.office)?;
    if call.officer == officer.id() { Ok(call) } else { Err(Error::Refused) }
}

/// Takes a call. The call that the officer is in already goes on.
pub async fn begin(ctx: &Context, officer: &Officer, office: &OfficeCode, locale: Locale) -> Result<Uuid, Error> {
    officer.check(Action::FollowScripts, office)?;
    let mut transaction = ctx.store.begin().await?;
    if let Some(id) = rows::open_call(&mut transaction, officer.id()).await? {
        return Ok(id);
    }
    let id = ctx.clock.new_id();
    rows::add_call(&mut transaction, &NewCall { id, officer: officer.id(), office, locale, began_at: ctx.now() }).await?;
    let detail = serde_json::json!({ "office": office.as_str() });
    ctx.audit(&mut transaction, officer.actor(), "call.begin", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// The call that the officer is in.
pub async fn open_call(ctx: &Context, officer: &Officer) -> Result<Option<Uuid>, Error> {
    officer.check_somewhere(Action::FollowScripts)?;
    Ok(rows::open_call(&mut ctx.store.read_primary().await?, officer.id()).await?)
}

/// The scripts that are read to callers today: those that an agent looks for, best first, or all.
pub async fn find_scripts(ctx: &Context, officer: &Officer, looked_for: &str) -> Result<Vec<Found>, Error> {
    officer.check_somewhere(Action::FollowScripts)?;
    let current = rows::current(&mut ctx.store.read_primary().await?, ctx.today()).await?;
    let rank = |version: StoredVersion| {
        version.script.rank(looked_for).map(|rank| (rank, Found { version: version.id, script: version.script }))
    };
    let mut found: Vec<(u32, Found)> = current.into_iter().filter_map(rank).collect();
    found.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.script.title.en.cmp(&b.script.title.en)));
    Ok(found.into_iter().map(|(_, found)| found).take(MOST_FOUND).collect())
}

/// Begins a script in a call, from its first node. It must be one that is read to callers today.
pub async fn begin_script(ctx: &Context, officer: &Officer, id: Uuid, saved: i64, version: Uuid) -> Result<Told, Error> {
    let mut transaction = ctx.store.begin().await?;
    own(&mut transaction, officer, id).await?;
    let current = rows::current(&mut transaction, ctx.today()).await?;
    if !current.iter().any(|current| current.id == version) {
        return Ok(Told::NotHere);
    }
    if !rows::begin_script(&mut transaction, id, saved, version).await? {
        return Ok(Told::Meanwhile);
    }
    transaction.commit().await?;
    Ok(Told::Done)
}

/// A call, with what may be said at this moment. What is shown of a case is in the audit log.
pub async fn at(ctx: &Context, officer: &Officer, id: Uuid) -> Result<CallView, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let call = open(&mut connection, officer, id).await?;
    let script = match call.version {
        Some(version) => Some(rows::version(&mut connection, version).await?.ok_or(Error::Internal)?),
        None => None,
    };
    let caller = rows::caller(&mut connection, &ctx.keys, id).await?;
    let notes = rows::notes(&mut connection, &ctx.keys, id).await?;
    drop(connection);
    let Some(version) = &script else {
        return Ok(CallView { call, script, node: None, behind: Vec::new(), heard: None, caller, notes });
    };
    let node = call.walk.here(&version.script).map_err(|_| Error::Internal)?.clone();
    let name = |key| version.script.node(key).map_or_else(String::new, |node| node.name.clone());
    let behind = call.walk.taken().iter().map(|taken| name(&taken.node)).collect();
    let heard = match &node.step {
        Step::Case { block, .. } if call.ending.is_none() => Some(hear(ctx, &call, *block).await?),
        _ => None,
    };
    if let (Some(case), Some(heard)) = (call.case, &heard)
        && heard.is_something()
    {
        let mut transaction = ctx.store.begin().await?;
        let detail = serde_json::json!({ "call": id, "node": node.key, "purpose": "call" });
        ctx.audit(&mut transaction, officer.actor(), "case.read", &case.to_string(), detail).await?;
        transaction.commit().await?;
    }
    Ok(CallView { call, script, node: Some(node), behind, heard, caller, notes })
}

/// Goes on from the node at which the call was seen.
pub async fn go(ctx: &Context, officer: &Officer, id: Uuid, saved: i64, made: Move) -> Result<Told, Error> {
    change_walk(ctx, officer, id, saved, async |call, script| {
        // What may not be said was not said.
        if let (Move::Told, Step::Case { block, .. }) = (made, &call.walk.here(script).map_err(|_| Error::Internal)?.step)
            && !hear(ctx, call, *block).await?.is_something()
        {
            return Ok(Err(WalkError::NotHere));
        }
        let mut walk = call.walk.clone();
        Ok(walk.go(script, made).map(|()| walk))
    })
    .await
}

/// Goes back to a node of the way, counted from 0.
pub async fn back_to(ctx: &Context, officer: &Officer, id: Uuid, saved: i64, at: usize) -> Result<Told, Error> {
    change_walk(ctx, officer, id, saved, async |call, _| {
        let mut walk = call.walk.clone();
        Ok(if walk.back_to(at) { Ok(walk) } else { Err(WalkError::NotHere) })
    })
    .await
}

async fn change_walk(
    ctx: &Context,
    officer: &Officer,
    id: Uuid,
    saved: i64,
    change: impl AsyncFnOnce(&StoredCall, &Script) -> Result<Result<shared::call_script::Walk, WalkError>, Error>,
) -> Result<Told, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let call = own(&mut connection, officer, id).await?;
    let version = match call.version {
        Some(version) => rows::version(&mut connection, version).await?.ok_or(Error::Internal)?,
        None => return Ok(Told::NotHere),
    };
    drop(connection);
    if call.saved != saved || call.ending.is_some() {
        return Ok(Told::Meanwhile);
    }
    let Ok(walk) = change(&call, &version.script).await? else { return Ok(Told::NotHere) };
    let mut transaction = ctx.store.begin().await?;
    if !rows::save_walk(&mut transaction, id, saved, &walk).await? {
        return Ok(Told::Meanwhile);
    }
    transaction.commit().await?;
    Ok(Told::Done)
}

/// Keeps what the agent noted. False if the call is over.
pub async fn note(ctx: &Context, officer: &Officer, id: Uuid, notes: &str) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    own(&mut transaction, officer, id).await?;
    let notes: String = notes.chars().take(LONGEST_NOTES).collect();
    let kept = rows::set_notes(&mut transaction, &ctx.keys, id, &notes).await?;
    transaction.commit().await?;
    Ok(kept)
}

/// Ends a call without a service request. A call can be handed to Tier 2 from any node: a caller may always ask for it. False if it
/// was over.
pub async fn end(ctx: &Context, officer: &Officer, id: Uuid, ending: Ending) -> Result<bool, Error> {
    if matches!(ending, Ending::Request(_)) {
        return Err(Error::Refused);
    }
    let mut transaction = ctx.store.begin().await?;
    own(&mut transaction, officer, id).await?;
    let ended = finish(ctx, &mut transaction, officer, id, ending).await?;
    transaction.commit().await?;
    Ok(ended)
}

/// Ends a call with the request that was taken in it, in the transaction that takes it. A call of somebody else, or one that is over,
/// stays as it is.
pub(crate) async fn end_with_request(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    id: Uuid,
    request: Uuid,
) -> Result<(), Error> {
    let Some(call) = rows::call(transaction, id).await? else { return Ok(()) };
    if call.officer == officer.id() && officer.may(Action::FollowScripts, &call.office) {
        finish(ctx, transaction, officer, id, Ending::Request(request)).await?;
    }
    Ok(())
}

async fn finish(ctx: &Context, transaction: &mut Connection, officer: &Officer, id: Uuid, ending: Ending) -> Result<bool, Error> {
    let ended = rows::end_call(transaction, id, ending, ctx.now()).await?;
    if ended {
        let detail = serde_json::json!({ "ending": ending.key() });
        ctx.audit(transaction, officer.actor(), "call.end", &id.to_string(), detail).await?;
    }
    Ok(ended)
}

/// Calls that agents of an office handed to Tier 2 in the last day, the latest first.
pub async fn handed_over(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Vec<StoredCall>, Error> {
    officer.check(Action::AnswerRequest, office)?;
    Ok(rows::handed_over(&mut ctx.store.read_primary().await?, office, ctx.now() - KEPT_FOR, 100).await?)
}

/// The call in which a request was taken, with the version of the script that was read, for whoever may read the request.
pub async fn call_of_request(
    ctx: &Context,
    officer: &Officer,
    request: Uuid,
) -> Result<Option<(StoredCall, Option<StoredVersion>)>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(call) = rows::of_request(&mut connection, request).await? else { return Ok(None) };
    let row = store::service_request::find(&mut connection, request).await?.ok_or(Error::Internal)?;
    let office = row.office.as_deref().and_then(|office| OfficeCode::parse(office).ok());
    let may = office.is_some_and(|office| officer.may(Action::ReadRequests, &office));
    if !may && call.officer != officer.id() {
        return Err(Error::Refused);
    }
    let version = match call.version {
        Some(version) => rows::version(&mut connection, version).await?,
        None => None,
    };
    Ok(Some((call, version)))
}

/// Empties calls that ended a day ago of all that callers said, and ends those that nobody did.
pub(crate) async fn empty(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, Error> {
    rows::end_left_calls(transaction, now - KEPT_FOR, now).await?;
    Ok(rows::empty_calls(transaction, now - KEPT_FOR).await?)
}
