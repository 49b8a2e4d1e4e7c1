//! The demo's share of partner countries: an officer's cases, a memorandum, and the gallery of the simulated IDENT.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use domain::partner_query::demo::{enrolled, seed};
use domain::{Context, Error};
use serde_json::{Value, json};
use shared::agreement::Partner;
use shared::case_status::ReceiptNumber;
use shared::office::OfficeCode;
use shared::protection::{Class, Waiver, WaiverId, WaiverKind};
use uuid::Uuid;

use super::HIDDEN;

/// Cases of the demo's asylum officer, by the number of the prints that their people have in the simulated IDENT.
const CASES: [(u32, &str); 3] = [(1, "SRC9999102783"), (2, "SRC9999102780"), (3, "SRC9999102781")];
/// Somebody whom no partner may learn of.
const PROTECTED: u32 = 9;

/// The people of the demo's staff who have to do with partners.
pub struct Staff {
    pub raio: Uuid,
    pub privacy: Uuid,
    pub counsel: Uuid,
}

/// Adds the memorandum and the officer's cases.
pub async fn fill(ctx: &Context, staff: &Staff) -> Result<(), Error> {
    if let Some(memorandum) = memorandum(ctx.today()) {
        domain::waiver::seed_demo(ctx, &memorandum, staff.privacy, staff.counsel).await?;
    }
    let numbers: Vec<ReceiptNumber> = CASES.iter().filter_map(|(_, number)| ReceiptNumber::parse(number).ok()).collect();
    seed(ctx, staff.raio, &numbers).await
}

/// Asylum and refugees, to all partners. None if the day is none of its time, which no day is.
fn memorandum(today: NaiveDate) -> Option<Waiver> {
    let classes = BTreeSet::from([Class::Asylum, Class::Refugee]);
    let id = WaiverId::new(Uuid::from_u128(0x2016));
    let from = NaiveDate::from_ymd_opt(2016, 1, 1).filter(|from| *from <= today)?;
    Waiver::new(id, WaiverKind::SecretaryMemorandum, classes, Partner::ALL.into(), from, None).ok()
}

/// Adds what a partner wants to know of the second of these people, with a scan that was made for it.
pub async fn asked_more(ctx: &Context, office: &OfficeCode, officers: [Uuid; 2]) -> Result<usize, Error> {
    let Some(Ok(case)) = CASES.get(1).map(|(_, number)| ReceiptNumber::parse(number)) else { return Ok(0) };
    domain::information_request::seed_demo(ctx, office, officers, &case, &specimen()).await
}

/// A page that says that it is none of a passport: a PDF with its objects, and where each begins.
fn specimen() -> Vec<u8> {
    let drawn = "BT /F 28 Tf 60 700 Td (SPECIMEN) Tj 0 -50 Td /F 16 Tf (PASSPORT OF NOWHERE) Tj 0 -40 Td (MUESTRA, PERSONA) Tj \
                 0 -30 Td (NO 000000000) Tj 0 -60 Td (Made for a demonstration. It is nobody\'s.) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = writeln!(file, "{number} 0 obj\n{object}\nendobj");
    }
    let (begin, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{begin}\n%%EOF\n"
    );
    file.into_bytes()
}

/// Whom the simulated IDENT knows, as its file has it: our people by their prints, and what partners know of two of them.
pub async fn gallery(ctx: &Context) -> Result<Value, Error> {
    let protected = HIDDEN.first().map(|number| (PROTECTED, *number));
    let mut ours = Vec::new();
    for (prints, number) in CASES.into_iter().chain(protected) {
        let Ok(number) = ReceiptNumber::parse(number) else { continue };
        let Some(person) = enrolled(ctx, &number).await? else { continue };
        ours.push(json!({
            "prints": prints,
            "fin": format!("47{prints:05}"),
            "eid": format!("DEMO-{prints:05}"),
            "a_numbers": person.a_numbers,
            "elements": {
                "full_name": "MUESTRA, PERSONA",
                "birth_date": "1988-05-17",
                "photograph": STANDARD.encode(domain::profile::portrait(None, usize::try_from(prints).unwrap_or_default())),
            },
        }));
    }
    let told = |name: &str, status: &str| json!({ "full_name": name, "birth_date": "1988-05-17", "citizenship": "SYR", "immigration_status": status });
    Ok(json!({
        "ours": ours,
        "partners": {
            "CA": [{ "prints": 1, "elements": told("MUESTRA, SAMIR", "Claim refused 2019-04-02") }],
            "AU": [{ "prints": 2, "elements": told("EXAMPLE, SAM", "Visitor visa 2021-11-30") }],
        },
        "cis": {},
    }))
}

/// Writes the gallery beside the certificates of the simulators.
pub fn write(folder: &Path, gallery: &Value) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("gallery.json"), format!("{gallery:#}\n"))
}
