//! Writing an answer.

use chrono::{DateTime, Utc};
use shared::answer::{Draft, Finding, Issue, Placeholder, check};
use shared::locale::Locale;
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use shared::service_request::RequestKind;
use store::answer::{self as rows, AnswerState, NewAnswer};
use store::service_request;
use uuid::Uuid;

use super::facts::{Material, draft_of};
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
    /// Whether one of the findings keeps it from going out.
    pub is_blocked: bool,
}

/// The answer to a request, as far as it is written. None if there is no such request, or its case may not be told of.
pub async fn work(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Option<Work>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(None) };
    officer.check(Action::AnswerRequest, &office_of(&row)?)?;
    if !may_tell(ctx, &mut transaction, &row, Channel::Console).await? {
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
    ctx.audit(&mut transaction, officer.actor(), "answer.open", &request.to_string(), serde_json::json!({ "purpose": "answer" }))
        .await?;
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
        draft,
    }))
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
    if !crate::service_request::is_open(&row) || !may_tell(ctx, &mut transaction, &row, Channel::Console).await? {
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
        return Ok(Saved::Changed { theirs, version: answer.version });
    }
    if !rows::save(&mut transaction, &ctx.keys, &answer, answer.version, &new).await? {
        return Ok(Saved::NotNow);
    }
    transaction.commit().await?;
    Ok(Saved::Kept(answer.version + 1))
}
