//! `portico doctor`: every setting looked at, and what to do about it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::audit::LogName;
use domain::e_request::Catalogue;
use domain::service_request::{Strays, strays};
use gateways::clamd::Clamd;
use gateways::letters::Letters;
use gateways::object_storage::StorageAddress;
use gateways::smtp::MailRoute;
use shared::letter::{Block, Content, Letter};
use shared::locale::Locale;
use shared::service_request::StepName;
use store::audit::Folder;
use store::crypto::{CheckpointKey, KeyRing, hex};
use store::engine::Connection;
use store::identity::{account, grant};
use store::{Clock, Store};

use super::{Failure, chain};
use crate::checkpoints::is_used;
use crate::settings::Settings;

/// Requests that were left lying and are named; how many there are is said of all.
const NAMED: usize = 5;

/// What was found about one thing.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    Good(String),
    /// Works, and deserves a look.
    Ask(String),
    Bad(String),
}

/// Prints the findings; fails if any is bad.
pub async fn run() -> Result<(), Failure> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = Settings::from_environment()?;
    let mut findings: Vec<Finding> = settings.problems().into_iter().map(|problem| Finding::Bad(problem.to_string())).collect();
    for name in Settings::unknown_variables() {
        findings.push(Finding::Ask(format!("{name}: there is no such setting; docs/settings.md lists them")));
    }
    findings.push(site(&settings));
    findings.push(e_request());
    findings.extend(certificate(&settings));
    findings.extend(mail(&settings).await);
    findings.extend(identity_provider(&settings).await);
    findings.extend(documents(&settings).await);
    findings.extend(scanner(&settings).await);
    findings.extend(letters(&settings).await);
    findings.extend(database(&settings).await);
    findings.extend(partner_data(&settings).await);
    findings.extend(checkpoints(&settings));
    findings.extend(packages(&settings));
    let mut bad = 0;
    for finding in &findings {
        match finding {
            Finding::Good(text) => println!("ok    {text}"),
            Finding::Ask(text) => println!("look  {text}"),
            Finding::Bad(text) => {
                bad += 1;
                println!("bad   {text}");
            }
        }
    }
    if bad > 0 { Err(Failure::Input(format!("{bad} things must be mended before Portico can serve."))) } else { Ok(()) }
}

fn site(settings: &Settings) -> Finding {
    let manifest = settings.site.join("manifest.json");
    if manifest.is_file() {
        Finding::Good(format!("PORTICO_SITE: the site is in {}", settings.site.display()))
    } else {
        Finding::Bad(format!("PORTICO_SITE: {} is missing; build the site with `make build`", manifest.display()))
    }
}

fn e_request() -> Finding {
    match Catalogue::check() {
        Ok(()) => Finding::Good("e-Request: every kind of request has its rules and its words".into()),
        Err(reason) => Finding::Bad(reason.into()),
    }
}

fn certificate(settings: &Settings) -> Vec<Finding> {
    let readable = |name: &str, file: &Path| match std::fs::File::open(file) {
        Ok(_) => Finding::Good(format!("{name}: {} can be read", file.display())),
        Err(error) => Finding::Bad(format!("{name}: {} cannot be read: {error}", file.display())),
    };
    let files = [("PORTICO_TLS_CERT", &settings.tls_cert), ("PORTICO_TLS_KEY", &settings.tls_key)];
    files.into_iter().filter_map(|(name, file)| file.as_deref().map(|file| readable(name, file))).collect()
}

/// Connects and signs in, as sending does; sends nothing.
async fn mail(settings: &Settings) -> Option<Finding> {
    let bad = |problem: String| Some(Finding::Bad(format!("PORTICO_SMTP_URL: {problem}")));
    let mailer = match settings.mailer() {
        Ok(mailer) => mailer?,
        Err(error) => return Some(Finding::Bad(error.to_string())),
    };
    match (&settings.smtp_url, mailer.check().await) {
        (_, Err(error)) => bad(error.to_string()),
        (Some(MailRoute::Folder(folder)), Ok(())) => {
            Some(Finding::Good(format!("PORTICO_SMTP_URL: mails are put into {}", folder.display())))
        }
        (_, Ok(())) => Some(Finding::Good("PORTICO_SMTP_URL: the mail server lets us in".into())),
    }
}

/// Asks the provider what it is and for its keys, as the first sign-in does.
async fn identity_provider(settings: &Settings) -> Option<Finding> {
    let oidc = match settings.oidc() {
        Ok(oidc) => oidc?,
        Err(error) => return Some(Finding::Bad(error.to_string())),
    };
    let issuer = settings.oidc_issuer.as_ref()?;
    Some(match oidc.check(Clock::system().now()).await {
        Ok(()) => Finding::Good(format!("PORTICO_OIDC_ISSUER: the identity provider {issuer} answers")),
        Err(problem) => Finding::Bad(format!("PORTICO_OIDC_ISSUER: the identity provider {issuer} {problem}")),
    })
}

/// Sets a letter that is not kept, and looks for the print shop's folder.
async fn letters(settings: &Settings) -> Vec<Finding> {
    let content = Content {
        locale: Locale::En,
        agency: settings.agency_name_en.clone(),
        agency_lines: Vec::new(),
        mail_to: Vec::new(),
        title: "A letter of no case".into(),
        date: NaiveDate::default(),
        blocks: vec![Block::Paragraph("Set to see that letters can be set.".into())],
        footer: String::new(),
    };
    let set = match Letter::check(content) {
        Ok(letter) => Letters::new(None).pdf(&letter).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let program = match set {
        Ok(_) => Finding::Good("letters: they can be set as PDF".into()),
        // Cases can be checked without it.
        Err(problem) => Finding::Ask(format!("letters: {problem}")),
    };
    let folder = match &settings.letters {
        None => Finding::Ask("PORTICO_LETTERS: no folder is named, so letters wait and are not printed".into()),
        Some(folder) if folder.is_dir() => Finding::Good(format!("PORTICO_LETTERS: letters are laid down in {}", folder.display())),
        Some(folder) => Finding::Bad(format!("PORTICO_LETTERS: {} is no folder", folder.display())),
    };
    vec![program, folder]
}

/// Stores something, reads it and deletes it, as a document would be.
async fn documents(settings: &Settings) -> Vec<Finding> {
    let place = &settings.documents;
    let bad = |problem: &dyn std::fmt::Display| vec![Finding::Bad(format!("PORTICO_DOCUMENTS: {place}: {problem}"))];
    // What is not there yet is made by `serve`, not by a check.
    if let StorageAddress::Folder(folder) = place
        && !folder.exists()
    {
        return vec![Finding::Ask(format!("PORTICO_DOCUMENTS: {place} will be made at the first start"))];
    }
    let storage = match settings.storage() {
        Ok(storage) => storage,
        Err(error) => return vec![Finding::Bad(error.to_string())],
    };
    if let Err(error) = storage.check(Clock::system().new_id()).await {
        return bad(&error);
    }
    let mut findings = vec![Finding::Good(format!("PORTICO_DOCUMENTS: documents can be written to {place} and read"))];
    if let StorageAddress::Folder(folder) = place
        && std::fs::metadata(folder).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
    {
        findings.push(Finding::Ask(format!("PORTICO_DOCUMENTS: others can look into {place}; set its mode to 0700")));
    }
    findings
}

async fn scanner(settings: &Settings) -> Vec<Finding> {
    let Some(address) = &settings.clamd else {
        return vec![Finding::Ask("PORTICO_CLAMD: documents are taken without a scan, and officers are told so".into())];
    };
    let mut findings = vec![match Clamd::new(address.clone()).ping().await {
        Ok(()) => Finding::Good(format!("PORTICO_CLAMD: the scanner at {address} answers")),
        Err(error) => Finding::Bad(format!("PORTICO_CLAMD: {address}: {error}; without it no document is taken")),
    }];
    if !address.is_local() {
        findings
            .push(Finding::Ask(format!("PORTICO_CLAMD: documents go to {address} unencrypted; keep the scanner on this machine")));
    }
    findings
}

async fn database(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ring = match KeyRing::load(&settings.key_file) {
        Ok(Some(ring)) => {
            findings.push(Finding::Good(format!(
                "PORTICO_KEY_FILE: {} holds the key {}",
                settings.key_file.display(),
                ring.newest_name()
            )));
            true
        }
        Ok(None) => {
            findings
                .push(Finding::Ask(format!("PORTICO_KEY_FILE: {} will be made at the first start", settings.key_file.display())));
            false
        }
        Err(error) => {
            findings.push(Finding::Bad(format!("PORTICO_KEY_FILE: {error}")));
            return findings;
        }
    };
    match look_into(settings, ring).await {
        Ok(more) => findings.extend(more),
        Err(error) => findings.push(Finding::Bad(format!("PORTICO_DATABASE_URL: {}", chain(&error)))),
    }
    findings
}

/// Partner data lies apart, and the doctor looks no further than that it is there and closed.
async fn partner_data(settings: &Settings) -> Vec<Finding> {
    const NAME: &str = "PORTICO_PARTNER_DATABASE_URL";
    let Some(address) = &settings.partner_database_url else {
        return vec![Finding::Good(format!("{NAME}: not set; nothing is shared with partner countries"))];
    };
    if let Some(file) = address.strip_prefix("sqlite:").map(|path| Path::new(path.trim_start_matches("//"))) {
        if !file.exists() {
            return vec![Finding::Ask(format!("{NAME}: {} will be made at the first start", file.display()))];
        }
        if is_open_to_others(file) {
            return vec![Finding::Bad(format!("{NAME}: others can read {}; set its mode to 0600", file.display()))];
        }
    }
    let looked = async {
        let store = Store::open_partner(address).await?;
        if store.is_empty().await? {
            return Ok(Finding::Ask(format!("{NAME}: the database answers and is empty; `portico migrate` makes its tables")));
        }
        let is_encrypted = store::data_key::any(&mut store.read_primary().await?).await?;
        if is_encrypted && KeyRing::load(&settings.partner_key_file)?.is_none() {
            return Ok(Finding::Bad("PORTICO_PARTNER_KEY_FILE: is missing; restore it from your copy".into()));
        }
        Ok::<_, store::StoreError>(Finding::Good(format!("{NAME}: the database answers")))
    };
    vec![looked.await.unwrap_or_else(|error| Finding::Bad(format!("{NAME}: {}", chain(&error))))]
}

/// Looks at the key and at the last signed heads; `portico audit verify` looks at every row.
fn checkpoints(settings: &Settings) -> Vec<Finding> {
    const NAME: &str = "PORTICO_CHECKPOINTS";
    let Some(folder) = &settings.checkpoints else {
        return vec![Finding::Ask(format!("{NAME}: not set; nobody can show that the audit log was not changed"))];
    };
    let (shown, file) = (folder.display(), settings.checkpoint_key.display());
    let key = match CheckpointKey::load(&settings.checkpoint_key) {
        Ok(Some(key)) => key,
        Ok(None) if is_used(folder) => {
            return vec![Finding::Bad(format!("PORTICO_CHECKPOINT_KEY: {file} is missing; restore it from your copy"))];
        }
        Ok(None) => return vec![Finding::Ask(format!("{NAME}: {shown} and {file} will be made at the first start"))],
        Err(error) => return vec![Finding::Bad(format!("PORTICO_CHECKPOINT_KEY: {error}"))],
    };
    let mut findings = vec![Finding::Good(format!("PORTICO_CHECKPOINT_KEY: {file} signs as {}", key.name()))];
    for log in LogName::all() {
        findings.extend(match Folder::new(folder, log.name()).checkpoint() {
            Ok(None) => None,
            Ok(Some(note)) => Some(match key.open(log.name(), &note) {
                Ok(checkpoint) => Finding::Good(format!("{NAME}: {log}: {} rows lie in {shown}", checkpoint.head.size)),
                Err(error) => Finding::Bad(format!("{NAME}: {log}: the checkpoint {error}")),
            }),
            Err(error) => Some(Finding::Bad(format!("{NAME}: {log}: {}", chain(&error)))),
        });
    }
    let beside = settings.database_url.strip_prefix("sqlite:").and_then(|file| Path::new(file.trim_start_matches("//")).parent());
    if beside.is_some_and(|beside| folder.starts_with(beside)) {
        findings
            .push(Finding::Ask(format!("{NAME}: {shown} lies beside the database; who can change the one can change the other")));
    }
    findings
}

/// Reads both keys, and names them as OBIM sees them: each side compares.
fn packages(settings: &Settings) -> Option<Finding> {
    const NAME: &str = "PORTICO_PACKAGE_KEY";
    settings.partner_database_url.as_ref()?;
    Some(match settings.package_keys() {
        Ok(Some((ours, theirs))) => {
            let (ours, theirs) = (hex(&ours.public().id()), hex(&theirs.id()));
            Finding::Good(format!("{NAME}: packages are signed with {ours} and sealed for {theirs}"))
        }
        Ok(None) => Finding::Ask(format!("{NAME}: no keys are set, so no package is made for a partner country")),
        Err(error) => Finding::Bad(error.to_string()),
    })
}

fn is_open_to_others(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

async fn look_into(settings: &Settings, has_key_file: bool) -> Result<Vec<Finding>, store::StoreError> {
    let mut findings = Vec::new();
    // A database that is not there yet is made by `serve`, not by a check.
    if let Some(file) = settings.database_url.strip_prefix("sqlite:")
        && !Path::new(file.trim_start_matches("//")).exists()
    {
        return Ok(vec![Finding::Ask(format!("PORTICO_DATABASE_URL: {file} will be made at the first start"))]);
    }
    let store = Store::open(&settings.database_url, settings.read_database_url.as_deref()).await?;
    if store.is_empty().await? {
        return Ok(vec![Finding::Ask(
            "PORTICO_DATABASE_URL: the database answers and is empty; `portico migrate` makes its tables".into(),
        )]);
    }
    findings.push(Finding::Good("PORTICO_DATABASE_URL: the database answers".into()));
    if store.is_up_to_date().await? {
        findings.extend(accounts(&mut store.read_primary().await?).await?);
        findings.push(match strays(&store, &Clock::system(), settings.time_zone, NAMED).await {
            Ok(strays) => left_lying(&strays),
            Err(error) => Finding::Bad(format!("service requests: {error}; the log says more")),
        });
    } else {
        findings.push(Finding::Ask(
            "PORTICO_DATABASE_URL: its tables are of an earlier release; the next start brings them up to date".into(),
        ));
    }
    let mut connection = store.read_primary().await?;
    if !has_key_file && store::data_key::any(&mut connection).await? {
        findings.push(Finding::Bad(
            "PORTICO_KEY_FILE: the database is encrypted and its key file is missing; restore it from your copy".into(),
        ));
    }
    if store::installation::demo_day(&mut connection).await?.is_some() && !settings.is_loopback() {
        findings.push(Finding::Bad("PORTICO_DATABASE_URL: holds a demo; it is served on loopback only".into()));
    }
    if settings.usps_drop.is_some() {
        findings.push(carrier(settings, store::delivery_tracking::latest_finish(&mut connection).await?));
    }
    if store.engine() == store::engine::Engine::Sqlite {
        findings
            .push(Finding::Ask("names and cases are not encrypted by Portico: keep the database on an encrypted volume".into()));
    }
    Ok(findings)
}

/// Accounts that nobody can use yet, and roles that do not hold yet.
async fn accounts(connection: &mut Connection) -> Result<Vec<Finding>, store::StoreError> {
    let mut findings = Vec::new();
    let without_factor = account::without_factor(connection).await?;
    if without_factor > 0 {
        findings.push(Finding::Ask(format!(
            "accounts: {without_factor} without a second factor, so nobody can sign in to them with a password; see `portico account list`"
        )));
    }
    let waiting = grant::waiting(connection, Clock::system().now()).await?.len();
    if waiting > 0 {
        findings
            .push(Finding::Ask(format!("accounts: {waiting} roles wait for a second administrator, who agrees in the console")));
    }
    Ok(findings)
}

/// Whoever asked has a confirmation, and nobody works on it.
fn left_lying(strays: &Strays) -> Finding {
    if strays.requests == 0 {
        return Finding::Good("service requests: none was left lying".into());
    }
    let named = strays.first.iter().map(|stray| {
        let steps: Vec<&str> = stray.steps.iter().map(|step| missed(*step)).collect();
        format!("{} is {}, {} in time", stray.number.grouped(), stray.state.replace('_', " "), steps.join(", "))
    });
    let named: Vec<String> = named.collect();
    Finding::Ask(format!(
        "service requests: {} left lying; see `portico outbox` for what was given up. The oldest: {}",
        strays.requests,
        named.join("; ")
    ))
}

const fn missed(step: StepName) -> &'static str {
    match step {
        StepName::Received => "not received",
        StepName::Stored => "not stored",
        StepName::Routed => "not given to an office",
        StepName::Opened => "not opened",
        StepName::Answered => "not answered",
    }
}

fn carrier(settings: &Settings, latest: Option<DateTime<Utc>>) -> Finding {
    let hours = settings.usps_quiet_hours;
    match latest {
        Some(latest) if Clock::system().now() - latest <= TimeDelta::hours(hours.get().into()) => {
            Finding::Good(format!("PORTICO_USPS_DROP: the last extract came in on {}", latest.format("%Y-%m-%d %H:%M UTC")))
        }
        _ => Finding::Ask(format!("PORTICO_USPS_DROP: no extract came in for {hours} hours; ask the carrier, and see the log")),
    }
}

#[cfg(test)]
mod tests {
    use domain::service_request::Stray;
    use shared::service_request::RequestNumber;

    use super::*;

    #[test]
    fn requests_that_were_left_lying_are_counted_and_the_oldest_named() {
        assert_eq!(left_lying(&Strays::default()), Finding::Good("service requests: none was left lying".into()));
        let stray = |random, state, steps: &[StepName]| Stray {
            number: RequestNumber::new(2026, [random; 16]),
            state,
            steps: steps.to_vec(),
        };
        let first =
            vec![stray(1, "stored", &[StepName::Routed, StepName::Opened]), stray(2, "waiting_for_person", &[StepName::Answered])];
        let numbers: Vec<String> = first.iter().map(|stray| stray.number.grouped()).collect();
        let Finding::Ask(text) = left_lying(&Strays { requests: 31, first }) else { panic!("a look is enough") };
        assert_eq!(
            text,
            format!(
                "service requests: 31 left lying; see `portico outbox` for what was given up. The oldest: \
                 {} is stored, not given to an office, not opened in time; {} is waiting for person, not answered in time",
                numbers[0], numbers[1]
            )
        );
    }
}
