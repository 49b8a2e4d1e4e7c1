//! What an officer has on the desk beside a request: its case as it is and as it was, its documents, who the colleagues are, and
//! what was typed between one page and the next.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared::case_status::CaseStatusView;
use shared::document::DocumentView;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::protection::{Channel, Outcome, decide};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use store::document::Document;
use store::{colleague, request_queue, request_search, request_work};
use uuid::Uuid;

use super::lists::{Shown, shown};
use super::read::{may_see_case, see};
use super::search::KEPT_FOR;
use crate::actor::role_may;
use crate::{Action, Context, Error, Officer, case_status};

/// A colleague to whom work can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub officer: OfficerId,
    pub name: String,
}

/// Who may answer requests of an office, in the order of their names.
pub async fn colleagues(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Vec<Colleague>, Error> {
    officer.check(Action::ReadRequests, office)?;
    let found = colleague::at_office(&mut ctx.store.read_primary().await?, office, ctx.now()).await?;
    let mut colleagues: Vec<Colleague> = Vec::new();
    for found in found.into_iter().filter(|found| role_may(found.role, Action::AnswerRequest)) {
        // Somebody with two roles comes twice, one after the other.
        if colleagues.last().is_none_or(|last| last.officer != found.officer) {
            colleagues.push(Colleague { officer: found.officer, name: found.name });
        }
    }
    Ok(colleagues)
}

/// What officers are called, those who have left as well.
pub async fn names(ctx: &Context, officer: &Officer, mut officers: Vec<OfficerId>) -> Result<BTreeMap<OfficerId, String>, Error> {
    let may_know = [Action::ReadRequests, Action::ReadProfiles, Action::ReadAgreements, Action::ReadRetention];
    if !may_know.into_iter().any(|action| officer.may_somewhere(action)) {
        return Err(Error::Refused);
    }
    officers.sort();
    officers.dedup();
    if officers.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(colleague::names(&mut ctx.store.read_primary().await?, &officers).await?.into_iter().collect())
}

/// Requests by their ids, as lists show them, in their order: those of an office, and those that it was asked about. What this
/// officer may not see is left out.
pub async fn summaries(ctx: &Context, officer: &Officer, office: &OfficeCode, ids: &[Uuid]) -> Result<Vec<Shown>, Error> {
    officer.check(Action::ReadRequests, office)?;
    let mut connection = ctx.store.read_primary().await?;
    let mut summaries = Vec::new();
    for listed in request_queue::listed(&mut connection, ids).await? {
        let is_here = listed.placement.office.as_ref() == Some(office);
        let may_read = is_here || request_work::asked_offices(&mut connection, listed.id, ctx.now()).await?.contains(office);
        if may_read && may_see_case(ctx, officer, office, &listed) {
            summaries.push(shown(ctx, officer, office, listed));
        }
    }
    Ok(summaries)
}

/// The case of a request, as its page told it at a moment.
#[derive(Debug, Clone)]
pub struct CaseSeen {
    /// None where there was nothing to tell yet.
    pub view: Option<CaseStatusView>,
    /// Whether the public pages show this case at all. Protection is of today, whatever moment is asked for.
    pub is_public: bool,
}

/// The case of a request as its page told it at a moment, to an officer who may see it. That it was looked at is in the audit log.
pub async fn case_of(ctx: &Context, officer: &Officer, id: Uuid, as_of: DateTime<Utc>, locale: Locale) -> Result<CaseSeen, Error> {
    let mut transaction = ctx.store.begin().await?;
    let seen = see(ctx, &mut transaction, officer, id, Action::ReadRequests).await?;
    let detail = serde_json::json!({ "request": id.to_string(), "as_of": as_of });
    ctx.audit(&mut transaction, officer.actor(), "case.read", &seen.row.case.to_string(), detail).await?;
    transaction.commit().await?;
    let status = case_status::recorded(ctx, &seen.row.receipt_number, as_of).await?;
    let is_public = decide(&seen.listed.markers, Channel::Public, ctx.today()) == Outcome::Show;
    Ok(CaseSeen { view: status.map(|status| case_status::view(ctx, &status, locale)), is_public })
}

/// What was attached to a request.
pub async fn documents(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Vec<DocumentView>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    see(ctx, &mut connection, officer, id, Action::ReadRequests).await?;
    drop(connection);
    crate::document::of_holder(ctx, id).await
}

/// Lets an officer read a document of a request. That it was opened is in the audit log before the caller can fetch the object.
/// None if the request has no such document.
pub async fn document(ctx: &Context, officer: &Officer, request: Uuid, id: Uuid) -> Result<Option<Document>, Error> {
    let mut transaction = ctx.store.begin().await?;
    see(ctx, &mut transaction, officer, request, Action::ReadRequests).await?;
    let of_request = store::document::of_holder(&mut transaction, &ctx.keys, request).await?;
    if !of_request.iter().any(|document| document.id == id) {
        return Ok(None);
    }
    let Some(document) = store::document::find(&mut transaction, &ctx.keys, id).await? else { return Ok(None) };
    let detail = serde_json::json!({ "request": request.to_string() });
    ctx.audit(&mut transaction, officer.actor(), "document.open", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(document))
}

/// Keeps what an officer typed or chose for the page that comes next, encrypted, and for an hour. The address of that page names
/// it.
pub async fn keep(ctx: &Context, officer: &Officer, content: &[u8]) -> Result<Uuid, Error> {
    let types = [Action::TakeRequest, Action::ReadRequests, Action::ReadProfiles, Action::DraftAgreements, Action::DecideRetention];
    if !types.into_iter().any(|action| officer.may_somewhere(action)) {
        return Err(Error::Refused);
    }
    let id = ctx.clock.new_id();
    let mut transaction = ctx.store.begin().await?;
    request_search::keep(&mut transaction, &ctx.keys, id, officer.officer_id(), content, ctx.now() + KEPT_FOR).await?;
    transaction.commit().await?;
    Ok(id)
}

/// What was kept. None if it is somebody else's, or too old.
pub async fn kept(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<Sensitive<Vec<u8>>>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    Ok(request_search::kept(&mut connection, &ctx.keys, id, officer.officer_id(), ctx.now()).await?)
}
