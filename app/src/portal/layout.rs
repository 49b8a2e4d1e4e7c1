//! What stands around every page: skip link, announcements, masthead, main column, footer.

use std::sync::Arc;

use leptos::prelude::*;
use shared::locale::Locale;

use super::site::SiteInfo;
use crate::text::text;

/// A page in its frame.
#[component]
pub fn Layout(
    locale: Locale,
    site: Arc<SiteInfo>,
    /// The page's path without its language: the language link leads to the same one.
    page: &'static str,
    /// What stands behind the path in the address, if the other language's page is to have it too: `?form=I-130`.
    #[prop(optional, into)]
    query: String,
    /// Whether every other page would say the same: then none is linked but the one in the other language.
    #[prop(optional)]
    closed: bool,
    children: Children,
) -> impl IntoView {
    let other = if locale == Locale::En { Locale::Es } else { Locale::En };
    let agency = site.agency(locale).to_owned();
    let name = if closed { agency.clone().into_any() } else { view! { <a href=locale.path("/")>{agency.clone()}</a> }.into_any() };
    let links = (!closed).then(|| {
        view! {
            <ul class="portico-footer__links">
                <li><a href=locale.path("/privacy")>{text!(locale, common.privacy)}</a></li>
                <li><a href=locale.path("/accessibility")>{text!(locale, common.accessibility)}</a></li>
                <li><a href=locale.path("/service-report")>{text!(locale, service_report.foot_link)}</a></li>
                {site.api.then(|| view! { <li><a href=locale.path("/api")>{text!(locale, common.api)}</a></li> })}
            </ul>
        }
    });
    view! {
        <a class="usa-skipnav" href="#main">{text!(locale, common.skip)}</a>
        {announcements(locale, &site)}
        <header class="portico-masthead">
            <div class="portico-masthead__inner">
                <p class="portico-masthead__name">{name}</p>
                <a class="portico-language" href=other.path(page) + &query lang=other.tag() hreflang=other.tag()>
                    {text!(locale, common.language_link)}
                </a>
            </div>
        </header>
        <main class="portico-main" id="main" tabindex="-1">{children()}</main>
        <footer class="portico-footer">
            <div class="portico-footer__inner">
                {links}
                <p>{agency}</p>
            </div>
        </footer>
    }
}

fn announcements(locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView {
    let outage = site.outage.as_ref().map(|(en, es)| locale.pick(en, es).to_owned());
    let demo = site.demo.then(|| text!(locale, common.demo_banner));
    view! {
        {outage.map(|message| view! {
            <section class="portico-outage" aria-label=text!(locale, common.notice_region)>
                <div class="portico-outage__body"><p>{message}</p></div>
            </section>
        })}
        {demo.map(|message| view! {
            <section class="usa-site-alert usa-site-alert--info" aria-label=message>
                <div class="usa-alert usa-alert--info"><div class="usa-alert__body"><p class="usa-alert__text">{message}</p></div></div>
            </section>
        })}
    }
}
