//! One case of the list.

use chrono::NaiveDate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::watch_list::{CaseName, WatchedCase};

use super::alive::{part, words};
use super::desk::{Desk, Notice, lead_reader_to};
use super::field::{About, Field};
use crate::csrf::CsrfField;
use crate::portal::case_status::FindCase;
use crate::text::text;

/// The field for another name.
const NEW_NAME: &str = "new-name";

pub fn entry(desk: Desk, number: ReceiptNumber) -> impl IntoView {
    let locale = desk.locale;
    let typed = number.as_str().to_owned();
    let rename_id = format!("rename-{typed}");
    let number = StoredValue::new(number);
    let of_list = Memo::new(move |_| desk.list.with(|list| number.with_value(|number| list.find(number).cloned())));
    // Gone only for the moment in which it is removed.
    let case = move || of_list.get().into_iter();
    let is_renaming = move || desk.renaming.with(|renaming| renaming.as_ref() == Some(&number.get_value()));
    let called = words(move || case().map(|case| case.called().to_owned()).collect());
    let of_case = || view! { " "<span class="visually-hidden">{called.clone()}</span> };
    let end = {
        let rename_id = rename_id.clone();
        Callback::new(move |()| {
            desk.renaming.set(None);
            lead_reader_to(&rename_id);
        })
    };
    let rename = move |_| {
        desk.renaming.set((!untrack(is_renaming)).then(|| number.get_value()));
        lead_reader_to(NEW_NAME);
    };
    let remove = move |_| {
        if let Some(Some(removed)) = desk.change(|list| list.remove(&number.get_value())) {
            desk.say(Notice::Removed(removed));
        }
    };
    view! {
        <li class="portico-watched">
            <h3 dir="auto">{called.clone()}</h3>
            {part(move || case().map(|case| facts(&case, locale)).collect_view().into_any())}
            {part(move || {
                if !is_renaming() {
                    return ().into_any();
                }
                untrack(case).map(|case| rename_form(desk, &case, end)).collect_view().into_any()
            })}
            <div class="portico-watched__acts">
                <form action=FindCase::url() method="post">
                    <CsrfField/>
                    <input type="hidden" name="locale" value=locale.tag()/>
                    <input type="hidden" name="receipt_number" value=typed/>
                    <button class="usa-button usa-button--outline" type="submit">
                        {text!(locale, watch_list.open)}{of_case()}
                    </button>
                </form>
                <button
                    class="usa-button usa-button--outline"
                    id=rename_id
                    type="button"
                    aria-expanded=words(move || is_renaming().to_string())
                    on:click=rename
                >
                    {text!(locale, watch_list.rename)}{of_case()}
                </button>
                <button class="usa-button usa-button--outline" type="button" on:click=remove>
                    {text!(locale, watch_list.remove)}{of_case()}
                </button>
            </div>
        </li>
    }
}

/// The number, what is told of it, and of which day that is.
fn facts(case: &WatchedCase, locale: Locale) -> impl IntoView + use<> {
    let seen = case.seen();
    let status = seen.and_then(|seen| seen.status.as_ref());
    let says = match (seen, status) {
        (None, _) => text!(locale, watch_list.not_checked).to_owned(),
        (Some(_), None) => text!(locale, watch_list.not_recognised).to_owned(),
        (Some(_), Some(status)) => status.title(locale).to_owned(),
    };
    let news = case.changed_since().map(|since| {
        let since = text!(locale, watch_list.new_since, day = locale.long_date(since));
        view! { <span class="portico-watched__new">{since}":"</span>" " }
    });
    let number = view! { <span class="portico-number">{case.number().as_str().to_owned()}</span> };
    view! {
        <p class="portico-watched__status">{news}{says}</p>
        <dl class="portico-facts">
            {fact(text!(locale, answer.receipt_number), number)}
            {status.map(|status| fact(text!(locale, answer.updated), day(status.updated(), locale)))}
            {seen.map(|seen| fact(text!(locale, watch_list.checked_on), day(seen.on, locale)))}
        </dl>
    }
}

fn fact(term: &'static str, description: impl IntoView) -> impl IntoView {
    view! { <div><dt>{term}</dt><dd>{description}</dd></div> }
}

fn day(day: NaiveDate, locale: Locale) -> impl IntoView {
    view! { <time datetime=day.to_string()>{locale.long_date(day)}</time> }
}

fn rename_form(desk: Desk, case: &WatchedCase, end: Callback<()>) -> impl IntoView + use<> {
    let locale = desk.locale;
    let field = Field::new(NEW_NAME, locale);
    let number = case.number().clone();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(name) = field.name() else { return };
        if desk.change(|list| list.rename(&number, name)).is_some() {
            desk.announced.set(text!(locale, watch_list.renamed).to_owned());
            end.run(());
        }
    };
    let name = case.name().map_or("", CaseName::as_str).to_owned();
    view! {
        <form class="usa-form portico-own" novalidate=true on:submit=save>
            {field.view(About::Name, text!(locale, watch_list.name_label), name)}
            <div class="portico-watched__acts">
                <button class="usa-button" type="submit">{text!(locale, watch_list.save_name)}</button>
                <button class="usa-button usa-button--outline" type="button" on:click=move |_| end.run(())>
                    {text!(locale, watch_list.cancel)}
                </button>
            </div>
        </form>
    }
}
