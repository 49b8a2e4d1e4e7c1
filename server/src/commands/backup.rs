//! `portico backup` and `portico restore`: one archive, with a manifest of its parts: the database, that of partner data where there
//! is one, and the documents if they are kept in a folder. A bucket is backed up by its own means.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use gateways::object_storage::StorageAddress;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::crypto::KeyRing;
use store::engine::Engine;
use store::{Clock, Store};
use uuid::Uuid;

use super::{Failure, with_file};
use crate::settings::Settings;

const MANIFEST: &str = "manifest.json";
const MAIN: &str = "main";
const PARTNER: &str = "partner";
const DOCUMENTS: &str = "documents";

/// The first part of the archive: what follows.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    made_at: String,
    version: String,
    /// Names of the keys that open the backup. The keys themselves are not in it.
    keys: Vec<String>,
    /// The same of the partner data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    partner_keys: Vec<String>,
    parts: Vec<Part>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Part {
    /// A database, `main` or `partner`, or `documents`, an archive of encrypted objects.
    name: String,
    /// Of a database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    engine: Option<String>,
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
    let partner = match &settings.partner_database_url {
        Some(address) => Some(Store::open_partner(address).await?),
        None => None,
    };
    let databases = Databases { main: store, partner };
    let mut archive = File::options().write(true).create_new(true).mode(0o600).open(file).map_err(with_file(file))?;
    let written = write_copy(&databases, &settings.documents, file, &mut archive).await;
    if let Err(failure) = written {
        let _ = std::fs::remove_file(file);
        return Err(failure);
    }
    println!(
        "The backup is in {}. It opens with the key file {}, which is not in it.",
        file.display(),
        settings.key_file.display()
    );
    if databases.partner.is_some() {
        println!("Its partner data opens with {}, which is not in it, either.", settings.partner_key_file.display());
    }
    if let StorageAddress::Bucket { .. } = settings.documents {
        println!("The documents in {} are not in it: back up the bucket by its own means.", settings.documents);
    }
    Ok(())
}

/// What is copied.
struct Databases {
    main: Store,
    partner: Option<Store>,
}

async fn write_copy(databases: &Databases, documents: &StorageAddress, file: &Path, archive: &mut File) -> Result<(), Failure> {
    let folder = temporary_folder(file)?;
    let written = match copy_parts(databases, documents, &folder).await {
        Ok(manifest) => write_archive(archive, &folder, &manifest),
        Err(failure) => Err(failure),
    };
    let _ = std::fs::remove_dir_all(&folder);
    written
}

/// The databases first: each document that they name is then in the folder, but for those deleted meanwhile. The main one before that
/// of partner data, which names what stands in it.
async fn copy_parts(databases: &Databases, documents: &StorageAddress, folder: &Path) -> Result<Manifest, Failure> {
    let Databases { main, partner } = databases;
    let keys = store::data_key::wrapping_keys(&mut main.read_primary().await?).await?;
    main.copy_to(&folder.join(MAIN)).await?;
    let mut parts = vec![Part::of(folder, MAIN, Some(main.engine()))?];
    let mut partner_keys = Vec::new();
    if let Some(partner) = partner
        && !partner.is_empty().await?
    {
        partner_keys = store::data_key::wrapping_keys(&mut partner.read_primary().await?).await?;
        partner.copy_to(&folder.join(PARTNER)).await?;
        parts.push(Part::of(folder, PARTNER, Some(partner.engine()))?);
    }
    if let StorageAddress::Folder(documents) = documents {
        pack_documents(documents, &folder.join(DOCUMENTS))?;
        parts.push(Part::of(folder, DOCUMENTS, None)?);
    }
    let version = env!("CARGO_PKG_VERSION").into();
    Ok(Manifest { made_at: Clock::system().now().to_rfc3339(), version, keys, partner_keys, parts })
}

fn pack_documents(documents: &Path, file: &Path) -> Result<(), Failure> {
    let mut builder = tar::Builder::new(File::create_new(file).map_err(with_file(file))?);
    for object in objects(documents)? {
        let path = documents.join(&object);
        match File::open(&path) {
            Ok(mut content) => builder.append_file(&object, &mut content).map_err(with_file(&path))?,
            // It was deleted a moment ago.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(with_file(&path)(error)),
        }
    }
    builder.into_inner().and_then(|mut file| file.flush()).map_err(with_file(file))
}

/// The names of the objects in a folder: ids. What is half written has other names.
fn objects(folder: &Path) -> Result<Vec<String>, Failure> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(with_file(folder))?;
    let names = entries.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
    let names: Vec<String> = names.collect::<std::io::Result<_>>().map_err(with_file(folder))?;
    Ok(names.into_iter().filter(|name| Uuid::try_parse(name).is_ok()).collect())
}

/// A folder beside the archive: the same disk, and as private.
fn temporary_folder(file: &Path) -> Result<std::path::PathBuf, Failure> {
    let mut name = file.as_os_str().to_owned();
    name.push(".parts");
    let folder = std::path::PathBuf::from(name);
    std::fs::DirBuilder::new().mode(0o700).create(&folder).map_err(with_file(&folder))?;
    Ok(folder)
}

impl Manifest {
    /// The engine of a database that the backup holds.
    fn engine_of(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|part| part.name == name)?.engine.as_deref()
    }
}

impl Part {
    fn of(folder: &Path, name: &str, engine: Option<Engine>) -> Result<Self, Failure> {
        let file = folder.join(name);
        let (bytes, sha256) = digest(&mut File::open(&file).map_err(with_file(&file))?).map_err(with_file(&file))?;
        Ok(Self { name: name.into(), engine: engine.map(|engine| engine_word(engine).into()), bytes, sha256 })
    }
}

fn write_archive(archive: &mut File, folder: &Path, manifest: &Manifest) -> Result<(), Failure> {
    let json = serde_json::to_vec_pretty(manifest).map_err(|error| Failure::Input(error.to_string()))?;
    let mut write = || -> std::io::Result<()> {
        let mut builder = tar::Builder::new(&mut *archive);
        let mut header = tar::Header::new_gnu();
        header.set_size(json.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        builder.append_data(&mut header, MANIFEST, json.as_slice())?;
        for Part { name, .. } in &manifest.parts {
            builder.append_file(name, &mut File::open(folder.join(name))?)?;
        }
        builder.into_inner()?.flush()
    };
    write().and_then(|()| archive.sync_all()).map_err(with_file(folder))
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
    let partner = match &settings.partner_database_url {
        Some(address) => Some(Store::open_partner(address).await?),
        None => None,
    };
    if let Some(partner) = &partner
        && !partner.is_empty().await?
    {
        return Err(Failure::Input(
            "The database of partner data is not empty. Restore into a new one, and switch PORTICO_PARTNER_DATABASE_URL to it."
                .into(),
        ));
    }
    let folder = temporary_folder(file)?;
    let restored = restore_into(settings, &Databases { main: store, partner }, file, &folder).await;
    let _ = std::fs::remove_dir_all(&folder);
    let has_documents = restored?;
    println!("The database is restored. `portico doctor` looks it over.");
    if !has_documents {
        println!("The backup holds no documents. Set PORTICO_DOCUMENTS to where they are; never to that of a server in use.");
    }
    if let Some(folder) = &settings.checkpoints {
        println!("The checkpoints in {} are newer than this database. They begin again: see docs/audit.md.", folder.display());
    }
    Ok(())
}

/// Fills the database and the folder of documents; false if the backup has none.
async fn restore_into(settings: &Settings, databases: &Databases, file: &Path, folder: &Path) -> Result<bool, Failure> {
    let store = &databases.main;
    let manifest = unpack(file, folder)?;
    let Some(engine) = manifest.engine_of(MAIN) else {
        return Err(Failure::Input("The backup does not hold the main database.".into()));
    };
    if engine != engine_word(store.engine()) {
        return Err(Failure::Input(format!("The backup is of {engine}, and PORTICO_DATABASE_URL names another engine.")));
    }
    opens(&settings.key_file, &manifest.keys)?;
    restore_partner_data(settings, databases.partner.as_ref(), &manifest, folder).await?;
    if !manifest.parts.iter().any(|part| part.name == DOCUMENTS) {
        store.restore_from(&folder.join(MAIN)).await?;
        return Ok(false);
    }
    let documents = empty_folder(&settings.documents)?;
    let restored = match unpack_documents(&folder.join(DOCUMENTS), documents) {
        Ok(()) => store.restore_from(&folder.join(MAIN)).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    if restored.is_err() {
        // It was empty before.
        let _ = std::fs::remove_dir_all(documents);
    }
    restored.map(|()| true)
}

/// Fills the database of partner data, before the main one: a main database is restored when all else is.
async fn restore_partner_data(
    settings: &Settings,
    partner: Option<&Store>,
    manifest: &Manifest,
    folder: &Path,
) -> Result<(), Failure> {
    let Some(engine) = manifest.engine_of(PARTNER) else { return Ok(()) };
    let Some(partner) = partner else {
        return Err(Failure::Input(
            "The backup holds partner data: set PORTICO_PARTNER_DATABASE_URL to an empty database for it.".into(),
        ));
    };
    if engine != engine_word(partner.engine()) {
        return Err(Failure::Input(format!(
            "The backup of partner data is of {engine}, and PORTICO_PARTNER_DATABASE_URL names another engine."
        )));
    }
    opens(&settings.partner_key_file, &manifest.partner_keys)?;
    partner.restore_from(&folder.join(PARTNER)).await?;
    Ok(())
}

/// Does a key file open a backup? One that is not there yet can be brought later.
fn opens(file: &Path, keys: &[String]) -> Result<(), Failure> {
    let Some(ring) = KeyRing::load(file)? else { return Ok(()) };
    if keys.iter().all(|key| ring.holds(key)) {
        return Ok(());
    }
    Err(Failure::Input(format!("The backup needs the key {}, which is not in {}.", keys.join(", "), file.display())))
}

/// Where documents can be restored to without touching any.
fn empty_folder(documents: &StorageAddress) -> Result<&Path, Failure> {
    let StorageAddress::Folder(folder) = documents else {
        return Err(Failure::Input("The backup holds documents: set PORTICO_DOCUMENTS to an empty folder for them.".into()));
    };
    let is_empty = !folder.exists() || std::fs::read_dir(folder).map_err(with_file(folder))?.next().is_none();
    if is_empty {
        return Ok(folder);
    }
    Err(Failure::Input(format!(
        "The folder of documents {} is not empty. Restore into a new one, and switch PORTICO_DOCUMENTS to it.",
        folder.display()
    )))
}

fn unpack_documents(file: &Path, folder: &Path) -> Result<(), Failure> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(with_file(folder))?;
    let mut archive = tar::Archive::new(File::open(file).map_err(with_file(file))?);
    for entry in archive.entries().map_err(with_file(file))? {
        let mut entry = entry.map_err(with_file(file))?;
        let name = entry.path().map(|path| path.display().to_string()).unwrap_or_default();
        // An id, and nothing that could lead out of the folder.
        if Uuid::try_parse(&name).is_err() || !entry.header().entry_type().is_file() {
            return Err(Failure::Input("The backup holds something among the documents that is none.".into()));
        }
        let path: PathBuf = folder.join(name);
        let mut out = File::options().write(true).create_new(true).mode(0o600).open(&path).map_err(with_file(&path))?;
        std::io::copy(&mut entry, &mut out).and_then(|_| out.sync_all()).map_err(with_file(&path))?;
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(with_file(folder))
}

fn unpack(file: &Path, folder: &Path) -> Result<Manifest, Failure> {
    let broken = |what: &str| Failure::Input(format!("{} is not a whole backup: {what}.", file.display()));
    let mut archive = tar::Archive::new(File::open(file).map_err(with_file(file))?);
    let mut manifest: Option<Manifest> = None;
    let mut unpacked = Vec::new();
    for entry in archive.entries().map_err(|_| broken("it is no archive"))? {
        let mut entry = entry.map_err(|_| broken("it ends too early"))?;
        let name = entry.path().map(|path| path.display().to_string()).unwrap_or_default();
        match (name.as_str(), &manifest) {
            (MANIFEST, None) => {
                manifest = Some(serde_json::from_reader(&mut entry).map_err(|_| broken("its manifest cannot be read"))?);
            }
            (MAIN | PARTNER | DOCUMENTS, Some(_)) => {
                let copy = folder.join(&name);
                let mut out = File::options().write(true).create_new(true).open(&copy).map_err(with_file(&copy))?;
                std::io::copy(&mut entry, &mut out).map_err(|_| broken("it ends too early"))?;
                unpacked.push(name);
            }
            _ => return Err(broken("it holds something unknown")),
        }
    }
    let manifest = manifest.ok_or_else(|| broken("it has no manifest"))?;
    for part in &manifest.parts {
        if !unpacked.contains(&part.name) {
            return Err(broken("a part is missing"));
        }
        let copy = folder.join(&part.name);
        let (bytes, sha256) = digest(&mut File::open(&copy).map_err(with_file(&copy))?).map_err(with_file(&copy))?;
        if part.bytes != bytes || part.sha256 != sha256 {
            return Err(broken("a part differs from the manifest"));
        }
    }
    if unpacked.len() == manifest.parts.len() { Ok(manifest) } else { Err(broken("it holds something unknown")) }
}
