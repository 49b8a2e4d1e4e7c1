//! What each command does. A failure is a sentence that says what to do.

mod account;
mod address_change;
mod audit;
mod backup;
mod client;
mod doctor;
mod import;
pub mod ingest;
mod key;
mod letters;
mod outbox;
mod script;
mod seed;
mod serve;
pub mod webhook;
mod work;

use std::path::Path;

use domain::Context;
use domain::e_request::Catalogue;
use indicatif::ProgressStyle;
use shared::sensitive::Sensitive;
use store::crypto::{KeyError, KeyRing};
use store::data_key::Keys;
use store::{Clock, Store, StoreError};
use thiserror::Error;

use crate::cli::Command;
use crate::http;
use crate::settings::{self, SettingError, Settings};

/// Why a command ended without doing its work.
#[derive(Debug, Error)]
pub enum Failure {
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error("{}", chain(.0))]
    Store(#[from] StoreError),
    #[error(transparent)]
    Domain(#[from] domain::Error),
    #[error("{0}")]
    Input(String),
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::Store(error.into())
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}

/// A failure with a file, named.
pub fn with_file(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |error| Failure::Input(format!("{}: {error}", path.display()))
}

/// How the progress of a file looks on a terminal.
fn bar_style() -> ProgressStyle {
    ProgressStyle::with_template("{wide_bar} {percent:>3} %  {msg}  {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Runs a command.
pub async fn run(command: Command) -> Result<(), Failure> {
    if matches!(command, Command::Settings) {
        print!("{}", settings::guide());
        return Ok(());
    }
    if matches!(command, Command::Openapi) {
        print!("{}", http::openapi::text());
        return Ok(());
    }
    if matches!(command, Command::Doctor) {
        return doctor::run().await;
    }
    let settings = Settings::from_environment()?;
    start_log(&settings)?;
    match command {
        Command::Serve => Box::pin(serve::run(settings)).await,
        Command::Work => Box::pin(work::run(settings)).await,
        Command::Migrate => open_with_partner_data(&settings).await.map(|_| println!("The database is up to date.")),
        Command::Import(import) => import::run(&settings, import).await,
        Command::Ingest(ingest) => ingest::run(&settings, ingest).await,
        Command::Account(account) => account::run(&settings, account).await,
        Command::Client(client) => client::run(&settings, client).await,
        Command::Webhook(webhook) => webhook::run(&settings, webhook).await,
        Command::Outbox { retry: Some(id), .. } => outbox::retry_one(&settings, id).await,
        Command::Outbox { retry_all: true, .. } => outbox::retry_every(&settings).await,
        Command::Outbox { .. } => outbox::show(&settings).await,
        Command::Letters(letters) => letters::run(&settings, letters).await,
        Command::Script(script) => script::run(&settings, script).await,
        Command::Audit(audit) => Box::pin(audit::run(&settings, audit)).await,
        Command::AddressChange { number, found } => address_change::run(&settings, &number, found).await,
        Command::Key(crate::cli::Key::Rotate) => key::rotate(&settings).await,
        Command::Seed(crate::cli::Seed::Demo { cases, requests }) => seed::run(&settings, cases, requests).await,
        Command::Backup { file } => backup::backup(&settings, &file).await,
        Command::Restore { file } => backup::restore(&settings, &file).await,
        Command::Settings | Command::Openapi | Command::Doctor | Command::CleanDocument => Ok(()),
    }
}

fn start_log(settings: &Settings) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .map_err(|error| SettingError { name: "PORTICO_LOG", problem: format!("is not a tracing filter: {error}") })?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().flatten_event(true).init();
    Ok(())
}

/// Opens the database with everything up to date: tables, keys, texts. What the program brings along is looked at first.
async fn open(settings: &Settings) -> Result<Context, Failure> {
    Catalogue::check().map_err(|reason| Failure::Input(reason.into()))?;
    let clock = Clock::system();
    let store = Store::open(&settings.database_url, settings.read_database_url.as_deref()).await?;
    store.migrate().await?;
    let ring = key_ring(&settings.key_file, &store, &clock).await?;
    let keys = Keys::open(&store, ring, Some(settings.key_file.clone()), &clock).await?;
    domain::reference::ship(&store, &clock).await?;
    let ctx = Context::new(store, keys, clock, settings.time_zone, settings.limits()).await?;
    let ctx = ctx.with_identity(settings.identity()).with_answers(settings.answers());
    Ok(ctx.with_cris_years(settings.retention_cris_years))
}

/// The same with the database of partner data, where there is one.
async fn open_with_partner_data(settings: &Settings) -> Result<Context, Failure> {
    let ctx = open(settings).await?;
    let Some(address) = &settings.partner_database_url else { return Ok(ctx) };
    let store = Store::open_partner(address).await?;
    store.migrate().await?;
    let ring = key_ring(&settings.partner_key_file, &store, &ctx.clock).await?;
    let keys = Keys::open(&store, ring, Some(settings.partner_key_file.clone()), &ctx.clock).await?;
    Ok(ctx.with_partner_data(store, keys))
}

/// The key file, made at the first start. A database that was encrypted with another one is left alone.
async fn key_ring(path: &Path, store: &Store, clock: &Clock) -> Result<KeyRing, Failure> {
    // In this order: whoever makes the first keys writes the file before the database.
    let is_encrypted = store::data_key::any(&mut store.read_primary().await?).await?;
    if let Some(ring) = KeyRing::load(path)? {
        return Ok(ring);
    }
    if is_encrypted {
        let file = path.display();
        return Err(Failure::Input(format!(
            "The key file {file} is missing, and the database is encrypted with it. Restore it from your copy."
        )));
    }
    let ring = KeyRing::generate(&key_name(clock));
    if ring.save_first(path)? {
        return Ok(ring);
    }
    // Another process came first.
    KeyRing::load(path)?.ok_or_else(|| Failure::Input(format!("The key file {} went away.", path.display())))
}

/// The name of a new key: its day, and four characters to tell two of one day apart.
pub fn key_name(clock: &Clock) -> String {
    format!("k{}-{}", clock.now().format("%Y%m%d"), store::crypto::hex(&store::random::bytes::<2>()))
}

/// Shows a secret to whoever ran the command; it stands nowhere else.
fn show(secret: &Sensitive<String>) -> &str {
    secret.expose()
}
