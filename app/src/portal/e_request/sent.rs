//! The confirmation: the request is stored, and by when it will be answered.

use axum::http::header::CACHE_CONTROL;
use domain::e_request::Catalogue;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

use super::confirmation::CONFIRMATION;
use super::found::{Found, found};
use super::request::{arithmetic, steps};
use super::start::clear_page;
use super::{SENT, STATUS};
use crate::context::PortalContext;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn SentPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let title = text!(locale, e_request.sent_title);
    let request = match found() {
        Found::Sent(request) => Some(request),
        Found::Failed(status) => {
            response.set_status(status);
            None
        }
        _ => None,
    };
    let public_url = PortalContext::current().map(|portal| portal.public_url.clone()).unwrap_or_default();
    let content = request.map(|request| {
        let kind = Catalogue::get().kind_wording(request.kind, locale).map(|wording| wording.title.clone());
        view! {
            <p>{text!(locale, e_request.sent_number)}</p>
            <p class="portico-request-number"><strong>{request.number.grouped()}</strong></p>
            <p>{text!(locale, e_request.sent_due)}" "<strong>{locale.long_date(request.reading.due.day())}</strong>"."</p>
            <dl class="portico-facts"><div><dt>{text!(locale, e_request.what_about)}</dt><dd>{kind}</dd></div></dl>
            <h2>{text!(locale, e_request.steps_title)}</h2>
            {steps(&request, locale)}
            {arithmetic(&request, locale)}
            <h2>{text!(locale, answer.next_title)}</h2>
            <p>{text!(locale, e_request.sent_next)}</p>
            <p class="portico-on-screen"><a href=locale.path(CONFIRMATION)>{text!(locale, e_request.sent_pdf)}</a></p>
            <p class="portico-on-screen">{text!(locale, e_request.sent_print)}</p>
            <p class="portico-on-screen"><a href=locale.path(STATUS)>{text!(locale, e_request.have_one_link)}</a></p>
            <p class="portico-on-paper">{text!(locale, e_request.have_one_link)}": "{public_url}{locale.path(STATUS)}</p>
        }
    });
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=SENT>
            <h1>{title}</h1>
            {content}
            {clear_page(locale)}
        </Layout>
    }
}
