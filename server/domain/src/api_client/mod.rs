//! Machines that ask: OAuth2 client credentials (RFC 6749, section 4.4), and how much each may ask.

mod quota;

pub use quota::{Quotas, Standing, count};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use shared::api_client::{Allowance, ClientName, Scope};
use shared::sensitive::Sensitive;
use store::api_client::{self, ApiClient};
use store::crypto::{same, sha256};
use uuid::Uuid;

use crate::{Action, Actor, Context, Error};

/// Seconds a token lives.
pub const TOKEN_SECONDS: u32 = 1800;

/// A new client's credentials. The secret is shown once; only its hash is kept.
#[derive(Debug)]
pub struct Credentials {
    pub client_id: String,
    pub client_secret: Sensitive<String>,
}

/// Adds a client.
///
/// # Errors
/// [`Error::Unusable`] if the name is taken.
pub async fn add(ctx: &Context, actor: Actor, name: &ClientName, scope: Scope, allowance: Allowance) -> Result<Credentials, Error> {
    actor.check(Action::ManageApiClients)?;
    let secret = new_secret(ctx);
    let client = ApiClient {
        id: ctx.clock.new_id(),
        name: name.as_str().into(),
        scope,
        secret_hash: sha256(secret.as_bytes()).to_vec(),
        allowance,
        created_at: ctx.now(),
        revoked_at: None,
    };
    let mut transaction = ctx.store.begin().await?;
    if !api_client::add(&mut transaction, &client).await? {
        return Err(Error::Unusable(format!("There is a client named \"{}\" already. Choose another name.", name.as_str())));
    }
    let detail = serde_json::json!({ "name": name.as_str(), "scope": scope.key() });
    ctx.audit(&mut transaction, actor, "api_client.add", &client.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Credentials { client_id: client.id.to_string(), client_secret: Sensitive::new(secret) })
}

/// Every client, revoked ones too, in the order of their names.
pub async fn list(ctx: &Context, actor: Actor) -> Result<Vec<ApiClient>, Error> {
    actor.check(Action::ManageApiClients)?;
    Ok(api_client::list(&mut ctx.store.read_primary().await?).await?)
}

/// Gives a client another secret. The old one and all tokens stop working: somebody else may have them.
///
/// # Errors
/// [`Error::Unusable`] if there is no such client.
pub async fn rotate(ctx: &Context, actor: Actor, name: &ClientName) -> Result<Credentials, Error> {
    actor.check(Action::ManageApiClients)?;
    let secret = new_secret(ctx);
    let mut transaction = ctx.store.begin().await?;
    let Some(id) = api_client::rotate(&mut transaction, name.as_str(), &sha256(secret.as_bytes())).await? else {
        return Err(no_such_client(name));
    };
    ctx.audit(&mut transaction, actor, "api_client.rotate", name.as_str(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Credentials { client_id: id.to_string(), client_secret: Sensitive::new(secret) })
}

fn no_such_client(name: &ClientName) -> Error {
    Error::Unusable(format!("There is no client named \"{}\", or it is revoked already.", name.as_str()))
}

/// Revokes a client by name, with all its tokens.
///
/// # Errors
/// [`Error::Unusable`] if there is no such client.
pub async fn revoke(ctx: &Context, actor: Actor, name: &ClientName) -> Result<(), Error> {
    actor.check(Action::ManageApiClients)?;
    let mut transaction = ctx.store.begin().await?;
    if !api_client::revoke(&mut transaction, name.as_str(), ctx.now()).await? {
        return Err(no_such_client(name));
    }
    ctx.audit(&mut transaction, actor, "api_client.revoke", name.as_str(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(())
}

/// Gives a token for good credentials. Unknown id, wrong secret and revoked client are one answer: none.
pub async fn issue_token(ctx: &Context, client_id: &str, client_secret: &str) -> Result<Option<Sensitive<String>>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let client = match Uuid::parse_str(client_id) {
        Ok(id) => api_client::find(&mut connection, id).await?,
        Err(_) => None,
    };
    drop(connection);
    let Some(client) = client.filter(|client| same(&client.secret_hash, &sha256(client_secret.as_bytes()))) else {
        return Ok(None);
    };
    let token = new_secret(ctx);
    let expires_at = ctx.now() + TimeDelta::seconds(TOKEN_SECONDS.into());
    let mut transaction = ctx.store.begin().await?;
    api_client::add_token(&mut transaction, &sha256(token.as_bytes()), client.id, expires_at).await?;
    transaction.commit().await?;
    Ok(Some(Sensitive::new(token)))
}

/// A client that showed a live token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authenticated {
    id: Uuid,
    scope: Scope,
    allowance: Allowance,
}

impl Authenticated {
    pub const fn id(self) -> Uuid {
        self.id
    }

    pub const fn actor(self) -> Actor {
        Actor::ApiClient { id: self.id, scope: self.scope }
    }
}

/// The client behind a bearer token.
pub async fn authenticate(ctx: &Context, token: &str) -> Result<Option<Authenticated>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let client = api_client::find_by_token(&mut connection, &sha256(token.as_bytes()), ctx.now()).await?;
    Ok(client.map(|client| Authenticated { id: client.id, scope: client.scope, allowance: client.allowance }))
}

fn new_secret(ctx: &Context) -> String {
    URL_SAFE_NO_PAD.encode(ctx.random_bytes::<32>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::contexts;
    use std::num::NonZeroU32;

    const ALLOWANCE: Allowance = Allowance { per_second: NonZeroU32::new(5).unwrap(), per_day: NonZeroU32::new(1000).unwrap() };

    #[tokio::test]
    async fn a_client_gets_a_token_that_lives_half_an_hour() {
        for test in contexts().await {
            let name = ClientName::parse("feed").unwrap();
            let credentials = add(&test.ctx, Actor::Operator, &name, Scope::CaseFeed, ALLOWANCE).await.unwrap();
            assert!(matches!(add(&test.ctx, Actor::Operator, &name, Scope::CaseFeed, ALLOWANCE).await, Err(Error::Unusable(_))));
            let secret = credentials.client_secret.expose();
            let token = issue_token(&test.ctx, &credentials.client_id, secret).await.unwrap().unwrap();
            let client = authenticate(&test.ctx, token.expose()).await.unwrap().unwrap();
            assert!(matches!(client.actor(), Actor::ApiClient { scope: Scope::CaseFeed, .. }));
            for (id, secret) in [(credentials.client_id.as_str(), "wrong"), ("nobody", secret), ("", "")] {
                assert!(issue_token(&test.ctx, id, secret).await.unwrap().is_none());
            }
            test.test.clock.advance(TimeDelta::seconds(TOKEN_SECONDS.into()));
            assert_eq!(authenticate(&test.ctx, token.expose()).await.unwrap(), None);

            let token = issue_token(&test.ctx, &credentials.client_id, secret).await.unwrap().unwrap();
            revoke(&test.ctx, Actor::Operator, &name).await.unwrap();
            assert_eq!(authenticate(&test.ctx, token.expose()).await.unwrap(), None);
            assert!(issue_token(&test.ctx, &credentials.client_id, secret).await.unwrap().is_none());
            let mut connection = test.ctx.store.read().await.unwrap();
            let added = store::audit::by_action(&mut connection, "api_client.add").await.unwrap();
            assert!(!added[0].detail.contains(secret.as_str()));
        }
    }
    #[tokio::test]
    async fn another_secret_ends_the_old_one_and_its_tokens() {
        for test in contexts().await {
            let name = ClientName::parse("reader").unwrap();
            let old = add(&test.ctx, Actor::Operator, &name, Scope::CaseStatus, ALLOWANCE).await.unwrap();
            let token = issue_token(&test.ctx, &old.client_id, old.client_secret.expose()).await.unwrap().unwrap();
            let new = rotate(&test.ctx, Actor::Operator, &name).await.unwrap();
            assert_eq!(new.client_id, old.client_id);
            assert_eq!(authenticate(&test.ctx, token.expose()).await.unwrap(), None);
            assert!(issue_token(&test.ctx, &old.client_id, old.client_secret.expose()).await.unwrap().is_none());
            assert!(issue_token(&test.ctx, &old.client_id, new.client_secret.expose()).await.unwrap().is_some());
            let nobody = ClientName::parse("nobody").unwrap();
            assert!(matches!(rotate(&test.ctx, Actor::Operator, &nobody).await, Err(Error::Unusable(_))));
            let names: Vec<String> =
                list(&test.ctx, Actor::Operator).await.unwrap().into_iter().map(|client| client.name).collect();
            assert_eq!(names, ["reader"]);
        }
    }
}
