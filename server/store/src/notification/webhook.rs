//! Machines that are told of changes: their addresses, and the numbers they want to hear of.

use chrono::{DateTime, Utc};
use shared::case_status::ReceiptNumber;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::follower::read_number;
use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Bulk, Connection, execute, fetch, statement, write_rows};

statement! { main,
    CLIENT_OF_NAME = "SELECT id, scope FROM api_client WHERE name = $1 AND revoked_at IS NULL";
    ADD = "INSERT INTO webhook (id, client_id, url, secret, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    LIST = "SELECT webhook.id, api_client.name AS client, webhook.url, webhook.created_at, \
            (SELECT count(*) FROM subscription WHERE subscription.webhook_id = webhook.id) AS numbers \
            FROM webhook JOIN api_client ON api_client.id = webhook.client_id \
            WHERE webhook.removed_at IS NULL AND api_client.revoked_at IS NULL ORDER BY api_client.name";
    OF_CLIENT = "SELECT id FROM webhook WHERE client_id = $1 AND removed_at IS NULL";
    REMOVE = "UPDATE webhook SET removed_at = $2 WHERE removed_at IS NULL \
              AND client_id = (SELECT id FROM api_client WHERE name = $1) RETURNING id";
    REMOVE_SUBSCRIPTIONS = "DELETE FROM subscription WHERE webhook_id = $1";
    UNSUBSCRIBE = "DELETE FROM subscription WHERE webhook_id = $1 AND receipt_number = $2";
    COUNT = "SELECT count(*) FROM subscription WHERE webhook_id = $1";
    NUMBERS = "SELECT receipt_number FROM subscription WHERE webhook_id = $1 ORDER BY receipt_number";
    SOME_SUBSCRIPTIONS = "SELECT subscription.id FROM subscription JOIN webhook ON webhook.id = subscription.webhook_id \
                          WHERE subscription.receipt_number = $1 AND subscription.id > $2 AND webhook.removed_at IS NULL \
                          ORDER BY subscription.id LIMIT $3";
    FIND = "SELECT subscription.receipt_number, webhook.id, webhook.url, webhook.secret FROM subscription \
            JOIN webhook ON webhook.id = subscription.webhook_id \
            JOIN api_client ON api_client.id = webhook.client_id \
            WHERE subscription.id = $1 AND webhook.removed_at IS NULL AND api_client.revoked_at IS NULL";
}

/// A webhook as operators see it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Webhook {
    pub id: Uuid,
    /// The client's name.
    pub client: String,
    pub url: String,
    pub created_at: DateTime<Utc>,
    /// How many numbers it hears of.
    pub numbers: i64,
}

/// What a subscription leads to.
#[derive(Debug)]
pub struct Subscriber {
    pub number: ReceiptNumber,
    pub url: String,
    pub secret: Sensitive<Vec<u8>>,
}

const fn cell(id: Uuid) -> Cell {
    Cell { table: "webhook", column: "secret", row: id }
}

/// A client that is not revoked, and the key of its scope.
pub async fn client_of_name(connection: &mut Connection, name: &str) -> Result<Option<(Uuid, String)>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid, String), &CLIENT_OF_NAME, name)?)
}

/// Adds the webhook of a client. False if it has one.
pub async fn add_webhook(
    transaction: &mut Connection,
    keys: &Keys,
    (id, client): (Uuid, Uuid),
    url: &str,
    secret: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let sealed = keys.secrets().seal(cell(id), secret)?;
    Ok(execute!(transaction, &ADD, id, client, url, sealed, now)? > 0)
}

/// Those in use, in the order of their clients' names.
pub async fn webhooks(connection: &mut Connection) -> Result<Vec<Webhook>, StoreError> {
    Ok(fetch!(connection, fetch_all, Webhook, &LIST)?)
}

/// The webhook of a client.
pub async fn webhook_of(connection: &mut Connection, client: Uuid) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &OF_CLIENT, client)?.map(|(id,)| id))
}

/// Removes the webhook of a client of this name, with its subscriptions. None if there is none.
pub async fn remove_webhook(transaction: &mut Connection, client: &str, now: DateTime<Utc>) -> Result<Option<Uuid>, StoreError> {
    let Some((id,)) = fetch!(transaction, fetch_optional, (Uuid,), &REMOVE, client, now)? else { return Ok(None) };
    execute!(transaction, &REMOVE_SUBSCRIPTIONS, id)?;
    Ok(Some(id))
}

/// How many numbers a webhook hears of.
pub async fn count_subscriptions(connection: &mut Connection, webhook: Uuid) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &COUNT, webhook)?.0)
}

/// The numbers that a webhook hears of, in their order.
pub async fn subscribed(connection: &mut Connection, webhook: Uuid) -> Result<Vec<ReceiptNumber>, StoreError> {
    fetch!(connection, fetch_all, (String,), &NUMBERS, webhook)?.iter().map(|(number,)| read_number(number)).collect()
}

/// Adds subscriptions, each with its id. Those that are there already stay as they are.
pub async fn subscribe(
    transaction: &mut Connection,
    webhook: Uuid,
    new: &[(Uuid, ReceiptNumber)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |(id, number): &(Uuid, ReceiptNumber)| {
        vec![Bulk::Id(*id), Bulk::Id(webhook), Bulk::Text(number.as_str().to_owned()), Bulk::At(now)]
    };
    let head = "INSERT INTO subscription (id, webhook_id, receipt_number, since) ";
    let tail = " ON CONFLICT (webhook_id, receipt_number) DO NOTHING";
    write_rows(transaction, head, new.iter().map(row).collect::<Vec<_>>(), tail).await?;
    Ok(())
}

/// Ends a subscription. False if there is none.
pub async fn unsubscribe(transaction: &mut Connection, webhook: Uuid, number: &ReceiptNumber) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &UNSUBSCRIBE, webhook, number.as_str())? > 0)
}

/// So many subscriptions to a number after one of them, in a fixed order.
pub async fn some_subscriptions_after(
    connection: &mut Connection,
    number: &ReceiptNumber,
    after: Uuid,
    most: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &SOME_SUBSCRIPTIONS, number.as_str(), after, most)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Where a subscription leads; none if it, its webhook or its client is there no more.
pub async fn subscriber(connection: &mut Connection, keys: &Keys, subscription: Uuid) -> Result<Option<Subscriber>, StoreError> {
    let row = fetch!(connection, fetch_optional, (String, Uuid, String, Vec<u8>), &FIND, subscription)?;
    let Some((number, id, url, sealed)) = row else { return Ok(None) };
    let secret = Sensitive::new(keys.secrets().open(cell(id), &sealed)?);
    Ok(Some(Subscriber { number: read_number(&number)?, url, secret }))
}
