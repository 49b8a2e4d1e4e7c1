//! Reading an answer again: which wait, what there is to read, and what a second reader says.

use shared::office::OfficeCode;
use shared::protection::{Channel, Outcome, decide};
use shared::quality::{Reading, Scores, Verdict};
use shared::sensitive::Sensitive;
use shared::service_request::{RequestKind, RequestNumber};
use store::answer as answers;
use store::engine::Connection;
use store::quality::{self as rows, Sample};
use store::{request_queue, service_request};
use uuid::Uuid;

use crate::answer::{LookedBack, look_back};
use crate::service_request::send_back;
use crate::{Action, Context, Error, Officer};

/// An answer in a list: of which request, and nothing of what it says.
#[derive(Debug, Clone)]
pub struct Row {
    pub sample: Sample,
    pub number: RequestNumber,
    pub kind: RequestKind,
}

/// Readings of one's own answers that are listed.
const MOST_OWN: i64 = 50;

/// Answers that wait for a second reader at the officer's offices, without those they wrote or released; office by office, the longest
/// wait first. Those about cases that are protected by now are left out: nobody reads them here.
pub async fn waiting(ctx: &Context, officer: &Officer, most: i64) -> Result<Vec<Row>, Error> {
    officer.check_somewhere(Action::ReviewAnswers)?;
    let mut connection = ctx.store.read_primary().await?;
    let mut found = Vec::new();
    for office in officer.offices(Action::ReviewAnswers) {
        let samples = rows::waiting(&mut connection, &office, officer.id(), most).await?;
        found.extend(listed(ctx, &mut connection, samples).await?);
    }
    Ok(found)
}

/// What second readers found in the officer's own answers, the newest first.
pub async fn own_readings(ctx: &Context, officer: &Officer) -> Result<Vec<Row>, Error> {
    officer.check_somewhere(Action::AnswerRequest)?;
    let mut connection = ctx.store.read_primary().await?;
    let samples = rows::of_writer(&mut connection, officer.id(), MOST_OWN).await?;
    let samples = samples.into_iter().filter(|sample| officer.may(Action::AnswerRequest, &sample.office)).collect();
    listed(ctx, &mut connection, samples).await
}

async fn listed(ctx: &Context, connection: &mut Connection, samples: Vec<Sample>) -> Result<Vec<Row>, Error> {
    let ids: Vec<Uuid> = samples.iter().map(|sample| sample.request).collect();
    let requests = request_queue::listed(connection, &ids).await?;
    let row = |sample: Sample| {
        let request = requests.iter().find(|request| request.id == sample.request)?;
        let is_shown = decide(&request.markers, Channel::Console, ctx.today()) == Outcome::Show;
        is_shown.then(|| Row { number: request.number.clone(), kind: request.kind, sample })
    };
    Ok(samples.into_iter().filter_map(row).collect())
}

/// What somebody is to an answer that was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// May read it again and say what they found.
    SecondReader,
    /// Sees what was found.
    Writer,
    /// Sees who wrote it, and what was found.
    Supervisor,
    /// Sees what they said.
    Reader,
}

/// Nobody but these reads it here.
fn part(officer: &Officer, sample: &Sample) -> Result<Part, Error> {
    let (me, office) = (officer.id(), &sample.office);
    let is_own = me == sample.written_by || me == sample.released_by;
    match &sample.read {
        None if !is_own && officer.may(Action::ReviewAnswers, office) => Ok(Part::SecondReader),
        Some(_) if me == sample.written_by && officer.may(Action::AnswerRequest, office) => Ok(Part::Writer),
        Some(read) if me == read.by && officer.may(Action::ReviewAnswers, office) => Ok(Part::Reader),
        Some(_) if officer.may(Action::ReadOfficerScores, office) => Ok(Part::Supervisor),
        _ => Err(Error::Refused),
    }
}

/// An answer that was drawn, with everything that there is to read.
#[derive(Debug)]
pub struct ReadingPage {
    pub sample: Sample,
    /// Whether the officer is to say what they find.
    pub may_judge: bool,
    /// Whether the officer may know who wrote it: who reads it a second time need not.
    pub names_writer: bool,
    pub back: LookedBack,
    /// What was found, with the words to the writer.
    pub found: Option<(Scores, Option<Sensitive<String>>)>,
}

/// An answer that was drawn. None while its case is protected. That it was read stands in the audit log before anything is shown.
pub async fn reading(ctx: &Context, officer: &Officer, answer: Uuid) -> Result<Option<ReadingPage>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let sample = rows::sample(&mut transaction, answer).await?.ok_or(Error::Refused)?;
    let part = part(officer, &sample)?;
    let stored = answers::find(&mut transaction, answer).await?.ok_or(Error::Internal)?;
    let Some(back) = look_back(ctx, &mut transaction, &stored).await? else { return Ok(None) };
    let found = match sample.read {
        Some(_) => Some(rows::found(&mut transaction, &ctx.keys, (answer, stored.case)).await?),
        None => None,
    };
    if part == Part::Writer {
        rows::seen(&mut transaction, answer, ctx.now()).await?;
    }
    let detail = serde_json::json!({ "request": sample.request, "case": stored.case });
    ctx.audit(&mut transaction, officer.actor(), "quality.read", &answer.to_string(), detail).await?;
    transaction.commit().await?;
    let is_supervisor = officer.may(Action::ReadOfficerScores, &sample.office);
    Ok(Some(ReadingPage {
        may_judge: part == Part::SecondReader,
        names_writer: part == Part::Writer || is_supervisor,
        sample,
        back,
        found,
    }))
}

/// What became of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    Kept,
    /// The request is open again, and its officer reads the words.
    SentBack,
    /// The words are kept with the request; it was open again before, or another answer came since.
    NotReopened,
    /// Somebody else has read it meanwhile.
    NotNow,
    /// The case is protected by now.
    Protected,
}

/// Keeps what a second reader found: never who wrote or released it. An answer that is sent back opens its request again, with the
/// reader's words as a note that officers see and nobody else.
pub async fn judge(ctx: &Context, officer: &Officer, answer: Uuid, found: &Reading) -> Result<Judged, Error> {
    let mut transaction = ctx.store.begin().await?;
    let sample = rows::sample(&mut transaction, answer).await?.ok_or(Error::Refused)?;
    service_request::hold(&mut transaction, sample.request).await?;
    // As it is while the request is held.
    let sample = rows::sample(&mut transaction, answer).await?.ok_or(Error::Refused)?;
    may_judge(officer, &sample, &sample.office)?;
    if sample.read.is_some() {
        return Ok(Judged::NotNow);
    }
    let row = service_request::find(&mut transaction, sample.request).await?.ok_or(Error::Internal)?;
    if !crate::answer::may_tell(ctx, &mut transaction, &row, Channel::Console).await? {
        return Ok(Judged::Protected);
    }
    if !rows::judge(&mut transaction, &ctx.keys, (answer, row.case), found, (officer.id(), ctx.now())).await? {
        return Ok(Judged::NotNow);
    }
    let mut judged = Judged::Kept;
    if let (Verdict::SendBack, Some(note)) = (found.verdict(), found.note()) {
        let all = answers::released(&mut transaction, sample.request).await?;
        let is_last = all.last().is_some_and(|last| last.id == answer);
        let is_open = send_back(ctx, &mut transaction, officer, sample.request, note, is_last).await?;
        rows::note_sent_back(&mut transaction, answer, ctx.now()).await?;
        judged = if is_open { Judged::SentBack } else { Judged::NotReopened };
    }
    let detail = serde_json::json!({ "request": sample.request, "verdict": found.verdict().key() });
    ctx.audit(&mut transaction, officer.actor(), "quality.judge", &answer.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(judged)
}

fn may_judge(officer: &Officer, sample: &Sample, office: &OfficeCode) -> Result<(), Error> {
    officer.check(Action::ReviewAnswers, office)?;
    if [sample.written_by, sample.released_by].contains(&officer.id()) { Err(Error::Refused) } else { Ok(()) }
}
