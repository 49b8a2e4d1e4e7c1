//! What a request raises, and an answer has to speak of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::e_request::{Answers, Field};
use crate::service_request::RequestKind;

/// Something that an answer has to speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Issue {
    /// What requests of this kind ask.
    Matter,
    /// What was printed, and what is right.
    Correction,
    /// Mail to the address that the agency has would not come.
    Address,
    /// The appointment that the request names.
    Appointment,
    /// What the person wrote in their own words.
    Explanation,
    /// What the person added later, counted from 1.
    Addition(u32),
    /// Why an earlier answer did not help, counted from 1.
    NotHelped(u32),
}

impl Issue {
    /// Whether an answer that is not the last has to speak of it.
    pub(super) const fn cannot_wait(self) -> bool {
        matches!(self, Self::Matter | Self::NotHelped(_))
    }

    /// As officers read it.
    pub fn label(self, kind: RequestKind) -> String {
        match self {
            Self::Matter => matter(kind).to_owned(),
            Self::Correction => "What was printed, and what is right".to_owned(),
            Self::Address => "Mail to the address on file would not come".to_owned(),
            Self::Appointment => "The appointment that they name".to_owned(),
            Self::Explanation => "What they wrote in their own words".to_owned(),
            Self::Addition(which) => format!("What they added, number {which}"),
            Self::NotHelped(which) => format!("Why answer {which} did not help"),
        }
    }
}

const fn matter(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::OutsideNormalTime => "Why the case takes longer than the published time",
        RequestKind::NoticeNotReceived => "Where the notice is",
        RequestKind::CardNotReceived => "Where the card is",
        RequestKind::DocumentNotReceived => "Where the document is",
        RequestKind::TypographicError => "Whether the mistake will be corrected",
        RequestKind::Accommodation => "Whether they get what they need at the appointment",
        RequestKind::BeneficiaryChange => "Whether the change is in the petition",
        RequestKind::NoReceiptNotice => "Whether the filing arrived",
        RequestKind::NoAutomatedInformation => "Why telephone and web do not know the number",
        RequestKind::DosReview => "Whether the recommendation has arrived",
        RequestKind::CaseStatus => "Where the case stands",
        RequestKind::ChangeOfAddress => "Whether the address was changed",
        RequestKind::ReceiptNoticeError => "Whether the receipt notice will be corrected",
        RequestKind::Expedite => "Whether the case goes first",
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matter => f.write_str("matter"),
            Self::Correction => f.write_str("correction"),
            Self::Address => f.write_str("address"),
            Self::Appointment => f.write_str("appointment"),
            Self::Explanation => f.write_str("explanation"),
            Self::Addition(which) => write!(f, "addition-{which}"),
            Self::NotHelped(which) => write!(f, "not_helped-{which}"),
        }
    }
}

impl From<Issue> for String {
    fn from(issue: Issue) -> Self {
        issue.to_string()
    }
}

impl TryFrom<String> for Issue {
    type Error = &'static str;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        let counted = |which: &str| which.parse().map_err(|_| "no such issue");
        Ok(match (key.as_str(), key.split_once('-')) {
            ("matter", _) => Self::Matter,
            ("correction", _) => Self::Correction,
            ("address", _) => Self::Address,
            ("appointment", _) => Self::Appointment,
            ("explanation", _) => Self::Explanation,
            (_, Some(("addition", which))) => Self::Addition(counted(which)?),
            (_, Some(("not_helped", which))) => Self::NotHelped(counted(which)?),
            _ => return Err("no such issue"),
        })
    }
}

/// What a request raises: its matter, what its fields say beyond it, what was added to it, and which answers did not help; of the two
/// last those that nothing was said to yet.
pub fn issues(answers: &Answers, additions: &[u32], not_helped: &[u32]) -> Vec<Issue> {
    let has = |field: Field| !answers.typed(field).is_empty();
    let mut issues = vec![Issue::Matter];
    issues.extend((has(Field::PrintedText) || has(Field::CorrectText)).then_some(Issue::Correction));
    issues.extend((answers.typed(Field::AddressIsCurrent) == "no").then_some(Issue::Address));
    issues.extend(has(Field::AppointmentOn).then_some(Issue::Appointment));
    issues.extend(has(Field::Explanation).then_some(Issue::Explanation));
    issues.extend(additions.iter().copied().map(Issue::Addition));
    issues.extend(not_helped.iter().copied().map(Issue::NotHelped));
    issues
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(typed: &[(Field, &str)]) -> Answers {
        let mut answers = Answers::default();
        for (field, typed) in typed {
            answers.set(*field, typed);
        }
        answers
    }

    #[test]
    fn what_was_filled_in_is_an_issue() {
        assert_eq!(issues(&answers(&[]), &[], &[]), [Issue::Matter]);
        let typed = answers(&[
            (Field::AddressIsCurrent, "no"),
            (Field::PrintedText, "Anna"),
            (Field::AppointmentOn, "2026-5-4"),
            (Field::Explanation, "It is the second time."),
        ]);
        assert_eq!(
            issues(&typed, &[1, 2], &[1]),
            [
                Issue::Matter,
                Issue::Correction,
                Issue::Address,
                Issue::Appointment,
                Issue::Explanation,
                Issue::Addition(1),
                Issue::Addition(2),
                Issue::NotHelped(1)
            ]
        );
        assert_eq!(issues(&answers(&[(Field::AddressIsCurrent, "yes")]), &[], &[]), [Issue::Matter]);
    }

    #[test]
    fn issues_are_read_back_from_their_keys() {
        let all = [Issue::Correction, Issue::Appointment, Issue::Addition(12), Issue::NotHelped(1), Issue::Explanation];
        for issue in all.into_iter().chain([Issue::Matter, Issue::Address]) {
            assert_eq!(Issue::try_from(issue.to_string()), Ok(issue));
            assert!(RequestKind::ALL.into_iter().all(|kind| !issue.label(kind).is_empty()));
        }
        for wrong in ["", "addition", "addition-x", "other-1"] {
            assert!(Issue::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
