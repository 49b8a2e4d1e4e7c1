//! Machines that call the service. Secrets and tokens are 256 random bits, so a plain hash of them tells nothing.

use chrono::{DateTime, Utc};
use shared::api_client::Scope;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO api_client (id, name, scope, secret_hash, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING";
    FIND = "SELECT id, name, scope, secret_hash FROM api_client WHERE id = $1 AND revoked_at IS NULL";
    ADD_TOKEN = "INSERT INTO api_token (token_hash, client_id, expires_at) VALUES ($1, $2, $3)";
    FIND_BY_TOKEN = "SELECT api_client.id, api_client.name, api_client.scope, api_client.secret_hash FROM api_token \
                     JOIN api_client ON api_client.id = api_token.client_id \
                     WHERE api_token.token_hash = $1 AND api_token.expires_at > $2 AND api_client.revoked_at IS NULL";
    REVOKE = "UPDATE api_client SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL";
    EXPIRE_TOKENS = "DELETE FROM api_token WHERE expires_at <= $1";
}

#[derive(Debug, Clone)]
pub struct ApiClient {
    pub id: Uuid,
    pub name: String,
    pub scope: Scope,
    pub secret_hash: Vec<u8>,
}

type Row = (Uuid, String, String, Vec<u8>);

fn read((id, name, scope, secret_hash): Row) -> Result<ApiClient, StoreError> {
    let scope = Scope::from_key(&scope).ok_or(StoreError::inconsistent("api_client", "scope"))?;
    Ok(ApiClient { id, name, scope, secret_hash })
}

/// Adds a client; `false` if the name is taken.
pub async fn add(transaction: &mut Connection, client: &ApiClient, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let added = execute!(transaction, &ADD, client.id, &client.name, client.scope.key(), &client.secret_hash, at)?;
    Ok(added > 0)
}

/// A client that is not revoked.
pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<ApiClient>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(read).transpose()
}

/// Revokes a client by its name; its tokens stop working at once. `false` if there is none.
pub async fn revoke(transaction: &mut Connection, name: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REVOKE, name, at)? > 0)
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
    fetch!(connection, fetch_optional, Row, &FIND_BY_TOKEN, hash, now)?.map(read).transpose()
}

pub async fn expire_tokens(transaction: &mut Connection, now: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &EXPIRE_TOKENS, now)?)
}
