//! Which answers are read again: asked when one is released.

use shared::office::OfficeCode;
use shared::quality::{Candidate, Draw, lot};
use store::answer::StoredAnswer;
use store::engine::Connection;
use store::quality::{self as rows, Sample};
use store::service_request::StoredRequest;
use uuid::Uuid;

use crate::{Context, Error};

/// Has a full answer that goes out in this transaction be read again if a rule draws it. Its lot is a keyed hash of its id: the id was
/// given when the first word was kept, nobody can tell the lot from it, and trying again gives the same one.
pub(crate) async fn draw(
    ctx: &Context,
    transaction: &mut Connection,
    (row, office): (&StoredRequest, &OfficeCode),
    answer: &StoredAnswer,
    released_by: Uuid,
) -> Result<(), Error> {
    rows::note_release(transaction, answer.id, ctx.now()).await?;
    let rules = rows::rules(transaction).await?;
    if rules.is_empty() {
        return Ok(());
    }
    let templates = rows::templates_of(transaction, answer.id).await?;
    let with_this = rows::earlier_of_writer(transaction, answer.written_by, i64::from(Draw::MOST) + 1).await?;
    let candidate =
        Candidate { office, kind: row.kind, templates: &templates, earlier_of_writer: with_this - 1, lot: lot_of(ctx, answer.id) };
    let Some(rule) = rules.iter().find(|stored| stored.rule.draws(&candidate)) else { return Ok(()) };
    let sample = Sample {
        answer: answer.id,
        request: row.id,
        office: office.clone(),
        written_by: answer.written_by,
        released_by,
        drawn_at: ctx.now(),
        read: None,
    };
    rows::add_sample(transaction, &sample, rule.id).await?;
    Ok(())
}

pub(super) fn lot_of(ctx: &Context, answer: Uuid) -> u16 {
    lot(&ctx.keys.blind_index("a drawn answer", &answer.to_string()))
}
