//! In the browser: what the client does with the page that it was loaded by. Each part looks for what it looks after, and leaves
//! other pages alone.

use super::{answer, idle, live, passkey, service_request};

/// Begins to look after the page.
pub fn begin() {
    idle::begin();
    passkey::begin();
    service_request::begin();
    answer::begin();
    live::begin();
}
