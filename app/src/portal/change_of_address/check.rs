//! All of it once more, each part with a way back, and the signature below.

use domain::change_of_address::{Found as Beside, Parcel};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use shared::address::{AddressForm, AddressKind};
use shared::change_of_address::{FiledBy, Step, UsStatus};
use shared::country::{self, CountryCode};
use shared::delivery_tracking::MailedItem;
use shared::locale::Locale;
use shared::typed::TypedDay;

use super::field::Shown;
use super::server::SendChange;
use super::{path_of, words};
use crate::csrf::CsrfField;
use crate::text::text;

pub fn check_page(shown: &Shown<'_>, beside: &Beside) -> impl IntoView + use<> {
    let locale = shown.locale;
    let sections = [Step::Person, Step::Move, Step::NewAddress, Step::OldAddress, Step::MailingAddress, Step::Cases, Step::Contact]
        .into_iter()
        .map(|step| section(step, entries(step, shown, beside), locale))
        .collect_view();
    let signature = shown.signature();
    view! {
        <p class="portico-lead">{text!(locale, e_request.check_lead)}</p>
        {sections}
        {parcels(&beside.parcels, locale)}
        <form class="usa-form portico-form portico-request" action=SendChange::url() method="post" novalidate>
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <h2>{text!(locale, change.sign_title)}</h2>
            <p>{text!(locale, change.sign_text)}</p>
            {signature}
            <button class="usa-button" type="submit">{text!(locale, change.send)}</button>
        </form>
    }
}

type Entry = (String, Vec<String>);

fn section(step: Step, entries: Vec<Entry>, locale: Locale) -> impl IntoView {
    let name = words::step_name(step, locale);
    let entry = |(term, lines): Entry| {
        let lines = if lines.is_empty() { vec![text!(locale, e_request.not_given).to_owned()] } else { lines };
        view! { <div><dt>{term}</dt><dd class="portico-typed">{lines.join("\n")}</dd></div> }
    };
    view! {
        <div class="portico-check">
            <h2>{name}</h2>
            <dl class="portico-facts">{entries.into_iter().map(entry).collect_view()}</dl>
            <p>
                <a href=locale.path(path_of(step))>
                    {text!(locale, e_request.change)}
                    <span class="visually-hidden">": "{name}</span>
                </a>
            </p>
        </div>
    }
}

fn entries(step: Step, shown: &Shown<'_>, beside: &Beside) -> Vec<Entry> {
    let (form, locale) = (&shown.draft.form, shown.locale);
    let entry = |term: &str, typed: &str| {
        let typed = typed.trim();
        (term.to_owned(), if typed.is_empty() { Vec::new() } else { vec![typed.to_owned()] })
    };
    let day = |typed: &TypedDay| typed.read().ok().flatten().map(|day| locale.long_date(day)).unwrap_or_default();
    match step {
        Step::Person => {
            let filer = match FiledBy::from_key(&form.filer) {
                Some(FiledBy::ParentOrGuardian) => text!(locale, change.filer_parent),
                _ => text!(locale, change.filer_self),
            };
            let name = [&form.given_name, &form.middle_name, &form.family_name].map(|part| part.trim()).join(" ");
            let citizenship = CountryCode::parse(form.citizenship.trim()).and_then(|code| country::name(&code, locale));
            let status = match form.status.as_str() {
                key if key == UsStatus::KEYS[0] => text!(locale, change.status_visitor),
                key if key == UsStatus::KEYS[1] => text!(locale, change.status_student),
                key if key == UsStatus::KEYS[2] => text!(locale, change.status_resident),
                key if key == UsStatus::KEYS[3] => form.status_other.as_str(),
                _ => "",
            };
            vec![
                entry(text!(locale, change.filer_label), filer),
                entry(text!(locale, change.name_label), &name.split_whitespace().collect::<Vec<_>>().join(" ")),
                entry(text!(locale, change.birth_label), &day(&form.birth)),
                entry(text!(locale, change.citizenship_label), citizenship.unwrap_or_default()),
                entry(text!(locale, change.status_label), status),
                entry(text!(locale, change.a_number_label), &form.a_number),
            ]
        }
        Step::Move => vec![entry(text!(locale, change.moved_label), &day(&form.moved))],
        Step::NewAddress => vec![(text!(locale, change.step_new).to_owned(), lines(&form.new, locale))],
        Step::OldAddress => vec![(text!(locale, change.step_old).to_owned(), lines(&form.old, locale))],
        Step::MailingAddress if form.mail_elsewhere == "yes" => {
            vec![(text!(locale, change.step_mailing).to_owned(), lines(&form.mailing, locale))]
        }
        Step::MailingAddress => vec![entry(text!(locale, change.step_mailing), text!(locale, change.mail_to_new))],
        Step::Cases => {
            let typed = form.cases.iter().filter(|case| !case.receipt_number.trim().is_empty());
            let line = |number: &str| {
                if shown.draft.is_refused(number) {
                    format!("{number}: {}", text!(locale, change.case_left_out))
                } else {
                    number.to_owned()
                }
            };
            let listed = typed.map(|case| line(case.receipt_number.trim()));
            let others = beside
                .others
                .iter()
                .filter(|other| other.is_chosen)
                .map(|other| text!(locale, change.other_case, form = other.form.clone(), ending = other.last_four.clone()));
            vec![(text!(locale, change.step_cases).to_owned(), listed.chain(others).collect())]
        }
        _ => vec![
            entry(text!(locale, change.email_label), &form.email),
            entry(text!(locale, change.telephone_label), &form.telephone),
            entry(
                text!(locale, change.unsafe_title),
                if form.old_address_unsafe == "yes" { text!(locale, change.unsafe_label) } else { text!(locale, change.no_word) },
            ),
        ],
    }
}

fn lines(form: &AddressForm, locale: Locale) -> Vec<String> {
    form.parse(AddressKind::Mailing).map(|address| address.lines(locale)).unwrap_or_default()
}

/// Mail that is on its way to the old address: nothing that is sent now can stop it.
pub fn parcels(parcels: &[Parcel], locale: Locale) -> impl IntoView + use<> {
    let parcel = |parcel: &Parcel| {
        let item = match parcel.item {
            MailedItem::Card => text!(locale, change.parcel_card),
            MailedItem::Document => text!(locale, change.parcel_document),
            MailedItem::Notice => text!(locale, change.parcel_notice),
        };
        let of_case = text!(locale, change.parcel_of, ending = parcel.last_four.clone());
        let mailed = parcel.mailed_on.map(|day| format!(" {} {}.", text!(locale, change.parcel_mailed), locale.long_date(day)));
        view! { <li>{item}", "{of_case}"."{mailed}</li> }
    };
    (!parcels.is_empty()).then(|| {
        view! {
            <section class="usa-alert usa-alert--warning" aria-labelledby="parcels">
                <div class="usa-alert__body">
                    <h2 class="usa-alert__heading" id="parcels">{text!(locale, change.parcels_title)}</h2>
                    <p class="usa-alert__text">{text!(locale, change.parcels_text)}</p>
                    <ul>{parcels.iter().map(parcel).collect_view()}</ul>
                </div>
            </section>
        }
    })
}
