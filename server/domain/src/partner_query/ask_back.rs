//! Partners' queries that were told that we know a person: such a match may lead to a question of our own (PIA-060(a)).

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use shared::agreement::{Blocked, Direction, FoundBy, Partner, Purpose, Question, Step, Withheld};
use shared::partner_query::reverse::{Answered, NoAskingBack, may_ask_back};
use shared::protection::{CisAnswer, Towards};
use store::engine::Connection;
use store::partner_query::{self as rows, StoredForeign};
use uuid::Uuid;

use super::draft::question;
use super::standing::{Standing, made_this_year, standing};
use crate::{Context, Error};

/// Rows of a list.
const MOST: i64 = 200;

/// A query of a partner's about a person, which was told that we know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirQuery {
    pub id: Uuid,
    pub partner: Partner,
    pub step: Step,
    pub purpose: Purpose,
    pub transaction_number: String,
    pub answered_at: DateTime<Utc>,
    /// What stands against asking back, whatever for. None if it may be asked for some purpose.
    pub against: Option<Withheld>,
}

/// What the partner was answered; none if nobody knows that it has left.
pub(super) fn answered(foreign: &StoredForeign) -> Option<Answered> {
    foreign.answered_at?;
    Some(Answered { partner: foreign.partner, answer: foreign.answer? })
}

/// The queries of partners about the profiles of a person that were told of a match, the last answered first.
pub(super) async fn told(ctx: &Context, partner_data: &mut Connection, parts: &[Uuid]) -> Result<Vec<TheirQuery>, Error> {
    let keys = &ctx.partner_data()?.keys;
    let mut told = Vec::new();
    for part in parts {
        for id in rows::told_of(partner_data, *part, MOST).await? {
            let foreign = rows::foreign(partner_data, keys, id).await?.ok_or(Error::Internal)?;
            told.extend(listed(ctx, partner_data, foreign).await?);
        }
    }
    told.sort_by_key(|one| Reverse(one.answered_at));
    Ok(told)
}

/// A query as it is listed. None while the person is protected towards the partner, or may be: for whoever looks, nobody has asked.
async fn listed(ctx: &Context, partner_data: &mut Connection, foreign: StoredForeign) -> Result<Option<TheirQuery>, Error> {
    let Some(answered) = answered(&foreign).filter(|answered| answered.is_match()) else { return Ok(None) };
    let Some(answered_at) = foreign.answered_at else { return Ok(None) };
    let standing = standing(ctx, foreign.profile, foreign.partner).await?;
    let towards = standing.towards(&CisAnswer::NotProtected, foreign.partner, foreign.purpose);
    if !matches!(towards, Towards::Share { .. }) {
        return Ok(None);
    }
    let made = made_this_year(ctx, partner_data, foreign.partner, Direction::Out).await?;
    let for_purpose = |purpose| {
        let question = question(ctx, foreign.partner, Step::Reverse, purpose, made);
        against(&standing, answered, &question)
    };
    let may_be_asked = Purpose::ALL.into_iter().any(|purpose| for_purpose(purpose).is_none());
    Ok(Some(TheirQuery {
        id: foreign.id,
        partner: foreign.partner,
        step: foreign.step,
        purpose: foreign.purpose,
        against: if may_be_asked { None } else { for_purpose(foreign.purpose) },
        transaction_number: foreign.transaction_number,
        answered_at,
    }))
}

/// What stands against asking back for a purpose. What is in doubt does not: counsel looks at it before anything leaves.
fn against(standing: &Standing, answered: Answered, question: &Question) -> Option<Withheld> {
    let (Some(known), Some(agreement)) = (&standing.known, &standing.agreement) else { return Some(Withheld::NoCapability) };
    let towards = standing.towards(&CisAnswer::NotProtected, question.partner, question.purpose);
    let person = known.as_subject(FoundBy::Fingerprints, None);
    match may_ask_back(Some(answered), question, &person, agreement, &towards) {
        Err(NoAskingBack::Blocked(Blocked::No(withheld))) => Some(withheld),
        _ => None,
    }
}
