//! How many people wait from an earlier date than somebody's case.

use domain::waiting::Told;
use leptos::prelude::*;
use shared::locale::Locale;
use shared::processing_time::Why;
use shared::waiting::with_commas;

use crate::text::text;

/// What was counted, when, and what it does not say. `why`: whose cases those are.
pub fn waiting(Told { more_than, counted_on }: Told, why: Why, locale: Locale) -> impl IntoView {
    let held = (why == Why::Local).then(|| format!(" {}", text!(locale, processing_time.waiting_local)));
    view! {
        <h2>{text!(locale, processing_time.waiting_title)}</h2>
        <p>
            {text!(locale, processing_time.waiting_more_than)}" "<strong>{with_commas(more_than)}</strong>" "
            {text!(locale, processing_time.waiting_people)}
        </p>
        <p>
            {text!(locale, processing_time.waiting_counted)}" "{locale.long_date(counted_on)}". "
            {text!(locale, processing_time.waiting_order)}
            {held}
        </p>
    }
}
