//! Staff: accounts, roles, signing in, sessions.
//!
//! * [`session`], [`peek`], [`standing`]: who is behind a cookie; [`lock`], [`sign_out`], and a person's own sessions;
//! * [`password`], then [`totp`] or [`passkey`]: signing in. Both count against one limit for each name, whoever has it;
//! * [`step_up_totp`], [`step_up_passkey`]: a fresh second factor, which also unlocks;
//! * [`invitation`], [`enrol`]: the one-time way in that two people give;
//! * [`account`], [`grant`], [`enrolment`]: what administrators do.

pub mod account;
pub mod enrolment;
mod factor;
pub mod grant;
mod manager;
mod passkeys;
mod passwords;
mod provider;
mod session;
mod settings;
mod sign_in;
mod step;
mod step_up;
mod throttle;
mod totp;

#[cfg(test)]
pub(crate) mod tests;

pub use enrolment::{Enrolled, Invitation, Invited, enrol, invitation, invitation_passkey, invitation_totp};
pub use factor::{Added, FactorView, NewFactor, Removed, TotpSetup};
pub use factor::{add_factor, change_password, factors, new_passkey, new_totp, remove_factor};
pub use manager::Manager;
pub use provider::{ByProvider, Vouched, note_refused_by_provider, provider_account, sign_in_by_provider};
pub use session::{AccountLabel, Live, NewSession, SessionView, Shut, Standing};
pub use session::{lock, my_sessions, peek, revoke_my_others, revoke_my_session, session, sign_out, standing};
pub(crate) use settings::Identity;
pub use settings::IdentitySettings;
pub use sign_in::{Password, Pending, SecondFactor, passkey, passkey_challenge, password, pending, totp};
pub use step_up::{step_up_by_provider, step_up_challenge, step_up_passkey, step_up_totp};
pub use totp::{code_at, secret_to_type};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::sensitive::Sensitive;
use store::crypto::sha256;
use store::engine::Connection;
use store::identity::{enrolment as enrolments, session as sessions, sign_in_attempt, sign_in_step};

use crate::{Context, Error};

/// Deletes what is over: sessions, steps, ways in, and tries that no window reaches. Says how many there were.
pub(crate) async fn expire(ctx: &Context, transaction: &mut Connection) -> Result<u64, Error> {
    let now = ctx.now();
    let over = sessions::expire(transaction, now, now - session::IDLE).await?
        + sign_in_step::expire(transaction, now).await?
        + enrolments::expire(transaction, now).await?
        + sign_in_attempt::expire(transaction, now - ctx.identity.settings.failure_window, now).await?;
    Ok(over)
}

/// A token of 256 random bits, and the hash that is kept of it.
fn new_token(ctx: &Context) -> (Sensitive<String>, [u8; 32]) {
    let token = URL_SAFE_NO_PAD.encode(ctx.random_bytes::<32>());
    let hash = sha256(token.as_bytes());
    (Sensitive::new(token), hash)
}
