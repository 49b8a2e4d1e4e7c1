//! IDENT: takes queries for partners, searches, sends the second query by itself, and keeps messages until they are fetched.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Query as Asked, Request, State as Shared};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use shared::agreement::{Element, Partner, Step};
use shared::ident::{
    Correction, Decision, Enrol, Found, Inbox, Incoming, Padded, PartnerReply, Query, Unreadable, UseDecision, Verification,
    Verified,
};
use shared::partner_query::{ReplyResult, TransactionNumber};
use shared::sensitive::Sensitive;

use crate::gallery::{Gallery, Ours, Theirs, template, template_of};
use crate::state::{Enrolled, Fault, Memory, PartnerGot, State, now, today};
use crate::written;

/// Ten prints without compression, in base64.
const LARGEST: usize = 64 << 20;

pub fn routes(state: Arc<State>) -> Router {
    Router::new()
        .route("/ident/v1/queries", post(query))
        .route("/ident/v1/messages", get(messages))
        .route("/ident/v1/decisions", post(decide))
        .route("/ident/v1/answers", post(answer))
        .route("/ident/v1/errors", post(unreadable))
        .route("/ident/v1/corrections", post(correct))
        .route("/ident/v1/uses", post(decide_use))
        .route("/ident/v1/verifications", post(verify))
        .route("/ident/v1/enrolments", post(enrol))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn_with_state(Arc::clone(&state), faults))
        .with_state(state)
}

/// Is as slow, or as far away, as it was told to be.
async fn faults(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let faults = state.memory().faults.clone();
    tokio::time::sleep(Duration::from_millis(faults.slow)).await;
    if faults.has(Fault::IdentDown) {
        return ([("retry-after", "1")], StatusCode::SERVICE_UNAVAILABLE).into_response();
    }
    next.run(request).await
}

async fn query(Shared(state): Shared<Arc<State>>, Json(Padded { body: asked, .. }): Json<Padded<Query>>) -> Response {
    let Ok(bytes) = serde_json::to_vec(&asked) else { return StatusCode::BAD_REQUEST.into_response() };
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let number = asked.transaction_number.as_str().to_owned();
    let gallery = state.gallery();
    let mut memory = state.memory();
    if memory.closed.contains(&asked.partner) {
        return ([("retry-after", "1")], StatusCode::SERVICE_UNAVAILABLE).into_response();
    }
    match memory.queries.get(&number) {
        Some(known) if *known == hash => return StatusCode::OK.into_response(),
        Some(_) => return StatusCode::CONFLICT.into_response(),
        None => {}
    }
    // The first has prints and no number, a later one a number and no prints.
    if asked.fingerprints.expose().is_some() == asked.prior.is_some() {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    if !written::is_read(&asked) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let theirs = gallery.partners.get(&asked.partner).map(Vec::as_slice).unwrap_or_default();
    let found = match (&asked.prior, asked.fingerprints.expose()) {
        (Some(prior), _) => {
            let Some((partner, prints)) = memory.matched.get(prior.as_str()) else {
                return StatusCode::UNPROCESSABLE_ENTITY.into_response();
            };
            theirs.iter().find(|one| *partner == asked.partner && one.prints == *prints)
        }
        (None, Some(prints)) => {
            let template = STANDARD.decode(prints).ok().and_then(|bytes| template(&bytes, today()));
            let Some(template) = template else { return StatusCode::UNPROCESSABLE_ENTITY.into_response() };
            theirs.iter().find(|one| template_of(one.prints, today()) == Some(template))
        }
        (None, None) => None,
    };
    memory.queries.insert(number, hash);
    reply(&mut memory, &asked, found);
    if memory.faults.has(Fault::LoseAnswer) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    StatusCode::ACCEPTED.into_response()
}

/// What the partner says; and on a match of prints what follows by itself.
fn reply(memory: &mut Memory, asked: &Query, found: Option<&Theirs>) {
    let number = asked.transaction_number.clone();
    let Some(theirs) = found else {
        memory.say(Incoming::Reply(of(number, ReplyResult::NoMatch, BTreeMap::new(), asked.prior.is_none())));
        return;
    };
    memory.matched.insert(number.as_str().to_owned(), (asked.partner, theirs.prints));
    let told = told(theirs, asked);
    memory.say(Incoming::Reply(of(number.clone(), ReplyResult::Match, told, asked.prior.is_none())));
    if asked.step != Step::First {
        return;
    }
    let second = format!("IDENT-SECOND-{:012}", memory.next);
    let Ok(second) = TransactionNumber::parse(&second) else { return };
    memory.matched.insert(second.as_str().to_owned(), (asked.partner, theirs.prints));
    memory.say(Incoming::SecondSent { transaction_number: second.clone(), prior: number, sent_at: now() });
    let all = theirs.elements.clone();
    memory.say(Incoming::Reply(of(second, ReplyResult::Match, all, false)));
}

/// The first answer confirms who it is; later ones tell what was asked.
fn told(theirs: &Theirs, asked: &Query) -> BTreeMap<Element, String> {
    theirs
        .elements
        .iter()
        .filter(|(element, _)| asked.asked.contains(element))
        .map(|(element, value)| (*element, value.clone()))
        .collect()
}

fn of(number: TransactionNumber, result: ReplyResult, elements: BTreeMap<Element, String>, had_prints: bool) -> PartnerReply {
    PartnerReply {
        transaction_number: number,
        result,
        elements: Sensitive::new(elements),
        answered_at: now(),
        // They were searched with, and are gone.
        destroyed_at: had_prints.then(now),
    }
}

#[derive(Deserialize)]
struct After {
    after: u64,
    most: usize,
}

async fn messages(Shared(state): Shared<Arc<State>>, Asked(asked): Asked<After>) -> Json<Inbox> {
    let mut memory = state.memory();
    memory.close_windows(state.window);
    memory.inbox.retain(|envelope| envelope.cursor > asked.after);
    let mut messages: Vec<_> = memory.inbox.iter().take(asked.most).cloned().collect();
    if memory.faults.has(Fault::Twice) {
        messages.extend(messages.clone());
    }
    if memory.faults.has(Fault::OutOfOrder) {
        messages.reverse();
    }
    Json(Inbox { messages })
}

/// What is to be told to a partner's first query. It is told when the window ends.
async fn decide(Shared(state): Shared<Arc<State>>, Json(Padded { body: decision, .. }): Json<Padded<Decision>>) -> StatusCode {
    let mut memory = state.memory();
    memory.close_windows(state.window);
    match memory.windows.get_mut(&decision.message) {
        Some(window) => {
            window.decided = Some((decision.answer, decision.elements.expose().clone()));
            StatusCode::ACCEPTED
        }
        // The window has ended: what was said, was said.
        None => StatusCode::GONE,
    }
}

async fn answer(Shared(state): Shared<Arc<State>>, Json(Padded { body: decision, .. }): Json<Padded<Decision>>) -> StatusCode {
    let mut memory = state.memory();
    let Some(waiting) = memory.waiting.remove(&decision.message) else { return StatusCode::OK };
    let after = u64::try_from(waiting.asked_at.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (partner, transaction_number): (Partner, _) = (waiting.partner, waiting.transaction_number);
    let elements = decision.elements.expose().clone();
    memory.got.push(PartnerGot { partner, transaction_number, answer: decision.answer, elements, after });
    StatusCode::ACCEPTED
}

/// A partner is told what is wrong with its request, and waits no longer. The first errors on a message count.
async fn unreadable(Shared(state): Shared<Arc<State>>, Json(Padded { body, .. }): Json<Padded<Unreadable>>) -> StatusCode {
    let mut memory = state.memory();
    if memory.waiting.remove(&body.message).is_none() {
        return StatusCode::OK;
    }
    memory.unreadable.push(body);
    StatusCode::ACCEPTED
}

/// What a partner was told is set right. It confirms when it is told to. The first under an id counts.
async fn correct(Shared(state): Shared<Arc<State>>, Json(Padded { body: correction, .. }): Json<Padded<Correction>>) -> StatusCode {
    let mut memory = state.memory();
    if memory.corrections.iter().any(|known| known.id == correction.id) {
        return StatusCode::OK;
    }
    memory.corrections.push(correction);
    StatusCode::ACCEPTED
}

/// Whether a component may use what it asked for. The first decision on a message counts.
async fn decide_use(
    Shared(state): Shared<Arc<State>>,
    Json(Padded { body: decision, .. }): Json<Padded<UseDecision>>,
) -> StatusCode {
    let mut memory = state.memory();
    if memory.uses.iter().any(|known| known.message == decision.message) {
        return StatusCode::OK;
    }
    memory.uses.push(decision);
    StatusCode::ACCEPTED
}

/// Searches, and keeps nothing.
async fn verify(Shared(state): Shared<Arc<State>>, Json(Padded { body: asked, .. }): Json<Padded<Verification>>) -> Response {
    let gallery = state.gallery();
    let memory = state.memory();
    let verified = match (asked.fingerprints.expose(), asked.fin.expose()) {
        (Some(prints), _) => {
            let Some(template) = of_prints(prints) else { return StatusCode::UNPROCESSABLE_ENTITY.into_response() };
            known(&gallery, &memory, template)
        }
        (None, Some(fin)) => gallery.ours.iter().find(|one| one.fin == *fin).map(of_gallery),
        (None, None) => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    Json(verified.unwrap_or_else(nobody)).into_response()
}

/// Searches, and adds an encounter: to whom it found, or to somebody new.
async fn enrol(Shared(state): Shared<Arc<State>>, Json(Padded { body: asked, .. }): Json<Padded<Enrol>>) -> Response {
    let Ok(bytes) = serde_json::to_vec(&asked) else { return StatusCode::BAD_REQUEST.into_response() };
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let Some(template) = of_prints(asked.fingerprints.expose()) else { return StatusCode::UNPROCESSABLE_ENTITY.into_response() };
    let gallery = state.gallery();
    let mut memory = state.memory();
    let number = asked.transaction_number.as_str();
    if let Some(before) = memory.enrolled.iter().find(|one| one.transaction_number == number) {
        // The very same again: it was added, and is not added twice.
        return if before.hash == hash {
            Json(added(before, &gallery)).into_response()
        } else {
            StatusCode::CONFLICT.into_response()
        };
    }
    let known = known(&gallery, &memory, template);
    let fin = known.as_ref().and_then(|known| known.found.expose().as_ref()?.fin.clone());
    memory.next += 1;
    let enrolled = Enrolled {
        transaction_number: number.to_owned(),
        fin: fin.unwrap_or_else(|| format!("88{:07}", memory.next)),
        eid: format!("ENROLLED-{:07}", memory.next),
        has_photograph: asked.photograph.expose().is_some(),
        handling: asked.handling,
        is_match: known.is_some(),
        hash,
        template,
    };
    let answer = added(&enrolled, &gallery);
    memory.enrolled.push(enrolled);
    if memory.faults.has(Fault::LoseAnswer) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    Json(answer).into_response()
}

fn of_prints(base64: &str) -> Option<[u8; 32]> {
    template(&STANDARD.decode(base64).ok()?, today())
}

/// Whose prints these are: somebody's of the gallery, or somebody's whom the agency added.
fn known(gallery: &Gallery, memory: &Memory, template: [u8; 32]) -> Option<Verified> {
    let of_ours = gallery.ours.iter().find(|one| template_of(one.prints, today()) == Some(template)).map(of_gallery);
    let of_enrolled = || memory.enrolled.iter().find(|one| one.template == template).map(|one| shown(one.found(), BTreeMap::new()));
    of_ours.or_else(of_enrolled)
}

fn of_gallery(one: &Ours) -> Verified {
    shown(one.found(), one.elements.clone())
}

fn shown(found: Found, elements: BTreeMap<Element, String>) -> Verified {
    Verified { is_match: true, found: Sensitive::new(Some(found)), elements: Sensitive::new(elements) }
}

fn nobody() -> Verified {
    Verified { is_match: false, found: Sensitive::new(None), elements: Sensitive::default() }
}

/// What is said of an encounter that was added: whose it is, and what IDENT shows of them.
fn added(enrolled: &Enrolled, gallery: &Gallery) -> Verified {
    let elements = gallery.ours.iter().find(|one| one.fin == enrolled.fin).map(|one| one.elements.clone()).unwrap_or_default();
    Verified { is_match: enrolled.is_match, ..shown(enrolled.found(), elements) }
}
