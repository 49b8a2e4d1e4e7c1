//! What became of a request: shown to who has its number and knows the ZIP code or the date of birth that were given with it.

use shared::e_request::{Answers, Field};
use shared::notification::ZipCode;
use shared::service_request::{RequestNumber, RequestNumberError};
use store::look_up_failure;
use uuid::Uuid;

use super::draft::DraftKey;
use crate::case_status::limits::TooMany;
use crate::case_status::{self};
use crate::service_request::{self, RequestView};
use crate::{Action, Actor, ClientIp, Context, Error};

/// What is typed to see a request. Either proof is enough.
#[derive(Clone, Default)]
pub struct Question {
    pub number: String,
    pub zip: String,
    /// `year-month-day`, as typed.
    pub birth_date: String,
}

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
}

/// What a question got.
#[derive(Debug)]
pub enum FollowUp {
    Shown(Uuid),
    /// No such number, or what was typed is not what was given with it.
    NotRecognised,
    Mistakes(Vec<QuestionProblem>),
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
        proof.set(Field::BirthDate, &self.birth_date);
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
    let asked = match question.parse(ctx) {
        Ok(asked) => asked,
        Err(problems) => return Ok(FollowUp::Mistakes(problems)),
    };
    let mac = ctx.sealer().mac("proofs of a request number", asked.number.as_str().as_bytes());
    if let Err(refused) = count(ctx, &mac, 1).await? {
        return Ok(FollowUp::TooMany(refused));
    }
    let Some(id) = find(ctx, &asked).await? else { return Ok(FollowUp::NotRecognised) };
    count(ctx, &mac, -1).await?.ok();
    Ok(FollowUp::Shown(id))
}

async fn count(ctx: &Context, mac: &[u8; 32], more: i64) -> Result<Result<(), TooMany>, Error> {
    let mut transaction = ctx.store.begin().await?;
    look_up_failure::count(&mut transaction, mac, ctx.today(), more).await?;
    let today = look_up_failure::of_day(&mut transaction, mac, ctx.today()).await?;
    transaction.commit().await?;
    Ok(ctx.limits.check_proofs(today, case_status::until_midnight(ctx)))
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
