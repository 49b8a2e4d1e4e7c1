//! What the program hands to the console's pages and server functions.

use std::sync::Arc;

use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue};
use domain::ClientIp;
use domain::actor::Officer;
use domain::identity::{Live, NewSession};
use leptos::nonce::Nonce;
use leptos::prelude::*;
use shared::identity::Client;
use shared::sensitive::Sensitive;

use super::site;
use super::way_in::{WayIn, header};
use crate::context::{Bundle, CspNonce};
use crate::csrf::Token;
use crate::portal::site::SiteInfo;
use crate::session::CookieName;

/// What every page of the console needs and no request changes.
pub struct ConsoleContext {
    pub domain: domain::Context,
    pub bundle: Bundle,
    pub site: Arc<SiteInfo>,
    /// What officers agree to before they sign in, paragraph by paragraph.
    pub use_notice: Vec<String>,
    /// Whether officers can sign in at the agency's identity provider.
    pub has_provider: bool,
    /// Whether cookies are `Secure`: false on plain loopback only.
    pub secure_cookies: bool,
}

/// The token of an officer's session, as the cookie has it; a request extension.
#[derive(Debug, Clone)]
pub struct SessionToken(pub Sensitive<String>);

/// The session's token in a `Cookie` header.
pub fn session_token(console: &ConsoleContext, cookie_header: Option<&str>) -> Option<SessionToken> {
    let token = CookieName::officer(console.secure_cookies).values(cookie_header?).next()?;
    (!token.is_empty()).then(|| SessionToken(Sensitive::new(token.to_owned())))
}

/// A request of somebody who signed in.
#[derive(Clone)]
pub struct AtWork {
    pub console: Arc<ConsoleContext>,
    pub live: Live,
    pub client: ClientIp,
}

/// A request of somebody on the way in, or back in.
#[derive(Clone)]
pub(super) struct AtTheDoor {
    pub console: Arc<ConsoleContext>,
    pub way: WayIn,
    /// Of a session that is locked, or is to show its second factor again.
    pub session: Option<SessionToken>,
    pub browser: Client,
}

impl ConsoleContext {
    /// Gives this, the request's nonce and the token of its forms to the pages and server functions of one request.
    pub fn provide(self: &Arc<Self>) {
        provide_context(Arc::clone(self));
        let Some(parts) = use_context::<Parts>() else { return };
        if let Some(CspNonce(nonce)) = parts.extensions.get().cloned() {
            provide_context(Nonce::from_value(nonce));
        }
        if let Some(token) = parts.extensions.get::<Token>() {
            provide_context(token.clone());
        }
    }

    /// The cookie of a session that has just begun, or got another token.
    pub fn session_cookie(&self, session: &NewSession) -> HeaderValue {
        header(&CookieName::officer(self.secure_cookies).set(session.token.expose()))
    }

    /// Has the browser forget the way in.
    pub fn end_of_way_in(&self) -> HeaderValue {
        header(&CookieName::way_in(self.secure_cookies).clear())
    }

    /// `None` where no request is: when the list of routes is made.
    pub(crate) fn current() -> Option<Arc<Self>> {
        use_context()
    }
}

impl AtWork {
    /// `None` where nobody signed in, or no request is.
    pub fn current() -> Option<Self> {
        let console = ConsoleContext::current()?;
        with_context(|Parts { extensions, .. }: &Parts| Self::of(&console, extensions))?
    }

    /// A request by its extensions; `None` for one that the session's layer did not let in.
    pub fn of(console: &Arc<ConsoleContext>, extensions: &Extensions) -> Option<Self> {
        let (live, client) = (extensions.get::<Live>()?.clone(), *extensions.get::<ClientIp>()?);
        Some(Self { console: Arc::clone(console), live, client })
    }

    /// Until the session ends if nobody is there.
    pub(super) fn seconds_left(&self) -> u32 {
        (self.live.idle_until - self.console.domain.now()).num_seconds().try_into().unwrap_or(0)
    }

    pub const fn officer(&self) -> &Officer {
        &self.live.officer
    }
}

impl AtTheDoor {
    /// The session's token, whether the session is live or not.
    pub fn session() -> Option<SessionToken> {
        with_context(|parts: &Parts| parts.extensions.get::<SessionToken>().cloned())?
    }

    pub fn current() -> Option<Self> {
        let console = ConsoleContext::current()?;
        let parts = use_context::<Parts>()?;
        let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Some(Self {
            console,
            way: parts.extensions.get::<WayIn>()?.clone(),
            session: parts.extensions.get().cloned(),
            browser: Client::of_user_agent(user_agent),
        })
    }
}

impl std::fmt::Debug for ConsoleContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConsoleContext")
    }
}

impl std::fmt::Debug for AtWork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AtWork").field("officer", &self.officer().id()).finish_non_exhaustive()
    }
}

/// Who signed in, with what they may do at this moment.
pub fn officer() -> Option<Officer> {
    AtWork::current().map(|at_work| at_work.live.officer)
}

/// The path of the request; [`site::HOME`] where no request is.
pub(super) fn path() -> String {
    use_context::<Parts>().map_or_else(|| site::HOME.to_owned(), |parts| parts.uri.path().to_owned())
}

/// The address of the request, path and query.
pub(super) fn address() -> String {
    use_context::<Parts>().map_or_else(|| site::HOME.to_owned(), |parts| parts.uri.to_string())
}

/// The value of a name in the request's query; empty for a name without a value.
pub fn query(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(parts.uri.query()?).ok()?;
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
