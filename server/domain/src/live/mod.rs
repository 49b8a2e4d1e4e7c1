//! What an open page is told while it is open: that a request changed, which one, and nothing of what it says.
//!
//! Whoever changes a request notes it in the database ([`store::live`]). Each server reads what was noted, its own and others', in
//! [`follow`], and hands it to the pages that it serves: [`watch`] is one of them. A page that was away says from where on it missed
//! something; where a server does not know that any more it says [`Said::Again`], and the page asks for all that it shows.
//! So a page may be told too much, and never too little.

mod news;
mod watch;

#[cfg(test)]
mod tests;

pub use news::{RequestNews, newest, request_news};
pub use watch::{Change, Said, Watch, Watched, watch};

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use store::live::{self as noted, Listener};
use tokio::sync::{broadcast, watch as switch};
use uuid::Uuid;

use crate::{Context, Error};

/// For how long it is noted that a request changed. A page is open for twelve hours at most.
pub const KEPT: TimeDelta = TimeDelta::days(1);

/// The most pages that one session has open at once.
const OF_SESSION: usize = 8;
/// The most pages that are open at one server.
const IN_ALL: usize = 2000;
/// Changes that a server remembers, for pages that were away for a moment.
const REMEMBERED: usize = 2000;
/// Changes that are read at once.
const AT_ONCE: usize = 500;
/// More than these are not told one by one.
const TOO_MANY: usize = 2000;
/// The least time between two looks: what comes together is told together.
const PAUSE: Duration = Duration::from_millis(200);
/// Tellings that a slow page may be behind.
const BEHIND: usize = 64;

/// What is told to all pages at once.
#[derive(Debug, Clone)]
struct Told {
    /// What to say to learn of whatever comes after.
    position: i64,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Changes(Arc<[noted::Change]>),
    /// More than can be told.
    Much,
}

/// What changes, at one server: what was read last, and the pages that are told.
#[derive(Debug)]
pub struct Hub {
    telling: broadcast::Sender<Told>,
    log: Mutex<Log>,
    open: Mutex<HashMap<Uuid, usize>>,
    is_over: switch::Sender<bool>,
}

/// What a server read, and from where on it reads the next time.
#[derive(Debug, Default)]
struct Log {
    /// None before the first look.
    position: Option<i64>,
    /// What was read and may be read again.
    known: HashSet<i64>,
    recent: VecDeque<noted::Change>,
    /// From here on all that was read is in `recent`.
    complete_from: i64,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            telling: broadcast::channel(BEHIND).0,
            log: Mutex::default(),
            open: Mutex::default(),
            is_over: switch::Sender::new(false),
        }
    }
}

impl Hub {
    /// What a page that is made now has to say to learn of whatever comes after.
    pub fn position(&self) -> i64 {
        self.log().position.unwrap_or(0)
    }

    /// How many pages are open.
    pub fn pages(&self) -> usize {
        self.open().values().sum()
    }

    /// The server stops: no page is told anything any more.
    pub fn end(&self) {
        self.is_over.send_replace(true);
    }

    async fn ended(&self) {
        // The sender is `self`: it is there.
        let _ = self.is_over.subscribe().wait_for(|is_over| *is_over).await;
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what was noted since the last look, and tells it.
    async fn look(&self, ctx: &Context) -> Result<(), Error> {
        let mut connection = ctx.store.read_primary().await?;
        // Before what it is about: what is not to be seen yet comes after it.
        let next = noted::position(&mut connection).await?;
        let from = self.log().position;
        let Some(from) = from else {
            self.log().begin(next);
            return Ok(());
        };
        let mut found: Vec<noted::Change> = Vec::new();
        loop {
            let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
            let some = noted::since(&mut connection, from, found.last(), most).await?;
            let is_all = some.len() < AT_ONCE;
            found.extend(some);
            if is_all {
                break;
            }
            if found.len() > TOO_MANY {
                self.log().begin(next);
                self.tell(Told { position: next, what: What::Much });
                return Ok(());
            }
        }
        let new = self.log().add(found, next);
        if !new.is_empty() {
            self.tell(Told { position: next, what: What::Changes(new.into()) });
        }
        Ok(())
    }

    fn tell(&self, told: Told) {
        // Mostly nobody has a page open.
        let _ = self.telling.send(told);
    }
}

impl Log {
    /// Begins anew: of what was before, nothing is known.
    fn begin(&mut self, position: i64) {
        *self = Self { position: Some(position), complete_from: position, ..Self::default() };
    }

    /// Takes in what was read, and gives what of it is new.
    fn add(&mut self, mut found: Vec<noted::Change>, next: i64) -> Vec<noted::Change> {
        let may_come_again: HashSet<i64> = found.iter().filter(|change| change.position >= next).map(|change| change.seq).collect();
        found.retain(|change| !self.known.contains(&change.seq));
        self.known = may_come_again;
        self.position = Some(next);
        self.recent.extend(found.iter().cloned());
        while self.recent.len() > REMEMBERED {
            let forgotten = self.recent.pop_front().map_or(0, |change| change.position);
            self.complete_from = self.complete_from.max(forgotten + 1);
        }
        found
    }

    /// What was read from a position on; none if that is not known any more.
    fn since(&self, position: i64) -> Option<Vec<noted::Change>> {
        let is_known = self.position.is_some_and(|now| position >= self.complete_from && position <= now);
        is_known.then(|| self.recent.iter().filter(|change| change.position >= position).cloned().collect())
    }
}

/// Reads what changes and tells it to open pages, until the server stops.
pub async fn follow(ctx: Context) {
    let mut listener = Listener::new(&ctx.store);
    let following = async {
        loop {
            // Logged where it arose; the next look reads from the same place.
            let _ = ctx.live.look(&ctx).await;
            tokio::time::sleep(PAUSE).await;
            listener.wait().await;
        }
    };
    tokio::select! {
        () = following => {}
        () = ctx.live.ended() => {}
    }
}
