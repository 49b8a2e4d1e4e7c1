//! In the browser: what the client does with the page that it was loaded by.

use super::site::{CHECKED, page_of_path};
use super::{Portal, checking, path};

/// Brings the page at hand to life, or has its forms looked after.
pub fn begin() {
    if page_of_path(&path()).is_some_and(|page| CHECKED.contains(&page)) {
        return checking::begin();
    }
    leptos::mount::hydrate_body(Portal);
}
