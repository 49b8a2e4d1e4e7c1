//! The site folder: hashed files with a brotli neighbour, a manifest that names them, and a note of what they were made from.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use brotli::enc::BrotliEncoderParams;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const MANIFEST: &str = "manifest.json";
const STEPS: &str = ".inputs.json";

pub struct Site {
    root: PathBuf,
    steps: BTreeMap<String, Step>,
    public: Vec<PathBuf>,
}

/// What a piece of work was done with, and what came of it.
#[derive(Serialize, Deserialize)]
struct Step {
    inputs: String,
    files: Vec<String>,
}

impl Site {
    pub fn open(root: &str) -> Result<Self> {
        let root = PathBuf::from(root);
        fs::create_dir_all(root.join("pkg")).with_context(|| format!("cannot create {}", root.display()))?;
        // A note that is missing or cannot be read only means doing the work again.
        let steps = fs::read(root.join(STEPS)).ok().and_then(|note| serde_json::from_slice(&note).ok()).unwrap_or_default();
        Ok(Self { root, steps, public: Vec::new() })
    }

    /// Does a piece of work, unless the same inputs made files that are all still there. Gives the names of its files.
    pub fn step<const N: usize>(
        &mut self,
        name: &str,
        inputs: String,
        work: impl FnOnce(&Self) -> Result<[String; N]>,
    ) -> Result<[String; N]> {
        let kept =
            self.steps.get(name).filter(|step| step.inputs == inputs && step.files.iter().all(|file| self.sizes(file).is_ok()));
        if let Some(files) = kept.and_then(|step| step.files.clone().try_into().ok()) {
            return Ok(files);
        }
        let files = work(self).with_context(|| format!("cannot make the {name}"))?;
        self.steps.insert(name.to_owned(), Step { inputs, files: files.to_vec() });
        Ok(files)
    }

    /// Writes `pkg/<stem>.<hash>.<extension>` and its `.br`; gives the file's name.
    pub fn add(&self, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
        let name = format!("{stem}.{}.{extension}", hash(content));
        let mut packed = Vec::new();
        let params = BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
        brotli::BrotliCompress(&mut &*content, &mut packed, &params)?;
        self.write(&format!("pkg/{name}.br"), &packed)?;
        self.write(&format!("pkg/{name}"), content)?;
        Ok(name)
    }

    /// The size of a file in `pkg/`, as it is and packed.
    pub fn sizes(&self, name: &str) -> Result<(usize, usize)> {
        let size = |name: &str| -> Result<usize> { Ok(fs::metadata(self.root.join("pkg").join(name))?.len().try_into()?) };
        Ok((size(name)?, size(&format!("{name}.br"))?))
    }

    pub fn save_steps(&self) -> Result<()> {
        self.write(STEPS, &serde_json::to_vec_pretty(&self.steps)?)
    }

    /// Writes a file that is made here and keeps its name.
    pub fn write_plain(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.write(name, content)?;
        self.public.push(name.into());
        Ok(())
    }

    /// Copies the files that keep their names.
    pub fn copy_public(&mut self, from: &str) -> Result<()> {
        for path in files_in(Path::new(from))? {
            let name = path.strip_prefix(from)?.to_owned();
            self.write(&name.to_string_lossy(), &fs::read(&path)?)?;
            self.public.push(name);
        }
        Ok(())
    }

    /// Replaces the manifest, then removes whatever it no longer leads to.
    pub fn publish(&self, manifest: &[u8]) -> Result<()> {
        self.write(MANIFEST, manifest)?;
        let made = self.steps.values().flat_map(|step| &step.files);
        let kept: BTreeSet<PathBuf> = made
            .flat_map(|file| [format!("pkg/{file}").into(), format!("pkg/{file}.br").into()])
            .chain([MANIFEST.into(), STEPS.into()])
            .chain(self.public.iter().cloned())
            .collect();
        for path in files_in(&self.root)? {
            if !kept.contains(path.strip_prefix(&self.root)?) {
                fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }

    /// A reader sees the old file or the new one, never half of it.
    fn write(&self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.root.join(name);
        if fs::read(&path).is_ok_and(|old| old == content) {
            return Ok(());
        }
        let half = path.with_added_extension("new");
        fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
        fs::write(&half, content)
            .and_then(|()| fs::rename(&half, &path))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

/// What tells a content from others in a name.
pub fn hash(content: &[u8]) -> String {
    let mut hash = hex(&Sha256::digest(content));
    hash.truncate(16);
    hash
}

/// One hash over files, and over everything in folders.
pub fn fingerprint<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<String> {
    let mut hash = Sha256::new();
    for path in paths {
        for file in files_in(path)? {
            hash.update(file.as_os_str().as_encoded_bytes());
            hash.update(Sha256::digest(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?));
        }
    }
    Ok(hex(&hash.finalize()))
}

/// A file itself, or all files of a folder and its folders, in order.
fn files_in(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .with_context(|| format!("cannot read {}", path.display()))?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_in(&entry)?);
    }
    Ok(files)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
