//! What became of a wish, and what to do next. It stands in the address: it says nothing of whom or which case.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::locale::Locale;

use super::{DONE, RECEIPT, START};
use crate::portal::case_status::try_again_in;
use crate::portal::contact::Telephone;
use crate::portal::{Layout, use_locale, use_site};
use crate::text::text;

const WAIT: &str = "wait";
const A_DAY: u32 = 24 * 60 * 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Forgotten,
    CodeIsOver,
    Refused,
    Reversed,
    LinkIsOver,
    SlowDown,
}

impl Outcome {
    const ALL: [Self; 6] = [Self::Forgotten, Self::CodeIsOver, Self::Refused, Self::Reversed, Self::LinkIsOver, Self::SlowDown];

    const fn key(self) -> &'static str {
        match self {
            Self::Forgotten => "forgotten",
            Self::CodeIsOver => "code",
            Self::Refused => "refused",
            Self::Reversed => "reversed",
            Self::LinkIsOver => "over",
            Self::SlowDown => "slow",
        }
    }

    fn words(self, locale: Locale) -> (&'static str, &'static str) {
        match self {
            Self::Forgotten => (text!(locale, change.forgotten_title), text!(locale, change.forgotten_text)),
            Self::CodeIsOver => (text!(locale, change.code_over_title), text!(locale, change.code_over_text)),
            Self::Refused => (text!(locale, change.refused_done_title), text!(locale, change.refused_done_text)),
            Self::Reversed => (text!(locale, change.reversed_done_title), text!(locale, change.reversed_done_text)),
            Self::LinkIsOver => (text!(locale, change.link_over_title), text!(locale, change.link_over_text)),
            Self::SlowDown => (text!(locale, e_request.slow_title), text!(locale, e_request.slow_text)),
        }
    }
}

#[component]
pub fn ChangeDonePage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let named = use_query_map().get_untracked().get("outcome");
    let named = named.and_then(|key| Outcome::ALL.into_iter().find(|outcome| outcome.key() == key));
    let outcome = named.unwrap_or(Outcome::LinkIsOver);
    let seconds = (outcome == Outcome::SlowDown).then(seconds_to_wait);
    if let Some(seconds) = seconds {
        let response = use_context::<ResponseOptions>().unwrap_or_default();
        response.set_status(StatusCode::TOO_MANY_REQUESTS);
        response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let (title, words) = outcome.words(locale);
    let query = seconds.map_or_else(|| in_address(outcome), slow_down_in_address);
    let waiting = seconds.map(|seconds| view! { <p>{try_again_in(seconds, locale)}</p> });
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=DONE query=query>
            <h1>{title}</h1>
            <p>{words}</p>
            {waiting}
            <Telephone locale site=site.clone()/>
            // Who was shown the receipt sees it again; others are asked for its number.
            <p><a href=locale.path(RECEIPT)>{text!(locale, change.status_link)}</a></p>
            <p><a href=locale.path(START)>{text!(locale, change.to_start)}</a></p>
        </Layout>
    }
}

pub fn in_address(outcome: Outcome) -> String {
    format!("?outcome={}", outcome.key())
}

pub fn slow_down_in_address(seconds: u32) -> String {
    format!("{}&{WAIT}={seconds}", in_address(Outcome::SlowDown))
}

fn seconds_to_wait() -> u32 {
    let named = use_query_map().get_untracked().get(WAIT).and_then(|seconds| seconds.parse().ok());
    named.unwrap_or(60).clamp(1, A_DAY)
}
