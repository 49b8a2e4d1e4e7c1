//! The shipped file words and rules everything, and a broken one stops the program with the place.

use std::collections::BTreeSet;

use shared::delivery_tracking::MailedItem;
use shared::e_request::{Answers, Asked, FieldProblem, Need, Route, Wait};
use shared::service_request::{Count, Target};

use super::*;
use crate::testing::grade_level;

fn form(number: &str) -> FormNumber {
    FormNumber::parse(number).unwrap()
}

fn rule(kind: RequestKind, number: &str) -> &'static Rule {
    Catalogue::get().rule(kind, Some(&form(number))).unwrap()
}

fn fields(asked: &[Asked]) -> Vec<Field> {
    asked.iter().map(|asked| asked.field).collect()
}

fn mailed(item: MailedItem, days: u32, unsent_days: u32) -> Wait {
    Wait::Mailed { item, days, unsent_days }
}

#[test]
fn the_shipped_file_is_right() {
    assert_eq!(Catalogue::check(), Ok(()));
    assert_eq!(Catalogue::get().kinds().collect::<Vec<_>>(), RequestKind::ONLINE);
}

#[test]
fn each_kind_waits_is_answered_and_goes_where_the_assessment_says() {
    use MailedItem::{Card, Document, Notice};
    use RequestKind::*;
    let (month, week) = (Target { days: 30, count: Count::Calendar }, Target { days: 7, count: Count::Calendar });
    let by_office = [Route::CaseOffice, Route::Zip];
    for (kind, wait, target, routes) in [
        (OutsideNormalTime, Wait::NormalTime, month, by_office.clone()),
        (NoticeNotReceived, mailed(Notice, 30, 30), month, by_office.clone()),
        (CardNotReceived, mailed(Card, 30, 120), week, by_office.clone()),
        (DocumentNotReceived, mailed(Document, 30, 30), week, by_office.clone()),
        (TypographicError, Wait::Nothing, month, by_office.clone()),
        (Accommodation, Wait::Nothing, week, [Route::Zip, Route::CaseOffice]),
        (BeneficiaryChange, Wait::Nothing, month, by_office.clone()),
    ] {
        let rule = Catalogue::get().rule(kind, None).unwrap();
        assert_eq!((rule.kind, rule.wait, rule.target, rule.routes.as_slice()), (kind, wait, target, routes.as_slice()));
    }
}

#[test]
fn the_commonest_journey_asks_at_most_twelve_fields() {
    let rule = Catalogue::get().rule(RequestKind::OutsideNormalTime, None).unwrap();
    let asked = rule.all_asked(&Answers::default());
    assert_eq!(
        fields(&asked),
        [
            Field::Requester,
            Field::ReceiptNumber,
            Field::Form,
            Field::Category,
            Field::FiledOn,
            Field::MailingZip,
            Field::Explanation,
            Field::FamilyName,
            Field::GivenName,
            Field::BirthDate,
            Field::Email,
            Field::Telephone,
        ]
    );
    assert_eq!(asked.iter().filter(|asked| asked.need == Need::Needed).count(), 7);
    assert!(!rule.takes_documents);
}

#[test]
fn one_way_to_be_reached_is_enough() {
    for (_, rule) in Catalogue::get().rules(None) {
        assert_eq!(rule.contact, [Asked::one_of(Field::Email), Asked::one_of(Field::Telephone)]);
    }
}

/// What proves who somebody is in other countries is asked of nobody who has a case that we can find.
#[test]
fn nobody_is_asked_for_what_the_record_knows() {
    let all = Catalogue::get().rules(None).flat_map(|(_, rule)| fields(&rule.all_asked(&Answers::default())));
    let asked: BTreeSet<Field> = all.chain([Field::RepresentativeName]).collect();
    let never: Vec<Field> = Field::ALL.into_iter().filter(|field| !asked.contains(field)).collect();
    assert_eq!(
        never,
        [Field::ExpediteReason, Field::BirthCountry, Field::Citizenship, Field::ANumber],
        "the first is asked by staff"
    );
}

#[test]
fn a_form_that_says_which_card_it_is_waits_and_asks_by_itself() {
    let (card, document) = (RequestKind::CardNotReceived, RequestKind::DocumentNotReceived);
    assert_eq!(rule(card, "I-765").wait, mailed(MailedItem::Card, 30, 30));
    for number in ["I-90", "I-485", "I-751", "I-829"] {
        assert_eq!(rule(card, number).wait, mailed(MailedItem::Card, 30, 120), "{number}");
        assert!(!fields(&rule(card, number).issue).contains(&Field::Card), "{number}");
    }
    assert!(fields(&rule(card, "I-730").issue).contains(&Field::Card));
    assert_eq!(Some(rule(card, "I-730")), Catalogue::get().rule(card, None));
    assert!(fields(&rule(document, "I-131").issue).contains(&Field::Document));
    assert!(!fields(&rule(document, "N-600").issue).contains(&Field::Document));
}

#[test]
fn what_only_staff_take_has_no_rule_here() {
    for kind in RequestKind::ALL.into_iter().filter(|kind| !RequestKind::ONLINE.contains(kind)) {
        assert_eq!(Catalogue::get().rule(kind, None), None);
        assert_eq!(Catalogue::get().kind_wording(kind, Locale::En), None);
    }
}

#[test]
fn a_field_is_worded_in_both_languages_and_otherwise_for_a_kind() {
    use RequestKind::{Accommodation, OutsideNormalTime, TypographicError};
    let label = |field, kind, locale| Catalogue::get().wording(field, kind, Some(&form("I-765")), locale).label;
    assert_eq!(label(Field::Explanation, OutsideNormalTime, Locale::En), "Tell us what is going on");
    assert_eq!(label(Field::Explanation, OutsideNormalTime, Locale::Es), "Díganos qué ocurre");
    assert_eq!(label(Field::PrintedText, TypographicError, Locale::En), "What it says now");
    let hint = |kind| Catalogue::get().wording(Field::Explanation, kind, None, Locale::En).hint.unwrap();
    assert!(hint(OutsideNormalTime).contains("Do not write bank"));
    assert!(hint(Accommodation).contains("You do not have to name a disability"));
    let email = Catalogue::get().wording(Field::Email, OutsideNormalTime, None, Locale::En);
    assert!(email.problem(FieldProblem::NoneGiven).starts_with("Enter an email address or a telephone number"));
}

#[test]
fn choices_are_worded_in_the_order_of_the_field() {
    let catalogue = Catalogue::get();
    assert_eq!(catalogue.choices(Field::AddressIsCurrent, Locale::Es), [("yes", "Sí"), ("no", "No, o no lo sé con seguridad")]);
    for field in Field::ALL {
        let keys: &[&str] = if let FieldKind::Choice(keys) = field.kind() { keys } else { &[] };
        for locale in Locale::ALL {
            let choices = catalogue.choices(field, locale);
            assert_eq!(choices.iter().map(|(key, _)| *key).collect::<Vec<_>>(), keys);
            let words: BTreeSet<&str> = choices.iter().map(|(_, words)| *words).collect();
            assert_eq!(words.len(), keys.len(), "{field:?}: two choices read alike");
        }
    }
    assert_eq!(catalogue.choice(Field::Card, "library_card", Locale::En), None);
    assert_eq!(catalogue.choice(Field::Email, "yes", Locale::En), None);
}

#[test]
fn what_everybody_needs_at_hand_comes_before_what_a_kind_needs() {
    let at_hand = |kind| &Catalogue::get().kind_wording(kind, Locale::En).unwrap().at_hand;
    let common = at_hand(RequestKind::OutsideNormalTime);
    assert_eq!(common.len(), 2);
    assert_eq!(at_hand(RequestKind::TypographicError)[..2], common[..]);
    assert_eq!(at_hand(RequestKind::TypographicError).len(), 3);
}

/// All texts that a person reads of a field, of a kind, or of a field for a kind: (where, text) in one language.
fn texts(locale: Locale) -> Vec<(String, Vec<String>)> {
    let catalogue = Catalogue::get();
    let mut all = Vec::new();
    for kind in RequestKind::ONLINE {
        let words = catalogue.kind_wording(kind, locale).unwrap().clone();
        let parts = [vec![words.title, words.description], words.at_hand, words.lead.into_iter().collect()].concat();
        all.push((kind.key().to_owned(), parts));
        for field in Field::ALL {
            let words = catalogue.wording(field, kind, None, locale);
            let optional = [words.hint, words.wrong, words.too_long, words.none_given].into_iter().flatten();
            let parts = [words.label, words.missing].into_iter().chain(optional).collect();
            all.push((format!("{} of {}", field.key(), kind.key()), parts));
        }
    }
    for field in Field::ALL {
        let choices = catalogue.choices(field, locale).into_iter().map(|(_, words)| words.to_owned()).collect();
        all.push((format!("choices of {}", field.key()), choices));
    }
    all
}

/// Choices are left out: cards and documents have the names that they have.
#[test]
fn texts_read_at_grade_eight_or_below() {
    for (at, texts) in texts(Locale::En).into_iter().filter(|(at, _)| !at.starts_with("choices")) {
        // Labels are not sentences; beside their hints and errors they read as such.
        let sentences: Vec<&str> = texts.iter().map(|text| text.trim_end_matches(['.', '?', ':'])).collect();
        let grade = grade_level(&(sentences.join(". ") + "."));
        assert!(grade <= 8.0, "{at} reads at grade {grade:.1}: {texts:?}");
    }
}

#[test]
fn texts_blame_nobody_do_not_beg_and_name_no_agency() {
    let words_en = &[" please ", "invalid", "incorrect", " must ", " failed ", " uscis "][..];
    let words_es = &[" por favor ", "inválid", "incorrect", " tu ", " tus ", " tú ", " uscis "][..];
    for (locale, words) in [(Locale::En, words_en), (Locale::Es, words_es)] {
        for (at, text) in texts(locale).iter().flat_map(|(at, texts)| texts.iter().map(move |text| (at, text))) {
            let plain = format!(" {} ", text.to_lowercase().replace([',', '.', '?', ':'], " "));
            assert_eq!(words.iter().find(|word| plain.contains(**word)), None, "{at}: {text}");
        }
    }
}

/// What is said about a problem is a sentence that says what to do: it begins with a verb, and ends.
#[test]
fn errors_say_what_to_do() {
    for kind in RequestKind::ONLINE {
        for field in Field::ALL {
            for (locale, verbs) in [
                (Locale::En, &["Enter ", "Choose ", "Give ", "Tell ", "Use "][..]),
                (Locale::Es, &["Escriba ", "Elija ", "Indique ", "Díganos ", "Use "][..]),
            ] {
                let words = Catalogue::get().wording(field, kind, None, locale);
                let errors = [Some(words.missing), words.wrong, words.too_long, words.none_given];
                for error in errors.into_iter().flatten() {
                    assert!(verbs.iter().any(|verb| error.starts_with(verb)) && error.ends_with('.'), "{field:?}: {error}");
                }
                assert!(!words.label.ends_with(['.', ':']), "{field:?}: {}", words.label);
            }
        }
    }
}

/// The shipped file with one thing changed; the thing has to be there.
fn changed(from: &str, to: &str) -> String {
    assert!(SHIPPED.contains(from), "the file has no {from:?}");
    SHIPPED.replacen(from, to, 1)
}

fn with(more: &str) -> String {
    format!("{SHIPPED}\n{more}\n")
}

/// The shipped file with one thing changed in a kind of request.
fn kind_changed(kind: &str, from: &str, to: &str) -> String {
    let start = SHIPPED.find(&format!("[[kind]]\nkind = \"{kind}\"")).unwrap();
    let (before, of_kind) = SHIPPED.split_at(start);
    let end = of_kind.find("\n\n").unwrap();
    assert!(of_kind[..end].contains(from), "{kind} has no {from:?}");
    format!("{before}{}{}", of_kind[..end].replacen(from, to, 1), &of_kind[end..])
}

fn refused(file: &str, says: &[&str]) {
    let error = Catalogue::parse(file).unwrap_err();
    for part in says {
        assert!(error.contains(part), "{error:?} does not say {part:?}");
    }
}

#[test]
fn what_is_not_in_the_form_of_the_file_is_named_with_its_line() {
    for (file, says) in [
        (with("[[kinds]]"), "unknown field `kinds`"),
        (with("[field.shoe_size]\nlabel.en = \"x\""), "unknown variant `shoe_size`"),
        (changed("[field.email]", "[field.telephone]"), "duplicate key"),
        (changed("label.es = \"Número A\"\n", ""), "missing field `es`"),
        (changed("missing.en = \"Enter the A-Number", "mising.en = \"Enter the A-Number"), "unknown field `mising`"),
        (changed("yes = { en = \"Yes\", es = \"Sí\" }", "yes = { en = \"Yes\" }"), "missing field `es`"),
        (kind_changed("accommodation", "kind = \"accommodation\"", "kind = \"hotel\""), "unknown variant `hotel`"),
        (kind_changed("accommodation", "wait = \"nothing\"", "wait = \"never\""), "unknown variant `never`"),
        (kind_changed("accommodation", "wait = \"nothing\"\n", ""), "missing field `wait`"),
        (kind_changed("notice_not_received", "unsent_days", "unset_days"), "unexpected keys in table: unset_days"),
        (kind_changed("accommodation", "count = \"calendar\"", "count = \"lunar\""), "unknown variant `lunar`"),
        (
            kind_changed("accommodation", "title.es = \"Necesito ayuda en una cita por una discapacidad\"\n", ""),
            "missing field `es`",
        ),
    ] {
        refused(&file, &["line ", says]);
    }
}

#[test]
fn words_that_are_missing_or_never_said_are_named() {
    let field = |name: &str| {
        let start = SHIPPED.find(&format!("[field.{name}]")).unwrap();
        let end = start + 1 + SHIPPED[start + 1..].find("\n[").unwrap();
        SHIPPED[start..end].to_owned()
    };
    for (file, says) in [
        (changed(&field("citizenship"), ""), ["Field citizenship", "it has no words"]),
        (changed("label.es = \"Número A\"", "label.es = \" \""), ["Field a_number", "label needs both languages"]),
        (changed("label.es = \"Número A\"", "label.es = \"Número A \""), ["Field a_number", "begins or ends with a blank"]),
        (changed("transfer = {", "travel = {"), ["Field notice", "the choice \"transfer\" has no words"]),
        (
            changed("transfer = {", "again = { en = \"a\", es = \"a\" }\ntransfer = {"),
            ["Field notice", "there is no choice \"again\""],
        ),
        (
            changed("[field.birth_country]", "[field.birth_country]\nchoices.usa = { en = \"a\", es = \"a\" }"),
            ["Field birth_country", "there is no choice \"usa\""],
        ),
        (
            changed("[field.birth_country]", "[field.birth_country]\nwrong.en = \"a\"\nwrong.es = \"a\""),
            ["Field birth_country", "\"wrong\" is never said"],
        ),
        (changed("wrong.en = \"Enter five digits", "hint_2.en = \"Enter five digits"), ["line ", "unknown field"]),
        (
            changed("[field.card]", "[field.card]\ntoo_long.en = \"a\"\ntoo_long.es = \"a\""),
            ["Field card", "\"too_long\" is never said"],
        ),
        (
            changed("[field.card]", "[field.card]\nnone_given.en = \"a\"\nnone_given.es = \"a\""),
            ["Field card", "\"none_given\" is never said"],
        ),
        (SHIPPED.replace("none_given.", "# none_given."), ["Field email", "it needs \"none_given\""]),
        (SHIPPED.replace("too_long.", "# too_long."), ["Field printed_text", "it needs \"too_long\""]),
        (SHIPPED.replace("wrong.", "# wrong."), ["Field receipt_number", "it needs \"wrong\""]),
        (changed("  \"The receipt notice. It", "  \"\", \"The receipt notice. It"), ["The file", "at_hand needs both languages"]),
        (
            changed("at_hand.es = [\"El aviso de la cita, si lo tiene.\"]", "at_hand.es = []"),
            ["Kind accommodation", "at_hand needs both languages"],
        ),
        (
            kind_changed("accommodation", "lead.en = \"Tell us", "lead.en = \" Tell us"),
            ["Kind accommodation", "lead begins or ends with a blank"],
        ),
    ] {
        refused(&file, &says);
    }
}

#[test]
fn a_rule_that_could_not_be_kept_is_named() {
    let kind = "typographic_error";
    let issue = "issue = [\"error_on\", \"error_in\", \"printed_text\", \"correct_text\", \"explanation?\"]";
    let person = "person = [\"family_name\", \"given_name?\", \"birth_date\"]";
    let contact = "contact = [\"email|telephone\"]";
    let routes = "routes = [\"case_office\", \"zip\"]";
    for (from, to, says) in [
        (issue, "issue = [\"shoe_size\"]", "there is no field \"shoe_size\""),
        (issue, "issue = [\"card?\", \"card\"]", "\"card\" is asked twice"),
        (issue, "issue = [\"mailing_zip\"]", "\"mailing_zip\" is asked twice"),
        (issue, "issue = [\"representative_name\"]", "\"representative_name\" is asked twice"),
        (issue, "issue = [\"birth_date\"]", "\"birth_date\" is asked twice"),
        (issue, "issue = [\"printed_text\"]", "stand side by side"),
        (issue, "issue = [\"card|document\"]", "only one page may have"),
        (issue, "issue = [\"card|document\", \"error_on|error_in\"]", "a page has only one"),
        (issue, &issue.replace("explanation?", "explanation"), "13 fields are needed, and 12 may be"),
        (person, "person = [\"family_name\"]", "person must ask \"birth_date\""),
        (person, "person = [\"family_name?\", \"birth_date\"]", "person must ask \"family_name\""),
        (contact, "contact = [\"email?\", \"telephone?\"]", "contact must need something"),
        (contact, "contact = []", "contact must need something"),
        (contact, "contact = [\"email|\"]", "there is no field \"\""),
        (routes, "routes = []", "routes must name one"),
        (routes, "routes = [\"zip\", \"zip\"]", "a route stands twice"),
        (routes, "routes = [\"office:nbc\"]", "route office:nbc: an office code has"),
        (routes, "routes = [\"nearest\"]", "route nearest: it must be"),
        (routes, "routes = [\"office:NBC\", \"zip\"]", "behind an office is never reached"),
        ("days = 30", "days = 0", "target.days must lie between"),
        ("days = 30", "days = 366", "target.days must lie between"),
        (
            "wait = \"nothing\"",
            "wait = { mailed = { item = \"card\", days = 0, unsent_days = 3 } }",
            "wait.days and wait.unsent_days",
        ),
        ("kind = \"typographic_error\"", "kind = \"expedite\"", "only staff take it"),
        ("kind = \"typographic_error\"", "kind = \"accommodation\"", "it stands twice"),
    ] {
        let place = if to.contains("kind = ") { "Kind " } else { "Kind typographic_error: " };
        refused(&kind_changed(kind, from, to), &[place, says]);
    }
    refused(
        &kind_changed("outside_normal_time", "\"explanation?\"", "\"explanation?\", \"card?\""),
        &["Kind outside_normal_time: 13 fields are shown, and of the commonest kind 12 may be"],
    );
    let gone = kind_changed(kind, "[[kind]]", "[[unkind]]");
    refused(&gone, &["unknown field `unkind`"]);
    let start = SHIPPED.find("[[kind]]\nkind = \"typographic_error\"").unwrap();
    let end = start + SHIPPED[start..].find("\n\n").unwrap();
    let without =
        format!("{}{}", &SHIPPED[..start], &SHIPPED[end..]).replace("kind = \"typographic_error\"\n", "forms = [\"I-90\"]\n");
    refused(&without, &["Kind typographic_error: it has no [[kind]]"]);
}

#[test]
fn an_office_may_be_named_as_the_last_route() {
    let file = kind_changed("typographic_error", "routes = [\"case_office\", \"zip\"]", "routes = [\"zip\", \"office:NBC\"]");
    let catalogue = Catalogue::parse(&file).unwrap();
    let office = shared::office::OfficeCode::parse("NBC").unwrap();
    assert_eq!(catalogue.rule(RequestKind::TypographicError, None).unwrap().routes, [Route::Zip, Route::Office(office)]);
}

#[test]
fn an_override_changes_what_it_names_and_nothing_else() {
    let more = "[[override]]\nkind = \"accommodation\"\nforms = [\"N-400\"]\nwait = \"normal_time\"\n\
                target = { days = 5, count = \"business\" }\nroutes = [\"zip\"]\ntakes_documents = false\nissue = []\n\
                person = [\"birth_date\", \"family_name\"]\ncontact = [\"telephone\"]";
    let catalogue = Catalogue::parse(&with(more)).unwrap();
    let rule = catalogue.rule(RequestKind::Accommodation, Some(&form("N-400"))).unwrap();
    let expected = Rule {
        kind: RequestKind::Accommodation,
        wait: Wait::NormalTime,
        target: Target { days: 5, count: Count::Business },
        routes: vec![Route::Zip],
        takes_documents: false,
        issue: vec![],
        person: vec![Asked::needed(Field::BirthDate), Asked::needed(Field::FamilyName)],
        contact: vec![Asked::needed(Field::Telephone)],
    };
    assert_eq!(*rule, expected);
    let others = [(RequestKind::Accommodation, "N-600"), (RequestKind::TypographicError, "N-400")];
    for (kind, number) in others {
        assert_eq!(catalogue.rule(kind, Some(&form(number))), Catalogue::get().rule(kind, None), "{kind:?} {number}");
    }
}

#[test]
fn an_override_that_does_nothing_or_two_of_one_form_are_named() {
    let more = |kind: &str, forms: &str, what: &str| with(&format!("[[override]]\nkind = \"{kind}\"\nforms = [{forms}]\n{what}"));
    for (file, says) in [
        (more("card_not_received", "\"I-765\"", "takes_documents = false"), "form I-765 has an override already"),
        (more("accommodation", "\"N-400\", \"N-400\"", "takes_documents = false"), "form N-400 has an override already"),
        (more("accommodation", "\"N-400\"", "takes_documents = true"), "it changes nothing"),
        (more("accommodation", "\"N-400\"", ""), "it changes nothing"),
        (more("accommodation", "", "takes_documents = false"), "it names no form"),
        (more("accommodation", "\"400\"", "takes_documents = false"), "form 400: a form number has letters"),
        (more("accommodation", "\"N-400\"", "contact = [\"email?\"]"), "contact must need something"),
        (more("accommodation", "\"N-400\"", "issue = [\"shoe_size\"]"), "there is no field \"shoe_size\""),
        (more("expedite", "\"N-400\"", "takes_documents = false"), "there is no such kind"),
        (more("accommodation", "\"N-400\"", "title.en = \"x\""), "unknown field `title`"),
    ] {
        refused(&file, &[says]);
        if !says.starts_with("unknown") {
            refused(&file, &["Override of "]);
        }
    }
}

#[test]
fn words_for_a_kind_and_a_form_win_over_those_for_one_of_them() {
    let more =
        |whom: &str, text: &str| format!("[[wording]]\nfield = \"card\"\n{whom}\nlabel.en = \"{text}\"\nlabel.es = \"{text}\"\n");
    let (kind, of_form) = ("kind = \"card_not_received\"", "forms = [\"I-730\", \"I-131\"]");
    let both = more(&format!("{kind}\n{of_form}"), "both");
    // In whatever order they stand.
    for file in [
        with(&[both.as_str(), &more(kind, "kind"), &more(of_form, "form")].concat()),
        with(&[more(of_form, "form").as_str(), &more(kind, "kind"), &both].concat()),
    ] {
        let catalogue = Catalogue::parse(&file).unwrap();
        let wording = |kind, number: Option<&str>| catalogue.wording(Field::Card, kind, number.map(form).as_ref(), Locale::En);
        assert_eq!(wording(RequestKind::CardNotReceived, Some("I-131")).label, "both");
        assert_eq!(wording(RequestKind::CardNotReceived, Some("I-140")).label, "kind");
        assert_eq!(wording(RequestKind::CardNotReceived, None).label, "kind");
        assert_eq!(wording(RequestKind::Accommodation, Some("I-730")).label, "form");
        assert_eq!(wording(RequestKind::Accommodation, None).label, "Which card did not come?");
        assert_eq!(wording(RequestKind::CardNotReceived, Some("I-131")).missing, "Choose the card that did not come.");
    }
}

#[test]
fn other_words_that_nobody_would_read_are_named() {
    let label = "label.en = \"a\"\nlabel.es = \"a\"";
    let more = |field: &str, whom: &str, what: &str| with(&format!("[[wording]]\nfield = \"{field}\"\n{whom}\n{what}"));
    let card = "kind = \"card_not_received\"";
    for (file, says) in [
        (more("card", "", label), "it names neither a kind nor a form"),
        (more("card", "kind = \"accommodation\"", label), "the field is not asked there"),
        (more("card", "kind = \"expedite\"", label), "the field is not asked there"),
        (more("card", &format!("{card}\nforms = [\"I-765\"]"), label), "the field is not asked there"),
        (more("citizenship", card, label), "the field is not asked there"),
        (more("citizenship", "forms = [\"I-765\"]", label), "the field is not asked there"),
        (more("card", "forms = [\"765\"]", label), "form 765: a form number has letters"),
        (more("card", card, ""), "it changes nothing"),
        (
            more("card", card, "label.en = \"Which card did not come?\"\nlabel.es = \"¿Qué tarjeta no llegó?\""),
            "it changes nothing",
        ),
        (more("card", card, "wrong.en = \"a\"\nwrong.es = \"a\""), "one of its texts is never said"),
        (more("telephone", card, "none_given.en = \"a\"\nnone_given.es = \"a\""), "one of its texts is never said"),
        (more("card", card, "label.en = \"a\"\nlabel.es = \"\""), "label needs both languages"),
        (more("explanation", "kind = \"accommodation\"", label), "it stands twice"),
    ] {
        refused(&file, &["Wording of ", says]);
    }
    refused(&more("card", card, "label.en = \"a\""), &["line ", "missing field `es`"]);
    Catalogue::parse(&more("requester", card, label)).unwrap();
    Catalogue::parse(&more("representative_name", card, label)).unwrap();
}
