//! The one-time way in: for a new account, and for somebody who lost a passkey or an authenticator. One administrator opens it,
//! another agrees and gets the token, and hands it over.

use chrono::{DateTime, TimeDelta, Utc};
use shared::identity::{AccountState, PasswordProblem, password};
use shared::sensitive::Sensitive;
use store::crypto::sha256;
use store::engine::Connection;
use store::identity::account::{self, Account};
use store::identity::enrolment::{self, Enrolment, NewEnrolment};
use store::identity::{factor, session};
use uuid::Uuid;

use super::factor::{Added, NewFactor, TotpSetup, keep, passkey_setup, totp_setup};
use super::grant::Agreed;
use super::session::AccountLabel;
use super::{Manager, new_token, throttle};
use crate::{Action, Actor, Context, Error, Officer};

pub use store::identity::enrolment::Cause;

/// How long a token is good.
pub const TOKEN: TimeDelta = TimeDelta::days(1);
/// How long something waits for a second person.
const WAITS: TimeDelta = TimeDelta::days(7);

/// A token that is shown once, to whoever hands it over.
#[derive(Debug)]
pub struct Invitation {
    pub token: Sensitive<String>,
    pub until: DateTime<Utc>,
}

/// Whom a token lets in.
#[derive(Debug, Clone)]
pub struct Invited {
    pub account: AccountLabel,
    pub cause: Cause,
    pub until: DateTime<Utc>,
}

/// What became of enrolling.
#[derive(Debug, PartialEq, Eq)]
pub enum Enrolled {
    Done,
    /// The token was used, has expired, or never was.
    Over,
    Password(PasswordProblem),
    /// The second factor did not prove itself.
    Factor(Added),
}

/// What waits for a second administrator.
#[derive(Debug, Clone)]
pub struct WaitingEnrolment {
    pub id: Uuid,
    pub account: AccountLabel,
    pub cause: Cause,
    pub opened_at: DateTime<Utc>,
    /// Nobody is an operator with a shell.
    pub opened_by: Option<Uuid>,
    pub expires_at: DateTime<Utc>,
}

/// Opens a way in for an account. None if there is no such account, it is disabled, or it is one's own.
pub async fn open(ctx: &Context, by: Manager<'_>, account: Uuid) -> Result<Option<Uuid>, Error> {
    by.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    if by.id() == Some(account) || !account::hold(&mut transaction, account).await? {
        return Ok(None);
    }
    let found = account::find(&mut transaction, &ctx.keys, account).await?;
    let Some(found) = found.filter(|account| account.state == AccountState::Active) else { return Ok(None) };
    let cause = if found.password_hash.is_some() || found.factors > 0 { Cause::Recovery } else { Cause::New };
    let id = open_in(ctx, &mut transaction, by, account, cause).await?;
    transaction.commit().await?;
    Ok(Some(id))
}

pub(super) async fn open_in(
    ctx: &Context,
    transaction: &mut Connection,
    by: Manager<'_>,
    account: Uuid,
    cause: Cause,
) -> Result<Uuid, Error> {
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    let (opened_by, expires_at) = (by.id(), now + WAITS);
    enrolment::open(transaction, &NewEnrolment { id, account, cause, token_hash: None, opened_at: now, opened_by, expires_at })
        .await?;
    let detail = serde_json::json!({ "enrolment": id, "cause": cause.key() });
    ctx.audit(transaction, by.actor(), "enrolment.open", &account.to_string(), detail).await?;
    Ok(id)
}

/// Opens the first administrator's way in, for which an operator with a shell is enough.
pub(super) async fn open_first(ctx: &Context, transaction: &mut Connection, account: Uuid) -> Result<Invitation, Error> {
    let (id, now, (token, hash)) = (ctx.clock.new_id(), ctx.now(), new_token(ctx));
    let until = now + TOKEN;
    let cause = Cause::First;
    let new = NewEnrolment { id, account, cause, token_hash: Some(&hash), opened_at: now, opened_by: None, expires_at: until };
    enrolment::open(transaction, &new).await?;
    let detail = serde_json::json!({ "enrolment": id, "cause": cause.key() });
    ctx.audit(transaction, Actor::Operator, "enrolment.open", &account.to_string(), detail).await?;
    Ok(Invitation { token, until })
}

/// Agrees, as a second administrator, and gets the token. The account's sessions end: whoever is in one may not be its owner.
pub async fn agree(ctx: &Context, by: &Officer, id: Uuid) -> Result<Agreed<Invitation>, Error> {
    let now = ctx.now();
    Manager::from(by).check_fresh(now)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(waiting) = enrolment::find(&mut transaction, id, now).await? else { return Ok(Agreed::Gone) };
    if waiting.account == by.id() || waiting.opened_by == Some(by.id()) {
        return Ok(Agreed::NotYou);
    }
    let ((token, hash), until) = (new_token(ctx), now + TOKEN);
    if !enrolment::agree(&mut transaction, id, now, by.id(), &hash, until).await? {
        return Ok(Agreed::Gone);
    }
    let sessions = session::revoke_all(&mut transaction, waiting.account, Uuid::nil(), now).await?;
    let detail = serde_json::json!({ "enrolment": id, "cause": waiting.cause.key(), "sessions": sessions });
    ctx.audit(&mut transaction, by.actor(), "enrolment.agree", &waiting.account.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Agreed::Done(Invitation { token, until }))
}

/// Withdraws an account's way in, agreed to or not. False if there is none.
pub async fn withdraw(ctx: &Context, by: Manager<'_>, account: Uuid) -> Result<bool, Error> {
    by.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    let closed = enrolment::close(&mut transaction, account).await?;
    if closed {
        ctx.audit(&mut transaction, by.actor(), "enrolment.withdraw", &account.to_string(), serde_json::json!({})).await?;
    }
    transaction.commit().await?;
    Ok(closed)
}

/// What waits for a second administrator.
pub async fn waiting(ctx: &Context, by: Manager<'_>) -> Result<Vec<WaitingEnrolment>, Error> {
    by.check()?;
    let mut connection = ctx.store.read_primary().await?;
    let mut waiting = Vec::new();
    for Enrolment { id, account, cause, opened_at, opened_by, expires_at, .. } in
        enrolment::waiting(&mut connection, ctx.now()).await?
    {
        if let Some(found) = account::find(&mut connection, &ctx.keys, account).await? {
            waiting.push(WaitingEnrolment { id, account: AccountLabel::of(&found), cause, opened_at, opened_by, expires_at });
        }
    }
    Ok(waiting)
}

/// Who may agree; a page asks this before it offers it.
pub fn may_agree(by: &Officer, waiting: &WaitingEnrolment) -> bool {
    by.may_somewhere(Action::ManageAccounts) && waiting.account.id != by.id() && waiting.opened_by != Some(by.id())
}

async fn of_token(ctx: &Context, connection: &mut Connection, hash: &[u8; 32]) -> Result<Option<(Enrolment, Account)>, Error> {
    let Some(found) = enrolment::by_token(connection, hash, ctx.now()).await? else { return Ok(None) };
    let account = account::find(connection, &ctx.keys, found.account).await?;
    Ok(account.filter(|account| account.state == AccountState::Active).map(|account| (found, account)))
}

/// Whom a token lets in; none if it was used, has expired, or never was.
pub async fn invitation(ctx: &Context, token: &str) -> Result<Option<Invited>, Error> {
    let found = of_token(ctx, &mut ctx.store.read_primary().await?, &sha256(token.as_bytes())).await?;
    Ok(found.map(|(found, account)| Invited { account: AccountLabel::of(&account), cause: found.cause, until: found.expires_at }))
}

/// The secret to set up an authenticator with, the same until it is used.
pub async fn invitation_totp(ctx: &Context, token: &str) -> Result<Option<TotpSetup>, Error> {
    let hash = sha256(token.as_bytes());
    let found = of_token(ctx, &mut ctx.store.read_primary().await?, &hash).await?;
    match found {
        Some((_, account)) => totp_setup(ctx, &hash, &account).await.map(Some),
        None => Ok(None),
    }
}

/// What to ask a browser for a passkey: the JSON for `navigator.credentials.create`.
pub async fn invitation_passkey(ctx: &Context, token: &str) -> Result<Option<String>, Error> {
    let hash = sha256(token.as_bytes());
    let found = of_token(ctx, &mut ctx.store.read_primary().await?, &hash).await?;
    match found {
        Some((_, account)) => passkey_setup(ctx, &hash, &account).await,
        None => Ok(None),
    }
}

/// Sets the password and the one second factor of an account, in place of all that it had. The token is used up, failures are
/// forgotten, and sessions end.
pub async fn enrol(ctx: &Context, token: &str, new: &Sensitive<String>, factor: NewFactor<'_>) -> Result<Enrolled, Error> {
    let (hash, now) = (sha256(token.as_bytes()), ctx.now());
    let found = of_token(ctx, &mut ctx.store.read_primary().await?, &hash).await?;
    let Some((_, account)) = found else { return Ok(Enrolled::Over) };
    if let Some(problem) = password::problem(new.expose(), &account.name, &account.sign_in_name) {
        return Ok(Enrolled::Password(problem));
    }
    // Before the transaction: it takes its time.
    let password = ctx.identity.passwords.hash(new).await?;
    let mut transaction = ctx.store.begin().await?;
    account::hold(&mut transaction, account.id).await?;
    // Somebody may have used it meanwhile.
    let Some((found, account)) = of_token(ctx, &mut transaction, &hash).await? else { return Ok(Enrolled::Over) };
    factor::remove_all(&mut transaction, account.id).await?;
    let added = keep(ctx, &mut transaction, &hash, account.id, "", factor).await?;
    if added != Added::Done {
        return Ok(Enrolled::Factor(added));
    }
    account::set_password(&mut transaction, account.id, &password).await?;
    enrolment::close(&mut transaction, account.id).await?;
    session::revoke_all(&mut transaction, account.id, Uuid::nil(), now).await?;
    throttle::forget(ctx, &mut transaction, account.sign_in_name.as_str()).await?;
    let detail = serde_json::json!({ "enrolment": found.id, "cause": found.cause.key() });
    ctx.audit(&mut transaction, Actor::Officer(account.id), "enrolment.use", &account.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Enrolled::Done)
}
