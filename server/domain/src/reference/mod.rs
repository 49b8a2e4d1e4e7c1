//! Reference texts: what a status says, which action code shows it, how a form is called.
//!
//! They are loaded from one file of this crate and live in the database, where an agency can edit them. Nothing is
//! overwritten: a change is a new version. An upgrade adds and corrects what was shipped and leaves alone what was edited.

mod file;
mod template;
mod texts;

#[cfg(test)]
mod tests;

pub(crate) use template::Placeholder;
pub(crate) use texts::{DeadlineFor, Status, Texts};

use std::collections::HashMap;

use store::crypto::{hex, sha256};
use store::engine::Connection;
use store::reference::{CodeText, FormText, Origin, StatusText, Version};
use store::{Clock, Store};

use crate::audit::{self, Act};
use crate::{Action, Actor, Context, Error};
use file::TextFile;

/// The texts that come with this version.
const SHIPPED: &str = include_str!("../../reference/status_texts.toml");

/// Puts the texts of this version into the database, unless that was done before.
///
/// # Errors
/// [`Error::Internal`] if the shipped file is broken, which a test of this crate would have found.
pub async fn ship(store: &Store, clock: &Clock) -> Result<(), Error> {
    let hash = hex(&sha256(SHIPPED.as_bytes()));
    let mut transaction = store.begin().await?;
    // Servers that start together ship once.
    store::installation::lock_imports(&mut transaction).await?;
    if store::installation::shipped_texts(&mut transaction).await?.as_deref() == Some(hash.as_str()) {
        return Ok(());
    }
    let file = file::parse(SHIPPED).map_err(|reason| {
        tracing::error!("the shipped texts are broken: {reason}");
        Error::Internal
    })?;
    let changed = add(&mut transaction, &file, Origin::Shipped, clock).await?;
    let act = Act { action: "reference.ship", subject: "texts", detail: serde_json::json!({ "changed": changed }) };
    audit::write(&mut transaction, clock, Actor::System, act).await?;
    store::installation::set_shipped_texts(&mut transaction, &hash).await?;
    transaction.commit().await?;
    Ok(())
}

/// Puts an agency's texts into the database and says how many entries changed. The file may hold only what differs.
///
/// # Errors
/// [`Error::Unusable`] with the place and what to do; then nothing was changed.
pub async fn import(ctx: &Context, actor: Actor, file: &str) -> Result<usize, Error> {
    actor.check(Action::ChangeReference)?;
    let file = file::parse(file).map_err(Error::Unusable)?;
    let mut transaction = ctx.store.begin().await?;
    let changed = add(&mut transaction, &file, Origin::Edited, &ctx.clock).await?;
    if changed > 0 {
        ctx.audit(&mut transaction, actor, "reference.import", "texts", serde_json::json!({ "changed": changed })).await?;
    }
    transaction.commit().await?;
    ctx.refresh_texts().await?;
    Ok(changed)
}

/// Adds a version of everything that differs from what is in force.
async fn add(transaction: &mut Connection, file: &TextFile, origin: Origin, clock: &Clock) -> Result<usize, Error> {
    let recorded_at = clock.now();
    let statuses = newest(store::reference::statuses(transaction).await?, |text: &StatusText| text.status.clone());
    let codes = newest(store::reference::codes(transaction).await?, |text: &CodeText| text.code.clone());
    let forms = newest(store::reference::forms(transaction).await?, |text: &FormText| text.form.clone());
    let mut changed = 0;
    for text in file.statuses.iter().filter(|text| is_new(statuses.get(&text.status), text, origin)) {
        store::reference::add_status(transaction, &Version { recorded_at, origin, value: text.clone() }).await?;
        changed += 1;
    }
    for text in file.codes.iter().filter(|text| is_new(codes.get(&text.code), text, origin)) {
        store::reference::add_code(transaction, &Version { recorded_at, origin, value: text.clone() }).await?;
        changed += 1;
    }
    for text in file.forms.iter().filter(|text| is_new(forms.get(&text.form), text, origin)) {
        store::reference::add_form(transaction, &Version { recorded_at, origin, value: text.clone() }).await?;
        changed += 1;
    }
    Ok(changed)
}

fn newest<T>(versions: Vec<Version<T>>, key: impl Fn(&T) -> String) -> HashMap<String, Version<T>> {
    versions.into_iter().map(|version| (key(&version.value), version)).collect()
}

/// What is shipped never replaces what was edited.
fn is_new<T: PartialEq>(current: Option<&Version<T>>, text: &T, origin: Origin) -> bool {
    match current {
        None => true,
        Some(current) if origin == Origin::Shipped && current.origin == Origin::Edited => false,
        Some(current) => current.value != *text,
    }
}
