//! Lists of an office's requests: where each stands, how many stand where, and pages of fifty.
//!
//! A page reads as many entries of an index as it shows. How many requests stand in a list is not counted but kept, in
//! `request_count`, in the transaction that moves a request ([`place`]).

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use shared::case_status::ReceiptNumber;
use shared::live::ChangeKind;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::protection::Marker;
use shared::service_request::{
    Chosen, MailTrouble, OfficerId, Order, Place, Placement, Queue, RequestKind, RequestNumber, Source, Tally, Target,
};
use sqlx::{AssertSqlSafe, QueryBuilder};
use uuid::Uuid;

use crate::StoreError;
use crate::case_status::all_markers;
use crate::crypto::{Cell, DataKey};
use crate::data_key::Keys;
use crate::delivery_tracking::{RecordedDelivery, read_deliveries};
use crate::engine::{Bulk, Connection, On, execute, fetch, fetch_in, statement, write_rows};
use crate::live::{self, NewChange};
use crate::report;
use crate::service_request::key_of;

/// Rows over which one figure is spread.
const SHARDS: u8 = 8;

statement! { main,
    PLACEMENT = "SELECT office, place, officer_id, due_on, owed_on, open_by, mail FROM service_request WHERE id = $1";
    PLACE = "UPDATE service_request SET state = $2, version = $3, office = $4, place = $5, officer_id = $6, due_on = $7, owed_on = $8, \
             open_by = $9, mail = $10, review_since = $11 WHERE id = $1";
    TAKE_OUT = "UPDATE service_request SET office = NULL, officer_id = NULL, owed_on = NULL, open_by = NULL, mail = NULL, \
                callback_index = NULL WHERE id = $1";
    COUNT = "INSERT INTO request_count (office, tally, key, shard, requests) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (office, tally, key, shard) DO UPDATE SET requests = request_count.requests + excluded.requests";
    // Each part is a stretch of the primary key.
    COUNTS = "SELECT tally AS queue, CAST(sum(requests) AS BIGINT) AS requests FROM request_count \
              WHERE office = $1 AND tally IN ('unassigned', 'waiting', 'review', 'closed', 'mail') GROUP BY tally \
              UNION ALL SELECT 'mine', CAST(sum(requests) AS BIGINT) FROM request_count \
              WHERE office = $1 AND tally = 'officer' AND key = $2 HAVING count(*) > 0 \
              UNION ALL SELECT 'overdue', CAST(sum(requests) AS BIGINT) FROM request_count \
              WHERE office = $1 AND tally = 'owed' AND key < $3 HAVING count(*) > 0 \
              UNION ALL SELECT 'due_soon', CAST(sum(requests) AS BIGINT) FROM request_count \
              WHERE office = $1 AND tally = 'owed' AND key >= $3 AND key <= $4 HAVING count(*) > 0 \
              UNION ALL SELECT 'strays', CAST(sum(requests) AS BIGINT) FROM request_count \
              WHERE office = $1 AND tally = 'open_by' AND key < $3 HAVING count(*) > 0";
    LOADS = "SELECT key, CAST(sum(requests) AS BIGINT) AS requests FROM request_count WHERE office = $1 AND tally = 'officer' \
             GROUP BY key HAVING sum(requests) > 0 ORDER BY key";
    // A day that nothing is owed by any more. Who adds to a row at the same moment makes it anew.
    FORGET_EMPTY = "DELETE FROM request_count WHERE requests = 0 AND tally IN ('owed', 'open_by') AND key < $1";
    ARRIVING = "SELECT id FROM service_request WHERE place = 'arriving' AND received_at < $1 ORDER BY received_at, id LIMIT $2";
    DELIVERIES = "SELECT deliveries, (SELECT elsewhere_found_at IS NOT NULL FROM mailing WHERE mailing.case_id = case_record.id \
                  ORDER BY mailed_on DESC, event_id DESC LIMIT 1) AS is_elsewhere FROM case_record WHERE id = $1";
    ANY = "SELECT EXISTS (SELECT 1 FROM service_request)";
    OPEN_OF_CASE = "SELECT id FROM service_request WHERE case_id = $1 AND place <> 'closed'";
}

#[derive(Debug, sqlx::FromRow)]
struct PlacementRow {
    office: Option<String>,
    place: String,
    officer_id: Option<Uuid>,
    due_on: String,
    owed_on: Option<String>,
    open_by: Option<String>,
    mail: Option<String>,
}

fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("service_request", column)
}

fn day(text: &str, column: &'static str) -> Result<NaiveDate, StoreError> {
    text.parse().map_err(|_| wrong(column))
}

fn optional_day(text: Option<&str>, column: &'static str) -> Result<Option<NaiveDate>, StoreError> {
    text.map(|text| day(text, column)).transpose()
}

fn office(text: &str) -> Result<OfficeCode, StoreError> {
    OfficeCode::parse(text).map_err(|_| wrong("office"))
}

fn officer(id: Uuid) -> OfficerId {
    OfficerId(id.as_u128())
}

fn trouble(text: Option<&str>) -> Result<Option<MailTrouble>, StoreError> {
    text.map(|text| MailTrouble::from_key(text).ok_or(wrong("mail"))).transpose()
}

impl TryFrom<PlacementRow> for Placement {
    type Error = StoreError;

    fn try_from(row: PlacementRow) -> Result<Self, StoreError> {
        Ok(Self {
            office: row.office.as_deref().map(office).transpose()?,
            place: Place::from_key(&row.place).ok_or(wrong("place"))?,
            officer: row.officer_id.map(officer),
            due_on: day(&row.due_on, "due_on")?,
            owed_on: optional_day(row.owed_on.as_deref(), "owed_on")?,
            open_by: optional_day(row.open_by.as_deref(), "open_by")?,
            mail: trouble(row.mail.as_deref())?,
        })
    }
}

/// Where a request stands.
pub async fn placement(connection: &mut Connection, id: Uuid) -> Result<Option<Placement>, StoreError> {
    fetch!(connection, fetch_optional, PlacementRow, &PLACEMENT, id)?.map(Placement::try_from).transpose()
}

/// Where a request goes.
#[derive(Debug)]
pub struct Placed<'a> {
    pub id: Uuid,
    pub state: &'static str,
    /// How many events it has.
    pub version: i64,
    pub placement: &'a Placement,
    pub review_since: Option<DateTime<Utc>>,
    /// When it goes there.
    pub at: DateTime<Utc>,
}

/// Writes down where a request stands now, and counts it there and not where it stood; and notes for pages that
/// are open that it changed. Its row is held by the caller.
pub async fn place(transaction: &mut Connection, placed: &Placed<'_>) -> Result<(), StoreError> {
    let Some(before) = placement(transaction, placed.id).await? else { return Ok(()) };
    let after = placed.placement;
    execute!(
        transaction,
        &PLACE,
        placed.id,
        placed.state,
        placed.version,
        after.office.as_ref().map(OfficeCode::as_str),
        after.place.key(),
        after.officer.map(|officer| Uuid::from_u128(officer.0)),
        after.due_on.to_string(),
        after.owed_on.map(|day| day.to_string()),
        after.open_by.map(|day| day.to_string()),
        after.mail.map(MailTrouble::key),
        placed.review_since
    )?;
    count(transaction, placed.id, &before, after).await?;
    let is_elsewhere = (&before.office, before.place, before.officer) != (&after.office, after.place, after.officer);
    let change = NewChange {
        request: placed.id,
        office: after.office.as_ref(),
        former_office: before.office.as_ref().filter(|office| after.office.as_ref() != Some(office)),
        kind: if is_elsewhere { ChangeKind::Moved } else { ChangeKind::Changed },
        version: placed.version,
        at: placed.at,
    };
    live::note(transaction, &change).await
}

/// Takes a request out of all lists: it was destroyed. Its row stays, since its events do.
pub(crate) async fn take_out(transaction: &mut Connection, id: Uuid) -> Result<(), StoreError> {
    let Some(before) = placement(transaction, id).await? else { return Ok(()) };
    let after = Placement { office: None, officer: None, owed_on: None, open_by: None, mail: None, ..before.clone() };
    execute!(transaction, &TAKE_OUT, id)?;
    count(transaction, id, &before, &after).await
}

async fn count(transaction: &mut Connection, id: Uuid, before: &Placement, after: &Placement) -> Result<(), StoreError> {
    let shard = i64::from(id.as_bytes()[15] % SHARDS);
    for ((office, tally), change) in differences(before, after) {
        let (tally, key) = tally.keys();
        execute!(transaction, &COUNT, office.as_str(), tally, key, shard, change)?;
    }
    Ok(())
}

/// The figures that change, always in one order: two transactions that change the same ones do not wait for each other for ever.
fn differences<'a>(before: &'a Placement, after: &'a Placement) -> Vec<((&'a OfficeCode, Tally), i64)> {
    let (left, entered) = (before.tallies(), after.tallies());
    let gone = left.iter().filter(|tally| !entered.contains(tally)).map(|tally| (*tally, -1));
    let new = entered.iter().filter(|tally| !left.contains(tally)).map(|tally| (*tally, 1));
    let mut changes: Vec<_> = gone.chain(new).collect();
    changes.sort();
    changes
}

/// How many requests stand in an office's lists. A list with none is left out.
pub async fn counts(
    connection: &mut Connection,
    office: &OfficeCode,
    officer: OfficerId,
    today: NaiveDate,
    soon: NaiveDate,
) -> Result<Vec<(Queue, i64)>, StoreError> {
    let (officer, today, soon) = (officer.to_string(), today.to_string(), soon.to_string());
    let rows = fetch!(connection, fetch_all, (String, i64), &COUNTS, office.as_str(), officer, today, soon)?;
    let read = |(queue, requests): (String, i64)| {
        Ok((Queue::from_key(&queue).ok_or(StoreError::inconsistent("request_count", "tally"))?, requests))
    };
    rows.into_iter().map(read).collect()
}

/// How many open requests each officer of an office has. Who has none is left out.
pub async fn loads(connection: &mut Connection, office: &OfficeCode) -> Result<Vec<(OfficerId, i64)>, StoreError> {
    let read = |(key, requests): (String, i64)| {
        Ok((OfficerId::parse(&key).ok_or(StoreError::inconsistent("request_count", "key"))?, requests))
    };
    fetch!(connection, fetch_all, (String, i64), &LOADS, office.as_str())?.into_iter().map(read).collect()
}

/// Forgets the figures of days before `day` by which nothing is owed any more.
pub async fn forget_empty(transaction: &mut Connection, day: NaiveDate) -> Result<u64, StoreError> {
    Ok(execute!(transaction, &FORGET_EMPTY, day.to_string())?)
}

/// Requests that came in before `time` and are with no office yet, the oldest first.
pub async fn arriving(connection: &mut Connection, time: DateTime<Utc>, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &ARRIVING, time, most)?.into_iter().map(|(id,)| id).collect())
}

/// The open requests about a case.
pub async fn open_of_case(connection: &mut Connection, case: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &OPEN_OF_CASE, case)?.into_iter().map(|(id,)| id).collect())
}

/// The mail of a case, and whether the newest piece went to another ZIP code.
pub async fn deliveries(connection: &mut Connection, case: Uuid) -> Result<(Vec<RecordedDelivery>, bool), StoreError> {
    let row = fetch!(connection, fetch_optional, (String, Option<bool>), &DELIVERIES, case)?;
    let Some((json, is_elsewhere)) = row else { return Ok((Vec::new(), false)) };
    Ok((read_deliveries(&json)?, is_elsewhere.unwrap_or(false)))
}

/// Which of these cases somebody has an open request about.
pub async fn with_open_requests(connection: &mut Connection, cases: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let head = "SELECT DISTINCT case_id FROM service_request WHERE place <> 'closed' AND case_id IN ";
    Ok(fetch_in!(connection, (Uuid,), head, cases, "").into_iter().map(|(id,)| id).collect())
}

/// A request as lists show it: nobody's name.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: Uuid,
    pub number: RequestNumber,
    pub receipt_number: ReceiptNumber,
    /// What protects its case.
    pub markers: Vec<Marker>,
    pub form: String,
    pub kind: RequestKind,
    pub source: Source,
    pub locale: Locale,
    /// The state's key.
    pub state: String,
    pub placement: Placement,
    pub version: i64,
    pub received_at: DateTime<Utc>,
}

#[derive(Debug, sqlx::FromRow)]
struct ListedRow {
    id: Uuid,
    number: String,
    kind: String,
    source: String,
    locale: String,
    state: String,
    version: i64,
    received_at: DateTime<Utc>,
    #[sqlx(flatten)]
    placement: PlacementRow,
    receipt_number: String,
    form: String,
    category: Option<String>,
    markers: String,
}

impl TryFrom<ListedRow> for Listed {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            number: RequestNumber::parse(&row.number).map_err(|_| wrong("number"))?,
            receipt_number: ReceiptNumber::parse(&row.receipt_number).map_err(|_| wrong("case_id"))?,
            markers: all_markers(&row.markers, &row.form, row.category),
            form: row.form,
            kind: RequestKind::from_key(&row.kind).ok_or(wrong("kind"))?,
            source: Source::from_key(&row.source).ok_or(wrong("source"))?,
            locale: Locale::from_tag(&row.locale),
            state: row.state,
            placement: row.placement.try_into()?,
            version: row.version,
            received_at: row.received_at,
        })
    }
}

const LISTED: &str = "SELECT service_request.id, number, kind, source, service_request.locale, state, version, received_at, \
                      office, place, officer_id, due_on, owed_on, open_by, mail, receipt_number, form, category, markers \
                      FROM service_request JOIN case_record ON case_record.id = service_request.case_id WHERE ";

/// Where a page begins: at the end of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Day(NaiveDate, Uuid),
    At(DateTime<Utc>, Uuid),
}

/// Which way a page goes from its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    First,
    Last,
    After(Mark),
    Before(Mark),
}

/// Which is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    #[default]
    Rising,
    Falling,
}

/// What a list is asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub office: &'a OfficeCode,
    pub queue: Queue,
    pub officer: OfficerId,
    pub today: NaiveDate,
    pub soon: NaiveDate,
    pub chosen: &'a Chosen,
    /// What `chosen.days_old` means now.
    pub received_before: Option<DateTime<Utc>>,
    pub order: Order,
    pub direction: Direction,
    pub page: Page,
    pub most: i64,
}

/// Pushes the same onto the builder of either engine.
macro_rules! push_list {
    ($asked:expr, $builder:expr) => {{
        let (asked, builder): (&Asked<'_>, _) = ($asked, $builder);
        builder.push("office = ").push_bind(asked.office.as_str().to_owned());
        let (today, soon) = (asked.today.to_string(), asked.soon.to_string());
        match asked.queue {
            Queue::Unassigned => builder.push(" AND place = 'unassigned'"),
            Queue::Waiting => builder.push(" AND place = 'waiting'"),
            Queue::Review => builder.push(" AND place = 'review'"),
            Queue::Closed => builder.push(" AND place = 'closed'"),
            Queue::Mail => builder.push(" AND mail IS NOT NULL AND place <> 'closed'"),
            Queue::Mine => {
                let officer = Uuid::from_u128(asked.officer.0);
                builder.push(" AND officer_id IS NOT NULL AND place <> 'closed' AND officer_id = ").push_bind(officer)
            }
            Queue::Overdue => builder.push(" AND owed_on IS NOT NULL AND owed_on < ").push_bind(today),
            Queue::DueSoon => {
                builder.push(" AND owed_on IS NOT NULL AND owed_on >= ").push_bind(today).push(" AND owed_on <= ").push_bind(soon)
            }
            Queue::Strays => builder.push(" AND open_by IS NOT NULL AND open_by < ").push_bind(today),
        };
        if let Some(kind) = asked.chosen.kind {
            builder.push(" AND kind = ").push_bind(kind.key());
        }
        if let Some(source) = asked.chosen.source {
            builder.push(" AND source = ").push_bind(source.key());
        }
        if let Some(state) = &asked.chosen.state {
            builder.push(" AND state = ").push_bind(state.clone());
        }
        if let Some(officer) = asked.chosen.officer {
            builder.push(" AND officer_id = ").push_bind(Uuid::from_u128(officer.0));
        }
        if let Some(before) = asked.received_before {
            builder.push(" AND received_at < ").push_bind(before);
        }
        let column = match (asked.order, asked.queue) {
            (Order::Received, _) => "received_at",
            (Order::OpenBy, _) => "open_by",
            (Order::Due, Queue::DueSoon | Queue::Overdue) => "owed_on",
            (Order::Due, _) => "due_on",
        };
        let (sign, way) = if asked.reads_rising() { (">", "ASC") } else { ("<", "DESC") };
        match asked.page {
            Page::First | Page::Last => {}
            Page::After(mark) | Page::Before(mark) => {
                builder.push(format!(" AND ({column}, service_request.id) {sign} ("));
                let id = match mark {
                    Mark::Day(day, id) => {
                        builder.push_bind(day.to_string());
                        id
                    }
                    Mark::At(at, id) => {
                        builder.push_bind(at);
                        id
                    }
                };
                builder.push(", ").push_bind(id).push(")");
            }
        }
        builder.push(format!(" ORDER BY {column} {way}, service_request.id {way} LIMIT ")).push_bind(asked.most);
    }};
}

impl Asked<'_> {
    /// Whether the index is read from its beginning: a page before a mark is read backwards.
    fn reads_rising(&self) -> bool {
        let is_backwards = matches!(self.page, Page::Before(_) | Page::Last);
        (self.direction == Direction::Rising) != is_backwards
    }

    /// Where a request stands in this order.
    pub fn mark(&self, listed: &Listed) -> Mark {
        let placement = &listed.placement;
        match (self.order, self.queue) {
            (Order::Received, _) => Mark::At(listed.received_at, listed.id),
            (Order::OpenBy, _) => Mark::Day(placement.open_by.unwrap_or(placement.due_on), listed.id),
            (Order::Due, Queue::DueSoon | Queue::Overdue) => Mark::Day(placement.owed_on.unwrap_or(placement.due_on), listed.id),
            (Order::Due, _) => Mark::Day(placement.due_on, listed.id),
        }
    }
}

/// A page of a list, in the order of the list.
pub async fn list(connection: &mut Connection, asked: &Asked<'_>) -> Result<Vec<Listed>, StoreError> {
    let rows = match connection.on() {
        On::Sqlite(connection) => {
            let mut builder = QueryBuilder::<sqlx::Sqlite>::new(LISTED);
            push_list!(asked, &mut builder);
            builder.build_query_as::<ListedRow>().fetch_all(connection).await?
        }
        On::Postgres(connection) => {
            let mut builder = QueryBuilder::<sqlx::Postgres>::new(LISTED);
            push_list!(asked, &mut builder);
            builder.build_query_as::<ListedRow>().fetch_all(connection).await?
        }
    };
    let mut listed: Vec<Listed> = rows.into_iter().map(Listed::try_from).collect::<Result<_, _>>()?;
    if matches!(asked.page, Page::Before(_) | Page::Last) {
        listed.reverse();
    }
    Ok(listed)
}

/// Requests by their ids, in the order of the ids given.
pub async fn listed(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<Listed>, StoreError> {
    let head = "SELECT service_request.id, number, kind, source, service_request.locale, state, version, received_at, office, place, \
                officer_id, due_on, owed_on, open_by, mail, receipt_number, form, category, markers FROM service_request \
                JOIN case_record ON case_record.id = service_request.case_id WHERE receipt_number < '~' AND service_request.id IN ";
    let rows = fetch_in!(connection, ListedRow, head, ids, "");
    let listed: Vec<Listed> = rows.into_iter().map(Listed::try_from).collect::<Result<_, _>>()?;
    let place = |listed: &Listed| ids.iter().position(|id| *id == listed.id);
    let mut listed: Vec<(Option<usize>, Listed)> = listed.into_iter().map(|listed| (place(&listed), listed)).collect();
    listed.sort_by_key(|(place, _)| *place);
    Ok(listed.into_iter().map(|(_, listed)| listed).collect())
}

/// The next request of an office that nobody has, after a mark, kept from others until this transaction ends. On PostgreSQL one that
/// somebody else is taking is passed over; on SQLite there is one writer.
pub async fn next(
    transaction: &mut Connection,
    office: &OfficeCode,
    kinds: &[RequestKind],
    after: Option<Mark>,
) -> Result<Option<Listed>, StoreError> {
    // What can have changed while the row was waited for is asked of the row itself.
    let mut text =
        format!("{LISTED}office = $1 AND place = 'unassigned' AND state = 'routed' AND (due_on, service_request.id) > ($2, $3)");
    if !kinds.is_empty() {
        let words: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.key())).collect();
        text = format!("{text} AND kind IN ({})", words.join(", "));
    }
    text.push_str(" ORDER BY due_on, service_request.id LIMIT 1");
    let (day, id) = match after {
        Some(Mark::Day(day, id)) => (day.to_string(), id),
        Some(Mark::At(..)) | None => (String::new(), Uuid::nil()),
    };
    let row = match transaction.on() {
        On::Sqlite(connection) => {
            let query = sqlx::query_as::<sqlx::Sqlite, ListedRow>(AssertSqlSafe(text)).bind(office.as_str()).bind(day).bind(id);
            query.fetch_optional(connection).await?
        }
        On::Postgres(connection) => {
            text.push_str(" FOR UPDATE OF service_request SKIP LOCKED");
            let query = sqlx::query_as::<sqlx::Postgres, ListedRow>(AssertSqlSafe(text)).bind(office.as_str()).bind(day).bind(id);
            query.fetch_optional(connection).await?
        }
    };
    row.map(Listed::try_from).transpose()
}

/// A request with all that happened to it, to be added among many: history that comes from elsewhere.
#[derive(Debug)]
pub struct Imported {
    pub id: Uuid,
    pub number: RequestNumber,
    pub case: Uuid,
    pub kind: RequestKind,
    pub round: i64,
    pub source: Source,
    pub locale: Locale,
    pub content: Vec<u8>,
    pub state: &'static str,
    pub target: Target,
    pub placement: Placement,
    pub received_at: DateTime<Utc>,
    /// When, who, and what as JSON; the oldest first.
    pub events: Vec<(DateTime<Utc>, String, String)>,
    /// What a search goes through.
    pub words: String,
    /// What it adds to the figures of reports.
    pub tallies: BTreeMap<shared::report::Tally, i64>,
}

/// The keys of cases, from one [`import`] to the next.
#[derive(Debug, Default)]
pub struct KnownKeys(HashMap<Uuid, DataKey>);

impl KnownKeys {
    async fn of(&mut self, transaction: &mut Connection, keys: &Keys, case: Uuid) -> Result<&DataKey, StoreError> {
        Ok(match self.0.entry(case) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(key_of(transaction, keys, case).await?),
        })
    }
}

/// Adds many requests, with the figures that they count in.
pub async fn import(
    transaction: &mut Connection,
    keys: &Keys,
    requests: &[Imported],
    known: &mut KnownKeys,
) -> Result<(), StoreError> {
    let (mut rows, mut events, mut words) = (Vec::new(), Vec::new(), Vec::new());
    let mut figures: BTreeMap<(String, &'static str, String), i64> = BTreeMap::new();
    for request in requests {
        let key = known.of(transaction, keys, request.case).await?;
        let sealed = key.seal(Cell { table: "service_request", column: "content", row: request.id }, &request.content)?;
        rows.push(imported_row(request, sealed));
        for (position, (at, actor, event)) in (0..).zip(&request.events) {
            events.push(vec![
                Bulk::Id(crate::Clock::id_at(*at)),
                Bulk::Id(request.id),
                Bulk::Number(position),
                Bulk::At(*at),
                Bulk::Text(actor.clone()),
                Bulk::Text(event.clone()),
            ]);
        }
        words.push(vec![Bulk::Id(request.id), Bulk::Text(request.words.clone())]);
        for (office, tally) in request.placement.tallies() {
            let (tally, key) = tally.keys();
            *figures.entry((office.as_str().to_owned(), tally, key)).or_default() += 1;
        }
    }
    let head = "INSERT INTO service_request (id, number, case_id, kind, round, source, submission_id, locale, content, state, office, \
                target_days, target_count, due_on, received_at, version, place, officer_id, owed_on, open_by, mail, tallied) ";
    write_rows(transaction, head, rows, "").await?;
    let head = "INSERT INTO service_request_event (id, request_id, position, occurred_at, actor, event) ";
    write_rows(transaction, head, events, "").await?;
    write_rows(transaction, "INSERT INTO request_text (request_id, words) ", words, "").await?;
    for ((office, tally, key), requests) in figures {
        execute!(transaction, &COUNT, office, tally, key, 0_i64, requests)?;
    }
    report::tally_all(transaction, requests.iter().map(|request| (request.kind, &request.tallies))).await
}

fn imported_row(request: &Imported, sealed: Vec<u8>) -> Vec<Bulk> {
    let placement = &request.placement;
    let day = |day: Option<NaiveDate>| Bulk::OptionalText(day.map(|day| day.to_string()));
    vec![
        Bulk::Id(request.id),
        Bulk::Text(request.number.as_str().to_owned()),
        Bulk::Id(request.case),
        Bulk::Text(request.kind.key().to_owned()),
        Bulk::Number(request.round),
        Bulk::Text(request.source.key().to_owned()),
        // No form made it: its own id stands for one.
        Bulk::Id(request.id),
        Bulk::Text(request.locale.tag().to_owned()),
        Bulk::Bytes(sealed),
        Bulk::Text(request.state.to_owned()),
        Bulk::OptionalText(placement.office.as_ref().map(|office| office.as_str().to_owned())),
        Bulk::Number(i64::from(request.target.days)),
        Bulk::Text(request.target.count.key().to_owned()),
        Bulk::Text(placement.due_on.to_string()),
        Bulk::At(request.received_at),
        Bulk::Number(i64::try_from(request.events.len()).unwrap_or(i64::MAX)),
        Bulk::Text(placement.place.key().to_owned()),
        Bulk::OptionalId(placement.officer.map(|officer| Uuid::from_u128(officer.0))),
        day(placement.owed_on),
        day(placement.open_by),
        Bulk::OptionalText(placement.mail.map(|mail| mail.key().to_owned())),
        Bulk::Number(i64::try_from(request.events.len()).unwrap_or(i64::MAX)),
    ]
}

/// Whether there is any request.
pub async fn any(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &ANY)?.0)
}

/// Counts all requests anew: what the figures kept must be. For tests, and for whoever doubts them.
pub async fn full_count(
    connection: &mut Connection,
    office: &OfficeCode,
    today: NaiveDate,
    soon: NaiveDate,
    who: OfficerId,
) -> Result<Vec<(Queue, i64)>, StoreError> {
    let text = "SELECT office, place, officer_id, due_on, owed_on, open_by, mail FROM service_request WHERE office = $1";
    let rows: Vec<PlacementRow> = match connection.on() {
        On::Sqlite(connection) => sqlx::query_as(text).bind(office.as_str()).fetch_all(connection).await?,
        On::Postgres(connection) => sqlx::query_as(text).bind(office.as_str()).fetch_all(connection).await?,
    };
    let placements: Vec<Placement> = rows.into_iter().map(Placement::try_from).collect::<Result<_, _>>()?;
    let count = |queue: Queue| placements.iter().filter(|placement| placement.is_in(queue, who, today, soon)).count();
    Ok(Queue::ALL
        .into_iter()
        .map(|queue| (queue, i64::try_from(count(queue)).unwrap_or(i64::MAX)))
        .filter(|(_, n)| *n > 0)
        .collect())
}

/// What the engine has to know of tables that were just filled.
pub async fn analyze(transaction: &mut Connection) -> Result<(), StoreError> {
    match transaction.on() {
        On::Sqlite(_) => Ok(()),
        On::Postgres(connection) => {
            sqlx::raw_sql("ANALYZE service_request; ANALYZE request_count; ANALYZE request_text; ANALYZE report_tally")
                .execute(connection)
                .await?;
            Ok(())
        }
    }
}

/// The engine's own word for how it would read a page: for tests that want an index.
#[cfg(test)]
pub async fn plan(connection: &mut Connection, asked: &Asked<'_>) -> Result<String, StoreError> {
    let rows: Vec<String> = match connection.on() {
        On::Sqlite(connection) => {
            let mut builder = QueryBuilder::<sqlx::Sqlite>::new(format!("EXPLAIN QUERY PLAN {LISTED}"));
            push_list!(asked, &mut builder);
            let rows: Vec<(i64, i64, i64, String)> = builder.build_query_as().fetch_all(connection).await?;
            rows.into_iter().map(|row| row.3).collect()
        }
        On::Postgres(connection) => {
            let mut builder = QueryBuilder::<sqlx::Postgres>::new(format!("EXPLAIN {LISTED}"));
            push_list!(asked, &mut builder);
            let rows: Vec<(String,)> = builder.build_query_as().fetch_all(connection).await?;
            rows.into_iter().map(|row| row.0).collect()
        }
    };
    Ok(rows.join("\n"))
}
