use proptest::prelude::*;

use super::*;
use crate::answer::{Next, Stage, Value};
use crate::case_status::ReceiptNumber;

const GOOD: &str = "We mailed your card on March 3, 2026. The post office brought it back to us.\n\n\
                    You told us that you moved. Please give us your new address by {reply_by}. Then we will mail the card again.";
const GOOD_ES: &str = "Le enviamos su tarjeta el 3 de marzo de 2026. El correo nos la devolvió.\n\n\
                       Usted nos dijo que se mudó. Por favor, denos su nueva dirección. Luego le enviaremos la tarjeta otra vez.";

fn draft(text: &str) -> Draft {
    let mut draft = Draft::new(Locale::En);
    draft.text = text.into();
    draft.typed.insert(Placeholder::ReplyBy, "2026-04-01".into());
    draft.addressed.insert(Issue::Matter, 1);
    draft.addressed.insert(Issue::Address, 2);
    draft
}

fn known() -> Known {
    Known {
        issues: vec![Issue::Matter, Issue::Address],
        own: Own {
            names: vec!["Ana Ejemplo".into()],
            receipt_numbers: vec![ReceiptNumber::parse("EAC9999103403").unwrap()],
            ..Own::default()
        },
        today: "2026-03-10".parse().unwrap(),
        ..Known::default()
    }
}

fn findings(draft: &Draft, known: &Known) -> Vec<(Rule, Place, String)> {
    check(draft, known, &CheckSettings::default()).into_iter().map(|found| (found.rule, found.place, found.found)).collect()
}

fn rules(draft: &Draft, known: &Known) -> Vec<Rule> {
    findings(draft, known).into_iter().map(|(rule, ..)| rule).collect()
}

#[test]
fn a_good_answer_passes_in_both_languages() {
    assert_eq!(findings(&draft(GOOD), &known()), []);
    let spanish = Draft { locale: Locale::Es, ..draft(GOOD_ES) };
    assert_eq!(findings(&spanish, &known()), []);
}

#[test]
fn every_rule_has_a_key_and_says_what_to_do() {
    for rule in Rule::ALL {
        assert_eq!(Rule::from_key(rule.key()), Some(rule));
        assert!(rule.advice().ends_with('.'), "{rule:?}");
    }
    assert_eq!(Rule::from_key("taste"), None);
}

/// What is changed about the good answer, and the one finding that it gives.
#[test]
fn each_rule_finds_what_it_is_for() {
    let with = |more: &str| draft(&format!("{GOOD}\n\n{more}"));
    for (draft, rule, place, found) in [
        (draft("# Only a heading"), Rule::Written, Place::Whole, ""),
        (draft(&"a ".repeat(10_001)), Rule::Written, Place::Whole, ""),
        (with("It went by {document}."), Rule::FilledIn, Place::Whole, "{document}"),
        (with("It went to {office}."), Rule::FilledIn, Place::Whole, "{office} (the record does not know it)"),
        (with("It went by {pigeon}."), Rule::FilledIn, Place::Whole, "there is no placeholder {pigeon}; take one of the list"),
        (with("It comes on ____."), Rule::FilledIn, Place::Part(3), "____."),
        (with("It comes on [date]."), Rule::FilledIn, Place::Part(3), "[date]."),
        (with("Your number is EAC9999103404."), Rule::OtherPeople, Place::Part(3), "EAC9999103404"),
        (with("We asked Mr. Modelo about it."), Rule::OtherPeople, Place::Part(3), "Modelo"),
        (with("We asked Luis Prueba about it."), Rule::OtherPeople, Place::Part(3), "Luis Prueba"),
        (with("Por favor, denos la nueva dirección."), Rule::Language, Place::Part(3), "Por favor, denos la nueva dirección."),
    ] {
        let others = BTreeSet::from([("LUIS".to_owned(), "PRUEBA".to_owned())]);
        let known = Known { others, ..known() };
        assert_eq!(findings(&draft, &known), [(rule, place, found.to_owned())]);
    }
}

#[test]
fn names_of_the_case_are_no_others() {
    let others = BTreeSet::from([("ANA".to_owned(), "EJEMPLO".to_owned())]);
    let draft = draft(&format!("{GOOD}\n\nMrs. Ejemplo called, and Ana Ejemplo wrote about EAC9999103403."));
    assert_eq!(rules(&draft, &Known { others, ..known() }), []);
}

#[test]
fn an_issue_is_answered_by_a_part_that_is_there_and_says_something() {
    let with = |part: Option<usize>, text: &str| {
        let mut draft = draft(text);
        draft.addressed.remove(&Issue::Address);
        draft.addressed.extend(part.map(|part| (Issue::Address, part)));
        findings(&draft, &known())
    };
    let open = [(Rule::Issues, Place::Issue(Issue::Address), String::new())];
    assert_eq!(with(None, GOOD), open);
    for part in [0, 3, 99] {
        assert_eq!(with(Some(part), GOOD), open, "{part}");
    }
    assert_eq!(with(Some(3), &format!("{GOOD}\n\n# Your address")), open, "a heading answers nothing");
    assert_eq!(with(Some(2), GOOD), []);
    let interim = |part: usize| {
        let mut draft = Draft { stage: Stage::Interim(Next::WeGoOn), ..draft(GOOD) };
        draft.addressed = [(Issue::Matter, part)].into();
        rules(&draft, &known())
    };
    assert_eq!((interim(1), interim(9)), (vec![], vec![Rule::Issues]), "an interim answer speaks of the matter");
    let more = Known { issues: vec![Issue::Matter, Issue::Address, Issue::NotHelped(1)], ..known() };
    assert_eq!(rules(&draft(GOOD), &more), [Rule::Issues], "why the last one did not help has to be spoken of");
}

#[test]
fn the_last_letter_is_not_sent_again() {
    let first = "We mailed your card on March 1, 2026. The post office brought it back to us. Your case is with an officer of the agency now.";
    let again = Known { earlier: vec!["Nothing of this stands in it at all.".into(), first.into()], ..known() };
    let all = draft(&format!("{first} Please wait."));
    let found: Vec<_> = findings(&all, &again).into_iter().filter(|(rule, ..)| *rule != Rule::Issues).collect();
    assert_eq!(found[0], (Rule::Repetition, Place::Whole, first.to_owned()));
    assert_eq!(found[1..].iter().map(|(rule, ..)| *rule).collect::<Vec<_>>(), [Rule::RepeatedSentence; 3]);
    let one = draft(
        "We mailed your card on March 3, 2026. It was lost on its way to you, and the carrier has told us so.\n\nWe print a new card \
         for you now. Please give us your address by {reply_by}, so that it reaches you.",
    );
    assert_eq!(findings(&one, &again), [(Rule::RepeatedSentence, Place::Part(1), "We mailed your card on March 3, 2026.".into())]);
}

#[test]
fn an_answer_says_what_comes_next() {
    let vague = "Your case is with us. An officer looks at it. We will write to you when there is news.\n\nYour address is right.";
    assert_eq!(rules(&draft(vague), &known()), [Rule::NextStep]);
    for more in ["You do not need to do anything.", "It ends on April 1, 2026.", "- Call us."] {
        assert_eq!(rules(&draft(&format!("{vague}\n\n{more}")), &known()), [], "{more}");
    }
    assert_eq!(rules(&draft(&format!("{vague}\n\nIt began on March 1, 2026.")), &known()), [Rule::NextStep], "a day that is over");
}

#[test]
fn hard_words_are_found_by_the_limit_that_is_set() {
    let hard = format!(
        "{GOOD}\n\nNotwithstanding the aforementioned considerations, adjudication of the underlying application remains contingent \
         upon satisfactory completion of administrative verification procedures established by regulation."
    );
    let strict = check(&draft(&hard), &known(), &CheckSettings::default());
    assert_eq!(strict.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [Rule::ReadingGrade]);
    assert!(!blocks_release(&strict, &CheckSettings::default()), "it warns by default");
    let blocking = CheckSettings { warnings: BTreeSet::new(), ..CheckSettings::default() };
    assert!(blocks_release(&strict, &blocking));
    assert!(check(&draft(&hard), &known(), &CheckSettings { grade: 20, ..blocking }).is_empty());
}

#[test]
fn a_record_of_a_call_is_not_read_for_its_style() {
    let mut call =
        draft("Usted llamó y le dijimos que la tarjeta está en el correo. You can call again.\n\nLa dirección es correcta.");
    assert!(rules(&call, &known()).contains(&Rule::Language));
    call.form = Form::Telephone;
    assert_eq!(rules(&call, &known()), []);
    call.stage = Stage::Final;
    call.text.push_str("\n\nEAC9999103404");
    assert_eq!(rules(&call, &known()), [Rule::OtherPeople], "what is about others stays out of every record");
}

#[test]
fn findings_print_no_word_of_the_text() {
    let known = Known { record: Values::default(), ..known() };
    let found = check(&draft(&format!("{GOOD}\n\nCall Mr. Modelo.")), &known, &CheckSettings::default());
    assert!(!format!("{found:?}").contains("Modelo"));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,200}", locale in 0_usize..2) {
        let draft = Draft { locale: Locale::ALL[locale], ..draft(&text) };
        let _ = findings(&draft, &known());
    }

    #[test]
    fn whatever_was_said_before_is_a_repetition(words in proptest::collection::vec("[a-z]{3,9}", 8..20)) {
        let said = format!("{}.", words.join(" "));
        let known = Known { earlier: vec![said.clone()], ..known() };
        prop_assert!(rules(&draft(&said), &known).contains(&Rule::Repetition));
    }

    // No x: three of them stand for something to be filled in.
    #[test]
    fn a_placeholder_without_its_value_is_always_found(at in 0..Placeholder::ALL.len(), before in "[a-w ]{1,20}") {
        let placeholder = Placeholder::ALL[at];
        let mut draft = draft(&format!("{before} {{{}}}", placeholder.key()));
        draft.typed.clear();
        prop_assert!(rules(&draft, &known()).contains(&Rule::FilledIn));
        let mut record = Values::default();
        let value = match placeholder.kind() {
            crate::answer::ValueKind::Day => Value::Day(known().today),
            crate::answer::ValueKind::Line => Value::Line("word".into()),
            crate::answer::ValueKind::Count => Value::Count(3),
            crate::answer::ValueKind::TrackingNumber => {
                Value::TrackingNumber(crate::delivery_tracking::TrackingNumber::parse("9205599999999900000121").unwrap())
            }
        };
        record.set(placeholder, value);
        let filled = rules(&draft, &Known { record, ..known() });
        prop_assert!(!filled.contains(&Rule::FilledIn));
    }
}
