//! Where a request begins: what it is about, and what the law wants said before the first question.

use std::sync::Arc;

use axum::http::header::CACHE_CONTROL;
use domain::e_request::{Catalogue, Draft};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::locale::Locale;
use shared::service_request::RequestKind;

use super::found::{Found, found};
use super::mistakes::{error, summary, title};
use super::server::{BeginRequest, ForgetRequest};
use super::{START, STATUS, path_of};
use crate::csrf::CsrfField;
use crate::portal::notice::{Collection, FormNotices};
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn StartPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let query = use_query_map().get_untracked();
    let nothing_chosen = query.get("choose").is_some();
    let draft = match found() {
        Found::Form(draft) => draft,
        Found::Failed(status) => {
            response.set_status(status);
            None
        }
        _ => None,
    };
    // A link from the case's page names what it is about.
    let named = query.get("about").and_then(|key| RequestKind::from_key(&key));
    let chosen = named.or_else(|| draft.as_ref().map(|draft| draft.kind));
    let heading = text!(locale, e_request.title);
    let first = format!("kind_{}", RequestKind::ONLINE[0].key());
    let mistakes = nothing_chosen.then(|| (first, text!(locale, e_request.choose_kind).to_owned())).into_iter().collect();
    view! {
        <Title text=site.title(locale, &title(heading, nothing_chosen, locale))/>
        <Layout locale site=site.clone() page=START query=named.map_or_else(String::new, |kind| format!("?about={}", kind.key()))>
            {summary(mistakes, locale)}
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, e_request.lead)}</p>
            {draft.as_ref().map(|draft| going_on(draft, locale))}
            <FormNotices locale site=site.clone() collection=Collection::e_request(locale, true)/>
            {kinds(chosen, nothing_chosen, locale)}
            <h2>{text!(locale, e_request.have_one_title)}</h2>
            <p><a href=locale.path(STATUS)>{text!(locale, e_request.have_one_link)}</a></p>
            <p>{text!(locale, e_request.not_here)}</p>
            <crate::portal::contact::Telephone locale site=site.clone()/>
        </Layout>
    }
}

/// A form that was begun, and not sent.
fn going_on(draft: &Arc<Draft>, locale: Locale) -> impl IntoView + use<> {
    let at_hand = crate::context::PortalContext::current().map(|portal| draft.step_at_hand(&portal.domain));
    let title = Catalogue::get().kind_wording(draft.kind, locale).map(|wording| wording.title.clone());
    at_hand.map(|step| {
        view! {
            <section class="usa-summary-box portico-going-on" aria-labelledby="going-on">
                <div class="usa-summary-box__body">
                    <h2 class="usa-summary-box__heading" id="going-on">{text!(locale, e_request.going_on)}</h2>
                    <div class="usa-summary-box__text">
                        <p>{title}</p>
                        <p><a class="usa-button" href=locale.path(path_of(step))>{text!(locale, e_request.go_on)}</a></p>
                        {forget(locale)}
                    </div>
                </div>
            </section>
        }
    })
}

/// For shared computers, while a form is being filled in.
pub fn forget(locale: Locale) -> impl IntoView {
    forget_form((), text!(locale, e_request.forget), locale)
}

/// The same where a request is shown, which it does not touch.
pub fn clear_page(locale: Locale) -> impl IntoView {
    forget_form(view! { <p>{text!(locale, e_request.clear_text)}</p> }, text!(locale, e_request.clear_button), locale)
}

fn forget_form(lead: impl IntoView, button: &'static str, locale: Locale) -> impl IntoView {
    view! {
        <form class="portico-forget" action=ForgetRequest::url() method="post">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            {lead}
            <button class="usa-button usa-button--outline" type="submit">{button}</button>
        </form>
    }
}

fn kinds(chosen: Option<RequestKind>, nothing_chosen: bool, locale: Locale) -> impl IntoView {
    let kind = |kind: RequestKind| {
        let wording = Catalogue::get().kind_wording(kind, locale)?;
        let id = format!("kind_{}", kind.key());
        Some(view! {
            <div class="usa-radio">
                <input
                    class="usa-radio__input"
                    id=id.clone()
                    type="radio"
                    name="kind"
                    value=kind.key()
                    checked=chosen == Some(kind)
                />
                <label class="usa-radio__label" for=id>
                    {wording.title.clone()}
                    <span class="usa-radio__label-description">{wording.description.clone()}</span>
                </label>
            </div>
        })
    };
    let group = if nothing_chosen { "usa-form-group usa-form-group--error" } else { "usa-form-group" };
    let error = nothing_chosen.then(|| error("kind", text!(locale, e_request.choose_kind), locale));
    view! {
        <form class="usa-form portico-form portico-request" action=BeginRequest::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <div class=group>
                <fieldset class="usa-fieldset" aria-describedby=nothing_chosen.then_some("kind-error")>
                    <legend class="usa-legend portico-legend"><h2>{text!(locale, e_request.what_about)}</h2></legend>
                    {error}
                    {RequestKind::ONLINE.into_iter().filter_map(kind).collect_view()}
                </fieldset>
            </div>
            <button class="usa-button" type="submit">{text!(locale, e_request.next)}</button>
        </form>
    }
}
