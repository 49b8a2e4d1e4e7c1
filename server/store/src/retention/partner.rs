//! What partners were asked and asked about a person, in the database of partner data.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shared::agreement::Partner;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { partner,
    PARTNERS = "SELECT partner FROM partner_query WHERE profile_id = $1 UNION SELECT partner FROM foreign_query WHERE profile_id = $1";
    CASES = "SELECT DISTINCT case_id FROM partner_query WHERE profile_id = $1";
    // Something of it is to be sent, answered or decided, or was until a moment ago.
    IN_USE = "SELECT EXISTS (SELECT 1 FROM partner_query WHERE profile_id = $1 AND (changed_at > $2 OR probe IS NOT NULL)) \
              OR EXISTS (SELECT 1 FROM partner_query_step JOIN partner_query ON partner_query.id = partner_query_step.query_id \
                         WHERE partner_query.profile_id = $1 AND next_attempt_at IS NOT NULL) \
              OR EXISTS (SELECT 1 FROM foreign_query WHERE profile_id = $1 AND (changed_at > $2 OR next_attempt_at IS NOT NULL)) \
              OR EXISTS (SELECT 1 FROM foreign_query WHERE profile_id = $1 AND kind = 'request' AND state IN ('assigned', 'in_preparation', \
                         'in_review', 'returned', 'approved', 'packaged', 'handed_to_cpms', 'retrieved_by_obim', 'failed_package')) \
              OR EXISTS (SELECT 1 FROM protection_hold LEFT JOIN partner_query ON partner_query.id = protection_hold.query_id \
                         LEFT JOIN foreign_query ON foreign_query.id = protection_hold.foreign_query_id \
                         WHERE protection_hold.decision IS NULL AND (partner_query.profile_id = $1 OR foreign_query.profile_id = $1)) \
              OR EXISTS (SELECT 1 FROM use_request JOIN partner_query ON partner_query.id = use_request.query_id \
                         WHERE partner_query.profile_id = $1 \
                         AND (use_request.state IN ('received', 'waiting', 'guarded') OR use_request.next_attempt_at IS NOT NULL))";
    DESTROY_KEYS = "DELETE FROM data_key WHERE id IN (SELECT data_key_id FROM partner_query WHERE profile_id = $1 \
                    UNION SELECT data_key_id FROM foreign_query WHERE profile_id = $1)";
    EMPTY_HOLDS = "UPDATE protection_hold SET reason = NULL WHERE query_id IN (SELECT id FROM partner_query WHERE profile_id = $1) \
                   OR foreign_query_id IN (SELECT id FROM foreign_query WHERE profile_id = $1)";
    EMPTY_USES = "UPDATE use_request SET first_reason = NULL, reason = NULL \
                  WHERE query_id IN (SELECT id FROM partner_query WHERE profile_id = $1)";
    NOTE = "INSERT INTO retention_destroyed (disposition_id, record_id, queries, destroyed_at) VALUES ($1, $2, $3, $4)";
    NOTED = "SELECT queries FROM retention_destroyed WHERE disposition_id = $1 AND record_id = $2";
}

/// What a person has to do with here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutPerson {
    /// Who was asked about them, or asked.
    pub partners: BTreeSet<Partner>,
    /// For which partners were asked.
    pub cases: BTreeSet<Uuid>,
    /// Somebody still works on something of it.
    pub is_in_use: bool,
}

/// What profiles that were put together have to do with. What changed after `since` is in use.
pub async fn about_person(
    connection: &mut Connection,
    parts: &BTreeSet<Uuid>,
    since: DateTime<Utc>,
) -> Result<AboutPerson, StoreError> {
    let mut about = AboutPerson::default();
    for part in parts {
        for (key,) in fetch!(connection, fetch_all, (String,), &PARTNERS, *part)? {
            about.partners.insert(Partner::from_key(&key).ok_or(StoreError::inconsistent("partner_query", "partner"))?);
        }
        about.cases.extend(fetch!(connection, fetch_all, (Uuid,), &CASES, *part)?.into_iter().map(|(id,)| id));
        about.is_in_use |= fetch!(connection, fetch_one, (bool,), &IN_USE, *part, since)?.0;
    }
    Ok(about)
}

/// Destroys what partners were asked and asked about profiles that were put together, and notes it in the same transaction. Says
/// how many queries there were.
pub async fn destroy_queries(
    transaction: &mut Connection,
    disposition: Uuid,
    root: Uuid,
    parts: &BTreeSet<Uuid>,
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let mut queries = 0;
    for part in parts {
        let keys = execute!(transaction, &DESTROY_KEYS, *part)?;
        execute!(transaction, &EMPTY_HOLDS, *part)?;
        execute!(transaction, &EMPTY_USES, *part)?;
        queries += i64::try_from(keys).map_err(|_| StoreError::inconsistent("data_key", "id"))?;
    }
    execute!(transaction, &NOTE, disposition, root, queries, now)?;
    Ok(queries)
}

/// How many queries about a person a disposition has destroyed; none if it did not come so far.
pub async fn destroyed_queries(connection: &mut Connection, disposition: Uuid, root: Uuid) -> Result<Option<i64>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (i64,), &NOTED, disposition, root)?.map(|(queries,)| queries))
}
