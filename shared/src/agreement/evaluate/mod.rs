//! What may be asked and told: one pure function over a request, the agreement as it stood, and the protection of the person.
//!
//! Nothing is allowed but what everything allows: a capability that is live and rests on an instrument in force, the purpose, who
//! gets it, the quota, whom the agreement is about, the data set of the step, and the protection check. What an agreement does not
//! let anybody ask is refused before it is looked at who is asked about. After that, a person of whom nothing may be told is, in
//! everything that the partner sees and in everything that is kept with the request, a person whom we do not know; why it was so is
//! said by [`suppressed`], for those who may know.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::capability::{Capability, CapabilityStatus, Condition, Recipient, Serves, Slot};
use super::element::Element;
use super::partner::Partner;
use super::party::Party;
use super::purpose::Purpose;
use super::ruling::{Blocked, Matter, Referred, Ruling, Withheld};
use super::snapshot::{Agreement, AgreementVersion};
use super::step::{AnswerKind, Direction, Modality, Step};
use super::subject::{Coverage, FoundBy, Person, coverage};
use crate::protection::{AnsweredBefore, POLICY_VERSION, Towards, WaiverId};

/// How many queries were made in the year, by step, the one at hand left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    pub first: u32,
    pub second: u32,
    pub third: u32,
    pub reverse: u32,
}

impl Made {
    pub const fn at(self, step: Step) -> u32 {
        match step {
            Step::First => self.first,
            Step::Second => self.second,
            Step::Third => self.third,
            Step::Reverse => self.reverse,
        }
    }

    /// The same, but for one at this step.
    #[must_use]
    pub const fn without_one(mut self, step: Step) -> Self {
        let made = match step {
            Step::First => &mut self.first,
            Step::Second => &mut self.second,
            Step::Third => &mut self.third,
            Step::Reverse => &mut self.reverse,
        };
        *made = made.saturating_sub(1);
        self
    }
}

/// Who asks whom, at which step, and why: all of a request but the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub partner: Partner,
    pub direction: Direction,
    pub step: Step,
    /// By what the person was looked for at the first step. Later steps carry its number, and are of the same kind.
    pub by: Modality,
    pub purpose: Purpose,
    pub recipient: Recipient,
    /// The day on which it is decided.
    pub on: NaiveDate,
    /// With this partner, in this direction, by this kind.
    pub made_this_year: Made,
}

/// About whom a request is, as far as our records know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Nobody whom we know.
    Nobody,
    Known(Person),
}

/// A request for data elements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub question: Question,
    /// None is legal: a bare "match" is an answer too.
    pub asked: BTreeSet<Element>,
    pub subject: Subject,
    pub answered_before: AnsweredBefore,
    /// What counsel settled about this very request.
    pub settled: BTreeSet<Matter>,
}

/// What was decided, and on what it rests. It is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub partner: Partner,
    pub agreement_version: AgreementVersion,
    pub policy_version: u32,
    /// Of what we ask ourselves: a match is all that we want to ask, and a refusal nothing.
    pub answer: AnswerKind,
    pub elements: BTreeMap<Element, Ruling>,
    /// The waivers without which nothing could be told.
    pub waivers: BTreeSet<WaiverId>,
}

impl Decision {
    pub fn allowed(&self) -> impl Iterator<Item = Element> + '_ {
        self.elements.iter().filter(|(_, ruling)| **ruling == Ruling::Allow).map(|(element, _)| *element)
    }
}

/// Decides on every element of a request, and on the whole.
pub fn evaluate(request: &Request, agreement: &Agreement, towards: &Towards) -> Decision {
    let Request { question, asked, subject, answered_before, settled } = request;
    let all = |answer, ruling| {
        let elements = asked.iter().map(|element| (*element, ruling)).collect();
        decision(question.partner, agreement.version, answer, elements, BTreeSet::new())
    };
    let capabilities = match admitted(question, agreement) {
        Ok(capabilities) => capabilities,
        Err(withheld) => return all(AnswerKind::Refused, Ruling::Withhold(withheld)),
    };
    let silence = match question.direction {
        Direction::In => answered_before.silence(),
        Direction::Out => AnswerKind::Refused,
    };
    let nothing = || all(silence, Ruling::Withhold(Withheld::NothingToTell));
    let Subject::Known(person) = subject else { return nothing() };
    match (standing(question, person, &capabilities, (towards, settled)), question.direction) {
        (Err(Blocked::No(_)), Direction::In) => return nothing(),
        (Err(Blocked::No(withheld)), Direction::Out) => return all(silence, Ruling::Withhold(withheld)),
        (Err(Blocked::Doubtful(referred)), _) => return all(AnswerKind::Hold, Ruling::Refer(referred)),
        (Ok(()), _) => {}
    }
    let elements = asked.iter().map(|element| (*element, ruling(*element, question, person, (agreement, settled)))).collect();
    let waivers = if let Towards::Share { waivers } = towards { waivers.clone() } else { BTreeSet::new() };
    decision(question.partner, agreement.version, whole(&elements), elements, waivers)
}

/// May this be asked at all, whoever it is about? What may not is refused before anybody looks who is meant.
pub fn is_admitted(question: &Question, agreement: &Agreement) -> bool {
    admitted(question, agreement).is_ok()
}

/// What a question may ask for: the data sets of the step that can be used for it. Nothing of the person is looked at.
pub fn data_set(question: &Question, agreement: &Agreement) -> BTreeSet<Element> {
    let usable = Modality::ALL.into_iter().filter_map(|modality| usable(question.step, modality, question, agreement).ok());
    usable.flat_map(|capability| capability.elements.iter().map(|row| row.element)).collect()
}

/// May we ask a partner about a person? Looked at before the first query leaves, and so for the second too: on a match IDENT sends
/// it by itself, and nobody could hold it back.
///
/// # Errors
/// What stands against it. [`Blocked::Doubtful`] is for counsel.
pub fn may_ask(
    question: &Question,
    person: &Person,
    agreement: &Agreement,
    towards: &Towards,
    settled: &BTreeSet<Matter>,
) -> Result<(), Blocked> {
    if question.direction != Direction::Out {
        return Err(Blocked::No(Withheld::NoCapability));
    }
    let capabilities = admitted(question, agreement)?;
    standing(question, person, &capabilities, (towards, settled))
}

/// What counsel is asked about a request that the protection check lets pass; nothing if it is not in doubt.
pub fn matters(request: &Request, agreement: &Agreement, towards: &Towards) -> BTreeSet<Matter> {
    let Request { question, asked, subject: Subject::Known(person), settled, .. } = request else { return BTreeSet::new() };
    let Ok(capabilities) = admitted(question, agreement) else { return BTreeSet::new() };
    let of = |element: &Element| match ruling(*element, question, person, (agreement, settled)) {
        Ruling::Refer(Referred::Counsel) => Some(Matter::Element(*element)),
        Ruling::Refer(Referred::Citizenship) => Some(Matter::Citizenship),
        Ruling::Refer(_) | Ruling::Allow | Ruling::Withhold(_) => None,
    };
    match standing(question, person, &capabilities, (towards, settled)) {
        Ok(()) => asked.iter().filter_map(of).collect(),
        Err(Blocked::Doubtful(Referred::Persecution)) => BTreeSet::from([Matter::Persecution]),
        Err(Blocked::Doubtful(Referred::Citizenship)) => BTreeSet::from([Matter::Citizenship]),
        Err(_) => BTreeSet::new(),
    }
}

/// Why a partner is told nothing of a person whom we know; none if it is not so. For the suppression log alone: the decision does
/// not say it.
pub fn suppressed(request: &Request, agreement: &Agreement, towards: &Towards) -> Option<Withheld> {
    let Request { question, subject: Subject::Known(person), settled, .. } = request else { return None };
    let capabilities = admitted(question, agreement).ok()?;
    match (standing(question, person, &capabilities, (towards, settled)), question.direction) {
        (Err(Blocked::No(withheld)), Direction::In) => Some(withheld),
        _ => None,
    }
}

fn decision(
    partner: Partner,
    agreement_version: AgreementVersion,
    answer: AnswerKind,
    elements: BTreeMap<Element, Ruling>,
    waivers: BTreeSet<WaiverId>,
) -> Decision {
    Decision { partner, agreement_version, policy_version: POLICY_VERSION, answer, elements, waivers }
}

/// The capabilities under which a question may be asked, of the step at hand and of the one that follows by itself. Nothing of the
/// person is looked at.
fn admitted<'a>(question: &Question, agreement: &'a Agreement) -> Result<Vec<&'a Capability>, Withheld> {
    let second = question.direction == Direction::Out && question.step == Step::First;
    let steps = std::iter::once(question.step).chain(second.then_some(Step::Second));
    steps.map(|step| admitted_at(step, question, agreement)).collect()
}

fn admitted_at<'a>(step: Step, question: &Question, agreement: &'a Agreement) -> Result<&'a Capability, Withheld> {
    let capability = usable(step, question.by, question, agreement)?;
    if capability.serves != Serves::Queries {
        return Err(Withheld::NotAsked);
    }
    if capability.quota_per_year.is_some_and(|quota| quota <= question.made_this_year.at(step)) {
        return Err(Withheld::Quota);
    }
    Ok(capability)
}

/// The capability for one kind of information at a step, if it can be used for what is asked.
fn usable<'a>(step: Step, modality: Modality, question: &Question, agreement: &'a Agreement) -> Result<&'a Capability, Withheld> {
    if agreement.partner != Party::Country(question.partner) {
        return Err(Withheld::NoCapability);
    }
    let slot = Slot { direction: question.direction, step, modality };
    let mut there = agreement.capabilities.iter().filter(|one| one.slot() == slot && one.is_at(question.on));
    // Of two for the same time nobody knows which holds. The check of an agreement finds them.
    let (Some(capability), None) = (there.next(), there.next()) else { return Err(Withheld::NoCapability) };
    if capability.status != CapabilityStatus::Live {
        return Err(Withheld::NotLive);
    }
    if !agreement.is_founded(&capability.instruments, question.on) {
        return Err(Withheld::NoInstrument);
    }
    if !capability.purposes.contains(&question.purpose) {
        return Err(Withheld::Purpose);
    }
    if !capability.recipients.contains(&question.recipient) {
        return Err(Withheld::Recipient);
    }
    Ok(capability)
}

/// What stands against asking or telling about a person at all. What closes goes before what is in doubt, and nothing that counsel
/// settled opens what is closed.
fn standing(
    question: &Question,
    person: &Person,
    capabilities: &[&Capability],
    (towards, settled): (&Towards, &BTreeSet<Matter>),
) -> Result<(), Blocked> {
    let is_partner = |countries: &Vec<_>| countries.iter().any(|country| question.partner.is_behind(country));
    let covered = capabilities.iter().map(|one| coverage(one.subject_rule, question.partner, person, question.on)).max();
    match (towards, person.persecuted_by.as_ref().map(is_partner), covered) {
        (Towards::NoMatch, _, _) => Err(Blocked::No(Withheld::Protected)),
        // SOR/2002-227 s. 315.4(2): no party is asked about a person who alleges persecution in its own country. Nor is one told:
        // s. 315.3 has it so of claims against the country that would get them.
        (_, Some(true), _) => Err(Blocked::No(Withheld::Persecution)),
        (_, _, None | Some(Coverage::Outside)) => Err(Blocked::No(Withheld::Subject)),
        (Towards::Refer { .. }, _, _) => Err(Blocked::Doubtful(Referred::Protection)),
        (_, None, _) if !settled.contains(&Matter::Persecution) => Err(Blocked::Doubtful(Referred::Persecution)),
        (_, _, Some(Coverage::Unknown)) if !settled.contains(&Matter::Citizenship) => Err(Blocked::Doubtful(Referred::Citizenship)),
        (Towards::Share { .. }, _, Some(Coverage::Covered | Coverage::Unknown)) => Ok(()),
    }
}

/// What is said of one element about a person of whom something may be told.
fn ruling(element: Element, question: &Question, person: &Person, (agreement, settled): (&Agreement, &BTreeSet<Matter>)) -> Ruling {
    let capability = match usable(question.step, element.modality(), question, agreement) {
        Ok(capability) => capability,
        Err(withheld) => return Ruling::Withhold(withheld),
    };
    match coverage(capability.subject_rule, question.partner, person, question.on) {
        Coverage::Outside => return Ruling::Withhold(Withheld::Subject),
        Coverage::Unknown if !settled.contains(&Matter::Citizenship) => return Ruling::Refer(Referred::Citizenship),
        Coverage::Covered | Coverage::Unknown => {}
    }
    match (capability.condition(element), person.found_by) {
        (None, _) => Ruling::Withhold(Withheld::NotInDataSet),
        (Some(Condition::Always), _) | (Some(Condition::OnFingerprintMatch), FoundBy::Fingerprints) => Ruling::Allow,
        (Some(Condition::OnFingerprintMatch), FoundBy::Records) => Ruling::Withhold(Withheld::NoFingerprintMatch),
        (Some(Condition::ReferToCounsel), _) if settled.contains(&Matter::Element(element)) => Ruling::Allow,
        (Some(Condition::ReferToCounsel), _) => Ruling::Refer(Referred::Counsel),
    }
}

/// What the answer is as a whole about a person of whom something may be told.
fn whole(elements: &BTreeMap<Element, Ruling>) -> AnswerKind {
    if elements.values().any(|ruling| matches!(ruling, Ruling::Refer(_))) {
        return AnswerKind::Hold;
    }
    let allowed = elements.values().filter(|ruling| **ruling == Ruling::Allow).count();
    match allowed {
        _ if allowed == elements.len() => AnswerKind::Match,
        0 => AnswerKind::Refused,
        _ => AnswerKind::Partial,
    }
}
