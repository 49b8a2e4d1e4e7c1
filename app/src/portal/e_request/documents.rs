//! Files that belong to a request: a page that takes them one by one.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use shared::document::{DocumentProblem, DocumentView, LARGEST_DOCUMENT, MOST_DOCUMENTS};
use shared::e_request::Step;
use shared::locale::Locale;

use super::mistakes::error;
use super::server::{RemoveDocument, SaveStep};
use crate::csrf::CsrfField;
use crate::text::text;

/// Where the form with a file is sent to.
pub const UPLOAD: &str = "/_upload/e-request";
/// The page, without its language.
pub const DOCUMENTS: &str = "/e-request/documents";
const PROBLEM: &str = "problem";

/// The page that says why a file was not taken.
pub fn problem_in_address(problem: DocumentProblem) -> String {
    format!("{DOCUMENTS}?{PROBLEM}={}", problem.key())
}

/// Why the last file was not taken.
pub fn problem() -> Option<DocumentProblem> {
    let named = use_query_map().get_untracked().get(PROBLEM)?;
    DocumentProblem::ALL.into_iter().find(|problem| problem.key() == named)
}

pub fn words(problem: DocumentProblem, locale: Locale) -> &'static str {
    match problem {
        DocumentProblem::Empty => text!(locale, document.empty),
        DocumentProblem::TooLarge => text!(locale, document.too_large),
        DocumentProblem::WrongKind => text!(locale, document.wrong_kind),
        DocumentProblem::Broken => text!(locale, document.broken),
        DocumentProblem::TooBig => text!(locale, document.too_big),
        DocumentProblem::Encrypted => text!(locale, document.encrypted),
        DocumentProblem::ActiveContent => text!(locale, document.active_content),
        DocumentProblem::Infected => text!(locale, document.infected),
        DocumentProblem::TooMany => text!(locale, document.too_many),
        DocumentProblem::TryLater => text!(locale, document.try_later),
    }
}

pub fn documents_page(documents: &[DocumentView], problem: Option<DocumentProblem>, locale: Locale) -> impl IntoView + use<> {
    let megabytes = LARGEST_DOCUMENT / (1024 * 1024);
    let may_add = documents.len() < MOST_DOCUMENTS;
    let list = (!documents.is_empty()).then(|| {
        let entries = documents.iter().map(|document| entry(document, locale)).collect_view();
        view! { <h2>{text!(locale, document.attached)}</h2><ul class="portico-documents">{entries}</ul> }
    });
    view! {
        <p class="portico-lead">{text!(locale, document.lead)}</p>
        {list}
        {may_add.then(|| add(problem, megabytes, locale))}
        <form class="portico-form" action=SaveStep::url() method="post">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <input type="hidden" name="step" value=Step::Documents.key()/>
            <button class="usa-button" type="submit">{text!(locale, e_request.next)}</button>
        </form>
    }
}

/// The token has to be the first part of what is sent.
fn add(problem: Option<DocumentProblem>, megabytes: usize, locale: Locale) -> impl IntoView {
    let error = problem.map(|problem| error("file", words(problem, locale), locale));
    let has_problem = problem.is_some();
    view! {
        <form class="usa-form portico-form portico-request" action=UPLOAD method="post" enctype="multipart/form-data">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <div class=if has_problem { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
                <label class="usa-label" for="file">{text!(locale, document.label)}</label>
                <span class="usa-hint" id="file-hint">
                    {text!(locale, document.hint, most = MOST_DOCUMENTS, megabytes = megabytes)}
                </span>
                {error}
                <input
                    class="portico-file"
                    id="file"
                    name="file"
                    type="file"
                    accept=".jpg,.jpeg,.png,.pdf,image/jpeg,image/png,application/pdf"
                    aria-describedby=if has_problem { "file-error file-hint" } else { "file-hint" }
                    aria-invalid=has_problem.then_some("true")
                />
            </div>
            <button class="usa-button usa-button--outline" type="submit">{text!(locale, document.add)}</button>
        </form>
    }
}

/// With the mark by which its sender can see that it arrived as it left.
fn entry(document: &DocumentView, locale: Locale) -> impl IntoView + use<> {
    let name = document.name.as_str().to_owned();
    let kilobytes = document.bytes.div_ceil(1024);
    view! {
        <li>
            <p><strong class="portico-typed">{name.clone()}</strong>" ("{kilobytes}" KB)"</p>
            <p class="portico-hash">{text!(locale, document.mark)}" "<span class="portico-number">{document.sha256.clone()}</span></p>
            <form action=RemoveDocument::url() method="post">
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name="id" value=document.id.to_string()/>
                <button class="usa-button usa-button--unstyled" type="submit">
                    {text!(locale, document.remove)}
                    <span class="visually-hidden">": "{name}</span>
                </button>
            </form>
        </li>
    }
}
