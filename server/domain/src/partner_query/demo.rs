//! What a demo begins with: who has which case, and whom IDENT knows.

use shared::case_status::ReceiptNumber;
use store::case_officer::{self, CaseOfficer};
use uuid::Uuid;

use super::person::known;
use crate::{Context, Error};

/// Somebody whom IDENT knows.
#[derive(Debug)]
pub struct Enrolled {
    pub a_numbers: Vec<String>,
}

/// Marks the partner data as a demo's, and gives a case to an officer unless somebody has it.
pub async fn seed(ctx: &Context, officer: Uuid, numbers: &[ReceiptNumber]) -> Result<(), Error> {
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    store::installation::mark_as_demo(&mut transaction, ctx.today()).await?;
    transaction.commit().await?;
    let mut transaction = ctx.store.begin().await?;
    for number in numbers {
        let Some(case) = store::case_feed::case_id(&mut transaction, number).await? else { continue };
        if case_officer::of_case(&mut transaction, case).await?.is_some() {
            continue;
        }
        let assigned = CaseOfficer { case_id: case, officer_id: Some(officer), assigned_by: None, assigned_at: ctx.now() };
        case_officer::assign(&mut transaction, ctx.clock.new_id(), &assigned).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Whom a case is about, as IDENT has them; none if the case is not there.
pub async fn enrolled(ctx: &Context, number: &ReceiptNumber) -> Result<Option<Enrolled>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(case) = store::case_feed::case_id(&mut connection, number).await? else { return Ok(None) };
    for (_, profile) in store::profile::linked(&mut connection, case).await? {
        let Some(person) = known(ctx, &mut connection, profile).await? else { continue };
        let a_numbers: Vec<String> = person.a_numbers().iter().map(|number| format!("A{}", number.expose().digits())).collect();
        if !a_numbers.is_empty() {
            return Ok(Some(Enrolled { a_numbers }));
        }
    }
    Ok(None)
}
