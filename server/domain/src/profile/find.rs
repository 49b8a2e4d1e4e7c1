//! Finding somebody: by a number, or by name and birth date.

use chrono::{Datelike, NaiveDate};
use shared::case_feed::{ANumber, PersonName};
use shared::case_status::ReceiptNumber;
use shared::profile::{EncounterId, FactKind, Fin, ReadPurpose, Ssn};
use store::engine::Connection;
use store::profile::{self as rows, Key, KeyKind};
use uuid::Uuid;

use super::{Person, name_key, person};
use crate::{Context, Error, Officer};

/// People that a search shows.
const MOST: usize = 50;
/// People that are looked at for one key.
const CANDIDATES: i64 = 200;

/// What is looked for.
#[derive(Clone, PartialEq, Eq)]
pub enum Search {
    /// An A-Number, a FIN, a Social Security number, an encounter ID or a receipt number, as it was typed.
    Number(String),
    Person {
        family: String,
        given: String,
        birth_date: NaiveDate,
    },
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Number(_)) { "Search(number)" } else { "Search(person)" })
    }
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchFault {
    /// It is none of the numbers.
    NoNumber,
    /// A name has no letters.
    NoName,
}

/// How somebody was found. The best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    Number,
    /// Every word of the name, and the day.
    Exact,
    /// A word is missing, or only sounds alike.
    Alike,
    /// The same, with day and month of birth in the other order.
    DaySwapped,
}

/// Somebody who was found: enough to tell people apart.
#[derive(Debug, Clone)]
pub struct FoundPerson {
    pub profile: Uuid,
    pub name: Option<PersonName>,
    pub birth_dates: Vec<NaiveDate>,
    pub a_numbers: Vec<String>,
    pub likeness: Likeness,
}

/// Looks for somebody. That it was done, what for, and who was found stands in the audit log before anything is shown.
pub async fn find(
    ctx: &Context,
    officer: &Officer,
    purpose: ReadPurpose,
    search: &Search,
) -> Result<Result<Vec<FoundPerson>, SearchFault>, Error> {
    super::read::check_purpose(officer, purpose)?;
    let mut transaction = ctx.store.begin().await?;
    let candidates = match candidates(ctx, &mut transaction, search).await? {
        Ok(candidates) => candidates,
        Err(fault) => return Ok(Err(fault)),
    };
    let mut found: Vec<FoundPerson> = Vec::new();
    for (root, is_swapped) in candidates {
        let Some(person) = person(ctx, &mut transaction, officer, root).await? else { continue };
        found.push(described(&person, search, is_swapped));
    }
    found.sort_by_key(|found| found.likeness);
    found.truncate(MOST);
    let detail = serde_json::json!({
        "purpose": purpose.key(),
        "by": if matches!(search, Search::Number(_)) { "number" } else { "name" },
        "found": found.iter().map(|found| found.profile.to_string()).collect::<Vec<_>>(),
    });
    ctx.audit(&mut transaction, officer.actor(), "profile.search", "", detail).await?;
    transaction.commit().await?;
    Ok(Ok(found))
}

type Candidates = Vec<(Uuid, bool)>;

/// People who may be meant, each once, and whether only their swapped birth date fits.
async fn candidates(ctx: &Context, connection: &mut Connection, search: &Search) -> Result<Result<Candidates, SearchFault>, Error> {
    let mut found: Candidates = Vec::new();
    match search {
        Search::Number(typed) => {
            let keys = number_keys(typed);
            let receipt = ReceiptNumber::parse(typed).ok();
            if keys.is_empty() && receipt.is_none() {
                return Ok(Err(SearchFault::NoNumber));
            }
            for key in &keys {
                add(&mut found, rows::find(connection, &ctx.keys, key, CANDIDATES).await?, false);
            }
            if let Some(receipt) = receipt
                && let Some(case) = store::case_feed::case_id(connection, &receipt).await?
            {
                for (_, profile) in rows::linked(connection, case).await? {
                    add(&mut found, rows::root(connection, profile).await?, false);
                }
            }
        }
        Search::Person { family, given, birth_date } => {
            let words: Vec<String> = [family, given].into_iter().flat_map(|part| name_key::words_of(part)).collect();
            if name_key::words_of(family).is_empty() {
                return Ok(Err(SearchFault::NoName));
            }
            let sounds = words.iter().flat_map(|word| name_key::sounds(word));
            let of = |kind: KeyKind| move |text: String| Key { kind, text };
            let keys: Vec<Key> = words.iter().cloned().map(of(KeyKind::Word)).chain(sounds.map(of(KeyKind::Sound))).collect();
            let days = [(Some(*birth_date), false), (swapped(*birth_date), true)];
            for (day, is_swapped) in days {
                let Some(day) = day else { continue };
                for key in &keys {
                    let people = rows::find_with_birth(connection, &ctx.keys, key, &day.to_string(), CANDIDATES).await?;
                    add(&mut found, people, is_swapped);
                }
            }
        }
    }
    Ok(Ok(found))
}

fn add(found: &mut Candidates, people: impl IntoIterator<Item = Uuid>, is_swapped: bool) {
    for root in people {
        if !found.iter().any(|(known, _)| *known == root) {
            found.push((root, is_swapped));
        }
    }
}

/// A text of digits alone may be several numbers.
fn number_keys(typed: &str) -> Vec<Key> {
    let key = |kind: KeyKind, text: &str| Key { kind, text: text.to_owned() };
    let a_number = ANumber::parse(typed.trim()).or_else(|| ANumber::parse(&format!("A{}", typed.trim())));
    [
        a_number.map(|number| key(KeyKind::ANumber, number.digits())),
        Fin::parse(typed).map(|fin| key(KeyKind::Fin, fin.digits())),
        Ssn::parse(typed).map(|ssn| key(KeyKind::Ssn, ssn.digits())),
        EncounterId::parse(typed).map(|id| key(KeyKind::Encounter, id.as_str())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Day and month in the other order, as records from abroad have them; none where that is no other day.
fn swapped(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year(), day.day(), day.month()).filter(|other| *other != day)
}

fn described(person: &Person, search: &Search, is_swapped: bool) -> FoundPerson {
    let a_numbers = person.sheet.of_kind(FactKind::ANumber);
    let a_numbers = a_numbers.iter().filter_map(|group| group.first()?.fact.number()).map(|digits| format!("A{digits}")).collect();
    let likeness = match search {
        Search::Number(_) => Likeness::Number,
        Search::Person { .. } if is_swapped => Likeness::DaySwapped,
        Search::Person { family, given, .. } => likeness(person, family, given),
    };
    FoundPerson {
        profile: person.root,
        name: person.sheet.name().cloned(),
        birth_dates: person.sheet.birth_dates(),
        a_numbers,
        likeness,
    }
}

/// Has one of the person's names every word that was typed?
fn likeness(person: &Person, family: &str, given: &str) -> Likeness {
    let typed: Vec<String> = [family, given].into_iter().flat_map(name_key::words_of).collect();
    let names = person.sheet.of_kind(FactKind::Name);
    let has_all = names.iter().filter_map(|group| group.first()).any(|known| {
        let shared::profile::Fact::Name { name, .. } = &known.fact else { return false };
        let words = name_key::words(name);
        typed.iter().all(|word| words.contains(word))
    });
    if has_all { Likeness::Exact } else { Likeness::Alike }
}
