//! How many requests of any kind an address may send. Look-ups have limits of their own in the domain.

use std::net::IpAddr;
use std::num::NonZeroU32;

use app::console::site::is_console;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ClientIp;
use domain::case_status::limits::TooMany;
use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::App;
use super::machines::shape_of;
use crate::settings::{Settings, Surface};

struct Limiter(DefaultKeyedRateLimiter<IpAddr>);

/// Pages, officers and machines apart: behind one address a machine asks faster than people can, and an office of people faster
/// than one household.
pub struct Limits {
    pages: Limiter,
    console: Limiter,
    machines: Limiter,
}

/// Clients remembered before those who have been quiet are forgotten.
const CLIENTS: usize = 50_000;

impl Limits {
    pub fn new(settings: &Settings) -> Self {
        Self {
            pages: Limiter::new(settings.requests_per_minute),
            console: Limiter::new(settings.console_requests_per_minute),
            machines: Limiter::new(settings.api_requests_per_minute),
        }
    }
}

impl Limiter {
    fn new(per_minute: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(per_minute)))
    }

    fn check(&self, client: ClientIp) -> Result<(), TooMany> {
        if self.0.len() > CLIENTS {
            self.0.retain_recent();
        }
        let refused = |until: governor::NotUntil<_>| TooMany::until(until.wait_time_from(self.0.clock().now()));
        self.0.check_key(&client.client()).map_err(refused)
    }
}

/// Files that a page brings along, several at once or each time, and that browsers keep: they are free.
const FREE: [&str; 3] = ["/pkg/", "/favicon.", "/service-worker.js"];

/// Refuses a request of an address that sent too many.
#[expect(clippy::result_large_err, reason = "an answer is as large as it is, and is sent")]
pub fn check(app: &App, request: &Request, client: ClientIp) -> Result<(), Response> {
    let path = request.uri().path();
    if FREE.iter().any(|prefix| path.starts_with(prefix)) {
        return Ok(());
    }
    let limiter = match shape_of(path) {
        Some(_) => &app.rate.machines,
        None if is_console(path) && app.settings.offers(Surface::Console) => &app.rate.console,
        None => &app.rate.pages,
    };
    limiter.check(client).map_err(|TooMany { retry_after_seconds }| {
        (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, retry_after_seconds.to_string())]).into_response()
    })
}
