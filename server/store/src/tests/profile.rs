//! People, on both engines.

use chrono::TimeDelta;
use shared::case_status::ReceiptNumber;
use shared::profile::{Change, CorrectionState, Fact, FactKind, Origin, ReadPurpose};
use uuid::Uuid;

use super::{line, take_in_lines};
use crate::case_feed;
use crate::engine::Connection;
use crate::profile::*;
use crate::testing::{TestStore, both};

const OFFICER: Uuid = Uuid::from_u128(1);
const REVIEWER: Uuid = Uuid::from_u128(2);
const NUMBER: &str = "EAC9999103460";

fn fact(kind: FactKind, text: &str) -> Fact {
    Fact::parse(kind, &[text], "2026-03-10".parse().unwrap()).unwrap()
}

fn key(kind: KeyKind, text: &str) -> Key {
    Key { kind, text: text.to_owned() }
}

pub async fn new_profile(test: &TestStore, transaction: &mut Connection) -> Uuid {
    let id = test.clock.new_id();
    add(transaction, &test.keys, id, test.clock.new_id(), test.clock.now()).await.unwrap();
    id
}

pub async fn case_of(test: &TestStore, number: &str) -> Uuid {
    take_in_lines(test, &[line(&format!("p-{number}"), number, "IAA", "2026-01-07T14:00:00Z")]).await;
    let mut connection = test.store.read().await.unwrap();
    case_feed::case_id(&mut connection, &ReceiptNumber::parse(number).unwrap()).await.unwrap().unwrap()
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let (keys, now, case) = (&test.keys, test.clock.now(), case_of(test, NUMBER).await);
    let mut transaction = test.store.begin().await.unwrap();
    let waiting_case = pending(&mut transaction, 100).await.unwrap().into_iter().find(|pending| pending.case == case).unwrap();
    let later = PendingCase { noted_at: waiting_case.noted_at + TimeDelta::seconds(1), ..waiting_case };
    settle(&mut transaction, later).await.unwrap();
    assert!(pending(&mut transaction, 100).await.unwrap().contains(&waiting_case), "it changed again meanwhile");
    settle(&mut transaction, waiting_case).await.unwrap();
    assert!(!pending(&mut transaction, 100).await.unwrap().contains(&waiting_case));
    let parties = party_facts(&mut transaction, keys, case).await.unwrap();
    let kinds: Vec<FactKind> = parties[0].facts.iter().map(Fact::kind).collect();
    let all = [FactKind::Name, FactKind::BirthDate, FactKind::ANumber, FactKind::BirthCountry, FactKind::Citizenship];
    assert_eq!((parties.len(), parties[0].role, &kinds[..5]), (1, "applicant", all.as_slice()));
    assert_eq!(parties[0].facts[5], fact(FactKind::PersecutionCountry, "XXA"));

    let (one, other) = (new_profile(test, &mut transaction).await, new_profile(test, &mut transaction).await);
    link(&mut transaction, case, "applicant", other, now).await.unwrap();
    link(&mut transaction, case, "applicant", one, now).await.unwrap();
    link(&mut transaction, case, "beneficiary", one, now).await.unwrap();
    unlink(&mut transaction, case, "beneficiary").await.unwrap();
    assert_eq!(linked(&mut transaction, case).await.unwrap(), [("applicant".to_owned(), one)]);
    let of_person = cases(&mut transaction, one).await.unwrap();
    assert_eq!((of_person.len(), of_person[0].number.as_str(), of_person[0].role.as_str()), (1, NUMBER, "applicant"));
    assert!(!of_person[0].markers.is_empty());

    let stated = |id: Uuid, fact: Fact, origin: Origin, keys: Vec<Key>| StatedFact { id, fact, origin, keys };
    let [first, second, third] = [test.clock.new_id(), test.clock.new_id(), test.clock.new_id()];
    let word = key(KeyKind::Word, "EJEMPLO");
    let name = stated(first, fact(FactKind::Fin, "1234567"), Origin::Case(case), vec![word.clone(), key(KeyKind::Fin, "1234567")]);
    let born =
        stated(second, fact(FactKind::BirthDate, "1990-02-03"), Origin::Case(case), vec![key(KeyKind::BirthDate, "1990-02-03")]);
    add_facts(&mut transaction, keys, one, &[name, born], now).await.unwrap();
    assert_eq!(find(&mut transaction, keys, &key(KeyKind::Fin, "1234567"), 5).await.unwrap(), [one]);
    assert!(find(&mut transaction, keys, &key(KeyKind::Ssn, "1234567"), 5).await.unwrap().is_empty(), "of another kind");
    assert_eq!(find_with_birth(&mut transaction, keys, &word, "1990-02-03", 5).await.unwrap(), [one]);
    assert!(find_with_birth(&mut transaction, keys, &word, "1990-02-04", 5).await.unwrap().is_empty());

    let proposal = |id: Uuid, change: &'static Change| Proposal { id, profile: one, change, reason: "Seen", by: OFFICER, at: now };
    let change = |change: Change| -> &'static Change { Box::leak(Box::new(change)) };
    let [adding, merging] = [test.clock.new_id(), test.clock.new_id()];
    propose(&mut transaction, keys, &proposal(adding, change(Change::Add(fact(FactKind::Gender, "F"))))).await.unwrap();
    propose(&mut transaction, keys, &proposal(merging, change(Change::Merge(other)))).await.unwrap();
    assert_eq!(waiting(&mut transaction, 9).await.unwrap().len(), 2);
    let decision = |id: Uuid, state: CorrectionState| Decision { id, state, by: REVIEWER, at: now };
    assert!(decide(&mut transaction, decision(adding, CorrectionState::Refused)).await.unwrap());
    assert!(!decide(&mut transaction, decision(adding, CorrectionState::Agreed)).await.unwrap(), "once");
    assert!(decide(&mut transaction, decision(merging, CorrectionState::Agreed)).await.unwrap());
    merge(&mut transaction, merging, other, one).await.unwrap();
    assert_eq!(
        (root(&mut transaction, other).await.unwrap(), parts(&mut transaction, one).await.unwrap()),
        (Some(one), vec![one, other])
    );
    let of_root = corrections(&mut transaction, keys, one).await.unwrap();
    let found = of_root.iter().find(|correction| correction.id == adding).unwrap();
    assert_eq!((of_root.len(), found.state, found.reason.expose().as_str()), (2, CorrectionState::Refused, "Seen"));
    assert_eq!((found.change.clone(), found.decided), (Change::Add(fact(FactKind::Gender, "F")), Some((REVIEWER, now))));

    // A name of one profile and the birth date of another are one person's.
    let sound = key(KeyKind::Sound, "734600");
    let of_other = stated(third, fact(FactKind::Race, "U"), Origin::Correction(adding), vec![sound.clone()]);
    add_facts(&mut transaction, keys, other, &[of_other], now + TimeDelta::seconds(1)).await.unwrap();
    assert_eq!(find_with_birth(&mut transaction, keys, &sound, "1990-02-03", 5).await.unwrap(), [one]);
    let known = facts(&mut transaction, keys, one).await.unwrap();
    assert_eq!(known.len(), 3);
    assert_eq!(known[2].origin, Origin::Correction(adding));
    end_facts(&mut transaction, &[first], Some(merging), now).await.unwrap();
    end_facts(&mut transaction, &[second], None, now).await.unwrap();
    let ended: Vec<_> =
        facts(&mut transaction, keys, one).await.unwrap().iter().map(|known| (known.ended_at, known.ended_by)).collect();
    assert!(ended.contains(&(Some(now), Some(merging))) && ended.contains(&(Some(now), None)), "{ended:?}");
    assert!(find(&mut transaction, keys, &word, 5).await.unwrap().is_empty());

    assert_eq!(moved_by_merge(&mut transaction, other).await.unwrap(), [other]);
    split(&mut transaction, &[other], other, one).await.unwrap();
    assert_eq!(
        (root(&mut transaction, other).await.unwrap(), parts(&mut transaction, one).await.unwrap()),
        (Some(other), vec![one])
    );

    visit(&mut transaction, OFFICER, one, ReadPurpose::Fraud, now).await.unwrap();
    visit(&mut transaction, OFFICER, one, ReadPurpose::Redress, now).await.unwrap();
    let before = now - TimeDelta::seconds(1);
    assert_eq!(visited(&mut transaction, OFFICER, one, before).await.unwrap(), Some(ReadPurpose::Redress));
    assert_eq!(visited(&mut transaction, OFFICER, one, now).await.unwrap(), None);
    assert_eq!(forget_visits(&mut transaction, now).await.unwrap(), 1);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn nobody_decides_on_what_they_proposed() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let (profile, id) = (new_profile(&test, &mut transaction).await, test.clock.new_id());
        let change = Change::Add(fact(FactKind::Gender, "F"));
        let proposal = Proposal { id, profile, change: &change, reason: "Seen", by: OFFICER, at: test.clock.now() };
        propose(&mut transaction, &test.keys, &proposal).await.unwrap();
        transaction.commit().await.unwrap();
        let decision = |state| Decision { id, state, by: OFFICER, at: test.clock.now() };
        for state in [CorrectionState::Agreed, CorrectionState::Refused] {
            let mut transaction = test.store.begin().await.unwrap();
            assert!(decide(&mut transaction, decision(state)).await.is_err(), "the database refuses it too");
        }
        let mut transaction = test.store.begin().await.unwrap();
        assert!(decide(&mut transaction, decision(CorrectionState::Withdrawn)).await.unwrap());
    }
}

#[tokio::test]
async fn a_profile_whose_key_is_gone_tells_nothing() {
    for test in both().await {
        let case = case_of(&test, NUMBER).await;
        let mut transaction = test.store.begin().await.unwrap();
        let profile = new_profile(&test, &mut transaction).await;
        let stated =
            StatedFact { id: test.clock.new_id(), fact: fact(FactKind::Gender, "F"), origin: Origin::Case(case), keys: Vec::new() };
        add_facts(&mut transaction, &test.keys, profile, &[stated], test.clock.now()).await.unwrap();
        transaction.commit().await.unwrap();
        crate::testing::meddle(&test.store, "DELETE FROM data_key WHERE purpose = 'profile'").await.unwrap();
        let mut connection = test.store.read().await.unwrap();
        assert!(facts(&mut connection, &test.keys, profile).await.unwrap().is_empty());
    }
}
