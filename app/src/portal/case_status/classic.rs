//! The classic status page, for the many programs that read it: elements, ids, classes and their order are what those programs
//! look for, so they are the contract. People can use it too; the present page is [`super::CaseStatusPage`].

use std::sync::Arc;

use leptos::prelude::*;
use shared::case_status::{LookUpAnswer, ReceiptNumber};
use shared::locale::Locale;

use crate::context::{Bundle, CspNonce};
use crate::portal::shell::head_links;
use crate::portal::site::SiteInfo;
use crate::portal::tidy::tidy;
use crate::text::text;

/// Where the page stands.
pub const PATH: &str = "/casestatus/mycasestatus.do";

/// The page as a whole document.
pub fn classic_page(answer: &LookUpAnswer, locale: Locale, site: &Arc<SiteInfo>, bundle: &Bundle, nonce: &CspNonce) -> String {
    tidy(&Owner::new().with(|| document(answer, locale, site, bundle, nonce).to_html()))
}

fn document(
    answer: &LookUpAnswer,
    locale: Locale,
    site: &Arc<SiteInfo>,
    bundle: &Bundle,
    CspNonce(nonce): &CspNonce,
) -> impl IntoView + use<> {
    let (title, description) = shown(answer);
    let other = if locale == Locale::En { Locale::Es } else { Locale::En };
    let problem = problem(answer, locale, site);
    let (has_failed, is_empty) = (problem.is_some(), title.is_none());
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag()>
            <head>
                {head_links(bundle)}
                <title>{site.title(locale, text!(locale, case_status.title))}</title>
            </head>
            <body class="portico-classic">
                <div class="header" role="banner">
                    <p class="portico-classic__agency">{site.agency(locale).to_owned()}</p>
                    <p>
                        <a href=format!("{PATH}?changeLocale={}", other.tag()) lang=other.tag() hreflang=other.tag()>
                            {text!(locale, common.language_link)}
                        </a>
                    </p>
                    {heading(locale)}
                </div>
                <div class="main-content-sec pb40" role="main">
                    <form name="caseStatusForm" method="post" action=PATH>
                        <input type="hidden" name="changeLocale" value=(locale == Locale::Es).then(|| locale.tag())/>
                        <input type="hidden" name="completedActionsCurrentPage" value="0"/>
                        <input type="hidden" name="upcomingActionsCurrentPage" value="0"/>
                        <div class="main-row">
                            <div class="container">
                                <div class="main-row bg-white mt30">
                                    <div class="box3 uscis-seal">
                                        <div class="current-status-sec" hidden=is_empty>
                                            <strong>{text!(locale, classic.your_current_status)}</strong>
                                            " "
                                            {title.clone()}
                                            " "
                                            <span class="appointment-sec-show" tabindex="-1" aria-hidden="true">"+"</span>
                                        </div>
                                        <div class="col-lg-12 appointment-sec center" hidden=is_empty>
                                            <div class="close-icon"></div>
                                            <div class="logo-sec"></div>
                                            <div class="rows text-center">
                                                <h1>{title}</h1>
                                                <p>{description}</p>
                                            </div>
                                        </div>
                                        <div class="col-lg-12 case-status-from form3 mt40 clr">
                                            <div id="formErrorMessages">{problem}</div>
                                            <label for="receipt_number">{text!(locale, classic.enter_another)}</label>
                                            <input
                                                id="receipt_number"
                                                class="usa-input"
                                                name="appReceiptNum"
                                                type="text"
                                                maxlength="13"
                                                autocomplete="off"
                                                autocapitalize="characters"
                                                spellcheck="false"
                                                aria-describedby=has_failed.then_some("formErrorMessages")
                                                aria-invalid=has_failed.then_some("true")
                                            />
                                            <button class="usa-button" type="submit" name="caseStatusSearchBtn" value="CHECK STATUS">
                                                {text!(locale, classic.check_status)}
                                            </button>
                                            <p><a href=locale.path("/case-status")>{text!(locale, classic.present_page)}</a></p>
                                        </div>
                                    </div>
                                </div>
                            </div>
                        </div>
                    </form>
                </div>
                {script(answer, nonce)}
            </body>
        </html>
    }
}

/// The page's own heading. The `h1` is the status': programs take the first one for it.
fn heading(locale: Locale) -> impl IntoView {
    leptos::html::p().attr("role", "heading").attr("aria-level", "1").child(text!(locale, case_status.title))
}

/// Title and description of a case that is shown. Without one their elements are there and empty.
fn shown(answer: &LookUpAnswer) -> (Option<String>, Option<String>) {
    match answer {
        LookUpAnswer::Shown { case } => {
            (Some(case.title.clone()), Some(with_number(&case.full_description(), &case.receipt_number)))
        }
        _ => (None, None),
    }
}

/// The description always repeats the number: programs look for it there.
fn with_number(description: &str, number: &str) -> String {
    if description.contains(number) { description.to_owned() } else { format!("{description} ({number})") }
}

fn problem(answer: &LookUpAnswer, locale: Locale, site: &Arc<SiteInfo>) -> Option<impl IntoView + use<>> {
    let message = match answer {
        LookUpAnswer::NotAsked | LookUpAnswer::Shown { .. } => return None,
        LookUpAnswer::NotRecognised { .. } => not_recognised(locale, site),
        LookUpAnswer::Empty => text!(locale, classic.empty).to_owned(),
        LookUpAnswer::Malformed { .. } => text!(locale, classic.malformed).to_owned(),
        LookUpAnswer::SlowDown { .. } => text!(locale, classic.slow_down).to_owned(),
    };
    // Programs look for an `h4`; for people it comes right below the page's heading.
    let words = view! { {text!(locale, classic.errors)}<br/>{text!(locale, classic.correct_them)} };
    Some(view! {
        {leptos::html::h4().attr("aria-level", "2").child(words)}
        <ul>
            <li>{message}</li>
        </ul>
    })
}

fn not_recognised(locale: Locale, site: &Arc<SiteInfo>) -> String {
    format!("{} {} {}.", text!(locale, classic.not_recognised), text!(locale, classic.call), site.telephone)
}

/// The number for programs that read it there. Parsed, so that nothing else can stand in the script.
fn script(answer: &LookUpAnswer, nonce: &str) -> impl IntoView + use<> {
    let number = match answer {
        LookUpAnswer::Shown { case } => case.receipt_number.clone(),
        LookUpAnswer::NotRecognised { typed } => {
            ReceiptNumber::parse(typed).map(|number| number.as_str().to_owned()).unwrap_or_default()
        }
        _ => String::new(),
    };
    view! { <script nonce=nonce.to_owned()>{format!("var appReceiptNum = \"{number}\";")}</script> }
}
