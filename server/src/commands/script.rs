//! `portico script`.

use std::path::Path;

use domain::Actor;
use domain::call_script::{Begun, import_as_operator, read_to_callers, ship};
use shared::call_script::to_file;

use super::{Failure, open, with_file};
use crate::cli::Script;
use crate::settings::Settings;

pub async fn run(settings: &Settings, command: Script) -> Result<(), Failure> {
    match command {
        Script::Starter => starter(settings).await,
        Script::List => list(settings).await,
        Script::Export { name } => export(settings, &name).await,
        Script::Import { file } => import(settings, &file).await,
    }
}

async fn starter(settings: &Settings) -> Result<(), Failure> {
    match ship(&open(settings).await?, Actor::Operator).await? {
        0 => println!("Nothing was published: there are scripts of all these names."),
        shipped => println!("{shipped} scripts are read to callers from today on. `portico script list` shows them."),
    }
    Ok(())
}

async fn list(settings: &Settings) -> Result<(), Failure> {
    let current = read_to_callers(&open(settings).await?, Actor::Operator).await?;
    if current.is_empty() {
        println!("No script is read to callers today. `portico script starter` publishes a first set.");
        return Ok(());
    }
    println!("{:<40}  {:>7}  {:>5}  {:<10}  title", "name", "version", "nodes", "since");
    for version in &current {
        let script = &version.script;
        let since = version.valid_from.map(|day| day.to_string()).unwrap_or_default();
        println!("{:<40}  {:>7}  {:>5}  {since:<10}  {}", script.key.as_str(), version.number, script.nodes.len(), script.title.en);
    }
    Ok(())
}

async fn export(settings: &Settings, name: &str) -> Result<(), Failure> {
    let current = read_to_callers(&open(settings).await?, Actor::Operator).await?;
    let found = current.iter().find(|version| version.script.key.as_str() == name);
    let version = found
        .ok_or_else(|| Failure::Input(format!("No script named {name} is read to callers today. See `portico script list`.")))?;
    print!("{}", to_file(&version.script));
    Ok(())
}

async fn import(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(file).map_err(with_file(file))?;
    match import_as_operator(&open(settings).await?, Actor::Operator, &bytes).await? {
        Ok(Begun::Draft(_)) => {
            println!("It is a draft now. Hand it in at the console, under Call scripts; another person publishes it.");
        }
        Ok(Begun::UnderWay(other)) => {
            let name = other.script.key.as_str();
            let words =
                format!("A version of {name} is being written, or read by a second person: publish it or give it up first.");
            return Err(Failure::Input(words));
        }
        Err(wrong) => return Err(Failure::Input(format!("{}: {wrong}.", file.display()))),
    }
    Ok(())
}
