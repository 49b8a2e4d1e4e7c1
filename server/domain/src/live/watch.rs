//! An open page: what it is told, for as long as its session may see it.

use std::sync::Arc;
use std::time::Duration;

use shared::live::ChangeKind;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use store::live as noted;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::{Hub, IN_ALL, OF_SESSION, Told, What};
use crate::identity::{Live, peek};
use crate::service_request::may_read;
use crate::{Action, Context, Error};

/// How often it is said that nothing happened, and looked whether the session is still there.
const BEAT: Duration = Duration::from_secs(15);
/// The least time between two tellings.
const BETWEEN: Duration = Duration::from_secs(1);
/// More than these are not told one by one.
const MOST: usize = 50;

/// What a page shows: an office's lists, a request, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    pub office: Option<OfficeCode>,
    pub request: Option<Uuid>,
}

/// A change, as a page is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The office that has the request, or that had it, if that is the one whose lists the page shows.
    pub office: Option<OfficeCode>,
    pub request: Uuid,
    pub kind: ChangeKind,
    pub version: i64,
}

/// What a page is told. With it comes what to say, after a while away, to learn of whatever came since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Changes(Vec<Change>),
    /// Something may have changed: the page asks for what it shows.
    Again,
    /// Nothing happened.
    Nothing,
}

/// A page that is open. It counts for its session until it is dropped.
#[derive(Debug)]
pub struct Watch {
    ctx: Context,
    token: Sensitive<String>,
    watched: Watched,
    telling: Receiver<Told>,
    position: i64,
    waiting: Waiting,
    /// When it may be told something again, and when it is told that nothing happened.
    tells_at: Instant,
    beats_at: Instant,
    pub(super) beat: Duration,
    pub(super) between: Duration,
    _place: Place,
}

/// What was not told yet.
#[derive(Debug, Default)]
struct Waiting {
    changes: Vec<noted::Change>,
    again: bool,
}

/// A session's place among the open pages.
#[derive(Debug)]
struct Place {
    hub: Arc<Hub>,
    session: Uuid,
}

impl Place {
    fn take(hub: &Arc<Hub>, session: Uuid) -> Option<Self> {
        let mut open = hub.open();
        if open.values().sum::<usize>() >= IN_ALL {
            return None;
        }
        let of_session = open.entry(session).or_default();
        if *of_session >= OF_SESSION {
            return None;
        }
        *of_session += 1;
        drop(open);
        Some(Self { hub: Arc::clone(hub), session })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.hub.open();
        if let Some(of_session) = open.get_mut(&self.session) {
            *of_session -= 1;
            if *of_session == 0 {
                open.remove(&self.session);
            }
        }
    }
}

/// Opens a page of somebody who may see what it shows. `since` is what was said last, to the page that was loaded or on the stream that
/// broke off. None if too many are open.
pub async fn watch(
    ctx: &Context,
    live: &Live,
    token: Sensitive<String>,
    watched: Watched,
    since: Option<i64>,
) -> Result<Option<Watch>, Error> {
    if !may_watch(ctx, live, &watched).await? {
        return Err(Error::Refused);
    }
    let Some(place) = Place::take(&ctx.live, live.id) else { return Ok(None) };
    // In this order: what comes between the two is told twice, and not lost.
    let telling = ctx.live.telling.subscribe();
    let log = ctx.live.log();
    let position = log.position.unwrap_or(0);
    let waiting = match since.and_then(|since| log.since(since)) {
        Some(changes) => Waiting { changes, again: false },
        None => Waiting { changes: Vec::new(), again: true },
    };
    drop(log);
    let now = Instant::now();
    let mut watch = Watch {
        ctx: ctx.clone(),
        token,
        watched,
        telling,
        position,
        waiting: Waiting::default(),
        tells_at: now,
        beats_at: now + BEAT,
        beat: BEAT,
        between: BETWEEN,
        _place: place,
    };
    watch.wait_with(waiting.changes, waiting.again);
    Ok(Some(watch))
}

/// Whether a session may see what a page shows, all of it.
async fn may_watch(ctx: &Context, live: &Live, watched: &Watched) -> Result<bool, Error> {
    let Watched { office, request } = watched;
    if office.is_none() && request.is_none() {
        return Ok(false);
    }
    if office.as_ref().is_some_and(|office| !live.officer.may(Action::ReadRequests, office)) {
        return Ok(false);
    }
    match request {
        Some(request) => may_read(ctx, &live.officer, *request).await,
        None => Ok(true),
    }
}

impl Watch {
    /// What to say to learn of whatever comes after what was told.
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// What there is to tell next; nothing any more once the session is over or locked, the officer may not see what the page shows,
    /// or the server stops. That a page is open counts as nobody's presence.
    pub async fn next(&mut self) -> Option<Said> {
        loop {
            let wakes_at = if self.waiting.is_empty() { self.beats_at } else { self.tells_at.min(self.beats_at) };
            let hub = Arc::clone(&self.ctx.live);
            tokio::select! {
                () = hub.ended() => return None,
                told = self.telling.recv() => self.hear(told)?,
                () = sleep_until(wakes_at) => {}
            }
            let now = Instant::now();
            if !self.waiting.is_empty() && now >= self.tells_at {
                let live = self.session().await?;
                self.tells_at = Instant::now() + self.between;
                return self.tell(&live).await;
            }
            if now >= self.beats_at {
                self.session().await?;
                return Some(Said::Nothing);
            }
        }
    }

    /// Has the next look at the session be now.
    #[cfg(test)]
    pub(super) fn beats_now(&mut self) {
        self.beats_at = Instant::now();
    }

    fn hear(&mut self, told: Result<Told, RecvError>) -> Option<()> {
        match told {
            Ok(Told { position, what: What::Changes(changes) }) => {
                self.position = position;
                self.wait_with(changes.iter().cloned(), false);
            }
            Ok(Told { position, what: What::Much }) => {
                self.position = position;
                self.wait_with([], true);
            }
            Err(RecvError::Lagged(_)) => self.wait_with([], true),
            Err(RecvError::Closed) => return None,
        }
        Some(())
    }

    /// Keeps what concerns the page until it is told.
    fn wait_with(&mut self, changes: impl IntoIterator<Item = noted::Change>, again: bool) {
        let Self { watched, waiting, .. } = self;
        waiting.again |= again;
        waiting.changes.extend(changes.into_iter().filter(|change| watched.concerns(change)));
        if waiting.changes.len() > MOST {
            waiting.again = true;
        }
        if waiting.again {
            waiting.changes.clear();
        }
    }

    /// The session at this moment, if it is open and its officer works at the office. The next beat is set by when it ends.
    async fn session(&mut self) -> Option<Live> {
        let live = peek(&self.ctx, self.token.expose()).await.ok()??;
        if self.watched.office.as_ref().is_some_and(|office| !live.officer.may(Action::ReadRequests, office)) {
            return None;
        }
        let left = (live.idle_until - self.ctx.now()).to_std().unwrap_or_default();
        self.beats_at = Instant::now() + self.beat.min(left);
        Some(live)
    }

    async fn tell(&mut self, live: &Live) -> Option<Said> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.again {
            return Some(Said::Again);
        }
        let at_office = |change: &noted::Change| self.watched.office.is_some() && self.watched.is_at_office(change);
        // Of a request that went elsewhere the page may learn that it is gone, when it asks; and nothing else.
        let request = self.watched.request.filter(|_| !waiting.changes.iter().all(at_office));
        if let Some(request) = request
            && !may_read(&self.ctx, &live.officer, request).await.ok()?
        {
            return Some(Said::Again);
        }
        Some(Said::Changes(waiting.changes.iter().map(|change| self.watched.told(change)).collect()))
    }
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.again
    }
}

impl Watched {
    fn concerns(&self, change: &noted::Change) -> bool {
        self.request == Some(change.request) || self.is_at_office(change)
    }

    fn is_at_office(&self, change: &noted::Change) -> bool {
        let is_here = |office: &Option<OfficeCode>| office.is_some() && *office == self.office;
        is_here(&change.office) || is_here(&change.former_office)
    }

    fn told(&self, change: &noted::Change) -> Change {
        let office = if self.is_at_office(change) { &self.office } else { &change.office };
        Change { office: office.clone(), request: change.request, kind: change.kind, version: change.version }
    }
}
