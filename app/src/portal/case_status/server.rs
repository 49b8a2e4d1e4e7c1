//! The server functions of this page. Raw text comes in; what a person got wrong is an answer, not an error, and an error
//! says nothing about the question.

use leptos::prelude::*;
use shared::case_status::LookUpAnswer;
#[cfg(feature = "ssr")]
use shared::locale::Locale;

#[cfg(feature = "ssr")]
use super::look_up;
use super::outcome::Outcome;

/// Asks for the status of a case.
#[server(FindCase, prefix = "/_fn", endpoint = "case_status/find", client = crate::csrf::Csrf)]
pub async fn find_case(
    #[server(default)] receipt_number: String,
    #[server(default)] locale: String,
) -> Result<LookUpAnswer, ServerFnError> {
    look_up::find(&receipt_number, Locale::from_tag(&locale)).await
}

/// Forgets what was asked, for the next person at this computer.
#[server(ForgetCase, prefix = "/_fn", endpoint = "case_status/forget", client = crate::csrf::Csrf)]
pub async fn forget_case(#[server(default)] locale: String) -> Result<(), ServerFnError> {
    look_up::forget(Locale::from_tag(&locale)).await
}

impl FindCase {
    /// Where its form posts to.
    pub fn url() -> &'static str {
        <Self as leptos::server_fn::ServerFn>::url()
    }
}

impl ForgetCase {
    /// Where its form posts to.
    pub fn url() -> &'static str {
        <Self as leptos::server_fn::ServerFn>::url()
    }
}

/// What the page shows when it is sent. The browser reads it from the page and never asks for it.
pub fn first_outcome() -> Outcome {
    #[cfg(feature = "ssr")]
    return look_up::first_outcome();
    #[cfg(not(feature = "ssr"))]
    return Outcome::Answer(LookUpAnswer::NotAsked);
}
