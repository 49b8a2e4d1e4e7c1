//! Extract files taken in by the command, against the raw engine that loads the same rows into the same tables.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::delivery_tracking::layout::{Field, VERSION_1_5};

use crate::served::{Database, PORTICO, root};
use crate::{Row, ratio};

/// A piece's way in ten scans: the carrier's code and name, day of the month.
const WAY: [(&str, &str, u32); 10] = [
    ("03", "ACCEPT OR PICKUP", 2),
    ("10", "PROCESSED THROUGH USPS FACILITY", 2),
    ("10", "PROCESSED THROUGH USPS FACILITY", 3),
    ("10", "PROCESSED THROUGH USPS FACILITY", 4),
    ("07", "ARRIVAL AT UNIT", 5),
    ("OF", "OUT FOR DELIVERY", 5),
    ("02", "NOTICE LEFT", 5),
    ("OF", "OUT FOR DELIVERY", 6),
    ("01", "DELIVERED", 6),
    ("DX", "DELIVERY STATUS NOT UPDATED", 7),
];
/// Every so many records one comes again.
const REPEATED: usize = 50;
const COLUMNS: &str = "tracking_number, event_code, scanned_at, facility_zip, label, event_name, facility, zip_index, \
                       receipt_number, extract_id, recorded_at";

/// A record, as the file and the table hold it.
struct Scan {
    number: String,
    code: &'static str,
    name: &'static str,
    day: u32,
    minute: usize,
    zip: String,
    reference: String,
}

/// Files of ten scans for each of these references; day after day, as the carrier sends them.
fn scans<'r>(references: impl Iterator<Item = &'r str> + Clone) -> impl Iterator<Item = Scan> {
    WAY.into_iter().flat_map(move |(code, name, day)| {
        references.clone().enumerate().map(move |(piece, reference)| Scan {
            number: tracking_number(piece),
            code,
            name,
            day,
            minute: (piece + usize::try_from(day).unwrap() * 97) % 1440,
            zip: format!("{:05}", 10_000 + piece % 80_000),
            reference: reference.to_owned(),
        })
    })
}

/// Of a mailer that nobody is.
fn tracking_number(piece: usize) -> String {
    let digits = format!("92055999999999{:07}", piece * 37 % 9_999_991);
    let weighted = digits.bytes().rev().enumerate().map(|(at, digit)| usize::from(digit - b'0') * if at % 2 == 0 { 3 } else { 1 });
    let check = (10 - weighted.sum::<usize>() % 10) % 10;
    format!("{digits}{check}")
}

impl Scan {
    fn line(&self) -> Vec<u8> {
        VERSION_1_5.write(|field| match field {
            Field::TrackingNumber => self.number.clone(),
            Field::DestinationZip | Field::FacilityZip => self.zip.clone(),
            Field::FacilityName => "SPRINGFIELD, VA".into(),
            Field::EventCode => self.code.into(),
            Field::EventName => self.name.into(),
            Field::EventDate => format!("202603{:02}", self.day),
            Field::EventTime => format!("{:02}{:02}", self.minute / 60, self.minute % 60),
            Field::CustomerReference => self.reference.clone(),
            _ => String::new(),
        })
    }

    fn scanned_at(&self) -> String {
        format!("2026-03-{:02}T{:02}:{:02}:00", self.day, self.minute / 60, self.minute % 60)
    }
}

/// Writes an extract of these scans, some of them twice. Gives the number of records.
fn write_extract(file: &Path, scans: impl Iterator<Item = Scan>) -> usize {
    let mut out = BufWriter::new(File::create(file).unwrap());
    let mut records = 0;
    for scan in scans {
        let line = scan.line();
        for _ in 0..if records % REPEATED == 0 { 2 } else { 1 } {
            out.write_all(&line).unwrap();
            out.write_all(b"\r\n").unwrap();
            records += 1;
        }
    }
    out.flush().unwrap();
    records
}

/// Ten scans for each of these cases, taken in beside whoever serves them.
pub fn take_in_for(folder: &Path, address: &str, receipt_numbers: &[String]) {
    let file = folder.join("of-cases.dat");
    write_extract(&file, scans(receipt_numbers.iter().map(String::as_str)));
    ingest(folder, address, &file);
}

/// Takes a file in. Gives the time and the peak of resident memory in MiB.
fn ingest(folder: &Path, address: &str, file: &Path) -> (Duration, f64) {
    let began = Instant::now();
    let mut process = portico(folder, address).args(["ingest", "usps"]).arg(file).stdout(Stdio::null()).spawn().unwrap();
    let mut peak = 0.0_f64;
    let status = loop {
        peak = peak.max(peak_mebibytes(process.id()));
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success());
    (began.elapsed(), peak)
}

fn peak_mebibytes(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// A command of the program, on a database of the bench.
pub fn portico(folder: &Path, address: &str) -> Command {
    let mut command = Command::new(PORTICO);
    command.current_dir(root()).env("PORTICO_DATABASE_URL", address).env("PORTICO_KEY_FILE", folder.join("portico.keys"));
    command.env("PORTICO_LOG", "warn");
    command
}

fn migrated(folder: &Path, address: &str) {
    assert!(portico(folder, address).arg("migrate").stdout(Stdio::null()).status().unwrap().success());
}

/// Figures of one engine.
pub async fn rows(database: Database, pieces: usize) -> Vec<Row> {
    let (name, folder) = match database {
        Database::Sqlite => ("SQLite", root().join("target/bench/extract-sqlite")),
        Database::Postgres => ("PostgreSQL", root().join("target/bench/extract-postgres")),
    };
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let addresses = match database {
        Database::Sqlite => ["portico", "raw"].map(|name| format!("sqlite:{}", folder.join(name).with_extension("db").display())),
        Database::Postgres => [store::testing::new_postgres().await.kept(), store::testing::new_postgres().await.kept()],
    };
    for address in &addresses {
        migrated(&folder, address);
    }
    let all = || scans(std::iter::repeat_n("", pieces));
    let extract = folder.join("extract.dat");
    let records = write_extract(&extract, all());
    let (first, peak) = ingest(&folder, &addresses[0], &extract);
    let (second, idle_peak) = ingest(&folder, &addresses[0], &extract);
    let raw = match database {
        Database::Sqlite => load_sqlite(&folder.join("raw.db"), all()),
        Database::Postgres => load_postgres(&folder.join("rows.copy"), &addresses[1], all()),
    };
    let per_second = |count: usize, time: Duration| count as f64 / time.as_secs_f64();
    let again = second.as_secs_f64() / first.as_secs_f64();
    let growth = peak - idle_peak;
    vec![
        ratio(
            &format!("extract of {records} records, {name} / the raw engine"),
            per_second(records, first),
            per_second(pieces * WAY.len(), raw),
            0.33,
        ),
        Row {
            what: format!("the same file again, {name} / the first time"),
            measured: format!("{again:.3}  ({:.2} s / {:.2} s)", second.as_secs_f64(), first.as_secs_f64()),
            limit: "<= 0.2".into(),
            holds: again <= 0.2,
        },
        Row {
            what: format!("memory that the extract takes beside the program's own, {name}"),
            measured: format!("{growth:.0} MiB  (peak {peak:.0} MiB)"),
            limit: "<= 64 MiB".into(),
            holds: growth <= 64.0,
        },
    ]
}

/// Prepared inserts in one transaction, with the settings that Portico's own connection has.
fn load_sqlite(file: &PathBuf, scans: impl Iterator<Item = Scan>) -> Duration {
    let rows: Vec<_> = scans.map(|scan| (scan.scanned_at(), scan)).collect();
    let mut connection = rusqlite::Connection::open(file).unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.pragma_update(None, "cache_size", -4000).unwrap();
    let began = Instant::now();
    let transaction = connection.transaction().unwrap();
    let sql = format!("INSERT INTO scan_event ({COLUMNS}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT DO NOTHING");
    let mut insert = transaction.prepare(&sql).unwrap();
    for (scanned_at, scan) in &rows {
        let (nothing, hash, extract): (Option<&str>, _, _) = (None, [7_u8; 32], [1_u8; 16]);
        insert
            .execute(rusqlite::params![
                scan.number,
                scan.code,
                scanned_at,
                scan.zip,
                nothing,
                scan.name,
                "SPRINGFIELD, VA",
                hash,
                nothing,
                extract,
                "2026-03-10T15:00:00.000000+00:00"
            ])
            .unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
    began.elapsed()
}

/// `COPY` by PostgreSQL's own client.
fn load_postgres(file: &Path, address: &str, scans: impl Iterator<Item = Scan>) -> Duration {
    let mut rows = String::new();
    for scan in scans {
        writeln!(
            rows,
            "{}\t{}\t{}\t{}\t\\N\t{}\tSPRINGFIELD, VA\t\\\\x{}\t\\N\t01980000-0000-7000-8000-000000000001\t2026-03-10 15:00:00+00",
            scan.number,
            scan.code,
            scan.scanned_at(),
            scan.zip,
            scan.name,
            "07".repeat(32),
        )
        .unwrap();
    }
    std::fs::write(file, rows).unwrap();
    let began = Instant::now();
    let copy = format!("\\copy scan_event ({COLUMNS}) FROM '{}'", file.display());
    let output = Command::new("psql").args(["--quiet", "--set=ON_ERROR_STOP=1", "--command", &copy, address]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    began.elapsed()
}
