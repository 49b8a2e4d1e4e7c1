//! Asks for a report's number, or takes the link of a message, and for what only its sender knows.

use axum::http::header::CACHE_CONTROL;
use domain::change_of_address::{Question, QuestionProblem};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use shared::locale::Locale;

use super::found::{Found, found};
use super::server::FindReport;
use super::{START, STATUS};
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::form::{FieldFrame, Line, error_summary};
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn ChangeStatusPage() -> impl IntoView {
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
    let heading = text!(locale, change.status_title);
    let title = if problems.is_empty() { heading.to_owned() } else { format!("{} {heading}", text!(locale, common.error_prefix)) };
    let query = if question.link.is_empty() { String::new() } else { format!("?link={}", question.link) };
    let has_number = question.link.is_empty();
    let entry = |problem: &QuestionProblem| (anchor(*problem, has_number).to_owned(), words(*problem, locale).to_owned());
    let entries: Vec<(String, String)> = problems.iter().map(entry).collect();
    view! {
        <Title text=site.title(locale, &title)/>
        <Layout locale site=site.clone() page=STATUS query=query>
            {error_summary(entries, locale)}
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, change.status_lead)}</p>
            {form(&question, &problems, locale)}
            <h2>{text!(locale, change.status_lost_title)}</h2>
            <p>{text!(locale, change.status_lost)}</p>
            <Telephone locale site=site.clone()/>
            <p><a href=locale.path(START)>{text!(locale, change.to_start)}</a></p>
        </Layout>
    }
}

const fn anchor(problem: QuestionProblem, has_number: bool) -> &'static str {
    match problem {
        QuestionProblem::NumberMissing | QuestionProblem::NumberWrong | QuestionProblem::NumberMistyped => "number",
        QuestionProblem::NotRecognised if has_number => "number",
        QuestionProblem::BirthDateMissing | QuestionProblem::BirthDateWrong | QuestionProblem::NotRecognised => "birth_month",
    }
}

fn words(problem: QuestionProblem, locale: Locale) -> &'static str {
    match problem {
        QuestionProblem::NumberMissing => text!(locale, change.report_missing),
        QuestionProblem::NumberWrong => text!(locale, e_request.number_wrong),
        QuestionProblem::NumberMistyped => text!(locale, e_request.number_mistyped),
        QuestionProblem::BirthDateMissing | QuestionProblem::BirthDateWrong => text!(locale, change.birth_missing),
        QuestionProblem::NotRecognised => text!(locale, change.report_not_recognised),
    }
}

fn form(question: &Question, problems: &[QuestionProblem], locale: Locale) -> impl IntoView + use<> {
    let has_number = question.link.is_empty();
    let error = |id: &str| {
        let problem = problems.iter().find(|problem| anchor(**problem, has_number) == id);
        problem.map(|problem| words(*problem, locale).to_owned())
    };
    let number = has_number.then(|| {
        let frame = FieldFrame {
            key: "number".to_owned(),
            label: text!(locale, change.receipt_number).to_owned(),
            hint: Some(text!(locale, e_request.number_hint).to_owned()),
            error: error("number"),
            locale,
            slips: None,
        };
        frame.line(Line::TEXT, &question.number)
    });
    let born = FieldFrame {
        key: "birth".to_owned(),
        label: text!(locale, change.birth_label).to_owned(),
        hint: Some(text!(locale, change.birth_hint).to_owned()),
        error: error("birth_month"),
        locale,
        slips: None,
    };
    let typed = &question.born;
    view! {
        <form class="usa-form portico-form portico-request" action=FindReport::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <input type="hidden" name="link" value=question.link.clone()/>
            {number}
            {born.day([&typed.month, &typed.day, &typed.year], true)}
            <button class="usa-button" type="submit">{text!(locale, change.status_button)}</button>
        </form>
    }
}
