//! `portico audit`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

use domain::Actor;
use domain::audit::{Finding, LogName, Outside, Verified, begin_again, seal, verify};
use indicatif::{ProgressBar, ProgressDrawTarget};
use store::Clock;

use super::{Failure, bar_style, open_with_partner_data, with_file};
use crate::checkpoints;
use crate::cli::Audit;
use crate::settings::Settings;

pub async fn run(settings: &Settings, command: Audit) -> Result<(), Failure> {
    match command {
        Audit::Verify { checkpoints } => look_through(settings, &checkpoints).await,
        Audit::Seal => write(settings).await,
        Audit::Key => keys(settings),
        Audit::BeginAgain => start_over(settings).await,
    }
}

fn outside(settings: &Settings, clock: &Clock) -> Result<Outside, Failure> {
    let outside = checkpoints::open(settings, clock)?;
    outside.ok_or_else(|| Failure::Input("Set PORTICO_CHECKPOINTS to a folder outside of the database.".into()))
}

/// One line for each finding, as it is found; then what was looked through.
async fn look_through(settings: &Settings, files: &[PathBuf]) -> Result<(), Failure> {
    let ctx = open_with_partner_data(settings).await?;
    let outside = outside(settings, &ctx.clock)?;
    let mut kept = Vec::new();
    for file in files {
        let note = std::fs::read(file).map_err(with_file(file))?;
        kept.push(outside.kept(&note).map_err(|error| Failure::Input(format!("{}: it {error}", file.display())))?);
    }
    let bar = ProgressBar::new(0).with_style(bar_style());
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let mut findings = 0_u64;
    let tell = |finding: Finding| {
        findings += 1;
        bar.suspend(|| println!("{}", line(&finding)));
    };
    let progress = |log: LogName, done, of| {
        bar.set_length(of);
        bar.set_position(done);
        bar.set_message(log.name());
    };
    let verified = verify(&ctx, Actor::Operator, &outside, &kept, tell, progress).await?;
    bar.finish_and_clear();
    for log in &verified {
        println!("{}", looked_through(log));
    }
    ctx.store.close().await;
    if findings > 0 {
        return Err(Failure::Input(format!("Findings: {findings}. docs/audit.md says what to do.")));
    }
    // Who finds nothing because there is nothing to compare with must not take that for an answer.
    if verified.iter().all(|log| log.head.is_none()) {
        return Err(Failure::Input("Nothing lies outside to compare with. Start a server, or run `portico audit seal`.".into()));
    }
    println!("Nothing was changed.");
    Ok(())
}

fn line(finding: &Finding) -> String {
    let Finding { log, position, row, wrong } = finding;
    let position = position.map_or_else(|| "-".to_owned(), |position| position.to_string());
    let row = row.map_or_else(|| "-".to_owned(), |row| row.to_string());
    format!("{log:<26}  position {position:>9}  row {row:<36}  {wrong}")
}

fn looked_through(verified: &Verified) -> String {
    let Verified { log, rows, sealed, head } = verified;
    let outside = head.map_or(0, |head| head.size);
    let keyless = if *sealed > 0 { format!(", of {sealed} the leaf hash alone: their keys were destroyed") } else { String::new() };
    format!("{log:<26}  {rows:>10} rows, {outside} outside{keyless}")
}

async fn write(settings: &Settings) -> Result<(), Failure> {
    let ctx = open_with_partner_data(settings).await?;
    let outside = Arc::new(outside(settings, &ctx.clock)?);
    for sealed in seal(&ctx, Actor::Operator, &outside).await? {
        let Some(head) = sealed.head else { continue };
        let checkpoint = outside.folder.join(sealed.log.name()).join("checkpoint");
        println!("{:<26}  {:>10} rows  {}", sealed.log, head.size, checkpoint.display());
    }
    ctx.store.close().await;
    println!("Keep a copy of these files where nobody who has the database or the folder can change it.");
    Ok(())
}

fn keys(settings: &Settings) -> Result<(), Failure> {
    let outside = outside(settings, &Clock::system())?;
    for log in LogName::all() {
        println!("{}", outside.key.verifier_key(log.name()));
    }
    Ok(())
}

async fn start_over(settings: &Settings) -> Result<(), Failure> {
    let ctx = open_with_partner_data(settings).await?;
    begin_again(&ctx, Actor::Operator, &outside(settings, &ctx.clock)?).await?;
    ctx.store.close().await;
    println!("The next run of a server, or `portico audit seal`, writes every tree from its first row.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::audit::Wrong;
    use shared::audit::Log;
    use store::engine::Database;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_finding_is_a_line_of_log_position_row_and_what_is_wrong() {
        let log = LogName { database: Database::Partner, log: Log::DisclosureOutcome };
        let gone = Finding { log, position: Some(17), row: Some(Uuid::from_u128(5)), wrong: Wrong::Gone };
        assert_eq!(
            line(&gone),
            "partner-disclosure-outcome  position        17  row 00000000-0000-0000-0000-000000000005  the row is gone"
        );
        let nothing = line(&Finding { log, position: None, row: None, wrong: Wrong::NoCheckpoint });
        assert!(nothing.starts_with("partner-disclosure-outcome  position         -  row -      "), "{nothing}");
    }
}
