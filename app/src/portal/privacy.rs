//! "Your privacy": what is used and what is kept when somebody checks a case.

use leptos::prelude::*;
use leptos_meta::Title;

use super::notice::{Collection, FormNotices};
use super::{Layout, use_locale, use_site};
use crate::text::text;

#[component]
pub fn PrivacyPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let title = text!(locale, privacy.title);
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page="/privacy">
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, privacy.lead)}</p>
            <h2>{text!(locale, privacy.ask_title)}</h2>
            <p>{text!(locale, privacy.ask_text)}</p>
            <h2>{text!(locale, privacy.show_title)}</h2>
            <p>{text!(locale, privacy.show_text)}</p>
            <h2>{text!(locale, privacy.keep_title)}</h2>
            <ul>
                <li>{text!(locale, privacy.keep_count)}</li>
                <li>{text!(locale, privacy.keep_memory)}</li>
                <li>{text!(locale, privacy.keep_url)}</li>
                <li>{text!(locale, privacy.keep_limit)}</li>
            </ul>
            <h2>{text!(locale, privacy.follow_title)}</h2>
            <p>{text!(locale, privacy.follow_text)}</p>
            <p>{text!(locale, privacy.follow_mail)}</p>
            <p>{text!(locale, privacy.follow_draft)}</p>
            <h2>{text!(locale, privacy.cookie_title)}</h2>
            <p>{text!(locale, privacy.cookie_text)}</p>
            <p>{text!(locale, privacy.cookie_none)}</p>
            <h2>{text!(locale, privacy.list_title)}</h2>
            <p>{text!(locale, privacy.list_text)}</p>
            <p>{text!(locale, privacy.list_check)}</p>
            <p>{text!(locale, privacy.list_files)}</p>
            <p>{text!(locale, privacy.list_clear)}</p>
            <h2>{text!(locale, privacy.shared_title)}</h2>
            <p>{text!(locale, privacy.shared_text)}</p>
            <h2>{text!(locale, privacy.notices_title)}</h2>
            <FormNotices locale site=site.clone() collection=Collection::case_status(locale)/>
        </Layout>
    }
}
