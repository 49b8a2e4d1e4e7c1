//! A page of the form: what it asks is data.

use std::sync::Arc;

use axum::http::header::CACHE_CONTROL;
use domain::e_request::{Answer, Catalogue, Draft};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use shared::document::{DocumentProblem, DocumentView};
use shared::e_request::{Field, FieldProblem, Step};
use shared::locale::Locale;

use super::answer::{answer_page, email_is_wrong, wrong_email};
use super::check::check_page;
use super::documents::{self, documents_page};
use super::field::{Shown, id};
use super::found::{Found, found};
use super::mistakes::{Mistake, summary, title};
use super::progress::progress;
use super::server::SaveStep;
use super::start::forget;
use super::{LATER, START, path_of};
use crate::context::PortalContext;
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::site::SiteInfo;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn StepPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    match (found(), PortalContext::current()) {
        (Found::Step { step, draft, answer, documents }, Some(portal)) => {
            page(&portal, step, &draft, answer, &documents, locale, &site).into_any()
        }
        (Found::Failed(status), _) => {
            response.set_status(status);
            failed(locale, site).into_any()
        }
        // Only where no request is: when the list of routes is made.
        _ => failed(locale, site).into_any(),
    }
}

fn failed(locale: Locale, site: Arc<SiteInfo>) -> impl IntoView {
    let title = text!(locale, case_status.failed_title);
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=START>
            <h1>{title}</h1>
            <p>{text!(locale, case_status.failed_text)}</p>
            <Telephone locale site=site.clone()/>
        </Layout>
    }
}

fn page(
    portal: &Arc<PortalContext>,
    step: Step,
    draft: &Arc<Draft>,
    answer: Option<Arc<Answer>>,
    documents: &[DocumentView],
    locale: Locale,
    site: &Arc<SiteInfo>,
) -> impl IntoView + use<> {
    let ctx = &portal.domain;
    let forms = domain::e_request::forms(ctx, locale);
    let heading = heading(step, draft, locale);
    let shown = Shown { draft, locale, forms: &forms, heading: &heading };
    let problems = draft.problems(ctx, step);
    // What was typed is right in itself, and the record says otherwise.
    let is_refused = step == Step::Case && draft.is_refused && problems.is_empty();
    let file_problem = if step == Step::Documents { documents::problem() } else { None };
    let mistakes = mistakes(&shown, step, &problems, is_refused, file_problem);
    let title = title(&heading, !mistakes.is_empty(), locale);
    let content = match (step, answer) {
        (Step::Answer, Some(answer)) => answer_page(portal, draft, &answer, locale, site).into_any(),
        (Step::Check, _) => check_page(&shown, documents).into_any(),
        (Step::Documents, _) => documents_page(documents, file_problem, locale).into_any(),
        _ => questions(&shown, step, &problems).into_any(),
    };
    let before = locale.path(draft.rule().before(step).map_or(START, path_of));
    let progress = progress(draft, step, locale);
    let refused = is_refused.then(|| refused(locale, site));
    let may_keep = draft.case.is_some() && site.sends_mail && step != Step::Answer;
    let later = may_keep.then(|| {
        view! { <p class="portico-later"><a href=locale.path(LATER)>{text!(locale, e_request.later_link)}</a></p> }
    });
    view! {
        <Title text=site.title(locale, &title)/>
        <Layout locale site=site.clone() page=path_of(step)>
            <a class="portico-back" href=before>{text!(locale, e_request.back)}</a>
            {progress}
            {summary(mistakes, locale)}
            <h1>{heading}</h1>
            {refused}
            {content}
            {later}
            {forget(locale)}
        </Layout>
    }
}

fn heading(step: Step, draft: &Draft, locale: Locale) -> String {
    match step {
        Step::Issue => Catalogue::get().kind_wording(draft.kind, locale).map_or_else(String::new, |wording| wording.title.clone()),
        Step::Who => text!(locale, e_request.who_title).to_owned(),
        Step::Case => text!(locale, e_request.case_title).to_owned(),
        Step::Answer => text!(locale, e_request.answer_title).to_owned(),
        Step::Documents => text!(locale, e_request.documents_title).to_owned(),
        Step::Person => text!(locale, e_request.person_title).to_owned(),
        Step::Contact => text!(locale, e_request.contact_title).to_owned(),
        Step::Check => text!(locale, e_request.check_title).to_owned(),
    }
}

/// What a page says before its questions.
fn lead(step: Step, draft: &Draft, locale: Locale) -> Option<String> {
    let lead = match step {
        Step::Who => text!(locale, e_request.who_lead),
        Step::Case => text!(locale, e_request.case_lead),
        Step::Person if draft.answers.is_of_representative() => text!(locale, e_request.person_lead_of_representative),
        Step::Person => text!(locale, e_request.person_lead),
        Step::Contact => text!(locale, e_request.contact_lead),
        Step::Issue => return Catalogue::get().kind_wording(draft.kind, locale)?.lead.clone(),
        Step::Answer | Step::Documents | Step::Check => return None,
    };
    Some(lead.to_owned())
}

fn questions(shown: &Shown<'_>, step: Step, problems: &[(Field, FieldProblem)]) -> impl IntoView + use<> {
    let locale = shown.locale;
    let problem = |field| problems.iter().find(|(of, _)| *of == field).map(|(_, problem)| *problem);
    let asked = shown.draft.rule().asked(step, &shown.draft.answers);
    let fields = asked.into_iter().map(|asked| shown.field(asked, problem(asked.field))).collect_view();
    let lead = lead(step, shown.draft, locale).map(|lead| view! { <p class="portico-lead">{lead}</p> });
    view! {
        {lead}
        <form class="usa-form portico-form portico-request" action=SaveStep::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <input type="hidden" name="step" value=step.key()/>
            {fields}
            <button class="usa-button" type="submit">{text!(locale, e_request.next)}</button>
        </form>
    }
}

/// Everything on the page that has to be mended.
fn mistakes(
    shown: &Shown<'_>,
    step: Step,
    problems: &[(Field, FieldProblem)],
    is_refused: bool,
    file_problem: Option<DocumentProblem>,
) -> Vec<Mistake> {
    let locale = shown.locale;
    let of_field = |(field, problem): &(Field, FieldProblem)| (id(*field), shown.wording(*field).problem(*problem).to_owned());
    let of_record = is_refused.then(|| ("receipt_number".to_owned(), text!(locale, e_request.refused).to_owned()));
    let of_file = file_problem.map(|problem| ("file".to_owned(), documents::words(problem, locale).to_owned()));
    let of_email = (step == Step::Answer && email_is_wrong()).then(|| wrong_email(locale));
    problems.iter().map(of_field).chain(of_record).chain(of_file).chain(of_email).collect()
}

/// One answer for a number that nobody has, a hidden case and a slip.
fn refused(locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView + use<> {
    view! {
        <section class="usa-alert usa-alert--warning" aria-labelledby="refused">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="refused">{text!(locale, e_request.refused_title)}</h2>
                <p class="usa-alert__text">{text!(locale, e_request.refused_text)}</p>
                <Telephone locale site=site.clone()/>
            </div>
        </section>
    }
}
