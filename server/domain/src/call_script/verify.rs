//! Who calls: what a caller says is compared with the record of the case.

use chrono::{NaiveDate, TimeDelta};
use shared::accents::plain_capitals;
use shared::address::ZipCode;
use shared::call_script::Verified;
use shared::case_feed::PartyRole;
use shared::case_status::ReceiptNumber;
use shared::protection::{Channel, Outcome, decide};
use store::call_script::{self as rows, Caller};
use store::engine::Connection;
use store::look_up_failure;
use store::notification::{Identification, identification};
use uuid::Uuid;

use super::call::open;
use crate::{Action, Context, Error, Officer};

/// What a caller says of their case.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    pub number: Option<ReceiptNumber>,
    pub birth_date: Option<NaiveDate>,
    pub zip: Option<ZipCode>,
    /// How a caller who is a representative is called, first name and family name.
    pub representative: Option<String>,
    /// As the agent writes it down; it proves nothing.
    pub name: String,
}

/// How far a caller is verified now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identified {
    As(Verified),
    /// No case of this number may be spoken of on the telephone: it is unknown, or it is protected. The caller hears neither.
    NothingToSay,
    /// The number is right, and something else does not agree with the record. What it is, nobody is told.
    Disagrees,
    /// So many tries about this number failed today that no more are taken.
    TooMany,
    /// The call is over.
    Over,
}

/// Compares what a caller says with the record of the case, and keeps how far it agrees. Every try is in the audit log.
pub async fn identify(ctx: &Context, officer: &Officer, call: Uuid, claim: &Claim) -> Result<Identified, Error> {
    let mut transaction = ctx.store.begin().await?;
    let stored = open(&mut transaction, officer, call).await?;
    officer.check(Action::FollowScripts, &stored.office)?;
    if stored.ending.is_some() {
        return Ok(Identified::Over);
    }
    let (identified, verified, case) = compare(ctx, &mut transaction, claim).await?;
    let number = claim.number.as_ref().map_or_else(String::new, |number| number.as_str().to_owned());
    let caller = Caller { receipt_number: number, name: claim.name.trim().chars().take(LONGEST_NAME).collect() };
    rows::set_caller(&mut transaction, &ctx.keys, call, verified, case, &caller).await?;
    let detail = serde_json::json!({ "verified": verified.key(), "agreed": matches!(identified, Identified::As(_)) });
    let subject = case.map_or_else(|| call.to_string(), |case| case.to_string());
    ctx.audit(&mut transaction, officer.actor(), "call.identify", &subject, detail).await?;
    transaction.commit().await?;
    Ok(identified)
}

/// The longest name of a caller that is kept, in characters.
const LONGEST_NAME: usize = 100;

async fn compare(
    ctx: &Context,
    transaction: &mut Connection,
    claim: &Claim,
) -> Result<(Identified, Verified, Option<Uuid>), Error> {
    let nothing = (Identified::NothingToSay, Verified::Nothing, None);
    let Some(number) = &claim.number else { return Ok((Identified::As(Verified::Nothing), Verified::Nothing, None)) };
    let mac = ctx.sealer().mac("callers about a receipt number", number.as_str().as_bytes());
    let failed = look_up_failure::of_day(transaction, &mac, ctx.today()).await?;
    if ctx.limits.check_proofs(failed, TimeDelta::zero()).is_err() {
        return Ok((Identified::TooMany, Verified::Nothing, None));
    }
    let record = store::case_status::look_up(transaction, number).await?;
    if !record.is_known() || decide(record.markers(), Channel::Telephone, ctx.today()) != Outcome::Show {
        look_up_failure::count(transaction, &mac, ctx.today(), 1).await?;
        return Ok(nothing);
    }
    let Some(case) = store::case_feed::case_id(transaction, number).await? else { return Ok(nothing) };
    if claim.birth_date.is_none() && claim.zip.is_none() && claim.representative.is_none() {
        return Ok((Identified::As(Verified::Receipt), Verified::Receipt, Some(case)));
    }
    let known = identification(transaction, &ctx.keys, case).await?;
    let is_person = agrees(claim, &known);
    let is_representative = match &claim.representative {
        None => None,
        Some(name) => Some(is_on_file(transaction, case, name).await?),
    };
    match (is_person, is_representative) {
        (true, None) => Ok((Identified::As(Verified::Person), Verified::Person, Some(case))),
        (true, Some(true)) => Ok((Identified::As(Verified::Representative), Verified::Representative, Some(case))),
        _ => {
            look_up_failure::count(transaction, &mac, ctx.today(), 1).await?;
            Ok((Identified::Disagrees, Verified::Receipt, Some(case)))
        }
    }
}

/// Both, and not one of them: a telephone call has no mailbox that proves the rest.
fn agrees(claim: &Claim, known: &Identification) -> bool {
    let born = claim.birth_date.is_some_and(|day| known.birth_dates.iter().any(|known| *known.expose() == day));
    let zip = known.postal_code.as_ref().and_then(|code| ZipCode::parse(code.expose()));
    born && claim.zip.is_some() && claim.zip == zip
}

async fn is_on_file(connection: &mut Connection, case: Uuid, name: &str) -> Result<bool, Error> {
    let plain = |name: &str| {
        plain_capitals(name)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let said = plain(name);
    let people = store::answer::people(connection, case).await?;
    let representatives = people.into_iter().filter(|person| person.role == PartyRole::Representative.key());
    Ok(!said.is_empty()
        && representatives.into_iter().any(|person| {
            let family = plain(&person.family_name);
            let given = person.given_name.as_deref().map(plain).unwrap_or_default();
            // A second given name may be left out, and the order is the caller's.
            !family.is_empty()
                && family.iter().all(|word| said.contains(word))
                && given.first().is_none_or(|word| said.contains(word))
        }))
}
