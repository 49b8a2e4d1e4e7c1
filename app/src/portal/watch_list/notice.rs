//! What came of the last thing that was done, above the list.

use leptos::prelude::*;
use shared::locale::Locale;
use shared::watch_list::{CaseRefusal, ListError, MOST_CASES, Merged, NotAdded, RefusedCase, Removed};

use super::alive::part;
use super::desk::{Desk, NOTICE, Notice};
use crate::text::text;

/// Refused entries that are named one by one; a file may have thousands.
const NAMED: usize = 10;

pub fn notice(desk: Desk) -> impl IntoView {
    part(move || desk.notice.get().map_or_else(|| ().into_any(), |notice| told(notice, desk)))
}

fn told(notice: Notice, desk: Desk) -> AnyView {
    let locale = desk.locale;
    let good = |title: String| alert("usa-alert usa-alert--success", title, ().into_any());
    let bad = |title: &str, text: String| {
        let text = view! { <p class="usa-alert__text">{text}</p> };
        alert("usa-alert usa-alert--error", title.to_owned(), text.into_any())
    };
    match notice {
        Notice::Started => good(text!(locale, watch_list.started).to_owned()),
        Notice::Added(called) => good(text!(locale, watch_list.added, name = called)),
        Notice::PutBack(called) => good(text!(locale, watch_list.put_back, name = called)),
        Notice::Saved => good(text!(locale, watch_list.saved).to_owned()),
        Notice::Removed(removed) => {
            let title = text!(locale, watch_list.removed, name = removed.case.called());
            alert("usa-alert", title, undo(removed, desk).into_any())
        }
        Notice::Imported(merged) => {
            alert("usa-alert", text!(locale, watch_list.imported).to_owned(), report(&merged, locale).into_any())
        }
        Notice::NotImported(error) => bad(text!(locale, watch_list.not_imported), list_error(error, locale)),
        Notice::NoFile => bad(text!(locale, watch_list.not_imported), text!(locale, watch_list.file_missing).to_owned()),
        Notice::NotSaved => bad(text!(locale, watch_list.not_saved), text!(locale, watch_list.not_saved_text).to_owned()),
        Notice::NotKept => bad(text!(locale, watch_list.not_kept), text!(locale, watch_list.forbidden_text).to_owned()),
        Notice::Full => bad(text!(locale, watch_list.not_kept), text!(locale, watch_list.full, most = MOST_CASES)),
    }
}

fn alert(kind: &'static str, title: String, content: AnyView) -> AnyView {
    view! {
        <section class=kind aria-labelledby=NOTICE>
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id=NOTICE tabindex="-1" dir="auto">{title}</h2>
                {content}
            </div>
        </section>
    }
    .into_any()
}

fn undo(removed: Removed, desk: Desk) -> impl IntoView {
    let put_back = move |_| {
        let (removed, called) = (removed.clone(), removed.case.called().to_owned());
        match desk.change(|list| list.put_back(removed)) {
            // Another tab was faster.
            Some(Ok(()) | Err(NotAdded::AlreadyThere)) => desk.say(Notice::PutBack(called)),
            Some(Err(NotAdded::Full)) => desk.say(Notice::Full),
            None => {}
        }
    };
    view! {
        <button class="usa-button usa-button--outline" type="button" on:click=put_back>
            {text!(desk.locale, watch_list.undo)}
        </button>
    }
}

fn report(merged: &Merged, locale: Locale) -> impl IntoView + use<> {
    let entry = |refused: &RefusedCase| view! { <li>{refused_entry(*refused, locale)}</li> };
    let named = merged.refused.iter().take(NAMED).map(entry).collect_view();
    let more = merged.refused.len().saturating_sub(NAMED);
    view! {
        <ul>
            <li>{text!(locale, watch_list.imported_added, count = merged.added)}</li>
            <li>{text!(locale, watch_list.imported_there, count = merged.already_there)}</li>
            <li>{text!(locale, watch_list.imported_refused, count = merged.refused.len())}</li>
        </ul>
        {(!merged.refused.is_empty()).then(|| view! { <ul>{named}</ul> })}
        {(more > 0).then(|| view! { <p class="usa-alert__text">{text!(locale, watch_list.refused_more, count = more)}</p> })}
    }
}

fn refused_entry(RefusedCase { entry, why }: RefusedCase, locale: Locale) -> String {
    let why = match why {
        CaseRefusal::Number => text!(locale, watch_list.why_number).to_owned(),
        CaseRefusal::Name => text!(locale, watch_list.why_name).to_owned(),
        CaseRefusal::Status => text!(locale, watch_list.why_status).to_owned(),
        CaseRefusal::Twice => text!(locale, watch_list.why_twice).to_owned(),
        CaseRefusal::Full => text!(locale, watch_list.full, most = MOST_CASES),
    };
    format!("{} {why}", text!(locale, watch_list.refused_entry, entry = entry))
}

/// Why a text is no list.
pub fn list_error(error: ListError, locale: Locale) -> String {
    match error {
        ListError::TooLarge => text!(locale, watch_list.too_large).to_owned(),
        ListError::NotAList => text!(locale, watch_list.not_a_list).to_owned(),
        ListError::OtherVersion => text!(locale, watch_list.other_version).to_owned(),
        ListError::Case(refused) => refused_entry(refused, locale),
    }
}
