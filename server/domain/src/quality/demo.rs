//! Rules and readings of the demo: answers that wait for a second reader, one that was found good and one that was sent back.

use std::collections::BTreeSet;

use shared::answer::TemplateKey;
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::quality::{Criterion, Draw, Reading, Rule, Score, Scores, Verdict};
use shared::service_request::{RequestKind, RequestNumber};
use store::installation;
use uuid::Uuid;

use super::{add_rule, judge, set_reviewed, waiting};
use crate::{Context, Error, Officer};

const OFFICE: &str = "NBC";

/// Sets the rules of a demo, before answers are added to it. Those that are there stay as they are.
///
/// # Errors
/// [`Error::Refused`] for a database that is no demo.
async fn seed_rules(ctx: &Context, reviewer: Uuid) -> Result<(), Error> {
    let office = OfficeCode::parse(OFFICE).map_err(|_| Error::Internal)?;
    if !store::quality::rules(&mut ctx.store.read_primary().await?).await?.is_empty() {
        return Ok(());
    }
    let (quality, supervisor) = (officer(ctx, reviewer, Role::QualityReviewer)?, officer(ctx, reviewer, Role::Siio)?);
    let at_office = Rule { office: Some(office.clone()), kind: None, template: None, draw: Draw::Share(10) };
    add_rule(ctx, &quality, Rule { draw: Draw::FirstOf(10), ..at_office.clone() }).await?;
    add_rule(ctx, &quality, Rule { template: TemplateKey::parse("mailed"), draw: Draw::Share(25), ..at_office.clone() }).await?;
    add_rule(ctx, &quality, at_office).await?;
    set_reviewed(ctx, &supervisor, &office, &BTreeSet::from([RequestKind::Accommodation])).await
}

fn officer(ctx: &Context, id: Uuid, role: Role) -> Result<Officer, Error> {
    let office = OfficeCode::parse(OFFICE).map_err(|_| Error::Internal)?;
    Ok(Officer::new(id, vec![Grant { role, office, starts_at: ctx.now(), ends_at: None }], ctx.now()))
}

/// Sets rules, runs what adds answers, and reads two of those that were drawn.
pub async fn seed_demo<T>(
    ctx: &Context,
    reviewer: Uuid,
    answers: impl AsyncFnOnce(&Context) -> Result<T, Error>,
) -> Result<T, Error> {
    if installation::demo_day(&mut ctx.store.read_primary().await?).await?.is_none() {
        return Err(Error::Refused);
    }
    seed_rules(ctx, reviewer).await?;
    let there = answers(ctx).await?;
    let reviewer = officer(ctx, reviewer, Role::QualityReviewer)?;
    let drawn = waiting(ctx, &reviewer, 100).await?;
    for (number, note, partly, verdict) in [
        (
            10,
            "The steps are easy to follow. Next time, say the day of the copy in the first sentence.",
            Criterion::Plain,
            Verdict::GoodWithNote,
        ),
        (
            11,
            "It does not say by when the card is mailed again. Please write once more, with a day.",
            Criterion::Next,
            Verdict::SendBack,
        ),
    ] {
        let number = RequestNumber::new(2026, [number; 16]);
        let Some(row) = drawn.iter().find(|row| row.number == number) else { continue };
        let mut scores: Scores = Criterion::ALL.into_iter().map(|criterion| (criterion, Score::Yes)).collect();
        scores.insert(partly, Score::Partly);
        let reading = Reading::new(scores, note, Some(verdict)).map_err(|_| Error::Internal)?;
        judge(ctx, &reviewer, row.sample.answer, &reading).await?;
    }
    Ok(there)
}
