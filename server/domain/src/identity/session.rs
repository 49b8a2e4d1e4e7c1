//! Sessions of the console: rows, so that they can be listed, locked and ended from elsewhere.

use chrono::{DateTime, TimeDelta, Utc};
use shared::identity::{Client, Grant, Method, Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use store::crypto::sha256;
use store::engine::Connection;
use store::identity::account::{self, Account};
use store::identity::{grant, session as sessions};
use uuid::Uuid;

use super::{new_token, provider};
use crate::{Context, Error, Officer};

/// The longest session (NIST SP 800-63B-4, AAL3).
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// The longest that nobody is there.
pub const IDLE: TimeDelta = TimeDelta::minutes(15);
/// How long a second factor is fresh.
pub const FRESH: TimeDelta = TimeDelta::minutes(5);
/// That somebody is there is written this often, not at each click.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Whose account it is, as colleagues see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLabel {
    pub id: Uuid,
    pub sign_in_name: SignInName,
    pub name: StaffName,
    pub office: OfficeCode,
}

impl AccountLabel {
    pub(super) fn of(account: &Account) -> Self {
        Self {
            id: account.id,
            sign_in_name: account.sign_in_name.clone(),
            name: account.name.clone(),
            office: account.office.clone(),
        }
    }
}

/// A session that is live, with what the account may do at this moment.
#[derive(Debug, Clone)]
pub struct Live {
    pub id: Uuid,
    pub officer: Officer,
    pub account: AccountLabel,
    pub method: Method,
    /// When it ends if nobody is there until then.
    pub idle_until: DateTime<Utc>,
    /// When it ends in any case.
    pub ends_at: DateTime<Utc>,
    /// Until when the second factor is fresh.
    pub stepped_up_until: Option<DateTime<Utc>>,
    /// For the token in forms. It stays the same as long as the session, whose own token does not.
    pub csrf: [u8; 32],
    pub(super) token_hash: [u8; 32],
}

/// A session that was locked: a second factor opens it again, nothing else does.
#[derive(Debug, Clone)]
pub struct Shut {
    pub id: Uuid,
    pub account: AccountLabel,
    pub method: Method,
    pub idle_until: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub csrf: [u8; 32],
}

/// How it stands with a token.
#[derive(Debug, Clone)]
pub enum Standing {
    Open(Box<Live>),
    Locked(Box<Shut>),
    /// There is none, or it is over.
    None,
}

/// A session that has just begun, or got another token.
#[derive(Debug)]
pub struct NewSession {
    pub id: Uuid,
    pub token: Sensitive<String>,
    pub ends_at: DateTime<Utc>,
}

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    pub id: Uuid,
    pub method: Method,
    /// `Firefox on Linux`.
    pub client: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub is_locked: bool,
    /// The one that asks.
    pub is_this: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// Somebody did something.
    Here,
    /// A page looks by itself whether there is news.
    Unknown,
}

/// The live session behind a token, with the grants of this moment. Somebody is there: the time without anybody begins anew.
pub async fn session(ctx: &Context, token: &str) -> Result<Option<Live>, Error> {
    Ok(open(look(ctx, token, Presence::Here).await?))
}

/// The same without counting as somebody's presence: for what a page asks by itself.
pub async fn peek(ctx: &Context, token: &str) -> Result<Option<Live>, Error> {
    Ok(open(look(ctx, token, Presence::Unknown).await?))
}

/// Whether a session is open, locked or over. Does not count as somebody's presence.
pub async fn standing(ctx: &Context, token: &str) -> Result<Standing, Error> {
    look(ctx, token, Presence::Unknown).await
}

fn open(standing: Standing) -> Option<Live> {
    match standing {
        Standing::Open(live) => Some(*live),
        Standing::Locked(_) | Standing::None => None,
    }
}

async fn look(ctx: &Context, token: &str, presence: Presence) -> Result<Standing, Error> {
    let (now, token_hash) = (ctx.now(), sha256(token.as_bytes()));
    let mut connection = ctx.store.read_primary().await?;
    let Some(session) = sessions::find(&mut connection, &token_hash, now, now - IDLE).await? else { return Ok(Standing::None) };
    let Some(account) = account::find(&mut connection, &ctx.keys, session.account).await? else { return Ok(Standing::None) };
    let csrf = ctx.sealer().mac("console form", session.id.as_bytes());
    let account = AccountLabel::of(&account);
    let mut seen_at = session.last_seen_at;
    if session.locked_at.is_some() {
        let (idle_until, ends_at) = (seen_at + IDLE, session.ends_at);
        let shut = Shut { id: session.id, account, method: session.method, idle_until, ends_at, csrf };
        return Ok(Standing::Locked(Box::new(shut)));
    }
    let grants = grant::in_force(&mut connection, session.account, now).await?;
    let mut grants: Vec<Grant> = grants.into_iter().map(|grant| grant.grant).collect();
    // Who opens accounts must not open cases, even if both was said at different times.
    let is_administrator = grants.iter().any(|grant| grant.role == Role::Administrator);
    if session.method == Method::Provider && !is_administrator {
        grants.extend(provider::named(&mut connection, &session).await?);
    }
    drop(connection);
    if presence == Presence::Here && now - seen_at >= SEEN_EVERY {
        let mut transaction = ctx.store.begin().await?;
        sessions::see(&mut transaction, session.id, now).await?;
        transaction.commit().await?;
        seen_at = now;
    }
    let stepped_up_until = session.stepped_up_at.map(|at| at + FRESH).filter(|until| now < *until);
    Ok(Standing::Open(Box::new(Live {
        id: session.id,
        officer: Officer::new(session.account, grants, now).stepped_up_until(stepped_up_until),
        account,
        method: session.method,
        idle_until: (seen_at + IDLE).min(session.ends_at),
        ends_at: session.ends_at,
        stepped_up_until,
        csrf,
        token_hash,
    })))
}

/// Begins a session, in the transaction that saw both factors.
pub(super) async fn begin(
    ctx: &Context,
    transaction: &mut Connection,
    account: Uuid,
    method: Method,
    client: Client,
) -> Result<NewSession, Error> {
    let (now, (token, hash)) = (ctx.now(), new_token(ctx));
    let ends_at = now + LONGEST;
    let id = ctx.clock.new_id();
    let new = sessions::NewSession { id, token_hash: &hash, account, method, client: &client.label(), created_at: now, ends_at };
    sessions::add(transaction, &new).await?;
    account::signed_in(transaction, account, now).await?;
    let detail = serde_json::json!({ "method": method.key(), "session": id });
    ctx.audit(transaction, crate::Actor::Officer(account), "session.begin", &account.to_string(), detail).await?;
    Ok(NewSession { id, token, ends_at })
}

/// Locks the session: what it shows is hidden until a second factor opens it.
pub async fn lock(ctx: &Context, live: &Live) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    if sessions::lock(&mut transaction, live.id, ctx.now()).await? {
        note(ctx, &mut transaction, live, "session.lock", live.id).await?;
    }
    Ok(transaction.commit().await?)
}

/// Ends the session behind a token, locked or not.
pub async fn sign_out(ctx: &Context, token: &str) -> Result<(), Error> {
    let now = ctx.now();
    let mut transaction = ctx.store.begin().await?;
    let Some(session) = sessions::find(&mut transaction, &sha256(token.as_bytes()), now, now - IDLE).await? else { return Ok(()) };
    sessions::revoke(&mut transaction, session.id, session.account, now).await?;
    let detail = serde_json::json!({ "session": session.id });
    let actor = crate::Actor::Officer(session.account);
    ctx.audit(&mut transaction, actor, "session.end", &session.account.to_string(), detail).await?;
    Ok(transaction.commit().await?)
}

/// The live sessions of an account.
pub(super) async fn of_account(ctx: &Context, account: Uuid, this: Option<Uuid>) -> Result<Vec<SessionView>, Error> {
    let now = ctx.now();
    let mut connection = ctx.store.read_primary().await?;
    let found = sessions::of_account(&mut connection, account, now, now - IDLE).await?;
    let view = |session: sessions::Session| SessionView {
        id: session.id,
        method: session.method,
        client: session.client,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        ends_at: session.ends_at,
        is_locked: session.locked_at.is_some(),
        is_this: this == Some(session.id),
    };
    Ok(found.into_iter().map(view).collect())
}

/// A person's own live sessions.
pub async fn my_sessions(ctx: &Context, live: &Live) -> Result<Vec<SessionView>, Error> {
    of_account(ctx, live.account.id, Some(live.id)).await
}

/// Ends one of a person's own sessions. False if there is no such.
pub async fn revoke_my_session(ctx: &Context, live: &Live, session: Uuid) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    let revoked = sessions::revoke(&mut transaction, session, live.account.id, ctx.now()).await?;
    if revoked {
        note(ctx, &mut transaction, live, "session.revoke", session).await?;
    }
    transaction.commit().await?;
    Ok(revoked)
}

/// Ends all of a person's own sessions but this one, and says how many there were.
pub async fn revoke_my_others(ctx: &Context, live: &Live) -> Result<u64, Error> {
    let mut transaction = ctx.store.begin().await?;
    let revoked = sessions::revoke_all(&mut transaction, live.account.id, live.id, ctx.now()).await?;
    if revoked > 0 {
        let (subject, detail) = (live.account.id.to_string(), serde_json::json!({ "sessions": revoked }));
        ctx.audit(&mut transaction, live.officer.actor(), "session.revoke", &subject, detail).await?;
    }
    transaction.commit().await?;
    Ok(revoked)
}

async fn note(ctx: &Context, transaction: &mut Connection, live: &Live, action: &'static str, session: Uuid) -> Result<(), Error> {
    let detail = serde_json::json!({ "session": session });
    ctx.audit(transaction, live.officer.actor(), action, &live.account.id.to_string(), detail).await
}
