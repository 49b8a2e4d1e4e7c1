//! Reading the fields of a tagged record one by one, noting what is wrong with each.

use super::cut::RawRecord;
use super::field::{Field, RS, US};
use super::problem::{Findings, Problem};

/// Most entries of a list such as `14.021`. The standard's longest has ten, one for each finger.
const MOST_ENTRIES: usize = 10;
/// Most items of an entry that any list has.
const MOST_ITEMS: usize = 8;

/// The fields of one record.
pub(super) struct Reader<'r, 'a> {
    raw: &'r RawRecord<'a>,
    found: &'r mut Findings,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(super) const fn new(raw: &'r RawRecord<'a>, found: &'r mut Findings) -> Self {
        Self { raw, found }
    }

    /// A mandatory field. If its value is not in its form, that is the problem that is noted.
    pub(super) fn need<T>(&mut self, field: u32, problem: Problem, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if self.raw.field(field).is_none_or(|raw| raw.value.is_empty()) {
            self.found.add(self.raw.place_of(field), Problem::MissingField);
            return None;
        }
        self.take(field, problem, parse)
    }

    /// An optional field. An empty one is not in its form: who has nothing to say leaves the field out.
    pub(super) fn take<T>(&mut self, field: u32, problem: Problem, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let raw = self.raw.field(field)?;
        let value = std::str::from_utf8(raw.value).ok().filter(|text| text.is_ascii()).and_then(parse);
        if value.is_none() {
            self.found.add(self.raw.place_of(field), problem);
        }
        value
    }

    /// An optional list of entries, each of items.
    pub(super) fn list<T>(&mut self, field: u32, form: &'static str, parse: impl Fn(&[&str]) -> Option<T>) -> Vec<T> {
        let entries = self.take(field, Problem::Malformed { form }, |text| {
            let entries = text.split(char::from(RS)).take(MOST_ENTRIES + 1);
            let entries: Vec<T> = entries.map(|entry| parse_entry(entry, &parse)).collect::<Option<_>>()?;
            (entries.len() <= MOST_ENTRIES).then_some(entries)
        });
        entries.unwrap_or_default()
    }

    pub(super) fn note(&mut self, field: u32, problem: Problem) {
        self.found.add(self.raw.place_of(field), problem);
    }

    /// The fields that have no type of their own, in ascending order, as they are written.
    pub(super) fn sorted_others(&self, own: &[u32]) -> Vec<Field> {
        let mut others = self.others(own);
        others.sort_by_key(Field::number);
        others
    }

    /// The fields that have no type of their own, in the order in which they stand.
    pub(super) fn others(&self, own: &[u32]) -> Vec<Field> {
        let others = self.raw.fields().iter().filter(|field| !own.contains(&field.number));
        others.map(|field| Field::of_value(field.number, field.value)).collect()
    }
}

fn parse_entry<T>(entry: &str, parse: impl Fn(&[&str]) -> Option<T>) -> Option<T> {
    let items: Vec<&str> = entry.split(char::from(US)).take(MOST_ITEMS).collect();
    parse(&items)
}
