use std::fmt::Write as _;

use super::{line, take_in_lines};
use crate::case_feed::{case_id, cases_of_a_number, open_sensitive};
use crate::crypto::KeyRing;
use crate::data_key::{Keys, rewrap_some, switch_wrapping_key, wrapping_keys};
use crate::engine::Engine;
use crate::testing::{TestStore, both};
use shared::case_feed::ANumber;
use shared::case_status::ReceiptNumber;

const NUMBER: &str = "EAC9999103403";

async fn sensitive(test: &TestStore, keys: &Keys) -> String {
    let mut connection = test.store.read().await.unwrap();
    let id = case_id(&mut connection, &ReceiptNumber::parse(NUMBER).unwrap()).await.unwrap().unwrap();
    let mut text = String::new();
    for (place, value) in open_sensitive(&mut connection, keys, id).await.unwrap() {
        writeln!(text, "{place}={}", value.expose()).unwrap();
    }
    text
}

#[tokio::test]
async fn sensitive_columns_open_with_the_key_and_a_numbers_are_found_by_index() {
    for test in both().await {
        take_in_lines(&test, &[line("e1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
        let text = sensitive(&test, &test.keys).await;
        for expected in [
            "applicant.birth_date=1990-02-03",
            "applicant.a_number=200000001",
            "applicant.email=ana@example.org",
            "applicant.telephone=+1 202 555 0123",
            "mailing_address=1 Sample Street\n\nSpringfield\nVA\n22150\nUSA",
            "persecution_countries=XXA",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        let mut connection = test.store.read().await.unwrap();
        let find = async |connection: &mut _, text| {
            cases_of_a_number(connection, &test.keys, &ANumber::parse(text).unwrap()).await.unwrap()
        };
        assert_eq!(find(&mut connection, "A200-000-001").await.len(), 1);
        assert_eq!(find(&mut connection, "A200-000-002").await.len(), 0);
    }
}

#[tokio::test]
async fn rotation_wraps_every_key_anew_and_running_servers_follow() {
    for test in both().await {
        take_in_lines(&test, &[line("e1", NUMBER, "IAA", "2026-01-07T14:00:00Z")]).await;
        let before = sensitive(&test, &test.keys).await;
        let file = test.folder.path().join("portico.keys");
        test.ring.save(&file).unwrap();
        let running = Keys::open(&test.store, test.ring.clone(), Some(file.clone()), &test.clock).await.unwrap();

        let ring = test.ring.clone().with_new("second");
        ring.save(&file).unwrap();
        let mut transaction = test.store.begin().await.unwrap();
        switch_wrapping_key(&mut transaction, &ring).await.unwrap();
        transaction.commit().await.unwrap();
        let mut rounds = 0;
        while rewrap_some(&test.store, &ring, 2).await.unwrap() > 0 {
            rounds += 1;
        }
        assert!(rounds > 1);
        ring.only_newest().save(&file).unwrap();

        // A server that was started before the rotation goes on, and wraps with the new key.
        let server = TestStore { keys: running.clone(), ..test };
        take_in_lines(&server, &[line("e2", "EAC9999103404", "IAA", "2026-01-07T14:00:00Z")]).await;
        assert_eq!(sensitive(&server, &running).await, before);
        let mut connection = server.store.read().await.unwrap();
        assert_eq!(wrapping_keys(&mut connection).await.unwrap(), ["second"]);
        drop(connection);
        let keys = Keys::open(&server.store, KeyRing::load(&file).unwrap().unwrap(), None, &server.clock).await.unwrap();
        assert_eq!(sensitive(&server, &keys).await, before);
        let other = KeyRing::generate("another installation");
        assert!(Keys::open(&server.store, other, None, &server.clock).await.is_err());
    }
}

/// 1,000 planted values of every sensitive kind, looked for in the database's own files and in its copy.
#[tokio::test]
async fn no_planted_value_stands_in_database_log_or_copy() {
    for test in both().await {
        let mut planted = Vec::new();
        let mut lines = Vec::new();
        for n in 0..200 {
            let mut line = line(&format!("e{n}"), &format!("EAC99{n:08}"), "IAA", "2026-01-07T14:00:00Z");
            let person = line.applicant.as_mut().unwrap();
            let secrets = [
                format!("A3{n:07}9"),
                format!("19{:02}-{:02}-{:02}", 11 + n % 80, 1 + n % 12, 1 + n % 28),
                format!("planted{n}@secret.example"),
                format!("+1 303 555 {n:04}"),
                format!("{n} Planted Secret Street"),
            ];
            [person.a_number, person.birth_date, person.email, person.telephone] =
                [Some(secrets[0][..10].to_owned()), Some(secrets[1].clone()), Some(secrets[2].clone()), Some(secrets[3].clone())];
            line.mailing_address.as_mut().unwrap().street.clone_from(&secrets[4]);
            planted.extend([
                secrets[0][1..10].to_owned(),
                secrets[1].clone(),
                secrets[2].clone(),
                secrets[3].clone(),
                secrets[4].clone(),
            ]);
            lines.push(line);
        }
        assert_eq!(planted.len(), 1000);
        take_in_lines(&test, &lines).await;

        let copy = test.folder.path().join("copy");
        test.store.copy_to(&copy).await.unwrap();
        let mut bytes = Vec::new();
        for file in std::fs::read_dir(test.folder.path()).unwrap() {
            bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
        }
        if test.store.engine() == Engine::Postgres {
            // pg_dump compresses its archives: look into the plain text of one as well.
            let dump = tokio::process::Command::new("pg_dump").args(["--dbname", &test.address]).output().await.unwrap();
            assert!(dump.status.success());
            bytes.extend(dump.stdout);
        }
        assert!(bytes.len() > 100_000);
        assert!(contains(&bytes, b"Ejemplo"), "names are there, so the search looks in the right place");
        for secret in planted {
            assert!(!contains(&bytes, secret.as_bytes()), "{secret} in {:?}", test.store.engine());
        }
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let first = wanted[0];
    bytes.iter().enumerate().any(|(at, byte)| *byte == first && bytes[at..].starts_with(wanted))
}
