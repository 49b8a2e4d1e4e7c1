//! English and Spanish, and the long dates of both.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

/// A language the public can read. The path decides it: `/es/...` is Spanish, everything else English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    En,
    Es,
}

const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const MONTHS_ES: [&str; 12] =
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

impl Locale {
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The language tag, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// Reads a language tag; anything but `es` is English.
    pub fn from_tag(tag: &str) -> Self {
        if tag == "es" { Self::Es } else { Self::En }
    }

    /// The locale a path of the portal is in.
    pub fn of_path(path: &str) -> Self {
        if path == "/es" || path.starts_with("/es/") { Self::Es } else { Self::En }
    }

    /// The address of a portal page (`/case-status`, `/`) in this language.
    pub fn path(self, page: &str) -> String {
        match (self, page) {
            (Self::En, _) => page.to_owned(),
            (Self::Es, "/") => "/es".to_owned(),
            (Self::Es, _) => format!("/es{page}"),
        }
    }

    /// `September 5, 2023` or `5 de septiembre de 2023`.
    pub fn long_date(self, day: NaiveDate) -> String {
        let month = day.month0() as usize;
        match self {
            Self::En => format!("{} {}, {}", MONTHS_EN[month], day.day(), day.year()),
            Self::Es => format!("{} de {} de {}", day.day(), MONTHS_ES[month], day.year()),
        }
    }

    /// The names of the months, January first.
    pub const fn month_names(self) -> &'static [&'static str; 12] {
        match self {
            Self::En => &MONTHS_EN,
            Self::Es => &MONTHS_ES,
        }
    }

    /// `9:05 a.m.` in both languages, as notices print it. No line breaks in it.
    pub fn clock_time(self, time: NaiveTime) -> String {
        let (pm, hour) = time.hour12();
        format!("{hour}:{:02}\u{a0}{}", time.minute(), if pm { "p.m." } else { "a.m." })
    }

    /// Chooses the text of this language.
    pub const fn pick<'a>(self, en: &'a str, es: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Es => es,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_long_in_both_languages() {
        let day = NaiveDate::from_ymd_opt(2023, 9, 5).unwrap();
        assert_eq!(Locale::En.long_date(day), "September 5, 2023");
        assert_eq!(Locale::Es.long_date(day), "5 de septiembre de 2023");
    }

    #[test]
    fn paths_and_locales_agree() {
        for page in ["/", "/case-status", "/privacy"] {
            for locale in Locale::ALL {
                assert_eq!(Locale::of_path(&locale.path(page)), locale);
            }
        }
        assert_eq!(Locale::of_path("/especially"), Locale::En);
    }

    #[test]
    fn noon_and_midnight_are_told_apart() {
        let at = |hour| Locale::En.clock_time(NaiveTime::from_hms_opt(hour, 5, 0).unwrap());
        assert_eq!(
            [at(0), at(9), at(12), at(15)],
            ["12:05 a.m.", "9:05 a.m.", "12:05 p.m.", "3:05 p.m."].map(|time| time.replace(' ', "\u{a0}"))
        );
    }
}
