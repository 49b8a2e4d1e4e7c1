//! An answer as it will be read, before it goes out.

use shared::answer::{Channel, Copy, Recipient, content};
use shared::letter::Content;
use shared::protection;
use store::answer as rows;
use store::service_request;
use uuid::Uuid;

use super::facts::{Material, draft_of};
use super::release::deliveries;
use super::{may_tell, office_of};
use crate::{Action, Context, Error, Officer};

/// What there will be to read.
#[derive(Debug)]
pub struct Preview {
    /// At the page of the request.
    pub online: Content,
    /// On paper, for whoever gets it so.
    pub letters: Vec<(Recipient, Content)>,
}

/// The answer that is being written, or waits for a second reader, as it will be read. None if there is none, or the case is
/// protected.
pub async fn preview(ctx: &Context, officer: &Officer, request: Uuid) -> Result<Option<Preview>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(row) = service_request::find(&mut transaction, request).await? else { return Ok(None) };
    let office = office_of(&row)?;
    officer.check(Action::AnswerRequest, &office).or_else(|_| officer.check(Action::ReviewAnswers, &office))?;
    if !may_tell(ctx, &mut transaction, &row, protection::Channel::Console).await? {
        return Ok(None);
    }
    let Some(answer) = rows::under_way(&mut transaction, request).await? else { return Ok(None) };
    let draft = draft_of(ctx, &mut transaction, &answer).await?;
    let material = Material::of(ctx, &mut transaction, row).await?;
    let detail = serde_json::json!({ "purpose": "preview" });
    ctx.audit(&mut transaction, officer.actor(), "answer.open", &request.to_string(), detail).await?;
    transaction.commit().await?;
    let (facts, blocks) = (material.facts(ctx, &draft)?, draft.blocks(&material.record(ctx)?));
    let on_paper = deliveries(&draft, &material).unwrap_or_default().into_iter().filter(|(_, channel)| *channel == Channel::Letter);
    let letters = on_paper.map(|(to, _)| (to, content(&facts, &material.people(to), blocks.clone()))).collect();
    Ok(Some(Preview { online: content(&facts, &Copy::Online, blocks.clone()), letters }))
}
