//! What was answered, on paper for the person's A-File.

use shared::letter::Content;
use shared::partner_query::printed::{Printed, PrintedStep, content};
use uuid::Uuid;

use super::read::{QueryView, StepView, name, seen};
use crate::{Action, Context, Error, Officer};

/// An answer as a document: what its page shows this officer, and only while it shows what was answered. None where nothing was, or
/// they do not see it. That it was printed stands in the audit log of partner data before anything is handed out.
pub async fn print(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<Content>, Error> {
    officer.check_somewhere(Action::ReadPartnerAnswers)?;
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    let found = seen(ctx, officer, &mut transaction, id).await?;
    let Some(view) = found.filter(QueryView::is_printable) else { return Ok(None) };
    let printed_by = name(&mut ctx.store.read_primary().await?, officer.id()).await?;
    let answered = view.steps.iter().filter(|step| step.answered_at.is_some()).map(|step| step.step.key());
    let detail = serde_json::json!({ "answers": answered.collect::<Vec<_>>() });
    ctx.audit(&mut transaction, officer.actor(), "partner_query.print", &id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some(content(&printed(ctx, view, printed_by))))
}

fn printed(ctx: &Context, view: QueryView, printed_by: String) -> Printed {
    Printed {
        agency: ctx.answers.agency_en.clone(),
        letterhead: ctx.answers.letterhead.clone(),
        partner: view.row.partner,
        purpose: view.row.purpose,
        asked_by: view.asked_by,
        asked_on: ctx.day_of(view.row.created_at),
        steps: view.steps.into_iter().map(|step| printed_step(ctx, step)).collect(),
        printed_by,
        printed_on: ctx.today(),
    }
}

fn printed_step(ctx: &Context, step: StepView) -> PrintedStep {
    PrintedStep {
        step: step.step,
        transaction_number: step.transaction_number,
        agreement: step.agreement,
        sent_on: step.sent_at.map(|at| ctx.day_of(at)),
        answered_on: step.answered_at.map(|at| ctx.day_of(at)),
        result: step.result,
        elements: step.elements.unwrap_or_default(),
    }
}
