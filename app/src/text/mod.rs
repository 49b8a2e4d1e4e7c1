//! The texts of `locales/*.json`, chosen by the page's language.

use shared::locale::Locale;

#[expect(clippy::pedantic, clippy::expect_used, reason = "written by leptos_i18n_build")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub use generated::i18n;

/// The catalogue of a language.
pub const fn catalogue(locale: Locale) -> i18n::Locale {
    match locale {
        Locale::En => i18n::Locale::en,
        Locale::Es => i18n::Locale::es,
    }
}

/// A text in a language: `text!(locale, home.title)`, `text!(locale, case_status.slow_minutes, minutes = 3)`.
macro_rules! text {
    ($locale:expr, $($key:tt)*) => {
        leptos_i18n::td_string!($crate::text::catalogue($locale), $($key)*)
    };
}
pub(crate) use text;

#[cfg(test)]
mod tests;
