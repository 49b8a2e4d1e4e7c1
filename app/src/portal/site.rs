//! What one installation says about itself, and the portal's pages.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::locale::Locale;

/// The portal's pages, without their language.
pub const PAGES: [&str; 44] = [
    "/",
    "/case-status",
    "/lost-receipt-number",
    "/watch-list",
    "/processing-times",
    "/processing-times/your-case",
    "/follow",
    "/follow/confirm",
    "/follow/stop",
    "/follow/done",
    "/e-request",
    "/e-request/who",
    "/e-request/case",
    "/e-request/answer",
    "/e-request/issue",
    "/e-request/documents",
    "/e-request/person",
    "/e-request/contact",
    "/e-request/check",
    "/e-request/sent",
    "/e-request/later",
    "/e-request/resume",
    "/e-request/done",
    "/e-request/status",
    "/e-request/status/request",
    "/change-of-address",
    "/change-of-address/person",
    "/change-of-address/move",
    "/change-of-address/new-address",
    "/change-of-address/old-address",
    "/change-of-address/mailing-address",
    "/change-of-address/cases",
    "/change-of-address/contact",
    "/change-of-address/check",
    "/change-of-address/receipt",
    "/change-of-address/status",
    "/change-of-address/code",
    "/change-of-address/not-me",
    "/change-of-address/done",
    "/service-report",
    "/redress",
    "/privacy",
    "/accessibility",
    "/api",
];

/// The pages that load the browser's client.
pub const HYDRATED: [&str; 2] = ["/case-status", "/watch-list"];

/// The pages whose forms the client looks after, and whose document it leaves as the server made it.
pub const CHECKED: [&str; 11] = [
    "/e-request/case",
    "/e-request/issue",
    "/e-request/person",
    "/e-request/contact",
    "/change-of-address/person",
    "/change-of-address/move",
    "/change-of-address/new-address",
    "/change-of-address/old-address",
    "/change-of-address/mailing-address",
    "/change-of-address/cases",
    "/change-of-address/contact",
];

/// An installation's names and numbers, from its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteInfo {
    pub agency_en: String,
    pub agency_es: String,
    /// As people read it: `1-800-555-0123`.
    pub telephone: String,
    pub tty: Option<String>,
    /// Where people write about barriers.
    pub accessibility_email: Option<String>,
    /// The system of records notices that the Privacy Act statement names.
    pub records_notices: Vec<String>,
    /// Where people write to see or correct their records, line by line.
    #[serde(skip)]
    pub records_center: Vec<String>,
    /// An announcement on every page, in English and Spanish.
    pub outage: Option<(String, String)>,
    /// Whether cases can be followed by e-mail here.
    pub sends_mail: bool,
    /// Whether programs may ask this server, so that there is a page about it.
    pub api: bool,
    /// Whether every case here is made up.
    pub demo: bool,
    /// Named on the front page of a demo; the browser's client has no use for them.
    #[serde(skip)]
    pub demo_receipts: Arc<[DemoReceipt]>,
}

/// A well-known example of a demo.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemoReceipt {
    pub receipt_number: String,
    pub note_en: String,
    pub note_es: String,
}

impl SiteInfo {
    /// The settings of the server that renders; the browser reads them from the page.
    pub(super) fn of_this_server() -> Self {
        #[cfg(feature = "ssr")]
        return crate::context::PortalContext::current().map_or_else(Self::default, |portal| (*portal.site).clone());
        #[cfg(not(feature = "ssr"))]
        return Self::default();
    }

    pub fn agency(&self, locale: Locale) -> &str {
        locale.pick(&self.agency_en, &self.agency_es)
    }

    /// A page's `<title>`.
    pub fn title(&self, locale: Locale, page: &str) -> String {
        format!("{page} | {}", self.agency(locale))
    }
}

/// The page of a path, whatever its language.
pub fn page_of_path(path: &str) -> Option<&'static str> {
    let page = if Locale::of_path(path) == Locale::Es { &path[3..] } else { path };
    let page = if page.is_empty() { "/" } else { page };
    PAGES.into_iter().find(|known| *known == page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_same_in_both_languages() {
        for page in PAGES {
            for locale in Locale::ALL {
                assert_eq!(page_of_path(&locale.path(page)), Some(page));
            }
        }
        for other in ["/es/es", "/case-status/x", "/especially", ""] {
            assert_eq!(page_of_path(other).filter(|_| !other.is_empty()), None, "{other}");
        }
        assert!(HYDRATED.iter().chain(&CHECKED).all(|page| PAGES.contains(page)));
        assert!(!HYDRATED.iter().any(|page| CHECKED.contains(page)));
    }
}
