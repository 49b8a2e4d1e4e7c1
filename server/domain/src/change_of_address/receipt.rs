//! The receipt of a report: one line for each case, and what became of it. For who sent it, and later for who has its number or
//! the link of a message, and knows the date of birth.

use chrono::{DateTime, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{CaseState, ChangeState, Filing, OldReach, OtherReport, Proof, TenDayRule, ten_day_rule};
use shared::protection::Channel;
use shared::service_request::{RequestNumber, RequestNumberError};
use shared::typed::TypedDay;
use store::change_of_address as rows;
use store::form_draft;
use uuid::Uuid;

use super::save::{Parcel, parcels};
use super::{is_shown, told};
use crate::case_status::limits::TooMany;
use crate::case_status::look_up_in_primary;
use crate::signed_link::{self, Purpose};
use crate::{Action, Actor, ClientIp, Context, Error};

/// A report as its sender sees it. There is no address in it.
#[derive(Debug)]
pub struct ReceiptView {
    pub id: Uuid,
    pub number: RequestNumber,
    pub received_on: NaiveDate,
    /// How the ten days stood when it came in.
    pub rule: TenDayRule,
    /// What else the move asks for elsewhere, with its last day.
    pub elsewhere: Vec<(OtherReport, Option<NaiveDate>)>,
    pub parts: Vec<PartView>,
}

/// Cases that go one way.
#[derive(Debug)]
pub struct PartView {
    pub id: Uuid,
    pub filing: Filing,
    /// Until when it can be proven, or taken back; on the agency's clock.
    pub until: Option<DateTime<chrono_tz::Tz>>,
    /// With this a code can be given, while one is awaited.
    pub token: Option<String>,
    pub lines: Vec<LineView>,
}

#[derive(Debug)]
pub struct LineView {
    pub number: ReceiptNumber,
    pub state: CaseState,
    pub parcels: Vec<Parcel>,
}

/// A report; none if a case of it is hidden, or it is not there.
pub async fn receipt(ctx: &Context, id: Uuid) -> Result<Option<ReceiptView>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(report) = rows::report(&mut connection, id).await? else { return Ok(None) };
    let Some(told) = told(ctx, &mut connection, id).await? else { return Ok(None) };
    let mut changes = Vec::new();
    for change in rows::changes_of(&mut connection, id).await? {
        changes.extend(rows::find(&mut connection, change).await?);
    }
    drop(connection);
    let mut parts = Vec::new();
    for change in changes {
        if !is_shown(ctx, &change).await? {
            return Ok(None);
        }
        let mut lines = Vec::new();
        for (listed, state) in change.cases.iter().zip(change.filing.cases()) {
            let status = match listed.case {
                Some(_) => look_up_in_primary(ctx, Actor::Public, Channel::Public, &listed.number).await?,
                None => None,
            };
            let mut parcels = status.map(|status| parcels(ctx, &listed.number, &status)).unwrap_or_default();
            parcels.retain(|parcel| goes_to_old_address(ctx, &change.filing, *state, parcel));
            lines.push(LineView { number: listed.number.clone(), state: *state, parcels });
        }
        let state = change.filing.state();
        let until = match state {
            ChangeState::Pending { until, .. } => Some(until),
            // Nobody at an old address that is not safe can take anything back, or is told of as if they could.
            ChangeState::Confirmed { reversible_until: until, .. } if change.filing.reach() != OldReach::NotSafe => Some(until),
            _ => None,
        };
        let takes_code = matches!(state, ChangeState::Pending { awaits: Proof::CodeToContact | Proof::PinToOldAddress, .. });
        let token = until.filter(|_| takes_code);
        parts.push(PartView {
            id: change.id,
            until: until.map(|until| until.with_timezone(&ctx.zone)),
            token: token.map(|until| signed_link::make(ctx, Purpose::ProveAddressChange, change.id, Some(until))),
            filing: change.filing,
            lines,
        });
    }
    let received_on = ctx.day_of(report.received_at);
    Ok(Some(ReceiptView {
        id,
        number: report.number,
        received_on,
        rule: ten_day_rule(told.moved_on, received_on),
        elsewhere: OtherReport::ALL.into_iter().map(|other| (other, other.by(told.moved_on))).collect(),
        parts,
    }))
}

/// Whether mail went to an address where the person is not any more: all of it while the change waits, and what was mailed before
/// it was in force. Where nothing was changed it goes where it should.
fn goes_to_old_address(ctx: &Context, filing: &Filing, case: CaseState, parcel: &Parcel) -> bool {
    match filing.state() {
        ChangeState::Pending { .. } => true,
        ChangeState::Confirmed { at, .. } => {
            case.is_changed() && parcel.mailed_on.is_none_or(|mailed_on| mailed_on <= ctx.day_of(at))
        }
        _ => false,
    }
}

/// What is typed to see a receipt: its number, or the link of a message in its place, and the date of birth.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub number: String,
    pub link: String,
    pub born: TypedDay,
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
    BirthDateMissing,
    BirthDateWrong,
    /// No such number, or another date of birth.
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

/// How long a question with mistakes is kept.
const DRAFT: TimeDelta = TimeDelta::hours(1);
/// As much of an answer as is kept, in bytes.
const LONGEST: usize = 256;

enum Which {
    Number(RequestNumber),
    /// The link of a message; none if it is none of ours.
    Link(Option<Uuid>),
}

impl Question {
    fn parse(&self, ctx: &Context) -> Result<(Which, NaiveDate), Vec<QuestionProblem>> {
        let mut problems = Vec::new();
        let which = if self.link.is_empty() {
            RequestNumber::parse(&self.number).map(Which::Number).map_err(|error| {
                problems.push(match error {
                    RequestNumberError::Empty => QuestionProblem::NumberMissing,
                    RequestNumberError::Malformed => QuestionProblem::NumberWrong,
                    RequestNumberError::CheckCharacter => QuestionProblem::NumberMistyped,
                });
            })
        } else {
            Ok(Which::Link(signed_link::open(ctx, Purpose::SeeAddressChange, &self.link)))
        };
        let born = match self.born.read() {
            Ok(Some(day)) => Some(day),
            Ok(None) => {
                problems.push(QuestionProblem::BirthDateMissing);
                None
            }
            Err(_) => {
                problems.push(QuestionProblem::BirthDateWrong);
                None
            }
        };
        which.ok().zip(born).filter(|_| problems.is_empty()).ok_or(problems)
    }
}

/// Finds a report for who sent it. Tries are counted before anything is known of it.
pub async fn follow_up(ctx: &Context, client: ClientIp, question: &Question) -> Result<FollowUp, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    if let Err(refused) = ctx.limits.count_look_up(client) {
        return Ok(FollowUp::TooMany(refused));
    }
    let Ok((which, born)) = question.parse(ctx) else { return keep(ctx, question, false).await };
    let tried = match &which {
        Which::Number(number) => number.as_str().to_owned(),
        Which::Link(id) => id.map(|id| id.to_string()).unwrap_or_default(),
    };
    let mac = ctx.sealer().mac("proofs of a report of an address", tried.as_bytes());
    if let Err(refused) = crate::e_request::count_try(ctx, &mac, 1).await? {
        return Ok(FollowUp::TooMany(refused));
    }
    let mut connection = ctx.store.read_primary().await?;
    let id = match which {
        Which::Number(number) => rows::report_by_number(&mut connection, &number).await?,
        Which::Link(id) => id,
    };
    let told = match id {
        Some(id) => told(ctx, &mut connection, id).await?,
        None => None,
    };
    drop(connection);
    let is_theirs = told.is_some_and(|told| *told.person.birth_date.expose() == born);
    let Some(id) = id.filter(|_| is_theirs) else { return keep(ctx, question, true).await };
    if receipt(ctx, id).await?.is_none() {
        return keep(ctx, question, true).await;
    }
    crate::e_request::count_try(ctx, &mac, -1).await?.ok();
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
    let question = Question { number: short(&question.number), link: short(&question.link), born: question.born.shortened() };
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
