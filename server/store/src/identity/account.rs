//! Accounts.

use chrono::{DateTime, Utc};
use shared::identity::{AccountState, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO account (id, sign_in_name, name, email, office, origin, created_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sign_in_name) DO NOTHING";
    FIND = "SELECT id, sign_in_name, name, email, office, state, origin, password_hash, created_at, signed_in_at, \
            (SELECT count(*) FROM second_factor WHERE second_factor.account_id = account.id) AS factors \
            FROM account WHERE id = $1";
    BY_NAME = "SELECT id, sign_in_name, name, email, office, state, origin, password_hash, created_at, signed_in_at, \
            (SELECT count(*) FROM second_factor WHERE second_factor.account_id = account.id) AS factors \
               FROM account WHERE sign_in_name = $1";
    LIST = "SELECT id, sign_in_name, name, email, office, state, origin, password_hash, created_at, signed_in_at, \
            (SELECT count(*) FROM second_factor WHERE second_factor.account_id = account.id) AS factors \
            FROM account ORDER BY sign_in_name";
    // Whoever changes what belongs to an account holds its row: of two changes at once the second sees the first.
    HOLD = "UPDATE account SET state = state WHERE id = $1 RETURNING id";
    SET_STATE = "UPDATE account SET state = $2 WHERE id = $1 AND state <> $2";
    SET_PASSWORD = "UPDATE account SET password_hash = $2 WHERE id = $1";
    SIGNED_IN = "UPDATE account SET signed_in_at = $2 WHERE id = $1";
    WITHOUT_FACTOR = "SELECT count(*) FROM account WHERE state = 'active' \
                      AND NOT EXISTS (SELECT 1 FROM second_factor WHERE second_factor.account_id = account.id)";
    ANY_DEMO = "SELECT EXISTS (SELECT 1 FROM account WHERE origin = 'demo')";
}

/// Where an account comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Agency,
    /// Made by `portico seed demo`: never served to others than this machine.
    Demo,
}

impl Origin {
    const fn key(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Demo => "demo",
        }
    }
}

/// An account to be added, without a password and a second factor.
#[derive(Debug)]
pub struct NewAccount<'a> {
    pub id: Uuid,
    pub sign_in_name: &'a SignInName,
    pub name: &'a StaffName,
    pub email: Option<&'a Sensitive<String>>,
    /// Where the person works. What they may do there is a matter of grants.
    pub office: &'a OfficeCode,
    pub origin: Origin,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Account {
    pub id: Uuid,
    pub sign_in_name: SignInName,
    pub name: StaffName,
    pub email: Option<Sensitive<String>>,
    pub office: OfficeCode,
    pub state: AccountState,
    pub origin: Origin,
    /// Argon2id in its text form; none before the person enrolled.
    pub password_hash: Option<Sensitive<String>>,
    pub created_at: DateTime<Utc>,
    pub signed_in_at: Option<DateTime<Utc>>,
    /// How many second factors there are.
    pub factors: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    sign_in_name: String,
    name: String,
    email: Option<Vec<u8>>,
    office: String,
    state: String,
    origin: String,
    password_hash: Option<String>,
    created_at: DateTime<Utc>,
    signed_in_at: Option<DateTime<Utc>>,
    factors: i64,
}

const fn email_cell(id: Uuid) -> Cell {
    Cell { table: "account", column: "email", row: id }
}

impl Row {
    fn open(self, keys: &Keys) -> Result<Account, StoreError> {
        let wrong = |column| StoreError::inconsistent("account", column);
        let email = self.email.map(|sealed| keys.secrets().open(email_cell(self.id), &sealed)).transpose()?;
        let email = email.map(String::from_utf8).transpose().map_err(|_| wrong("email"))?;
        Ok(Account {
            id: self.id,
            sign_in_name: SignInName::parse(&self.sign_in_name).map_err(|_| wrong("sign_in_name"))?,
            name: StaffName::parse(&self.name).map_err(|_| wrong("name"))?,
            email: email.map(Sensitive::new),
            office: OfficeCode::parse(&self.office).map_err(|_| wrong("office"))?,
            state: AccountState::from_key(&self.state).ok_or(wrong("state"))?,
            origin: [Origin::Agency, Origin::Demo].into_iter().find(|origin| origin.key() == self.origin).ok_or(wrong("origin"))?,
            password_hash: self.password_hash.map(Sensitive::new),
            created_at: self.created_at,
            signed_in_at: self.signed_in_at,
            factors: self.factors,
        })
    }
}

/// Adds an account. False if the sign-in name is taken.
pub async fn add(transaction: &mut Connection, keys: &Keys, new: &NewAccount<'_>) -> Result<bool, StoreError> {
    let email = new.email.map(|email| keys.secrets().seal(email_cell(new.id), email.expose().as_bytes())).transpose()?;
    let (sign_in_name, name, office) = (new.sign_in_name.as_str(), new.name.as_str(), new.office.as_str());
    let origin = new.origin.key();
    let added = execute!(transaction, &ADD, new.id, sign_in_name, name, email, office, origin, new.created_at)?;
    Ok(added > 0)
}

pub async fn find(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Account>, StoreError> {
    fetch!(connection, fetch_optional, Row, &FIND, id)?.map(|row| row.open(keys)).transpose()
}

pub async fn by_name(connection: &mut Connection, keys: &Keys, name: &SignInName) -> Result<Option<Account>, StoreError> {
    fetch!(connection, fetch_optional, Row, &BY_NAME, name.as_str())?.map(|row| row.open(keys)).transpose()
}

/// Every account, disabled ones too, in the order of their sign-in names.
pub async fn list(connection: &mut Connection, keys: &Keys) -> Result<Vec<Account>, StoreError> {
    fetch!(connection, fetch_all, Row, &LIST)?.into_iter().map(|row| row.open(keys)).collect()
}

/// Keeps others from changing what belongs to an account until this transaction ends. False if there is none.
pub async fn hold(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(fetch!(transaction, fetch_optional, (Uuid,), &HOLD, id)?.is_some())
}

/// Disables or enables an account. False if it was so already, or there is none.
pub async fn set_state(transaction: &mut Connection, id: Uuid, state: AccountState) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &SET_STATE, id, state.key())? > 0)
}

pub async fn set_password(transaction: &mut Connection, id: Uuid, hash: &Sensitive<String>) -> Result<(), StoreError> {
    execute!(transaction, &SET_PASSWORD, id, hash.expose())?;
    Ok(())
}

pub async fn signed_in(transaction: &mut Connection, id: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &SIGNED_IN, id, at)?;
    Ok(())
}

/// How many accounts that are not disabled have no second factor: nobody can sign in to them.
pub async fn without_factor(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &WITHOUT_FACTOR)?.0)
}

/// Whether there are accounts of the demo.
pub async fn any_demo(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &ANY_DEMO)?.0)
}
