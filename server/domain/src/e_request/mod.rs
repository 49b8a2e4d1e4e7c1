//! e-Request: a form that answers before it asks.
//!
//! What is typed is kept in a [`Draft`] that the session names. What is typed of the case is compared with its record before
//! anything else ([`save`]), the record's own answer comes next ([`answer`]), and only then the questions. Sending a form makes a
//! service request ([`submit`]), once however often it is sent.

mod answer;
mod catalogue;
mod draft;
mod follow_up;
mod keep;
mod proof;
mod remind;
mod submit;

#[cfg(test)]
pub(crate) mod tests;

pub use answer::{Answer, answer};
pub use catalogue::Catalogue;
pub use draft::{Attaching, Draft, DraftKey, attaching, begin, draft, forget, typed_answers};
pub use follow_up::{FollowUp, Question, QuestionProblem, follow_up, kept_question, sent};
pub(crate) use keep::kept_draft_mail;
pub use keep::{Resumed, Written, keep_for_later, resume};
pub use remind::remind;
pub(crate) use remind::{Reminder, reminder};
pub use submit::{Submitted, submit};

use std::collections::BTreeMap;

use shared::case_feed::Email;
use shared::e_request::{Field, Step};
use shared::locale::Locale;
use store::engine::Connection;
use store::look_up_failure;

use crate::case_status::limits::TooMany;
use crate::case_status::until_midnight;
use crate::{Action, Actor, ClientIp, Context, Error, report};
use proof::{Claim, Proven};

/// The forms that can be named: number and name, in the order of their numbers.
pub fn forms(ctx: &Context, locale: Locale) -> Vec<(String, String)> {
    ctx.texts().forms(locale, ctx.now())
}

/// What became of a step that was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Saved {
    /// The step to be shown now: the next one, or the same with its mistakes.
    GoTo(Step),
    TooMany(TooMany),
    /// There is no form to fill in: it was never begun, is too old, or was sent.
    NoDraft,
}

/// Keeps what was typed on a step, mistakes and all, and says which step comes next.
pub async fn save(
    ctx: &Context,
    client: ClientIp,
    key: DraftKey,
    step: Step,
    typed: &BTreeMap<String, String>,
) -> Result<Saved, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    let found = draft(ctx, key).await?.filter(|draft| draft.sent.is_none());
    let Some(mut draft) = found else { return Ok(Saved::NoDraft) };
    if !draft.may_see(ctx, step) {
        return Ok(Saved::GoTo(draft.step_at_hand(ctx)));
    }
    let is_new = draft.take(&draft.rule().asked(step, &draft.answers), typed);
    draft.tried.insert(step);
    if !draft.problems(ctx, step).is_empty() {
        draft.done.remove(&step);
        if step == Step::Case {
            draft.forget_case();
        }
        draft::save(ctx, key, &draft).await?;
        return Ok(Saved::GoTo(step));
    }
    let refused = match step {
        // Sent again as it was, it is proven again if the case does not answer any more: then it is refused as a mistake is.
        Step::Case if is_new || answer::of_draft(ctx, &draft).await?.is_none() => prove_case(ctx, client, &mut draft).await?,
        Step::Answer => {
            take_answer(ctx, &mut draft).await?;
            None
        }
        _ => {
            draft.done.insert(step);
            None
        }
    };
    if draft.answered_on.is_none() && draft.done.contains(&Step::Case) {
        draft.answered_on = Some(ctx.today());
        shown_first(ctx, key, &draft).await?;
    } else {
        draft::save(ctx, key, &draft).await?;
    }
    if let Some(refused) = refused {
        return Ok(Saved::TooMany(refused));
    }
    // A step that is not done yet is shown again and says why; unless one before it is to be done anew.
    let at_hand = draft.step_at_hand(ctx);
    Ok(Saved::GoTo(if draft.done.contains(&step) { at_hand } else { step.min(at_hand) }))
}

/// Keeps the form of somebody who is shown the answer now, and counts them: both or none.
async fn shown_first(ctx: &Context, key: DraftKey, draft: &Draft) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    draft::put(&mut transaction, ctx, key, draft).await?;
    report::answer_is_shown(ctx, &mut transaction, draft.submission, draft.kind).await?;
    Ok(transaction.commit().await?)
}

/// Counts a message to an address: nobody's mailbox is flooded.
async fn count_mail(ctx: &Context, transaction: &mut Connection, email: &Email) -> Result<Result<(), TooMany>, Error> {
    let mac = ctx.sealer().mac("requests to follow by an address", email.as_str().to_lowercase().as_bytes());
    look_up_failure::count(transaction, &mac, ctx.today(), 1).await?;
    let today = look_up_failure::of_day(transaction, &mac, ctx.today()).await?;
    Ok(ctx.limits.check_follow_requests(today, until_midnight(ctx)))
}

/// Counts a try to prove something; tries that come together are all counted, and what succeeds is taken back.
pub(crate) async fn count_try(ctx: &Context, mac: &[u8; 32], more: i64) -> Result<Result<(), TooMany>, Error> {
    let mut transaction = ctx.store.begin().await?;
    look_up_failure::count(&mut transaction, mac, ctx.today(), more).await?;
    let today = look_up_failure::of_day(&mut transaction, mac, ctx.today()).await?;
    transaction.commit().await?;
    Ok(ctx.limits.check_proofs(today, until_midnight(ctx)))
}

async fn prove_case(ctx: &Context, client: ClientIp, draft: &mut Draft) -> Result<Option<TooMany>, Error> {
    draft.forget_case();
    let Some(claim) = Claim::of(&draft.answers) else { return Ok(None) };
    match proof::prove(ctx, client, &claim).await? {
        Proven::Agrees(case) => {
            draft.case = Some(case);
            draft.done.insert(Step::Case);
            // The number stands as the case has it, however it was typed.
            draft.answers.set(Field::ReceiptNumber, claim.number.as_str());
            Ok(None)
        }
        Proven::Disagrees => {
            draft.refuse_case();
            Ok(None)
        }
        Proven::TooMany(refused) => Ok(Some(refused)),
    }
}

/// Goes on from the answer, if it lets the person ask.
async fn take_answer(ctx: &Context, draft: &mut Draft) -> Result<(), Error> {
    match answer(ctx, draft).await? {
        answer if answer.may_ask() => {
            draft.done.insert(Step::Answer);
        }
        Answer::Gone => draft.refuse_case(),
        _ => {
            draft.done.remove(&Step::Answer);
        }
    }
    Ok(())
}
