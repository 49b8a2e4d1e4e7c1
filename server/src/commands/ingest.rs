//! `portico ingest`.

use std::io::{IsTerminal, Seek as _};
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use domain::delivery_tracking::{self, Ingested, Source};
use domain::{Actor, Context};
use indicatif::ProgressBar;
use tokio::io::BufReader;

use super::{Failure, bar_style, open, with_file};
use crate::cli::Ingest;
use crate::settings::Settings;

/// Runs that `portico ingest status` lists.
const LISTED: i64 = 20;

pub async fn run(settings: &Settings, ingest: Ingest) -> Result<(), Failure> {
    let ctx = open(settings).await?;
    match ingest {
        Ingest::Usps { path } => usps(&ctx, settings, &path).await?,
        Ingest::Status => status(&ctx).await?,
    }
    ctx.store.close().await;
    Ok(())
}

async fn usps(ctx: &Context, settings: &Settings, path: &Path) -> Result<(), Failure> {
    let mut failures = 0;
    for file in files_of(path)? {
        // One bad file must not keep the others out.
        match take_in(ctx, settings, Actor::Operator, &file).await {
            Ok(ingested) => report(&file, &ingested),
            Err(failure) => {
                failures += 1;
                eprintln!("{}: {failure}", name_of(&file));
            }
        }
    }
    delivery_tracking::update_cases(ctx, Actor::Operator).await?;
    println!("Cases show what came in.");
    if failures > 0 {
        return Err(Failure::Input(format!("{failures} files could not be taken in. The others were; run it again for the rest.")));
    }
    Ok(())
}

/// The file, or the files of a folder in the order of their names.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(with_file(path))? {
        let entry = entry.map_err(with_file(path))?.path();
        let is_hidden = name_of(&entry).starts_with('.');
        // A semaphore says that a file beside it is complete, and holds nothing.
        if entry.is_file() && !is_hidden && entry.extension().is_none_or(|extension| extension != "sem") {
            files.push(entry);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::Input(format!("{} holds no file.", path.display())));
    }
    Ok(files)
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Takes a file in, with a progress bar on a terminal.
pub async fn take_in(ctx: &Context, settings: &Settings, actor: Actor, file: &Path) -> Result<Ingested, Failure> {
    // Opened once: what is read is what was hashed, whatever becomes of the name meanwhile.
    let mut opened = std::fs::File::open(file).map_err(with_file(file))?;
    let size = opened.metadata().map_err(with_file(file))?.len();
    let hashed = tokio::task::spawn_blocking(move || {
        let content_hash = store::crypto::sha256_of(&mut opened)?;
        opened.rewind()?;
        Ok((content_hash, opened))
    });
    let (content_hash, opened) = hashed.await.map_err(std::io::Error::other).flatten().map_err(with_file(file))?;
    let reader = BufReader::with_capacity(1 << 20, tokio::fs::File::from_std(opened));
    let bar = ProgressBar::new(size).with_style(bar_style());
    // A server's terminal is for its log.
    if actor == Actor::System || !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let file_name = name_of(file);
    let quarantine = TimeDelta::days(settings.quarantine_days.get().into());
    let source = Source { file_name: &file_name, content_hash: &content_hash, quarantine };
    let ingested = delivery_tracking::ingest(ctx, actor, source, reader, |counts, bytes| {
        bar.set_position(bytes);
        bar.set_message(format!("{} records", counts.records));
    })
    .await?;
    bar.finish_and_clear();
    Ok(ingested)
}

pub fn report(file: &Path, ingested: &Ingested) {
    let name = name_of(file);
    match ingested {
        Ingested::Read(counts) => println!(
            "{name}: {} records read: {} scans added, {} already there, {} that are no scans, {} in quarantine.",
            counts.records, counts.events, counts.duplicates, counts.no_scans, counts.quarantined
        ),
        Ingested::AlreadyThere(extract) => {
            println!("{name}: taken in before, as {}. Nothing changed.", extract.file_name);
        }
    }
}

async fn status(ctx: &Context) -> Result<(), Failure> {
    let standing = delivery_tracking::standing(ctx, Actor::Operator, LISTED).await?;
    let Some(latest) = standing.latest else {
        println!("No extract has come in yet.");
        return Ok(());
    };
    println!("The last extract came in whole on {}.", latest.format("%Y-%m-%d %H:%M UTC"));
    println!("Mailings delivered to another ZIP code than they were mailed to: {}", standing.misdelivered);
    println!();
    println!("{:<17} {:<32} {:>9} {:>9} {:>9} {:>9}  scans from, to", "began", "file", "records", "scans", "known", "refused");
    for extract in &standing.extracts {
        let counts = &extract.counts;
        let span = counts.first_scan_at.zip(counts.last_scan_at);
        let span = span.map_or_else(String::new, |(first, last)| format!("{}, {}", first.date(), last.date()));
        let unfinished = if extract.finished_at.is_none() { "  not finished: take it in again" } else { "" };
        println!(
            "{:<17} {:<32} {:>9} {:>9} {:>9} {:>9}  {span}{unfinished}",
            extract.began_at.format("%Y-%m-%d %H:%M"),
            extract.file_name,
            counts.records,
            counts.events,
            counts.duplicates,
            counts.quarantined
        );
    }
    Ok(())
}
