//! The portal's session: a sealed cookie without a row.
//!
//! It holds a random id, from which the CSRF token is derived, and for a short while what the person asked, so that a page
//! can show the answer after the redirect, on reload and in the other language. The cookie is always equally long.

mod cookie;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use domain::change_of_address;
use domain::e_request::DraftKey;
use shared::sensitive::Sensitive;
use store::crypto::Sealer;
use uuid::Uuid;

pub(crate) use cookie::CookieName;
use cookie::State;
pub use cookie::shortened;

const LIFETIME: TimeDelta = TimeDelta::hours(4);
/// How long a page is shown again as it was.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(15);
/// How long a page says that an answer was cleared.
const CLEARED_FOR: TimeDelta = TimeDelta::minutes(1);

const SEAL: &str = "portal session";
const CSRF: &str = "portal csrf";

/// The session of one request to the portal.
#[derive(Debug, Clone)]
pub struct PortalSession {
    state: State,
    name: CookieName,
    is_new: bool,
}

/// What a session keeps for the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// What the person typed, not longer than [`shortened`] leaves it.
    Typed(Sensitive<String>),
    /// There were too many look-ups; the next one can be made at this time.
    SlowDown { until: DateTime<Utc> },
    /// The person had the answer cleared: the next page says that it was.
    Cleared,
    /// A form that has to be mended, by the name of its draft.
    Draft(Uuid),
    /// A request whose number was proven.
    Request(Uuid),
    /// A report of an address that this person sent, or may see.
    AddressReport(Uuid),
}

impl PortalSession {
    /// The session of a `Cookie` header; a new one where none is, or one that is forged or too old.
    pub fn open(ctx: &domain::Context, secure: bool, cookie_header: Option<&str>) -> Self {
        Self::restored(ctx.sealer(), ctx.now(), secure, cookie_header)
            .unwrap_or_else(|| Self::fresh(ctx.random_bytes(), ctx.now(), secure))
    }

    fn restored(sealer: &Sealer, now: DateTime<Utc>, secure: bool, cookie_header: Option<&str>) -> Option<Self> {
        let name = CookieName::portal(secure);
        let state = name.values(cookie_header?).find_map(|value| unseal(sealer, value))?;
        let age = now.signed_duration_since(state.issued);
        (age < LIFETIME).then_some(Self { state, name, is_new: false })
    }

    const fn fresh(id: [u8; 16], now: DateTime<Utc>, secure: bool) -> Self {
        Self { state: State { id, issued: now, kept: None }, name: CookieName::portal(secure), is_new: true }
    }

    /// Whether the browser does not have this session yet: its cookie is to be set with the answer.
    pub const fn is_new(&self) -> bool {
        self.is_new
    }

    /// The token for forms and scripts of this session.
    pub fn csrf_token(&self, ctx: &domain::Context) -> String {
        self.token(ctx.sealer())
    }

    /// Whether a form or a script presented this session's token.
    pub fn csrf_matches(&self, ctx: &domain::Context, presented: &str) -> bool {
        store::crypto::same(self.token(ctx.sealer()).as_bytes(), presented.as_bytes())
    }

    /// The name of the request that is written in this session.
    pub fn request_draft(&self, ctx: &domain::Context) -> DraftKey {
        DraftKey::of_session(ctx, &self.state.id)
    }

    /// The name of the report of an address that is written in this session.
    pub fn address_draft(&self, ctx: &domain::Context) -> change_of_address::DraftKey {
        change_of_address::DraftKey::of_session(ctx, &self.state.id)
    }

    /// The same session, as if it had begun now: a form that is being filled in is not lost when its session grows old.
    #[must_use]
    pub fn renewed(&self, now: DateTime<Utc>) -> Self {
        Self { state: State { issued: now, ..self.state.clone() }, ..self.clone() }
    }

    fn token(&self, sealer: &Sealer) -> String {
        BASE64.encode(sealer.mac(CSRF, &self.state.id))
    }

    /// What was kept and is still fresh.
    pub fn kept(&self, now: DateTime<Utc>) -> Option<Kept> {
        let (since, kept) = self.state.kept.as_ref()?;
        let over = matches!(kept, Kept::SlowDown { until } if now >= *until);
        let kept_for = if *kept == Kept::Cleared { CLEARED_FOR } else { KEPT_FOR };
        (!over && now.signed_duration_since(since) < kept_for).then(|| kept.clone())
    }

    /// A `Set-Cookie` value of this session that keeps this and nothing else.
    pub fn cookie(&self, ctx: &domain::Context, kept: Option<Kept>) -> HeaderValue {
        self.set_cookie(ctx.sealer(), ctx.now(), kept)
    }

    fn set_cookie(&self, sealer: &Sealer, now: DateTime<Utc>, kept: Option<Kept>) -> HeaderValue {
        let state = State { kept: kept.map(|kept| (now, kept)), ..self.state.clone() };
        let sealed = BASE64.encode(sealer.seal(SEAL, &state.encode()));
        // Only letters, digits, `-` and `_` were added to constants: it is always a legal header value.
        HeaderValue::try_from(self.name.set(&sealed)).unwrap_or(HeaderValue::from_static(""))
    }
}

fn unseal(sealer: &Sealer, value: &str) -> Option<State> {
    State::decode(&sealer.open(SEAL, &BASE64.decode(value).ok()?)?)
}

#[cfg(test)]
mod tests;
