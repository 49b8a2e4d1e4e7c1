//! What became of it, and what to do next.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::locale::Locale;

use super::{FOLLOW, OUTCOME};
use crate::portal::case_status::try_again_in;
use crate::portal::{Layout, use_locale, use_site};
use crate::text::text;

/// What names the seconds to wait in the address.
const WAIT: &str = "wait";
const A_DAY: u32 = 24 * 60 * 60;

/// What a form or a link led to. It stands in the address: it says nothing of whom or which case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    SlowDown,
    Following,
    TooManyCases,
    LinkIsOver,
    Stopped,
    /// What was followed is no link of ours.
    Broken,
}

impl Outcome {
    const ALL: [Self; 7] =
        [Self::Sent, Self::SlowDown, Self::Following, Self::TooManyCases, Self::LinkIsOver, Self::Stopped, Self::Broken];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::SlowDown => "slow",
            Self::Following => "following",
            Self::TooManyCases => "full",
            Self::LinkIsOver => "over",
            Self::Stopped => "stopped",
            Self::Broken => "broken",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::Sent => text!(locale, follow.sent_title),
            Self::SlowDown => text!(locale, follow.slow_title),
            Self::Following => text!(locale, follow.following_title),
            Self::TooManyCases => text!(locale, follow.full_title),
            Self::LinkIsOver => text!(locale, follow.over_title),
            Self::Stopped => text!(locale, follow.stopped_title),
            Self::Broken => text!(locale, follow.broken_title),
        }
    }

    fn texts(self, locale: Locale) -> Vec<&'static str> {
        match self {
            Self::Sent => {
                vec![text!(locale, follow.sent_text), text!(locale, follow.sent_next), text!(locale, follow.sent_none)]
            }
            // How long to wait is added to it.
            Self::SlowDown => vec![text!(locale, follow.slow_text)],
            Self::Following => vec![text!(locale, follow.following_text)],
            Self::TooManyCases => vec![text!(locale, follow.full_text)],
            Self::LinkIsOver => vec![text!(locale, follow.over_text)],
            Self::Stopped => vec![text!(locale, follow.stopped_text)],
            Self::Broken => vec![text!(locale, follow.broken_text)],
        }
    }

    /// Whether the form may help.
    const fn leads_back(self) -> bool {
        matches!(self, Self::Sent | Self::LinkIsOver)
    }
}

#[component]
pub fn OutcomePage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let named = use_query_map().get_untracked().get("outcome").and_then(|key| Outcome::from_key(&key));
    let outcome = named.unwrap_or(Outcome::Broken);
    let seconds = (outcome == Outcome::SlowDown).then(seconds_to_wait);
    if let Some(seconds) = seconds {
        let response = use_context::<ResponseOptions>().unwrap_or_default();
        response.set_status(StatusCode::TOO_MANY_REQUESTS);
        response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let query = seconds.map_or_else(|| in_address(outcome), slow_down_in_address);
    let title = outcome.title(locale);
    let texts = outcome.texts(locale).into_iter().map(|text| view! { <p>{text}</p> }).collect_view();
    let again = outcome.leads_back().then(|| view! { <p><a href=locale.path(FOLLOW)>{text!(locale, follow.again)}</a></p> });
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=OUTCOME query=query>
            <h1>{title}</h1>
            {texts}
            {seconds.map(|seconds| view! { <p>{try_again_in(seconds, locale)}</p> })}
            {again}
            <p><a href=locale.path("/case-status")>{text!(locale, follow.check_link)}</a></p>
        </Layout>
    }
}

/// The query of an outcome's address.
pub fn in_address(outcome: Outcome) -> String {
    format!("?outcome={}", outcome.key())
}

/// The same for [`Outcome::SlowDown`]. The session has no part in it: what it keeps of that kind is about look-ups.
pub fn slow_down_in_address(seconds: u32) -> String {
    format!("{}&{WAIT}={seconds}", in_address(Outcome::SlowDown))
}

fn seconds_to_wait() -> u32 {
    let named = use_query_map().get_untracked().get(WAIT).and_then(|seconds| seconds.parse().ok());
    named.unwrap_or(60).clamp(1, A_DAY)
}
