//! Letters for the printer: a PDF and a manifest for each, in a folder that a print shop empties.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use domain::answer::{Printing, one_document};
use domain::notification::Failed;
use gateways::letters::Letters;
use serde_json::json;
use shared::letter::{Content, Letter};
use uuid::Uuid;

/// Sets letters and lays them down.
pub struct Printer {
    letters: Letters,
    folder: PathBuf,
}

impl Printer {
    pub fn new(folder: PathBuf) -> Self {
        Self { letters: Letters::new(None), folder }
    }

    /// Lays a letter down. Under its own name, so that doing it again replaces it by the same.
    pub async fn print(&self, id: Uuid, content: Content) -> Result<(), Failed> {
        let letter = Letter::check(content).map_err(|error| Failed::ForGood(error.to_string()))?;
        let pdf = self.letters.pdf(&letter).await.map_err(|error| Failed::ForNow(error.to_string()))?;
        let (folder, date) = (self.folder.clone(), letter.content().date);
        let written = tokio::task::spawn_blocking(move || lay_down(&folder, id, &pdf, &date.to_string())).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Failed::ForNow(format!("the folder of PORTICO_LETTERS cannot be written: {}", error.kind()))),
            Err(_) => Err(Failed::ForNow("laying the letter down was broken off".to_owned())),
        }
    }
}

/// A batch as one document, with its manifest.
pub struct Batch {
    pub document: Vec<u8>,
    pub manifest: String,
    pub sha256: [u8; 32],
    /// Each letter with the hash of its document.
    pub letters: Vec<(Uuid, [u8; 32])>,
}

/// Sets the letters of a batch, one after the other.
///
/// # Errors
/// What to do about it, for whoever prints.
pub async fn set_batch(letters: &Letters, batch: &Printing) -> Result<Batch, String> {
    let (mut documents, mut hashes) = (Vec::new(), Vec::new());
    for letter in &batch.letters {
        let checked = Letter::check(letter.content.clone()).map_err(|error| format!("{}: {error}", letter.id))?;
        let pdf = letters.pdf(&checked).await.map_err(|error| error.to_string())?;
        hashes.push((letter.id, store::crypto::sha256(&pdf)));
        documents.push(pdf);
    }
    let (document, pages) = one_document(&documents).map_err(|error| error.to_string())?;
    let sha256 = store::crypto::sha256(&document);
    let manifest = manifest(batch, &document, &sha256, &hashes, &pages);
    Ok(Batch { document, manifest, sha256, letters: hashes })
}

impl Printer {
    /// Lays a batch down: one document of all its letters, and its manifest.
    ///
    /// # Errors
    /// What to do about it, for whoever prints.
    pub async fn print_batch(&self, printing: &Printing) -> Result<Batch, String> {
        let batch = set_batch(&self.letters, printing).await?;
        let (folder, name) = (self.folder.clone(), format!("batch-{}", printing.batch));
        let (document, text) = (batch.document.clone(), batch.manifest.clone());
        let written = tokio::task::spawn_blocking(move || {
            fs::create_dir_all(&folder)?;
            write(&folder, &format!("{name}.pdf"), &document)?;
            write(&folder, &format!("{name}.json"), text.as_bytes())
        });
        match written.await {
            Ok(Ok(())) => Ok(batch),
            Ok(Err(error)) => Err(format!("The folder of PORTICO_LETTERS cannot be written: {}.", error.kind())),
            Err(_) => Err("Laying the letters down was broken off.".to_owned()),
        }
    }
}

/// Which letter is on which pages, with its hash. It says nothing of whom a letter is for, but whether its envelope bears an address.
fn manifest(batch: &Printing, document: &[u8], sha256: &[u8; 32], letters: &[(Uuid, [u8; 32])], pages: &[usize]) -> String {
    let mut first_page = 1;
    let list = letters.iter().zip(pages).zip(&batch.letters).map(|(((id, hash), pages), letter)| {
        let has_address = letter.content.mail_to.len() > 2;
        let entry = json!({
            "letter": id, "first_page": first_page, "pages": pages, "sha256": store::crypto::hex(hash),
            "address": if has_address { "in the window" } else { "to be added by hand" },
        });
        first_page += pages;
        entry
    });
    let list: Vec<_> = list.collect();
    let file = format!("batch-{}.pdf", batch.batch);
    json!({
        "batch": batch.batch, "office": batch.office, "file": file, "bytes": document.len(),
        "sha256": store::crypto::hex(sha256), "letters": list.len(), "pages": pages.iter().sum::<usize>(), "list": list,
    })
    .to_string()
}

/// The manifest comes last: a letter is whole when its manifest is there. It says nothing of whom the letter is for.
fn lay_down(folder: &Path, id: Uuid, pdf: &[u8], date: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let name = format!("{id}.pdf");
    let manifest = json!({ "letter": id, "file": name, "bytes": pdf.len(), "sha256": store::crypto::hex(&store::crypto::sha256(pdf)), "date": date });
    write(folder, &name, pdf)?;
    write(folder, &format!("{id}.json"), manifest.to_string().as_bytes())
}

/// Whole or not at all.
fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(unfinished, folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_whole_when_its_manifest_is_there_and_is_laid_down_once() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            lay_down(folder.path(), Uuid::nil(), b"%PDF", "2026-11-22").unwrap();
        }
        let mut names: Vec<String> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, [format!("{}.json", Uuid::nil()), format!("{}.pdf", Uuid::nil())]);
        let manifest = fs::read_to_string(folder.path().join(&names[0])).unwrap();
        assert!(manifest.contains("\"bytes\":4") && manifest.contains("\"date\":\"2026-11-22\""), "{manifest}");
    }
}
