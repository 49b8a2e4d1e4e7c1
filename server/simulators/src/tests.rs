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
use shared::ident::{Correction, Enrol, Handling, Incoming, Query, Unreadable, UseDecision, Verification, Verified};
use shared::partner_query::{ReplyResult, TransactionNumber};
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;
use tokio::time::Instant;

use super::*;
use crate::state::{Fault, Faults, Waiting};

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
        written: Sensitive::default(),
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
async fn a_partner_is_asked_back_under_the_number_of_its_own_query() {
    let simulated = Simulated::start().await;
    let ident = simulated.ident();
    let back = |transaction: &str, prior: &str| Query {
        prior: Some(number(prior)),
        step: Step::Reverse,
        fingerprints: Sensitive::new(None),
        ..first(transaction, 7)
    };
    // Canada has searched with the prints of somebody whom it knows, too.
    simulated.state.memory().matched.insert("CA-2026-0000001".into(), (Partner::Canada, 7));
    ident.ask(&back("TEST-2026-0000001", "CA-2026-0000001")).await.unwrap();
    assert_eq!(replies(&ident).await, [("TEST-2026-0000001".to_owned(), ReplyResult::Match, 1)], "and nothing follows by itself");
    let unasked = ident.ask(&back("TEST-2026-0000002", "CA-2026-0000009")).await;
    assert_eq!(unasked, Err(IdentError::Refused(422)), "a number that nobody gave");
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
async fn errors_end_the_waiting_of_a_request_once() {
    let simulated = Simulated::start().await;
    let unreadable = Unreadable {
        message: uuid::Uuid::from_u128(1),
        transaction_number: number("CA-2026-0000001"),
        errors: vec!["line 9, Reason: it is none of the template's codes".into()],
    };
    let waiting = Waiting { partner: Partner::Canada, transaction_number: "CA-2026-0000001".into(), asked_at: Instant::now() };
    simulated.state.memory().waiting.insert(unreadable.message, waiting);
    simulated.ident().unreadable(&unreadable).await.unwrap();
    simulated.ident().unreadable(&unreadable).await.unwrap();
    assert_eq!(simulated.state.memory().unreadable, [unreadable]);
}

fn enrol(transaction: &str, person: u32) -> Enrol {
    Enrol {
        transaction_number: number(transaction),
        fingerprints: Sensitive::new(STANDARD.encode(gallery::capture(person).unwrap())),
        photograph: Sensitive::new(Some(STANDARD.encode(b"a picture"))),
        fin: Sensitive::new(None),
        on: "2026-03-10".parse().unwrap(),
        handling: Handling::Protected,
    }
}

/// The FIN and the encounter that IDENT tells.
fn numbers(verified: &Verified) -> (String, String) {
    let found = verified.found.expose().as_ref().unwrap();
    (found.fin.clone().unwrap(), found.eid.clone().unwrap())
}

#[tokio::test]
async fn who_is_enrolled_has_an_encounter_and_is_found_afterwards() {
    let simulated = Simulated::start().await;
    let ident = simulated.ident();
    let verification = |person: u32| Verification {
        transaction_number: number("VERIFY-2026-0000001"),
        fingerprints: Sensitive::new(Some(STANDARD.encode(gallery::capture(person).unwrap()))),
        fin: Sensitive::new(None),
    };
    assert!(!ident.verify(&verification(5)).await.unwrap().is_match);
    assert!(!ident.verify(&verification(5)).await.unwrap().is_match, "who is searched for is not kept");

    let new = ident.enrol(&enrol("ENROL-2026-0000001", 5)).await.unwrap();
    assert!(!new.is_match, "nobody knew the prints");
    let (fin, eid) = numbers(&new);
    let again = ident.enrol(&enrol("ENROL-2026-0000001", 5)).await.unwrap();
    assert_eq!(again, new, "the same number again adds nothing");
    let other = ident.enrol(&enrol("ENROL-2026-0000001", 6)).await;
    assert_eq!(other, Err(IdentError::Refused(409)), "another under its number");
    assert_eq!(numbers(&ident.verify(&verification(5)).await.unwrap()), (fin.clone(), eid.clone()));

    let second = ident.enrol(&enrol("ENROL-2026-0000002", 5)).await.unwrap();
    assert_eq!((second.is_match, numbers(&second).0), (true, fin), "one person");
    assert_ne!(numbers(&second).1, eid, "and another encounter");
    let known = ident.enrol(&enrol("ENROL-2026-0000003", 1)).await.unwrap();
    assert_eq!((known.is_match, numbers(&known).0.as_str()), (true, "4711000"));
    let memory = simulated.state.memory();
    assert_eq!(memory.enrolled.len(), 3);
    assert!(memory.enrolled.iter().all(|one| one.handling == Handling::Protected && one.has_photograph));
}

#[tokio::test]
async fn an_enrolment_whose_answer_was_lost_is_sent_again_and_counts_once() {
    let simulated = Simulated::start().await;
    let ident = simulated.ident();
    simulated.faults(on([Fault::LoseAnswer]));
    assert_eq!(ident.enrol(&enrol("ENROL-2026-0000001", 5)).await, Err(IdentError::Unknown));
    let again = ident.enrol(&enrol("ENROL-2026-0000001", 5)).await.unwrap();
    assert!(!again.is_match, "it is the answer that was lost");
    assert_eq!(simulated.state.memory().enrolled.len(), 1);
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
