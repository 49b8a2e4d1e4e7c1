//! Following a case by e-mail: the form, the pages that its messages lead to, and the messages.
//!
//! Links in messages lead to pages with a button: mail programs open links by themselves, and must change nothing by it.

mod follow;
mod link;
mod mail;
mod outcome;
mod server;

pub use follow::{FollowPage, find_draft};
pub use link::{ConfirmPage, StopPage};
pub use mail::{WrittenMail, write};
pub use outcome::OutcomePage;
pub use server::{ConfirmFollowing, FollowCase, StopFollowing};

/// Paths, without their language.
const FOLLOW: &str = "/follow";
const CONFIRM: &str = "/follow/confirm";
const STOP: &str = "/follow/stop";
/// Where mail programs send their reader's wish to stop; no page.
const ONE_CLICK_STOP: &str = "/follow/one-click-stop";
const OUTCOME: &str = "/follow/done";
/// What carries a link's token.
const TOKEN: &str = "link";
