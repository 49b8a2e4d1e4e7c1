//! What the program hands to the pages and server functions of a request.

use std::sync::Arc;

use axum::http::Extensions;
use axum::http::request::Parts;
use domain::ClientIp;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use serde::Deserialize;

use crate::portal::api::ApiDocument;
use crate::portal::site::SiteInfo;
use crate::session::PortalSession;

/// The addresses of the portal's files, as the bundler's manifest names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Bundle {
    /// `/pkg/portal-boot.HASH.js`
    pub boot: String,
    /// `/pkg/portal.HASH.css`
    pub css: String,
}

/// What every portal page needs and no request changes.
pub struct PortalContext {
    pub domain: domain::Context,
    pub bundle: Bundle,
    pub site: Arc<SiteInfo>,
    /// What programs may ask this server for; `None` if it does not offer that.
    pub api: Option<ApiDocument>,
    /// `https://portal.example`, without a slash at its end: the only source of absolute links.
    pub public_url: String,
    /// Whether cookies are `Secure`: false on plain loopback only.
    pub secure_cookies: bool,
}

/// The nonce that the request's content security policy names; a request extension.
#[derive(Debug, Clone)]
pub struct CspNonce(pub String);

/// The request at hand, as its pages and server functions see it.
#[derive(Clone)]
pub struct Request {
    pub portal: Arc<PortalContext>,
    pub session: PortalSession,
    pub client: ClientIp,
}

impl PortalContext {
    /// Gives this, and the request's nonce, to the pages and server functions of one request.
    pub fn provide(self: &Arc<Self>) {
        provide_context(Arc::clone(self));
        let nonce = with_context(|parts: &Parts| parts.extensions.get::<CspNonce>().cloned()).flatten();
        if let Some(CspNonce(nonce)) = nonce {
            provide_context(Nonce::from_value(nonce));
        }
    }

    /// `None` where no request is: when the list of routes is made.
    pub(crate) fn current() -> Option<Arc<Self>> {
        use_context()
    }
}

impl std::fmt::Debug for PortalContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortalContext").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

impl Request {
    /// `None` where no request is.
    pub fn current() -> Option<Self> {
        let portal = PortalContext::current()?;
        with_context(|Parts { extensions, .. }: &Parts| Self::of(&portal, extensions))?
    }

    /// A request by its extensions; `None` for one that did not come through the layers.
    pub(crate) fn of(portal: &Arc<PortalContext>, extensions: &Extensions) -> Option<Self> {
        let (session, client) = (extensions.get::<PortalSession>()?.clone(), *extensions.get::<ClientIp>()?);
        Some(Self { portal: Arc::clone(portal), session, client })
    }

    pub fn kept(&self) -> Option<crate::session::Kept> {
        self.session.kept(self.portal.domain.now())
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Request")
    }
}
