//! Texts with placeholders, and templates: what officers begin with, in both languages.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::placeholder::{Placeholder, ValueKind, Values};
use crate::locale::Locale;
use crate::service_request::RequestKind;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    /// To be filled in; a day can be so many days later than the value.
    Open {
        placeholder: Placeholder,
        days: u16,
    },
}

/// Text with placeholders, `{mailed_on}` or `{mailed_on+30}`. Two braces are a brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

/// What is wrong with a text. It names what stands between the braces.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextError {
    #[error("there is no placeholder {{{0}}}; take one of the list")]
    Unknown(String),
    #[error("{{{0}}} adds days to something that is no day; write it without them")]
    NotADay(String),
    #[error("{{{0}}} does not say how many days are added: write a number from 1 to 999 after the plus sign")]
    NotDays(String),
    #[error("a brace is not closed, or not opened; write two for one that is meant as it stands")]
    Brace,
}

/// The longest word between braces that is repeated in a message.
const LONGEST_KEY: usize = 40;

impl Text {
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(source: &str) -> Result<Self, TextError> {
        let (pieces, errors) = read(source);
        errors.into_iter().next().map_or(Ok(Self(pieces)), Err)
    }

    /// The text, and all that is wrong in it. What is wrong stays as it stands.
    pub fn parse_all(source: &str) -> (Self, Vec<TextError>) {
        let (pieces, errors) = read(source);
        (Self(pieces), errors)
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    pub fn placeholders(&self) -> BTreeSet<Placeholder> {
        let open = |piece: &Piece| if let Piece::Open { placeholder, .. } = piece { Some(*placeholder) } else { None };
        self.0.iter().filter_map(open).collect()
    }

    /// The text with what is known. What is not known stays open, with its braces.
    pub fn fill(&self, values: &Values, locale: Locale) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Open { placeholder, days } => {
                values.get(*placeholder).map_or_else(|| format!("{{{}}}", placeholder.key()), |value| value.in_words(*days, locale))
            }
        };
        self.0.iter().map(piece).collect()
    }
}

fn read(source: &str) -> (Vec<Piece>, Vec<TextError>) {
    let (mut pieces, mut errors, mut words) = (Vec::new(), Vec::new(), String::new());
    let mut rest = source;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        words.push_str(before);
        if brace.starts_with("{{") || brace.starts_with("}}") {
            words.push_str(&brace[..1]);
            rest = &brace[2..];
            continue;
        }
        let inner = brace[1..].split_once('}').filter(|(inner, _)| brace.starts_with('{') && !inner.contains(['{', '\n']));
        let Some((inner, after)) = inner else {
            errors.push(TextError::Brace);
            words.push_str(&brace[..1]);
            rest = &brace[1..];
            continue;
        };
        match open(inner) {
            Ok(piece) => {
                pieces.extend((!words.is_empty()).then(|| Piece::Words(std::mem::take(&mut words))));
                pieces.push(piece);
            }
            Err(error) => {
                errors.push(error);
                words.extend(["{", inner, "}"]);
            }
        }
        rest = after;
    }
    words.push_str(rest);
    pieces.extend((!words.is_empty()).then_some(Piece::Words(words)));
    (pieces, errors)
}

fn open(inner: &str) -> Result<Piece, TextError> {
    let shown = || inner.chars().take(LONGEST_KEY).collect::<String>();
    let (key, days) = inner.split_once('+').map_or((inner, None), |(key, days)| (key, Some(days)));
    let placeholder = Placeholder::from_key(key.trim()).ok_or_else(|| TextError::Unknown(shown()))?;
    let days = match days {
        None => 0,
        Some(_) if placeholder.kind() != ValueKind::Day => return Err(TextError::NotADay(shown())),
        Some(days) => {
            days.trim().parse().ok().filter(|days| (1..1000).contains(days)).ok_or_else(|| TextError::NotDays(shown()))?
        }
    };
    Ok(Piece::Open { placeholder, days })
}

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateUse {
    /// A whole answer to begin with.
    Answer,
    /// A macro: a short text, put in where the officer writes.
    Insert,
}

impl TemplateUse {
    pub const ALL: [Self; 2] = [Self::Answer, Self::Insert];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Insert => "insert",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.key() == key)
    }
}

/// The name of a template: small letters, digits and dashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateKey(String);

impl TemplateKey {
    pub fn parse(text: &str) -> Option<Self> {
        let is_key = (1..=40).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && text.starts_with(|c: char| c.is_ascii_lowercase());
        is_key.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A template or a macro. It is there in both languages, and both leave the same open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    key: TemplateKey,
    used: TemplateUse,
    /// What requests it is for; none is all.
    kinds: BTreeSet<RequestKind>,
    /// As officers find it.
    title: String,
    en: String,
    es: String,
}

/// Why a template cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    #[error("the name of a template has 1 to 40 small letters, digits and dashes, and begins with a letter")]
    Key,
    #[error("the title has 1 to 100 characters, in one line")]
    Title,
    #[error("the {} text is empty: a template is there in both languages, or not at all", language(*.0))]
    Empty(Locale),
    #[error("the {} text is longer than {LONGEST} characters", language(*.0))]
    TooLong(Locale),
    #[error("in the {} text: {error}", language(*.locale))]
    Text { locale: Locale, error: TextError },
    #[error("{{{}}} stands in one language only", .0.key())]
    OneLanguage(Placeholder),
}

const LONGEST: usize = 10_000;

const fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::Es => "Spanish",
    }
}

impl Template {
    /// # Errors
    /// Everything that is wrong, in the order in which it stands on the page.
    pub fn new(
        key: &str,
        used: TemplateUse,
        kinds: impl IntoIterator<Item = RequestKind>,
        title: &str,
        en: &str,
        es: &str,
    ) -> Result<Self, Vec<TemplateError>> {
        let title = title.trim();
        let key = TemplateKey::parse(key.trim());
        let is_title = (1..=100).contains(&title.chars().count()) && !title.chars().any(char::is_control);
        let mut errors = Vec::new();
        errors.extend(key.is_none().then_some(TemplateError::Key));
        errors.extend((!is_title).then_some(TemplateError::Title));
        let mut open = Vec::new();
        for (locale, source) in [(Locale::En, en), (Locale::Es, es)] {
            let (text, wrong) = Text::parse_all(source);
            errors.extend(source.trim().is_empty().then_some(TemplateError::Empty(locale)));
            errors.extend((source.chars().count() > LONGEST).then_some(TemplateError::TooLong(locale)));
            errors.extend(wrong.into_iter().map(|error| TemplateError::Text { locale, error }));
            open.push(text.placeholders());
        }
        if errors.is_empty() {
            errors.extend(open[0].symmetric_difference(&open[1]).copied().map(TemplateError::OneLanguage));
        }
        let tidy = |source: &str| source.trim().replace("\r\n", "\n");
        match key {
            Some(key) if errors.is_empty() => {
                Ok(Self { key, used, kinds: kinds.into_iter().collect(), title: title.to_owned(), en: tidy(en), es: tidy(es) })
            }
            _ => Err(errors),
        }
    }

    pub const fn key(&self) -> &TemplateKey {
        &self.key
    }

    pub const fn used(&self) -> TemplateUse {
        self.used
    }

    pub const fn kinds(&self) -> &BTreeSet<RequestKind> {
        &self.kinds
    }

    pub fn is_for(&self, kind: RequestKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    /// The text as it was written, with its placeholders.
    pub fn source(&self, locale: Locale) -> &str {
        locale.pick(&self.en, &self.es)
    }
}

#[cfg(test)]
mod tests {
    use super::super::placeholder::Value;
    use super::*;
    use proptest::prelude::*;

    fn template(en: &str, es: &str) -> Result<Template, Vec<TemplateError>> {
        Template::new("card-mailed", TemplateUse::Answer, [RequestKind::CardNotReceived], "Card mailed", en, es)
    }

    #[test]
    fn a_text_is_filled_in_and_what_is_not_known_stays_open() {
        let text = Text::parse("Mailed on {mailed_on}; wait until {mailed_on+30}. {{No}} {document}.").unwrap();
        let mut values = Values::default();
        values.set(Placeholder::MailedOn, Value::Day("2026-03-01".parse().unwrap()));
        assert_eq!(text.fill(&values, Locale::En), "Mailed on March 1, 2026; wait until March 31, 2026. {No} {document}.");
        assert_eq!(text.placeholders().len(), 2);
    }

    #[test]
    fn what_is_unknown_or_of_another_type_is_refused() {
        for (source, error) in [
            ("{name}", TextError::Unknown("name".into())),
            ("{document+30}", TextError::NotADay("document+30".into())),
            ("{request_number+1}", TextError::NotADay("request_number+1".into())),
            ("{mailed_on+soon}", TextError::NotDays("mailed_on+soon".into())),
            ("{mailed_on+0}", TextError::NotDays("mailed_on+0".into())),
            ("{mailed_on", TextError::Brace),
            ("mailed_on}", TextError::Brace),
            ("{mailed\non}", TextError::Brace),
            ("{}", TextError::Unknown(String::new())),
        ] {
            assert_eq!(Text::parse(source), Err(error), "{source}");
        }
        let (text, errors) = Text::parse_all("{name} and {document}");
        assert_eq!((errors.len(), text.fill(&Values::default(), Locale::En)), (1, "{name} and {document}".into()));
    }

    #[test]
    fn a_template_is_there_in_both_languages_or_not_at_all() {
        let kept = template("Mailed on {mailed_on}.\r\n", "Enviada el {mailed_on}.").unwrap();
        assert_eq!(kept.source(Locale::En), "Mailed on {mailed_on}.");
        assert!(kept.is_for(RequestKind::CardNotReceived) && !kept.is_for(RequestKind::Expedite));
        assert_eq!(template("Mailed.", " "), Err(vec![TemplateError::Empty(Locale::Es)]));
        assert_eq!(template("On {mailed_on}.", "Hoy."), Err(vec![TemplateError::OneLanguage(Placeholder::MailedOn)]));
        let wrong = template("{nobody}", "{mailed_on+x}").unwrap_err();
        assert_eq!(
            wrong.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "in the English text: there is no placeholder {nobody}; take one of the list",
                "in the Spanish text: {mailed_on+x} does not say how many days are added: write a number from 1 to 999 after the \
                 plus sign"
            ]
        );
        let nameless = Template::new("Card Mailed", TemplateUse::Insert, [], "\n", "a", "b").unwrap_err();
        assert_eq!(nameless, [TemplateError::Key, TemplateError::Title]);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_without_braces_it_stays_as_it_is(source in ".{0,80}", plain in "[^{}]{0,80}") {
            let (text, errors) = Text::parse_all(&source);
            prop_assert_eq!(Text::parse(&source).is_ok(), errors.is_empty());
            let _ = text.fill(&Values::default(), Locale::Es);
            prop_assert_eq!(Text::parse(&plain).unwrap().fill(&Values::default(), Locale::En), plain);
        }

        #[test]
        fn every_placeholder_is_read_wherever_it_stands(at in 0..Placeholder::ALL.len(), before in "[^{}]{0,20}", days in 1_u16..1000) {
            let placeholder = Placeholder::ALL[at];
            let text = Text::parse(&format!("{before}{{{}}}", placeholder.key())).unwrap();
            prop_assert_eq!(text.placeholders().into_iter().collect::<Vec<_>>(), vec![placeholder]);
            let moved = Text::parse(&format!("{{{}+{days}}}", placeholder.key()));
            prop_assert_eq!(moved.is_ok(), placeholder.kind() == ValueKind::Day);
        }
    }
}
