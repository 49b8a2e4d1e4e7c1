//! The officer to whom a case is assigned. Rows are added, and the newest one of a case counts.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ASSIGN = "INSERT INTO case_officer (id, case_id, officer_id, assigned_by, assigned_at) VALUES ($1, $2, $3, $4, $5)";
    OF_CASE = "SELECT case_id, officer_id, assigned_by, assigned_at FROM case_officer WHERE case_id = $1 \
               ORDER BY assigned_at DESC, id DESC LIMIT 1";
    OF_FEED = "SELECT case_id, officer_id, assigned_by, assigned_at FROM case_officer WHERE case_id = $1 AND assigned_by IS NULL \
               ORDER BY assigned_at DESC, id DESC LIMIT 1";
    STATED = "SELECT assigned_officer FROM case_record WHERE id = $1";
    OF_OFFICER = "SELECT newest.case_id, case_record.receipt_number FROM case_officer AS newest \
                  JOIN case_record ON case_record.id = newest.case_id WHERE newest.officer_id = $1 AND NOT EXISTS \
                  (SELECT 1 FROM case_officer AS later WHERE later.case_id = newest.case_id \
                   AND (later.assigned_at, later.id) > (newest.assigned_at, newest.id)) \
                  ORDER BY newest.assigned_at DESC, newest.id DESC LIMIT $2";
}

/// Who has a case.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseOfficer {
    pub case_id: Uuid,
    /// None: nobody any more.
    pub officer_id: Option<Uuid>,
    /// None: the feed said so.
    pub assigned_by: Option<Uuid>,
    pub assigned_at: DateTime<Utc>,
}

/// Gives a case to an officer, or to nobody.
pub async fn assign(transaction: &mut Connection, id: Uuid, assigned: &CaseOfficer) -> Result<(), StoreError> {
    let CaseOfficer { case_id, officer_id, assigned_by, assigned_at } = assigned;
    execute!(transaction, &ASSIGN, id, *case_id, *officer_id, *assigned_by, *assigned_at)?;
    Ok(())
}

/// Who has a case now; none if it never was anybody's.
pub async fn of_case(connection: &mut Connection, case: Uuid) -> Result<Option<CaseOfficer>, StoreError> {
    Ok(fetch!(connection, fetch_optional, CaseOfficer, &OF_CASE, case)?)
}

/// Whom the case feed gave a case last; none if it never gave it to anybody.
pub async fn of_feed(connection: &mut Connection, case: Uuid) -> Result<Option<CaseOfficer>, StoreError> {
    Ok(fetch!(connection, fetch_optional, CaseOfficer, &OF_FEED, case)?)
}

/// The officer whom the newest event of a case states, as the source writes it.
pub async fn stated(connection: &mut Connection, case: Uuid) -> Result<Option<String>, StoreError> {
    let (stated,) = fetch!(connection, fetch_one, (Option<String>,), &STATED, case)?;
    Ok(stated)
}

/// The cases that an officer has, with their receipt numbers: at most so many, the newest first.
pub async fn of_officer(connection: &mut Connection, officer: Uuid, most: i64) -> Result<Vec<(Uuid, String)>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid, String), &OF_OFFICER, officer, most)?)
}
