//! The check, asked again: whether anything may be told of the person at this moment, and what.
//!
//! It is the one that was asked when the request came, but for the quota: a request had its place in that when it came.

use std::collections::BTreeSet;

use shared::agreement::{
    Decision, FoundBy, Made, Matter, Partner, Purpose, Request, Subject, Withheld, evaluate, matters, suppressed,
};
use shared::disclosure::Outcome;
use shared::ident::{Incoming, PartnerAsk};
use shared::partner_query::{InboundEvent, InboundState, Verdict};
use shared::protection::{CisAnswer, Towards};
use store::partner_query::{self as queries, Answering, ForeignState, Held, NewHold, StoredForeign};
use uuid::Uuid;

use super::act::{end_failed, state_of};
use crate::partner_query::{Known, Standing, close_disclosure, doubts, lifted, settled_by_counsel, standing, their_question};
use crate::{Context, Error};

/// A request after the check.
pub(super) struct Checked {
    pub foreign: StoredForeign,
    /// Before the check.
    pub state: InboundState,
    pub asked: PartnerAsk,
    standing: Standing,
    towards: Towards,
    /// None: no agreement is in force, and nothing may be told.
    decision: Option<Decision>,
    /// Why nothing is told of somebody whom we know.
    because: Option<Withheld>,
    /// What counsel is asked, where protection lets it pass.
    matters: BTreeSet<Matter>,
}

/// Asks. None if there is no such request, or it was destroyed.
pub(super) async fn check(ctx: &Context, request: Uuid, cis: &CisAnswer) -> Result<Option<Checked>, Error> {
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some(foreign) = queries::foreign(&mut connection, &partner_data.keys, request).await? else { return Ok(None) };
    let Some(state) = state_of(&foreign) else { return Ok(None) };
    let asked = asked(&foreign)?;
    let standing = standing(ctx, foreign.profile, foreign.partner).await?;
    let parts = standing.known.as_ref().map(|known| known.parts.clone()).unwrap_or_default();
    let answered_before = queries::answered_before(&mut connection, &parts, foreign.partner).await?;
    let released = queries::releases(&mut connection, Held::Foreign(foreign.id)).await?;
    drop(connection);
    let towards = lifted(standing.towards(cis, foreign.partner, foreign.purpose), &released);
    let subject =
        standing.known.as_ref().map_or(Subject::Nobody, |known| Subject::Known(known.as_subject(FoundBy::Fingerprints, None)));
    let question = their_question(&asked, ctx.today(), Made::default());
    let request =
        Request { question, asked: asked.asked.clone(), subject, answered_before, settled: settled_by_counsel(&released) };
    let decision = standing.agreement.as_ref().map(|agreement| evaluate(&request, agreement, &towards));
    let because = standing.agreement.as_ref().and_then(|agreement| suppressed(&request, agreement, &towards));
    let matters = standing.agreement.as_ref().map(|agreement| matters(&request, agreement, &towards)).unwrap_or_default();
    Ok(Some(Checked { foreign, state, asked, standing, towards, decision, because, matters }))
}

/// What a partner asked, as it came.
pub(super) fn asked(foreign: &StoredForeign) -> Result<PartnerAsk, Error> {
    match serde_json::from_slice(&foreign.request) {
        Ok(Incoming::Ask(asked)) => Ok(*asked),
        _ => Err(Error::Internal),
    }
}

/// Is a request on lists? Not while our own records protect the person: then nobody is to learn that somebody asked.
pub(super) async fn is_shown(ctx: &Context, profile: Option<Uuid>, partner: Partner, purpose: Purpose) -> Result<bool, Error> {
    let standing = standing(ctx, profile, partner).await?;
    Ok(!matches!(standing.towards(&CisAnswer::NotProtected, partner, purpose), Towards::NoMatch))
}

impl Checked {
    pub fn verdict(&self) -> Verdict {
        self.decision.as_ref().map_or(Verdict::Silence, Verdict::of)
    }

    /// The person and what was decided, if something may be told.
    pub fn open(&self) -> Result<(&Known, &Decision), Error> {
        match (&self.standing.known, &self.decision) {
            (Some(known), Some(decision)) if self.verdict() == Verdict::Proceed => Ok((known, decision)),
            _ => Err(Error::Internal),
        }
    }

    /// Nothing leaves: the partner is answered as if we knew nobody, or counsel decides. What was packaged is no more. It leaves no
    /// trace where analysts look.
    pub async fn stop(&self, ctx: &Context, package: Option<Uuid>) -> Result<(), Error> {
        let Self { foreign, .. } = self;
        let verdict = self.verdict();
        let state = self.state.next(&InboundEvent::Checked { verdict }).map_err(|_| Error::Internal)?;
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        let decision = self.decision.as_ref().map(serde_json::to_string).transpose().map_err(|_| Error::Internal)?;
        let answering = Answering {
            state: ForeignState::Request(state),
            decision: decision.as_deref(),
            answer: None,
            disclosure: None,
            attempts: foreign.attempts,
            next_attempt_at: (verdict == Verdict::Silence).then(|| ctx.now()),
            answered_at: None,
            at: ctx.now(),
        };
        if !queries::save_foreign(&mut transaction, foreign.id, foreign.version, &answering).await? {
            return Ok(());
        }
        if let Some(package) = package {
            end_failed(ctx, &mut transaction, package).await?;
        }
        if let Some(before) = foreign.disclosure {
            // OBIM had it: nobody knows whether it was sent.
            close_disclosure(ctx, &mut transaction, before, Outcome::Unknown).await?;
        }
        if let (Some(because), Some(profile)) = (self.because, foreign.profile) {
            queries::suppress(&mut transaction, ctx.clock.new_id(), foreign.id, profile, because.key(), ctx.now()).await?;
        }
        if verdict == Verdict::Refer {
            let because = doubts(&self.towards, &self.matters)?;
            let hold = NewHold { id: ctx.clock.new_id(), held: Held::Foreign(foreign.id), because: &because, at: ctx.now() };
            queries::raise_hold(&mut transaction, &hold).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}
