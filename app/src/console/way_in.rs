//! The way into the console, between its steps: a sealed cookie without a row.
//!
//! It holds what its reader may know anyway, so sealing is against forgery: that the use notice was agreed to, the name that was
//! typed, and what the next page has to say. What a step proved is kept by `domain::identity` under a token.

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shared::identity::PasswordProblem;

use super::ConsoleContext;
use crate::session::CookieName;

const LIFETIME: TimeDelta = TimeDelta::minutes(30);
const SEAL: &str = "console way in";
const CSRF: &str = "console way in csrf";
/// Most bytes of what was typed that are kept: more is no name.
const LONGEST_NAME: usize = 64;

/// Somebody on the way in.
#[derive(Clone, Serialize, Deserialize)]
pub struct WayIn {
    id: [u8; 16],
    since: DateTime<Utc>,
    /// Whether the use notice was agreed to.
    pub agreed: bool,
    pub at: Step,
    /// What was typed for a name.
    pub name: String,
    /// What the next page says, once.
    pub said: Option<Said>,
    #[serde(skip)]
    is_new: bool,
}

/// Where on the way.
#[derive(Clone, Default, Serialize, Deserialize)]
pub enum Step {
    #[default]
    Password,
    /// The password was right; the token of what waits for the second factor.
    SecondFactor(String),
    /// A code for enrolment was given; the code.
    Enrolment(String),
}

/// What a page of the way in says above its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    WrongPassword,
    WrongCode,
    WrongPasskey,
    /// Too many failures; the name is locked.
    Locked,
    /// It took too long between two steps.
    Expired,
    /// The code for enrolment is not one, or was used.
    NoInvitation,
    Enrolled,
    SignedOut,
    /// The agency's identity provider cannot be used now.
    ProviderAway,
    /// It was begun elsewhere, took too long, or was given up.
    ProviderAgain,
    /// What came back from the provider is not to be trusted.
    ProviderWrong,
    /// The way of signing in there is not good enough, or was too long ago.
    ProviderWeak,
    /// Nobody with a role here.
    NoRole,
    /// Roles that wait for a second person.
    RoleWaits,
    /// Roles that nobody may have together.
    RolesApart,
    Disabled,
    /// The second factor took too long to set up.
    SetUpAgain,
    /// The two passwords are not the same.
    PasswordsDiffer,
    TooShort,
    TooLong,
    Common,
    Name,
}

impl Said {
    pub const fn of_password(problem: PasswordProblem) -> Self {
        match problem {
            PasswordProblem::TooShort => Self::TooShort,
            PasswordProblem::TooLong => Self::TooLong,
            PasswordProblem::Common => Self::Common,
            PasswordProblem::Name => Self::Name,
        }
    }

    /// What kind of notice it is, and its words.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::WrongPassword => {
                ("error", "That name and password do not belong together. Check both, and type the password again.")
            }
            Self::WrongCode => ("error", "That code is not right, or was used already. Type the one that the app shows now."),
            Self::WrongPasskey => ("error", "That passkey does not belong to this account. Try another one, or a code."),
            Self::Locked => (
                "error",
                "After too many failures this name is locked for some hours. An administrator can unlock it. If it was not you who \
                 tried, tell your administrator.",
            ),
            Self::Expired => ("error", "That took too long. Type your password again."),
            Self::NoInvitation => {
                ("error", "That code is wrong, too old, or was used already. Ask an administrator for a new one.")
            }
            Self::Enrolled => ("success", "Your account is ready. Sign in."),
            Self::SignedOut => ("success", "You are signed out."),
            Self::ProviderAway => ("error", "The agency sign-in does not work at the moment. Try again in a few minutes."),
            Self::ProviderAgain => ("error", "You were not signed in: it took too long, or was not finished. Begin again."),
            Self::ProviderWrong => {
                ("error", "The agency sign-in gave an answer that cannot be used. Tell your administrator if it happens again.")
            }
            Self::ProviderWeak => (
                "error",
                "You signed in at the agency in a way that is not enough here. Begin again and use your card or your key.",
            ),
            Self::NoRole => ("error", "Your agency account has no role here. Ask your supervisor for one."),
            Self::RoleWaits => ("info", "Your role here waits until an administrator agrees to it. Ask one, then sign in again."),
            Self::RolesApart => (
                "error",
                "An administrator has no other role here, and your agency account has several. Ask your supervisor which one you need.",
            ),
            Self::Disabled => ("error", "Your account here is closed. Ask an administrator."),
            Self::SetUpAgain => ("error", "That took too long. Set the app up with the new key."),
            Self::PasswordsDiffer => ("error", "The two passwords are not the same. Type both again."),
            Self::TooShort => {
                ("error", "Use at least 15 characters. Several words that do not belong together are easy to remember.")
            }
            Self::TooLong => ("error", "Use at most 256 characters."),
            Self::Common => ("error", "Many people use this password, so it is tried first. Choose another one."),
            Self::Name => ("error", "Do not use your name or your sign-in name in the password."),
        }
    }
}

impl WayIn {
    /// The way in of a `Cookie` header; a new one where none is, or one that is forged or too old.
    pub fn open(console: &ConsoleContext, cookie_header: Option<&str>) -> Self {
        let now = console.domain.now();
        let name = CookieName::way_in(console.secure_cookies);
        let kept = cookie_header.and_then(|header| name.values(header).find_map(|value| unsealed(console, value)));
        kept.filter(|kept| now.signed_duration_since(kept.since) < LIFETIME).unwrap_or_else(|| Self::new(console))
    }

    /// At its beginning.
    pub fn new(console: &ConsoleContext) -> Self {
        Self {
            id: console.domain.random_bytes(),
            since: console.domain.now(),
            agreed: false,
            at: Step::default(),
            name: String::new(),
            said: None,
            is_new: true,
        }
    }

    /// Whether the browser does not have it yet.
    pub const fn is_new(&self) -> bool {
        self.is_new
    }

    /// The use notice was agreed to.
    #[must_use]
    pub fn agreeing(self) -> Self {
        Self { agreed: true, ..self }
    }

    #[must_use]
    pub fn at(self, at: Step) -> Self {
        Self { at, ..self }
    }

    #[must_use]
    pub fn typed(self, name: &str) -> Self {
        Self { name: name[..name.floor_char_boundary(LONGEST_NAME)].to_owned(), ..self }
    }

    #[must_use]
    pub fn saying(self, said: impl Into<Option<Said>>) -> Self {
        Self { said: said.into(), ..self }
    }

    /// A `Set-Cookie` value. The way begins to grow old again with each step.
    pub fn cookie(&self, console: &ConsoleContext) -> HeaderValue {
        let kept = Self { since: console.domain.now(), ..self.clone() };
        let text = serde_json::to_vec(&kept).unwrap_or_default();
        let sealed = BASE64.encode(console.domain.sealer().seal(SEAL, &text));
        header(&CookieName::way_in(console.secure_cookies).set(&sealed))
    }

    /// The token of its forms.
    pub fn token(&self, console: &ConsoleContext) -> String {
        BASE64.encode(console.domain.sealer().mac(CSRF, &self.id))
    }
}

fn unsealed(console: &ConsoleContext, value: &str) -> Option<WayIn> {
    let text = console.domain.sealer().open(SEAL, &BASE64.decode(value).ok()?)?;
    serde_json::from_slice(&text).ok()
}

/// Only letters, digits, `-` and `_` were added to constants: it is always a legal value.
pub(super) fn header(cookie: &str) -> HeaderValue {
    HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
}

/// Without what was typed, and without tokens.
impl std::fmt::Debug for WayIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WayIn")
    }
}

/// The same.
impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password => "Password",
            Self::SecondFactor(_) => "SecondFactor",
            Self::Enrolment(_) => "Enrolment",
        })
    }
}
