//! Writing an answer.

use chrono::{DateTime, Utc};
use shared::answer::{Channel, CheckSettings, Draft, Finding, Issue, Placeholder, Recipient, check};
use shared::letter::Block;
use shared::locale::Locale;
use shared::protection;
use shared::sensitive::Sensitive;
use shared::service_request::RequestKind;
use store::answer::{self as rows, AnswerState, NewAnswer};
use store::service_request;
use uuid::Uuid;

use super::facts::{Material, draft_of};
use super::release::{deliveries, is_reviewed};
use super::{may_tell, office_of};
use crate::{Action, Context, Error, Officer};

/// The answer that is being written.
#[derive(Debug, Clone)]
pub struct UnderWay {
    pub id: Uuid,
    /// Of what was read: saving and releasing want it, so that no officer writes over another.
    pub version: i64,
    pub state: AnswerState,
    pub written_by: Uuid,
    pub changed_at: DateTime<Utc>,
    /// Why a second reader gave it back.
    pub note: Option<Sensitive<String>>,
}

/// What an officer has before them who answers a request.
#[derive(Debug)]
pub struct Work {
    pub kind: RequestKind,
    /// The language of the request.
    pub locale: Locale,
    pub under_way: Option<UnderWay>,
    pub draft: Draft,
    /// What the answer has to speak of, in words.
    pub issues: Vec<(Issue, String)>,
    pub to_fill_in: Vec<Placeholder>,
    /// What is wrong with it now.
    pub findings: Vec<Finding>,
    /// How strict the check is.
    pub check: CheckSettings,
    /// Whether one of the findings keeps it from going out.
    pub is_blocked: bool,
    /// Who gets it, by what means; or what there is no address for.
    pub goes_to: Result<Vec<(Recipient, Channel)>, Channel>,
    /// The parts that its text is laid out in, filled in.
    pub parts: Vec<Block>,
    /// Whether a second person releases it.
    pub is_reviewed: bool,
}

/// The answer to a request, as far as it is written. None if there is no such request, or its case may not be told of.
pub async fn work(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Option<Work>, Error> {
    look_at(ctx, officer, request, (Action::AnswerRequest, "answer")).await
}

/// The same for a second reader; none where no answer waits for one.
pub async fn second_reading(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Option<Work>, Error> {
    let work = look_at(ctx, officer, request, (Action::ReviewAnswers, "review")).await?;
    let waits = |work: &Work| work.under_way.as_ref().is_some_and(|answer| answer.state == AnswerState::AwaitingReview);
    Ok(work.filter(waits))
}

async fn look_at(
    ctx: &Context,
    officer: &Officer,
    request: Uuid,
    (action, purpose): (Action, &'static str),
) -> Result<Option<Work>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(None) };
    let office = office_of(&row)?;
    officer.check(action, &office)?;
    if !may_tell(ctx, &mut transaction, &row, protection::Channel::Console).await? {
        return Ok(None);
    }
    let stored = rows::under_way(&mut transaction, request).await?;
    let (draft, under_way) = match stored {
        Some(answer) => {
            let note = rows::texts(&mut transaction, &ctx.keys, &answer).await?.note;
            let rows::StoredAnswer { id, version, state, written_by, changed_at, .. } = answer;
            let draft = draft_of(ctx, &mut transaction, &answer).await?;
            (draft, Some(UnderWay { id, version, state, written_by, changed_at, note }))
        }
        None => (Draft::new(row.locale), None),
    };
    let material = Material::of(ctx, &mut transaction, row).await?;
    let known = material.known(ctx, &mut transaction, &draft).await?;
    let is_reviewed = is_reviewed(ctx, &mut transaction, &office, material.row.kind).await?;
    let detail = serde_json::json!({ "purpose": purpose });
    ctx.audit(&mut transaction, officer.actor(), "answer.open", &request.to_string(), detail).await?;
    transaction.commit().await?;
    let findings = check(&draft, &known, &ctx.answers.check);
    let kind = material.row.kind;
    Ok(Some(Work {
        kind,
        locale: material.row.locale,
        under_way,
        issues: known.issues.iter().map(|issue| (*issue, issue.label(kind))).collect(),
        to_fill_in: draft.to_fill_in(),
        is_blocked: shared::answer::blocks_release(&findings, &ctx.answers.check),
        findings,
        check: ctx.answers.check.clone(),
        goes_to: deliveries(&draft, &material),
        parts: draft.blocks(&known.record),
        is_reviewed,
        draft,
    }))
}

/// Whether an answer is being written, by whom and since when; nothing of what it says.
pub async fn under_way(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Option<UnderWay>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(row) = service_request::find(&mut connection, request).await? else { return Ok(None) };
    officer.check(Action::ReadRequests, &office_of(&row)?)?;
    if !may_tell(ctx, &mut connection, &row, protection::Channel::Console).await? {
        return Ok(None);
    }
    let answer = rows::under_way(&mut connection, request).await?;
    let without_words = |answer: rows::StoredAnswer| UnderWay {
        id: answer.id,
        version: answer.version,
        state: answer.state,
        written_by: answer.written_by,
        changed_at: answer.changed_at,
        note: None,
    };
    Ok(answer.map(without_words))
}

/// What became of a draft that was saved.
#[derive(Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is kept, as this version.
    Kept(i64),
    /// Somebody else has saved it since: what they wrote, and its version. What was sent is not kept.
    Changed { theirs: Box<Draft>, version: i64 },
    /// The request owes no answer, or the answer waits for a second reader.
    NotNow,
}

/// Saves what an officer typed. Without a version the answer is begun.
pub async fn save(ctx: &Context, officer: &Officer, request: Uuid, version: Option<i64>, draft: &Draft) -> Result<Saved, Error> {
    let mut transaction = ctx.store.begin().await?;
    if !service_request::hold(&mut transaction, request).await? {
        return Ok(Saved::NotNow);
    }
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(Saved::NotNow) };
    officer.check(Action::AnswerRequest, &office_of(&row)?)?;
    if !crate::service_request::is_open(&row) || !may_tell(ctx, &mut transaction, &row, protection::Channel::Console).await? {
        return Ok(Saved::NotNow);
    }
    let content = serde_json::to_vec(draft).map_err(|_| Error::Internal)?;
    let new = NewAnswer {
        id: ctx.clock.new_id(),
        request,
        case: row.case,
        form: draft.form,
        stage: draft.stage,
        locale: draft.locale,
        draft: &content,
        written_by: officer.id(),
        at: ctx.now(),
    };
    let Some(answer) = rows::under_way(&mut transaction, request).await? else {
        if version.is_some() || !rows::begin(&mut transaction, &ctx.keys, &new).await? {
            return Ok(Saved::NotNow);
        }
        ctx.audit(&mut transaction, officer.actor(), "answer.begin", &request.to_string(), serde_json::json!({})).await?;
        transaction.commit().await?;
        return Ok(Saved::Kept(1));
    };
    if answer.state != AnswerState::Draft {
        return Ok(Saved::NotNow);
    }
    if version != Some(answer.version) {
        let theirs = Box::new(draft_of(ctx, &mut transaction, &answer).await?);
        // The same words, sent again: a browser that heard no answer.
        if answer.written_by == officer.id() && *theirs == *draft {
            return Ok(Saved::Kept(answer.version));
        }
        return Ok(Saved::Changed { theirs, version: answer.version });
    }
    if !rows::save(&mut transaction, &ctx.keys, &answer, answer.version, &new).await? {
        return Ok(Saved::NotNow);
    }
    transaction.commit().await?;
    Ok(Saved::Kept(answer.version + 1))
}

/// What became of a draft that was thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discarded {
    Yes,
    /// Somebody else has changed it since.
    Changed,
    /// There is none, or it waits for a second reader.
    NotNow,
}

/// Throws the draft of an answer away. It is kept, and nobody is shown it any more.
pub async fn discard(ctx: &Context, officer: &Officer, request: Uuid, version: i64) -> Result<Discarded, Error> {
    let mut transaction = ctx.store.begin().await?;
    if !service_request::hold(&mut transaction, request).await? {
        return Ok(Discarded::NotNow);
    }
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(Discarded::NotNow) };
    officer.check(Action::AnswerRequest, &office_of(&row)?)?;
    let answer = rows::under_way(&mut transaction, request).await?;
    let Some(answer) = answer.filter(|answer| answer.state == AnswerState::Draft) else { return Ok(Discarded::NotNow) };
    if answer.version != version {
        return Ok(Discarded::Changed);
    }
    if !rows::set_state(&mut transaction, &ctx.keys, &answer, AnswerState::Discarded, None, ctx.now()).await? {
        return Ok(Discarded::Changed);
    }
    ctx.audit(
        &mut transaction,
        officer.actor(),
        "answer.discard",
        &answer.id.to_string(),
        serde_json::json!({ "request": request }),
    )
    .await?;
    transaction.commit().await?;
    Ok(Discarded::Yes)
}
