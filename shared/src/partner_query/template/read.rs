//! Reading a message in a country's form. Untrusted text: everything that is wrong is told with its line and its field, and nothing is
//! repeated that may be a person's.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use thiserror::Error;

use super::codes::DateFormat;
use super::write::first_line;
use super::{Kind, Row, Template, TemplateId, TemplateKey};
use crate::agreement::{AgreementVersion, Direction, Element, Modality, Partner, Step};
use crate::case_feed::ANumber;
use crate::partner_query::field::Field;
use crate::partner_query::message::{Ask, Enclosure, EncounterReference, Header, Message, Official, Reply, Request, Subject};
use crate::partner_query::number::{TransactionNumber, TransactionNumberError};
use crate::partner_query::text::{Line, PartnerReference, TextFault};
use crate::partner_query::value::{Told, Value, ValueKind};
use crate::profile::{EncounterId, Fin};
use crate::sensitive::Sensitive;

/// What the first line begins with.
pub(super) const FORMAT: &str = "PORTICO-MESSAGE/1";

/// The largest message that is read, in bytes.
pub const LARGEST_MESSAGE: usize = 256 * 1024;

/// Most errors of one message that are told. More would be the same mistake again.
pub const MOST_TEMPLATE_ERRORS: usize = 100;

/// One thing that is wrong with a message, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}{}: {problem}", .name.as_ref().map(|name| format!(", {name}")).unwrap_or_default())]
pub struct TemplateError {
    /// Counted from 1, as people count. Of what is missing, the last one.
    pub line: usize,
    pub field: Option<Field>,
    /// What the form calls the field.
    pub name: Option<String>,
    pub problem: TemplateProblem,
}

/// What can be wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TemplateProblem {
    #[error("the message has more than 256 KB; send fewer and shorter texts")]
    TooLarge,
    #[error("this is no message; begin with {FORMAT}, the template, its version, and request or reply")]
    NotAMessage,
    #[error("the message is in another template, or in another version; read it with that one")]
    OtherTemplate,
    #[error("the last line is not END and the number of lines before it; send the whole message")]
    NoEnd,
    #[error("END says {stated} lines and there are {present}; send the whole message")]
    Cut { stated: usize, present: usize },
    #[error("there is no colon and space behind the name of a field")]
    NotAField,
    #[error("the template has no field of this name; write it as the template does")]
    UnknownField,
    #[error("the field stands there already; send it once")]
    Twice,
    #[error("it is required and not there; send it")]
    Missing,
    #[error("{0}")]
    Text(TextFault),
    #[error("{0}")]
    Number(TransactionNumberError),
    #[error("it is not in its form; write {form}")]
    Malformed { form: &'static str },
    #[error("it is none of the template's codes")]
    UnknownCode,
    #[error("the template is another partner's; write the message in this partner's own, or in the uniform one")]
    OtherPartner,
    #[error("the person's prints are named once: by their encounter ID, or by the partner's number")]
    OneEncounter,
    #[error("a first query names no earlier one; leave it out")]
    NeedlessPrior,
    #[error("a reply that is no match tells nothing; correct the result, or take this out")]
    TellsThough,
}

/// In which template a message says that it is written; none if it says nothing that could be one.
pub fn template_of(text: &str) -> Option<TemplateId> {
    parse_first_line(text.lines().next()?).map(|(id, _)| id)
}

fn parse_first_line(line: &str) -> Option<(TemplateId, Kind)> {
    let mut words = line.strip_prefix(FORMAT)?.strip_prefix(' ')?.split(' ');
    let id = TemplateId { key: TemplateKey::from_key(words.next()?)?, version: words.next()?.parse().ok()? };
    let kind = Kind::from_word(words.next()?)?;
    words.next().is_none().then_some((id, kind))
}

impl Template {
    /// Reads a message that was written in this form.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of lines.
    pub fn read(&self, text: &str) -> Result<Message, Vec<TemplateError>> {
        let whole = |line, problem| vec![TemplateError { line, field: None, name: None, problem }];
        if text.len() > LARGEST_MESSAGE {
            return Err(whole(1, TemplateProblem::TooLarge));
        }
        let lines: Vec<&str> = text.lines().collect();
        let (_, kind) = lines.first().and_then(|line| parse_first_line(line)).ok_or(whole(1, TemplateProblem::NotAMessage))?;
        if lines.first().copied() != first_line(self, kind).lines().next() {
            return Err(whole(1, TemplateProblem::OtherTemplate));
        }
        let [_, fields @ .., end] = lines.as_slice() else { return Err(whole(lines.len(), TemplateProblem::NoEnd)) };
        let (last, present) = (lines.len(), fields.len());
        match end.strip_prefix("END ").and_then(|count| count.parse().ok()) {
            None => return Err(whole(last, TemplateProblem::NoEnd)),
            Some(stated) if stated != present => return Err(whole(last, TemplateProblem::Cut { stated, present })),
            Some(_) => {}
        }
        let mut reader = Reader { template: self, kind, found: BTreeMap::new(), last, errors: Vec::new() };
        reader.find(fields);
        let message = match kind {
            Kind::Request => reader.request().map(Message::Request),
            Kind::Reply => reader.reply().map(Message::Reply),
        };
        reader.finish(message)
    }
}

/// Reads field by field, and gathers what is wrong.
struct Reader<'a> {
    template: &'a Template,
    kind: Kind,
    /// The values of each field, with their lines.
    found: BTreeMap<Field, Vec<(usize, &'a str)>>,
    /// The number of the last line.
    last: usize,
    errors: Vec<TemplateError>,
}

impl<'a> Reader<'a> {
    fn find(&mut self, lines: &[&'a str]) {
        for (line, number) in lines.iter().zip(2..) {
            let Some((name, value)) = line.split_once(": ") else {
                self.wrong_line(number, TemplateProblem::NotAField);
                continue;
            };
            let Some(row) = self.template.rows(self.kind).iter().find(|row| row.name == name) else {
                self.wrong_line(number, TemplateProblem::UnknownField);
                continue;
            };
            let values = self.found.entry(row.field).or_default();
            let is_twice = !values.is_empty() && !row.field.is_list();
            values.push((number, value));
            if is_twice {
                self.wrong(number, row.field, TemplateProblem::Twice);
            }
        }
        for Row { field, required, .. } in self.template.rows(self.kind) {
            if *required && !self.found.contains_key(field) {
                self.wrong(self.last, *field, TemplateProblem::Missing);
            }
        }
    }

    fn finish(mut self, message: Option<Message>) -> Result<Message, Vec<TemplateError>> {
        if let Some(message) = message.filter(|_| self.errors.is_empty()) {
            return Ok(message);
        }
        self.errors.sort_by_key(|error| (error.line, error.field));
        self.errors.truncate(MOST_TEMPLATE_ERRORS);
        Err(self.errors)
    }

    fn wrong(&mut self, line: usize, field: Field, problem: TemplateProblem) {
        let name = self.template.row(self.kind, field).map(|row| row.name.clone());
        self.errors.push(TemplateError { line, field: Some(field), name, problem });
    }

    fn wrong_line(&mut self, line: usize, problem: TemplateProblem) {
        self.errors.push(TemplateError { line, field: None, name: None, problem });
    }

    /// Every value of a field that can be read.
    fn all<T>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, TemplateProblem>) -> Vec<T> {
        let values = self.found.get(&field).cloned().unwrap_or_default();
        let mut all = Vec::new();
        for (line, value) in values {
            match read(value) {
                Ok(value) => all.push(value),
                Err(problem) => self.wrong(line, field, problem),
            }
        }
        all
    }

    /// The value of a field, if it is there and can be read.
    fn one<T>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, TemplateProblem>) -> Option<T> {
        self.all(field, read).into_iter().next()
    }

    fn sensitive<T>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, TemplateProblem>) -> Option<Sensitive<T>> {
        self.one(field, read).map(Sensitive::new)
    }

    fn day(&mut self, field: Field) -> Option<NaiveDate> {
        let format = self.template.codes.date;
        self.one(field, |text| day(format, text))
    }

    fn line_of(&self, field: Field) -> usize {
        self.found.get(&field).and_then(|values| values.first()).map_or(self.last, |(line, _)| *line)
    }

    fn header(&mut self) -> Option<Header> {
        let number = self.one(Field::Number, transaction_number);
        let prior = self.one(Field::Prior, transaction_number);
        let direction = self.one(Field::Direction, |text| known(Direction::from_key(text)));
        let partner = self.one(Field::Partner, |text| known(Partner::from_key(text)));
        let agreement = self.one(Field::Agreement, |text| {
            let version = text.parse().ok().and_then(AgreementVersion::new);
            version
                .filter(|version| version.number().to_string() == text)
                .ok_or(TemplateProblem::Malformed { form: "a number from 1" })
        });
        if partner.is_some_and(|partner| !self.template.id().key.is_for(partner)) {
            self.wrong(self.line_of(Field::Partner), Field::Partner, TemplateProblem::OtherPartner);
        }
        let step = self.one(Field::Step, |text| known(Step::from_key(text)));
        let date = self.day(Field::Date);
        Some(Header {
            template: self.template.id(),
            number: number?,
            prior,
            direction: direction?,
            partner: partner?,
            agreement: agreement?,
            step: step?,
            date: date?,
        })
    }

    fn official(&mut self, [name, organization, contact]: [Field; 3]) -> Option<Official> {
        let name = self.sensitive(name, line);
        let organization = self.one(organization, line);
        let contact = self.sensitive(contact, line);
        Some(Official { name: name?, organization: organization?, contact: contact? })
    }

    fn request(&mut self) -> Option<Request> {
        let codes = &self.template.codes;
        let header = self.header();
        let reason = self.one(Field::Reason, |text| known(codes.read_reason(text)));
        let priority = self.one(Field::Priority, |text| known(codes.read_priority(text)));
        let requestor = self.official([Field::RequestorName, Field::RequestorOrganization, Field::RequestorContact]);
        let subject = self.subject();
        let ask = self.ask();
        let request =
            Request { header: header?, reason: reason?, priority: priority?, requestor: requestor?, subject: subject?, ask };
        // SOR/2002-227 s. 315.38: prints and a number of its own, or the number of an earlier query.
        match (request.header.step, &request.header.prior) {
            (Step::First, Some(_)) => self.wrong(self.line_of(Field::Prior), Field::Prior, TemplateProblem::NeedlessPrior),
            (Step::Second | Step::Third | Step::Reverse, None) if !self.found.contains_key(&Field::Prior) => {
                self.wrong(self.last, Field::Prior, TemplateProblem::Missing);
            }
            _ => {}
        }
        Some(request)
    }

    fn subject(&mut self) -> Option<Subject> {
        let codes = &self.template.codes;
        let full_name = self.sensitive(Field::FullName, line);
        let aliases = self.all(Field::Alias, line).into_iter().map(Sensitive::new).collect();
        let birth_date = self.day(Field::BirthDate).map(Sensitive::new);
        let birth_country = self.sensitive(Field::BirthCountry, |text| known(codes.read_country(text)));
        let gender = self.sensitive(Field::Gender, |text| known(codes.read_gender(text)));
        let a_number = self.sensitive(Field::ANumber, |text| ANumber::parse(text).ok_or(malformed("A and seven to nine digits")));
        let fin = self.sensitive(Field::Fin, |text| Fin::parse(text).ok_or(malformed("four to ten digits")));
        let partner_identification = self.sensitive(Field::PartnerIdentification, partner_reference);
        let encounter = self.encounter();
        Some(Subject {
            full_name,
            aliases,
            birth_date,
            birth_country,
            gender,
            a_number,
            fin,
            encounter: Sensitive::new(encounter?),
            partner_identification,
        })
    }

    fn encounter(&mut self) -> Option<EncounterReference> {
        let eid = self.one(Field::Eid, |text| {
            EncounterId::parse(text).ok_or(malformed("4 to 40 capital letters, digits and dashes, one digit among them"))
        });
        let fingerprint = self.one(Field::PartnerFingerprint, partner_reference);
        let stated = [Field::Eid, Field::PartnerFingerprint].map(|field| self.found.contains_key(&field));
        match stated {
            [true, true] => {
                self.wrong(self.line_of(Field::PartnerFingerprint), Field::PartnerFingerprint, TemplateProblem::OneEncounter);
            }
            [false, false] => self.wrong(self.last, Field::Eid, TemplateProblem::OneEncounter),
            _ => {}
        }
        eid.map(EncounterReference::Eid).or_else(|| fingerprint.map(EncounterReference::PartnerFingerprint))
    }

    fn ask(&mut self) -> Ask {
        let codes = &self.template.codes;
        let is_document = |element: &Element| element.modality() == Modality::Document;
        let information =
            self.all(Field::Information, |text| known(codes.read_element(text).filter(|element| !is_document(element))));
        let documents = self.all(Field::Documents, |text| known(codes.read_element(text).filter(is_document)));
        let justification = self.sensitive(Field::Justification, line);
        Ask { elements: information.into_iter().chain(documents).collect::<BTreeSet<_>>(), justification }
    }

    fn reply(&mut self) -> Option<Reply> {
        let template = self.template;
        let header = self.header();
        let result = self.one(Field::Result, |text| known(template.codes.read_result(text)));
        let reviewer = self.official([Field::ReviewerName, Field::ReviewerOrganization, Field::ReviewerContact]);
        let correction_of = self.one(Field::CorrectionOf, transaction_number);
        let told = self.told();
        let enclosures = self.all(Field::Enclosure, |text| enclosure(template, text));
        let caveats = self.all(Field::Caveat, line);
        let reply = Reply { header: header?, result: result?, reviewer: reviewer?, told, enclosures, caveats, correction_of };
        if !reply.result.is_match() {
            let told = reply.told.elements().map(Field::Told);
            for field in told.chain((!reply.enclosures.is_empty()).then_some(Field::Enclosure)) {
                self.wrong(self.line_of(field), field, TemplateProblem::TellsThough);
            }
        }
        Some(reply)
    }

    fn told(&mut self) -> Told {
        let template = self.template;
        let mut told = Told::default();
        for element in Element::ALL {
            for value in self.all(Field::Told(element), |text| value(template, element, text)) {
                // A value is read as one of its element's kind.
                let _ = told.add(element, value);
            }
        }
        told
    }
}

fn known<T>(value: Option<T>) -> Result<T, TemplateProblem> {
    value.ok_or(TemplateProblem::UnknownCode)
}

const fn malformed(form: &'static str) -> TemplateProblem {
    TemplateProblem::Malformed { form }
}

fn line<const MOST: usize>(text: &str) -> Result<Line<MOST>, TemplateProblem> {
    Line::parse(text).map_err(TemplateProblem::Text)
}

fn transaction_number(text: &str) -> Result<TransactionNumber, TemplateProblem> {
    TransactionNumber::parse(text).map_err(TemplateProblem::Number)
}

fn partner_reference(text: &str) -> Result<PartnerReference, TemplateProblem> {
    PartnerReference::parse(text).map_err(|_| malformed("1 to 40 letters, digits and signs of ASCII, without spaces"))
}

fn day(format: DateFormat, text: &str) -> Result<NaiveDate, TemplateProblem> {
    format.read(text).ok_or(malformed(format.form()))
}

fn value(template: &Template, element: Element, text: &str) -> Result<Value, TemplateProblem> {
    let codes = &template.codes;
    match ValueKind::of(element) {
        ValueKind::Text => line(text).map(Value::Text),
        ValueKind::Day => day(codes.date, text).map(Value::Day),
        ValueKind::Country => known(codes.read_country(text)).map(Value::Country),
        ValueKind::Gender => known(codes.read_gender(text)).map(Value::Gender),
        ValueKind::Enclosed => Err(TemplateProblem::UnknownField),
    }
}

const ENCLOSURE: TemplateProblem = malformed("what it is, 64 hexadecimal digits and its name, with \" | \" between them");

fn enclosure(template: &Template, text: &str) -> Result<Enclosure, TemplateProblem> {
    let mut parts = text.splitn(3, " | ");
    let (Some(element), Some(digest), Some(name)) = (parts.next(), parts.next(), parts.next()) else { return Err(ENCLOSURE) };
    let element = template.codes.read_element(element).filter(|element| ValueKind::of(*element) == ValueKind::Enclosed);
    Ok(Enclosure {
        element: element.ok_or(TemplateProblem::UnknownCode)?,
        name: Sensitive::new(line(name)?),
        sha256: digest_of(digest).ok_or(ENCLOSURE)?,
    })
}

fn digest_of(text: &str) -> Option<[u8; 32]> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if text.len() != 64 || !is_hex {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}
