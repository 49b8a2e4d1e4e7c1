//! The call in which a request was taken: what the caller was read, a year later as well.

use domain::Error;
use domain::call_script::{StoredCall, StoredVersion, call_of_request};
use leptos::prelude::*;
use shared::call_script::Taken;
use shared::locale::Locale;
use uuid::Uuid;

use super::words;
use crate::console::context::AtWork;
use crate::console::when::When;

/// For a request's page. None if it was taken in no call, or at an office whose calls are not this officer's.
pub async fn taken_in(at_work: &AtWork, request: Uuid) -> Result<Option<AnyView>, Error> {
    match call_of_request(&at_work.console.domain, at_work.officer(), request).await {
        Ok(found) => Ok(found.map(|(call, version)| view(&call, version.as_ref()))),
        Err(Error::Refused) => Ok(None),
        Err(error) => Err(error),
    }
}

fn view(call: &StoredCall, version: Option<&StoredVersion>) -> AnyView {
    let script = version.map_or_else(
        || "No script was read.".to_owned(),
        |version| format!("Script: {}, version {}.", version.script.title.en, version.number),
    );
    let language = if call.locale == Locale::Es { "Spanish" } else { "English" };
    let step = |taken: &Taken| {
        let node = version.and_then(|version| version.script.node(&taken.node));
        let name = node.map_or_else(|| taken.node.as_str().to_owned(), |node| node.name.clone());
        let made = node.and_then(|node| words::made(&node.step, taken.made));
        view! { <li>{name}{made.map(|made| format!(": {made}"))}</li> }
    };
    view! {
        <section aria-labelledby="call">
            <h2 id="call">"The call"</h2>
            <p>"In "{language}", on the line since "<When at=call.began_at/>". "{script}" "{words::verified(call.verified)}</p>
            <ol>{call.walk.taken().iter().map(step).collect_view()}</ol>
        </section>
    }
    .into_any()
}
