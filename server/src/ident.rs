//! Speaks with IDENT: hands over what was decided, and takes what it has for us. One process does so at a time; another may begin
//! where it ended, for what is taken twice counts once.

use std::time::Duration;

use domain::information_request::{PackageKeys, next_to_package, package};
use domain::partner_query::{
    self, Authorized, CorrectionChecked, Decided, Outcome, OutgoingAnswer, OutgoingCorrection, OutgoingErrors, UseToTell, answered,
    authorize, authorize_correction, check_use, correction_sent, cursor, decide, errors_told, next_correction, next_to_answer,
    next_to_send, next_use, next_use_to_tell, receive, sent, understand, use_told,
};
use domain::{Actor, Context, Error};
use gateways::ident::{AccessError, Cis, Ident, IdentError};
use shared::ident::{Correction, Decision, Query, Unreadable, UseDecision};
use shared::partner_query::TransactionNumber;
use shared::sensitive::Sensitive;

use crate::settings::{SettingError, Settings};

/// The pause between two rounds.
const PAUSE: Duration = Duration::from_secs(1);
/// Before the next try of what IDENT could not take.
const AGAIN: chrono::TimeDelta = chrono::TimeDelta::minutes(1);
/// Queries and answers in one round: the messages of IDENT are looked at between.
const AT_ONCE: usize = 100;

fn wrong(error: &AccessError) -> SettingError {
    SettingError { name: "PORTICO_IDENT_CERT", problem: error.to_string() }
}

/// IDENT and PCQS/CIS, if this installation knows where they are.
pub fn connect(settings: &Settings) -> Result<(Option<Ident>, Option<Cis>), SettingError> {
    let Some(access) = settings.ident() else { return Ok((None, None)) };
    let ident = Ident::new(&access).map_err(|error| wrong(&error))?;
    Ok((Some(ident), Some(Cis::new(&access).map_err(|error| wrong(&error))?)))
}

/// Starts the exchange, if this installation shares and knows where IDENT is.
pub fn start(ctx: &Context, settings: &Settings) -> Result<(), SettingError> {
    let Some(access) = settings.ident().filter(|_| ctx.shares()) else { return Ok(()) };
    let ident = Ident::new(&access).map_err(|error| wrong(&error))?;
    let keys = settings.package_keys()?.map(|(ours, theirs)| PackageKeys { ours, theirs });
    if keys.is_none() {
        tracing::warn!(
            "PORTICO_PACKAGE_KEY and PORTICO_OBIM_KEY are not set: what is released to partner countries is not packaged"
        );
    }
    let exchange = Exchange { ctx: ctx.clone(), ident, cis: Cis::new(&access).map_err(|error| wrong(&error))?, keys };
    tokio::spawn(async move {
        loop {
            // Logged where it arose; the next round tries again.
            let _ = exchange.round().await;
            tokio::time::sleep(PAUSE).await;
        }
    });
    Ok(())
}

/// The two systems, and what we have for them.
#[derive(Debug)]
pub struct Exchange {
    pub ctx: Context,
    pub ident: Ident,
    pub cis: Cis,
    /// For packages; without them none is made.
    pub keys: Option<PackageKeys>,
}

impl Exchange {
    /// Takes what IDENT has, understands it, and hands over what is due. What one part cannot do keeps no other.
    pub async fn round(&self) -> Result<(), Error> {
        let parts = [
            self.take().await,
            self.answer().await,
            self.package().await,
            self.correct().await,
            self.let_use().await,
            self.ask().await,
        ];
        parts.into_iter().collect()
    }

    async fn take(&self) -> Result<(), Error> {
        loop {
            let after = cursor(&self.ctx, Actor::System).await?;
            let inbox = match self.ident.messages(after).await {
                Ok(inbox) => inbox,
                Err(error) => {
                    tracing::warn!("IDENT {error}");
                    break;
                }
            };
            if inbox.messages.is_empty() {
                break;
            }
            receive(&self.ctx, Actor::System, &inbox.messages).await?;
        }
        // What waited for something may have it now.
        while understand(&self.ctx, Actor::System).await? > 0 {}
        Ok(())
    }

    async fn ask(&self) -> Result<(), Error> {
        for _ in 0..AT_ONCE {
            let Some(due) = next_to_send(&self.ctx, Actor::System).await? else { break };
            let cis = self.cis.ask(&due.a_numbers).await;
            let Authorized::Send(outgoing) = authorize(&self.ctx, Actor::System, &due, &cis).await? else { continue };
            let outcome = match query(&outgoing) {
                Some(query) => outcome(self.ident.ask(&query).await),
                None => Outcome::Refused,
            };
            sent(&self.ctx, Actor::System, &outgoing, outcome).await?;
        }
        Ok(())
    }

    async fn answer(&self) -> Result<(), Error> {
        for _ in 0..AT_ONCE {
            let Some(due) = next_to_answer(&self.ctx, Actor::System).await? else { break };
            let cis = self.cis.ask(&due.a_numbers).await;
            match decide(&self.ctx, Actor::System, &due, &cis).await? {
                Decided::Answer(outgoing) => {
                    let outcome = match decision(&outgoing) {
                        Some(decision) => outcome(self.ident.answer(&decision, outgoing.is_first_answer).await),
                        None => Outcome::Refused,
                    };
                    answered(&self.ctx, Actor::System, &outgoing, outcome).await?;
                }
                Decided::Unreadable(outgoing) => {
                    let outcome = match unreadable(&outgoing) {
                        Some(unreadable) => outcome(self.ident.unreadable(&unreadable).await),
                        None => Outcome::Refused,
                    };
                    errors_told(&self.ctx, Actor::System, &outgoing, outcome).await?;
                }
                Decided::Later | Decided::Waits | Decided::Gone => {}
            }
        }
        Ok(())
    }

    /// Packages what was released, for OBIM to fetch.
    async fn package(&self) -> Result<(), Error> {
        let Some(keys) = &self.keys else { return Ok(()) };
        for _ in 0..AT_ONCE {
            let Some(due) = next_to_package(&self.ctx, Actor::System).await? else { break };
            let cis = self.cis.ask(&due.a_numbers).await;
            Box::pin(package(&self.ctx, Actor::System, &due, &cis, keys)).await?;
        }
        Ok(())
    }

    /// Tells partners what of their answers is set right, or disputed.
    async fn correct(&self) -> Result<(), Error> {
        for _ in 0..AT_ONCE {
            let Some(due) = next_correction(&self.ctx, Actor::System).await? else { break };
            let cis = self.cis.ask(&due.a_numbers).await;
            let checked = authorize_correction(&self.ctx, Actor::System, &due, &cis).await?;
            let CorrectionChecked::Send(outgoing) = checked else { continue };
            let outcome = outcome(self.ident.correct(&correction(&outgoing)).await);
            correction_sent(&self.ctx, Actor::System, &outgoing, outcome).await?;
        }
        Ok(())
    }

    /// Checks what other components ask to use, and tells IDENT what was decided.
    async fn let_use(&self) -> Result<(), Error> {
        for _ in 0..AT_ONCE {
            let Some(due) = next_use(&self.ctx, Actor::System).await? else { break };
            let cis = self.cis.ask(&due.a_numbers).await;
            check_use(&self.ctx, Actor::System, &due, &cis).await?;
        }
        for _ in 0..AT_ONCE {
            let Some(due) = next_use_to_tell(&self.ctx, Actor::System).await? else { break };
            let outcome = outcome(self.ident.decide_use(&use_decision(&due)).await);
            use_told(&self.ctx, Actor::System, &due, outcome).await?;
        }
        Ok(())
    }
}

/// What became of something that was handed over, as far as we know.
fn outcome(result: Result<(), IdentError>) -> Outcome {
    let Err(error) = result else { return Outcome::Sent };
    tracing::warn!("IDENT {error}");
    match error {
        IdentError::NotReached => Outcome::Later(AGAIN),
        IdentError::Later { after, .. } => {
            Outcome::Later(after.and_then(|after| chrono::TimeDelta::from_std(after).ok()).unwrap_or(AGAIN))
        }
        IdentError::Refused(_) => Outcome::Refused,
        IdentError::Unknown | IdentError::Unreadable => Outcome::Unknown,
    }
}

fn query(outgoing: &partner_query::Outgoing) -> Option<Query> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let prior = outgoing.prior.as_deref().map(TransactionNumber::parse).transpose().ok()?;
    Some(Query {
        transaction_number: TransactionNumber::parse(&outgoing.transaction_number).ok()?,
        prior,
        partner: outgoing.partner,
        step: outgoing.step,
        purpose: outgoing.purpose,
        priority: outgoing.priority,
        modality: outgoing.modality,
        fingerprints: Sensitive::new(outgoing.prints.as_ref().map(|prints| STANDARD.encode(prints.expose()))),
        asked: outgoing.asked.clone(),
        written: Sensitive::new(outgoing.written.as_ref().map(|text| text.expose().clone())),
    })
}

fn decision(outgoing: &OutgoingAnswer) -> Option<Decision> {
    Some(Decision {
        message: outgoing.message,
        transaction_number: TransactionNumber::parse(&outgoing.transaction_number).ok()?,
        answer: outgoing.answer,
        elements: outgoing.elements.clone(),
    })
}

fn unreadable(outgoing: &OutgoingErrors) -> Option<Unreadable> {
    Some(Unreadable {
        message: outgoing.message,
        transaction_number: TransactionNumber::parse(&outgoing.transaction_number).ok()?,
        errors: outgoing.errors.clone(),
    })
}

fn correction(outgoing: &OutgoingCorrection) -> Correction {
    Correction {
        id: outgoing.id,
        partner: outgoing.partner,
        transaction_number: outgoing.transaction_number.clone(),
        elements: outgoing.elements.clone(),
        values: outgoing.values.clone(),
        statement: outgoing.statement.clone(),
    }
}

fn use_decision(due: &UseToTell) -> UseDecision {
    UseDecision {
        message: due.message,
        transaction_number: due.transaction_number.clone(),
        is_allowed: due.is_allowed,
        elements: due.elements.clone(),
    }
}
