//! The fields of each page of the form.

use domain::change_of_address::Draft;
use leptos::prelude::*;
use shared::address::{Address, AddressField, AddressForm, AddressKind, AddressProblem};
use shared::change_of_address::{Field, FiledBy, Problem, ProblemKind, Step, UsStatus};
use shared::country;
use shared::locale::Locale;
use shared::typed::TypedDay;

use super::words;
use crate::portal::form::{FieldFrame, Line};
use crate::text::text;

/// The element that a link to a field leads to.
pub fn anchor(field: Field) -> String {
    match field {
        Field::BirthDate | Field::MovedOn => format!("{}_month", field.key()),
        Field::Filer => format!("{}-{}", field.key(), FiledBy::ALL[0].key()),
        Field::Status => format!("{}-{}", field.key(), UsStatus::KEYS[0]),
        _ => field.key(),
    }
}

/// What fields are shown with.
pub struct Shown<'d> {
    pub draft: &'d Draft,
    pub problems: &'d [Problem],
    pub locale: Locale,
}

impl Shown<'_> {
    fn frame(&self, field: Field, label: impl Into<String>, hint: Option<&str>) -> FieldFrame {
        let problem = self.problems.iter().find(|problem| problem.field == field);
        FieldFrame {
            key: field.key(),
            label: label.into(),
            hint: hint.map(str::to_owned),
            error: problem.map(|problem| words::problem(*problem, self.locale).to_owned()),
            locale: self.locale,
            slips: words::slips(field, self.locale),
        }
    }

    fn optional(&self, label: &str) -> String {
        format!("{label} {}", text!(self.locale, e_request.optional))
    }

    /// The fields of a page, but for that of the cases.
    pub fn of(&self, step: Step) -> AnyView {
        let (locale, form) = (self.locale, &self.draft.form);
        match step {
            Step::Person => self.person(),
            Step::Move => {
                let hint = text!(locale, change.moved_hint);
                self.day(Field::MovedOn, text!(locale, change.moved_label), hint, &form.moved, false)
            }
            Step::NewAddress => self.address(&form.new, Field::New, true),
            Step::OldAddress => self.address(&form.old, Field::Old, false),
            Step::MailingAddress => {
                let elsewhere = FieldFrame {
                    key: "mail_elsewhere".to_owned(),
                    label: text!(locale, change.elsewhere_label).to_owned(),
                    hint: None,
                    error: None,
                    locale,
                    slips: None,
                };
                view! { {elsewhere.tick(&form.mail_elsewhere)} {self.address(&form.mailing, Field::Mailing, false)} }.into_any()
            }
            Step::Contact => self.contact(),
            Step::Cases | Step::Check | Step::Signature => ().into_any(),
        }
    }

    fn day(&self, field: Field, label: &str, hint: &str, typed: &TypedDay, is_birthday: bool) -> AnyView {
        self.frame(field, label, Some(hint)).day([&typed.month, &typed.day, &typed.year], is_birthday)
    }

    fn person(&self) -> AnyView {
        let (locale, form) = (self.locale, &self.draft.form);
        let filers = [
            (FiledBy::Themselves.key(), text!(locale, change.filer_self)),
            (FiledBy::ParentOrGuardian.key(), text!(locale, change.filer_parent)),
        ];
        let statuses = [
            (UsStatus::KEYS[0], text!(locale, change.status_visitor)),
            (UsStatus::KEYS[1], text!(locale, change.status_student)),
            (UsStatus::KEYS[2], text!(locale, change.status_resident)),
            (UsStatus::KEYS[3], text!(locale, change.status_other)),
        ];
        let only_one = FieldFrame {
            key: "only_one_name".to_owned(),
            label: text!(locale, change.only_one_name).to_owned(),
            hint: None,
            error: None,
            locale,
            slips: None,
        };
        let countries: Vec<(String, String)> =
            country::countries(locale).into_iter().map(|country| (country.code.to_owned(), country.name.to_owned())).collect();
        let choose = text!(locale, processing_time.choose);
        view! {
            {self.frame(Field::Filer, text!(locale, change.filer_label), None).choice(&filers, &form.filer)}
            {self.frame(Field::FamilyName, text!(locale, change.family_label), None).line(Line::TEXT.filled("family-name"), &form.family_name)}
            {self.frame(Field::GivenName, text!(locale, change.given_label), None).line(Line::TEXT.filled("given-name"), &form.given_name)}
            {self.frame(Field::MiddleName, self.optional(text!(locale, change.middle_label)), None).line(Line::TEXT.filled("additional-name"), &form.middle_name)}
            {only_one.tick(&form.only_one_name)}
            {self.day(Field::BirthDate, text!(locale, change.birth_label), text!(locale, change.birth_hint), &form.birth, true)}
            {self
                .frame(Field::Citizenship, self.optional(text!(locale, change.citizenship_label)), None)
                .select(choose, &countries, "off", &form.citizenship)}
            {self.frame(Field::Status, self.optional(text!(locale, change.status_label)), None).choice(&statuses, &form.status)}
            {self
                .frame(Field::StatusOther, self.optional(text!(locale, change.status_other_label)), Some(text!(locale, change.status_other_hint)))
                .line(Line::TEXT, &form.status_other)}
            {self
                .frame(Field::ANumber, self.optional(text!(locale, change.a_number_label)), Some(text!(locale, change.a_number_hint)))
                .line(Line::SHORT, &form.a_number)}
        }
        .into_any()
    }

    fn address(&self, form: &AddressForm, field: fn(AddressField) -> Field, is_filled: bool) -> AnyView {
        let locale = self.locale;
        let frame = |part: AddressField, label: String, hint: Option<&str>| self.frame(field(part), label, hint);
        let line = |line: Line, autocomplete: &'static str| if is_filled { line.filled(autocomplete) } else { line };
        let countries: Vec<(String, String)> = country::countries(locale)
            .into_iter()
            .filter(|country| country.code != country::UNITED_STATES)
            .map(|country| (country.code.to_owned(), country.name.to_owned()))
            .collect();
        let united_states = text!(locale, change.united_states);
        let is_doubted = |problem: &Problem| {
            problem.field == field(AddressField::Zip)
                && matches!(problem.kind, ProblemKind::Address(AddressProblem::ZipUnknown | AddressProblem::ZipOfOtherState))
        };
        // Somebody who was told that they do not go together may know better.
        let knows_better = (form.zip_is_right == "yes" || self.problems.iter().any(is_doubted)).then(|| {
            let key = field(AddressField::Zip).key().replace("_zip", "_zip_is_right");
            let label = text!(locale, change.zip_is_right).to_owned();
            FieldFrame { key, label, hint: None, error: None, locale, slips: None }.tick(&form.zip_is_right)
        });
        view! {
            {frame(AddressField::Country, text!(locale, change.country_label).to_owned(), None).select(united_states, &countries, "off", &form.country)}
            {frame(AddressField::Street, text!(locale, change.street_label).to_owned(), Some(text!(locale, change.street_hint)))
                .line(line(Line::TEXT, "address-line1"), &form.street)}
            {frame(AddressField::Unit, self.optional(text!(locale, change.unit_label)), Some(text!(locale, change.unit_hint)))
                .line(line(Line::SHORT, "address-line2"), &form.unit)}
            {frame(AddressField::Urbanization, self.optional(text!(locale, change.urbanization_label)), Some(text!(locale, change.urbanization_hint)))
                .line(Line::TEXT, &form.urbanization)}
            {frame(AddressField::City, text!(locale, change.city_label).to_owned(), None).line(line(Line::TEXT, "address-level2"), &form.city)}
            {frame(AddressField::State, text!(locale, change.state_label).to_owned(), Some(text!(locale, change.state_hint)))
                .line(line(Line::SHORT, "address-level1"), &form.state)}
            {frame(AddressField::Zip, text!(locale, change.zip_label).to_owned(), Some(text!(locale, change.zip_hint)))
                .line(line(Line::SHORT, "postal-code"), &form.zip)}
            {knows_better}
        }
        .into_any()
    }

    /// The rows of the list of cases.
    pub fn rows(&self) -> AnyView {
        let (locale, form) = (self.locale, &self.draft.form);
        let rows = self.draft.rows.max(form.cases.len());
        // It was asked once already.
        let old = form.old.parse(AddressKind::Mailing).ok();
        let zip_hint = old.as_ref().and_then(Address::zip).map(|_| text!(locale, change.case_zip_hint));
        let row = |at: usize| {
            let typed = form.cases.get(at).cloned().unwrap_or_default();
            let (number, place) = (u8::try_from(at).unwrap_or(u8::MAX), at + 1);
            let mut frame = self.frame(Field::ReceiptNumber(number), text!(locale, follow.number_label), None);
            if frame.error.is_none() && self.draft.is_refused(&typed.receipt_number) {
                frame.error = Some(text!(locale, change.case_refused).to_owned());
            }
            let zip = self.frame(Field::CaseZip(number), text!(locale, change.case_zip_label), zip_hint);
            view! {
                <fieldset class="usa-fieldset portico-case-row">
                    <legend class="usa-legend">{text!(locale, change.case_row, place = place)}</legend>
                    {frame.line(Line::SHORT, &typed.receipt_number)}
                    {zip.line(Line::DIGITS, &typed.zip)}
                </fieldset>
            }
        };
        (0..rows).map(row).collect_view().into_any()
    }

    fn contact(&self) -> AnyView {
        let (locale, form) = (self.locale, &self.draft.form);
        view! {
            {self
                .frame(Field::Email, self.optional(text!(locale, change.email_label)), Some(text!(locale, change.email_hint)))
                .line(Line { kind: "email", ..Line::TEXT.filled("email") }, &form.email)}
            {self
                .frame(Field::Telephone, self.optional(text!(locale, change.telephone_label)), None)
                .line(Line { kind: "tel", ..Line::SHORT.filled("tel") }, &form.telephone)}
            <h2>{text!(locale, change.unsafe_title)}</h2>
            <p>{text!(locale, change.unsafe_text)}</p>
            {self
                .frame(Field::OldAddressUnsafe, text!(locale, change.unsafe_label), Some(text!(locale, change.unsafe_hint)))
                .tick(&form.old_address_unsafe)}
        }
        .into_any()
    }

    /// The name under all of it.
    pub fn signature(&self) -> AnyView {
        let (locale, form) = (self.locale, &self.draft.form);
        view! {
            {self
                .frame(Field::Signature, text!(locale, change.signature_label), Some(text!(locale, change.signature_hint)))
                .line(Line::TEXT.filled("name"), &form.signature)}
            {self.frame(Field::Certified, text!(locale, change.certified_label), None).tick(&form.certified)}
        }
        .into_any()
    }
}
