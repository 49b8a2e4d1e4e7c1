//! A disclosure that is made by other ways, as it was typed.

use domain::disclosure::Telling;
use shared::agreement::Element;
use shared::disclosure::{Exception, OtherRecipient, Way};
use shared::partner_query::{Line, TextFault};
use shared::sensitive::Sensitive;

use super::kept::TypedTelling;

const NO_EXCEPTION: &str = "On what it rests: choose it.";
const NO_WAY: &str = "How it leaves: choose it.";

/// What was typed as a disclosure to be recorded; or all that is wrong with it.
pub fn read(typed: &TypedTelling) -> Result<Telling, Vec<String>> {
    let fields = &typed.fields;
    let mut wrong = Vec::new();
    let nature = needed("What kind of telling it is", &fields.nature, &mut wrong);
    let record = needed("The record", &fields.record, &mut wrong);
    let told = allowed("What else is told", &fields.told, &mut wrong);
    let documents = allowed("What goes with it", &fields.documents, &mut wrong);
    let purpose = needed("What for", &fields.purpose, &mut wrong);
    let citation = allowed("Which one", &fields.citation, &mut wrong);
    let organization = needed("Recipient", &fields.organization, &mut wrong);
    let name = allowed("Who there", &fields.name, &mut wrong);
    let address = needed("Address", &fields.address, &mut wrong);
    let (exception, way) = (Exception::from_key(&fields.exception), Way::from_key(&fields.way));
    wrong.extend(exception.is_none().then(|| NO_EXCEPTION.to_owned()));
    wrong.extend(way.is_none().then(|| NO_WAY.to_owned()));
    let elements = typed.elements.iter().filter_map(|key| Element::from_key(key)).collect();
    let notice = typed.notice.parse().ok();
    match (nature, record, purpose, organization, address, exception.zip(way)) {
        (Some(nature), Some(record), Some(purpose), Some(organization), Some(address), Some((exception, way)))
            if wrong.is_empty() =>
        {
            let (name, address) = (name.map(Sensitive::new), Sensitive::new(address));
            let recipient = OtherRecipient { organization, name, address };
            let told = told.map(Sensitive::new);
            Ok(Telling { nature, record, elements, told, documents, purpose, exception, citation, recipient, way, notice })
        }
        _ => Err(wrong),
    }
}

/// A line that has to be there.
fn needed<const MOST: usize>(label: &str, text: &str, wrong: &mut Vec<String>) -> Option<Line<MOST>> {
    match Line::parse(text) {
        Ok(line) => Some(line),
        Err(fault) => {
            wrong.push(says(label, fault, MOST));
            None
        }
    }
}

/// A line that may be empty.
fn allowed<const MOST: usize>(label: &str, text: &str, wrong: &mut Vec<String>) -> Option<Line<MOST>> {
    if text.trim().is_empty() { None } else { needed(label, text, wrong) }
}

fn says(label: &str, fault: TextFault, most: usize) -> String {
    match fault {
        TextFault::Empty => format!("{label}: type it."),
        TextFault::TooLong => format!("{label}: type at most {most} letters."),
        TextFault::Unreadable => format!("{label}: it holds characters that cannot be read. Type it anew."),
    }
}

#[cfg(test)]
mod tests {
    use super::super::server::TellingFields;
    use super::*;

    fn typed() -> TypedTelling {
        let text = |text: &str| text.to_owned();
        TypedTelling {
            elements: vec![text("full_name"), text("not_an_element")],
            fields: TellingFields {
                nature: text("Copy of a record"),
                record: text("Form I-485"),
                purpose: text("A benefit of the State"),
                exception: text("routine_use"),
                citation: text("DHS/USCIS-007, H"),
                organization: text("Department of Example"),
                address: text("1 Example Street"),
                way: text("mail"),
                ..TellingFields::default()
            },
            ..TypedTelling::default()
        }
    }

    #[test]
    fn what_was_typed_is_a_disclosure() {
        let telling = read(&typed()).unwrap();
        assert_eq!(telling.elements, [Element::FullName].into());
        assert_eq!((telling.exception, telling.way), (Exception::RoutineUse, Way::Mail));
        assert_eq!((telling.told, telling.documents, telling.recipient.name), (None, None, None));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = read(&TypedTelling::default()).unwrap_err();
        assert_eq!(wrong.len(), 7, "{wrong:?}");
        let long = TellingFields { told: "x".repeat(2_001), ..typed().fields };
        let wrong = read(&TypedTelling { fields: long, ..typed() }).unwrap_err();
        assert_eq!(wrong, ["What else is told: type at most 2000 letters."]);
    }
}
