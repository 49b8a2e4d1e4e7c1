//! A reminder on the day from which somebody may ask.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use shared::case_feed::Email;
use shared::e_request::Eligibility;
use shared::locale::Locale;

use shared::sensitive::Sensitive;
use shared::service_request::RequestKind;
use store::notification::{self, Due, Kind, NewMessage};

use super::answer::{Answer, answer};
use super::draft::{self, Draft, DraftKey};
use super::keep::{To, Written, wrong_email};
use crate::{Action, Actor, Context, Error};

/// What is kept of a reminder until its day: no more than what finds the answer again.
#[derive(Serialize, Deserialize)]
struct Wish {
    to: To,
    draft: Draft,
}

/// When messages of a day are sent: in the agency's morning.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).unwrap();

/// Has somebody told on the day from which they may ask, as far as it is known today.
pub async fn remind(ctx: &Context, key: DraftKey, email: &str, locale: Locale) -> Result<Written, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    let Some(draft) = draft::draft(ctx, key).await?.filter(|draft| draft.sent.is_none()) else { return Ok(Written::Nothing) };
    let (Some(case), Some(day)) = (draft.case, day_to_ask(ctx, &draft).await?) else { return Ok(Written::Nothing) };
    let Some(email) = Email::parse_typed(email) else { return wrong_email(ctx, key, draft, email).await };
    let mut transaction = ctx.store.begin().await?;
    if let Err(refused) = super::count_mail(ctx, &mut transaction, &email).await? {
        transaction.commit().await?;
        return Ok(Written::TooMany(refused));
    }
    let to = To { email: email.as_str().to_owned(), locale: locale.tag().to_owned() };
    let wish = serde_json::to_vec(&Wish { to, draft: draft.of_case_only() }).map_err(|_| Error::Internal)?;
    let id = ctx.clock.new_id();
    let new =
        NewMessage { id, kind: Kind::Reminder, subject: case, change: id, parameters: Some(&wish), due_at: morning(ctx, day) };
    notification::add_message(&mut transaction, &ctx.keys, &new, ctx.now()).await?;
    transaction.commit().await?;
    Ok(Written::Taken)
}

async fn day_to_ask(ctx: &Context, draft: &Draft) -> Result<Option<NaiveDate>, Error> {
    Ok(match answer(ctx, draft).await? {
        Answer::Record { eligibility: Eligibility::NotYet { from, .. }, .. } => from,
        Answer::Open { again_from, .. } => Some(again_from),
        _ => None,
    })
}

fn morning(ctx: &Context, day: NaiveDate) -> DateTime<Utc> {
    let local = day.and_time(MORNING);
    ctx.zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// What a reminder is good for when its day has come.
pub(crate) enum Reminder {
    Send {
        to: Sensitive<Email>,
        locale: Locale,
        kind: RequestKind,
    },
    /// The published times moved: it is this moment now.
    Later(DateTime<Utc>),
    /// The case was decided, is hidden, or a request was made.
    Nothing,
}

/// Decides on a reminder, by the record of today.
pub(crate) async fn reminder(ctx: &Context, due: &Due) -> Result<Reminder, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let wish = notification::parameters(&mut connection, &ctx.keys, due.id).await?;
    drop(connection);
    let wish: Option<Wish> = wish.and_then(|wish| serde_json::from_slice(wish.expose()).ok());
    let Some(Wish { to, draft }) = wish else { return Ok(Reminder::Nothing) };
    let Some(email) = to.email() else { return Ok(Reminder::Nothing) };
    Ok(match answer(ctx, &draft).await? {
        answer if answer.may_ask() => Reminder::Send { to: email, locale: Locale::from_tag(&to.locale), kind: draft.kind },
        Answer::Record { eligibility: Eligibility::NotYet { from: Some(from), .. }, .. } => Reminder::Later(morning(ctx, from)),
        _ => Reminder::Nothing,
    })
}
