//! Requests that were decided before, for the dry run of a draft.

use shared::agreement::{Partner, Past, Request};
use shared::protection::Towards;

use crate::{Context, Error};

/// A request as it was decided, with what the protection check said then.
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

/// What was decided with a partner, the oldest first. Requests are kept in the partner database, and none is yet: every dry run has
/// nothing to decide again, and its page says so.
pub(super) async fn past(_ctx: &Context, _partner: Partner) -> Result<Vec<PastRequest>, Error> {
    Ok(Vec::new())
}
