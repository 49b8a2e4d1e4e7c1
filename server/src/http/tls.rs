//! Listening: with a certificate, or plain on loopback and behind a proxy; and stopping without dropping anybody.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::TokioTimer;

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

/// Waits until the process is told to stop (SIGINT, SIGTERM).
pub async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
