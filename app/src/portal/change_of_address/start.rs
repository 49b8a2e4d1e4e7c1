//! Where a report begins: who has to make it, who does not, and what else a move asks for.

use axum::http::header::CACHE_CONTROL;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use shared::locale::Locale;

use super::found::{Found, found};
use super::server::{BeginChange, ForgetChange};
use super::{START, STATUS};
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::notice::{Collection, FormNotices};
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn ChangeStartPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let is_begun = match found() {
        Found::Form(draft) => draft.is_some(),
        Found::Failed(status) => {
            response.set_status(status);
            false
        }
        _ => false,
    };
    let title = text!(locale, change.title);
    let button = if is_begun { text!(locale, change.go_on) } else { text!(locale, change.begin) };
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=START>
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, change.lead)}</p>
            <h2>{text!(locale, change.who_title)}</h2>
            <p>{text!(locale, change.who_text)}</p>
            <p>{text!(locale, change.exempt_text)}</p>
            <ul>
                <li>{text!(locale, change.exempt_citizens)}</li>
                <li>{text!(locale, change.exempt_visas)}</li>
                <li>{text!(locale, change.exempt_visitors)}</li>
            </ul>
            <h2>{text!(locale, change.proof_title)}</h2>
            <p>{text!(locale, change.proof_text)}</p>
            <h2>{text!(locale, change.safe_title)}</h2>
            <p>{text!(locale, change.safe_text)}</p>
            <Telephone locale site=site.clone()/>
            <h2>{text!(locale, change.elsewhere_title)}</h2>
            <ul>
                <li>{text!(locale, change.elsewhere_sponsor)}</li>
                <li>{text!(locale, change.elsewhere_court)}</li>
                <li>{text!(locale, change.elsewhere_post)}</li>
            </ul>
            <FormNotices locale site=site.clone() collection=Collection::change_of_address(locale, !is_begun)/>
            <form class="portico-form" action=BeginChange::url() method="post">
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <button class="usa-button" type="submit">{button}</button>
            </form>
            {is_begun.then(|| forget(locale))}
            <h2>{text!(locale, change.have_one_title)}</h2>
            <p><a href=locale.path(STATUS)>{text!(locale, change.status_link)}</a></p>
        </Layout>
    }
}

/// For shared computers.
pub fn forget(locale: Locale) -> impl IntoView {
    view! {
        <form class="portico-forget" action=ForgetChange::url() method="post">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <button class="usa-button usa-button--outline" type="submit">{text!(locale, e_request.forget)}</button>
        </form>
    }
}
