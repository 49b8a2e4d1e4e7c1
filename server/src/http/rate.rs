//! How many requests of any kind a client may send. Look-ups have limits of their own in the domain.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
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

/// Files with a hash in their name are free: a page needs several at once, and browsers keep them.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/pkg/") {
        return next.run(request).await;
    }
    let client = request.extensions().get::<ClientIp>().copied();
    match client.and_then(|client| app.rate.check(client)) {
        Some(seconds) => {
            let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        None => next.run(request).await,
    }
}
