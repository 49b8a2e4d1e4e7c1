//! Where links of messages lead: to the field for a code, and to "this was not me". Opening one changes nothing: mail programs open
//! links by themselves.

use axum::http::header::CACHE_CONTROL;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::locale::Locale;

use super::found::{Found, found, token_in_address};
use super::server::{DenyChange, ProveChange};
use super::{CODE, NOT_ME, RECEIPT, START};
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

fn no_store() {
    use_context::<ResponseOptions>().unwrap_or_default().insert_header(CACHE_CONTROL, NO_STORE);
}

/// The field for a code. There may be several on a page.
pub fn code_form(at: usize, token: &str, is_wrong: bool, locale: Locale) -> impl IntoView + use<> {
    let (id, error_id) = (format!("code-{at}"), format!("code-{at}-error"));
    let error = is_wrong.then(|| {
        view! {
            <span class="usa-error-message" id=error_id.clone()>
                <span class="visually-hidden">{text!(locale, common.error_prefix)}" "</span>
                {text!(locale, change.code_wrong)}
            </span>
        }
    });
    view! {
        <form class="usa-form portico-form portico-request" action=ProveChange::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <input type="hidden" name="link" value=token.to_owned()/>
            <div class=if is_wrong { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
                <label class="usa-label" for=id.clone()>{text!(locale, change.code_label)}</label>
                {error}
                <input
                    class="usa-input portico-short"
                    id=id.clone()
                    name="code"
                    type="text"
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    maxlength="16"
                    aria-describedby=is_wrong.then_some(error_id)
                    aria-invalid=is_wrong.then_some("true")
                />
            </div>
            <button class="usa-button" type="submit">{text!(locale, change.code_button)}</button>
        </form>
    }
}

#[component]
pub fn CodePage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    no_store();
    let query = use_query_map().get_untracked();
    let link = token_in_address(&query.get("link").unwrap_or_default());
    let is_wrong = query.get("wrong").is_some();
    let heading = text!(locale, change.code_title);
    let title = if is_wrong { format!("{} {heading}", text!(locale, common.error_prefix)) } else { heading.to_owned() };
    let summary = is_wrong.then(|| {
        crate::portal::form::error_summary(vec![("code-0".to_owned(), text!(locale, change.code_wrong).to_owned())], locale)
    });
    view! {
        <Title text=site.title(locale, &title)/>
        <Layout locale site=site.clone() page=CODE query=format!("?link={link}")>
            {summary}
            <h1>{heading}</h1>
            <p class="portico-lead">{text!(locale, change.code_lead)}</p>
            {code_form(0, &link, is_wrong, locale)}
            // Who was shown the receipt sees it again; others are asked for its number.
            <p><a href=locale.path(RECEIPT)>{text!(locale, change.status_link)}</a></p>
        </Layout>
    }
}

#[component]
pub fn NotMePage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    no_store();
    let link = token_in_address(&use_query_map().get_untracked().get("link").unwrap_or_default());
    let is_good = match found() {
        Found::Link(is_good) => is_good,
        Found::Failed(status) => {
            use_context::<ResponseOptions>().unwrap_or_default().set_status(status);
            false
        }
        _ => false,
    };
    let title = if is_good { text!(locale, change.not_me_title) } else { text!(locale, change.link_over_title) };
    let content = if is_good {
        view! {
            <p class="portico-lead">{text!(locale, change.not_me_text)}</p>
            <form class="usa-form" action=DenyChange::url() method="post">
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name="link" value=link.clone()/>
                <button class="usa-button" type="submit">{text!(locale, change.not_me_button)}</button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <p>{text!(locale, change.link_over_text)}</p>
            <p><a href=locale.path(START)>{text!(locale, change.to_start)}</a></p>
        }
        .into_any()
    };
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=NOT_ME query=format!("?link={link}")>
            <h1>{title}</h1>
            {content}
            <Telephone locale site=site.clone()/>
        </Layout>
    }
}
