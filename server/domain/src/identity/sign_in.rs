//! Signing in: a password, then a code or a passkey.

use shared::identity::{AccountState, Client, FactorKind, SignInName};
use shared::sensitive::Sensitive;
use store::crypto::sha256;
use store::engine::Connection;
use store::identity::account::{self, Account};
use store::identity::factor;
use uuid::Uuid;

use super::factor::{Shown, check};
use super::session::{self, NewSession};
use super::step::{self, PASSWORD};
use super::throttle::{self, Begun};
use super::{new_token, passkeys};
use crate::{Context, Error};

/// The longest name that is looked at.
const LONGEST_NAME: usize = 256;

/// What became of a password.
#[derive(Debug)]
pub enum Password {
    /// No such name, another password, a disabled account, nobody enrolled: one answer, in the same time.
    Wrong,
    /// Too many failures. So it is for names that nobody has.
    Locked,
    Right(Pending),
}

/// Somebody whose password was right, before the second factor.
#[derive(Debug)]
pub struct Pending {
    /// Good for five minutes.
    pub token: Sensitive<String>,
    /// What the person can show.
    pub factors: Vec<FactorKind>,
}

/// What became of a second factor.
#[derive(Debug)]
pub enum SecondFactor {
    Wrong,
    /// Too many failures. A session that asked for a fresh factor is over, too.
    Locked,
    /// Too late, or it was used already: begin again.
    Over,
    Done(NewSession),
}

/// Looks at a name and a password.
pub async fn password(ctx: &Context, sign_in_name: &str, password: &Sensitive<String>) -> Result<Password, Error> {
    let typed: String = sign_in_name.trim().to_ascii_lowercase().chars().take(LONGEST_NAME).collect();
    let Begun::Go(attempt) = throttle::begin(ctx, &typed).await? else { return Ok(Password::Locked) };
    let account = named(ctx, &typed).await?;
    let known = account.as_ref().map(|account| account.id);
    let hash = account.as_ref().and_then(|account| account.password_hash.as_ref());
    // Whether or not there is such an account, the same work is done.
    let is_right = ctx.identity.passwords.verify(hash, password).await?;
    let Some(account) = account.filter(|account| is_right && account.state == AccountState::Active) else {
        let locks = throttle::failed(ctx, &attempt, known, "password").await?;
        return Ok(if locks { Password::Locked } else { Password::Wrong });
    };
    let (token, hash) = new_token(ctx);
    let mut transaction = ctx.store.begin().await?;
    // Failures before stay: else a stolen password would give any number of tries at the second factor.
    throttle::take_back(&mut transaction, &attempt).await?;
    step::put(ctx, &mut transaction, PASSWORD, &hash, account.id, b"").await?;
    let factors = kinds(ctx, &mut transaction, account.id).await?;
    transaction.commit().await?;
    Ok(Password::Right(Pending { token, factors }))
}

async fn named(ctx: &Context, typed: &str) -> Result<Option<Account>, Error> {
    let Ok(name) = SignInName::parse(typed) else { return Ok(None) };
    Ok(account::by_name(&mut ctx.store.read_primary().await?, &ctx.keys, &name).await?)
}

/// The kinds of second factors that an account has, each once.
async fn kinds(ctx: &Context, connection: &mut Connection, account: Uuid) -> Result<Vec<FactorKind>, Error> {
    let factors = factor::of_account(connection, &ctx.keys, account).await?;
    let has = |kind| factors.iter().any(|factor| factor.kind == kind);
    Ok([FactorKind::Passkey, FactorKind::Totp].into_iter().filter(|kind| has(*kind)).collect())
}

/// What somebody can show whose password was right; none if it is too late.
pub async fn pending(ctx: &Context, token: &str) -> Result<Option<Vec<FactorKind>>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some((account, _)) = step::find(ctx, &mut connection, PASSWORD, &sha256(token.as_bytes())).await? else {
        return Ok(None);
    };
    Ok(Some(kinds(ctx, &mut connection, account).await?))
}

/// Signs in with a code of an authenticator.
pub async fn totp(ctx: &Context, pending: &str, code: &str, client: Client) -> Result<SecondFactor, Error> {
    sign_in(ctx, pending, Shown::Code(code), client).await
}

/// What to ask a browser's passkey, as the JSON for `navigator.credentials.get`. None if it is too late, or there is no passkey.
pub async fn passkey_challenge(ctx: &Context, pending: &str) -> Result<Option<String>, Error> {
    let hash = sha256(pending.as_bytes());
    let mut connection = ctx.store.read_primary().await?;
    let found = step::find(ctx, &mut connection, PASSWORD, &hash).await?;
    drop(connection);
    match found {
        Some((account, _)) => challenge(ctx, account, &hash).await,
        None => Ok(None),
    }
}

/// Asks an account's passkeys and keeps the question.
pub(super) async fn challenge(ctx: &Context, account: Uuid, token_hash: &[u8; 32]) -> Result<Option<String>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let factors = factor::of_account(&mut transaction, &ctx.keys, account).await?;
    let asked = ctx.identity.webauthn.as_ref().and_then(|webauthn| passkeys::ask(webauthn, &factors));
    let Some(asked) = asked else { return Ok(None) };
    step::put(ctx, &mut transaction, step::CHALLENGE, token_hash, account, asked.state.expose()).await?;
    transaction.commit().await?;
    Ok(Some(asked.options))
}

/// Signs in with a passkey: `response` is what `navigator.credentials.get` gave, as JSON.
pub async fn passkey(ctx: &Context, pending: &str, response: &str, client: Client) -> Result<SecondFactor, Error> {
    sign_in(ctx, pending, Shown::Passkey(response), client).await
}

async fn sign_in(ctx: &Context, pending: &str, shown: Shown<'_>, client: Client) -> Result<SecondFactor, Error> {
    let hash = sha256(pending.as_bytes());
    let mut connection = ctx.store.read_primary().await?;
    let Some((id, _)) = step::find(ctx, &mut connection, PASSWORD, &hash).await? else { return Ok(SecondFactor::Over) };
    let account = account::find(&mut connection, &ctx.keys, id).await?;
    drop(connection);
    let Some(account) = account.filter(|account| account.state == AccountState::Active) else { return Ok(SecondFactor::Over) };
    let Begun::Go(attempt) = throttle::begin(ctx, account.sign_in_name.as_str()).await? else {
        return Ok(SecondFactor::Locked);
    };
    let mut transaction = ctx.store.begin().await?;
    if !account::hold(&mut transaction, id).await? || !check(ctx, &mut transaction, id, &hash, shown).await? {
        // What was asked of a passkey is answered once, right or wrong.
        transaction.commit().await?;
        let locks = throttle::failed(ctx, &attempt, Some(id), "second factor").await?;
        return Ok(if locks { SecondFactor::Locked } else { SecondFactor::Wrong });
    }
    if step::take(ctx, &mut transaction, PASSWORD, &hash).await?.is_none() {
        return Ok(SecondFactor::Over);
    }
    throttle::forget(ctx, &mut transaction, account.sign_in_name.as_str()).await?;
    let session = session::begin(ctx, &mut transaction, id, shown.method(), client).await?;
    transaction.commit().await?;
    Ok(SecondFactor::Done(session))
}
