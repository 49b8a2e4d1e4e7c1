//! Keeping a form for later, and going on with it.

use axum::http::header::CACHE_CONTROL;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::answer::email_form;
use super::found::token_in_address;
use super::server::{KeepForLater, ResumeRequest};
use super::{LATER, RESUME};
use crate::csrf::CsrfField;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn LaterPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    use_context::<ResponseOptions>().unwrap_or_default().insert_header(CACHE_CONTROL, NO_STORE);
    let is_wrong = use_query_map().get_untracked().get("email").is_some();
    let heading = text!(locale, e_request.later_title);
    let title = if is_wrong { format!("{} {heading}", text!(locale, common.error_prefix)) } else { heading.to_owned() };
    view! {
        <Title text=site.title(locale, &title)/>
        <Layout locale site=site.clone() page=LATER>
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, e_request.later_lead)}</p>
            {email_form(KeepForLater::url(), is_wrong, text!(locale, e_request.later_hint), text!(locale, e_request.later_button), locale)}
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
    let title = if is_wrong { format!("{} {heading}", text!(locale, common.error_prefix)) } else { heading.to_owned() };
    let error = is_wrong.then(|| {
        view! {
            <span class="usa-error-message" id="zip-error">
                <span class="visually-hidden">{text!(locale, common.error_prefix)}" "</span>
                {text!(locale, e_request.resume_wrong)}
            </span>
        }
    });
    view! {
        <Title text=site.title(locale, &title)/>
        <Layout locale site=site.clone() page=RESUME query=format!("?link={link}")>
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, e_request.resume_lead)}</p>
            <form class="usa-form portico-form portico-request" action=ResumeRequest::url() method="post" novalidate>
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name="link" value=link/>
                <div class=if is_wrong { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
                    <label class="usa-label" for="zip">{text!(locale, e_request.resume_zip)}</label>
                    {error}
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
                        autofocus=is_wrong
                    />
                </div>
                <button class="usa-button" type="submit">{text!(locale, e_request.next)}</button>
            </form>
        </Layout>
    }
}
