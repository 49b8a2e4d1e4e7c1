//! The outbox at work: claim, prepare, settle.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use shared::case_feed::Email;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use shared::service_request::RequestKind;
use store::notification::{self, Dead, Due, Kind, Means, Outcome, Standing};
use uuid::Uuid;

use super::change;
use super::follow::{Granted, confirm_by, granted, look_up};
use super::webhook::{self, Call};
use crate::answer::{self, AnswerMail};
use crate::change_of_address::{self, AddressLetter, AddressMail};
use crate::e_request::{self, Reminder};
use crate::service_request;
use crate::signed_link::{self, Purpose};
use crate::{Action, Actor, Context, Error};

/// How long a claimed row is left to its claimer, who begins to send only while enough of it is left. When a server dies, what
/// it had claimed waits so long.
const CLAIM: TimeDelta = TimeDelta::seconds(45);
/// Attempts before a row is given up: the last is made about a day after the first.
const ATTEMPTS: i64 = 12;

/// A mail to be put into words and sent.
#[derive(Debug)]
pub struct Mail {
    /// Of the row: the message's own id is made of it, so that a mail that is sent again after a crash is the same mail.
    pub id: Uuid,
    pub to: Sensitive<Email>,
    pub locale: Locale,
    pub content: Content,
}

/// What a mail says. None has a name, a form or a status in it: mailboxes are read by others too.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// Somebody gave this address: is it theirs?
    Confirm { last_four: String, token: String },
    /// There is news about a case.
    News { last_four: String, stop_token: String },
    /// A request was stored: its number, and the day by which an answer is meant.
    RequestStored { number: String, due_on: NaiveDate },
    /// A request was answered: its number, and nothing of the answer.
    RequestAnswered { number: String },
    /// The link to a form that was kept.
    KeptForm { token: String },
    /// From today on one may ask.
    MayAskNow { kind: RequestKind },
    /// A change of address: the number of its report, and what is told of it.
    Address { number: String, told: change_of_address::Told },
}

/// What is to be done for a row.
#[derive(Debug)]
pub enum Prepared {
    Mail(Box<Mail>),
    /// A machine is to be told.
    Call(Box<Call>),
    /// A letter is to be printed.
    Letter(Box<AddressLetter>),
    /// Nothing is to be sent for it.
    Done(Outcome),
}

/// Why sending failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// It may go better later.
    ForNow(String),
    /// It never will.
    ForGood(String),
}

/// Claims rows that are due.
pub async fn claim(ctx: &Context, actor: Actor, means: Means, most: i64) -> Result<Vec<Due>, Error> {
    actor.check(Action::SendMessages)?;
    let mut transaction = ctx.store.begin().await?;
    let now = ctx.now();
    let due = notification::claim(&mut transaction, now, now + CLAIM, means, most).await?;
    transaction.commit().await?;
    Ok(due)
}

/// What is to be said for a row, decided now.
pub async fn prepare(ctx: &Context, actor: Actor, due: &Due) -> Result<Prepared, Error> {
    actor.check(Action::SendMessages)?;
    let prepared = match due.kind {
        Kind::FollowRequest => confirmation(ctx, due).await,
        Kind::CaseChange => change::tell(ctx, due).await.map(Prepared::Done),
        Kind::FollowerMessage => news(ctx, due).await,
        Kind::Subscription => webhook::begin_to_watch(ctx, due).await.map(Prepared::Done),
        Kind::WebhookEvent => webhook::event(ctx, due).await,
        Kind::RequestRouting => service_request::route(ctx, due.subject).await.map(Prepared::Done),
        Kind::RequestMail => request_mail(ctx, due).await,
        Kind::DraftMail => draft_mail(ctx, due).await,
        Kind::Reminder => reminder_mail(ctx, due).await,
        Kind::AddressChange => change_of_address::work(ctx, due.subject).await.map(Prepared::Done),
        Kind::AddressMail => address_mail(ctx, due).await,
        Kind::AddressLetter => address_letter(ctx, due).await,
    };
    match prepared {
        // Such a row would else be claimed again and again, and nobody would see it.
        Err(Error::Internal) => {
            Ok(Prepared::Done(after_failure(ctx, due, Failed::ForNow("something is wrong with it inside; see the log".into()))))
        }
        prepared => prepared,
    }
}

async fn confirmation(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    let Some(Granted { wish, status, .. }) = granted(ctx, due.id).await? else { return Ok(Prepared::Done(Outcome::Dropped)) };
    let Some(to) = wish.email() else { return Ok(Prepared::Done(Outcome::Dropped)) };
    let token = signed_link::make(ctx, Purpose::ConfirmFollowing, due.id, Some(confirm_by(due.created_at)));
    let content = Content::Confirm { last_four: last_four(status.receipt_number()), token };
    Ok(Prepared::Mail(Box::new(Mail { id: due.id, to, locale: wish.locale(), content })))
}

async fn news(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let follower = notification::find(&mut connection, &ctx.keys, due.subject).await?;
    drop(connection);
    let Some(follower) = follower else { return Ok(Prepared::Done(Outcome::Dropped)) };
    // The case may have been hidden since the message was written into the outbox.
    if look_up(ctx, &follower.number).await?.is_none() {
        return Ok(Prepared::Done(Outcome::Dropped));
    }
    let stop_token = signed_link::make(ctx, Purpose::StopFollowing, follower.id, None);
    let content = Content::News { last_four: last_four(&follower.number), stop_token };
    Ok(Prepared::Mail(Box::new(Mail { id: due.id, to: follower.address, locale: follower.locale, content })))
}

async fn request_mail(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    if let Some(about_answer) = answer::mail(ctx, due).await? {
        let mail = about_answer.map(|AnswerMail { to, locale, number }| Mail {
            id: due.id,
            to,
            locale,
            content: Content::RequestAnswered { number },
        });
        return Ok(mail.map_or(Prepared::Done(Outcome::Dropped), |mail| Prepared::Mail(Box::new(mail))));
    }
    let Some((to, locale, number, due_on)) = service_request::stored_mail(ctx, due.subject).await? else {
        return Ok(Prepared::Done(Outcome::Dropped));
    };
    let content = Content::RequestStored { number: number.grouped(), due_on };
    Ok(Prepared::Mail(Box::new(Mail { id: due.id, to, locale, content })))
}

async fn draft_mail(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    let Some((to, locale, token)) = e_request::kept_draft_mail(ctx, due).await? else {
        return Ok(Prepared::Done(Outcome::Dropped));
    };
    Ok(Prepared::Mail(Box::new(Mail { id: due.id, to, locale, content: Content::KeptForm { token } })))
}

async fn reminder_mail(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    Ok(match e_request::reminder(ctx, due).await? {
        Reminder::Send { to, locale, kind } => {
            Prepared::Mail(Box::new(Mail { id: due.id, to, locale, content: Content::MayAskNow { kind } }))
        }
        Reminder::Later(at) => Prepared::Done(Outcome::TryLater(at, "the published times have changed".into())),
        Reminder::Nothing => Prepared::Done(Outcome::Dropped),
    })
}

async fn address_mail(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    let Some(AddressMail { to, locale, number, told }) = change_of_address::mail(ctx, due).await? else {
        return Ok(Prepared::Done(Outcome::Dropped));
    };
    Ok(Prepared::Mail(Box::new(Mail { id: due.id, to, locale, content: Content::Address { number, told } })))
}

async fn address_letter(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    let letter = change_of_address::letter(ctx, due).await?;
    Ok(letter.map_or(Prepared::Done(Outcome::Dropped), |letter| Prepared::Letter(Box::new(letter))))
}

/// The end of a number, by which its owner knows it and nobody else does.
fn last_four(number: &ReceiptNumber) -> String {
    let number = number.as_str();
    number[number.len() - 4..].to_owned()
}

/// Notes what became of a row that was sent, or was not.
pub async fn settle(ctx: &Context, actor: Actor, due: &Due, sent: Result<(), Failed>) -> Result<(), Error> {
    let outcome = match sent {
        Ok(()) => Outcome::Sent,
        Err(failed) => after_failure(ctx, due, failed),
    };
    settle_as(ctx, actor, due, &outcome).await
}

fn after_failure(ctx: &Context, due: &Due, failed: Failed) -> Outcome {
    match failed {
        Failed::ForNow(problem) if due.attempts < ATTEMPTS => {
            Outcome::TryLater(ctx.now() + notification::pause_after(due.attempts), problem)
        }
        Failed::ForNow(problem) | Failed::ForGood(problem) => Outcome::Dead(problem),
    }
}

/// Notes what became of a row for which nothing was sent.
pub async fn settle_as(ctx: &Context, actor: Actor, due: &Due, outcome: &Outcome) -> Result<(), Error> {
    actor.check(Action::SendMessages)?;
    if let Outcome::Dead(problem) = outcome {
        tracing::warn!(row = %due.id, kind = due.kind.key(), problem, "a message was given up");
    }
    let mut transaction = ctx.store.begin().await?;
    notification::settle(&mut transaction, due.id, outcome, ctx.now()).await?;
    if due.kind == Kind::RequestMail {
        answer::mail_settled(ctx, &mut transaction, due, outcome).await?;
    }
    Ok(transaction.commit().await?)
}

/// How the outbox stands, for operators.
#[derive(Debug)]
pub struct Overview {
    pub standing: Vec<Standing>,
    /// What was given up, the newest first.
    pub dead: Vec<Dead>,
}

pub async fn overview(ctx: &Context, actor: Actor, most_dead: i64) -> Result<Overview, Error> {
    actor.check(Action::ManageOutbox)?;
    let mut connection = ctx.store.read_primary().await?;
    Ok(Overview {
        standing: notification::standing(&mut connection).await?,
        dead: notification::dead(&mut connection, most_dead).await?,
    })
}

/// Has a row tried again that was given up.
///
/// # Errors
/// [`Error::Unusable`] if there is no such row, or what it needs was deleted meanwhile.
pub async fn retry(ctx: &Context, actor: Actor, id: Uuid) -> Result<(), Error> {
    actor.check(Action::ManageOutbox)?;
    let mut transaction = ctx.store.begin().await?;
    if !notification::retry(&mut transaction, id, ctx.now()).await? {
        return Err(Error::Unusable(format!("Nothing with the id {id} was given up, or what it needs has been deleted since.")));
    }
    ctx.audit(&mut transaction, actor, "outbox.retry", &id.to_string(), serde_json::json!({})).await?;
    Ok(transaction.commit().await?)
}

/// The same for all that were given up, after whatever kept them was mended. Says how many.
pub async fn retry_all(ctx: &Context, actor: Actor) -> Result<u64, Error> {
    actor.check(Action::ManageOutbox)?;
    let mut transaction = ctx.store.begin().await?;
    let messages = notification::retry_all(&mut transaction, ctx.now()).await?;
    if messages > 0 {
        ctx.audit(&mut transaction, actor, "outbox.retry", "all", serde_json::json!({ "messages": messages })).await?;
    }
    transaction.commit().await?;
    Ok(messages)
}

/// Requests made before this are over.
pub(crate) fn requests_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - super::follow::TO_CONFIRM
}
