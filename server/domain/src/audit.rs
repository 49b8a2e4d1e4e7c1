//! The audit entry of an act, written in the act's transaction; and what shows that nobody changed the audit log or the accounting
//! of disclosures since: rows get positions in a tree over their log ([`give_positions`]), the tree is written outside of the
//! database and its head signed ([`seal`]), and both are compared ([`verify`]).
#![expect(clippy::disallowed_methods, reason = "the logs of partner data have trees, too; no row is read for what it says")]

mod seal;
#[cfg(test)]
mod tests;
mod verify;

use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use shared::audit::{Checkpoint, Head, Log, NoteError};
use store::audit::{AuditEntry, Folder};
use store::crypto::CheckpointKey;
use store::data_key::Keys;
use store::engine::{Connection, Database};
use store::{Clock, Store};
use uuid::Uuid;

pub use self::seal::{Sealed, begin_again, give_positions, seal};
pub use self::verify::{Finding, Source, Verified, Wrong, verify};
use crate::{Actor, Context, Error};

/// How long after its id was made a row may still be committed. What comes later has been put in.
pub const LATEST: TimeDelta = TimeDelta::minutes(15);
/// By how much the clocks of two machines may differ.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

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

/// A log of one of the databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogName {
    pub database: Database,
    pub log: Log,
}

impl LogName {
    /// What its folder is called, and how the name under which it is signed ends.
    pub const fn name(self) -> &'static str {
        match (self.database, self.log) {
            (Database::Main, Log::Audit) => "audit",
            (Database::Main, Log::Disclosure) => "disclosure",
            (Database::Main, Log::DisclosureOutcome) => "disclosure-outcome",
            (Database::Partner, Log::Audit) => "partner-audit",
            (Database::Partner, Log::Disclosure) => "partner-disclosure",
            (Database::Partner, Log::DisclosureOutcome) => "partner-disclosure-outcome",
        }
    }

    /// All that there are.
    pub fn all() -> impl Iterator<Item = Self> {
        Database::ALL.into_iter().flat_map(|database| Log::ALL.map(|log| Self { database, log }))
    }
}

impl fmt::Display for LogName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The logs of the databases that are open here.
pub fn logs(ctx: &Context) -> Vec<LogName> {
    LogName::all().filter(|name| name.database == Database::Main || ctx.shares()).collect()
}

/// Where trees are written, outside of every database, and the key that signs their heads.
#[derive(Debug)]
pub struct Outside {
    pub folder: PathBuf,
    pub key: CheckpointKey,
}

/// A checkpoint that somebody kept elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub log: LogName,
    pub head: Head,
}

impl Outside {
    fn of(&self, name: LogName) -> Folder {
        Folder::new(&self.folder, name.name())
    }

    /// What was last signed, if there is anything, and if it can be read.
    fn checkpoint(&self, name: LogName) -> Result<Option<Result<Checkpoint, NoteError>>, Error> {
        Ok(self.of(name).checkpoint()?.map(|note| self.key.open(name.name(), &note)))
    }

    /// Reads a checkpoint that somebody kept.
    pub fn kept(&self, note: &[u8]) -> Result<Kept, NoteError> {
        for log in LogName::all() {
            match self.key.open(log.name(), note) {
                Err(NoteError::OtherLog) => {}
                opened => return opened.map(|checkpoint| Kept { log, head: checkpoint.head }),
            }
        }
        Err(NoteError::OtherLog)
    }
}

/// The database of a log, and its keys.
fn data(ctx: &Context, database: Database) -> Result<(&Store, &Keys), Error> {
    match database {
        Database::Main => Ok((&ctx.store, ctx.keys.as_ref())),
        Database::Partner => ctx.partner_data().map(|data| (&data.store, &data.keys)),
    }
}

/// No id that was made at or after an instant is smaller.
fn first_id(at: DateTime<Utc>) -> Uuid {
    Uuid::from_u128(u128::from(u64::try_from(at.timestamp_millis()).unwrap_or(0)) << 80)
}

/// When an id was made. None for one that no clock makes.
fn made_at(id: Uuid) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(i64::try_from(id.as_u128() >> 80).ok()?)
}
