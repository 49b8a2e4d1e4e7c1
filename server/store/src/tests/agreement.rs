//! Agreements with partner countries, on both engines.

use chrono::{NaiveDate, TimeDelta};
use shared::agreement::{Agreement, AgreementVersion, Capacity, Partner, Party, from_file, starter};
use uuid::Uuid;

use crate::agreement::*;
use crate::crypto::sha256;
use crate::engine::Connection;
use crate::testing::{TestStore, both, meddle};

const AUTHOR: Uuid = Uuid::from_u128(1);
const PRIVACY: Uuid = Uuid::from_u128(2);
const COUNSEL: Uuid = Uuid::from_u128(3);
const DAY: &str = "2026-03-10";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn version(number: u32) -> AgreementVersion {
    AgreementVersion::new(number).unwrap()
}

fn document(partner: impl Into<Party>, number: u32) -> Agreement {
    Agreement { version: version(number), ..from_file(starter(partner).as_bytes()).unwrap() }
}

/// A draft of the agreement with a partner, and what is known of it.
async fn drafted(test: &TestStore, transaction: &mut Connection, number: u32, follows: Option<u32>) -> VersionHead {
    let (document, follows) = (document(Partner::Canada, number), follows.map(version));
    let new = NewVersion { document: &document, follows, holds_from: day(DAY), author: AUTHOR, made_at: test.clock.now() };
    add(transaction, &new).await.unwrap();
    by_version(transaction, Partner::Canada, version(number)).await.unwrap().unwrap().head
}

fn signature(test: &TestStore, head: &VersionHead, capacity: Capacity, officer: Uuid) -> Signature {
    let document_hash = head.document_hash.clone();
    Signature { capacity, officer, document_hash, dry_run_hash: sha256(b"[]").to_vec(), signed_at: test.clock.now() }
}

async fn signed(test: &TestStore, transaction: &mut Connection, head: &VersionHead, from: &str) {
    for (capacity, officer) in [(Capacity::Privacy, PRIVACY), (Capacity::Counsel, COUNSEL)] {
        sign(transaction, head, &signature(test, head, capacity, officer)).await.unwrap();
    }
    settle(transaction, head, [PRIVACY, COUNSEL], day(from), test.clock.now()).await.unwrap();
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let now = test.clock.now();
    let mut transaction = test.store.begin().await.unwrap();
    lock(&mut transaction).await.unwrap();
    assert!(versions(&mut transaction, Partner::Canada).await.unwrap().is_empty());
    let first = drafted(test, &mut transaction, 1, None).await;
    assert_eq!((first.partner, first.version, first.follows, first.author), (Partner::Canada.into(), version(1), None, AUTHOR));
    assert_eq!((first.holds_from, first.made_at, first.standing), (day(DAY), now, Standing::Draft));
    let stored = by_version(&mut transaction, Partner::Canada, version(1)).await.unwrap().unwrap();
    assert_eq!(stored.document, document(Partner::Canada, 1));
    assert!(by_version(&mut transaction, Partner::Australia, version(1)).await.unwrap().is_none());
    assert!(current(&mut transaction, Partner::Canada, day("2030-01-01")).await.unwrap().is_none(), "a draft is not in force");

    signed(test, &mut transaction, &first, "2026-03-12").await;
    let signatures = signatures(&mut transaction, Partner::Canada, version(1)).await.unwrap();
    let both = [(Capacity::Counsel, COUNSEL), (Capacity::Privacy, PRIVACY)];
    assert_eq!(signatures.iter().map(|one| (one.capacity, one.officer)).collect::<Vec<_>>(), both);
    assert_eq!(signatures[1], signature(test, &first, Capacity::Privacy, PRIVACY));

    let second = drafted(test, &mut transaction, 2, Some(1)).await;
    withdraw(&mut transaction, &second, PRIVACY, now).await.unwrap();
    let third = drafted(test, &mut transaction, 3, Some(1)).await;
    signed(test, &mut transaction, &third, "2026-03-20").await;
    let all: Vec<_> = versions(&mut transaction, Partner::Canada).await.unwrap().iter().map(|head| head.standing).collect();
    let (of_first, of_third) = (Standing::Signed { from: day("2026-03-12") }, Standing::Signed { from: day("2026-03-20") });
    assert_eq!(all, [of_third, Standing::Withdrawn { by: PRIVACY, at: now }, of_first]);

    for (on, expected) in [("2026-03-11", None), ("2026-03-12", Some(1)), ("2026-03-19", Some(1)), ("2026-03-20", Some(3))] {
        let found = current(&mut transaction, Partner::Canada, day(on)).await.unwrap();
        assert_eq!(found.map(|stored| stored.document.version.number()), expected, "{on}");
        assert!(current(&mut transaction, Partner::NewZealand, day(on)).await.unwrap().is_none());
    }
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn terms_with_ident_are_versions_of_their_own() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let canada = drafted(&test, &mut transaction, 1, None).await;
        let terms = document(Party::Ident, 1);
        let new = NewVersion { document: &terms, follows: None, holds_from: day(DAY), author: AUTHOR, made_at: test.clock.now() };
        add(&mut transaction, &new).await.unwrap();
        let head = versions(&mut transaction, Party::Ident).await.unwrap().remove(0);
        signed(&test, &mut transaction, &head, DAY).await;
        let found = current(&mut transaction, Party::Ident, day(DAY)).await.unwrap().unwrap();
        assert_eq!((found.head.partner, found.document), (Party::Ident, terms));
        assert!(current(&mut transaction, canada.partner, day(DAY)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn what_was_signed_later_takes_the_place_of_what_was_to_come() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let first = drafted(&test, &mut transaction, 1, None).await;
        signed(&test, &mut transaction, &first, "2026-06-01").await;
        let second = drafted(&test, &mut transaction, 2, Some(1)).await;
        signed(&test, &mut transaction, &second, "2026-05-01").await;
        for (on, expected) in [("2026-04-30", None), ("2026-05-01", Some(2)), ("2026-06-01", Some(2))] {
            let found = current(&mut transaction, Partner::Canada, day(on)).await.unwrap();
            assert_eq!(found.map(|stored| stored.document.version.number()), expected, "{on}");
        }
    }
}

#[tokio::test]
async fn the_database_takes_no_signature_but_of_two_others_in_two_capacities_for_that_document() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let head = drafted(&test, &mut transaction, 1, None).await;
        let one = signature(&test, &head, Capacity::Privacy, PRIVACY);
        sign(&mut transaction, &head, &one).await.unwrap();
        transaction.commit().await.unwrap();
        let of = |capacity, officer| signature(&test, &head, capacity, officer);
        let another = Signature { document_hash: sha256(b"another").to_vec(), ..of(Capacity::Counsel, COUNSEL) };
        let nowhere = VersionHead { version: version(2), ..head.clone() };
        let of_another_author = VersionHead { author: COUNSEL, ..head.clone() };
        for (on, refused) in [
            (&head, of(Capacity::Counsel, AUTHOR)),
            (&of_another_author, of(Capacity::Counsel, AUTHOR)),
            (&head, of(Capacity::Counsel, PRIVACY)),
            (&head, of(Capacity::Privacy, COUNSEL)),
            (&head, another),
            (&nowhere, of(Capacity::Counsel, COUNSEL)),
        ] {
            let mut transaction = test.store.begin().await.unwrap();
            assert!(sign(&mut transaction, on, &refused).await.is_err(), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn nothing_comes_into_force_without_two_signatures_or_beside_another_version() {
    for test in both().await {
        let (now, from) = (test.clock.now(), day(DAY));
        let mut transaction = test.store.begin().await.unwrap();
        let first = drafted(&test, &mut transaction, 1, None).await;
        let other = drafted(&test, &mut transaction, 2, None).await;
        sign(&mut transaction, &first, &signature(&test, &first, Capacity::Privacy, PRIVACY)).await.unwrap();
        transaction.commit().await.unwrap();
        for signers in [[PRIVACY, COUNSEL], [PRIVACY, PRIVACY], [COUNSEL, PRIVACY], [AUTHOR, PRIVACY]] {
            let mut transaction = test.store.begin().await.unwrap();
            assert!(settle(&mut transaction, &first, signers, from, now).await.is_err(), "{signers:?}");
        }
        let mut transaction = test.store.begin().await.unwrap();
        assert!(settle(&mut transaction, &other, [PRIVACY, COUNSEL], from, now).await.is_err(), "of another version");
        drop(transaction);

        let mut transaction = test.store.begin().await.unwrap();
        sign(&mut transaction, &first, &signature(&test, &first, Capacity::Counsel, COUNSEL)).await.unwrap();
        settle(&mut transaction, &first, [PRIVACY, COUNSEL], from, now).await.unwrap();
        for (capacity, officer) in [(Capacity::Privacy, PRIVACY), (Capacity::Counsel, COUNSEL)] {
            sign(&mut transaction, &other, &signature(&test, &other, capacity, officer)).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let mut transaction = test.store.begin().await.unwrap();
        assert!(settle(&mut transaction, &other, [PRIVACY, COUNSEL], from, now).await.is_err(), "one was signed in its place");
        drop(transaction);
        let elsewhere = VersionHead { follows: Some(version(1)), ..other };
        let mut transaction = test.store.begin().await.unwrap();
        assert!(settle(&mut transaction, &elsewhere, [PRIVACY, COUNSEL], from, now).await.is_err(), "not what it followed");
        drop(transaction);
        let mut transaction = test.store.begin().await.unwrap();
        assert!(withdraw(&mut transaction, &first, AUTHOR, now + TimeDelta::days(1)).await.is_err(), "it is in force");
    }
}

#[tokio::test]
async fn nothing_is_changed_or_deleted() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let first = drafted(&test, &mut transaction, 1, None).await;
        signed(&test, &mut transaction, &first, DAY).await;
        transaction.commit().await.unwrap();
        for table in ["agreement_version", "agreement_signature", "agreement_outcome"] {
            for sql in [format!("UPDATE {table} SET version = 9"), format!("DELETE FROM {table}")] {
                let error = meddle(&test.store, &sql).await.unwrap_err();
                assert!(format!("{error:?}").contains("append-only"), "{sql}: {error:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_document_that_is_not_that_of_its_hash_is_not_read() {
    for test in both().await {
        let sql = "INSERT INTO agreement_version (partner, version, follows, document, document_hash, holds_from, author, made_at) \
                   SELECT partner, 2, 1, replace(document, '\"version\": 1', '\"version\": 2'), document_hash, holds_from, author, \
                   made_at FROM agreement_version";
        let mut transaction = test.store.begin().await.unwrap();
        drafted(&test, &mut transaction, 1, None).await;
        transaction.commit().await.unwrap();
        assert_eq!(meddle(&test.store, sql).await.unwrap(), 1);
        let mut connection = test.store.read().await.unwrap();
        assert!(by_version(&mut connection, Partner::Canada, version(1)).await.is_ok());
        let error = by_version(&mut connection, Partner::Canada, version(2)).await.unwrap_err();
        assert!(error.to_string().contains("document_hash"), "{error}");
    }
}
