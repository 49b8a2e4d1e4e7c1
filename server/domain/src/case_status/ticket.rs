//! The ticket of the agency's own page for its JSON: anybody gets one, for a few minutes and for the address it was given to,
//! so that a list of numbers cannot be worked off from many addresses with one.
//!
//! It is a JSON Web Token (RFC 7519) since that is what existing callers expect; only this service reads it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde::Deserialize;
use store::crypto::same;

use crate::{ClientIp, Context};

/// How long a ticket lives.
const LIFE: TimeDelta = TimeDelta::minutes(15);
/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
/// Longer than any ticket.
const LONGEST: usize = 512;

#[derive(Deserialize)]
struct Claims {
    /// Seconds.
    iat: i64,
    exp: i64,
}

/// Makes a ticket for a client.
pub fn issue_ticket(ctx: &Context, client: ClientIp) -> String {
    let now = ctx.now();
    // The address is not in the ticket, only under its signature.
    let claims = format!(r#"{{"iat":{},"exp":{}}}"#, now.timestamp(), (now + LIFE).timestamp());
    let claims = URL_SAFE_NO_PAD.encode(claims);
    let signature = signature(ctx, client, &claims);
    format!("{HEADER}.{claims}.{signature}")
}

/// Whether a ticket was made for this client, not long ago.
pub fn ticket_admits(ctx: &Context, client: ClientIp, ticket: &str) -> bool {
    admits(ctx, client, ticket).unwrap_or(false)
}

fn admits(ctx: &Context, client: ClientIp, ticket: &str) -> Option<bool> {
    if ticket.len() > LONGEST {
        return None;
    }
    let (claims, given) = ticket.strip_prefix(HEADER)?.strip_prefix('.')?.split_once('.')?;
    if !same(signature(ctx, client, claims).as_bytes(), given.as_bytes()) {
        return None;
    }
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    Some((claims.iat..claims.exp).contains(&ctx.now().timestamp()))
}

fn signature(ctx: &Context, client: ClientIp, claims: &str) -> String {
    let signed = format!("{} {HEADER}.{claims}", client.client());
    URL_SAFE_NO_PAD.encode(ctx.sealer().mac("ticket of a client's address", signed.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::contexts;

    fn client(address: &str) -> ClientIp {
        ClientIp(address.parse().unwrap())
    }

    #[tokio::test]
    async fn a_ticket_is_good_for_its_address_and_for_a_while() {
        let test = contexts().await.remove(0);
        let (ctx, here) = (&test.ctx, client("192.0.2.1"));
        let ticket = issue_ticket(ctx, here);
        assert!(ticket_admits(ctx, here, &ticket));
        assert!(!ticket_admits(ctx, client("192.0.2.2"), &ticket));
        for at in 0..ticket.len() {
            let mut changed = ticket.clone().into_bytes();
            changed[at] ^= 1;
            assert!(!ticket_admits(ctx, here, &String::from_utf8_lossy(&changed)), "{at}");
        }
        for garbage in ["", ".", "..", "a.b.c", HEADER, &ticket[..ticket.len() - 1], &"x".repeat(100_000)] {
            assert!(!ticket_admits(ctx, here, garbage));
        }
        // An IPv6 household is one client.
        let household = issue_ticket(ctx, client("2001:db8:1:2::1"));
        assert!(ticket_admits(ctx, client("2001:db8:1:2::9"), &household));
        test.test.clock.advance(LIFE);
        assert!(!ticket_admits(ctx, here, &ticket));
    }
}
