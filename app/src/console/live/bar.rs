//! The bar: as of when the page is, and a link that loads it again.

use leptos::prelude::*;
use uuid::Uuid;

use crate::console::service_request::address::ListAddress;

/// What the bar stands on, for the script that listens.
#[derive(Debug)]
pub struct Bar {
    office: Option<String>,
    request: Option<String>,
    /// The list that is shown, as its address says, and how many stand on a page.
    size: Option<String>,
    /// What the page knows of.
    since: i64,
    seen: Option<String>,
    /// The page's own address.
    page: String,
    as_of: String,
}

impl Bar {
    pub fn of_list(address: &ListAddress, since: i64, as_of: String) -> Self {
        Self {
            office: Some(address.list.office.as_str().to_owned()),
            request: None,
            size: Some(address.list.size.to_string()),
            since,
            seen: None,
            page: address.path(),
            as_of,
        }
    }

    /// Of a request: what the page knows of all of them, and of this one.
    pub fn of_request(id: Uuid, page: &str, (since, seen): (i64, i64), as_of: String) -> Self {
        Self {
            office: None,
            request: Some(id.to_string()),
            size: None,
            since,
            seen: Some(seen.to_string()),
            page: page.to_owned(),
            as_of,
        }
    }

    pub fn view(self) -> AnyView {
        view! {
            <div
                class="console-live"
                id="live"
                data-office=self.office
                data-asked=self.request
                data-size=self.size
                data-since=self.since.to_string()
                data-seen=self.seen
            >
                <p id="live-words" role="status">{format!("As of {}.", self.as_of)}</p>
                <a id="live-show" href=self.page>"Load again"</a>
            </div>
        }
        .into_any()
    }
}
