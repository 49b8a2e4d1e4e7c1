//! Turns the browser clients and the style sheets into `target/site/`, the folder that the server hands out.
//!
//! Run from the repository's root, after the clients are built: `bundler --profile wasm-release`. Work whose inputs did
//! not change is skipped. The build fails when a bundle outgrows its budget.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program that talks to whoever builds")]

mod client;
mod site;
mod styles;
mod tool;
mod worker;

use std::{collections::BTreeMap, path::Path, process::ExitCode};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;

use crate::site::{Site, fingerprint};

/// One root of the user interface: what it is made of, and how many bytes (brotli) its visitors may be asked to fetch.
struct Bundle {
    name: &'static str,
    package: &'static str,
    styles: &'static str,
    /// Where its pages register their service worker, which is in charge of what lies beside and below it.
    worker: Option<&'static str>,
    client_budget: usize,
    styles_budget: usize,
}

const BUNDLES: &[Bundle] = &[
    Bundle {
        name: "portal",
        package: "portal-client",
        styles: "style/portal.scss",
        worker: Some("service-worker.js"),
        client_budget: 250_000,
        styles_budget: 16_000,
    },
    Bundle {
        name: "console",
        package: "console-client",
        styles: "style/console.scss",
        // Nothing of the console is kept where no session is.
        worker: None,
        client_budget: 320_000,
        styles_budget: 16_000,
    },
];

const SITE: &str = "target/site";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundler: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let profile = profile(std::env::args().skip(1))?;
    ensure!(Path::new("public").is_dir() && Path::new("style").is_dir(), "run this from the root of the repository");

    // The tools are inputs as well: a new wasm-opt, or a change in this very program, makes everything anew.
    let tools = [std::env::current_exe()?, tool::LOCK_FILE.into()];
    let mut site = Site::open(SITE)?;
    let mut manifest = BTreeMap::new();
    let (mut made, mut workers) = (Vec::new(), Vec::new());
    for bundle in BUNDLES {
        let module = client::module(bundle.package, &profile)?;
        let inputs = fingerprint(tools.iter().chain([&module]))?;
        let [wasm, glue, boot] =
            site.step(&format!("{} client", bundle.name), inputs, |site| client::bundle(site, bundle.name, &module))?;
        let inputs = fingerprint(tools.iter().chain([&"style".into()]))?;
        let [css] =
            site.step(&format!("{} styles", bundle.name), inputs, |site| styles::bundle(site, bundle.name, bundle.styles))?;

        manifest.insert(bundle.name, json!({ "boot": format!("/pkg/{boot}"), "css": format!("/pkg/{css}") }));
        if let Some(worker) = bundle.worker {
            let inputs = fingerprint(&tools)? + &css;
            let [offline] =
                site.step(&format!("{} offline page", bundle.name), inputs, |site| worker::offline_page(site, bundle.name, &css))?;
            workers.push((worker, worker::script([&wasm, &glue, &boot, &css], &offline)?));
        }
        made.extend([("client", bundle.client_budget, vec![wasm, glue, boot]), ("styles", bundle.styles_budget, vec![css])]);
    }
    site.save_steps()?;

    println!("{:<36} {:>12} {:>12}", SITE, "raw", "brotli");
    let mut overweight = false;
    for (what, budget, files) in &made {
        overweight |= weigh(&site, what, *budget, files)?;
    }
    if overweight {
        bail!(
            "over the budget (see the table); the former site stays in place. Look at what came in: `cargo tree -e normal -p \
             <client> --target wasm32-unknown-unknown`, features of dependencies, a generic type in many pages, a package in \
             style/*.scss. Raise a budget in app/bundler/src/main.rs only with a reason in docs/decisions/"
        );
    }
    for (name, script) in &workers {
        site.write_plain(name, script)?;
    }
    site.copy_public("public")?;
    site.publish(&serde_json::to_vec_pretty(&manifest)?)
}

/// The profile that the clients were built with.
fn profile(mut args: impl Iterator<Item = String>) -> Result<String> {
    match (args.next().as_deref(), args.next(), args.next()) {
        (Some("--profile"), Some(profile), None) => Ok(profile),
        _ => bail!("usage: bundler --profile wasm-release"),
    }
}

/// Prints the sizes of some files, and whether they are too much together.
fn weigh(site: &Site, what: &str, budget: usize, files: &[String]) -> Result<bool> {
    let mut all = (0, 0);
    for file in files {
        let (raw, brotli) = site.sizes(file).with_context(|| format!("cannot weigh {file}"))?;
        println!("{file:<36} {:>12} {:>12}", kilobytes(raw), kilobytes(brotli));
        all = (all.0 + raw, all.1 + brotli);
    }
    let over = all.1 > budget;
    let verdict = if over { "OVER ITS BUDGET" } else { "of" };
    println!("{:<36} {:>12} {:>12} {verdict} {}", format!("= {what}"), kilobytes(all.0), kilobytes(all.1), kilobytes(budget));
    Ok(over)
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}
