//! The watch list: cases that a person keeps in their own browser, and what is new in them.
//!
//! The server sends the same page to everybody, with nothing of anybody's list: the list lives in the browser's storage
//! ([`device`]), and only after the person chose so ([`opt_in`]). Statuses are asked for one by one ([`check`]), through a
//! server function that counts against the limits of any look-up and keeps nothing. Without scripts there is no list, and the
//! page says what to do instead.

mod add;
mod alive;
#[cfg(feature = "ssr")]
mod ask;
mod check;
mod clear;
mod desk;
mod device;
mod entry;
mod field;
mod files;
mod list;
mod notice;
mod opt_in;
mod server;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::locale::Locale;
use shared::watch_list::ListError;

use super::notice::{Collection, FormNotices};
use super::{Layout, use_locale, use_site};
use crate::text::text;
use alive::part;
use check::check;
use clear::clear_form;
use desk::{Desk, Stage};
use list::listed;
use opt_in::{cleared, opt_in};

/// Its path, without its language.
const PAGE: &str = "/watch-list";

#[component]
pub fn WatchListPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let asked = StoredValue::new(SharedValue::new(server::asked_number).into_inner());
    let desk = Desk::new(locale);
    come_alive(desk);
    let title = text!(locale, watch_list.title);
    let content = part(move || match desk.stage.get() {
        Stage::Waiting => needs_scripts(locale).into_any(),
        Stage::Forbidden => {
            trouble(text!(locale, watch_list.forbidden_title), text!(locale, watch_list.forbidden_text), locale).into_any()
        }
        Stage::Unreadable(error) => unreadable(error, desk).into_any(),
        Stage::NotChosen => opt_in(desk).into_any(),
        Stage::Cleared(clearing) => view! { {cleared(clearing, locale)}{opt_in(desk)} }.into_any(),
        Stage::Listed => listed(desk, asked).into_any(),
    });
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=PAGE>
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, watch_list.lead)}</p>
            {content}
            <p class="visually-hidden" role="status">{desk.announced}</p>
            <FormNotices locale site=site.clone() collection=Collection::case_status(locale)/>
        </Layout>
    }
}

/// In the browser: shows what it keeps, asks for news, and follows what other tabs do.
fn come_alive(desk: Desk) {
    Effect::new(move |_| {
        desk.show(device::read());
        if desk.stage.get_untracked() == Stage::Listed {
            leptos::task::spawn_local(device::start_worker());
            check(desk);
        }
        let listener = window_event_listener(leptos::ev::storage, move |_| desk.show(device::read()));
        on_cleanup(move || listener.remove());
    });
}

/// What stands there before the client has come, and for good without scripts.
fn needs_scripts(locale: Locale) -> impl IntoView {
    trouble(text!(locale, watch_list.script_title), text!(locale, watch_list.script_text), locale)
}

/// Why there is no list, and what to do instead.
fn trouble(title: &'static str, text: &'static str, locale: Locale) -> impl IntoView {
    view! {
        <section class="usa-alert usa-alert--warning" aria-labelledby="trouble">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="trouble">{title}</h2>
                <p class="usa-alert__text">{text}</p>
            </div>
        </section>
        {instead(locale)}
    }
}

fn instead(locale: Locale) -> impl IntoView {
    view! { <p><a href=locale.path("/case-status")>{text!(locale, watch_list.instead)}</a></p> }
}

fn unreadable(error: ListError, desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let title = text!(locale, watch_list.unreadable_title);
    view! {
        <section class="usa-alert usa-alert--error" aria-labelledby="trouble">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="trouble">{title}</h2>
                <p class="usa-alert__text">{notice::list_error(error, locale)}</p>
                <p class="usa-alert__text">{text!(locale, watch_list.unreadable_text)}</p>
            </div>
        </section>
        {instead(locale)}
        {notice::notice(desk)}
        {clear_form(desk)}
    }
}
