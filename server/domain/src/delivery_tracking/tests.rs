use proptest::prelude::*;
use shared::case_status::{LookUpAnswer, ReceiptNumber};
use shared::delivery_tracking::DeliveryState;
use shared::locale::Locale;
use store::crypto::sha256;
use store::delivery_tracking::RecordedDelivery;

use super::layout::{Field, Layout, OLDER, VERSION_1_5};
use super::{Ingested, Source, ingest, standing, update_cases};
use crate::case_status::kept_answer;
use crate::testing::{TestContext, contexts, import_lines, line};
use crate::{Actor, Error};

const NUMBER: &str = "EAC9999103403";
pub(crate) const CARD: &str = "9205599999999900000121";
const OTHER: &str = "9205599999999900000138";

/// A record: code, day and hour of March 2026, and what it changes.
fn record(layout: &Layout, code: &'static str, at: &'static str, change: &[(Field, &'static str)]) -> Vec<u8> {
    layout.write(|field| {
        let changed = change.iter().find(|(known, _)| *known == field).map(|(_, value)| *value);
        let value = changed.unwrap_or(match field {
            Field::TrackingNumber => CARD,
            Field::DestinationZip => "22150",
            Field::FacilityZip => "22101",
            Field::FacilityName => "MERRIFIELD, VA",
            Field::EventCode => code,
            Field::EventName => "AS THE CARRIER SAYS",
            Field::EventDate => &at[..8],
            Field::EventTime => &at[9..],
            Field::RecipientName => "A NEJEMPLO",
            _ => "",
        });
        value.to_owned()
    })
}

/// A scan of [`CARD`].
pub(crate) fn scan(code: &'static str, at: &'static str) -> Vec<u8> {
    record(&VERSION_1_5, code, at, &[])
}

fn mailed(event_id: &str, number: &str, tracking_number: &str, at: &str) -> String {
    let parameters = format!(
        r#","parameters":{{"document":"permanent_resident_card","tracking_number":"{tracking_number}"}}}},
        "mailing_address":{{"street":"1 Main St","city":"Springfield","state":"VA","postal_code":"22150","country":"USA"}}"#
    );
    let line = line(event_id, number, "LDA", at, "");
    let end = line.rfind("}}").unwrap();
    format!("{}{parameters}}}", &line[..end]).replace('\n', "")
}

async fn take_in(test: &TestContext, name: &str, file: &[u8]) -> Result<Ingested, Error> {
    let content_hash = sha256(file);
    let source = Source { file_name: name, content_hash: &content_hash, quarantine: chrono::TimeDelta::days(30) };
    ingest(&test.ctx, Actor::System, source, file, |_, _| {}).await
}

pub(crate) async fn take_in_records(test: &TestContext, records: &[Vec<u8>]) -> Ingested {
    let file = records.join(b"\r\n".as_slice());
    let ingested = take_in(test, "extract.dat", &file).await.unwrap();
    update_cases(&test.ctx, Actor::System).await.unwrap();
    ingested
}

async fn deliveries(test: &TestContext, number: &str) -> Vec<RecordedDelivery> {
    let mut connection = test.ctx.store.read_primary().await.unwrap();
    let told = store::case_status::told(&mut connection, &ReceiptNumber::parse(number).unwrap()).await.unwrap();
    told.map_or_else(Vec::new, |told| told.deliveries(test.ctx.now()).unwrap())
}

fn codes(deliveries: &[RecordedDelivery]) -> Vec<Vec<&str>> {
    deliveries.iter().map(|piece| piece.scans.iter().map(|scan| scan.code.as_str()).collect()).collect()
}

async fn view(test: &TestContext, locale: Locale) -> shared::case_status::CaseStatusView {
    match kept_answer(&test.ctx, NUMBER, locale).await.unwrap() {
        LookUpAnswer::Shown { case } => *case,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn scans_follow_the_mailing_of_their_number() {
    for test in contexts().await {
        import_lines(&test.ctx, &[mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        let older = record(&OLDER, "10", "20260303 0800", &[]);
        take_in_records(&test, &[scan("03", "20260302 0900"), older, scan("01", "20260304 1405")]).await;
        let found = deliveries(&test, NUMBER).await;
        assert_eq!(codes(&found), [["03", "10", "01"]]);
        assert_eq!((found[0].number.as_str(), found[0].mailed_on.unwrap().to_string()), (CARD, "2026-03-01".to_owned()));
    }
}

#[tokio::test]
async fn scans_wait_for_their_mailing_and_for_their_case() {
    for test in contexts().await {
        let referred =
            record(&VERSION_1_5, "10", "20260303 0800", &[(Field::TrackingNumber, OTHER), (Field::CustomerReference, NUMBER)]);
        take_in_records(&test, &[scan("03", "20260302 0900"), referred]).await;
        import_lines(&test.ctx, &[mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        assert_eq!(codes(&deliveries(&test, NUMBER).await), [["03"], ["10"]]);
    }
}

#[tokio::test]
async fn a_number_that_is_used_again_is_another_piece() {
    for test in contexts().await {
        let old = mailed("m1", "EAC9999200001", CARD, "2025-06-01T15:00:00Z");
        import_lines(&test.ctx, &[old, mailed("m2", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        take_in_records(&test, &[scan("01", "20250610 0900"), scan("10", "20260301 0900"), scan("01", "20271224 0900")]).await;
        assert_eq!(codes(&deliveries(&test, "EAC9999200001").await), [["01"]]);
        assert_eq!(codes(&deliveries(&test, NUMBER).await), [["10"]]);
    }
}

#[tokio::test]
async fn a_mailing_outranks_the_reference_in_the_file() {
    for test in contexts().await {
        import_lines(&test.ctx, &[line("e", "EAC9999200001", "IAA", "2026-01-07T15:00:00Z", "")]).await;
        let referred = || record(&VERSION_1_5, "10", "20260303 0800", &[(Field::CustomerReference, "EAC9999200001")]);
        take_in_records(&test, &[referred()]).await;
        assert_eq!(codes(&deliveries(&test, "EAC9999200001").await), [["10"]]);
        import_lines(&test.ctx, &[mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        assert_eq!(codes(&deliveries(&test, "EAC9999200001").await), Vec::<Vec<&str>>::new());
        assert_eq!(codes(&deliveries(&test, NUMBER).await), [["10"]]);
    }
}

#[tokio::test]
async fn bad_records_are_quarantined_and_the_rest_goes_in() {
    for test in contexts().await {
        import_lines(&test.ctx, &[mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        let good = scan("03", "20260302 0900");
        let no_scan = scan("MA", "20260301 0900");
        let bad_day = scan("10", "20260230 0900");
        let ingested = take_in_records(&test, &[good.clone(), no_scan, bad_day.clone(), good.clone(), good[..200].to_vec()]).await;
        let Ingested::Read(counts) = ingested else { panic!("{ingested:?}") };
        let counted = (counts.records, counts.events, counts.duplicates, counts.no_scans, counts.quarantined);
        assert_eq!(counted, (5, 1, 1, 1, 2));
        let mut connection = test.ctx.store.read_primary().await.unwrap();
        let kept = store::quarantine::list(&mut connection, &test.ctx.keys).await.unwrap();
        let refused = kept.iter().find(|kept| kept.line_number == 3).unwrap();
        assert_eq!((kept.len(), refused.reason.as_str()), (2, "the date is not a day"));
        assert!(refused.line == bad_day);
    }
}

#[tokio::test]
async fn a_file_is_read_once_whatever_its_name_and_another_kind_of_file_is_refused() {
    for test in contexts().await {
        let file = [scan("03", "20260302 0900"), b"\n".to_vec()].concat();
        assert!(matches!(take_in(&test, "a.dat", &file).await, Ok(Ingested::Read(counts)) if counts.events == 1));
        assert!(matches!(take_in(&test, "b.dat", &file).await, Ok(Ingested::AlreadyThere(run)) if run.file_name == "a.dat"));
        let refused = take_in(&test, "letter.txt", b"Dear Sir,\nwhere is my card?\n").await;
        assert!(matches!(refused, Err(Error::Unusable(text)) if text.contains("letter.txt is no extract file")));
        assert_eq!(standing(&test.ctx, Actor::Operator, 9).await.unwrap().extracts.len(), 1, "and leaves no run behind");
        let source = Source { file_name: "x", content_hash: &[0; 32], quarantine: chrono::TimeDelta::days(1) };
        let refused = ingest(&test.ctx, Actor::Public, source, b"".as_slice(), |_, _| {}).await;
        assert!(matches!(refused, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn what_was_delivered_elsewhere_is_flagged_until_it_is_not() {
    for test in contexts().await {
        import_lines(&test.ctx, &[mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        let flagged = async || standing(&test.ctx, Actor::Operator, 9).await.unwrap().misdelivered;
        let facility = record(&VERSION_1_5, "10", "20260302 0900", &[(Field::FacilityZip, "99999")]);
        take_in_records(&test, &[facility]).await;
        assert_eq!(flagged().await, 0, "a facility's ZIP code says nothing");
        take_in_records(&test, &[record(&VERSION_1_5, "01", "20260303 0900", &[(Field::DestinationZip, "10001")])]).await;
        assert_eq!(flagged().await, 1);
        take_in_records(&test, &[scan("01", "20260304 0900")]).await;
        assert_eq!(flagged().await, 0);
    }
}

#[tokio::test]
async fn the_title_follows_the_mail_and_the_page_shows_every_scan() {
    for test in contexts().await {
        import_lines(&test.ctx, &[mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        take_in_records(&test, &[scan("03", "20260302 0900")]).await;
        assert_eq!(view(&test, Locale::En).await.title, "Card Was Picked Up By The United States Postal Service");
        take_in_records(&test, &[scan("ZZ", "20260303 0700"), scan("01", "20260303 1405")]).await;
        test.ctx.refresh_carrier_data().await.unwrap();
        let english = view(&test, Locale::En).await;
        assert_eq!(english.title, "Card Was Delivered To Me By The Post Office");
        assert_eq!(english.updated.iso, "2026-03-03");
        assert!(english.description.contains(CARD) && english.description.contains("March 3, 2026"), "{}", english.description);
        let piece = &english.deliveries[0];
        assert_eq!((piece.state, piece.item.as_deref()), (DeliveryState::Delivered, Some("Permanent Resident Card")));
        let told: Vec<_> = piece.scans.iter().map(|scan| (scan.what.as_str(), scan.time.replace('\u{a0}', " "))).collect();
        let says = |what, time: &str| (what, time.to_owned());
        assert_eq!(
            told,
            [
                says("Delivered", "2:05 p.m."),
                says("AS THE CARRIER SAYS", "7:00 a.m."),
                says("Picked up by the carrier", "9:00 a.m.")
            ]
        );
        assert_eq!(piece.scans[0].place.as_deref(), Some("MERRIFIELD, VA"));
        assert!(piece.as_of.is_some());
        let spanish = view(&test, Locale::Es).await;
        assert_eq!(spanish.deliveries[0].scans[0].what, "Entregado");
        let all = serde_json::to_string(&english).unwrap();
        assert!(!all.contains("22150") && !all.contains("NEJEMPLO") && !all.contains("22101"), "no address, no recipient: {all}");
        import_lines(&test.ctx, &[line("later", NUMBER, "DA", "2026-03-05T15:00:00Z", "")]).await;
        assert_eq!(view(&test, Locale::En).await.title, "Case Was Approved", "what the agency says later counts");
    }
}

#[tokio::test]
async fn a_number_that_the_source_writes_in_another_way_is_the_same_piece() {
    for test in contexts().await {
        let routed = format!("42022150{CARD}");
        import_lines(
            &test.ctx,
            &[
                mailed("m", NUMBER, &routed, "2026-03-01T15:00:00Z").replace("I-765", "I-90"),
                line("later", NUMBER, "IAA", "2026-03-02T15:00:00Z", ""),
            ],
        )
        .await;
        take_in_records(&test, &[scan("01", "20260303 1405")]).await;
        let view = view(&test, Locale::En).await;
        assert_eq!((view.form.as_str(), view.deliveries[0].tracking_number.as_str()), ("I-90", CARD), "the form of the mailing");
        assert!(view.deliveries[0].carrier_link.ends_with(CARD));
    }
}

#[tokio::test]
async fn a_view_of_the_past_shows_the_mail_that_was_known_then() {
    for test in contexts().await {
        import_lines(&test.ctx, &[line("e", NUMBER, "IAA", "2026-01-07T15:00:00Z", "")]).await;
        let before = test.ctx.now();
        test.test.clock.advance(chrono::TimeDelta::hours(1));
        import_lines(&test.ctx, &[mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await;
        let mailed = test.ctx.now();
        test.test.clock.advance(chrono::TimeDelta::hours(1));
        take_in_records(&test, &[scan("03", "20260302 0900")]).await;
        let mut connection = test.ctx.store.read_primary().await.unwrap();
        let told = store::case_status::told(&mut connection, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap().unwrap();
        let known = |as_of| told.deliveries(as_of).unwrap().iter().map(|piece| piece.scans.len()).collect::<Vec<_>>();
        assert_eq!((known(before), known(mailed), known(test.ctx.now())), (vec![], vec![0], vec![1]));
    }
}

#[tokio::test]
async fn a_mailing_that_is_not_public_shows_no_mail() {
    for test in contexts().await {
        let hidden = mailed("m", NUMBER, CARD, "2026-03-01T15:00:00Z").replace("\"LDA\"", "\"FF0\"");
        import_lines(&test.ctx, &[line("e", NUMBER, "IAA", "2026-01-07T15:00:00Z", ""), hidden]).await;
        take_in_records(&test, &[scan("01", "20260303 1405")]).await;
        let view = view(&test, Locale::En).await;
        assert_eq!((view.title.as_str(), view.deliveries.len()), ("Case Was Received", 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_any_repetition_end_in_the_same_state(
        order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle(),
        again in prop::collection::vec(0..6usize, 0..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (straight, shuffled) = (contexts().await, contexts().await);
            for (straight, shuffled) in straight.iter().zip(&shuffled) {
                for step in 0..6 {
                    act(straight, step).await;
                }
                for step in order.iter().chain(&again) {
                    act(shuffled, *step).await;
                }
                for number in [NUMBER, "EAC9999200001"] {
                    assert_eq!(deliveries(straight, number).await, deliveries(shuffled, number).await);
                }
                let flagged = async |test: &TestContext| standing(&test.ctx, Actor::Operator, 9).await.unwrap().misdelivered;
                assert_eq!(flagged(straight).await, flagged(shuffled).await);
            }
        });
    }
}

/// Files and events that overlap: one of a set of things that happen.
async fn act(test: &TestContext, step: usize) {
    let elsewhere = || record(&VERSION_1_5, "01", "20260305 0900", &[(Field::DestinationZip, "10001")]);
    let referred = || record(&OLDER, "10", "20260303 0800", &[(Field::TrackingNumber, OTHER), (Field::CustomerReference, NUMBER)]);
    match step {
        0 => drop(import_lines(&test.ctx, &[mailed("m1", "EAC9999200001", CARD, "2025-06-01T15:00:00Z")]).await),
        1 => drop(import_lines(&test.ctx, &[mailed("m2", NUMBER, CARD, "2026-03-01T15:00:00Z")]).await),
        2 => drop(import_lines(&test.ctx, &[mailed("m3", NUMBER, CARD, "2026-03-02T15:00:00Z")]).await),
        3 => drop(take_in_records(test, &[scan("03", "20250602 0900"), scan("10", "20260302 0900")]).await),
        4 => drop(take_in_records(test, &[scan("10", "20260302 0900"), elsewhere(), referred()]).await),
        _ => drop(take_in_records(test, &[referred(), scan("01", "20260306 0900"), scan("DX", "20260306 0900")]).await),
    }
}
