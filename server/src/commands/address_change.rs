//! `portico address-change`: an agent's check, until the console has a page for it.

use domain::Actor;
use domain::change_of_address::{Check, agent_decides};

use super::{Failure, open};
use crate::cli::AgentFound;
use crate::settings::Settings;

/// Notes what an agent found. What follows from it is done by a server.
pub async fn run(settings: &Settings, number: &str, found: AgentFound) -> Result<(), Failure> {
    let check = match found {
        AgentFound::Proven => Check::Proven,
        AgentFound::NotProven => Check::NotProven,
    };
    let decided = agent_decides(&open(settings).await?, Actor::Operator, number, check).await?;
    println!("Changes that waited for an agent: {decided}.");
    Ok(())
}
