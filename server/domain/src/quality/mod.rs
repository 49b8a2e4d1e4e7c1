//! Answers are read again after they went out. Rules say which ([`add_rule`]); they are asked when an answer is released, in the same
//! transaction. A second person, never who wrote or released it, reads the answer with what came of it ([`reading`]), scores it, and says
//! whether it was a good one ([`judge`]). The writer sees what was found ([`own_readings`]); supervisors see figures ([`figures`]).
//!
//! What a second person reads *before* it goes out is in [`crate::answer`]; for which kinds of requests, is set here ([`set_reviewed`]).

mod demo;
mod draw;
mod figures;
mod reading;
mod rules;
#[cfg(test)]
mod tests;

pub use demo::seed_demo;
pub(crate) use draw::draw;
pub use figures::{OfficerFigures, Tally, TemplateFigures, WINDOW, officer_figures, own_figures, template_figures};
pub use reading::{Judged, ReadingPage, Row, judge, own_readings, reading, waiting};
pub use rules::{Reviewed, add_rule, end_rule, reviewed, rules, set_reviewed};
pub use store::quality::{Read, Sample, StoredRule};

use chrono::{DateTime, TimeDelta, Utc};
use shared::answer::TemplateKey;
use store::engine::Connection;
use uuid::Uuid;

use crate::{Action, Context, Error, Officer};

/// An answer whose request is opened again within this time is counted with its template.
const SOON: TimeDelta = TimeDelta::days(30);

/// Notes that a template was put into the answer that is being written. What went out with it, and came back, is counted by this.
pub async fn note_template(ctx: &Context, officer: &Officer, request: Uuid, key: &str) -> Result<(), Error> {
    let Some(key) = TemplateKey::parse(key) else { return Ok(()) };
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = store::service_request::find(&mut transaction, request).await? else { return Ok(()) };
    officer.check(Action::AnswerRequest, &crate::answer::office_of(&row)?)?;
    let Some(answer) = store::answer::under_way(&mut transaction, request).await? else { return Ok(()) };
    store::quality::use_template(&mut transaction, answer.id, &key).await?;
    Ok(transaction.commit().await?)
}

/// Notes that a request was opened again, in the transaction that opens it.
pub(crate) async fn note_reopened(transaction: &mut Connection, request: Uuid, at: DateTime<Utc>) -> Result<(), Error> {
    Ok(store::quality::note_reopened(transaction, request, at, at - SOON).await?)
}
