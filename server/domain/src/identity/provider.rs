//! Signing in by the agency's identity provider: who it vouches for has an account from the first time on, and the roles that it
//! names hold in that session.
//!
//! A role that opens other people's accounts, work or acts needs two people here as everywhere: the provider's word is the first, a
//! grant waits for an administrator. It ends at the first sign-in at which the provider does not name the role any more.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::identity::{AccountState, Client, Grant, Method, Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use store::crypto::hex;
use store::engine::Connection;
use store::identity::account::{self, Account, NewAccount, Origin};
use store::identity::grant::{self, Basis, NewGrant, StoredGrant};
use store::identity::provider::{self, Known};
use uuid::Uuid;

use super::session::{self, NewSession};
use crate::{Actor, Context, Error};

/// Somebody the provider vouches for.
#[derive(Debug, Clone)]
pub struct Vouched {
    pub issuer: String,
    /// What the provider calls the person.
    pub subject: Sensitive<String>,
    pub name: Option<StaffName>,
    pub roles: Vec<(Role, OfficeCode)>,
    /// How the person signed in there.
    pub acr: Option<String>,
    /// Whether a PIV card was shown there.
    pub showed_card: bool,
}

/// What became of somebody the provider vouches for.
#[derive(Debug)]
pub enum ByProvider {
    Done(NewSession),
    /// An administrator has disabled the account.
    Disabled,
    /// None of the roles is at an office that the agency has.
    NoOffice,
    /// The provider names an administrator and something else at once: who opens accounts must not open cases.
    Separate,
    /// The roles wait until an administrator agrees.
    Waits,
}

/// Begins a session for somebody the provider vouches for. Who comes for the first time gets an account.
pub async fn sign_in_by_provider(ctx: &Context, vouched: &Vouched, client: Client) -> Result<ByProvider, Error> {
    let mac = mac(ctx, &vouched.issuer, &vouched.subject);
    let known = Known { issuer: &vouched.issuer, subject_mac: &mac };
    let mut transaction = ctx.store.begin().await?;
    let roles = at_offices(&mut transaction, &vouched.roles).await?;
    let Some((_, office)) = roles.first() else { return Ok(ByProvider::NoOffice) };
    let is_administrator = roles.iter().any(|(role, _)| *role == Role::Administrator);
    if is_administrator && roles.iter().any(|(role, _)| *role != Role::Administrator) {
        return Ok(ByProvider::Separate);
    }
    let account = known_or_new(ctx, &mut transaction, known, vouched.name.as_ref(), office).await?;
    if account.state == AccountState::Disabled {
        return Ok(ByProvider::Disabled);
    }
    if let Some(name) = &vouched.name {
        provider::rename(&mut transaction, account.id, name).await?;
    }
    propose(ctx, &mut transaction, account.id, &roles).await?;
    let held = grant::in_force(&mut transaction, account.id, ctx.now()).await?;
    let named: Vec<_> = roles.into_iter().filter(|(role, _)| !role.is_sensitive()).collect();
    if named.is_empty() && held.is_empty() {
        // The account and what waits stay.
        transaction.commit().await?;
        return Ok(ByProvider::Waits);
    }
    if !named.is_empty() && held.iter().any(|held| held.grant.role == Role::Administrator) {
        return Ok(ByProvider::Separate);
    }
    let session = session::begin(ctx, &mut transaction, account.id, Method::Provider, client).await?;
    for (role, office) in &named {
        provider::name_role(&mut transaction, session.id, *role, office).await?;
    }
    let roles: Vec<String> = named.iter().map(|(role, office)| format!("{}@{}", role.key(), office.as_str())).collect();
    let detail = serde_json::json!({ "session": session.id, "roles": roles, "acr": vouched.acr, "card": vouched.showed_card });
    ctx.audit(&mut transaction, Actor::System, "provider.vouch", &account.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(ByProvider::Done(session))
}

/// The account of somebody the provider knows; none before the first sign-in.
pub async fn provider_account(ctx: &Context, issuer: &str, subject: &Sensitive<String>) -> Result<Option<Uuid>, Error> {
    let mac = mac(ctx, issuer, subject);
    Ok(provider::account_of(&mut ctx.store.read_primary().await?, Known { issuer, subject_mac: &mac }).await?)
}

/// Notes that somebody whom the provider sent back was not let in. `why` is a word of the program's.
pub async fn note_refused_by_provider(ctx: &Context, why: &str) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    ctx.audit(&mut transaction, Actor::Public, "sign_in.fail", "provider", serde_json::json!({ "at": why })).await?;
    Ok(transaction.commit().await?)
}

/// The roles of a session that began at the provider, as grants.
pub(super) async fn named(connection: &mut Connection, session: &store::identity::session::Session) -> Result<Vec<Grant>, Error> {
    let (starts_at, ends_at) = (session.created_at, Some(session.ends_at));
    let roles = provider::roles(connection, session.id).await?;
    Ok(roles.into_iter().map(|(role, office)| Grant { role, office, starts_at, ends_at }).collect())
}

/// The issuer is part of it: two providers may call two people the same.
fn mac(ctx: &Context, issuer: &str, subject: &Sensitive<String>) -> Vec<u8> {
    ctx.keys.blind_index("provider subject", &format!("{issuer}\n{}", subject.expose()))
}

/// The roles at offices that there are, each once.
async fn at_offices(connection: &mut Connection, roles: &[(Role, OfficeCode)]) -> Result<Vec<(Role, OfficeCode)>, Error> {
    let offices = store::office::all_versions(connection).await?;
    let offices: BTreeSet<_> = offices.into_iter().map(|(_, office)| office.code).collect();
    let roles: BTreeSet<_> = roles.iter().filter(|(_, office)| offices.contains(office)).cloned().collect();
    Ok(roles.into_iter().collect())
}

async fn known_or_new(
    ctx: &Context,
    transaction: &mut Connection,
    known: Known<'_>,
    name: Option<&StaffName>,
    office: &OfficeCode,
) -> Result<Account, Error> {
    if let Some(id) = provider::account_of(transaction, known).await? {
        account::hold(transaction, id).await?;
        return account::find(transaction, &ctx.keys, id).await?.ok_or(Error::Internal);
    }
    let (id, created_at) = (ctx.clock.new_id(), ctx.now());
    // Made of the hash, so that the same person at two servers at once is still one: the second waits here for the first.
    let sign_in_name = SignInName::parse(&format!("sso-{}", hex(known.subject_mac.get(..10).unwrap_or_default())));
    let (sign_in_name, unnamed) = (sign_in_name.map_err(|_| Error::Internal)?, StaffName::parse("Unnamed"));
    let unnamed = unnamed.map_err(|_| Error::Internal)?;
    let (name, origin) = (name.unwrap_or(&unnamed), Origin::Agency);
    let new = NewAccount { id, sign_in_name: &sign_in_name, name, email: None, office, origin, created_at };
    if !account::add(transaction, &ctx.keys, &new).await? {
        return account::by_name(transaction, &ctx.keys, &sign_in_name).await?.ok_or(Error::Internal);
    }
    provider::link(transaction, ctx.clock.new_id(), id, known, created_at).await?;
    let detail = serde_json::json!({ "office": office.as_str(), "by": "provider" });
    ctx.audit(transaction, Actor::System, "account.add", &id.to_string(), detail).await?;
    account::find(transaction, &ctx.keys, id).await?.ok_or(Error::Internal)
}

/// Proposes the sensitive roles that are named for the first time, and ends what the provider proposed and names no more.
async fn propose(ctx: &Context, transaction: &mut Connection, account: Uuid, roles: &[(Role, OfficeCode)]) -> Result<(), Error> {
    let now = ctx.now();
    let live = |grant: &StoredGrant, now: DateTime<Utc>| grant.grant.ends_at.is_none_or(|end| now < end);
    let grants: Vec<_> = grant::of_account(transaction, account).await?.into_iter().filter(|grant| live(grant, now)).collect();
    let by_provider = provider::proposals(transaction, account).await?;
    let is_named =
        |grant: &StoredGrant| roles.iter().any(|(role, office)| (*role, office) == (grant.grant.role, &grant.grant.office));
    for gone in grants.iter().filter(|grant| by_provider.contains(&grant.id) && !is_named(grant)) {
        grant::end(transaction, gone.id, now).await?;
        note(ctx, transaction, "grant.end", account, gone.id, &gone.grant).await?;
    }
    let is_there =
        |role: Role, office: &OfficeCode| grants.iter().any(|held| held.grant.role == role && held.grant.office == *office);
    for (role, office) in roles.iter().filter(|(role, office)| role.is_sensitive() && !is_there(*role, office)) {
        let grant = Grant { role: *role, office: office.clone(), starts_at: now, ends_at: None };
        let (id, basis) = (ctx.clock.new_id(), Basis::Agreement);
        grant::add(transaction, &NewGrant { id, account, grant: &grant, basis, proposed_at: now, proposed_by: None, holds: false })
            .await?;
        provider::note_proposal(transaction, id).await?;
        note(ctx, transaction, "grant.propose", account, id, &grant).await?;
    }
    Ok(())
}

async fn note(
    ctx: &Context,
    transaction: &mut Connection,
    action: &'static str,
    account: Uuid,
    id: Uuid,
    grant: &Grant,
) -> Result<(), Error> {
    let detail = serde_json::json!({ "grant": id, "role": grant.role.key(), "office": grant.office.as_str(), "by": "provider" });
    ctx.audit(transaction, Actor::System, action, &account.to_string(), detail).await
}
