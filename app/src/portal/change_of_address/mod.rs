//! Change of address: the form, a thing to a page, and the receipt of what it reaches.
//!
//! What a page shows is found before it is rendered ([`find_change`]); a page that is not at hand yet sends on to the one that is.
//! No address stands in an address bar, a title or a message.

mod check;
mod field;
mod found;
mod letter;
mod link;
mod outcome;
mod question;
mod receipt;
mod server;
mod start;
mod step;
mod words;

pub use found::find_change;
pub use letter::letter;
pub use link::{CodePage, NotMePage};
pub use outcome::ChangeDonePage;
pub use question::ChangeStatusPage;
pub use receipt::ReceiptPage;
pub use server::{
    AskOtherwise, BeginChange, DenyChange, FindReport, ForgetChange, ProveChange, SaveChangeStep, SendChange, WithdrawChange,
};
pub use start::ChangeStartPage;
pub use step::ChangeStepPage;

use shared::change_of_address::Step;

/// Paths, without their language.
pub const START: &str = "/change-of-address";
const RECEIPT: &str = "/change-of-address/receipt";
pub const STATUS: &str = "/change-of-address/status";
pub const CODE: &str = "/change-of-address/code";
pub const NOT_ME: &str = "/change-of-address/not-me";
const DONE: &str = "/change-of-address/done";

/// The page of a step. The signature stands on the page on which all is checked.
const fn path_of(step: Step) -> &'static str {
    match step {
        Step::Person => "/change-of-address/person",
        Step::Move => "/change-of-address/move",
        Step::NewAddress => "/change-of-address/new-address",
        Step::OldAddress => "/change-of-address/old-address",
        Step::MailingAddress => "/change-of-address/mailing-address",
        Step::Cases => "/change-of-address/cases",
        Step::Contact => "/change-of-address/contact",
        Step::Check | Step::Signature => "/change-of-address/check",
    }
}

/// The step of a page.
fn step_of(page: &str) -> Option<Step> {
    Step::ALL.into_iter().find(|step| path_of(*step) == page)
}
