//! The gateways against the simulators, over TLS with certificates of both sides.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gateways::ident::{Cis, Ident, IdentAccess, IdentError};
use shared::agreement::{Element, Modality, Partner, Priority, Purpose, Step};
use shared::case_feed::ANumber;
use shared::ident::{Correction, Incoming, Query, UseDecision};
use shared::partner_query::{ReplyResult, TransactionNumber};
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;

use super::*;
use crate::state::{Fault, Faults};

const GALLERY: &str = r#"{
  "ours": [{"prints": 1, "fin": "4711000", "eid": "EID-1", "a_numbers": ["A900000001"]}],
  "partners": {"CA": [{"prints": 7, "elements": {"full_name": "EJEMPLO, ANA", "birth_date": "1990-02-03", "immigration_status": "refused 2019"}}]},
  "cis": {"A900000001": ["protected"], "A900000002": ["T1"]}
}"#;

struct Simulated {
    state: Arc<State>,
    folder: tempfile::TempDir,
    address: SocketAddr,
}

impl Simulated {
    async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        certificates::make(folder.path()).unwrap();
        std::fs::write(folder.path().join(gallery::FILE), GALLERY).unwrap();
        let state = Arc::new(State::new(folder.path().join(gallery::FILE), Duration::from_millis(1)));
        let handle = Handle::new();
        let tls = certificates::server(folder.path()).unwrap();
        let served = axum_server::bind_rustls("127.0.0.1:0".parse().unwrap(), tls).handle(handle.clone());
        tokio::spawn(served.serve(systems(&state).into_make_service()));
        let address = handle.listening().await.unwrap();
        Self { state, folder, address }
    }

    fn access(&self, certificates: &Path) -> IdentAccess {
        let at = |system| format!("https://localhost:{}/{system}", self.address.port()).parse().unwrap();
        let own = self.folder.path();
        IdentAccess {
            ident: at("ident"),
            cis: at("cis"),
            authority: own.join("authority.pem"),
            certificate: certificates.join("client.pem"),
            key: certificates.join("client.key"),
        }
    }

    fn ident(&self) -> Ident {
        Ident::new(&self.access(self.folder.path())).unwrap()
    }

    fn faults(&self, faults: Faults) {
        self.state.memory().faults = faults;
    }
}

fn number(text: &str) -> TransactionNumber {
    TransactionNumber::parse(text).unwrap()
}

fn first(transaction: &str, person: u32) -> Query {
    Query {
        transaction_number: number(transaction),
        prior: None,
        partner: Partner::Canada,
        step: Step::First,
        purpose: Purpose::RefugeeClaim,
        priority: Priority::High,
        modality: Modality::Biometric,
        fingerprints: Sensitive::new(Some(STANDARD.encode(gallery::prints(person).unwrap()))),
        asked: [Element::FullName].into(),
    }
}

async fn replies(ident: &Ident) -> Vec<(String, ReplyResult, usize)> {
    let messages = ident.messages(0).await.unwrap().messages.into_iter();
    let reply = |message| match message {
        Incoming::Reply(reply) => Some((reply.transaction_number.as_str().to_owned(), reply.result, reply.elements.expose().len())),
        _ => None,
    };
    messages.filter_map(|envelope| reply(envelope.message)).collect()
}

fn on<const N: usize>(faults: [Fault; N]) -> Faults {
    Faults { on: faults.into(), slow: 0 }
}

#[tokio::test]
async fn a_match_brings_a_second_query_and_a_third_carries_a_number() {
    let simulated = Simulated::start().await;
    let ident = simulated.ident();
    ident.ask(&first("TEST-2026-0000001", 7)).await.unwrap();
    ident.ask(&first("TEST-2026-0000001", 7)).await.unwrap();
    assert_eq!(ident.ask(&first("TEST-2026-0000001", 8)).await, Err(IdentError::Refused(409)), "another under its number");
    let told = replies(&ident).await;
    assert_eq!(told.len(), 2, "asked twice, answered once: the first and the second");
    assert_eq!(told[0], ("TEST-2026-0000001".into(), ReplyResult::Match, 1));
    assert_eq!((told[1].1, told[1].2), (ReplyResult::Match, 3));
    let third = Query {
        transaction_number: number("TEST-2026-0000003"),
        prior: Some(number(&told[1].0)),
        step: Step::Third,
        fingerprints: Sensitive::new(None),
        ..first("TEST-2026-0000003", 7)
    };
    ident.ask(&third).await.unwrap();
    assert_eq!(replies(&ident).await.last().unwrap().1, ReplyResult::Match);
    let with_prints = Query { prior: Some(number(&told[1].0)), ..first("TEST-2026-0000004", 7) };
    assert_eq!(ident.ask(&with_prints).await, Err(IdentError::Refused(422)), "a number and prints");
    ident.ask(&first("TEST-2026-0000005", 99)).await.unwrap();
    assert_eq!(replies(&ident).await.last().unwrap().1, ReplyResult::NoMatch);
}

#[tokio::test]
async fn a_decision_on_a_use_is_taken_once() {
    let simulated = Simulated::start().await;
    let allowed = UseDecision {
        message: uuid::Uuid::from_u128(1),
        transaction_number: number("TEST-2026-0000001"),
        is_allowed: true,
        elements: [Element::FullName].into(),
    };
    let refused = UseDecision { is_allowed: false, elements: [].into(), ..allowed.clone() };
    simulated.ident().decide_use(&allowed).await.unwrap();
    simulated.ident().decide_use(&refused).await.unwrap();
    assert_eq!(simulated.state.memory().uses, [allowed]);
}

#[tokio::test]
async fn a_correction_is_taken_once() {
    let simulated = Simulated::start().await;
    let correction = Correction {
        id: uuid::Uuid::from_u128(1),
        partner: Partner::Canada,
        transaction_number: number("TEST-2026-0000001"),
        elements: [Element::BirthDate].into(),
        values: Sensitive::new([(Element::BirthDate, "1990-02-04".to_owned())].into()),
        statement: Sensitive::new(None),
    };
    let again = Correction { values: Sensitive::default(), ..correction.clone() };
    simulated.ident().correct(&correction).await.unwrap();
    simulated.ident().correct(&again).await.unwrap();
    assert_eq!(simulated.state.memory().corrections, [correction]);
}

#[tokio::test]
async fn every_failure_says_what_is_known_of_it() {
    let simulated = Simulated::start().await;
    let ident = simulated.ident();
    simulated.faults(on([Fault::IdentDown]));
    let later = IdentError::Later { status: 503, after: Some(Duration::from_secs(1)) };
    assert_eq!(ident.ask(&first("TEST-2026-0000001", 7)).await, Err(later));
    simulated.faults(on([Fault::LoseAnswer]));
    assert_eq!(ident.ask(&first("TEST-2026-0000001", 7)).await, Err(IdentError::Unknown), "it was taken, and nobody says so");
    simulated.faults(on([Fault::Twice, Fault::OutOfOrder]));
    assert_eq!(ident.messages(0).await.unwrap().messages.len(), 6);
    let nowhere = IdentAccess { ident: "https://localhost:1/ident".parse().unwrap(), ..simulated.access(simulated.folder.path()) };
    assert_eq!(Ident::new(&nowhere).unwrap().messages(0).await, Err(IdentError::NotReached));
}

#[tokio::test]
async fn nobody_without_a_certificate_of_the_authority_gets_an_answer() {
    let simulated = Simulated::start().await;
    let other = tempfile::tempdir().unwrap();
    certificates::make(other.path()).unwrap();
    let stranger = Ident::new(&simulated.access(other.path())).unwrap();
    assert!(stranger.messages(0).await.is_err());
    let trusting_another =
        IdentAccess { authority: other.path().join("authority.pem"), ..simulated.access(simulated.folder.path()) };
    assert!(Ident::new(&trusting_another).unwrap().messages(0).await.is_err(), "nor does anybody else pass for IDENT");
}

#[tokio::test]
async fn cis_says_who_is_protected_and_a_silent_one_has_failed() {
    let simulated = Simulated::start().await;
    let cis = Cis::new(&simulated.access(simulated.folder.path())).unwrap();
    let of = |numbers: &[&str]| -> Vec<Sensitive<ANumber>> {
        numbers.iter().map(|number| Sensitive::new(ANumber::parse(number).unwrap())).collect()
    };
    assert_eq!(cis.ask(&of(&["A900000009"])).await, CisAnswer::NotProtected);
    assert_eq!(cis.ask(&of(&["A900000009", "A900000001"])).await, CisAnswer::Protected);
    assert!(matches!(cis.ask(&of(&["A900000002"])).await, CisAnswer::Markers(markers) if markers.len() == 1));
    simulated.faults(on([Fault::CisDown]));
    assert_eq!(cis.ask(&of(&["A900000009"])).await, CisAnswer::Failed);
}

#[tokio::test]
async fn certificates_that_are_there_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    certificates::make(folder.path()).unwrap();
    let before = std::fs::read(folder.path().join("authority.pem")).unwrap();
    certificates::make(folder.path()).unwrap();
    assert_eq!(std::fs::read(folder.path().join("authority.pem")).unwrap(), before);
}
