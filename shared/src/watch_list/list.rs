//! The list, and what can be done with it.

use thiserror::Error;

use super::{CaseName, CaseRefusal, ListFile, RefusedCase, Seen, WatchedCase};
use crate::case_status::ReceiptNumber;

/// Cases of a list. More would not be one family's, and could not be checked in an hour.
pub const MOST_CASES: usize = 50;

/// Cases in the order in which they were added, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatchList {
    cases: Vec<WatchedCase>,
}

/// Why a case was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAdded {
    #[error("the case is on the list")]
    AlreadyThere,
    #[error("the list has {MOST_CASES} cases")]
    Full,
}

/// A case that was taken off the list, and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    pub case: WatchedCase,
    position: usize,
}

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    pub added: usize,
    pub already_there: usize,
    pub refused: Vec<RefusedCase>,
}

impl WatchList {
    pub fn cases(&self) -> &[WatchedCase] {
        &self.cases
    }

    pub fn find(&self, number: &ReceiptNumber) -> Option<&WatchedCase> {
        self.cases.iter().find(|case| case.number == *number)
    }

    fn find_mut(&mut self, number: &ReceiptNumber) -> Option<&mut WatchedCase> {
        self.cases.iter_mut().find(|case| case.number == *number)
    }

    /// Puts a case at the end.
    pub fn add(&mut self, case: WatchedCase) -> Result<(), NotAdded> {
        self.insert(self.cases.len(), case)
    }

    fn insert(&mut self, position: usize, case: WatchedCase) -> Result<(), NotAdded> {
        if self.find(&case.number).is_some() {
            return Err(NotAdded::AlreadyThere);
        }
        if self.cases.len() >= MOST_CASES {
            return Err(NotAdded::Full);
        }
        self.cases.insert(position.min(self.cases.len()), case);
        Ok(())
    }

    pub fn rename(&mut self, number: &ReceiptNumber, name: Option<CaseName>) {
        if let Some(case) = self.find_mut(number) {
            case.name = name;
        }
    }

    pub fn remove(&mut self, number: &ReceiptNumber) -> Option<Removed> {
        let position = self.cases.iter().position(|case| case.number == *number)?;
        Some(Removed { case: self.cases.remove(position), position })
    }

    /// Puts a removed case back where it stood.
    pub fn put_back(&mut self, removed: Removed) -> Result<(), NotAdded> {
        self.insert(removed.position, removed.case)
    }

    /// Keeps what was seen of a case now. One that is no longer on the list stays off it.
    pub fn see(&mut self, number: &ReceiptNumber, now: Seen) {
        if let Some(case) = self.find_mut(number) {
            case.see(now);
        }
    }

    /// The case to ask for next, but for these: one that was never asked for, or not for longest. When a limit ends the asking,
    /// the next time so begins with the others.
    pub fn next_but(&self, asked: &[ReceiptNumber]) -> Option<&WatchedCase> {
        let others = self.cases.iter().filter(|case| !asked.contains(&case.number));
        others.min_by_key(|case| case.seen.as_ref().map(|seen| seen.on))
    }

    /// Takes in the cases of a file. A name that was given here stays; what was seen last stays.
    pub fn merge(&mut self, file: ListFile) -> Merged {
        let mut merged = Merged::default();
        for (entry, case) in (1..).zip(file.cases) {
            match case.map(|case| self.merge_case(case)) {
                Ok(Ok(())) => merged.added += 1,
                Ok(Err(NotAdded::AlreadyThere)) => merged.already_there += 1,
                Ok(Err(NotAdded::Full)) => merged.refused.push(RefusedCase { entry, why: CaseRefusal::Full }),
                Err(why) => merged.refused.push(RefusedCase { entry, why }),
            }
        }
        merged
    }

    fn merge_case(&mut self, theirs: WatchedCase) -> Result<(), NotAdded> {
        let Some(ours) = self.find_mut(&theirs.number) else { return self.add(theirs) };
        let last_seen = |case: &WatchedCase| case.seen.as_ref().map(|seen| seen.on);
        if last_seen(&theirs) > last_seen(ours) {
            (ours.seen, ours.changed_since) = (theirs.seen, theirs.changed_since);
        }
        ours.name = ours.name.take().or(theirs.name);
        Err(NotAdded::AlreadyThere)
    }
}
