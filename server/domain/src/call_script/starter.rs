//! The scripts that an installation begins with, in our own wording.

use shared::call_script::{FileError, Script, ScriptKey, check, from_file};
use store::call_script::{self as rows, NewVersion};
use uuid::Uuid;

use crate::{Action, Actor, Context, Error};

const FILES: [&str; 7] = [
    include_str!("starter/ready-to-file.json"),
    include_str!("starter/case-status.json"),
    include_str!("starter/processing-times.json"),
    include_str!("starter/change-of-address.json"),
    include_str!("starter/card-not-received.json"),
    include_str!("starter/appointments.json"),
    include_str!("starter/laws-and-forms.json"),
];

/// The starter set.
///
/// # Errors
/// A file that is no script: a test reads them all.
pub(super) fn scripts() -> Result<Vec<Script>, FileError> {
    FILES.iter().map(|file| from_file(file.as_bytes())).collect()
}

/// Publishes the starter set, of each script whose name nothing has yet. Gives how many.
pub async fn ship(ctx: &Context, actor: Actor) -> Result<u64, Error> {
    actor.check(Action::ChangeReference)?;
    let mut shipped = 0;
    let mut transaction = ctx.store.begin().await?;
    for script in scripts().map_err(|_| Error::Internal)? {
        let is_new = is_new(&mut transaction, &script.key).await?;
        if !is_new || !check(&script).is_empty() {
            continue;
        }
        let new = NewVersion { id: ctx.clock.new_id(), script: &script, written_by: Uuid::nil(), written_at: ctx.now() };
        rows::add_version(&mut transaction, &new).await?;
        let draft = rows::version(&mut transaction, new.id).await?.ok_or(Error::Internal)?;
        rows::publish(&mut transaction, &draft, ctx.today(), None).await?;
        ctx.audit(&mut transaction, actor, "script.ship", script.key.as_str(), serde_json::json!({ "version": new.id })).await?;
        shipped += 1;
    }
    transaction.commit().await?;
    Ok(shipped)
}

async fn is_new(connection: &mut store::engine::Connection, key: &ScriptKey) -> Result<bool, Error> {
    Ok(rows::versions(connection, key).await?.is_empty())
}
