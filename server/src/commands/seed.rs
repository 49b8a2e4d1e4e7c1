//! `portico seed demo`.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use chrono::NaiveDate;
use domain::audit::{self, Act};
use domain::identity::Manager;
use domain::identity::account::{self, AccountView, DemoAccount};
use domain::service_request::demo::{Mix, Staffed};
use domain::{Actor, Context, agreement, call_script, identity, service_request};
use shared::case_status::ReceiptNumber;
use shared::identity::Role;
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use store::assignment::{self, Share};
use tokio::io::BufReader;

use super::import::{report, take_in};
use super::{Failure, ingest, open_with_partner_data, show, with_file};
use crate::seed::{self, partners, retention, staff};
use crate::settings::Settings;

/// Marks an empty database as a demo, writes a case feed of synthetic people, and takes it in as any other.
pub async fn run(settings: &Settings, cases: u64, requests: u64) -> Result<(), Failure> {
    let ctx = open_with_partner_data(settings).await?;
    let mut transaction = ctx.store.begin().await?;
    // Stories are told as of one day: a second run tells the same ones, and finds them there.
    let day = match store::installation::demo_day(&mut transaction).await? {
        Some(day) => day,
        None if store::installation::has_cases(&mut transaction).await? => {
            return Err(Failure::Input(
                "This database holds cases and is no demo. Synthetic people go into an empty one only.".into(),
            ));
        }
        None if cases == 0 && requests > 0 => {
            return Err(Failure::Input("Service requests are about cases, and there are none. Give --cases 1 or more.".into()));
        }
        None => {
            store::installation::mark_as_demo(&mut transaction, ctx.today()).await?;
            let act = Act { action: "demo.mark", subject: "database", detail: serde_json::json!({}) };
            audit::write(&mut transaction, &ctx.clock, Actor::Operator, act).await?;
            ctx.today()
        }
    };
    transaction.commit().await?;
    domain::office::import(&ctx, Actor::Operator, seed::OFFICES).await?;
    domain::processing_time::import(&ctx, Actor::Operator, &seed::processing_times(day)).await?;

    let path = settings.key_file.with_file_name("demo-cases.ndjson");
    let mut out = BufWriter::new(File::create(&path).map_err(with_file(&path))?);
    let lines = seed::write_feed(&mut out, cases, day).map_err(with_file(&path))?;
    drop(out);
    println!("{lines} events of {cases} synthetic cases are in {}.", path.display());
    let file = tokio::fs::File::open(&path).await.map_err(with_file(&path))?;
    let size = file.metadata().await.map_err(with_file(&path))?.len();
    let summary = take_in(&ctx, settings, "demo-cases.ndjson", BufReader::with_capacity(1 << 20, file), Some(size)).await?;
    report(&summary);
    let people = domain::profile::follow_feed(&ctx, Actor::System).await?;
    println!("The people of {people} cases have profiles.");
    seed_mail(&ctx, settings, &path, day).await?;
    domain::waiting::count(&ctx, Actor::System, settings.waiting_threshold).await?;
    seed_staff(&ctx).await?;
    seed_biometrics(&ctx).await?;
    let desks = desks(&ctx).await?;
    seed_requests(&ctx, &desks, requests).await?;
    seed_answers(&ctx).await?;
    seed_calls(&ctx).await?;
    seed_agreements(&ctx).await?;
    seed_partners(&ctx, settings).await?;
    seed_information_requests(&ctx).await?;
    seed_retention(&ctx, settings, day).await?;
    seed_redress(&ctx).await?;
    // A server raises what is due in its first ten minutes; a demo is looked at before.
    service_request::escalate(&ctx, Actor::System).await?;
    let months = domain::report::publish(&ctx, Actor::System, settings.report_threshold).await?;
    println!("{months} months of the service report were published.");
    ctx.store.close().await;
    Ok(())
}

/// Adds service requests in every state, unless there are some: they are made in one go, as of one day.
async fn seed_requests(ctx: &Context, desks: &[Staffed], requests: u64) -> Result<(), Failure> {
    if store::request_queue::any(&mut ctx.store.read_primary().await?).await? {
        println!("There are service requests already: none were added. For another number, begin with an empty database.");
        return Ok(());
    }
    let written = service_request::demo::fill(ctx, Actor::Operator, desks, requests, Mix::Everything).await?;
    println!("{written} service requests were added.");
    Ok(())
}

/// Adds requests that were answered, and says how to see them.
async fn seed_answers(ctx: &Context) -> Result<(), Failure> {
    println!("Requests to look for at /e-request/status, each with the ZIP code {}:", domain::answer::DEMO_ZIP);
    let accounts = account::list(ctx, Manager::Operator).await?;
    let of = |name: &str| accounts.iter().find(|account| account.sign_in_name.as_str() == name).map(|account| account.id);
    // Who answers and who reads again are people whom one can sign in as.
    let (writer, reviewer) = (of("tier.two"), of("reviewer").ok_or(Failure::Input("The demo has no reviewer.".into()))?);
    let answers = async |ctx: &Context| domain::answer::seed_demo(ctx, writer).await;
    for request in domain::quality::seed_demo(ctx, reviewer, answers).await? {
        println!("  {}  {}", request.number.grouped(), request.note);
    }
    Ok(())
}

/// Publishes the starter set of scripts, and has an agent take calls with them. Not a second time.
async fn seed_calls(ctx: &Context) -> Result<(), Failure> {
    let scripts = call_script::ship(ctx, Actor::Operator).await?;
    let accounts = account::list(ctx, Manager::Operator).await?;
    let agent = accounts.iter().find(|account| account.sign_in_name.as_str() == staff::AGENT);
    let calls = match agent.filter(|_| scripts > 0) {
        Some(agent) => call_script::seed_demo(ctx, agent.id, &agent.office).await?,
        None => 0,
    };
    println!("{scripts} call scripts and {calls} calls were added.");
    Ok(())
}

/// Has the starter agreements drafted and signed by the demo's staff. Not a second time.
async fn seed_agreements(ctx: &Context) -> Result<(), Failure> {
    let accounts = account::list(ctx, Manager::Operator).await?;
    let of = |name: &str| accounts.iter().find(|account| account.sign_in_name.as_str() == name);
    let [Some(manager), Some(privacy), Some(counsel)] = staff::OF_AGREEMENTS.map(of) else {
        return Err(Failure::Input("The demo has nobody who signs agreements.".into()));
    };
    let signed = agreement::seed_demo(ctx, &manager.office, [manager.id, privacy.id, counsel.id]).await?;
    println!("{signed} agreements are in force: with partner countries, and the terms with IDENT.");
    Ok(())
}

/// An officer's cases, and whom the simulated IDENT knows.
async fn seed_partners(ctx: &Context, settings: &Settings) -> Result<(), Failure> {
    if !ctx.shares() {
        return Ok(());
    }
    let accounts = account::list(ctx, Manager::Operator).await?;
    let of = |name: &str| {
        let found = accounts.iter().find(|account| account.sign_in_name.as_str() == name).map(|account| account.id);
        found.ok_or_else(|| Failure::Input(format!("The demo has no {name}.")))
    };
    let staff = partners::Staff { raio: of("raio")?, privacy: of("privacy")?, counsel: of("counsel")? };
    partners::fill(ctx, &staff).await?;
    let folder = settings.partner_key_file.with_file_name("simulators");
    partners::write(&folder, &partners::gallery(ctx).await?).map_err(with_file(&folder))?;
    println!("Whom the simulated IDENT knows is in {}.", folder.display());
    Ok(())
}

/// What a partner country wants to know of somebody of the demo, and how far its answers came. Not a second time.
async fn seed_information_requests(ctx: &Context) -> Result<(), Failure> {
    if !ctx.shares() {
        return Ok(());
    }
    let accounts = account::list(ctx, Manager::Operator).await?;
    let of = |name: &str| accounts.iter().find(|account| account.sign_in_name.as_str() == name);
    let [Some(analyst), Some(reviewer)] = staff::OF_INFORMATION_REQUESTS.map(of) else {
        return Err(Failure::Input("The demo has nobody who answers partners.".into()));
    };
    let officers = [analyst.id, reviewer.id];
    let seeding = partners::asked_more(ctx, &analyst.office, officers);
    println!("{} information requests were added.", Box::pin(seeding).await?);
    Ok(())
}

/// People and cases that are old enough to be destroyed, and a hold on one of them.
async fn seed_retention(ctx: &Context, settings: &Settings, day: NaiveDate) -> Result<(), Failure> {
    let lines = retention::old_people_and_cases(day);
    take_in(ctx, settings, "demo-old-cases.ndjson", lines.as_bytes(), None).await?;
    domain::profile::follow_feed(ctx, Actor::System).await?;
    let accounts = account::list(ctx, Manager::Operator).await?;
    let of = |name: &str| accounts.iter().find(|account| account.sign_in_name.as_str() == name).map(|account| account.id);
    let (Some(one), Some(two), Ok(held)) = (of("records"), of("records.two"), ReceiptNumber::parse(retention::HELD)) else {
        return Err(Failure::Input("The demo has nobody who keeps records.".into()));
    };
    let holds = domain::retention::seed_demo(ctx, &held, [one, two]).await?;
    println!("What is due to be destroyed was worked out; {holds} holds were added.");
    Ok(())
}

/// Has the demo's privacy officers log and answer requests of people about their own records. Not a second time.
async fn seed_redress(ctx: &Context) -> Result<(), Failure> {
    let accounts = account::list(ctx, Manager::Operator).await?;
    let of = |name: &str| accounts.iter().find(|account| account.sign_in_name.as_str() == name);
    let [Some(first), Some(second)] = staff::OF_REDRESS.map(of) else {
        return Err(Failure::Input("The demo has nobody who handles redress.".into()));
    };
    let numbers: Vec<ReceiptNumber> =
        seed::EXAMPLES.iter().filter_map(|example| ReceiptNumber::parse(example.receipt_number).ok()).collect();
    let logged = Box::pin(domain::redress::seed_demo(ctx, &first.office, [first.id, second.id], &numbers)).await?;
    println!("{logged} requests for redress were added.");
    Ok(())
}

/// Writes the carrier's files for the mailings of the feed, and takes them in as any other.
async fn seed_mail(ctx: &Context, settings: &Settings, feed: &Path, day: NaiveDate) -> Result<(), Failure> {
    let paths = ["demo-extract-1.dat", "demo-extract-2.dat"].map(|name| feed.with_file_name(name));
    let create = |path: &Path| File::create(path).map(BufWriter::new).map_err(with_file(path));
    let (mut newer, mut older) = (create(&paths[0])?, create(&paths[1])?);
    let events = std::io::BufReader::with_capacity(1 << 20, File::open(feed).map_err(with_file(feed))?);
    let lines = seed::write_extracts(events, &mut newer, &mut older, day).map_err(with_file(&paths[0]))?;
    drop((newer, older));
    println!("{lines} records of the carrier are in {} and {}.", paths[0].display(), paths[1].display());
    for path in &paths {
        let ingested = ingest::take_in(ctx, settings, Actor::Operator, path).await?;
        ingest::report(path, &ingested);
    }
    domain::delivery_tracking::update_cases(ctx, Actor::Operator).await?;
    Ok(())
}

/// Adds the demo's staff and prints how to sign in as each of them.
async fn seed_staff(ctx: &Context) -> Result<(), Failure> {
    let people = staff::accounts().ok_or_else(|| Failure::Input("The demo's staff cannot be read.".into()))?;
    account::add_demo(ctx, &Sensitive::new(staff::PASSWORD.into()), &people).await?;
    println!("\nStaff of the demo, for /console. The password of all of them: {}", staff::PASSWORD);
    println!("{:<16} {:<18} {:<7} secret for an authenticator app", "sign-in name", "role", "office");
    for DemoAccount { account, role, secret } in &people {
        let (name, office) = (account.sign_in_name.as_str(), account.office.as_str());
        println!("{name:<16} {:<18} {office:<7} {}", role.name(), show(&identity::secret_to_type(secret)));
    }
    Ok(())
}

/// Gives the people of the well-known cases photographs, and some of them fingerprints: drawn, of nobody.
async fn seed_biometrics(ctx: &Context) -> Result<(), Failure> {
    let accounts = account::list(ctx, Manager::Operator).await?;
    let Some(officer) = accounts.iter().find(|account| account.sign_in_name.as_str() == staff::INTERVIEWER) else { return Ok(()) };
    let numbers = seed::EXAMPLES.iter().map(|example| example.receipt_number).chain(seed::HIDDEN.iter().copied());
    let people = domain::profile::seed_demo(ctx, Actor::Operator, (officer.id, &officer.office), numbers).await?;
    println!("{people} people were given photographs.");
    Ok(())
}

/// Who works on the demo's requests: where the demo has accounts, those, and they are on the roster; elsewhere officers whom nobody
/// can sign in as.
async fn desks(ctx: &Context) -> Result<Vec<Staffed>, Failure> {
    let accounts = account::list(ctx, Manager::Operator).await?;
    let works_at = |account: &&AccountView, desk: &Staffed| {
        let is_one = |(name, _, _, role): &(&str, &str, &str, Role)| *name == account.sign_in_name.as_str() && *role == Role::Iio;
        account.office == desk.office && staff::STAFF.iter().any(is_one)
    };
    let mut desks = seed::staff();
    let mut transaction = ctx.store.begin().await?;
    for desk in &mut desks {
        let here = accounts.iter().filter(|account| works_at(account, desk));
        let officers: Vec<OfficerId> = here.map(|account| OfficerId(account.id.as_u128())).collect();
        if officers.is_empty() {
            continue;
        }
        for officer in &officers {
            // Without room of their own: what comes in waits to be given out, so that the demo shows how that is done.
            let share = Share { officer: *officer, kinds: Vec::new(), capacity: 0 };
            assignment::set_share(&mut transaction, &desk.office, &share).await?;
        }
        desk.officers = officers;
    }
    transaction.commit().await?;
    Ok(desks)
}
