//! What a person reads about a case. One view; the page, and later the JSON surfaces, scripts and mails, render it.

use serde::{Deserialize, Serialize};

use crate::delivery_tracking::DeliveryView;

/// Where a case stands, in the order a case usually goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Received,
    ActionNeeded,
    Appointment,
    InReview,
    Decided,
    OnItsWay,
    Finished,
}

impl Stage {
    pub const ALL: [Self; 7] =
        [Self::Received, Self::ActionNeeded, Self::Appointment, Self::InReview, Self::Decided, Self::OnItsWay, Self::Finished];

    /// The word in the reference texts and in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::ActionNeeded => "action_needed",
            Self::Appointment => "appointment",
            Self::InReview => "in_review",
            Self::Decided => "decided",
            Self::OnItsWay => "on_its_way",
            Self::Finished => "finished",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }
}

/// A day, for machines and for people. The server writes both, so that the browser shows exactly the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// `2023-09-05`.
    pub iso: String,
    /// `September 5, 2023`, in the reader's language.
    pub text: String,
}

/// The status of one case in one language: what a receipt number alone may show. It holds no address, no recipient and no
/// person's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseStatusView {
    pub receipt_number: String,
    /// `I-765`.
    pub form: String,
    /// `Application for Employment Authorization`; absent for a form that the reference texts do not know.
    pub form_name: Option<String>,
    pub title: String,
    pub description: String,
    /// What happens next.
    pub next_step: Option<String>,
    /// By when, as far as the text of the next step does not say it.
    pub timing: Option<Timing>,
    pub stage: Stage,
    pub appointment: Option<AppointmentView>,
    /// What is in the mail, or was; none for most cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<DeliveryView>,
    /// Date of last update: the day of the newest public event.
    pub updated: Day,
    /// Newest first.
    pub history: Vec<HistoryEntry>,
}

impl CaseStatusView {
    /// Description and next step as one text, for surfaces that have a single field for both.
    pub fn full_description(&self) -> String {
        match &self.next_step {
            Some(next_step) => format!("{} {next_step}", self.description),
            None => self.description.clone(),
        }
    }
}

/// What the calendar adds to a next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// By this day the person has to act.
    ActBy(Day),
    /// The day by which the person had to act has passed.
    ActDayPassed,
    /// What was sent, or was to be written, should have come by now.
    ShouldHaveCome,
    /// The day of the appointment has passed; this stands in place of the next step.
    AppointmentPassed,
}

/// The next appointment. Local to its office, so it has no time zone of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentView {
    pub day: Day,
    /// `9:05 a.m.`, with a space that does not break.
    pub time: String,
    pub office: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub day: Day,
    pub title: String,
}

/// The answer to a look-up, as the page shows it. A hidden case is `NotRecognised`, as is a number nobody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum LookUpAnswer {
    /// Nothing was asked yet, or the answer was kept too long ago.
    NotAsked,
    Shown {
        case: Box<CaseStatusView>,
    },
    NotRecognised {
        typed: String,
    },
    Empty,
    Malformed {
        typed: String,
    },
    /// Too many look-ups from here.
    SlowDown {
        retry_after_seconds: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::Stage;

    #[test]
    fn every_stage_has_a_key_of_its_own() {
        for stage in Stage::ALL {
            assert_eq!(Stage::from_key(stage.key()), Some(stage));
        }
        assert_eq!(Stage::from_key("CASE STATUS"), None);
    }
}
