//! `portico address-change`: an agent's check, until the console has a page for it.

use domain::Actor;
use domain::change_of_address::{Check, agent_decides, take_back_by_letter};

use super::{Failure, open};
use crate::cli::AgentFound;
use crate::settings::Settings;

/// Notes what an agent found. What follows from it is done by a server.
pub async fn run(settings: &Settings, number: &str, found: AgentFound) -> Result<(), Failure> {
    let ctx = open(settings).await?;
    let check = match found {
        AgentFound::Proven => Check::Proven,
        AgentFound::NotProven => Check::NotProven,
        AgentFound::TakenBack => {
            take_back_by_letter(&ctx, Actor::Operator, number).await?;
            println!("The change is taken back.");
            return Ok(());
        }
    };
    let decided = agent_decides(&ctx, Actor::Operator, number, check).await?;
    println!("Changes that waited for an agent: {decided}.");
    Ok(())
}
