//! Service requests, for those who answer them: an office's lists, a request with all that is known of its case, what can be done
//! with it, search, intake, and the roster.
//!
//! Nothing personal stands in an address: lists are named by what was chosen in them (`address`), a request by the id of its row,
//! and what somebody typed between two pages by the id under which it is kept (`kept`). Every act is a plain form. What a script adds
//! is in `keys` and `presence`.

#[cfg(feature = "ssr")]
mod acts;
#[cfg(feature = "ssr")]
pub(super) mod address;
#[cfg(feature = "ssr")]
mod assign;
#[cfg(feature = "ssr")]
pub(super) mod case;
#[cfg(feature = "ssr")]
mod clock;
#[cfg(feature = "ssr")]
pub(super) mod fields;
#[cfg(feature = "ssr")]
mod history;
#[cfg(feature = "ssr")]
mod intake;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod lists;
#[cfg(feature = "hydrate")]
mod presence;
#[cfg(feature = "ssr")]
mod request;
#[cfg(feature = "ssr")]
mod roster;
#[cfg(feature = "ssr")]
mod search;
pub mod server;
#[cfg(feature = "ssr")]
mod shortcuts;
#[cfg(feature = "ssr")]
mod table;
#[cfg(feature = "ssr")]
pub(super) mod told;
#[cfg(feature = "ssr")]
pub(super) mod words;

#[cfg(feature = "ssr")]
pub use {
    assign::{AssignPage, AssignedPage},
    intake::IntakePage,
    list::ListPage,
    lists::{EscalationsPage, QuestionsPage, UnroutedPage},
    request::RequestPage,
    roster::RosterPage,
    search::SearchPage,
};

/// In the browser: looks after shortcuts, and who else is here.
#[cfg(feature = "hydrate")]
pub(super) fn begin() {
    keys::begin();
    presence::begin();
}
