//! What partners do, and what goes wrong: over plain HTTP, on loopback alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use shared::agreement::{Element, Modality, Partner, Priority, Purpose, Recipient, Step};
use shared::disclosure::Confirmed;
use shared::ident::{
    AskedAbout, ComponentUse, Correction, CorrectionConfirmed, Found, Incoming, PartnerAsk, Requestor, Unreadable, UseDecision,
};
use shared::partner_query::{PartnerReference, ShortLine, TransactionNumber};
use shared::sensitive::Sensitive;
use tokio::time::Instant;

use crate::gallery::template_of;
use crate::state::{Enrolled, Faults, Memory, PartnerGot, State, Waiting, Window, now, today};
use crate::written;

pub fn routes(state: Arc<State>) -> Router {
    Router::new()
        .route("/control/closed", post(closed))
        .route("/control/component-use", get(uses).post(component_use))
        .route("/control/corrections", get(corrections).post(confirm))
        .route("/control/enrolments", get(enrolments))
        .route("/control/faults", post(faults))
        .route("/control/partner-inbox", get(inbox))
        .route("/control/partner-query", post(partner_query))
        .route("/control/request", post(request))
        .route("/control/reset", post(reset))
        .route("/control/unreadable", get(unreadable))
        .with_state(state)
}

async fn faults(Shared(state): Shared<Arc<State>>, Json(faults): Json<Faults>) -> StatusCode {
    state.memory().faults = faults;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Closed {
    partner: Partner,
    is_closed: bool,
}

/// IDENT takes no query for one partner, or takes them again: for a test that stands beside others.
async fn closed(Shared(state): Shared<Arc<State>>, Json(Closed { partner, is_closed }): Json<Closed>) -> StatusCode {
    let mut memory = state.memory();
    if is_closed {
        memory.closed.insert(partner)
    } else {
        memory.closed.remove(&partner)
    };
    StatusCode::NO_CONTENT
}

async fn inbox(Shared(state): Shared<Arc<State>>) -> Json<Vec<PartnerGot>> {
    let mut memory = state.memory();
    memory.close_windows(state.window);
    Json(memory.got.clone())
}

/// Another component asks to use what a partner answered.
async fn component_use(Shared(state): Shared<Arc<State>>, Json(wanted): Json<ComponentUse>) -> StatusCode {
    state.memory().say(Incoming::Use(wanted));
    StatusCode::ACCEPTED
}

async fn uses(Shared(state): Shared<Arc<State>>) -> Json<Vec<UseDecision>> {
    Json(state.memory().uses.clone())
}

async fn enrolments(Shared(state): Shared<Arc<State>>) -> Json<Vec<Enrolled>> {
    Json(state.memory().enrolled.clone())
}

async fn unreadable(Shared(state): Shared<Arc<State>>) -> Json<Vec<Unreadable>> {
    Json(state.memory().unreadable.clone())
}

async fn corrections(Shared(state): Shared<Arc<State>>) -> Json<Vec<Correction>> {
    Json(state.memory().corrections.clone())
}

/// A partner confirms what it was told to set right: by the number of the answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirms {
    transaction_number: TransactionNumber,
    outcome: Confirmed,
}

async fn confirm(Shared(state): Shared<Arc<State>>, Json(confirms): Json<Confirms>) -> StatusCode {
    let Confirms { transaction_number, outcome } = confirms;
    let mut memory = state.memory();
    let told: Vec<_> =
        memory.corrections.iter().filter(|one| one.transaction_number == transaction_number).map(|one| one.id).collect();
    if told.is_empty() {
        return StatusCode::NOT_FOUND;
    }
    for correction in told {
        memory.say(Incoming::CorrectionConfirmed(CorrectionConfirmed { correction, outcome, confirmed_at: now() }));
    }
    StatusCode::ACCEPTED
}

async fn reset(Shared(state): Shared<Arc<State>>) -> StatusCode {
    let mut memory = state.memory();
    // Numbers are never given twice, and what waits in the inbox is the agency's.
    let (next, inbox) = (memory.next, std::mem::take(&mut memory.inbox));
    *memory = Memory { next, inbox, ..Memory::default() };
    StatusCode::NO_CONTENT
}

/// What a partner asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asks {
    partner: Partner,
    transaction_number: TransactionNumber,
    /// The number of a synthetic person's prints: of a first query those that are sent, of a later one those of the first.
    prints: u32,
    #[serde(default)]
    prior: Option<TransactionNumber>,
    #[serde(default = "visa")]
    purpose: Purpose,
    #[serde(default)]
    asked: BTreeSet<Element>,
    /// Of a request: the second query, unless it says otherwise.
    #[serde(default = "second")]
    step: Step,
    /// Of a request: another text than the partner would write.
    #[serde(default)]
    written: Option<String>,
}

const fn visa() -> Purpose {
    Purpose::VisaOrBenefit
}

const fn second() -> Step {
    Step::Second
}

/// A partner searches with prints. IDENT answers at the end of its window, whoever it is.
async fn partner_query(Shared(state): Shared<Arc<State>>, Json(asks): Json<Asks>) -> StatusCode {
    let found = found(&state, asks.prints);
    let Some(asked) = ask(&asks, found.clone(), Step::First, true) else { return StatusCode::UNPROCESSABLE_ENTITY };
    let mut memory = state.memory();
    // Of a true "no match" the agency hears nothing. Of a match it can ask the partner back, under the number of the query.
    let id = match found {
        Some(_) => {
            memory.matched.insert(asks.transaction_number.as_str().to_owned(), (asks.partner, asks.prints));
            memory.say(Incoming::Ask(Box::new(asked)))
        }
        None => uuid::Uuid::from_u128(u128::from(memory.next) | (0xFFFF << 96)),
    };
    let window = Window {
        partner: asks.partner,
        transaction_number: asks.transaction_number.as_str().to_owned(),
        ends_at: Instant::now() + state.window,
        decided: None,
    };
    memory.windows.insert(id, window);
    StatusCode::ACCEPTED
}

/// A partner asks for more, of us as the source of what it was told, and writes it in its own template.
async fn request(Shared(state): Shared<Arc<State>>, Json(asks): Json<Asks>) -> StatusCode {
    let found = found(&state, asks.prints);
    let Some(asked) = ask(&asks, found, asks.step, false) else { return StatusCode::UNPROCESSABLE_ENTITY };
    // SOR/2002-227 s. 315.38: a later query carries the number of the first.
    let prior = asks.prior.clone().or_else(|| TransactionNumber::parse(&format!("FIRST-{:07}", asks.prints)).ok());
    let asked = PartnerAsk { prior, ..asked };
    let text = asks.written.clone().or_else(|| written::write(&asked));
    let asked = PartnerAsk { written: Sensitive::new(text), ..asked };
    let mut memory = state.memory();
    let id = memory.say(Incoming::Ask(Box::new(asked)));
    let transaction_number = asks.transaction_number.as_str().to_owned();
    memory.waiting.insert(id, Waiting { partner: asks.partner, transaction_number, asked_at: Instant::now() });
    StatusCode::ACCEPTED
}

fn found(state: &State, prints: u32) -> Option<Found> {
    let template = template_of(prints, today())?;
    let gallery = state.gallery();
    let ours = gallery.ours.iter().find(|one| template_of(one.prints, today()) == Some(template))?;
    Some(ours.found())
}

fn ask(asks: &Asks, found: Option<Found>, step: Step, is_first_answer: bool) -> Option<PartnerAsk> {
    let line = |text: &str| ShortLine::parse(text).ok();
    Some(PartnerAsk {
        transaction_number: asks.transaction_number.clone(),
        prior: asks.prior.clone(),
        partner: asks.partner,
        step,
        date: today(),
        purpose: asks.purpose,
        priority: Priority::Medium,
        modality: Modality::Biometric,
        recipient: Recipient::Immigration,
        requestor: Requestor {
            organization: line("Visa Office (simulated)")?,
            name: Sensitive::new(line("Robin Maple")?),
            contact: Sensitive::new(line("1 Example Street")?),
        },
        subject: Sensitive::new(AskedAbout {
            full_name: Some(line(&format!("Synthetic, Person {}", asks.prints))?),
            partner_fingerprint: PartnerReference::parse(&format!("PRINTS-{:07}", asks.prints)).ok(),
            ..AskedAbout::default()
        }),
        asked: asks.asked.clone(),
        justification: Sensitive::default(),
        found: Sensitive::new(found),
        is_first_answer,
        written: Sensitive::default(),
    })
}
