//! A fresh second factor: for what needs one, and to open a locked session. The session gets another token.

use shared::identity::Method;
use store::crypto::sha256;
use store::engine::Connection;
use store::identity::account;
use store::identity::session as sessions;
use uuid::Uuid;

use super::factor::{Shown, check};
use super::new_token;
use super::session::{IDLE, NewSession};
use super::sign_in::{SecondFactor, challenge};
use super::throttle::{self, Begun};
use crate::{Actor, Context, Error};

/// Steps up with a code of an authenticator.
pub async fn step_up_totp(ctx: &Context, token: &str, code: &str) -> Result<SecondFactor, Error> {
    step_up(ctx, token, Shown::Code(code)).await
}

/// What to ask a browser's passkey; none if the session is over, or there is no passkey.
pub async fn step_up_challenge(ctx: &Context, token: &str) -> Result<Option<String>, Error> {
    match of_token(ctx, &mut ctx.store.read_primary().await?, token).await? {
        Some(session) => challenge(ctx, session.account, &sha256(token.as_bytes())).await,
        None => Ok(None),
    }
}

/// Steps up with a passkey: `response` is what `navigator.credentials.get` gave, as JSON.
pub async fn step_up_passkey(ctx: &Context, token: &str, response: &str) -> Result<SecondFactor, Error> {
    step_up(ctx, token, Shown::Passkey(response)).await
}

/// Steps up after the agency's identity provider has vouched for the person once more. None unless the session began there and is
/// this account's.
pub async fn step_up_by_provider(ctx: &Context, token: &str, account: Uuid) -> Result<Option<NewSession>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let session = of_token(ctx, &mut transaction, token).await?;
    let Some(session) = session.filter(|session| session.account == account && session.method == Method::Provider) else {
        return Ok(None);
    };
    let renewed = renew(ctx, &mut transaction, &session, token).await?;
    transaction.commit().await?;
    Ok(renewed)
}

async fn of_token(ctx: &Context, connection: &mut Connection, token: &str) -> Result<Option<sessions::Session>, Error> {
    let now = ctx.now();
    Ok(sessions::find(connection, &sha256(token.as_bytes()), now, now - IDLE).await?)
}

async fn step_up(ctx: &Context, token: &str, shown: Shown<'_>) -> Result<SecondFactor, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(session) = of_token(ctx, &mut connection, token).await? else { return Ok(SecondFactor::Over) };
    let Some(account) = account::find(&mut connection, &ctx.keys, session.account).await? else { return Ok(SecondFactor::Over) };
    drop(connection);
    let name = account.sign_in_name.as_str();
    let Begun::Go(attempt) = throttle::begin(ctx, name).await? else { return end(ctx, &session).await };
    let mut transaction = ctx.store.begin().await?;
    let hash = sha256(token.as_bytes());
    if !account::hold(&mut transaction, account.id).await? || !check(ctx, &mut transaction, account.id, &hash, shown).await? {
        transaction.commit().await?;
        if throttle::failed(ctx, &attempt, Some(account.id), "step-up").await? {
            return end(ctx, &session).await;
        }
        return Ok(SecondFactor::Wrong);
    }
    let Some(renewed) = renew(ctx, &mut transaction, &session, token).await? else { return Ok(SecondFactor::Over) };
    throttle::forget(ctx, &mut transaction, name).await?;
    transaction.commit().await?;
    Ok(SecondFactor::Done(renewed))
}

/// Another token. None if another request was first.
async fn renew(
    ctx: &Context,
    transaction: &mut Connection,
    session: &sessions::Session,
    token: &str,
) -> Result<Option<NewSession>, Error> {
    let (new, hash) = new_token(ctx);
    if !sessions::rotate(transaction, session.id, &sha256(token.as_bytes()), &hash, ctx.now()).await? {
        return Ok(None);
    }
    let detail = serde_json::json!({ "session": session.id, "unlocks": session.locked_at.is_some() });
    let actor = Actor::Officer(session.account);
    ctx.audit(transaction, actor, "session.step_up", &session.account.to_string(), detail).await?;
    Ok(Some(NewSession { id: session.id, token: new, ends_at: session.ends_at }))
}

/// Somebody at an open session does not know the second factor: it is not theirs.
async fn end(ctx: &Context, session: &sessions::Session) -> Result<SecondFactor, Error> {
    let mut transaction = ctx.store.begin().await?;
    if sessions::revoke(&mut transaction, session.id, session.account, ctx.now()).await? {
        let detail = serde_json::json!({ "session": session.id, "because": "step-up failed" });
        ctx.audit(&mut transaction, Actor::System, "session.revoke", &session.account.to_string(), detail).await?;
    }
    transaction.commit().await?;
    Ok(SecondFactor::Locked)
}
