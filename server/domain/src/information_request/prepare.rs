//! What an analyst prepares: what is told of what may be, and what is held back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shared::agreement::Element;
use shared::document::DocumentKind;
use shared::information_request::{Draft, DraftForm, DraftProblem};
use shared::partner_query::{InboundEvent, InboundState, ValueKind};
use store::crypto::sha256;
use store::engine::Connection;
use store::information_request::{self as rows, NewReview};
use store::partner_query::StoredForeign;
use uuid::Uuid;

use super::act::{Act, Done, allowed_of, happens, state_of};
use super::view::visible;
use crate::partner_query::{Known, standing};
use crate::{Action, Context, Error, Officer};

/// What became of a draft that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    Kept,
    /// It is kept nowhere.
    Wrong(Vec<DraftProblem>),
    /// Somebody was quicker, or it is with somebody else.
    NotNow,
}

/// What became of a draft that is to be reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentToReview {
    Sent,
    Wrong(Vec<DraftProblem>),
    NotNow,
}

/// What is reviewed, released and packaged: in this one form, of which the hash is what is released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frozen {
    pub request: Uuid,
    pub draft: Draft,
    pub documents: Vec<FrozenDocument>,
}

/// A document as it was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrozenDocument {
    pub id: Uuid,
    pub element: Element,
    pub kind: DocumentKind,
    pub bytes: u64,
    pub sha256: [u8; 32],
}

/// A request in preparation, with whom it is.
pub(super) struct InHand {
    pub foreign: StoredForeign,
    draft: Option<Draft>,
}

/// A request that an officer prepares; none if it is with somebody else, or not in preparation.
pub(super) async fn in_hand(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    request: Uuid,
) -> Result<Option<InHand>, Error> {
    let Some(foreign) = visible(ctx, transaction, request).await? else { return Ok(None) };
    let drafted = rows::draft(transaction, &ctx.partner_data()?.keys, request).await?;
    let Some((prepared_by, draft)) = drafted.filter(|_| state_of(&foreign) == Some(InboundState::InPreparation)) else {
        return Ok(None);
    };
    if prepared_by != officer.id() {
        return Ok(None);
    }
    let draft = draft.map(|draft| serde_json::from_slice(&draft)).transpose().map_err(|_| Error::Internal)?;
    Ok(Some(InHand { foreign, draft }))
}

/// Takes a request: one that waits, one that was given back, or one that another has.
pub async fn take(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Done, Error> {
    officer.check_somewhere(Action::PrepareReleases)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some(foreign) = visible(ctx, &mut transaction, id).await? else { return Ok(Done::NotNow) };
    let event = InboundEvent::Opened { by: officer.officer_id() };
    let Some(Ok(state)) = state_of(&foreign).map(|state| state.next(&event)) else { return Ok(Done::NotNow) };
    rows::take(&mut transaction, id, officer.id(), ctx.now()).await?;
    if !happens(ctx, &mut transaction, &foreign, state, Act::of(officer.actor(), event.key())).await? {
        return Ok(Done::NotNow);
    }
    transaction.commit().await?;
    Ok(Done::Done)
}

/// Keeps a draft of whoever prepares it. `version` is the one that they saw.
pub async fn keep(ctx: &Context, officer: &Officer, id: Uuid, version: i64, form: &DraftForm) -> Result<Kept, Error> {
    officer.check_somewhere(Action::PrepareReleases)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let hand = in_hand(ctx, &mut transaction, officer, id).await?;
    let Some(hand) = hand.filter(|hand| hand.foreign.version == version) else { return Ok(Kept::NotNow) };
    let draft = match form.parse(&allowed_of(&hand.foreign)?) {
        Ok(draft) => draft,
        Err(problems) => return Ok(Kept::Wrong(problems)),
    };
    let written = serde_json::to_vec(&draft).map_err(|_| Error::Internal)?;
    if !rows::keep_draft(&mut transaction, &partner_data.keys, id, officer.id(), &written, ctx.now()).await? {
        return Ok(Kept::NotNow);
    }
    let act = Act::of(officer.actor(), "kept");
    if !happens(ctx, &mut transaction, &hand.foreign, InboundState::InPreparation, act).await? {
        return Ok(Kept::NotNow);
    }
    transaction.commit().await?;
    Ok(Kept::Kept)
}

/// Sends what was prepared to another person, frozen as it is. The check is asked anew before they can release it.
pub async fn send_to_review(ctx: &Context, officer: &Officer, id: Uuid) -> Result<SentToReview, Error> {
    officer.check_somewhere(Action::PrepareReleases)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(InHand { foreign, draft: Some(draft) }) = in_hand(ctx, &mut transaction, officer, id).await? else {
        return Ok(SentToReview::NotNow);
    };
    let documents = rows::documents(&mut transaction, id).await?;
    let standing = standing(ctx, foreign.profile, foreign.partner).await?;
    let values = standing.known.as_ref().map(Known::values).unwrap_or_default();
    let problems = problems(&draft, &allowed_of(&foreign)?, &documents, &values);
    if !problems.is_empty() {
        return Ok(SentToReview::Wrong(problems));
    }
    let event = InboundEvent::SentToReview { by: officer.officer_id() };
    let state = InboundState::InPreparation.next(&event).map_err(|_| Error::Internal)?;
    let frozen = Frozen { request: id, draft, documents: documents.iter().map(FrozenDocument::of).collect() };
    let frozen = serde_json::to_vec(&frozen).map_err(|_| Error::Internal)?;
    let review = NewReview {
        id: ctx.clock.new_id(),
        request: id,
        prepared_by: officer.id(),
        at: ctx.now(),
        frozen: &frozen,
        hash: sha256(&frozen),
    };
    rows::add_review(&mut transaction, &partner_data.keys, &review).await?;
    let act = Act { check_at: Some(ctx.now()), ..Act::of(officer.actor(), event.key()) };
    if !happens(ctx, &mut transaction, &foreign, state, act).await? {
        return Ok(SentToReview::NotNow);
    }
    transaction.commit().await?;
    Ok(SentToReview::Sent)
}

impl FrozenDocument {
    fn of(document: &rows::DocumentRow) -> Self {
        let rows::DocumentRow { id, element, kind, bytes, sha256, .. } = *document;
        Self { id, element, kind, bytes, sha256 }
    }
}

/// What stands against a review: what was decided since, what has nothing that could be told, and documents of what is held back.
fn problems(
    draft: &Draft,
    allowed: &BTreeSet<Element>,
    documents: &[rows::DocumentRow],
    values: &BTreeMap<Element, String>,
) -> Vec<DraftProblem> {
    let mut problems = DraftForm::of(draft).parse(allowed).err().unwrap_or_default();
    let enclosed: BTreeSet<Element> = documents.iter().map(|document| document.element).collect();
    problems.extend(enclosed.difference(&draft.told).map(|element| DraftProblem::BothToldAndHeldBack(*element)));
    let is_there = |element: &Element| match ValueKind::of(*element) {
        ValueKind::Enclosed => enclosed.contains(element),
        _ => values.contains_key(element),
    };
    problems.extend(draft.told.iter().filter(|element| !is_there(element)).map(|element| DraftProblem::DocumentMissing(*element)));
    problems
}

/// Closes a request that was answered.
pub async fn close(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Done, Error> {
    officer.check_somewhere(Action::PrepareReleases)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let Some(foreign) = visible(ctx, &mut transaction, id).await? else { return Ok(Done::NotNow) };
    let event = InboundEvent::Closed { by: officer.officer_id() };
    let Some(Ok(state)) = state_of(&foreign).map(|state| state.next(&event)) else { return Ok(Done::NotNow) };
    if !happens(ctx, &mut transaction, &foreign, state, Act::of(officer.actor(), event.key())).await? {
        return Ok(Done::NotNow);
    }
    transaction.commit().await?;
    Ok(Done::Done)
}
