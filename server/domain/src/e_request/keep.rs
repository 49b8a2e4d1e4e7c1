//! A form that is kept for later: a link by e-mail, good once, that also asks for the ZIP code.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shared::address::ZipCode;
use shared::case_feed::Email;
use shared::e_request::Step;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use store::notification::{self, Due, Kind, NewMessage};
use store::{form_draft, look_up_failure};
use uuid::Uuid;

use super::answer::of_draft;
use super::draft::{self, Draft, DraftKey};
use crate::case_status::limits::TooMany;
use crate::signed_link::{self, Purpose};
use crate::{Action, Actor, Context, Error, document};

/// How long a form is kept, and its link is good.
const KEPT_FOR: TimeDelta = TimeDelta::days(7);
/// ZIP codes that may be tried with a link.
const TRIES: i64 = 5;

/// What is kept of a message until it is sent.
#[derive(Serialize, Deserialize)]
pub(super) struct To {
    pub email: String,
    pub locale: String,
}

impl To {
    pub fn email(&self) -> Option<Sensitive<Email>> {
        Email::parse(&self.email).map(Sensitive::new)
    }
}

/// What became of the wish to be written to.
#[derive(Debug, PartialEq, Eq)]
pub enum Written {
    /// A message is on its way.
    Taken,
    /// That is no address of e-mail.
    Wrong,
    TooMany(TooMany),
    /// There is nothing to write about.
    Nothing,
}

/// Keeps a copy of a session's form, and sends a link to it. A case must have been proven: else the link would have nothing to
/// ask for.
pub async fn keep_for_later(ctx: &Context, key: DraftKey, email: &str, locale: Locale) -> Result<Written, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    let kept = draft::draft(ctx, key).await?.filter(|draft| draft.sent.is_none() && draft.case.is_some());
    let Some(kept) = kept else { return Ok(Written::Nothing) };
    let Some(email) = Email::parse_typed(email) else { return wrong_email(ctx, key, kept, email).await };
    let mut transaction = ctx.store.begin().await?;
    if let Err(refused) = super::count_mail(ctx, &mut transaction, &email).await? {
        transaction.commit().await?;
        return Ok(Written::TooMany(refused));
    }
    let id = ctx.clock.new_id();
    let content = serde_json::to_vec(&kept).map_err(|_| Error::Internal)?;
    form_draft::put(&mut transaction, &ctx.keys, id, &content, ctx.now() + KEPT_FOR).await?;
    document::keep_until(&mut transaction, kept.submission, ctx.now() + KEPT_FOR).await?;
    let to = To { email: email.as_str().to_owned(), locale: locale.tag().to_owned() };
    let to = serde_json::to_vec(&to).map_err(|_| Error::Internal)?;
    let (message, now) = (ctx.clock.new_id(), ctx.now());
    let new = NewMessage { id: message, kind: Kind::DraftMail, subject: id, change: message, parameters: Some(&to), due_at: now };
    notification::add_message(&mut transaction, &ctx.keys, &new, now).await?;
    transaction.commit().await?;
    Ok(Written::Taken)
}

/// Keeps what was typed as an address and is none.
pub(super) async fn wrong_email(ctx: &Context, key: DraftKey, mut draft: Draft, typed: &str) -> Result<Written, Error> {
    draft.keep_wrong_email(typed);
    draft::save(ctx, key, &draft).await?;
    Ok(Written::Wrong)
}

/// A link to a kept form, and whom it goes to; none if the form is gone, or its case is hidden.
pub(crate) async fn kept_draft_mail(ctx: &Context, due: &Due) -> Result<Option<(Sensitive<Email>, Locale, String)>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let to = notification::parameters(&mut connection, &ctx.keys, due.id).await?;
    drop(connection);
    let to: Option<To> = to.and_then(|to| serde_json::from_slice(to.expose()).ok());
    let Some((to, kept)) = to.zip(kept(ctx, due.subject).await?) else { return Ok(None) };
    let is_shown = of_draft(ctx, &kept).await?.is_some();
    let token = signed_link::make(ctx, Purpose::ResumeRequest, due.subject, Some(due.created_at + KEPT_FOR));
    let locale = Locale::from_tag(&to.locale);
    Ok(to.email().filter(|_| is_shown).map(|email| (email, locale, token)))
}

async fn kept(ctx: &Context, id: Uuid) -> Result<Option<Draft>, Error> {
    draft::draft(ctx, DraftKey(id)).await
}

/// Counts a try with a link, before anything is known: none if its form is gone. They are counted on the last day of the link,
/// since counts of past days are forgotten: it has so many tries, not so many a day.
async fn count_try(ctx: &Context, id: Uuid) -> Result<Option<i64>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(until) = form_draft::until(&mut transaction, id, ctx.now()).await? else { return Ok(None) };
    let (mac, day) = (ctx.sealer().mac("tries of a kept form", id.as_bytes()), ctx.day_of(until));
    look_up_failure::count(&mut transaction, &mac, day, 1).await?;
    let tries = look_up_failure::of_day(&mut transaction, &mac, day).await?;
    transaction.commit().await?;
    Ok(Some(tries))
}

/// What became of a link.
#[derive(Debug, PartialEq, Eq)]
pub enum Resumed {
    /// The form is the session's now, and this step at hand.
    Taken(Step),
    /// The ZIP code is another one.
    Wrong,
    /// The link was used, is too old, was tried too often, or is none.
    LinkIsOver,
}

/// Goes on with a form that was kept. The link is good once.
pub async fn resume(ctx: &Context, key: DraftKey, token: &str, zip: &str) -> Result<Resumed, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    let Some(id) = signed_link::open(ctx, Purpose::ResumeRequest, token) else { return Ok(Resumed::LinkIsOver) };
    let tries = count_try(ctx, id).await?;
    let Some(kept) = kept(ctx, id).await? else { return Ok(Resumed::LinkIsOver) };
    if tries.is_none_or(|tries| tries > TRIES) || of_draft(ctx, &kept).await?.is_none() {
        return Ok(Resumed::LinkIsOver);
    }
    if ZipCode::parse(zip).is_none_or(|zip| kept.answers.zip() != Some(zip)) {
        return Ok(Resumed::Wrong);
    }
    let mut transaction = ctx.store.begin().await?;
    if !form_draft::remove(&mut transaction, id).await? {
        return Ok(Resumed::LinkIsOver);
    }
    draft::put(&mut transaction, ctx, key, &kept).await?;
    transaction.commit().await?;
    Ok(Resumed::Taken(kept.step_at_hand(ctx)))
}
