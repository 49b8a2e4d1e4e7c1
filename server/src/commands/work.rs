//! `portico work`.

use std::sync::Arc;

use super::serve::site;
use super::webhook::reach;
use super::{Failure, open_with_partner_data};
use crate::document::Documents;
use crate::settings::Settings;
use crate::{checkpoints, http, ident, jobs, outbox, usps_drop};

/// Works until the process is told to stop.
pub async fn run(settings: Settings) -> Result<(), Failure> {
    if let Some(problem) = settings.problems().into_iter().next() {
        return Err(problem.into());
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ctx = open_with_partner_data(&settings).await?;
    let documents = Documents::open(&settings)?;
    let sending = outbox::start(&ctx, &settings, &Arc::new(site(&settings, false)), reach(&ctx).await?)?;
    jobs::start(&ctx, &settings, &documents);
    checkpoints::start(&ctx, &settings)?;
    ident::start(&ctx, &settings)?;
    usps_drop::watch(&ctx, &Arc::new(settings));
    println!("Portico works.");
    http::told_to_stop().await;
    sending.finish().await;
    ctx.store.close().await;
    Ok(())
}
