//! How much a client may ask: a rate in each server, and a number of requests a day in all servers together.
//!
//! A server takes a day's requests from the database in blocks and counts them down in memory. Several servers may so each
//! hold part of a block that nobody uses any more that day; none can go beyond the day's number.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use governor::clock::Clock as _;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use shared::api_client::Allowance;
use uuid::Uuid;

use super::Authenticated;
use crate::case_status::limits::TooMany;
use crate::{Context, Error};

/// A block is this part of a day's requests, and not more than so many.
const PARTS: u32 = 100;
const LARGEST_BLOCK: u32 = 500;

/// What a client may still ask, as far as this server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Requests in a day.
    pub per_day: u32,
    /// Of them left: in this server's block, and in the database when the block was taken.
    pub left: u32,
    pub resets_at: DateTime<Utc>,
}

/// The clients that this server has heard from.
#[derive(Default)]
pub struct Quotas(Mutex<HashMap<Uuid, Arc<OfClient>>>);

impl std::fmt::Debug for Quotas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quotas")
    }
}

struct OfClient {
    allowance: Allowance,
    rate: DefaultDirectRateLimiter,
    lease: Mutex<Lease>,
}

/// Requests of a day that this server may serve without asking the database.
#[derive(Clone, Copy, Default)]
struct Lease {
    day: NaiveDate,
    left: u32,
    /// Not yet taken by any server when this block was.
    beyond: u32,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Quotas {
    fn of(&self, client: Authenticated) -> Arc<OfClient> {
        let mut clients = lock(&self.0);
        match clients.get(&client.id) {
            Some(known) if known.allowance == client.allowance => Arc::clone(known),
            // A new client, or one who may ask more or less than before.
            _ => {
                let new = Arc::new(OfClient {
                    allowance: client.allowance,
                    rate: RateLimiter::direct(Quota::per_second(client.allowance.per_second)),
                    lease: Mutex::default(),
                });
                clients.insert(client.id, Arc::clone(&new));
                new
            }
        }
    }
}

impl OfClient {
    fn standing(&self, lease: Lease, now: DateTime<Utc>) -> Standing {
        Standing { per_day: self.allowance.per_day.get(), left: lease.left.saturating_add(lease.beyond), resets_at: midnight(now) }
    }

    /// Takes a request from this server's block of today.
    fn take(&self, now: DateTime<Utc>) -> Option<Standing> {
        let mut lease = lock(&self.lease);
        if lease.day != now.date_naive() || lease.left == 0 {
            return None;
        }
        lease.left -= 1;
        Some(self.standing(*lease, now))
    }

    /// Puts a block of today beside what is left, and takes a request from it.
    fn put(&self, block: Lease, now: DateTime<Utc>) -> Standing {
        let mut lease = lock(&self.lease);
        // Two requests at once may both have found the block empty.
        let left = if lease.day == block.day { lease.left } else { 0 };
        *lease = Lease { left: left.saturating_add(block.left).saturating_sub(1), ..block };
        self.standing(*lease, now)
    }
}

/// The end of the day in Greenwich.
fn midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(1)
}

/// Counts a request of a client against its rate and its day.
pub async fn count(ctx: &Context, client: Authenticated) -> Result<Result<Standing, TooMany>, Error> {
    let of_client = ctx.quotas.of(client);
    if let Err(until) = of_client.rate.check() {
        return Ok(Err(TooMany::until(until.wait_time_from(of_client.rate.clock().now()))));
    }
    let now = ctx.now();
    if let Some(standing) = of_client.take(now) {
        return Ok(Ok(standing));
    }
    let until_midnight = (midnight(now) - now).to_std().unwrap_or_default();
    Ok(lease(ctx, client, now).await?.map(|block| of_client.put(block, now)).ok_or_else(|| TooMany::until(until_midnight)))
}

/// Takes a block from the database.
async fn lease(ctx: &Context, client: Authenticated, now: DateTime<Utc>) -> Result<Option<Lease>, Error> {
    let (day, per_day) = (now.date_naive(), client.allowance.per_day.get());
    let block = (per_day / PARTS).clamp(1, LARGEST_BLOCK);
    let mut transaction = ctx.store.begin().await?;
    let taken = store::api_client::lease(&mut transaction, client.id, day, block, per_day).await?;
    transaction.commit().await?;
    Ok(taken.map(|taken| {
        let taken = u32::try_from(taken).unwrap_or(u32::MAX);
        // The last block may reach beyond the day's number.
        Lease { day, left: block - taken.saturating_sub(per_day).min(block), beyond: per_day.saturating_sub(taken) }
    }))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use shared::api_client::{ClientName, Scope};

    use super::*;
    use crate::testing::{TestContext, contexts};
    use crate::{Actor, api_client};

    async fn client(test: &TestContext, per_second: u32, per_day: u32) -> Authenticated {
        let number = |number| NonZeroU32::new(number).unwrap();
        let allowance = Allowance { per_second: number(per_second), per_day: number(per_day) };
        let name = ClientName::parse("reader").unwrap();
        let credentials = api_client::add(&test.ctx, Actor::Operator, &name, Scope::CaseStatus, allowance).await.unwrap();
        Authenticated { id: credentials.client_id.parse().unwrap(), scope: Scope::CaseStatus, allowance }
    }

    /// Requests until one is refused.
    async fn served(ctx: &Context, client: Authenticated) -> (u32, TooMany) {
        let mut served = 0;
        loop {
            match count(ctx, client).await.unwrap() {
                Ok(_) => served += 1,
                Err(refused) => return (served, refused),
            }
        }
    }

    #[tokio::test]
    async fn servers_share_a_day_and_the_next_day_begins_anew() {
        for test in contexts().await {
            let client = client(&test, 1_000_000, 1037).await;
            let mut other = test.ctx.clone();
            other.quotas = Arc::default();
            for _ in 0..5 {
                assert!(count(&other, client).await.unwrap().is_ok());
            }
            let first = count(&test.ctx, client).await.unwrap().unwrap();
            assert_eq!((first.per_day, first.left), (1037, 1037 - 10 - 1), "the other server took a block of ten");
            let (here, refused) = served(&test.ctx, client).await;
            assert_eq!(here + 1, 1037 - 10);
            let (there, _) = served(&other, client).await;
            assert_eq!(there, 5);
            let left = (first.resets_at - test.ctx.now()).num_seconds();
            assert_eq!(i64::from(refused.retry_after_seconds), left + 1);
            test.test.clock.advance(first.resets_at - test.ctx.now());
            assert!(count(&test.ctx, client).await.unwrap().is_ok());
        }
    }

    #[tokio::test]
    async fn a_small_day_is_not_exceeded() {
        for test in contexts().await {
            let client = client(&test, 1_000_000, 3).await;
            assert_eq!(served(&test.ctx, client).await.0, 3);
        }
    }

    #[tokio::test]
    async fn a_second_is_limited() {
        let test = contexts().await.remove(0);
        let client = client(&test, 2, 1_000_000).await;
        let (served, refused) = served(&test.ctx, client).await;
        assert!((2..=3).contains(&served), "{served}");
        assert_eq!(refused.retry_after_seconds, 1);
    }
}
