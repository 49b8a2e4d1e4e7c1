//! What a page with mistakes shows above its questions.

use leptos::prelude::*;
use shared::locale::Locale;

use crate::text::text;

/// A field's id, and what has to be mended there.
pub type Mistake = (String, String);

/// The box that leads to what has to be mended, and that the page opens at. None without a mistake.
pub fn summary(mistakes: Vec<Mistake>, locale: Locale) -> impl IntoView {
    let entry = |(id, words): Mistake| view! { <li><a href=format!("#{id}")>{words}</a></li> };
    (!mistakes.is_empty()).then(|| {
        view! {
            <div class="portico-error-summary" role="alert" aria-labelledby="error-summary-title" tabindex="-1" autofocus=true>
                <h2 class="portico-error-summary__title" id="error-summary-title">{text!(locale, case_status.problem)}</h2>
                <ul>{mistakes.into_iter().map(entry).collect_view()}</ul>
            </div>
        }
    })
}

/// The page's heading as its title names it.
pub fn title(heading: &str, has_mistake: bool, locale: Locale) -> String {
    if has_mistake { format!("{} {heading}", text!(locale, common.error_prefix)) } else { heading.to_owned() }
}

/// The words at a field with a mistake.
pub fn error(id: &str, words: impl Into<String>, locale: Locale) -> AnyView {
    let words = words.into();
    view! {
        <span class="usa-error-message" id=format!("{id}-error")>
            <span class="visually-hidden">{text!(locale, common.error_prefix)}" "</span>
            {words}
        </span>
    }
    .into_any()
}
