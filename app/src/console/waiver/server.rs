//! Server functions about waivers. Plain forms call them; a proposal comes with a file, and goes elsewhere.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::site::WAIVERS,
    domain::{Error, waiver},
    shared::protection::WaiverId,
};

/// Agrees to what somebody else proposed.
#[server(AgreeToWaiver, prefix = "/_fn", endpoint = "console/waiver/agree")]
pub async fn agree(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Some(id) = named(&id) else { return failed(reply, &Error::Refused) };
    let outcome = match waiver::agree(&at_work.console.domain, at_work.officer(), id).await {
        Ok(true) => Outcome::done("Agreed. It holds from its first day on."),
        Ok(false) => Outcome::not_done("Nothing was done: it does not wait any more, or you proposed it yourself."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(WAIVERS);
    Ok(())
}

/// Ends a waiver, or takes a proposal back.
#[server(EndWaiver, prefix = "/_fn", endpoint = "console/waiver/end")]
pub async fn end(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Some(id) = named(&id) else { return failed(reply, &Error::Refused) };
    let outcome = match waiver::end(&at_work.console.domain, at_work.officer(), id).await {
        Ok(true) => Outcome::done("Ended. It lifts nothing any more."),
        Ok(false) => Outcome::not_done("Nothing was done: it has ended."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(WAIVERS);
    Ok(())
}

/// A waiver as a form names it.
#[cfg(feature = "ssr")]
fn named(id: &str) -> Option<WaiverId> {
    id.parse().ok().map(WaiverId::new)
}
