//! The text of a partner's request: read in the form of its template, and held against the message that brought it.
//!
//! A request that cannot be read is answered with what is wrong with it, about nobody: nothing is looked up before, and no number
//! that IDENT or we have is compared. So the answer and its time are the same whoever is meant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::agreement::{Direction, Partner};
use shared::ident::PartnerAsk;
use shared::partner_query::template::template_of;
use shared::partner_query::{
    Ask, EncounterReference, Failing, Field, InboundEvent, InboundState, Message, Request, Template, TemplateKey,
};
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::partner_query::{self as rows, Answering, ForeignState, StoredForeign};
use uuid::Uuid;

use super::answer::{AGAIN_AFTER, Decided, settled};
use super::send::Outcome;
use crate::{Action, Actor, Context, Error, Officer};

/// Where a request stands that could not be read.
pub(super) const UNREADABLE: ForeignState = ForeignState::Request(InboundState::Failed(Failing::Message));

/// Rows of a list.
const MOST: i64 = 100;

/// Errors that are to be told to a partner.
#[derive(Debug)]
pub struct OutgoingErrors {
    pub id: Uuid,
    /// IDENT's number of the message that brought the request.
    pub message: Uuid,
    pub transaction_number: String,
    pub errors: Vec<String>,
    version: i64,
    attempts: i64,
}

/// A request of a partner that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRequest {
    pub partner: Partner,
    pub transaction_number: String,
    pub received_at: DateTime<Utc>,
    pub errors: Vec<String>,
    /// When the partner was told; none if it was not yet.
    pub told_at: Option<DateTime<Utc>>,
}

/// As the errors are kept with the request. They repeat nothing that it says.
#[derive(Serialize, Deserialize)]
struct Kept {
    errors: Vec<String>,
}

/// What is wrong with a request. Nothing, if it came without a text, or the text says what the message does.
pub(super) fn errors(asked: &PartnerAsk) -> Result<Vec<String>, Error> {
    let Some(text) = asked.written.expose().as_deref().filter(|_| !asked.is_first_answer) else { return Ok(Vec::new()) };
    Ok(match template(text, asked.partner)?.read(text) {
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
        Ok(Message::Reply(_)) => vec!["line 1: this is a reply; write a request".to_owned()],
        Ok(Message::Request(request)) => contradicted(asked, &request).into_iter().map(says_otherwise).collect(),
    })
}

fn says_otherwise(field: Field) -> String {
    format!("{field}: the text says something else than the message that brought it; send the request anew")
}

/// The form in which a text says that it is written; the partner's own, if it says none.
fn template(text: &str, partner: Partner) -> Result<Template, Error> {
    let key = template_of(text).map_or(TemplateKey::Of(partner), |id| id.key);
    Template::in_use(key).map_err(|_| Error::Internal)
}

/// Where the text says something else than the message.
fn contradicted(asked: &PartnerAsk, written: &Request) -> Vec<Field> {
    let Request { header, subject, ask, .. } = written;
    let about = asked.subject.expose();
    let wanted = Ask { elements: asked.asked.clone(), justification: None };
    let prints = match subject.encounter.expose() {
        EncounterReference::PartnerFingerprint(number) => Some(number),
        EncounterReference::Eid(_) => None,
    };
    let compared = [
        (Field::Number, header.number != asked.transaction_number),
        (Field::Prior, header.prior != asked.prior),
        (Field::Direction, header.direction != Direction::In),
        (Field::Partner, header.partner != asked.partner),
        (Field::Step, header.step != asked.step),
        (Field::Reason, written.purpose() != asked.purpose),
        (Field::Priority, written.priority != asked.priority),
        (Field::FullName, differ(subject.full_name.as_ref().map(Sensitive::expose), about.full_name.as_ref())),
        (Field::BirthDate, differ(subject.birth_date.as_ref().map(Sensitive::expose), about.birth_date.as_ref())),
        (Field::PartnerFingerprint, differ(prints, about.partner_fingerprint.as_ref())),
        (
            Field::PartnerIdentification,
            differ(subject.partner_identification.as_ref().map(Sensitive::expose), about.partner_identification.as_ref()),
        ),
        (Field::Information, !ask.information().eq(wanted.information())),
        (Field::Documents, !ask.documents().eq(wanted.documents())),
    ];
    compared.into_iter().filter_map(|(field, is_other)| is_other.then_some(field)).collect()
}

/// Two that are both there, and not the same.
fn differ<T: PartialEq>(written: Option<&T>, said: Option<&T>) -> bool {
    matches!((written, said), (Some(written), Some(said)) if written != said)
}

/// Keeps what is wrong with a request that just came, to be told to the partner.
pub(super) async fn refuse(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    id: Uuid,
    errors: Vec<String>,
) -> Result<(), Error> {
    let detail = serde_json::json!({ "errors": errors.len() });
    let state = InboundState::Received.next(&InboundEvent::Invalid).map(ForeignState::Request).map_err(|_| Error::Internal)?;
    let kept = serde_json::to_string(&Kept { errors }).map_err(|_| Error::Internal)?;
    let answering = Answering { state, decision: Some(&kept), next_attempt_at: Some(ctx.now()), ..unanswered(ctx) };
    if !rows::save_foreign(transaction, id, 1, &answering).await? {
        return Err(Error::Internal);
    }
    ctx.audit(transaction, actor, "partner_query.unreadable", &id.to_string(), detail).await
}

fn unanswered(ctx: &Context) -> Answering<'static> {
    Answering {
        state: UNREADABLE,
        decision: None,
        answer: None,
        disclosure: None,
        attempts: 0,
        next_attempt_at: None,
        answered_at: None,
        at: ctx.now(),
    }
}

fn kept(foreign: &StoredForeign) -> Result<Vec<String>, Error> {
    let kept: Kept = serde_json::from_str(foreign.decision.as_deref().unwrap_or_default()).map_err(|_| Error::Internal)?;
    Ok(kept.errors)
}

/// Claims a request that could not be read: the partner is told so, and told again until it is known to have arrived.
pub(super) async fn tell(ctx: &Context, foreign: &StoredForeign) -> Result<Decided, Error> {
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let attempts = foreign.attempts + 1;
    let answering = Answering { attempts, next_attempt_at: Some(ctx.now() + AGAIN_AFTER), ..unanswered(ctx) };
    if !rows::save_foreign(&mut transaction, foreign.id, foreign.version, &answering).await? {
        return Ok(Decided::Gone);
    }
    transaction.commit().await?;
    Ok(Decided::Unreadable(OutgoingErrors {
        id: foreign.id,
        message: foreign.message,
        transaction_number: foreign.transaction_number.clone(),
        errors: kept(foreign)?,
        version: foreign.version + 1,
        attempts,
    }))
}

/// Says what became of errors that were handed to IDENT.
pub async fn errors_told(ctx: &Context, actor: Actor, outgoing: &OutgoingErrors, outcome: Outcome) -> Result<(), Error> {
    actor.check(Action::SpeakWithIdent)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let (answered_at, next_attempt_at) = settled(outcome, ctx.now());
    let answering = Answering { attempts: outgoing.attempts, next_attempt_at, answered_at, ..unanswered(ctx) };
    rows::save_foreign(&mut transaction, outgoing.id, outgoing.version, &answering).await?;
    transaction.commit().await?;
    Ok(())
}

/// The requests of partners that could not be read, and what is wrong with each: the newest first. Nothing here says whom they are
/// about. None where partner data is not kept.
pub async fn unread(ctx: &Context, officer: &Officer) -> Result<Vec<UnreadRequest>, Error> {
    officer.check_somewhere(Action::ReadInformationRequests)?;
    if !ctx.shares() {
        return Ok(Vec::new());
    }
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let mut unread = Vec::new();
    for id in rows::newest_in_state(&mut connection, UNREADABLE, MOST).await? {
        let Some(foreign) = rows::foreign(&mut connection, &partner_data.keys, id).await? else { continue };
        unread.push(UnreadRequest {
            partner: foreign.partner,
            errors: kept(&foreign)?,
            received_at: foreign.received_at,
            told_at: foreign.answered_at,
            transaction_number: foreign.transaction_number,
        });
    }
    Ok(unread)
}
