//! The answer before the form: what the record says already, and whether one may ask.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::e_request::{Answer, Draft};
use domain::service_request::RequestView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use shared::e_request::{Eligibility, Refusal, Step};
use shared::locale::Locale;

use super::STATUS;
use super::mistakes::{self, Mistake};
use super::request::state_in_words;
use super::server::{RemindMe, SaveStep};
use super::working::working;
use crate::context::PortalContext;
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::processing_time::calendar;
use crate::portal::site::SiteInfo;
use crate::text::text;

pub fn answer_page(
    portal: &Arc<PortalContext>,
    draft: &Draft,
    answer: &Answer,
    locale: Locale,
    site: &Arc<SiteInfo>,
) -> impl IntoView + use<> {
    let number = draft.receipt_number().map(|number| number.as_str().to_owned());
    let number = view! { <p>{text!(locale, e_request.for_case)}" "<span class="portico-number">{number}</span></p> };
    let said = match answer {
        Answer::Record { eligibility: Eligibility::MayAsk(why), follows } => {
            let again = follows.is_some().then(|| view! { <p>{text!(locale, e_request.answer_again)}</p> });
            view! {
                <section class="portico-verdict" aria-labelledby="verdict">
                    <h2 id="verdict">{text!(locale, e_request.may_ask)}</h2>
                    {again}
                    {working(portal, why, locale)}
                </section>
                {go_on(locale)}
            }
            .into_any()
        }
        Answer::Record { eligibility: Eligibility::NotYet { from, working: why }, .. } => view! {
            <section class="portico-verdict" aria-labelledby="verdict">
                <h2 id="verdict">{text!(locale, e_request.not_yet)}</h2>
                {not_yet(*from, locale)}
                {working(portal, why, locale)}
            </section>
            {from.map(|from| until_then(from, draft, locale, site))}
        }
        .into_any(),
        Answer::Record { eligibility: Eligibility::Refused(refusal), .. } => refused(*refusal, locale, site).into_any(),
        Answer::Open { request, again_from } => open(request, *again_from, draft, locale, site).into_any(),
        // The page was not reached then.
        Answer::Gone => ().into_any(),
    };
    view! { {number}{said} }
}

fn go_on(locale: Locale) -> impl IntoView {
    view! {
        <form class="portico-form" action=SaveStep::url() method="post">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <input type="hidden" name="step" value=Step::Answer.key()/>
            <button class="usa-button" type="submit">{text!(locale, e_request.ask_still)}</button>
        </form>
    }
}

fn not_yet(from: Option<NaiveDate>, locale: Locale) -> impl IntoView {
    match from {
        Some(day) => view! { <p>{text!(locale, e_request.from_day)}" "<strong>{locale.long_date(day)}</strong>"."</p> }.into_any(),
        None => view! { <p>{text!(locale, e_request.from_nobody_knows)}</p> }.into_any(),
    }
}

/// The day for a calendar, and a reminder by e-mail.
fn until_then(from: NaiveDate, draft: &Draft, locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView + use<> {
    view! {
        <p><a href=calendar::address(from, locale)>{text!(locale, processing_time.calendar_link)}</a></p>
        {site.sends_mail.then(|| remind(draft, locale))}
        <p><a href=locale.path("/case-status")>{text!(locale, follow.check_link)}</a></p>
    }
}

fn remind(draft: &Draft, locale: Locale) -> impl IntoView + use<> {
    let (hint, button) = (text!(locale, e_request.remind_hint), text!(locale, e_request.remind_button));
    view! {
        <h2>{text!(locale, e_request.remind_heading)}</h2>
        {email_form(RemindMe::url(), draft.mail_to(), hint, button, locale)}
    }
}

/// Whether the address that was given for a message is none, by the address of the page.
pub fn email_is_wrong() -> bool {
    use_query_map().get_untracked().get("email").is_some()
}

/// What the summary says of it.
pub fn wrong_email(locale: Locale) -> Mistake {
    ("email".to_owned(), text!(locale, follow.email_wrong).to_owned())
}

/// A form with one field: an address to write to.
pub fn email_form(
    action: &'static str,
    typed: &str,
    hint: &'static str,
    button: &'static str,
    locale: Locale,
) -> impl IntoView + use<> {
    let is_wrong = email_is_wrong();
    let error = is_wrong.then(|| mistakes::error("email", text!(locale, follow.email_wrong), locale));
    view! {
        <form class="usa-form portico-form portico-request" action=action method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <div class=if is_wrong { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
                <label class="usa-label" for="email">{text!(locale, follow.email_label)}</label>
                <span class="usa-hint" id="email-hint">{hint}</span>
                {error}
                <input
                    class=if is_wrong { "usa-input usa-input--error" } else { "usa-input" }
                    id="email"
                    name="email"
                    type="email"
                    autocomplete="email"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="254"
                    value=typed.to_owned()
                    aria-describedby=if is_wrong { "email-error email-hint" } else { "email-hint" }
                    aria-invalid=is_wrong.then_some("true")
                />
            </div>
            <button class="usa-button usa-button--outline" type="submit">{button}</button>
        </form>
    }
}

fn refused(refusal: Refusal, locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView + use<> {
    let (title, words) = match refusal {
        Refusal::NotWaiting => (text!(locale, e_request.not_waiting_title), text!(locale, e_request.not_waiting_text)),
        Refusal::NotGranted => (text!(locale, e_request.not_granted_title), text!(locale, e_request.not_granted_text)),
    };
    view! {
        <section class="portico-verdict" aria-labelledby="verdict">
            <h2 id="verdict">{title}</h2>
            <p>{words}</p>
            <p><a href=locale.path("/case-status")>{text!(locale, follow.check_link)}</a></p>
            <p><a href=locale.path(super::START)>{text!(locale, e_request.something_else)}</a></p>
            <Telephone locale site=site.clone()/>
        </section>
    }
}

/// Such a request is under way: what is new is added to it.
fn open(
    request: &RequestView,
    again_from: NaiveDate,
    draft: &Draft,
    locale: Locale,
    site: &Arc<SiteInfo>,
) -> impl IntoView + use<> {
    view! {
        <section class="portico-verdict" aria-labelledby="verdict">
            <h2 id="verdict">{text!(locale, e_request.open_title)}</h2>
            <p>{text!(locale, e_request.open_received)}" "<strong>{locale.long_date(request.received_on)}</strong>". "{state_in_words(&request.state, locale)}</p>
            <p>{text!(locale, e_request.open_due)}" "<strong>{locale.long_date(request.reading.due.day())}</strong>"."</p>
            <p>{text!(locale, e_request.open_again)}" "<strong>{locale.long_date(again_from)}</strong>"."</p>
            <p><a class="usa-button" href=locale.path(STATUS)>{text!(locale, e_request.open_add)}</a></p>
        </section>
        {until_then(again_from, draft, locale, site)}
    }
}
