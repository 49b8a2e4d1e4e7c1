//! `portico backup` and `portico restore`: one archive, with a manifest of its parts.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::crypto::KeyRing;
use store::engine::Engine;
use store::{Clock, Store};

use super::{Failure, with_file};
use crate::settings::Settings;

const MANIFEST: &str = "manifest.json";
const MAIN: &str = "main";

/// The first part of the archive: what follows.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    made_at: String,
    version: String,
    /// Names of the keys that open the backup. The keys themselves are not in it.
    keys: Vec<String>,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Part {
    /// Which database: `main`.
    name: String,
    engine: String,
    bytes: u64,
    sha256: String,
}

const fn engine_word(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// Writes a consistent copy while the database is in use.
pub async fn backup(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let store = Store::open(&settings.database_url, None).await?;
    if store.is_empty().await? {
        return Err(Failure::Input("There is nothing to back up: the database is empty.".into()));
    }
    let keys = store::data_key::wrapping_keys(&mut store.read_primary().await?).await?;
    let mut archive = File::options().write(true).create_new(true).mode(0o600).open(file).map_err(with_file(file))?;
    let written = write_copy(&store, keys, file, &mut archive).await;
    if let Err(failure) = written {
        let _ = std::fs::remove_file(file);
        return Err(failure);
    }
    println!(
        "The backup is in {}. It opens with the key file {}, which is not in it.",
        file.display(),
        settings.key_file.display()
    );
    Ok(())
}

async fn write_copy(store: &Store, keys: Vec<String>, file: &Path, archive: &mut File) -> Result<(), Failure> {
    let folder = temporary_folder(file)?;
    let copy = folder.join(MAIN);
    let written = match store.copy_to(&copy).await {
        Ok(()) => write_archive(archive, &copy, store.engine(), keys),
        Err(error) => Err(error.into()),
    };
    let _ = std::fs::remove_dir_all(&folder);
    written
}

/// A folder beside the archive: the same disk, and as private.
fn temporary_folder(file: &Path) -> Result<std::path::PathBuf, Failure> {
    let mut name = file.as_os_str().to_owned();
    name.push(".parts");
    let folder = std::path::PathBuf::from(name);
    std::fs::DirBuilder::new().mode(0o700).create(&folder).map_err(with_file(&folder))?;
    Ok(folder)
}

fn write_archive(archive: &mut File, copy: &Path, engine: Engine, keys: Vec<String>) -> Result<(), Failure> {
    let (bytes, sha256) = digest(&mut File::open(copy).map_err(with_file(copy))?).map_err(with_file(copy))?;
    let manifest = Manifest {
        made_at: Clock::system().now().to_rfc3339(),
        version: env!("CARGO_PKG_VERSION").into(),
        keys,
        parts: vec![Part { name: MAIN.into(), engine: engine_word(engine).into(), bytes, sha256 }],
    };
    let json = serde_json::to_vec_pretty(&manifest).map_err(|error| Failure::Input(error.to_string()))?;
    let mut write = || -> std::io::Result<()> {
        let mut builder = tar::Builder::new(&mut *archive);
        let mut header = tar::Header::new_gnu();
        header.set_size(json.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        builder.append_data(&mut header, MANIFEST, json.as_slice())?;
        builder.append_file(MAIN, &mut File::open(copy)?)?;
        builder.into_inner()?.flush()
    };
    write().and_then(|()| archive.sync_all()).map_err(with_file(copy))
}

/// Length and SHA-256 of what can be read.
fn digest(from: &mut impl Read) -> std::io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, store::crypto::hex(&hasher.finalize())));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// Fills an empty database, after every part was found whole.
pub async fn restore(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let store = Store::open(&settings.database_url, None).await?;
    if !store.is_empty().await? {
        return Err(Failure::Input(
            "The database is not empty. Restore into a new one, and switch PORTICO_DATABASE_URL to it.".into(),
        ));
    }
    let folder = temporary_folder(file)?;
    let restored = restore_into(settings, &store, file, &folder).await;
    let _ = std::fs::remove_dir_all(&folder);
    restored?;
    println!("The database is restored. `portico doctor` looks it over.");
    Ok(())
}

async fn restore_into(settings: &Settings, store: &Store, file: &Path, folder: &Path) -> Result<(), Failure> {
    let manifest = unpack(file, folder)?;
    let [part] = manifest.parts.as_slice() else {
        return Err(Failure::Input("The backup does not hold exactly the main database.".into()));
    };
    if part.engine != engine_word(store.engine()) {
        return Err(Failure::Input(format!("The backup is of {}, and PORTICO_DATABASE_URL names another engine.", part.engine)));
    }
    if let Some(ring) = KeyRing::load(&settings.key_file)? {
        let opens = manifest.keys.iter().all(|key| ring.holds(key));
        if !opens {
            let keys = manifest.keys.join(", ");
            return Err(Failure::Input(format!(
                "The backup needs the key {keys}, which is not in {}.",
                settings.key_file.display()
            )));
        }
    }
    Ok(store.restore_from(&folder.join(MAIN)).await?)
}

fn unpack(file: &Path, folder: &Path) -> Result<Manifest, Failure> {
    let broken = |what: &str| Failure::Input(format!("{} is not a whole backup: {what}.", file.display()));
    let mut archive = tar::Archive::new(File::open(file).map_err(with_file(file))?);
    let mut manifest: Option<Manifest> = None;
    let mut copied = false;
    for entry in archive.entries().map_err(|_| broken("it is no archive"))? {
        let mut entry = entry.map_err(|_| broken("it ends too early"))?;
        let name = entry.path().map(|path| path.display().to_string()).unwrap_or_default();
        match (name.as_str(), &manifest) {
            (MANIFEST, None) => {
                manifest = Some(serde_json::from_reader(&mut entry).map_err(|_| broken("its manifest cannot be read"))?);
            }
            (MAIN, Some(_)) => {
                let copy = folder.join(MAIN);
                let mut out = File::options().write(true).create_new(true).open(&copy).map_err(with_file(&copy))?;
                std::io::copy(&mut entry, &mut out).map_err(|_| broken("it ends too early"))?;
                copied = true;
            }
            _ => return Err(broken("it holds something unknown")),
        }
    }
    let manifest = manifest.filter(|_| copied).ok_or_else(|| broken("a part is missing"))?;
    let copy = folder.join(MAIN);
    let (bytes, sha256) = digest(&mut File::open(&copy).map_err(with_file(&copy))?).map_err(with_file(&copy))?;
    let whole = manifest.parts.iter().any(|part| part.name == MAIN && part.bytes == bytes && part.sha256 == sha256);
    if whole { Ok(manifest) } else { Err(broken("a part differs from the manifest")) }
}
