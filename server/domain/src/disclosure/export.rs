//! The accounting as a file: with a reason, a fresh second factor, and an entry in the audit log.

use chrono::NaiveDate;
use shared::case_feed::PersonName;
use shared::disclosure::accounting::{About, Accounted, Accounting, FORM, Inside, content};
use shared::disclosure::{Authority, Disclosure, OtherDisclosure, Outcome};
use shared::letter::Content;
use store::crypto::hex;
use uuid::Uuid;

use super::accounting::{Entry, Line, PersonAccounting, To, may_read, page, read};
use super::databases;
use crate::profile::{may_know, opened_for};
use crate::report::{Cell, Export, MOST_ROWS, Sheet};
use crate::{Action, Context, Error, Officer};

/// Why the accounting is given out. A closed list: words of one's own could hold what no log should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountingReason {
    /// The person asks for it (5 USC 552a(c)(3)): they get the copy that is theirs.
    ThePerson,
    /// Who was told is to be told of a correction.
    Correction,
    /// An inspection, an audit or a court asks for it.
    Oversight,
}

/// The file that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountingFormat {
    Pdf,
    Csv,
    Json,
}

/// What is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountingFile {
    /// Of the file, without its ending. It says nothing of whom it is about.
    pub name: String,
    pub given_out: GivenOut,
}

/// In which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenOut {
    Document(Box<Content>),
    Table(Box<Export>),
    Json(Vec<u8>),
}

/// What became of the wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    File(Box<AccountingFile>),
    /// The profile was not opened for a purpose, or too long ago.
    NotOpen,
    /// There is nobody, or nobody whom the officer may know of.
    Nobody,
    /// A document does not take so many, or it would be more than [`MOST_ROWS`].
    TooMany,
}

impl AccountingReason {
    pub const ALL: [Self; 3] = [Self::ThePerson, Self::Correction, Self::Oversight];

    /// The word in the audit log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ThePerson => "the_person",
            Self::Correction => "correction",
            Self::Oversight => "oversight",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    /// Can it be a reason for the accounting of a recipient, which is about many people?
    pub const fn is_of_many(self) -> bool {
        !matches!(self, Self::ThePerson)
    }
}

impl AccountingFormat {
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Csv, Self::Json];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }
}

/// Gives out the accounting of a person, as it stood at the end of a day.
pub async fn export_person(
    ctx: &Context,
    officer: &Officer,
    profile: Uuid,
    as_of: Option<NaiveDate>,
    (reason, format): (AccountingReason, AccountingFormat),
) -> Result<Taken, Error> {
    officer.check_somewhere(Action::ReadAccounting)?;
    officer.check_fresh(ctx.now())?;
    let mut connection = ctx.store.read_primary().await?;
    if !may_know(ctx, &mut connection, officer, profile).await? {
        return Ok(Taken::Nobody);
    }
    let Some((root, _)) = opened_for(ctx, &mut connection, officer, profile).await? else { return Ok(Taken::NotOpen) };
    drop(connection);
    let of_person = Box::pin(read(ctx, root, as_of)).await?;
    let accounting = accounting_of(ctx, of_person, reason);
    let Some(given_out) = given_out(ctx, &accounting, format)? else { return Ok(Taken::TooMany) };
    note(ctx, officer, &root.to_string(), &accounting, (reason, format)).await?;
    let name = format!("accounting-{}", accounting.as_of);
    Ok(Taken::File(Box::new(AccountingFile { name, given_out })))
}

/// Gives out what a recipient was told from a day to a day.
pub async fn export_recipient(
    ctx: &Context,
    officer: &Officer,
    to: To,
    (from, until): (NaiveDate, NaiveDate),
    (reason, format): (AccountingReason, AccountingFormat),
) -> Result<Taken, Error> {
    may_read(officer)?;
    officer.check_fresh(ctx.now())?;
    if !reason.is_of_many() {
        return Err(Error::Refused);
    }
    let (mut lines, mut after) = (Vec::new(), None);
    loop {
        let page = page(ctx, to, (from, until), after).await?;
        lines.extend(page.lines);
        if lines.len() > MOST_ROWS {
            return Ok(Taken::TooMany);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let about = About::Recipient { name: to.name().to_owned(), from, to: until };
    let disclosures = lines.iter().map(|line| accounted(ctx, line, true)).collect();
    let as_of = until.min(ctx.today());
    let accounting = Accounting { form: FORM, about, made_on: ctx.today(), as_of, disclosures };
    let Some(given_out) = given_out(ctx, &accounting, format)? else { return Ok(Taken::TooMany) };
    note(ctx, officer, to.key(), &accounting, (reason, format)).await?;
    let name = format!("accounting-{}-{from}-{until}", to.key().to_lowercase());
    Ok(Taken::File(Box::new(AccountingFile { name, given_out })))
}

/// That it was given out stands in the audit logs of all that it was read from, before it is handed over.
async fn note(
    ctx: &Context,
    officer: &Officer,
    subject: &str,
    accounting: &Accounting,
    (reason, format): (AccountingReason, AccountingFormat),
) -> Result<(), Error> {
    for (_, store, _) in databases(ctx) {
        let mut transaction = store.begin().await?;
        let detail = serde_json::json!({
            "entries": accounting.disclosures.len(), "as_of": accounting.as_of, "reason": reason.key(), "format": format.key(),
        });
        ctx.audit(&mut transaction, officer.actor(), "disclosure.export", subject, detail).await?;
        transaction.commit().await?;
    }
    Ok(())
}

fn given_out(ctx: &Context, accounting: &Accounting, format: AccountingFormat) -> Result<Option<GivenOut>, Error> {
    Ok(match format {
        AccountingFormat::Pdf => {
            let document = content(accounting, &ctx.answers.agency_en, &ctx.answers.letterhead);
            document.map(|content| GivenOut::Document(Box::new(content)))
        }
        AccountingFormat::Csv => Some(GivenOut::Table(Box::new(table(accounting)))),
        AccountingFormat::Json => Some(GivenOut::Json(serde_json::to_vec_pretty(accounting).map_err(|_| Error::Internal)?)),
    })
}

fn table(accounting: &Accounting) -> Export {
    let cell = |text: String| if text.is_empty() { Cell::Empty } else { Cell::Text(text) };
    let rows = accounting.rows().into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    Export { name: "accounting".to_owned(), sheet: Sheet { title: "Accounting", heads: accounting.heads(), rows } }
}

fn accounting_of(ctx: &Context, of_person: PersonAccounting, reason: AccountingReason) -> Accounting {
    let is_theirs = reason == AccountingReason::ThePerson;
    let PersonAccounting { name, a_numbers, as_of, lines, .. } = of_person;
    let lines = lines.iter().filter(|line| !is_theirs || is_shown_to_the_person(line));
    let disclosures = lines.map(|line| accounted(ctx, line, !is_theirs)).collect();
    let about = About::Person { name: name.as_ref().map(in_words), a_numbers };
    Accounting { form: FORM, about, made_on: ctx.today(), as_of, disclosures }
}

/// What was not taken was told to nobody, and (b)(7) is kept back.
fn is_shown_to_the_person(line: &Line) -> bool {
    let was_refused = line.outcome.is_some_and(|(outcome, _)| outcome == Outcome::Refused);
    let is_open = match &line.entry {
        Entry::Partner(_) => true,
        Entry::Other(entry) => entry.exception.is_shown_to_the_person(),
    };
    is_open && !was_refused
}

fn in_words(name: &PersonName) -> String {
    let parts = [name.given.as_deref(), name.middle.as_deref(), Some(name.family.as_str())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A line in words, with what stays in the agency.
pub fn described(ctx: &Context, line: &Line) -> Accounted {
    accounted(ctx, line, true)
}

fn accounted(ctx: &Context, line: &Line, is_inside: bool) -> Accounted {
    let outcome = in_state(line);
    let confirmed_on = line.confirmed.map(|confirmed| ctx.day_of(confirmed.at));
    let date = ctx.day_of(line.entry.at());
    let shown = match &line.entry {
        Entry::Partner(entry) => of_partner(entry, date, is_inside),
        Entry::Other(entry) => of_other(entry, date, is_inside),
    };
    Accounted { outcome, confirmed_on, ..shown }
}

/// What became of it, in words.
fn in_state(line: &Line) -> &'static str {
    match (line.outcome, &line.entry) {
        (Some((Outcome::Sent, _)), _) => "Sent",
        (Some((Outcome::Refused, _)), _) => "Not taken: nothing was told",
        (Some((Outcome::Unknown, _)), _) => "Sent; whether it arrived is not known",
        (None, Entry::Partner(_)) => "Being sent",
        (None, Entry::Other(_)) => "Recorded; whether it left is not known yet",
    }
}

fn of_partner(entry: &Disclosure, date: NaiveDate, is_inside: bool) -> Accounted {
    let recipient = &entry.recipient;
    let inside = Inside {
        person: entry.person,
        recipient_name: Some(recipient.name.expose().as_str().to_owned()),
        transaction_number: Some(entry.transaction.as_str().to_owned()),
        agreement_version: Some(entry.agreement.number()),
        waivers: entry.waivers.iter().map(|waiver| waiver.uuid()).collect(),
        payload_sha256: Some(hex(&entry.payload_sha256)),
    };
    let documents = (!entry.documents.is_empty()).then(|| format!("documents: {}", entry.documents.len()));
    Accounted {
        id: entry.id,
        date,
        nature: entry.nature.name().to_owned(),
        record: entry.record.as_str().to_owned(),
        told: entry.elements.iter().map(|element| element.name().to_owned()).chain(documents).collect(),
        purpose: entry.purpose.name().to_owned(),
        authority: authority(&entry.authority),
        recipient: format!("{}, {}", recipient.organization.as_str(), recipient.partner.name()),
        address: recipient.address.expose().as_str().to_owned(),
        method: entry.method.name().to_owned(),
        outcome: "",
        correction_of: entry.correction_of,
        confirmed_on: None,
        inside: is_inside.then_some(inside),
    }
}

fn authority(authority: &Authority) -> String {
    let name = authority.name();
    match authority {
        Authority::RoutineUse { sorn, letter } => format!("{name}: {}, {}", sorn.as_str(), letter.as_str()),
        Authority::Statute { citation } => format!("{name}: {}", citation.as_str()),
        Authority::Consent { .. } | Authority::SecretaryMemorandum { .. } => name.to_owned(),
    }
}

fn of_other(entry: &OtherDisclosure, date: NaiveDate, is_inside: bool) -> Accounted {
    let recipient = &entry.recipient;
    let inside = Inside {
        person: entry.person,
        recipient_name: recipient.name.as_ref().map(|name| name.expose().as_str().to_owned()),
        transaction_number: None,
        agreement_version: None,
        waivers: Vec::new(),
        payload_sha256: None,
    };
    let words = entry.told.as_ref().map(|told| told.expose().as_str().to_owned());
    let documents = entry.documents.as_ref().map(|documents| documents.as_str().to_owned());
    let citation = entry.citation.as_ref().map(|citation| format!(": {}", citation.as_str())).unwrap_or_default();
    Accounted {
        id: entry.id,
        date,
        nature: entry.nature.as_str().to_owned(),
        record: entry.record.as_str().to_owned(),
        told: entry.elements.iter().map(|element| element.name().to_owned()).chain(words).chain(documents).collect(),
        purpose: entry.purpose.as_str().to_owned(),
        authority: format!("{}{citation}", entry.exception.name()),
        recipient: recipient.organization.as_str().to_owned(),
        address: recipient.address.expose().as_str().to_owned(),
        method: entry.way.name().to_owned(),
        outcome: "",
        correction_of: entry.correction_of,
        confirmed_on: None,
        inside: is_inside.then_some(inside),
    }
}
