//! One field.

use leptos::prelude::*;
use shared::locale::Locale;

use crate::text::text;

/// What stands around a field.
#[derive(Debug, Clone)]
pub struct FieldFrame {
    /// The id of its element, and its name in what is sent.
    pub key: String,
    pub label: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub locale: Locale,
    /// What the client says of a slip as soon as it is made, a line for each: the kind and the words. None where it does not look.
    pub slips: Option<String>,
}

/// What a field of one line takes.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub kind: &'static str,
    pub autocomplete: &'static str,
    pub is_short: bool,
    pub is_numeric: bool,
}

impl Line {
    pub const TEXT: Self = Self { kind: "text", autocomplete: "off", is_short: false, is_numeric: false };
    pub const SHORT: Self = Self { is_short: true, ..Self::TEXT };
    pub const DIGITS: Self = Self { is_numeric: true, ..Self::SHORT };

    /// What browsers may fill in by themselves.
    pub const fn filled(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }
}

/// What a field is called in what is sent.
fn name(part: &str) -> String {
    format!("typed[{part}]")
}

impl FieldFrame {
    fn group(&self) -> &'static str {
        if self.error.is_some() { "usa-form-group usa-form-group--error" } else { "usa-form-group" }
    }

    /// The field's name for the client, if it is to look at it.
    fn checked(&self) -> Option<String> {
        self.slips.as_ref().map(|_| self.key.clone())
    }

    fn prefix(&self) -> Option<&'static str> {
        self.slips.as_ref().map(|_| text!(self.locale, common.error_prefix))
    }

    fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.key));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.key));
        let ids: Vec<String> = [error, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    fn input_class(&self, base: &'static str) -> String {
        if self.error.is_some() { format!("{base} usa-input--error") } else { base.to_owned() }
    }

    fn hint_and_error(&self) -> impl IntoView + use<> {
        let (key, locale) = (&self.key, self.locale);
        let hint = self.hint.clone().map(|hint| view! { <span class="usa-hint" id=format!("{key}-hint")>{hint}</span> });
        let error = self.error.clone().map(|error| {
            view! {
                <span class="usa-error-message" id=format!("{key}-error")>
                    <span class="visually-hidden">{text!(locale, common.error_prefix)}" "</span>
                    {error}
                </span>
            }
        });
        view! { {hint}{error} }
    }

    pub fn line(&self, line: Line, typed: &str) -> AnyView {
        let class = if line.is_short { "usa-input portico-short" } else { "usa-input" };
        view! {
            <div class=self.group() data-field=self.checked() data-slips=self.slips.clone() data-prefix=self.prefix()>
                <label class="usa-label" for=self.key.clone()>{self.label.clone()}</label>
                {self.hint_and_error()}
                <input
                    class=self.input_class(class)
                    id=self.key.clone()
                    name=name(&self.key)
                    type=line.kind
                    inputmode=line.is_numeric.then_some("numeric")
                    autocomplete=line.autocomplete
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

    /// A list to choose from: values and names. `first` stands for no value.
    pub fn select(&self, first: &str, options: &[(String, String)], autocomplete: &'static str, typed: &str) -> AnyView {
        let option = |(value, name): &(String, String)| view! { <option value=value.clone() selected=value == typed>{name.clone()}</option> };
        view! {
            <div class=self.group() data-field=self.checked() data-slips=self.slips.clone() data-prefix=self.prefix()>
                <label class="usa-label" for=self.key.clone()>{self.label.clone()}</label>
                {self.hint_and_error()}
                <select
                    class=self.input_class("usa-input portico-select")
                    id=self.key.clone()
                    name=name(&self.key)
                    autocomplete=autocomplete
                    aria-describedby=self.described()
                    aria-invalid=self.invalid()
                >
                    <option value="">{first.to_owned()}</option>
                    {options.iter().map(option).collect_view()}
                </select>
            </div>
        }
        .into_any()
    }

    /// One of a few: words and names.
    pub fn choice(&self, options: &[(&'static str, &'static str)], typed: &str) -> AnyView {
        let option = |(word, label): &(&'static str, &'static str)| {
            // With another sign than within names: `status_other` is a field.
            let id = format!("{}-{word}", self.key);
            view! {
                <div class="usa-radio">
                    <input
                        class="usa-radio__input"
                        id=id.clone()
                        type="radio"
                        name=name(&self.key)
                        value=*word
                        checked=*word == typed
                        aria-invalid=self.invalid()
                    />
                    <label class="usa-radio__label" for=id>{*label}</label>
                </div>
            }
        };
        view! {
            <div class=self.group() data-field=self.checked() data-slips=self.slips.clone() data-prefix=self.prefix()>
                <fieldset class="usa-fieldset" aria-describedby=self.described()>
                    <legend class="usa-label">{self.label.clone()}</legend>
                    {self.hint_and_error()}
                    {options.iter().map(option).collect_view()}
                </fieldset>
            </div>
        }
        .into_any()
    }

    /// A box that can be ticked.
    pub fn tick(&self, typed: &str) -> AnyView {
        view! {
            <div class=self.group() data-field=self.checked() data-slips=self.slips.clone() data-prefix=self.prefix()>
                <div class="usa-checkbox">
                    <input
                        class="usa-checkbox__input"
                        id=self.key.clone()
                        type="checkbox"
                        name=name(&self.key)
                        value="yes"
                        checked=typed == "yes"
                        aria-describedby=self.described()
                        aria-invalid=self.invalid()
                    />
                    <label class="usa-checkbox__label" for=self.key.clone()>{self.label.clone()}</label>
                </div>
                {self.hint_and_error()}
            </div>
        }
        .into_any()
    }

    /// A day in three parts: month, day and year as they were typed.
    pub fn day(&self, [month, day, year]: [&str; 3], is_birthday: bool) -> AnyView {
        let (key, locale) = (&self.key, self.locale);
        let months = locale.month_names().iter().enumerate().map(|(at, name)| {
            let value = (at + 1).to_string();
            let chosen = month.trim_start_matches('0') == value;
            view! { <option value=value selected=chosen>{*name}</option> }
        });
        let autocomplete = |part: &str| if is_birthday { format!("bday-{part}") } else { "off".to_owned() };
        let number = |part: &'static str, label: &'static str, longest: &'static str, value: &str| {
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
                        value=value.to_owned()
                        aria-invalid=self.invalid()
                    />
                </div>
            }
        };
        let month_id = format!("{key}_month");
        view! {
            <div class=self.group() data-field=self.checked() data-slips=self.slips.clone() data-prefix=self.prefix()>
                <fieldset class="usa-fieldset" aria-describedby=self.described()>
                    <legend class="usa-label">{self.label.clone()}</legend>
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
