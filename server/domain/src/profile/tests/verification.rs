//! Who stands before an officer.

use chrono::TimeDelta;
use shared::agreement::{CapabilityStatus, Capacity, Element, Party, from_file, starter};
use shared::ident::Handling;
use shared::locale::Locale;
use shared::profile::{AskedBy, BiometricKind, CaptureFault, EncounterId, Enrolment, Fin, VerificationState};
use shared::sensitive::Sensitive;

use super::biometric::{ana_opened, picture, seal, ten_fingers};
use super::*;

fn interview(enrolment: Enrolment) -> Interview {
    Interview { notice: Locale::Es, enrolment, prints: Some(ten_fingers()), photograph: Some(picture()) }
}

fn answer(fin: &str) -> IdentAnswer {
    let told = Told {
        fin: Sensitive::new(Fin::parse(fin)),
        eid: Sensitive::new(EncounterId::parse("EID-2026-77")),
        biographics: Sensitive::new(vec![(Element::FullName, "EJEMPLO, ANA".to_owned())]),
        photograph: Some(picture()),
    };
    IdentAnswer { matched: true, told }
}

/// Has terms with IDENT signed: that whoever is here is added, or no longer.
async fn terms(ctx: &Context, status: CapabilityStatus) {
    use crate::agreement::{Drafted, Opening, draft, read, sign};
    let mut document = from_file(starter(Party::Ident).as_bytes()).unwrap();
    document.enrolments[0].status = status;
    let opening = Opening { document, holds_from: ctx.today(), made_from: None };
    let manager = officer(ctx, 90, Role::AgreementsManager);
    let Drafted::Draft(version) = draft(ctx, &manager, opening).await.unwrap() else { panic!("no draft") };
    let until = Some(ctx.now() + TimeDelta::minutes(5));
    for (id, role, capacity) in [(91, Role::PrivacyOfficer, Capacity::Privacy), (92, Role::Counsel, Capacity::Counsel)] {
        let signer = officer(ctx, id, role).stepped_up_until(until);
        let seen = read(ctx, &signer, Party::Ident, version).await.unwrap().unwrap().examined.seen;
        sign(ctx, &signer, (Party::Ident, version), capacity, &seen).await.unwrap();
    }
}

/// Begins a verification a second later, and gives what is asked.
async fn asked<'a>(ctx: &Context, officer: &Officer, profile: Uuid, interview: &'a Interview) -> IdentQuestion<'a> {
    ctx.clock.advance(TimeDelta::seconds(1));
    match verify(ctx, officer, profile, interview).await.unwrap() {
        Verifying::Ask(question) => question,
        other => panic!("{other:?}"),
    }
}

async fn only(ctx: &Context, profile: Uuid) -> StoredVerification {
    let mut all = file(ctx, profile).await.verifications;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

async fn records(ctx: &Context, profile: Uuid) -> Vec<(Uuid, BiometricKind)> {
    file(ctx, profile).await.biometrics.iter().map(|known| (known.id, known.biometric.kind)).collect()
}

#[tokio::test]
async fn prints_that_are_only_searched_with_are_kept_nowhere_and_the_row_says_when_they_went() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let interview = interview(Enrolment::SearchOnly);
        let question = asked(ctx, &raio, profile, &interview).await;
        assert_eq!((question.prints, question.fin.expose()), (interview.prints.as_ref(), &None));
        let one = only(ctx, profile).await;
        assert_eq!((one.id, one.state, one.asked_by), (question.verification, VerificationState::Asked, AskedBy::Prints));
        assert_eq!((one.notice, one.officer, one.acknowledged_at), (Locale::Es, raio.id(), ctx.now()));
        assert_eq!((one.prints, one.prints_destroyed_at), (None, None));
        let kept = records(ctx, profile).await;
        assert_eq!(kept, [(one.photograph.unwrap(), BiometricKind::Photograph)], "and no fingerprints");

        ctx.clock.advance(TimeDelta::seconds(3));
        assert!(answered(ctx, &raio, profile, one.id, Some(&answer("7000001"))).await.unwrap());
        let one = only(ctx, profile).await;
        assert_eq!((one.state, one.ended_at), (VerificationState::Matched, Some(ctx.now())));
        assert_eq!(one.prints_destroyed_at, Some(ctx.now()));
        assert_eq!(one.fin.expose().as_ref().map(Fin::digits), Some("7000001"));
        let shown = one.shown.unwrap();
        assert_eq!((shown.biographics.expose().len(), shown.has_photograph), (1, true));
        assert_eq!(photograph(ctx, &raio, profile, one.id).await.unwrap(), Some(picture()));
        // The profile had no FIN. IDENT added no encounter: the one that it names was another one.
        let now = file(ctx, profile).await;
        assert_eq!(texts(&now, FactKind::Fin), ["7000001"]);
        assert!(texts(&now, FactKind::Encounter).is_empty());
        assert_eq!(by_number(ctx, "7000001").await, [profile]);
        assert_eq!(records(ctx, profile).await, kept);
        for (action, words) in [("profile.verify", "search"), ("profile.verified", r#""destroyed":true"#)] {
            let entries = acts(&test, action).await;
            assert!(entries.len() == 1 && entries[0].contains(words) && !entries[0].contains("7000001"), "{entries:?}");
        }
    }
}

#[tokio::test]
async fn prints_that_ident_keeps_are_kept_here_too_and_the_encounter_is_a_fact() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        terms(ctx, CapabilityStatus::Live).await;
        let interview = Interview { photograph: None, ..interview(Enrolment::Allowed) };
        let id = asked(ctx, &raio, profile, &interview).await.verification;
        let new = IdentAnswer { matched: false, ..answer("7000001") };
        assert!(answered(ctx, &raio, profile, id, Some(&new)).await.unwrap());
        let one = only(ctx, profile).await;
        assert_eq!((one.state, one.prints_destroyed_at), (VerificationState::NotMatched, None));
        assert_eq!(records(ctx, profile).await, [(one.prints.unwrap(), BiometricKind::Fingerprints)]);
        let now = file(ctx, profile).await;
        assert_eq!(texts(&now, FactKind::Encounter), ["EID-2026-77 interview 2026-03-10"]);
        assert_eq!([by_number(ctx, "EID-2026-77").await, by_number(ctx, "7000001").await], [[profile], [profile]]);
        // The same again: nothing is stated twice.
        let again = asked(ctx, &raio, profile, &interview).await;
        assert_eq!(again.fin.expose().as_ref().map(Fin::digits), Some("7000001"), "now she has one");
        assert!(answered(ctx, &raio, profile, again.verification, Some(&answer("7000001"))).await.unwrap());
        let sheet = file(ctx, profile).await.sheet;
        assert_eq!(sheet.all().len(), now.sheet.all().len());
    }
}

#[tokio::test]
async fn nothing_is_sent_but_what_the_terms_let_and_the_officer_was_shown() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let refused = async |shown| {
            let interview = interview(shown);
            let fault = verify(ctx, &raio, profile, &interview).await.unwrap();
            assert!(matches!(fault, Verifying::Faulty(VerifyFault::EnrolmentChanged)), "{fault:?}");
            assert!(records(ctx, profile).await.is_empty(), "not even the photograph is kept");
        };
        assert_eq!(enrolment(ctx, &raio).await.unwrap(), Enrolment::SearchOnly, "no terms are in force");
        refused(Enrolment::Allowed).await;
        terms(ctx, CapabilityStatus::Live).await;
        assert_eq!(enrolment(ctx, &raio).await.unwrap(), Enrolment::Allowed);
        refused(Enrolment::SearchOnly).await;

        let whole = interview(Enrolment::Allowed);
        let question = asked(ctx, &raio, profile, &whole).await;
        assert_eq!((question.enrolment, question.handling), (Enrolment::Allowed, Handling::Ordinary));
        assert_eq!((question.prints, question.photograph), (whole.prints.as_ref(), whole.photograph.as_ref()));
        terms(ctx, CapabilityStatus::Suspended).await;
        assert_eq!(enrolment(ctx, &raio).await.unwrap(), Enrolment::SearchOnly);
        let searched = interview(Enrolment::SearchOnly);
        assert!(asked(ctx, &raio, profile, &searched).await.photograph.is_none(), "IDENT gets no photograph to keep");
        let noted = acts(&test, "profile.verify").await;
        assert!(noted[0].contains(r#""terms":1"#) && noted[1].contains(r#""terms":2"#), "{noted:?}");
        let other = officer(ctx, 5, Role::IctsAnalyst);
        assert!(matches!(enrolment(ctx, &other).await, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn that_a_law_protects_somebody_goes_along_with_what_is_added() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        terms(ctx, CapabilityStatus::Live).await;
        let interview = interview(Enrolment::Allowed);
        assert_eq!(asked(ctx, &raio, profile, &interview).await.handling, Handling::Ordinary);
        let asylee = r#","protection_markers":[{"class_of_admission":"AS1"}]"#;
        feed(ctx, &[line("e2", FIRST, ANA, "2026-01-08T14:00:00Z", asylee)]).await;
        assert_eq!(asked(ctx, &raio, profile, &interview).await.handling, Handling::Protected);
        // Whom the console hides is nobody to this officer.
        seal(ctx).await;
        assert!(matches!(verify(ctx, &raio, profile, &interview).await.unwrap(), Verifying::Nobody));
    }
}

#[tokio::test]
async fn another_fin_than_the_profiles_is_stated_by_nobody() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let change = Change::Add(fact(ctx, FactKind::Fin, &["7000009"]));
        assert_eq!(corrected(ctx, profile, &change).await, Decided::Done);
        let interview = interview(Enrolment::SearchOnly);
        let question = asked(ctx, &raio, profile, &interview).await;
        assert_eq!(question.fin.expose().as_ref().map(Fin::digits), Some("7000009"));
        assert!(answered(ctx, &raio, profile, question.verification, Some(&answer("7000001"))).await.unwrap());
        let now = file(ctx, profile).await;
        assert_eq!(texts(&now, FactKind::Fin), ["7000009"]);
        assert_eq!(now.verifications[0].asked_by, AskedBy::PrintsAndFin);
        assert_eq!(now.verifications[0].fin.expose().as_ref().map(Fin::digits), Some("7000001"), "but the officer sees it");
        assert!(by_number(ctx, "7000001").await.is_empty());
    }
}

#[tokio::test]
async fn a_fin_alone_says_nothing_of_who_stands_there() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let without_prints = Interview { prints: None, ..interview(Enrolment::SearchOnly) };
        let nothing = verify(ctx, &raio, profile, &without_prints).await.unwrap();
        assert!(matches!(nothing, Verifying::Faulty(VerifyFault::NothingToAskBy)), "{nothing:?}");
        assert!(records(ctx, profile).await.is_empty(), "the photograph was not kept either");
        let change = Change::Add(fact(ctx, FactKind::Fin, &["7000009"]));
        assert_eq!(corrected(ctx, profile, &change).await, Decided::Done);
        let before = file(ctx, profile).await.sheet;
        let id = asked(ctx, &raio, profile, &without_prints).await.verification;
        assert!(answered(ctx, &raio, profile, id, Some(&answer("7000009"))).await.unwrap());
        let one = only(ctx, profile).await;
        assert_eq!((one.asked_by, one.state, one.prints_destroyed_at), (AskedBy::Fin, VerificationState::Matched, None));
        assert_eq!(file(ctx, profile).await.sheet, before);
    }
}

#[tokio::test]
async fn where_ident_does_not_answer_the_prints_go_all_the_same() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let interview = interview(Enrolment::SearchOnly);
        let id = asked(ctx, &raio, profile, &interview).await.verification;
        let other = officer(ctx, 7, Role::RaioOfficer);
        assert!(!answered(ctx, &other, profile, id, None).await.unwrap(), "somebody else asked");
        assert!(answered(ctx, &raio, profile, id, None).await.unwrap());
        let one = only(ctx, profile).await;
        assert_eq!((one.state, one.prints_destroyed_at), (VerificationState::Unanswered, Some(ctx.now())));
        assert!(one.shown.is_none() && one.fin.expose().is_none());
        assert!(!answered(ctx, &raio, profile, id, Some(&answer("7000001"))).await.unwrap(), "it has ended");
        assert!(!answered(ctx, &raio, Uuid::nil(), id, None).await.unwrap());
    }
}

#[tokio::test]
async fn nothing_is_kept_of_an_answer_about_somebody_who_was_protected_meanwhile() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let interview = interview(Enrolment::SearchOnly);
        let id = asked(ctx, &raio, profile, &interview).await.verification;
        seal(ctx).await;
        assert!(answered(ctx, &raio, profile, id, Some(&answer("7000001"))).await.unwrap());
        let counsel = officer(ctx, 2, Role::Counsel);
        let now = opened(ctx, &counsel, ReadPurpose::Redress, profile).await;
        assert_eq!(now.verifications[0].state, VerificationState::Unanswered);
        assert!(now.verifications[0].prints_destroyed_at.is_some() && texts(&now, FactKind::Fin).is_empty());
        assert!(matches!(verify(ctx, &raio, profile, &interview).await.unwrap(), Verifying::Nobody));
    }
}

#[tokio::test]
async fn what_ident_showed_is_gone_after_the_visit_and_who_asked_long_ago_asks_no_more() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let raio = officer(ctx, 1, Role::RaioOfficer);
        let profile = ana_opened(ctx, &raio).await;
        let (searched, enrolled) = (interview(Enrolment::SearchOnly), interview(Enrolment::Allowed));
        let id = asked(ctx, &raio, profile, &searched).await.verification;
        assert!(answered(ctx, &raio, profile, id, Some(&answer("7000001"))).await.unwrap());
        asked(ctx, &raio, profile, &searched).await;
        terms(ctx, CapabilityStatus::Live).await;
        asked(ctx, &raio, profile, &enrolled).await;
        crate::upkeep::sweep(ctx, Actor::System).await.unwrap();
        assert!(file(ctx, profile).await.verifications[2].shown.is_some());
        ctx.clock.advance(VISIT);
        crate::upkeep::sweep(ctx, Actor::System).await.unwrap();
        let now = file(ctx, profile).await;
        assert!(now.verifications[2].shown.is_none() && now.verifications[2].fin.expose().is_some());
        assert_eq!(photograph(ctx, &raio, profile, id).await.unwrap(), None);
        for (left, is_destroyed) in now.verifications[..2].iter().zip([false, true]) {
            assert_eq!((left.state, left.prints_destroyed_at.is_some()), (VerificationState::Unanswered, is_destroyed));
        }
        assert_eq!(acts(&test, "profile.give_up_verifications").await, [r#"{"verifications":2}"#]);
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_said_and_nothing_is_kept() {
    let test = contexts().await.remove(0);
    let ctx = &test.ctx;
    let raio = officer(ctx, 1, Role::RaioOfficer);
    let profile = ana_opened(ctx, &raio).await;
    let no_prints = Interview { prints: Some(Sensitive::new(b"EJEMPLO".to_vec())), ..interview(Enrolment::Allowed) };
    let fault = verify(ctx, &raio, profile, &no_prints).await.unwrap();
    assert!(matches!(fault, Verifying::Faulty(VerifyFault::Prints(RecordFault::File(CaptureFault::Refused(_))))), "{fault:?}");
    let mut large = interview(Enrolment::Allowed);
    let bytes = Sensitive::new(vec![0; shared::profile::LARGEST_RECORD + 1]);
    large.photograph = Some(shared::profile::Photograph { bytes, ..picture() });
    let fault = verify(ctx, &raio, profile, &large).await.unwrap();
    assert!(matches!(fault, Verifying::Faulty(VerifyFault::Photograph(RecordFault::TooLarge))), "{fault:?}");
    let now = file(ctx, profile).await;
    assert!(now.biometrics.is_empty() && now.verifications.is_empty());
    // Only who decides on cases asks IDENT, and only for somebody whose profile is open.
    let whole = interview(Enrolment::SearchOnly);
    assert!(matches!(verify(ctx, &officer(ctx, 5, Role::IctsAnalyst), profile, &whole).await, Err(Error::Refused)));
    assert!(matches!(answered(ctx, &officer(ctx, 5, Role::Counsel), profile, Uuid::nil(), None).await, Err(Error::Refused)));
    let other = officer(ctx, 7, Role::RaioOfficer);
    assert!(matches!(verify(ctx, &other, profile, &whole).await.unwrap(), Verifying::NotOpen));
}
