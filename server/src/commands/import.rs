//! `portico import`.

use std::io::IsTerminal;
use std::path::Path;

use chrono::TimeDelta;
use domain::case_feed::{self, Source, Summary};
use domain::{Actor, Context};
use indicatif::ProgressBar;
use tokio::io::{AsyncBufRead, BufReader};

use super::{Failure, bar_style, open, with_file};
use crate::cli::Import;
use crate::settings::Settings;

pub async fn run(settings: &Settings, import: Import) -> Result<(), Failure> {
    match import {
        Import::Cases { file } => cases(settings, &file).await,
        Import::Offices { file } => {
            let text = std::fs::read_to_string(&file).map_err(with_file(&file))?;
            let changed = domain::office::import(&open(settings).await?, Actor::Operator, &text).await?;
            println!(
                "{}",
                if changed == 0 { "Nothing changed.".to_owned() } else { format!("{changed} offices are new or changed.") }
            );
            Ok(())
        }
        Import::ProcessingTimes { file } => {
            let text = std::fs::read_to_string(&file).map_err(with_file(&file))?;
            let changed = domain::processing_time::import(&open(settings).await?, Actor::Operator, &text).await?;
            println!(
                "{}",
                if changed == 0 {
                    "Nothing changed.".to_owned()
                } else {
                    format!("{changed} processing times are new or changed.")
                }
            );
            Ok(())
        }
        Import::Texts { file } => {
            let text = std::fs::read_to_string(&file).map_err(with_file(&file))?;
            let changed = domain::reference::import(&open(settings).await?, Actor::Operator, &text).await?;
            println!(
                "{}",
                if changed == 0 { "Nothing changed.".to_owned() } else { format!("{changed} texts are new or changed.") }
            );
            Ok(())
        }
    }
}

async fn cases(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let from_stdin = file.as_os_str() == "-";
    let (reader, size): (Box<dyn AsyncBufRead + Unpin + Send>, Option<u64>) = if from_stdin {
        (Box::new(BufReader::new(tokio::io::stdin())), None)
    } else {
        let opened = tokio::fs::File::open(file).await.map_err(with_file(file))?;
        let size = opened.metadata().await.map_err(with_file(file))?.len();
        (Box::new(BufReader::with_capacity(1 << 20, opened)), Some(size))
    };
    let name = if from_stdin {
        "standard input".into()
    } else {
        file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    let ctx = open(settings).await?;
    let summary = take_in(&ctx, settings, &name, reader, size).await?;
    report(&summary);
    ctx.store.close().await;
    Ok(())
}

/// Takes in a feed with a progress bar on a terminal.
pub async fn take_in(
    ctx: &Context,
    settings: &Settings,
    name: &str,
    lines: impl AsyncBufRead + Unpin,
    size: Option<u64>,
) -> Result<Summary, Failure> {
    let bar = match size {
        Some(size) => ProgressBar::new(size).with_style(bar_style()),
        None => ProgressBar::new_spinner(),
    };
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let source = Source { name, quarantine: TimeDelta::days(settings.quarantine_days.get().into()) };
    let summary = case_feed::import(ctx, Actor::Operator, source, lines, |summary, bytes| {
        bar.set_position(bytes);
        bar.set_message(format!("{} lines", summary.lines));
    })
    .await?;
    bar.finish_and_clear();
    Ok(summary)
}

/// Says what an import did.
pub fn report(summary: &Summary) {
    let Summary { lines, added, already_there, quarantined, refused } = summary;
    println!("{lines} lines read: {added} events added, {already_there} already there, {quarantined} lines in quarantine.");
    if *added == 0 && *quarantined == 0 {
        println!("Nothing changed.");
    }
    for refusal in refused {
        println!("  line {}: {}", refusal.line, refusal.reason);
    }
    if (refused.len() as u64) < *quarantined {
        println!("  and {} more", quarantined - refused.len() as u64);
    }
}
