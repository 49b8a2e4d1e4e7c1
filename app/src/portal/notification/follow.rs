//! The form with which somebody asks to be told of a case. What has to be mended is kept in a draft, and nothing has to be
//! typed again.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::notification::{FollowField, FollowForm, FollowProblem};

use super::FOLLOW;
use super::server::FollowCase;
use crate::context::{PortalContext, Request};
use crate::csrf::CsrfField;
use crate::portal::case_status::status_of;
use crate::portal::notice::{Collection, FormNotices};
use crate::portal::processing_time::number;
use crate::portal::site::page_of_path;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::session::Kept;
use crate::text::text;

/// What the form begins with, found before the page is rendered; a request extension.
#[derive(Clone, Default)]
struct Begun {
    form: FollowForm,
    problems: Vec<FollowProblem>,
    /// Why the draft could not be read.
    failure: Option<StatusCode>,
}

/// Finds the draft that the session names. Needs the request's session.
pub async fn find_draft(portal: &Arc<PortalContext>, request: &mut axum::extract::Request) {
    if page_of_path(request.uri().path()) != Some(FOLLOW) {
        return;
    }
    let Some(asking) = Request::of(portal, request.extensions()) else { return };
    let begun = begun(&asking).await.unwrap_or_else(|error| Begun { failure: Some(status_of(&error)), ..Begun::default() });
    request.extensions_mut().insert(begun);
}

async fn begun(request: &Request) -> Result<Begun, domain::Error> {
    let ctx = &request.portal.domain;
    match request.kept() {
        Some(Kept::Draft(id)) => {
            let Some(form) = domain::notification::draft(ctx, id).await? else { return Ok(Begun::default()) };
            let problems = form.parse(ctx.today()).err().unwrap_or_default();
            Ok(Begun { form, problems, failure: None })
        }
        // The number that was asked for last, as its owner wrote it.
        Some(Kept::Typed(typed)) if ReceiptNumber::parse(typed.expose()).is_ok() => {
            let form = FollowForm { receipt_number: typed.expose().clone(), ..FollowForm::default() };
            Ok(Begun { form, ..Begun::default() })
        }
        _ => Ok(Begun::default()),
    }
}

#[component]
pub fn FollowPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let begun = with_context(|parts: &Parts| parts.extensions.get::<Begun>().cloned()).flatten();
    // Where no form is shown there is nothing to mend.
    let begun = begun.filter(|_| site.sends_mail).unwrap_or_default();
    if let Some(status) = begun.failure {
        response.set_status(status);
    }
    let heading = text!(locale, follow.title);
    let prefix = if begun.problems.is_empty() { "" } else { text!(locale, common.error_prefix) };
    let title = format!("{prefix} {heading}").trim_start().to_owned();
    let content = if site.sends_mail {
        view! {
            <p class="portico-lead">{text!(locale, follow.lead)}</p>
            <FormNotices locale site=site.clone() collection=Collection::follow(locale, begun.problems.is_empty())/>
            {form(begun.form, &begun.problems, locale)}
        }
        .into_any()
    } else {
        view! {
            <p class="portico-lead">{text!(locale, follow.off_text)}</p>
            <p><a class="usa-button" href=locale.path("/case-status")>{text!(locale, follow.check_link)}</a></p>
        }
        .into_any()
    };
    view! {
        <Title text=site.title(locale, &title)/>
        <Layout locale site=site.clone() page=FOLLOW>
            {summary(&begun.problems, locale)}
            <h1>{heading}</h1>
            {content}
        </Layout>
    }
}

fn message(problem: FollowProblem, locale: Locale) -> &'static str {
    match problem {
        FollowProblem::NumberEmpty => text!(locale, follow.number_empty),
        FollowProblem::NumberMalformed => text!(locale, follow.number_malformed),
        FollowProblem::NothingKnown => text!(locale, follow.nothing_known),
        FollowProblem::BirthDateWrong => text!(locale, follow.birth_wrong),
        FollowProblem::ZipWrong => text!(locale, follow.zip_wrong),
        FollowProblem::EmailEmpty => text!(locale, follow.email_empty),
        FollowProblem::EmailWrong => text!(locale, follow.email_wrong),
    }
}

/// The id of the field that a link of the summary leads to.
const fn id(field: FollowField) -> &'static str {
    match field {
        FollowField::ReceiptNumber => "receipt_number",
        FollowField::BirthDate => "month",
        FollowField::Zip => "zip",
        FollowField::Email => "email",
    }
}

/// The box above the page that leads to what has to be mended.
fn summary(problems: &[FollowProblem], locale: Locale) -> impl IntoView + use<> {
    let entry = |problem: &FollowProblem| {
        view! { <li><a href=format!("#{}", id(problem.field()))>{message(*problem, locale)}</a></li> }
    };
    (!problems.is_empty()).then(|| {
        view! {
            <div class="portico-error-summary" role="alert" aria-labelledby="error-summary-title" tabindex="-1" autofocus=true>
                <h2 class="portico-error-summary__title" id="error-summary-title">{text!(locale, case_status.problem)}</h2>
                <ul>{problems.iter().map(entry).collect_view()}</ul>
            </div>
        }
    })
}

fn form(form: FollowForm, problems: &[FollowProblem], locale: Locale) -> impl IntoView + use<> {
    let problem = |field| problems.iter().copied().find(|problem| problem.field() == field);
    let number = Line {
        field: FollowField::ReceiptNumber,
        label: text!(locale, follow.number_label),
        hint: text!(locale, follow.number_hint),
        kind: "text",
        autocomplete: "off",
        longest: "24",
        value: form.receipt_number.clone(),
    };
    let zip = Line {
        field: FollowField::Zip,
        label: text!(locale, follow.zip_label),
        hint: text!(locale, follow.zip_hint),
        kind: "text",
        autocomplete: "off",
        longest: "10",
        value: form.zip.clone(),
    };
    let email = Line {
        field: FollowField::Email,
        label: text!(locale, follow.email_label),
        hint: text!(locale, follow.email_hint),
        kind: "email",
        autocomplete: "email",
        longest: "254",
        value: form.email.clone(),
    };
    view! {
        <form class="usa-form portico-form portico-follow" action=FollowCase::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            {number.view(problem(FollowField::ReceiptNumber), locale)}
            <h2>{text!(locale, follow.proof_title)}</h2>
            <p>{text!(locale, follow.proof_hint)}</p>
            {birth_date(form, problem(FollowField::BirthDate), locale)}
            {zip.view(problem(FollowField::Zip), locale)}
            <h2>{text!(locale, follow.email_title)}</h2>
            {email.view(problem(FollowField::Email), locale)}
            <button class="usa-button" type="submit">{text!(locale, follow.button)}</button>
        </form>
    }
}

/// A field for one line of text.
struct Line {
    field: FollowField,
    label: &'static str,
    hint: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    longest: &'static str,
    value: String,
}

impl Line {
    fn view(self, problem: Option<FollowProblem>, locale: Locale) -> impl IntoView + use<> {
        let name = id(self.field);
        let (hint, error) = (format!("{name}-hint"), format!("{name}-error"));
        let described = if problem.is_some() { format!("{error} {hint}") } else { hint.clone() };
        view! {
            <div class=group(problem)>
                <label class="usa-label" for=name>{self.label}</label>
                <span class="usa-hint" id=hint>{self.hint}</span>
                {problem.map(|problem| error_message(problem, error, locale))}
                <input
                    class=if problem.is_some() { "usa-input usa-input--error" } else { "usa-input" }
                    id=name
                    name=name
                    type=self.kind
                    autocomplete=self.autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength=self.longest
                    value=self.value
                    aria-describedby=described
                    aria-invalid=problem.is_some().then_some("true")
                />
            </div>
        }
    }
}

const fn group(problem: Option<FollowProblem>) -> &'static str {
    if problem.is_some() { "usa-form-group usa-form-group--error" } else { "usa-form-group" }
}

fn error_message(problem: FollowProblem, id: String, locale: Locale) -> impl IntoView {
    view! {
        <span class="usa-error-message" id=id>
            <span class="visually-hidden">{text!(locale, common.error_prefix)}" "</span>
            {message(problem, locale)}
        </span>
    }
}

fn birth_date(form: FollowForm, problem: Option<FollowProblem>, locale: Locale) -> impl IntoView {
    let described = if problem.is_some() { "birth-error birth-hint" } else { "birth-hint" };
    let months = locale.month_names().iter().enumerate().map(|(at, name)| {
        let value = (at + 1).to_string();
        view! { <option value=value.clone() selected=value == form.month>{*name}</option> }
    });
    view! {
        <div class=group(problem)>
            <fieldset class="usa-fieldset" aria-describedby=described>
                <legend class="usa-label">{text!(locale, follow.birth_title)}</legend>
                <span class="usa-hint" id="birth-hint">{text!(locale, follow.birth_hint)}</span>
                {problem.map(|problem| error_message(problem, "birth-error".to_owned(), locale))}
                <div class="usa-memorable-date">
                    <div class="usa-form-group usa-form-group--month usa-form-group--select">
                        <label class="usa-label" for="month">{text!(locale, processing_time.month)}</label>
                        <select
                            class="usa-input portico-select"
                            id="month"
                            name="month"
                            aria-invalid=problem.is_some().then_some("true")
                        >
                            <option value="">{text!(locale, processing_time.choose)}</option>
                            {months.collect_view()}
                        </select>
                    </div>
                    {number("day", text!(locale, processing_time.day), "2", form.day, problem.is_some())}
                    {number("year", text!(locale, processing_time.year), "4", form.year, problem.is_some())}
                </div>
            </fieldset>
        </div>
    }
}
