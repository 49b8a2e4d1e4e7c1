//! Fifty officers who press "take the next" at once, until nothing is left: in one process on SQLite, and in two on PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use app::console::site::REQUESTS;
use domain::Actor;
use domain::identity::Manager;
use domain::identity::account::{DemoAccount, NewAccount, add_demo, list as accounts};
use domain::service_request::demo::{Mix, Staffed, fill, officer};
use domain::service_request::{counts, summaries};
use futures::StreamExt as _;
use futures::future::join_all;
use futures::stream;
use reqwest::StatusCode;
use shared::identity::{Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use shared::service_request::{OfficerId, Queue};
use store::crypto::sha256;
use uuid::Uuid;

use super::console::{Desk, PASSWORD};
use super::documents::Desk as Installed;
use super::running::{Engine, Installation, Server, line};

const OFFICERS: usize = 50;
const REQUESTS_MADE: usize = 1000;
/// Enough for each request to be about something else.
const CASES: usize = 80;
const OFFICES: &str = "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\n";
/// It takes some seconds. What hangs is told from what is slow.
const LONGEST: Duration = Duration::from_mins(3);

fn nbc() -> OfficeCode {
    OfficeCode::parse("NBC").unwrap()
}

fn name(number: usize) -> String {
    format!("officer.{number:02}")
}

/// An office with its officers, and with requests that nobody has.
async fn filled(installation: &Installation) -> Installed {
    installation.succeed(&["migrate"]);
    let cases = (0..CASES).map(|at| {
        let number = format!("EAC99980{:05}", at * 300);
        line(&format!("c{at}"), &number, "IAA", "2026-01-07T14:00:00Z", "")
    });
    installation.import(&cases.collect::<String>());
    let installed = Installed::of(installation).await;
    let ctx = &installed.ctx;
    domain::office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
    let account = |number| DemoAccount {
        account: NewAccount {
            sign_in_name: SignInName::parse(&name(number)).unwrap(),
            name: StaffName::parse("Ana Ejemplo").unwrap(),
            email: None,
            office: nbc(),
        },
        // The demo's first account is the first administrator's.
        role: if number == OFFICERS { Role::Administrator } else { Role::Iio },
        secret: Sensitive::new(sha256(format!("portico demo {}", name(number)).as_bytes())[..20].to_vec()),
    };
    let people: Vec<DemoAccount> = std::iter::once(OFFICERS).chain(0..OFFICERS).map(account).collect();
    add_demo(ctx, &Sensitive::new(PASSWORD.into()), &people).await.unwrap();
    let staff = [Staffed { office: nbc(), officers: Vec::new() }];
    let made = fill(ctx, Actor::Operator, &staff, REQUESTS_MADE as u64, Mix::Unassigned).await.unwrap();
    assert_eq!(made, REQUESTS_MADE as u64);
    installed
}

/// Takes one after the other until there is none, and gives which.
async fn take_all(server: &Server, desk: &mut Desk, token: &str) -> Vec<Uuid> {
    let mut taken = Vec::new();
    while taken.len() <= REQUESTS_MADE {
        let fields = [("csrf", token), ("office", "NBC")];
        let answer = desk.post(server.url("/_fn/console/service_request/take_next"), &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let page = answer.location().split('?').next().unwrap();
        let Some(id) = page.strip_prefix(REQUESTS).and_then(|rest| rest.strip_prefix('/')) else { return taken };
        taken.push(id.parse().unwrap());
    }
    panic!("there is no end of requests")
}

async fn each_is_taken_once(engine: Engine, processes: usize) {
    let installation = Installation::new(engine).await;
    let installed = filled(&installation).await;
    let servers: Vec<Server> = (0..processes).map(|_| installation.serve(&[])).collect();
    // One server checks few passwords at a time, and sends away who would wait for long.
    let signing_in = (0..OFFICERS).map(async |number| {
        let (mut desk, server) = (Desk::new(), &servers[number % processes]);
        let entered = desk.sign_in(server, &name(number), 0).await;
        assert_eq!(entered.location(), "/console", "{number}");
        let token = desk.get(server.url("/console")).await.csrf();
        (desk, token)
    });
    let desks: Vec<(Desk, String)> = stream::iter(signing_in).buffered(2).collect().await;
    let taking = desks
        .into_iter()
        .enumerate()
        .map(async |(number, (mut desk, token))| (number, take_all(&servers[number % processes], &mut desk, &token).await));
    let all: Vec<(usize, Vec<Uuid>)> = tokio::time::timeout(LONGEST, join_all(taking)).await.expect("it ends");

    let taken: Vec<Uuid> = all.iter().flat_map(|(_, taken)| taken.clone()).collect();
    let once: BTreeSet<Uuid> = taken.iter().copied().collect();
    assert_eq!((taken.len(), once.len()), (REQUESTS_MADE, REQUESTS_MADE), "each once");
    assert!(all.iter().filter(|(_, taken)| !taken.is_empty()).count() > OFFICERS / 2, "nobody took them all");
    for process in 0..processes {
        let there = all.iter().filter(|(number, _)| number % processes == process).map(|(_, taken)| taken.len()).sum::<usize>();
        assert!(there > REQUESTS_MADE / 10, "process {process} gave {there}");
    }

    // What was told to each is what is written down: who has it, and nothing beside its four events.
    let ctx = &installed.ctx;
    let by_name = accounts(ctx, Manager::Operator).await.unwrap();
    let id_of = |number: usize| by_name.iter().find(|account| account.sign_in_name.as_str() == name(number)).unwrap().id.as_u128();
    let told: BTreeMap<Uuid, OfficerId> =
        all.iter().flat_map(|(number, taken)| taken.iter().map(|id| (*id, OfficerId(id_of(*number))))).collect();
    let reader = officer(ctx, OfficerId(1), &nbc());
    for ids in taken.chunks(100) {
        let written = summaries(ctx, &reader, &nbc(), ids).await.unwrap();
        assert_eq!(written.len(), ids.len());
        for listed in written.into_iter().map(|shown| shown.listed) {
            assert_eq!((listed.placement.officer, listed.version), (Some(told[&listed.id]), 4), "no update was lost");
        }
    }
    for (number, taken) in &all {
        let figures = counts(ctx, &officer(ctx, OfficerId(id_of(*number)), &nbc()), &nbc()).await.unwrap();
        assert_eq!((figures.of(Queue::Unassigned), figures.of(Queue::Mine)), (0, taken.len() as u64), "{}", name(*number));
    }
}

#[tokio::test]
async fn fifty_officers_take_a_thousand_requests_each_once_in_one_process() {
    each_is_taken_once(Engine::Sqlite, 1).await;
}

#[tokio::test]
async fn fifty_officers_take_a_thousand_requests_each_once_in_two_processes() {
    each_is_taken_once(Engine::Postgres, 2).await;
}
