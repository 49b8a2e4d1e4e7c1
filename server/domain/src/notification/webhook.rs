//! Machines that want to be told of changes: an address for each client, given by an operator, and the numbers that the
//! client subscribes to.
//!
//! To subscribe says nothing of a number: one that nobody has, and one of a hidden case, is taken like any other, with the
//! same work, and is silent. What is sent names the number and nothing else; the client asks the Case Status API then, which
//! decides anew what may be said.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use shared::api_client::{ClientName, Scope};
use shared::case_status::ReceiptNumber;
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use store::notification::{self, Due, Kind, Outcome, Webhook};
use uuid::Uuid;

use super::outbox::Prepared;
use crate::api_client::{self, Authenticated};
use crate::case_status::limits::TooMany;
use crate::case_status::{self, Asked, CaseStatus};
use crate::{Action, Actor, Context, Error};

/// Numbers in one request.
pub const AT_ONCE: usize = 100;
/// Numbers that one client may subscribe to.
pub const MOST: i64 = 10_000;
/// What a secret begins with, as the libraries of Standard Webhooks know it; base64 follows.
pub const SECRET_PREFIX: &str = "whsec_";

/// Gives a client an address to be told at. Gives the secret that its messages will be signed with; it is shown once.
///
/// # Errors
/// [`Error::Unusable`] if there is no such client, if it may not see cases, or if it has an address already.
pub async fn add_webhook(ctx: &Context, actor: Actor, client: &ClientName, url: &str) -> Result<Sensitive<String>, Error> {
    actor.check(Action::ManageApiClients)?;
    let name = client.as_str();
    let secret = ctx.random_bytes::<32>();
    let mut transaction = ctx.store.begin().await?;
    let Some((client, scope)) = notification::client_of_name(&mut transaction, name).await? else {
        return Err(Error::Unusable(format!("There is no client named \"{name}\", or it is revoked.")));
    };
    if scope != Scope::CaseStatus.key() {
        return Err(Error::Unusable(format!("The client \"{name}\" has the scope {scope}: only case-status is told of changes.")));
    }
    let id = ctx.clock.new_id();
    if !notification::add_webhook(&mut transaction, &ctx.keys, (id, client), url, &secret, ctx.now()).await? {
        return Err(Error::Unusable(format!("The client \"{name}\" has a webhook. Remove it first.")));
    }
    ctx.audit(&mut transaction, actor, "webhook.add", name, serde_json::json!({ "url": url })).await?;
    transaction.commit().await?;
    Ok(Sensitive::new(format!("{SECRET_PREFIX}{}", STANDARD.encode(secret))))
}

/// Every webhook in use.
pub async fn webhooks(ctx: &Context, actor: Actor) -> Result<Vec<Webhook>, Error> {
    actor.check(Action::ManageApiClients)?;
    Ok(notification::webhooks(&mut ctx.store.read_primary().await?).await?)
}

/// Removes the webhook of a client, with all that it subscribed to.
///
/// # Errors
/// [`Error::Unusable`] if there is none.
pub async fn remove_webhook(ctx: &Context, actor: Actor, client: &ClientName) -> Result<(), Error> {
    actor.check(Action::ManageApiClients)?;
    let name = client.as_str();
    let mut transaction = ctx.store.begin().await?;
    if notification::remove_webhook(&mut transaction, name, ctx.now()).await?.is_none() {
        return Err(Error::Unusable(format!("The client \"{name}\" has no webhook.")));
    }
    ctx.audit(&mut transaction, actor, "webhook.remove", name, serde_json::json!({})).await?;
    Ok(transaction.commit().await?)
}

/// What a client that wants to hear of numbers, or no more, is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscribed {
    /// All of them are taken.
    Taken,
    /// None is: this one, counted from 0, is no receipt number.
    Mistyped(usize),
    /// None is: there are too many in one request, or there would be in all.
    TooManyNumbers,
    /// The operator gave this client no address.
    NoWebhook,
    TooMany(TooMany),
}

/// Has a client told of changes of these numbers. Each counts as a question: whoever tries numbers is stopped as elsewhere.
pub async fn subscribe(ctx: &Context, client: Authenticated, typed: &[String]) -> Result<Subscribed, Error> {
    client.actor().check(Action::Subscribe)?;
    let (webhook, numbers) = match begin(ctx, client, typed).await? {
        Ok(begun) => begun,
        Err(refused) => return Ok(refused),
    };
    for number in &numbers {
        if let Asked::TooMany(refused) = case_status::ask_for(ctx, client, number).await? {
            return Ok(Subscribed::TooMany(refused));
        }
    }
    let mut transaction = ctx.store.begin().await?;
    let known = notification::count_subscriptions(&mut transaction, webhook).await?;
    if known.saturating_add(i64::try_from(numbers.len()).unwrap_or(i64::MAX)) > MOST {
        return Ok(Subscribed::TooManyNumbers);
    }
    let new: Vec<(Uuid, ReceiptNumber)> = numbers.into_iter().map(|number| (ctx.clock.new_id(), number)).collect();
    let ids: Vec<Uuid> = new.iter().map(|(id, _)| *id).collect();
    notification::subscribe(&mut transaction, webhook, &new, ctx.now()).await?;
    notification::add_messages(&mut transaction, Kind::Subscription, webhook, &ids, ctx.now()).await?;
    transaction.commit().await?;
    Ok(Subscribed::Taken)
}

/// Has a client told no more of these numbers.
pub async fn unsubscribe(ctx: &Context, client: Authenticated, typed: &[String]) -> Result<Subscribed, Error> {
    client.actor().check(Action::Subscribe)?;
    let (webhook, numbers) = match begin(ctx, client, typed).await? {
        Ok(begun) => begun,
        Err(refused) => return Ok(refused),
    };
    let mut transaction = ctx.store.begin().await?;
    for number in &numbers {
        notification::unsubscribe(&mut transaction, webhook, number).await?;
    }
    transaction.commit().await?;
    Ok(Subscribed::Taken)
}

/// The numbers that a client hears of, in their order; none without an address.
pub async fn subscriptions(ctx: &Context, client: Authenticated) -> Result<Result<Option<Vec<ReceiptNumber>>, TooMany>, Error> {
    client.actor().check(Action::Subscribe)?;
    if let Err(refused) = api_client::count(ctx, client).await? {
        return Ok(Err(refused));
    }
    let mut connection = ctx.store.read_primary().await?;
    let Some(webhook) = notification::webhook_of(&mut connection, client.id()).await? else { return Ok(Ok(None)) };
    Ok(Ok(Some(notification::subscribed(&mut connection, webhook).await?)))
}

/// The webhook of a client and the numbers of its request, which counts as one.
async fn begin(
    ctx: &Context,
    client: Authenticated,
    typed: &[String],
) -> Result<Result<(Uuid, Vec<ReceiptNumber>), Subscribed>, Error> {
    if let Err(refused) = api_client::count(ctx, client).await? {
        return Ok(Err(Subscribed::TooMany(refused)));
    }
    if typed.len() > AT_ONCE {
        return Ok(Err(Subscribed::TooManyNumbers));
    }
    let mut numbers = Vec::with_capacity(typed.len());
    for (at, typed) in typed.iter().enumerate() {
        match ReceiptNumber::parse(typed) {
            Ok(number) => numbers.push(number),
            Err(_) => return Ok(Err(Subscribed::Mistyped(at))),
        }
    }
    let mut connection = ctx.store.read_primary().await?;
    let webhook = notification::webhook_of(&mut connection, client.id()).await?;
    Ok(webhook.map(|webhook| (webhook, numbers)).ok_or(Subscribed::NoWebhook))
}

/// What is to be sent to a machine.
#[derive(Debug)]
pub struct Call {
    /// Of the row, and so of the event: a machine that gets it twice sees that it is one.
    pub id: Uuid,
    pub url: String,
    pub secret: Sensitive<Vec<u8>>,
    pub body: String,
}

/// An import that was under way when somebody subscribed may have begun so long before.
const LONGEST_IMPORT: TimeDelta = TimeDelta::minutes(1);

/// From now on changes of the number are noted, from the state in which it was when the machine subscribed: it may have
/// changed since. Rather is something told that was known than nothing of what was not.
pub(super) async fn begin_to_watch(ctx: &Context, due: &Due) -> Result<Outcome, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let subscriber = notification::subscriber(&mut connection, &ctx.keys, due.subject).await?;
    drop(connection);
    let Some(subscriber) = subscriber else { return Ok(Outcome::Dropped) };
    let Some(status) = look_up(ctx, &subscriber.number, due.created_at - LONGEST_IMPORT).await? else {
        return Ok(Outcome::Dropped);
    };
    let mut connection = ctx.store.read_primary().await?;
    let case = store::case_feed::case_id(&mut connection, &subscriber.number).await?;
    drop(connection);
    let Some(case) = case else { return Ok(Outcome::Dropped) };
    let mut transaction = ctx.store.begin().await?;
    notification::watch(&mut transaction, case, &status.mark(ctx)).await?;
    transaction.commit().await?;
    Ok(Outcome::Sent)
}

/// What is to be said to a machine about a change, if anything may be.
pub(super) async fn event(ctx: &Context, due: &Due) -> Result<Prepared, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let subscriber = notification::subscriber(&mut connection, &ctx.keys, due.subject).await?;
    drop(connection);
    let Some(subscriber) = subscriber else { return Ok(Prepared::Done(Outcome::Dropped)) };
    if look_up(ctx, &subscriber.number, ctx.now()).await?.is_none() {
        return Ok(Prepared::Done(Outcome::Dropped));
    }
    let body = serde_json::json!({
        "type": "case.changed",
        "timestamp": due.created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "data": { "receipt_number": subscriber.number.as_str() },
    });
    Ok(Prepared::Call(Box::new(Call { id: due.id, url: subscriber.url, secret: subscriber.secret, body: body.to_string() })))
}

/// What may be told of a case now, as it was recorded by `as_of`.
async fn look_up(ctx: &Context, number: &ReceiptNumber, as_of: DateTime<Utc>) -> Result<Option<CaseStatus>, Error> {
    case_status::look_up(ctx, Actor::System, Channel::Api, number, as_of).await
}
