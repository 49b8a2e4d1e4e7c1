//! Followers of a case, and what they have to know of it.

use chrono::{DateTime, NaiveDate, Utc};
use shared::case_feed::Email;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::case_feed::open_sensitive;
use crate::crypto::{Cell, WrappedKey};
use crate::data_key::{self, Keys};
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    NUMBER_OF_CASE = "SELECT receipt_number FROM case_record WHERE id = $1";
    ADD = "INSERT INTO follower (id, case_id, address_index, address, locale, since) VALUES ($1, $2, $3, $4, $5, $6) \
           ON CONFLICT (case_id, address_index) DO UPDATE SET locale = excluded.locale";
    WATCH = "INSERT INTO followed_case (case_id, mark, change_id) VALUES ($1, $2, $1) ON CONFLICT (case_id) DO NOTHING";
    COUNT_OF_ADDRESS = "SELECT count(*) FROM follower WHERE address_index = $1 AND case_id <> $2";
    FIND = "SELECT follower.case_id, follower.address, follower.locale, case_record.receipt_number, \
            data_key.id, data_key.wrapping_key, data_key.wrapped FROM follower \
            JOIN case_record ON case_record.id = follower.case_id \
            JOIN data_key ON data_key.id = case_record.data_key_id WHERE follower.id = $1";
    REMOVE = "DELETE FROM follower WHERE id = $1";
    SOME_AFTER = "SELECT id FROM follower WHERE case_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    MARK = "SELECT mark, change_id FROM followed_case WHERE case_id = $1";
    TAKE_MARK = "UPDATE followed_case SET mark = $3, change_id = $4 WHERE case_id = $1 AND mark = $2";
    FORGET_UNWATCHED = "DELETE FROM followed_case \
                        WHERE NOT EXISTS (SELECT 1 FROM follower WHERE follower.case_id = followed_case.case_id) \
                        AND NOT EXISTS (SELECT 1 FROM subscription JOIN case_record \
                                        ON case_record.receipt_number = subscription.receipt_number \
                                        WHERE case_record.id = followed_case.case_id)";
}

/// What a person of the case, or who gets its mail, knows of it.
#[derive(Debug, Default)]
pub struct Identification {
    pub birth_dates: Vec<Sensitive<NaiveDate>>,
    /// As it was fed, mostly five digits or nine.
    pub postal_code: Option<Sensitive<String>>,
}

/// Opens what identifies the people of a case. A representative's own date is not there.
pub async fn identification(connection: &mut Connection, keys: &Keys, case: Uuid) -> Result<Identification, StoreError> {
    let mut known = Identification::default();
    for (place, value) in open_sensitive(connection, keys, case).await? {
        if place == "mailing_address" {
            // Street, unit, city, state, postal code, country.
            known.postal_code =
                value.expose().split('\n').nth(4).filter(|code| !code.is_empty()).map(|code| Sensitive::new(code.into()));
        } else if place.ends_with(".birth_date") && !place.starts_with("representative") {
            let day = value.expose().parse().map_err(|_| StoreError::inconsistent("case_party", "birth_date"))?;
            known.birth_dates.push(Sensitive::new(day));
        }
    }
    Ok(known)
}

/// A follower to be added.
#[derive(Debug)]
pub struct NewFollower<'a> {
    pub id: Uuid,
    pub case: Uuid,
    pub address: &'a Sensitive<Email>,
    pub locale: Locale,
}

/// Who follows.
#[derive(Debug)]
pub struct Follower {
    pub id: Uuid,
    pub case: Uuid,
    pub number: ReceiptNumber,
    pub address: Sensitive<Email>,
    pub locale: Locale,
}

#[derive(Debug, sqlx::FromRow)]
struct FollowerRow {
    case_id: Uuid,
    address: Vec<u8>,
    locale: String,
    receipt_number: String,
    id: Uuid,
    wrapping_key: String,
    wrapped: Vec<u8>,
}

/// The cell of a follower's address.
const fn cell(id: Uuid) -> Cell {
    Cell { table: "follower", column: "address", row: id }
}

/// One address is one follower, in capital or small letters.
fn address_index(keys: &Keys, address: &Email) -> Vec<u8> {
    keys.blind_index("email", &address.as_str().to_lowercase())
}

/// The number of a case.
pub async fn number_of_case(connection: &mut Connection, case: Uuid) -> Result<Option<ReceiptNumber>, StoreError> {
    let row = fetch!(connection, fetch_optional, (String,), &NUMBER_OF_CASE, case)?;
    row.map(|(number,)| read_number(&number)).transpose()
}

pub(super) fn read_number(number: &str) -> Result<ReceiptNumber, StoreError> {
    ReceiptNumber::parse(number).map_err(|_| StoreError::inconsistent("case_record", "receipt_number"))
}

/// Adds a follower. Who follows the case already goes on doing so, in the language of the last time.
pub async fn add(transaction: &mut Connection, keys: &Keys, new: &NewFollower<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let key =
        data_key::of_case(transaction, keys, new.case).await?.ok_or(StoreError::inconsistent("case_record", "data_key_id"))?;
    let address = new.address.expose();
    let sealed = key.seal(cell(new.id), address.as_str().as_bytes())?;
    execute!(transaction, &ADD, new.id, new.case, address_index(keys, address), sealed, new.locale.tag(), now)?;
    Ok(())
}

/// How many other cases an address follows.
pub async fn count_of_address(connection: &mut Connection, keys: &Keys, address: &Email, case: Uuid) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &COUNT_OF_ADDRESS, address_index(keys, address), case)?.0)
}

pub async fn find(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Follower>, StoreError> {
    let Some(row) = fetch!(connection, fetch_optional, FollowerRow, &FIND, id)? else { return Ok(None) };
    let stored = WrappedKey { id: row.id, wrapping_key: row.wrapping_key, wrapped: row.wrapped };
    let key = keys.unwrap(connection, &stored).await?;
    let address = String::from_utf8(key.open(cell(id), &row.address)?).ok().and_then(|text| Email::parse(&text));
    Ok(Some(Follower {
        id,
        case: row.case_id,
        number: read_number(&row.receipt_number)?,
        address: Sensitive::new(address.ok_or(StoreError::inconsistent("follower", "address"))?),
        locale: Locale::from_tag(&row.locale),
    }))
}

/// Forgets a follower. False if there is none any more.
pub async fn remove(transaction: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REMOVE, id)? > 0)
}

/// So many followers of a case after one of them, in a fixed order.
pub async fn some_after(connection: &mut Connection, case: Uuid, after: Uuid, most: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid,), &SOME_AFTER, case, after, most)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Has the changes of a case noted from now on, from the state that `mark` is of. Nothing changes if they are already.
pub async fn watch(transaction: &mut Connection, case: Uuid, mark: &[u8]) -> Result<(), StoreError> {
    execute!(transaction, &WATCH, case, mark)?;
    Ok(())
}

/// The mark of what was told of a case last, and the change that told it; none if nobody follows it.
pub async fn told(connection: &mut Connection, case: Uuid) -> Result<Option<(Vec<u8>, Uuid)>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Vec<u8>, Uuid), &MARK, case)?)
}

/// Makes a change the one that tells of a case, if nobody else did since `from` was read.
pub async fn take_mark(transaction: &mut Connection, case: Uuid, from: &[u8], to: &[u8], change: Uuid) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &TAKE_MARK, case, from, to, change)? > 0)
}

/// Stops noting the changes of cases that nobody follows any more. The caller holds the import lock, as whoever adds a
/// follower does: nobody begins to follow meanwhile.
pub async fn forget_unwatched(transaction: &mut Connection) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET_UNWATCHED)?)
}
