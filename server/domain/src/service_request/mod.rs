//! Service requests (SRMT): what somebody asks the agency to look into, from its receipt to the answer.
//!
//! A request is what happened to it: its state, its clock and its steps follow from its events
//! ([`shared::service_request::ServiceRequest`]). Whoever changes one holds its row, reads its events, has the state machine
//! agree, and writes the event and the row in one transaction.

mod assign;
pub mod demo;
mod desk;
mod escalate;
mod intake;
mod lists;
mod read;
mod recorded;
mod redirect;
mod routing;
mod rules;
mod search;
mod work;

#[cfg(test)]
mod console_tests;
#[cfg(test)]
mod desk_tests;
#[cfg(test)]
mod protected_tests;
#[cfg(test)]
mod tests;

pub use assign::{
    BatchDone, Given, LARGEST_BATCH, Preview, Taken, Undone, assign, assign_many, hand_over, lay_back, preview, take_next, undo,
};
pub use desk::{CaseSeen, Colleague, case_of, colleagues, document, documents, keep, kept, names, summaries};
pub use escalate::{Raised, escalate, escalations, note_escalation};
pub use intake::{Intake, TakenIn, callback_digits, questions, take_in};
pub use lists::{Counts, List, ListPage, Shown, counts, list, unrouted};
pub use read::{Entry, Purpose as ReadPurpose, RequestFile, file_of};
pub(crate) use read::{last_of, may_read};
pub use redirect::{
    Open as OpenQuestion, QUESTION_LASTS, Redirected, answer_question, ask_office, open_questions, redirect, send_to,
};
pub use routing::route;
pub use rules::{Roster, RosterEntry, add_leave, drop_leave, drop_share, roster, set_share};
pub(crate) use search::index_missing;
pub use search::{Found, SavedView, drop_view, found, look_for, save_view, views};
pub use store::assignment::{Leave, Share};
pub use store::request_queue::{Direction, Listed, Mark, Page};
pub use store::request_work::{Escalation, Note, Question, Stage};
pub use work::{LONGEST_NOTE, PRESENT_FOR, Worked, add_note, here, left, open, pause, reopen, resume};
pub(crate) use work::{send_back, sweep};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use shared::case_feed::Email;
use shared::e_request::{Answers, Field};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use shared::service_request::{
    Beside, Count, Happening, HolidayTable, MailTrouble, Moment, Placement, Promise, Reading, RequestEvent, RequestKind,
    RequestNumber, ServiceRequest, Source, State, Step, StepName, Target, Why, due_on,
};
use store::engine::Connection;
use store::notification;
use store::request_queue::{self, Placed};
use store::service_request::{self as rows, NewEvent, NewRequest, StoredRequest};
use store::{Clock, Store};
use uuid::Uuid;

use crate::case_status::look_up_in_primary;
use crate::{Action, Actor, Context, Error};
use recorded::Recorded;

/// The longest text that can be added to a request, in characters.
pub const LONGEST_ADDITION: usize = 2000;

/// A form that is to become a request.
#[derive(Debug)]
pub(crate) struct Filing {
    pub submission: Uuid,
    pub case: Uuid,
    pub kind: RequestKind,
    /// The request that was not answered in time.
    pub follows: Option<Uuid>,
    pub source: Source,
    pub locale: Locale,
    pub answers: Answers,
    pub target: Target,
    pub received_at: DateTime<Utc>,
    /// A keyed hash of the digits that a caller was given.
    pub callback: Option<Vec<u8>>,
}

pub(crate) enum Filed {
    Stored(Uuid),
    /// This form was sent already, or there is such a request by now.
    Overtaken,
}

/// Makes a request of a form, in the caller's transaction.
pub(crate) async fn file(ctx: &Context, transaction: &mut Connection, actor: Actor, filing: &Filing) -> Result<Filed, Error> {
    let draw = || RequestNumber::new(ctx.year(), ctx.random_bytes());
    file_under(ctx, transaction, actor, filing, draw).await
}

/// The same, under the first number drawn that nobody has yet.
pub(crate) async fn file_under(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    filing: &Filing,
    mut draw: impl FnMut() -> RequestNumber,
) -> Result<Filed, Error> {
    let latest = rows::latest(transaction, filing.case, filing.kind).await?;
    let earlier = latest.as_ref().filter(|latest| is_open(latest));
    if earlier.map(|earlier| earlier.id) != filing.follows {
        return Ok(Filed::Overtaken);
    }
    let round = latest.as_ref().map_or(1, |latest| latest.round + 1);
    let id = ctx.clock.new_id();
    let Some(number) = add_row(ctx, transaction, filing, id, round, &mut draw).await? else { return Ok(Filed::Overtaken) };
    let [received, stored] = [Happening::Received, Happening::Stored].map(|happening| text_of(&happening, None));
    let first = [(ctx.clock.new_id(), filing.received_at, received?), (ctx.clock.new_id(), ctx.now(), stored?)];
    rows::add_first_events(transaction, id, &actor.label(), &first).await?;
    if let Some(earlier) = earlier {
        happen(ctx, transaction, actor, earlier.id, &Happening::Superseded { by: number }, None).await?;
    }
    let messages = [ctx.clock.new_id(), ctx.clock.new_id()];
    notification::add_first_messages(transaction, id, messages, ctx.now()).await?;
    let detail = serde_json::json!({ "kind": filing.kind.key(), "source": filing.source.key() });
    ctx.audit(transaction, actor, "service_request.file", &id.to_string(), detail).await?;
    Ok(Filed::Stored(id))
}

/// The number under which the row stands; none if this form, or another of its round, came first.
async fn add_row(
    ctx: &Context,
    transaction: &mut Connection,
    filing: &Filing,
    id: Uuid,
    round: i64,
    draw: &mut impl FnMut() -> RequestNumber,
) -> Result<Option<RequestNumber>, Error> {
    let content = serde_json::to_vec(&filing.answers).map_err(|_| Error::Internal)?;
    loop {
        let number = draw();
        let new = NewRequest {
            id,
            number: &number,
            case: filing.case,
            kind: filing.kind,
            round,
            follows: filing.follows,
            source: filing.source,
            submission: filing.submission,
            locale: filing.locale,
            content: &content,
            state: State::Stored.key(),
            target: filing.target,
            due_on: due_on(ctx.day_of(filing.received_at), filing.target, &holidays()),
            received_at: filing.received_at,
            version: 2,
            callback: filing.callback.clone(),
        };
        if rows::add(transaction, &ctx.keys, &new).await? {
            return Ok(Some(number));
        }
        if rows::by_number(transaction, &number).await?.is_none() {
            return Ok(None);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "a row's columns")]
async fn add_event(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    (request, case): (Uuid, Uuid),
    position: i64,
    at: DateTime<Utc>,
    happening: &Happening,
    told: Told<'_>,
) -> Result<(), Error> {
    let event = text_of(happening, told.why)?;
    let (actor, content) = (actor.label(), told.words.map(|words| (case, words)));
    let new = NewEvent { id: ctx.clock.new_id(), request, position, at, actor: &actor, event: &event, content };
    Ok(rows::add_event(transaction, &ctx.keys, &new).await?)
}

/// An event as its row holds it.
fn text_of(happening: &Happening, why: Option<Why>) -> Result<String, Error> {
    serde_json::to_string(&Recorded::of(happening).because(why)).map_err(|_| Error::Internal)
}

/// What is kept with an event beside what happened.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told<'a> {
    /// What somebody wrote; it is encrypted.
    pub words: Option<&'a [u8]>,
    pub why: Option<Why>,
}

/// What became of an attempt to have something happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Happened {
    Yes(Box<State>),
    /// It cannot happen in the state that the request is in.
    Refused,
}

/// Has something happen to a request, if its state lets it.
pub(crate) async fn happen(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    id: Uuid,
    happening: &Happening,
    words: Option<&[u8]>,
) -> Result<Happened, Error> {
    happen_because(ctx, transaction, actor, id, happening, Told { words, why: None }).await
}

/// The same, with why.
pub(crate) async fn happen_because(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    id: Uuid,
    happening: &Happening,
    told: Told<'_>,
) -> Result<Happened, Error> {
    let Some(mut held) = hold(ctx, transaction, id).await? else { return Ok(Happened::Refused) };
    if !record(ctx, transaction, actor, &mut held, happening, told).await? {
        return Ok(Happened::Refused);
    }
    place(ctx, transaction, &held).await?;
    Ok(Happened::Yes(Box::new(held.request.state().clone())))
}

/// A request that others cannot change until the transaction ends.
struct Held {
    row: StoredRequest,
    request: ServiceRequest,
}

async fn hold(ctx: &Context, transaction: &mut Connection, id: Uuid) -> Result<Option<Held>, Error> {
    if !rows::hold(transaction, id).await? {
        return Ok(None);
    }
    let Some(row) = rows::find(transaction, id).await? else { return Ok(None) };
    let request = fold(ctx.zone, transaction, id).await?;
    Ok(Some(Held { row, request }))
}

/// Adds an event to a request that is held; false if its state refuses it. Where it stands then is written by [`place`], once
/// however much happened: figures are changed in one order, so that nobody waits for who waits for them.
async fn record(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    held: &mut Held,
    happening: &Happening,
    told: Told<'_>,
) -> Result<bool, Error> {
    let (id, at) = (held.row.id, ctx.now());
    let position = i64::try_from(held.request.events().len()).unwrap_or(i64::MAX);
    if held.request.record(RequestEvent { at: moment(ctx.zone, at), happening: happening.clone() }).is_err() {
        return Ok(false);
    }
    add_event(ctx, transaction, actor, (id, held.row.case), position, at, happening, told).await?;
    // Whoever reads an answer a second time reads this one.
    if matches!(happening, Happening::Answered | Happening::AnsweredInPart | Happening::Redirected { .. }) {
        held.row.review_since = None;
    }
    // A letter that came back is no trouble any more once another answer went out.
    if matches!(happening, Happening::Answered | Happening::AnsweredInPart | Happening::Reopened) {
        let of_case = mail_trouble(ctx, transaction, held.row.case).await?;
        held.row.mail = with_letter(transaction, id, of_case).await?;
    }
    if *happening == Happening::Reopened {
        crate::quality::note_reopened(transaction, id, at).await?;
    }
    let detail = serde_json::json!({ "event": happening.key() });
    ctx.audit(transaction, actor, "service_request.event", &id.to_string(), detail).await?;
    Ok(true)
}

/// Writes down where a request that is held stands: in which lists of its office, and in their figures.
async fn place(ctx: &Context, transaction: &mut Connection, Held { row, request }: &Held) -> Result<(), Error> {
    let beside = Beside { mail: row.mail, is_in_review: row.review_since.is_some() };
    let mut placement = Placement::of(request, &promise(row.target), &holidays(), ctx.today(), beside);
    // What was taken back is closed at the office that had it.
    placement.office = placement.office.or_else(|| OfficeCode::parse(row.office.as_deref()?).ok());
    let version = i64::try_from(request.events().len()).unwrap_or(i64::MAX);
    let (state, at) = (request.state().key(), ctx.now());
    let placed = Placed { id: row.id, state, version, placement: &placement, review_since: row.review_since, at };
    request_queue::place(transaction, &placed).await?;
    crate::report::note(transaction, row, request).await
}

/// Counts a request that is in no figure of reports yet. It was made before there were any.
pub(crate) async fn count_in_reports(ctx: &Context, id: Uuid) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    if let Some(Held { row, request }) = hold(ctx, &mut transaction, id).await? {
        crate::report::note(&mut transaction, &row, &request).await?;
    }
    Ok(transaction.commit().await?)
}

/// Gives the answer to a request to a second reader, or takes it from there. False if nobody works on it.
pub(crate) async fn set_review(ctx: &Context, transaction: &mut Connection, id: Uuid, is_in_review: bool) -> Result<bool, Error> {
    let Some(mut held) = hold(ctx, transaction, id).await? else { return Ok(false) };
    if !matches!(held.request.state(), State::Opened(_)) {
        return Ok(false);
    }
    held.row.review_since = is_in_review.then(|| ctx.now());
    place(ctx, transaction, &held).await?;
    Ok(true)
}

/// Notes what became of the mail of cases, with their open requests. In the transaction that changed what is known of it.
pub(crate) async fn note_mail(ctx: &Context, transaction: &mut Connection, cases: &[Uuid]) -> Result<(), Error> {
    let mut changes = Vec::new();
    for case in request_queue::with_open_requests(transaction, cases).await? {
        let trouble = mail_trouble(ctx, transaction, case).await?;
        changes.extend(request_queue::open_of_case(transaction, case).await?.into_iter().map(|id| (id, trouble)));
    }
    // All of them before any figure, and in one order: nobody waits for who waits for them.
    changes.sort_by_key(|(id, _)| *id);
    for (id, _) in &changes {
        rows::hold(transaction, *id).await?;
    }
    for (id, trouble) in changes {
        set_mail(ctx, transaction, id, trouble).await?;
    }
    Ok(())
}

async fn set_mail(ctx: &Context, transaction: &mut Connection, id: Uuid, trouble: Option<MailTrouble>) -> Result<(), Error> {
    let Some(mut held) = hold(ctx, transaction, id).await? else { return Ok(()) };
    let trouble = with_letter(transaction, id, trouble).await?;
    if held.row.mail != trouble {
        held.row.mail = trouble;
        place(ctx, transaction, &held).await?;
    }
    Ok(())
}

/// Notes that the letter with an answer came back, with the request that it answered.
pub(crate) async fn note_letter(ctx: &Context, transaction: &mut Connection, id: Uuid, case: Uuid) -> Result<(), Error> {
    let of_case = mail_trouble(ctx, transaction, case).await?;
    set_mail(ctx, transaction, id, of_case).await
}

/// The trouble with a case's mail, and with the letter that answered this request.
async fn with_letter(connection: &mut Connection, id: Uuid, of_case: Option<MailTrouble>) -> Result<Option<MailTrouble>, Error> {
    Ok(if store::answer::letter_came_back(connection, id).await? { Some(MailTrouble::Returned) } else { of_case })
}

/// What became of the newest piece of a case's mail.
async fn mail_trouble(ctx: &Context, connection: &mut Connection, case: Uuid) -> Result<Option<MailTrouble>, Error> {
    let (deliveries, is_elsewhere) = request_queue::deliveries(connection, case).await?;
    let newest = deliveries.iter().max_by_key(|piece| piece.mailed_on);
    let came_back = newest.is_some_and(|piece| crate::case_status::came_back(piece, ctx.today()));
    Ok(match (came_back, is_elsewhere) {
        (true, _) => Some(MailTrouble::Returned),
        (false, true) => Some(MailTrouble::Misdelivered),
        (false, false) => None,
    })
}

pub(crate) async fn fold(zone: Tz, connection: &mut Connection, id: Uuid) -> Result<ServiceRequest, Error> {
    let broken = |what: &str| {
        tracing::error!(request = %id, "the events of a request are broken: {what}");
        Error::Internal
    };
    let mut events = Vec::new();
    for row in rows::events(connection, id).await? {
        let recorded: Recorded = serde_json::from_str(&row.event).map_err(|_| broken("an event cannot be read"))?;
        let happening = recorded.happening().ok_or_else(|| broken("an event is unknown"))?;
        events.push(RequestEvent { at: moment(zone, row.occurred_at), happening });
    }
    ServiceRequest::fold(events).map_err(|error| broken(&error.to_string()))
}

fn moment(zone: Tz, at: DateTime<Utc>) -> Moment {
    Moment { at, day: at.with_timezone(&zone).date_naive() }
}

/// The days on which the agency is closed.
fn holidays() -> HolidayTable {
    HolidayTable::new([])
}

/// Until when an office is to open a request that came to it.
const TO_OPEN: Target = Target { days: 5, count: Count::Business };

fn promise(answered: Target) -> Promise {
    Promise { routed: TimeDelta::minutes(15), opened: TO_OPEN, answered }
}

/// Whether the agency owes an answer.
pub(crate) fn is_open(request: &StoredRequest) -> bool {
    !matches!(request.state.as_str(), "answered" | "withdrawn" | "superseded")
}

/// A request as its owner sees it: where it is, and nothing of what was told in it.
#[derive(Debug, Clone)]
pub struct RequestView {
    pub id: Uuid,
    pub number: RequestNumber,
    pub kind: RequestKind,
    pub state: State,
    pub steps: [Step; 5],
    pub reading: Reading,
    pub target: Target,
    /// The name of the office that has it.
    pub office: Option<String>,
    /// When it came there from another office.
    pub redirected_on: Option<NaiveDate>,
    pub received_on: NaiveDate,
    /// Days on which something was added.
    pub additions: Vec<NaiveDate>,
}

impl RequestView {
    /// Whether something may be added to it, or it may be taken back.
    pub fn is_open(&self) -> bool {
        self.state.is_open()
    }
}

/// A request whose case may be shown; none if it may not.
pub async fn view(ctx: &Context, id: Uuid) -> Result<Option<RequestView>, Error> {
    let row = rows::find(&mut ctx.store.read_primary().await?, id).await?;
    let Some(row) = row else { return Ok(None) };
    // A case that was hidden since does not answer here either.
    if look_up_in_primary(ctx, Actor::Public, Channel::Public, &row.receipt_number).await?.is_none() {
        return Ok(None);
    }
    view_of(ctx, &row).await.map(Some)
}

pub(crate) async fn view_of(ctx: &Context, row: &StoredRequest) -> Result<RequestView, Error> {
    let request = fold(ctx.zone, &mut ctx.store.read_primary().await?, row.id).await?;
    let (holidays, today) = (holidays(), ctx.today());
    let office = request.state().desk().map(|desk| desk.office.clone());
    let additions = request.events().iter().filter(|event| event.happening == Happening::InformationAdded);
    let redirected = request.events().iter().rfind(|event| matches!(event.happening, Happening::Redirected { .. }));
    Ok(RequestView {
        id: row.id,
        number: row.number.clone(),
        kind: row.kind,
        state: request.state().clone(),
        steps: request.steps(&promise(row.target), &holidays, today),
        reading: request.clock(row.target).read(today, &holidays),
        target: row.target,
        office: office.map(|office: OfficeCode| ctx.texts().office_name(&office, ctx.now()).to_owned()),
        redirected_on: redirected.map(|event| event.at.day).filter(|_| request.state().is_open()),
        received_on: ctx.day_of(row.received_at),
        additions: additions.map(|event| event.at.day).collect(),
    })
}

/// What became of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Taken,
    Empty,
    TooLong,
    /// The request was answered or taken back meanwhile.
    Over,
}

/// Adds something to a request that is under way.
pub async fn add_information(ctx: &Context, id: Uuid, text: &str) -> Result<Added, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    // Browsers send two characters for a line's end, and count one.
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Ok(Added::Empty);
    }
    if text.chars().count() > LONGEST_ADDITION {
        return Ok(Added::TooLong);
    }
    if view(ctx, id).await?.is_none() {
        return Ok(Added::Over);
    }
    let mut transaction = ctx.store.begin().await?;
    match happen(ctx, &mut transaction, Actor::Public, id, &Happening::InformationAdded, Some(text.as_bytes())).await? {
        Happened::Yes(_) => search::index(ctx, &mut transaction, id).await?,
        Happened::Refused => return Ok(Added::Over),
    }
    transaction.commit().await?;
    Ok(Added::Taken)
}

/// What became of the wish to take a request back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    Done,
    /// It was answered or taken back meanwhile.
    Over,
}

/// Takes a request back.
pub async fn withdraw(ctx: &Context, id: Uuid) -> Result<Withdrawn, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    if view(ctx, id).await?.is_none() {
        return Ok(Withdrawn::Over);
    }
    let mut transaction = ctx.store.begin().await?;
    match happen(ctx, &mut transaction, Actor::Public, id, &Happening::Withdrawn, None).await? {
        Happened::Yes(_) => transaction.commit().await?,
        Happened::Refused => return Ok(Withdrawn::Over),
    }
    Ok(Withdrawn::Done)
}

/// What the mail about a stored request says, and to whom; none where no address was given, or the case is hidden.
pub(crate) async fn stored_mail(
    ctx: &Context,
    id: Uuid,
) -> Result<Option<(Sensitive<Email>, Locale, RequestNumber, NaiveDate)>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let row = rows::find(&mut connection, id).await?;
    let content = rows::content(&mut connection, &ctx.keys, id).await?;
    drop(connection);
    let Some((row, content)) = row.zip(content) else { return Ok(None) };
    let answers: Answers = serde_json::from_slice(content.expose()).map_err(|_| Error::Internal)?;
    let Some(email) = answers.email().filter(|_| !answers.typed(Field::Email).is_empty()) else { return Ok(None) };
    if look_up_in_primary(ctx, Actor::System, Channel::Public, &row.receipt_number).await?.is_none() {
        return Ok(None);
    }
    Ok(Some((Sensitive::new(email), row.locale, row.number, row.due_on)))
}

/// A request with steps that nobody did in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    pub number: RequestNumber,
    /// The key of its state.
    pub state: &'static str,
    pub steps: Vec<StepName>,
}

/// The open requests that were left lying.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Strays {
    pub requests: usize,
    /// The first that came in.
    pub first: Vec<Stray>,
}

/// Goes through the open requests for those that were left lying, and names the first of them. It reads nothing that is
/// encrypted: whoever looks after the service needs no key.
pub async fn strays(store: &Store, clock: &Clock, zone: Tz, most_named: usize) -> Result<Strays, Error> {
    const PAGE: i64 = 500;
    let (mut strays, mut after) = (Strays::default(), Uuid::nil());
    let (holidays, now) = (holidays(), moment(zone, clock.now()));
    let mut connection = store.read_primary().await?;
    loop {
        let page = rows::some_open_after(&mut connection, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(strays) };
        after = *last;
        for id in page {
            let Some(row) = rows::find(&mut connection, id).await? else { continue };
            let request = fold(zone, &mut connection, id).await?;
            let steps = request.strays(&promise(row.target), &holidays, now);
            if steps.is_empty() {
                continue;
            }
            strays.requests += 1;
            if strays.first.len() < most_named {
                strays.first.push(Stray { number: row.number, state: request.state().key(), steps });
            }
        }
    }
}
