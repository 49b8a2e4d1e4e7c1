//! What an act came to, said once on the next page: a sealed cookie that the page clears. So nothing of it stands in an address.

use axum::http::HeaderValue;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::context::AtWork;
use super::form::Notice;
use super::way_in::header;
use crate::reply::Reply;
use crate::session::CookieName;

const SEAL: &str = "console outcome";
/// A page that never came does not say it much later.
const KEPT: TimeDelta = TimeDelta::minutes(2);

/// How something ended, in words for the officer who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub kind: OutcomeKind,
    pub words: String,
    /// Something to copy that is shown this once.
    pub once: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutcomeKind {
    Done,
    NotDone,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    session: Uuid,
    since: DateTime<Utc>,
    outcome: Outcome,
}

impl Outcome {
    pub fn done(words: impl Into<String>) -> Self {
        Self { kind: OutcomeKind::Done, words: words.into(), once: None }
    }

    pub fn not_done(words: impl Into<String>) -> Self {
        Self { kind: OutcomeKind::NotDone, words: words.into(), once: None }
    }

    /// Has the session's next page say it.
    pub fn say(self, reply: &Reply, at_work: &AtWork) {
        reply.cookie(self.cookie(at_work));
    }

    /// What has the session's next page say it, for an answer that is no server function's.
    pub fn cookie(self, at_work: &AtWork) -> HeaderValue {
        let kept = Kept { session: at_work.live.id, since: at_work.console.domain.now(), outcome: self };
        let text = serde_json::to_vec(&kept).unwrap_or_default();
        let sealed = BASE64.encode(at_work.console.domain.sealer().seal(SEAL, &text));
        header(&CookieName::outcome(at_work.console.secure_cookies).set(&sealed))
    }

    /// What is to be said on this page; afterwards it is gone.
    fn take(at_work: &AtWork) -> Option<Self> {
        let name = CookieName::outcome(at_work.console.secure_cookies);
        let cookies = with_context(|parts: &Parts| parts.headers.get(COOKIE)?.to_str().ok().map(str::to_owned))??;
        let sealed = name.values(&cookies).next().filter(|value| !value.is_empty())?;
        use_context::<ResponseOptions>()?.append_header(SET_COOKIE, header(&name.clear()));
        let text = at_work.console.domain.sealer().open(SEAL, &BASE64.decode(sealed).ok()?)?;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        let is_fresh = at_work.console.domain.now().signed_duration_since(kept.since) < KEPT;
        (kept.session == at_work.live.id && is_fresh).then_some(kept.outcome)
    }
}

/// The outcome of the last act, above the page that it led to.
#[component]
pub fn LastOutcome() -> impl IntoView {
    let Outcome { kind, words, once } = Outcome::take(&AtWork::current()?)?;
    let kind = match kind {
        OutcomeKind::Done => "success",
        OutcomeKind::NotDone => "error",
    };
    let once = once.map(|once| view! { " "<strong class="console-code" id="once">{once}</strong> });
    Some(view! { <Notice kind>{words}{once}</Notice> })
}
