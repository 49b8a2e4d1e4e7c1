//! The answer: where the case stands, what happens next, and what was.

use std::sync::Arc;

use leptos::prelude::*;
use shared::case_status::{AppointmentView, CaseStatusView, Day, HistoryEntry, LookUpAnswer, Stage, Timing};
use shared::locale::Locale;

use super::delivery::deliveries;
use super::outcome::Outcome;
use super::server::ForgetCase;
use super::timeline::{Entry, timeline};
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::site::SiteInfo;
use crate::text::text;

/// What is shown above the form; nothing for what the field itself says.
pub fn answer(outcome: &Outcome, locale: Locale, site: &Arc<SiteInfo>) -> Option<AnyView> {
    match outcome {
        Outcome::Answer(LookUpAnswer::Shown { case }) => Some(shown(case, locale, site).into_any()),
        Outcome::Answer(LookUpAnswer::SlowDown { retry_after_seconds }) => {
            let title = text!(locale, case_status.slow_title);
            let call = text!(locale, case_status.slow_call);
            let wait = format!("{} {}", text!(locale, case_status.slow_reason), try_again_in(*retry_after_seconds, locale));
            Some(alert("usa-alert--warning", title, wait, call, locale, site).into_any())
        }
        Outcome::Failed => Some(failed(text!(locale, case_status.failed_text), locale, site).into_any()),
        Outcome::Refused => Some(failed(text!(locale, case_status.refused_text), locale, site).into_any()),
        Outcome::Cleared => Some(cleared(locale).into_any()),
        Outcome::Answer(_) => None,
    }
}

/// When somebody who was told to wait may try again. Longer times are told roughly.
pub fn try_again_in(seconds: u32, locale: Locale) -> String {
    let minutes = seconds.div_ceil(60);
    let minutes = if minutes > 10 { minutes.next_multiple_of(5) } else { minutes };
    match minutes {
        0 | 1 => text!(locale, case_status.slow_a_minute).to_owned(),
        2..60 => text!(locale, case_status.slow_minutes, minutes),
        // A limit of an hour is over a second after it.
        60..=65 => text!(locale, case_status.slow_an_hour).to_owned(),
        _ => text!(locale, case_status.slow_hours, hours = (minutes - 5).div_ceil(60)),
    }
}

fn failed(text: &'static str, locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView + use<> {
    let (title, call) = (text!(locale, case_status.failed_title), text!(locale, case_status.failed_call));
    alert("usa-alert--error", title, text.to_owned(), call, locale, site)
}

/// The plain form leads to a page of its own: the focus goes there without scripts as well.
fn cleared(locale: Locale) -> impl IntoView {
    view! {
        <section class="usa-alert usa-alert--success" aria-labelledby="answer">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="answer" tabindex="-1" autofocus=cfg!(feature = "ssr") data-result>
                    {text!(locale, answer.cleared)}
                </h2>
            </div>
        </section>
    }
}

fn alert(
    kind: &'static str,
    title: &'static str,
    text: String,
    call: &'static str,
    locale: Locale,
    site: &Arc<SiteInfo>,
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

fn shown(case: &CaseStatusView, locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView + use<> {
    view! {
        <section class="portico-answer" aria-labelledby="answer">
            <h2 id="answer" tabindex="-1" data-result>{case.title.clone()}</h2>
            <p>{case.description.clone()}</p>
            {next_step(case, locale)}
            {case.appointment.as_ref().map(|appointment| next_appointment(appointment, locale))}
            {deliveries(&case.deliveries, locale)}
            {facts(case, locale)}
            {normal_time(case, locale)}
            {site.sends_mail.then(|| view! { <p><a href=locale.path("/follow")>{text!(locale, follow.link)}</a></p> })}
            <h3>{text!(locale, answer.history_title)}</h3>
            {timeline(case.history.iter().map(history_entry))}
            <h3>{text!(locale, answer.help_title)}</h3>
            <p>{text!(locale, answer.help_text)}</p>
            <p class="portico-on-screen"><a href=locale.path("/e-request")>{text!(locale, answer.ask_link)}</a></p>
            <Telephone locale site=site.clone()/>
            <p class="portico-on-screen">{text!(locale, answer.keep_text)}</p>
            <p><a href=locale.path("/watch-list")>{text!(locale, watch_list.keep_link)}</a></p>
            {forget_form(locale)}
        </section>
    }
}

/// Of interest while the case waits for its decision.
fn normal_time(case: &CaseStatusView, locale: Locale) -> impl IntoView + use<> {
    let href = locale.path("/processing-times/your-case");
    (case.stage < Stage::Decided).then(|| view! { <p><a href=href>{text!(locale, processing_time.your_link)}</a></p> })
}

pub fn time(day: &Day) -> impl IntoView + use<> {
    view! { <time datetime=day.iso.clone()>{day.text.clone()}</time> }
}

fn next_step(case: &CaseStatusView, locale: Locale) -> impl IntoView + use<> {
    let step = case.next_step.clone().map(|step| view! { <p>{step}</p> });
    let timing = case.timing.as_ref().map(|timing| view! { <p>{by_when(timing, locale)}</p> });
    (step.is_some() || timing.is_some()).then(|| {
        view! { <div class="portico-next"><h3>{text!(locale, answer.next_title)}</h3>{step}{timing}</div> }
    })
}

fn by_when(timing: &Timing, locale: Locale) -> AnyView {
    match timing {
        Timing::ActBy(day) => view! { {text!(locale, answer.deadline)}": "<strong>{time(day)}</strong> }.into_any(),
        Timing::ActDayPassed => text!(locale, answer.act_day_passed).into_any(),
        Timing::ShouldHaveCome => text!(locale, answer.should_have_come).into_any(),
        Timing::AppointmentPassed => text!(locale, answer.appointment_passed).into_any(),
    }
}

fn next_appointment(appointment: &AppointmentView, locale: Locale) -> impl IntoView + use<> {
    view! {
        <div class="portico-appointment">
            <h3>{text!(locale, answer.appointment_title)}</h3>
            <p class="portico-appointment__when">{time(&appointment.day)}", "{appointment.time.clone()}</p>
            {appointment.office.clone().map(|office| view! { <p>{office}</p> })}
            <p>{text!(locale, answer.appointment_notice)}</p>
            <p class="portico-on-screen"><a href=locale.path("/appointment.ics")>{text!(locale, answer.appointment_link)}</a></p>
        </div>
    }
}

fn facts(case: &CaseStatusView, locale: Locale) -> impl IntoView + use<> {
    let form_name = case.form_name.as_ref().map(|name| format!(", {name}"));
    let form = view! { <span class="portico-unbroken">{case.form.clone()}</span>{form_name} };
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

fn history_entry(entry: &HistoryEntry) -> Entry<'_> {
    Entry { what: &entry.title, day: &entry.day, more: String::new() }
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

#[cfg(test)]
mod tests {
    use super::try_again_in;
    use shared::locale::Locale;

    #[test]
    fn a_longer_wait_is_told_in_round_numbers() {
        for (seconds, said) in [
            (1, "one minute"),
            (61, "2 minutes"),
            (600, "10 minutes"),
            (601, "15 minutes"),
            (3300, "55 minutes"),
            (3301, "one hour"),
            (3601, "one hour"),
            (3901, "2 hours"),
            (13 * 3600 + 1, "13 hours"),
        ] {
            assert!(
                try_again_in(seconds, Locale::En).ends_with(&format!("in about {said}.")),
                "{seconds}: {}",
                try_again_in(seconds, Locale::En)
            );
        }
        assert!(try_again_in(3600, Locale::Es).ends_with("en una hora aproximadamente."));
    }
}
