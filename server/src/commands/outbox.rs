//! `portico outbox`.

use domain::Actor;
use domain::notification::{overview, retry};
use uuid::Uuid;

use super::{Failure, open};
use crate::settings::Settings;

/// Rows that were given up and are shown one by one.
const SHOWN: i64 = 50;

/// Shows what waits and what was given up, or has one row tried again. Whom a row is for is nowhere to be seen.
pub async fn run(settings: &Settings, again: Option<Uuid>) -> Result<(), Failure> {
    let ctx = open(settings).await?;
    if let Some(id) = again {
        retry(&ctx, Actor::Operator, id).await?;
        println!("It will be tried again.");
        return Ok(());
    }
    let overview = overview(&ctx, Actor::Operator, SHOWN).await?;
    if overview.standing.is_empty() {
        println!("The outbox is empty.");
        return Ok(());
    }
    println!("{:<18} {:<8} {:>9}  oldest", "kind", "state", "messages");
    for row in &overview.standing {
        println!("{:<18} {:<8} {:>9}  {}", row.kind, row.state, row.rows, row.oldest.format("%Y-%m-%d %H:%M:%SZ"));
    }
    if overview.dead.is_empty() {
        return Ok(());
    }
    println!("\nGiven up, the newest first; `portico outbox --retry ID` tries one again:");
    for row in &overview.dead {
        let problem = row.problem.as_deref().unwrap_or("-");
        println!("{}  {}  {} attempts: {problem}", row.id, row.kind, row.attempts);
    }
    Ok(())
}
