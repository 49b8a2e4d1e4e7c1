//! What a form changes in an agreement: of each capability its status, its end, its quota, how soon an answer is due, and what may be
//! told; of a capability to enrol its status and its end. Fields are named by the capability's place in the document: `3.quota`. All else
//! is changed by a file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::agreement::{Agreement, Capability, CapabilityStatus, Condition, DataSetElement, Element, Priority};

/// Values by the names of their fields.
pub type Fields = BTreeMap<String, String>;

/// The word for what is not told.
pub const WITHHELD: &str = "";

/// The name of a field. It begins with a letter: what begins with a digit is read as a place in a list.
pub fn name(at: usize, part: &str) -> String {
    format!("capability{at}.{part}")
}

/// The name of a field of a capability to enrol.
pub fn enrolment(at: usize, part: &str) -> String {
    format!("enrolment{at}.{part}")
}

/// The elements that a form offers: those that may stand there, and those that do.
pub fn elements(capability: &Capability) -> Vec<Element> {
    let slot = capability.slot();
    let may_stand = |element: Element| element.modality() == slot.modality && element.earliest() <= slot.step;
    Element::ALL.into_iter().filter(|element| may_stand(*element) || capability.condition(*element).is_some()).collect()
}

/// A document as a form shows it.
pub fn of(document: &Agreement) -> Fields {
    let capabilities = document.capabilities.iter().enumerate().flat_map(|(at, capability)| of_capability(at, capability));
    let enrolments = document
        .enrolments
        .iter()
        .enumerate()
        .flat_map(|(at, one)| [(enrolment(at, "status"), one.status.key().to_owned()), (enrolment(at, "to"), end(one.to))]);
    capabilities.chain(enrolments).collect()
}

fn end(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn of_capability(at: usize, capability: &Capability) -> Vec<(String, String)> {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut fields = vec![
        (name(at, "status"), capability.status.key().to_owned()),
        (name(at, "to"), end(capability.to)),
        (name(at, "quota"), number(capability.quota_per_year)),
    ];
    fields.extend(Priority::ALL.map(|priority| (name(at, priority.key()), number(capability.hours.of(priority)))));
    fields.extend(elements(capability).into_iter().map(|element| {
        let condition = capability.condition(element).map_or(WITHHELD, Condition::key);
        (name(at, element.key()), condition.to_owned())
    }));
    fields
}

/// The document with what was typed, or all that is wrong with that. What no field names stays as it is.
pub fn changed(document: &Agreement, fields: &Fields) -> Result<Agreement, Vec<String>> {
    let (mut changed, mut wrong) = (document.clone(), Vec::new());
    for (at, capability) in changed.capabilities.iter_mut().enumerate() {
        let slot = capability.slot();
        let field = |part: &str| fields.get(&name(at, part)).map(|typed| typed.trim());
        let faults = change(capability, field);
        wrong.extend(faults.into_iter().map(|fault| format!("{slot}: {fault}")));
    }
    for (at, one) in changed.enrolments.iter_mut().enumerate() {
        let field = |part: &str| fields.get(&enrolment(at, part)).map(|typed| typed.trim());
        let faults = change_time(&mut one.status, &mut one.to, &field);
        wrong.extend(faults.into_iter().map(|fault| format!("Enrolment from {}: {fault}", one.from)));
    }
    if wrong.is_empty() { Ok(changed) } else { Err(wrong) }
}

/// The status and the end, which every capability has.
fn change_time<'f>(
    status: &mut CapabilityStatus,
    to: &mut Option<NaiveDate>,
    field: &impl Fn(&str) -> Option<&'f str>,
) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    match field("status").map(CapabilityStatus::from_key) {
        Some(Some(typed)) => *status = typed,
        Some(None) => wrong.push("choose a status."),
        None => {}
    }
    if let Some(typed) = field("to") {
        match optional(typed, |day| day.parse::<NaiveDate>().ok()) {
            Ok(typed) => *to = typed,
            Err(Unreadable) => wrong.push("type the end as 2027-01-31, or nothing."),
        }
    }
    wrong
}

fn change<'f>(capability: &mut Capability, field: impl Fn(&str) -> Option<&'f str>) -> Vec<&'static str> {
    let mut wrong = change_time(&mut capability.status, &mut capability.to, &field);
    if let Some(typed) = field("quota") {
        match optional(typed, |number| number.parse().ok()) {
            Ok(quota) => capability.quota_per_year = quota,
            Err(Unreadable) => wrong.push("type the queries in a year as a whole number, or nothing."),
        }
    }
    let hours = &mut capability.hours;
    for (priority, hours) in
        [(Priority::High, &mut hours.high), (Priority::Medium, &mut hours.medium), (Priority::Low, &mut hours.low)]
    {
        let Some(typed) = field(priority.key()) else { continue };
        match optional(typed, |number| number.parse().ok()) {
            Ok(typed) => *hours = typed,
            Err(Unreadable) => wrong.push("type the hours as a whole number, or nothing."),
        }
    }
    for element in elements(capability) {
        match field(element.key()).map(|typed| optional(typed, Condition::from_key)) {
            Some(Ok(condition)) => tell(capability, element, condition),
            Some(Err(Unreadable)) => wrong.push("choose when an element may be told."),
            None => {}
        }
    }
    wrong
}

/// Something was typed that cannot be read.
struct Unreadable;

/// What was typed, or nothing.
fn optional<T>(typed: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Unreadable> {
    if typed.is_empty() { Ok(None) } else { read(typed).map(Some).ok_or(Unreadable) }
}

/// Lets an element be told on a condition, or withholds it.
fn tell(capability: &mut Capability, element: Element, condition: Option<Condition>) {
    if capability.condition(element) == condition {
        return;
    }
    let rows = &mut capability.elements;
    let place = rows.iter().position(|row| row.element == element).unwrap_or(rows.len());
    rows.retain(|row| row.element != element);
    if let Some(condition) = condition {
        rows.insert(place.min(rows.len()), DataSetElement { element, condition });
    }
}

#[cfg(test)]
mod tests {
    use shared::agreement::{Change, Partner, Party, changes, check, from_file, starter};

    use super::*;

    fn document() -> Agreement {
        from_file(starter(Partner::Canada).as_bytes()).unwrap()
    }

    fn said(fields: &[(&str, &str)]) -> Vec<String> {
        let mut all = of(&document());
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let changed = changed(&document(), &all).unwrap();
        changes(&document(), &changed).iter().map(Change::to_string).collect()
    }

    #[test]
    fn what_is_sent_back_as_it_was_changes_nothing() {
        for partner in Party::ALL {
            let document = from_file(starter(partner).as_bytes()).unwrap();
            assert_eq!(changed(&document, &of(&document)), Ok(document.clone()));
            assert_eq!(changed(&document, &Fields::new()), Ok(document));
        }
    }

    #[test]
    fn each_field_changes_what_it_names() {
        let slot = document().capabilities[0].slot().to_string();
        let first = |what: &str| vec![format!("{slot}: {what}")];
        assert_eq!(said(&[("capability0.status", "suspended")]), first("suspended, was live"));
        assert_eq!(said(&[("capability0.to", " 2030-01-31 ")]), first("until 2030-01-31, was without end"));
        assert_eq!(said(&[("capability0.quota", "5")]), first("5 queries in a year, was 400000"));
        assert_eq!(said(&[("capability0.quota", "")]), first("any number of queries in a year, was 400000"));
        assert_eq!(said(&[("capability0.high", "72")]), first("priority high: 72 hours, was no time"));
        assert_eq!(
            said(&[("capability0.photograph", "refer_to_counsel")]),
            first("may tell Photograph if counsel says so, was always")
        );
        assert_eq!(said(&[("capability0.photograph", "")]), first("may no longer tell Photograph"));
    }

    #[test]
    fn enrolment_goes_live_and_ends_by_the_form() {
        let terms = from_file(starter(Party::Ident).as_bytes()).unwrap();
        let typed = |status: &str, to: &str| {
            let fields = [("enrolment0.status", status), ("enrolment0.to", to)];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            changed(&terms, &fields)
        };
        let live = typed("live", "2030-01-31").unwrap();
        let said: Vec<_> = changes(&terms, &live).iter().map(Change::to_string).collect();
        assert_eq!(said, ["enrolment: live, was planned", "enrolment: until 2030-01-31, was without end"]);
        let wrong = typed("on", "soon").unwrap_err();
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].starts_with("Enrolment from 2017-07-17: "), "{wrong:?}");
    }

    #[test]
    fn an_element_is_allowed_where_the_step_lets_it() {
        let document = document();
        for (at, capability) in document.capabilities.iter().enumerate() {
            for element in elements(capability) {
                let mut fields = of(&document);
                fields.insert(name(at, element.key()), "always".into());
                let changed = changed(&document, &fields).unwrap();
                assert_eq!(changed.capabilities[at].condition(element), Some(Condition::Always));
                assert_eq!(check(&changed, "2026-03-10".parse().unwrap()), []);
            }
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_by_capability() {
        let document = document();
        let typed = [
            ("capability0.status", "gone"),
            ("capability0.to", "soon"),
            ("capability0.quota", "many"),
            ("capability1.low", "-1"),
            ("capability1.full_name", "often"),
        ];
        let fields = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let wrong = changed(&document, &fields).unwrap_err();
        assert_eq!(wrong.len(), 5, "{wrong:?}");
        let [first, second] = [0, 1].map(|at| document.capabilities[at].slot().to_string());
        assert!(wrong[0].starts_with(&first) && wrong[4].starts_with(&second), "{wrong:?}");
    }
}
