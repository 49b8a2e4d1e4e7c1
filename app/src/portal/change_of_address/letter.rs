//! Letters to the address that was on file before. None holds another address, or the number of the report: what is in the letter is
//! worth nothing without what only the sender has.

use chrono::NaiveDate;
use domain::change_of_address::{AddressLetter, LetterTold};
use shared::case_feed::MailingAddress;
use shared::change_of_address::Notice;
use shared::letter::{Block, Code, Content};
use shared::locale::Locale;

use super::STATUS;
use crate::portal::site::SiteInfo;
use crate::text::text;

/// What a window envelope shows of a line.
const LONGEST_LINE: usize = 80;

/// Puts a letter into words, in its reader's language.
pub fn letter(site: &SiteInfo, public_url: &str, letter: &AddressLetter, today: NaiveDate) -> Content {
    let locale = letter.locale;
    let telephone = site.telephone.as_str();
    let (title, blocks) = match &letter.told {
        LetterTold::Pin { pin, until } => (
            text!(locale, change.letter_pin_title),
            vec![
                Block::Paragraph(text!(locale, change.letter_pin_text).to_owned()),
                Block::Code(Code { label: text!(locale, change.letter_pin_label).to_owned(), code: grouped(pin) }),
                Block::Paragraph(text!(locale, change.letter_pin_where, page = format!("{public_url}{}", locale.path(STATUS)))),
                Block::Paragraph(text!(locale, change.letter_pin_until, day = locale.long_date(*until))),
                Block::Note(text!(locale, change.letter_not_me, telephone = telephone)),
            ],
        ),
        LetterTold::Changed { number, until } => (
            text!(locale, change.mail_changed_subject),
            vec![
                Block::Paragraph(text!(locale, change.mail_changed_old).to_owned()),
                Block::Paragraph(text!(locale, change.letter_back_text, telephone = telephone, day = locale.long_date(*until))),
                Block::Code(Code { label: text!(locale, change.letter_pin_label).to_owned(), code: grouped(number) }),
            ],
        ),
        LetterTold::Notice(notice) => {
            let (title, words) = notice_in_words(*notice, locale);
            let call = text!(locale, change.letter_call, telephone = telephone);
            (title, vec![Block::Paragraph(words.to_owned()), Block::Note(call)])
        }
    };
    Content {
        locale,
        agency: site.agency(locale).to_owned(),
        agency_lines: Vec::new(),
        mail_to: envelope(letter),
        title: title.to_owned(),
        date: today,
        blocks,
        footer: String::new(),
    }
}

fn notice_in_words(notice: Notice, locale: Locale) -> (&'static str, &'static str) {
    match notice {
        Notice::Waiting | Notice::Recorded => (text!(locale, change.mail_waiting_subject), text!(locale, change.mail_waiting_old)),
        Notice::Changed => (text!(locale, change.mail_changed_subject), text!(locale, change.mail_changed_old)),
        Notice::NotChanged => (text!(locale, change.mail_not_changed_subject), text!(locale, change.mail_not_changed_old)),
        Notice::Reversed => (text!(locale, change.mail_reversed_subject), text!(locale, change.mail_reversed_old)),
    }
}

/// Four digits and four: as people read them out.
fn grouped(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Name and address.
fn envelope(letter: &AddressLetter) -> Vec<String> {
    let name = letter.name.expose();
    let name = [name.given.as_deref(), name.middle.as_deref(), Some(name.family.as_str())];
    let MailingAddress { street, unit, city, state, postal_code, country } = letter.to.expose();
    let of = |parts: &[Option<&str>]| parts.iter().flatten().copied().collect::<Vec<_>>().join(" ");
    let mut lines =
        vec![of(&name), of(&[Some(street), unit.as_deref()]), of(&[Some(city), state.as_deref(), postal_code.as_deref()])];
    if !country.is_united_states() {
        lines.push(shared::country::name(country, Locale::En).unwrap_or(country.as_str()).to_owned());
    }
    lines.into_iter().map(|line| line.chars().take(LONGEST_LINE).collect()).collect()
}
