//! What is known of a request and of its case: for the check, and for the letter.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Utc};
use shared::accents::plain_capitals;
use shared::answer::{
    Channel, Copy, Delivery, Draft, Facts, Issue, Known, Own, People, Placeholder, Recipient, Value, Values, issues, names_in,
    plain_text,
};
use shared::case_feed::{ANumber, Email, MailingAddress, PartyRole};
use shared::case_status::FormNumber;
use shared::e_request::{Answers, Field};
use shared::letter::Content;
use shared::locale::Locale;
use shared::service_request::Happening;
use store::answer::{self as rows, CasePerson, StoredAnswer, StoredRecipient};
use store::engine::Connection;
use store::service_request::{self, StoredRequest};
use uuid::Uuid;

use super::office_of;
use crate::service_request::fold;
use crate::{Context, Error};

/// A request with all that an answer is made of.
pub(super) struct Material {
    pub row: StoredRequest,
    pub answers: Answers,
    /// As the record names it.
    form: Option<FormNumber>,
    people: Vec<CasePerson>,
    sensitive: Vec<(String, String)>,
    address: Option<MailingAddress>,
    /// What went out, with what the officer wrote.
    pub released: Vec<(StoredAnswer, Draft)>,
    /// Those of them that the person never had: the letter came back, and nobody says that it did not help.
    unread: Vec<Uuid>,
    /// Numbers of additions and of answers that did not help, to which nothing was said yet.
    additions: Vec<u32>,
    not_helped: Vec<u32>,
}

impl Material {
    pub async fn of(ctx: &Context, connection: &mut Connection, row: StoredRequest) -> Result<Self, Error> {
        Self::when_released(ctx, connection, row, None).await
    }

    /// As it was before an answer that went out: without that one, and without what came after.
    pub async fn when_released(
        ctx: &Context,
        connection: &mut Connection,
        row: StoredRequest,
        answer: Option<&StoredAnswer>,
    ) -> Result<Self, Error> {
        let until = answer.and_then(|answer| answer.released_at).unwrap_or(chrono::DateTime::<Utc>::MAX_UTC);
        let is_before = |earlier: &StoredAnswer| answer.is_none_or(|answer| earlier.number < answer.number);
        let content = service_request::content(connection, &ctx.keys, row.id).await?.ok_or(Error::Internal)?;
        let answers: Answers = serde_json::from_slice(content.expose()).map_err(|_| Error::Internal)?;
        let people = rows::people(connection, row.case).await?;
        let opened = store::case_feed::open_sensitive(connection, &ctx.keys, row.case).await?;
        let address = store::change_of_address::addresses(connection, &ctx.keys, row.case).await?.mailing;
        let (mut released, mut unread) = (Vec::new(), Vec::new());
        for answer in rows::released(connection, row.id).await?.into_iter().filter(is_before) {
            let draft = draft_of(ctx, connection, &answer).await?;
            let deliveries = rows::recipients_of(connection, answer.id).await?;
            let is_unread = answer.complained_at.is_none() && deliveries.iter().any(is_letter_back);
            unread.extend(is_unread.then_some(answer.id));
            released.push((answer, draft));
        }
        let last = released.iter().filter_map(|(answer, _)| answer.released_at).max().unwrap_or(chrono::DateTime::<Utc>::MIN_UTC);
        let request = fold(ctx.zone, connection, row.id).await?;
        let additions = request.events().iter().filter(|event| event.happening == Happening::InformationAdded);
        let additions =
            (1..).zip(additions).filter(|(_, event)| event.at.at > last && event.at.at < until).map(|(number, _)| number).collect();
        let complained = released.iter().filter(|(answer, _)| answer.complained_at.is_some_and(|at| at >= last && at < until));
        let not_helped = complained.filter_map(|(answer, _)| u32::try_from(answer.number?).ok()).collect();
        let form = store::case_status::told(connection, &row.receipt_number).await?;
        let form = match form {
            Some(told) => told.events(ctx.now())?.last().map(|event| event.form.clone()),
            None => None,
        };
        Ok(Self {
            answers,
            form,
            people,
            sensitive: opened.into_iter().map(|(name, value)| (name, value.expose().clone())).collect(),
            address: address.map(|address| address.expose().clone()),
            released,
            unread,
            additions,
            not_helped,
            row,
        })
    }

    pub fn issues(&self) -> Vec<Issue> {
        issues(&self.answers, &self.additions, &self.not_helped)
    }

    /// What the record says for placeholders.
    pub fn record(&self, ctx: &Context) -> Result<Values, Error> {
        let mut values = Values::default();
        let office = office_of(&self.row)?;
        for (placeholder, line) in [
            (Placeholder::RequestNumber, self.row.number.grouped()),
            (Placeholder::ReceiptNumber, self.row.receipt_number.as_str().to_owned()),
            (Placeholder::Form, self.form.as_ref().map_or_else(String::new, |form| form.as_str().to_owned())),
            (Placeholder::Office, ctx.texts().office_name(&office, ctx.now()).to_owned()),
        ] {
            if !line.is_empty() {
                values.set(placeholder, Value::Line(line));
            }
        }
        values.set(Placeholder::AskedOn, Value::Day(ctx.day_of(self.row.received_at)));
        values.set(Placeholder::DueOn, Value::Day(self.row.due_on));
        values.set(Placeholder::Today, Value::Day(ctx.today()));
        if let Some(day) = self.filed_on() {
            values.set(Placeholder::FiledOn, Value::Day(day));
        }
        Ok(values)
    }

    fn filed_on(&self) -> Option<NaiveDate> {
        self.answers.day(Field::FiledOn)
    }

    /// What the check looks at, with the names of other people that stand in the draft.
    pub async fn known(&self, ctx: &Context, connection: &mut Connection, draft: &Draft) -> Result<Known, Error> {
        let record = self.record(ctx)?;
        let mut others = BTreeSet::new();
        let blocks = draft.blocks(&record);
        let names = blocks.iter().flat_map(|block| names_in(&plain_text(block)));
        let pairs: BTreeSet<(String, String)> = names
            .flat_map(|name| name.pairs().map(|(given, family)| (given.to_owned(), family.to_owned())).collect::<Vec<_>>())
            .collect();
        for (given, family) in pairs.into_iter().take(MOST_PAIRS) {
            if rows::is_somebody_else(connection, &given, &family, self.row.case).await? {
                others.insert((plain_capitals(&given), plain_capitals(&family)));
            }
        }
        Ok(Known {
            own: self.own(ctx, connection).await?,
            issues: self.issues(),
            others,
            // What never came may be said again.
            earlier: self.had().map(|earlier| in_words(earlier, &record)).collect(),
            today: ctx.today(),
            record,
        })
    }

    fn had(&self) -> impl Iterator<Item = &Draft> {
        self.released.iter().filter(|(answer, _)| !self.unread.contains(&answer.id)).map(|(_, draft)| draft)
    }

    async fn own(&self, ctx: &Context, connection: &mut Connection) -> Result<Own, Error> {
        let of = |end: &str| {
            self.sensitive.iter().filter(move |(name, _)| name.ends_with(end)).map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        let typed = |fields: &[Field]| fields.iter().map(|field| self.answers.typed(*field)).collect::<Vec<_>>().join(" ");
        let mut names: Vec<String> = self.people.iter().map(full_name).collect();
        names.push(typed(&[
            Field::GivenName,
            Field::FamilyName,
            Field::RepresentativeName,
            Field::PrintedText,
            Field::CorrectText,
        ]));
        let mut request_numbers = Vec::new();
        for id in service_request::of_case(connection, self.row.case).await? {
            request_numbers.extend(service_request::find(connection, id).await?.map(|row| row.number));
        }
        let emails = of(".email").into_iter().chain([self.answers.typed(Field::Email)]).chain(ctx.answers.email.as_deref());
        Ok(Own {
            names,
            receipt_numbers: vec![self.row.receipt_number.clone()],
            request_numbers,
            a_numbers: of(".a_number").into_iter().filter_map(read_a_number).chain(self.answers.a_number()).collect(),
            emails: emails.filter_map(Email::parse).collect(),
            birth_dates: of(".birth_date")
                .into_iter()
                .filter_map(|day| day.parse().ok())
                .chain(self.answers.day(Field::BirthDate))
                .collect(),
        })
    }

    pub fn facts(&self, ctx: &Context, draft: &Draft) -> Result<Facts, Error> {
        let (locale, office, now) = (draft.locale, office_of(&self.row)?, ctx.now());
        let texts = ctx.texts();
        let case_type = self.form.as_ref().map_or_else(String::new, |form| {
            let name = texts.form_name(form, locale, now).map_or_else(String::new, |name| format!(", {name}"));
            format!("{}{name}", form.as_str())
        });
        Ok(Facts {
            locale,
            form: draft.form,
            stage: draft.stage,
            agency: ctx.answers.agency(locale).to_owned(),
            letterhead: ctx.answers.letterhead.clone(),
            office: texts.office_name(&office, now).to_owned(),
            telephone: ctx.answers.telephone.clone(),
            date: ctx.today(),
            asked_on: ctx.day_of(self.row.received_at),
            request_number: self.row.number.grouped(),
            receipt_number: self.row.receipt_number.as_str().to_owned(),
            case_type,
            filed_on: self.filed_on(),
            kind: self.row.kind,
        })
    }

    /// The e-mail address that was given with the request.
    pub fn email(&self) -> Option<Email> {
        self.answers.email().filter(|_| !self.answers.typed(Field::Email).is_empty())
    }

    pub fn representative_email(&self) -> Option<Email> {
        let name = format!("{}.email", PartyRole::Representative.key());
        self.sensitive.iter().find(|(known, _)| *known == name).and_then(|(_, email)| Email::parse(email))
    }

    fn in_role(&self, role: PartyRole) -> Option<&CasePerson> {
        self.people.iter().find(|person| person.role == role.key())
    }

    pub fn has_representative(&self) -> bool {
        self.in_role(PartyRole::Representative).is_some()
    }

    /// Whom the copy on paper tells of, and where it goes: to the person at the address on file. For the representative no address is
    /// on file; the envelope bears the name, and whoever mails it adds the rest.
    pub fn people(&self, to: Recipient) -> Copy {
        let applicant = self.in_role(PartyRole::Applicant).or_else(|| self.in_role(PartyRole::Petitioner));
        let name = applicant.map_or_else(
            || format!("{} {}", self.answers.typed(Field::GivenName), self.answers.typed(Field::FamilyName)),
            full_name,
        );
        let representative = self.in_role(PartyRole::Representative);
        let mail_to = match (to, representative) {
            (Recipient::Person, _) => envelope(&name, self.address.as_ref()),
            (Recipient::Representative, Some(representative)) => {
                [Some(full_name(representative)), representative.organization.clone()].into_iter().flatten().collect()
            }
            (Recipient::Representative, None) => Vec::new(),
        };
        let a_number = self.sensitive.iter().find(|(name, _)| *name == format!("{}.a_number", PartyRole::Applicant.key()));
        Copy::Mailed(People {
            mail_to,
            person: format!("{} {}", self.answers.typed(Field::GivenName), self.answers.typed(Field::FamilyName)).trim().to_owned(),
            requester: self.answers.typed(Field::Requester).to_owned(),
            representative: representative.map(full_name),
            beneficiary: self.in_role(PartyRole::Beneficiary).map(full_name),
            a_number: a_number.and_then(|(_, value)| read_a_number(value)).map(|number| format!("A{}", number.digits())),
        })
    }
}

/// Names that are looked up for one answer.
const MOST_PAIRS: usize = 100;
/// What a window envelope shows of a line.
const LONGEST_LINE: usize = 80;

/// The record keeps the digits only.
fn read_a_number(kept: &str) -> Option<ANumber> {
    ANumber::parse(kept).or_else(|| ANumber::parse(&format!("A{kept}")))
}

fn full_name(person: &CasePerson) -> String {
    let parts = [person.given_name.as_deref(), person.middle_name.as_deref(), Some(person.family_name.as_str())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn envelope(name: &str, address: Option<&MailingAddress>) -> Vec<String> {
    let Some(MailingAddress { street, unit, city, state, postal_code, country }) = address else { return vec![name.to_owned()] };
    let of = |parts: &[Option<&str>]| parts.iter().flatten().copied().collect::<Vec<_>>().join(" ");
    let mut lines =
        vec![name.to_owned(), of(&[Some(street), unit.as_deref()]), of(&[Some(city), state.as_deref(), postal_code.as_deref()])];
    if !country.is_united_states() {
        lines.push(shared::country::name(country, Locale::En).unwrap_or(country.as_str()).to_owned());
    }
    lines.into_iter().map(|line| line.chars().take(LONGEST_LINE).collect()).collect()
}

fn is_letter_back(delivery: &StoredRecipient) -> bool {
    (delivery.recipient, delivery.channel, delivery.state) == (Recipient::Person, Channel::Letter, Delivery::Returned)
}

/// What an officer wrote, in plain words.
fn in_words(draft: &Draft, record: &Values) -> String {
    draft.blocks(record).iter().map(plain_text).collect::<Vec<_>>().join("\n")
}

pub(super) async fn draft_of(ctx: &Context, connection: &mut Connection, answer: &StoredAnswer) -> Result<Draft, Error> {
    let texts = rows::texts(connection, &ctx.keys, answer).await?;
    serde_json::from_slice(texts.draft.expose()).map_err(|_| Error::Internal)
}

/// A letter as it was frozen.
pub(super) fn read_content(bytes: &[u8]) -> Result<Content, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Internal)
}
