//! What stands in a text and tells of a person: numbers, addresses of mail, dates of birth.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::case_feed::{ANumber, Email};
use crate::case_status::ReceiptNumber;
use crate::locale::Locale;
use crate::service_request::RequestNumber;

/// What belongs to the case that is answered.
#[derive(Clone, Default)]
pub struct Own {
    pub names: Vec<String>,
    pub receipt_numbers: Vec<ReceiptNumber>,
    pub request_numbers: Vec<RequestNumber>,
    pub a_numbers: Vec<ANumber>,
    pub emails: Vec<Email>,
    pub birth_dates: Vec<NaiveDate>,
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Own([sensitive])")
    }
}

/// Words that a number with spaces in it may have.
const WORDS_OF_A_NUMBER: usize = 5;
/// Whoever writes to the agency of a day that is longer ago writes of a birth.
const BIRTH_AGE: i32 = 12;

/// What is another's, as it stands in the text.
pub(super) fn of_others(text: &str, own: &Own, today: NaiveDate) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let length = (1..=WORDS_OF_A_NUMBER.min(words.len() - at)).find(|length| is_others(&words[at..at + length], own));
        if let Some(length) = length {
            found.push(words[at..at + length].join(" ").trim_matches(|c: char| ".,;:()".contains(c)).to_owned());
        }
        at += length.unwrap_or(1);
    }
    found.extend(births(&words, own, today));
    found
}

fn is_others(words: &[&str], own: &Own) -> bool {
    let plain: String = words.iter().flat_map(|word| word.chars()).filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_uppercase();
    let (letters, digits): (String, String) = (
        plain.chars().take_while(char::is_ascii_alphabetic).collect(),
        plain.chars().skip_while(char::is_ascii_alphabetic).collect(),
    );
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let begins_with_letter = words[0].trim_start_matches(['(', '#']).starts_with(|c: char| c.is_ascii_alphabetic());
    if begins_with_letter && letters.len() == 3 && all_digits && digits.len() == 10 {
        return ReceiptNumber::parse(&plain).is_ok_and(|number| !own.receipt_numbers.contains(&number));
    }
    if letters == "A" && all_digits && (7..=9).contains(&digits.len()) && ends_a_number(words) {
        return ANumber::parse(&plain).is_some_and(|number| !own.a_numbers.contains(&number));
    }
    if plain.starts_with("SR") && plain.len() == 13 {
        return RequestNumber::parse(&plain).is_ok_and(|number| !own.request_numbers.contains(&number));
    }
    let [word] = words else { return false };
    let word = word.trim_matches(|c: char| ".,;:()<>\"".contains(c));
    if word.contains('@') {
        let same = |email: &Email| email.as_str().eq_ignore_ascii_case(word);
        return Email::parse(word).is_some() && !own.emails.iter().any(same);
    }
    is_social_security_number(word)
}

/// `A 30 days` is no number: its last word is one of figures.
fn ends_a_number(words: &[&str]) -> bool {
    words.last().is_some_and(|word| word.chars().any(|c| c.is_ascii_digit()))
}

/// Nobody's stands in a letter, not even the person's own.
fn is_social_security_number(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.iter().map(|part| part.len()).eq([3, 2, 4]) && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

const BORN: [&str; 9] = ["born", "birth", "birthday", "dob", "nacimiento", "nació", "nacido", "nacida", "cumpleaños"];

fn births(words: &[&str], own: &Own, today: NaiveDate) -> Vec<String> {
    let is_birth = |at: usize, day: NaiveDate| {
        let before = &words[at.saturating_sub(4)..at];
        let says_so = before.iter().any(|word| BORN.contains(&word.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric())));
        says_so || today.year() - day.year() > BIRTH_AGE
    };
    let others = dates(words).into_iter().filter(|(at, _, day)| is_birth(*at, *day) && !own.birth_dates.contains(day));
    others.map(|(at, length, _)| words[at..at + length].join(" ").trim_matches(|c: char| ".,;:()".contains(c)).to_owned()).collect()
}

/// The days that stand in a text.
pub(super) fn days_in(text: &str) -> Vec<NaiveDate> {
    let words: Vec<&str> = text.split_whitespace().collect();
    dates(&words).into_iter().map(|(_, _, day)| day).collect()
}

/// Days with the place of their first word and the number of their words.
fn dates(words: &[&str]) -> Vec<(usize, usize, NaiveDate)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let date = [1, 3, 5].into_iter().find_map(|length| Some((length, date(words.get(at..at + length)?)?)));
        if let Some((length, day)) = date {
            found.push((at, length, day));
        }
        at += date.map_or(1, |(length, _)| length);
    }
    found
}

fn date(words: &[&str]) -> Option<NaiveDate> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    match words {
        [word] => numeric(word.trim_matches(|c: char| !c.is_ascii_digit())),
        [month, day, year] if month_of(&bare(month)).is_some() => of(&bare(year), month_of(&bare(month))?, &bare(day)),
        [day, month, year] => of(&bare(year), month_of(&bare(month))?, &bare(day)),
        [day, de, month, of_year, year] if *de == "de" && matches!(*of_year, "de" | "del") => {
            of(&bare(year), month_of(&bare(month))?, &bare(day))
        }
        _ => None,
    }
}

fn of(year: &str, month: u32, day: &str) -> Option<NaiveDate> {
    let year = year.parse().ok().filter(|year| (1900..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day.parse().ok()?)
}

fn month_of(word: &str) -> Option<u32> {
    let named = |locale: Locale| locale.month_names().iter().position(|name| name.to_lowercase() == word);
    let at = Locale::ALL.into_iter().find_map(named)?;
    u32::try_from(at + 1).ok()
}

/// `3/4/1990` as it is written in the United States, `1990-03-04`.
fn numeric(word: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    match (first.len(), third.len()) {
        (4, _) => of(first, second.parse().ok()?, third),
        (_, 4) => of(third, first.parse().ok()?, second).or_else(|| of(third, second.parse().ok()?, first)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn own() -> Own {
        Own {
            names: vec!["Ana Ejemplo".into()],
            receipt_numbers: vec![ReceiptNumber::parse("EAC9999103403").unwrap()],
            request_numbers: vec![RequestNumber::new(2026, [1; 16])],
            a_numbers: vec![ANumber::parse("A200000001").unwrap()],
            emails: vec![Email::parse("ana@example.org").unwrap()],
            birth_dates: vec!["1990-02-03".parse().unwrap()],
        }
    }

    fn found(text: &str) -> Vec<String> {
        of_others(text, &own(), "2026-03-10".parse().unwrap())
    }

    #[test]
    fn what_is_another_persons_is_found() {
        let other = RequestNumber::new(2026, [2; 16]).grouped();
        for text in [
            "EAC9999103404",
            "eac-99-991-03404",
            "EAC 99 991 03404",
            "A200000002",
            "A 200 000 002",
            "a200-000-002",
            other.as_str(),
            "luis@example.org",
            "123-45-6789",
            "May 4, 1985",
            "4 de mayo de 1985",
            "05/04/1985",
            "1985-05-04",
        ] {
            assert_eq!(found(&format!("We have a question about {text}.")), [text], "{text}");
        }
        assert_eq!(found("The child, born on May 4, 2025, is listed."), ["May 4, 2025"]);
    }

    #[test]
    fn what_is_their_own_or_nobodys_is_left_alone() {
        for text in [
            "Your case EAC9999103403 (EAC-99-991-03403) is with us.",
            "Your A-Number A200000001.",
            "You were born on February 3, 1990.",
            "Write to ANA@example.org.",
            "We mailed it on March 3, 2026. A 30 day wait is normal.",
            "Call 1-800-375-5283 or 202-555-0143.",
            "Form I-765, section 1234567890.",
            "El 3 de marzo de 2026 se envió.",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
        let mine = own().request_numbers[0].grouped();
        assert!(found(&format!("Request {mine}")).is_empty());
    }

    proptest! {
        #[test]
        fn any_other_receipt_number_is_found_wherever_it_stands(number in 9_000_000_000_u64..9_999_999_999, before in "[a-z ]{0,20}") {
            let text = format!("{before} EAC{number} and so on");
            prop_assert_eq!(found(&text).len(), usize::from(number != 9_999_103_403));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,120}", more in "([A0-9/@. -]){0,60}") {
            let _ = (found(&text), found(&more), days_in(&text), days_in(&more));
        }

        #[test]
        fn days_are_read_as_they_are_written(days in 0_u32..40_000) {
            let day = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Days::new(days.into());
            for locale in Locale::ALL {
                prop_assert_eq!(days_in(&format!("It was on {}.", locale.long_date(day))), vec![day]);
            }
            prop_assert_eq!(days_in(&format!("It was on {}.", day.format("%m/%d/%Y"))), vec![day]);
        }
    }
}
