//! Requests that were decided before, for the dry run of a draft.

use shared::agreement::{Partner, Past, Request};
use shared::protection::Towards;
use store::agreement::VersionHead;

use crate::{Context, Error};

/// A request, with what the protection check says.
#[derive(Debug, Clone)]
pub struct PastRequest {
    pub request: Request,
    pub towards: Towards,
}

impl PastRequest {
    pub(super) const fn as_past(&self) -> Past<'_> {
        Past { request: &self.request, towards: &self.towards }
    }
}

/// What was asked before a version was drafted, the oldest first, as on the day from which it is to hold. Later requests are left out:
/// what two people sign is one dry run, however many requests come while they read it.
pub(super) async fn past(ctx: &Context, partner: Partner, head: &VersionHead) -> Result<Vec<PastRequest>, Error> {
    let on = head.holds_from.max(ctx.today());
    let past = crate::partner_query::past(ctx, partner, head.made_at, on).await?;
    Ok(past.into_iter().map(|(request, towards)| PastRequest { request, towards }).collect())
}
