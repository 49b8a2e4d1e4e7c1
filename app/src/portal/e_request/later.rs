//! Keeping a form for later, and going on with it.

use axum::http::header::CACHE_CONTROL;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::answer::{email_form, email_is_wrong, wrong_email};
use super::found::{Found, found, token_in_address};
use super::mistakes::{error, summary, title};
use super::server::{KeepForLater, ResumeRequest};
use super::{LATER, RESUME, path_of};
use crate::context::PortalContext;
use crate::csrf::CsrfField;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn LaterPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    use_context::<ResponseOptions>().unwrap_or_default().insert_header(CACHE_CONTROL, NO_STORE);
    let is_wrong = email_is_wrong();
    let mistakes = is_wrong.then(|| wrong_email(locale)).into_iter().collect();
    let heading = text!(locale, e_request.later_title);
    let draft = match found() {
        Found::Form(draft) => draft,
        _ => None,
    };
    let (hint, button) = (text!(locale, e_request.later_hint), text!(locale, e_request.later_button));
    let at_hand = PortalContext::current().zip(draft.as_ref()).map(|(portal, draft)| draft.step_at_hand(&portal.domain));
    let back =
        at_hand.map(|step| view! { <a class="portico-back" href=locale.path(path_of(step))>{text!(locale, e_request.back)}</a> });
    view! {
        <Title text=site.title(locale, &title(heading, is_wrong, locale))/>
        <Layout locale site=site.clone() page=LATER>
            {back}
            {summary(mistakes, locale)}
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, e_request.later_lead)}</p>
            {email_form(KeepForLater::url(), draft.as_ref().map_or("", |draft| draft.mail_to()), hint, button, locale)}
        </Layout>
    }
}

/// Where the link of the message leads. Opening it changes nothing: mail programs open links by themselves.
#[component]
pub fn ResumePage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    use_context::<ResponseOptions>().unwrap_or_default().insert_header(CACHE_CONTROL, NO_STORE);
    let query = use_query_map().get_untracked();
    let link = token_in_address(&query.get("link").unwrap_or_default());
    let is_wrong = query.get("wrong").is_some();
    let heading = text!(locale, e_request.resume_title);
    let words = text!(locale, e_request.resume_wrong);
    let mistakes = is_wrong.then(|| ("zip".to_owned(), words.to_owned())).into_iter().collect();
    view! {
        <Title text=site.title(locale, &title(heading, is_wrong, locale))/>
        <Layout locale site=site.clone() page=RESUME query=format!("?link={link}")>
            {summary(mistakes, locale)}
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, e_request.resume_lead)}</p>
            <form class="usa-form portico-form portico-request" action=ResumeRequest::url() method="post" novalidate>
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name="link" value=link/>
                <div class=if is_wrong { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
                    <label class="usa-label" for="zip">{text!(locale, e_request.resume_zip)}</label>
                    {is_wrong.then(|| error("zip", words, locale))}
                    <input
                        class="usa-input portico-short"
                        id="zip"
                        name="zip"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength="10"
                        aria-describedby=is_wrong.then_some("zip-error")
                        aria-invalid=is_wrong.then_some("true")
                    />
                </div>
                <button class="usa-button" type="submit">{text!(locale, e_request.next)}</button>
            </form>
        </Layout>
    }
}
