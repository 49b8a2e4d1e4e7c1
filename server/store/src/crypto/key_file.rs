//! A file of keys: one a line, a name and 32 bytes, for its owner only.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{KeyError, hex};
use crate::random;

pub(super) type NamedKey = (String, Zeroizing<[u8; 32]>);

/// Reads a file. `None` if there is none yet; else the last key, and those before it.
pub(super) fn load(path: &Path) -> Result<Option<(Vec<NamedKey>, NamedKey)>, KeyError> {
    let name = || path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(KeyError::Unreadable { path: name(), source }),
    };
    let mode = std::fs::metadata(path).map_err(|source| KeyError::Unreadable { path: name(), source })?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyError::TooOpen { path: name() });
    }
    let mut keys = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        keys.push(parse_line(line).ok_or_else(|| KeyError::Malformed { path: name(), line: at + 1 })?);
    }
    let newest = keys.pop().ok_or_else(|| KeyError::Malformed { path: name(), line: text.lines().count() })?;
    Ok(Some((keys, newest)))
}

/// Writes a file where none is; `false` if there is one, which another process may have made a moment ago.
pub(super) fn save_first<'a>(path: &Path, header: &str, keys: impl Iterator<Item = &'a NamedKey>) -> Result<bool, KeyError> {
    let unwritable = |source| KeyError::Unwritable { path: path.display().to_string(), source };
    let temporary = path.with_extension(hex(&random::bytes::<8>()));
    save(&temporary, header, keys)?;
    // A link fails where a rename would replace.
    let linked = std::fs::hard_link(&temporary, path);
    std::fs::remove_file(&temporary).map_err(unwritable)?;
    match linked {
        Ok(()) => sync_folder(path).map(|()| true).map_err(unwritable),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(unwritable(error)),
    }
}

/// Writes a file with mode 0600, whole or not at all.
pub(super) fn save<'a>(path: &Path, header: &str, keys: impl Iterator<Item = &'a NamedKey>) -> Result<(), KeyError> {
    let unwritable = |source| KeyError::Unwritable { path: path.display().to_string(), source };
    let mut text = Zeroizing::new(header.to_owned());
    for (name, key) in keys {
        text.extend([name, " ", &*Zeroizing::new(STANDARD.encode(key.as_slice())), "\n"]);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        sync_folder(path)
    };
    write().map_err(unwritable)
}

/// Without it a power cut may take back the file's new name.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

fn parse_line(line: &str) -> Option<NamedKey> {
    let (name, key) = line.trim().split_once(' ')?;
    let key: [u8; 32] = STANDARD.decode(key.trim()).ok()?.try_into().ok()?;
    Some((name.to_owned(), Zeroizing::new(key)))
}
