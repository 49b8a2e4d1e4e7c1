//! An answer as a letter: the opening, the key information, the officer's words, what to do after a move, and the office.

use std::fmt;

use chrono::NaiveDate;

use super::draft::{Form, Stage};
use super::wording;
use crate::letter::{Block, Content, Fact};
use crate::locale::Locale;
use crate::service_request::RequestKind;

/// What stands in every copy of an answer, in the reader's language where it is words.
#[derive(Clone)]
pub struct Facts {
    pub locale: Locale,
    pub form: Form,
    pub stage: Stage,
    pub agency: String,
    /// Under the agency's name: its address for returned mail.
    pub letterhead: Vec<String>,
    pub office: String,
    pub telephone: String,
    pub date: NaiveDate,
    pub asked_on: NaiveDate,
    /// As people read it.
    pub request_number: String,
    pub receipt_number: String,
    /// Number and name of the form.
    pub case_type: String,
    pub filed_on: Option<NaiveDate>,
    pub kind: RequestKind,
}

/// Whom a copy tells of.
#[derive(Clone, Default)]
pub struct People {
    /// The lines that the window of the envelope shows.
    pub mail_to: Vec<String>,
    pub person: String,
    /// The word of the form.
    pub requester: String,
    pub representative: Option<String>,
    pub beneficiary: Option<String>,
    pub a_number: Option<String>,
}

/// Which copy of an answer.
#[derive(Clone)]
pub enum Copy {
    /// On paper, to an address on file.
    Mailed(People),
    /// To be read and kept by whoever has the request's number and the ZIP code or the birth date: it names nobody.
    Online,
}

/// All of it is about a person.
macro_rules! debug_without_content {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([sensitive])"))
            }
        }
    )*};
}

debug_without_content!(Facts, People, Copy);

/// Puts an answer into a letter.
pub fn content(facts: &Facts, copy: &Copy, officers_words: Vec<Block>) -> Content {
    let words = wording::of(facts.locale);
    let shows_representative = matches!(copy, Copy::Mailed(people) if people.representative.is_some());
    let contacted = if shows_representative { words.shown } else { words.not_shown };
    let opening = format!("{} {}, {contacted}", words.on, facts.locale.long_date(facts.asked_on));
    let mut blocks = vec![Block::Paragraph(opening), Block::Facts(key_facts(facts, copy))];
    blocks.push(Block::Heading(words.status.to_owned()));
    if facts.form == Form::Telephone {
        blocks.push(Block::Paragraph(words.call.to_owned()));
    }
    blocks.extend(officers_words);
    if !facts.stage.is_final() {
        blocks.push(Block::Note(words.interim.to_owned()));
    }
    blocks.push(Block::Heading(words.address_title.to_owned()));
    blocks.push(Block::Paragraph(words.address.to_owned()));
    blocks.push(Block::Paragraph(format!("{}: {}, {}.", words.from, facts.office, facts.telephone)));
    let mail_to = if let Copy::Mailed(people) = copy { people.mail_to.clone() } else { Vec::new() };
    Content {
        locale: facts.locale,
        agency: facts.agency.clone(),
        agency_lines: facts.letterhead.clone(),
        mail_to,
        title: words.title.to_owned(),
        date: facts.date,
        blocks,
        footer: String::new(),
    }
}

fn key_facts(facts: &Facts, copy: &Copy) -> Vec<Fact> {
    let words = wording::of(facts.locale);
    let fact = |term: &str, description: &str| Fact { term: term.to_owned(), description: description.to_owned() };
    let filed_on = facts.filed_on.map(|day| fact(words.filed_on, &facts.locale.long_date(day)));
    let mut all = Vec::new();
    if let Copy::Mailed(people) = copy {
        all.push(fact(words.person, &people.person));
        all.extend(wording::requester(&people.requester, facts.locale).map(|they_are| fact(words.they_are, they_are)));
        all.extend(people.representative.as_ref().map(|name| fact(words.representative, name)));
    }
    all.push(fact(words.form, &facts.case_type));
    all.extend(filed_on);
    all.push(fact(words.receipt_number, &facts.receipt_number));
    all.push(fact(words.request_number, &facts.request_number));
    if let Copy::Mailed(people) = copy {
        all.extend(people.beneficiary.as_ref().map(|name| fact(words.beneficiary, name)));
        all.extend(people.a_number.as_ref().map(|number| fact(words.a_number, number)));
    }
    all.push(fact(words.kind, wording::kind(facts.kind, facts.locale)));
    all.retain(|fact| !fact.description.trim().is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::super::block::plain_text;
    use super::super::draft::Next;
    use super::*;
    use crate::letter::Letter;

    fn facts(locale: Locale, form: Form, stage: Stage) -> Facts {
        Facts {
            locale,
            form,
            stage,
            agency: "The agency".into(),
            letterhead: vec!["PO Box 1".into()],
            office: "National Benefits Center".into(),
            telephone: "1-800-375-5283".into(),
            date: "2026-03-10".parse().unwrap(),
            asked_on: "2026-03-01".parse().unwrap(),
            request_number: "SR26-7KQ4-M2XW-R".into(),
            receipt_number: "EAC9999103403".into(),
            case_type: "I-765".into(),
            filed_on: "2025-08-03".parse().ok(),
            kind: RequestKind::CardNotReceived,
        }
    }

    fn people() -> People {
        People {
            mail_to: vec!["ANA EJEMPLO".into(), "1 SAMPLE STREET".into()],
            person: "Ana Ejemplo".into(),
            requester: "applicant".into(),
            representative: Some("Luz Abogada".into()),
            beneficiary: None,
            a_number: Some("A200000001".into()),
        }
    }

    fn said(content: &Content) -> String {
        content.blocks.iter().map(plain_text).collect::<Vec<_>>().join("\n")
    }

    fn words() -> Vec<Block> {
        vec![Block::Paragraph("We mailed it.".into())]
    }

    #[test]
    fn a_letter_opens_as_people_know_it_and_ends_with_the_office() {
        let letter = content(&facts(Locale::En, Form::Letter, Stage::Final), &Copy::Mailed(people()), words());
        let all = said(&letter);
        let in_order = [
            "On March 1, 2026, you, or the representative shown below, contacted us about your case.",
            "Person who contacted us: Ana Ejemplo",
            "They said that they are: the applicant",
            "Representative: Luz Abogada",
            "Case type: I-765",
            "Filing date: August 3, 2025",
            "Receipt number: EAC9999103403",
            "Request number: SR26-7KQ4-M2XW-R",
            "A-Number: A200000001",
            "Type of service requested: A card that did not come",
            "The status of this service request is:",
            "We mailed it.",
            "If you move, tell us within 10 days.",
            "This answer comes from: National Benefits Center, 1-800-375-5283.",
        ];
        let places: Vec<usize> = in_order.iter().map(|part| all.find(part).unwrap_or_else(|| panic!("{part}"))).collect();
        assert!(places.is_sorted(), "{all}");
        assert!(!all.contains("Beneficiary"), "where there is none");
        assert!(Letter::check(letter).is_ok());
    }

    #[test]
    fn a_copy_to_be_read_online_names_nobody() {
        for locale in Locale::ALL {
            let letter = content(&facts(locale, Form::Letter, Stage::Final), &Copy::Online, words());
            let all = said(&letter);
            assert!(letter.mail_to.is_empty());
            for name in ["Ana", "Abogada", "A200000001", "SAMPLE"] {
                assert!(!all.contains(name), "{name}");
            }
            assert!(all.contains("SR26-7KQ4-M2XW-R") && all.contains("We mailed it."));
            assert!(!all.contains("shown below") && !all.contains("abajo"), "nobody is");
        }
    }

    #[test]
    fn an_interim_answer_and_a_call_say_so_in_both_languages() {
        for (locale, interim, call) in [
            (Locale::En, "This is not our last answer.", "We told you this by telephone."),
            (Locale::Es, "Esta no es nuestra última respuesta.", "Se lo dijimos por teléfono."),
        ] {
            let last = said(&content(&facts(locale, Form::Letter, Stage::Final), &Copy::Online, words()));
            assert!(!last.contains(interim) && !last.contains(call));
            let first = said(&content(&facts(locale, Form::Telephone, Stage::Interim(Next::WeGoOn)), &Copy::Online, words()));
            assert!(first.contains(interim) && first.contains(call));
        }
    }
}
