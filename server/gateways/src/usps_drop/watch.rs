use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{FileName, Found, Listed};

/// A file that has not changed for this long is complete.
const STEADY: TimeDelta = TimeDelta::seconds(60);

/// The empty file that announces a complete one: `extract.sem` or `extract.txt.sem` for `extract.txt`.
const SEMAPHORE: &str = ".sem";

/// What is never an extract: semaphores, and files that somebody is still writing.
const NOT_FILES: &[&str] = &[SEMAPHORE, ".tmp", ".part", ".filepart"];

/// Remembers what one drop showed, because a drop does not say which files are complete. A file is when its semaphore is there, or
/// when it had the same size and the same modification time a minute before.
#[derive(Debug, Default)]
pub struct Watch {
    /// A file that changes is another one here, and begins anew.
    first_seen: BTreeMap<Listed, DateTime<Utc>>,
}

impl Watch {
    pub(super) fn complete(&mut self, found: Vec<Found>, now: DateTime<Utc>) -> Vec<Listed> {
        let announced = announced(&found);
        self.see(found, now);
        let is_complete = |file: &Listed, since: DateTime<Utc>| is_among(&announced, &file.name) || now - since >= STEADY;
        self.first_seen.iter().filter(|(file, since)| is_complete(file, **since)).map(|(file, _)| file.clone()).collect()
    }

    fn see(&mut self, found: Vec<Found>, now: DateTime<Utc>) {
        let seen = candidates(found).into_iter().map(|file| {
            let since = self.first_seen.get(&file).copied().unwrap_or(now);
            (file, since)
        });
        self.first_seen = seen.collect();
    }
}

/// What stands before the ending of each semaphore.
fn announced(found: &[Found]) -> BTreeSet<String> {
    found.iter().filter_map(|file| without_ending(&file.name, SEMAPHORE)).map(str::to_owned).collect()
}

fn is_among(announced: &BTreeSet<String>, name: &FileName) -> bool {
    let name = name.as_str();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    announced.contains(name) || announced.contains(stem)
}

fn candidates(found: Vec<Found>) -> Vec<Listed> {
    let is_file = |name: &str| !name.starts_with('.') && NOT_FILES.iter().all(|ending| without_ending(name, ending).is_none());
    let (files, refused): (Vec<_>, Vec<_>) =
        found.into_iter().filter(|file| is_file(&file.name)).map(Listed::of).partition(Option::is_some);
    if !refused.is_empty() {
        tracing::warn!(files = refused.len(), "files at the drop are left there, because of their names");
    }
    files.into_iter().flatten().collect()
}

/// Endings are compared without regard to case: some systems write all names in capitals.
fn without_ending<'a>(name: &'a str, ending: &str) -> Option<&'a str> {
    let (stem, end) = name.split_at_checked(name.len().checked_sub(ending.len())?)?;
    end.eq_ignore_ascii_case(ending).then_some(stem)
}

impl Listed {
    fn of(Found { name, bytes, modified }: Found) -> Option<Self> {
        Some(Self { name: FileName::parse(&name).ok()?, bytes, modified })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn file(name: &str, bytes: u64, modified: u64) -> Found {
        Found { name: name.to_owned(), bytes, modified: SystemTime::UNIX_EPOCH + Duration::from_secs(modified) }
    }

    fn names(watch: &mut Watch, found: Vec<Found>, second: i64) -> Vec<String> {
        watch.complete(found, at(second)).into_iter().map(|file| file.name.to_string()).collect()
    }

    fn shown_at_once(found: &[&str]) -> Vec<String> {
        names(&mut Watch::default(), found.iter().map(|name| file(name, 1, 0)).collect(), 0)
    }

    #[test]
    fn a_file_is_complete_when_its_semaphore_is_there() {
        assert_eq!(shown_at_once(&["b.txt", "a.txt", "c.txt", "a.sem", "b.txt.sem"]), ["a.txt", "b.txt"]);
        assert_eq!(shown_at_once(&["A.TXT", "A.SEM"]), ["A.TXT"]);
        assert_eq!(shown_at_once(&["plain", "plain.sem"]), ["plain"]);
        assert_eq!(shown_at_once(&["a.txt", "ab.sem", ".sem", "sem"]), [""; 0]);
    }

    #[test]
    fn a_file_is_complete_when_it_has_been_the_same_for_a_minute() {
        let mut watch = Watch::default();
        for (second, shown) in [(0, 0), (30, 0), (59, 0), (60, 1), (61, 1)] {
            assert_eq!(names(&mut watch, vec![file("a.txt", 5, 100)], second).len(), shown, "{second}");
        }
    }

    #[test]
    fn a_file_that_grows_or_is_written_again_waits_anew() {
        let mut watch = Watch::default();
        for (second, bytes, modified, shown) in [
            (0, 5, 100, 0),
            (50, 6, 100, 0),
            (70, 6, 100, 0),
            (100, 6, 101, 0),
            (159, 6, 101, 0),
            (160, 6, 101, 1),
            (161, 7, 101, 0),
        ] {
            assert_eq!(names(&mut watch, vec![file("a.txt", bytes, modified)], second).len(), shown, "{second}");
        }
    }

    #[test]
    fn a_file_that_was_away_waits_anew() {
        let mut watch = Watch::default();
        assert!(names(&mut watch, vec![file("a.txt", 5, 100)], 0).is_empty());
        assert!(names(&mut watch, vec![], 30).is_empty());
        assert!(names(&mut watch, vec![file("a.txt", 5, 100)], 60).is_empty());
        assert_eq!(names(&mut watch, vec![file("a.txt", 5, 100)], 120), ["a.txt"]);
    }

    #[test]
    fn a_clock_that_goes_back_completes_nothing() {
        let mut watch = Watch::default();
        assert!(names(&mut watch, vec![file("a.txt", 5, 100)], 600).is_empty());
        assert!(names(&mut watch, vec![file("a.txt", 5, 100)], 0).is_empty());
    }

    #[test]
    fn hidden_unfinished_and_unsafe_names_are_never_shown() {
        let names = [".hidden", "a.tmp", "a.PART", "a.txt.filepart", "a.sem", "..", "a/b", "a\nb", "é"];
        let mut watch = Watch::default();
        let found = || names.iter().map(|name| file(name, 1, 0)).collect();
        watch.complete(found(), at(0));
        assert_eq!(self::names(&mut watch, found(), 60), ["é"]);
    }
}
