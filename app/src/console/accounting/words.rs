//! What the pages about the accounting call things.

use std::collections::{BTreeMap, BTreeSet};

use domain::disclosure::{AccountingFormat, AccountingReason, NoticeView, Recorded};
use shared::agreement::Element;
use shared::disclosure::NoticeState;
use shared::service_request::OfficerId;
use uuid::Uuid;

pub type People = BTreeMap<OfficerId, String>;

pub const NOT_OPEN: &str = "Open the profile again, for a purpose: it was closed after half an hour.";
pub const NOBODY: &str = "There is nobody here whom you may see.";

pub fn elements(elements: &BTreeSet<Element>) -> String {
    elements.iter().map(|element| element.name()).collect::<Vec<_>>().join(", ")
}

/// The officers who had to do with something; none where a machine did it.
pub fn officers(people: &People, ids: &[OfficerId]) -> String {
    if ids.is_empty() {
        return "Nobody: by machine".to_owned();
    }
    let name = |id: &OfficerId| people.get(id).cloned().unwrap_or_else(|| "Somebody".to_owned());
    ids.iter().map(name).collect::<Vec<_>>().join(", ")
}

pub fn officer(people: &People, id: Uuid) -> String {
    officers(people, &[OfficerId(id.as_u128())])
}

pub const fn reason(reason: AccountingReason) -> &'static str {
    match reason {
        AccountingReason::ThePerson => "The person asks for it: they get the copy that is theirs",
        AccountingReason::Correction => "Who was told is to be told of a correction",
        AccountingReason::Oversight => "An inspection, an audit or a court asks for it",
    }
}

pub const fn format(format: AccountingFormat) -> &'static str {
    match format {
        AccountingFormat::Pdf => "PDF, to be printed",
        AccountingFormat::Csv => "CSV, for any program",
        AccountingFormat::Json => "JSON, for programs",
    }
}

/// Why nothing could be given out.
pub fn problem(key: Option<&str>) -> Option<&'static str> {
    match key? {
        "incomplete" => Some("Choose a reason and a kind of file."),
        "too_many" => Some("These are too many disclosures for this kind of file. Take CSV, or fewer days."),
        "not_open" => Some(NOT_OPEN),
        _ => None,
    }
}

/// Why something was not recorded.
pub const fn not_recorded(recorded: Recorded) -> &'static str {
    match recorded {
        Recorded::Done(_) => "Recorded.",
        Recorded::Nobody => NOBODY,
        Recorded::NotOpen => NOT_OPEN,
        Recorded::SaysNothing => "What is told: tick something, or say it.",
        Recorded::NoCitation => "Which one: name the notice and the letter of the routine use, the statute, or the order.",
        Recorded::NotToTell => "This recipient was told of the correction, or is being told.",
    }
}

/// Where telling a recipient stands, and why.
pub fn state(one: &NoticeView) -> String {
    let because = match (one.notice.state, one.notice.because.as_deref()) {
        (NoticeState::Withheld, Some("never_told")) => ": nothing was told in the end",
        (NoticeState::Withheld, Some("no_agreement")) => ": no agreement is in force",
        (NoticeState::Withheld, Some("no_question")) => {
            ": no question of the partner is there to answer anew; tell it by other ways"
        }
        (NoticeState::Withheld, _) => ": the person is protected, or the agreement does not let it",
        (NoticeState::Held, _) => ": ask counsel",
        _ => "",
    };
    format!("{}{because}", one.notice.state.name())
}
