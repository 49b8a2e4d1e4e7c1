//! Corrections: one person proposes, another agrees, and only then anything changes.

use chrono::{DateTime, Utc};
use shared::disclosure::touched;
use shared::profile::{Change, ChangeFault, CorrectionState, Fact, Origin, Sheet, check};
use store::engine::Connection;
use store::profile::{self as rows, Decision, Proposal, StatedFact, StoredCorrection};
use uuid::Uuid;

use super::{Person, name_key, person};
use crate::{Action, Context, Error, Officer};

/// Letters of a reason.
const LONGEST_REASON: usize = 1_000;

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposed {
    Waits(Uuid),
    /// Nobody is there whom the officer may know of: here, or as the other profile.
    Nobody,
    /// A reason is needed, of at most a thousand letters.
    NoReason,
    Faulty(ChangeFault),
}

/// Proposes a change of a profile. A second person has to agree.
pub async fn propose(ctx: &Context, officer: &Officer, profile: Uuid, change: &Change, reason: &str) -> Result<Proposed, Error> {
    officer.check_somewhere(Action::ProposeCorrections)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Ok(Proposed::NoReason);
    }
    let mut transaction = ctx.store.begin().await?;
    let Some(subject) = person(ctx, &mut transaction, officer, profile).await? else { return Ok(Proposed::Nobody) };
    // What is proposed names roots, so that it is the same whoever looks.
    let change = match change {
        Change::Merge(other) => match person(ctx, &mut transaction, officer, *other).await? {
            Some(other) => Change::Merge(other.root),
            None => return Ok(Proposed::Nobody),
        },
        other => other.clone(),
    };
    if let Err(fault) = fits(&mut transaction, &change, &subject).await? {
        return Ok(Proposed::Faulty(fault));
    }
    let id = ctx.clock.new_id();
    let proposal = Proposal { id, profile: subject.root, change: &change, reason, by: officer.id(), at: ctx.now() };
    rows::propose(&mut transaction, &ctx.keys, &proposal).await?;
    note(ctx, &mut transaction, officer, "profile.propose", subject.root, (id, &change)).await?;
    transaction.commit().await?;
    Ok(Proposed::Waits(id))
}

async fn fits(connection: &mut Connection, change: &Change, subject: &Person) -> Result<Result<(), ChangeFault>, Error> {
    let parts = rows::parts(connection, subject.root).await?;
    let records = rows::biometrics(connection, subject.root).await?;
    Ok(check(change, &subject.sheet, &records, &parts))
}

/// Says what was done to which profile. The value of a fact is no part of it.
async fn note(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    action: &'static str,
    profile: Uuid,
    (id, change): (Uuid, &Change),
) -> Result<(), Error> {
    let kind = if let Change::Add(fact) = change { Some(fact.kind().key()) } else { None };
    let detail = serde_json::json!({ "correction": id, "change": change.key(), "kind": kind });
    ctx.audit(transaction, officer.actor(), action, &profile.to_string(), detail).await
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    Done,
    /// It does not wait any more, or there is none that the officer may know of.
    NotWaiting,
    /// Nobody agrees to what they proposed.
    OwnProposal,
    /// The profile changed meanwhile, and the change fits no longer.
    Faulty(ChangeFault),
}

/// Agrees to a correction, and makes it; or refuses it.
pub async fn decide(ctx: &Context, officer: &Officer, profile: Uuid, id: Uuid, agrees: bool) -> Result<Decided, Error> {
    officer.check_somewhere(Action::DecideCorrections)?;
    let mut transaction = ctx.store.begin().await?;
    let Some((subject, correction)) = waiting_one(ctx, &mut transaction, officer, profile, id).await? else {
        return Ok(Decided::NotWaiting);
    };
    if correction.proposed_by == officer.id() {
        return Ok(Decided::OwnProposal);
    }
    if agrees {
        if let Err(fault) = fits(&mut transaction, &correction.change, &subject).await? {
            return Ok(Decided::Faulty(fault));
        }
        let records = rows::biometrics(&mut transaction, subject.root).await?;
        let elements = touched(&correction.change, &subject.sheet, &records);
        make(ctx, &mut transaction, &subject, &correction).await?;
        // Whoever was told what is set right here is told so, too.
        crate::disclosure::corrected(ctx, &mut transaction, officer, (subject.root, correction.id), elements).await?;
    }
    let state = if agrees { CorrectionState::Agreed } else { CorrectionState::Refused };
    let action = if agrees { "profile.agree" } else { "profile.refuse" };
    end(ctx, &mut transaction, officer, action, &subject, &correction, state).await?;
    transaction.commit().await?;
    Ok(Decided::Done)
}

/// Takes one's own proposal back.
pub async fn withdraw(ctx: &Context, officer: &Officer, profile: Uuid, id: Uuid) -> Result<bool, Error> {
    officer.check_somewhere(Action::ProposeCorrections)?;
    let mut transaction = ctx.store.begin().await?;
    let own = waiting_one(ctx, &mut transaction, officer, profile, id).await?;
    let Some((subject, correction)) = own.filter(|(_, correction)| correction.proposed_by == officer.id()) else {
        return Ok(false);
    };
    end(ctx, &mut transaction, officer, "profile.withdraw", &subject, &correction, CorrectionState::Withdrawn).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn waiting_one(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    profile: Uuid,
    id: Uuid,
) -> Result<Option<(Person, StoredCorrection)>, Error> {
    let Some(subject) = person(ctx, transaction, officer, profile).await? else { return Ok(None) };
    let mut all = rows::corrections(transaction, &ctx.keys, subject.root).await?.into_iter();
    let waiting = all.find(|correction| correction.id == id && correction.state == CorrectionState::Proposed);
    Ok(waiting.map(|correction| (subject, correction)))
}

async fn end(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    action: &'static str,
    subject: &Person,
    correction: &StoredCorrection,
    state: CorrectionState,
) -> Result<(), Error> {
    let decision = Decision { id: correction.id, state, by: officer.id(), at: ctx.now() };
    if !rows::decide(transaction, decision).await? {
        return Err(Error::Internal);
    }
    note(ctx, transaction, officer, action, subject.root, (correction.id, &correction.change)).await
}

/// Makes the change that was agreed to.
async fn make(ctx: &Context, transaction: &mut Connection, subject: &Person, correction: &StoredCorrection) -> Result<(), Error> {
    match &correction.change {
        Change::End(id) => {
            // It is a record, or a fact.
            if !rows::end_biometric(transaction, *id, correction.id, ctx.now()).await? {
                rows::end_facts(transaction, &equals(&subject.sheet, *id), Some(correction.id), ctx.now()).await?;
            }
            Ok(())
        }
        Change::Add(fact) => {
            let stated = added(ctx, correction, fact);
            Ok(rows::add_facts(transaction, &ctx.keys, subject.root, &[stated], ctx.now()).await?)
        }
        Change::Merge(other) => Ok(rows::merge(transaction, correction.id, *other, subject.root).await?),
        Change::Split(part) => {
            let moved = rows::moved_by_merge(transaction, *part).await?;
            Ok(rows::split(transaction, &moved, *part, subject.root).await?)
        }
    }
}

/// The fact, and all that state the same: two cases may have made one mistake.
fn equals(sheet: &Sheet, id: Uuid) -> Vec<Uuid> {
    let Some(wrong) = sheet.current().find(|known| known.id == id) else { return Vec::new() };
    sheet.current().filter(|known| known.fact == wrong.fact).map(|known| known.id).collect()
}

fn added(ctx: &Context, correction: &StoredCorrection, fact: &Fact) -> StatedFact {
    StatedFact { id: ctx.clock.new_id(), fact: fact.clone(), origin: Origin::Correction(correction.id), keys: name_key::keys(fact) }
}

/// A correction that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub id: Uuid,
    pub profile: Uuid,
    pub proposed_by: Uuid,
    pub proposed_at: DateTime<Utc>,
}

/// Corrections that are listed at once.
const MOST: i64 = 200;

/// Corrections that wait for a second person, of people whom the officer may know of; the oldest first.
pub async fn waiting(ctx: &Context, officer: &Officer) -> Result<Vec<Waiting>, Error> {
    officer.check_somewhere(Action::DecideCorrections)?;
    let mut connection = ctx.store.read_primary().await?;
    let mut known = Vec::new();
    for (id, profile, proposed_by, proposed_at) in rows::waiting(&mut connection, MOST).await? {
        if let Some(person) = person(ctx, &mut connection, officer, profile).await? {
            known.push(Waiting { id, profile: person.root, proposed_by, proposed_at });
        }
    }
    Ok(known)
}
