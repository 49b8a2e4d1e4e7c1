//! A field of a form, whatever it asks: its words are data, its shape follows from its kind.

use domain::e_request::{Catalogue, Draft};
use leptos::prelude::*;
use shared::country::{self, CountryCode};
use shared::e_request::{Asked, Field, FieldKind, FieldProblem, FieldWording, Need};
use shared::locale::Locale;

use super::mistakes::error;
use crate::text::text;

/// What a field is shown with.
pub struct Shown<'d> {
    pub draft: &'d Draft,
    pub locale: Locale,
    /// The forms that can be chosen: number and name.
    pub forms: &'d [(String, String)],
    /// What the page is called.
    pub heading: &'d str,
}

/// The element that a link to a field leads to.
pub fn id(field: Field) -> String {
    match field.kind() {
        FieldKind::Day(_) => format!("{}_month", field.key()),
        FieldKind::Choice(words) => format!("{}_{}", field.key(), words[0]),
        _ => field.key().to_owned(),
    }
}

/// What a field is called in what is sent.
fn name(part: &str) -> String {
    format!("typed[{part}]")
}

impl Shown<'_> {
    pub fn wording(&self, field: Field) -> FieldWording {
        Catalogue::get().wording(field, self.draft.kind, self.draft.answers.form().as_ref(), self.locale)
    }

    pub fn field(&self, asked: Asked, problem: Option<FieldProblem>) -> AnyView {
        let Asked { field, need } = asked;
        let wording = self.wording(field);
        let error = problem.map(|problem| wording.problem(problem).to_owned());
        let typed = self.draft.answers.typed(field);
        let says_heading = wording.label == self.heading;
        let frame = Frame { field, need, wording, error, says_heading, locale: self.locale };
        match field.kind() {
            FieldKind::Choice(words) => frame.choice(words, typed),
            FieldKind::Day(_) => frame.day(typed),
            FieldKind::Lines(_) => frame.lines(typed),
            FieldKind::Form => frame.select(self.forms, typed),
            FieldKind::Country => frame.select(&countries(self.locale), typed),
            FieldKind::Line(_) | FieldKind::ReceiptNumber | FieldKind::Category | FieldKind::Zip | FieldKind::ANumber => {
                frame.line("text", typed)
            }
            FieldKind::Email => frame.line("email", typed),
            FieldKind::Telephone => frame.line("tel", typed),
        }
    }

    /// What was typed, as somebody reads it.
    pub fn in_words(&self, field: Field) -> String {
        let typed = self.draft.answers.typed(field);
        match field.kind() {
            FieldKind::Choice(_) => Catalogue::get().choice(field, typed, self.locale).unwrap_or_default().to_owned(),
            FieldKind::Day(_) => self.draft.answers.day(field).map_or_else(|| typed.to_owned(), |day| self.locale.long_date(day)),
            FieldKind::Country => {
                CountryCode::parse(typed).and_then(|code| country::name(&code, self.locale)).unwrap_or(typed).to_owned()
            }
            _ => typed.to_owned(),
        }
    }
}

fn countries(locale: Locale) -> Vec<(String, String)> {
    let countries = country::countries(locale).into_iter();
    countries.map(|country| (country.code.to_owned(), country.name.to_owned())).collect()
}

/// What browsers may fill in by themselves.
const fn autocomplete(field: Field) -> &'static str {
    match field {
        Field::FamilyName => "family-name",
        Field::GivenName => "given-name",
        Field::Email => "email",
        Field::Telephone => "tel",
        _ => "off",
    }
}

struct Frame {
    field: Field,
    need: Need,
    wording: FieldWording,
    error: Option<String>,
    /// Its label stands above the page already.
    says_heading: bool,
    locale: Locale,
}

impl Frame {
    fn key(&self) -> &'static str {
        self.field.key()
    }

    fn group(&self) -> &'static str {
        if self.error.is_some() { "usa-form-group usa-form-group--error" } else { "usa-form-group" }
    }

    fn described(&self) -> Option<String> {
        let hint = self.wording.hint.as_ref().map(|_| format!("{}-hint", self.key()));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.key()));
        let ids: Vec<String> = [error, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    fn input_class(&self, base: &'static str) -> String {
        if self.error.is_some() { format!("{base} usa-input--error") } else { base.to_owned() }
    }

    fn label(&self) -> String {
        match self.need {
            Need::Optional => format!("{} {}", self.wording.label, text!(self.locale, e_request.optional)),
            Need::Needed | Need::OneOf => self.wording.label.clone(),
        }
    }

    fn hint_and_error(&self) -> impl IntoView + use<> {
        let key = self.key();
        let hint = self.wording.hint.clone().map(|hint| view! { <span class="usa-hint" id=format!("{key}-hint")>{hint}</span> });
        let error = self.error.clone().map(|words| error(key, words, self.locale));
        view! { {hint}{error} }
    }

    fn line(self, kind: &'static str, typed: &str) -> AnyView {
        let key = self.key();
        let wide = matches!(self.field.kind(), FieldKind::Line(_) | FieldKind::Email);
        let class = if wide { "usa-input" } else { "usa-input portico-short" };
        let numeric = matches!(self.field.kind(), FieldKind::Zip).then_some("numeric");
        view! {
            <div
                class=self.group()
                data-field=key
                data-wrong=self.wording.wrong.clone()
                data-too-long=self.wording.too_long.clone()
                data-prefix=text!(self.locale, common.error_prefix)
            >
                <label class="usa-label" for=key>{self.label()}</label>
                {self.hint_and_error()}
                <input
                    class=self.input_class(class)
                    id=key
                    name=name(key)
                    type=kind
                    inputmode=numeric
                    autocomplete=autocomplete(self.field)
                    autocapitalize="none"
                    spellcheck="false"
                    value=typed.to_owned()
                    aria-describedby=self.described()
                    aria-invalid=self.invalid()
                />
            </div>
        }
        .into_any()
    }

    fn lines(self, typed: &str) -> AnyView {
        let key = self.key();
        view! {
            <div
                class=self.group()
                data-field=key
                data-wrong=self.wording.wrong.clone()
                data-too-long=self.wording.too_long.clone()
                data-prefix=text!(self.locale, common.error_prefix)
            >
                <label class="usa-label" for=key>{self.label()}</label>
                {self.hint_and_error()}
                <textarea
                    class=self.input_class("usa-textarea")
                    id=key
                    name=name(key)
                    rows="6"
                    aria-describedby=self.described()
                    aria-invalid=self.invalid()
                >
                    {typed.to_owned()}
                </textarea>
            </div>
        }
        .into_any()
    }

    fn select(self, options: &[(String, String)], typed: &str) -> AnyView {
        let key = self.key();
        let is_code = self.field == Field::Form;
        let option = |(value, name): &(String, String)| {
            let label = if is_code { format!("{value}, {name}") } else { name.clone() };
            view! { <option value=value.clone() selected=value == typed>{label}</option> }
        };
        view! {
            <div
                class=self.group()
                data-field=key
                data-wrong=self.wording.wrong.clone()
                data-too-long=self.wording.too_long.clone()
                data-prefix=text!(self.locale, common.error_prefix)
            >
                <label class="usa-label" for=key>{self.label()}</label>
                {self.hint_and_error()}
                <select
                    class=self.input_class("usa-input portico-select")
                    id=key
                    name=name(key)
                    aria-describedby=self.described()
                    aria-invalid=self.invalid()
                >
                    <option value="">{text!(self.locale, processing_time.choose)}</option>
                    {options.iter().map(option).collect_view()}
                </select>
            </div>
        }
        .into_any()
    }

    fn choice(self, words: &'static [&'static str], typed: &str) -> AnyView {
        let (key, field, locale) = (self.key(), self.field, self.locale);
        let option = |word: &&'static str| {
            let id = format!("{key}_{word}");
            let label = Catalogue::get().choice(field, word, locale).unwrap_or_default().to_owned();
            view! {
                <div class="usa-radio">
                    <input
                        class="usa-radio__input"
                        id=id.clone()
                        type="radio"
                        name=name(key)
                        value=*word
                        checked=*word == typed
                        aria-invalid=self.invalid()
                    />
                    <label class="usa-radio__label" for=id>{label}</label>
                </div>
            }
        };
        view! {
            <div
                class=self.group()
                data-field=key
                data-wrong=self.wording.wrong.clone()
                data-too-long=self.wording.too_long.clone()
                data-prefix=text!(self.locale, common.error_prefix)
            >
                <fieldset class="usa-fieldset" aria-describedby=self.described()>
                    <legend class=if self.says_heading { "visually-hidden" } else { "usa-label" }>{self.label()}</legend>
                    {self.hint_and_error()}
                    {words.iter().map(option).collect_view()}
                </fieldset>
            </div>
        }
        .into_any()
    }

    fn day(self, typed: &str) -> AnyView {
        let (key, locale) = (self.key(), self.locale);
        let mut parts = typed.splitn(3, '-').map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        let (year, month, day) = (part(), part(), part());
        let months = locale.month_names().iter().enumerate().map(|(at, name)| {
            let value = (at + 1).to_string();
            let chosen = month.trim_start_matches('0') == value;
            view! { <option value=value selected=chosen>{*name}</option> }
        });
        let autocomplete = |part: &str| if self.field == Field::BirthDate { format!("bday-{part}") } else { "off".to_owned() };
        let number = |part: &'static str, label: &'static str, longest: &'static str, value: String| {
            let id = format!("{key}_{part}");
            view! {
                <div class=format!("usa-form-group usa-form-group--{part}")>
                    <label class="usa-label" for=id.clone()>{label}</label>
                    <input
                        class="usa-input"
                        id=id.clone()
                        name=name(&id)
                        type="text"
                        inputmode="numeric"
                        maxlength=longest
                        autocomplete=autocomplete(part)
                        value=value
                        aria-invalid=self.invalid()
                    />
                </div>
            }
        };
        let month_id = format!("{key}_month");
        view! {
            <div
                class=self.group()
                data-field=key
                data-wrong=self.wording.wrong.clone()
                data-too-long=self.wording.too_long.clone()
                data-prefix=text!(self.locale, common.error_prefix)
            >
                <fieldset class="usa-fieldset" aria-describedby=self.described()>
                    <legend class="usa-label">{self.label()}</legend>
                    {self.hint_and_error()}
                    <div class="usa-memorable-date">
                        <div class="usa-form-group usa-form-group--month usa-form-group--select">
                            <label class="usa-label" for=month_id.clone()>{text!(locale, processing_time.month)}</label>
                            <select
                                class="usa-input portico-select"
                                id=month_id.clone()
                                name=name(&month_id)
                                autocomplete=autocomplete("month")
                                aria-invalid=self.invalid()
                            >
                                <option value="">{text!(locale, processing_time.choose)}</option>
                                {months.collect_view()}
                            </select>
                        </div>
                        {number("day", text!(locale, processing_time.day), "2", day)}
                        {number("year", text!(locale, processing_time.year), "4", year)}
                    </div>
                </fieldset>
            </div>
        }
        .into_any()
    }
}
