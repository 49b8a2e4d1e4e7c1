//! How many people with the same form, category and office wait from an earlier date: counted once a day, told about a case
//! that waits, rounded, and not at all where they are few.
//!
//! Only cases that the public is shown are counted, by what it is shown of them. So nothing can follow from the number about
//! a case that is hidden: it is not in it. For the others rounding and threshold see to it that a number tells of nobody
//! (`shared::waiting`).

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use shared::case_status::FormNumber;
use shared::waiting::more_than;
pub use store::waiting::Told;
use store::waiting::{Count, Queue, Step};
use uuid::Uuid;

use crate::case_status::some_shown_after;
use crate::processing_time::{CaseInQuestion, Posting, category_of};
use crate::{Action, Actor, Context, Error};

/// Cases that are read at once.
const SOME: i64 = 200;
/// Between two readings: the requests go first.
const PAUSE: Duration = Duration::from_millis(2);
/// Steps that are written in one transaction: nobody else waits long for the writer.
const STEPS: usize = 1000;
/// A count that was begun longer ago than this was left: whoever was at it has ended.
const LEFT_AFTER: TimeDelta = TimeDelta::hours(1);

/// Counts everybody who waits, unless that was done today, here or on another server. Whether it counted.
pub async fn count(ctx: &Context, actor: Actor, threshold: NonZeroU32) -> Result<bool, Error> {
    actor.check(Action::Upkeep)?;
    let wanted = Count { day: ctx.today(), threshold: threshold.get() };
    let newest = store::waiting::newest(&mut ctx.store.read_primary().await?).await?;
    // With another threshold than another server's: the higher one counts.
    if newest.is_some_and(|newest| newest >= wanted) {
        return Ok(false);
    }
    let Some(id) = claim(ctx, wanted).await? else { return Ok(false) };
    let queues = count_queues(ctx).await?;
    let steps: Vec<(&Queue, Step)> =
        queues.iter().flat_map(|(queue, days)| steps(days, threshold).map(move |step| (queue, step))).collect();
    for some in steps.chunks(STEPS) {
        let mut transaction = ctx.store.begin().await?;
        store::waiting::add_steps(&mut transaction, id, some).await?;
        transaction.commit().await?;
    }
    let mut transaction = ctx.store.begin().await?;
    let finished = store::waiting::finish(&mut transaction, id, ctx.now()).await?;
    if finished {
        store::waiting::forget_before(&mut transaction, wanted).await?;
    }
    transaction.commit().await?;
    tracing::info!(queues = queues.len(), steps = steps.len(), finished, "counted who waits");
    Ok(finished)
}

async fn claim(ctx: &Context, wanted: Count) -> Result<Option<Uuid>, Error> {
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    let mut transaction = ctx.store.begin().await?;
    let is_ours = store::waiting::claim(&mut transaction, wanted, id, now, now - LEFT_AFTER).await?;
    transaction.commit().await?;
    Ok(is_ours.then_some(id))
}

/// How many were received on each day.
type Days = BTreeMap<NaiveDate, u64>;

/// Whoever waits, by the queue they stand in.
async fn count_queues(ctx: &Context) -> Result<BTreeMap<Queue, Days>, Error> {
    let published = published(ctx).await?;
    let mut queues: BTreeMap<Queue, Days> = BTreeMap::new();
    let mut after = Uuid::nil();
    loop {
        let (shown, last) = some_shown_after(ctx, after, SOME).await?;
        let Some(last) = last else { return Ok(queues) };
        after = last;
        for case in shown {
            let case = CaseInQuestion::of(ctx, &case);
            if let Some(queue) = queue_of(&case, &published).filter(|_| case.waits) {
                *queues.entry(queue).or_default().entry(case.received).or_default() += 1;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is published now, by form.
async fn published(ctx: &Context) -> Result<HashMap<FormNumber, Vec<Posting>>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let mut published = HashMap::new();
    for form in store::processing_time::forms(&mut connection).await? {
        let postings = store::processing_time::current(&mut connection, &form).await?;
        published.insert(form, postings);
    }
    Ok(published)
}

/// The queue that a case stands in: the one of the time that counts for it, as far as the case tells.
fn queue_of(case: &CaseInQuestion, published: &HashMap<FormNumber, Vec<Posting>>) -> Option<Queue> {
    let postings = published.get(&case.form)?;
    let category = category_of(case, postings)?;
    let office = case.office.as_ref()?;
    let posting = postings.iter().find(|posting| posting.category == *category && posting.office == *office)?;
    Some(queue(posting))
}

fn queue(posting: &Posting) -> Queue {
    Queue { form: posting.form.clone(), category: posting.category.clone(), office: posting.office.clone() }
}

/// The days from which another number is told.
fn steps(days: &Days, threshold: NonZeroU32) -> impl Iterator<Item = Step> {
    let (mut people, mut last) = (0, None);
    days.iter().filter_map(move |(day, received)| {
        people += received;
        let told = more_than(people, threshold)?;
        let from = day.succ_opt()?;
        (last.replace(told) != Some(told)).then_some(Step { from, told })
    })
}

/// Than how many people more wait from an earlier date than a case, among those of the published time that counts for it. None
/// if they are few, and for a case that waits no longer. The date is the case's own: nobody can try others.
pub async fn before(ctx: &Context, case: &CaseInQuestion, counts: &Posting) -> Result<Option<Told>, Error> {
    if !case.waits {
        return Ok(None);
    }
    Ok(store::waiting::told(&mut ctx.store.read().await?, &queue(counts), case.received).await?)
}
