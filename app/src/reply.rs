//! How a server function answers: a plain form is sent on to a page, a script gets the data.

use axum::http::header::{ACCEPT, CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shared::locale::Locale;

use crate::context::Request;
use crate::session::Kept;

pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

pub struct Reply {
    response: ResponseOptions,
    plain_form: bool,
    locale: Locale,
}

impl Reply {
    pub fn begin(locale: Locale) -> Self {
        let response = use_context::<ResponseOptions>().unwrap_or_default();
        response.insert_header(CACHE_CONTROL, NO_STORE);
        let wants_page = |parts: &Parts| Some(parts.headers.get(ACCEPT)?.to_str().ok()?.contains("text/html"));
        let plain_form = with_context(wants_page).flatten().unwrap_or(false);
        Self { response, plain_form, locale }
    }

    /// Keeps something in the session for the next page.
    pub fn keep(&self, request: &Request, kept: Kept) {
        self.response.append_header(SET_COOKIE, request.session.cookie(&request.portal.domain, Some(kept)));
    }

    /// Has the session, and with it a form that is being filled in, last as long as if it had just begun.
    pub fn renew(&self, request: &Request) {
        let ctx = &request.portal.domain;
        self.response.append_header(SET_COOKIE, request.session.renewed(ctx.now()).cookie(ctx, request.kept()));
    }

    /// Has the session keep nothing any more.
    pub fn forget(&self, request: &Request) {
        self.response.append_header(SET_COOKIE, request.session.cookie(&request.portal.domain, None));
    }

    /// Sets a cookie, or has it dropped.
    pub fn cookie(&self, cookie: HeaderValue) {
        self.response.append_header(SET_COOKIE, cookie);
    }

    /// Adds a header.
    pub fn header(&self, name: HeaderName, value: HeaderValue) {
        self.response.insert_header(name, value);
    }

    /// Sends a plain form on to a page, in the form's language. Nothing that was typed may stand in `page`.
    pub fn go_on_to(self, page: &str) {
        if self.plain_form
            && let Ok(page) = HeaderValue::try_from(self.locale.path(page))
        {
            self.response.set_status(StatusCode::SEE_OTHER);
            self.response.insert_header(LOCATION, page);
        }
    }

    /// The error's text ends up in a redirect, so it is a code and says nothing of the question.
    pub fn failed(self, status: StatusCode) -> ServerFnError {
        self.response.set_status(status);
        ServerFnError::new("unavailable")
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reply")
    }
}
