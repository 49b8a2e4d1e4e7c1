//! Accounts, as administrators look after them.

use chrono::{DateTime, Utc};
use shared::identity::{AccountState, FactorKind, Grant, Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::identity::account::{self, Account, Origin};
use store::identity::enrolment::Cause;
use store::identity::grant::{self, Basis, NewGrant};
use store::identity::{enrolment as enrolments, factor, session as sessions};
use uuid::Uuid;

use super::enrolment::{Invitation, open_first, open_in};
use super::session::{self, SessionView};
use super::{Manager, throttle};
use crate::{Action, Actor, Context, Error};

/// An account to be added.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub sign_in_name: SignInName,
    pub name: StaffName,
    pub email: Option<Sensitive<String>>,
    /// Where the person works. What they may do is a matter of grants.
    pub office: OfficeCode,
}

/// An account in a list.
#[derive(Debug, Clone)]
pub struct AccountView {
    pub id: Uuid,
    pub sign_in_name: SignInName,
    pub name: StaffName,
    pub email: Option<Sensitive<String>>,
    pub office: OfficeCode,
    pub state: AccountState,
    pub is_demo: bool,
    pub has_second_factor: bool,
    pub created_at: DateTime<Utc>,
    pub signed_in_at: Option<DateTime<Utc>>,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            sign_in_name: account.sign_in_name,
            name: account.name,
            email: account.email,
            office: account.office,
            state: account.state,
            is_demo: account.origin == Origin::Demo,
            has_second_factor: account.factors > 0,
            created_at: account.created_at,
            signed_in_at: account.signed_in_at,
        }
    }
}

fn taken(name: &SignInName) -> Error {
    Error::Unusable(format!("There is an account with the sign-in name \"{}\" already. Choose another one.", name.as_str()))
}

async fn add_in(
    ctx: &Context,
    transaction: &mut Connection,
    by: Manager<'_>,
    new: &NewAccount,
    origin: Origin,
) -> Result<Uuid, Error> {
    let (id, created_at) = (ctx.clock.new_id(), ctx.now());
    let NewAccount { sign_in_name, name, email, office } = new;
    let row = account::NewAccount { id, sign_in_name, name, email: email.as_ref(), office, origin, created_at };
    if !account::add(transaction, &ctx.keys, &row).await? {
        return Err(taken(sign_in_name));
    }
    ctx.audit(transaction, by.actor(), "account.add", &id.to_string(), serde_json::json!({ "office": office.as_str() })).await?;
    Ok(id)
}

/// Adds an account and opens its enrolment, to which another administrator has to agree.
///
/// # Errors
/// [`Error::Unusable`] if the sign-in name is taken.
pub async fn add(ctx: &Context, by: Manager<'_>, new: &NewAccount) -> Result<Uuid, Error> {
    by.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    let id = add_in(ctx, &mut transaction, by, new, Origin::Agency).await?;
    open_in(ctx, &mut transaction, by, id, Cause::New).await?;
    transaction.commit().await?;
    Ok(id)
}

/// What became of adding an administrator from the command line.
#[derive(Debug)]
pub enum AddedAdministrator {
    /// The first one, with the token to enrol.
    First(Invitation),
    /// There is one already, who has to agree to the role and to the enrolment.
    Waits,
}

/// Adds an administrator as an operator with a shell. Where no administrator can sign in yet, nobody could agree: so the first one
/// is made at once. Asked again before that one has enrolled, it gives another token.
///
/// # Errors
/// [`Error::Unusable`] if the sign-in name is taken.
pub async fn add_administrator(ctx: &Context, new: &NewAccount) -> Result<AddedAdministrator, Error> {
    let (by, now) = (Manager::Operator, ctx.now());
    by.check_fresh(now)?;
    let mut transaction = ctx.store.begin().await?;
    let role = Grant { role: Role::Administrator, office: new.office.clone(), starts_at: now, ends_at: None };
    if grant::any_administrator(&mut transaction, now).await? {
        let id = add_in(ctx, &mut transaction, by, new, Origin::Agency).await?;
        super::grant::propose_in(ctx, &mut transaction, by, id, &role).await?;
        open_in(ctx, &mut transaction, by, id, Cause::New).await?;
        transaction.commit().await?;
        return Ok(AddedAdministrator::Waits);
    }
    let known = account::by_name(&mut transaction, &ctx.keys, &new.sign_in_name).await?;
    let id = match known {
        Some(known) if is_first(&mut transaction, known.id).await? && known.password_hash.is_none() => known.id,
        Some(_) => return Err(taken(&new.sign_in_name)),
        None => add_in(ctx, &mut transaction, by, new, Origin::Agency).await?,
    };
    // One at a time: the database sees to it, too.
    grant::end_first(&mut transaction, now).await?;
    let grant_id = ctx.clock.new_id();
    let basis = Basis::First;
    let first = NewGrant { id: grant_id, account: id, grant: &role, basis, proposed_at: now, proposed_by: None, holds: true };
    grant::add(&mut transaction, &first).await?;
    let detail = serde_json::json!({ "grant": grant_id, "role": role.role.key(), "office": role.office.as_str() });
    ctx.audit(&mut transaction, by.actor(), "grant.first", &id.to_string(), detail).await?;
    let invitation = open_first(ctx, &mut transaction, id).await?;
    transaction.commit().await?;
    Ok(AddedAdministrator::First(invitation))
}

async fn is_first(connection: &mut Connection, account: Uuid) -> Result<bool, Error> {
    let grants = grant::of_account(connection, account).await?;
    Ok(grants.iter().any(|grant| grant.grant.role == Role::Administrator && grant.agreed_by.is_none()))
}

/// Every account, in the order of their sign-in names.
pub async fn list(ctx: &Context, by: Manager<'_>) -> Result<Vec<AccountView>, Error> {
    by.check()?;
    let accounts = account::list(&mut ctx.store.read_primary().await?, &ctx.keys).await?;
    Ok(accounts.into_iter().map(AccountView::from).collect())
}

pub async fn find(ctx: &Context, by: Manager<'_>, id: Uuid) -> Result<Option<AccountView>, Error> {
    by.check()?;
    Ok(account::find(&mut ctx.store.read_primary().await?, &ctx.keys, id).await?.map(AccountView::from))
}

pub async fn by_name(ctx: &Context, by: Manager<'_>, name: &SignInName) -> Result<Option<AccountView>, Error> {
    by.check()?;
    Ok(account::by_name(&mut ctx.store.read_primary().await?, &ctx.keys, name).await?.map(AccountView::from))
}

/// Disables an account: its sessions end at once, and nobody can sign in to it. False if it was so, or it is one's own.
pub async fn disable(ctx: &Context, by: Manager<'_>, id: Uuid) -> Result<bool, Error> {
    let now = ctx.now();
    by.check_fresh(now)?;
    let mut transaction = ctx.store.begin().await?;
    if by.id() == Some(id) || !account::set_state(&mut transaction, id, AccountState::Disabled).await? {
        return Ok(false);
    }
    // Enabled again, none of them comes back.
    sessions::revoke_all(&mut transaction, id, Uuid::nil(), now).await?;
    enrolments::close(&mut transaction, id).await?;
    ctx.audit(&mut transaction, by.actor(), "account.disable", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Opens a disabled account again, with the grants that still hold. False if it was not disabled.
pub async fn enable(ctx: &Context, by: Manager<'_>, id: Uuid) -> Result<bool, Error> {
    by.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    if by.id() == Some(id) || !account::set_state(&mut transaction, id, AccountState::Active).await? {
        return Ok(false);
    }
    ctx.audit(&mut transaction, by.actor(), "account.enable", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Until when an account's sign-in name is locked.
pub async fn locked_until(ctx: &Context, by: Manager<'_>, account: &AccountView) -> Result<Option<DateTime<Utc>>, Error> {
    by.check()?;
    throttle::locked_until(ctx, &mut ctx.store.read_primary().await?, account.sign_in_name.as_str()).await
}

/// Unlocks an account after too many failures. False if there is none, or nothing failed.
pub async fn unlock(ctx: &Context, by: Manager<'_>, id: Uuid) -> Result<bool, Error> {
    by.check_fresh(ctx.now())?;
    let mut transaction = ctx.store.begin().await?;
    let Some(account) = account::find(&mut transaction, &ctx.keys, id).await? else { return Ok(false) };
    let unlocked = throttle::forget(ctx, &mut transaction, account.sign_in_name.as_str()).await?;
    if unlocked {
        ctx.audit(&mut transaction, by.actor(), "account.unlock", &id.to_string(), serde_json::json!({})).await?;
    }
    transaction.commit().await?;
    Ok(unlocked)
}

/// The live sessions of an account.
pub async fn sessions(ctx: &Context, by: Manager<'_>, id: Uuid) -> Result<Vec<SessionView>, Error> {
    by.check()?;
    session::of_account(ctx, id, None).await
}

/// Ends all sessions of an account and says how many there were.
pub async fn revoke_sessions(ctx: &Context, by: Manager<'_>, id: Uuid) -> Result<u64, Error> {
    let now = ctx.now();
    by.check_fresh(now)?;
    let mut transaction = ctx.store.begin().await?;
    let revoked = sessions::revoke_all(&mut transaction, id, Uuid::nil(), now).await?;
    if revoked > 0 {
        let detail = serde_json::json!({ "sessions": revoked });
        ctx.audit(&mut transaction, by.actor(), "session.revoke", &id.to_string(), detail).await?;
    }
    transaction.commit().await?;
    Ok(revoked)
}

/// Ends one session of an account. False if there is no such.
pub async fn revoke_session(ctx: &Context, by: Manager<'_>, id: Uuid, session: Uuid) -> Result<bool, Error> {
    let now = ctx.now();
    by.check_fresh(now)?;
    let mut transaction = ctx.store.begin().await?;
    let revoked = sessions::revoke(&mut transaction, session, id, now).await?;
    if revoked {
        let detail = serde_json::json!({ "session": session });
        ctx.audit(&mut transaction, by.actor(), "session.revoke", &id.to_string(), detail).await?;
    }
    transaction.commit().await?;
    Ok(revoked)
}

/// Somebody of the demo, with the secret of an authenticator that the demo shows.
#[derive(Debug)]
pub struct DemoAccount {
    pub account: NewAccount,
    /// At the account's own office.
    pub role: Role,
    pub secret: Sensitive<Vec<u8>>,
}

/// Adds the people of the demo, unless they are there. Two people stand behind each sensitive role here as well: the first of them is
/// the first administrator, who agrees to what an operator proposes.
///
/// # Errors
/// [`Error::Unusable`] if some of the names are taken.
pub async fn add_demo(ctx: &Context, password: &Sensitive<String>, people: &[DemoAccount]) -> Result<(), Error> {
    Actor::Operator.check(Action::ManageAccounts)?;
    let now = ctx.now();
    // One for all: nobody's secret is at stake.
    let hash = ctx.identity.passwords.hash(password).await?;
    let mut transaction = ctx.store.begin().await?;
    if account::any_demo(&mut transaction).await? {
        return Ok(());
    }
    grant::end_first(&mut transaction, now).await?;
    let mut first = None;
    for person in people {
        let id = add_in(ctx, &mut transaction, Manager::Operator, &person.account, Origin::Demo).await?;
        account::set_password(&mut transaction, id, &hash).await?;
        let (factor_id, kind, name, content) = (ctx.clock.new_id(), FactorKind::Totp, "Demo authenticator", &person.secret);
        let new = factor::NewFactor { id: factor_id, account: id, kind, name, content, credential: None, added_at: now };
        factor::add(&mut transaction, &ctx.keys, &new).await?;
        let role = Grant { role: person.role, office: person.account.office.clone(), starts_at: now, ends_at: None };
        give_in_demo(ctx, &mut transaction, id, &role, first).await?;
        first = first.or(Some(id));
    }
    Ok(transaction.commit().await?)
}

async fn give_in_demo(
    ctx: &Context,
    transaction: &mut Connection,
    account: Uuid,
    role: &Grant,
    first: Option<Uuid>,
) -> Result<(), Error> {
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    let basis = if first.is_none() { Basis::First } else { Basis::Agreement };
    let holds = first.is_none() || !role.role.is_sensitive();
    grant::add(transaction, &NewGrant { id, account, grant: role, basis, proposed_at: now, proposed_by: None, holds }).await?;
    if let Some(first) = first.filter(|_| !holds) {
        grant::agree(transaction, id, now, first).await?;
    }
    let detail = serde_json::json!({ "grant": id, "role": role.role.key(), "office": role.office.as_str() });
    ctx.audit(transaction, Actor::Operator, "grant.demo", &account.to_string(), detail).await
}
