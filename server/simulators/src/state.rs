//! What the simulators remember, in memory alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shared::agreement::{AnswerKind, Element, Partner};
use shared::ident::{Correction, Envelope, Found, Handling, Incoming, Unreadable, UseDecision};
use tokio::time::Instant;
use uuid::Uuid;

use crate::gallery::Gallery;

/// A fault that can be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// IDENT answers 503.
    IdentDown,
    CisDown,
    /// IDENT takes a query and answers 500.
    LoseAnswer,
    /// Each message is there twice.
    Twice,
    /// Newer messages come before older ones.
    OutOfOrder,
}

/// What is wrong at the time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    pub on: BTreeSet<Fault>,
    /// Milliseconds before each answer.
    pub slow: u64,
}

impl Faults {
    pub fn has(&self, fault: Fault) -> bool {
        self.on.contains(&fault)
    }
}

/// What a partner was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartnerGot {
    pub partner: Partner,
    pub transaction_number: String,
    pub answer: AnswerKind,
    pub elements: BTreeMap<Element, String>,
    /// Milliseconds from question to answer.
    pub after: u64,
}

/// A partner's first query, whose answer is due at the end of the window.
#[derive(Debug)]
pub struct Window {
    pub partner: Partner,
    pub transaction_number: String,
    pub ends_at: Instant,
    pub decided: Option<(AnswerKind, BTreeMap<Element, String>)>,
}

/// A partner's request, which waits until it is answered.
#[derive(Debug)]
pub struct Waiting {
    pub partner: Partner,
    pub transaction_number: String,
    pub asked_at: Instant,
}

/// Somebody whom the agency added, as an encounter.
#[derive(Debug, Clone, Serialize)]
pub struct Enrolled {
    pub transaction_number: String,
    pub fin: String,
    pub eid: String,
    pub has_photograph: bool,
    pub handling: Handling,
    /// Were the prints known before?
    pub is_match: bool,
    /// Of what was sent, and of the prints.
    #[serde(skip)]
    pub hash: [u8; 32],
    #[serde(skip)]
    pub template: [u8; 32],
}

impl Enrolled {
    pub fn found(&self) -> Found {
        Found { fin: Some(self.fin.clone()), eid: Some(self.eid.clone()), a_numbers: Vec::new() }
    }
}

#[derive(Debug, Default)]
pub struct Memory {
    pub faults: Faults,
    /// Partners for whom IDENT takes no query at the time.
    pub closed: BTreeSet<Partner>,
    pub next: u64,
    pub inbox: Vec<Envelope>,
    /// Queries that were taken, with a hash of what they said.
    pub queries: HashMap<String, [u8; 32]>,
    /// About whom a query was, for those that follow it: the number of the prints.
    pub matched: HashMap<String, (Partner, u32)>,
    /// By the message that asks us.
    pub windows: HashMap<Uuid, Window>,
    pub waiting: HashMap<Uuid, Waiting>,
    pub got: Vec<PartnerGot>,
    /// Requests of partners that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What partners were told to set right.
    pub corrections: Vec<Correction>,
    /// What other components were let, and what not.
    pub uses: Vec<UseDecision>,
    pub enrolled: Vec<Enrolled>,
}

#[derive(Debug)]
pub struct State {
    pub gallery: PathBuf,
    pub window: Duration,
    memory: Mutex<Memory>,
}

impl State {
    pub fn new(gallery: PathBuf, window: Duration) -> Self {
        Self { gallery, window, memory: Mutex::default() }
    }

    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn gallery(&self) -> Gallery {
        Gallery::read(&self.gallery)
    }
}

impl Memory {
    /// Puts a message into the inbox of the agency.
    pub fn say(&mut self, message: Incoming) -> Uuid {
        self.next += 1;
        let id = Uuid::from_u128((0x1DE0_0000_0000_0000_u128 << 64) | u128::from(self.next) | (u128::from(seed()) << 32));
        self.inbox.push(Envelope { cursor: self.next, id, message });
        id
    }

    /// Tells partners what is due.
    pub fn close_windows(&mut self, window: Duration) {
        let now = Instant::now();
        let due: Vec<Uuid> = self.windows.iter().filter(|(_, one)| one.ends_at <= now).map(|(id, _)| *id).collect();
        for id in due {
            let Some(one) = self.windows.remove(&id) else { continue };
            // Whoever says nothing in time has "no match" said for them.
            let (answer, elements) = one.decided.unwrap_or((AnswerKind::NoMatch, BTreeMap::new()));
            let after = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
            self.got.push(PartnerGot { partner: one.partner, transaction_number: one.transaction_number, answer, elements, after });
        }
    }
}

/// Apart from other runs, so that their messages are not taken for these.
fn seed() -> u32 {
    std::process::id()
}

/// A program of its own has a clock of its own.
#[expect(clippy::disallowed_methods, reason = "the simulators know no store and no clock of it")]
pub fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

pub fn today() -> NaiveDate {
    now().date_naive()
}
