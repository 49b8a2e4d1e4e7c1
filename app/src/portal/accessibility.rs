//! The accessibility statement.

use leptos::prelude::*;
use leptos_meta::Title;

use super::contact::Telephone;
use super::{Layout, use_locale, use_site};
use crate::text::text;

#[component]
pub fn AccessibilityPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let title = text!(locale, accessibility.title);
    let email = site.accessibility_email.clone().map(|address| {
        view! { <p>{text!(locale, accessibility.email)}": "<a href=format!("mailto:{address}")>{address.clone()}</a></p> }
    });
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page="/accessibility">
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, accessibility.lead)}</p>
            <p>{text!(locale, accessibility.date)}</p>
            <h2>{text!(locale, accessibility.goal_title)}</h2>
            <p>{text!(locale, accessibility.goal_text)}</p>
            <h2>{text!(locale, accessibility.test_title)}</h2>
            <p>{text!(locale, accessibility.test_text)}</p>
            <ul>
                <li>{text!(locale, accessibility.test_axe)}</li>
                <li>{text!(locale, accessibility.test_keyboard)}</li>
                <li>{text!(locale, accessibility.test_script)}</li>
                <li>{text!(locale, accessibility.test_zoom)}</li>
            </ul>
            <h2>{text!(locale, accessibility.limits_title)}</h2>
            <ul>
                <li>{text!(locale, accessibility.limits_readers)}</li>
                <li>{text!(locale, accessibility.limits_people)}</li>
            </ul>
            <h2>{text!(locale, accessibility.report_title)}</h2>
            <p>{text!(locale, accessibility.report_text)}</p>
            <Telephone locale site=site.clone()/>
            {email}
        </Layout>
    }
}
