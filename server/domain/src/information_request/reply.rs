//! The reply, in the partner's form: of what was released what may be told at this moment, and never more.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use shared::agreement::{Decision, Direction, Element};
use shared::document::DocumentKind;
use shared::information_request::Draft;
use shared::partner_query::template::{TemplateKey, starter};
use shared::partner_query::{
    Enclosure, Field, Header, Message, Official, Reply, ReplyResult, ShortLine, Template, Told, TransactionNumber, ValueKind,
};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use store::crypto::sha256;
use uuid::Uuid;

use super::check::Checked;
use super::prepare::{Frozen, FrozenDocument};
use crate::partner_query::Known;
use crate::{Context, Error};

/// Who answers, and where a partner asks about it.
const ORGANIZATION: &str = "U.S. Citizenship and Immigration Services, International Information Sharing";
const CONTACT: &str = "Through OBIM, by the number of this reply";
/// Where the account of who released it is gone.
const NOBODY: &str = "The reviewing officer";

/// What stands above a reply.
pub(super) struct Head {
    pub number: TransactionNumber,
    pub date: NaiveDate,
    pub approved_by: Uuid,
}

/// A reply, and what goes with it.
pub(super) struct Prepared {
    pub text: String,
    pub result: ReplyResult,
    /// In words and as documents.
    pub elements: BTreeSet<Element>,
    pub documents: Vec<FrozenDocument>,
    /// What it would say and the partner's form has no place for.
    pub lost: Vec<Field>,
}

impl Prepared {
    pub fn sha256(&self) -> [u8; 32] {
        sha256(self.text.as_bytes())
    }
}

/// What a document is called in the package and in the reply: nothing of a person.
pub(super) fn document_name(number: usize, kind: DocumentKind) -> String {
    format!("document-{}.{}", number + 1, kind.key())
}

/// Writes the reply. None if the partner's form cannot say it: that is logged, without a word about the person.
pub(super) async fn write(ctx: &Context, checked: &Checked, frozen: &Frozen, head: &Head) -> Result<Option<Prepared>, Error> {
    let (known, decision) = checked.open()?;
    let reviewer = reviewer(ctx, head.approved_by).await?;
    let template =
        Template::from_file(starter(TemplateKey::Of(checked.foreign.partner)).as_bytes()).map_err(|_| Error::Internal)?;
    let said = said(checked, known, decision, frozen)?;
    let prior = TransactionNumber::parse(&checked.foreign.transaction_number).map_err(|_| Error::Internal)?;
    let header = Header {
        template: template.id(),
        number: head.number.clone(),
        prior: Some(prior),
        direction: Direction::In,
        partner: checked.foreign.partner,
        agreement: decision.agreement_version,
        step: checked.foreign.step,
        date: head.date,
    };
    let enclosures = said.documents.iter().enumerate().map(|(number, document)| enclosure(number, document));
    let reply = Reply {
        header,
        result: said.result,
        reviewer,
        told: said.told,
        enclosures: enclosures.collect::<Result<_, _>>()?,
        // On what condition nothing is told is nobody's business.
        caveats: frozen.draft.caveats.iter().filter(|_| said.result.is_match()).cloned().collect(),
        correction_of: None,
    };
    match template.write(&Message::Reply(reply)) {
        Ok(written) => Ok(Some(Prepared {
            text: written.text,
            result: said.result,
            elements: said.elements,
            documents: said.documents,
            lost: written.lost,
        })),
        Err(unfit) => {
            tracing::error!(request = %checked.foreign.id, "the partner's form cannot say a reply: {unfit:?}");
            Ok(None)
        }
    }
}

/// What is told now.
struct Said {
    told: Told,
    documents: Vec<FrozenDocument>,
    elements: BTreeSet<Element>,
    result: ReplyResult,
}

fn said(checked: &Checked, known: &Known, decision: &Decision, frozen: &Frozen) -> Result<Said, Error> {
    let allowed: BTreeSet<Element> = decision.allowed().filter(|element| frozen.draft.told.contains(element)).collect();
    let in_words = allowed.iter().copied().filter(|element| ValueKind::of(*element) != ValueKind::Enclosed).collect();
    let told = known.told(&in_words)?;
    let documents: Vec<FrozenDocument> =
        frozen.documents.iter().filter(|document| allowed.contains(&document.element)).cloned().collect();
    let elements: BTreeSet<Element> = told.elements().chain(documents.iter().map(|document| document.element)).collect();
    let result = Draft { told: elements.clone(), ..frozen.draft.clone() }.result(&checked.asked.asked);
    Ok(Said { told, documents, elements, result })
}

fn enclosure(number: usize, document: &FrozenDocument) -> Result<Enclosure, Error> {
    let name = ShortLine::parse(&document_name(number, document.kind)).map_err(|_| Error::Internal)?;
    Ok(Enclosure { element: document.element, name: Sensitive::new(name), sha256: document.sha256 })
}

/// Who released it: each form has a place for them.
async fn reviewer(ctx: &Context, officer: Uuid) -> Result<Official, Error> {
    let line = |text: &str| ShortLine::parse(text).map_err(|_| Error::Internal);
    let mut connection = ctx.store.read_primary().await?;
    let found = store::colleague::names(&mut connection, &[OfficerId(officer.as_u128())]).await?.pop();
    let name = found.map_or_else(|| NOBODY.to_owned(), |(_, name)| name);
    Ok(Official { name: Sensitive::new(line(&name)?), organization: line(ORGANIZATION)?, contact: Sensitive::new(line(CONTACT)?) })
}
