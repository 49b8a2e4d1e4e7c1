//! Offices: code, name, kind and the ZIP prefixes they serve. A change is a new row.

use chrono::{DateTime, Utc};
use shared::office::{OfficeCode, OfficeKind};

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO office (code, recorded_at, name, kind, zip_prefixes) VALUES ($1, $2, $3, $4, $5)";
    ALL = "SELECT code, name, kind, zip_prefixes, recorded_at FROM office ORDER BY code, recorded_at";
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    pub code: OfficeCode,
    pub name: String,
    pub kind: OfficeKind,
    /// First digits of the ZIP codes served, in order.
    pub zip_prefixes: Vec<String>,
}

type Row = (String, String, String, String, DateTime<Utc>);

pub async fn add(transaction: &mut Connection, office: &Office, at: DateTime<Utc>) -> Result<(), StoreError> {
    let prefixes = office.zip_prefixes.join(" ");
    execute!(transaction, &ADD, office.code.as_str(), at, &office.name, office.kind.key(), prefixes)?;
    Ok(())
}

/// Every version of every office with the moment it was recorded, oldest first within an office.
pub async fn all_versions(connection: &mut Connection) -> Result<Vec<(DateTime<Utc>, Office)>, StoreError> {
    let read = |(code, name, kind, prefixes, recorded_at): Row| {
        let office = Office {
            code: OfficeCode::parse(&code).map_err(|_| StoreError::inconsistent("office", "code"))?,
            name,
            kind: OfficeKind::from_key(&kind).ok_or(StoreError::inconsistent("office", "kind"))?,
            zip_prefixes: prefixes.split_whitespace().map(Into::into).collect(),
        };
        Ok((recorded_at, office))
    };
    fetch!(connection, fetch_all, Row, &ALL)?.into_iter().map(read).collect()
}
