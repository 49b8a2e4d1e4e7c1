//! What runs beside the requests, in every server process. Each round may be lost; the next one does its work.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use domain::{Actor, Context, Error};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, interval_at};

use crate::document::Documents;
use crate::http::told_to_stop;
use crate::settings::Settings;

/// Starts the jobs of a server. They end with the process.
pub fn start(ctx: &Context, settings: &Settings, documents: &Documents) {
    every(Duration::from_secs(1), ctx, async |ctx| domain::case_status::save_failures(&ctx).await);
    every(Duration::from_secs(5), ctx, async |ctx| ctx.refresh_texts().await);
    every(Duration::from_secs(5), ctx, async |ctx| {
        domain::delivery_tracking::update_cases(&ctx, Actor::System).await?;
        ctx.refresh_carrier_data().await
    });
    // Whoever was named in a case a moment ago can be found.
    every(Duration::from_secs(5), ctx, async |ctx| domain::profile::follow_feed(&ctx, Actor::System).await.map(drop));
    // Who was told what was set right a moment ago.
    every(Duration::from_secs(5), ctx, async |ctx| domain::disclosure::trace(&ctx, Actor::System).await.map(drop));
    every(Duration::from_mins(1), ctx, async |ctx| {
        ctx.limits.shrink(ctx.now());
        Ok(())
    });
    let documents = documents.clone();
    every(Duration::from_mins(10), ctx, move |ctx| {
        let documents = documents.clone();
        async move {
            domain::upkeep::sweep(&ctx, Actor::System).await?;
            documents.delete_loose(&ctx).await
        }
    });
    // What supervisors have to know of a day. A round that raises nothing new writes nothing.
    later_every(Duration::from_mins(10), ctx, async |ctx| {
        domain::service_request::escalate(&ctx, Actor::System).await?;
        Ok(())
    });
    // A person lies in two databases: who has one of them does not begin.
    if ctx.shares() || settings.partner_database_url.is_none() {
        every(Duration::from_secs(5), ctx, async |ctx| {
            domain::retention::work_out(&ctx, Actor::System).await?;
            domain::retention::execute(&ctx, Actor::System).await.map(drop)
        });
    }
    let small = settings.report_threshold;
    // Once a month there is something to publish.
    later_every(Duration::from_mins(10), ctx, move |ctx| async move {
        domain::report::publish(&ctx, Actor::System, small).await?;
        Ok(())
    });
    let threshold = settings.waiting_threshold;
    // Once a day, soon after midnight, on one of the servers. Not while a server starts: that is when requests wait.
    later_every(Duration::from_mins(10), ctx, move |ctx| async move {
        domain::waiting::count(&ctx, Actor::System, threshold).await?;
        Ok(())
    });
}

/// Tells open pages what changes, until the process is told to stop. Then their streams end, so that it can.
pub fn follow(ctx: &Context) {
    let live = Arc::clone(&ctx.live);
    tokio::spawn(domain::live::follow(ctx.clone()));
    tokio::spawn(async move {
        told_to_stop().await;
        live.end();
    });
}

/// Now, and again after each pause.
pub fn every<F>(pause: Duration, ctx: &Context, job: impl Fn(Context) -> F + Send + 'static)
where
    F: Future<Output = Result<(), Error>> + Send,
{
    repeat(interval(pause), ctx, job);
}

/// After each pause.
fn later_every<F>(pause: Duration, ctx: &Context, job: impl Fn(Context) -> F + Send + 'static)
where
    F: Future<Output = Result<(), Error>> + Send,
{
    repeat(interval_at(Instant::now() + pause, pause), ctx, job);
}

fn repeat<F>(mut ticks: Interval, ctx: &Context, job: impl Fn(Context) -> F + Send + 'static)
where
    F: Future<Output = Result<(), Error>> + Send,
{
    let ctx = ctx.clone();
    tokio::spawn(async move {
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // Logged where it arose; the next round tries again.
            let _ = job(ctx.clone()).await;
        }
    });
}

/// Reads the certificate again when one of its files changes, as a renewal does.
pub fn watch_certificate(config: RustlsConfig, cert: PathBuf, key: PathBuf) {
    let changed_at = |file: &PathBuf| std::fs::metadata(file).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    tokio::spawn(async move {
        let mut seen = (changed_at(&cert), changed_at(&key));
        loop {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let now = (changed_at(&cert), changed_at(&key));
            if now == seen {
                continue;
            }
            match config.reload_from_pem_file(&cert, &key).await {
                Ok(()) => {
                    tracing::info!("the certificate was read again");
                    seen = now;
                }
                // Half of a renewal may be there: the old certificate serves on.
                Err(error) => tracing::warn!("the new certificate cannot be used yet: {error}"),
            }
        }
    });
}
