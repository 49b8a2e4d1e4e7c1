//! What is another than it was told, or disputed, and who was told it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use shared::agreement::Element;
use shared::disclosure::{OtherDisclosure, Outcome, is_to_be_told};
use shared::partner_query::LongLine;
use shared::sensitive::Sensitive;
use store::Store;
use store::amendment::{self as rows, Amendment, Because, StoredAmendment};
use store::correction_notice::{self as notices, NewNotice};
use store::data_key::Keys;
use store::disclosure as ledger;
use store::engine::Connection;
use store::profile;
use uuid::Uuid;

use super::{Side, databases};
use crate::profile::{may_know, opened_for};
use crate::{Action, Actor, Context, Error, Officer};

/// What was read before a correction is committed at the latest so much after it: whatever leaves later says what holds.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(1);
/// When past recipients are looked up once more.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(10);
/// How often they are looked up.
const TRACES: i64 = 2;

/// What became of a statement of disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disputed {
    Noted,
    /// There is nobody, or nobody whom the officer may know of.
    Nobody,
    /// The profile was not opened for a purpose, or too long ago.
    NotOpen,
    /// It is not said what of the record the person disputes.
    NothingNamed,
}

/// Notes that a profile was corrected, in the transaction that does it. What is no element was told to nobody.
pub(crate) async fn corrected(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    (profile, correction): (Uuid, Uuid),
    elements: BTreeSet<Element>,
) -> Result<(), Error> {
    if elements.is_empty() {
        return Ok(());
    }
    add(ctx, transaction, officer, profile, Because::Correction(correction), elements).await
}

/// Notes that a person disagrees with what is recorded of them: past recipients are told so, with their statement (5 USC 552a(d)(4)).
pub async fn dispute(
    ctx: &Context,
    officer: &Officer,
    profile: Uuid,
    elements: BTreeSet<Element>,
    statement: Sensitive<LongLine>,
) -> Result<Disputed, Error> {
    officer.check_somewhere(Action::TellCorrections)?;
    if elements.is_empty() {
        return Ok(Disputed::NothingNamed);
    }
    let mut transaction = ctx.store.begin().await?;
    if !may_know(ctx, &mut transaction, officer, profile).await? {
        return Ok(Disputed::Nobody);
    }
    let Some((root, _)) = opened_for(ctx, &mut transaction, officer, profile).await? else { return Ok(Disputed::NotOpen) };
    add(ctx, &mut transaction, officer, root, Because::Dispute(statement), elements).await?;
    transaction.commit().await?;
    Ok(Disputed::Noted)
}

async fn add(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    profile: Uuid,
    because: Because,
    elements: BTreeSet<Element>,
) -> Result<(), Error> {
    let kind = because.kind().key();
    let id = ctx.clock.new_id();
    let amendment = Amendment { id, profile, because, elements, raised_by: officer.id(), raised_at: ctx.now() };
    rows::add(transaction, &ctx.keys, ctx.clock.new_id(), &amendment).await?;
    let detail = serde_json::json!({ "amendment": id, "kind": kind });
    ctx.audit(transaction, officer.actor(), "disclosure.amend", &profile.to_string(), detail).await
}

/// Looks up who was told what amendments set right, in the databases that this process opens. Says how many were found.
pub async fn trace(ctx: &Context, actor: Actor) -> Result<usize, Error> {
    actor.check(Action::Upkeep)?;
    let mut found = 0;
    for place in databases(ctx) {
        loop {
            let mut connection = ctx.store.read_primary().await?;
            let Some(due) = rows::to_trace(&mut connection, &ctx.keys, place.0, ctx.now()).await? else { break };
            let root = profile::root(&mut connection, due.amendment.profile).await?.unwrap_or(due.amendment.profile);
            let parts = profile::parts(&mut connection, root).await?;
            drop(connection);
            found += Box::pin(trace_one(ctx, place, &due, &parts)).await?;
        }
    }
    Ok(found)
}

/// What is found twice is kept once, and what failed is looked up again.
async fn trace_one(
    ctx: &Context,
    (side, store, keys): (Side, &Store, &Keys),
    due: &StoredAmendment,
    parts: &[Uuid],
) -> Result<usize, Error> {
    let amendment = &due.amendment;
    let mut found = 0;
    let told = told(store, side, keys, parts, amendment).await?;
    let mut transaction = store.begin().await?;
    for (disclosure, elements) in &told {
        let new = NewNotice {
            id: ctx.clock.new_id(),
            amendment: amendment.id,
            profile: amendment.profile,
            disclosure: *disclosure,
            elements,
            at: ctx.now(),
        };
        found += usize::from(notices::add(&mut transaction, &new).await?);
    }
    transaction.commit().await?;
    let again_at = (due.traces + 1 < TRACES).then(|| ctx.now() + AGAIN_AFTER);
    let mut transaction = ctx.store.begin().await?;
    rows::traced(&mut transaction, amendment.id, side, again_at).await?;
    transaction.commit().await?;
    Ok(found)
}

/// The disclosures by which somebody was told what is amended, with what of it.
async fn told(
    store: &Store,
    side: Side,
    keys: &Keys,
    parts: &[Uuid],
    amendment: &Amendment,
) -> Result<BTreeMap<Uuid, BTreeSet<Element>>, Error> {
    let latest = amendment.raised_at + UNDER_WAY;
    let mut connection = store.read_primary().await?;
    let known: BTreeSet<Uuid> = notices::of_profile(&mut connection, amendment.profile)
        .await?
        .into_iter()
        .filter(|notice| notice.amendment == amendment.id)
        .map(|notice| notice.disclosure)
        .collect();
    // An answer that was tried more than once has more than one row: it is set right once, by the last.
    let mut answers: BTreeMap<String, Vec<(Uuid, BTreeSet<Element>)>> = BTreeMap::new();
    let mut told = BTreeMap::new();
    for part in parts {
        for stored in ledger::of_profile(&mut connection, keys, *part).await? {
            let elements: BTreeSet<Element> = stored.entry.elements.intersection(&amendment.elements).copied().collect();
            let outcome = stored.outcome.map(|(outcome, _)| outcome);
            if stored.entry.at > latest || elements.is_empty() || !is_to_be_told(&stored.entry, outcome) {
                continue;
            }
            let answer = format!("{} {}", stored.entry.recipient.partner.key(), stored.entry.transaction);
            answers.entry(answer).or_default().push((stored.entry.id, elements));
        }
        if side == Side::Partner {
            continue;
        }
        for stored in ledger::others_of_profile(&mut connection, keys, *part).await? {
            let outcome = stored.outcome.map(|(outcome, _)| outcome);
            if let Some(elements) = told_by_other_ways(&stored.entry, outcome, amendment, latest) {
                told.insert(stored.entry.id, elements);
            }
        }
    }
    let untold = answers.into_values().filter(|tries| tries.iter().all(|(id, _)| !known.contains(id)));
    told.extend(untold.filter_map(|mut tries| tries.pop()));
    Ok(told)
}

/// What of the amendment a disclosure by other ways told; of what is only in words, perhaps all of it.
fn told_by_other_ways(
    entry: &OtherDisclosure,
    outcome: Option<Outcome>,
    amendment: &Amendment,
    latest: DateTime<Utc>,
) -> Option<BTreeSet<Element>> {
    if entry.at > latest || entry.correction_of.is_some() || outcome == Some(Outcome::Refused) {
        return None;
    }
    let elements: BTreeSet<Element> = entry.elements.intersection(&amendment.elements).copied().collect();
    let has_words = entry.told.is_some() || entry.documents.is_some();
    match (elements.is_empty(), has_words) {
        (false, _) => Some(elements),
        (true, true) => Some(amendment.elements.clone()),
        (true, false) => None,
    }
}
