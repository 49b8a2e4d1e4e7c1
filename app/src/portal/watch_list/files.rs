//! The list as a file: saved here, and taken in on another device. No server sees it.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::watch_list::{ListFile, WatchList};

use super::check::check;
use super::desk::{Desk, Notice};
use super::device;
use crate::text::text;

pub fn files(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let field = NodeRef::<Input>::new();
    let save = move |_| {
        let text = desk.list.with_untracked(WatchList::write);
        let saved = device::save_as_file(text!(locale, watch_list.file_name), &text);
        desk.say(if saved.is_ok() { Notice::Saved } else { Notice::NotSaved });
    };
    let take_in = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let Some(file) = field.files().and_then(|files| files.get(0)) else { return desk.say(Notice::NoFile) };
        spawn_local(async move {
            match device::text_of(file).await.and_then(|text| ListFile::parse(&text)) {
                Ok(file) => merge(desk, file),
                Err(error) => desk.say(Notice::NotImported(error)),
            }
            field.set_value("");
        });
    };
    view! {
        <h2>{text!(locale, watch_list.move_title)}</h2>
        <p>{text!(locale, watch_list.move_text)}</p>
        <p><button class="usa-button usa-button--outline" type="button" on:click=save>{text!(locale, watch_list.save_file)}</button></p>
        <div class="portico-own">
            <label class="usa-label" for="file">{text!(locale, watch_list.file_label)}</label>
            <input class="portico-file" id="file" type="file" accept=".json,application/json" node_ref=field/>
            <p>
                <button class="usa-button usa-button--outline" type="button" on:click=take_in>
                    {text!(locale, watch_list.take_file)}
                </button>
            </p>
        </div>
    }
}

fn merge(desk: Desk, file: ListFile) {
    if let Some(merged) = desk.change(|list| list.merge(file)) {
        desk.say(Notice::Imported(merged));
        check(desk);
    }
}
