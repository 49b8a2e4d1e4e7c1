//! Watches the drop where the carrier's extract files arrive, and takes in what is new. Nothing is written there.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::{Actor, Context};
use gateways::usps_drop::{Listed, UspsDrop, Watch};

use crate::commands::{Failure, ingest};
use crate::settings::Settings;

/// Between two looks at the drop. The carrier writes a few files a day.
const PAUSE: Duration = Duration::from_mins(1);

/// Starts watching, if a drop is set. It ends with the process.
pub fn watch(ctx: &Context, settings: &Arc<Settings>) {
    let Some(drop) = settings.usps_drop.clone() else { return };
    let (ctx, settings) = (ctx.clone(), Arc::clone(settings));
    tokio::spawn(async move {
        let mut watched = Watched { drop, watch: Watch::default(), done: HashSet::new() };
        let mut ticks = tokio::time::interval(PAUSE);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            watched.look(&ctx, &settings).await;
        }
    });
}

struct Watched {
    drop: UspsDrop,
    watch: Watch,
    /// Files that this process need not look at again. Another process, or a new start, recognises them by their content.
    done: HashSet<Listed>,
}

impl Watched {
    async fn look(&mut self, ctx: &Context, settings: &Settings) {
        let access = settings.sftp_access();
        let listed = match self.drop.list(access.as_ref(), &mut self.watch, ctx.now()).await {
            Ok(listed) => listed,
            Err(error) => return tracing::warn!("PORTICO_USPS_DROP: {error}"),
        };
        for file in listed.into_iter().filter(|file| !self.done.contains(file)).collect::<Vec<_>>() {
            match self.take_in(ctx, settings, &file).await {
                Ok(()) => {
                    self.done.insert(file);
                }
                // The database or the way to the drop is out of order: the next look tries again.
                Err(Failure::Domain(domain::Error::Unavailable | domain::Error::Internal)) => return,
                Err(failure) => {
                    tracing::error!(file = file.name.as_str(), "an extract cannot be taken in: {failure}");
                    self.done.insert(file);
                }
            }
        }
    }

    async fn take_in(&self, ctx: &Context, settings: &Settings, file: &Listed) -> Result<(), Failure> {
        if let UspsDrop::Folder(folder) = &self.drop {
            return ingest(ctx, settings, &folder.join(file.name.as_str())).await;
        }
        let copy = spool(settings)?.join(file.name.as_str());
        if let Err(error) = self.drop.fetch(settings.sftp_access().as_ref(), file, &copy).await {
            tracing::warn!("PORTICO_USPS_DROP: {error}");
            return Err(Failure::Domain(domain::Error::Unavailable));
        }
        let ingested = ingest(ctx, settings, &copy).await;
        // It holds names: only what was taken from it stays.
        let _ = tokio::fs::remove_file(&copy).await;
        ingested
    }
}

async fn ingest(ctx: &Context, settings: &Settings, file: &Path) -> Result<(), Failure> {
    ingest::take_in(ctx, settings, Actor::System, file).await.map(|_| ())
}

/// Where copies lie while they are taken in: beside the key file, for the owner only.
fn spool(settings: &Settings) -> Result<PathBuf, Failure> {
    use std::os::unix::fs::DirBuilderExt as _;
    let folder = settings.key_file.with_file_name("usps-extracts");
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
    made.map_err(|error| Failure::Input(format!("{}: {error}", folder.display())))?;
    Ok(folder)
}
