//! How people see their records and have them corrected: by mail, online, at an office; how long it takes; and where partner countries
//! are asked. Nothing is filed here: a signature is needed, so staff log what comes.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::country;
use shared::locale::Locale;
use shared::redress::ways::{WAYS, Way};

use super::contact::Telephone;
use super::site::SiteInfo;
use super::{Layout, use_locale, use_site};
use crate::text::text;

#[component]
pub fn RedressPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let title = text!(locale, redress.title);
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page="/redress">
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, redress.lead)}</p>
            <HowToAsk locale site=site.clone()/>
            <HowLong locale/>
            <Partners locale/>
            <h2>{text!(locale, home.help_title)}</h2>
            <p>{text!(locale, home.help_text)}</p>
            <Telephone locale site=site.clone()/>
        </Layout>
    }
}

#[component]
fn HowToAsk(locale: Locale, site: Arc<SiteInfo>) -> impl IntoView {
    let address = site.records_center.iter().map(|line| view! { <span>{line.clone()}</span><br/> });
    view! {
        <h2>{text!(locale, redress.how_title)}</h2>
        <h3>{text!(locale, redress.mail_title)}</h3>
        <p>{text!(locale, redress.mail_text)}</p>
        <p class="portico-postal" translate="no">{address.collect_view()}</p>
        <p><a href=locale.path("/privacy") + "#see">{text!(locale, redress.letter_link)}</a></p>
        <h3>{text!(locale, redress.online_title)}</h3>
        <p>{text!(locale, redress.online_text)}" "<a href=locale.path("/e-request")>{text!(locale, home.ask_link)}</a></p>
        <p>{text!(locale, redress.online_records)}</p>
        <h3>{text!(locale, redress.office_title)}</h3>
        <p>{text!(locale, redress.office_text)}</p>
        <h2>{text!(locale, redress.bring_title)}</h2>
        <ul>
            <li>{text!(locale, redress.bring_identity)}</li>
            <li>{text!(locale, redress.bring_numbers)}</li>
            <li>{text!(locale, redress.bring_wrong)}</li>
            <li>{text!(locale, redress.bring_papers)}</li>
        </ul>
    }
}

#[component]
fn HowLong(locale: Locale) -> impl IntoView {
    view! {
        <h2>{text!(locale, redress.long_title)}</h2>
        <ul>
            <li>{text!(locale, redress.long_answer)}</li>
            <li>{text!(locale, redress.long_more)}</li>
            <li>{text!(locale, redress.long_told)}</li>
        </ul>
        <h2>{text!(locale, redress.no_title)}</h2>
        <p>{text!(locale, redress.no_text)}</p>
        <p>{text!(locale, redress.no_statement)}</p>
    }
}

#[component]
fn Partners(locale: Locale) -> impl IntoView {
    let way = |way: &Way| {
        let name = country::name(&way.partner.country(), locale).unwrap_or_else(|| way.partner.name());
        view! {
            <h3>{name}</h3>
            <ul>
                <li>
                    {text!(locale, redress.partner_ask)}": "
                    <a href=way.address lang="en" hreflang="en" rel="noreferrer">{way.authority}</a>
                </li>
                <li>
                    {text!(locale, redress.partner_complain)}": "
                    <a href=way.overseer_address lang="en" hreflang="en" rel="noreferrer">{way.overseer}</a>
                </li>
            </ul>
        }
    };
    view! {
        <h2>{text!(locale, redress.partners_title)}</h2>
        <p>{text!(locale, redress.partners_text)}</p>
        <p>{text!(locale, redress.partners_links)}</p>
        {WAYS.iter().map(way).collect_view()}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partner_has_its_links_in_both_languages() {
        for locale in Locale::ALL {
            let page = Owner::new().with(|| view! { <Partners locale/> }.to_html());
            for way in WAYS {
                for address in [way.address, way.overseer_address] {
                    assert!(page.contains(&format!("href=\"{address}\"")), "{page}");
                }
            }
            assert!(page.contains(if locale == Locale::En { "New Zealand" } else { "Nueva Zelanda" }), "{page}");
        }
    }

    #[test]
    fn people_learn_where_to_write_and_where_the_letter_is_explained() {
        let site = Arc::new(SiteInfo { records_center: vec!["Records Center".into()], ..SiteInfo::default() });
        for (locale, before) in [(Locale::En, ""), (Locale::Es, "/es")] {
            let page = Owner::new().with(|| view! { <HowToAsk locale site=site.clone()/> }.to_html());
            for part in ["Records Center".to_owned(), format!("{before}/privacy#see"), format!("{before}/e-request")] {
                assert!(page.contains(&part), "{page}");
            }
        }
    }
}
