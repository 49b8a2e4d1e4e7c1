//! Roles at offices, proposed and agreed to.

use chrono::{DateTime, Utc};
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO role_grant (id, account_id, role, office, starts_at, ends_at, basis, proposed_at, proposed_by, agreed_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FIND = "SELECT id, account_id, role, office, starts_at, ends_at, proposed_at, proposed_by, agreed_at, agreed_by \
            FROM role_grant WHERE id = $1";
    OF_ACCOUNT = "SELECT id, account_id, role, office, starts_at, ends_at, proposed_at, proposed_by, agreed_at, agreed_by \
                  FROM role_grant WHERE account_id = $1 ORDER BY proposed_at, id";
    IN_FORCE = "SELECT id, account_id, role, office, starts_at, ends_at, proposed_at, proposed_by, agreed_at, agreed_by \
                FROM role_grant WHERE account_id = $1 AND agreed_at IS NOT NULL AND starts_at <= $2 \
                AND (ends_at IS NULL OR ends_at > $2) ORDER BY id";
    WAITING = "SELECT id, account_id, role, office, starts_at, ends_at, proposed_at, proposed_by, agreed_at, agreed_by \
               FROM role_grant WHERE agreed_at IS NULL AND (ends_at IS NULL OR ends_at > $1) ORDER BY id";
    AGREE = "UPDATE role_grant SET agreed_at = $2, agreed_by = $3 WHERE id = $1 AND agreed_at IS NULL \
             AND (ends_at IS NULL OR ends_at > $2)";
    END = "UPDATE role_grant SET ends_at = $2 WHERE id = $1 AND (ends_at IS NULL OR ends_at > $2)";
    ANY_ADMINISTRATOR = "SELECT EXISTS (SELECT 1 FROM role_grant JOIN account ON account.id = role_grant.account_id \
                         WHERE role = 'administrator' AND agreed_at IS NOT NULL AND starts_at <= $1 \
                         AND (ends_at IS NULL OR ends_at > $1) AND account.state = 'active' \
                         AND (password_hash IS NOT NULL OR signed_in_at IS NOT NULL))";
    END_FIRST = "UPDATE role_grant SET ends_at = $1 WHERE basis = 'first' AND ends_at IS NULL";
}

/// Why a grant may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    Agreement,
    /// The first administrator has nobody to agree. One at a time.
    First,
}

/// A grant to be added.
#[derive(Debug)]
pub struct NewGrant<'a> {
    pub id: Uuid,
    pub account: Uuid,
    pub grant: &'a Grant,
    pub basis: Basis,
    pub proposed_at: DateTime<Utc>,
    /// Nobody is an operator with a shell.
    pub proposed_by: Option<Uuid>,
    /// Whether it needs nobody's agreement. The database refuses that of a sensitive role.
    pub holds: bool,
}

/// A grant as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGrant {
    pub id: Uuid,
    pub account: Uuid,
    pub grant: Grant,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: Option<Uuid>,
    pub agreed_at: Option<DateTime<Utc>>,
    pub agreed_by: Option<Uuid>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    role: String,
    office: String,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    proposed_at: DateTime<Utc>,
    proposed_by: Option<Uuid>,
    agreed_at: Option<DateTime<Utc>>,
    agreed_by: Option<Uuid>,
}

impl TryFrom<Row> for StoredGrant {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("role_grant", column);
        Ok(Self {
            id: row.id,
            account: row.account_id,
            grant: Grant {
                role: Role::from_key(&row.role).ok_or(wrong("role"))?,
                office: OfficeCode::parse(&row.office).map_err(|_| wrong("office"))?,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
            },
            proposed_at: row.proposed_at,
            proposed_by: row.proposed_by,
            agreed_at: row.agreed_at,
            agreed_by: row.agreed_by,
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<StoredGrant>, StoreError> {
    rows.into_iter().map(StoredGrant::try_from).collect()
}

pub async fn add(transaction: &mut Connection, new: &NewGrant<'_>) -> Result<(), StoreError> {
    let basis = match new.basis {
        Basis::Agreement => "agreement",
        Basis::First => "first",
    };
    let agreed_at = new.holds.then_some(new.proposed_at);
    let Grant { role, office, starts_at, ends_at } = new.grant;
    execute!(
        transaction,
        &ADD,
        new.id,
        new.account,
        role.key(),
        office.as_str(),
        *starts_at,
        *ends_at,
        basis,
        new.proposed_at,
        new.proposed_by,
        agreed_at
    )?;
    Ok(())
}

pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<StoredGrant>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(StoredGrant::try_from).transpose()
}

/// Every grant of an account: held, ended, waiting. The oldest first.
pub async fn of_account(connection: &mut Connection, account: Uuid) -> Result<Vec<StoredGrant>, StoreError> {
    read(fetch!(connection, fetch_all, Row, &OF_ACCOUNT, account)?)
}

/// The grants of an account that hold at an instant.
pub async fn in_force(connection: &mut Connection, account: Uuid, now: DateTime<Utc>) -> Result<Vec<StoredGrant>, StoreError> {
    read(fetch!(connection, fetch_all, Row, &IN_FORCE, account, now)?)
}

/// Grants that wait for a second person.
pub async fn waiting(connection: &mut Connection, now: DateTime<Utc>) -> Result<Vec<StoredGrant>, StoreError> {
    read(fetch!(connection, fetch_all, Row, &WAITING, now)?)
}

/// Notes that a second person agreed. False if nothing waits. The database refuses the proposer and who would get it.
pub async fn agree(transaction: &mut Connection, id: Uuid, at: DateTime<Utc>, by: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &AGREE, id, at, by)? > 0)
}

/// Ends a grant, or a proposal. False if it has ended.
pub async fn end(transaction: &mut Connection, id: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END, id, at)? > 0)
}

/// Whether there is an administrator now, not disabled, who has ever set up a way to sign in.
pub async fn any_administrator(connection: &mut Connection, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &ANY_ADMINISTRATOR, now)?.0)
}

/// Makes room for another first administrator, when the one before is disabled.
pub async fn end_first(transaction: &mut Connection, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &END_FIRST, at)?;
    Ok(())
}
