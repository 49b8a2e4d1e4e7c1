//! The drill: back up while serving, restore elsewhere, rotate keys, and read the same cases.

use std::os::unix::fs::PermissionsExt;

use uuid::Uuid;

use super::documents::{CONTENT, Desk, NAME};
use super::running::{Browser, Engine, Installation, line};

const NUMBER: &str = "EAC9999103403";

#[tokio::test]
async fn a_backup_made_while_serving_is_restored_into_a_new_database() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&line("e1", NUMBER, "IAA", "2026-01-07T15:00:00Z", ""));
        let server = installation.serve(&[]);
        Browser::new().look_up(&server, "en", NUMBER).await;
        let document = Desk::of(&installation).await.attach(Uuid::from_u128(1)).await;
        // What a process was just writing when the backup was made.
        std::fs::write(installation.path("documents").join(format!("{document}#1")), "half").unwrap();
        let file = installation.path("portico.backup");
        let file = file.to_str().unwrap();
        installation.succeed(&["backup", file]);
        assert!(installation.fail(&["backup", file]).contains("exists"), "a backup is never overwritten");
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(installation.fail(&["restore", file]).contains("not empty"));
        drop(server);
        let bytes = std::fs::read(file).unwrap();
        for secret in [NAME.as_bytes(), CONTENT] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }

        let elsewhere = Installation::new(engine).await;
        let keys = elsewhere.path("portico.keys");
        std::fs::copy(installation.path("portico.keys"), keys).unwrap();
        let folder = elsewhere.path("documents");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("of another server"), "").unwrap();
        assert!(elsewhere.fail(&["restore", file]).contains("is not empty"), "documents are never mixed");
        std::fs::remove_file(folder.join("of another server")).unwrap();
        elsewhere.succeed(&["restore", file]);
        let objects: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(objects.len(), 1);
        assert_eq!(objects[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Desk::of(&elsewhere).await.read(document).await, (NAME.to_owned(), CONTENT.to_vec()));
        let server = elsewhere.serve(&[]);
        let [_, answer] = Browser::new().look_up(&server, "en", NUMBER).await;
        assert!(answer.body.contains("Case Was Received"), "{}", answer.body);
        assert!(elsewhere.import(&line("e1", NUMBER, "IAA", "2026-01-07T15:00:00Z", "")).contains("1 already there"));
    }
}

#[tokio::test]
async fn documents_in_a_bucket_are_not_in_the_backup_and_both_commands_say_so() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&line("e1", NUMBER, "IAA", "2026-01-07T15:00:00Z", ""));
    let file = installation.path("portico.backup");
    let backup =
        installation.command(&["backup", file.to_str().unwrap()]).env("PORTICO_DOCUMENTS", "s3://papers").output().unwrap();
    let said = String::from_utf8(backup.stdout).unwrap();
    assert!(backup.status.success() && said.contains("The documents in s3://papers are not in it"), "{said}");
    let elsewhere = Installation::new(Engine::Sqlite).await;
    assert!(elsewhere.succeed(&["restore", file.to_str().unwrap()]).contains("The backup holds no documents."));

    let with_documents = installation.path("whole.backup");
    installation.succeed(&["backup", with_documents.to_str().unwrap()]);
    let elsewhere = Installation::new(Engine::Sqlite).await;
    let mut restore = elsewhere.command(&["restore", with_documents.to_str().unwrap()]);
    let refused = restore.env("PORTICO_DOCUMENTS", "s3://papers").output().unwrap();
    assert!(String::from_utf8(refused.stderr).unwrap().contains("set PORTICO_DOCUMENTS to an empty folder"));
    assert!(!elsewhere.path("portico.keys").exists());
    elsewhere.succeed(&["restore", with_documents.to_str().unwrap()]);
}

#[tokio::test]
async fn a_broken_backup_or_a_wrong_key_restores_nothing() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&line("e1", NUMBER, "IAA", "2026-01-07T15:00:00Z", ""));
    let file = installation.path("portico.backup");
    installation.succeed(&["backup", file.to_str().unwrap()]);
    let whole = std::fs::read(&file).unwrap();

    let elsewhere = Installation::new(Engine::Sqlite).await;
    let broken = elsewhere.path("broken.backup");
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for bytes in [&whole[..whole.len() / 2], &flipped, &whole[..700], b""] {
        std::fs::write(&broken, bytes).unwrap();
        assert!(elsewhere.fail(&["restore", broken.to_str().unwrap()]).contains("not a whole backup"));
    }
    let other_keys = Installation::new(Engine::Sqlite).await;
    other_keys.succeed(&["migrate"]);
    std::fs::copy(other_keys.path("portico.keys"), elsewhere.path("portico.keys")).unwrap();
    assert!(elsewhere.fail(&["restore", file.to_str().unwrap()]).contains("The backup needs the key"));
    assert!(!elsewhere.path("broken.backup.parts").exists(), "nothing is left behind");
}

#[tokio::test]
async fn keys_are_rotated_and_the_older_one_is_needed_no_more() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&line("e1", NUMBER, "IAA", "2026-01-07T15:00:00Z", ""));
    let running = installation.serve(&[]);
    let said = installation.succeed(&["key", "rotate"]);
    // Five of the service and the case's; the person's, if the server has looked at the case by now.
    assert!(said.starts_with("6 data keys are wrapped") || said.starts_with("7 data keys are wrapped"), "{said}");
    let text = std::fs::read_to_string(installation.path("portico.keys")).unwrap();
    assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 1, "the older key is gone");
    let [_, answer] = Browser::new().look_up(&running, "en", NUMBER).await;
    assert!(answer.body.contains("Case Was Received"), "a server that was running goes on");
    drop(running);
    let server = installation.serve(&[]);
    let [_, answer] = Browser::new().look_up(&server, "en", NUMBER).await;
    assert!(answer.body.contains("Case Was Received"));
    installation.import(&line("e2", NUMBER, "DA", "2026-01-08T15:00:00Z", ""));
}
