//! What is said of requests in the console, in the words of those who work there.

use chrono::{DateTime, NaiveDate, Utc};
use domain::service_request::Stage;
use shared::document::ScanState;
use shared::service_request::{
    Happening, OfficerId, Order, PauseReason, Queue, RedirectReason, RequestKind, RoutingReason, Source, StepName, Why,
};
use std::collections::BTreeMap;

use crate::console::context::ConsoleContext;

/// Officers by name.
pub type Names = BTreeMap<OfficerId, String>;

pub const fn kind(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::OutsideNormalTime => "Outside normal time",
        RequestKind::NoticeNotReceived => "Notice not received",
        RequestKind::CardNotReceived => "Card not received",
        RequestKind::DocumentNotReceived => "Document not received",
        RequestKind::TypographicError => "Typographic error",
        RequestKind::Accommodation => "Accommodation",
        RequestKind::BeneficiaryChange => "Change of beneficiary",
        RequestKind::NoReceiptNotice => "No receipt notice",
        RequestKind::NoAutomatedInformation => "No automated information",
        RequestKind::DosReview => "Department of State review",
        RequestKind::CaseStatus => "Case status",
        RequestKind::ChangeOfAddress => "Change of address",
        RequestKind::ReceiptNoticeError => "Error on receipt notice",
        RequestKind::Expedite => "Expedite",
    }
}

pub const fn source(source: Source) -> &'static str {
    match source {
        Source::EReq => "e-Request",
        Source::Telephone => "Telephone",
        Source::Letter => "Letter",
        Source::WalkIn => "Walk-in",
    }
}

/// A state by its key.
pub fn state(key: &str) -> &'static str {
    match key {
        "received" => "Received",
        "stored" => "On its way to an office",
        "routed" => "Unassigned",
        "assigned" => "Assigned",
        "opened" => "Open",
        "waiting_for_person" => "Waits for the person",
        "paused" => "Paused",
        "answered" => "Answered",
        "withdrawn" => "Taken back",
        _ => "Made again",
    }
}

pub const fn queue(queue: Queue) -> &'static str {
    match queue {
        Queue::Unassigned => "Unassigned",
        Queue::Mine => "Mine",
        Queue::DueSoon => "Due soon",
        Queue::Overdue => "Overdue",
        Queue::Waiting => "Waiting",
        Queue::Mail => "Mail came back",
        Queue::Strays => "Not read in time",
        Queue::Review => "Second reading",
        Queue::Closed => "Closed",
    }
}

pub const fn order(order: Order) -> &'static str {
    match order {
        Order::Due => "due day",
        Order::Received => "time of receipt",
        Order::OpenBy => "day to be read by",
    }
}

pub const fn pause(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::FileRequested => "The paper file was requested",
        PauseReason::OtherOffice => "Another office or agency has to act first",
        PauseReason::SystemOutage => "A system is down",
    }
}

pub const fn redirect(reason: RedirectReason) -> &'static str {
    match reason {
        RedirectReason::StaffChange => "Staff change",
        RedirectReason::OfficeAlignment => "Office alignment",
        RedirectReason::Disability => "Customer with a disability",
        RedirectReason::OfficeBandwidth => "Office bandwidth",
    }
}

const fn routing(reason: RoutingReason) -> &'static str {
    match reason {
        RoutingReason::CaseOffice => "the case is there",
        RoutingReason::TypeTable => "all requests of this kind go there",
        RoutingReason::Zip => "the person lives there",
        RoutingReason::Default => "nothing told of another office",
        RoutingReason::Redirected(reason) => redirect(reason),
    }
}

pub const fn step(step: StepName) -> &'static str {
    match step {
        StepName::Received => "Received",
        StepName::Stored => "Stored",
        StepName::Routed => "With an office",
        StepName::Opened => "Read by an officer",
        StepName::Answered => "Answered",
    }
}

pub const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Near => "Due soon",
        Stage::Due => "Due today",
        Stage::Over => "Overdue",
    }
}

/// Where the scanner did not look, whoever opens the file is told so.
pub const fn scan(scan: ScanState) -> &'static str {
    match scan {
        ScanState::Clean => "Scanned, clean",
        ScanState::NotScanned => "Not scanned: there is no virus scanner here",
    }
}

pub fn name(names: &Names, officer: OfficerId) -> String {
    names.get(&officer).cloned().unwrap_or_else(|| "somebody without an account".to_owned())
}

/// What happened, in a sentence.
pub fn happening(happening: &Happening, names: &Names) -> String {
    match happening {
        Happening::Received => "Received".into(),
        Happening::Stored => "Stored".into(),
        Happening::Routed { office, reason } => format!("Came to {}: {}", office.as_str(), routing(*reason)),
        Happening::Assigned { officer } => format!("Given to {}", name(names, *officer)),
        Happening::LaidBack => "Laid back".into(),
        Happening::Opened { officer } => format!("Opened by {}", name(names, *officer)),
        Happening::Asked => "The person was asked something".into(),
        Happening::InformationAdded => "The person added something".into(),
        Happening::AddressChanged => "The address of the case was changed".into(),
        Happening::Paused { reason } => format!("Paused: {}", pause(*reason)),
        Happening::Resumed => "The clock runs again".into(),
        Happening::Redirected { office, reason } => format!("Redirected to {}: {}", office.as_str(), redirect(*reason)),
        Happening::AnsweredInPart => "An interim answer went out".into(),
        Happening::Answered => "Answered".into(),
        Happening::Reopened => "Opened again: the answer was none".into(),
        Happening::Withdrawn => "Taken back by the person".into(),
        Happening::Superseded { by } => format!("Made again as {}", by.grouped()),
    }
}

/// Why an officer has it.
pub fn why(why: Why) -> String {
    match why {
        Why::Rule { open, capacity, among, on_leave, full } => format!(
            "By the roster: {open} of {capacity} requests taken, the smallest part of {among} officer(s) with room. Left out: \
             {on_leave} on leave, {full} full."
        ),
        Why::Next { due_on, is_overdue, passed_over } => {
            let due = if is_overdue { "was due first, on" } else { "is due first, on" };
            let passed = match passed_over {
                0 => String::new(),
                passed => format!(" {passed} before it could not be given to this officer."),
            };
            format!("The next one: of those that nobody has, it {due} {due_on}.{passed}")
        }
        Why::Supervisor { reason: Some(reason) } => format!("By a supervisor: {}.", redirect(reason)),
        Why::Supervisor { reason: None } => "By a supervisor.".into(),
        Why::Batch { .. } => "By a supervisor, with others.".into(),
        Why::Undone { .. } => "The assignment of many was undone.".into(),
        Why::HandedOver => "Handed over by the officer who had it.".into(),
    }
}

/// Who did something, as the audit log has it.
pub fn actor(label: &str, names: &Names) -> String {
    match label {
        "public" => "The person".into(),
        "system" => "Portico".into(),
        "operator" => "An operator".into(),
        other => officer_of(other).map_or_else(|| "A program".into(), |officer| name(names, officer)),
    }
}

/// The officer of a label of the audit log.
pub fn officer_of(label: &str) -> Option<OfficerId> {
    let id: uuid::Uuid = label.strip_prefix("officer ")?.parse().ok()?;
    Some(OfficerId(id.as_u128()))
}

pub fn days(days: i64) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}

/// How far away a day is.
pub fn away(day: NaiveDate, today: NaiveDate) -> String {
    match (day - today).num_days() {
        0 => "today".into(),
        left @ 1.. => format!("{} left", days(left)),
        over => format!("{} over", days(-over)),
    }
}

/// `2026-11-22 13:05`, on the agency's clock.
pub fn instant(at: DateTime<Utc>) -> String {
    let console = ConsoleContext::current();
    console.map(|console| at.with_timezone(&console.domain.zone).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_away_a_day_is() {
        let today: NaiveDate = "2026-03-10".parse().unwrap();
        let said = |day: &str| away(day.parse().unwrap(), today);
        assert_eq!(said("2026-03-10"), "today");
        assert_eq!(said("2026-03-11"), "1 day left");
        assert_eq!(said("2026-04-10"), "31 days left");
        assert_eq!(said("2026-03-09"), "1 day over");
    }

    #[test]
    fn who_did_something_is_named() {
        let id = uuid::Uuid::from_u128(7);
        let names = Names::from([(OfficerId(7), "Ana Ejemplo".to_owned())]);
        assert_eq!(actor(&format!("officer {id}"), &names), "Ana Ejemplo");
        assert_eq!(actor("public", &names), "The person");
        assert_eq!(actor("api-client 1", &names), "A program");
        assert_eq!(officer_of("officer x"), None);
    }
}
