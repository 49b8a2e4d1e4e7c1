//! `portico account`.

use chrono::{DateTime, Utc};
use domain::Context;
use domain::identity::account::{self, AccountView, AddedAdministrator, NewAccount};
use domain::identity::{Manager, SessionView, enrolment};
use shared::identity::{AccountState, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;

use super::{Failure, open, show};
use crate::cli::Account;
use crate::settings::Settings;

const BY: Manager<'static> = Manager::Operator;

pub async fn run(settings: &Settings, command: Account) -> Result<(), Failure> {
    match command {
        Account::Add { sign_in_name, name, office, email } => {
            let new = new_account(&sign_in_name, &name, &office, email)?;
            let added = account::add_administrator(&open(settings).await?, &new).await?;
            added_as(settings, &added);
            Ok(())
        }
        Account::List => {
            list(&account::list(&open(settings).await?, BY).await?);
            Ok(())
        }
        Account::Disable { sign_in_name } => {
            let (ctx, account) = find(settings, &sign_in_name).await?;
            say(
                account::disable(&ctx, BY, account.id).await?,
                "The account is disabled, and its sessions are over.",
                "It was disabled already.",
            )
        }
        Account::Enable { sign_in_name } => {
            let (ctx, account) = find(settings, &sign_in_name).await?;
            say(account::enable(&ctx, BY, account.id).await?, "The account is open again.", "It was not disabled.")
        }
        Account::Unlock { sign_in_name } => {
            let (ctx, account) = find(settings, &sign_in_name).await?;
            say(account::unlock(&ctx, BY, account.id).await?, "The account is unlocked.", "It was not locked.")
        }
        Account::Recover { sign_in_name } => {
            let (ctx, account) = find(settings, &sign_in_name).await?;
            let opened = enrolment::open(&ctx, BY, account.id).await?.is_some();
            let done = "The way in is open. It waits for an administrator, who agrees in the console and gets the token.";
            say(opened, done, "The account is disabled: enable it first.")
        }
        Account::Sessions { sign_in_name } => {
            let (ctx, account) = find(settings, &sign_in_name).await?;
            sessions(&account::sessions(&ctx, BY, account.id).await?);
            Ok(())
        }
        Account::Revoke { sign_in_name } => {
            let (ctx, account) = find(settings, &sign_in_name).await?;
            println!("Sessions that are over now: {}.", account::revoke_sessions(&ctx, BY, account.id).await?);
            Ok(())
        }
    }
}

fn new_account(sign_in_name: &str, name: &str, office: &str, email: Option<String>) -> Result<NewAccount, Failure> {
    let input = |error: &dyn std::fmt::Display| Failure::Input(format!("{error}."));
    if let Some(email) = &email
        && !gateways::smtp::is_address(email)
    {
        return Err(Failure::Input("--email: that is not an e-mail address.".into()));
    }
    Ok(NewAccount {
        sign_in_name: SignInName::parse(sign_in_name).map_err(|error| input(&error))?,
        name: StaffName::parse(name).map_err(|error| input(&error))?,
        email: email.map(Sensitive::new),
        office: OfficeCode::parse(office).map_err(|error| input(&error))?,
    })
}

async fn find(settings: &Settings, sign_in_name: &str) -> Result<(Context, AccountView), Failure> {
    let name = SignInName::parse(sign_in_name).map_err(|error| Failure::Input(format!("{error}.")))?;
    let ctx = open(settings).await?;
    let found = account::by_name(&ctx, BY, &name).await?;
    let none =
        || Failure::Input(format!("There is no account with the sign-in name \"{}\". See `portico account list`.", name.as_str()));
    Ok((ctx, found.ok_or_else(none)?))
}

fn say(done: bool, text: &str, otherwise: &str) -> Result<(), Failure> {
    if !done {
        return Err(Failure::Input(otherwise.into()));
    }
    println!("{text}");
    Ok(())
}

fn added_as(settings: &Settings, added: &AddedAdministrator) {
    match added {
        AddedAdministrator::First(invitation) => {
            println!("token: {}", show(&invitation.token));
            println!("until: {}", minute(invitation.until));
            let origin = settings.public_url.origin();
            eprintln!("Keep the token now: it is not shown again. It is used once, at {origin}/console/sign-in/enrol");
        }
        AddedAdministrator::Waits => {
            println!("The account is there. Its role and its enrolment wait for an administrator, who agrees in the console.");
        }
    }
}

fn list(accounts: &[AccountView]) {
    if accounts.is_empty() {
        println!("There are no accounts yet: add the first administrator with `portico account add`.");
        return;
    }
    println!("{:<32} {:<8} {:<9} {:<14} {:<17}  name", "sign-in name", "office", "state", "second factor", "signed in (UTC)");
    for account in accounts {
        println!(
            "{:<32} {:<8} {:<9} {:<14} {:<17}  {}{}",
            account.sign_in_name.as_str(),
            account.office.as_str(),
            match account.state {
                AccountState::Active => "active",
                AccountState::Disabled => "disabled",
            },
            if account.has_second_factor { "yes" } else { "none yet" },
            account.signed_in_at.map_or_else(String::new, minute),
            account.name.as_str(),
            if account.is_demo { " (demo)" } else { "" },
        );
    }
}

fn sessions(sessions: &[SessionView]) {
    if sessions.is_empty() {
        println!("There are no live sessions.");
        return;
    }
    println!("{:<17} {:<17} {:<21} {:<26} locked", "began (UTC)", "seen (UTC)", "by", "with");
    for session in sessions {
        let (began, seen) = (minute(session.created_at), minute(session.last_seen_at));
        let locked = if session.is_locked { "yes" } else { "" };
        println!("{began:<17} {seen:<17} {:<21} {:<26} {locked}", session.method.name(), session.client);
    }
}

fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}
