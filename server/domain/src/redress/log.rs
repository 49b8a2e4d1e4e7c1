//! A request from its coming in to its search, and what else can happen to it beside its decision.

use chrono::NaiveDate;
use shared::locale::Locale;
use shared::profile::ReadPurpose;
use shared::redress::{Asked, Basis, Channel, Extension, LONGEST_TEXT, Outcome, RedressEvent, RedressKind, clock};
use store::redress::{self as rows, NewRedress};
use uuid::Uuid;

use super::{Done, holidays, is_amendment, take_on};
use crate::{Action, Context, Error, Officer};

/// What came in.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub kind: RedressKind,
    pub basis: Basis,
    pub channel: Channel,
    /// In which it is answered.
    pub locale: Locale,
    pub received_on: NaiveDate,
    pub asked: Asked,
}

/// What became of a request that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    Logged(Uuid),
    /// The law does not let this be asked.
    WrongLaw,
    /// It came on no day yet, or years ago.
    WrongDay,
}

/// What became of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searched {
    Done,
    NotNow,
    /// There is no such profile.
    Nobody,
}

/// Days between a request's coming and its being logged, at most.
const LATEST: i64 = 365;

/// Logs a request that came in. Its clock began on the day on which it came.
pub async fn log(ctx: &Context, officer: &Officer, new: &NewRequest) -> Result<Logged, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    if !new.basis.carries(new.kind) {
        return Ok(Logged::WrongLaw);
    }
    if !(0..=LATEST).contains(&(ctx.today() - new.received_on).num_days()) {
        return Ok(Logged::WrongDay);
    }
    let content = serde_json::to_vec(&new.asked).map_err(|_| Error::Internal)?;
    let id = ctx.clock.new_id();
    let row = NewRedress {
        id,
        kind: new.kind,
        basis: new.basis,
        channel: new.channel,
        locale: new.locale,
        received_on: new.received_on,
        answer_by: clock::answer_by(new.received_on, false, &holidays()),
        logged_by: officer.id(),
        at: ctx.now(),
        content: &content,
    };
    let mut transaction = ctx.store.begin().await?;
    rows::lock(&mut transaction).await?;
    rows::add(&mut transaction, &ctx.keys, ctx.clock.new_id(), &row).await?;
    let stored = rows::get(&mut transaction, &ctx.keys, id).await?.ok_or(Error::Internal)?;
    if take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Logged, None).await? != Done::Done {
        return Err(Error::Internal);
    }
    transaction.commit().await?;
    Ok(Logged::Logged(id))
}

/// Notes that the person was told that the request is here.
pub async fn acknowledge(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Done, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Done::NotNow) };
    if !rows::acknowledge(&mut transaction, id, ctx.today()).await? {
        return Ok(Done::NotNow);
    }
    let done = take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Acknowledged, None).await?;
    if done == Done::Done {
        transaction.commit().await?;
    }
    Ok(done)
}

/// Takes ten working days more, once, for one of the circumstances of the law: the person is told which, before the first twenty
/// are over.
pub async fn extend(ctx: &Context, officer: &Officer, id: Uuid, extension: Extension) -> Result<Done, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Done::NotNow) };
    if stored.head.answer_by < ctx.today() {
        return Ok(Done::NotNow);
    }
    let answer_by = clock::answer_by(stored.head.received_on, true, &holidays());
    if !rows::extend(&mut transaction, id, extension, answer_by).await? {
        return Ok(Done::NotNow);
    }
    let done = take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Extended, Some(extension.name())).await?;
    if done == Done::Done {
        transaction.commit().await?;
    }
    Ok(done)
}

/// Notes how it is known who asks.
pub async fn verify(ctx: &Context, officer: &Officer, id: Uuid, how: &str) -> Result<Done, Error> {
    with_words(ctx, officer, id, RedressEvent::Verified, how).await
}

/// Ends a request before it is decided: the person took it back, or never showed who they are.
pub async fn withdraw(ctx: &Context, officer: &Officer, id: Uuid, why: &str) -> Result<Done, Error> {
    with_words(ctx, officer, id, RedressEvent::Withdrawn, why).await
}

async fn with_words(ctx: &Context, officer: &Officer, id: Uuid, event: RedressEvent, words: &str) -> Result<Done, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let words = words.trim();
    if !is_said(words) {
        return Ok(Done::NoWords);
    }
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Done::NotNow) };
    let done = take_on(ctx, &mut transaction, officer, &stored, event, Some(words)).await?;
    if done == Done::Done {
        transaction.commit().await?;
    }
    Ok(done)
}

fn is_said(words: &str) -> bool {
    !words.is_empty() && words.chars().count() <= LONGEST_TEXT
}

/// Says whose records are asked for, or that nobody was found. The profile is then open to the officer for redress.
pub async fn search(ctx: &Context, officer: &Officer, id: Uuid, profile: Option<Uuid>) -> Result<Searched, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let root = match profile {
        Some(profile) => match crate::profile::open(ctx, officer, profile, ReadPurpose::Redress).await? {
            Some(root) => Some(root),
            None => return Ok(Searched::Nobody),
        },
        None => None,
    };
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Searched::NotNow) };
    if take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Searched, None).await? != Done::Done {
        return Ok(Searched::NotNow);
    }
    rows::set_profile(&mut transaction, id, root).await?;
    transaction.commit().await?;
    Ok(Searched::Done)
}

/// Closes a request that was answered.
pub async fn close(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Done, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Done::NotNow) };
    let done = take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Closed, None).await?;
    if done == Done::Done {
        transaction.commit().await?;
    }
    Ok(done)
}

/// Keeps the statement of somebody whose amendment was refused, whole or in part, with their record (5 USC 552a(d)(3), (4)).
pub async fn disagree(ctx: &Context, officer: &Officer, id: Uuid, statement: &str) -> Result<Done, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let statement = statement.trim();
    if !is_said(statement) {
        return Ok(Done::NoWords);
    }
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Done::NotNow) };
    let Some(profile) = stored.head.profile.filter(|_| is_amendment(&stored)) else { return Ok(Done::NotNow) };
    let refused = rows::decisions(&mut transaction, &stored).await?.first().map(|newest| newest.decision.outcome);
    if !matches!(refused, Some(Outcome::Refused | Outcome::GrantedInPart)) {
        return Ok(Done::NotNow);
    }
    let of = (ctx.clock.new_id(), profile);
    rows::state_disagreement(&mut transaction, &stored, of, statement, officer.id(), ctx.now()).await?;
    let done = take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Disagreed, None).await?;
    if done == Done::Done {
        transaction.commit().await?;
    }
    Ok(done)
}
