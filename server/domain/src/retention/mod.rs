//! Retention: what is due to be destroyed, what keeps it, and how two people let it be destroyed (DAA-0563-2013-0001-0005,
//! N1-566-08-09).
//!
//! A job goes through the records and notes what is due ([`work_out`]). A hold keeps from the moment when it is proposed
//! ([`propose_hold`]); another person agrees, and two end it. Somebody has a list made of what is due ([`propose`]), another
//! person approves just that ([`approve`]), and a job destroys it, record by record ([`execute`]): each is looked at once more,
//! and what a hold keeps, what is not due any more and what somebody works on is left. In the end there is a certificate.
//!
//! A record's data key is destroyed: what it sealed cannot be read any more, whatever rows stay. The audit log and the accounting
//! of disclosures have keys of their own, and stay.

mod certificate;
mod demo;
mod disposition;
mod due;
mod execute;
mod hold;
mod reach;
#[cfg(test)]
mod tests;

pub use certificate::{CertificateView, certificate};
pub use demo::seed_demo;
pub use disposition::{Approved, DispositionView, LINES, LineView, Proposed, approve, dispositions, propose, read, withdraw};
pub use due::{Overview, overview, work_out};
pub use execute::execute;
pub use hold::{HoldProposed, HoldSubject, agree_to_hold, end_hold, holds, keep_hold, propose_end, propose_hold, withdraw_hold};
pub use store::retention::{Count, DueYear, StoredDisposition, StoredHold, StoredLine, Walk};

use store::engine::Connection;
use uuid::Uuid;

use crate::{Action, Actor, Context, Error, Officer};

/// Whoever decides something showed a second factor just now.
fn check_decider(ctx: &Context, officer: &Officer) -> Result<(), Error> {
    officer.check_somewhere(Action::DecideRetention)?;
    officer.check_fresh(ctx.now())
}

async fn note(
    ctx: &Context,
    transaction: &mut Connection,
    actor: Actor,
    action: &'static str,
    subject: Uuid,
    detail: serde_json::Value,
) -> Result<(), Error> {
    ctx.audit(transaction, actor, action, &subject.to_string(), detail).await
}
