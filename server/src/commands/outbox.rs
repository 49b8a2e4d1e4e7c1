//! `portico outbox`.

use domain::Actor;
use domain::notification::{overview, retry, retry_all};
use uuid::Uuid;

use super::{Failure, open};
use crate::settings::Settings;

/// Rows that were given up and are shown one by one.
const SHOWN: i64 = 50;

/// Shows what waits and what was given up. Whom a row is for is nowhere to be seen.
pub async fn show(settings: &Settings) -> Result<(), Failure> {
    let ctx = open(settings).await?;
    let overview = overview(&ctx, Actor::Operator, SHOWN).await?;
    if settings.smtp_url.is_none() {
        println!("PORTICO_SMTP_URL is not set: messages wait until it is.");
    }
    if overview.standing.is_empty() {
        println!("The outbox is empty.");
        return Ok(());
    }
    println!("{:<18} {:<8} {:>9}  {:<20}  last problem", "kind", "state", "messages", "oldest");
    for row in &overview.standing {
        let (oldest, problem) = (row.oldest.format("%Y-%m-%d %H:%M:%SZ"), row.problem.as_deref().unwrap_or("-"));
        println!("{:<18} {:<8} {:>9}  {oldest}  {problem}", row.kind, row.state, row.rows);
    }
    if overview.dead.is_empty() {
        return Ok(());
    }
    println!("\nGiven up, the newest first; `portico outbox --retry ID` tries one again, `--retry-all` all of them:");
    for row in &overview.dead {
        let problem = row.problem.as_deref().unwrap_or("-");
        println!("{}  {}  {} attempts: {problem}", row.id, row.kind, row.attempts);
    }
    Ok(())
}

/// Has one row tried again.
pub async fn retry_one(settings: &Settings, id: Uuid) -> Result<(), Failure> {
    retry(&open(settings).await?, Actor::Operator, id).await?;
    println!("It will be tried again.");
    Ok(())
}

/// Has all rows tried again that were given up.
pub async fn retry_every(settings: &Settings) -> Result<(), Failure> {
    let messages = retry_all(&open(settings).await?, Actor::Operator).await?;
    println!("Messages that will be tried again: {messages}.");
    Ok(())
}
