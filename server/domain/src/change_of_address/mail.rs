//! What is said of a change, and to whom: decided when it is sent.
//!
//! No message holds an address, old or new. What goes to the contact that was on file before can prove a change or take it back.

use serde::{Deserialize, Serialize};
use shared::case_feed::Email;
use shared::change_of_address::{ChangeState, Notice, Proof};
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use store::change_of_address as rows;
use store::notification::{self, Due};

use super::effects::notice_of;
use super::{is_shown, told};
use crate::signed_link::{self, Purpose};
use crate::{Context, Error};

/// What is kept of a message until it is sent.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Parameters {
    /// A code or a number, to the contact or the address on file before.
    Secret(String),
    /// A key of [`Notice`].
    ToOldContact(String),
    ToNewContact(String),
    /// The number that takes a change back, to the address on file before.
    LetterOfChange(String),
}

/// A message about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The code that proves it, and what to do if one did not ask.
    Code { code: String, token: String, deny: String },
    /// To the contact on file before; with a link that refuses or takes back, while that can be.
    Old { notice: Notice, deny: Option<String> },
    /// To the contact that the report names.
    New { notice: Notice, token: String },
}

/// A mail about a change.
#[derive(Debug, Clone)]
pub struct AddressMail {
    pub to: Sensitive<Email>,
    pub locale: Locale,
    /// Of the report, as people read it.
    pub number: String,
    pub told: Told,
}

async fn parameters(ctx: &Context, due: &Due) -> Result<Option<Parameters>, Error> {
    let content = notification::parameters(&mut ctx.store.read_primary().await?, &ctx.keys, due.id).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}

/// The mail of a row; none if what it would say is not true any more, or a case is hidden.
pub(crate) async fn mail(ctx: &Context, due: &Due) -> Result<Option<AddressMail>, Error> {
    let Some(parameters) = parameters(ctx, due).await? else { return Ok(None) };
    let mut connection = ctx.store.read_primary().await?;
    let Some(change) = rows::find(&mut connection, due.subject).await? else { return Ok(None) };
    let Some(report) = rows::report(&mut connection, change.report).await? else { return Ok(None) };
    let contact = rows::contact(&mut connection, &ctx.keys, change.id).await?;
    let told = told(ctx, &mut connection, change.report).await?;
    drop(connection);
    if !is_shown(ctx, &change).await? {
        return Ok(None);
    }
    let old = contact.and_then(|contact| Email::parse(contact.expose())).map(Sensitive::new);
    let new = told.and_then(|told| told.contact.email);
    let is_true = |key: &str| notice_of(&change.filing).key() == key;
    let deny = |until| signed_link::make(ctx, Purpose::DenyAddressChange, change.id, Some(until));
    let notice = notice_of(&change.filing);
    let (to, told) = match (parameters, change.filing.state()) {
        (Parameters::Secret(code), ChangeState::Pending { awaits: Proof::CodeToContact, until, .. }) => {
            let token = signed_link::make(ctx, Purpose::ProveAddressChange, change.id, Some(until));
            (old, Told::Code { code, token, deny: deny(until) })
        }
        (Parameters::ToOldContact(key), ChangeState::Pending { until, .. }) if is_true(&key) => {
            (old, Told::Old { notice, deny: Some(deny(until)) })
        }
        (Parameters::ToOldContact(key), ChangeState::Confirmed { reversible_until, .. }) if is_true(&key) => {
            (old, Told::Old { notice, deny: Some(deny(reversible_until)) })
        }
        (Parameters::ToOldContact(key), _) if is_true(&key) => (old, Told::Old { notice, deny: None }),
        (Parameters::ToNewContact(key), _) if is_true(&key) => {
            let token = signed_link::make(ctx, Purpose::SeeAddressChange, change.report, None);
            (new, Told::New { notice, token })
        }
        _ => return Ok(None),
    };
    Ok(to.map(|to| AddressMail { to, locale: report.locale, number: report.number.grouped(), told }))
}

/// What a letter about a change holds, and where it goes: the address on file before.
#[derive(Debug, Clone)]
pub struct AddressLetter {
    pub locale: Locale,
    pub number: String,
    pub name: Sensitive<shared::case_feed::PersonName>,
    pub to: Sensitive<shared::case_feed::MailingAddress>,
    pub told: LetterTold,
}

/// A letter about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterTold {
    /// The number that proves it, until a day.
    Pin {
        pin: String,
        until: chrono::NaiveDate,
    },
    /// It is in force; with the number that takes it back, until a day.
    Changed {
        number: String,
        until: chrono::NaiveDate,
    },
    Notice(Notice),
}

/// The letter of a row; none if what it would say is not true any more, or a case is hidden.
pub(crate) async fn letter(ctx: &Context, due: &Due) -> Result<Option<AddressLetter>, Error> {
    let Some(parameters) = parameters(ctx, due).await? else { return Ok(None) };
    let mut connection = ctx.store.read_primary().await?;
    let Some(change) = rows::find(&mut connection, due.subject).await? else { return Ok(None) };
    let Some(report) = rows::report(&mut connection, change.report).await? else { return Ok(None) };
    let Some(told) = told(ctx, &mut connection, change.report).await? else { return Ok(None) };
    let Some(case) = change.cases.iter().find_map(|listed| listed.case) else { return Ok(None) };
    let addresses = rows::addresses(&mut connection, &ctx.keys, case).await?;
    drop(connection);
    if !is_shown(ctx, &change).await? {
        return Ok(None);
    }
    // Never to an address that was typed: the one on file before this change.
    let before = match addresses.given.filter(|given| given.change == change.id) {
        Some(given) if !matches!(change.filing.state(), ChangeState::Reversed { .. }) => given.previous().map(Sensitive::new),
        _ => addresses.mailing,
    };
    let told_now = match (parameters, change.filing.state()) {
        (Parameters::Secret(pin), ChangeState::Pending { awaits: Proof::PinToOldAddress, until, .. }) => {
            // The last whole day: nobody is told of one that ends at noon.
            LetterTold::Pin { pin, until: ctx.day_of(until - chrono::TimeDelta::days(1)) }
        }
        (Parameters::LetterOfChange(number), ChangeState::Confirmed { reversible_until, .. }) => {
            LetterTold::Changed { number, until: ctx.day_of(reversible_until - chrono::TimeDelta::days(1)) }
        }
        (Parameters::ToOldContact(key), _) if notice_of(&change.filing).key() == key => {
            LetterTold::Notice(notice_of(&change.filing))
        }
        _ => return Ok(None),
    };
    let number = report.number.grouped();
    Ok(before.map(|to| AddressLetter { locale: report.locale, number, name: told.person.name, to, told: told_now }))
}
