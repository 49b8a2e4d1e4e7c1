//! The form with one field. In the browser the field checks itself, but not while somebody still types.

use std::time::Duration;

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use shared::case_status::LookUpAnswer;
use shared::locale::Locale;

use super::outcome::{self, Outcome};
use super::problem::Problem;
use super::server::FindCase;
use crate::csrf::CsrfField;
use crate::text::text;

/// The field's name and id.
pub const FIELD: &str = "receipt_number";

/// Longer than a click: a message that pushes the button away before the click ends would swallow the click.
const AFTER_LEAVING: Duration = Duration::from_millis(250);

#[component]
pub fn LookUpForm(find: ServerAction<FindCase>, outcome: RwSignal<Outcome>, locale: Locale) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let problem = RwSignal::new(outcome.with_untracked(Problem::of));
    follow_outcomes(outcome, problem, field);
    let typed = move || field.get_untracked().map(|field| field.value()).unwrap_or_default();

    let is_busy = find.pending();

    let check_before_sending = move |event: SubmitEvent| {
        if is_busy.get_untracked() {
            return event.prevent_default();
        }
        let Some(answer) = refused_here(&typed()) else { return };
        event.prevent_default();
        outcome.set(Outcome::Answer(answer));
        outcome::lead_reader_to_it();
    };
    let check_after_leaving = move |_| {
        set_timeout(
            move || {
                if Problem::of_text(&typed()) == Some(Problem::Malformed) {
                    problem.set(Some(Problem::Malformed));
                }
            },
            AFTER_LEAVING,
        );
    };
    let see_whether_mended = move |_| {
        if problem.get_untracked().is_some() && Problem::of_text(&typed()).is_none() {
            problem.set(None);
        }
    };
    let has_problem = move || problem.get().is_some();
    let described_by = move || if has_problem() { "receipt_number-error receipt_number-hint" } else { "receipt_number-hint" };

    view! {
        <ActionForm
            action=find
            attr:class="usa-form portico-lookup"
            attr:novalidate=true
            on:submit:capture=check_before_sending
        >
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <div class="usa-form-group" class=("usa-form-group--error", has_problem)>
                <label class="usa-label" class=("usa-label--error", has_problem) for=FIELD>{text!(locale, case_status.label)}</label>
                <span class="usa-hint" id="receipt_number-hint">{text!(locale, case_status.hint)}</span>
                {move || problem.get().map(|problem| error_message(problem, locale))}
                <input
                    class="usa-input"
                    class=("usa-input--error", has_problem)
                    id=FIELD
                    name=FIELD
                    type="text"
                    maxlength="24"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    value=outcome.with_untracked(|outcome| outcome.typed().to_owned())
                    aria-describedby=described_by
                    aria-invalid=move || has_problem().then_some("true")
                    node_ref=field
                    on:blur=check_after_leaving
                    on:input=see_whether_mended
                />
            </div>
            <button class="usa-button" type="submit" aria-disabled=move || is_busy.get().then_some("true")>
                {move || if is_busy.get() { text!(locale, case_status.button_busy) } else { text!(locale, case_status.button) }}
            </button>
        </ActionForm>
    }
}

fn error_message(problem: Problem, locale: Locale) -> impl IntoView {
    view! {
        <span class="usa-error-message" id="receipt_number-error">
            <span class="visually-hidden">{text!(locale, common.error_prefix)}" "</span>
            {problem.message(locale)}
        </span>
    }
}

/// The answer that the server would give to a text that is no receipt number.
fn refused_here(typed: &str) -> Option<LookUpAnswer> {
    match Problem::of_text(typed)? {
        Problem::Empty => Some(LookUpAnswer::Empty),
        Problem::Malformed | Problem::NotRecognised => Some(LookUpAnswer::Malformed { typed: typed.to_owned() }),
    }
}

/// In the browser: each new answer says anew what is wrong with the field, and an answered one is ready for another number.
fn follow_outcomes(outcome: RwSignal<Outcome>, problem: RwSignal<Option<Problem>>, field: NodeRef<Input>) {
    Effect::watch(
        move || outcome.get(),
        move |outcome, _, _| {
            problem.set(Problem::of(outcome));
            if let Some(field) = field.get_untracked().filter(|_| outcome.is_shown()) {
                field.set_value("");
            }
        },
        false,
    );
}
