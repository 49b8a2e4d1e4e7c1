//! Who is known: to us in IDENT, and to each partner. All of them are made up.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::agreement::{Element, Partner};
use shared::ident::Found;
use shared::nist_itl::{PORTICO_CAPTURE_1, PORTICO_IIS_1, Transaction, synthetic, synthetic_capture};

/// In the folder of the simulators. It is read again whenever somebody is searched.
pub const FILE: &str = "gallery.json";

/// Everybody who can be found.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gallery {
    pub ours: Vec<Ours>,
    pub partners: BTreeMap<Partner, Vec<Theirs>>,
    /// What the Central Index System says of an A-Number: `protected`, or classes of admission. Of all others: not protected.
    pub cis: BTreeMap<String, Vec<String>>,
}

/// Somebody whom we know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ours {
    /// The number of their synthetic prints.
    pub prints: u32,
    pub fin: String,
    pub eid: String,
    #[serde(default)]
    pub a_numbers: Vec<String>,
    /// What IDENT shows of them when an identity is verified: texts, and a photograph in base64.
    #[serde(default)]
    pub elements: BTreeMap<Element, String>,
}

impl Ours {
    pub fn found(&self) -> Found {
        Found { fin: Some(self.fin.clone()), eid: Some(self.eid.clone()), a_numbers: self.a_numbers.clone() }
    }
}

/// Somebody whom a partner knows, and what it would tell.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Theirs {
    pub prints: u32,
    pub elements: BTreeMap<Element, String>,
}

impl Gallery {
    /// An empty one where there is none, or one that cannot be read: then nobody is found.
    pub fn read(file: &Path) -> Self {
        std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }
}

/// The day on every synthetic print: what is made today is made tomorrow.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 15).unwrap_or_default()
}

/// The fingerprints of a synthetic person, as a file.
pub fn prints(person: u32) -> Option<Vec<u8>> {
    Some(synthetic(person, &format!("DEMO-2026-{person:07}"), day())?.to_bytes())
}

/// The same as a capture station writes them.
pub fn capture(person: u32) -> Option<Vec<u8>> {
    Some(synthetic_capture(person, &format!("DEMO-2026-{person:07}"), day())?.to_bytes())
}

/// What prints are compared by: a hash of their images. It finds the very same images, and no other.
pub fn template(bytes: &[u8], today: NaiveDate) -> Option<[u8; 32]> {
    let transaction =
        [&PORTICO_IIS_1, &PORTICO_CAPTURE_1].iter().find_map(|domain| Transaction::read(bytes, domain, today).ok())?;
    let mut hash = Sha256::new();
    for print in transaction.prints() {
        hash.update(print.image);
    }
    Some(hash.finalize().into())
}

/// The template of a synthetic person.
pub fn template_of(person: u32, today: NaiveDate) -> Option<[u8; 32]> {
    template(&prints(person)?, today)
}
