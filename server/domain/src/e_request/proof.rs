//! Whether somebody knows a case: what they typed is compared with its record before anything else is said.
//!
//! A number that nobody has, a hidden case and a mistake get one answer after the same work, and count alike.

use chrono::NaiveDate;
use shared::address::ZipCode;
use shared::case_status::{FormNumber, ReceiptNumber};
use shared::e_request::{Answers, Field, plain_category};
use store::case_status::Proof;
use uuid::Uuid;

use crate::case_status::limits::{Asker, TooMany};
use crate::case_status::{self, CaseStatus};
use crate::{ClientIp, Context, Error};

/// What somebody says of a case.
#[derive(Debug)]
pub(super) struct Claim {
    pub number: ReceiptNumber,
    form: FormNumber,
    category: String,
    filed_on: NaiveDate,
    zip: ZipCode,
}

impl Claim {
    /// None while an answer is missing.
    pub fn of(answers: &Answers) -> Option<Self> {
        Some(Self {
            number: answers.receipt_number()?,
            form: answers.form()?,
            category: plain_category(answers.typed(Field::Category)),
            filed_on: answers.day(Field::FiledOn)?,
            zip: answers.zip()?,
        })
    }

    /// The form's category is compared where the record has one; the day is the one on the form or on the receipt notice.
    fn agrees_with(&self, ctx: &Context, case: &CaseStatus, proof: &Proof) -> bool {
        let zip = proof.postal_code.as_ref().and_then(|code| ZipCode::parse(code.expose()));
        let category = case.category().map_or_else(|| self.category.clone(), |known| plain_category(known.as_str()));
        let is_its_day = case.days_of_filing(ctx).contains(&self.filed_on);
        zip.as_ref() == Some(&self.zip) && self.form == *case.form() && self.category == category && is_its_day
    }
}

/// What a claim got.
pub(super) enum Proven {
    Agrees(Uuid),
    Disagrees,
    TooMany(TooMany),
}

/// Compares a claim with the record, counted against every limit on clients and numbers.
pub(super) async fn prove(ctx: &Context, client: ClientIp, claim: &Claim) -> Result<Proven, Error> {
    let counted = ctx.limits.count_look_up(client);
    if let Err(refused) = counted.and_then(|()| ctx.limits.count_number(Asker::Address(client), &claim.number, ctx.now())) {
        return Ok(Proven::TooMany(refused));
    }
    // Counted before anything is known, and taken back where it agrees: tries that come together are all counted.
    let number_mac = ctx.sealer().mac("proofs of a receipt number", claim.number.as_str().as_bytes());
    if let Err(refused) = super::count_try(ctx, &number_mac, 1).await? {
        return Ok(Proven::TooMany(refused));
    }
    let Some((case, _)) = check(ctx, claim).await? else { return Ok(Proven::Disagrees) };
    super::count_try(ctx, &number_mac, -1).await?.ok();
    Ok(Proven::Agrees(case))
}

/// The same comparison again, not counted: the case may have been hidden meanwhile.
pub(super) async fn check(ctx: &Context, claim: &Claim) -> Result<Option<(Uuid, Box<CaseStatus>)>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let proof = store::case_status::proof(&mut connection, &ctx.keys, &claim.number).await?;
    // Never one connection while waiting for another.
    drop(connection);
    let status =
        case_status::look_up_in_primary(ctx, crate::Actor::Public, shared::protection::Channel::Public, &claim.number).await?;
    let Some((case, status)) = proof.case.zip(status) else { return Ok(None) };
    Ok(claim.agrees_with(ctx, &status, &proof).then(|| (case, Box::new(status))))
}
