//! Cases that the feed changed, whose people are to be looked at.

use chrono::{DateTime, Utc};
use shared::profile::{Fact, FactKind};
use uuid::Uuid;

use crate::StoreError;
use crate::case_feed::open_countries;
use crate::crypto::{Cell, DataKey};
use crate::data_key::{Keys, of_case};
use crate::engine::{Bulk, Connection, execute, fetch, statement, write_rows};

statement! { main,
    PENDING = "SELECT case_id, noted_at FROM profile_pending ORDER BY noted_at, case_id LIMIT $1";
    SETTLE = "DELETE FROM profile_pending WHERE case_id = $1 AND noted_at = $2";
    PARTIES = "SELECT id, role, family_name, given_name, middle_name, birth_country, citizenship, birth_date, a_number \
               FROM case_party WHERE case_id = $1 AND role <> 'representative' ORDER BY role";
    COUNTRIES = "SELECT persecution_countries FROM case_record WHERE id = $1";
}

/// A case to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingCase {
    pub case: Uuid,
    pub noted_at: DateTime<Utc>,
}

/// Notes that the feed changed cases, in the transaction that changes them.
pub async fn note_pending(transaction: &mut Connection, cases: &[Uuid], at: DateTime<Utc>) -> Result<(), StoreError> {
    let rows: Vec<Vec<Bulk>> = cases.iter().map(|case| vec![Bulk::Id(*case), Bulk::At(at)]).collect();
    let tail = " ON CONFLICT (case_id) DO UPDATE SET noted_at = excluded.noted_at";
    write_rows(transaction, "INSERT INTO profile_pending (case_id, noted_at) ", rows, tail).await?;
    Ok(())
}

/// Some of them, those first that have waited longest.
pub async fn pending(connection: &mut Connection, most: i64) -> Result<Vec<PendingCase>, StoreError> {
    let rows = fetch!(connection, fetch_all, (Uuid, DateTime<Utc>), &PENDING, most)?;
    Ok(rows.into_iter().map(|(case, noted_at)| PendingCase { case, noted_at }).collect())
}

/// Takes a case off the list. It stays if the feed changed it again meanwhile.
pub async fn settle(transaction: &mut Connection, pending: PendingCase) -> Result<(), StoreError> {
    execute!(transaction, &SETTLE, pending.case, pending.noted_at)?;
    Ok(())
}

/// What a case says of one of its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingParty {
    pub role: &'static str,
    pub facts: Vec<Fact>,
}

#[derive(Debug, sqlx::FromRow)]
struct PartyRow {
    id: Uuid,
    role: String,
    family_name: String,
    given_name: Option<String>,
    middle_name: Option<String>,
    birth_country: Option<String>,
    citizenship: Option<String>,
    birth_date: Option<Vec<u8>>,
    a_number: Option<Vec<u8>>,
}

/// What a case says now of its people. A case whose key was destroyed says nothing. What its source wrote and no profile can
/// hold (a birth date of 1890) is left out: the case itself keeps it.
pub async fn party_facts(connection: &mut Connection, keys: &Keys, case: Uuid) -> Result<Vec<PendingParty>, StoreError> {
    let Some(key) = of_case(connection, keys, case).await? else { return Ok(Vec::new()) };
    let sealed = fetch!(connection, fetch_optional, (Option<Vec<u8>>,), &COUNTRIES, case)?.and_then(|(sealed,)| sealed);
    let persecuted_in = sealed.map(|sealed| open_countries(&key, case, &sealed)).transpose()?.unwrap_or_default();
    let mut parties = Vec::new();
    for row in fetch!(connection, fetch_all, PartyRow, &PARTIES, case)? {
        let role = ROLES.into_iter().find(|role| *role == row.role).ok_or(StoreError::inconsistent("case_party", "role"))?;
        let mut facts = facts_of(&key, &row)?;
        // It is the applicant who asks for protection.
        if role == "applicant" {
            facts.extend(persecuted_in.iter().filter_map(|country| fact(FactKind::PersecutionCountry, &[country])));
        }
        parties.push(PendingParty { role, facts });
    }
    Ok(parties)
}

const ROLES: [&str; 3] = ["applicant", "petitioner", "beneficiary"];

fn facts_of(key: &DataKey, row: &PartyRow) -> Result<Vec<Fact>, StoreError> {
    let open = |column: &'static str, sealed: &Option<Vec<u8>>| -> Result<Option<String>, StoreError> {
        let Some(sealed) = sealed else { return Ok(None) };
        let plain = key.open(Cell { table: "case_party", column, row: row.id }, sealed)?;
        String::from_utf8(plain).map(Some).map_err(|_| StoreError::inconsistent("case_party", column))
    };
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let name = ["legal".to_owned(), row.family_name.clone(), optional(&row.given_name), optional(&row.middle_name)];
    let texts = [
        (FactKind::Name, Some(name.to_vec())),
        (FactKind::BirthDate, open("birth_date", &row.birth_date)?.map(|day| vec![day])),
        (FactKind::ANumber, open("a_number", &row.a_number)?.map(|digits| vec![format!("A{digits}")])),
        (FactKind::BirthCountry, row.birth_country.clone().map(|country| vec![country])),
        (FactKind::Citizenship, row.citizenship.clone().map(|country| vec![country])),
    ];
    Ok(texts.into_iter().filter_map(|(kind, texts)| fact(kind, &texts?)).collect())
}

fn fact<T: AsRef<str>>(kind: FactKind, texts: &[T]) -> Option<Fact> {
    Fact::parse(kind, texts, chrono::NaiveDate::MAX).ok()
}
