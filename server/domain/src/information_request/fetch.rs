//! OBIM fetches a package, sends it, and says so. The check is asked a last time, and the disclosure is committed before a byte is given.

use chrono::{DateTime, TimeDelta, Utc};
use shared::agreement::{AnswerKind, Partner};
use shared::disclosure::{Method, Nature, Outcome};
use shared::partner_query::{InboundEvent, InboundState, ReplyResult, TransactionNumber, Verdict};
use shared::protection::CisAnswer;
use shared::service_request::OfficerId;
use store::crypto::same;
use store::engine::Connection;
use store::information_request::{self as rows, PackageOutcome, StoredPackage};
use store::partner_query::{self as queries, StoredForeign};
use uuid::Uuid;

use super::act::{Act, Done, GivenBack, end_failed, happens, reason as reason_in, state_of};
use super::check::{Checked, check, is_shown};
use super::pack::{ToCheck, to_check};
use super::reply::{Head, Prepared, write};
use super::review::released;
use super::view::officer_id;
use crate::partner_query::{Account, close_disclosure};
use crate::{Action, Context, Error, Officer};

/// For how long what was sent stays on the list.
const LISTED_FOR: TimeDelta = TimeDelta::days(30);
/// Rows of the list.
const MOST: i64 = 200;

/// A package, for who fetches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageRow {
    pub request: Uuid,
    pub package: Uuid,
    pub partner: Partner,
    pub transaction_number: String,
    pub state: InboundState,
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub made_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub fetched: Option<(OfficerId, DateTime<Utc>)>,
}

/// What became of the wish to fetch a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    /// Its disclosure is committed: its parts may be given out.
    Fetch { package: Uuid, bytes: u64, parts: u32 },
    /// There is none, or it may not leave.
    NotNow,
}

/// Packages to be fetched or sent, and those that were sent within thirty days.
pub async fn packages(ctx: &Context, officer: &Officer) -> Result<Vec<PackageRow>, Error> {
    officer.check_somewhere(Action::FetchPackages)?;
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    let all = rows::packages(&mut connection, ctx.now() - LISTED_FOR, MOST).await?;
    drop(connection);
    let mut shown = Vec::new();
    for row in all {
        // OBIM has what it fetched, and has to say what became of it.
        let is_fetched = row.fetched.is_some();
        if is_fetched || is_shown(ctx, row.profile, row.partner, row.purpose).await? {
            shown.push(listed(row));
        }
    }
    Ok(shown)
}

fn listed(row: rows::PackageRow) -> PackageRow {
    PackageRow {
        request: row.request,
        package: row.id,
        partner: row.partner,
        transaction_number: row.transaction_number,
        state: row.state,
        bytes: row.bytes,
        sha256: row.sha256,
        made_at: row.made_at,
        due_at: row.due_at,
        fetched: row.fetched.map(|(by, at)| (officer_id(by), at)),
    }
}

const fn is_at_hand(state: InboundState) -> bool {
    matches!(state, InboundState::HandedToCpms | InboundState::RetrievedByObim)
}

/// About whom PCQS/CIS is asked before a package is given out; none if there is none.
pub async fn to_fetch(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Option<ToCheck>, Error> {
    officer.check_somewhere(Action::FetchPackages)?;
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let foreign = queries::foreign(&mut connection, &partner_data.keys, request).await?;
    drop(connection);
    if foreign.as_ref().and_then(state_of).is_some_and(is_at_hand) { to_check(ctx, request).await } else { Ok(None) }
}

/// Lets a package be fetched, by who showed a second factor a moment ago. Protection and agreement are read in here: a marker counts if
/// it was committed before this began. Nothing leaves of which another reply would be written now.
pub async fn fetch(ctx: &Context, officer: &Officer, due: &ToCheck, cis: &CisAnswer) -> Result<Fetch, Error> {
    officer.check_somewhere(Action::FetchPackages)?;
    officer.check_fresh(ctx.now())?;
    let Some(checked) = check(ctx, due.id, cis).await?.filter(|checked| is_at_hand(checked.state)) else {
        return Ok(Fetch::NotNow);
    };
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let package = rows::package_at_hand(&mut connection, due.id).await?.ok_or(Error::Internal)?;
    let parts = rows::parts(&mut connection, package.id).await?;
    drop(connection);
    if checked.verdict() != Verdict::Proceed {
        checked.stop(ctx, Some(package.id)).await?;
        return Ok(Fetch::NotNow);
    }
    let fetching = Fetching { ctx, officer, checked: &checked, package: &package };
    let Some(reply) = Box::pin(fetching.same_reply()).await? else {
        fetching.fail().await?;
        return Ok(Fetch::NotNow);
    };
    let is_first = checked.state == InboundState::HandedToCpms;
    let is_noted = if is_first { Box::pin(fetching.disclose(&reply)).await? } else { fetching.again().await? };
    Ok(if is_noted { Fetch::Fetch { package: package.id, bytes: package.bytes, parts } } else { Fetch::NotNow })
}

/// A package that is to be fetched.
struct Fetching<'a> {
    ctx: &'a Context,
    officer: &'a Officer,
    checked: &'a Checked,
    package: &'a StoredPackage,
}

impl Fetching<'_> {
    /// The reply as it would be written now, if it is the one in the package.
    async fn same_reply(&self) -> Result<Option<Prepared>, Error> {
        let Self { ctx, checked, package, .. } = *self;
        let partner_data = ctx.partner_data()?;
        let mut connection = partner_data.store.read_primary().await?;
        let review = rows::last_review(&mut connection, &partner_data.keys, checked.foreign.id).await?;
        drop(connection);
        let review = review.filter(|review| review.id == package.review);
        let Some((frozen, approved_by)) = released(review.as_ref()) else { return Ok(None) };
        let number = TransactionNumber::parse(&package.number).map_err(|_| Error::Internal)?;
        let head = Head { number, date: ctx.day_of(package.made_at), approved_by };
        let reply = write(ctx, checked, &frozen, &head).await?;
        Ok(reply.filter(|reply| same(&reply.sha256(), &package.reply_sha256)))
    }

    /// Something in it may not be told any more, or does not hold any more: it does not leave.
    async fn fail(&self) -> Result<(), Error> {
        let Self { ctx, officer, checked, package } = *self;
        let event = InboundEvent::TransmissionFailed;
        let state = checked.state.next(&event).map_err(|_| Error::Internal)?;
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        end_failed(ctx, &mut transaction, package.id).await?;
        if let Some(before) = checked.foreign.disclosure {
            // OBIM had it: nobody knows whether it was sent.
            close_disclosure(ctx, &mut transaction, before, Outcome::Unknown).await?;
        }
        let act = Act { detail: serde_json::json!({ "because": "changed" }), ..Act::of(officer.actor(), event.key()) };
        if happens(ctx, &mut transaction, &checked.foreign, state, act).await? {
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Commits the disclosure, if anything is told, and that it was fetched. False if somebody was quicker.
    async fn disclose(&self, reply: &Prepared) -> Result<bool, Error> {
        let Self { ctx, officer, checked, package } = *self;
        let event = InboundEvent::Retrieved;
        let state = checked.state.next(&event).map_err(|_| Error::Internal)?;
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        let disclosure = if reply.result.is_match() { Some(self.account(&mut transaction, reply).await?) } else { None };
        let act = Act { told: Some((answer(reply.result), disclosure)), ..Act::of(officer.actor(), event.key()) };
        let is_first = rows::fetched(&mut transaction, package.id, officer.id(), ctx.now()).await?;
        if !is_first || !happens(ctx, &mut transaction, &checked.foreign, state, act).await? {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    async fn account(&self, transaction: &mut Connection, reply: &Prepared) -> Result<Uuid, Error> {
        let Self { ctx, officer, checked, package } = *self;
        let (known, decision) = checked.open()?;
        let id = ctx.clock.new_id();
        let account = Account {
            id,
            known,
            nature: Nature::Answer,
            elements: reply.elements.clone(),
            documents: reply.documents.iter().map(|document| document.id).collect(),
            partner: checked.foreign.partner,
            purpose: checked.foreign.purpose,
            agreement: decision.agreement_version,
            waivers: decision.waivers.clone(),
            recipient: Some(&checked.asked.requestor),
            // A correction names the answer by the number of the question.
            transaction: TransactionNumber::parse(&checked.foreign.transaction_number).map_err(|_| Error::Internal)?,
            released_by: Some(package.prepared_by),
            approved_by: Some(package.approved_by),
            transmitted_by: Some(officer.id()),
            method: Method::ObimPackage,
            payload_sha256: package.sha256,
        };
        account.record(ctx, transaction).await?;
        Ok(id)
    }

    /// It was fetched before, and its disclosure stands.
    async fn again(&self) -> Result<bool, Error> {
        let Self { ctx, officer, checked, .. } = *self;
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        let id = checked.foreign.id.to_string();
        ctx.audit(&mut transaction, officer.actor(), "information_request.fetch_again", &id, serde_json::json!({})).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

const fn answer(result: ReplyResult) -> AnswerKind {
    match result {
        ReplyResult::Match => AnswerKind::Match,
        ReplyResult::NoMatch => AnswerKind::NoMatch,
        ReplyResult::Partial => AnswerKind::Partial,
        ReplyResult::Refused | ReplyResult::Error => AnswerKind::Refused,
    }
}

/// A part of a package that was fetched, from 0; none behind the last, and as soon as the package may not leave.
pub async fn part(ctx: &Context, officer: &Officer, package: Uuid, position: u32) -> Result<Option<Vec<u8>>, Error> {
    officer.check_somewhere(Action::FetchPackages)?;
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    Ok(rows::part(&mut connection, package, position).await?)
}

/// A request whose package OBIM has, with the package; none if there is none.
async fn fetched(
    ctx: &Context,
    transaction: &mut Connection,
    request: Uuid,
) -> Result<Option<(StoredForeign, StoredPackage)>, Error> {
    let Some(foreign) = queries::foreign(transaction, &ctx.partner_data()?.keys, request).await? else { return Ok(None) };
    if state_of(&foreign) != Some(InboundState::RetrievedByObim) {
        tracing::warn!(request = %request, state = foreign.state.key(), "OBIM reports on a package that it does not have, or not any more");
        return Ok(None);
    }
    let package = rows::package_at_hand(transaction, request).await?;
    Ok(package.map(|package| (foreign, package)))
}

/// OBIM sent it.
pub async fn sent(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Done, Error> {
    officer.check_somewhere(Action::FetchPackages)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some((foreign, package)) = fetched(ctx, &mut transaction, request).await? else { return Ok(Done::NotNow) };
    let number = TransactionNumber::parse(&package.number).map_err(|_| Error::Internal)?;
    let event = InboundEvent::Transmitted { number };
    let state = InboundState::RetrievedByObim.next(&event).map_err(|_| Error::Internal)?;
    if let Some(disclosure) = foreign.disclosure {
        close_disclosure(ctx, &mut transaction, disclosure, Outcome::Sent).await?;
    }
    rows::end_package(&mut transaction, package.id, PackageOutcome::Sent, ctx.now()).await?;
    let act = Act { answered_at: Some(ctx.now()), ..Act::of(officer.actor(), event.key()) };
    if !happens(ctx, &mut transaction, &foreign, state, act).await? {
        return Ok(Done::NotNow);
    }
    transaction.commit().await?;
    Ok(Done::Done)
}

/// OBIM could not send it: nothing was told, and a reviewer has it made anew.
pub async fn not_sent(ctx: &Context, officer: &Officer, request: Uuid, reason: &str) -> Result<GivenBack, Error> {
    officer.check_somewhere(Action::FetchPackages)?;
    let Some(reason) = reason_in(reason) else { return Ok(GivenBack::NoReason) };
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let Some((foreign, package)) = fetched(ctx, &mut transaction, request).await? else { return Ok(GivenBack::NotNow) };
    let event = InboundEvent::TransmissionFailed;
    let state = InboundState::RetrievedByObim.next(&event).map_err(|_| Error::Internal)?;
    if let Some(disclosure) = foreign.disclosure {
        close_disclosure(ctx, &mut transaction, disclosure, Outcome::Refused).await?;
    }
    end_failed(ctx, &mut transaction, package.id).await?;
    let act =
        Act { reason: Some(reason), detail: serde_json::json!({ "because": "not_sent" }), ..Act::of(officer.actor(), event.key()) };
    if !happens(ctx, &mut transaction, &foreign, state, act).await? {
        return Ok(GivenBack::NotNow);
    }
    transaction.commit().await?;
    Ok(GivenBack::Done)
}
