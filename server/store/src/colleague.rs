//! Who works where, by name: what officers see of each other.

use chrono::{DateTime, Utc};
use shared::identity::Role;
use shared::office::OfficeCode;
use shared::service_request::OfficerId;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, fetch, fetch_in, statement};

statement! { main,
    AT_OFFICE = "SELECT account.id, name, role FROM account JOIN role_grant ON role_grant.account_id = account.id \
                 WHERE role_grant.office = $1 AND agreed_at IS NOT NULL AND starts_at <= $2 AND (ends_at IS NULL OR ends_at > $2) \
                 AND state = 'active' ORDER BY name, account.id, role";
}

/// Somebody with a role at an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub officer: OfficerId,
    pub name: String,
    pub role: Role,
}

/// Who has a role at an office at this moment, in the order of their names; once for each role.
pub async fn at_office(connection: &mut Connection, office: &OfficeCode, now: DateTime<Utc>) -> Result<Vec<Colleague>, StoreError> {
    let read = |(id, name, role): (Uuid, String, String)| {
        let role = Role::from_key(&role).ok_or(StoreError::inconsistent("role_grant", "role"))?;
        Ok(Colleague { officer: OfficerId(id.as_u128()), name, role })
    };
    fetch!(connection, fetch_all, (Uuid, String, String), &AT_OFFICE, office.as_str(), now)?.into_iter().map(read).collect()
}

/// The names of accounts, whatever their state. Who has none is left out.
pub async fn names(connection: &mut Connection, officers: &[OfficerId]) -> Result<Vec<(OfficerId, String)>, StoreError> {
    let ids: Vec<Uuid> = officers.iter().map(|officer| Uuid::from_u128(officer.0)).collect();
    let rows = fetch_in!(connection, (Uuid, String), "SELECT id, name FROM account WHERE id IN ", ids, "");
    Ok(rows.into_iter().map(|(id, name)| (OfficerId(id.as_u128()), name)).collect())
}
