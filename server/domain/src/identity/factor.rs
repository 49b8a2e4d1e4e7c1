//! What somebody has besides a password: set up, shown, taken away. And the password itself.

use chrono::{DateTime, Utc};
use shared::identity::{FactorKind, Method, PasswordProblem, password};
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::identity::account::{self, Account};
use store::identity::factor::{self, Factor};
use store::identity::session as sessions;
use uuid::Uuid;

use super::session::Live;
use super::step::{self, CHALLENGE, NEW_PASSKEY, NEW_TOTP};
use super::{passkeys, totp};
use crate::{Context, Error};

/// The longest name of a factor, in characters.
const LONGEST_NAME: usize = 60;

/// A second factor as somebody shows it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown<'a> {
    Code(&'a str),
    /// What the browser's passkey signed, as JSON.
    Passkey(&'a str),
}

impl Shown<'_> {
    pub(super) const fn method(self) -> Method {
        match self {
            Self::Code(_) => Method::Totp,
            Self::Passkey(_) => Method::Passkey,
        }
    }
}

/// Whether a second factor is one of the account's, in a transaction that holds the account. A code serves once, and so does what
/// a passkey was asked.
pub(super) async fn check(
    ctx: &Context,
    transaction: &mut Connection,
    account: Uuid,
    token_hash: &[u8; 32],
    shown: Shown<'_>,
) -> Result<bool, Error> {
    let factors = factor::of_account(transaction, &ctx.keys, account).await?;
    match shown {
        Shown::Code(code) => check_code(ctx, transaction, &factors, code).await,
        Shown::Passkey(response) => check_passkey(ctx, transaction, account, &factors, token_hash, response).await,
    }
}

async fn check_code(ctx: &Context, transaction: &mut Connection, factors: &[Factor], code: &str) -> Result<bool, Error> {
    let now = ctx.now();
    for factor in factors.iter().filter(|factor| factor.kind == FactorKind::Totp) {
        if let Some(step) = totp::step_shown(factor.content.expose(), code, now) {
            return Ok(factor::count_use(transaction, factor.id, step, now).await?);
        }
    }
    Ok(false)
}

async fn check_passkey(
    ctx: &Context,
    transaction: &mut Connection,
    account: Uuid,
    factors: &[Factor],
    token_hash: &[u8; 32],
    response: &str,
) -> Result<bool, Error> {
    let Some(webauthn) = &ctx.identity.webauthn else { return Ok(false) };
    let Some((whose, state)) = step::take(ctx, transaction, CHALLENGE, token_hash).await? else { return Ok(false) };
    let proven = passkeys::proven(webauthn, &state, factors, response).filter(|_| whose == account);
    let Some(proven) = proven else { return Ok(false) };
    // Asked here and not of the state alone, which may be of before another use.
    if !factor::count_use(transaction, proven.id, proven.count, ctx.now()).await? {
        return Ok(false);
    }
    factor::replace(transaction, &ctx.keys, proven.id, &proven.content).await?;
    Ok(true)
}

/// The secret of an authenticator that is being set up.
#[derive(Debug)]
pub struct TotpSetup {
    /// To be typed: letters and digits.
    pub secret: Sensitive<String>,
    /// For a link or a QR code: `otpauth://totp/...`
    pub address: Sensitive<String>,
}

/// A second factor that is being set up, as the person shows it.
#[derive(Debug, Clone, Copy)]
pub enum NewFactor<'a> {
    /// A code made from the secret of [`TotpSetup`].
    Totp { code: &'a str },
    /// What `navigator.credentials.create` gave, as JSON.
    Passkey { response: &'a str },
}

/// What became of a new second factor.
#[derive(Debug, PartialEq, Eq)]
pub enum Added {
    Done,
    /// The code is not the authenticator's, or the passkey did not prove itself.
    Wrong,
    /// It took too long: begin again.
    Over,
}

/// The secret to set an authenticator up with, under a token: the same until it is used or half an hour has passed, so that a mistake
/// does not cost another scan.
pub(super) async fn totp_setup(ctx: &Context, token_hash: &[u8; 32], account: &Account) -> Result<TotpSetup, Error> {
    let mut transaction = ctx.store.begin().await?;
    let begun = step::find(ctx, &mut transaction, NEW_TOTP, token_hash).await?;
    let secret = if let Some((_, secret)) = begun {
        secret
    } else {
        let secret = Sensitive::new(ctx.random_bytes::<{ totp::SECRET }>().to_vec());
        step::put(ctx, &mut transaction, NEW_TOTP, token_hash, account.id, secret.expose()).await?;
        secret
    };
    transaction.commit().await?;
    let address = totp::address(secret.expose(), &ctx.identity.settings.agency, account.sign_in_name.as_str());
    Ok(TotpSetup { secret: totp::secret_to_type(&secret), address })
}

/// What to ask a browser for a new passkey, under a token. None where passkeys cannot be.
pub(super) async fn passkey_setup(ctx: &Context, token_hash: &[u8; 32], account: &Account) -> Result<Option<String>, Error> {
    let Some(webauthn) = &ctx.identity.webauthn else { return Ok(None) };
    let mut transaction = ctx.store.begin().await?;
    let factors = factor::of_account(&mut transaction, &ctx.keys, account.id).await?;
    let asked = passkeys::ask_for_new(webauthn, account, &factors).ok_or(Error::Internal)?;
    step::put(ctx, &mut transaction, NEW_PASSKEY, token_hash, account.id, asked.state.expose()).await?;
    transaction.commit().await?;
    Ok(Some(asked.options))
}

/// Keeps a new factor that proves itself.
pub(super) async fn keep(
    ctx: &Context,
    transaction: &mut Connection,
    token_hash: &[u8; 32],
    account: Uuid,
    name: &str,
    new: NewFactor<'_>,
) -> Result<Added, Error> {
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let named = |kind: FactorKind| if name.is_empty() { kind.name().to_owned() } else { name.clone() };
    match new {
        NewFactor::Totp { code } => {
            let found = step::find(ctx, transaction, NEW_TOTP, token_hash).await?;
            let Some((_, secret)) = found.filter(|(whose, _)| *whose == account) else { return Ok(Added::Over) };
            let Some(step) = totp::step_shown(secret.expose(), code, now) else { return Ok(Added::Wrong) };
            step::take(ctx, transaction, NEW_TOTP, token_hash).await?;
            let (kind, content) = (FactorKind::Totp, &secret);
            let new = factor::NewFactor { id, account, kind, name: &named(kind), content, credential: None, added_at: now };
            factor::add(transaction, &ctx.keys, &new).await?;
            // The code that proved it signs nobody in.
            factor::count_use(transaction, id, step, now).await?;
            Ok(Added::Done)
        }
        NewFactor::Passkey { response } => {
            let Some(webauthn) = &ctx.identity.webauthn else { return Ok(Added::Over) };
            let found = step::take(ctx, transaction, NEW_PASSKEY, token_hash).await?;
            let Some((_, state)) = found.filter(|(whose, _)| *whose == account) else { return Ok(Added::Over) };
            let Some((content, credential)) = passkeys::new(webauthn, &state, response) else { return Ok(Added::Wrong) };
            let kind = FactorKind::Passkey;
            let (name, content, credential) = (&named(kind), &content, Some(credential.as_slice()));
            let new = factor::NewFactor { id, account, kind, name, content, credential, added_at: now };
            let added = factor::add(transaction, &ctx.keys, &new).await?;
            Ok(if added { Added::Done } else { Added::Wrong })
        }
    }
}

/// A second factor in its owner's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorView {
    pub id: Uuid,
    pub kind: FactorKind,
    pub name: String,
    pub added_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// A person's own second factors.
pub async fn factors(ctx: &Context, live: &Live) -> Result<Vec<FactorView>, Error> {
    let found = factor::of_account(&mut ctx.store.read_primary().await?, &ctx.keys, live.account.id).await?;
    let view = |Factor { id, kind, name, added_at, used_at, .. }| FactorView { id, kind, name, added_at, used_at };
    Ok(found.into_iter().map(view).collect())
}

async fn own(ctx: &Context, live: &Live) -> Result<Account, Error> {
    live.officer.check_fresh(ctx.now())?;
    let account = account::find(&mut ctx.store.read_primary().await?, &ctx.keys, live.account.id).await?;
    account.ok_or(Error::Refused)
}

/// Begins to set up another authenticator. Needs a fresh second factor.
pub async fn new_totp(ctx: &Context, live: &Live) -> Result<TotpSetup, Error> {
    totp_setup(ctx, &live.token_hash, &own(ctx, live).await?).await
}

/// Begins to set up another passkey: the JSON for `navigator.credentials.create`. Needs a fresh second factor.
pub async fn new_passkey(ctx: &Context, live: &Live) -> Result<Option<String>, Error> {
    passkey_setup(ctx, &live.token_hash, &own(ctx, live).await?).await
}

/// Adds another second factor under a name. Needs a fresh one.
pub async fn add_factor(ctx: &Context, live: &Live, name: &str, new: NewFactor<'_>) -> Result<Added, Error> {
    live.officer.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    account::hold(&mut transaction, live.account.id).await?;
    let added = keep(ctx, &mut transaction, &live.token_hash, live.account.id, name, new).await?;
    if added == Added::Done {
        note(ctx, &mut transaction, live, "factor.add").await?;
    }
    transaction.commit().await?;
    Ok(added)
}

/// What became of taking a second factor away.
#[derive(Debug, PartialEq, Eq)]
pub enum Removed {
    Done,
    /// Without it nobody could sign in. Add another one first.
    Last,
    NoSuch,
}

/// Takes one of a person's own second factors away, and ends their other sessions. Needs a fresh second factor.
pub async fn remove_factor(ctx: &Context, live: &Live, id: Uuid) -> Result<Removed, Error> {
    live.officer.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    account::hold(&mut transaction, live.account.id).await?;
    let factors = factor::of_account(&mut transaction, &ctx.keys, live.account.id).await?;
    if !factors.iter().any(|factor| factor.id == id) {
        return Ok(Removed::NoSuch);
    }
    if factors.len() == 1 {
        return Ok(Removed::Last);
    }
    factor::remove(&mut transaction, id, live.account.id).await?;
    sessions::revoke_all(&mut transaction, live.account.id, live.id, ctx.now()).await?;
    note(ctx, &mut transaction, live, "factor.remove").await?;
    transaction.commit().await?;
    Ok(Removed::Done)
}

/// Sets another password and ends the person's other sessions; none of it if there is something wrong with the password. Needs a
/// fresh second factor.
pub async fn change_password(ctx: &Context, live: &Live, new: &Sensitive<String>) -> Result<Option<PasswordProblem>, Error> {
    live.officer.check_fresh(ctx.now())?;
    if let Some(problem) = password::problem(new.expose(), &live.account.name, &live.account.sign_in_name) {
        return Ok(Some(problem));
    }
    let hash = ctx.identity.passwords.hash(new).await?;
    let mut transaction = ctx.store.begin().await?;
    account::set_password(&mut transaction, live.account.id, &hash).await?;
    sessions::revoke_all(&mut transaction, live.account.id, live.id, ctx.now()).await?;
    note(ctx, &mut transaction, live, "password.change").await?;
    transaction.commit().await?;
    Ok(None)
}

async fn note(ctx: &Context, transaction: &mut Connection, live: &Live, action: &'static str) -> Result<(), Error> {
    ctx.audit(transaction, live.officer.actor(), action, &live.account.id.to_string(), serde_json::json!({})).await
}
