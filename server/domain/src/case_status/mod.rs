//! Check a case (CSSO): a receipt number asks, the status answers.
//!
//! The order is fixed, because it decides what can be learned: limits, form of the number, protection, then events. A
//! hidden case and an unknown number run the same statements and read as many rows; a case without a public event gets the
//! same answer.

mod calendar;
pub mod limits;
mod mail;
mod status;
mod ticket;

#[cfg(test)]
mod tests;

pub(crate) use mail::came_back;
pub use status::CaseStatus;
#[cfg(test)]
pub(crate) use status::SENT_BACK;
pub use ticket::{issue_ticket, ticket_admits};

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use shared::case_status::{CaseStatusView, LookUpAnswer, ReceiptNumber, ReceiptNumberError};
use shared::locale::Locale;
use shared::processing_time::CategoryKey;
use shared::protection::{Channel, Outcome, decide};
use store::case_status::{CaseRecord, Stored, Told};
use store::engine::Connection;
use uuid::Uuid;

use crate::api_client::{self, Authenticated, Standing};
use crate::{Action, Actor, ClientIp, Context, Error};
use limits::{Asker, TooMany};

/// Longest text that is given back to whoever typed it.
const ECHO: usize = 64;

/// What a look-up found, before it is put into words.
enum Found {
    Shown(Box<CaseStatus>),
    Nothing,
    TooMany(TooMany),
}

impl Found {
    fn shown(self) -> Option<CaseStatus> {
        match self {
            Self::Shown(case) => Some(*case),
            Self::Nothing | Self::TooMany(_) => None,
        }
    }
}

/// What a question got, for the surface that puts it into words.
#[derive(Debug)]
pub enum Asked {
    Shown(Box<CaseStatus>),
    /// A number that nobody has, or whose case this channel must not show.
    NotRecognised,
    Mistyped(ReceiptNumberError),
    TooMany(TooMany),
}

impl From<Found> for Asked {
    fn from(found: Found) -> Self {
        match found {
            Found::Shown(case) => Self::Shown(case),
            Found::Nothing => Self::NotRecognised,
            Found::TooMany(refused) => Self::TooMany(refused),
        }
    }
}

/// Answers a question asked on the portal now: counts it against every limit.
pub async fn answer(ctx: &Context, client: ClientIp, typed: &str, locale: Locale) -> Result<LookUpAnswer, Error> {
    Ok(in_words(ctx, ask(ctx, client, typed).await?, typed, locale))
}

/// Asks as anybody may who has a receipt number, counted against every limit on addresses and numbers.
pub async fn ask(ctx: &Context, client: ClientIp, typed: &str) -> Result<Asked, Error> {
    if let Err(refused) = ctx.limits.count_look_up(client) {
        return Ok(Asked::TooMany(refused));
    }
    ask_number(ctx, Actor::Public, Channel::Public, Asker::Address(client), typed).await
}

/// Asks as a machine with credentials, counted against its quota. Says how much is left of that, unless it is used up.
pub async fn ask_as_machine(ctx: &Context, client: Authenticated, typed: &str) -> Result<(Asked, Option<Standing>), Error> {
    client.actor().check(Action::LookUpCase)?;
    let standing = match api_client::count(ctx, client).await? {
        Ok(standing) => standing,
        Err(refused) => return Ok((Asked::TooMany(refused), None)),
    };
    let asked = ask_number(ctx, client.actor(), Channel::Api, Asker::Machine(client.id()), typed).await?;
    Ok((asked, Some(standing)))
}

/// Asks for one of several numbers of a request that was counted against the client's quota.
pub(crate) async fn ask_for(ctx: &Context, client: Authenticated, number: &ReceiptNumber) -> Result<Asked, Error> {
    ask_number(ctx, client.actor(), Channel::Api, Asker::Machine(client.id()), number.as_str()).await
}

async fn ask_number(ctx: &Context, actor: Actor, channel: Channel, asker: Asker, typed: &str) -> Result<Asked, Error> {
    let number = match ReceiptNumber::parse(typed) {
        Ok(number) => number,
        Err(problem) => return Ok(Asked::Mistyped(problem)),
    };
    if let Err(refused) = ctx.limits.count_number(asker, &number, ctx.now()) {
        return Ok(Asked::TooMany(refused));
    }
    let found = find(ctx, actor, channel, &number, ctx.now(), Reason::Asked).await?;
    if matches!(found, Found::Nothing) {
        ctx.limits.count_miss(asker, number_mac(ctx, &number));
    }
    Ok(found.into())
}

/// Answers the same question again, after the redirect or on reload. Not counted: the page limits hold.
pub async fn kept_answer(ctx: &Context, typed: &str, locale: Locale) -> Result<LookUpAnswer, Error> {
    let asked = match ReceiptNumber::parse(typed) {
        Ok(number) => find(ctx, Actor::Public, Channel::Public, &number, ctx.now(), Reason::ShownAgain).await?.into(),
        Err(problem) => Asked::Mistyped(problem),
    };
    Ok(in_words(ctx, asked, typed, locale))
}

/// The case that a session asked for, shown again by the same rules. Not counted.
pub(crate) async fn find_kept(ctx: &Context, typed: &str) -> Result<Option<Box<CaseStatus>>, Error> {
    let Ok(number) = ReceiptNumber::parse(typed) else { return Ok(None) };
    match find(ctx, Actor::Public, Channel::Public, &number, ctx.now(), Reason::ShownAgain).await? {
        Found::Shown(case) => Ok(Some(case)),
        Found::Nothing | Found::TooMany(_) => Ok(None),
    }
}

/// The next appointment of a case as a calendar file, by the same rules as the page.
pub async fn calendar_file(ctx: &Context, typed: &str, locale: Locale) -> Result<Option<String>, Error> {
    let Some(case) = find_kept(ctx, typed).await? else { return Ok(None) };
    Ok(case.next_appointment(ctx).map(|appointment| calendar::write(ctx, &case, appointment, locale)))
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
    Ok(find(ctx, actor, channel, number, as_of, Reason::ShownAgain).await?.shown())
}

/// Goes through all cases, some at a time: those after `id` that the public is shown, and where to go on. No place to go on
/// after the last.
///
/// A case that cannot be read is left out, as one that is hidden.
pub(crate) async fn some_shown_after(ctx: &Context, id: Uuid, some: i64) -> Result<(Vec<CaseStatus>, Option<Uuid>), Error> {
    let stored = store::case_status::some_after(&mut ctx.store.read_primary().await?, id, some).await?;
    let last = stored.last().map(|stored| stored.id);
    let (now, today) = (ctx.now(), ctx.today());
    let shown = |Stored { number, record, .. }: Stored| {
        if decide(record.markers(), Channel::Public, today) != Outcome::Show {
            return None;
        }
        let category = record.category().and_then(|category| CategoryKey::parse(category).ok());
        let told = record.into_told()?;
        CaseStatus::of(ctx, number, category, told.events(now).ok()?, told.deliveries(now).ok()?, now)
    };
    Ok((stored.into_iter().filter_map(shown).collect(), last))
}

/// What is recorded of a case that may be spoken of, by `as_of`, whoever may see it: the caller has decided that this officer may.
/// None for an unknown number, and where no event is public.
pub(crate) async fn recorded(ctx: &Context, number: &ReceiptNumber, as_of: DateTime<Utc>) -> Result<Option<CaseStatus>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let record = store::case_status::look_up(&mut connection, number).await?;
    if !record.is_known() {
        return Ok(None);
    }
    let category = record.category().and_then(|category| CategoryKey::parse(category).ok());
    let told = told(ctx, &mut connection, record, number, Reason::Change).await?;
    Ok(CaseStatus::of(ctx, number.clone(), category, told.events(as_of)?, told.deliveries(as_of)?, as_of))
}

/// The status of a case now, and never as a replica knew it a moment ago.
pub(crate) async fn look_up_in_primary(
    ctx: &Context,
    actor: Actor,
    channel: Channel,
    number: &ReceiptNumber,
) -> Result<Option<CaseStatus>, Error> {
    Ok(find(ctx, actor, channel, number, ctx.now(), Reason::Change).await?.shown())
}

/// Why a case is looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// Somebody asks. A number that failed too often today is refused.
    Asked,
    /// The answer was given before, or has limits of its own.
    ShownAgain,
    /// It may have changed a moment ago, which a replica may not know.
    Change,
}

async fn find(
    ctx: &Context,
    actor: Actor,
    channel: Channel,
    number: &ReceiptNumber,
    as_of: DateTime<Utc>,
    reason: Reason,
) -> Result<Found, Error> {
    actor.check(Action::LookUpCase)?;
    // Protection is of this moment, whatever moment is asked for, and never from a replica that lags.
    let mut connection = ctx.store.read_primary().await?;
    let record = store::case_status::look_up(&mut connection, number).await?;
    let shown = decide(record.markers(), channel, ctx.today()) == Outcome::Show && record.is_known();
    let category = record.category().and_then(|category| CategoryKey::parse(category).ok());
    let told = if shown { told(ctx, &mut connection, record, number, reason).await? } else { Told::decoy() };
    if let Some(case) = CaseStatus::of(ctx, number.clone(), category, told.events(as_of)?, told.deliveries(as_of)?, as_of) {
        return Ok(Found::Shown(Box::new(case)));
    }
    // Asked only now: a case that comes in is shown, however often its number was tried before.
    if reason == Reason::Asked {
        let number_mac = number_mac(ctx, number);
        let counted = store::look_up_failure::of_day(&mut connection, &number_mac, ctx.today()).await?;
        if let Err(refused) = ctx.limits.check_failures(counted, &number_mac, until_midnight(ctx)) {
            return Ok(Found::TooMany(refused));
        }
    }
    Ok(Found::Nothing)
}

async fn told(
    ctx: &Context,
    primary: &mut Connection,
    record: CaseRecord,
    number: &ReceiptNumber,
    reason: Reason,
) -> Result<Told, Error> {
    let from_primary = ctx.store.reads_primary() || reason == Reason::Change;
    let told = match record.into_told() {
        Some(told) if from_primary => Some(told),
        _ if from_primary => store::case_status::told(primary, number).await?,
        _ => store::case_status::told(&mut ctx.store.read().await?, number).await?,
    };
    Ok(told.unwrap_or_else(Told::decoy))
}

fn number_mac(ctx: &Context, number: &ReceiptNumber) -> [u8; 32] {
    ctx.sealer().mac("failures of a receipt number", number.as_str().as_bytes())
}

pub(crate) fn until_midnight(ctx: &Context) -> TimeDelta {
    let local = ctx.now().with_timezone(&ctx.zone).time();
    TimeDelta::days(1) - (local - chrono::NaiveTime::MIN)
}

fn in_words(ctx: &Context, asked: Asked, typed: &str, locale: Locale) -> LookUpAnswer {
    match asked {
        Asked::Shown(case) => LookUpAnswer::Shown { case: Box::new(view(ctx, &case, locale)) },
        Asked::NotRecognised => LookUpAnswer::NotRecognised { typed: echo(typed) },
        Asked::Mistyped(ReceiptNumberError::Empty) => LookUpAnswer::Empty,
        Asked::Mistyped(ReceiptNumberError::Malformed) => LookUpAnswer::Malformed { typed: echo(typed) },
        Asked::TooMany(refused) => LookUpAnswer::SlowDown { retry_after_seconds: refused.retry_after_seconds },
    }
}

/// The view of a case in one language.
pub fn view(ctx: &Context, case: &CaseStatus, locale: Locale) -> CaseStatusView {
    case.view(ctx, locale)
}

/// What is given back of what somebody typed.
pub fn echo(typed: &str) -> String {
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
