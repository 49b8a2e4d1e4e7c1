//! `portico letters`.

use domain::Actor;
use domain::answer::{acknowledge_as_operator, begin_batches, laid_down, open_batches};
use uuid::Uuid;

use super::{Failure, open};
use crate::cli::Letters;
use crate::letters::{Batch, Printer};
use crate::settings::Settings;

pub async fn run(settings: &Settings, command: Letters) -> Result<(), Failure> {
    match command {
        Letters::Print => print(settings).await,
        Letters::List => list(settings).await,
        Letters::Acknowledge { batch, letters } => acknowledge(settings, batch, letters.into()).await,
    }
}

/// What is laid down before it is noted is laid down again, the same, by the next run.
async fn print(settings: &Settings) -> Result<(), Failure> {
    let folder = settings.letters.clone();
    let folder = folder.ok_or_else(|| Failure::Input("Set PORTICO_LETTERS to the folder that the print shop empties.".into()))?;
    let ctx = open(settings).await?;
    let printer = Printer::new(folder);
    let batches = begin_batches(&ctx, Actor::Operator).await?;
    if batches.is_empty() {
        println!("No letter waits to be printed.");
    }
    for batch in batches {
        let Batch { manifest, sha256, letters, .. } = printer.print_batch(&batch).await.map_err(Failure::Input)?;
        laid_down(&ctx, Actor::Operator, batch.batch, &manifest, &sha256, &letters).await?;
        println!("{}  {}  letters: {}", batch.batch, batch.office, letters.len());
    }
    Ok(())
}

async fn list(settings: &Settings) -> Result<(), Failure> {
    let open = open_batches(&open(settings).await?, Actor::Operator).await?;
    if open.is_empty() {
        println!("Every batch was acknowledged.");
        return Ok(());
    }
    println!("{:<36}  {:<6}  {:>7}  made", "batch", "office", "letters");
    for batch in &open {
        let made = batch.made_at.format("%Y-%m-%d %H:%M:%SZ");
        let note = if batch.laid_down_at.is_none() { "  not laid down: run `portico letters print`" } else { "" };
        println!("{}  {:<6}  {:>7}  {made}{note}", batch.id, batch.office, batch.letters);
    }
    println!("\n`portico letters acknowledge BATCH LETTERS` notes that one was mailed.");
    Ok(())
}

async fn acknowledge(settings: &Settings, batch: Uuid, letters: i64) -> Result<(), Failure> {
    acknowledge_as_operator(&open(settings).await?, Actor::Operator, batch, letters).await?;
    println!("It is noted.");
    Ok(())
}
