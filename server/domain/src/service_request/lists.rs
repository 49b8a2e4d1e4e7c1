//! An office's lists, page by page, and how many requests are in each.

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use shared::case_status::ReceiptNumber;
use shared::office::OfficeCode;
use shared::service_request::{Chosen, Order, Queue, soon};
use store::request_queue::{self, Asked, Direction, Listed, Mark, Page};

use super::read::may_see_case;
use super::{holidays, promise};
use crate::{Action, Context, Error, Officer};

/// Requests on a page, unless somebody wants fewer or more.
const ON_A_PAGE: usize = 50;

/// Most requests on a page.
const LARGEST_PAGE: usize = 100;

/// A list that is asked for. Nothing of it is personal: it may stand in an address.
#[derive(Debug, Clone)]
pub struct List {
    pub office: OfficeCode,
    pub queue: Queue,
    pub chosen: Chosen,
    pub order: Order,
    pub direction: Direction,
    pub page: Page,
    /// Requests on a page.
    pub size: usize,
}

impl List {
    /// The first page of a list in its usual order.
    pub fn of(office: OfficeCode, queue: Queue) -> Self {
        // What was closed last is asked for first.
        let direction = if queue == Queue::Closed { Direction::Falling } else { Direction::Rising };
        let order = queue.orders().first().copied().unwrap_or(Order::Due);
        Self { office, queue, chosen: Chosen::default(), order, direction, page: Page::First, size: ON_A_PAGE }
    }
}

/// A request in a list.
#[derive(Debug, Clone)]
pub struct Shown {
    pub listed: Listed,
    /// None where the case is protected, and the officer is not one of those who may see that.
    pub receipt_number: Option<ReceiptNumber>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct ListPage {
    pub requests: Vec<Shown>,
    /// From where the page before goes back.
    pub before: Option<Mark>,
    /// From where the next page goes on.
    pub after: Option<Mark>,
}

/// A page of a list of an office.
pub async fn list(ctx: &Context, officer: &Officer, list: &List) -> Result<ListPage, Error> {
    officer.check(Action::ReadRequests, &list.office)?;
    if !list.chosen.is_legal() || !list.queue.orders().contains(&list.order) {
        return Err(Error::Refused);
    }
    let (today, size) = (ctx.today(), list.size.clamp(1, LARGEST_PAGE));
    let asked = Asked {
        office: &list.office,
        queue: list.queue,
        officer: officer.officer_id(),
        today,
        soon: soon(today, &holidays()),
        chosen: &list.chosen,
        received_before: list.chosen.days_old.and_then(|days| end_of(ctx, today - TimeDelta::days(days.into()))),
        order: list.order,
        direction: list.direction,
        page: list.page,
        // One more tells whether there is another page.
        most: i64::try_from(size).unwrap_or(i64::MAX) + 1,
    };
    let mut found = request_queue::list(&mut ctx.store.read_primary().await?, &asked).await?;
    let is_more = found.len() > size;
    let is_backwards = matches!(list.page, Page::Before(_) | Page::Last);
    if is_more && is_backwards {
        found.remove(0);
    } else {
        found.truncate(size);
    }
    let (is_before, is_after) = match list.page {
        Page::First => (false, is_more),
        Page::After(_) => (true, is_more),
        Page::Before(_) => (is_more, true),
        Page::Last => (is_more, false),
    };
    Ok(ListPage {
        before: found.first().filter(|_| is_before).map(|first| asked.mark(first)),
        after: found.last().filter(|_| is_after).map(|last| asked.mark(last)),
        requests: found.into_iter().map(|listed| shown(ctx, officer, &list.office, listed)).collect(),
    })
}

/// The instant with which a day ends at the agency.
fn end_of(ctx: &Context, day: NaiveDate) -> Option<chrono::DateTime<Utc>> {
    let midnight = day.succ_opt()?.and_time(NaiveTime::MIN);
    ctx.zone.from_local_datetime(&midnight).earliest().map(|at| at.to_utc())
}

pub(super) fn shown(ctx: &Context, officer: &Officer, office: &OfficeCode, listed: Listed) -> Shown {
    let may_see = may_see_case(ctx, officer, office, &listed);
    Shown { receipt_number: may_see.then(|| listed.receipt_number.clone()), listed }
}

/// How many requests there are in each list of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts([(Queue, u64); Queue::ALL.len()]);

impl Counts {
    pub fn of(&self, queue: Queue) -> u64 {
        self.0.iter().find(|(known, _)| *known == queue).map_or(0, |(_, requests)| *requests)
    }

    pub const fn all(&self) -> &[(Queue, u64); Queue::ALL.len()] {
        &self.0
    }
}

/// How many requests there are in each list of an office, for who asks. Protected cases count: whoever works there does, too.
pub async fn counts(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Counts, Error> {
    officer.check(Action::ReadRequests, office)?;
    let (today, who) = (ctx.today(), officer.officer_id());
    let soon = soon(today, &holidays());
    let kept = request_queue::counts(&mut ctx.store.read_primary().await?, office, who, today, soon).await?;
    let of = |queue: Queue| kept.iter().find(|(known, _)| *known == queue).map_or(0, |(_, requests)| *requests);
    Ok(Counts(Queue::ALL.map(|queue| (queue, u64::try_from(of(queue)).unwrap_or(0)))))
}

/// The requests that came to no office in the time that was promised; the oldest first. They are nobody's, so any supervisor sees
/// them.
pub async fn unrouted(ctx: &Context, officer: &Officer) -> Result<Vec<Shown>, Error> {
    officer.check_somewhere(Action::AssignRequests)?;
    let mut connection = ctx.store.read_primary().await?;
    let promised = promise(shared::service_request::Target::THIRTY_DAYS).routed;
    let most = i64::try_from(ON_A_PAGE).unwrap_or(i64::MAX);
    let ids = request_queue::arriving(&mut connection, ctx.now() - promised, most).await?;
    let listed = request_queue::listed(&mut connection, &ids).await?;
    let offices = officer.offices(Action::AssignRequests);
    let office = offices.first().ok_or(Error::Refused)?;
    Ok(listed.into_iter().map(|listed| shown(ctx, officer, office, listed)).collect())
}
