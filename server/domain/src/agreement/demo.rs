//! The agreements with which a demo begins: the starter documents, signed by its privacy officer and its counsel.

use chrono::TimeDelta;
use shared::agreement::{Capacity, Party};
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use store::agreement as rows;
use store::installation;
use uuid::Uuid;

use super::{Drafted, draft_starter, read, sign};
use crate::{Context, Error, Officer};

/// Drafts the starter document of each partner, and of IDENT, of which there is no version, and has it signed. Gives how many.
///
/// # Errors
/// [`Error::Refused`] for a database that is no demo.
pub async fn seed_demo(ctx: &Context, office: &OfficeCode, people: [Uuid; 3]) -> Result<usize, Error> {
    if installation::demo_day(&mut ctx.store.read_primary().await?).await?.is_none() {
        return Err(Error::Refused);
    }
    sign_starters(ctx, office, people).await
}

/// The same, for tests and measurements too: by three people of an office, who write, sign for privacy and sign as counsel.
pub(crate) async fn sign_starters(
    ctx: &Context,
    office: &OfficeCode,
    [manager, privacy, counsel]: [Uuid; 3],
) -> Result<usize, Error> {
    let officer = |id, role| {
        let grant = Grant { role, office: office.clone(), starts_at: ctx.now(), ends_at: None };
        Officer::new(id, vec![grant], ctx.now()).stepped_up_until(Some(ctx.now() + TimeDelta::minutes(5)))
    };
    let manager = officer(manager, Role::AgreementsManager);
    let signers =
        [(officer(privacy, Role::PrivacyOfficer), Capacity::Privacy), (officer(counsel, Role::Counsel), Capacity::Counsel)];
    let mut signed = 0;
    for partner in Party::ALL {
        if !rows::versions(&mut ctx.store.read_primary().await?, partner).await?.is_empty() {
            continue;
        }
        let Drafted::Draft(version) = draft_starter(ctx, &manager, partner).await? else { return Err(Error::Internal) };
        for (signer, capacity) in &signers {
            let file = read(ctx, signer, partner, version).await?.ok_or(Error::Internal)?;
            sign(ctx, signer, (partner, version), *capacity, &file.examined.seen).await?;
        }
        signed += 1;
    }
    Ok(signed)
}
