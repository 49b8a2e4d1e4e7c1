//! Check a case (CSSO): a receipt number asks, the status answers.
//!
//! The order is fixed, because it decides what can be learned: limits, form of the number, protection, then events. A
//! hidden case and an unknown number run the same statements and read as many rows; a case without a public event gets the
//! same answer.

mod calendar;
pub mod limits;
mod mail;
mod status;

#[cfg(test)]
mod tests;

pub use status::CaseStatus;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use shared::case_status::{CaseStatusView, LookUpAnswer, ReceiptNumber, ReceiptNumberError};
use shared::locale::Locale;
use shared::protection::{Channel, Outcome, decide};

use crate::{Action, Actor, ClientIp, Context, Error};
use limits::TooMany;

/// Longest text that is given back to whoever typed it.
const ECHO: usize = 64;

/// What a look-up found, before it is put into words.
enum Found {
    Shown(Box<CaseStatus>),
    Nothing,
    TooMany(TooMany),
}

/// Answers a question asked on the portal now: counts it against every limit.
pub async fn answer(ctx: &Context, client: ClientIp, typed: &str, locale: Locale) -> Result<LookUpAnswer, Error> {
    if let Err(refused) = ctx.limits.count_look_up(client) {
        return Ok(slow_down(refused));
    }
    let number = match ReceiptNumber::parse(typed) {
        Ok(number) => number,
        Err(problem) => return Ok(mistyped(problem, typed)),
    };
    if let Err(refused) = ctx.limits.count_number(client, &number, ctx.now()) {
        return Ok(slow_down(refused));
    }
    let found = find(ctx, Actor::Public, Channel::Public, &number, ctx.now(), Failures::Limit).await?;
    if matches!(found, Found::Nothing) {
        ctx.limits.count_miss(client, number_mac(ctx, &number));
    }
    Ok(in_words(ctx, found, typed, locale))
}

/// Answers the same question again, after the redirect or on reload. Not counted: the page limits hold.
pub async fn kept_answer(ctx: &Context, typed: &str, locale: Locale) -> Result<LookUpAnswer, Error> {
    let number = match ReceiptNumber::parse(typed) {
        Ok(number) => number,
        Err(problem) => return Ok(mistyped(problem, typed)),
    };
    let found = find(ctx, Actor::Public, Channel::Public, &number, ctx.now(), Failures::Ignore).await?;
    Ok(in_words(ctx, found, typed, locale))
}

/// The next appointment of a case as a calendar file, by the same rules as the page.
pub async fn calendar_file(ctx: &Context, typed: &str, locale: Locale) -> Result<Option<String>, Error> {
    let Ok(number) = ReceiptNumber::parse(typed) else { return Ok(None) };
    match find(ctx, Actor::Public, Channel::Public, &number, ctx.now(), Failures::Ignore).await? {
        Found::Shown(case) => Ok(case.next_appointment(ctx).map(|appointment| calendar::write(ctx, &case, appointment, locale))),
        Found::Nothing | Found::TooMany(_) => Ok(None),
    }
}

/// The status of a case as it was recorded by `as_of`, for a surface with limits of its own. None for an unknown number and
/// for a case that this channel must not show.
pub async fn look_up(
    ctx: &Context,
    actor: Actor,
    channel: Channel,
    number: &ReceiptNumber,
    as_of: DateTime<Utc>,
) -> Result<Option<CaseStatus>, Error> {
    match find(ctx, actor, channel, number, as_of, Failures::Ignore).await? {
        Found::Shown(case) => Ok(Some(*case)),
        Found::Nothing | Found::TooMany(_) => Ok(None),
    }
}

/// Whether a number that failed too often today is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failures {
    Limit,
    Ignore,
}

async fn find(
    ctx: &Context,
    actor: Actor,
    channel: Channel,
    number: &ReceiptNumber,
    as_of: DateTime<Utc>,
    failures: Failures,
) -> Result<Found, Error> {
    actor.check(Action::LookUpCase)?;
    // Protection is of this moment, whatever moment is asked for, and never from a replica that lags.
    let mut connection = ctx.store.read_primary().await?;
    let mut record = store::case_status::look_up(&mut connection, number).await?;
    let shown = decide(record.markers(), channel, ctx.today()) == Outcome::Show && record.is_known();
    if !ctx.store.reads_primary() {
        let mut replica = ctx.store.read().await?;
        record = store::case_status::look_up(&mut replica, number).await?;
    }
    let (events, deliveries) = (record.events(shown, as_of)?, record.deliveries(shown, as_of)?);
    if let Some(case) = CaseStatus::of(ctx, number.clone(), events, deliveries, as_of) {
        return Ok(Found::Shown(Box::new(case)));
    }
    // Asked only now: a case that comes in is shown, however often its number was tried before.
    if failures == Failures::Limit {
        let number_mac = number_mac(ctx, number);
        let counted = store::look_up_failure::of_day(&mut connection, &number_mac, ctx.today()).await?;
        if let Err(refused) = ctx.limits.check_failures(counted, &number_mac, until_midnight(ctx)) {
            return Ok(Found::TooMany(refused));
        }
    }
    Ok(Found::Nothing)
}

fn number_mac(ctx: &Context, number: &ReceiptNumber) -> [u8; 32] {
    ctx.sealer().mac("failures of a receipt number", number.as_str().as_bytes())
}

fn until_midnight(ctx: &Context) -> TimeDelta {
    let local = ctx.now().with_timezone(&ctx.zone).time();
    TimeDelta::days(1) - (local - chrono::NaiveTime::MIN)
}

fn in_words(ctx: &Context, found: Found, typed: &str, locale: Locale) -> LookUpAnswer {
    match found {
        Found::Shown(case) => LookUpAnswer::Shown { case: Box::new(view(ctx, &case, locale)) },
        Found::Nothing => LookUpAnswer::NotRecognised { typed: echo(typed) },
        Found::TooMany(refused) => slow_down(refused),
    }
}

/// The view of a case in one language.
pub fn view(ctx: &Context, case: &CaseStatus, locale: Locale) -> CaseStatusView {
    case.view(ctx, locale)
}

fn slow_down(refused: TooMany) -> LookUpAnswer {
    LookUpAnswer::SlowDown { retry_after_seconds: refused.retry_after_seconds }
}

fn mistyped(problem: ReceiptNumberError, typed: &str) -> LookUpAnswer {
    match problem {
        ReceiptNumberError::Empty => LookUpAnswer::Empty,
        ReceiptNumberError::Malformed => LookUpAnswer::Malformed { typed: echo(typed) },
    }
}

fn echo(typed: &str) -> String {
    typed.chars().take(ECHO).collect()
}

/// Writes the failures counted since the last time to the database.
pub async fn save_failures(ctx: &Context) -> Result<(), Error> {
    let failures = ctx.limits.take_failures();
    if failures.is_empty() {
        return Ok(());
    }
    let saved = save(ctx, &failures).await;
    if saved.is_err() {
        ctx.limits.put_back(failures);
    }
    saved
}

async fn save(ctx: &Context, failures: &HashMap<[u8; 32], i64>) -> Result<(), Error> {
    // In one order everywhere: two servers that save at once would else wait for each other.
    let mut failures: Vec<_> = failures.iter().collect();
    failures.sort();
    let mut transaction = ctx.store.begin().await?;
    for (number_mac, count) in failures {
        store::look_up_failure::count(&mut transaction, number_mac, ctx.today(), *count).await?;
    }
    transaction.commit().await?;
    Ok(())
}
