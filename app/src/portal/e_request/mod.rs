//! e-Request: asking about a case in writing, one thing on each page.
//!
//! A form's pages are one component, [`StepPage`]: what a page asks is data ([`shared::e_request::Rule`]). What a page shows is
//! found before it is rendered ([`find_form`]); a page that is not at hand yet sends on to the one that is.

mod answer;
mod answers;
mod check;
mod confirmation;
mod documents;
mod field;
mod found;
mod later;
mod mistakes;
mod outcome;
mod progress;
mod request;
mod sent;
mod server;
mod start;
mod step;
mod working;

pub use answers::{ANSWER, NUMBER, answer_document};
pub use confirmation::{CONFIRMATION, confirmation};
pub use documents::{DOCUMENTS, UPLOAD, problem_in_address};
pub use found::find_form;
pub use later::{LaterPage, ResumePage};
pub use outcome::DonePage;
pub use request::{FollowUpPage, RequestPage, lines_in_words};
pub use sent::SentPage;
pub use server::{
    AddInformation, BeginRequest, DidNotHelp, FindRequest, ForgetRequest, KeepForLater, RemindMe, RemoveDocument, ResumeRequest,
    SaveStep, SendRequest, WithdrawRequest,
};
pub use start::StartPage;
pub use step::StepPage;

use shared::e_request::Step;

/// Paths, without their language.
pub const START: &str = "/e-request";
const SENT: &str = "/e-request/sent";
const LATER: &str = "/e-request/later";
pub const RESUME: &str = "/e-request/resume";
const DONE: &str = "/e-request/done";
pub const STATUS: &str = "/e-request/status";
const REQUEST: &str = "/e-request/status/request";

/// The page of a step.
const fn path_of(step: Step) -> &'static str {
    match step {
        Step::Who => "/e-request/who",
        Step::Case => "/e-request/case",
        Step::Answer => "/e-request/answer",
        Step::Issue => "/e-request/issue",
        Step::Documents => "/e-request/documents",
        Step::Person => "/e-request/person",
        Step::Contact => "/e-request/contact",
        Step::Check => "/e-request/check",
    }
}

/// The step of a page.
fn step_of(page: &str) -> Option<Step> {
    Step::ALL.into_iter().find(|step| path_of(*step) == page)
}
