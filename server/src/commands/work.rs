//! `portico work`.

use std::sync::Arc;

use super::{Failure, open};
use crate::settings::Settings;
use crate::{http, jobs, usps_drop};

/// Works until the process is told to stop.
pub async fn run(settings: Settings) -> Result<(), Failure> {
    if let Some(problem) = settings.problems().into_iter().next() {
        return Err(problem.into());
    }
    let ctx = open(&settings).await?;
    jobs::start(&ctx, &settings);
    usps_drop::watch(&ctx, &Arc::new(settings));
    println!("Portico works.");
    http::told_to_stop().await;
    ctx.store.close().await;
    Ok(())
}
