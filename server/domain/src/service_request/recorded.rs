//! What happened to a request, as its row keeps it: JSON without personal data.

use serde::{Deserialize, Serialize};
use shared::office::OfficeCode;
use shared::service_request::{Happening, OfficerId, PauseReason, RedirectReason, RequestNumber, RoutingReason, Why};

/// One row's `event`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recorded {
    happening: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    office: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    officer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
}

impl Recorded {
    pub fn of(happening: &Happening) -> Self {
        let plain = Self { happening: happening.key().to_owned(), ..Self::default() };
        let officer = |officer: &OfficerId| Some(officer.to_string());
        match happening {
            Happening::Routed { office, reason } => {
                Self { office: Some(office.as_str().to_owned()), reason: Some(reason.key().to_owned()), ..plain }
            }
            Happening::Redirected { office, reason } => {
                Self { office: Some(office.as_str().to_owned()), reason: Some(reason.key().to_owned()), ..plain }
            }
            Happening::Assigned { officer: who } | Happening::Opened { officer: who } => Self { officer: officer(who), ..plain },
            Happening::Paused { reason } => Self { reason: Some(reason.key().to_owned()), ..plain },
            Happening::Superseded { by } => Self { by: Some(by.as_str().to_owned()), ..plain },
            Happening::Received
            | Happening::Stored
            | Happening::LaidBack
            | Happening::Asked
            | Happening::InformationAdded
            | Happening::AddressChanged
            | Happening::Resumed
            | Happening::Answered
            | Happening::Reopened
            | Happening::Withdrawn => plain,
        }
    }

    /// The same, with why.
    pub fn because(self, why: Option<Why>) -> Self {
        Self { why, ..self }
    }

    pub const fn why(&self) -> Option<Why> {
        self.why
    }

    /// None for what no release of this program has written.
    pub fn happening(&self) -> Option<Happening> {
        let office = || OfficeCode::parse(self.office.as_deref()?).ok();
        let reason = || self.reason.as_deref();
        let officer = || OfficerId::parse(self.officer.as_deref()?);
        Some(match self.happening.as_str() {
            "received" => Happening::Received,
            "stored" => Happening::Stored,
            "routed" => Happening::Routed { office: office()?, reason: RoutingReason::from_key(reason()?)? },
            "redirected" => Happening::Redirected { office: office()?, reason: RedirectReason::from_key(reason()?)? },
            "assigned" => Happening::Assigned { officer: officer()? },
            "opened" => Happening::Opened { officer: officer()? },
            "laid_back" => Happening::LaidBack,
            "asked" => Happening::Asked,
            "information_added" => Happening::InformationAdded,
            "address_changed" => Happening::AddressChanged,
            "paused" => Happening::Paused { reason: PauseReason::from_key(reason()?)? },
            "resumed" => Happening::Resumed,
            "answered" => Happening::Answered,
            "reopened" => Happening::Reopened,
            "withdrawn" => Happening::Withdrawn,
            "superseded" => Happening::Superseded { by: RequestNumber::parse(self.by.as_deref()?).ok()? },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_happen_is_kept_and_read_back() {
        let office = || OfficeCode::parse("NBC").unwrap();
        let officer = OfficerId(7);
        let by = RequestNumber::new(2026, [3; 16]);
        let all = [
            Happening::Received,
            Happening::Stored,
            Happening::Routed { office: office(), reason: RoutingReason::CaseOffice },
            Happening::Assigned { officer },
            Happening::LaidBack,
            Happening::Opened { officer },
            Happening::Asked,
            Happening::InformationAdded,
            Happening::AddressChanged,
            Happening::Paused { reason: PauseReason::FileRequested },
            Happening::Resumed,
            Happening::Redirected { office: office(), reason: RedirectReason::StaffChange },
            Happening::Answered,
            Happening::Reopened,
            Happening::Withdrawn,
            Happening::Superseded { by },
        ];
        assert_eq!(all.len(), Happening::KEYS.len());
        for happening in all {
            let json = serde_json::to_string(&Recorded::of(&happening)).unwrap();
            let back: Recorded = serde_json::from_str(&json).unwrap();
            assert_eq!(back.happening(), Some(happening), "{json}");
        }
        assert_eq!(Recorded::default().happening(), None);
        let why = Why::Rule { open: 3, capacity: 20, among: 4, on_leave: 1, full: 2 };
        let json = serde_json::to_string(&Recorded::of(&Happening::Assigned { officer }).because(Some(why))).unwrap();
        assert_eq!(serde_json::from_str::<Recorded>(&json).unwrap().why(), Some(why), "{json}");
    }
}
