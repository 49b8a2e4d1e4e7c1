//! One question with its answers, as a plain form.

use domain::Context;
use domain::processing_time::{ListedForm, Posting, office_name};
use leptos::prelude::*;
use shared::locale::Locale;

use super::Chosen;
use crate::text::text;

/// An answer: its word in the address, and what people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    value: String,
    en: String,
    es: String,
}

impl Choice {
    pub fn of_form(listed: &ListedForm) -> Self {
        let number = listed.form.as_str();
        Self { value: number.to_owned(), en: format!("{number}, {}", listed.name_en), es: format!("{number}, {}", listed.name_es) }
    }

    fn of_category(posting: &Posting) -> Self {
        Self { value: posting.category.as_str().to_owned(), en: posting.category_en.clone(), es: posting.category_es.clone() }
    }

    /// The categories of what is published, in the order of their keys.
    pub fn categories(postings: &[Posting]) -> Vec<Self> {
        let mut categories: Vec<Self> = postings.iter().map(Self::of_category).collect();
        categories.dedup_by(|a, b| a.value == b.value);
        categories
    }

    pub fn of_office(ctx: &Context, posting: &Posting) -> Self {
        let name = office_name(ctx, &posting.office);
        Self { value: posting.office.as_str().to_owned(), en: name.clone(), es: name }
    }
}

/// Asks for one thing, and brings along what was chosen before.
pub fn choose(
    name: &'static str,
    choices: &[Choice],
    chosen: &Chosen,
    page: &str,
    hint: &'static str,
    locale: Locale,
) -> impl IntoView + use<> {
    let label = match name {
        "form" => text!(locale, processing_time.form_label),
        "category" => text!(locale, processing_time.category_label),
        _ => text!(locale, processing_time.office_label),
    };
    let option = |choice: &Choice| {
        let words = locale.pick(&choice.en, &choice.es).to_owned();
        view! { <option value=choice.value.clone()>{words}</option> }
    };
    let options = choices.iter().map(option).collect_view();
    let hidden = chosen.fields().into_iter().filter(|(field, _)| *field != name);
    let hidden = hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    let again = (!chosen.form.is_empty()).then(|| super::start_again(locale));
    view! {
        <form class="portico-form" method="get" action=page.to_owned()>
            {hidden}
            <label class="usa-label" for=name>{label}</label>
            <span class="usa-hint" id="choice-hint">{hint}</span>
            <select class="usa-input portico-select" id=name name=name required aria-describedby="choice-hint">
                <option value="">{text!(locale, processing_time.choose)}</option>
                {options}
            </select>
            <button class="usa-button" type="submit">{text!(locale, processing_time.go_on)}</button>
        </form>
        {again}
    }
}
