//! Calls of the demo: one that was answered, one that was handed to Tier 2, and one in which a request was taken.

use std::collections::{BTreeSet, VecDeque};

use shared::call_script::{Move, NodeKey, Script, Step};
use shared::case_status::ReceiptNumber;
use shared::e_request::{Answers, Field};
use shared::identity::{Grant, Role};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::service_request::Source;
use uuid::Uuid;

use super::{Claim, Ending, at, begin, begin_script, end, find_scripts, go, identify, note};
use crate::service_request::{Intake, TakenIn, take_in};
use crate::{Context, Error, Officer};

/// A case of every demo.
const NUMBER: &str = "EAC9999103416";

struct Story {
    script: &'static str,
    /// The node at which the call ends.
    end: &'static str,
    locale: Locale,
    notes: &'static str,
}

const STORIES: [Story; 3] = [
    Story { script: "case-status", end: "end-look", locale: Locale::En, notes: "Will look at the page herself." },
    Story { script: "appointments", end: "tier-2", locale: Locale::Es, notes: "Tiene una operación ese día." },
    Story { script: "case-status", end: "take-receipt", locale: Locale::Es, notes: "No le ha llegado el recibo." },
];

/// Has an agent of the demo take calls. Gives how many.
pub async fn seed_demo(ctx: &Context, agent: Uuid, office: &OfficeCode) -> Result<u64, Error> {
    let grant = Grant { role: Role::Tier1Agent, office: office.clone(), starts_at: ctx.now(), ends_at: None };
    let agent = Officer::new(agent, vec![grant], ctx.now());
    let mut calls = 0;
    for story in &STORIES {
        calls += u64::from(call(ctx, &agent, office, story).await?);
    }
    Ok(calls)
}

/// False if the script is not read to callers.
async fn call(ctx: &Context, agent: &Officer, office: &OfficeCode, story: &Story) -> Result<bool, Error> {
    let found = find_scripts(ctx, agent, "").await?.into_iter().find(|found| found.script.key.as_str() == story.script);
    let Some((found, way)) = found.and_then(|found| way(&found.script, story.end).map(|way| (found, way))) else {
        return Ok(false);
    };
    let id = begin(ctx, agent, office, story.locale).await?;
    let number = ReceiptNumber::parse(NUMBER).ok();
    identify(ctx, agent, id, &Claim { number, ..Claim::default() }).await?;
    note(ctx, agent, id, story.notes).await?;
    let mut saved = at(ctx, agent, id).await?.call.saved;
    begin_script(ctx, agent, id, saved, found.version).await?;
    for made in way {
        saved += 1;
        go(ctx, agent, id, saved, made).await?;
    }
    let ending = match at(ctx, agent, id).await?.node.map(|node| node.step) {
        Some(Step::TakeRequest { kind, .. }) => {
            let mut answers = Answers::default();
            let typed = [
                (Field::Requester, "applicant"),
                (Field::ReceiptNumber, NUMBER),
                (Field::Explanation, story.notes),
                (Field::FamilyName, "Ejemplo"),
            ];
            for (field, typed) in typed {
                answers.set(field, typed);
            }
            let (submission, office, call) = (ctx.clock.new_id(), office.clone(), Some(id));
            let (source, locale) = (Source::Telephone, story.locale);
            let intake = Intake { submission, office, source, kind, received_on: None, locale, answers, call };
            if matches!(take_in(ctx, agent, &intake).await?, TakenIn::Stored { .. }) {
                return Ok(true);
            }
            // A demo without cases.
            Ending::BrokenOff
        }
        Some(Step::Transfer { .. }) => Ending::Transferred,
        _ => Ending::Answered,
    };
    end(ctx, agent, id, ending).await
}

/// The shortest way to a node on which nothing has to be said about a case.
fn way(script: &Script, to: &str) -> Option<Vec<Move>> {
    let first = script.first()?;
    let (mut open, mut seen) = (VecDeque::from([(first, Vec::new())]), BTreeSet::from([&first.key]));
    while let Some((node, way)) = open.pop_front() {
        if node.key.as_str() == to {
            return Some(way);
        }
        for (made, next) in moves(&node.step) {
            let Some(next) = script.node(next).filter(|next| seen.insert(&next.key)) else { continue };
            let mut way = way.clone();
            way.push(made);
            open.push_back((next, way));
        }
    }
    None
}

fn moves(step: &Step) -> Vec<(Move, &NodeKey)> {
    match step {
        Step::Say { what, then, .. } => vec![(if what.must_be_read() { Move::Read } else { Move::Go }, then)],
        Step::Form { then, .. } => vec![(Move::Go, then)],
        Step::Case { otherwise, .. } => vec![(Move::NotTold, otherwise)],
        Step::Ask { answers, .. } => (0..).zip(answers).map(|(at, answer)| (Move::Answer(at), &answer.then)).collect(),
        Step::TakeRequest { .. } | Step::Transfer { .. } | Step::End { .. } => Vec::new(),
    }
}
