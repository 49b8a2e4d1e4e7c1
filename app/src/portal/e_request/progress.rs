//! Where somebody is in the form, in words that need no picture.

use std::cmp::Ordering;

use domain::e_request::Draft;
use leptos::prelude::*;
use shared::e_request::Step;
use shared::locale::Locale;

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

/// The step indicator. Its segments have no visible names: eight of them fit no telephone, nor any language but English.
pub fn progress(draft: &Draft, at: Step, locale: Locale) -> impl IntoView + use<> {
    let steps = draft.rule().steps();
    let (place, of) = (steps.iter().position(|step| *step == at).unwrap_or(0) + 1, steps.len());
    let segment = |step: &Step| {
        let class = match step.cmp(&at) {
            Ordering::Less => "usa-step-indicator__segment usa-step-indicator__segment--complete",
            Ordering::Equal => "usa-step-indicator__segment usa-step-indicator__segment--current",
            Ordering::Greater => "usa-step-indicator__segment",
        };
        view! {
            <li class=class aria-current=(*step == at).then_some("step")>
                <span class="visually-hidden">{name(*step, locale)}</span>
            </li>
        }
    };
    view! {
        <section class="usa-step-indicator portico-steps" aria-label=text!(locale, e_request.progress)>
            <ol class="usa-step-indicator__segments">{steps.iter().map(segment).collect_view()}</ol>
            <p class="portico-steps__place">{text!(locale, e_request.step_of, place = place, of = of)}": "{name(at, locale)}</p>
        </section>
    }
}
