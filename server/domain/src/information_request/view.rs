//! What analysts and reviewers see. What is silent, with counsel, or about somebody whom our records protect is on no list.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared::agreement::{Decision, Element, Partner, Priority, Purpose, Step};
use shared::ident::PartnerAsk;
use shared::information_request::Draft;
use shared::partner_query::{Failing, InboundState, ReplyResult};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use store::engine::Connection;
use store::information_request::{self as rows, StoredPackage, StoredReview};
use store::partner_query::{self as queries, StoredForeign};
use uuid::Uuid;

use super::act::{decision_of, state_of};
use super::check::{asked, is_shown};
use super::document::{DocumentRow, row as document_row};
use super::review::is_checked;
use crate::partner_query::{Known, standing};
use crate::{Action, Context, Error, Officer};

/// Requests in the list of open ones.
const MOST_OPEN: i64 = 300;
/// Requests in the list of those that are over.
const MOST_OVER: i64 = 100;

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    pub id: Uuid,
    pub partner: Partner,
    pub step: Step,
    pub purpose: Purpose,
    pub priority: Priority,
    pub transaction_number: String,
    pub received_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub state: InboundState,
    /// Whom it is with.
    pub prepared_by: Option<OfficerId>,
}

/// What an officer may do with a request now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    Take,
    /// Decide what is told, add documents, send it to review.
    Prepare,
    /// Give it back or release it.
    Review,
    /// Give it back; release it when the check was asked anew.
    WaitForCheck,
    /// Have its package made anew.
    Retry,
    Close,
    Nothing,
}

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HappenedRow {
    /// The word of an event.
    pub event: String,
    /// None: a job.
    pub by: Option<OfficerId>,
    pub at: DateTime<Utc>,
}

/// What was released, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRow {
    /// None while none is made.
    pub package: Option<Uuid>,
    pub approved_by: OfficerId,
    pub approved_at: DateTime<Utc>,
    pub fetched: Option<(OfficerId, DateTime<Utc>)>,
    pub answer: Option<ReplyResult>,
}

/// A request, whole.
#[derive(Debug)]
pub struct RequestView {
    pub row: RequestRow,
    /// What an act names as what was seen.
    pub version: i64,
    pub profile: Uuid,
    pub asked: PartnerAsk,
    pub decision: Decision,
    pub decided_at: Option<DateTime<Utc>>,
    /// What our records have for what may be told.
    pub values: Sensitive<BTreeMap<Element, String>>,
    pub draft: Option<Draft>,
    pub documents: Vec<DocumentRow>,
    /// Of what is in review.
    pub hash: Option<[u8; 32]>,
    /// Why it was given back last.
    pub returned: Option<String>,
    pub may: May,
    pub happened: Vec<HappenedRow>,
    pub release: Option<ReleaseRow>,
}

pub(super) const fn officer_id(id: Uuid) -> OfficerId {
    OfficerId(id.as_u128())
}

/// Requests that are open, those that are due first before the others; then the last that are over.
pub async fn queue(ctx: &Context, officer: &Officer) -> Result<Vec<RequestRow>, Error> {
    officer.check_somewhere(Action::ReadInformationRequests)?;
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    let mut all = rows::open_requests(&mut connection, MOST_OPEN).await?;
    all.extend(rows::requests_over(&mut connection, MOST_OVER).await?);
    drop(connection);
    let mut shown = Vec::new();
    for row in all {
        if is_shown(ctx, row.profile, row.partner, row.purpose).await? {
            shown.push(listed(row));
        }
    }
    Ok(shown)
}

fn listed(row: rows::RequestRow) -> RequestRow {
    RequestRow {
        id: row.id,
        partner: row.partner,
        step: row.step,
        purpose: row.purpose,
        priority: row.priority,
        transaction_number: row.transaction_number,
        received_at: row.received_at,
        due_at: row.due_at,
        state: row.state,
        prepared_by: row.prepared_by.map(officer_id),
    }
}

/// A request that is on lists; none if it is silent, with counsel, or not there. What was answered with silence is not among those that
/// are over.
pub(super) async fn visible(ctx: &Context, connection: &mut Connection, request: Uuid) -> Result<Option<StoredForeign>, Error> {
    let Some(foreign) = queries::foreign(connection, &ctx.partner_data()?.keys, request).await? else { return Ok(None) };
    let is_listed = match state_of(&foreign) {
        Some(
            InboundState::Assigned
            | InboundState::InPreparation
            | InboundState::InReview
            | InboundState::Returned
            | InboundState::Approved
            | InboundState::Packaged
            | InboundState::HandedToCpms
            | InboundState::RetrievedByObim
            | InboundState::Failed(Failing::Package),
        ) => true,
        Some(InboundState::Transmitted | InboundState::Closed | InboundState::Corrected) => {
            rows::package_at_hand(connection, request).await?.is_some()
        }
        _ => false,
    };
    if is_listed && is_shown(ctx, foreign.profile, foreign.partner, foreign.purpose).await? {
        return Ok(Some(foreign));
    }
    Ok(None)
}

/// One request. That it was read stands in the audit log of partner data before it is shown.
pub async fn request(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<RequestView>, Error> {
    officer.check_somewhere(Action::ReadInformationRequests)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some(foreign) = visible(ctx, &mut transaction, id).await? else { return Ok(None) };
    let view = Box::pin(seen(ctx, officer, &mut transaction, foreign)).await?;
    let detail = serde_json::json!({ "state": view.row.state.key() });
    ctx.audit(&mut transaction, officer.actor(), "information_request.read", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(view))
}

async fn seen(
    ctx: &Context,
    officer: &Officer,
    transaction: &mut Connection,
    foreign: StoredForeign,
) -> Result<RequestView, Error> {
    let (id, keys) = (foreign.id, &ctx.partner_data()?.keys);
    let (Some(state), Some(profile)) = (state_of(&foreign), foreign.profile) else { return Err(Error::Internal) };
    let drafted = rows::draft(transaction, keys, id).await?;
    let prepared_by = drafted.as_ref().map(|(prepared_by, _)| *prepared_by);
    let draft = drafted.and_then(|(_, draft)| draft).map(|draft| serde_json::from_slice(&draft));
    let review = rows::last_review(transaction, keys, id).await?;
    let package = rows::package_at_hand(transaction, id).await?;
    let decision = decision_of(&foreign)?;
    let standing = standing(ctx, Some(profile), foreign.partner).await?;
    let mut values = standing.known.as_ref().map(Known::values).unwrap_or_default();
    values.retain(|element, _| decision.allowed().any(|allowed| allowed == *element));
    let has_prepared = rows::has_prepared(transaction, id, officer.id()).await?;
    let is_given_back = matches!(state, InboundState::Returned | InboundState::InPreparation);
    let returned = match &review {
        Some(review) if is_given_back && review.returned_by.is_some() => rows::reason_of(transaction, keys, id, "returned").await?,
        _ => None,
    };
    let happened = rows::events(transaction, id).await?;
    let hand = Hand { state, is_with: prepared_by == Some(officer.id()), has_prepared };
    Ok(RequestView {
        may: may(officer, &hand, review.as_ref().is_some_and(|review| is_checked(&foreign, review))),
        row: row(&foreign, state, prepared_by),
        version: foreign.version,
        profile,
        asked: asked(&foreign)?,
        decision,
        decided_at: foreign.decided_at,
        values: Sensitive::new(values),
        draft: draft.transpose().map_err(|_| Error::Internal)?,
        documents: rows::documents(transaction, id).await?.into_iter().map(document_row).collect(),
        hash: review.as_ref().filter(|_| state == InboundState::InReview).map(|review| review.hash),
        returned,
        happened: happened.into_iter().map(happened_row).collect(),
        release: review.as_ref().and_then(|review| released(review, package.as_ref())),
    })
}

fn row(foreign: &StoredForeign, state: InboundState, prepared_by: Option<Uuid>) -> RequestRow {
    RequestRow {
        id: foreign.id,
        partner: foreign.partner,
        step: foreign.step,
        purpose: foreign.purpose,
        priority: foreign.priority,
        transaction_number: foreign.transaction_number.clone(),
        received_at: foreign.received_at,
        due_at: foreign.due_at,
        state,
        prepared_by: prepared_by.map(officer_id),
    }
}

fn happened_row(row: rows::EventRow) -> HappenedRow {
    HappenedRow { event: row.event, by: row.officer_id.map(officer_id), at: row.occurred_at }
}

fn released(review: &StoredReview, package: Option<&StoredPackage>) -> Option<ReleaseRow> {
    let (approved_by, approved_at) = review.approved?;
    Some(ReleaseRow {
        package: package.map(|package| package.id),
        approved_by: officer_id(approved_by),
        approved_at,
        fetched: package.and_then(|package| package.fetched).map(|(by, at)| (officer_id(by), at)),
        answer: package.map(|package| package.result),
    })
}

/// A request, as one officer has to do with it.
struct Hand {
    state: InboundState,
    is_with: bool,
    has_prepared: bool,
}

fn may(officer: &Officer, hand: &Hand, is_checked: bool) -> May {
    let (prepares, releases) = (officer.may_somewhere(Action::PrepareReleases), officer.may_somewhere(Action::ReleasePackages));
    match hand.state {
        InboundState::InPreparation if prepares && hand.is_with => May::Prepare,
        InboundState::Assigned | InboundState::InPreparation | InboundState::Returned if prepares => May::Take,
        InboundState::InReview if releases && !hand.has_prepared && is_checked => May::Review,
        InboundState::InReview if releases && !hand.has_prepared => May::WaitForCheck,
        InboundState::Failed(Failing::Package) if releases => May::Retry,
        InboundState::Transmitted | InboundState::Corrected if prepares => May::Close,
        _ => May::Nothing,
    }
}

/// What the officers are called who had to do with requests and packages. Who has no account is left out.
pub async fn names(ctx: &Context, officer: &Officer, officers: &[OfficerId]) -> Result<Vec<(OfficerId, String)>, Error> {
    if !officer.may_somewhere(Action::ReadInformationRequests) {
        officer.check_somewhere(Action::FetchPackages)?;
    }
    let mut connection = ctx.store.read_primary().await?;
    Ok(store::colleague::names(&mut connection, officers).await?)
}
