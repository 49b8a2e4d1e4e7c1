//! The audit entry of an act, written in the act's transaction.

use store::Clock;
use store::audit::AuditEntry;
use store::engine::Connection;

use crate::{Actor, Error};

/// What was done to which subject. Texts name things, never people.
#[derive(Debug)]
pub struct Act<'a> {
    pub action: &'static str,
    pub subject: &'a str,
    pub detail: serde_json::Value,
}

/// Appends the entry.
pub async fn write(transaction: &mut Connection, clock: &Clock, actor: Actor, act: Act<'_>) -> Result<(), Error> {
    let entry = AuditEntry {
        id: clock.new_id(),
        occurred_at: clock.now(),
        actor: actor.label(),
        action: act.action.into(),
        subject: act.subject.into(),
        detail: act.detail.to_string(),
    };
    Ok(store::audit::append(transaction, &entry).await?)
}
