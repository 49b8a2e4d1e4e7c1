//! Before there is a list: who could read it, and the choice to keep one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::locale::Locale;
use shared::watch_list::WatchList;

use super::desk::{Clearing, Desk, NOTICE, Notice, Stage};
use super::field::Field;
use super::{device, instead};
use crate::text::text;

/// Nothing is stored before the box was checked by hand and the button pressed.
pub fn opt_in(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let own = Field::new("own", locale);
    let start = move |event: SubmitEvent| {
        event.prevent_default();
        match own.node.get_untracked() {
            Some(node) if node.checked() => start(desk),
            _ => own.refuse(text!(locale, watch_list.opt_missing).to_owned()),
        }
    };
    view! {
        <h2>{text!(locale, watch_list.opt_title)}</h2>
        <ul>
            <li>{text!(locale, watch_list.opt_here)}</li>
            <li>{text!(locale, watch_list.opt_see)}</li>
            <li>{text!(locale, watch_list.opt_shared)}</li>
            <li>{text!(locale, watch_list.opt_danger)}</li>
            <li id="own-hint">{text!(locale, watch_list.opt_nothing)}</li>
        </ul>
        <form class="usa-form portico-own" novalidate=true on:submit=start>
            <div class=own.group()>
                {own.message()}
                <div class="usa-checkbox">
                    <input
                        class="usa-checkbox__input"
                        id=own.id
                        type="checkbox"
                        autocomplete="off"
                        aria-describedby=own.aria_describedby()
                        aria-invalid=own.aria_invalid()
                        node_ref=own.node
                        on:change=move |_| own.accept()
                    />
                    <label class="usa-checkbox__label" for=own.id>{text!(locale, watch_list.opt_own)}</label>
                </div>
            </div>
            <button class="usa-button" type="submit">{text!(locale, watch_list.opt_button)}</button>
        </form>
        {instead(locale)}
    }
}

fn start(desk: Desk) {
    if device::keep(&WatchList::default()).is_err() {
        return desk.stage.set(Stage::Forbidden);
    }
    desk.show(device::read());
    desk.say(Notice::Started);
    spawn_local(device::start_worker());
}

/// Says that nothing is kept here any more, or what still is.
pub fn cleared(clearing: Clearing, locale: Locale) -> impl IntoView {
    let (kind, text) = match clearing {
        Clearing::Whole => ("usa-alert usa-alert--success", text!(locale, watch_list.cleared_text)),
        Clearing::ButForTheAnswer => ("usa-alert usa-alert--warning", text!(locale, watch_list.cleared_but_answer)),
        Clearing::ButForFiles => ("usa-alert usa-alert--warning", text!(locale, watch_list.cleared_but_files)),
    };
    view! {
        <section class=kind aria-labelledby=NOTICE>
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id=NOTICE tabindex="-1">{text!(locale, watch_list.cleared)}</h2>
                <p class="usa-alert__text">{text}</p>
            </div>
        </section>
    }
}
