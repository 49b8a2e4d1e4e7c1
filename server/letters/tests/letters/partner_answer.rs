//! What a partner answered, as it is filed.

use letters::Press;
use shared::agreement::{AgreementVersion, Element, Partner, Purpose, Step};
use shared::letter::Letter;
use shared::partner_query::ReplyResult;
use shared::partner_query::printed::{Printed, PrintedStep, content};

use super::poppler::{metadata, pages, properties, structure, text};

fn step(step: Step) -> PrintedStep {
    PrintedStep {
        step,
        transaction_number: "USQ-2026-0000001".to_owned(),
        agreement: Some(AgreementVersion::FIRST),
        sent_on: "2026-03-09".parse().ok(),
        answered_on: "2026-03-10".parse().ok(),
        result: Some(ReplyResult::Match),
        elements: Element::ALL.into_iter().map(|element| (element, "EJEMPLO, ANA\n漢字".to_owned())).collect(),
    }
}

fn answer() -> Letter {
    let printed = Printed {
        agency: "Immigration Benefits Agency".to_owned(),
        letterhead: Vec::new(),
        partner: Partner::Canada,
        purpose: Purpose::RefugeeClaim,
        asked_by: "Rita Ejemplo".to_owned(),
        asked_on: "2026-03-08".parse().unwrap(),
        steps: Step::ALL.map(step).to_vec(),
        printed_by: "Paul Ejemplo".to_owned(),
        printed_on: "2026-03-11".parse().unwrap(),
    };
    Letter::check(content(&printed)).unwrap()
}

#[test]
fn everything_that_a_partner_can_tell_is_set_and_read_aloud() {
    let pdf = Press::new().unwrap().set(&answer()).unwrap();
    let (properties, metadata, structure) = (properties(&pdf), metadata(&pdf), structure(&pdf));
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    assert!(properties.contains("Answer of a partner country"), "{properties}");
    for step in Step::ALL {
        assert!(structure.contains(&format!("\"{}\"", step.name())), "{structure}");
    }
    for read in ["This is a partner's data (Canada).", "Rita Ejemplo", "Paul Ejemplo", "March 11, 2026"] {
        assert!(structure.contains(read), "{read}: {structure}");
    }
}

#[test]
fn each_page_says_when_it_was_printed_and_by_whom() {
    let pdf = Press::new().unwrap().set(&answer()).unwrap();
    assert!(pages(&pdf) > 1);
    assert_eq!(text(&pdf).matches("Printed on March 11, 2026 by Paul Ejemplo").count(), pages(&pdf));
}
