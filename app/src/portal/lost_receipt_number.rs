//! Where a receipt number is printed, for whoever lost it.

use leptos::prelude::*;
use leptos_meta::Title;

use super::contact::Telephone;
use super::{Layout, use_locale, use_site};
use crate::text::text;

#[component]
pub fn LostReceiptNumberPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let title = text!(locale, lost.title);
    let places = [
        (text!(locale, lost.notice_title), text!(locale, lost.notice_text)),
        (text!(locale, lost.message_title), text!(locale, lost.message_text)),
        (text!(locale, lost.account_title), text!(locale, lost.account_text)),
        (text!(locale, lost.check_title), text!(locale, lost.check_text)),
        (text!(locale, lost.lawyer_title), text!(locale, lost.lawyer_text)),
        (text!(locale, lost.call_title), text!(locale, lost.call_text)),
    ];
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page="/lost-receipt-number">
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, lost.lead)}</p>
            {places.map(|(heading, place)| view! { <h2>{heading}</h2><p>{place}</p> }).collect_view()}
            <Telephone locale site=site.clone()/>
            <p><a class="usa-button" href=locale.path("/case-status")>{text!(locale, lost.back)}</a></p>
        </Layout>
    }
}
