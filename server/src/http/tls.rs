//! Listening: with a certificate, or plain on loopback and behind a proxy; and stopping without dropping anybody.

use std::net::{SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::TokioTimer;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::jobs;
use crate::settings::Settings;

/// How long requests under way may still take once the process was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// How long a client may take to send the headers of a request; a slower one gives its connection back.
const HEADERS: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop (SIGINT, SIGTERM), then finishes what is under way.
pub async fn serve(listener: TcpListener, settings: &Settings, router: Router) -> std::io::Result<()> {
    let handle: Handle<SocketAddr> = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let Some((cert, key)) = settings.tls_cert.clone().zip(settings.tls_key.clone()) else {
        let mut server = axum_server::from_tcp(listener)?.handle(handle);
        server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
        return server.serve(service).await;
    };
    let config = RustlsConfig::from_pem_file(&cert, &key).await?;
    jobs::watch_certificate(config.clone(), cert, key);
    let mut server = axum_server::from_tcp_rustls(listener, config)?.handle(handle);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    server.serve(service).await
}

async fn stop_on_signal(handle: Handle<SocketAddr>) {
    told_to_stop().await;
    tracing::info!("stopping: no new connections");
    handle.graceful_shutdown(Some(LAST_REQUESTS));
}

/// Waits until the process is told to stop (SIGINT, SIGTERM). Who waits later than that is told at once: a server may be told while
/// it starts, with a job that waits already and the rest of it not yet.
pub async fn told_to_stop() {
    static TOLD: OnceLock<watch::Receiver<bool>> = OnceLock::new();
    let mut told = TOLD.get_or_init(hear_signals).clone();
    if told.wait_for(|told| *told).await.is_err() {
        // No signal can be heard here.
        std::future::pending::<()>().await;
    }
}

fn hear_signals() -> watch::Receiver<bool> {
    let (tell, told) = watch::channel(false);
    for mut heard in [SignalKind::interrupt(), SignalKind::terminate()].into_iter().filter_map(|kind| signal(kind).ok()) {
        let tell = tell.clone();
        tokio::spawn(async move {
            heard.recv().await;
            tell.send_replace(true);
        });
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_after_the_signal_is_told_too() {
        let mut early = Box::pin(told_to_stop());
        assert!(futures::poll!(&mut early).is_pending());
        std::process::Command::new("kill").arg(std::process::id().to_string()).status().unwrap();
        early.await;
        tokio::time::timeout(Duration::from_mins(1), told_to_stop()).await.expect("it was told before");
    }
}
