//! What the pages say.

use chrono::{DateTime, Utc};
use domain::information_request::{Added, Done, GivenBack, May};
use shared::document::{DocumentProblem, RedactionFault};

/// How long there is, or since when it is late.
pub fn time_left(now: DateTime<Utc>, due_at: DateTime<Utc>) -> String {
    let hours = (due_at - now).num_hours();
    match hours {
        _ if due_at < now => "late".to_owned(),
        0..48 => format!("{hours} hours left"),
        _ => format!("{} days left", hours / 24),
    }
}

/// What an event was, in the past.
pub fn event(key: &str) -> &'static str {
    match key {
        "opened" => "Taken",
        "kept" => "Draft saved",
        "document_added" => "Document added",
        "document_redacted" => "Areas taken out of a document",
        "document_removed" => "Document taken out",
        "sent_to_review" => "Sent to review",
        "returned" => "Given back",
        "approved" => "Released",
        "packaged" => "Packaged",
        "handed" => "Handed to CPMS",
        "retrieved" => "Fetched by OBIM",
        "transmitted" => "Sent to the partner",
        "transmission_failed" => "Not sent",
        "retried" => "To be packaged anew",
        "closed" => "Closed",
        "corrected" => "Corrected",
        _ => "Something else",
    }
}

/// Why there is nothing for an officer to do.
pub const fn waits(may: May) -> Option<&'static str> {
    match may {
        May::WaitForCheck => {
            Some("The protection check is asked again before this can be released. Reload the page in a few seconds.")
        }
        May::Nothing => Some("There is nothing for you to do here now."),
        May::Take | May::Prepare | May::Review | May::Retry | May::Close => None,
    }
}

/// Why something was not done.
pub const fn not_done(done: Done) -> Option<&'static str> {
    match done {
        Done::Done => None,
        Done::NotNow => Some("Nothing was done: somebody was quicker, or it is not the time for it."),
        Done::OneOfTheTwo => Some("Nothing was done: you prepared it. Another person releases it."),
        Done::Changed => Some("Nothing was released: it is not what you looked at. Read it again."),
        Done::NotChecked => {
            Some("Nothing was released: the protection check was not asked since it was sent to review. Try again in a minute.")
        }
    }
}

/// Why something was not given back.
pub const fn not_given_back(done: GivenBack) -> Option<&'static str> {
    match done {
        GivenBack::Done => None,
        GivenBack::NoReason => Some("Nothing was done: say why, in at most two thousand letters."),
        GivenBack::NotNow => Some("Nothing was done: somebody was quicker, or it is not the time for it."),
        GivenBack::OneOfTheTwo => Some("Nothing was done: you prepared it. Another person reviews it."),
    }
}

/// Why a document was not added.
pub const fn not_added(added: Added) -> Option<&'static str> {
    match added {
        Added::Added(_) => None,
        Added::TooMany => Some("Nothing was added: a request takes twenty documents and 100 MB."),
        Added::NotAsked => Some("Nothing was added: choose what it is, among what may be told."),
        Added::NotNow => Some("Nothing was added: the request is not with you, or not in preparation."),
    }
}

/// Why nothing was taken of a file.
pub const fn document_refused(problem: DocumentProblem) -> &'static str {
    match problem {
        DocumentProblem::Empty => "Nothing was added: choose a file.",
        DocumentProblem::TooLarge => "Nothing was added: the file is larger than 10 MB. Make it smaller.",
        DocumentProblem::WrongKind => "Nothing was added: the file is no JPEG, PNG or PDF. Save it as one of these.",
        DocumentProblem::Broken => "Nothing was added: the file cannot be opened. Save or scan it again.",
        DocumentProblem::TooBig => "Nothing was added: the file has too many pixels or pages. Make it smaller.",
        DocumentProblem::Encrypted => "Nothing was added: the PDF has a password. Take it off, or print it to a new PDF.",
        DocumentProblem::ActiveContent => "Nothing was added: the PDF holds scripts or other files. Print it to a new PDF.",
        DocumentProblem::Infected => "Nothing was added: the scanner found something harmful. Nothing of it was kept.",
        DocumentProblem::TooMany => "Nothing was added: there are too many documents.",
        DocumentProblem::TryLater => "Nothing was added: files cannot be taken right now. Try again in a few minutes.",
    }
}

/// Why nothing was taken out of a document.
pub const fn not_redacted(fault: RedactionFault) -> &'static str {
    match fault {
        RedactionFault::NoArea => {
            "Nothing was taken out: type each area from 0 to 100 percent, its left before its right and its top before its bottom."
        }
        RedactionFault::NoSuchPage => "Nothing was taken out: the document has no such page.",
        RedactionFault::Broken => "Nothing was taken out: the document cannot be read. Print it to a new PDF, or scan it again.",
        RedactionFault::NotDrawn => {
            "Nothing was taken out: a part of the document cannot be drawn. Print or scan it, and add that."
        }
        RedactionFault::TooBig => {
            "Nothing was taken out: the document has too many pages or pixels. Divide it, or make it smaller."
        }
        RedactionFault::TooLarge => "Nothing was taken out: what is left of the document is too large. Divide it.",
        RedactionFault::TryLater => "Nothing was taken out: documents cannot be redacted right now. Try again in a few minutes.",
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_clock_says_hours_then_days_and_then_that_it_is_late() {
        let now: DateTime<Utc> = "2026-03-10T15:00:00Z".parse().unwrap();
        let left = |left: TimeDelta| time_left(now, now + left);
        assert_eq!(left(TimeDelta::minutes(30)), "0 hours left");
        assert_eq!(left(TimeDelta::hours(47)), "47 hours left");
        assert_eq!(left(TimeDelta::hours(72)), "3 days left");
        assert_eq!(left(TimeDelta::minutes(-1)), "late");
    }

    #[test]
    fn every_event_has_words() {
        for key in [
            "opened",
            "kept",
            "document_added",
            "document_redacted",
            "document_removed",
            "sent_to_review",
            "returned",
            "approved",
            "packaged",
            "handed",
            "retrieved",
            "transmitted",
            "transmission_failed",
            "retried",
            "closed",
            "corrected",
        ] {
            assert_ne!(event(key), "Something else", "{key}");
        }
    }
}
