//! Writing scripts: a draft, its check, a second person, a day.

use chrono::NaiveDate;
use shared::call_script::{FileError, Finding, Script, ScriptKey, VersionState, check, from_file};
use store::call_script::{self as rows, NewVersion, StoredVersion};
use uuid::Uuid;

use crate::{Action, Actor, Context, Error, Officer};

/// What became of a new draft.
#[derive(Debug)]
pub enum Begun {
    Draft(Uuid),
    /// One of this script is being written, or read by a second person.
    UnderWay(Box<StoredVersion>),
}

/// What became of a draft that was saved.
#[derive(Debug)]
pub enum Kept {
    /// It was saved so many times now.
    Saved(i64),
    /// Somebody else saved it meanwhile, or it is no draft any more: as it is now.
    Meanwhile(Box<StoredVersion>),
}

/// What became of a draft that was handed in to be read by a second person.
#[derive(Debug)]
pub enum HandedIn {
    Done,
    /// It has to be mended first.
    Findings(Vec<Finding>),
    Meanwhile(Box<StoredVersion>),
}

/// What the second reader decides.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It is read to callers from this day on.
    Publish(NaiveDate),
    /// It goes back to whoever writes it, with words.
    SendBack(String),
    GiveUp,
}

#[derive(Debug)]
pub enum Reviewed {
    Done,
    /// A script begins today or later.
    DayIsPast,
    /// Whoever sends it back says why, in 1 to 1,000 characters.
    NoWords,
    /// Nobody reads their own script a second time.
    Own,
    Meanwhile(Box<StoredVersion>),
}

/// The longest words with which a script is sent back, in characters.
const LONGEST_NOTE: usize = 1000;

/// Begins a draft with what is given: a script of a file, an earlier version, or one that is new.
pub async fn new_draft(ctx: &Context, officer: &Officer, script: &Script) -> Result<Begun, Error> {
    officer.check_somewhere(Action::WriteScripts)?;
    add(ctx, officer.actor(), officer.id(), script).await
}

/// Takes a script in from a file, as a draft.
pub async fn import(ctx: &Context, officer: &Officer, bytes: &[u8]) -> Result<Result<Begun, FileError>, Error> {
    officer.check_somewhere(Action::WriteScripts)?;
    match from_file(bytes) {
        Ok(script) => Ok(Ok(add(ctx, officer.actor(), officer.id(), &script).await?)),
        Err(wrong) => Ok(Err(wrong)),
    }
}

/// The same, for who works at the machine: nobody's draft, so that anybody who writes scripts may go on with it, and anybody who
/// publishes them may read it.
pub async fn import_as_operator(ctx: &Context, actor: Actor, bytes: &[u8]) -> Result<Result<Begun, FileError>, Error> {
    actor.check(Action::ChangeReference)?;
    match from_file(bytes) {
        Ok(script) => Ok(Ok(add(ctx, actor, Uuid::nil(), &script).await?)),
        Err(wrong) => Ok(Err(wrong)),
    }
}

/// What is read to callers today, for who works at the machine.
pub async fn read_to_callers(ctx: &Context, actor: Actor) -> Result<Vec<StoredVersion>, Error> {
    actor.check(Action::ChangeReference)?;
    Ok(rows::current(&mut ctx.store.read_primary().await?, ctx.today()).await?)
}

async fn add(ctx: &Context, actor: Actor, writer: Uuid, script: &Script) -> Result<Begun, Error> {
    let mut transaction = ctx.store.begin().await?;
    let new = NewVersion { id: ctx.clock.new_id(), script, written_by: writer, written_at: ctx.now() };
    if !rows::add_version(&mut transaction, &new).await? {
        let under_way = rows::under_way(&mut transaction).await?;
        let other = under_way.into_iter().find(|version| version.script.key == script.key).ok_or(Error::Internal)?;
        return Ok(Begun::UnderWay(Box::new(other)));
    }
    let detail = serde_json::json!({ "version": new.id });
    ctx.audit(&mut transaction, actor, "script.draft", script.key.as_str(), detail).await?;
    transaction.commit().await?;
    Ok(Begun::Draft(new.id))
}

/// Saves a draft that was seen when it had been saved so many times.
pub async fn save_draft(ctx: &Context, officer: &Officer, id: Uuid, saved: i64, script: &Script) -> Result<Kept, Error> {
    officer.check_somewhere(Action::WriteScripts)?;
    let mut transaction = ctx.store.begin().await?;
    let seen = rows::version(&mut transaction, id).await?.ok_or(Error::Refused)?;
    // A draft keeps its name: another name is another script.
    if seen.script.key != script.key {
        return Err(Error::Refused);
    }
    if !rows::save_version(&mut transaction, id, saved, script, officer.id(), ctx.now()).await? {
        return Ok(Kept::Meanwhile(Box::new(seen)));
    }
    transaction.commit().await?;
    Ok(Kept::Saved(saved + 1))
}

/// Hands a draft in to be read by a second person, if nothing is wrong with it.
pub async fn hand_in(ctx: &Context, officer: &Officer, id: Uuid, saved: i64) -> Result<HandedIn, Error> {
    officer.check_somewhere(Action::WriteScripts)?;
    let mut transaction = ctx.store.begin().await?;
    let seen = rows::version(&mut transaction, id).await?.ok_or(Error::Refused)?;
    if seen.saved != saved || !seen.state.may_become(VersionState::InReview) {
        return Ok(HandedIn::Meanwhile(Box::new(seen)));
    }
    let findings = check(&seen.script);
    if !findings.is_empty() {
        return Ok(HandedIn::Findings(findings));
    }
    if !rows::set_state(&mut transaction, &seen, VersionState::InReview, None, None).await? {
        return Ok(HandedIn::Meanwhile(Box::new(seen)));
    }
    let detail = serde_json::json!({ "version": id });
    ctx.audit(&mut transaction, officer.actor(), "script.hand_in", seen.script.key.as_str(), detail).await?;
    transaction.commit().await?;
    Ok(HandedIn::Done)
}

/// Reads a script a second time, and decides.
pub async fn review(ctx: &Context, officer: &Officer, id: Uuid, saved: i64, verdict: &Verdict) -> Result<Reviewed, Error> {
    officer.check_somewhere(Action::PublishScripts)?;
    match verdict {
        Verdict::Publish(from) if *from < ctx.today() => return Ok(Reviewed::DayIsPast),
        Verdict::SendBack(words) if words.trim().is_empty() || words.chars().count() > LONGEST_NOTE => {
            return Ok(Reviewed::NoWords);
        }
        _ => {}
    }
    let mut transaction = ctx.store.begin().await?;
    let seen = rows::version(&mut transaction, id).await?.ok_or(Error::Refused)?;
    if seen.saved != saved || seen.state != VersionState::InReview {
        return Ok(Reviewed::Meanwhile(Box::new(seen)));
    }
    if seen.written_by == officer.id() {
        return Ok(Reviewed::Own);
    }
    let reader = Some((officer.id(), ctx.now()));
    let (done, what) = match verdict {
        // What was checked when it was handed in is checked again: the rules may have changed since.
        Verdict::Publish(_) if !check(&seen.script).is_empty() => return Err(Error::Refused),
        Verdict::Publish(from) => (rows::publish(&mut transaction, &seen, *from, reader).await?, "script.publish"),
        Verdict::SendBack(words) => {
            let words = Some(words.trim());
            (rows::set_state(&mut transaction, &seen, VersionState::Draft, reader, words).await?, "script.send_back")
        }
        Verdict::GiveUp => (rows::set_state(&mut transaction, &seen, VersionState::Dropped, reader, None).await?, "script.give_up"),
    };
    if !done {
        return Ok(Reviewed::Meanwhile(Box::new(seen)));
    }
    let detail = serde_json::json!({ "version": id });
    ctx.audit(&mut transaction, officer.actor(), what, seen.script.key.as_str(), detail).await?;
    transaction.commit().await?;
    Ok(Reviewed::Done)
}

/// Gives a draft up. False if somebody else saved it meanwhile, or it is no draft any more.
pub async fn give_up(ctx: &Context, officer: &Officer, id: Uuid, saved: i64) -> Result<bool, Error> {
    officer.check_somewhere(Action::WriteScripts)?;
    let mut transaction = ctx.store.begin().await?;
    let seen = rows::version(&mut transaction, id).await?.ok_or(Error::Refused)?;
    let is_as_seen = seen.saved == saved && seen.state == VersionState::Draft;
    if !is_as_seen || !rows::set_state(&mut transaction, &seen, VersionState::Dropped, None, None).await? {
        return Ok(false);
    }
    let detail = serde_json::json!({ "version": id });
    ctx.audit(&mut transaction, officer.actor(), "script.give_up", seen.script.key.as_str(), detail).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Has a published version read to nobody from a day on: today at once. False if it ends by then anyway, or the day is past.
pub async fn withdraw(ctx: &Context, officer: &Officer, id: Uuid, on: NaiveDate) -> Result<bool, Error> {
    officer.check_somewhere(Action::PublishScripts)?;
    let mut transaction = ctx.store.begin().await?;
    let seen = rows::version(&mut transaction, id).await?.ok_or(Error::Refused)?;
    if on < ctx.today() || !rows::end_version(&mut transaction, id, on).await? {
        return Ok(false);
    }
    let detail = serde_json::json!({ "version": id, "on": on });
    ctx.audit(&mut transaction, officer.actor(), "script.withdraw", seen.script.key.as_str(), detail).await?;
    transaction.commit().await?;
    Ok(true)
}

fn may_read(officer: &Officer) -> Result<(), Error> {
    let may = [Action::WriteScripts, Action::PublishScripts].into_iter().any(|action| officer.may_somewhere(action));
    if may { Ok(()) } else { Err(Error::Refused) }
}

/// What is being written, or read by a second person.
pub async fn scripts_under_way(ctx: &Context, officer: &Officer) -> Result<Vec<StoredVersion>, Error> {
    may_read(officer)?;
    Ok(rows::under_way(&mut ctx.store.read_primary().await?).await?)
}

/// What is read to callers today.
pub async fn current_scripts(ctx: &Context, officer: &Officer) -> Result<Vec<StoredVersion>, Error> {
    may_read(officer)?;
    Ok(rows::current(&mut ctx.store.read_primary().await?, ctx.today()).await?)
}

/// All versions of a script, the newest first.
pub async fn script_versions(ctx: &Context, officer: &Officer, script: &ScriptKey) -> Result<Vec<StoredVersion>, Error> {
    may_read(officer)?;
    Ok(rows::versions(&mut ctx.store.read_primary().await?, script).await?)
}

pub async fn script_version(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<StoredVersion>, Error> {
    may_read(officer)?;
    Ok(rows::version(&mut ctx.store.read_primary().await?, id).await?)
}
