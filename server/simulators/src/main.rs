//! Stand-ins for IDENT, with partner countries behind it, and for the Central Index System: they speak the protocols of
//! `docs/systems` over loopback, so that the code under test is the code in production. Never part of `portico`.
//!
//! * [`certificates`] makes an authority and the certificates of both sides.
//! * [`gallery`] is who is known: to us, and to each partner, all of them made up.
//! * [`ident`] answers as IDENT, [`cis`] as the Central Index System; both ask for a certificate of ours.
//! * [`written`] is what partners write by hand: requests in the form of their templates.
//! * [`control`] starts what partners do and switches faults on, over plain HTTP on loopback.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to whoever ran it")]

mod certificates;
mod cis;
mod control;
mod gallery;
mod ident;
mod state;
#[cfg(test)]
mod tests;
mod written;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use clap::{Parser, Subcommand};

use state::State;

/// Stand-ins for the systems that Portico speaks with. For demonstrations and tests.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes an authority and certificates for both sides, unless they are there.
    Certificates { folder: PathBuf },
    /// Serves IDENT and CIS.
    Serve {
        /// With the certificates and `gallery.json`.
        #[arg(long)]
        folder: PathBuf,
        #[arg(long, default_value = "127.0.0.1:8453")]
        listen: SocketAddr,
        #[arg(long, default_value = "127.0.0.1:8454")]
        control: SocketAddr,
        /// Milliseconds after which IDENT answers a partner's first query, matched or not, decided or not.
        #[arg(long, default_value_t = 4000)]
        window: u64,
    },
    /// Writes the fingerprints of a synthetic person, a transaction of the type IIQ1.
    Prints { person: u32, file: PathBuf },
    /// Writes the same fingerprints as a capture station does.
    Capture { person: u32, file: PathBuf },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Certificates { folder } => certificates::make(&folder).map_err(|error| error.to_string()),
        Command::Prints { person, file } => write(gallery::prints(person), &file),
        Command::Capture { person, file } => write(gallery::capture(person), &file),
        Command::Serve { folder, listen, control, window } => {
            certificates::make(&folder).map_err(|error| error.to_string())?;
            let state = Arc::new(State::new(folder.join(gallery::FILE), Duration::from_millis(window)));
            let tls = certificates::server(&folder).map_err(|error| error.to_string())?;
            let both = tokio::try_join!(serve_systems(listen, tls, Arc::clone(&state)), serve_control(control, state));
            both.map(|_| ()).map_err(|error| error.to_string())
        }
    }
}

fn write(prints: Option<Vec<u8>>, file: &Path) -> Result<(), String> {
    let prints = prints.ok_or("these prints cannot be made")?;
    std::fs::write(file, prints).map_err(|error| format!("{}: {error}", file.display()))
}

/// The two systems, behind a check of who asks.
fn systems(state: &Arc<State>) -> Router {
    ident::routes(Arc::clone(state)).merge(cis::routes(Arc::clone(state)))
}

async fn serve_systems(listen: SocketAddr, tls: RustlsConfig, state: Arc<State>) -> std::io::Result<()> {
    let handle = Handle::new();
    tokio::spawn(say(handle.clone(), "IDENT and CIS", "https"));
    axum_server::bind_rustls(listen, tls).handle(handle).serve(systems(&state).into_make_service()).await
}

async fn serve_control(listen: SocketAddr, state: Arc<State>) -> std::io::Result<()> {
    if !listen.ip().is_loopback() {
        return Err(std::io::Error::other("the control port is for this machine only: give it a loopback address"));
    }
    let handle = Handle::new();
    tokio::spawn(say(handle.clone(), "Their control port", "http"));
    axum_server::bind(listen).handle(handle).serve(control::routes(state).into_make_service()).await
}

async fn say(handle: Handle<SocketAddr>, what: &str, scheme: &str) {
    if let Some(address) = handle.listening().await {
        println!("{what}: {scheme}://{address}");
    }
}
