//! `portico webhook`.

use domain::notification::{Webhook, add_webhook, remove_webhook, webhooks};
use domain::{Actor, Context};
use gateways::webhook::{Reach, WebhookUrl};
use shared::api_client::ClientName;

use super::{Failure, open, show};
use crate::cli;
use crate::settings::Settings;

pub async fn run(settings: &Settings, command: cli::Webhook) -> Result<(), Failure> {
    let parse_name = |name: &str| ClientName::parse(name).map_err(|error| Failure::Input(format!("{error}.")));
    let ctx = open(settings).await?;
    match command {
        cli::Webhook::Add { client, url } => {
            let url = WebhookUrl::parse(&url, reach(&ctx).await?)
                .map_err(|error| Failure::Input(format!("The address {error}: {url}")))?;
            let secret = add_webhook(&ctx, Actor::Operator, &parse_name(&client)?, url.as_str()).await?;
            println!("webhook_secret: {}", show(&secret));
            println!("The client checks each message with this secret (docs/webhooks.md). It is not shown again.");
        }
        cli::Webhook::List => list(&webhooks(&ctx, Actor::Operator).await?),
        cli::Webhook::Remove { client } => {
            remove_webhook(&ctx, Actor::Operator, &parse_name(&client)?).await?;
            println!("The webhook and its subscriptions are removed.");
        }
    }
    Ok(())
}

/// Where webhooks may lead: a demo's stay on its machine.
pub async fn reach(ctx: &Context) -> Result<Reach, Failure> {
    let demo = store::installation::demo_day(&mut ctx.store.read_primary().await?).await?;
    Ok(if demo.is_some() { Reach::Loopback } else { Reach::Public })
}

fn list(webhooks: &[Webhook]) {
    if webhooks.is_empty() {
        println!("There are no webhooks.");
        return;
    }
    println!("{:<24} {:<10} {:>7}  address", "client", "since", "numbers");
    for webhook in webhooks {
        println!("{:<24} {:<10} {:>7}  {}", webhook.client, webhook.created_at.format("%Y-%m-%d"), webhook.numbers, webhook.url);
    }
}
