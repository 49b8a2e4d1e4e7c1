//! Our third query as the partner reads it: in its template, from what is on record. The text leaves with the query, and the page of
//! the query shows it.
//!
//! It names the person, so what it tells is accounted for. Why the officer asks stands in no text: that was said to the agency.

use std::collections::BTreeSet;

use shared::agreement::{AgreementVersion, Direction, Element, Made, Step, data_set};
use shared::ident::Incoming;
use shared::partner_query::{
    Ask, EncounterReference, Field, Header, MOST_ALIASES, Message, Official, PartnerReference, Reason, Request, ShortLine, Subject,
    Template, TemplateKey, TransactionNumber,
};
use shared::profile::{Encounter, Fact};
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::partner_query::{self as rows, StoredQuery, StoredStep};

use super::draft::question;
use super::person::{Known, full};
use super::read::name;
use super::standing::standing;
use crate::{Context, Error};

/// Of the event with which a third query was approved.
const APPROVED: &str = "third_approved";
const CONTACT: &str = "By electronic message through IDENT";

/// Our third query as the partner reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsRead {
    Written(OurText),
    /// Why it cannot be written.
    Not(Vec<String>),
}

/// A query of ours in the partner's template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurText {
    /// What the template is called.
    pub template: String,
    pub text: Sensitive<String>,
    /// What it tells of the person.
    pub tells: BTreeSet<Element>,
    /// What the query says and the template has no place for.
    pub lost: Vec<Field>,
}

impl AsRead {
    pub(super) fn text(self) -> Option<OurText> {
        match self {
            Self::Written(text) => Some(text),
            Self::Not(_) => None,
        }
    }

    fn not(why: &str) -> Self {
        Self::Not(vec![why.to_owned()])
    }
}

/// As it would be written now.
pub(super) async fn as_read_now(ctx: &Context, transaction: &mut Connection, query: &StoredQuery) -> Result<AsRead, Error> {
    let standing = standing(ctx, Some(query.profile), query.partner).await?;
    let Some(known) = &standing.known else { return Ok(AsRead::not("the person is in no record any more")) };
    let Some(agreement) = &standing.agreement else { return Ok(AsRead::not("no agreement with the partner is in force")) };
    // How many were asked this year changes nothing of what is asked.
    let question = question(ctx, query.partner, Step::Third, query.purpose, Made::default());
    as_read(ctx, transaction, query, known, (agreement.version, &data_set(&question, agreement))).await
}

/// The third query under an agreement.
pub(super) async fn as_read(
    ctx: &Context,
    transaction: &mut Connection,
    query: &StoredQuery,
    known: &Known,
    (agreement, asked): (AgreementVersion, &BTreeSet<Element>),
) -> Result<AsRead, Error> {
    let steps = rows::steps(transaction, &ctx.partner_data()?.keys, query.id).await?;
    let events = rows::events(transaction, query.id).await?;
    let third = steps.iter().find(|step| step.step == Step::Third).ok_or(Error::Internal)?;
    let officer = name(&mut ctx.store.read_primary().await?, query.asked_by).await?;
    let template = Template::in_use(TemplateKey::Of(query.partner)).map_err(|_| Error::Internal)?;
    let number = |text: &str| TransactionNumber::parse(text).map_err(|_| Error::Internal);
    let header = Header {
        template: template.id(),
        number: number(&third.transaction_number)?,
        prior: third.prior.as_deref().map(number).transpose()?,
        direction: Direction::Out,
        partner: query.partner,
        agreement,
        step: Step::Third,
        // The same for every try, whenever it is.
        date: events.iter().rfind(|event| event.event == APPROVED).map_or(ctx.today(), |event| ctx.day_of(event.occurred_at)),
    };
    let (Ok(officer), Ok(agency)) = (ShortLine::parse(&officer), ShortLine::parse(&ctx.answers.agency_en)) else {
        return Ok(AsRead::not("the name of the officer or of the agency is no line of at most 200 characters"));
    };
    let Some(subject) = subject(known, &steps) else {
        return Ok(AsRead::not(
            "no encounter of the person in IDENT is on record, by which the partner would know whom it is about",
        ));
    };
    let request = Request {
        header,
        reason: Reason::of(query.purpose),
        priority: query.priority,
        requestor: Official {
            name: Sensitive::new(officer),
            organization: agency,
            contact: Sensitive::new(ShortLine::parse(CONTACT).map_err(|_| Error::Internal)?),
        },
        subject,
        ask: Ask { elements: asked.clone(), justification: None },
    };
    Ok(written(&template, request))
}

fn written(template: &Template, request: Request) -> AsRead {
    let said = said(&request.subject);
    match template.write(&Message::Request(request)) {
        Ok(written) => AsRead::Written(OurText {
            template: template.title().to_owned(),
            text: Sensitive::new(written.text),
            tells: said.into_iter().filter(|(field, _)| !written.lost.contains(field)).map(|(_, element)| element).collect(),
            lost: written.lost,
        }),
        Err(unfit) => AsRead::Not(unfit.iter().map(ToString::to_string).collect()),
    }
}

/// The person, as our records have them. None without an encounter: no partner could tell whom IDENT found.
fn subject(known: &Known, steps: &[StoredStep]) -> Option<Subject> {
    let encounter = encounters(known).max_by_key(|encounter| encounter.on)?;
    let heading = known.sheet.name().map(full);
    let mut aliases: Vec<String> = Vec::new();
    for other in names(known) {
        if Some(&other) != heading.as_ref() && !aliases.contains(&other) {
            aliases.push(other);
        }
    }
    let line = |text: &String| ShortLine::parse(text).ok().map(Sensitive::new);
    Some(Subject {
        full_name: heading.as_ref().and_then(line),
        aliases: aliases.iter().filter_map(line).take(MOST_ALIASES).collect(),
        birth_date: only(known, |fact| if let Fact::BirthDate(day) = fact { Some(day) } else { None }),
        birth_country: only(known, |fact| if let Fact::BirthCountry(country) = fact { Some(country) } else { None }),
        gender: only(known, |fact| if let Fact::Gender(gender) = fact { Some(gender) } else { None }),
        a_number: known.a_numbers().into_iter().next(),
        fin: only(known, |fact| if let Fact::Fin(fin) = fact { Some(fin) } else { None }),
        encounter: Sensitive::new(EncounterReference::Eid(encounter.id.clone())),
        partner_identification: steps.iter().rev().find_map(partners_number).map(Sensitive::new),
    })
}

fn names(known: &Known) -> impl Iterator<Item = String> + '_ {
    known.sheet.current().filter_map(|known| if let Fact::Name { name, .. } = &known.fact { Some(full(name)) } else { None })
}

fn encounters(known: &Known) -> impl Iterator<Item = &Encounter> {
    known.sheet.current().filter_map(|known| if let Fact::Encounter(encounter) = &known.fact { Some(encounter) } else { None })
}

/// What all records say: where two disagree, neither is told.
fn only<T: Clone + PartialEq>(known: &Known, pick: fn(&Fact) -> Option<&T>) -> Option<Sensitive<T>> {
    let mut stated = known.sheet.current().filter_map(|known| pick(&known.fact));
    let first = stated.next()?;
    stated.all(|other| other == first).then(|| Sensitive::new(first.clone()))
}

/// The number that the partner has for the person, as it told it.
fn partners_number(step: &StoredStep) -> Option<PartnerReference> {
    let Ok(Incoming::Reply(reply)) = serde_json::from_slice(step.answered.as_deref()?) else { return None };
    PartnerReference::parse(reply.elements.expose().get(&Element::PartnerIdentification)?).ok()
}

/// What a request says of the person, by the field in which it says it.
fn said(subject: &Subject) -> Vec<(Field, Element)> {
    let has_eid = matches!(subject.encounter.expose(), EncounterReference::Eid(_));
    let all = [
        (Field::FullName, Element::FullName, subject.full_name.is_some()),
        (Field::Alias, Element::Alias, !subject.aliases.is_empty()),
        (Field::BirthDate, Element::BirthDate, subject.birth_date.is_some()),
        (Field::BirthCountry, Element::BirthCountry, subject.birth_country.is_some()),
        (Field::Gender, Element::Gender, subject.gender.is_some()),
        (Field::ANumber, Element::ANumber, subject.a_number.is_some()),
        (Field::Fin, Element::Fin, subject.fin.is_some()),
        (Field::Eid, Element::Eid, has_eid),
        (Field::PartnerIdentification, Element::PartnerIdentification, subject.partner_identification.is_some()),
    ];
    all.into_iter().filter(|(_, _, is_said)| *is_said).map(|(field, element, _)| (field, element)).collect()
}
