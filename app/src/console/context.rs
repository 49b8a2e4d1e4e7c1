//! What the program hands to the console's pages and server functions.

use std::sync::Arc;

use axum::http::request::Parts;
use domain::ClientIp;
use domain::actor::Officer;
use leptos::nonce::Nonce;
use leptos::prelude::*;

use super::site;
use crate::context::{Bundle, CspNonce};
use crate::csrf::Token;
use crate::portal::site::SiteInfo;

/// What every page of the console needs and no request changes.
pub struct ConsoleContext {
    pub domain: domain::Context,
    pub bundle: Bundle,
    pub site: Arc<SiteInfo>,
    /// What officers agree to before they sign in, paragraph by paragraph.
    pub use_notice: Vec<String>,
    /// Whether cookies are `Secure`: false on plain loopback only.
    pub secure_cookies: bool,
}

/// A request of somebody who signed in.
#[derive(Clone)]
pub struct AtWork {
    pub console: Arc<ConsoleContext>,
    pub officer: Officer,
    pub client: ClientIp,
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

    /// `None` where no request is: when the list of routes is made.
    pub(crate) fn current() -> Option<Arc<Self>> {
        use_context()
    }
}

impl AtWork {
    /// `None` where nobody signed in, or no request is.
    pub fn current() -> Option<Self> {
        let console = ConsoleContext::current()?;
        let (officer, client) = with_context(|parts: &Parts| {
            Some((parts.extensions.get::<Officer>()?.clone(), *parts.extensions.get::<ClientIp>()?))
        })??;
        Some(Self { console, officer, client })
    }
}

impl std::fmt::Debug for ConsoleContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConsoleContext")
    }
}

impl std::fmt::Debug for AtWork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AtWork").field("officer", &self.officer.id()).finish_non_exhaustive()
    }
}

/// Who signed in, with what they may do at this moment.
pub fn officer() -> Option<Officer> {
    AtWork::current().map(|at_work| at_work.officer)
}

/// The path of the request; [`site::HOME`] where no request is.
pub fn path() -> String {
    use_context::<Parts>().map_or_else(|| site::HOME.to_owned(), |parts| parts.uri.path().to_owned())
}
