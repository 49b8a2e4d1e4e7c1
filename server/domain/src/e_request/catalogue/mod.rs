//! What each kind of request asks, in which words: `reference/e_request.toml` of this crate, read once and checked at start.

mod check;
mod file;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use shared::case_status::FormNumber;
use shared::e_request::{Field, FieldKind, FieldWording, KindWording, Rule};
use shared::locale::Locale;
use shared::service_request::RequestKind;

use file::{RawField, RawFile, RawOverride, RawWording};

const SHIPPED: &str = include_str!("../../../reference/e_request.toml");

static CATALOGUE: LazyLock<Result<Catalogue, String>> =
    LazyLock::new(|| Catalogue::parse(SHIPPED).map_err(|reason| format!("server/domain/reference/e_request.toml: {reason}")));

/// Every field in words, and every kind of request with its rules.
#[derive(Debug)]
pub struct Catalogue {
    fields: BTreeMap<Field, RawField>,
    /// The least particular first.
    wordings: Vec<Wording>,
    kinds: BTreeMap<RequestKind, Kind>,
}

/// Other words of a field, for a kind of request or for forms.
#[derive(Debug)]
struct Wording {
    forms: Vec<FormNumber>,
    raw: RawWording,
}

#[derive(Debug)]
struct Kind {
    en: KindWording,
    es: KindWording,
    rule: Rule,
    by_form: BTreeMap<FormNumber, Rule>,
}

impl Catalogue {
    /// The catalogue of this program.
    ///
    /// # Panics
    /// If the file is broken, which [`Self::check`] says when the program starts.
    #[expect(clippy::panic, reason = "the file is part of the program, and the program checks it before anything else")]
    pub fn get() -> &'static Self {
        match &*CATALOGUE {
            Ok(catalogue) => catalogue,
            Err(reason) => panic!("{reason}"),
        }
    }

    /// Reads the catalogue of this program.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn check() -> Result<(), &'static str> {
        CATALOGUE.as_ref().map(|_| ()).map_err(String::as_str)
    }

    /// The kinds that a person may ask for, in the order of the list from which they choose.
    pub fn kinds(&self) -> impl Iterator<Item = RequestKind> {
        RequestKind::ONLINE.into_iter().filter(|kind| self.kinds.contains_key(kind))
    }

    /// What a kind of request asks, perhaps otherwise for a form. None for a kind that is not asked here.
    pub fn rule(&self, kind: RequestKind, form: Option<&FormNumber>) -> Option<&Rule> {
        let kind = self.kinds.get(&kind)?;
        Some(form.and_then(|form| kind.by_form.get(form)).unwrap_or(&kind.rule))
    }

    /// None for a kind that is not asked here.
    pub fn kind_wording(&self, kind: RequestKind, locale: Locale) -> Option<&KindWording> {
        let kind = self.kinds.get(&kind)?;
        Some(match locale {
            Locale::En => &kind.en,
            Locale::Es => &kind.es,
        })
    }

    /// How a kind of request words a field, perhaps otherwise for a form.
    pub fn wording(&self, field: Field, kind: RequestKind, form: Option<&FormNumber>, locale: Locale) -> FieldWording {
        let exceptions = self.wordings.iter().filter(|wording| wording.is_for(field, kind, form));
        exceptions.fold(self.fields[&field].clone(), |words, wording| words.with(&wording.raw)).wording(locale)
    }

    /// How a choice is worded. None for a word that the field does not have.
    pub fn choice(&self, field: Field, key: &str, locale: Locale) -> Option<&str> {
        self.fields[&field].choices.get(key).map(|both| both.pick(locale).as_str())
    }

    /// The choices of a field with their words, in order. None are there but of [`FieldKind::Choice`].
    pub fn choices(&self, field: Field, locale: Locale) -> Vec<(&'static str, &str)> {
        let FieldKind::Choice(keys) = field.kind() else { return Vec::new() };
        keys.iter().filter_map(|key| Some((*key, self.choice(field, key, locale)?))).collect()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let raw: RawFile = toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
        check::texts(&raw)?;
        let kinds = read_kinds(&raw)?;
        let wordings = read_wordings(raw.wording)?;
        let catalogue = Self { fields: raw.field, wordings, kinds };
        check::fields(&catalogue)?;
        check::wordings(&catalogue)?;
        Ok(catalogue)
    }

    /// Every rule of a kind, or of all.
    fn rules(&self, of: Option<RequestKind>) -> impl Iterator<Item = (Option<&FormNumber>, &Rule)> {
        let kinds = self.kinds.iter().filter(move |(kind, _)| of.is_none_or(|of| of == **kind));
        kinds.flat_map(|(_, kind)| {
            let by_form = kind.by_form.iter().map(|(form, rule)| (Some(form), rule));
            [(None, &kind.rule)].into_iter().chain(by_form)
        })
    }
}

impl Wording {
    fn is_for(&self, field: Field, kind: RequestKind, form: Option<&FormNumber>) -> bool {
        let is_for_form = self.forms.is_empty() || form.is_some_and(|form| self.forms.contains(form));
        self.raw.field == field && self.raw.kind.is_none_or(|of| of == kind) && is_for_form
    }
}

fn read_kinds(raw: &RawFile) -> Result<BTreeMap<RequestKind, Kind>, String> {
    let mut kinds = BTreeMap::new();
    for of_kind in &raw.kind {
        let at = |reason: String| format!("Kind {}: {reason}.", of_kind.kind.key());
        if !RequestKind::ONLINE.contains(&of_kind.kind) {
            return Err(at("only staff take it".into()));
        }
        let rule = of_kind.rule().and_then(check::rule).map_err(&at)?;
        let [en, es] = Locale::ALL.map(|locale| of_kind.wording(&raw.at_hand, locale));
        if kinds.insert(of_kind.kind, Kind { en, es, rule, by_form: BTreeMap::new() }).is_some() {
            return Err(at("it stands twice".into()));
        }
    }
    if let Some(missing) = RequestKind::ONLINE.into_iter().find(|kind| !kinds.contains_key(kind)) {
        return Err(format!("Kind {}: it has no [[kind]].", missing.key()));
    }
    for raw in &raw.overrides {
        let at = |reason: String| format!("Override of {} for {}: {reason}.", raw.kind.key(), raw.forms.join(", "));
        let kind = kinds.get_mut(&raw.kind).ok_or_else(|| at("there is no such kind".into()))?;
        kind.take(raw).map_err(at)?;
    }
    Ok(kinds)
}

impl Kind {
    fn take(&mut self, raw: &RawOverride) -> Result<(), String> {
        let rule = raw.rule(&self.rule).and_then(check::rule)?;
        if rule == self.rule {
            return Err("it changes nothing".into());
        }
        if raw.forms.is_empty() {
            return Err("it names no form".into());
        }
        for form in file::read_forms(&raw.forms)? {
            let name = form.as_str().to_owned();
            if self.by_form.insert(form, rule.clone()).is_some() {
                return Err(format!("form {name} has an override already"));
            }
        }
        Ok(())
    }
}

fn read_wordings(raw: Vec<RawWording>) -> Result<Vec<Wording>, String> {
    let read = |raw: RawWording| {
        let forms = file::read_forms(&raw.forms).map_err(|reason| format!("Wording of {}: {reason}.", raw.field.key()))?;
        Ok(Wording { forms, raw })
    };
    let mut wordings = raw.into_iter().map(read).collect::<Result<Vec<_>, String>>()?;
    wordings.sort_by_key(|wording| (wording.raw.kind.is_some(), !wording.forms.is_empty()));
    Ok(wordings)
}
