//! Reports of a new address, the changes that they ask for, and what the cases' mail goes to because of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::address::Place;
use shared::case_feed::MailingAddress;
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{CaseState, ChangeState, FeedAddress, Filing, Hindrance, OldReach, Proof, Refusal, judge_feed};
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use shared::service_request::RequestNumber;
use uuid::Uuid;

use crate::StoreError;
use crate::case_feed::{read_address, write_address};
use crate::crypto::{Cell, DataKey};
use crate::data_key::{self, Keys};
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD_REPORT = "INSERT INTO address_report (id, number, submission_id, locale, content, received_at) \
                  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    // One whose content was emptied was destroyed.
    REPORT = "SELECT id, number, locale, received_at FROM address_report WHERE id = $1 AND length(content) > 0";
    REPORT_BY_NUMBER = "SELECT id FROM address_report WHERE number = $1 AND length(content) > 0";
    REPORT_BY_SUBMISSION = "SELECT id FROM address_report WHERE submission_id = $1";
    CONTENT = "SELECT content FROM address_report WHERE id = $1 AND length(content) > 0";
    ADD_CHANGE = "INSERT INTO address_change (id, report_id, part, reach, contact, state, proof, state_at, until, failures, refusal) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    CHANGES_OF_REPORT = "SELECT id FROM address_change WHERE report_id = $1 ORDER BY part";
    FIND = "SELECT id, report_id, reach, state, proof, state_at, until, failures, refusal FROM address_change WHERE id = $1";
    // Whoever changes one holds its row: of two at once the second sees what the first did.
    HOLD = "UPDATE address_change SET state = state WHERE id = $1 \
            RETURNING id, report_id, reach, state, proof, state_at, until, failures, refusal";
    SET = "UPDATE address_change SET state = $2, proof = $3, state_at = $4, until = $5, failures = $6, refusal = $7 WHERE id = $1";
    CONTACT = "SELECT contact FROM address_change WHERE id = $1 AND contact IS NOT NULL";
    SECRET = "SELECT secret FROM address_change WHERE id = $1 AND secret IS NOT NULL";
    SET_SECRET = "UPDATE address_change SET secret = $2 WHERE id = $1";
    BY_SECRET = "SELECT id FROM address_change WHERE secret = $1";
    OVERDUE = "SELECT id FROM address_change WHERE state = 'pending' AND until <= $1 ORDER BY until, id LIMIT $2";
    ADD_CASE = "INSERT INTO address_change_case (change_id, position, receipt_number, case_id, state, state_at, hindrance) \
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CASES = "SELECT receipt_number, case_id, state, state_at, hindrance FROM address_change_case WHERE change_id = $1 ORDER BY position";
    SET_CASE = "UPDATE address_change_case SET state = $3, state_at = $4, hindrance = $5 WHERE change_id = $1 AND position = $2";
    HOLDS_CARDS = "SELECT EXISTS (SELECT 1 FROM address_change_case WHERE case_id = $1 AND state = 'held_for_proof')";
    ADD_EVENT = "INSERT INTO address_change_event (id, change_id, position, occurred_at, actor, event) \
                 SELECT $1, $2, count(*), $3, $4, $5 FROM address_change_event WHERE change_id = $2";
    EVENTS = "SELECT event FROM address_change_event WHERE change_id = $1 ORDER BY position";
    ADD_STEP = "INSERT INTO address_change_step (change_id, effect, done_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    STEPS = "SELECT effect FROM address_change_step WHERE change_id = $1";
    ADDRESSES = "SELECT mailing_address, given_address FROM case_record WHERE id = $1";
    SET_ADDRESSES = "UPDATE case_record SET mailing_address = $2, given_address = $3 WHERE id = $1";
    ADD_CASE_CHANGE = "INSERT INTO case_change (position, case_id, kind, address, made_at) \
                       SELECT coalesce(max(position), 0) + 1, $1, $2, $3, $4 FROM case_change RETURNING position";
    CASE_CHANGES = "SELECT position, case_id, receipt_number, kind, address, made_at FROM case_change \
                    JOIN case_record ON case_record.id = case_change.case_id \
                    WHERE position > $1 AND receipt_number < '~' ORDER BY position LIMIT $2";
    NEAREST = "SELECT case_record.id, receipt_number, data_key.id IS NOT NULL FROM case_record \
               LEFT JOIN data_key ON data_key.id = data_key_id WHERE receipt_number >= $1 ORDER BY receipt_number LIMIT 1";
    NUMBER_OF_CASE = "SELECT receipt_number FROM case_record WHERE id = $1";
}

/// A report to be added.
#[derive(Debug)]
pub struct NewReport<'a> {
    pub id: Uuid,
    pub number: &'a RequestNumber,
    pub submission: Uuid,
    pub locale: Locale,
    pub content: &'a [u8],
    pub received_at: DateTime<Utc>,
}

/// A report, without what was told in it.
#[derive(Debug, Clone)]
pub struct StoredReport {
    pub id: Uuid,
    pub number: RequestNumber,
    pub locale: Locale,
    pub received_at: DateTime<Utc>,
}

const fn report_cell(id: Uuid) -> Cell {
    Cell { table: "address_report", column: "content", row: id }
}

const fn contact_cell(id: Uuid) -> Cell {
    Cell { table: "address_change", column: "contact", row: id }
}

/// Adds a report. False if this form was sent already.
pub async fn add_report(transaction: &mut Connection, keys: &Keys, new: &NewReport<'_>) -> Result<bool, StoreError> {
    let sealed = keys.transit().seal(report_cell(new.id), new.content)?;
    let number = new.number.as_str();
    let added = execute!(transaction, &ADD_REPORT, new.id, number, new.submission, new.locale.tag(), sealed, new.received_at)?;
    Ok(added > 0)
}

pub async fn report(connection: &mut Connection, id: Uuid) -> Result<Option<StoredReport>, StoreError> {
    type Row = (Uuid, String, String, DateTime<Utc>);
    let Some((id, number, locale, received_at)) = fetch!(connection, fetch_optional, Row, &REPORT, id)? else { return Ok(None) };
    let number = RequestNumber::parse(&number).map_err(|_| StoreError::inconsistent("address_report", "number"))?;
    Ok(Some(StoredReport { id, number, locale: Locale::from_tag(&locale), received_at }))
}

pub async fn report_by_number(connection: &mut Connection, number: &RequestNumber) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &REPORT_BY_NUMBER, number.as_str())?.map(|(id,)| id))
}

/// The report that a form made.
pub async fn report_by_submission(connection: &mut Connection, submission: Uuid) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &REPORT_BY_SUBMISSION, submission)?.map(|(id,)| id))
}

/// What was told in a report.
pub async fn content(connection: &mut Connection, keys: &Keys, report: Uuid) -> Result<Option<Sensitive<Vec<u8>>>, StoreError> {
    let Some((sealed,)) = fetch!(connection, fetch_optional, (Vec<u8>,), &CONTENT, report)? else { return Ok(None) };
    Ok(Some(Sensitive::new(keys.transit().open(report_cell(report), &sealed)?)))
}

/// A case as a change lists it.
#[derive(Debug, Clone)]
pub struct Listed {
    pub number: ReceiptNumber,
    /// None if it was not recognised.
    pub case: Option<Uuid>,
}

/// A change to be added.
#[derive(Debug)]
pub struct NewChange<'a> {
    pub id: Uuid,
    pub report: Uuid,
    pub part: i64,
    pub filing: &'a Filing,
    /// As many as the filing has cases, in its order.
    pub cases: &'a [Listed],
    /// Where its proof and its notices go.
    pub contact: Option<&'a str>,
    pub at: DateTime<Utc>,
}

/// A change and its cases.
#[derive(Debug, Clone)]
pub struct StoredChange {
    pub id: Uuid,
    pub report: Uuid,
    pub filing: Filing,
    pub cases: Vec<Listed>,
}

#[derive(Debug, sqlx::FromRow)]
struct ChangeRow {
    id: Uuid,
    report_id: Uuid,
    reach: String,
    state: String,
    proof: Option<String>,
    state_at: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    failures: i64,
    refusal: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct CaseRow {
    receipt_number: String,
    case_id: Option<Uuid>,
    state: String,
    state_at: Option<DateTime<Utc>>,
    hindrance: Option<String>,
}

/// A state in columns.
struct Columns {
    proof: Option<&'static str>,
    at: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    failures: i64,
    refusal: Option<&'static str>,
}

impl Columns {
    fn of(state: ChangeState) -> Self {
        let none = Self { proof: None, at: None, until: None, failures: 0, refusal: None };
        match state {
            ChangeState::Pending { awaits, until, failures } => {
                Self { proof: Some(awaits.key()), until: Some(until), failures: failures.into(), ..none }
            }
            ChangeState::Confirmed { proof, at, reversible_until } => {
                Self { proof: Some(proof.key()), at: Some(at), until: Some(reversible_until), ..none }
            }
            ChangeState::Recorded { at } | ChangeState::Reversed { at } | ChangeState::Expired { at } => {
                Self { at: Some(at), ..none }
            }
            ChangeState::Refused { at, reason } => Self { at: Some(at), refusal: Some(reason.key()), ..none },
        }
    }
}

impl ChangeRow {
    fn state(&self) -> Option<ChangeState> {
        let proof = || Proof::from_key(self.proof.as_deref()?);
        let at = self.state_at;
        Some(match self.state.as_str() {
            "pending" => ChangeState::Pending { awaits: proof()?, until: self.until?, failures: u8::try_from(self.failures).ok()? },
            "recorded" => ChangeState::Recorded { at },
            "confirmed" => ChangeState::Confirmed { proof: proof()?, at, reversible_until: self.until? },
            "reversed" => ChangeState::Reversed { at },
            "expired" => ChangeState::Expired { at },
            "refused" => ChangeState::Refused { at, reason: Refusal::from_key(self.refusal.as_deref()?)? },
            _ => return None,
        })
    }
}

fn case_columns(state: CaseState) -> (Option<DateTime<Utc>>, Option<&'static str>) {
    match state {
        CaseState::HeldForProof | CaseState::WillBeUpdated => (None, None),
        CaseState::Updated { at } | CaseState::Acknowledged { at } | CaseState::Replaced { at } | CaseState::Reversed { at } => {
            (Some(at), None)
        }
        CaseState::CouldNot { reason } => (None, Some(reason.key())),
    }
}

impl CaseRow {
    fn state(&self) -> Option<CaseState> {
        Some(match self.state.as_str() {
            "held_for_proof" => CaseState::HeldForProof,
            "will_be_updated" => CaseState::WillBeUpdated,
            "updated" => CaseState::Updated { at: self.state_at? },
            "acknowledged" => CaseState::Acknowledged { at: self.state_at? },
            "replaced" => CaseState::Replaced { at: self.state_at? },
            "could_not" => CaseState::CouldNot { reason: Hindrance::from_key(self.hindrance.as_deref()?)? },
            "reversed" => CaseState::Reversed { at: self.state_at? },
            _ => return None,
        })
    }
}

pub async fn add_change(transaction: &mut Connection, keys: &Keys, new: &NewChange<'_>) -> Result<(), StoreError> {
    let contact = new.contact.map(|contact| keys.transit().seal(contact_cell(new.id), contact.as_bytes())).transpose()?;
    let state = new.filing.state();
    let Columns { proof, at, until, failures, refusal } = Columns::of(state);
    let (reach, at) = (new.filing.reach().key(), at.unwrap_or(new.at));
    execute!(
        transaction,
        &ADD_CHANGE,
        new.id,
        new.report,
        new.part,
        reach,
        contact,
        state.key(),
        proof,
        at,
        until,
        failures,
        refusal
    )?;
    for ((position, listed), state) in (0i64..).zip(new.cases).zip(new.filing.cases()) {
        let (at, hindrance) = case_columns(*state);
        let number = listed.number.as_str();
        execute!(transaction, &ADD_CASE, new.id, position, number, listed.case, state.key(), at, hindrance)?;
    }
    Ok(())
}

/// The changes of a report, in their order.
pub async fn changes_of(connection: &mut Connection, report: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &CHANGES_OF_REPORT, report)?.into_iter().map(|(id,)| id).collect())
}

pub async fn find(connection: &mut Connection, id: Uuid) -> Result<Option<StoredChange>, StoreError> {
    let row = fetch!(connection, fetch_optional, ChangeRow, &FIND, id)?;
    with_cases(connection, row).await
}

/// Finds a change and keeps others from changing it until this transaction ends.
pub async fn hold(transaction: &mut Connection, id: Uuid) -> Result<Option<StoredChange>, StoreError> {
    let row = fetch!(transaction, fetch_optional, ChangeRow, &HOLD, id)?;
    with_cases(transaction, row).await
}

async fn with_cases(connection: &mut Connection, row: Option<ChangeRow>) -> Result<Option<StoredChange>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let wrong = |column| StoreError::inconsistent("address_change", column);
    let of_case = |column| StoreError::inconsistent("address_change_case", column);
    let (mut cases, mut states) = (Vec::new(), Vec::new());
    for case in fetch!(connection, fetch_all, CaseRow, &CASES, row.id)? {
        states.push(case.state().ok_or(of_case("state"))?);
        let number = ReceiptNumber::parse(&case.receipt_number).map_err(|_| of_case("receipt_number"))?;
        cases.push(Listed { number, case: case.case_id });
    }
    let reach = OldReach::from_key(&row.reach).ok_or(wrong("reach"))?;
    let state = row.state().ok_or(wrong("state"))?;
    let filing = Filing::from_parts(reach, state, states).map_err(|_| wrong("state"))?;
    Ok(Some(StoredChange { id: row.id, report: row.report_id, filing, cases }))
}

/// Writes down what a change that is held has become.
pub async fn save(
    transaction: &mut Connection,
    id: Uuid,
    before: &Filing,
    after: &Filing,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if before.state() != after.state() {
        let Columns { proof, at, until, failures, refusal } = Columns::of(after.state());
        execute!(transaction, &SET, id, after.state().key(), proof, at.unwrap_or(now), until, failures, refusal)?;
    }
    for (position, (before, after)) in (0i64..).zip(before.cases().iter().zip(after.cases())) {
        if before != after {
            let (at, hindrance) = case_columns(*after);
            execute!(transaction, &SET_CASE, id, position, after.key(), at, hindrance)?;
        }
    }
    Ok(())
}

/// Where the proof and the notices of a change go: an address of e-mail that was on file before.
pub async fn contact(connection: &mut Connection, keys: &Keys, id: Uuid) -> Result<Option<Sensitive<String>>, StoreError> {
    let Some((sealed,)) = fetch!(connection, fetch_optional, (Vec<u8>,), &CONTACT, id)? else { return Ok(None) };
    let plain = String::from_utf8(keys.transit().open(contact_cell(id), &sealed)?);
    Ok(Some(Sensitive::new(plain.map_err(|_| StoreError::inconsistent("address_change", "contact"))?)))
}

/// The keyed hash of what was sent to prove a change.
pub async fn secret(connection: &mut Connection, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Vec<u8>,), &SECRET, id)?.map(|(secret,)| secret))
}

/// What was sent before is good for nothing from now on.
pub async fn set_secret(transaction: &mut Connection, id: Uuid, secret: Option<&[u8]>) -> Result<(), StoreError> {
    execute!(transaction, &SET_SECRET, id, secret)?;
    Ok(())
}

/// The change with this keyed hash.
pub async fn by_secret(connection: &mut Connection, secret: &[u8]) -> Result<Option<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_optional, (Uuid,), &BY_SECRET, secret)?.map(|(id,)| id))
}

/// Changes for whose proof it is too late.
pub async fn overdue(connection: &mut Connection, now: DateTime<Utc>, most: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(fetch!(connection, fetch_all, (Uuid,), &OVERDUE, now, most)?.into_iter().map(|(id,)| id).collect())
}

/// Whether no card of a case may be mailed now, since a change of its address waits for a proof.
pub async fn holds_cards(connection: &mut Connection, case: Uuid) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &HOLDS_CARDS, case)?.0)
}

/// Adds what happened to a change that is held.
pub async fn add_event(
    transaction: &mut Connection,
    id: Uuid,
    change: Uuid,
    at: DateTime<Utc>,
    actor: &str,
    event: &str,
) -> Result<(), StoreError> {
    execute!(transaction, &ADD_EVENT, id, change, at, actor, event)?;
    Ok(())
}

/// What happened to a change, the oldest first.
pub async fn events(connection: &mut Connection, change: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(fetch!(connection, fetch_all, (String,), &EVENTS, change)?.into_iter().map(|(event,)| event).collect())
}

/// Notes that an effect is done, in the transaction that does it. False if it was done before.
pub async fn add_step(transaction: &mut Connection, change: Uuid, effect: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &ADD_STEP, change, effect, at)? > 0)
}

/// The effects that are done.
pub async fn steps(connection: &mut Connection, change: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(fetch!(connection, fetch_all, (String,), &STEPS, change)?.into_iter().map(|(effect,)| effect).collect())
}

/// The address that somebody gave for a case's mail, as its row keeps it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenAddress {
    address: String,
    /// Those that the case had before, the newest first.
    before: Vec<String>,
    pub change: Uuid,
    pub at: DateTime<Utc>,
}

impl std::fmt::Debug for GivenAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GivenAddress({})", self.change)
    }
}

/// Addresses that are remembered of a case.
const MOST_BEFORE: usize = 10;

impl GivenAddress {
    /// The address with which the case's mail went before this one, as its row keeps it.
    pub fn previous(&self) -> Option<MailingAddress> {
        self.before.first().and_then(|lines| read_address(lines))
    }

    pub(crate) fn as_mailing(&self) -> &str {
        &self.address
    }

    /// What an address of the feed means now.
    pub(crate) fn judge(&self, incoming: &MailingAddress, event_at: DateTime<Utc>) -> FeedAddress {
        let Some(given) = read_address(&self.address) else { return FeedAddress::Replaces };
        let (incoming, given) = (Place::of_mailing(incoming), Place::of_mailing(&given));
        let places = self.before.iter().filter_map(|lines| read_address(lines)).map(|before| Place::of_mailing(&before));
        let judged: Vec<FeedAddress> = places.map(|before| judge_feed(&incoming, &given, &before, event_at, self.at)).collect();
        // Without an address before, time alone decides.
        let alone = || judge_feed(&incoming, &given, &given, event_at, self.at);
        judged.iter().copied().find(|judged| *judged != FeedAddress::Replaces).or(judged.first().copied()).unwrap_or_else(alone)
    }
}

pub(crate) const fn given_cell(case: Uuid) -> Cell {
    Cell { table: "case_record", column: "given_address", row: case }
}

const fn mailing_cell(case: Uuid) -> Cell {
    Cell { table: "case_record", column: "mailing_address", row: case }
}

pub(crate) fn open_given(key: &DataKey, case: Uuid, sealed: &[u8]) -> Result<GivenAddress, StoreError> {
    let plain = key.open(given_cell(case), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| StoreError::inconsistent("case_record", "given_address"))
}

fn seal_given(key: &DataKey, case: Uuid, given: &GivenAddress) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(given).map_err(|_| StoreError::inconsistent("case_record", "given_address"))?;
    Ok(key.seal(given_cell(case), &plain)?)
}

/// The key of a case that a row names: it is there.
async fn key_of(connection: &mut Connection, keys: &Keys, case: Uuid) -> Result<DataKey, StoreError> {
    data_key::of_case(connection, keys, case).await?.ok_or(StoreError::inconsistent("case_record", "data_key_id"))
}

/// Where the mail of a case goes, and what somebody gave for it.
#[derive(Debug, Clone)]
pub struct Addresses {
    pub mailing: Option<Sensitive<MailingAddress>>,
    pub given: Option<GivenAddress>,
}

pub async fn addresses(connection: &mut Connection, keys: &Keys, case: Uuid) -> Result<Addresses, StoreError> {
    let key = key_of(connection, keys, case).await?;
    let (mailing, given) = fetch!(connection, fetch_one, (Option<Vec<u8>>, Option<Vec<u8>>), &ADDRESSES, case)?;
    let mailing = mailing.map(|sealed| key.open(mailing_cell(case), &sealed)).transpose()?;
    let mailing = mailing.and_then(|plain| read_address(&String::from_utf8(plain).ok()?)).map(Sensitive::new);
    let given = given.map(|sealed| open_given(&key, case, &sealed)).transpose()?;
    Ok(Addresses { mailing, given })
}

/// Has the mail of a case go to an address that somebody gave. Imports are to be locked: they write the same column.
pub async fn give_address(
    transaction: &mut Connection,
    keys: &Keys,
    case: Uuid,
    change: Uuid,
    address: &MailingAddress,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Addresses { mailing, given } = addresses(transaction, keys, case).await?;
    let lines = write_address(address);
    let former = mailing.map(|former| write_address(former.expose()));
    let mut before: Vec<String> = former.into_iter().chain(given.map(|given| given.before).unwrap_or_default()).collect();
    before.retain(|before| *before != lines);
    before.truncate(MOST_BEFORE);
    let key = key_of(transaction, keys, case).await?;
    let mailing = key.seal(mailing_cell(case), lines.as_bytes())?;
    let given = seal_given(&key, case, &GivenAddress { address: lines, before, change, at })?;
    execute!(transaction, &SET_ADDRESSES, case, mailing, given)?;
    Ok(())
}

/// What the case system has to know of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseChangeKind {
    HoldCards,
    ReleaseCards,
    MailingAddress,
    /// Pieces that are not mailed yet go to this address.
    RedirectUnmailed,
}

impl CaseChangeKind {
    pub const ALL: [Self; 4] = [Self::HoldCards, Self::ReleaseCards, Self::MailingAddress, Self::RedirectUnmailed];

    pub const fn key(self) -> &'static str {
        match self {
            Self::HoldCards => "hold_cards",
            Self::ReleaseCards => "release_cards",
            Self::MailingAddress => "mailing_address",
            Self::RedirectUnmailed => "redirect_unmailed",
        }
    }
}

/// A change of a case, for the case system.
#[derive(Debug, Clone)]
pub struct CaseChange {
    pub position: i64,
    pub number: ReceiptNumber,
    pub kind: CaseChangeKind,
    pub address: Option<Sensitive<MailingAddress>>,
    pub made_at: DateTime<Utc>,
}

/// Additional data of the one column that has no id of its own: a case's address opens only beside its case.
const fn change_cell(case: Uuid) -> Cell {
    Cell { table: "case_change", column: "address", row: case }
}

/// Adds a change for the case system. Imports are to be locked: positions become visible in their order.
pub async fn add_case_change(
    transaction: &mut Connection,
    keys: &Keys,
    case: Uuid,
    kind: CaseChangeKind,
    address: Option<&MailingAddress>,
    at: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let sealed = match address {
        Some(address) => {
            let key = key_of(transaction, keys, case).await?;
            Some(key.seal(change_cell(case), write_address(address).as_bytes())?)
        }
        None => None,
    };
    Ok(fetch!(transaction, fetch_one, (i64,), &ADD_CASE_CHANGE, case, kind.key(), sealed, at)?.0)
}

/// Changes after a position, in their order.
pub async fn case_changes(connection: &mut Connection, keys: &Keys, after: i64, most: i64) -> Result<Vec<CaseChange>, StoreError> {
    type Row = (i64, Uuid, String, String, Option<Vec<u8>>, DateTime<Utc>);
    let wrong = |column| StoreError::inconsistent("case_change", column);
    let mut changes = Vec::new();
    for (position, case, number, kind, sealed, made_at) in fetch!(connection, fetch_all, Row, &CASE_CHANGES, after, most)? {
        let address = match sealed {
            Some(sealed) => {
                let key = key_of(connection, keys, case).await?;
                let plain = String::from_utf8(key.open(change_cell(case), &sealed)?).map_err(|_| wrong("address"))?;
                Some(Sensitive::new(read_address(&plain).ok_or(wrong("address"))?))
            }
            None => None,
        };
        changes.push(CaseChange {
            position,
            number: ReceiptNumber::parse(&number).map_err(|_| wrong("case_id"))?,
            kind: CaseChangeKind::ALL.into_iter().find(|known| known.key() == kind).ok_or(wrong("kind"))?,
            address,
            made_at,
        });
    }
    Ok(changes)
}

/// The sensitive values of the case with a number. Of a number that nobody has, the neighbour's are opened and not looked at: it
/// takes as long.
pub async fn sensitive_of(
    connection: &mut Connection,
    keys: &Keys,
    number: &ReceiptNumber,
) -> Result<Option<(Uuid, Vec<(String, Sensitive<String>)>)>, StoreError> {
    let (id, nearest, has_key) = fetch!(connection, fetch_one, (Uuid, String, bool), &NEAREST, number.as_str())?;
    if !has_key {
        return Ok(None);
    }
    let opened = crate::case_feed::open_sensitive(connection, keys, id).await?;
    Ok((nearest == number.as_str()).then_some((id, opened)))
}

/// The number of a case.
pub async fn number_of(connection: &mut Connection, case: Uuid) -> Result<Option<ReceiptNumber>, StoreError> {
    let row = fetch!(connection, fetch_optional, (String,), &NUMBER_OF_CASE, case)?;
    let wrong = |_| StoreError::inconsistent("case_record", "receipt_number");
    row.map(|(number,)| ReceiptNumber::parse(&number).map_err(wrong)).transpose()
}
