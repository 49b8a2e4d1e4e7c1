//! What the case system says of addresses that people gave.

use shared::change_of_address::{CaseAt, FeedAddress};
use store::case_feed::Heard;
use store::change_of_address as rows;
use store::engine::Connection;

use super::led_to;
use crate::{Actor, Context, Error};

/// Takes it over into the receipts of the changes, in the import's transaction.
pub(crate) async fn heard(ctx: &Context, transaction: &mut Connection, actor: Actor, heard: &[Heard]) -> Result<(), Error> {
    for said in heard.iter().filter(|said| said.address != FeedAddress::Passed) {
        let Some(change) = rows::hold(transaction, said.change).await? else { continue };
        let at = change.cases.iter().position(|listed| listed.case == Some(said.case));
        let Some(at) = at.and_then(|at| u16::try_from(at).ok()).map(CaseAt) else { continue };
        let (next, event) = match said.address {
            FeedAddress::Acknowledges => (change.filing.case_acknowledged(at, ctx.now()), "acknowledged"),
            _ => (change.filing.case_replaced(at, ctx.now()), "replaced"),
        };
        // Said before, or the change was taken back.
        let Ok(next) = next else { continue };
        led_to(ctx, transaction, actor, &change, &next, event).await?;
    }
    Ok(())
}
