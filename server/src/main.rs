//! The program `portico`: command line, HTTP, jobs.
//!
//! * [`settings`]: every setting, typed; [`cli`]: every command; [`commands`]: what they do.
//! * [`http`]: routes, each with its kind, and the layers around them.
//! * [`document`]: documents between requests, scanner and storage.
//! * [`jobs`], [`usps_drop`], [`checkpoints`]: what runs beside the requests.
//! * [`seed`]: the demo's synthetic people.
//!
//! The use cases are in `domain`, the pages in `app`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to whoever ran it")]

mod checkpoints;
mod cli;
mod commands;
mod document;
mod http;
mod ident;
mod jobs;
mod letters;
mod outbox;
mod seed;
mod settings;
mod usps_drop;

use std::process::ExitCode;

use clap::Parser;

/// A row is allocated by the database's thread and freed by the request's: glibc's allocator makes the two wait for each
/// other, which cost a sixth of every look-up.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    // It has no use for threads, and no memory for them.
    if matches!(cli.command, cli::Command::CleanDocument) {
        return document::worker::run();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("portico: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("portico: {failure}");
            ExitCode::FAILURE
        }
    }
}
