//! Sending the form: one service request, however often it is sent.

use shared::e_request::{Eligibility, Step};
use shared::locale::Locale;
use shared::service_request::Source;
use store::service_request;
use uuid::Uuid;

use super::answer::{Answer, answer_for, of_draft};
use super::draft::{self, Draft, DraftKey};
use crate::document::HandedOver;
use crate::service_request::{Filed, Filing, file};
use crate::{Action, Actor, Context, Error, document, report};

/// What became of a form that was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It is stored, now or by an earlier try.
    Stored(Uuid),
    /// This step has to be looked at first.
    GoTo(Step),
    NoDraft,
}

/// Sends a session's form. What is confirmed is in the database.
pub async fn submit(ctx: &Context, key: DraftKey, locale: Locale) -> Result<Submitted, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    let received_at = ctx.now();
    let Some(mut draft) = draft::draft(ctx, key).await? else { return Ok(Submitted::NoDraft) };
    if let Some(request) = draft.sent {
        return Ok(Submitted::Stored(request));
    }
    let at_hand = draft.step_at_hand(ctx);
    if at_hand != Step::Check {
        return Ok(Submitted::GoTo(at_hand));
    }
    let Some((case, status)) = of_draft(ctx, &draft).await? else {
        draft.refuse_case();
        draft::save(ctx, key, &draft).await?;
        return Ok(Submitted::GoTo(Step::Case));
    };
    let Answer::Record { eligibility: Eligibility::MayAsk(_), follows } = answer_for(ctx, &draft, case, &status).await? else {
        return not_stored(ctx, key, draft).await;
    };
    let rule = draft.rule();
    let filing = Filing {
        submission: draft.submission,
        case,
        kind: draft.kind,
        follows,
        source: Source::EReq,
        locale,
        answers: draft.answers.only(&rule.all_asked(&draft.answers)),
        target: rule.target,
        received_at,
        callback: None,
    };
    let mut transaction = ctx.store.begin().await?;
    let Filed::Stored(request) = file(ctx, &mut transaction, Actor::Public, &filing).await? else {
        drop(transaction);
        return not_stored(ctx, key, draft).await;
    };
    if rule.takes_documents
        && let HandedOver::TooMany = document::hand_over(&mut transaction, draft.submission, request).await?
    {
        drop(transaction);
        draft.done.remove(&Step::Documents);
        draft::save(ctx, key, &draft).await?;
        return Ok(Submitted::GoTo(Step::Documents));
    }
    let answered_on = draft.answered_on;
    draft = Draft { sent: Some(request), ..Draft::new(draft.submission, draft.kind) };
    draft::put(&mut transaction, ctx, key, &draft).await?;
    // Last: others who send a form now wait for the figure.
    if let Some(day) = answered_on {
        report::asked_after_answer(&mut transaction, draft.submission, draft.kind, day).await?;
    }
    transaction.commit().await?;
    Ok(Submitted::Stored(request))
}

/// Another request of this kind is under way: this form's own, sent a moment ago, or somebody else's.
async fn not_stored(ctx: &Context, key: DraftKey, mut draft: Draft) -> Result<Submitted, Error> {
    let own = service_request::by_submission(&mut ctx.store.read_primary().await?, draft.submission).await?;
    match own {
        Some(request) => draft = Draft { sent: Some(request), ..Draft::new(draft.submission, draft.kind) },
        None => _ = draft.done.remove(&Step::Answer),
    }
    draft::save(ctx, key, &draft).await?;
    Ok(own.map_or(Submitted::GoTo(Step::Answer), Submitted::Stored))
}
