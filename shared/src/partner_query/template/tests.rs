use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::agreement::{self, Partner};
use crate::country::{self, CountryCode};
use crate::locale::Locale;
use crate::partner_query::message::{Header, Message, Reason, Reply, ReplyResult, Request};
use crate::partner_query::testing::{addressed, any_message, any_reply, any_request, reply, request};
use crate::partner_query::value::Told;

fn template(key: TemplateKey) -> Template {
    Template::from_file(starter(key).as_bytes()).unwrap()
}

const CANADA: TemplateKey = TemplateKey::Of(Partner::Canada);

fn written(template: &Template, message: &Message) -> String {
    template.write(&addressed(message.clone(), template.id().key)).unwrap().text
}

fn in_canadas() -> (Template, String) {
    let template = template(CANADA);
    let text = written(&template, &Message::Request(request()));
    (template, text)
}

/// A message without some fields.
fn without(message: Message, lost: &[Field]) -> Message {
    let mut message = message;
    for field in lost {
        match &mut message {
            Message::Request(request) => request_without(request, *field),
            Message::Reply(_) => panic!("no template loses a field of a reply"),
        }
    }
    message
}

fn request_without(request: &mut Request, field: Field) {
    match field {
        Field::Alias => request.subject.aliases.clear(),
        Field::BirthCountry => request.subject.birth_country = None,
        Field::Justification => request.ask.justification = None,
        _ => panic!("no template loses {field}"),
    }
}

#[test]
fn a_request_looks_as_its_country_writes_it() {
    let (_, text) = in_canadas();
    let number = &request().header.number;
    let expected = format!(
        "PORTICO-MESSAGE/1 CA 1 request\n\
         Transaction number: {number}\n\
         Prior transaction number: CAN-2026/000000017\n\
         Direction: in\n\
         Partner: CA\n\
         Agreement version: 1\n\
         Step: third\n\
         Date: 2026-01-15\n\
         Reason: REF-CLAIM\n\
         Priority: H\n\
         Requestor: Olga Officer\n\
         Department: National Records Center\n\
         Requestor contact: 202-555-0123\n\
         FIN: 1234567\n\
         A-Number: A900000001\n\
         Surname and given names: Ejemplo, Ana\n\
         Other names used: Ana Muster\n\
         Date of birth: 1990-02-03\n\
         Country of birth: MEX\n\
         Gender: F\n\
         EID: EID-2026-0001\n\
         UCI: UCI-0001\n\
         Information requested: STATUS\n\
         Documents requested: PPT\n\
         END 23\n"
    );
    assert_eq!(text, expected);
}

#[test]
fn each_country_writes_days_codes_and_countries_in_its_own_way() {
    for (key, said) in [
        (TemplateKey::Uniform, ["Date of birth: 1990-02-03", "Priority: high", "Gender: F", "Country of birth: MEX"]),
        (TemplateKey::Of(Partner::Australia), ["Date of birth: 03/02/1990", "Priority: 1", "Sex: F", "Country of birth: MEX"]),
        (TemplateKey::Of(Partner::UnitedKingdom), ["DOB: 19900203", "Priority: P1", "Sex: 2", "COB: MEX"]),
    ] {
        let text = written(&template(key), &Message::Request(request()));
        for line in said {
            assert!(text.lines().any(|written| written == line), "{key:?}: {line}");
        }
    }
    let answered = written(&template(TemplateKey::Of(Partner::NewZealand)), &Message::Reply(reply()));
    for line in ["Date of birth: 03-FEB-1990", "Citizenship: Mexico", "Result: Partial"] {
        assert!(answered.lines().any(|written| written == line), "{line}");
    }
}

#[test]
fn what_has_no_place_is_said_before_and_beside_the_text() {
    let (template, _) = in_canadas();
    assert_eq!(template.lost(Kind::Request), [Field::Justification]);
    assert_eq!(template.lost(Kind::Reply), []);
    assert_eq!(template.write(&Message::Request(request())).unwrap().lost, [Field::Justification]);
    let mut silent = request();
    silent.ask.justification = None;
    assert_eq!(template.write(&Message::Request(silent)).unwrap().lost, [], "nothing is lost of what is not said");
}

#[test]
fn what_a_form_requires_or_cannot_say_keeps_a_message_from_being_written() {
    let (template, _) = in_canadas();
    let mut nameless = request();
    nameless.subject.full_name = None;
    assert_eq!(template.write(&Message::Request(nameless)).unwrap_err(), [Unfit::Needed(Field::FullName)]);
    let unasked = Reply { header: Header { prior: None, ..reply().header }, ..reply() };
    assert_eq!(template.write(&Message::Reply(unasked)).unwrap_err(), [Unfit::Needed(Field::Prior)]);
    let lying = Reply { result: ReplyResult::NoMatch, ..reply() };
    let told = template.write(&Message::Reply(lying)).unwrap_err();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told.iter().all(|unfit| matches!(unfit, Unfit::TellsThough(_))));
}

#[test]
fn a_message_is_written_in_its_partners_form_or_in_the_uniform_one() {
    for key in TemplateKey::ALL {
        let expected = if key.is_for(Partner::Canada) { Ok(()) } else { Err(vec![Unfit::OtherPartner]) };
        assert_eq!(template(key).write(&Message::Reply(reply())).map(drop), expected, "{key:?}");
    }
}

/// What an agreement lets be asked for, its partner's form has a word for.
#[test]
fn every_purpose_of_an_agreement_can_be_written() {
    for partner in Partner::ALL {
        let template = template(TemplateKey::Of(partner));
        let agreement = agreement::from_file(agreement::starter(partner).as_bytes()).unwrap();
        for purpose in agreement.capabilities.iter().flat_map(|capability| &capability.purposes) {
            let is_said = |reason: &Reason| reason.purpose() == *purpose && template.codes.write_reason(*reason).is_some();
            assert!(Reason::ALL.iter().any(is_said), "{partner:?} {purpose:?}");
        }
    }
}

#[test]
fn every_country_of_the_list_is_read_as_it_is_written() {
    for key in TemplateKey::ALL {
        let codes = template(key).codes;
        for listed in country::countries(Locale::En) {
            let code = CountryCode::parse(listed.code).unwrap();
            assert_eq!(codes.read_country(&codes.write_country(&code)), Some(code), "{key:?} {}", listed.name);
        }
    }
}

#[test]
fn codes_that_mean_the_same_are_all_read() {
    let codes = template(TemplateKey::Of(Partner::Australia)).codes;
    assert_eq!(codes.read_gender("X"), codes.read_gender("U"));
    assert_eq!(codes.read_gender("x"), None);
}

#[test]
fn days_are_read_in_one_way_only() {
    for (format, good, bad) in [
        (DateFormat::YearMonthDay, "1990-02-03", ["1990-2-3", "1990/02/03", "03-02-1990"]),
        (DateFormat::DayMonthYear, "03/02/1990", ["3/2/1990", "03-02-1990", "31/02/1990"]),
        (DateFormat::DayNamedMonthYear, "03-FEB-1990", ["03-Feb-1990", "03-FEV-1990", "3-FEB-1990"]),
        (DateFormat::Digits, "19900203", ["1990020", "199002030", "19901301"]),
    ] {
        assert_eq!(format.read(good).map(|day| day.to_string()).as_deref(), Some("1990-02-03"));
        assert!(format.form().contains("1990"));
        for bad in bad.into_iter().chain(["", "é990-02-03", "0990-02-03", "+990-02-03", "12345678901234"]) {
            assert_eq!(format.read(bad), None, "{format:?} {bad}");
        }
    }
}

/// One change to a message that is right, and what is said of it.
#[test]
fn each_thing_that_is_wrong_is_said_with_its_line_and_its_field() {
    let (template, text) = in_canadas();
    for (from, to, said) in [
        ("PORTICO-MESSAGE/1 CA", "HELLO", "line 1: this is no message"),
        ("CA 1 request", "CA 2 request", "line 1: the message is in another template"),
        ("CA 1 request", "AU 1 request", "line 1: the message is in another template"),
        ("END 23", "END 24", "line 25: END says 24 lines and there are 23"),
        ("END 23\n", "", "line 24: the last line is not END"),
        ("Gender: F\n", "", "line 24: END says 23 lines and there are 22"),
        ("Gender: F", "Gender = F", "line 20: there is no colon"),
        ("Gender: F", "Sex: F", "line 20: the template has no field of this name"),
        ("Gender: F", "Gender: W", "line 20, Gender: it is none of the template's codes"),
        ("Gender: F", "FIN: 1234567", "line 20, FIN: the field stands there already"),
        ("Date of birth: 1990-02-03", "Date of birth: 03/02/1990", "line 18, Date of birth: it is not in its form; write a day as"),
        ("Country of birth: MEX", "Country of birth: Mexico", "line 19, Country of birth: it is none"),
        (
            "Prior transaction number: CAN-2026/000000017",
            "Prior transaction number: CAN",
            "line 3, Prior transaction number: a transaction",
        ),
        ("Partner: CA", "Partner: AU", "line 5, Partner: the template is another partner's"),
        ("Partner: CA", "Partner: US", "line 5, Partner: it is none of the template's codes"),
        ("Step: third", "Step: first", "line 3, Prior transaction number: a first query names no earlier one"),
        (
            "Prior transaction number: CAN-2026/000000017",
            "Other names used: A",
            "line 25, Prior transaction number: it is required",
        ),
        ("Agreement version: 1", "Agreement version: +1", "line 6, Agreement version: it is not in its form"),
        ("Reason: REF-CLAIM", "Other names used: A", "line 25, Reason: it is required and not there"),
        ("Priority: H", "Priority: high", "line 10, Priority: it is none"),
        ("Requestor: Olga Officer", "Requestor:  ", "line 11, Requestor: nothing stands there"),
        ("A-Number: A900000001", "A-Number: 900000001", "line 15, A-Number: it is not in its form"),
        ("FIN: 1234567", "FIN: 12", "line 14, FIN: it is not in its form"),
        (
            "Surname and given names: Ejemplo, Ana",
            "Surname and given names: A\u{202E}na",
            "line 16, Surname and given names: it holds",
        ),
        ("UCI: UCI-0001", "FPS number: FPS-1", "line 22, FPS number: the person's prints are named once"),
        ("EID: EID-2026-0001", "Other names used: A", "line 25, EID: the person's prints are named once"),
        ("EID: EID-2026-0001", "EID: none", "line 21, EID: it is not in its form"),
        ("Information requested: STATUS", "Information requested: PPT", "line 23, Information requested: it is none"),
        ("Documents requested: PPT", "Documents requested: STATUS", "line 24, Documents requested: it is none"),
    ] {
        assert!(text.contains(from), "{from}");
        let errors = template.read(&text.replacen(from, to, 1)).unwrap_err();
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|error| error.starts_with(said)), "{said}: {all:?}");
        assert_eq!(all.len(), 1, "{all:?}");
    }
}

#[test]
fn a_wrong_character_of_a_number_of_ours_is_noticed() {
    let (template, text) = in_canadas();
    let number = request().header.number.to_string();
    let wrong = format!("{}{}", &number[..23], if number.ends_with('Y') { 'Z' } else { 'Y' });
    let errors = template.read(&text.replacen(&number, &wrong, 1)).unwrap_err();
    assert_eq!(errors[0].to_string(), "line 2, Transaction number: a character of the transaction number is wrong; copy it again");
    assert_eq!(errors.len(), 1);
}

#[test]
fn all_errors_come_at_once_in_the_order_of_lines_and_no_value_among_them() {
    let (template, text) = in_canadas();
    let secret =
        text.replacen("MEX", "Secretland", 1).replacen("A900000001", "Secret number", 1).replacen("Gender: ", "Secret: ", 1);
    let errors = template.read(&secret).unwrap_err();
    let lines: Vec<_> = errors.iter().map(|error| (error.line, error.field)).collect();
    assert_eq!(lines, [(15, Some(Field::ANumber)), (19, Some(Field::BirthCountry)), (20, None)]);
    assert!(errors.iter().all(|error| !format!("{error} {error:?}").contains("Secret")));
    assert_eq!(format!("{:?}", template.write(&Message::Request(request())).unwrap()), "Written { lost: [Justification], .. }");
}

#[test]
fn a_reply_that_is_no_match_is_not_read_if_it_tells() {
    let template = template(CANADA);
    let text = written(&template, &Message::Reply(reply()));
    let errors = template.read(&text.replacen("Result: PARTIAL", "Result: NO HIT", 1)).unwrap_err();
    let fields: BTreeSet<_> = errors.iter().filter_map(|error| error.field).collect();
    assert!(errors.iter().all(|error| error.problem == TemplateProblem::TellsThough));
    assert!(fields.contains(&Field::Enclosure) && fields.len() == 4, "{fields:?}");
    let nothing = Reply { result: ReplyResult::NoMatch, told: Told::default(), enclosures: Vec::new(), ..reply() };
    assert_eq!(template.read(&written(&template, &Message::Reply(nothing.clone()))), Ok(Message::Reply(nothing)));
}

#[test]
fn a_text_may_have_the_ends_of_lines_of_windows_and_its_fields_in_any_order() {
    let (template, text) = in_canadas();
    let message = template.read(&text).unwrap();
    assert_eq!(template.read(&text.replace('\n', "\r\n")), Ok(message.clone()));
    let lines: Vec<&str> = text.lines().collect();
    let [first, fields @ .., last] = lines.as_slice() else { panic!("a message has lines") };
    let turned: Vec<&str> = [first].into_iter().chain(fields.iter().rev()).chain([last]).copied().collect();
    assert_eq!(template.read(&turned.join("\n")), Ok(message));
}

#[test]
fn the_template_of_a_text_is_told_before_it_is_read() {
    let (template, text) = in_canadas();
    assert_eq!(template_of(&text), Some(template.id()));
    for none in
        ["", "PORTICO-MESSAGE/1", "PORTICO-MESSAGE/1 CA 0 request", "PORTICO-MESSAGE/1 XX 1 request", "PORTICO-MESSAGE/1 CA 1 r"]
    {
        assert_eq!(template_of(none), None, "{none}");
    }
}

#[test]
fn a_message_that_is_too_large_is_not_looked_at() {
    let (template, text) = in_canadas();
    let large = format!("{text}{}", " ".repeat(LARGEST_MESSAGE));
    assert_eq!(template.read(&large).unwrap_err()[0].problem, TemplateProblem::TooLarge);
    let many = format!("PORTICO-MESSAGE/1 CA 1 request\n{}END 9999\n", "x\n".repeat(9999));
    assert_eq!(template.read(&many).unwrap_err().len(), MOST_TEMPLATE_ERRORS);
}

/// A template that is right, with one thing changed in its file.
fn changed(from: &str, to: &str) -> Result<Template, TemplateFileError> {
    let file = starter(CANADA);
    assert!(file.contains(from), "{from}");
    Template::from_file(file.replacen(from, to, 1).as_bytes())
}

#[test]
fn a_template_that_cannot_be_used_says_why() {
    use TemplateFault as F;
    for (from, to, fault) in [
        ("\"key\": \"CA\"", "\"key\": \"US\"", F::UnknownKey),
        ("\"name\": \"Step\"", "\"name\": \"Step:\"", F::BadName(Field::Step)),
        ("\"name\": \"Step\"", "\"name\": \"Date\"", F::SharedName(Field::Date)),
        ("\"field\": \"alias\"", "\"field\": \"gender\"", F::FieldTwice(Field::Gender)),
        ("\"field\": \"alias\"", "\"field\": \"result\"", F::OtherKind(Field::Result, "request")),
        ("\"field\": \"step\"", "\"field\": \"justification\"", F::NotRequired(Field::Step, "request")),
        ("\"field\": \"fin\"", "\"field\": \"justification\"", F::NotCarried(Field::Fin, "request")),
        ("\"code\": \"ENF\"", "\"code\": \"VISA\"", F::BadCode("VISA".into())),
        ("\"code\": \"PPT\"", "\"code\": \"P|T\"", F::BadCode("P|T".into())),
        ("\"code\": \"PPT\"", "\"code\": \"visa_image\"", F::BadCode("visa_image".into())),
        (
            "\"code\": \"NO HIT\",\n          \"means\": \"no_match\"",
            "\"code\": \"NO HIT\",\n          \"means\": \"match\"",
            F::NoCode("No match"),
        ),
        ("\"code\": \"UNK-KOS\"", "\"code\": \"FRA\"", F::OtherCountry("FRA".into())),
    ] {
        assert_eq!(changed(from, to), Err(TemplateFileError::Faults(vec![fault])), "{from}");
    }
    let said = |error: TemplateFileError| error.to_string();
    assert!(said(changed("\"request\"", "\"requests\"").unwrap_err()).starts_with("line "));
    assert!(said(changed("portico-template/1", "portico-template/9").unwrap_err()).contains("portico-template/1"));
    assert!(
        said(changed("\"name\": \"Step\"", "\"name\": \"Step:\"").unwrap_err()).contains("for 1 reasons; the first: the name of")
    );
    assert_eq!(Template::from_file(&vec![b' '; LARGEST_TEMPLATE + 1]), Err(TemplateFileError::TooLarge));
}

#[test]
fn every_key_is_read_back() {
    for key in TemplateKey::ALL {
        assert_eq!(TemplateKey::from_key(key.key()), Some(key));
    }
}

fn any_template() -> impl Strategy<Value = Template> {
    prop::sample::select(&TemplateKey::ALL[..]).prop_map(template)
}

proptest! {
    #[test]
    fn every_message_is_read_as_it_was_written_but_for_what_is_lost(
        (template, message) in any_template().prop_flat_map(|template| (Just(template.clone()), any_message(template.id()))),
    ) {
        let Written { text, lost } = template.write(&message).unwrap();
        prop_assert!(lost.iter().all(|field| template.lost(message.kind()).contains(field)));
        prop_assert_eq!(template_of(&text), Some(template.id()));
        prop_assert_eq!(template.read(&text), Ok(without(message, &lost)));
    }

    #[test]
    fn the_uniform_template_loses_nothing(
        request in any_request(TemplateId { key: TemplateKey::Uniform, version: NonZeroU32::MIN }),
        reply in any_reply(TemplateId { key: TemplateKey::Uniform, version: NonZeroU32::MIN }),
    ) {
        let template = template(TemplateKey::Uniform);
        for message in [Message::Request(request), Message::Reply(reply)] {
            let Written { text, lost } = template.write(&message).unwrap();
            prop_assert_eq!(lost, []);
            prop_assert_eq!(template.read(&text), Ok(message));
        }
    }

    /// A message that was cut, spoilt or made up is refused with a reason, or is a message.
    #[test]
    fn no_text_panics(template in any_template(), at in any::<prop::sample::Index>(), noise in ".{0,8}|\n|END 1|: ", any in ".{0,200}") {
        let kinds = [written(&template, &Message::Request(request())), written(&template, &Message::Reply(reply()))];
        for text in kinds {
            let at = text.floor_char_boundary(at.index(text.len()));
            let spoilt = [format!("{}{noise}{}", &text[..at], &text[at..]), text[..at].to_owned(), text.replacen(&noise, "", 1)];
            for spoilt in spoilt {
                match template.read(&spoilt) {
                    Ok(message) => prop_assert!(template.write(&message).is_ok()),
                    Err(errors) => {
                        prop_assert!(!errors.is_empty() && errors.is_sorted_by_key(|error| error.line));
                        prop_assert!(errors.iter().all(|error| (1..=spoilt.lines().count().max(1)).contains(&error.line)));
                    }
                }
            }
        }
        prop_assert!(template.read(&any).is_err());
        let _ = template_of(&any);
    }

    #[test]
    fn no_file_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>()) {
        let _ = Template::from_file(&bytes);
        let file = starter(CANADA).as_bytes();
        prop_assert!(Template::from_file(&file[..cut.index(file.len() - 2)]).is_err());
    }
}
