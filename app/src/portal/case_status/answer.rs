//! The answer: where the case stands, what happens next, and what was.

use leptos::prelude::*;
use shared::case_status::{AppointmentView, CaseStatusView, Day, HistoryEntry, LookUpAnswer, Stage};
use shared::locale::Locale;

use super::outcome::Outcome;
use super::server::ForgetCase;
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::site::SiteInfo;
use crate::text::text;

/// What is shown above the form; nothing for what the field itself says.
pub fn answer(outcome: &Outcome, locale: Locale, site: &SiteInfo) -> Option<AnyView> {
    match outcome {
        Outcome::Answer(LookUpAnswer::Shown { case }) => Some(shown(case, locale, site).into_any()),
        Outcome::Answer(LookUpAnswer::SlowDown { retry_after_seconds }) => {
            let title = text!(locale, case_status.slow_title);
            let call = text!(locale, case_status.slow_call);
            Some(alert("usa-alert--warning", title, wait(*retry_after_seconds, locale), call, locale, site).into_any())
        }
        Outcome::Failed => {
            let title = text!(locale, case_status.failed_title);
            let text = text!(locale, case_status.failed_text).to_owned();
            Some(alert("usa-alert--error", title, text, text!(locale, case_status.failed_call), locale, site).into_any())
        }
        Outcome::Answer(_) => None,
    }
}

fn wait(seconds: u32, locale: Locale) -> String {
    let until = match seconds.div_ceil(60) {
        0 | 1 => text!(locale, case_status.slow_a_minute).to_owned(),
        minutes @ 2..=90 => text!(locale, case_status.slow_minutes, minutes),
        minutes => text!(locale, case_status.slow_hours, hours = minutes.div_ceil(60)),
    };
    format!("{} {until}", text!(locale, case_status.slow_reason))
}

fn alert(
    kind: &'static str,
    title: &'static str,
    text: String,
    call: &'static str,
    locale: Locale,
    site: &SiteInfo,
) -> impl IntoView + use<> {
    view! {
        <section class=format!("usa-alert {kind}") aria-labelledby="answer">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="answer" tabindex="-1" data-result>{title}</h2>
                <p class="usa-alert__text">{text}</p>
                <p class="usa-alert__text">{call}</p>
                <Telephone locale site=site.clone()/>
            </div>
        </section>
    }
}

fn shown(case: &CaseStatusView, locale: Locale, site: &SiteInfo) -> impl IntoView + use<> {
    view! {
        <section class="portico-answer" aria-labelledby="answer">
            <h2 id="answer" tabindex="-1" data-result>{case.title.clone()}</h2>
            <p>{case.description.clone()}</p>
            {next_step(case, locale)}
            {case.appointment.as_ref().map(|appointment| next_appointment(appointment, locale))}
            {facts(case, locale)}
            <h3>{text!(locale, answer.history_title)}</h3>
            <ol class="portico-timeline">{case.history.iter().map(history_entry).collect_view()}</ol>
            <h3>{text!(locale, answer.help_title)}</h3>
            <p>{text!(locale, answer.help_text)}</p>
            <Telephone locale site=site.clone()/>
            <p>{text!(locale, answer.keep_text)}</p>
            {forget_form(locale)}
        </section>
    }
}

fn time(day: &Day) -> impl IntoView + use<> {
    view! { <time datetime=day.iso.clone()>{day.text.clone()}</time> }
}

fn next_step(case: &CaseStatusView, locale: Locale) -> impl IntoView + use<> {
    let step = case.next_step.clone().map(|step| view! { <p>{step}</p> });
    let deadline = case.deadline.as_ref().map(|deadline| {
        view! { <p>{text!(locale, answer.deadline)}": "<strong>{time(deadline)}</strong></p> }
    });
    (step.is_some() || deadline.is_some()).then(|| {
        view! { <div class="portico-next"><h3>{text!(locale, answer.next_title)}</h3>{step}{deadline}</div> }
    })
}

fn next_appointment(appointment: &AppointmentView, locale: Locale) -> impl IntoView + use<> {
    view! {
        <div class="portico-appointment">
            <h3>{text!(locale, answer.appointment_title)}</h3>
            <p class="portico-appointment__when">{time(&appointment.day)}", "{appointment.time.clone()}</p>
            {appointment.office.clone().map(|office| view! { <p>{office}</p> })}
            <p>{text!(locale, answer.appointment_notice)}</p>
            <p><a href=locale.path("/appointment.ics")>{text!(locale, answer.appointment_link)}</a></p>
        </div>
    }
}

fn facts(case: &CaseStatusView, locale: Locale) -> impl IntoView + use<> {
    let form = match &case.form_name {
        Some(name) => format!("{}, {name}", case.form),
        None => case.form.clone(),
    };
    let number = view! { <span class="portico-number">{case.receipt_number.clone()}</span> };
    view! {
        <h3>{text!(locale, answer.facts_title)}</h3>
        <dl class="portico-facts">
            {fact(text!(locale, answer.stage), stage(case.stage, locale))}
            {fact(text!(locale, answer.updated), time(&case.updated))}
            {fact(text!(locale, answer.form), form)}
            {fact(text!(locale, answer.receipt_number), number)}
        </dl>
    }
}

fn fact(term: &'static str, description: impl IntoView) -> impl IntoView {
    view! { <div><dt>{term}</dt><dd>{description}</dd></div> }
}

fn stage(stage: Stage, locale: Locale) -> &'static str {
    match stage {
        Stage::Received => text!(locale, answer.stage_received),
        Stage::ActionNeeded => text!(locale, answer.stage_action_needed),
        Stage::Appointment => text!(locale, answer.stage_appointment),
        Stage::InReview => text!(locale, answer.stage_in_review),
        Stage::Decided => text!(locale, answer.stage_decided),
        Stage::OnItsWay => text!(locale, answer.stage_on_its_way),
        Stage::Finished => text!(locale, answer.stage_finished),
    }
}

fn history_entry(entry: &HistoryEntry) -> impl IntoView + use<> {
    view! { <li><p class="portico-timeline__title">{entry.title.clone()}</p>{time(&entry.day)}</li> }
}

/// For shared computers. A plain form: the page that follows holds nothing of the answer.
fn forget_form(locale: Locale) -> impl IntoView {
    view! {
        <form class="portico-forget" action=ForgetCase::url() method="post">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <p>{text!(locale, answer.clear_text)}</p>
            <button class="usa-button usa-button--outline" type="submit">{text!(locale, answer.clear_button)}</button>
        </form>
    }
}
