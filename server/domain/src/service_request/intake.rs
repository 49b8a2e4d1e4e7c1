//! Requests that staff take in for somebody: by telephone, by letter, at the window.
//!
//! The questions are those of e-Request where it asks about this kind, and a short list for the kinds that only staff take. Who typed
//! is the actor of the request's first event; who asked stands in its answers.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use shared::e_request::{Answers, Asked, Field, FieldProblem, Step};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::protection::{Channel, Outcome, decide};
use shared::service_request::{Count, RequestKind, RequestNumber, Source, Target};
use store::service_request as rows;
use uuid::Uuid;

use super::{Filed, Filing, file, is_open};
use crate::e_request::Catalogue;
use crate::{Action, Context, Error, Officer, call_script};

/// Requests to be faster have a short day; whoever grants one decides it at once.
const EXPEDITE: Target = Target { days: 7, count: Count::Calendar };

/// What staff type for somebody.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Of this form: sent twice, it is one request.
    pub submission: Uuid,
    /// Where it is typed.
    pub office: OfficeCode,
    pub source: Source,
    pub kind: RequestKind,
    /// The day on which a letter came in; today if none is given.
    pub received_on: Option<NaiveDate>,
    /// In which language the answer is to be.
    pub locale: Locale,
    pub answers: Answers,
    /// The call in which it is taken: it ends with it.
    pub call: Option<Uuid>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenIn {
    Stored {
        id: Uuid,
        number: RequestNumber,
        /// Eight digits to be told to the caller; they are kept nowhere in this form. None if this form was sent before.
        call_back: Option<String>,
    },
    /// What has to be mended, in the order of the questions.
    Problems(Vec<(Field, FieldProblem)>),
    /// The day is in the future, or longer ago than a letter takes.
    WrongDay,
    /// There is no case of this number that may be spoken of.
    NoCase,
    /// There is such a request already, and its day has not passed.
    UnderWay(RequestNumber),
}

/// The questions for a kind.
pub fn questions(kind: RequestKind, answers: &Answers) -> Vec<Asked> {
    if let Some(rule) = Catalogue::get().rule(kind, answers.form().as_ref()) {
        // Staff find the case by its number, and have the record before them.
        let is_proof = |field: Field| matches!(field, Field::FiledOn | Field::MailingZip | Field::Form | Field::Category);
        let steps = [Step::Who, Step::Case, Step::Issue, Step::Person, Step::Contact];
        let asked = steps.into_iter().flat_map(|step| rule.asked(step, answers));
        return asked.filter(|asked| !is_proof(asked.field)).collect();
    }
    let mut asked = vec![Asked::needed(Field::Requester), Asked::needed(Field::ReceiptNumber)];
    if kind == RequestKind::Expedite {
        asked.push(Asked::needed(Field::ExpediteReason));
    }
    asked.push(Asked::needed(Field::Explanation));
    if answers.is_of_representative() {
        asked.push(Asked::needed(Field::RepresentativeName));
    }
    asked.extend([Asked::needed(Field::FamilyName), Asked::optional(Field::GivenName), Asked::optional(Field::BirthDate)]);
    asked.extend([Asked::optional(Field::Email), Asked::optional(Field::Telephone)]);
    asked
}

/// The digits that a caller was given, as somebody types what they hear: in groups or not.
pub fn callback_digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// The keyed hash of a caller's digits.
pub(super) fn callback_index(ctx: &Context, digits: &str) -> Vec<u8> {
    ctx.keys.blind_index("call-back digits", digits)
}

/// Takes a request in for somebody.
pub async fn take_in(ctx: &Context, officer: &Officer, intake: &Intake) -> Result<TakenIn, Error> {
    officer.check(Action::TakeRequest, &intake.office)?;
    if intake.source == Source::EReq {
        return Err(Error::Refused);
    }
    let asked = questions(intake.kind, &intake.answers);
    let problems = intake.answers.problems(&asked, ctx.today());
    if !problems.is_empty() {
        return Ok(TakenIn::Problems(problems));
    }
    let Some(received_at) = received_at(ctx, intake) else { return Ok(TakenIn::WrongDay) };
    let Some(number) = intake.answers.receipt_number() else { return Ok(TakenIn::NoCase) };
    let mut transaction = ctx.store.begin().await?;
    if let Some(id) = rows::by_submission(&mut transaction, intake.submission).await? {
        let row = rows::find(&mut transaction, id).await?.ok_or(Error::Internal)?;
        return Ok(TakenIn::Stored { id, number: row.number, call_back: None });
    }
    let record = store::case_status::look_up(&mut transaction, &number).await?;
    // What may not be said on the telephone is not confirmed by taking a request either.
    if !record.is_known() || decide(record.markers(), Channel::Telephone, ctx.today()) != Outcome::Show {
        return Ok(TakenIn::NoCase);
    }
    let case = store::case_feed::case_id(&mut transaction, &number).await?.ok_or(Error::Internal)?;
    let latest = rows::latest(&mut transaction, case, intake.kind).await?.filter(is_open);
    if let Some(latest) = latest.as_ref().filter(|latest| latest.due_on >= ctx.today()) {
        return Ok(TakenIn::UnderWay(latest.number.clone()));
    }
    let digits = loop {
        let digits = format!("{:08}", u64::from_be_bytes(ctx.random_bytes()) % 100_000_000);
        if rows::by_callback(&mut transaction, &callback_index(ctx, &digits)).await?.is_none() {
            break digits;
        }
    };
    let rule = Catalogue::get().rule(intake.kind, intake.answers.form().as_ref());
    let usual = if intake.kind == RequestKind::Expedite { EXPEDITE } else { Target::THIRTY_DAYS };
    let filing = Filing {
        submission: intake.submission,
        case,
        kind: intake.kind,
        follows: latest.map(|latest| latest.id),
        source: intake.source,
        locale: intake.locale,
        answers: intake.answers.only(&asked),
        target: rule.map_or(usual, |rule| rule.target),
        received_at,
        callback: Some(callback_index(ctx, &digits)),
    };
    match file(ctx, &mut transaction, officer.actor(), &filing).await? {
        Filed::Overtaken => {
            let latest = rows::latest(&mut transaction, case, intake.kind).await?.ok_or(Error::Internal)?;
            Ok(TakenIn::UnderWay(latest.number))
        }
        Filed::Stored(id) => {
            let row = rows::find(&mut transaction, id).await?.ok_or(Error::Internal)?;
            if let Some(call) = intake.call {
                call_script::end_with_request(ctx, &mut transaction, officer, call, id).await?;
            }
            transaction.commit().await?;
            Ok(TakenIn::Stored { id, number: row.number, call_back: Some(digits) })
        }
    }
}

/// When it came in: now; or at the beginning of the day that is stamped on a letter.
fn received_at(ctx: &Context, intake: &Intake) -> Option<DateTime<Utc>> {
    let today = ctx.today();
    match intake.received_on {
        None => Some(ctx.now()),
        Some(day) if day == today => Some(ctx.now()),
        Some(day) if day < today && (today - day).num_days() <= 60 => {
            ctx.zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|at| at.to_utc())
        }
        Some(_) => None,
    }
}
