//! A limit on tries for each sign-in name (NIST SP 800-53, AC-7). A name that nobody has counts and locks as any other.

use chrono::{DateTime, Utc};
use store::engine::Connection;
use store::identity::sign_in_attempt;
use uuid::Uuid;

use crate::{Actor, Context, Error};

/// One try, counted before anything is known.
#[derive(Debug)]
pub(super) struct Attempt {
    id: Uuid,
    name: Vec<u8>,
}

/// What a try may do.
#[derive(Debug)]
pub(super) enum Begun {
    Go(Attempt),
    Locked,
}

fn mac(ctx: &Context, name: &str) -> Vec<u8> {
    ctx.keys.blind_index("sign-in name", name)
}

/// Counts a try with a name. Nothing is said of the name itself.
pub(super) async fn begin(ctx: &Context, name: &str) -> Result<Begun, Error> {
    let (now, settings) = (ctx.now(), &ctx.identity.settings);
    let attempt = Attempt { id: ctx.clock.new_id(), name: mac(ctx, name) };
    let mut transaction = ctx.store.begin().await?;
    let locked_until = sign_in_attempt::hold(&mut transaction, &attempt.name, now).await?;
    // Those that are under way count, too: many at once are not more than a few.
    let before = sign_in_attempt::count(&mut transaction, &attempt.name, now - settings.failure_window).await?;
    if locked_until.is_some_and(|until| now < until) || before >= i64::from(settings.failures.get()) {
        return Ok(Begun::Locked);
    }
    sign_in_attempt::add(&mut transaction, attempt.id, &attempt.name, now).await?;
    transaction.commit().await?;
    Ok(Begun::Go(attempt))
}

/// Notes that a try failed. True if it was one too many: the name is locked now.
pub(super) async fn failed(ctx: &Context, attempt: &Attempt, account: Option<Uuid>, what: &'static str) -> Result<bool, Error> {
    let (now, settings) = (ctx.now(), &ctx.identity.settings);
    let mut transaction = ctx.store.begin().await?;
    sign_in_attempt::hold(&mut transaction, &attempt.name, now).await?;
    let failures = sign_in_attempt::count(&mut transaction, &attempt.name, now - settings.failure_window).await?;
    let locks = failures >= i64::from(settings.failures.get());
    // A name that nobody has is told by its hash: what was typed there may be a password.
    let short = store::crypto::hex(attempt.name.get(..8).unwrap_or_default());
    let subject = account.map_or_else(|| format!("name {short}"), |id| id.to_string());
    ctx.audit(&mut transaction, Actor::Public, "sign_in.fail", &subject, serde_json::json!({ "at": what })).await?;
    if locks {
        sign_in_attempt::lock(&mut transaction, &attempt.name, now + settings.lock).await?;
        let detail = serde_json::json!({ "minutes": settings.lock.num_minutes() });
        ctx.audit(&mut transaction, Actor::Public, "sign_in.lock", &subject, detail).await?;
    }
    transaction.commit().await?;
    Ok(locks)
}

/// One step was right: this try counts no more, those before it still do.
pub(super) async fn take_back(transaction: &mut Connection, attempt: &Attempt) -> Result<(), Error> {
    Ok(sign_in_attempt::take_back(transaction, attempt.id).await?)
}

/// Everything was right, or an administrator unlocks: tries are forgotten. True if there was something to forget.
pub(super) async fn forget(ctx: &Context, transaction: &mut Connection, name: &str) -> Result<bool, Error> {
    Ok(sign_in_attempt::forget(transaction, &mac(ctx, name)).await?)
}

/// Until when a name is locked.
pub(super) async fn locked_until(ctx: &Context, connection: &mut Connection, name: &str) -> Result<Option<DateTime<Utc>>, Error> {
    Ok(sign_in_attempt::locked_until(connection, &mac(ctx, name), ctx.now()).await?)
}
