//! Pages that the server's layers send when nothing else can be sent: whole documents without a script or a database.

use std::sync::Arc;

use leptos::prelude::*;
use shared::locale::Locale;

use super::Layout;
use super::contact::Telephone;
use super::site::SiteInfo;
use crate::context::Bundle;
use crate::portal::shell::head_links;
use crate::portal::tidy::tidy;
use crate::text::text;

/// Why a plain page is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainPage {
    NotFound,
    TooManyRequests,
    ServerError,
    Unavailable,
    /// The service is closed for now.
    Closed,
    /// A form came from another site, or from a page that was open too long.
    Refused,
    TooLarge,
    TimedOut,
}

impl PlainPage {
    pub const ALL: [Self; 8] = [
        Self::NotFound,
        Self::TooManyRequests,
        Self::ServerError,
        Self::Unavailable,
        Self::Closed,
        Self::Refused,
        Self::TooLarge,
        Self::TimedOut,
    ];

    pub fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::NotFound => text!(locale, plain.not_found),
            Self::TooManyRequests => text!(locale, plain.too_many_requests),
            Self::ServerError => text!(locale, plain.server_error),
            Self::Unavailable => text!(locale, plain.unavailable),
            Self::Closed => text!(locale, plain.closed),
            Self::Refused => text!(locale, plain.refused),
            Self::TooLarge => text!(locale, plain.too_large),
            Self::TimedOut => text!(locale, plain.timed_out),
        }
    }

    pub(crate) fn what_to_do(self, locale: Locale) -> &'static str {
        match self {
            Self::NotFound => text!(locale, plain.not_found_text),
            Self::TooManyRequests => text!(locale, plain.too_many_requests_text),
            Self::ServerError => text!(locale, plain.server_error_text),
            Self::Unavailable => text!(locale, plain.unavailable_text),
            Self::Closed => text!(locale, plain.closed_text),
            Self::Refused => text!(locale, plain.refused_text),
            Self::TooLarge => text!(locale, plain.too_large_text),
            Self::TimedOut => text!(locale, plain.timed_out_text),
        }
    }
}

/// A whole HTML document that says what happened and what to do.
pub fn plain_page(kind: PlainPage, locale: Locale, site: &Arc<SiteInfo>, bundle: &Bundle) -> String {
    tidy(&Owner::new().with(|| document(kind, locale, site, bundle).to_html()))
}

fn document(kind: PlainPage, locale: Locale, site: &Arc<SiteInfo>, bundle: &Bundle) -> impl IntoView + use<> {
    let message = message(kind, locale, site);
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag()>
            <head>
                {head_links(bundle)}
                <title>{site.title(locale, kind.title(locale))}</title>
            </head>
            <body>
                <Layout locale site=site.clone() page="/" closed=kind == PlainPage::Closed>{message}</Layout>
            </body>
        </html>
    }
}

/// The page's heading and text.
pub(super) fn message(kind: PlainPage, locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView + use<> {
    // Another page would be closed as well, or one request too many.
    let leads_on = !matches!(kind, PlainPage::Closed | PlainPage::TooManyRequests);
    let home = leads_on.then(|| view! { <p><a href=locale.path("/")>{text!(locale, plain.home_link)}</a></p> });
    view! {
        <h1>{kind.title(locale)}</h1>
        <p class="portico-lead">{kind.what_to_do(locale)}</p>
        {home}
        <p>{text!(locale, plain.call)}</p>
        <Telephone locale site=site.clone()/>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_whole_and_has_no_script() {
        let bundle = Bundle { boot: "/pkg/boot.js".into(), css: "/pkg/portal.css".into() };
        let site =
            Arc::new(SiteInfo { agency_en: "Example & Co".into(), telephone: "1-800-555-0123".into(), ..SiteInfo::default() });
        for kind in PlainPage::ALL {
            for locale in Locale::ALL {
                let page = plain_page(kind, locale, &site, &bundle);
                assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{}\">", locale.tag())), "{page}");
                assert!(page.ends_with("</html>") && !page.contains("<script") && page.contains("/pkg/portal.css"), "{page}");
                assert!(page.contains(&format!("<h1>{}</h1>", kind.title(locale))) && page.contains("tel:18005550123"), "{page}");
            }
        }
        assert!(plain_page(PlainPage::NotFound, Locale::En, &site, &bundle).contains("| Example &amp; Co</title>"));
    }

    #[test]
    fn a_page_leads_nowhere_where_the_same_would_be_said() {
        let links = |kind| {
            let page = plain_page(kind, Locale::En, &Arc::default(), &Bundle::default());
            let (_, body) = page.split_once("<body>").unwrap();
            let targets = body.split("<a ").skip(1).filter_map(|link| link.split_once("href=\"")?.1.split_once('"'));
            targets.map(|(target, _)| target.to_owned()).filter(|target| !target.starts_with("tel:")).collect::<Vec<_>>()
        };
        assert_eq!(links(PlainPage::NotFound), ["#main", "/", "/es", "/", "/privacy", "/accessibility", "/service-report"]);
        assert_eq!(links(PlainPage::TooManyRequests), ["#main", "/", "/es", "/privacy", "/accessibility", "/service-report"]);
        assert_eq!(links(PlainPage::Closed), ["#main", "/es"]);
    }
}
