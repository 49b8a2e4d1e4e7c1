//! The front page: what a person can do here.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::locale::Locale;

use super::contact::Telephone;
use super::site::{DemoReceipt, SiteInfo};
use super::{Layout, use_locale, use_site};
use crate::text::text;

#[component]
pub fn HomePage() -> impl IntoView {
    let (locale, site): (Locale, Arc<SiteInfo>) = (use_locale(), use_site());
    let title = text!(locale, home.title);
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page="/">
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, home.lead)}</p>
            <h2>{text!(locale, home.check_title)}</h2>
            <p>{text!(locale, home.check_text)}</p>
            <p><a class="usa-button" href=locale.path("/case-status")>{text!(locale, home.check_button)}</a></p>
            <p><a href=locale.path("/lost-receipt-number")>{text!(locale, home.lost_link)}</a></p>
            {examples(locale, &site.demo_receipts)}
            <h2>{text!(locale, watch_list.home_title)}</h2>
            <p>{text!(locale, watch_list.home_text)}</p>
            <p><a href=locale.path("/watch-list")>{text!(locale, watch_list.home_link)}</a></p>
            <h2>{text!(locale, processing_time.home_title)}</h2>
            <p>{text!(locale, processing_time.home_text)}</p>
            <p><a href=locale.path("/processing-times")>{text!(locale, processing_time.home_link)}</a></p>
            <h2>{text!(locale, change.home_title)}</h2>
            <p>{text!(locale, change.home_text)}</p>
            <p><a href=locale.path("/change-of-address")>{text!(locale, change.home_link)}</a></p>
            {site.sends_mail.then(|| view! {
                <h2>{text!(locale, follow.home_title)}</h2>
                <p>{text!(locale, follow.home_text)}</p>
                <p><a href=locale.path("/follow")>{text!(locale, follow.home_link)}</a></p>
            })}
            <h2>{text!(locale, home.ask_title)}</h2>
            <p>{text!(locale, home.ask_text)}</p>
            <p><a href=locale.path("/e-request")>{text!(locale, home.ask_link)}</a></p>
            <p><a href=locale.path("/e-request/status")>{text!(locale, e_request.have_one_link)}</a></p>
            <h2>{text!(locale, home.help_title)}</h2>
            <p>{text!(locale, home.help_text)}</p>
            <Telephone locale site=site.clone()/>
        </Layout>
    }
}

fn examples(locale: Locale, receipts: &[DemoReceipt]) -> impl IntoView {
    let example = |receipt: &DemoReceipt| {
        let note = locale.pick(&receipt.note_en, &receipt.note_es).to_owned();
        view! { <li><span class="portico-number">{receipt.receipt_number.clone()}</span>": "{note}</li> }
    };
    (!receipts.is_empty()).then(|| {
        view! {
            <section class="usa-summary-box" aria-labelledby="examples">
                <div class="usa-summary-box__body">
                    <h2 class="usa-summary-box__heading" id="examples">{text!(locale, home.demo_title)}</h2>
                    <div class="usa-summary-box__text">
                        <p>{text!(locale, home.demo_text)}</p>
                        <ul class="usa-list">{receipts.iter().map(example).collect_view()}</ul>
                    </div>
                </div>
            </section>
        }
    })
}
