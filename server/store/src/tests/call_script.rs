//! Scripts, their versions, and calls.

use chrono::{NaiveDate, TimeDelta};
use shared::call_script::{Move, Node, NodeKey, Script, ScriptKey, Step, Verified, VersionState, Walk, Words};
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::call_script::*;
use crate::engine::Connection;
use crate::testing::{TestStore, both};
use crate::{case_feed, service_request};

const AGENT: Uuid = Uuid::from_u128(1);
const READER: Uuid = Uuid::from_u128(2);

fn script(key: &str, title: &str) -> Script {
    let words = || Words::new(title, "Palabras.");
    let node = |key: &str, step| Node { key: NodeKey::parse(key).unwrap(), name: key.into(), step };
    let form = Step::Form { form: "I-90".into(), text: words(), then: NodeKey::parse("end").unwrap() };
    let nodes = vec![node("form", form), node("end", Step::End { text: words() })];
    Script { key: ScriptKey::parse(key).unwrap(), title: words(), words: Vec::new(), nodes }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn draft(test: &TestStore, transaction: &mut Connection, script: &Script) -> Option<StoredVersion> {
    let new = NewVersion { id: test.clock.new_id(), script, written_by: AGENT, written_at: test.clock.now() };
    if !add_version(transaction, &new).await.unwrap() {
        return None;
    }
    version(transaction, new.id).await.unwrap()
}

async fn published(test: &TestStore, transaction: &mut Connection, script: &Script, from: &str) -> StoredVersion {
    let draft = draft(test, transaction, script).await.unwrap();
    assert!(publish(transaction, &draft, day(from), None).await.unwrap());
    version(transaction, draft.id).await.unwrap().unwrap()
}

/// Runs every statement once. A case and a request of `service_request::run` are there.
pub async fn run(test: &TestStore) {
    let (now, mut transaction) = (test.clock.now(), test.store.begin().await.unwrap());
    let first = draft(test, &mut transaction, &script("card", "one")).await.unwrap();
    assert_eq!((first.number, first.saved, first.state, first.written_by), (1, 0, VersionState::Draft, AGENT));
    assert!(draft(test, &mut transaction, &script("card", "two")).await.is_none(), "one at a time is being written");
    assert!(save_version(&mut transaction, first.id, 0, &script("card", "mended"), READER, now).await.unwrap());
    assert!(
        !save_version(&mut transaction, first.id, 0, &script("card", "lost"), AGENT, now).await.unwrap(),
        "somebody else saved"
    );
    let seen = version(&mut transaction, first.id).await.unwrap().unwrap();
    assert_eq!((seen.script.title.en.as_str(), seen.saved, seen.written_by), ("mended", 1, READER));
    assert!(set_state(&mut transaction, &seen, VersionState::InReview, None, None).await.unwrap());
    assert!(!set_state(&mut transaction, &seen, VersionState::Dropped, None, None).await.unwrap(), "as it was seen, or not at all");
    assert_eq!(under_way(&mut transaction).await.unwrap().iter().map(|version| version.id).collect::<Vec<_>>(), [first.id]);
    let seen = version(&mut transaction, first.id).await.unwrap().unwrap();
    assert!(!save_version(&mut transaction, first.id, seen.saved, &seen.script, AGENT, now).await.unwrap(), "it is being read");
    assert!(publish(&mut transaction, &seen, day("2026-03-01"), Some((AGENT, now))).await.unwrap());
    let seen = version(&mut transaction, first.id).await.unwrap().unwrap();
    assert_eq!((seen.state, seen.valid_from, seen.reviewed_by), (VersionState::Published, Some(day("2026-03-01")), Some(AGENT)));

    let second = published(test, &mut transaction, &script("card", "later"), "2026-04-01").await;
    assert_eq!((second.number, second.reviewed_by), (2, None));
    for (on, expected) in [("2026-02-28", None), ("2026-03-01", Some(1)), ("2026-03-31", Some(1)), ("2026-04-01", Some(2))] {
        let numbers: Vec<i64> = current(&mut transaction, day(on)).await.unwrap().iter().map(|version| version.number).collect();
        assert_eq!(numbers, Vec::from_iter(expected), "{on}");
    }
    assert!(end_version(&mut transaction, second.id, day("2026-04-10")).await.unwrap());
    assert!(!end_version(&mut transaction, second.id, day("2026-04-20")).await.unwrap(), "it ends before");
    assert!(current(&mut transaction, day("2026-04-10")).await.unwrap().is_empty(), "the one before it does not come back");
    let key = ScriptKey::parse("card").unwrap();
    let numbers: Vec<i64> = versions(&mut transaction, &key).await.unwrap().iter().map(|version| version.number).collect();
    assert_eq!(numbers, [2, 1]);

    calls(test, &mut transaction, first.id).await;
    transaction.commit().await.unwrap();
}

async fn calls(test: &TestStore, transaction: &mut Connection, version: Uuid) {
    let (now, office) = (test.clock.now(), OfficeCode::parse("NBC").unwrap());
    let case = case_feed::case_id(transaction, &ReceiptNumber::parse("EAC9999103403").unwrap()).await.unwrap().unwrap();
    let request = service_request::of_case(transaction, case).await.unwrap()[0];
    let [answered, with_request, handed] = std::array::from_fn(|_| test.clock.new_id());
    for id in [answered, with_request, handed] {
        let new = NewCall { id, officer: AGENT, office: &office, locale: Locale::Es, began_at: now };
        add_call(transaction, &new).await.unwrap();
    }
    assert_eq!(open_call(transaction, AGENT).await.unwrap(), Some(answered.max(with_request).max(handed)));
    assert_eq!(open_call(transaction, READER).await.unwrap(), None);
    assert!(begin_script(transaction, answered, 0, version).await.unwrap());
    assert!(!begin_script(transaction, answered, 0, version).await.unwrap(), "in another window it has begun");
    let mut walk = Walk::default();
    walk.go(&script("card", "one"), Move::Go).unwrap();
    assert!(save_walk(transaction, answered, 1, &walk).await.unwrap());
    assert!(!save_walk(transaction, answered, 1, &Walk::default()).await.unwrap());
    let said = Caller { receipt_number: "EAC9999103403".into(), name: "Ana Ejemplo".into() };
    assert!(set_caller(transaction, &test.keys, answered, Verified::Person, Some(case), &said).await.unwrap());
    assert!(set_notes(transaction, &test.keys, answered, "calls again on Monday").await.unwrap());
    let stored = call(transaction, answered).await.unwrap().unwrap();
    assert_eq!((stored.officer, stored.office.as_str(), stored.locale, stored.saved), (AGENT, "NBC", Locale::Es, 3));
    assert_eq!((stored.version, stored.verified, stored.case, &stored.walk), (Some(version), Verified::Person, Some(case), &walk));
    assert_eq!(caller(transaction, &test.keys, answered).await.unwrap(), Some(Sensitive::new(said.clone())));
    assert_eq!(notes(transaction, &test.keys, answered).await.unwrap(), Some(Sensitive::new("calls again on Monday".into())));

    for (id, ending) in [(answered, Ending::Answered), (with_request, Ending::Request(request)), (handed, Ending::Transferred)] {
        assert!(end_call(transaction, id, ending, now).await.unwrap());
        assert!(!end_call(transaction, id, Ending::BrokenOff, now).await.unwrap(), "a call ends once");
        let stored = call(transaction, id).await.unwrap().unwrap();
        assert_eq!(stored.ending, Some((ending, now)));
        assert!(!save_walk(transaction, id, stored.saved, &Walk::default()).await.unwrap());
        assert!(!set_notes(transaction, &test.keys, id, "").await.unwrap());
        assert!(!set_caller(transaction, &test.keys, id, Verified::Nothing, None, &said).await.unwrap());
        assert!(!begin_script(transaction, id, stored.saved, version).await.unwrap());
    }
    assert_eq!(open_call(transaction, AGENT).await.unwrap(), None);
    let since = now - TimeDelta::hours(1);
    let handed_over = handed_over(transaction, &office, since, 10).await.unwrap();
    assert_eq!(handed_over.iter().map(|call| call.id).collect::<Vec<_>>(), [handed]);
    assert_eq!(of_request(transaction, request).await.unwrap().map(|call| call.id), Some(with_request));
    assert_eq!(empty_calls(transaction, since).await.unwrap(), 0);
    assert_eq!(empty_calls(transaction, now).await.unwrap(), 1);
    assert_eq!(caller(transaction, &test.keys, answered).await.unwrap(), None);
    assert_eq!(notes(transaction, &test.keys, answered).await.unwrap(), None);
    let left = test.clock.new_id();
    add_call(transaction, &NewCall { id: left, officer: AGENT, office: &office, locale: Locale::En, began_at: now }).await.unwrap();
    assert_eq!(end_left_calls(transaction, since, now).await.unwrap(), 0);
    assert_eq!(end_left_calls(transaction, now, now).await.unwrap(), 1);
    assert_eq!(call(transaction, left).await.unwrap().unwrap().ending, Some((Ending::BrokenOff, now)));
}

#[tokio::test]
async fn nobody_reads_their_own_script_a_second_time() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let draft = draft(&test, &mut transaction, &script("card", "one")).await.unwrap();
        assert!(publish(&mut transaction, &draft, day("2026-03-01"), Some((AGENT, test.clock.now()))).await.is_err());
    }
}
