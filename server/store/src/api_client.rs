//! Machines that call the service. Secrets and tokens are 256 random bits, so a plain hash of them tells nothing.

use std::num::NonZeroU32;

use chrono::{DateTime, NaiveDate, Utc};
use shared::api_client::{Allowance, Scope};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO api_client (id, name, scope, secret_hash, created_at, per_second, per_day) \
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING";
    FIND = "SELECT id, name, scope, secret_hash, created_at, revoked_at, per_second, per_day FROM api_client \
            WHERE id = $1 AND revoked_at IS NULL";
    LIST = "SELECT id, name, scope, secret_hash, created_at, revoked_at, per_second, per_day FROM api_client ORDER BY name";
    ADD_TOKEN = "INSERT INTO api_token (token_hash, client_id, expires_at) VALUES ($1, $2, $3)";
    FIND_BY_TOKEN = "SELECT api_client.id, api_client.name, api_client.scope, api_client.secret_hash, api_client.created_at, \
                     api_client.revoked_at, api_client.per_second, api_client.per_day \
                     FROM api_token JOIN api_client ON api_client.id = api_token.client_id \
                     WHERE api_token.token_hash = $1 AND api_token.expires_at > $2 AND api_client.revoked_at IS NULL";
    REVOKE = "UPDATE api_client SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL";
    ROTATE = "UPDATE api_client SET secret_hash = $2 WHERE name = $1 AND revoked_at IS NULL RETURNING id";
    END_TOKENS = "DELETE FROM api_token WHERE client_id = $1";
    EXPIRE_TOKENS = "DELETE FROM api_token WHERE expires_at <= $1";
    LEASE = "INSERT INTO api_lease (client_id, day, taken) VALUES ($1, $2, $3) \
             ON CONFLICT (client_id, day) DO UPDATE SET taken = api_lease.taken + $3 WHERE api_lease.taken < $4 \
             RETURNING taken";
    FORGET_LEASES = "DELETE FROM api_lease WHERE day < $1";
}

#[derive(Debug, Clone)]
pub struct ApiClient {
    pub id: Uuid,
    pub name: String,
    pub scope: Scope,
    pub secret_hash: Vec<u8>,
    pub allowance: Allowance,
    pub created_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    scope: String,
    secret_hash: Vec<u8>,
    created_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    per_second: i64,
    per_day: i64,
}

impl TryFrom<Row> for ApiClient {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let number = |number: i64, column| {
            u32::try_from(number).ok().and_then(NonZeroU32::new).ok_or(StoreError::inconsistent("api_client", column))
        };
        Ok(Self {
            id: row.id,
            name: row.name,
            scope: Scope::from_key(&row.scope).ok_or(StoreError::inconsistent("api_client", "scope"))?,
            secret_hash: row.secret_hash,
            allowance: Allowance { per_second: number(row.per_second, "per_second")?, per_day: number(row.per_day, "per_day")? },
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// Adds a client; `false` if the name is taken.
pub async fn add(transaction: &mut Connection, client: &ApiClient) -> Result<bool, StoreError> {
    let (per_second, per_day) = (i64::from(client.allowance.per_second.get()), i64::from(client.allowance.per_day.get()));
    let (name, scope, hash) = (&client.name, client.scope.key(), &client.secret_hash);
    let added = execute!(transaction, &ADD, client.id, name, scope, hash, client.created_at, per_second, per_day)?;
    Ok(added > 0)
}

/// A client that is not revoked.
pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<ApiClient>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(ApiClient::try_from).transpose()
}

/// Every client, revoked ones too.
pub async fn list(connection: &mut Connection) -> Result<Vec<ApiClient>, StoreError> {
    fetch!(connection, fetch_all, Row, &LIST)?.into_iter().map(ApiClient::try_from).collect()
}

/// Revokes a client by its name; its tokens stop working at once. `false` if there is none.
pub async fn revoke(transaction: &mut Connection, name: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REVOKE, name, at)? > 0)
}

/// Gives a client another secret and ends its tokens. None if there is no such client.
pub async fn rotate(transaction: &mut Connection, name: &str, secret_hash: &[u8]) -> Result<Option<Uuid>, StoreError> {
    let rotated = fetch!(transaction, fetch_optional, (Uuid,), &ROTATE, name, secret_hash)?;
    if let Some((id,)) = rotated {
        execute!(transaction, &END_TOKENS, id)?;
    }
    Ok(rotated.map(|(id,)| id))
}

pub async fn add_token(
    transaction: &mut Connection,
    hash: &[u8],
    client: Uuid,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &ADD_TOKEN, hash, client, expires_at)?;
    Ok(())
}

/// The client that a live token belongs to.
pub async fn find_by_token(connection: &mut Connection, hash: &[u8], now: DateTime<Utc>) -> Result<Option<ApiClient>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND_BY_TOKEN, hash, now)?.map(ApiClient::try_from).transpose()
}

pub async fn expire_tokens(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE_TOKENS, now)?)
}

/// Takes a block of a client's requests of a day, while fewer than `most` are taken. Gives the number taken so far, with this
/// block; none when nothing is left.
pub async fn lease(
    transaction: &mut Connection,
    client: Uuid,
    day: NaiveDate,
    block: u32,
    most: u32,
) -> Result<Option<i64>, StoreError> {
    let (block, most) = (i64::from(block), i64::from(most));
    let taken = fetch!(transaction, fetch_optional, (i64,), &LEASE, client, day.to_string(), block, most)?;
    Ok(taken.map(|(taken,)| taken))
}

/// Forgets what was taken on the days before `day`.
pub async fn forget_leases_before(transaction: &mut Connection, day: NaiveDate) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET_LEASES, day.to_string())?)
}
