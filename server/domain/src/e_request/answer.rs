//! The answer before the form: what the record says already, and whether there is a request of this kind.

use chrono::{Days, NaiveDate};
use shared::e_request::{Eligibility, Field, eligibility, plain_category};
use shared::office::OfficeCode;
use shared::processing_time::{CategoryKey, Posted, office_for};
use store::processing_time::Posting;
use store::service_request::{self, StoredRequest};
use uuid::Uuid;

use super::draft::Draft;
use super::proof::{self, Claim};
use crate::case_status::CaseStatus;
use crate::processing_time::{CaseInQuestion, category_of, of_form};
use crate::service_request::{RequestView, is_open, view_of};
use crate::{Context, Error};

/// What is said before anything is asked.
#[derive(Debug)]
pub enum Answer {
    /// What the record says. A request that is made now follows one that was not answered in time.
    Record { eligibility: Eligibility, follows: Option<Uuid> },
    /// Such a request is under way; a new one can be made from this day on.
    Open { request: Box<RequestView>, again_from: NaiveDate },
    /// The case does not answer any more.
    Gone,
}

impl Answer {
    pub fn may_ask(&self) -> bool {
        matches!(self, Self::Record { eligibility: Eligibility::MayAsk(_), .. })
    }
}

/// The answer to a form whose case was proven; asked again on every page that shows anything of the case.
pub async fn answer(ctx: &Context, draft: &Draft) -> Result<Answer, Error> {
    let Some((case, status)) = of_draft(ctx, draft).await? else { return Ok(Answer::Gone) };
    answer_for(ctx, draft, case, &status).await
}

/// The case of a form, if what was typed still agrees with its record, and it may be shown.
pub(super) async fn of_draft(ctx: &Context, draft: &Draft) -> Result<Option<(Uuid, Box<CaseStatus>)>, Error> {
    let (Some(proven), Some(claim)) = (draft.case, Claim::of(&draft.answers)) else { return Ok(None) };
    Ok(proof::check(ctx, &claim).await?.filter(|(case, _)| *case == proven))
}

pub(super) async fn answer_for(ctx: &Context, draft: &Draft, case: Uuid, status: &CaseStatus) -> Result<Answer, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let latest = service_request::latest(&mut connection, case, draft.kind).await?;
    drop(connection);
    let mut follows = None;
    if let Some(latest) = latest.filter(is_open) {
        let again_from = again_from(ctx, &latest);
        if ctx.today() < again_from {
            return Ok(Answer::Open { request: Box::new(view_of(ctx, &latest).await?), again_from });
        }
        follows = Some(latest.id);
    }
    let posted = posted(ctx, draft, status).await?;
    let eligibility = eligibility(draft.rule().wait, &status.facts(ctx, posted), ctx.today());
    Ok(Answer::Record { eligibility, follows })
}

/// The day on which another request of a kind may be made though the last one is open.
fn again_from(ctx: &Context, latest: &StoredRequest) -> NaiveDate {
    let days = u64::from(ctx.limits.settings().request_again_days);
    let waited = ctx.day_of(latest.received_at).checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    // While the clock stands, the day of the answer moves on.
    if matches!(latest.state.as_str(), "waiting_for_person" | "paused") {
        return waited;
    }
    // Whoever was promised an answer sooner need not wait that long for another try.
    latest.due_on.succ_opt().map_or(waited, |overdue| overdue.min(waited))
}

/// The published time of a case. Where the record does not tell the category or the local office, what the person typed does;
/// where neither does, the time that lets them ask soonest counts.
async fn posted(ctx: &Context, draft: &Draft, status: &CaseStatus) -> Result<Option<Posted>, Error> {
    let case = CaseInQuestion::of(ctx, status);
    let postings = of_form(ctx, &case.form).await?;
    let typed = plain_category(draft.answers.typed(Field::Category));
    let is_typed = |key: &&CategoryKey| plain_category(key.as_str()) == typed;
    let category = category_of(&case, &postings).or_else(|| postings.iter().map(|posting| &posting.category).find(is_typed));
    let of_category = |posting: &&Posting| category.is_none_or(|category| posting.category == *category);
    let local = draft.answers.zip().and_then(|zip| ctx.texts().office_of_zip(zip.as_str(), ctx.now()).cloned());
    let office: Option<&OfficeCode> = case.office.as_ref().map(|current| office_for(&case.form, current, local.as_ref()).0);
    let of_category: Vec<&Posting> = postings.iter().filter(of_category).collect();
    let of_office = of_category.iter().filter(|posting| Some(&posting.office) == office);
    let soonest = |postings: &mut dyn Iterator<Item = &&Posting>| {
        let day = |posted: &Posted| shared::processing_time::Working::of(case.received, Some(posted)).ask_from();
        postings.map(|posting| posting.posted).min_by_key(|posted| day(posted).unwrap_or(NaiveDate::MAX))
    };
    Ok(soonest(&mut of_office.clone()).or_else(|| soonest(&mut of_category.iter())))
}
