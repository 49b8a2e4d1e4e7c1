//! Writes the trees over the logs outside of the database, and signs their heads.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::audit::{Outside, give_positions, seal};
use domain::{Actor, Context};
use store::Clock;
use store::crypto::CheckpointKey;

use crate::commands::{Failure, key_name};
use crate::jobs::every;
use crate::settings::{SettingError, Settings};

/// Between two rounds. So long a row that was just written can be changed without a trace.
const PAUSE: Duration = Duration::from_secs(10);

/// Starts the job. It ends with the process. Without a folder rows get their positions all the same.
pub fn start(ctx: &Context, settings: &Settings) -> Result<(), Failure> {
    let outside = open(settings, &ctx.clock)?.map(Arc::new);
    every(PAUSE, ctx, move |ctx| {
        let outside = outside.clone();
        async move {
            match outside {
                Some(outside) => seal(&ctx, Actor::System, &outside).await.map(drop),
                None => give_positions(&ctx, Actor::System).await.map(drop),
            }
        }
    });
    Ok(())
}

/// The folder, if one is set, and the key, made at the first start. One that is missing beside checkpoints is not replaced.
pub fn open(settings: &Settings, clock: &Clock) -> Result<Option<Outside>, Failure> {
    let Some(folder) = settings.checkpoints.clone() else { return Ok(None) };
    let file = &settings.checkpoint_key;
    if [&settings.key_file, &settings.partner_key_file].contains(&file) {
        let problem = "is a file of other keys: checkpoints have a key of their own".into();
        return Err(SettingError { name: "PORTICO_CHECKPOINT_KEY", problem }.into());
    }
    if let Some(key) = CheckpointKey::load(file)? {
        return Ok(Some(Outside { folder, key }));
    }
    if is_used(&folder) {
        return Err(Failure::Input(format!(
            "The key file {} is missing, and the checkpoints in {} are signed with it. Restore it from your copy; docs/audit.md \
             says what to do without one.",
            file.display(),
            folder.display()
        )));
    }
    let (_, host) = settings.public_url.origin().split_once("://").unwrap_or_default();
    let key = CheckpointKey::generate(&format!("{host}/{}", key_name(clock)))?;
    if key.save_first(file)? {
        return Ok(Some(Outside { folder, key }));
    }
    // Another process came first.
    let key = CheckpointKey::load(file)?.ok_or_else(|| Failure::Input(format!("The key file {} went away.", file.display())))?;
    Ok(Some(Outside { folder, key }))
}

/// Does anything lie there?
pub fn is_used(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}
