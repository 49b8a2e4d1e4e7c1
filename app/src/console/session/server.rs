//! Server functions about sessions. The browser's client calls the first three; forms the others.
#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async, whether or not it waits"))]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::csrf::Csrf;

#[cfg(feature = "ssr")]
use {
    crate::console::context::AtWork,
    crate::console::reply::{at_work, came_from, failed},
    crate::console::sign_in::leave,
    crate::console::site::{AGAIN, SESSIONS, leading_on},
    domain::identity::{lock, revoke_my_others, revoke_my_session},
};

/// Who is signed in, as a page needs to know that was there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// The id of the account.
    pub officer: String,
    /// The token of the session's forms.
    pub token: String,
    /// Seconds until it ends if nobody is there.
    pub left: u32,
}

/// Somebody is at the page, whatever they do there: typing, reading. That it was called is all; the layer counts it.
#[server(Stay, prefix = "/_fn", endpoint = "console/session/stay", client = Csrf)]
pub async fn stay() -> Result<Here, ServerFnError> {
    let (reply, at_work) = at_work()?;
    reply.go_on_to(SESSIONS);
    Ok(here(&at_work))
}

/// Whether somebody signed in again. A page asks that by itself (`site::BY_ITSELF`) and has no token of the new session yet: it
/// is given to pages of this origin only.
#[server(WhoIsHere, prefix = "/_fn", endpoint = "console/session/who", client = Csrf)]
pub async fn who_is_here() -> Result<Here, ServerFnError> {
    let (reply, at_work) = at_work()?;
    reply.go_on_to(SESSIONS);
    Ok(here(&at_work))
}

#[cfg(feature = "ssr")]
fn here(at_work: &AtWork) -> Here {
    Here { officer: at_work.live.account.id.to_string(), token: crate::csrf::token(), left: at_work.seconds_left() }
}

/// Locks the session, on all its pages.
#[server(LockSession, prefix = "/_fn", endpoint = "console/session/lock", client = Csrf)]
pub async fn lock_session() -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    if let Err(error) = lock(&at_work.console.domain, &at_work.live).await {
        return failed(reply, &error);
    }
    reply.go_on_to(&leading_on(AGAIN, came_from().as_deref()));
    Ok(())
}

/// Ends the session.
#[server(SignOut, prefix = "/_fn", endpoint = "console/session/sign_out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    leave(reply, &at_work.console).await
}

/// Ends one of the officer's other sessions.
#[server(RevokeSession, prefix = "/_fn", endpoint = "console/session/revoke")]
pub async fn revoke_session(#[server(default)] session: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    if let Ok(session) = session.parse()
        && let Err(error) = revoke_my_session(&at_work.console.domain, &at_work.live, session).await
    {
        return failed(reply, &error);
    }
    reply.go_on_to(&format!("{SESSIONS}?ended"));
    Ok(())
}

/// Ends all sessions of the officer but this one.
#[server(RevokeOthers, prefix = "/_fn", endpoint = "console/session/revoke_others")]
pub async fn revoke_others() -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    if let Err(error) = revoke_my_others(&at_work.console.domain, &at_work.live).await {
        return failed(reply, &error);
    }
    reply.go_on_to(&format!("{SESSIONS}?ended"));
    Ok(())
}
