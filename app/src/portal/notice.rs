//! What the law wants said wherever a form asks something: the Privacy Act statement and the Paperwork Reduction Act notice.

use std::sync::Arc;

use leptos::prelude::*;
use shared::locale::Locale;

use super::site::SiteInfo;
use crate::text::text;

/// What differs from form to form.
#[derive(Debug, Clone)]
pub struct Collection {
    pub purpose: &'static str,
    /// Whether an answer is a choice, and what follows without one.
    pub disclosure: &'static str,
    /// The control number that the Office of Management and Budget gave this form; none for a service that no form was
    /// approved for yet.
    pub control_number: Option<&'static str>,
    pub expires: Option<&'static str>,
    pub burden: Option<&'static str>,
    /// Whether the Privacy Act statement can be read without unfolding it: where more is asked than a number.
    pub is_unfolded: bool,
}

impl Collection {
    pub fn case_status(locale: Locale) -> Self {
        Self {
            purpose: text!(locale, notice.purpose_case_status),
            disclosure: text!(locale, notice.disclosure_case_status),
            control_number: Some("1615-0080"),
            expires: None,
            burden: None,
            is_unfolded: false,
        }
    }

    /// Who has read it once, and comes back to mend a mistake, is not made to pass it again.
    #[cfg(feature = "ssr")]
    pub fn follow(locale: Locale, is_unfolded: bool) -> Self {
        Self {
            purpose: text!(locale, notice.purpose_follow),
            disclosure: text!(locale, notice.disclosure_follow),
            control_number: None,
            expires: None,
            burden: None,
            is_unfolded,
        }
    }
}

impl Collection {
    /// The Paperwork Reduction Act's figures as the agency publishes them for e-Request.
    #[cfg(feature = "ssr")]
    pub fn e_request(locale: Locale, is_unfolded: bool) -> Self {
        Self {
            purpose: text!(locale, notice.purpose_e_request),
            disclosure: text!(locale, notice.disclosure_e_request),
            control_number: Some("1615-0165"),
            expires: Some(text!(locale, notice.expires_e_request)),
            burden: Some(text!(locale, notice.burden_e_request)),
            is_unfolded,
        }
    }
}

impl Collection {
    /// Form AR-11: reporting a move is a duty, naming cases is a choice.
    #[cfg(feature = "ssr")]
    pub fn change_of_address(locale: Locale, is_unfolded: bool) -> Self {
        Self {
            purpose: text!(locale, notice.purpose_change),
            disclosure: text!(locale, notice.disclosure_change),
            control_number: Some("1615-0007"),
            expires: None,
            burden: None,
            is_unfolded,
        }
    }
}

/// Both notices of a form, mostly folded until somebody wants to read them.
#[component]
pub fn FormNotices(locale: Locale, site: Arc<SiteInfo>, collection: Collection) -> impl IntoView {
    view! {
        <details class="portico-details" open=collection.is_unfolded>
            <summary>{text!(locale, notice.privacy_act)}</summary>
            <dl class="portico-facts">
                {entry(text!(locale, notice.authorities), text!(locale, notice.authorities_text))}
                {entry(text!(locale, notice.purpose), collection.purpose)}
                {entry(text!(locale, notice.routine_uses), routine_uses(locale, &site.records_notices))}
                {entry(text!(locale, notice.disclosure), collection.disclosure)}
            </dl>
        </details>
        {collection.control_number.map(|number| paperwork(number, &collection, locale))}
    }
}

fn paperwork(number: &'static str, collection: &Collection, locale: Locale) -> impl IntoView + use<> {
    view! {
        <details class="portico-details">
            <summary>{text!(locale, notice.pra)}</summary>
            <p>{text!(locale, notice.pra_text)}</p>
            <p>{text!(locale, notice.pra_number)}" "<span class="portico-unbroken">{number}</span></p>
            {collection.expires.map(|expires| view! { <p>{text!(locale, notice.pra_expires)}" "{expires}</p> })}
            {collection.burden.map(|burden| view! { <p>{text!(locale, notice.pra_burden)}" "{burden}</p> })}
        </details>
    }
}

fn entry(term: &'static str, description: impl IntoView) -> impl IntoView {
    view! { <div><dt>{term}</dt><dd>{description}</dd></div> }
}

fn routine_uses(locale: Locale, notices: &[String]) -> impl IntoView + use<> {
    let list = (!notices.is_empty()).then(|| {
        view! {
            <p>{text!(locale, notice.routine_uses_list)}</p>
            <ul>{notices.iter().map(|notice| view! { <li>{notice.clone()}</li> }).collect_view()}</ul>
        }
    });
    view! { <p>{text!(locale, notice.routine_uses_text)}</p>{list} }
}
