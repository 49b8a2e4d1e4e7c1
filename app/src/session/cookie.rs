//! The session's cookie: its name, and its content in bytes.

use chrono::{DateTime, Utc};
use shared::sensitive::Sensitive;

use super::Kept;

/// Room for what was typed, in bytes. A receipt number with dashes of any kind is half as long.
const TYPED: usize = 64;
/// `version (1) | id (16) | issued (8) | kind (1) | kept since (8) | until (8) | length (1) | typed (64)`, whatever is kept.
const LENGTH: usize = 1 + 16 + 8 + 1 + 8 + 8 + 1 + TYPED;
const VERSION: u8 = 1;

/// What the cookie holds. Times are seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    pub id: [u8; 16],
    pub issued: DateTime<Utc>,
    /// With the time since when it is kept.
    pub kept: Option<(DateTime<Utc>, Kept)>,
}

impl State {
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(VERSION);
        bytes.extend(self.id);
        bytes.extend(self.issued.timestamp().to_be_bytes());
        let draft;
        let (kind, since, until, typed) = match &self.kept {
            None => (0, 0, 0, ""),
            Some((since, Kept::Typed(typed))) => (1, since.timestamp(), 0, shortened(typed.expose())),
            Some((since, Kept::SlowDown { until })) => (2, since.timestamp(), until.timestamp(), ""),
            Some((since, Kept::Cleared)) => (3, since.timestamp(), 0, ""),
            Some((since, kept @ (Kept::Draft(id) | Kept::Request(id) | Kept::AddressReport(id)))) => {
                let kind = match kept {
                    Kept::Draft(_) => 4,
                    Kept::Request(_) => 5,
                    _ => 6,
                };
                draft = id.to_string();
                (kind, since.timestamp(), 0, draft.as_str())
            }
        };
        bytes.push(kind);
        bytes.extend(since.to_be_bytes());
        bytes.extend(until.to_be_bytes());
        bytes.push(u8::try_from(typed.len()).unwrap_or(0));
        bytes.extend(typed.bytes());
        bytes.resize(LENGTH, 0);
        bytes
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&[VERSION]).filter(|_| bytes.len() == LENGTH)?;
        let (id, rest) = rest.split_first_chunk()?;
        let (issued, rest) = time(rest)?;
        let (kind, rest) = rest.split_first()?;
        let (since, rest) = time(rest)?;
        let (until, rest) = time(rest)?;
        let (length, rest) = rest.split_first()?;
        let typed = std::str::from_utf8(rest.get(..usize::from(*length))?).ok()?;
        let kept = match kind {
            0 => None,
            1 => Some((since, Kept::Typed(Sensitive::new(typed.to_owned())))),
            2 => Some((since, Kept::SlowDown { until })),
            3 => Some((since, Kept::Cleared)),
            4 => Some((since, Kept::Draft(typed.parse().ok()?))),
            5 => Some((since, Kept::Request(typed.parse().ok()?))),
            6 => Some((since, Kept::AddressReport(typed.parse().ok()?))),
            _ => return None,
        };
        Some(Self { id: *id, issued, kept })
    }
}

fn time(bytes: &[u8]) -> Option<(DateTime<Utc>, &[u8])> {
    let (seconds, rest) = bytes.split_first_chunk()?;
    Some((DateTime::from_timestamp(i64::from_be_bytes(*seconds), 0)?, rest))
}

/// The beginning of what a person typed, as far as a session keeps it. A question must be asked of this, not of the whole:
/// what is shown again would else be another question, which no limit has counted.
pub fn shortened(typed: &str) -> &str {
    &typed[..typed.floor_char_boundary(TYPED)]
}

/// The cookie's name and flags. `__Host-` makes browsers refuse one that another host has set; it needs TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CookieName {
    bound: &'static str,
    plain: &'static str,
    secure: bool,
}

impl CookieName {
    /// The portal's session.
    pub const fn portal(secure: bool) -> Self {
        Self { bound: "__Host-portico", plain: "portico", secure }
    }

    /// An officer's session.
    pub const fn officer(secure: bool) -> Self {
        Self { bound: "__Host-portico-officer", plain: "portico-officer", secure }
    }

    /// Between the steps of signing in.
    pub const fn way_in(secure: bool) -> Self {
        Self { bound: "__Host-portico-way-in", plain: "portico-way-in", secure }
    }

    /// What an officer's last act came to.
    pub const fn outcome(secure: bool) -> Self {
        Self { bound: "__Host-portico-outcome", plain: "portico-outcome", secure }
    }

    const fn name(self) -> &'static str {
        if self.secure { self.bound } else { self.plain }
    }

    /// The values of the cookies of this name in a `Cookie` header.
    pub fn values(self, header: &str) -> impl Iterator<Item = &str> {
        let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(move |(name, _)| *name == self.name()).map(|(_, value)| value)
    }

    /// Without an age: the browser drops it when it closes.
    pub fn set(self, value: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={value}; HttpOnly; SameSite=Lax; Path=/{secure}", self.name())
    }

    /// Has the browser drop it.
    pub fn clear(self) -> String {
        format!("{}; Max-Age=0", self.set(""))
    }
}
