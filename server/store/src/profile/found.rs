//! By what somebody is found: keyed hashes of numbers, of birth dates, of words of names and of how they sound.

use uuid::Uuid;

use super::StatedFact;
use crate::StoreError;
use crate::data_key::Keys;
use crate::engine::{Bulk, Connection, execute, fetch, statement, write_rows};

statement! { main,
    FIND = "SELECT DISTINCT profile.root_id FROM profile_key JOIN profile ON profile.id = profile_key.profile_id \
            WHERE kind = $1 AND token = $2 ORDER BY profile.root_id LIMIT $3";
    // Few people share a birth date, many a name. The two may stand in different profiles of one person.
    FIND_WITH_BIRTH = "SELECT DISTINCT born.root_id FROM profile_key AS birth JOIN profile AS born ON born.id = birth.profile_id \
                       JOIN profile AS named ON named.root_id = born.root_id \
                       JOIN profile_key AS name ON name.profile_id = named.id AND name.kind = $1 AND name.token = $2 \
                       WHERE birth.kind = 'birth_date' AND birth.token = $3 ORDER BY born.root_id LIMIT $4";
    DROP_KEYS = "DELETE FROM profile_key WHERE fact_id = $1";
}

/// What a key is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    ANumber,
    Fin,
    Ssn,
    Encounter,
    BirthDate,
    /// A word of a name, in capitals without accents.
    Word,
    /// How a word sounds.
    Sound,
}

impl KeyKind {
    const fn key(self) -> &'static str {
        match self {
            Self::ANumber => "a_number",
            Self::Fin => "fin",
            Self::Ssn => "ssn",
            Self::Encounter => "encounter",
            Self::BirthDate => "birth_date",
            Self::Word => "word",
            Self::Sound => "sound",
        }
    }

    /// The field of its hash, so that equal texts of two kinds have different ones.
    const fn field(self) -> &'static str {
        match self {
            Self::ANumber => "profile.a_number",
            Self::Fin => "profile.fin",
            Self::Ssn => "profile.ssn",
            Self::Encounter => "profile.encounter",
            Self::BirthDate => "profile.birth_date",
            Self::Word => "profile.word",
            Self::Sound => "profile.sound",
        }
    }
}

/// A text by which somebody is found. Only its hash is stored.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub kind: KeyKind,
    pub text: String,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.kind.key())
    }
}

impl Key {
    fn token(&self, keys: &Keys) -> Vec<u8> {
        keys.blind_index(self.kind.field(), &self.text)
    }
}

pub(super) async fn add_keys_of(
    transaction: &mut Connection,
    keys: &Keys,
    profile: Uuid,
    stated: &[StatedFact],
) -> Result<(), StoreError> {
    let row = |fact: Uuid, key: &Key| {
        vec![Bulk::Text(key.kind.key().to_owned()), Bulk::Bytes(key.token(keys)), Bulk::Id(profile), Bulk::Id(fact)]
    };
    let rows = stated.iter().flat_map(|stated| stated.keys.iter().map(|key| row(stated.id, key))).collect::<Vec<_>>();
    let head = "INSERT INTO profile_key (kind, token, profile_id, fact_id) ";
    write_rows(transaction, head, rows, " ON CONFLICT DO NOTHING").await?;
    Ok(())
}

pub(super) async fn drop_keys_of(transaction: &mut Connection, fact: Uuid) -> Result<(), StoreError> {
    execute!(transaction, &DROP_KEYS, fact)?;
    Ok(())
}

/// People with this key, by their roots: at most so many.
pub async fn find(connection: &mut Connection, keys: &Keys, key: &Key, most: i64) -> Result<Vec<Uuid>, StoreError> {
    let found = fetch!(connection, fetch_all, (Uuid,), &FIND, key.kind.key(), key.token(keys), most)?;
    Ok(found.into_iter().map(|(root,)| root).collect())
}

/// People with this key who were born on a day, written as `2026-01-31`.
pub async fn find_with_birth(
    connection: &mut Connection,
    keys: &Keys,
    key: &Key,
    birth_date: &str,
    most: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let birth = Key { kind: KeyKind::BirthDate, text: birth_date.to_owned() };
    let (token, born) = (key.token(keys), birth.token(keys));
    let found = fetch!(connection, fetch_all, (Uuid,), &FIND_WITH_BIRTH, key.kind.key(), token, born, most)?;
    Ok(found.into_iter().map(|(root,)| root).collect())
}
