//! Accounts and roles, for administrators: who works here, and what they may do. No case is seen from here.

mod list;
mod one;
mod server;

pub use list::AccountsPage;
pub use one::AccountPage;
pub use server::{
    AddAccount, AgreeToEnrolment, AgreeToGrant, DisableAccount, EnableAccount, EndGrant, EndSessions, OpenEnrolment, ProposeGrant,
    UnlockAccount, WithdrawEnrolment,
};

use domain::identity::Live;
use leptos::prelude::*;

use super::context::address;
use super::site::{AGAIN, leading_on};

/// Where an account's page is.
fn path_of(account: uuid::Uuid) -> String {
    format!("{}/{account}", super::site::ACCOUNTS)
}

/// Whoever changes an account, or signs something, shows a second factor shortly before. Asked first, so that nothing is typed in vain.
pub(super) fn ask_for_fresh_factor(live: &Live) -> Option<impl IntoView + use<>> {
    live.stepped_up_until.is_none().then(|| {
        view! {
            <p>
                "To change something here, show your second factor once more: it then holds for five minutes. "
                <a class="usa-button usa-button--outline" href=leading_on(AGAIN, Some(&address()))>"Show your second factor"</a>
            </p>
        }
    })
}
