//! The form that adds a case. The number that was looked up last stands in it already.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::case_status::ReceiptNumber;
use shared::watch_list::{MOST_CASES, NotAdded, WatchedCase};

use super::check::check;
use super::desk::{Desk, Notice};
use super::field::{About, Field};
use crate::portal::case_status::Problem;
use crate::text::text;

pub fn add_form(desk: Desk, asked: StoredValue<String>) -> impl IntoView {
    let locale = desk.locale;
    let (number, name) = (Field::new("number", locale), Field::new("name", locale));
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        add(desk, number, name);
    };
    view! {
        <h2>{text!(locale, watch_list.add_title)}</h2>
        <form class="usa-form portico-own" novalidate=true on:submit=add>
            {number.view(About::Number, text!(locale, case_status.label), offered(desk, asked))}
            {name.view(About::Name, text!(locale, watch_list.name_optional), String::new())}
            <button class="usa-button" type="submit">{text!(locale, watch_list.add_button)}</button>
        </form>
    }
}

/// The number that was looked up last, unless it is on the list.
fn offered(desk: Desk, asked: StoredValue<String>) -> String {
    let asked = asked.get_value();
    let is_there = |number| desk.list.with_untracked(|list| list.find(&number).is_some());
    if ReceiptNumber::parse(&asked).is_ok_and(is_there) { String::new() } else { asked }
}

fn add(desk: Desk, number_field: Field, name_field: Field) {
    let locale = desk.locale;
    number_field.accept();
    let name = name_field.name();
    let number = match ReceiptNumber::parse(&number_field.value()) {
        Ok(number) => number,
        Err(error) => return number_field.refuse(Problem::from(error).message(locale).to_owned()),
    };
    let Ok(name) = name else { return };
    let case = WatchedCase::new(number, name);
    let called = case.called().to_owned();
    match desk.change(|list| list.add(case)) {
        // There is no list any more, and the page says so.
        None => {}
        Some(Err(NotAdded::AlreadyThere)) => number_field.refuse(text!(locale, watch_list.already_there).to_owned()),
        Some(Err(NotAdded::Full)) => number_field.refuse(text!(locale, watch_list.full, most = MOST_CASES)),
        Some(Ok(())) => {
            number_field.empty();
            name_field.empty();
            desk.say(Notice::Added(called));
            check(desk);
        }
    }
}
