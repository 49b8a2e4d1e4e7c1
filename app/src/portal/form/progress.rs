//! Where somebody is in a form, in words that need no picture.

use std::cmp::Ordering;

use leptos::prelude::*;
use shared::locale::Locale;

use crate::text::text;

/// The step indicator. Its segments have no visible names: eight of them fit no telephone, nor any language but English.
pub fn progress(names: &[&'static str], at: usize, locale: Locale) -> impl IntoView + use<> {
    let segment = |(place, name): (usize, &&'static str)| {
        let class = match place.cmp(&at) {
            Ordering::Less => "usa-step-indicator__segment usa-step-indicator__segment--complete",
            Ordering::Equal => "usa-step-indicator__segment usa-step-indicator__segment--current",
            Ordering::Greater => "usa-step-indicator__segment",
        };
        view! {
            <li class=class aria-current=(place == at).then_some("step")>
                <span class="visually-hidden">{*name}</span>
            </li>
        }
    };
    let segments = names.iter().enumerate().map(segment).collect_view();
    let place = text!(locale, e_request.step_of, place = at + 1, of = names.len());
    view! {
        <section class="usa-step-indicator portico-steps" aria-label=text!(locale, e_request.progress)>
            <ol class="usa-step-indicator__segments">{segments}</ol>
            <p class="portico-steps__place">{place}": "{names.get(at).copied()}</p>
        </section>
    }
}
