//! The list itself, and what can be done with it.

use leptos::prelude::*;
use shared::watch_list::WatchedCase;

use super::add::add_form;
use super::alive::{part, perhaps, words};
use super::check::{Checking, Obstacle, check_again, why};
use super::clear::clear_form;
use super::desk::Desk;
use super::entry::entry;
use super::files::files;
use super::notice::notice;
use crate::text::text;

pub fn listed(desk: Desk, asked: StoredValue<String>) -> impl IntoView {
    let locale = desk.locale;
    let numbers =
        Memo::new(move |_| desk.list.with(|list| list.cases().iter().map(WatchedCase::number).cloned().collect::<Vec<_>>()));
    let entries = part(move || {
        let numbers = numbers.get();
        if numbers.is_empty() {
            return view! { <p>{text!(locale, watch_list.list_empty)}</p> }.into_any();
        }
        view! {
            <ul class="portico-watch-list">{numbers.into_iter().map(|number| entry(desk, number)).collect_view()}</ul>
            {check_button(desk)}
        }
        .into_any()
    });
    view! {
        {notice(desk)}
        <h2>{text!(locale, watch_list.list_title)}</h2>
        {stopped(desk)}
        {entries}
        {add_form(desk, asked)}
        {files(desk)}
        {clear_form(desk)}
    }
}

fn check_button(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let is_busy = move || desk.checking.get() == Checking::Busy;
    let label = words(move || {
        let label = if is_busy() { text!(locale, case_status.button_busy) } else { text!(locale, watch_list.check_now) };
        label.to_owned()
    });
    let is_disabled = perhaps(move || is_busy().then(|| "true".to_owned()));
    view! {
        <p>
            <button
                class="usa-button portico-check"
                type="button"
                aria-disabled=is_disabled
                on:click=move |_| check_again(desk)
            >
                {label}
            </button>
        </p>
    }
}

/// Why some of the list is not of today. Announced with the end of the asking, since it may come while the person reads.
fn stopped(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    part(move || match desk.checking.get() {
        Checking::Idle | Checking::Busy | Checking::Stopped(Obstacle::NoList) => ().into_any(),
        Checking::Stopped(obstacle) => view! {
            <section class="usa-alert usa-alert--warning" aria-labelledby="stopped">
                <div class="usa-alert__body">
                    <h3 class="usa-alert__heading" id="stopped">{text!(locale, watch_list.stopped_title)}</h3>
                    <p class="usa-alert__text">{why(obstacle, desk)}</p>
                    <p class="usa-alert__text">{text!(locale, watch_list.stopped_rest)}</p>
                </div>
            </section>
        }
        .into_any(),
    })
}
