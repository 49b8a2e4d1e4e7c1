//! `portico client`.

use domain::{Actor, api_client};
use shared::api_client::{ClientName, Scope};

use super::{Failure, open, show};
use crate::cli::Client;
use crate::settings::Settings;

pub async fn run(settings: &Settings, command: Client) -> Result<(), Failure> {
    let parse_name = |name: &str| ClientName::parse(name).map_err(|error| Failure::Input(format!("{error}.")));
    match command {
        Client::Add { name, scope } => {
            let known = Scope::ALL.map(Scope::key).join(", ");
            let scope = Scope::from_key(&scope)
                .ok_or_else(|| Failure::Input(format!("There is no scope \"{scope}\". The scopes are: {known}.")))?;
            let name = parse_name(&name)?;
            let credentials = api_client::add(&open(settings).await?, Actor::Operator, &name, scope).await?;
            println!("client_id: {}", credentials.client_id);
            println!("client_secret: {}", show(&credentials.client_secret));
            eprintln!("Keep the secret now: it is not shown again.");
            Ok(())
        }
        Client::Revoke { name } => {
            api_client::revoke(&open(settings).await?, Actor::Operator, &parse_name(&name)?).await?;
            println!("The client and its tokens no longer work.");
            Ok(())
        }
    }
}
