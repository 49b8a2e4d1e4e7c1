//! Photographs and other biometric records.

use chrono::{NaiveDate, TimeDelta};
use shared::profile::{BiometricKind, CapturedAt, LARGEST_RECORD, MOST_OF_A_KIND, Photograph, PictureFormat, Position, Quality};
use shared::sensitive::Sensitive;

use super::super::biometric::of_file;
use super::*;

/// A day of all tests.
fn day() -> NaiveDate {
    "2026-03-09".parse().unwrap()
}

pub(super) fn picture() -> Photograph {
    Photograph { format: PictureFormat::Png, bytes: Sensitive::new(portrait(None, 0)) }
}

pub(super) fn ten_fingers() -> Sensitive<Vec<u8>> {
    Sensitive::new(prints(1, day()).unwrap())
}

pub(super) fn photograph_on(captured_on: NaiveDate) -> NewRecord {
    let content = RecordFile::Photograph { photograph: picture(), side: Position::Front, captured_on };
    NewRecord { content, captured_at: CapturedAt::Upload, quality: Quality::new(70) }
}

/// Ana's profile, which an officer has opened.
pub(super) async fn ana_opened(ctx: &Context, officer: &Officer) -> Uuid {
    feed_ana(ctx).await;
    let profile = by_number(ctx, FIRST).await[0];
    open(ctx, officer, profile, ReadPurpose::Adjudication).await.unwrap().unwrap()
}

/// A court seals her case.
pub(super) async fn seal(ctx: &Context) {
    feed(ctx, &[line("sealed", FIRST, ANA, "2026-01-09T14:00:00Z", r#","protection_markers":[{"sealed":true}]"#)]).await;
}

/// A second later: what is of one moment has no order.
async fn added(ctx: &Context, officer: &Officer, profile: Uuid, new: &NewRecord) -> Uuid {
    ctx.clock.advance(TimeDelta::seconds(1));
    match add(ctx, officer, profile, new).await.unwrap() {
        Added::Done(id) => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_photograph_is_added_by_one_and_looked_at_for_a_purpose() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let id = added(ctx, &raio, profile, &photograph_on(day())).await;
        let known = file(ctx, profile).await.biometrics;
        let [known] = known.as_slice() else { panic!("{known:?}") };
        assert_eq!((known.id, known.added_by, known.is_current()), (id, raio.id(), true));
        assert_eq!((known.biometric.kind, known.biometric.position), (BiometricKind::Photograph, Position::Front));
        assert_eq!((known.biometric.captured_on, known.biometric.quality), (day(), Quality::new(70)));
        assert_eq!(known.bytes, picture().bytes.expose().len() as u64);
        assert_eq!(photograph(ctx, &raio, profile, id).await.unwrap(), Some(picture()));
        assert_eq!(acts(&test, "profile.add_biometric").await.len(), 1);
        let looked_at = acts(&test, "profile.photograph").await;
        assert!(looked_at[0].contains(&id.to_string()) && looked_at[0].contains("adjudication"), "{looked_at:?}");
        // Somebody who did not open the profile, and somebody who may look at nobody.
        let other = officer(ctx, 3, Role::RaioOfficer);
        assert_eq!(photograph(ctx, &other, profile, id).await.unwrap(), None);
        assert_eq!(add(ctx, &other, profile, &photograph_on(day())).await.unwrap(), Added::NotOpen);
        assert!(matches!(photograph(ctx, &officer(ctx, 4, Role::Auditor), profile, id).await, Err(Error::Refused)));
        assert_eq!(acts(&test, "profile.photograph").await.len(), 1, "nothing was shown");
        ctx.clock.advance(VISIT);
        assert_eq!(photograph(ctx, &raio, profile, id).await.unwrap(), None, "the visit is over");
    }
}

#[tokio::test]
async fn who_may_read_profiles_may_not_all_add_to_them() {
    let test = contexts().await.remove(0);
    let ctx = &test.ctx;
    let profile = ana_opened(ctx, &officer(ctx, 1, Role::RaioOfficer)).await;
    for (id, role, purpose) in [
        (5, Role::FdnsAnalyst, ReadPurpose::Fraud),
        (7, Role::Counsel, ReadPurpose::Redress),
        (8, Role::PrivacyOfficer, ReadPurpose::Records),
    ] {
        let reader = officer(ctx, id, role);
        open(ctx, &reader, profile, purpose).await.unwrap().unwrap();
        assert!(matches!(add(ctx, &reader, profile, &photograph_on(day())).await, Err(Error::Refused)), "{role:?}");
    }
    let analyst = officer(ctx, 6, Role::IctsAnalyst);
    open(ctx, &analyst, profile, ReadPurpose::InformationRequest).await.unwrap().unwrap();
    let id = added(ctx, &analyst, profile, &photograph_on(day())).await;
    let fdns = officer(ctx, 5, Role::FdnsAnalyst);
    assert!(photograph(ctx, &fdns, profile, id).await.unwrap().is_some(), "and look at what is there");
}

#[tokio::test]
async fn a_record_is_ended_by_two_people_and_nobody_looks_at_it_any_more() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let [wrong, right] =
            [added(ctx, &raio, profile, &photograph_on(day())).await, added(ctx, &raio, profile, &photograph_on(day())).await];
        let change = Change::End(wrong);
        let Proposed::Waits(id) = propose(ctx, &raio, profile, &change, "It is her sister.").await.unwrap() else { panic!() };
        assert!(photograph(ctx, &raio, profile, wrong).await.unwrap().is_some(), "one person changes nothing");
        assert_eq!(decide(ctx, &officer(ctx, 2, Role::IctsReviewer), profile, id, true).await.unwrap(), Decided::Done);
        let known = file(ctx, profile).await.biometrics;
        assert_eq!(known.iter().map(|known| known.ended.map(|(_, by)| by)).collect::<Vec<_>>(), [Some(id), None]);
        assert_eq!(photograph(ctx, &raio, profile, wrong).await.unwrap(), None);
        assert!(photograph(ctx, &raio, profile, right).await.unwrap().is_some());
        let again = propose(ctx, &raio, profile, &change, "Again").await.unwrap();
        assert_eq!(again, Proposed::Faulty(ChangeFault::NotThere));
    }
}

#[tokio::test]
async fn a_protected_persons_photograph_is_none() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let id = added(ctx, &raio, profile, &photograph_on(day())).await;
        seal(ctx).await;
        assert_eq!(photograph(ctx, &raio, profile, id).await.unwrap(), None);
        assert_eq!(add(ctx, &raio, profile, &photograph_on(day())).await.unwrap(), Added::Nobody);
        assert_eq!(add(ctx, &raio, Uuid::nil(), &photograph_on(day())).await.unwrap(), Added::Nobody, "as where nobody is");
        let counsel = officer(ctx, 2, Role::Counsel);
        open(ctx, &counsel, profile, ReadPurpose::Redress).await.unwrap().unwrap();
        assert!(photograph(ctx, &counsel, profile, id).await.unwrap().is_some());
        assert_eq!(acts(&test, "profile.photograph").await.len(), 1);
    }
}

#[tokio::test]
async fn a_file_is_kept_as_it_came_and_is_no_photograph() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let content = RecordFile::Fingerprints(ten_fingers());
        let case = file(ctx, profile).await.cases[0].id;
        let new = NewRecord { content, captured_at: CapturedAt::Case(case), quality: None };
        let id = added(ctx, &raio, profile, &new).await;
        let known = file(ctx, profile).await.biometrics[0].clone();
        assert_eq!((known.biometric.position, known.biometric.captured_on), (Position::TenFingers, day()), "as the file says");
        assert_eq!(known.biometric.captured_at, CapturedAt::Case(case));
        assert!(known.biometric.quality.is_some());
        assert_eq!(photograph(ctx, &raio, profile, id).await.unwrap(), None);
        assert_eq!(capture_file(ctx, &raio, profile, id).await.unwrap(), Some(ten_fingers()));
        assert!(acts(&test, "profile.capture_file").await[0].contains("adjudication"));
        let picture = added(ctx, &raio, profile, &photograph_on(day())).await;
        assert_eq!(capture_file(ctx, &raio, profile, picture).await.unwrap(), None);
        // Of somebody else.
        let eva = ANA.replace("900000001", "900000002").replace("Ana", "Eva");
        feed(ctx, &[line("e2", SECOND, &eva, "2026-01-08T14:00:00Z", "")]).await;
        let other = by_number(ctx, SECOND).await[0];
        open(ctx, &raio, other, ReadPurpose::Adjudication).await.unwrap().unwrap();
        assert_eq!(capture_file(ctx, &raio, other, id).await.unwrap(), None);
        assert_eq!(photograph(ctx, &raio, other, picture).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_said() {
    let test = contexts().await.remove(0);
    let ctx = &test.ctx;
    let raio = officer(ctx, 1, Role::RaioOfficer);
    let profile = ana_opened(ctx, &raio).await;
    let fault = async |new: NewRecord| match add(ctx, &raio, profile, &new).await.unwrap() {
        Added::Faulty(fault) => fault,
        other => panic!("{other:?}"),
    };
    let with = |content| NewRecord { content, captured_at: CapturedAt::Upload, quality: None };
    assert_eq!(fault(photograph_on(ctx.today() + TimeDelta::days(1))).await, RecordFault::Day);
    assert_eq!(fault(photograph_on("1899-12-31".parse().unwrap())).await, RecordFault::Day);
    let eye = RecordFile::Photograph { photograph: picture(), side: Position::LeftEye, captured_on: day() };
    assert_eq!(fault(with(eye)).await, RecordFault::Side);
    let large = Photograph { bytes: Sensitive::new(vec![0; LARGEST_RECORD + 1]), ..picture() };
    let large = RecordFile::Photograph { photograph: large, side: Position::Front, captured_on: day() };
    assert_eq!(fault(with(large)).await, RecordFault::TooLarge);
    let other_case = NewRecord { captured_at: CapturedAt::Case(Uuid::nil()), ..photograph_on(day()) };
    assert_eq!(fault(other_case).await, RecordFault::OtherCase);
    assert_eq!(fault(with(RecordFile::Iris(ten_fingers()))).await, RecordFault::File(shared::profile::CaptureFault::OtherKind));
    for _ in 0..MOST_OF_A_KIND {
        added(ctx, &raio, profile, &photograph_on(day())).await;
    }
    assert_eq!(fault(photograph_on(day())).await, RecordFault::TooMany);
    added(ctx, &raio, profile, &with(RecordFile::Fingerprints(ten_fingers()))).await;
    let last = file(ctx, profile).await.biometrics[0].id;
    assert_eq!(corrected(ctx, profile, &Change::End(last)).await, Decided::Done);
    added(ctx, &raio, profile, &photograph_on(day())).await;
}

#[tokio::test]
async fn records_of_profiles_that_are_put_together_are_one_persons_and_part_with_them() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let eva = ANA.replace("900000001", "900000002").replace("Ana", "Eva");
        feed(ctx, &[line("e2", SECOND, &eva, "2026-01-08T14:00:00Z", "")]).await;
        let other = by_number(ctx, SECOND).await[0];
        open(ctx, &raio, other, ReadPurpose::Adjudication).await.unwrap().unwrap();
        let of_other = added(ctx, &raio, other, &photograph_on(day())).await;
        assert_eq!(corrected(ctx, profile, &Change::Merge(other)).await, Decided::Done);
        assert!(photograph(ctx, &raio, profile, of_other).await.unwrap().is_some());
        assert_eq!(corrected(ctx, profile, &Change::Split(other)).await, Decided::Done);
        assert_eq!(photograph(ctx, &raio, profile, of_other).await.unwrap(), None);
        assert!(photograph(ctx, &raio, other, of_other).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn nothing_of_a_picture_can_be_read_in_the_file() {
    let test = contexts().await.remove(0);
    let ctx = &test.ctx;
    let raio = officer(ctx, 1, Role::RaioOfficer);
    let profile = ana_opened(ctx, &raio).await;
    added(ctx, &raio, profile, &photograph_on(day())).await;
    let wanted = b"\x89PNG\r\n\x1A\n";
    for file in std::fs::read_dir(test.test.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(wanted.len()).any(|window| window == wanted));
    }
}

#[tokio::test]
async fn the_demos_people_have_photographs_and_some_of_them_prints_once() {
    let test = contexts().await.remove(0);
    let ctx = &test.ctx;
    feed_ana(ctx).await;
    let office = OfficeCode::parse("NBC").unwrap();
    let by = Uuid::from_u128(9);
    let seeded = seed_demo(ctx, Actor::Operator, (by, &office), [SECOND, FIRST, "no number"]).await.unwrap();
    assert_eq!(seeded, 1, "there is one such case");
    assert_eq!(seed_demo(ctx, Actor::Operator, (by, &office), [FIRST]).await.unwrap(), 0, "not a second time");
    let known = file(ctx, by_number(ctx, FIRST).await[0]).await.biometrics;
    let mut kinds: Vec<_> = known.iter().map(|known| (known.biometric.kind, known.added_by)).collect();
    kinds.sort();
    assert_eq!(kinds, [(BiometricKind::Photograph, by), (BiometricKind::Fingerprints, by)]);
    assert!(matches!(seed_demo(ctx, Actor::Public, (by, &office), [FIRST]).await, Err(Error::Refused)));
}

proptest! {
    /// Whatever an officer uploads, cut anywhere and changed anywhere: it is read or refused.
    #[test]
    fn a_file_that_was_cut_or_changed_is_read_or_refused(
        kind in 0..BiometricKind::ALL.len(),
        end in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut file = ten_fingers().expose().clone();
        // Where the records begin, and anywhere.
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at % 600] = byte;
            file[at] = byte;
        }
        let cut = Sensitive::new(file[..end.index(file.len())].to_vec());
        for file in [Sensitive::new(file), cut] {
            let _ = of_file(BiometricKind::ALL[kind], &file, Some(Position::Front), CapturedAt::Upload, day());
        }
    }
}
