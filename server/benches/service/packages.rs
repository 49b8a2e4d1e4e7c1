//! A partner's case with twenty documents of 5 MB: redacted, and sealed as one package, within 64 MiB of memory. It happens in a
//! process of its own, whose most memory is read in the end; a document is redacted in a process of its own as well.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufReader, Read as _, Write as _, sink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::DateTime;
use domain::information_request::package::{Entry, EntryKind, EntryName, Manifest, Opening, Sealing};
use gateways::redaction::Redactor;
use shared::document::{DocumentKind, Redaction, RedactionRequest};
use store::crypto::hpke::RecipientSecret;
use store::crypto::{PackageKey, sha256_of};
use uuid::Uuid;

use crate::Row;

/// Makes this program the process that prepares and seals.
pub const ARGUMENT: &str = "--prepare";

const DOCUMENTS: usize = 20;
const MOST_MEBIBYTES: f64 = 64.0;
const AREAS: [Redaction; 1] = [Redaction { page: 1, left: 100, top: 100, right: 900, bottom: 200 }];
/// Pixels on a side: three bytes each.
const SIDE: usize = 1300;

fn keys() -> (PackageKey, RecipientSecret) {
    (PackageKey::of_bytes(&[7; 32]).unwrap(), RecipientSecret::of_bytes(&[7; 32]).unwrap())
}

fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_portico")).with_file_name("portico-letters");
    assert!(program.exists(), "{} redacts: `make letters` builds it", program.display());
    program
}

pub fn rows() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents();
    let mut bytes = 0;
    for number in 0..DOCUMENTS {
        let (kind, document) = &documents[number % documents.len()];
        bytes += document.len();
        fs::write(folder.path().join(format!("{number:02}.{}", kind.key())), document).unwrap();
    }
    let redacting = documents.iter().map(|(kind, document)| redacting(*kind, document)).fold(0.0, f64::max);
    let prepared = Command::new(std::env::current_exe().unwrap()).arg(ARGUMENT).arg(folder.path()).output().unwrap();
    let said = String::from_utf8(prepared.stdout).unwrap();
    assert!(prepared.status.success(), "{said} {}", String::from_utf8_lossy(&prepared.stderr));
    opens(&folder.path().join("package"));
    let of = format!("{DOCUMENTS} documents of {:.1} MB", bytes as f64 / DOCUMENTS as f64 / 1e6);
    vec![
        row(format!("{of} redacted and sealed, most memory"), said.trim().parse().unwrap()),
        row("the process that redacts one of them, most memory".into(), redacting),
    ]
}

fn row(what: String, mebibytes: f64) -> Row {
    Row {
        what,
        measured: format!("{mebibytes:.0} MiB"),
        limit: format!("<= {MOST_MEBIBYTES} MiB"),
        holds: mebibytes <= MOST_MEBIBYTES,
    }
}

/// The most memory that a process had, as the kernel counts it.
fn most_memory(process: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    most.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

/// What the process of its own does: each document by itself, then the package.
pub async fn prepare(folder: &Path) {
    let redactor = Redactor::new(Some(program()));
    let mut documents: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.sort();
    let (request, reply) = (folder.join("request"), folder.join("reply"));
    fs::write(&request, b"a request").unwrap();
    fs::write(&reply, b"a reply").unwrap();
    let mut entries = vec![entry("request", EntryKind::Request, &request), entry("reply", EntryKind::Reply, &reply)];
    for document in &documents {
        let kind = DocumentKind::from_key(document.extension().unwrap().to_str().unwrap()).unwrap();
        let redacted = redactor.redact(kind, &fs::read(document).unwrap(), &AREAS).await.unwrap();
        fs::write(document, redacted).unwrap();
        let name = document.file_name().unwrap().to_str().unwrap();
        entries.push(entry(name, EntryKind::Document(kind), document));
    }
    let manifest = Manifest::new(Uuid::from_u128(1), DateTime::UNIX_EPOCH, entries).unwrap();
    let (ours, theirs) = keys();
    let output = File::create(folder.join("package")).unwrap();
    let mut sealing = Sealing::begin(manifest, &ours, theirs.public(), output).unwrap();
    for content in [&request, &reply].into_iter().chain(&documents) {
        sealing = sealing.add(File::open(content).unwrap()).unwrap();
    }
    sealing.finish().unwrap();
    println!("{}", most_memory("self"));
}

fn entry(name: &str, kind: EntryKind, file: &Path) -> Entry {
    let sha256 = sha256_of(File::open(file).unwrap()).unwrap();
    Entry { name: EntryName::parse(name).unwrap(), kind, sha256, bytes: file.metadata().unwrap().len() }
}

/// The package is whole.
fn opens(package: &Path) {
    let (ours, theirs) = keys();
    let mut opening = Opening::begin(BufReader::new(File::open(package).unwrap()), &theirs, ours.public()).unwrap();
    let mut entries = 0;
    while opening.next(&mut sink()).unwrap().is_some() {
        entries += 1;
    }
    assert_eq!(entries, 2 + DOCUMENTS);
}

/// The most memory of the process that redacts a document. It has done its work when it begins to answer, and waits to be read.
fn redacting(kind: DocumentKind, document: &[u8]) -> f64 {
    let mut process =
        Command::new(program()).arg("redact").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    let request = serde_json::to_vec(&RedactionRequest { kind, areas: AREAS.to_vec() }).unwrap();
    input.write_all(&[request.as_slice(), b"\n", document].concat()).unwrap();
    drop(input);
    let mut output = process.stdout.take().unwrap();
    let mut begun = [0; 16];
    output.read_exact(&mut begun).unwrap();
    assert!(begun.starts_with(RedactionRequest::DONE.as_bytes()), "{}", String::from_utf8_lossy(&begun));
    let most = most_memory(&process.id().to_string());
    output.read_to_end(&mut Vec::new()).unwrap();
    assert!(process.wait().unwrap().success());
    most
}

/// A picture, a scan in a PDF, and a photograph: what no packing makes smaller.
fn documents() -> Vec<(DocumentKind, Vec<u8>)> {
    let pixels = noise(SIDE * SIDE * 3);
    let scan = pdf(&pixels, SIDE, SIDE);
    // A drawn page is a photograph that is as large as one.
    let (width, height) = (1700, 2200);
    let page = redacted(&pdf(&noise(width * height * 3), width, height));
    let begin = page.windows(3).position(|window| window == [0xFF, 0xD8, 0xFF]).unwrap();
    let end = page.windows(2).rposition(|window| window == [0xFF, 0xD9]).unwrap();
    let photograph = page[begin..end + 2].to_vec();
    vec![(DocumentKind::Png, png(&pixels)), (DocumentKind::Pdf, scan), (DocumentKind::Jpeg, photograph)]
}

fn redacted(pdf: &[u8]) -> Vec<u8> {
    let redactor = Redactor::new(Some(program()));
    let redacted =
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(redactor.redact(DocumentKind::Pdf, pdf, &AREAS)));
    redacted.unwrap()
}

/// The same each time.
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..bytes).map(|_| next()).collect()
}

/// A PDF of one page, and over it a picture that is not packed.
fn pdf(pixels: &[u8], width: usize, height: usize) -> Vec<u8> {
    let drawing = "612 0 0 792 0 0 cm /P Do";
    let kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8";
    let picture = format!("<< {kind} /Width {width} /Height {height} /Length {} >>\nstream\n", pixels.len());
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> >>"
            .to_vec(),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()).into_bytes(),
        [picture.as_bytes(), pixels, b"\nendstream"].concat(),
    ];
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        writeln!(table, "{:010} 00000 n ", pdf.len()).unwrap();
        pdf.extend(format!("{number} 0 obj\n").bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    let at = pdf.len();
    let trailer = format!("{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n", objects.len() + 1);
    pdf.extend(trailer.bytes());
    pdf
}

/// A PNG whose pixels are not packed.
fn png(pixels: &[u8]) -> Vec<u8> {
    let rows: Vec<u8> = pixels.chunks(SIDE * 3).flat_map(|row| std::iter::once(0).chain(row.iter().copied())).collect();
    let mut data = vec![0x78, 0x01];
    let blocks = rows.chunks(65_535).count();
    for (number, block) in (1..).zip(rows.chunks(65_535)) {
        let length = u16::try_from(block.len()).unwrap();
        data.push(u8::from(number == blocks));
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend(block);
    }
    let (low, high) = rows.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    data.extend(((high << 16) | low).to_be_bytes());
    let side = u32::try_from(SIDE).unwrap().to_be_bytes();
    let header = [side.as_slice(), &side, &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1A\n".as_slice(), &chunk(*b"IHDR", &header), &chunk(*b"IDAT", &data), &chunk(*b"IEND", b"")].concat()
}

/// A chunk of a PNG; its checksum by the definition, a bit at a time.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let checked = [name.as_slice(), content].concat();
    let checksum = !checked.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    });
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), &checked, &checksum.to_be_bytes()].concat()
}
