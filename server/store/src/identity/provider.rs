//! What the agency's identity provider says of people.

use chrono::{DateTime, Utc};
use shared::identity::{Role, StaffName};
use shared::office::OfficeCode;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    LINK = "INSERT INTO provider_identity (id, account_id, issuer, subject_mac, linked_at) VALUES ($1, $2, $3, $4, $5)";
    ACCOUNT_OF = "SELECT account_id FROM provider_identity WHERE issuer = $1 AND subject_mac = $2";
    RENAME = "UPDATE account SET name = $2 WHERE id = $1 AND name <> $2";
    NAME_ROLE = "INSERT INTO provider_grant (session_id, role, office) VALUES ($1, $2, $3)";
    ROLES = "SELECT role, office FROM provider_grant WHERE session_id = $1 ORDER BY role, office";
    NOTE_PROPOSAL = "INSERT INTO provider_proposal (grant_id) VALUES ($1)";
    PROPOSALS = "SELECT role_grant.id FROM provider_proposal JOIN role_grant ON role_grant.id = provider_proposal.grant_id \
                 WHERE role_grant.account_id = $1 ORDER BY role_grant.id";
}

/// Somebody as the provider knows them.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub issuer: &'a str,
    /// A keyed hash of what the provider calls the person.
    pub subject_mac: &'a [u8],
}

/// The account that belongs to somebody.
pub async fn account_of(connection: &mut Connection, known: Known<'_>) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &ACCOUNT_OF, known.issuer, known.subject_mac)?.map(|(account,)| account))
}

pub async fn link(
    transaction: &mut Connection,
    id: Uuid,
    account: Uuid,
    known: Known<'_>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &LINK, id, account, known.issuer, known.subject_mac, at)?;
    Ok(())
}

/// Writes a name that is new. False if it was so.
pub async fn rename(transaction: &mut Connection, account: Uuid, name: &StaffName) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &RENAME, account, name.as_str())? > 0)
}

/// Notes a role for a session.
pub async fn name_role(transaction: &mut Connection, session: Uuid, role: Role, office: &OfficeCode) -> Result<(), StoreError> {
    execute!(transaction, &NAME_ROLE, session, role.key(), office.as_str())?;
    Ok(())
}

/// The roles that were named for a session.
pub async fn roles(connection: &mut Connection, session: Uuid) -> Result<Vec<(Role, OfficeCode)>, StoreError> {
    let wrong = |column| StoreError::inconsistent("provider_grant", column);
    let read = |(role, office): (String, String)| {
        let office = OfficeCode::parse(&office).map_err(|_| wrong("office"))?;
        Ok((Role::from_key(&role).ok_or(wrong("role"))?, office))
    };
    fetch!(connection, fetch_all, (String, String), &ROLES, session)?.into_iter().map(read).collect()
}

/// Notes that a grant was proposed by the provider.
pub async fn note_proposal(transaction: &mut Connection, grant: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &NOTE_PROPOSAL, grant)?;
    Ok(())
}

/// The grants of an account that the provider proposed.
pub async fn proposals(connection: &mut Connection, account: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &PROPOSALS, account)?.into_iter().map(|(id,)| id).collect())
}
