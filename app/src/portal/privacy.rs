//! "Your privacy and your records": what is kept and why, who else may see it, how people see and correct it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::locale::Locale;

use super::notice::{Collection, FormNotices};
use super::site::SiteInfo;
use super::{Layout, use_locale, use_site};
use crate::text::text;

/// What makes a letter a statement under oath (28 U.S.C. 1746), without a notary. The law gives the words, in English.
const OATH: &str = "I declare under penalty of perjury that the foregoing is true and correct.";

#[component]
pub fn PrivacyPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let title = text!(locale, privacy.title);
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page="/privacy">
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, privacy.lead)}</p>
            <Contents locale/>
            <Kept locale/>
            <SharedWithOthers locale/>
            <SeeRecords locale site=site.clone()/>
            <Corrections locale/>
            <OnTheDevice locale/>
            <h2 id="notices">{text!(locale, privacy.notices_title)}</h2>
            <FormNotices locale site=site.clone() collection=Collection::case_status(locale)/>
        </Layout>
    }
}

/// Who comes to see or correct a record does not read the rest first.
#[component]
fn Contents(locale: Locale) -> impl IntoView {
    let sections = [
        ("#keep", text!(locale, privacy.keep_title)),
        ("#share", text!(locale, privacy.share_title)),
        ("#see", text!(locale, privacy.see_title)),
        ("#correct", text!(locale, privacy.correct_title)),
        ("#device", text!(locale, privacy.device_title)),
        ("#notices", text!(locale, privacy.notices_title)),
    ];
    view! {
        <nav aria-labelledby="contents">
            <h2 id="contents">{text!(locale, privacy.contents)}</h2>
            <ul>{sections.map(|(id, title)| view! { <li><a href=id>{title}</a></li> }).collect_view()}</ul>
        </nav>
    }
}

#[component]
fn Kept(locale: Locale) -> impl IntoView {
    view! {
        <h2 id="keep">{text!(locale, privacy.keep_title)}</h2>
        <p>{text!(locale, privacy.keep_text)}</p>
        <h3>{text!(locale, privacy.check_title)}</h3>
        <p>{text!(locale, privacy.ask_text)}</p>
        <p>{text!(locale, privacy.show_text)}</p>
        <ul>
            <li>{text!(locale, privacy.keep_count)}</li>
            <li>{text!(locale, privacy.keep_memory)}</li>
            <li>{text!(locale, privacy.keep_url)}</li>
            <li>{text!(locale, privacy.keep_limit)}</li>
        </ul>
        <h3>{text!(locale, privacy.follow_title)}</h3>
        <p>{text!(locale, privacy.follow_text)}</p>
        <p>{text!(locale, privacy.follow_mail)}</p>
        <p>{text!(locale, privacy.follow_draft)}</p>
        <h3>{text!(locale, privacy.request_title)}</h3>
        <p>{text!(locale, privacy.request_text)}</p>
        <p>{text!(locale, privacy.request_why)}</p>
        <p>{text!(locale, privacy.request_draft)}</p>
        <p>{text!(locale, privacy.request_files)}</p>
        <p>{text!(locale, privacy.request_answer)}</p>
        <h3>{text!(locale, privacy.address_title)}</h3>
        <p>{text!(locale, privacy.address_text)}</p>
        <p>{text!(locale, privacy.address_proof)}</p>
        <p>{text!(locale, privacy.address_safe)}</p>
        <h3>{text!(locale, privacy.case_title)}</h3>
        <p>{text!(locale, privacy.case_text)}</p>
        <h3>{text!(locale, privacy.long_title)}</h3>
        <p>{text!(locale, privacy.long_text)}</p>
    }
}

#[component]
fn SharedWithOthers(locale: Locale) -> impl IntoView {
    view! {
        <h2 id="share">{text!(locale, privacy.share_title)}</h2>
        <p>{text!(locale, privacy.share_staff)}</p>
        <p>{text!(locale, privacy.share_law)}</p>
        <h3>{text!(locale, privacy.foreign_title)}</h3>
        <p>{text!(locale, privacy.foreign_text)}</p>
        <p>{text!(locale, privacy.foreign_special)}</p>
        <p>{text!(locale, privacy.foreign_account)}</p>
    }
}

#[component]
fn SeeRecords(locale: Locale, site: Arc<SiteInfo>) -> impl IntoView {
    let address = site.records_center.iter().map(|line| view! { <span>{line.clone()}</span><br/> });
    view! {
        <h2 id="see">{text!(locale, privacy.see_title)}</h2>
        <p>{text!(locale, privacy.see_text)}</p>
        <p>{text!(locale, privacy.see_who)}</p>
        <p>{text!(locale, privacy.see_write)}</p>
        <p class="portico-postal" translate="no">{address.collect_view()}</p>
        <p>{text!(locale, privacy.see_letter)}</p>
        <ul>
            <li>{text!(locale, privacy.see_name)}</li>
            <li>{text!(locale, privacy.see_birth)}</li>
            <li>{text!(locale, privacy.see_number)}</li>
            <li>{text!(locale, privacy.see_records)}</li>
            <li>{text!(locale, privacy.see_sign)}" “"<span lang="en" translate="no">{OATH}</span>"”"</li>
        </ul>
        <p>{text!(locale, privacy.see_limits)}</p>
    }
}

#[component]
fn Corrections(locale: Locale) -> impl IntoView {
    view! {
        <h2 id="correct">{text!(locale, privacy.correct_title)}</h2>
        <p>{text!(locale, privacy.correct_paper)}" "<a href=locale.path("/e-request")>{text!(locale, home.ask_link)}</a></p>
        <p>
            {text!(locale, privacy.correct_address)}" "<a href=locale.path("/change-of-address")>{text!(locale, change.home_link)}</a>
        </p>
        <p>{text!(locale, privacy.correct_record)}</p>
        <p>{text!(locale, privacy.correct_told)}</p>
        <p><a href=locale.path("/redress")>{text!(locale, redress.privacy_link)}</a></p>
    }
}

#[component]
fn OnTheDevice(locale: Locale) -> impl IntoView {
    view! {
        <h2 id="device">{text!(locale, privacy.device_title)}</h2>
        <h3>{text!(locale, privacy.cookie_title)}</h3>
        <p>{text!(locale, privacy.cookie_text)}</p>
        <p>{text!(locale, privacy.cookie_none)}</p>
        <h3>{text!(locale, privacy.list_title)}</h3>
        <p>{text!(locale, privacy.list_text)}</p>
        <p>{text!(locale, privacy.list_check)}</p>
        <p>{text!(locale, privacy.list_files)}</p>
        <p>{text!(locale, privacy.list_clear)}</p>
        <h3>{text!(locale, privacy.shared_title)}</h3>
        <p>{text!(locale, privacy.shared_text)}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_and_a_move_have_their_pages_in_both_languages() {
        for (locale, before) in [(Locale::En, ""), (Locale::Es, "/es")] {
            let page = Owner::new().with(|| view! { <Corrections locale/> }.to_html());
            for to in ["/e-request", "/change-of-address", "/redress"] {
                assert!(page.contains(&format!("href=\"{before}{to}\"")), "{page}");
            }
        }
    }

    #[test]
    fn people_learn_where_to_write_in_both_languages() {
        let records_center = ["Records Center", "P.O. Box 1", "Springfield, ZZ 00000"].map(String::from).to_vec();
        let site = Arc::new(SiteInfo { records_center, ..SiteInfo::default() });
        for locale in Locale::ALL {
            let page = Owner::new().with(|| view! { <SeeRecords locale site=site.clone()/> }.to_html()).replace("<!>", "");
            let lines = format!("<span>{}</span>", site.records_center.join("</span><br><span>"));
            assert!(page.contains(&lines), "{page}");
            assert!(page.contains(text!(locale, privacy.see_write)) && page.contains(OATH), "{page}");
        }
    }
}
