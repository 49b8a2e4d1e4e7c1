//! Who has a request: given by a supervisor, one or many at once, taken as the next one, handed over, laid back.

use chrono::{NaiveDate, TimeDelta};
use shared::office::OfficeCode;
use shared::service_request::{Happening, OfficerId, RedirectReason, RequestNumber, Why};
use store::assignment::{self, Share};
use store::engine::Connection;
use store::request_queue::{self, Mark};
use uuid::Uuid;

use super::read::{may_see_case, see};
use super::work::{LONGEST_NOTE, Worked, act, happens, held, words};
use super::{Happened, Told, happen_because};
use crate::{Action, Context, Error, Officer};

/// Requests that are given out in one act at most.
pub const LARGEST_BATCH: usize = 200;

/// For how long an act can be undone.
const UNDO_FOR: TimeDelta = TimeDelta::hours(24);

/// Whether an officer works on requests of an office, as its roster says.
async fn works_at(connection: &mut Connection, office: &OfficeCode, officer: OfficerId) -> Result<bool, Error> {
    Ok(assignment::shares(connection, office).await?.iter().any(|share| share.officer == officer))
}

/// Gives a request to an officer of its office, or to another one. A reason is one of the agency's four; words may be added.
pub async fn assign(
    ctx: &Context,
    officer: &Officer,
    (id, version): (Uuid, i64),
    to: OfficerId,
    reason: Option<RedirectReason>,
    text: &str,
) -> Result<Worked, Error> {
    let text = match text.trim() {
        "" => None,
        typed => match words(typed, LONGEST_NOTE) {
            Some(text) => Some(text),
            None => return Ok(Worked::Words),
        },
    };
    let told = Told { words: text.as_deref().map(str::as_bytes), why: Some(Why::Supervisor { reason }) };
    let mut transaction = ctx.store.begin().await?;
    let seen = match held(ctx, &mut transaction, officer, Action::AssignRequests, (id, version)).await? {
        Ok(seen) => seen,
        Err(changed) => return Ok(changed),
    };
    let Some(office) = seen.office() else { return Ok(Worked::NotNow) };
    if !works_at(&mut transaction, office, to).await? {
        return Err(Error::Refused);
    }
    let worked = happens(ctx, &mut transaction, officer, id, &Happening::Assigned { officer: to }, told).await?;
    if matches!(worked, Worked::Done(_)) {
        transaction.commit().await?;
    }
    Ok(worked)
}

/// Hands a request over to a colleague, with words for them.
pub async fn hand_over(
    ctx: &Context,
    officer: &Officer,
    (id, version): (Uuid, i64),
    to: OfficerId,
    text: &str,
) -> Result<Worked, Error> {
    let Some(text) = words(text, LONGEST_NOTE) else { return Ok(Worked::Words) };
    let mut transaction = ctx.store.begin().await?;
    let seen = match held(ctx, &mut transaction, officer, Action::AnswerRequest, (id, version)).await? {
        Ok(seen) => seen,
        Err(changed) => return Ok(changed),
    };
    let Some(office) = seen.office() else { return Ok(Worked::NotNow) };
    // Only who has it can hand it over, and only to who works there.
    if seen.listed.placement.officer != Some(officer.officer_id()) || !works_at(&mut transaction, office, to).await? {
        return Err(Error::Refused);
    }
    let told = Told { words: Some(text.as_bytes()), why: Some(Why::HandedOver) };
    let worked = happens(ctx, &mut transaction, officer, id, &Happening::Assigned { officer: to }, told).await?;
    if matches!(worked, Worked::Done(_)) {
        transaction.commit().await?;
    }
    Ok(worked)
}

/// Lays a request back, for the next officer to take: whoever has it, or a supervisor.
pub async fn lay_back(ctx: &Context, officer: &Officer, (id, version): (Uuid, i64)) -> Result<Worked, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let seen = see(ctx, &mut connection, officer, id, Action::ReadRequests).await?;
    drop(connection);
    let is_own = seen.listed.placement.officer == Some(officer.officer_id());
    let action = if is_own { Action::AnswerRequest } else { Action::AssignRequests };
    act(ctx, officer, action, (id, version), &Happening::LaidBack, Told::default()).await
}

/// What giving a request to an officer would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub id: Uuid,
    pub number: RequestNumber,
    pub version: i64,
    pub due_on: NaiveDate,
    /// Who has it now.
    pub from: Option<OfficerId>,
    pub given: Given,
}

/// What became of one of many, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    Yes,
    /// The officer has it already.
    AlreadyTheirs,
    /// It was answered, taken back, or is on its way.
    NotNow,
    /// Somebody changed it since the list was shown.
    Changed,
    /// There is none, or it is not this office's.
    Refused,
}

/// What giving these requests of an office to one of its officers would do, without doing it. Those that are not the office's, or
/// are not shown to this officer, are left out.
pub async fn preview(
    ctx: &Context,
    officer: &Officer,
    office: &OfficeCode,
    ids: &[Uuid],
    to: OfficerId,
) -> Result<Vec<Preview>, Error> {
    officer.check(Action::AssignRequests, office)?;
    let mut connection = ctx.store.read_primary().await?;
    if ids.len() > LARGEST_BATCH || !works_at(&mut connection, office, to).await? {
        return Err(Error::Refused);
    }
    let listed = request_queue::listed(&mut connection, ids).await?;
    let ours = listed.into_iter().filter(|listed| listed.placement.office.as_ref() == Some(office));
    let ours = ours.filter(|listed| may_see_case(ctx, officer, office, listed));
    let would = |place, from: Option<OfficerId>| {
        use shared::service_request::Place;
        match place {
            Place::Arriving | Place::Closed => Given::NotNow,
            _ if from == Some(to) => Given::AlreadyTheirs,
            _ => Given::Yes,
        }
    };
    let preview = ours.map(|listed| Preview {
        id: listed.id,
        given: would(listed.placement.place, listed.placement.officer),
        number: listed.number,
        version: listed.version,
        due_on: listed.placement.due_on,
        from: listed.placement.officer,
    });
    Ok(preview.collect())
}

/// What became of many requests, and the name of the act, by which it can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchDone {
    pub batch: Uuid,
    pub rows: Vec<(Uuid, Given)>,
}

/// Gives requests of an office, each as it was seen, to one of its officers. Each for itself: one that cannot be given holds up no
/// other.
pub async fn assign_many(
    ctx: &Context,
    officer: &Officer,
    office: &OfficeCode,
    requests: &[(Uuid, i64)],
    to: OfficerId,
) -> Result<BatchDone, Error> {
    officer.check(Action::AssignRequests, office)?;
    let batch = ctx.clock.new_id();
    let mut transaction = ctx.store.begin().await?;
    if requests.len() > LARGEST_BATCH || !works_at(&mut transaction, office, to).await? {
        return Err(Error::Refused);
    }
    assignment::add_batch(&mut transaction, batch, officer.officer_id(), ctx.now()).await?;
    let detail = serde_json::json!({ "requests": requests.len(), "office": office.as_str() });
    ctx.audit(&mut transaction, officer.actor(), "request.assign_many", &batch.to_string(), detail).await?;
    transaction.commit().await?;
    let mut rows = Vec::with_capacity(requests.len());
    for request in requests {
        rows.push((request.0, give(ctx, officer, office, *request, to, batch).await?));
    }
    Ok(BatchDone { batch, rows })
}

/// One of many, in a transaction of its own.
async fn give(
    ctx: &Context,
    officer: &Officer,
    office: &OfficeCode,
    (id, version): (Uuid, i64),
    to: OfficerId,
    batch: Uuid,
) -> Result<Given, Error> {
    let mut transaction = ctx.store.begin().await?;
    let seen = match held(ctx, &mut transaction, officer, Action::AssignRequests, (id, version)).await {
        Ok(Ok(seen)) if seen.office() == Some(office) => seen,
        Ok(Ok(_)) | Err(Error::Refused) => return Ok(Given::Refused),
        Ok(Err(_)) => return Ok(Given::Changed),
        Err(error) => return Err(error),
    };
    let former = seen.listed.placement.officer;
    if former == Some(to) {
        return Ok(Given::AlreadyTheirs);
    }
    let told = Told { words: None, why: Some(Why::Batch { id: batch }) };
    match happens(ctx, &mut transaction, officer, id, &Happening::Assigned { officer: to }, told).await? {
        Worked::Done(version) => {
            assignment::add_given(&mut transaction, batch, assignment::Given { request: id, former, version }).await?;
            transaction.commit().await?;
            Ok(Given::Yes)
        }
        _ => Ok(Given::NotNow),
    }
}

/// What became of one of many when the act was undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    Yes,
    /// Something happened to it since, which is not undone: it was opened, answered, or given to somebody else.
    MovedOn,
}

/// Undoes an act of one's own, once: what nobody has touched since goes back to where it was. None if it cannot be undone any more.
pub async fn undo(ctx: &Context, officer: &Officer, batch: Uuid) -> Result<Option<Vec<(Uuid, Undone)>>, Error> {
    officer.check_somewhere(Action::AssignRequests)?;
    let now = ctx.now();
    let mut transaction = ctx.store.begin().await?;
    if !assignment::undo_batch(&mut transaction, batch, officer.officer_id(), now, now - UNDO_FOR).await? {
        return Ok(None);
    }
    let given = assignment::given(&mut transaction, batch).await?;
    let detail = serde_json::json!({ "requests": given.len() });
    ctx.audit(&mut transaction, officer.actor(), "request.undo_assign_many", &batch.to_string(), detail).await?;
    transaction.commit().await?;
    let mut rows = Vec::with_capacity(given.len());
    for given in given {
        rows.push((given.request, give_back(ctx, officer, given, batch).await?));
    }
    Ok(Some(rows))
}

async fn give_back(ctx: &Context, officer: &Officer, given: assignment::Given, batch: Uuid) -> Result<Undone, Error> {
    let mut transaction = ctx.store.begin().await?;
    let request = (given.request, given.version);
    match held(ctx, &mut transaction, officer, Action::AssignRequests, request).await {
        Ok(Ok(_)) => {}
        Ok(Err(_)) | Err(Error::Refused) => return Ok(Undone::MovedOn),
        Err(error) => return Err(error),
    }
    let happening = given.former.map_or(Happening::LaidBack, |officer| Happening::Assigned { officer });
    let told = Told { words: None, why: Some(Why::Undone { id: batch }) };
    match happens(ctx, &mut transaction, officer, given.request, &happening, told).await? {
        Worked::Done(_) => {
            transaction.commit().await?;
            Ok(Undone::Yes)
        }
        _ => Ok(Undone::MovedOn),
    }
}

/// A request that was taken, and why this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub id: Uuid,
    pub why: Why,
}

/// Takes the next request of an office and opens it: of those that nobody has and whose kind the officer takes, the one that is due
/// first. Two who take at once take two. None if there is none.
pub async fn take_next(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Option<Taken>, Error> {
    officer.check(Action::AnswerRequest, office)?;
    let who = officer.officer_id();
    let mut transaction = ctx.store.begin().await?;
    let shares = assignment::shares(&mut transaction, office).await?;
    let kinds = shares.into_iter().find(|share| share.officer == who).map_or_else(Vec::new, |Share { kinds, .. }| kinds);
    let (mut after, mut passed_over) = (None, 0);
    loop {
        let Some(listed) = request_queue::next(&mut transaction, office, &kinds, after).await? else { return Ok(None) };
        let due_on = listed.placement.due_on;
        let why = Why::Next { due_on, is_overdue: due_on < ctx.today(), passed_over };
        if may_see_case(ctx, officer, office, &listed) {
            let told = Told { words: None, why: Some(why) };
            let opened = Happening::Opened { officer: who };
            if let Happened::Yes(_) = happen_because(ctx, &mut transaction, officer.actor(), listed.id, &opened, told).await? {
                transaction.commit().await?;
                return Ok(Some(Taken { id: listed.id, why }));
            }
        }
        // One that this officer may not see, or that cannot be taken, is for somebody else.
        passed_over += 1;
        after = Some(Mark::Day(due_on, listed.id));
    }
}
