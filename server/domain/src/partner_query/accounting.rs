//! The accounting of what leaves here (5 USC 552a(c)): committed before the first byte does.

use std::collections::BTreeSet;

use shared::agreement::{AgreementVersion, Element, Partner, Purpose};
use shared::disclosure::{Authority, Disclosure, Method, Nature, Outcome, OutcomeEntry, Recipient};
use shared::ident::Requestor;
use shared::partner_query::{LongLine, ShortLine, TransactionNumber};
use shared::protection::{Towards, WaiverId};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use store::engine::Connection;
use uuid::Uuid;

use super::person::Known;
use crate::{Context, Error};

/// The notice of the system of records (83 FR 36950), and the routine use for foreign partners, as an installation states it.
const NOTICE: &str = "DHS/USCIS-018";
const ROUTINE_USE: &str = "foreign partners under an agreement";
const RECORD: &str = "Profile of the person (Customer Profile Management System)";

/// What is about to leave.
pub(crate) struct Account<'a> {
    pub id: Uuid,
    pub known: &'a Known,
    pub nature: Nature,
    pub elements: BTreeSet<Element>,
    pub documents: BTreeSet<Uuid>,
    pub partner: Partner,
    pub purpose: Purpose,
    pub agreement: AgreementVersion,
    pub waivers: BTreeSet<WaiverId>,
    /// Who asked; none for what we ask.
    pub recipient: Option<&'a Requestor>,
    pub transaction: TransactionNumber,
    pub released_by: Option<Uuid>,
    pub approved_by: Option<Uuid>,
    pub transmitted_by: Option<Uuid>,
    pub method: Method,
    /// Of what is handed over.
    pub payload_sha256: [u8; 32],
}

impl Account<'_> {
    /// Writes the entry. Nothing leaves before this is committed.
    pub async fn record(self, ctx: &Context, transaction: &mut Connection) -> Result<(), Error> {
        add(ctx, transaction, &self.entry(ctx)?).await
    }

    /// The same for what sets an earlier disclosure right.
    pub async fn record_correction(self, ctx: &Context, transaction: &mut Connection, of: Uuid) -> Result<(), Error> {
        let entry = Disclosure { correction_of: Some(of), ..self.entry(ctx)? };
        add(ctx, transaction, &entry).await
    }

    fn entry(self, ctx: &Context) -> Result<Disclosure, Error> {
        let officer = |id: Option<Uuid>| id.map(|id| OfficerId(id.as_u128()));
        Ok(Disclosure {
            id: self.id,
            at: ctx.now(),
            person: self.known.root,
            a_number: self.known.a_numbers().into_iter().next(),
            nature: self.nature,
            record: LongLine::parse(RECORD).map_err(|_| Error::Internal)?,
            elements: self.elements,
            documents: self.documents,
            purpose: self.purpose,
            authority: Authority::RoutineUse { sorn: short(NOTICE)?, letter: short(ROUTINE_USE)? },
            agreement: self.agreement,
            waivers: self.waivers,
            recipient: recipient(self.partner, self.recipient)?,
            method: self.method,
            transaction: self.transaction,
            released_by: officer(self.released_by),
            approved_by: officer(self.approved_by),
            transmitted_by: officer(self.transmitted_by),
            payload_sha256: self.payload_sha256,
            correction_of: None,
        })
    }
}

async fn add(ctx: &Context, transaction: &mut Connection, entry: &Disclosure) -> Result<(), Error> {
    Ok(store::disclosure::add(transaction, &ctx.partner_data()?.keys, ctx.clock.new_id(), entry).await?)
}

fn short(text: &str) -> Result<ShortLine, Error> {
    ShortLine::parse(text).map_err(|_| Error::Internal)
}

fn recipient(partner: Partner, asked: Option<&Requestor>) -> Result<Recipient, Error> {
    let Some(Requestor { organization, name, contact }) = asked else {
        // Our questions go to a machine of the partner's, whose authority the agreement names.
        return Ok(Recipient {
            partner,
            organization: short(&format!("Immigration authority: {}", partner.name()))?,
            name: Sensitive::new(short("As the agreement names it")?),
            address: Sensitive::new(short("By electronic message through IDENT")?),
        });
    };
    Ok(Recipient { partner, organization: organization.clone(), name: name.clone(), address: contact.clone() })
}

/// The waivers without which nothing could be told.
pub(super) fn waivers(towards: &Towards) -> BTreeSet<WaiverId> {
    if let Towards::Share { waivers } = towards { waivers.clone() } else { BTreeSet::new() }
}

/// Says what became of a disclosure. What was said before stays.
pub(crate) async fn close(ctx: &Context, transaction: &mut Connection, disclosure: Uuid, outcome: Outcome) -> Result<(), Error> {
    let entry = OutcomeEntry { id: ctx.clock.new_id(), disclosure, at: ctx.now(), outcome };
    store::disclosure::close(transaction, &entry).await?;
    Ok(())
}
