//! The form: what is read, and what is wrong.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::super::*;
use crate::address::AddressField::{self, City, State, Street, Zip};
use crate::address::{AddressForm, AddressProblem};
use crate::typed::TypedDay;

fn today() -> NaiveDate {
    "2026-11-21".parse().unwrap()
}

fn day(year: &str, month: &str, day: &str) -> TypedDay {
    TypedDay { year: year.into(), month: month.into(), day: day.into() }
}

fn address(street: &str) -> AddressForm {
    AddressForm {
        street: street.into(),
        city: "Springfield".into(),
        state: "VA".into(),
        zip: "22150".into(),
        ..AddressForm::default()
    }
}

fn case(number: &str, zip: &str) -> CaseForm {
    CaseForm { receipt_number: number.into(), zip: zip.into() }
}

/// A form without mistakes, of somebody invented.
fn whole() -> ChangeForm {
    ChangeForm {
        filer: "self".into(),
        family_name: "Ejemplo Núñez".into(),
        given_name: "Ana".into(),
        birth: day("1990", "2", "3"),
        citizenship: "MEX".into(),
        status: "other".into(),
        status_other: "parolee".into(),
        a_number: "900-000-001".into(),
        moved: day("2026", "11", "15"),
        new: address("1 Teacup Court"),
        old: address("2 Saucer Lane"),
        cases: vec![case("eac-99-991-03403", ""), case("", " "), case("EAC9999500777", "22151-1234")],
        email: " ana@example.org ".into(),
        telephone: "202-555-0123".into(),
        signature: "ana ejemplo nunez".into(),
        certified: "yes".into(),
        ..ChangeForm::default()
    }
}

fn problems(change: impl FnOnce(&mut ChangeForm)) -> Vec<(Field, ProblemKind)> {
    let mut form = whole();
    change(&mut form);
    form.parse(today()).err().unwrap_or_default().into_iter().map(|problem| (problem.field, problem.kind)).collect()
}

#[test]
fn a_whole_form_is_read() {
    let change = whole().parse(today()).unwrap();
    assert_eq!(change.person.name.expose().family, "Ejemplo Núñez");
    assert_eq!(change.person.a_number.as_ref().unwrap().expose().digits(), "900000001");
    assert_eq!(change.person.status.as_ref().map(UsStatus::key), Some("other"));
    assert_eq!((change.filed_by, change.moved_on), (FiledBy::Themselves, "2026-11-15".parse().unwrap()));
    assert_eq!(change.mail_to(), &change.new);
    let cases: Vec<_> = change.cases.iter().map(|case| (case.number.as_str(), case.zip.expose().as_str())).collect();
    assert_eq!(cases, [("EAC9999103403", "22150"), ("EAC9999500777", "22151")], "the old address has the ZIP code already");
    assert_eq!(change.contact.email.as_ref().unwrap().expose().as_str(), "ana@example.org");
    assert!(change.contact.is_given() && !change.old_address_unsafe);
}

#[test]
fn little_is_needed() {
    let least = ChangeForm {
        citizenship: String::new(),
        status: String::new(),
        a_number: String::new(),
        old: AddressForm::default(),
        cases: Vec::new(),
        email: String::new(),
        telephone: String::new(),
        ..whole()
    };
    let change = least.parse(today()).unwrap();
    assert!(change.cases.is_empty() && change.old.is_none() && !change.contact.is_given());
}

#[test]
fn mail_may_go_elsewhere_and_then_its_address_is_needed() {
    let mut form = whole();
    form.mail_elsewhere = "yes".into();
    form.mailing = AddressForm { street: "PO Box 12".into(), ..address("") };
    let change = form.parse(today()).unwrap();
    assert_eq!(Some(change.mail_to()), change.mailing.as_ref());
    let empty = |form: &mut ChangeForm| form.mail_elsewhere = "yes".into();
    assert_eq!(
        problems(empty)[0],
        (Field::Mailing(AddressField::Street), ProblemKind::Address(AddressProblem::Empty(AddressField::Street)))
    );
    let box_at_home = |form: &mut ChangeForm| form.new = address("PO Box 12");
    assert_eq!(
        problems(box_at_home),
        [(Field::New(AddressField::Street), ProblemKind::Address(AddressProblem::PoBox(AddressField::Street)))]
    );
    assert!(problems(|form| form.old = address("PO Box 12")).is_empty(), "what was is not judged");
}

#[test]
fn an_empty_form_misses_what_is_needed_in_the_order_of_its_pages() {
    let problems = ChangeForm::default().parse(today()).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
    assert_eq!(
        fields,
        [
            Field::Filer,
            Field::FamilyName,
            Field::GivenName,
            Field::BirthDate,
            Field::MovedOn,
            Field::New(Street),
            Field::New(City),
            Field::New(State),
            Field::New(Zip),
            Field::Signature,
            Field::Certified,
        ]
    );
    assert_eq!(
        ChangeForm::default().problems_of(Step::Move, today()),
        [Problem { field: Field::MovedOn, kind: ProblemKind::Empty }]
    );
    assert_eq!(ChangeForm::default().problems_of(Step::Cases, today()), []);
}

#[test]
fn nobody_comes_past_a_page_that_is_not_done() {
    let mut form = ChangeForm::default();
    assert_eq!(form.first_open_step(today()), Some(Step::Person));
    form = ChangeForm { moved: TypedDay::default(), signature: String::new(), ..whole() };
    assert_eq!(form.first_open_step(today()), Some(Step::Move));
    form.moved = whole().moved;
    assert_eq!(form.first_open_step(today()), Some(Step::Signature));
    assert_eq!(whole().first_open_step(today()), None);
}

#[test]
fn what_is_wrong_has_its_field() {
    use ProblemKind::{
        BeforeBirth, Empty, InTheFuture, Malformed, NoSuchDay, NotAChoice, NotCertified, NumberTwice, SameAddress, TooLong,
        TooYoung, Unreadable,
    };
    type Edit = fn(&mut ChangeForm);
    let cases: [(Edit, Field, ProblemKind); 26] = [
        (|form| form.filer = "cousin".into(), Field::Filer, NotAChoice),
        (|form| form.birth = day("2012", "11", "22"), Field::Filer, TooYoung),
        (|form| form.family_name = " ".into(), Field::FamilyName, Empty),
        (|form| form.middle_name = "x".repeat(201), Field::MiddleName, TooLong),
        (|form| form.middle_name = "a\u{202E}b".into(), Field::MiddleName, Unreadable),
        (|form| form.birth = day("1990", "2", "30"), Field::BirthDate, NoSuchDay),
        (|form| form.birth = day("2026", "11", "22"), Field::BirthDate, InTheFuture),
        (|form| form.citizenship = "ZZZ".into(), Field::Citizenship, NotAChoice),
        (|form| form.status = "king".into(), Field::Status, NotAChoice),
        (|form| form.status_other = String::new(), Field::StatusOther, Empty),
        (|form| form.a_number = "12".into(), Field::ANumber, Malformed),
        (|form| form.moved = day("2026", "11", "22"), Field::MovedOn, InTheFuture),
        (|form| form.moved = day("2026", "13", "1"), Field::MovedOn, NoSuchDay),
        (|form| form.moved = day("1990", "2", "2"), Field::MovedOn, BeforeBirth),
        (|form| form.old = address("1 TEACUP CT"), Field::Old(AddressField::Street), SameAddress),
        (|form| form.cases[0].receipt_number = "EAC1".into(), Field::ReceiptNumber(0), Malformed),
        (|form| form.cases[2].receipt_number = String::new(), Field::ReceiptNumber(2), Empty),
        (|form| form.cases[2].receipt_number = "EAC-9999103403".into(), Field::ReceiptNumber(2), NumberTwice),
        (|form| form.cases[2].zip = "2215".into(), Field::CaseZip(2), Malformed),
        (|form| form.old = AddressForm::default(), Field::CaseZip(0), Empty),
        (|form| form.email = "ana@example".into(), Field::Email, Malformed),
        (|form| form.email = "ana@example.org,".into(), Field::Email, Malformed),
        (|form| form.telephone = "call me".into(), Field::Telephone, Malformed),
        (|form| form.signature = String::new(), Field::Signature, Empty),
        (|form| form.signature = "Juan Ejemplo".into(), Field::Signature, ProblemKind::NotTheName),
        (|form| form.certified = "no".into(), Field::Certified, NotCertified),
    ];
    for (edit, field, kind) in cases {
        assert_eq!(problems(edit), [(field, kind)]);
    }
}

#[test]
fn a_parent_signs_for_a_child_with_their_own_name() {
    let of_a_child = |form: &mut ChangeForm| {
        form.filer = "parent".into();
        form.birth = day("2020", "1", "1");
        form.signature = "Juan Muestra".into();
    };
    assert_eq!(problems(of_a_child), []);
}

#[test]
fn who_has_one_name_says_so() {
    let one_name = |form: &mut ChangeForm| {
        form.given_name = String::new();
        form.signature = "Ejemplo Núñez".into();
    };
    assert_eq!(problems(one_name), [(Field::GivenName, ProblemKind::Empty)]);
    assert_eq!(problems(|form| (one_name(form), form.only_one_name = "yes".into()).1), []);
}

#[test]
fn a_form_takes_so_many_cases_and_no_more() {
    let rows = |count: usize| (0..count).map(|at| case(&format!("EAC99995{at:05}"), "")).collect::<Vec<_>>();
    assert_eq!(problems(|form| form.cases = rows(MOST_CASES)), []);
    assert_eq!(problems(|form| form.cases = rows(MOST_CASES + 1)), [(Field::ReceiptNumber(20), ProblemKind::TooMany)]);
    let mut long = whole();
    long.cases = rows(10_000);
    assert_eq!(long.shortened().parse(today()).unwrap_err().len(), 1, "still too many");
}

#[test]
fn nothing_of_a_person_is_in_debug_output() {
    let debug = format!("{:?} {:?} {:?}", whole(), whole().parse(today()), whole().cases);
    for part in ["Ana", "ana", "Ejemplo", "Teacup", "22150", "1990", "900000001", "555", "parolee", "9999103403"] {
        assert!(!debug.contains(part), "{part}: {debug}");
    }
}

#[test]
fn a_draft_of_an_earlier_version_is_still_read() {
    let form: ChangeForm = serde_json::from_str(r#"{"filer":"self","new":{"street":"1 Teacup Court"}}"#).unwrap();
    assert_eq!((form.filer.as_str(), form.new.street.as_str()), ("self", "1 Teacup Court"));
    assert_eq!(serde_json::from_str::<ChangeForm>(&serde_json::to_string(&whole()).unwrap()).unwrap(), whole());
    assert!(serde_json::from_str::<ChangeForm>(r#"{"ssn":"1"}"#).is_err());
}

proptest! {
    #[test]
    fn nothing_that_is_typed_panics(texts in prop::collection::vec("(.{0,30}|yes|self|parent|other|[0-9]{1,4})", 34)) {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let mut address = || AddressForm {
            country: String::new(), street: next(), unit: next(), urbanization: next(), city: next(), state: next(), zip: next(), zip_is_right: String::new(),
        };
        let (new, old) = (address(), address());
        let form = ChangeForm {
            filer: next(), family_name: next(), given_name: next(), middle_name: next(), only_one_name: next(),
            birth: day(&next(), &next(), &next()), citizenship: next(), status: next(), status_other: next(), a_number: next(),
            moved: day(&next(), &next(), &next()), mailing: new.clone(), new, old, mail_elsewhere: next(),
            cases: vec![case(&next(), &next())], email: next(), telephone: next(), old_address_unsafe: String::new(),
            signature: next(), certified: next(),
        };
        let problems = form.parse(today()).err().unwrap_or_default();
        let by_step: Vec<Problem> = Step::ALL.into_iter().flat_map(|step| form.problems_of(step, today())).collect();
        prop_assert_eq!(by_step, problems);
        prop_assert_eq!(&form.shortened().parse(today()), &form.parse(today()));
        prop_assert_eq!(form.first_open_step(today()).is_none(), form.parse(today()).is_ok());
    }
}
