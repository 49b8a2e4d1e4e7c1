//! Clears the device: list, choice, static files, and the answer that the session keeps.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::alive::part;
use super::desk::{Clearing, Desk, NOTICE, Notice, Stage, lead_reader_to};
use super::device;
use crate::portal::case_status::forget_case;
use crate::text::text;

const SURE: &str = "clear-sure";
const CLEAR: &str = "clear";

/// Asks once more before it clears: a cleared list does not come back.
pub fn clear_form(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let is_sure = RwSignal::new(false);
    let ask = move |_| {
        is_sure.set(true);
        lead_reader_to(SURE);
    };
    let keep = move |_| {
        is_sure.set(false);
        lead_reader_to(CLEAR);
    };
    view! {
        <h2>{text!(locale, watch_list.clear_title)}</h2>
        <p>{text!(locale, watch_list.clear_text)}</p>
        {part(move || if is_sure.get() {
            view! {
                <section class="usa-alert usa-alert--warning" aria-labelledby=SURE>
                    <div class="usa-alert__body">
                        <h3 class="usa-alert__heading" id=SURE tabindex="-1">{text!(locale, watch_list.clear_sure)}</h3>
                        <div class="portico-watched__acts">
                            <button class="usa-button" type="button" on:click=move |_| clear(desk)>
                                {text!(locale, watch_list.clear_yes)}
                            </button>
                            <button class="usa-button usa-button--outline" type="button" on:click=keep>
                                {text!(locale, watch_list.clear_no)}
                            </button>
                        </div>
                    </div>
                </section>
            }
            .into_any()
        } else {
            view! {
                <p>
                    <button class="usa-button usa-button--outline" id=CLEAR type="button" on:click=ask>
                        {text!(locale, watch_list.clear_button)}
                    </button>
                </p>
            }
            .into_any()
        })}
    }
}

fn clear(desk: Desk) {
    if device::forget().is_err() {
        return desk.say(Notice::NotKept);
    }
    spawn_local(async move {
        let files = device::stop_worker().await;
        let answer = forget_case(desk.locale.tag().to_owned()).await;
        desk.list.set(shared::watch_list::WatchList::default());
        desk.notice.set(None);
        desk.stage.set(Stage::Cleared(match (files, answer) {
            (Err(_), _) => Clearing::ButForFiles,
            (Ok(()), Err(_)) => Clearing::ButForTheAnswer,
            (Ok(()), Ok(())) => Clearing::Whole,
        }));
        lead_reader_to(NOTICE);
    });
}
