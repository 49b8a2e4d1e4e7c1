//! The pages that links in messages lead to: one button each.

use axum::http::header::CACHE_CONTROL;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::server::{ConfirmFollowing, StopFollowing};
use super::{CONFIRM, STOP, TOKEN};
use crate::csrf::CsrfField;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

/// Longer than any token.
const LONGEST: usize = 256;

#[component]
pub fn ConfirmPage() -> impl IntoView {
    let locale = use_locale();
    let words = Words {
        title: text!(locale, follow.confirm_title),
        text: text!(locale, follow.confirm_text),
        button: text!(locale, follow.confirm_button),
    };
    page(CONFIRM, ConfirmFollowing::url(), &words)
}

#[component]
pub fn StopPage() -> impl IntoView {
    let locale = use_locale();
    let words = Words {
        title: text!(locale, follow.stop_title),
        text: text!(locale, follow.stop_text),
        button: text!(locale, follow.stop_button),
    };
    page(STOP, StopFollowing::url(), &words)
}

struct Words {
    title: &'static str,
    text: &'static str,
    button: &'static str,
}

/// The token as it may stand in the address of the other language's page.
fn token() -> Option<String> {
    let token = use_query_map().get_untracked().get(TOKEN)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!token.is_empty() && token.len() <= LONGEST && token.bytes().all(is_plain)).then_some(token)
}

fn page(page: &'static str, url: &'static str, words: &Words) -> impl IntoView + use<> {
    let (locale, site, token) = (use_locale(), use_site(), token());
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, NO_STORE);
    }
    let Words { title, text, button } = *words;
    let title = if token.is_some() { title } else { text!(locale, follow.broken_title) };
    let query = token.as_ref().map(|token| format!("?{TOKEN}={token}")).unwrap_or_default();
    let content = match token {
        None => view! {
            <p>{text!(locale, follow.broken_text)}</p>
            <p><a href=locale.path("/case-status")>{text!(locale, follow.check_link)}</a></p>
        }
        .into_any(),
        Some(token) => view! {
            <p class="portico-lead">{text}</p>
            <form class="usa-form" action=url method="post">
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name=TOKEN value=token/>
                <button class="usa-button" type="submit">{button}</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=page query=query>
            <h1>{title}</h1>
            {content}
        </Layout>
    }
}
