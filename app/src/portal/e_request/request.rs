//! What became of a request: found by its number and what was given with it.

use axum::http::header::CACHE_CONTROL;
use domain::e_request::{Catalogue, Question, QuestionProblem};
use domain::service_request::{LONGEST_ADDITION, RequestView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::locale::Locale;
use shared::service_request::{Balance, Count, Deadline, Due, Line, Moment, PauseReason, Reading, Run, State, Step, StepName};

use super::answers::answers;
use super::found::{Found, found};
use super::mistakes::{Mistake, error, summary, title};
use super::server::{AddInformation, FindRequest, WithdrawRequest};
use super::start::clear_page;
use super::{REQUEST, START, STATUS};
use crate::context::PortalContext;
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::processing_time::number;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

/// Asks for a request's number, and what only its owner knows.
#[component]
pub fn FollowUpPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let (question, problems) = match found() {
        Found::Question { question, problems } => (question, problems),
        Found::Failed(status) => {
            response.set_status(status);
            Default::default()
        }
        _ => Default::default(),
    };
    let heading = text!(locale, e_request.status_title);
    let mistakes: Vec<Mistake> =
        problems.iter().map(|problem| (field_of(*problem).to_owned(), words(*problem, locale).to_owned())).collect();
    view! {
        <Title text=site.title(locale, &title(heading, !mistakes.is_empty(), locale))/>
        <Layout locale site=site.clone() page=STATUS>
            {summary(mistakes, locale)}
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, e_request.status_lead)}</p>
            {question_form(question, &problems, locale)}
            <h2>{text!(locale, e_request.status_lost_title)}</h2>
            <p>{text!(locale, e_request.status_lost)}</p>
            <Telephone locale site=site.clone()/>
            <p><a href=locale.path(START)>{text!(locale, e_request.to_start)}</a></p>
        </Layout>
    }
}

fn words(problem: QuestionProblem, locale: Locale) -> &'static str {
    match problem {
        QuestionProblem::NumberMissing => text!(locale, e_request.number_missing),
        QuestionProblem::NumberWrong => text!(locale, e_request.number_wrong),
        QuestionProblem::NumberMistyped => text!(locale, e_request.number_mistyped),
        QuestionProblem::ProofMissing => text!(locale, e_request.proof_missing),
        QuestionProblem::ZipWrong => text!(locale, follow.zip_wrong),
        QuestionProblem::BirthDateWrong => text!(locale, follow.birth_wrong),
        QuestionProblem::NotRecognised => text!(locale, e_request.not_recognised),
    }
}

/// The id of the field that has to be looked at.
const fn field_of(problem: QuestionProblem) -> &'static str {
    match problem {
        QuestionProblem::NumberMissing
        | QuestionProblem::NumberWrong
        | QuestionProblem::NumberMistyped
        | QuestionProblem::NotRecognised => "number",
        QuestionProblem::ProofMissing | QuestionProblem::ZipWrong => "zip",
        QuestionProblem::BirthDateWrong => "month",
    }
}

fn question_form(question: Question, problems: &[QuestionProblem], locale: Locale) -> impl IntoView + use<> {
    let problem = |field: &str| problems.iter().copied().find(|problem| field_of(*problem) == field);
    let Question { number: typed, zip, month, day, year } = question;
    view! {
        <form class="usa-form portico-form portico-request" action=FindRequest::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            {line("number", text!(locale, e_request.number_label), text!(locale, e_request.number_hint), typed, problem("number"), locale)}
            <h2>{text!(locale, follow.proof_title)}</h2>
            <p>{text!(locale, e_request.status_proof)}</p>
            {line("zip", text!(locale, e_request.resume_zip), text!(locale, e_request.status_zip_hint), zip, problem("zip"), locale)}
            {birth_date([year, month, day], problem("month"), locale)}
            <button class="usa-button" type="submit">{text!(locale, e_request.status_button)}</button>
        </form>
    }
}

fn group(problem: Option<QuestionProblem>) -> &'static str {
    if problem.is_some() { "usa-form-group usa-form-group--error" } else { "usa-form-group" }
}

fn line(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    problem: Option<QuestionProblem>,
    locale: Locale,
) -> impl IntoView {
    let described = if problem.is_some() { format!("{id}-error {id}-hint") } else { format!("{id}-hint") };
    view! {
        <div class=group(problem)>
            <label class="usa-label" for=id>{label}</label>
            <span class="usa-hint" id=format!("{id}-hint")>{hint}</span>
            {problem.map(|problem| error(id, words(problem, locale), locale))}
            <input
                class=if problem.is_some() { "usa-input usa-input--error portico-short" } else { "usa-input portico-short" }
                id=id
                name=id
                type="text"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                maxlength="40"
                value=value
                aria-describedby=described
                aria-invalid=problem.is_some().then_some("true")
            />
        </div>
    }
}

fn birth_date([year, month, day]: [String; 3], problem: Option<QuestionProblem>, locale: Locale) -> impl IntoView {
    let months = locale.month_names().iter().enumerate().map(|(at, name)| {
        let value = (at + 1).to_string();
        view! { <option value=value.clone() selected=value == month>{*name}</option> }
    });
    view! {
        <div class=group(problem)>
            <fieldset class="usa-fieldset" aria-describedby=if problem.is_some() { "month-error birth-hint" } else { "birth-hint" }>
                <legend class="usa-label">{text!(locale, follow.birth_title)}</legend>
                <span class="usa-hint" id="birth-hint">{text!(locale, e_request.status_birth_hint)}</span>
                {problem.map(|problem| error("month", words(problem, locale), locale))}
                <div class="usa-memorable-date">
                    <div class="usa-form-group usa-form-group--month usa-form-group--select">
                        <label class="usa-label" for="month">{text!(locale, processing_time.month)}</label>
                        <select class="usa-input portico-select" id="month" name="month" aria-invalid=problem.is_some().then_some("true")>
                            <option value="">{text!(locale, processing_time.choose)}</option>
                            {months.collect_view()}
                        </select>
                    </div>
                    {number("day", text!(locale, processing_time.day), "2", day, problem.is_some())}
                    {number("year", text!(locale, processing_time.year), "4", year, problem.is_some())}
                </div>
            </fieldset>
        </div>
    }
}

/// A request, for who has shown that it is theirs.
#[component]
pub fn RequestPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let heading = text!(locale, e_request.request_title);
    let query = use_query_map().get_untracked();
    let is_empty = query.get("empty").is_some();
    let (request, answered) = match found() {
        Found::Request { request, answers } => (Some(request), answers),
        Found::Failed(status) => {
            response.set_status(status);
            (None, std::sync::Arc::default())
        }
        _ => (None, std::sync::Arc::default()),
    };
    let without_reason: Option<i64> = query.get("why").and_then(|number| number.parse().ok());
    let said = query.get("reopened").map(|_| true).or_else(|| query.get("noted").map(|_| false));
    let was_added = query.get("added").is_some();
    let content = request.map(|request| {
        let kind = Catalogue::get().kind_wording(request.kind, locale).map(|wording| wording.title.clone());
        let office = request.office.clone().map(|office| view! { <div><dt>{text!(locale, e_request.office)}</dt><dd>{office}</dd></div> });
        let moved = request.redirected_on.map(|day| view! { <p>{text!(locale, e_request.moved, day = locale.long_date(day))}</p> });
        view! {
            {was_added.then(|| view! {
                <section class="usa-alert usa-alert--success" aria-labelledby="added">
                    <div class="usa-alert__body">
                        <h2 class="usa-alert__heading" id="added" tabindex="-1" autofocus=true>{text!(locale, e_request.added)}</h2>
                    </div>
                </section>
            })}
            {said.map(|reopened| taken(reopened, &request, locale))}
            <p class="portico-lead"><strong>{state_in_words(&request.state, locale)}</strong></p>
            <dl class="portico-facts">
                <div><dt>{text!(locale, e_request.number_label)}</dt><dd class="portico-number">{request.number.grouped()}</dd></div>
                <div><dt>{text!(locale, e_request.what_about)}</dt><dd>{kind}</dd></div>
                {office}
            </dl>
            {moved}
            {answers(&answered, without_reason, locale)}
            <h2>{text!(locale, e_request.steps_title)}</h2>
            {steps(&request, locale)}
            {arithmetic(&request, locale)}
            {additions(&request, locale)}
            {request.is_open().then(|| add_form(is_empty, locale))}
            {request.is_open().then(|| withdraw_form(locale))}
        }
    });
    let why = without_reason.map(|number| (format!("why-{number}"), text!(locale, e_request.not_helped_empty).to_owned()));
    let mistakes: Vec<Mistake> = is_empty
        .then(|| ("information".to_owned(), text!(locale, e_request.add_empty).to_owned()))
        .into_iter()
        .chain(why)
        .collect();
    view! {
        <Title text=site.title(locale, &title(heading, !mistakes.is_empty(), locale))/>
        <Layout locale site=site.clone() page=REQUEST>
            {summary(mistakes, locale)}
            <h1>{heading}</h1>
            {content}
            <h2>{text!(locale, answer.help_title)}</h2>
            <Telephone locale site=site.clone()/>
            {clear_page(locale)}
        </Layout>
    }
}

/// What happens now that an answer did not help.
fn taken(reopened: bool, request: &RequestView, locale: Locale) -> impl IntoView + use<> {
    let (heading, words) = if reopened {
        let day = locale.long_date(request.reading.due.day());
        (text!(locale, e_request.reopened_title), text!(locale, e_request.reopened_text, day = day))
    } else {
        (text!(locale, e_request.noted_title), text!(locale, e_request.noted_text).to_owned())
    };
    view! {
        <section class="usa-alert usa-alert--success" aria-labelledby="taken">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="taken" tabindex="-1" autofocus=true>{heading}</h2>
                <p class="usa-alert__text">{words}</p>
            </div>
        </section>
    }
}

/// Where a request stands, in a sentence.
pub fn state_in_words(state: &State, locale: Locale) -> &'static str {
    match state {
        State::Received | State::Stored => text!(locale, e_request.state_stored),
        State::Routed(_) | State::Assigned(_) => text!(locale, e_request.state_routed),
        State::Opened(_) => text!(locale, e_request.state_opened),
        State::WaitingForPerson(_) => text!(locale, e_request.state_waiting),
        State::Paused(..) => text!(locale, e_request.state_paused),
        State::Answered(_) => text!(locale, e_request.state_answered),
        State::Withdrawn => text!(locale, e_request.state_withdrawn),
        State::Superseded { .. } => text!(locale, e_request.state_superseded),
    }
}

/// The steps with their times, and until when each is to be done.
pub fn steps(request: &RequestView, locale: Locale) -> impl IntoView + use<> {
    let step = |step: &Step| {
        let name = match step.name {
            StepName::Received => text!(locale, e_request.received),
            StepName::Stored => text!(locale, e_request.stored),
            StepName::Routed => text!(locale, e_request.routed),
            StepName::Opened => text!(locale, e_request.opened),
            StepName::Answered => text!(locale, e_request.answered),
        };
        let when = match (step.at, step.deadline) {
            (Some(at), _) => {
                let (machine, local) = moment(at, locale);
                view! { {text!(locale, e_request.done)}" "<time datetime=machine>{local}</time> }.into_any()
            }
            (None, Some(Deadline::On(day))) => {
                view! { {text!(locale, e_request.not_done)}" "{text!(locale, e_request.by)}" "{locale.long_date(day)}"." }
                    .into_any()
            }
            (None, Some(Deadline::At(_))) => {
                view! { {text!(locale, e_request.not_done)}" "{text!(locale, e_request.within_minutes)} }.into_any()
            }
            (None, None) => text!(locale, e_request.no_longer).into_any(),
        };
        let class = if step.at.is_some() { "usa-process-list__item portico-done" } else { "usa-process-list__item portico-open" };
        view! {
            <li class=class>
                <p class="usa-process-list__heading">{name}</p>
                <p>{when}</p>
            </li>
        }
    };
    view! { <ol class="usa-process-list">{request.steps.iter().map(step).collect_view()}</ol> }
}

/// A moment on the agency's clock, for machines and for people.
pub(super) fn moment(moment: Moment, locale: Locale) -> (String, String) {
    let day = locale.long_date(moment.day);
    let Some(portal) = PortalContext::current() else { return (moment.day.to_string(), day) };
    let local = moment.at.with_timezone(&portal.domain.zone);
    let words = format!("{day}, {} {}", locale.clock_time(local.time()), local.format("%Z"));
    (local.format("%Y-%m-%dT%H:%M%:z").to_string(), words)
}

/// How the day of the answer was reckoned.
pub fn arithmetic(request: &RequestView, locale: Locale) -> impl IntoView + use<> {
    let lines = lines_in_words(&request.reading, locale).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <details class="portico-details">
            <summary>{text!(locale, e_request.arithmetic_title)}</summary>
            <ol>{lines}</ol>
        </details>
    }
}

fn days(count: u32, locale: Locale) -> String {
    if count == 1 { text!(locale, e_request.one_day).to_owned() } else { text!(locale, e_request.days, days = count) }
}

/// The arithmetic of a clock, a sentence to a line.
pub fn lines_in_words(reading: &Reading, locale: Locale) -> Vec<String> {
    reading.arithmetic.iter().map(|line| line_in_words(line, reading.run, locale)).collect()
}

pub(super) fn line_in_words(line: &Line, now: Run, locale: Locale) -> String {
    let date = |day| locale.long_date(day);
    match line {
        Line::Started { on } => format!("{} {}.", text!(locale, e_request.line_started), date(*on)),
        Line::Target { target, due } => {
            let kind = match target.count {
                Count::Calendar => text!(locale, e_request.line_calendar),
                Count::Business => text!(locale, e_request.line_business),
            };
            format!("{} {} {kind}: {}.", text!(locale, e_request.line_target), days(u32::from(target.days), locale), date(*due))
        }
        Line::ClosedOn { day, .. } => format!("{} {}.", text!(locale, e_request.line_closed), date(*day)),
        Line::Passed { until, days: passed } => {
            format!("{} {}: {}.", text!(locale, e_request.line_passed), date(*until), days(*passed, locale))
        }
        Line::NotCounted { run, from, until, days: count } => {
            let why = match run {
                Run::WaitingForPerson => text!(locale, e_request.line_waiting),
                Run::Paused(PauseReason::FileRequested) => text!(locale, e_request.line_file),
                Run::Paused(PauseReason::OtherOffice) => text!(locale, e_request.line_other_office),
                Run::Paused(PauseReason::SystemOutage) => text!(locale, e_request.line_outage),
                Run::Running | Run::Stopped => text!(locale, e_request.line_stood),
            };
            let until = until.map_or_else(|| text!(locale, e_request.line_today).to_owned(), date);
            format!("{why} {} – {until}: {}.", date(*from), days(*count, locale))
        }
        Line::Stopped { on } => format!("{} {}.", text!(locale, e_request.line_stopped), date(*on)),
        Line::Used { days: used } => format!("{} {}.", text!(locale, e_request.line_used), days(*used, locale)),
        Line::Balance { balance, due } => {
            let left = match balance {
                Balance::Left(left) => format!("{} {}.", text!(locale, e_request.line_left), days(*left, locale)),
                Balance::Over(over) => format!("{} {}.", text!(locale, e_request.line_over), days(*over, locale)),
            };
            let words = match due {
                Due::On(_) if now == Run::Stopped => text!(locale, e_request.line_was_due),
                Due::On(_) => text!(locale, e_request.line_due),
                Due::NotBefore(_) => text!(locale, e_request.line_not_before),
            };
            format!("{left} {words} {}.", date(due.day()))
        }
    }
}

fn additions(request: &RequestView, locale: Locale) -> impl IntoView + use<> {
    let days = request.additions.iter().map(|day| view! { <li>{locale.long_date(*day)}</li> }).collect_view();
    (!request.additions.is_empty()).then(|| view! { <h2>{text!(locale, e_request.additions)}</h2><ul>{days}</ul> })
}

fn add_form(is_empty: bool, locale: Locale) -> impl IntoView {
    let error = is_empty.then(|| error("information", text!(locale, e_request.add_empty), locale));
    view! {
        <h2>{text!(locale, e_request.add_title)}</h2>
        <form class="usa-form portico-form portico-request" action=AddInformation::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <div class=if is_empty { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
                <label class="usa-label" for="information">{text!(locale, e_request.add_label)}</label>
                <span class="usa-hint" id="information-hint">{text!(locale, e_request.at_most, longest = LONGEST_ADDITION)}</span>
                {error}
                <textarea
                    class=if is_empty { "usa-textarea usa-input--error" } else { "usa-textarea" }
                    id="information"
                    name="information"
                    rows="6"
                    maxlength=LONGEST_ADDITION.to_string()
                    aria-describedby=if is_empty { "information-error information-hint" } else { "information-hint" }
                    aria-invalid=is_empty.then_some("true")
                ></textarea>
            </div>
            <button class="usa-button" type="submit">{text!(locale, e_request.add_button)}</button>
        </form>
    }
}

fn withdraw_form(locale: Locale) -> impl IntoView {
    view! {
        <h2>{text!(locale, e_request.withdraw_title)}</h2>
        <p>{text!(locale, e_request.withdraw_text)}</p>
        <form class="portico-form" action=WithdrawRequest::url() method="post">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <button class="usa-button usa-button--outline" type="submit">{text!(locale, e_request.withdraw_button)}</button>
        </form>
    }
}
