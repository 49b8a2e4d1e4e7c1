//! What was asked before, both ways, as an agreement sees it: for the dry run of another version.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::{Direction, FoundBy, Partner, Question, Request, Subject, data_set};
use shared::ident::Incoming;
use shared::protection::{AnsweredBefore, CisAnswer, Towards};
use store::partner_query as rows;

use super::draft::{Stated, question as ours};
use super::incoming::question as theirs;
use super::standing::{made_this_year, standing};
use crate::{Context, Error};

/// Queries in each direction.
const MOST: i64 = 200;

/// The last queries with a partner that came before a moment, the oldest first, as they would be asked on a day: about people as they
/// are known now, with the protection that stands now. None where partner data is not kept.
pub(crate) async fn past(
    ctx: &Context,
    partner: Partner,
    before: DateTime<Utc>,
    on: NaiveDate,
) -> Result<Vec<(Request, Towards)>, Error> {
    if !ctx.shares() {
        return Ok(Vec::new());
    }
    let mut past = their_queries(ctx, partner, before, on).await?;
    past.extend(our_queries(ctx, partner, before, on).await?);
    past.reverse();
    Ok(past)
}

async fn their_queries(
    ctx: &Context,
    partner: Partner,
    before: DateTime<Utc>,
    on: NaiveDate,
) -> Result<Vec<(Request, Towards)>, Error> {
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let made = made_this_year(ctx, &mut connection, partner, Direction::In).await?;
    let mut past = Vec::new();
    for id in rows::foreign_of_partner(&mut connection, partner, before, MOST).await? {
        let Some(foreign) = rows::foreign(&mut connection, &partner_data.keys, id).await? else { continue };
        let Ok(Incoming::Ask(asked)) = serde_json::from_slice(&foreign.request) else { continue };
        let standing = standing(ctx, foreign.profile, partner).await?;
        let subject =
            standing.known.as_ref().map_or(Subject::Nobody, |known| Subject::Known(known.as_subject(FoundBy::Fingerprints, None)));
        let question = theirs(&asked, on, made.without_one(asked.step));
        let request = Request {
            question,
            asked: asked.asked.clone(),
            subject,
            answered_before: AnsweredBefore::Never,
            settled: BTreeSet::new(),
        };
        past.push((request, standing.towards(&CisAnswer::NotProtected, partner, foreign.purpose)));
    }
    Ok(past)
}

async fn our_queries(
    ctx: &Context,
    partner: Partner,
    before: DateTime<Utc>,
    on: NaiveDate,
) -> Result<Vec<(Request, Towards)>, Error> {
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let made = made_this_year(ctx, &mut connection, partner, Direction::Out).await?;
    let mut past = Vec::new();
    for id in rows::of_partner(&mut connection, partner, before, MOST).await? {
        let Some(query) = rows::get(&mut connection, &partner_data.keys, id).await? else { continue };
        let Ok(stated) = serde_json::from_slice::<Stated>(&query.justification) else { continue };
        let standing = standing(ctx, Some(query.profile), partner).await?;
        let (Some(known), Some(agreement)) = (&standing.known, &standing.agreement) else { continue };
        let towards = standing.towards(&CisAnswer::NotProtected, partner, query.purpose);
        for step in rows::steps(&mut connection, &partner_data.keys, id).await?.iter().map(|stored| stored.step) {
            let question = Question { on, ..ours(ctx, partner, step, query.purpose, made.without_one(step)) };
            let subject = Subject::Known(known.as_subject(FoundBy::Fingerprints, Some(&stated.feared)));
            let asked = data_set(&question, agreement);
            let request = Request { question, asked, subject, answered_before: AnsweredBefore::Never, settled: BTreeSet::new() };
            past.push((request, towards.clone()));
        }
    }
    Ok(past)
}
