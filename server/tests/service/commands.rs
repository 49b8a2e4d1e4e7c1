//! The command line: good input, bad input, and being killed in the middle.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use store::testing::meddle;

use super::running::{Browser, Engine, Installation, line};

#[tokio::test]
async fn bad_input_says_what_to_do() {
    let installation = Installation::new(Engine::Sqlite).await;
    let bad = installation.path("bad");
    std::fs::write(&bad, "nonsense\n").unwrap();
    let bad = bad.to_str().unwrap();
    for (arguments, says) in [
        (&["restore", bad][..], "not a whole backup"),
        (&["import", "cases", "/nowhere"], "/nowhere"),
        (&["import", "offices", bad], "Line 1 must be the header"),
        (&["import", "texts", bad], "not in the documented form"),
        (&["client", "add", "x", "--scope", "everything"], "The scopes are: case-feed"),
        (&["client", "add", " ", "--scope", "case-feed"], "1 to 80"),
        (&["client", "revoke", "nobody"], "no client named"),
        (&["seed", "demo", "--cases", "many"], "--cases"),
        (&["seed", "demo", "--requests", "many"], "--requests"),
        (&["seed", "demo", "--requests", "10000001"], "0..=10000000"),
        (&["seed", "demo", "--cases", "0"], "Give --cases 1 or more"),
        (&["fly"], "fly"),
    ] {
        let said = installation.fail(arguments);
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["client", "add", "feed", "--scope", "case-feed"]);
    assert!(installation.fail(&["client", "add", "feed", "--scope", "case-feed"]).contains("Choose another name"));
}

#[tokio::test]
async fn settings_that_are_not_safe_keep_the_server_from_starting() {
    let installation = Installation::new(Engine::Sqlite).await;
    for (settings, says) in [
        (&[("PORTICO_LISTEN", "0.0.0.0:0")][..], "PORTICO_TLS_CERT"),
        (&[("PORTICO_PUBLIC_URL", "http://status.agency.example")], "PORTICO_TLS_CERT"),
        (&[("PORTICO_LISTEN", "here")], "PORTICO_LISTEN: \"here\" is not an address and port"),
        (&[("PORTICO_SITE", "/nowhere")], "make build"),
        (&[("PORTICO_DATABASE_URL", "mysql://x")], "must begin with sqlite: or postgres://"),
        (&[("PORTICO_DATABASE_URL", "postgres://portico@db.example/x")], "sslmode=verify-full"),
        (&[("PORTICO_LOG", "a=b=c=")], "PORTICO_LOG"),
    ] {
        let said = installation.try_serve(settings).err().expect("refused");
        assert!(said.contains(says), "{settings:?}: {said}");
    }
}

#[tokio::test]
async fn a_lost_or_open_key_file_is_not_replaced() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["migrate"]);
    let keys = installation.path("portico.keys");
    assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(installation.fail(&["migrate"]).contains("0600"));
    std::fs::remove_file(&keys).unwrap();
    assert!(installation.fail(&["migrate"]).contains("Restore it from your copy"));
    assert!(!keys.exists());
}

/// Two services on one fresh volume are an ordinary way to start.
#[tokio::test]
async fn servers_that_start_together_share_one_key_file() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let mut starting: Vec<_> = (0..4)
            .map(|_| installation.command(&["migrate"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
            .collect();
        for process in starting.drain(..) {
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        installation.succeed(&["migrate"]);
        assert_eq!(std::fs::metadata(installation.path("portico.keys")).unwrap().permissions().mode() & 0o777, 0o600);
        if matches!(engine, Engine::Sqlite) {
            assert_eq!(std::fs::metadata(installation.path("portico.db")).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

#[tokio::test]
async fn the_doctor_names_each_bad_setting() {
    let installation = Installation::new(Engine::Sqlite).await;
    let healthy = installation.succeed(&["doctor"]);
    assert!(healthy.contains("will be made at the first start"), "{healthy}");
    assert!(healthy.contains("ok    e-Request: every kind of request has its rules and its words"), "{healthy}");
    assert!(healthy.contains("letters: "), "{healthy}");
    assert!(healthy.contains("look  PORTICO_LETTERS: no folder is named"), "{healthy}");
    let mut command = installation.command(&["doctor"]);
    command
        .env("PORTICO_LISTEN", "0.0.0.0:443")
        .env("PORTICO_LISTN", "x")
        .env("PORTICO_SITE", "/nowhere")
        .env("PORTICO_LETTERS", "/nowhere");
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    for part in
        ["bad   PORTICO_TLS_CERT", "bad   PORTICO_PUBLIC_URL", "look  PORTICO_LISTN", "bad   PORTICO_SITE", "bad   PORTICO_LETTERS"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[tokio::test]
async fn the_doctor_finds_requests_that_were_left_lying() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&line("e1", "EAC9999103403", "IAA", "2026-01-07T15:00:00Z", ""));
    assert!(installation.succeed(&["doctor"]).contains("ok    service requests: none was left lying"));
    let store = store::Store::open(&installation.database, None).await.unwrap();
    let id = "X'00000000000000000000000000000001'";
    meddle(
        &store,
        &format!(
            "INSERT INTO service_request (id, number, case_id, kind, round, source, submission_id, locale, content, state, \
             target_days, target_count, due_on, received_at) SELECT {id}, 'SR267KQ4M2XWR', id, 'typographic_error', 1, 'e_req', \
             {id}, 'en', X'00', 'stored', 30, 'calendar', '2026-02-07', '2026-01-08T15:00:00Z' \
             FROM case_record WHERE receipt_number = 'EAC9999103403'"
        ),
    )
    .await
    .unwrap();
    for (position, happening) in ["received", "stored"].into_iter().enumerate() {
        let event = format!(
            "INSERT INTO service_request_event (id, request_id, position, occurred_at, actor, event) VALUES \
             (X'0000000000000000000000000000001{position}', {id}, {position}, '2026-01-08T15:00:00Z', 'public', \
             '{{\"happening\":\"{happening}\"}}')"
        );
        meddle(&store, &event).await.unwrap();
    }
    let said = installation.succeed(&["doctor"]);
    assert!(said.contains("look  service requests: 1 left lying") && said.contains("SR26-7KQ4-M2XW-R is stored"), "{said}");

    meddle(&store, "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)").await.unwrap();
    let said = installation.succeed(&["doctor"]);
    assert!(said.contains("its tables are of an earlier release") && !said.contains("left lying"), "{said}");
}

#[tokio::test]
async fn demo_people_go_into_an_empty_database_and_stay_on_loopback() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["seed", "demo", "--cases", "60"]);
    let again = installation.succeed(&["seed", "demo", "--cases", "60"]);
    assert!(again.contains("Nothing changed."), "{again}");
    let public = [
        ("PORTICO_LISTEN", "0.0.0.0:0"),
        ("PORTICO_PUBLIC_URL", "https://status.agency.example"),
        ("PORTICO_TRUSTED_PROXIES", "10.0.0.0/8"),
    ];
    let said = installation.try_serve(&public).err().expect("refused");
    assert!(said.contains("loopback only"), "{said}");
    let server = installation.serve(&[]);
    let front = Browser::new().get(server.url("/")).await.body;
    assert!(front.contains("EAC9999103403") || front.contains("EAC9999103400"), "the front page names examples: {front}");

    let real = Installation::new(Engine::Sqlite).await;
    real.import(&line("e1", "EAC9999103403", "IAA", "2026-01-07T15:00:00Z", ""));
    assert!(real.fail(&["seed", "demo"]).contains("is no demo"));
}

/// Killed anywhere, an import is completed by running it again; nothing is lost, doubled or half there.
#[tokio::test]
async fn an_import_that_is_killed_is_completed_by_a_second_run() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let file = installation.path("cases.ndjson");
        let feed: String = (0..12_000)
            .map(|n| {
                line(
                    &format!("e{n}"),
                    &format!("EAC99{:08}", n / 3),
                    ["IAA", "IMAF", "DA"][n % 3],
                    &format!("2026-01-0{}T15:00:00Z", 1 + n % 3),
                    "",
                )
            })
            .collect();
        std::fs::write(&file, feed).unwrap();
        installation.succeed(&["migrate"]);
        let arguments = ["import", "cases", file.to_str().unwrap()];
        for kill_at in [1, 4_000, 8_000] {
            let mut process = installation.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            while process.try_wait().unwrap().is_none() && events(&installation).await < kill_at {
                tokio::task::yield_now().await;
            }
            process.kill().unwrap();
            process.wait().unwrap();
            let left = events(&installation).await;
            assert!(left >= kill_at && left % 500 == 0, "{left} events: batches go in whole");
        }
        let said = installation.succeed(&arguments);
        assert!(said.starts_with("12000 lines read"), "{said}");
        assert_eq!(events(&installation).await, 12_000);
        assert!(installation.succeed(&arguments).contains("0 events added, 12000 already there"));
        let server = installation.serve(&[]);
        let [_, answer] = Browser::new().look_up(&server, "en", "EAC9900003999").await;
        assert!(answer.body.contains("Case Was Approved"), "{}", answer.body);
    }
}

/// Events in the database, without the decoy's.
async fn events(installation: &Installation) -> usize {
    let store = store::Store::open(&installation.database, None).await.unwrap();
    let mut connection = store.read().await.unwrap();
    let count = store::case_feed::count_events(&mut connection).await.unwrap();
    drop(connection);
    store.close().await;
    usize::try_from(count).unwrap()
}
