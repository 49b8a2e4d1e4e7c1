//! Fields of forms, as every page of several steps shows them: plain elements that need no scripts, each with its label, its hint
//! and what is wrong with it.

mod field;
mod progress;

pub use field::{FieldFrame, Line};
pub use progress::progress;

use leptos::prelude::*;
use shared::locale::Locale;

use crate::text::text;

/// The box above the page that leads to what has to be mended: the id of an element, and the words.
pub fn error_summary(entries: Vec<(String, String)>, locale: Locale) -> impl IntoView {
    let entry = |(id, words): (String, String)| view! { <li><a href=format!("#{id}")>{words}</a></li> };
    (!entries.is_empty()).then(|| {
        view! {
            <div class="portico-error-summary" role="alert" aria-labelledby="error-summary-title" tabindex="-1" autofocus=true>
                <h2 class="portico-error-summary__title" id="error-summary-title">{text!(locale, case_status.problem)}</h2>
                <ul>{entries.into_iter().map(entry).collect_view()}</ul>
            </div>
        }
    })
}
