//! `portico client`.

use domain::api_client::Credentials;
use domain::{Actor, api_client};
use shared::api_client::{Allowance, ClientName, Scope};
use store::api_client::ApiClient;

use super::{Failure, open, show};
use crate::cli::Client;
use crate::settings::Settings;

pub async fn run(settings: &Settings, command: Client) -> Result<(), Failure> {
    let parse_name = |name: &str| ClientName::parse(name).map_err(|error| Failure::Input(format!("{error}.")));
    match command {
        Client::Add { name, scope, per_second, per_day } => {
            let known = Scope::ALL.map(Scope::key).join(", ");
            let scope = Scope::from_key(&scope)
                .ok_or_else(|| Failure::Input(format!("There is no scope \"{scope}\". The scopes are: {known}.")))?;
            let name = parse_name(&name)?;
            let allowance = Allowance { per_second, per_day };
            print(&api_client::add(&open(settings).await?, Actor::Operator, &name, scope, allowance).await?);
            Ok(())
        }
        Client::List => {
            list(&api_client::list(&open(settings).await?, Actor::Operator).await?);
            Ok(())
        }
        Client::Rotate { name } => {
            print(&api_client::rotate(&open(settings).await?, Actor::Operator, &parse_name(&name)?).await?);
            Ok(())
        }
        Client::Revoke { name } => {
            api_client::revoke(&open(settings).await?, Actor::Operator, &parse_name(&name)?).await?;
            println!("The client and its tokens no longer work.");
            Ok(())
        }
    }
}

fn print(credentials: &Credentials) {
    println!("client_id: {}", credentials.client_id);
    println!("client_secret: {}", show(&credentials.client_secret));
    eprintln!("Keep the secret now: it is not shown again.");
}

fn list(clients: &[ApiClient]) {
    if clients.is_empty() {
        println!("There are no clients yet: add one with `portico client add`.");
        return;
    }
    println!("{:<32} {:<12} {:>10} {:>10}  {:<10} {:<10}  client_id", "name", "scope", "a second", "a day", "added", "revoked");
    for client in clients {
        let day = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d").to_string();
        println!(
            "{:<32} {:<12} {:>10} {:>10}  {:<10} {:<10}  {}",
            client.name,
            client.scope.key(),
            client.allowance.per_second,
            client.allowance.per_day,
            day(client.created_at),
            client.revoked_at.map_or_else(String::new, day),
            client.id
        );
    }
}
