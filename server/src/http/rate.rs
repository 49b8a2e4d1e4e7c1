//! How many requests of any kind a client may send. Look-ups have limits of their own in the domain.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::Request;
use domain::ClientIp;
use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::App;

pub struct Limiter(DefaultKeyedRateLimiter<IpAddr>);

/// Clients remembered before those who have been quiet are forgotten.
const CLIENTS: usize = 50_000;

impl Limiter {
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(per_minute)))
    }

    /// Seconds to wait, if the client sent too much.
    fn check(&self, client: ClientIp) -> Option<u64> {
        if self.0.len() > CLIENTS {
            self.0.retain_recent();
        }
        let refused = self.0.check_key(&client.client()).err()?;
        Some(refused.wait_time_from(self.0.clock().now()).as_secs() + 1)
    }
}

/// Files that a page brings along, several at once, and that browsers keep: they are free.
const FREE: [&str; 2] = ["/pkg/", "/favicon."];

/// Seconds that a client who sent too much has to wait.
pub fn wait(app: &App, request: &Request, client: ClientIp) -> Option<u64> {
    if FREE.iter().any(|free| request.uri().path().starts_with(free)) {
        return None;
    }
    app.rate.check(client)
}
