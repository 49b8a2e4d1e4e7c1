//! What figures of sharing are made of. Each reads a bounded stretch of an index: as much with a million queries as with a few.

use chrono::{DateTime, Utc};
use shared::agreement::{AnswerKind, Partner};
use shared::partner_query::ReplyResult;
use shared::partner_query::figures::{OurQuery, TheirQuery};

use crate::StoreError;
use crate::engine::{Connection, fetch, statement};

statement! { partner,
    THEIRS = "SELECT received_at, answered_at, answer FROM foreign_query \
              WHERE partner = $1 AND received_at >= $2 AND received_at < $3 ORDER BY received_at DESC, id DESC LIMIT $4";
    OURS = "SELECT sent_at, answered_at, answer FROM (SELECT id FROM partner_query \
            WHERE partner = $1 AND created_at >= $2 AND created_at < $3 ORDER BY created_at DESC, id DESC LIMIT $4) AS newest \
            JOIN partner_query_step ON partner_query_step.query_id = newest.id AND step = 'first' WHERE sent_at IS NOT NULL";
    HOLDS = "SELECT coalesce(partner_query.partner, foreign_query.partner), foreign_query.id IS NOT NULL FROM protection_hold \
             LEFT JOIN partner_query ON partner_query.id = protection_hold.query_id \
             LEFT JOIN foreign_query ON foreign_query.id = protection_hold.foreign_query_id \
             WHERE protection_hold.decision IS NULL ORDER BY raised_at LIMIT $1";
    SUPPRESSED = "SELECT count(*) FROM (SELECT id FROM foreign_query WHERE partner = $1 AND received_at >= $2 AND received_at < $3 \
                  ORDER BY received_at DESC, id DESC LIMIT $4) AS newest \
                  JOIN suppression ON suppression.foreign_query_id = newest.id";
}

/// From a moment on, until before another.
pub type Period = (DateTime<Utc>, DateTime<Utc>);

/// The newest queries of a partner in a period, at most so many.
pub async fn their_queries(
    connection: &mut Connection,
    partner: Partner,
    (from, until): Period,
    most: i64,
) -> Result<Vec<TheirQuery>, StoreError> {
    type Row = (DateTime<Utc>, Option<DateTime<Utc>>, Option<String>);
    let read = |(received_at, answered_at, answer): Row| {
        let read = |key: String| AnswerKind::from_key(&key).ok_or(StoreError::inconsistent("foreign_query", "answer"));
        Ok(TheirQuery { received_at, answered_at, answer: answer.map(read).transpose()? })
    };
    fetch!(connection, fetch_all, Row, &THEIRS, partner.key(), from, until, most)?.into_iter().map(read).collect()
}

/// First queries of ours to a partner that left, among the newest of a period.
pub async fn our_queries(
    connection: &mut Connection,
    partner: Partner,
    (from, until): Period,
    most: i64,
) -> Result<Vec<OurQuery>, StoreError> {
    type Row = (DateTime<Utc>, Option<DateTime<Utc>>, Option<String>);
    let read = |(sent_at, answered_at, answer): Row| {
        let read = |key: String| ReplyResult::from_key(&key).ok_or(StoreError::inconsistent("partner_query_step", "answer"));
        Ok(OurQuery { sent_at, answered_at, answer: answer.map(read).transpose()? })
    };
    fetch!(connection, fetch_all, Row, &OURS, partner.key(), from, until, most)?.into_iter().map(read).collect()
}

/// What waits for counsel: with which partner, and whether it is the partner who asks.
pub async fn holds_by_partner(connection: &mut Connection, most: i64) -> Result<Vec<(Partner, bool)>, StoreError> {
    let read = |(partner, is_theirs): (String, bool)| {
        let partner = Partner::from_key(&partner).ok_or(StoreError::inconsistent("protection_hold", "query_id"))?;
        Ok((partner, is_theirs))
    };
    fetch!(connection, fetch_all, (String, bool), &HOLDS, most)?.into_iter().map(read).collect()
}

/// Of how many of a partner's newest queries in a period it was told nothing, though we know the person. For privacy officers
/// alone.
pub async fn suppressed_of(
    connection: &mut Connection,
    partner: Partner,
    (from, until): Period,
    most: i64,
) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &SUPPRESSED, partner.key(), from, until, most)?.0)
}
