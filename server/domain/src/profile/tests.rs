//! People, on both engines.

mod biometric;
mod verification;

use proptest::prelude::*;
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::profile::{Change, ChangeFault, CorrectionState, Fact, FactKind, ReadPurpose};
use uuid::Uuid;

use super::*;
use crate::Actor;
use crate::testing::{TestContext, contexts, import_lines};

const FIRST: &str = "EAC9999103403";
const SECOND: &str = "EAC9999103404";
const ANA: &str = r#"{"name":{"family":"Ejemplo","given":"Ana"},"birth_date":"1990-02-03","birth_country":"MEX","citizenship":"MEX","a_number":"A900000001"}"#;

fn officer(ctx: &Context, id: u128, role: Role) -> Officer {
    let grant = Grant { role, office: OfficeCode::parse("NBC").unwrap(), starts_at: ctx.now(), ends_at: None };
    Officer::new(Uuid::from_u128(id), vec![grant], ctx.now())
}

fn line(event: &str, number: &str, applicant: &str, at: &str, more: &str) -> String {
    format!(
        r#"{{"event_id":"{event}","receipt_number":"{number}","form":"I-765","category":"C09","applicant":{applicant},"action":{{"code":"IAA","at":"{at}"}}{more}}}"#
    )
}

/// A line of the feed, and what follows from it.
async fn feed(ctx: &Context, lines: &[String]) {
    assert_eq!(import_lines(ctx, lines).await.quarantined, 0);
    follow_feed(ctx, Actor::System).await.unwrap();
}

async fn feed_ana(ctx: &Context) {
    feed(ctx, &[line("e1", FIRST, ANA, "2026-01-07T14:00:00Z", "")]).await;
}

async fn people(ctx: &Context, officer: &Officer, purpose: ReadPurpose, search: Search) -> Vec<FoundPerson> {
    find(ctx, officer, purpose, &search).await.unwrap().unwrap()
}

async fn by_number(ctx: &Context, number: &str) -> Vec<Uuid> {
    let found = people(ctx, &officer(ctx, 1, Role::RaioOfficer), ReadPurpose::Adjudication, Search::Number(number.into())).await;
    found.iter().map(|found| found.profile).collect()
}

async fn by_name(ctx: &Context, family: &str, given: &str, day: &str) -> Vec<Likeness> {
    let search = Search::Person { family: family.into(), given: given.into(), birth_date: day.parse().unwrap() };
    let found = people(ctx, &officer(ctx, 1, Role::RaioOfficer), ReadPurpose::Adjudication, search).await;
    found.iter().map(|found| found.likeness).collect()
}

async fn opened(ctx: &Context, officer: &Officer, purpose: ReadPurpose, profile: Uuid) -> ProfileFile {
    let root = open(ctx, officer, profile, purpose).await.unwrap().unwrap();
    match read(ctx, officer, root).await.unwrap() {
        Read::File(file) => *file,
        other => panic!("{other:?}"),
    }
}

async fn file(ctx: &Context, profile: Uuid) -> ProfileFile {
    opened(ctx, &officer(ctx, 1, Role::RaioOfficer), ReadPurpose::Adjudication, profile).await
}

fn texts(file: &ProfileFile, kind: FactKind) -> Vec<String> {
    file.sheet.of_kind(kind).iter().map(|group| group[0].fact.texts().join(" ").trim().to_owned()).collect()
}

fn fact(ctx: &Context, kind: FactKind, texts: &[&str]) -> Fact {
    Fact::parse(kind, texts, ctx.today()).unwrap()
}

/// Proposed by one, agreed to by another.
async fn corrected(ctx: &Context, profile: Uuid, change: &Change) -> Decided {
    let Proposed::Waits(id) =
        propose(ctx, &officer(ctx, 1, Role::RaioOfficer), profile, change, "Seen in the passport").await.unwrap()
    else {
        panic!("not proposed")
    };
    decide(ctx, &officer(ctx, 2, Role::IctsReviewer), profile, id, true).await.unwrap()
}

async fn acts(test: &TestContext, action: &str) -> Vec<String> {
    let mut connection = test.ctx.store.read_primary().await.unwrap();
    store::audit::by_action(&mut connection, action).await.unwrap().into_iter().map(|entry| entry.detail).collect()
}

#[tokio::test]
async fn two_cases_with_one_a_number_are_one_person() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let married = ANA.replace("Ejemplo", "Muestra");
        feed(
            ctx,
            &[
                line("e1", FIRST, ANA, "2026-01-07T14:00:00Z", r#","persecution_countries":["XXA"]"#),
                line("e2", SECOND, &married, "2026-01-08T14:00:00Z", ""),
            ],
        )
        .await;
        let found = by_number(ctx, "A900000001").await;
        assert_eq!(found.len(), 1);
        assert_eq!([by_number(ctx, FIRST).await, by_number(ctx, SECOND).await], [found.clone(), found.clone()]);
        let file = file(ctx, found[0]).await;
        let mut names = texts(&file, FactKind::Name);
        names.sort();
        assert_eq!(names, ["legal Ejemplo Ana", "legal Muestra Ana"]);
        assert_eq!(texts(&file, FactKind::BirthDate), ["1990-02-03"], "once, whoever states it");
        assert_eq!(texts(&file, FactKind::PersecutionCountry), ["XXA"]);
        assert_eq!(file.cases.iter().map(|case| case.number.as_str()).collect::<Vec<_>>(), [FIRST, SECOND]);
    }
}

#[tokio::test]
async fn what_the_feed_states_no_longer_has_ended_and_finds_nobody() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let mended = ANA.replace("1990-02-03", "1990-02-04").replace(r#","citizenship":"MEX""#, "");
        feed(ctx, &[line("e2", FIRST, &mended, "2026-01-08T14:00:00Z", "")]).await;
        let profile = by_number(ctx, "A900000001").await[0];
        let file = file(ctx, profile).await;
        assert_eq!(texts(&file, FactKind::BirthDate), ["1990-02-04"]);
        assert!(texts(&file, FactKind::Citizenship).is_empty());
        assert_eq!(file.sheet.all().iter().filter(|known| known.ended_at.is_some()).count(), 2, "kept, as ended");
        assert!(by_name(ctx, "Ejemplo", "", "1990-02-03").await.is_empty());
        assert_eq!(by_name(ctx, "Ejemplo", "", "1990-02-04").await, [Likeness::Exact]);
    }
}

#[tokio::test]
async fn looking_at_the_feed_again_changes_nothing() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let before = file(ctx, by_number(ctx, FIRST).await[0]).await;
        assert_eq!(follow_feed(ctx, Actor::System).await.unwrap(), 0);
        feed(ctx, &[line("e2", FIRST, ANA, "2026-01-09T14:00:00Z", "")]).await;
        assert_eq!(file(ctx, before.profile).await.sheet, before.sheet);
        assert!(matches!(follow_feed(ctx, Actor::Operator).await, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn a_case_whose_a_number_was_wrong_goes_to_the_other_person() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let other = ANA.replace("900000001", "900000002").replace("Ana", "Eva");
        feed(ctx, &[line("e2", SECOND, ANA, "2026-01-08T14:00:00Z", "")]).await;
        feed(ctx, &[line("e3", SECOND, &other, "2026-01-09T14:00:00Z", "")]).await;
        let (ana, eva) = (by_number(ctx, "A900000001").await, by_number(ctx, "A900000002").await);
        assert!(ana.len() == 1 && eva.len() == 1 && ana != eva);
        assert_eq!(by_number(ctx, SECOND).await, eva);
        assert_eq!(texts(&file(ctx, ana[0]).await, FactKind::Name), ["legal Ejemplo Ana"]);
        assert_eq!(texts(&file(ctx, eva[0]).await, FactKind::Name), ["legal Ejemplo Eva"]);
    }
}

#[tokio::test]
async fn one_person_may_be_two_parties_of_a_case() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let both = format!(r#","beneficiary":{ANA}"#);
        feed(ctx, &[line("e1", FIRST, ANA, "2026-01-07T14:00:00Z", &both)]).await;
        let profile = by_number(ctx, "A900000001").await[0];
        assert_eq!(file(ctx, profile).await.cases.len(), 2);
        feed(ctx, &[line("e2", FIRST, ANA, "2026-01-08T14:00:00Z", "")]).await;
        let file = file(ctx, profile).await;
        assert_eq!(file.cases.len(), 1);
        assert_eq!(texts(&file, FactKind::Name), ["legal Ejemplo Ana"], "the other party still states it");
    }
}

#[tokio::test]
async fn people_without_an_a_number_are_different_people() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let plain = ANA.replace(r#","a_number":"A900000001""#, "");
        feed(ctx, &[line("e1", FIRST, &plain, "2026-01-07T14:00:00Z", ""), line("e2", SECOND, &plain, "2026-01-07T14:00:00Z", "")])
            .await;
        assert_ne!(by_number(ctx, FIRST).await, by_number(ctx, SECOND).await);
        assert_eq!(by_name(ctx, "ejemplo", "ana", "1990-02-03").await, [Likeness::Exact, Likeness::Exact]);
    }
}

#[tokio::test]
async fn a_firm_has_no_profile() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let firm = r#","petitioner":{"name":{"family":"Specimen Farms"}}"#;
        feed(ctx, &[line("e1", FIRST, ANA, "2026-01-07T14:00:00Z", firm)]).await;
        let found = by_number(ctx, FIRST).await;
        assert_eq!(found, by_number(ctx, "A900000001").await);
        assert_eq!(file(ctx, found[0]).await.cases.len(), 1);
    }
}

#[tokio::test]
async fn somebody_is_found_by_how_a_name_sounds_and_by_a_day_the_other_way_round() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let husein = ANA.replace("Ejemplo", "Al-Huséin").replace("Ana", "Núria");
        feed(ctx, &[line("e1", FIRST, &husein, "2026-01-07T14:00:00Z", "")]).await;
        assert_eq!(by_name(ctx, "AL HUSEIN", "Nuria", "1990-02-03").await, [Likeness::Exact]);
        assert_eq!(by_name(ctx, "Husein", "", "1990-02-03").await, [Likeness::Exact]);
        assert_eq!(by_name(ctx, "Hussain", "", "1990-02-03").await, [Likeness::Alike]);
        assert_eq!(by_name(ctx, "Husein", "Otra", "1990-02-03").await, [Likeness::Alike]);
        assert_eq!(by_name(ctx, "Husein", "", "1990-03-02").await, [Likeness::DaySwapped]);
        assert!(by_name(ctx, "Husein", "", "1990-02-04").await.is_empty());
        assert!(by_name(ctx, "Muestra", "", "1990-02-03").await.is_empty());
        let officer = officer(ctx, 1, Role::RaioOfficer);
        let nothing = Search::Person { family: " - ".into(), given: "Ana".into(), birth_date: "1990-02-03".parse().unwrap() };
        let fault = find(ctx, &officer, ReadPurpose::Adjudication, &nothing).await.unwrap().unwrap_err();
        assert_eq!(fault, SearchFault::NoName);
        let nothing = Search::Number("what?".into());
        assert_eq!(find(ctx, &officer, ReadPurpose::Adjudication, &nothing).await.unwrap().unwrap_err(), SearchFault::NoNumber);
    }
}

#[tokio::test]
async fn every_number_finds_its_person() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let profile = by_number(ctx, FIRST).await;
        for (kind, text) in [(FactKind::Fin, "1234567"), (FactKind::Ssn, "987-65-4320"), (FactKind::Encounter, "EID-2026-1")] {
            let texts = if kind == FactKind::Encounter { vec![text, "interview", "2026-01-05"] } else { vec![text] };
            assert_eq!(corrected(ctx, profile[0], &Change::Add(fact(ctx, kind, &texts))).await, Decided::Done);
            assert_eq!(by_number(ctx, text).await, profile, "{text}");
        }
        assert_eq!(by_number(ctx, "900000001").await, profile, "an A-Number without its letter");
        assert!(by_number(ctx, "7654321").await.is_empty());
    }
}

#[tokio::test]
async fn a_protected_person_is_nobody_but_to_counsel_and_privacy() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let profile = by_number(ctx, FIRST).await[0];
        let marked = r#","protection_markers":[{"pending_form":"I-360","category":"VAWA"}]"#;
        feed(ctx, &[line("e2", SECOND, ANA, "2026-01-08T14:00:00Z", marked)]).await;
        assert!(by_number(ctx, FIRST).await.is_empty() && by_number(ctx, "A900000001").await.is_empty());
        assert!(by_name(ctx, "Ejemplo", "Ana", "1990-02-03").await.is_empty());
        let raio = officer(ctx, 1, Role::RaioOfficer);
        assert!(matches!(read(ctx, &raio, profile).await.unwrap(), Read::Nobody), "though it was open a moment ago");
        assert_eq!(open(ctx, &raio, profile, ReadPurpose::Adjudication).await.unwrap(), None);
        let change = Change::Add(fact(ctx, FactKind::Fin, &["1234567"]));
        assert_eq!(propose(ctx, &raio, profile, &change, "Known").await.unwrap(), Proposed::Nobody);
        assert_eq!(propose(ctx, &raio, Uuid::from_u128(1), &change, "Known").await.unwrap(), Proposed::Nobody, "as of nobody");
        for (role, purpose) in [(Role::Counsel, ReadPurpose::Redress), (Role::PrivacyOfficer, ReadPurpose::Redress)] {
            let who = officer(ctx, 3, role);
            assert_eq!(people(ctx, &who, purpose, Search::Number(FIRST.into())).await.len(), 1);
            assert_eq!(opened(ctx, &who, purpose, profile).await.cases.len(), 2);
        }
    }
}

#[tokio::test]
async fn a_class_in_the_profile_protects_as_one_in_a_case_does() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let profile = by_number(ctx, FIRST).await[0];
        let class = fact(ctx, FactKind::ImmigrationStatus, &["U1", "2026-01-05"]);
        assert_eq!(corrected(ctx, profile, &Change::Add(class)).await, Decided::Done);
        assert!(by_number(ctx, FIRST).await.is_empty());
    }
}

#[tokio::test]
async fn a_profile_is_read_after_saying_what_for_and_for_half_an_hour() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let profile = by_number(ctx, FIRST).await[0];
        let fdns = officer(ctx, 4, Role::FdnsAnalyst);
        assert!(matches!(read(ctx, &fdns, profile).await.unwrap(), Read::NotOpen));
        assert!(matches!(open(ctx, &fdns, profile, ReadPurpose::Adjudication).await, Err(Error::Refused)), "not theirs");
        opened(ctx, &fdns, ReadPurpose::Fraud, profile).await;
        ctx.clock.advance(VISIT);
        assert!(matches!(read(ctx, &fdns, profile).await.unwrap(), Read::NotOpen));
        let iio = officer(ctx, 5, Role::Iio);
        assert!(matches!(read(ctx, &iio, profile).await, Err(Error::Refused)));
        let search = Search::Number(FIRST.into());
        assert!(matches!(find(ctx, &iio, ReadPurpose::Adjudication, &search).await, Err(Error::Refused)));
        let reads = acts(&test, "profile.read").await;
        assert!(reads.len() == 1 && reads[0].contains("fraud"), "{reads:?}");
        let searches = acts(&test, "profile.search").await;
        assert!(searches.len() == 1 && searches[0].contains(&profile.to_string()) && !searches[0].contains(FIRST), "{searches:?}");
    }
}

#[tokio::test]
async fn a_correction_needs_a_second_person_and_a_reason() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let profile = by_number(ctx, FIRST).await[0];
        let (reviewer, second) = (officer(ctx, 2, Role::IctsReviewer), officer(ctx, 3, Role::PrivacyOfficer));
        let change = Change::Add(fact(ctx, FactKind::Gender, &["F"]));
        assert_eq!(propose(ctx, &reviewer, profile, &change, "  ").await.unwrap(), Proposed::NoReason);
        let Proposed::Waits(id) = propose(ctx, &reviewer, profile, &change, "Passport").await.unwrap() else { panic!() };
        assert_eq!(waiting(ctx, &second).await.unwrap().iter().map(|waiting| waiting.id).collect::<Vec<_>>(), [id]);
        assert_eq!(decide(ctx, &reviewer, profile, id, true).await.unwrap(), Decided::OwnProposal);
        let raio = officer(ctx, 1, Role::RaioOfficer);
        assert!(matches!(decide(ctx, &raio, profile, id, true).await, Err(Error::Refused)));
        assert!(!withdraw(ctx, &raio, profile, id).await.unwrap(), "somebody else's");
        assert!(texts(&file(ctx, profile).await, FactKind::Gender).is_empty(), "nothing yet");
        assert_eq!(decide(ctx, &second, profile, id, false).await.unwrap(), Decided::Done);
        assert_eq!(decide(ctx, &second, profile, id, true).await.unwrap(), Decided::NotWaiting);
        let refused = file(ctx, profile).await;
        assert_eq!(refused.corrections[0].state, CorrectionState::Refused);
        assert!(texts(&refused, FactKind::Gender).is_empty());
        let Proposed::Waits(id) = propose(ctx, &reviewer, profile, &change, "Passport").await.unwrap() else { panic!() };
        assert!(withdraw(ctx, &reviewer, profile, id).await.unwrap());
        assert!(waiting(ctx, &second).await.unwrap().is_empty());
        assert_eq!(corrected(ctx, profile, &change).await, Decided::Done);
        assert_eq!(texts(&file(ctx, profile).await, FactKind::Gender), ["F"]);
        let noted = acts(&test, "profile.agree").await;
        assert!(noted.len() == 1 && noted[0].contains("gender") && !noted[0].contains("\"F\""), "{noted:?}");
    }
}

#[tokio::test]
async fn the_feed_does_not_bring_back_what_was_corrected() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed(ctx, &[line("e1", FIRST, ANA, "2026-01-07T14:00:00Z", ""), line("e2", SECOND, ANA, "2026-01-07T14:00:00Z", "")]).await;
        let profile = by_number(ctx, FIRST).await[0];
        let wrong = file(ctx, profile).await.sheet.of_kind(FactKind::BirthDate)[0][0].id;
        assert_eq!(corrected(ctx, profile, &Change::End(wrong)).await, Decided::Done);
        let right = fact(ctx, FactKind::BirthDate, &["1990-03-02"]);
        assert_eq!(corrected(ctx, profile, &Change::Add(right)).await, Decided::Done);
        for (event, number) in [("e3", FIRST), ("e4", SECOND)] {
            feed(ctx, &[line(event, number, ANA, "2026-01-09T14:00:00Z", "")]).await;
        }
        assert_eq!(texts(&file(ctx, profile).await, FactKind::BirthDate), ["1990-03-02"]);
        let again = propose(ctx, &officer(ctx, 1, Role::RaioOfficer), profile, &Change::End(wrong), "Wrong").await.unwrap();
        assert_eq!(again, Proposed::Faulty(ChangeFault::NotThere));
    }
}

#[tokio::test]
async fn profiles_are_put_together_and_taken_apart_with_all_that_came_with_them() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let third = "EAC9999103405";
        let lines = [(FIRST, "1"), (SECOND, "2"), (third, "3")].map(|(number, digit)| {
            line(&format!("e{digit}"), number, &ANA.replace("900000001", &format!("90000000{digit}")), "2026-01-07T14:00:00Z", "")
        });
        feed(ctx, &lines).await;
        let mut of = Vec::new();
        for number in [FIRST, SECOND, third] {
            of.push(by_number(ctx, number).await[0]);
        }
        assert_eq!(corrected(ctx, of[1], &Change::Merge(of[2])).await, Decided::Done);
        assert_eq!(corrected(ctx, of[0], &Change::Merge(of[2])).await, Decided::Done, "of a part, which means the whole");
        for number in [FIRST, SECOND, third, "A900000001", "A900000002", "A900000003"] {
            assert_eq!(by_number(ctx, number).await, [of[0]], "{number}");
        }
        let whole = file(ctx, of[2]).await;
        assert_eq!((whole.profile, whole.parts.len(), texts(&whole, FactKind::ANumber).len()), (of[0], 3, 3));
        let own = propose(ctx, &officer(ctx, 1, Role::RaioOfficer), of[0], &Change::Merge(of[1]), "Same").await.unwrap();
        assert_eq!(own, Proposed::Faulty(ChangeFault::ItsOwn));
        // What the feed says after a merge goes where the case is.
        feed(ctx, &[line("e9", third, &ANA.replace("900000001", "900000003").replace("Ana", "Eva"), "2026-01-09T14:00:00Z", "")])
            .await;
        assert_eq!(corrected(ctx, of[0], &Change::Split(of[1])).await, Decided::Done);
        assert_eq!([by_number(ctx, FIRST).await, by_number(ctx, SECOND).await], [[of[0]], [of[1]]]);
        assert_eq!(by_number(ctx, third).await, [of[1]], "it had come with the second");
        assert_eq!(corrected(ctx, of[1], &Change::Split(of[2])).await, Decided::Done);
        assert_eq!(by_number(ctx, third).await, [of[2]]);
        assert_eq!(texts(&file(ctx, of[2]).await, FactKind::Name), ["legal Ejemplo Eva"]);
    }
}

#[tokio::test]
async fn a_correction_that_fits_no_longer_is_not_made() {
    for test in contexts().await {
        let ctx = &test.ctx;
        feed_ana(ctx).await;
        let profile = by_number(ctx, FIRST).await[0];
        let (raio, reviewer) = (officer(ctx, 1, Role::RaioOfficer), officer(ctx, 2, Role::IctsReviewer));
        let citizenship = file(ctx, profile).await.sheet.of_kind(FactKind::Citizenship)[0][0].id;
        let Proposed::Waits(id) = propose(ctx, &raio, profile, &Change::End(citizenship), "Renounced").await.unwrap() else {
            panic!()
        };
        feed(ctx, &[line("e2", FIRST, &ANA.replace(r#","citizenship":"MEX""#, ""), "2026-01-08T14:00:00Z", "")]).await;
        assert_eq!(decide(ctx, &reviewer, profile, id, true).await.unwrap(), Decided::Faulty(ChangeFault::NotThere));
        assert_eq!(decide(ctx, &reviewer, profile, id, false).await.unwrap(), Decided::Done, "it can still be refused");
    }
}

#[tokio::test]
async fn nothing_of_a_profile_can_be_read_in_the_file() {
    let test = contexts().await.remove(0);
    let ctx = &test.ctx;
    feed_ana(ctx).await;
    let profile = by_number(ctx, FIRST).await[0];
    for (kind, texts) in [(FactKind::Ssn, &["987654320"] as &[&str]), (FactKind::Name, &["alias", "Quetzalcoatlus"])] {
        assert_eq!(corrected(ctx, profile, &Change::Add(fact(ctx, kind, texts))).await, Decided::Done);
    }
    assert_eq!(by_number(ctx, "987654320").await, [profile]);
    let mut files = 0;
    for file in std::fs::read_dir(test.test.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for value in ["987654320", "Quetzalcoatlus", "QUETZALCOATLUS", "Seen in the passport"] {
            assert!(!bytes.windows(value.len()).any(|window| window == value.as_bytes()), "{value}");
        }
        files += 1;
    }
    assert!(files > 0);
}

fn step() -> impl Strategy<Value = (usize, usize, bool)> {
    (0..3usize, 0..3usize, any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever is merged and split, nobody is lost and every case has one person.
    #[test]
    fn merges_and_splits_lose_nobody(steps in prop::collection::vec(step(), 1..8)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let test = contexts().await.remove(0);
            let ctx = &test.ctx;
            let numbers = [FIRST, SECOND, "EAC9999103405"];
            let lines = [0, 1, 2].map(|at| {
                let person = ANA.replace("900000001", &format!("90000000{at}"));
                line(&format!("e{at}"), numbers[at], &person, "2026-01-07T14:00:00Z", "")
            });
            feed(ctx, &lines).await;
            let mut of = Vec::new();
            for number in numbers {
                of.push(by_number(ctx, number).await[0]);
            }
            for (a, b, merges) in steps {
                let change = if merges { Change::Merge(of[b]) } else { Change::Split(of[b]) };
                let proposed = propose(ctx, &officer(ctx, 1, Role::RaioOfficer), of[a], &change, "Why").await.unwrap();
                if let Proposed::Waits(id) = proposed {
                    assert_eq!(decide(ctx, &officer(ctx, 2, Role::IctsReviewer), of[a], id, true).await.unwrap(), Decided::Done);
                }
                let mut parts = Vec::new();
                for profile in &of {
                    let file = file(ctx, *profile).await;
                    assert!(file.parts.contains(profile) && file.parts[0] == file.profile, "{file:?}");
                    parts.push((file.profile, file.cases.len(), file.parts.len()));
                }
                for (_, cases, whole) in &parts {
                    assert_eq!(cases, whole, "each profile brings its case");
                }
            }
        });
    }
}
