//! Biometric records and verifications of identity, on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use shared::agreement::Element;
use shared::locale::Locale;
use shared::profile::{
    AskedBy, Biometric, BiometricKind, CapturedAt, Change, EncounterId, Enrolment, Fact, FactKind, Fin, Origin, Photograph,
    PictureFormat, Position, Quality, VerificationState,
};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::profile::{case_of, new_profile};
use crate::engine::Connection;
use crate::profile::*;
use crate::testing::{TestStore, both, meddle};

const OFFICER: Uuid = Uuid::from_u128(1);
const CORRECTION: Uuid = Uuid::from_u128(2);
const FACE: &[u8] = b"a face that nobody should see";

fn photograph(captured_at: CapturedAt) -> Biometric {
    Biometric {
        kind: BiometricKind::Photograph,
        position: Position::Front,
        captured_at,
        captured_on: "2026-03-09".parse().unwrap(),
        quality: Quality::new(80),
    }
}

fn picture() -> Photograph {
    Photograph { format: PictureFormat::Png, bytes: Sensitive::new(FACE.to_vec()) }
}

/// A second later: what is of one moment has no order.
async fn add_one(test: &TestStore, transaction: &mut Connection, profile: Uuid, biometric: Biometric) -> Uuid {
    test.clock.advance(TimeDelta::seconds(1));
    let (id, at, picture) = (test.clock.new_id(), test.clock.now(), picture());
    let is_picture = biometric.kind == BiometricKind::Photograph;
    let content = if is_picture { NewContent::Photograph(&picture) } else { NewContent::File(&picture.bytes) };
    let new = NewBiometric { id, profile, biometric, content, by: OFFICER, at };
    add_biometric(transaction, &test.keys, &new).await.unwrap();
    id
}

fn verification(test: &TestStore, profile: Uuid, asked_by: AskedBy, prints: Option<Uuid>) -> NewVerification {
    test.clock.advance(TimeDelta::seconds(1));
    NewVerification {
        id: test.clock.new_id(),
        profile,
        officer: OFFICER,
        notice: Locale::Es,
        at: test.clock.now(),
        enrolment: if prints.is_some() { Enrolment::Allowed } else { Enrolment::SearchOnly },
        asked_by,
        photograph: None,
        prints,
    }
}

fn told() -> Told {
    Told {
        fin: Sensitive::new(Fin::parse("7000001")),
        eid: Sensitive::new(EncounterId::parse("EID-2026-1")),
        biographics: Sensitive::new(vec![(Element::FullName, "EJEMPLO, ANA".into())]),
        photograph: Some(Photograph { format: PictureFormat::Jpeg, ..picture() }),
    }
}

fn ending(id: Uuid, state: VerificationState, destroyed: bool, told: Option<&Told>, at: DateTime<Utc>) -> Ending<'_> {
    Ending { id, state, at, prints_destroyed_at: destroyed.then_some(at), told }
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let (keys, case) = (&test.keys, case_of(test, "EAC9999103461").await);
    let mut transaction = test.store.begin().await.unwrap();
    assert!(!any_biometric(&mut transaction).await.unwrap());
    let (one, other) = (new_profile(test, &mut transaction).await, new_profile(test, &mut transaction).await);
    let first = add_one(test, &mut transaction, one, photograph(CapturedAt::Case(case))).await;
    let iris =
        Biometric { kind: BiometricKind::Iris, position: Position::LeftEye, quality: None, ..photograph(CapturedAt::Upload) };
    let iris_id = add_one(test, &mut transaction, one, iris).await;
    let of_one = biometrics(&mut transaction, one).await.unwrap();
    let known: Vec<_> = of_one.iter().map(|known| (known.id, known.biometric, known.bytes, known.ended)).collect();
    assert_eq!(known, [(first, photograph(CapturedAt::Case(case)), 29, None), (iris_id, iris, 29, None)]);
    let now = test.clock.now();
    assert_eq!((of_one[0].added_by, of_one[1].recorded_at), (OFFICER, now));
    assert!(any_biometric(&mut transaction).await.unwrap());
    let content = biometric_content(&mut transaction, keys, one, first).await.unwrap();
    assert_eq!(content, Some(RecordContent::Photograph(picture())));
    let content = biometric_content(&mut transaction, keys, one, iris_id).await.unwrap();
    assert_eq!(content, Some(RecordContent::File(picture().bytes)));
    assert_eq!(biometric_content(&mut transaction, keys, other, first).await.unwrap(), None, "it is somebody else's");
    assert!(end_biometric(&mut transaction, first, CORRECTION, now).await.unwrap());
    assert!(!end_biometric(&mut transaction, first, CORRECTION, now).await.unwrap(), "once");
    assert_eq!(biometrics(&mut transaction, one).await.unwrap()[0].ended, Some((now, CORRECTION)));
    assert_eq!(biometric_content(&mut transaction, keys, one, first).await.unwrap(), None, "it is not looked at any more");

    let prints =
        Biometric { kind: BiometricKind::Fingerprints, position: Position::TenFingers, ..photograph(CapturedAt::Interview) };
    let kept = add_one(test, &mut transaction, one, prints).await;
    let searched = verification(test, one, AskedBy::PrintsAndFin, None);
    let enrolled = verification(test, one, AskedBy::Prints, Some(kept));
    let left = verification(test, one, AskedBy::Prints, None);
    for new in [searched, enrolled, left] {
        begin_verification(&mut transaction, new).await.unwrap();
    }
    let now = test.clock.now();
    let matched = ending(searched.id, VerificationState::Matched, true, None, now);
    let (answer, nothing) = (told(), Told::default());
    let matched = Ending { told: Some(&answer), ..matched };
    assert!(end_verification(&mut transaction, keys, one, &matched).await.unwrap());
    assert!(!end_verification(&mut transaction, keys, one, &matched).await.unwrap(), "once");
    let not_matched = ending(enrolled.id, VerificationState::NotMatched, false, Some(&nothing), now);
    assert!(end_verification(&mut transaction, keys, one, &not_matched).await.unwrap());
    let later = now + TimeDelta::minutes(10);
    let begun = [interviews(&mut transaction, now).await.unwrap(), interviews(&mut transaction, later).await.unwrap()];
    assert_eq!(begun, [2, 3]);
    assert_eq!(give_up_verifications(&mut transaction, now - TimeDelta::seconds(1), later).await.unwrap(), 0);
    assert_eq!(give_up_verifications(&mut transaction, now, later).await.unwrap(), 1);

    let all = verifications(&mut transaction, keys, one).await.unwrap();
    let [of_left, of_enrolled, of_searched] = [&all[0], &all[1], &all[2]];
    assert_eq!((of_searched.id, of_searched.notice, of_searched.asked_by), (searched.id, Locale::Es, AskedBy::PrintsAndFin));
    assert_eq!((of_searched.state, of_searched.ended_at), (VerificationState::Matched, Some(now)));
    assert_eq!((of_searched.prints_destroyed_at, &of_searched.fin, &of_searched.eid), (Some(now), &answer.fin, &answer.eid));
    let shown = of_searched.shown.as_ref().unwrap();
    assert_eq!((&shown.biographics, shown.has_photograph), (&answer.biographics, true));
    assert_eq!(
        (of_enrolled.prints, of_enrolled.prints_destroyed_at, of_enrolled.enrolment),
        (Some(kept), None, Enrolment::Allowed)
    );
    assert_eq!((of_enrolled.state, of_enrolled.fin.expose()), (VerificationState::NotMatched, &None));
    assert_eq!((of_left.state, of_left.prints_destroyed_at), (VerificationState::Unanswered, Some(later)));

    let face = shown_photograph(&mut transaction, keys, one, searched.id).await.unwrap();
    assert_eq!(face, answer.photograph);
    assert_eq!(shown_photograph(&mut transaction, keys, other, searched.id).await.unwrap(), None, "of somebody else");
    assert_eq!(shown_photograph(&mut transaction, keys, one, enrolled.id).await.unwrap(), None, "there was none");
    assert_eq!(forget_shown(&mut transaction, now - TimeDelta::seconds(1)).await.unwrap(), 0);
    assert_eq!(forget_shown(&mut transaction, now).await.unwrap(), 2);
    assert_eq!(shown_photograph(&mut transaction, keys, one, searched.id).await.unwrap(), None);
    let forgotten = verifications(&mut transaction, keys, one).await.unwrap().pop().unwrap();
    assert!(forgotten.shown.is_none() && forgotten.fin == answer.fin, "the numbers stay");

    // A fact may be IDENT's word.
    let fact = Fact::parse(FactKind::Fin, &["7000001"], now.date_naive()).unwrap();
    let stated = StatedFact { id: test.clock.new_id(), fact, origin: Origin::Verification(searched.id), keys: Vec::new() };
    add_facts(&mut transaction, keys, one, &[stated], now).await.unwrap();
    assert_eq!(facts(&mut transaction, keys, one).await.unwrap()[0].origin, Origin::Verification(searched.id));
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn records_of_profiles_that_were_put_together_are_one_persons() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let (one, other) = (new_profile(&test, &mut transaction).await, new_profile(&test, &mut transaction).await);
        let first = add_one(&test, &mut transaction, one, photograph(CapturedAt::Upload)).await;
        let second = add_one(&test, &mut transaction, other, photograph(CapturedAt::Interview)).await;
        let change = Change::Merge(other);
        let proposal =
            Proposal { id: CORRECTION, profile: one, change: &change, reason: "Same", by: OFFICER, at: test.clock.now() };
        propose(&mut transaction, &test.keys, &proposal).await.unwrap();
        merge(&mut transaction, CORRECTION, other, one).await.unwrap();
        let of_both: Vec<Uuid> = biometrics(&mut transaction, one).await.unwrap().iter().map(|known| known.id).collect();
        assert_eq!(of_both, [first, second]);
        for id in of_both {
            assert!(biometric_content(&mut transaction, &test.keys, one, id).await.unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn a_profile_whose_key_is_gone_shows_nobody() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let profile = new_profile(&test, &mut transaction).await;
        let id = add_one(&test, &mut transaction, profile, photograph(CapturedAt::Upload)).await;
        let asked = verification(&test, profile, AskedBy::Fin, None);
        begin_verification(&mut transaction, asked).await.unwrap();
        let answer = told();
        let matched = ending(asked.id, VerificationState::Matched, false, Some(&answer), test.clock.now());
        end_verification(&mut transaction, &test.keys, profile, &matched).await.unwrap();
        transaction.commit().await.unwrap();
        meddle(&test.store, "DELETE FROM data_key WHERE purpose = 'profile'").await.unwrap();
        let mut connection = test.store.read().await.unwrap();
        assert_eq!(biometric_content(&mut connection, &test.keys, profile, id).await.unwrap(), None);
        assert_eq!(shown_photograph(&mut connection, &test.keys, profile, asked.id).await.unwrap(), None);
        assert!(verifications(&mut connection, &test.keys, profile).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn the_database_ends_no_search_while_its_prints_are_there() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let profile = new_profile(&test, &mut transaction).await;
        let asked = verification(&test, profile, AskedBy::Prints, None);
        begin_verification(&mut transaction, asked).await.unwrap();
        transaction.commit().await.unwrap();
        let nothing = Told::default();
        for destroyed in [false, true] {
            let mut transaction = test.store.begin().await.unwrap();
            let end = ending(asked.id, VerificationState::NotMatched, destroyed, Some(&nothing), test.clock.now());
            assert_eq!(end_verification(&mut transaction, &test.keys, profile, &end).await.is_ok(), destroyed);
        }
    }
}

#[tokio::test]
async fn a_photograph_is_a_picture_and_all_else_is_not() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let profile = new_profile(&test, &mut transaction).await;
        transaction.commit().await.unwrap();
        let picture = picture();
        for kind in BiometricKind::ALL {
            let biometric = Biometric { kind, ..photograph(CapturedAt::Upload) };
            for (content, is_picture) in [(NewContent::Photograph(&picture), true), (NewContent::File(&picture.bytes), false)] {
                let mut transaction = test.store.begin().await.unwrap();
                let (id, at) = (test.clock.new_id(), test.clock.now());
                let new = NewBiometric { id, profile, biometric, content, by: OFFICER, at };
                let added = add_biometric(&mut transaction, &test.keys, &new).await;
                assert_eq!(added.is_ok(), is_picture == (kind == BiometricKind::Photograph), "{kind:?} {content:?}");
            }
        }
    }
}
