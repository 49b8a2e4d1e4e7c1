//! What changed about requests, for pages that are open: written by whoever changes one, in the same transaction, and read by every
//! server for the pages that it serves.
//!
//! A server that reads from a [`position`] on, and takes that position from before its last reading, misses nothing: what was not to be
//! seen then comes after it. It may read something twice, and knows it by its `seq`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use shared::live::ChangeKind;
use shared::office::OfficeCode;
use shared::service_request::OfficerId;
use sqlx::postgres::PgListener;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::StoreError;
use crate::engine::{Connection, On, Store, execute, fetch, statement};

statement! { main,
    NOTE = "INSERT INTO request_change (request_id, office, former_office, kind, version, officer_id, changed_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
    NOTE_BESIDE = "INSERT INTO request_change (request_id, office, kind, version, officer_id, changed_at) \
                   SELECT id, office, $2, version, $3, $4 FROM service_request WHERE id = $1";
    SINCE = "SELECT seq, position, request_id, office, former_office, kind, version FROM request_change \
             WHERE (position, seq) > ($1, $2) ORDER BY position, seq LIMIT $3";
    NEWEST = "SELECT seq, kind, version, officer_id FROM request_change WHERE request_id = $1 ORDER BY seq DESC LIMIT 1";
    FORGET = "DELETE FROM request_change WHERE changed_at < $1";
}

/// Where whoever waits on PostgreSQL is woken; `0022_live.sql` has the other end.
const CHANNEL: &str = "portico_request_change";
/// How often SQLite is looked at. There is nobody who wakes: commands of other processes write as well.
const LOOKED_AT: Duration = Duration::from_millis(250);
/// The longest without a look. A connection that was cut off without a word wakes nobody.
const LONGEST: Duration = Duration::from_secs(5);
/// After a connection could not be made.
const AGAIN: Duration = Duration::from_secs(1);

/// A change to be noted.
#[derive(Debug)]
pub(crate) struct NewChange<'a> {
    pub request: Uuid,
    pub office: Option<&'a OfficeCode>,
    /// Where it was before, if that is another office.
    pub former_office: Option<&'a OfficeCode>,
    pub kind: ChangeKind,
    /// Of the request, after it.
    pub version: i64,
    pub at: DateTime<Utc>,
}

/// Notes that a request changed, unless it lies and lay with no office: then it is on nobody's page.
pub(crate) async fn note(transaction: &mut Connection, change: &NewChange<'_>) -> Result<(), StoreError> {
    if change.office.is_none() && change.former_office.is_none() {
        return Ok(());
    }
    let (office, former) = (change.office.map(OfficeCode::as_str), change.former_office.map(OfficeCode::as_str));
    execute!(transaction, &NOTE, change.request, office, former, change.kind.key(), change.version, None::<Uuid>, change.at)?;
    Ok(())
}

/// Notes that an officer wrote something beside the events of a request.
pub(crate) async fn note_beside(
    transaction: &mut Connection,
    request: Uuid,
    kind: ChangeKind,
    officer: OfficerId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &NOTE_BESIDE, request, kind.key(), Uuid::from_u128(officer.0), at)?;
    Ok(())
}

/// A change that was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub seq: i64,
    pub position: i64,
    pub request: Uuid,
    pub office: Option<OfficeCode>,
    pub former_office: Option<OfficeCode>,
    pub kind: ChangeKind,
    pub version: i64,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    seq: i64,
    position: i64,
    request_id: Uuid,
    office: Option<String>,
    former_office: Option<String>,
    kind: String,
    version: i64,
}

fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("request_change", column)
}

fn kind(key: &str) -> Result<ChangeKind, StoreError> {
    ChangeKind::from_key(key).ok_or(wrong("kind"))
}

impl TryFrom<Row> for Change {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let office = |code: Option<String>| code.map(|code| OfficeCode::parse(&code).map_err(|_| wrong("office"))).transpose();
        Ok(Self {
            seq: row.seq,
            position: row.position,
            request: row.request_id,
            office: office(row.office)?,
            former_office: office(row.former_office)?,
            kind: kind(&row.kind)?,
            version: row.version,
        })
    }
}

/// From where on whoever reads now has to read the next time.
pub async fn position(connection: &mut Connection) -> Result<i64, StoreError> {
    let read: Result<i64, sqlx::Error> = match connection.on() {
        On::Sqlite(connection) => {
            sqlx::query_scalar("SELECT coalesce(max(seq), 0) + 1 FROM request_change").fetch_one(connection).await
        }
        On::Postgres(connection) => {
            let oldest = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)";
            sqlx::query_scalar(oldest).fetch_one(connection).await
        }
    };
    if read.is_err() {
        connection.doubt();
    }
    Ok(read?)
}

/// What was noted from a position on, or after a change that was read; at most so many.
pub async fn since(connection: &mut Connection, from: i64, after: Option<&Change>, most: i64) -> Result<Vec<Change>, StoreError> {
    let (position, seq) = after.map_or((from - 1, i64::MAX), |change| (change.position, change.seq));
    fetch!(connection, fetch_all, Row, &SINCE, position, seq, most)?.into_iter().map(Change::try_from).collect()
}

/// The newest change of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newest {
    pub seq: i64,
    pub kind: ChangeKind,
    pub version: i64,
    /// Who wrote a note or a question.
    pub officer: Option<OfficerId>,
}

/// The newest change of a request; none where nothing happened to it in a day.
pub async fn newest(connection: &mut Connection, request: Uuid) -> Result<Option<Newest>, StoreError> {
    let row = fetch!(connection, fetch_optional, (i64, String, i64, Option<Uuid>), &NEWEST, request)?;
    let Some((seq, key, version, officer)) = row else { return Ok(None) };
    Ok(Some(Newest { seq, kind: kind(&key)?, version, officer: officer.map(|id| OfficerId(id.as_u128())) }))
}

/// Forgets what was noted before a moment.
pub async fn forget_before(transaction: &mut Connection, time: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET, time)?)
}

/// Waits for changes: those of this process and of others.
#[derive(Debug)]
pub struct Listener {
    store: Store,
    /// Not on SQLite, and not before it could be opened.
    woken: Option<PgListener>,
}

impl Listener {
    pub fn new(store: &Store) -> Self {
        Self { store: store.clone(), woken: None }
    }

    /// Returns when there may be something new; at the latest after five seconds. What is committed after it returned makes it return
    /// again.
    pub async fn wait(&mut self) {
        let Some(woken) = &mut self.woken else { return self.begin().await };
        match timeout(LONGEST, woken.try_recv()).await {
            // One look is enough for all that came until now.
            Ok(Ok(_)) => while woken.next_buffered().is_some() {},
            Ok(Err(_)) => self.woken = None,
            Err(_) => {}
        }
    }

    /// Opens the connection. Who returns from here looks once more, since nobody told of what came before.
    async fn begin(&mut self) {
        match self.store.listen(CHANNEL).await {
            Ok(Some(listener)) => self.woken = Some(listener),
            Ok(None) => sleep(LOOKED_AT).await,
            Err(_) => sleep(AGAIN).await,
        }
    }
}
