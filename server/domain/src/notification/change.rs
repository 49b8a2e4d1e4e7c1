//! A change of a case that somebody follows: is it news, and for whom.

use shared::case_status::ReceiptNumber;
use store::notification::{self, Due, Kind, Outcome};
use uuid::Uuid;

use super::follow::look_up;
use crate::{Context, Error};

/// Followers that are told in one transaction: a fraction of a second, so that nobody else who writes waits long.
const AT_ONCE: i64 = 10_000;
/// Looks at what was told, before leaving it to the next attempt: several changes of a case may be at work at once.
const LOOKS: usize = 5;

/// Adds a message for everybody who follows the case and every machine that hears of it, if what may be told of it differs from what was told last. May be
/// repeated after it stopped anywhere.
pub(super) async fn tell(ctx: &Context, due: &Due) -> Result<Outcome, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let number = notification::number_of_case(&mut connection, due.subject).await?;
    drop(connection);
    let Some(number) = number else { return Ok(Outcome::Dropped) };
    // A case that was hidden meanwhile falls silent.
    let Some(status) = look_up(ctx, &number).await? else { return Ok(Outcome::Dropped) };
    if !is_news(ctx, due, &status.mark(ctx)).await? {
        return Ok(Outcome::Dropped);
    }
    tell_followers(ctx, due.subject, due.id).await?;
    tell_machines(ctx, &number, due.id).await?;
    Ok(Outcome::Sent)
}

async fn watch_from_nothing(ctx: &Context, case: Uuid) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    notification::watch(&mut transaction, case, b"").await?;
    Ok(transaction.commit().await?)
}

/// Whether it is for this change to tell of the state that `mark` is of: nobody told of it yet, or this one began to.
async fn is_news(ctx: &Context, due: &Due, mark: &[u8]) -> Result<bool, Error> {
    for _ in 0..LOOKS {
        let mut connection = ctx.store.read_primary().await?;
        let told = notification::told(&mut connection, due.subject).await?;
        drop(connection);
        let Some((told, by)) = told else {
            // A case that came in after a machine had subscribed to its number.
            watch_from_nothing(ctx, due.subject).await?;
            continue;
        };
        if told == mark {
            return Ok(by == due.id);
        }
        let mut transaction = ctx.store.begin().await?;
        if notification::take_mark(&mut transaction, due.subject, &told, mark, due.id).await? {
            transaction.commit().await?;
            return Ok(true);
        }
    }
    Err(Error::Unavailable)
}

/// Adds the messages of a change, in an order that does not change, so that one can go on where another stopped.
pub(super) async fn tell_followers(ctx: &Context, case: Uuid, change: Uuid) -> Result<(), Error> {
    let mut last = Uuid::nil();
    loop {
        let mut transaction = ctx.store.begin().await?;
        let some = notification::some_after(&mut transaction, case, last, AT_ONCE).await?;
        let Some(end) = some.last() else { return Ok(()) };
        last = *end;
        notification::add_messages(&mut transaction, Kind::FollowerMessage, change, &some, ctx.now()).await?;
        transaction.commit().await?;
    }
}

async fn tell_machines(ctx: &Context, number: &ReceiptNumber, change: Uuid) -> Result<(), Error> {
    let mut last = Uuid::nil();
    loop {
        let mut transaction = ctx.store.begin().await?;
        let some = notification::some_subscriptions_after(&mut transaction, number, last, AT_ONCE).await?;
        let Some(end) = some.last() else { return Ok(()) };
        last = *end;
        notification::add_messages(&mut transaction, Kind::WebhookEvent, change, &some, ctx.now()).await?;
        transaction.commit().await?;
    }
}
