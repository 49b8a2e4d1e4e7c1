//! What became of a request: shown to who has its number and knows the ZIP code or the date of birth that were given with it.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shared::e_request::{Answers, Field};
use shared::service_request::{RequestNumber, RequestNumberError};
use store::form_draft;
use uuid::Uuid;

use super::draft::DraftKey;
use crate::case_status::limits::TooMany;
use crate::service_request::{self, RequestView};
use crate::{Action, Actor, ClientIp, Context, Error};

/// What is typed to see a request. Either proof is enough.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub number: String,
    pub zip: String,
    pub month: String,
    pub day: String,
    pub year: String,
}

/// How long a question with mistakes is kept.
const DRAFT: TimeDelta = TimeDelta::hours(1);
/// As much of an answer as is kept, in bytes.
const LONGEST: usize = 64;

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Question")
    }
}

/// What is wrong with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuestionProblem {
    NumberMissing,
    NumberWrong,
    /// It looks like a number, and a character is wrong.
    NumberMistyped,
    /// Neither a ZIP code nor a date of birth.
    ProofMissing,
    ZipWrong,
    BirthDateWrong,
    /// No such number, or what was typed is not what was given with it.
    NotRecognised,
}

/// What a question got.
#[derive(Debug)]
pub enum FollowUp {
    Shown(Uuid),
    /// It is kept under this name, to be mended.
    Kept(Uuid),
    TooMany(TooMany),
}

struct Asked {
    number: RequestNumber,
    proof: Answers,
}

impl Question {
    fn parse(&self, ctx: &Context) -> Result<Asked, Vec<QuestionProblem>> {
        let mut problems = Vec::new();
        let number = RequestNumber::parse(&self.number).map_err(|error| {
            problems.push(match error {
                RequestNumberError::Empty => QuestionProblem::NumberMissing,
                RequestNumberError::Malformed => QuestionProblem::NumberWrong,
                RequestNumberError::CheckCharacter => QuestionProblem::NumberMistyped,
            });
        });
        let mut proof = Answers::default();
        proof.set(Field::MailingZip, &self.zip);
        let part = |typed: &str| typed.trim().replace('-', "");
        proof.set(Field::BirthDate, &format!("{}-{}-{}", part(&self.year), part(&self.month), part(&self.day)));
        let typed = |field| !proof.typed(field).is_empty();
        let is_wrong = |field: Field| typed(field) && field.check(proof.typed(field), ctx.today()).is_err();
        if !typed(Field::MailingZip) && !typed(Field::BirthDate) {
            problems.push(QuestionProblem::ProofMissing);
        }
        if is_wrong(Field::MailingZip) {
            problems.push(QuestionProblem::ZipWrong);
        }
        if is_wrong(Field::BirthDate) {
            problems.push(QuestionProblem::BirthDateWrong);
        }
        number.ok().filter(|_| problems.is_empty()).map(|number| Asked { number, proof }).ok_or(problems)
    }
}

/// Finds a request for who made it. Tries of a number are counted before anything is known of it.
pub async fn follow_up(ctx: &Context, client: ClientIp, question: &Question) -> Result<FollowUp, Error> {
    Actor::Public.check(Action::MakeRequest)?;
    if let Err(refused) = ctx.limits.count_look_up(client) {
        return Ok(FollowUp::TooMany(refused));
    }
    let Ok(asked) = question.parse(ctx) else { return keep(ctx, question, false).await };
    let mac = ctx.sealer().mac("proofs of a request number", asked.number.as_str().as_bytes());
    if let Err(refused) = super::count_try(ctx, &mac, 1).await? {
        return Ok(FollowUp::TooMany(refused));
    }
    let Some(id) = find(ctx, &asked).await? else { return keep(ctx, question, true).await };
    super::count_try(ctx, &mac, -1).await?.ok();
    Ok(FollowUp::Shown(id))
}

/// A question that is kept, and whether nothing was found for it.
#[derive(Serialize, Deserialize)]
struct KeptQuestion {
    question: Question,
    not_recognised: bool,
}

async fn keep(ctx: &Context, question: &Question, not_recognised: bool) -> Result<FollowUp, Error> {
    let short = |text: &String| text[..text.floor_char_boundary(LONGEST)].to_owned();
    let Question { number, zip, month, day, year } = question;
    let question = Question { number: short(number), zip: short(zip), month: short(month), day: short(day), year: short(year) };
    let content = serde_json::to_vec(&KeptQuestion { question, not_recognised }).map_err(|_| Error::Internal)?;
    let id = ctx.clock.new_id();
    let mut transaction = ctx.store.begin().await?;
    form_draft::add(&mut transaction, &ctx.keys, id, &content, ctx.now() + DRAFT).await?;
    transaction.commit().await?;
    Ok(FollowUp::Kept(id))
}

/// The question that was kept to be mended, with what is wrong in it.
pub async fn kept_question(ctx: &Context, id: Uuid) -> Result<(Question, Vec<QuestionProblem>), Error> {
    let content = form_draft::find(&mut ctx.store.read_primary().await?, &ctx.keys, id, ctx.now()).await?;
    let kept: Option<KeptQuestion> = content.and_then(|content| serde_json::from_slice(content.expose()).ok());
    let Some(KeptQuestion { question, not_recognised }) = kept else { return Ok((Question::default(), Vec::new())) };
    let mistakes = question.parse(ctx).err().unwrap_or_default();
    let problems = if mistakes.is_empty() && not_recognised { vec![QuestionProblem::NotRecognised] } else { mistakes };
    Ok((question, problems))
}

async fn find(ctx: &Context, asked: &Asked) -> Result<Option<Uuid>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(id) = store::service_request::by_number(&mut connection, &asked.number).await? else { return Ok(None) };
    let content = store::service_request::content(&mut connection, &ctx.keys, id).await?;
    drop(connection);
    let given: Option<Answers> = content.and_then(|content| serde_json::from_slice(content.expose()).ok());
    if !given.is_some_and(|given| knows(&asked.proof, &given)) {
        return Ok(None);
    }
    Ok(service_request::view(ctx, id).await?.map(|_| id))
}

fn knows(proof: &Answers, given: &Answers) -> bool {
    let zip = |answers: &Answers| answers.zip();
    let born = |answers: &Answers| answers.day(Field::BirthDate);
    (zip(proof).is_some() && zip(proof) == zip(given)) || (born(proof).is_some() && born(proof) == born(given))
}

/// The request of a form that was sent, for its confirmation.
pub async fn sent(ctx: &Context, key: DraftKey) -> Result<Option<RequestView>, Error> {
    let Some(id) = super::draft(ctx, key).await?.and_then(|draft| draft.sent) else { return Ok(None) };
    service_request::view(ctx, id).await
}
