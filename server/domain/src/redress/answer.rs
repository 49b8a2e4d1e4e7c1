//! What goes out: a letter, and what is given of the records as a file. Both are frozen when the request is answered.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::letter::{Content, Letter};
use shared::redress::letter::{Answer, content};
use shared::redress::{Held, RedressEvent, RedressState, number};
use store::redress::{self as rows, NewAnswer, StoredDecision, StoredRedress};
use uuid::Uuid;

use super::decide::{hash, is_made};
use super::{Done, asked, held, note, take_on};
use crate::{Action, Context, Error, Officer};

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    Done,
    NotNow,
    /// The correction by which it is granted was not made yet, or was refused.
    NotCorrected,
    /// What is held is not what it was when it was decided: somebody has to look again.
    Changed,
}

/// What is given of the records, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Of the request, as people quote it.
    pub request: String,
    pub made_on: NaiveDate,
    pub records: Held,
}

/// Answers a request that was decided.
pub async fn answer(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Answered, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    officer.check_fresh(ctx.now())?;
    // Read before: each reading has an audit entry of its own.
    let Some(found) = Box::pin(held(ctx, officer, id)).await? else { return Ok(Answered::NotNow) };
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(Answered::NotNow) };
    let newest = rows::decisions(&mut transaction, &stored).await?.into_iter().next();
    let Some(decision) = newest.filter(|_| stored.head.state == RedressState::Decided) else { return Ok(Answered::NotNow) };
    if let Some(correction) = decision.decision.correction
        && !is_made(ctx, &mut transaction, &stored, correction).await?
    {
        return Ok(Answered::NotCorrected);
    }
    let given = found.held.given(&decision.decision.given);
    if hash(&given)?.as_slice() != decision.given_sha256 {
        return Ok(Answered::Changed);
    }
    let letter = written(ctx, &stored, &decision)?;
    let letter = serde_json::to_vec(&letter).map_err(|_| Error::Internal)?;
    let package = packed(ctx, &stored, given)?;
    let new = NewAnswer { decision: &decision, by: officer.id(), at: ctx.now(), letter: &letter, package: package.as_deref() };
    rows::answer(&mut transaction, &stored, &new).await?;
    if take_on(ctx, &mut transaction, officer, &stored, RedressEvent::Answered, None).await? != Done::Done {
        return Ok(Answered::NotNow);
    }
    transaction.commit().await?;
    Ok(Answered::Done)
}

/// The letter of a decision, as of today.
fn written(ctx: &Context, stored: &StoredRedress, decision: &StoredDecision) -> Result<Content, Error> {
    let head = &stored.head;
    let answer = Answer {
        locale: head.locale,
        agency: head.locale.pick(&ctx.answers.agency_en, &ctx.answers.agency_es),
        letterhead: &ctx.answers.letterhead,
        asked: &asked(stored)?,
        number: &number(head.number),
        kind: head.kind,
        basis: head.basis,
        received_on: head.received_on,
        decision: &decision.decision,
        answered_on: ctx.today(),
    };
    // What cannot be set must not be decided on: it is found here, not at the printer.
    Letter::check(content(&answer)).map(|letter| letter.content().clone()).map_err(|_| Error::Internal)
}

fn packed(ctx: &Context, stored: &StoredRedress, given: Held) -> Result<Option<Vec<u8>>, Error> {
    if given.lines.is_empty() {
        return Ok(None);
    }
    let package = Package { request: number(stored.head.number), made_on: ctx.today(), records: given };
    serde_json::to_vec(&package).map(Some).map_err(|_| Error::Internal)
}

/// The letter: as it went out, or as it would for the decision that stands. None where nothing is decided. That it was taken out
/// stands in the audit log.
pub async fn letter(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<Content>, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(None) };
    let letter = match rows::answered(&mut transaction, &stored).await? {
        Some(answer) => serde_json::from_slice(answer.letter.expose()).map_err(|_| Error::Internal)?,
        None if matches!(stored.head.state, RedressState::Proposed | RedressState::Decided) => {
            let Some(newest) = rows::decisions(&mut transaction, &stored).await?.into_iter().next() else { return Ok(None) };
            written(ctx, &stored, &newest)?
        }
        None => return Ok(None),
    };
    note(ctx, &mut transaction, officer, "redress.letter", &stored, serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Some(letter))
}

/// What was given of the records, as it went out. None before, and where nothing was given.
pub async fn package(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<Package>, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::get(&mut transaction, &ctx.keys, id).await? else { return Ok(None) };
    let Some(answer) = rows::answered(&mut transaction, &stored).await? else { return Ok(None) };
    let Some(package) = answer.package else { return Ok(None) };
    note(ctx, &mut transaction, officer, "redress.package", &stored, serde_json::json!({})).await?;
    transaction.commit().await?;
    serde_json::from_slice(package.expose()).map(Some).map_err(|_| Error::Internal)
}
