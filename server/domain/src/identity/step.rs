//! What is kept between two steps, under the token of what it belongs to.

use chrono::TimeDelta;
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::identity::sign_in_step::{self, NewStep};
use uuid::Uuid;

use crate::{Context, Error};

/// A password was right; a second factor is missing.
pub(super) const PASSWORD: &str = "password";
/// A passkey was asked to prove itself.
pub(super) const CHALLENGE: &str = "challenge";
/// The secret of an authenticator that is being set up.
pub(super) const NEW_TOTP: &str = "new totp";
/// A passkey is being set up.
pub(super) const NEW_PASSKEY: &str = "new passkey";

/// How long a step is kept. Setting up an authenticator, somebody looks for their telephone.
const KEPT: TimeDelta = TimeDelta::minutes(5);
const KEPT_FOR_SETTING_UP: TimeDelta = TimeDelta::minutes(30);

/// Keeps a step.
pub(super) async fn put(
    ctx: &Context,
    transaction: &mut Connection,
    kind: &'static str,
    token_hash: &[u8; 32],
    account: Uuid,
    content: &[u8],
) -> Result<(), Error> {
    let kept = if kind == NEW_TOTP || kind == NEW_PASSKEY { KEPT_FOR_SETTING_UP } else { KEPT };
    let (id, expires_at) = (ctx.clock.new_id(), ctx.now() + kept);
    let step = NewStep { id, token_hash, kind, account: Some(account), content, expires_at };
    Ok(sign_in_step::put(transaction, &ctx.keys, &step).await?)
}

/// Looks at a step: whose it is, and what was kept.
pub(super) async fn find(
    ctx: &Context,
    connection: &mut Connection,
    kind: &'static str,
    token_hash: &[u8; 32],
) -> Result<Option<(Uuid, Sensitive<Vec<u8>>)>, Error> {
    let step = sign_in_step::find(connection, &ctx.keys, kind, token_hash, ctx.now()).await?;
    Ok(step.and_then(|step| Some((step.account?, step.content))))
}

/// The same, and it is gone.
pub(super) async fn take(
    ctx: &Context,
    transaction: &mut Connection,
    kind: &'static str,
    token_hash: &[u8; 32],
) -> Result<Option<(Uuid, Sensitive<Vec<u8>>)>, Error> {
    let step = sign_in_step::take(transaction, &ctx.keys, kind, token_hash, ctx.now()).await?;
    Ok(step.and_then(|step| Some((step.account?, step.content))))
}
