//! Writing a message in a country's form.

use thiserror::Error;

use super::{Kind, Template};
use crate::partner_query::field::Field;
use crate::partner_query::message::{Enclosure, EncounterReference, Header, Message, Official, Reply, Request};
use crate::partner_query::value::Value;

/// A message as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    /// What the message says and the form has no place for.
    pub lost: Vec<Field>,
}

/// The text is a person's.
impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written").field("lost", &self.lost).finish_non_exhaustive()
    }
}

/// Why a message cannot be written in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    #[error("{0}: the form requires it, and the message does not have it")]
    Needed(Field),
    #[error("{0}: the form has no code for it")]
    NoCode(Field),
    #[error("the form is another partner's")]
    OtherPartner,
    #[error("{0}: a reply that is no match tells nothing")]
    TellsThough(Field),
}

/// The form has no code for it.
struct NoCode;

impl Template {
    /// Writes a message.
    ///
    /// # Errors
    /// All that keeps it from being written in this form. What the form has no place for does not: it is named beside the text.
    pub fn write(&self, message: &Message) -> Result<Written, Vec<Unfit>> {
        let kind = message.kind();
        let (mut lines, mut unfit) = (Vec::new(), contradictions(message));
        unfit.extend((!self.id().key.is_for(message.header().partner)).then_some(Unfit::OtherPartner));
        for row in self.rows(kind) {
            match self.said(message, row.field) {
                Ok(values) if values.is_empty() && row.required => unfit.push(Unfit::Needed(row.field)),
                Ok(values) => lines.extend(values.into_iter().map(|value| format!("{}: {value}\n", row.name))),
                Err(NoCode) => unfit.push(Unfit::NoCode(row.field)),
            }
        }
        if !unfit.is_empty() {
            return Err(unfit);
        }
        let (count, fields) = (lines.len(), lines.concat());
        let text = format!("{}{fields}END {count}\n", first_line(self, kind));
        Ok(Written { text, lost: self.lost_of(message) })
    }

    /// What of a message the form has no place for.
    fn lost_of(&self, message: &Message) -> Vec<Field> {
        let is_said = |field: &Field| !matches!(self.said(message, *field), Ok(values) if values.is_empty());
        self.lost(message.kind()).into_iter().filter(is_said).collect()
    }

    /// The lines of a field, none of them if the message does not have it.
    fn said(&self, message: &Message, field: Field) -> Result<Vec<String>, NoCode> {
        if let Some(of_header) = self.of_header(message.header(), field) {
            return Ok(vec![of_header]);
        }
        match message {
            Message::Request(request) => self.of_request(request, field),
            Message::Reply(reply) => self.of_reply(reply, field),
        }
    }

    fn of_header(&self, header: &Header, field: Field) -> Option<String> {
        Some(match field {
            Field::Number => header.number.to_string(),
            Field::Prior => header.prior.as_ref()?.to_string(),
            Field::Direction => header.direction.key().to_owned(),
            Field::Partner => header.partner.key().to_owned(),
            Field::Agreement => header.agreement.number().to_string(),
            Field::Step => header.step.key().to_owned(),
            Field::Date => self.codes.date.write(header.date),
            _ => return None,
        })
    }

    fn of_request(&self, request: &Request, field: Field) -> Result<Vec<String>, NoCode> {
        let Request { reason, priority, requestor, subject, ask, .. } = request;
        let optional = |text: Option<String>| Ok(text.into_iter().collect());
        let coded = |text: Option<String>| text.map(|text| vec![text]).ok_or(NoCode);
        match field {
            Field::Reason => coded(self.codes.write_reason(*reason)),
            Field::Priority => coded(self.codes.write_priority(*priority)),
            Field::RequestorName | Field::RequestorOrganization | Field::RequestorContact => Ok(of_official(requestor, field)),
            Field::FullName => optional(subject.full_name.as_ref().map(|name| name.expose().as_str().to_owned())),
            Field::Alias => Ok(subject.aliases.iter().map(|name| name.expose().as_str().to_owned()).collect()),
            Field::BirthDate => optional(subject.birth_date.as_ref().map(|day| self.codes.date.write(*day.expose()))),
            Field::BirthCountry => {
                optional(subject.birth_country.as_ref().map(|country| self.codes.write_country(country.expose())))
            }
            Field::Gender => match &subject.gender {
                Some(gender) => coded(self.codes.write_gender(*gender.expose())),
                None => Ok(Vec::new()),
            },
            Field::ANumber => optional(subject.a_number.as_ref().map(|number| format!("A{}", number.expose().digits()))),
            Field::Fin => optional(subject.fin.as_ref().map(|fin| fin.expose().digits().to_owned())),
            Field::Eid => optional(match subject.encounter.expose() {
                EncounterReference::Eid(eid) => Some(eid.as_str().to_owned()),
                EncounterReference::PartnerFingerprint(_) => None,
            }),
            Field::PartnerFingerprint => optional(match subject.encounter.expose() {
                EncounterReference::PartnerFingerprint(number) => Some(number.as_str().to_owned()),
                EncounterReference::Eid(_) => None,
            }),
            Field::PartnerIdentification => {
                optional(subject.partner_identification.as_ref().map(|number| number.expose().as_str().to_owned()))
            }
            Field::Information => Ok(ask.information().map(|element| self.codes.write_element(element)).collect()),
            Field::Documents => Ok(ask.documents().map(|element| self.codes.write_element(element)).collect()),
            Field::Justification => optional(ask.justification.as_ref().map(|text| text.expose().as_str().to_owned())),
            _ => Ok(Vec::new()),
        }
    }

    fn of_reply(&self, reply: &Reply, field: Field) -> Result<Vec<String>, NoCode> {
        match field {
            Field::Result => self.codes.write_result(reply.result).map(|result| vec![result]).ok_or(NoCode),
            Field::ReviewerName | Field::ReviewerOrganization | Field::ReviewerContact => Ok(of_official(&reply.reviewer, field)),
            Field::CorrectionOf => Ok(reply.correction_of.iter().map(ToString::to_string).collect()),
            Field::Told(element) => reply.told.of(element).iter().map(|value| self.value(value.expose()).ok_or(NoCode)).collect(),
            Field::Enclosure => Ok(reply.enclosures.iter().map(|enclosure| self.enclosure(enclosure)).collect()),
            Field::Caveat => Ok(reply.caveats.iter().map(|caveat| caveat.as_str().to_owned()).collect()),
            _ => Ok(Vec::new()),
        }
    }

    fn value(&self, value: &Value) -> Option<String> {
        Some(match value {
            Value::Text(text) => text.as_str().to_owned(),
            Value::Day(day) => self.codes.date.write(*day),
            Value::Country(country) => self.codes.write_country(country),
            Value::Gender(gender) => return self.codes.write_gender(*gender),
        })
    }

    /// What it is, its digest, its name: only the last can have a bar in it.
    fn enclosure(&self, enclosure: &Enclosure) -> String {
        let digits = enclosure.sha256.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digest: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        format!("{} | {digest} | {}", self.codes.write_element(enclosure.element), enclosure.name.expose().as_str())
    }
}

impl Message {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Request(_) => Kind::Request,
            Self::Reply(_) => Kind::Reply,
        }
    }
}

pub(super) fn first_line(template: &Template, kind: Kind) -> String {
    let id = template.id();
    format!("{} {} {} {}\n", super::read::FORMAT, id.key.key(), id.version, kind.word())
}

fn of_official(official: &Official, field: Field) -> Vec<String> {
    vec![match field {
        Field::RequestorName | Field::ReviewerName => official.name.expose().as_str().to_owned(),
        Field::RequestorOrganization | Field::ReviewerOrganization => official.organization.as_str().to_owned(),
        _ => official.contact.expose().as_str().to_owned(),
    }]
}

/// What a reply tells that says that it tells nothing. The last thing before the bytes: whoever made it made a mistake.
fn contradictions(message: &Message) -> Vec<Unfit> {
    let Message::Reply(reply) = message else { return Vec::new() };
    if reply.result.is_match() {
        return Vec::new();
    }
    let told = reply.told.elements().map(Field::Told);
    let enclosed = (!reply.enclosures.is_empty()).then_some(Field::Enclosure);
    told.chain(enclosed).map(Unfit::TellsThough).collect()
}
