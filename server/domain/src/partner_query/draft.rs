//! An officer asks partners about a person in a case of theirs.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::agreement::{
    Blocked, Direction, FoundBy, Modality, Partner, Priority, Purpose, Question, Recipient, Step, Withheld, may_ask,
};
use shared::country::CountryCode;
use shared::nist_itl::{PORTICO_IIS_1, Transaction};
use shared::partner_query::reverse::{Answered, NoAskingBack, may_ask_back};
use shared::partner_query::{OutboundEvent, OutboundState, TransactionNumber};
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::partner_query::{self as rows, Happened, NewQuery, NewStep, StoredForeign};
use uuid::Uuid;

use super::ask_back::answered;
use super::standing::{Standing, made_this_year, standing};
use crate::{Action, Context, Error, Officer};

/// Letters of a justification.
const LONGEST: usize = 2_000;

/// What an officer wants to ask.
#[derive(Debug)]
pub struct Ask {
    pub profile: Uuid,
    pub case: Uuid,
    pub partners: BTreeSet<Partner>,
    pub purpose: Purpose,
    pub priority: Priority,
    /// The countries that the person says persecuted them: none, if the officer says that there is none.
    pub feared: Vec<CountryCode>,
    pub justification: String,
    pub by: By,
}

/// By what a partner finds the person.
#[derive(Debug)]
pub enum By {
    /// An ANSI/NIST-ITL transaction.
    Prints(Sensitive<Vec<u8>>),
    /// A query of the partner's that we answered with a match. It is asked back under that number, and no prints go (SOR/2002-227
    /// s. 315.38).
    TheirQuery(Uuid),
}

impl By {
    const fn step(&self) -> Step {
        match self {
            Self::Prints(_) => Step::First,
            Self::TheirQuery(_) => Step::Reverse,
        }
    }
}

/// Why a question is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskFault {
    /// There is nobody whom the officer may know of, or the person is not in that case.
    Nobody,
    /// The case is somebody else's.
    NotAssigned,
    NoPartner,
    /// A justification is needed, of at most two thousand letters.
    NoJustification,
    /// The prints are not what can be sent, and what is wrong with them.
    Prints(Vec<String>),
    /// What stands against asking one of the partners.
    Partner(Partner, Withheld),
    /// What else stands against asking back.
    AskBack(NoAskingBack),
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// One query for each partner. They leave as soon as the check has let them.
    Made(Vec<Uuid>),
    Faulty(Vec<AskFault>),
}

/// What an officer said beside the codes of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stated {
    pub why: String,
    pub feared: Vec<CountryCode>,
}

/// The question of our side at a step.
pub(super) fn question(
    ctx: &Context,
    partner: Partner,
    step: Step,
    purpose: Purpose,
    made_this_year: shared::agreement::Made,
) -> Question {
    let (direction, by, recipient) = (Direction::Out, Modality::Biometric, Recipient::Protection);
    Question { partner, direction, step, by, purpose, recipient, on: ctx.today(), made_this_year }
}

/// Asks partners about a person: one query for each. Nothing leaves here: a job sends what the check lets out.
pub async fn ask(ctx: &Context, officer: &Officer, ask: &Ask) -> Result<Asked, Error> {
    officer.check_somewhere(Action::AskPartners)?;
    let partner_data = ctx.partner_data()?;
    let root = match subject(ctx, officer, ask).await? {
        Ok(root) => root,
        Err(fault) => return Ok(Asked::Faulty(vec![fault])),
    };
    let mut faults = faults(ask, ctx.today());
    let mut transaction = partner_data.store.begin().await?;
    let theirs = followed(ctx, &mut transaction, root, &ask.by).await?;
    for partner in &ask.partners {
        let made = made_this_year(ctx, &mut transaction, *partner, Direction::Out).await?;
        let standing = standing(ctx, Some(root), *partner).await?;
        let question = question(ctx, *partner, ask.by.step(), ask.purpose, made);
        faults.extend(against(&standing, &question, ask, theirs.as_ref()));
    }
    if !faults.is_empty() {
        return Ok(Asked::Faulty(faults));
    }
    let mut made = Vec::new();
    for partner in &ask.partners {
        made.push(make(ctx, &mut transaction, officer, root, *partner, (ask, theirs.as_ref())).await?);
    }
    transaction.commit().await?;
    Ok(Asked::Made(made))
}

/// The person, if the officer may ask about them.
async fn subject(ctx: &Context, officer: &Officer, ask: &Ask) -> Result<Result<Uuid, AskFault>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(root) = store::profile::root(&mut connection, ask.profile).await? else { return Ok(Err(AskFault::Nobody)) };
    let is_in_case = store::profile::cases(&mut connection, root).await?.iter().any(|case| case.id == ask.case);
    if !is_in_case || !crate::profile::may_know(ctx, &mut connection, officer, root).await? {
        return Ok(Err(AskFault::Nobody));
    }
    let assigned = store::case_officer::of_case(&mut connection, ask.case).await?;
    let is_theirs = assigned.is_some_and(|assigned| assigned.officer_id == Some(officer.id()));
    Ok(if is_theirs { Ok(root) } else { Err(AskFault::NotAssigned) })
}

fn faults(ask: &Ask, today: NaiveDate) -> Vec<AskFault> {
    let mut faults = Vec::new();
    faults.extend(ask.partners.is_empty().then_some(AskFault::NoPartner));
    let why = ask.justification.trim();
    faults.extend((why.is_empty() || why.chars().count() > LONGEST).then_some(AskFault::NoJustification));
    if let By::Prints(prints) = &ask.by
        && let Err(refusal) = Transaction::read(prints.expose(), &PORTICO_IIS_1, today)
    {
        faults.push(AskFault::Prints(refusal.findings.iter().map(ToString::to_string).collect()));
    }
    faults
}

/// The partner's query that is followed. One about somebody else, and one that was told nothing, is as none: of the second nobody here
/// learns that there is one.
async fn followed(ctx: &Context, partner_data: &mut Connection, root: Uuid, by: &By) -> Result<Option<StoredForeign>, Error> {
    let By::TheirQuery(id) = by else { return Ok(None) };
    let Some(foreign) = rows::foreign(partner_data, &ctx.partner_data()?.keys, *id).await? else { return Ok(None) };
    let Some(profile) = foreign.profile else { return Ok(None) };
    let mut connection = ctx.store.read_primary().await?;
    let is_about_them = store::profile::root(&mut connection, profile).await? == Some(root);
    Ok(Some(foreign).filter(|foreign| is_about_them && answered(foreign).is_some_and(Answered::is_match)))
}

/// What stands against asking a partner, as far as it is known before PCQS/CIS is asked. What is in doubt is not said here: the job
/// gives it to counsel.
fn against(standing: &Standing, question: &Question, ask: &Ask, theirs: Option<&StoredForeign>) -> Option<AskFault> {
    let (Some(known), Some(agreement)) = (&standing.known, &standing.agreement) else {
        return Some(AskFault::Partner(question.partner, Withheld::NoCapability));
    };
    let towards = standing.towards(&CisAnswer::NotProtected, question.partner, question.purpose);
    let person = known.as_subject(FoundBy::Fingerprints, Some(&ask.feared));
    let asked = match &ask.by {
        By::Prints(_) => may_ask(question, &person, agreement, &towards, &BTreeSet::new()).map_err(NoAskingBack::Blocked),
        By::TheirQuery(_) => may_ask_back(theirs.and_then(answered), question, &person, agreement, &towards),
    };
    match asked {
        Ok(()) | Err(NoAskingBack::Blocked(Blocked::Doubtful(_))) => None,
        Err(NoAskingBack::Blocked(Blocked::No(withheld))) => Some(AskFault::Partner(question.partner, withheld)),
        Err(fault) => Some(AskFault::AskBack(fault)),
    }
}

async fn make(
    ctx: &Context,
    transaction: &mut Connection,
    officer: &Officer,
    root: Uuid,
    partner: Partner,
    (ask, theirs): (&Ask, Option<&StoredForeign>),
) -> Result<Uuid, Error> {
    let partner_data = ctx.partner_data()?;
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    let stated = Stated { why: ask.justification.trim().to_owned(), feared: ask.feared.clone() };
    let stated = serde_json::to_vec(&stated).map_err(|_| Error::Internal)?;
    let state = OutboundState::Draft.next(&OutboundEvent::Submitted { by: officer.officer_id() }).map_err(|_| Error::Internal)?;
    let new = NewQuery {
        id,
        profile: root,
        case: ask.case,
        partner,
        purpose: ask.purpose,
        priority: ask.priority,
        modality: Modality::Biometric,
        state,
        asked_by: officer.id(),
        justification: &stated,
        probe: if let By::Prints(prints) = &ask.by { Some(prints.expose().as_slice()) } else { None },
        at: now,
    };
    rows::add(transaction, &partner_data.keys, ctx.clock.new_id(), &new).await?;
    let number = TransactionNumber::new(ctx.random_bytes());
    let step = NewStep {
        query: id,
        step: ask.by.step(),
        transaction_number: number.as_str(),
        prior: theirs.map(|theirs| theirs.transaction_number.as_str()),
        requested_by: Some(officer.id()),
        send_at: Some(now),
        sent_at: None,
    };
    rows::add_step(transaction, &step).await?;
    let happened = Happened { id: ctx.clock.new_id(), event: "submitted", state, actor: &officer.actor().label(), at: now };
    rows::note(transaction, id, 1, &happened).await?;
    let detail = serde_json::json!({
        "profile": root,
        "case": ask.case,
        "partner": partner.key(),
        "purpose": ask.purpose.key(),
        "follows": theirs.map(|theirs| theirs.id),
    });
    ctx.audit(transaction, officer.actor(), "partner_query.ask", &id.to_string(), detail).await?;
    Ok(id)
}

/// Takes a query back that has not left. False if it has, or is somebody else's.
pub async fn cancel(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    officer.check_somewhere(Action::AskPartners)?;
    let partner_data = ctx.partner_data()?;
    let mut transaction = partner_data.store.begin().await?;
    let own = rows::get(&mut transaction, &partner_data.keys, id).await?.filter(|query| query.asked_by == officer.id());
    let Some(query) = own else { return Ok(false) };
    let Ok(state) = query.state.next(&OutboundEvent::Cancelled { by: officer.officer_id() }) else { return Ok(false) };
    let now = ctx.now();
    let happened = Happened { id: ctx.clock.new_id(), event: "cancelled", state, actor: &officer.actor().label(), at: now };
    if !rows::save(&mut transaction, id, query.version, &happened).await? {
        return Ok(false);
    }
    let step = if query.asks_back { Step::Reverse } else { Step::First };
    rows::settle_step(&mut transaction, id, step, None).await?;
    rows::destroy_probe(&mut transaction, id, now).await?;
    ctx.audit(&mut transaction, officer.actor(), "partner_query.cancel", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}
