//! Letters for the printer: a PDF and a manifest for each, in a folder that a print shop empties.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

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
