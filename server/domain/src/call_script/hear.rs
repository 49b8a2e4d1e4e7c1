//! What is said about a caller's case at a node: decided each time anew, by how far the caller is verified and by what protects the
//! case at this moment.

use shared::call_script::CaseBlock;
use shared::case_status::CaseStatusView;
use shared::locale::Locale;
use shared::processing_time::{Verdict, Working, office_for};
use shared::protection::{Channel, Outcome, decide};
use store::call_script::StoredCall;
use store::engine::Connection;
use uuid::Uuid;

use crate::case_status::{self, CaseStatus};
use crate::processing_time::{CaseInQuestion, category_of, of_form};
use crate::service_request::{RequestView, is_open, view_of};
use crate::{Context, Error};

/// What an agent may read to this caller at a node about a case.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Where the case stands, or where its mail is, in both languages.
    Case(Box<[CaseStatusView; 2]>),
    /// From when on one may ask about the case, and from what that follows.
    Eligibility {
        working: Working,
        verdict: Verdict,
    },
    Requests(Vec<RequestView>),
    /// The caller is not verified far enough for this.
    NotVerified,
    /// There is nothing that may be said: no case was named, it is unknown or protected, or it has nothing of the kind.
    Nothing,
}

impl Heard {
    /// Whether something can be told.
    pub const fn is_something(&self) -> bool {
        !matches!(self, Self::NotVerified | Self::Nothing)
    }
}

/// The caller's case, if it may be spoken of on the telephone now.
pub(super) async fn case_of(ctx: &Context, connection: &mut Connection, call: &StoredCall) -> Result<Option<Uuid>, Error> {
    let Some(case) = call.case else { return Ok(None) };
    let Some(number) = store::notification::number_of_case(connection, case).await? else { return Ok(None) };
    let record = store::case_status::look_up(connection, &number).await?;
    let may_be_told = record.is_known() && decide(record.markers(), Channel::Telephone, ctx.today()) == Outcome::Show;
    Ok(may_be_told.then_some(case))
}

/// What may be said at a node.
pub(super) async fn hear(ctx: &Context, call: &StoredCall, block: CaseBlock) -> Result<Heard, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(case) = case_of(ctx, &mut connection, call).await? else { return Ok(Heard::Nothing) };
    if !call.verified.may_hear(block) {
        return Ok(Heard::NotVerified);
    }
    let number = store::notification::number_of_case(&mut connection, case).await?.ok_or(Error::Internal)?;
    let requests = match block {
        CaseBlock::Requests => store::service_request::of_case(&mut connection, case).await?,
        _ => Vec::new(),
    };
    // Never one connection while waiting for another.
    drop(connection);
    if block == CaseBlock::Requests {
        return under_way(ctx, requests).await;
    }
    let Some(status) = case_status::recorded(ctx, &number, ctx.now()).await? else { return Ok(Heard::Nothing) };
    if block == CaseBlock::Eligibility {
        return eligibility(ctx, &status).await;
    }
    let views = Locale::ALL.map(|locale| case_status::view(ctx, &status, locale));
    if block == CaseBlock::Delivery && views[0].deliveries.is_empty() {
        return Ok(Heard::Nothing);
    }
    Ok(Heard::Case(Box::new(views)))
}

async fn under_way(ctx: &Context, requests: Vec<Uuid>) -> Result<Heard, Error> {
    let mut views = Vec::new();
    for id in requests {
        let row = store::service_request::find(&mut ctx.store.read_primary().await?, id).await?;
        if let Some(row) = row.filter(is_open) {
            views.push(view_of(ctx, &row).await?);
        }
    }
    Ok(if views.is_empty() { Heard::Nothing } else { Heard::Requests(views) })
}

/// By the time published for the office that has the case.
async fn eligibility(ctx: &Context, status: &CaseStatus) -> Result<Heard, Error> {
    let case = CaseInQuestion::of(ctx, status);
    if !case.waits {
        return Ok(Heard::Nothing);
    }
    let postings = of_form(ctx, &case.form).await?;
    let category = category_of(&case, &postings);
    let office = case.office.as_ref().map(|current| office_for(&case.form, current, None).0);
    let posted = postings.iter().find(|posting| Some(&posting.category) == category && Some(&posting.office) == office);
    let working = Working::of(case.received, posted.map(|posting| &posting.posted));
    Ok(Heard::Eligibility { working, verdict: working.verdict(ctx.today()) })
}
