//! A published time.

use domain::Context;
use domain::processing_time::{Posting, office_name};
use leptos::prelude::*;
use shared::locale::Locale;
use shared::processing_time::{Bound, Unit};

use super::start_again;
use crate::text::text;

/// What was chosen.
pub fn choices(ctx: &Context, posting: &Posting, locale: Locale) -> impl IntoView + use<> {
    view! {
        <dl class="portico-facts">
            {fact(text!(locale, processing_time.form), posting.form.as_str().to_owned())}
            {fact(text!(locale, processing_time.category), category(posting, locale))}
            {fact(text!(locale, processing_time.office), office_name(ctx, &posting.office))}
        </dl>
        {start_again(locale)}
    }
}

pub fn category(posting: &Posting, locale: Locale) -> String {
    locale.pick(&posting.category_en, &posting.category_es).to_owned()
}

/// What is published about it.
pub fn posted_time(posting: &Posting, locale: Locale) -> impl IntoView + use<> {
    let note = locale.pick(&posting.note_en, &posting.note_es).to_owned();
    let note = (!note.is_empty()).then(|| view! { <p><strong>{text!(locale, processing_time.note_title)}": "</strong>{note}</p> });
    let inquiry = posting.posted.inquiry_date.map(|day| {
        view! { <p>{text!(locale, processing_time.inquiry_date)}" "<strong>{locale.long_date(day)}</strong>"."</p> }
    });
    view! {
        <h2>{text!(locale, processing_time.time_title)}</h2>
        {range(posting, locale)}
        {inquiry}
        {note}
        <p>
            {text!(locale, processing_time.published)}": "{locale.long_date(posting.posted.published)}". "
            {text!(locale, processing_time.estimate)}
        </p>
    }
}

pub fn fact(name: &'static str, value: String) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
}

fn range(posting: &Posting, locale: Locale) -> AnyView {
    let Some(upper) = posting.posted.upper else {
        return view! { <p>{text!(locale, processing_time.no_time)}</p> }.into_any();
    };
    let words = match posting.posted.lower {
        None => length(upper, locale),
        Some(lower) if lower.unit() == upper.unit() => {
            format!("{} {} {}", lower.amount(), text!(locale, processing_time.range_to), length(upper, locale))
        }
        Some(lower) => format!("{} {} {}", length(lower, locale), text!(locale, processing_time.range_to), length(upper, locale)),
    };
    view! { <p class="portico-lead"><strong>{words}</strong></p><p>{text!(locale, processing_time.within)}</p> }.into_any()
}

/// `7.5 months`, `1 month`.
pub fn length(bound: Bound, locale: Locale) -> String {
    let is_one = bound.halves() == 2;
    let unit = match (bound.unit(), is_one) {
        (Unit::Days, true) => text!(locale, processing_time.day_word),
        (Unit::Days, false) => text!(locale, processing_time.days_word),
        (Unit::Weeks, true) => text!(locale, processing_time.week_word),
        (Unit::Weeks, false) => text!(locale, processing_time.weeks_word),
        (Unit::Months, true) => text!(locale, processing_time.month_word),
        (Unit::Months, false) => text!(locale, processing_time.months_word),
    };
    format!("{} {unit}", bound.amount())
}
