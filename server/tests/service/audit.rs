//! Tamper evidence, as an operator meets it.

use std::process::{Command, Output};
use std::time::Duration;

use store::testing::meddle;

use super::running::{Engine, Installation, line};

fn portico(installation: &Installation, arguments: &[&str]) -> Command {
    let mut command = installation.command(arguments);
    command.env("PORTICO_CHECKPOINTS", installation.path("outside"));
    command.env("PORTICO_CHECKPOINT_KEY", installation.path("checkpoint.key"));
    command
}

fn said(output: Output) -> (Option<i32>, String, String) {
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn run(installation: &Installation, arguments: &[&str]) -> (Option<i32>, String, String) {
    said(portico(installation, arguments).output().unwrap())
}

fn succeed(installation: &Installation, arguments: &[&str]) -> String {
    let (code, out, err) = run(installation, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {out}{err}");
    out
}

fn fail(installation: &Installation, arguments: &[&str]) -> String {
    let (code, out, err) = run(installation, arguments);
    assert_eq!(code, Some(1), "{arguments:?} succeeded: {out}");
    err
}

#[tokio::test]
async fn a_server_seals_its_logs_and_a_change_ends_the_verification_with_one() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut installation = Installation::new(engine).await;
        installation.shares = true;
        installation.import(&line("e1", "EAC9999103403", "IAA", "2026-01-07T15:00:00Z", ""));
        let (outside, key) = (installation.path("outside"), installation.path("checkpoint.key"));
        let settings = [("PORTICO_CHECKPOINTS", outside.to_str().unwrap()), ("PORTICO_CHECKPOINT_KEY", key.to_str().unwrap())];
        let server = installation.serve(&settings);
        let written = async {
            while !outside.join("audit/checkpoint").exists() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), written).await.expect("the job runs when a server starts");
        server.stop();
        let kept = installation.path("kept");
        std::fs::copy(outside.join("audit/checkpoint"), &kept).unwrap();
        succeed(&installation, &["client", "add", "feed", "--scope", "case-feed"]);
        let sealed = succeed(&installation, &["audit", "seal"]);
        assert!(sealed.contains("audit/checkpoint"), "{sealed}");
        let verify = ["audit", "verify", "--checkpoint", kept.to_str().unwrap()];
        let clean = succeed(&installation, &verify);
        assert!(clean.contains("Nothing was changed.") && clean.contains("partner-disclosure-outcome"), "{clean}");

        let store = store::Store::open(&installation.database, None).await.unwrap();
        let on = if matches!(engine, Engine::Sqlite) { "" } else { " ON audit_entry" };
        meddle(&store, &format!("DROP TRIGGER audit_entry_is_never_changed{on}")).await.unwrap();
        let changed = meddle(&store, "UPDATE audit_entry SET actor = 'nobody' WHERE action = 'api_client.add'").await.unwrap();
        store.close().await;
        assert_eq!(changed, 1);
        let (code, out, err) = run(&installation, &verify);
        assert_eq!(code, Some(1));
        let findings: Vec<&str> = out.lines().filter(|line| line.contains("position")).collect();
        assert_eq!(findings.len(), 1, "{out}");
        assert!(findings[0].starts_with("audit ") && findings[0].ends_with("does not give its leaf hash"), "{out}");
        assert!(err.contains("Findings: 1."), "{err}");
        std::fs::remove_dir_all(&outside).unwrap();
        assert!(run(&installation, &verify).1.contains("no checkpoint lies outside"));
    }
}

#[tokio::test]
async fn what_is_missing_is_named_with_what_to_do() {
    let installation = Installation::new(Engine::Sqlite).await;
    assert!(installation.fail(&["audit", "verify"]).contains("Set PORTICO_CHECKPOINTS"));
    assert!(installation.succeed(&["doctor"]).contains("look  PORTICO_CHECKPOINTS: not set"));
    assert!(succeed(&installation, &["doctor"]).contains("will be made at the first start"));
    assert!(fail(&installation, &["audit", "verify"]).contains("Nothing lies outside to compare with."));
    let mut shared = portico(&installation, &["audit", "seal"]);
    let (code, _, err) = said(shared.env("PORTICO_CHECKPOINT_KEY", installation.path("portico.keys")).output().unwrap());
    assert!(code == Some(1) && err.contains("is a file of other keys"), "{err}");

    succeed(&installation, &["audit", "seal"]);
    let keys = succeed(&installation, &["audit", "key"]);
    assert_eq!(keys.lines().count(), 6);
    assert!(keys.starts_with("localhost:8080/k20"), "{keys}");
    let doctor = succeed(&installation, &["doctor"]);
    assert!(doctor.contains("signs as localhost:8080/k20") && doctor.contains("PORTICO_CHECKPOINTS: audit: "), "{doctor}");
    assert!(doctor.contains("lies beside the database"), "{doctor}");
    assert!(fail(&installation, &["audit", "begin-again"]).contains("Set the folder and the key file aside first"));
    let garbage = installation.path("garbage");
    std::fs::write(&garbage, "garbage").unwrap();
    let kept = ["audit", "verify", "--checkpoint", garbage.to_str().unwrap()];
    assert!(fail(&installation, &kept).contains("it is no signed note"));

    std::fs::remove_file(installation.path("checkpoint.key")).unwrap();
    for command in ["seal", "verify", "key"] {
        assert!(fail(&installation, &["audit", command]).contains("Restore it from your copy"));
    }
    let (_, out, _) = run(&installation, &["doctor"]);
    assert!(out.contains("bad   PORTICO_CHECKPOINT_KEY"), "{out}");
    std::fs::rename(installation.path("outside"), installation.path("set-aside")).unwrap();
    assert!(fail(&installation, &["audit", "seal"]).contains("the folder holds another"));
    // The folder was made by then, and holds no more than a lock.
    succeed(&installation, &["audit", "begin-again"]);
    succeed(&installation, &["audit", "seal"]);
    succeed(&installation, &["audit", "verify"]);
}
