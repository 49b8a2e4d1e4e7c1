//! Check a case: one field, and the answer.
//!
//! A plain form posts to [`server::find_case`], which keeps the question in the session's cookie and redirects; the page
//! that follows shows the answer. With scripts the same function is called and its answer shown in place. The page shows
//! nothing that depends on anything but the answer: a hidden case cannot be told from one that does not exist.

mod answer;
#[cfg(feature = "ssr")]
pub mod calendar;
#[cfg(feature = "ssr")]
pub mod classic;
mod delivery;
mod form;
#[cfg(feature = "ssr")]
mod look_up;
mod outcome;
mod problem;
mod server;
mod timeline;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::case_status::LookUpAnswer;
use shared::locale::Locale;

use super::notice::{Collection, FormNotices};
use super::site::SiteInfo;
use super::{Layout, use_locale, use_site};
use crate::text::text;
pub(super) use answer::try_again_in;
#[cfg(feature = "ssr")]
pub use delivery::state as delivery_state;
use form::LookUpForm;
#[cfg(feature = "ssr")]
pub use look_up::{find_first, status_of};
use outcome::Outcome;
pub(super) use problem::Problem;
pub(super) use server::forget_case;
pub use server::{FindCase, ForgetCase};

/// Its path, without its language.
const PAGE: &str = "/case-status";

#[component]
pub fn CaseStatusPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let first = SharedValue::new(server::first_outcome).into_inner();
    let (frame, notices) = (site.clone(), site.clone());
    view! {
        <Layout locale site=frame page=PAGE>
            <LookUp first locale site/>
            <FormNotices locale site=notices collection=Collection::case_status(locale)/>
        </Layout>
    }
}

/// The form with the newest answer above it.
#[component]
fn LookUp(first: Outcome, locale: Locale, site: Arc<SiteInfo>) -> impl IntoView {
    let find = ServerAction::<FindCase>::new();
    let outcome = RwSignal::new(first);
    let announced = RwSignal::new(String::new());
    show_answers_in_place(find, outcome, announced, locale);

    let title = {
        let site = site.clone();
        move || site.title(locale, &outcome.with(|outcome| page_title(outcome, locale)))
    };
    // The server writes the head after the page, when the page's signals may be gone already: it needs the text itself.
    #[cfg(feature = "ssr")]
    let title = title();
    let is_shown = Memo::new(move |_| outcome.with(Outcome::is_shown));
    let around_form = move || if is_shown.get() { text!(locale, case_status.another) } else { text!(locale, case_status.lead) };
    view! {
        <Title text=title/>
        {move || outcome.with(Problem::of).map(|problem| problem.summary(locale))}
        <h1>{move || outcome.with(|outcome| heading(outcome, locale))}</h1>
        {
            let site = site.clone();
            move || outcome.with(|outcome| answer::answer(outcome, locale, &site))
        }
        <p class="visually-hidden" role="status">{announced}</p>
        {move || if is_shown.get() {
            view! { <h2>{around_form()}</h2> }.into_any()
        } else {
            view! { <p class="portico-lead">{around_form()}</p> }.into_any()
        }}
        <LookUpForm find outcome locale/>
        {move || outcome.with(|outcome| problem::what_else(outcome, locale, &site))}
    }
}

fn heading(outcome: &Outcome, locale: Locale) -> &'static str {
    if outcome.is_shown() { text!(locale, case_status.title_shown) } else { text!(locale, case_status.title) }
}

/// Never holds the receipt number: titles end up in histories and on shared screens.
fn page_title(outcome: &Outcome, locale: Locale) -> String {
    let is_in_the_way = matches!(outcome, Outcome::Failed | Outcome::Refused | Outcome::Answer(LookUpAnswer::SlowDown { .. }));
    let is_error = is_in_the_way || Problem::of(outcome).is_some();
    let prefix = if is_error { text!(locale, common.error_prefix) } else { "" };
    format!("{prefix} {}", heading(outcome, locale)).trim_start().to_owned()
}

/// In the browser: replaces what is shown by each answer that arrives, and leads the reader to it.
fn show_answers_in_place(find: ServerAction<FindCase>, outcome: RwSignal<Outcome>, announced: RwSignal<String>, locale: Locale) {
    let (answers, is_busy) = (find.value(), find.pending());
    Effect::new(move |_| {
        if is_busy.get() {
            announced.set(text!(locale, case_status.button_busy).to_owned());
        }
    });
    Effect::new(move |_| {
        let Some(answer) = answers.get() else { return };
        announced.set(match &answer {
            Ok(LookUpAnswer::Shown { case }) => format!("{} {}", text!(locale, answer.announced), case.title),
            _ => String::new(),
        });
        outcome.set(Outcome::from(answer));
        outcome::lead_reader_to_it();
    });
}
