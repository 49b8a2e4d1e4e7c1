//! What is said of readings in the console.

use shared::quality::{Criterion, Draw, LONGEST_NOTE, ReadingError, Score, Verdict};

/// As it is asked of an answer.
pub const fn criterion(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Asked => "Answers what was asked",
        Criterion::Facts => "Facts agree with the case",
        Criterion::Plain => "Plain language",
        Criterion::Next => "Says what happens next, and by when",
        Criterion::Discreet => "Tells no more than it may",
    }
}

pub const fn score(score: Score) -> &'static str {
    match score {
        Score::Yes => "Yes",
        Score::Partly => "Partly",
        Score::No => "No",
    }
}

pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "Good",
        Verdict::GoodWithNote => "Good, with a note to the writer",
        Verdict::SendBack => "Send back",
    }
}

/// The same of one that was read.
pub const fn found(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::SendBack => "Sent back",
        good => self::verdict(good),
    }
}

pub fn draw(draw: Draw) -> String {
    match draw {
        Draw::Share(share) => format!("{share} % of them"),
        Draw::FirstOf(first) => format!("the first {first} of each officer"),
    }
}

pub fn wrong(error: ReadingError) -> String {
    match error {
        ReadingError::Unscored(one) => format!("Say yes, partly or no: {}.", criterion(one)),
        ReadingError::NoVerdict => "Choose a verdict.".into(),
        ReadingError::NoNote => "Write what the writer is to know or to do.".into(),
        ReadingError::NoteTooLong => format!("Write {LONGEST_NOTE} characters at most."),
        ReadingError::NothingWrong => "You send it back, and everything is a yes. Say where it falls short.".into(),
    }
}
