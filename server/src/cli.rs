//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Portico: case status for an immigration-benefits agency.
#[derive(Debug, Parser)]
#[command(name = "portico", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the portal and the API, and do the work beside them.
    Serve,
    /// Do the work beside the requests only: take in extracts, update cases, send messages, delete what has expired.
    Work,
    /// Bring the database's tables and texts up to date, and stop.
    Migrate,
    /// Take in cases, offices, processing times or texts.
    #[command(subcommand)]
    Import(Import),
    /// Take in files of outside systems.
    #[command(subcommand)]
    Ingest(Ingest),
    /// Manage accounts of staff.
    #[command(subcommand)]
    Account(Account),
    /// Manage machines that call the API.
    #[command(subcommand)]
    Client(Client),
    /// Manage addresses at which API clients are told of changes.
    #[command(subcommand)]
    Webhook(Webhook),
    /// Show which messages wait, were sent, or were given up.
    Outbox {
        /// Try a message again that was given up.
        #[arg(long, value_name = "ID", value_parser = outbox_id)]
        retry: Option<uuid::Uuid>,
        /// Try all messages again that were given up.
        #[arg(long, conflicts_with = "retry")]
        retry_all: bool,
    },
    /// Print the letters that answer requests, and note that they were mailed.
    #[command(subcommand)]
    Letters(Letters),
    /// Note what an agent found about a change of address.
    AddressChange {
        /// The number of the report, as its receipt has it; to take a change back, that of the letter to the old address.
        number: String,
        found: AgentFound,
    },
    /// Show that nobody changed the audit log or the accounting of disclosures.
    #[command(subcommand)]
    Audit(Audit),
    /// Move call scripts as files.
    #[command(subcommand)]
    Script(Script),
    /// Manage encryption keys.
    #[command(subcommand)]
    Key(Key),
    /// Fill an empty database with synthetic people.
    #[command(subcommand)]
    Seed(Seed),
    /// Check the settings and say how to mend them.
    Doctor,
    /// Write a copy of the database, and of the folder of documents, to a new file, while both are in use.
    Backup {
        /// The file to write. It must not exist.
        file: PathBuf,
    },
    /// Fill an empty database, and an empty folder of documents, with a copy made by `portico backup`.
    Restore {
        /// The file that `portico backup` wrote.
        file: PathBuf,
    },
    /// Clean a file from standard input: what the server starts for each document that is sent.
    #[command(hide = true)]
    CleanDocument,
    /// Print the page of settings (`docs/settings.md`).
    Settings,
    /// Print the OpenAPI document of all JSON (`docs/openapi.json`).
    Openapi,
}

#[derive(Debug, Subcommand)]
pub enum Letters {
    /// Lay the letters that wait into the folder that is set for the print shop: one PDF and one manifest for each office.
    Print,
    /// Show which batches nobody has acknowledged.
    List,
    /// Note that a batch was printed and mailed.
    Acknowledge {
        /// The batch, as its manifest names it.
        batch: uuid::Uuid,
        /// How many letters were mailed.
        letters: u32,
    },
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Compare every row with what lies outside of the database. One line for each finding; without any it succeeds.
    Verify {
        /// A checkpoint that you kept: the log must still have all that it speaks of. It may be given more than once.
        #[arg(long = "checkpoint", value_name = "FILE")]
        checkpoints: Vec<PathBuf>,
    },
    /// Write the trees of the logs and their signed heads now, as a server does by itself.
    Seal,
    /// Print the public keys as verifiers want them, one for each log.
    Key,
    /// Let a new folder begin, after a backup was restored or the folder was lost. Set the old one aside first.
    BeginAgain,
}

/// What an agent found.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum AgentFound {
    /// It is the person: the change is made.
    Proven,
    /// Nobody can tell: nothing is changed.
    NotProven,
    /// Who was sent the letter about the change says that it was not them: mail goes to the old address again.
    TakenBack,
}

#[derive(Debug, Subcommand)]
pub enum Import {
    /// Take in a case feed: one event a line, as docs/case-feed.md says.
    Cases {
        /// The file, or - for standard input.
        file: PathBuf,
    },
    /// Take in the list of offices: code, name, kind and ZIP prefixes, with tabs between.
    Offices { file: PathBuf },
    /// Take in an edition of processing times: CSV as docs/processing-times.md says, or JSON of the agency's present service.
    ProcessingTimes { file: PathBuf },
    /// Take in edited status texts, in the form of `server/domain/reference/status_texts.toml`.
    Texts { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum Script {
    /// Publish the starter set: each script whose name nothing has yet.
    Starter,
    /// Show what is read to callers today.
    List,
    /// Write what is read to callers today as a file, to standard output.
    Export {
        /// The name of the script.
        name: String,
    },
    /// Take a file in as a draft. Somebody hands it in and somebody publishes it, at the console.
    Import { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum Ingest {
    /// Take in USPS extract files: where cards and notices are in the mail.
    Usps {
        /// A file, or a folder of files.
        path: PathBuf,
    },
    /// Show what was taken in, and what was found.
    Status,
}

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Add an administrator. The first one gets a token to enrol, printed once; to any other an administrator has to agree.
    Add {
        /// What the person types to sign in: letters a to z, digits, or . _ - @
        sign_in_name: String,
        /// The person's name, as colleagues see it.
        #[arg(long)]
        name: String,
        /// The code of the office where the person works.
        #[arg(long)]
        office: String,
        /// Where the person gets mail.
        #[arg(long)]
        email: Option<String>,
    },
    /// List the accounts.
    List,
    /// Disable an account: its sessions end at once, and nobody can sign in to it.
    Disable { sign_in_name: String },
    /// Open a disabled account again.
    Enable { sign_in_name: String },
    /// Unlock an account after too many failures to sign in.
    Unlock { sign_in_name: String },
    /// Open the way in for somebody who lost a passkey or an authenticator. An administrator has to agree, and gets the token.
    Recover { sign_in_name: String },
    /// List the live sessions of an account.
    Sessions { sign_in_name: String },
    /// End all sessions of an account.
    Revoke { sign_in_name: String },
}

#[derive(Debug, Subcommand)]
pub enum Client {
    /// Add a client and print its credentials, once.
    Add {
        name: String,
        /// What it may do: case-feed or case-status.
        #[arg(long)]
        scope: String,
        /// Requests it may send in a second, to each server.
        #[arg(long, default_value = "10", value_parser = above_zero)]
        per_second: NonZeroU32,
        /// Requests it may send in a day of Greenwich time.
        #[arg(long, default_value = "10000", value_parser = above_zero)]
        per_day: NonZeroU32,
    },
    /// List the clients.
    List,
    /// Give a client another secret and print it, once. The old one and all tokens stop working.
    Rotate { name: String },
    /// Revoke a client and its tokens.
    Revoke { name: String },
}

#[derive(Debug, Subcommand)]
pub enum Webhook {
    /// Give a client an address, and print the secret that signs its messages, once.
    Add {
        /// The client's name. Its scope must be case-status.
        client: String,
        /// Where messages go: a public address that begins with https://
        url: String,
    },
    /// List the addresses.
    List,
    /// Remove a client's address and all that it subscribed to.
    Remove { client: String },
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Add a key to the key file and wrap every data key with it.
    Rotate,
}

#[derive(Debug, Subcommand)]
pub enum Seed {
    /// Synthetic people and cases through every stage.
    Demo {
        /// How many cases.
        #[arg(long, default_value_t = 2000)]
        cases: u64,
        /// How many service requests about them, in every state, up to ten million; a million take some minutes.
        #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(..=10_000_000))]
        requests: u64,
    },
}

fn above_zero(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("give a whole number from 1 to {}", u32::MAX))
}

fn outbox_id(text: &str) -> Result<uuid::Uuid, &'static str> {
    text.parse().map_err(|_| "give an id as `portico outbox` shows it")
}
