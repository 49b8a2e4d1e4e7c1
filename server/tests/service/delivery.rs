//! Extract files coming in: by command, from a drop, and after being killed in the middle.

use std::process::Stdio;
use std::time::{Duration, Instant};

use domain::delivery_tracking::layout::{Field, VERSION_1_5};
use store::delivery_tracking::Counts;

use super::running::{Browser, Engine, Installation, line};

const RECIPIENT: &str = "N EJEMPLOSECRETO";

/// A tracking number with its check digit.
fn number(serial: usize) -> String {
    let digits = format!("92055999999999{serial:07}");
    let weighted = digits.bytes().rev().zip([3, 1].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    format!("{digits}{}", (10 - weighted.sum::<u32>() % 10) % 10)
}

fn record(serial: usize, code: &str, receipt_number: &str) -> Vec<u8> {
    let mut line = VERSION_1_5.write(|field| match field {
        Field::TrackingNumber => number(serial),
        Field::FacilityName => "MERRIFIELD, VA".into(),
        Field::EventCode => code.into(),
        Field::EventDate => "20260303".into(),
        Field::EventTime => "1405".into(),
        Field::CustomerReference => receipt_number.into(),
        Field::RecipientName => RECIPIENT.into(),
        _ => String::new(),
    });
    line.extend(b"\r\n");
    line
}

#[tokio::test]
async fn a_file_is_taken_in_by_command_and_a_bad_one_keeps_no_other_out() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&line("e1", "EAC9999103403", "DA", "2026-03-01T15:00:00Z", ""));
        let folder = installation.path("extracts");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("a-letter.txt"), "Dear Sir,\nwhere is my card?\n").unwrap();
        std::fs::write(folder.join("b.dat"), record(1, "01", "EAC9999103403")).unwrap();
        std::fs::write(folder.join("b.sem"), "").unwrap();
        let said = installation.fail(&["ingest", "usps", folder.to_str().unwrap()]);
        assert!(said.contains("a-letter.txt is no extract file") && said.contains("1 files could not be taken in"), "{said}");
        let status = installation.succeed(&["ingest", "status"]);
        assert!(status.contains("b.dat") && status.contains("2026-03-03, 2026-03-03"), "{status}");
        let again = installation.succeed(&["ingest", "usps", folder.join("b.dat").to_str().unwrap()]);
        assert!(again.contains("taken in before, as b.dat"), "{again}");
        let server = installation.serve(&[]);
        let [_, answer] = Browser::new().look_up(&server, "en", "EAC9999103403").await;
        assert!(answer.body.contains("MERRIFIELD, VA") && answer.body.contains("tools.usps.com"), "{}", answer.body);
        assert!(!answer.body.contains("EJEMPLOSECRETO") && !server.log().contains("EJEMPLOSECRETO"));
    }
    let installation = Installation::new(Engine::Sqlite).await;
    assert!(installation.succeed(&["ingest", "status"]).contains("No extract has come in yet."));
    assert!(installation.fail(&["ingest", "usps", "/nowhere/at/all"]).contains("/nowhere/at/all"));
}

#[tokio::test]
async fn a_drop_is_watched_and_left_as_it_is() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&line("e1", "EAC9999103403", "DA", "2026-03-01T15:00:00Z", ""));
    let drop = installation.path("drop");
    std::fs::create_dir(&drop).unwrap();
    let settings = [("PORTICO_USPS_DROP", drop.to_str().unwrap())];
    let quiet = installation.serve(&settings);
    let ready = Browser::new().get(quiet.url("/health/ready")).await.body;
    assert_eq!(ready, "ready\nno extract of the carrier came in for 36 hours\n");
    quiet.stop();

    std::fs::write(drop.join("extract.dat"), record(1, "01", "EAC9999103403")).unwrap();
    std::fs::write(drop.join("extract.sem"), "").unwrap();
    let server = installation.serve(&settings);
    let until = Instant::now() + Duration::from_secs(30);
    while counts(&installation).await.events < 1 {
        assert!(Instant::now() < until, "{}", server.log());
        tokio::task::yield_now().await;
    }
    let mut files: Vec<_> = std::fs::read_dir(&drop).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["extract.dat", "extract.sem"]);
    assert!(installation.succeed(&["ingest", "status"]).contains("extract.dat"));
}

#[tokio::test]
async fn a_process_that_only_works_takes_extracts_in_and_stops_when_told() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&line("e1", "EAC9999103403", "DA", "2026-03-01T15:00:00Z", ""));
    let drop = installation.path("drop");
    std::fs::create_dir(&drop).unwrap();
    std::fs::write(drop.join("extract.dat"), record(1, "01", "EAC9999103403")).unwrap();
    std::fs::write(drop.join("extract.sem"), "").unwrap();
    let mut command = installation.command(&["work"]);
    let mut worker = command.env("PORTICO_USPS_DROP", &drop).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while counts(&installation).await.events < 1 {
        assert!(Instant::now() < until && worker.try_wait().unwrap().is_none());
        tokio::task::yield_now().await;
    }
    std::process::Command::new("kill").arg(worker.id().to_string()).status().unwrap();
    assert!(worker.wait().unwrap().success());

    let mut unsafe_drop = installation.command(&["work"]);
    let refused = unsafe_drop.env("PORTICO_USPS_DROP", "sftp://agency@carrier.example/out").output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("needs PORTICO_USPS_KEY_FILE and PORTICO_USPS_HOST_KEY"));
}

#[tokio::test]
async fn a_file_that_is_killed_in_the_middle_is_completed_by_a_second_run() {
    const RECORDS: usize = 30_000;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let file = installation.path("extract.dat");
        std::fs::write(&file, (0..RECORDS).flat_map(|serial| record(serial, "10", "")).collect::<Vec<u8>>()).unwrap();
        installation.succeed(&["migrate"]);
        let arguments = ["ingest", "usps", file.to_str().unwrap()];
        for kill_at in [1, 10_000] {
            let mut process = installation.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            while process.try_wait().unwrap().is_none() && counts(&installation).await.records < kill_at {
                tokio::task::yield_now().await;
            }
            process.kill().unwrap();
            process.wait().unwrap();
        }
        let before = counts(&installation).await;
        assert!(before.records > 0);
        installation.succeed(&arguments);
        let after = counts(&installation).await;
        assert_eq!(after.records, i64::try_from(RECORDS).unwrap());
        assert_eq!(after.events + after.duplicates, after.records, "what went in before is known");
        assert!(after.duplicates > 0 && after.quarantined == 0, "{after:?}");
        assert!(installation.succeed(&arguments).contains("taken in before"));
    }
}

/// What the newest run did so far.
async fn counts(installation: &Installation) -> Counts {
    let store = store::Store::open(&installation.database, None).await.unwrap();
    let mut connection = store.read().await.unwrap();
    let runs = store::delivery_tracking::extracts(&mut connection, 1).await.unwrap();
    drop(connection);
    store.close().await;
    runs.first().map(|run| run.counts).unwrap_or_default()
}
