//! Where somebody is in the form.

use domain::e_request::Draft;
use leptos::prelude::*;
use shared::e_request::Step;
use shared::locale::Locale;

use crate::portal::form;
use crate::text::text;

/// The name of a step.
pub fn name(step: Step, locale: Locale) -> &'static str {
    match step {
        Step::Who => text!(locale, e_request.step_who),
        Step::Case => text!(locale, e_request.step_case),
        Step::Answer => text!(locale, e_request.step_answer),
        Step::Issue => text!(locale, e_request.step_issue),
        Step::Documents => text!(locale, e_request.step_documents),
        Step::Person => text!(locale, e_request.step_person),
        Step::Contact => text!(locale, e_request.step_contact),
        Step::Check => text!(locale, e_request.step_check),
    }
}

/// The step indicator of a form.
pub fn progress(draft: &Draft, at: Step, locale: Locale) -> impl IntoView + use<> {
    let steps = draft.rule().steps();
    let names: Vec<&'static str> = steps.iter().map(|step| name(*step, locale)).collect();
    let place = steps.iter().position(|step| *step == at).unwrap_or(0);
    form::progress(&names, place, locale)
}
