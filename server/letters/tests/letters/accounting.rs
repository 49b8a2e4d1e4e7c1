//! The accounting of disclosures, as a person gets it.

use letters::Press;
use shared::disclosure::accounting::{About, Accounted, Accounting, FORM, MOST_PRINTED, content};
use shared::letter::Letter;

use super::poppler::{metadata, pages, properties, structure};

fn accounted() -> Accounted {
    Accounted {
        id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
        date: "2026-03-08".parse().unwrap(),
        nature: "Automatic answer to a search by fingerprints".to_owned(),
        record: "Profile of the person (Customer Profile Management System)".to_owned(),
        told: vec!["Full name".to_owned(), "Date of birth".to_owned()],
        purpose: "Visa, status or benefit".to_owned(),
        authority: "Routine use, 5 USC 552a(b)(3): DHS/USCIS-018, foreign partners under an agreement".to_owned(),
        recipient: "Visa Office, Canada".to_owned(),
        address: "1 Example Street, Ottawa".to_owned(),
        method: "Electronic message through IDENT".to_owned(),
        outcome: "Sent",
        correction_of: None,
        confirmed_on: "2026-03-09".parse().ok(),
        inside: None,
    }
}

fn letter(disclosures: usize) -> Letter {
    let about = About::Person { name: Some("Ana Ejemplo".to_owned()), a_numbers: vec!["A900000001".to_owned()] };
    let (made_on, as_of) = ("2026-03-11".parse().unwrap(), "2026-03-10".parse().unwrap());
    let accounting = Accounting { form: FORM, about, made_on, as_of, disclosures: vec![accounted(); disclosures] };
    Letter::check(content(&accounting, "Immigration Benefits Agency", &[]).unwrap()).unwrap()
}

#[test]
fn what_the_law_wants_is_set_and_read_aloud() {
    let pdf = Press::new().unwrap().set(&letter(1)).unwrap();
    let (properties, metadata, structure) = (properties(&pdf), metadata(&pdf), structure(&pdf));
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    assert!(properties.contains("Accounting of disclosures"), "{properties}");
    for read in ["Ana Ejemplo", "March 8, 2026", "Automatic answer", "Visa Office, Canada", "1 Example Street", "Confirmed on"] {
        assert!(structure.contains(read), "{read}: {structure}");
    }
}

#[test]
fn as_many_as_a_document_takes_are_set_and_none_is_a_document_too() {
    let pdf = Press::new().unwrap().set(&letter(MOST_PRINTED)).unwrap();
    assert!(pages(&pdf) > 10);
    assert_eq!(pages(&Press::new().unwrap().set(&letter(0)).unwrap()), 1);
}
