//! Links that prove by themselves that this service made them: who has one may do one thing with one row.
//!
//! The id is encrypted, not only signed: whoever sees a link in a mailbox learns nothing from it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Context;

/// What a link is good for. A link for one purpose never opens as one for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    ConfirmFollowing,
    StopFollowing,
    ResumeRequest,
    /// Sent to the contact on file before: the page that takes the code.
    ProveAddressChange,
    /// Sent to the contact on file before, and to nobody else.
    DenyAddressChange,
    /// Sent to the contact that a report names.
    SeeAddressChange,
}

impl Purpose {
    const fn key(self) -> &'static str {
        match self {
            Self::ConfirmFollowing => "link: confirm following",
            Self::StopFollowing => "link: stop following",
            Self::ResumeRequest => "link: resume a request",
            Self::ProveAddressChange => "link: prove a change of address",
            Self::DenyAddressChange => "link: deny a change of address",
            Self::SeeAddressChange => "link: see a change of address",
        }
    }
}

/// What a link carries besides: nothing else.
const LENGTH: usize = 16 + 8;
/// Longer than any link.
const LONGEST: usize = 256;

/// Makes a link's token: letters, digits, `-` and `_`. Without an end it is good as long as its row is there.
pub fn make(ctx: &Context, purpose: Purpose, id: Uuid, until: Option<DateTime<Utc>>) -> String {
    let until = until.map_or(i64::MAX, |until| until.timestamp());
    let plain = [id.as_bytes().as_slice(), &until.to_be_bytes()].concat();
    URL_SAFE_NO_PAD.encode(ctx.sealer().seal(purpose.key(), &plain))
}

/// The row that a token is for; none for anything that this service did not make, and for what is over.
pub fn open(ctx: &Context, purpose: Purpose, token: &str) -> Option<Uuid> {
    if token.len() > LONGEST {
        return None;
    }
    let plain = ctx.sealer().open(purpose.key(), &URL_SAFE_NO_PAD.decode(token.trim()).ok()?)?;
    let (id, until) = plain.split_first_chunk::<16>().filter(|_| plain.len() == LENGTH)?;
    let until = i64::from_be_bytes(until.try_into().ok()?);
    (ctx.now().timestamp() < until).then(|| Uuid::from_bytes(*id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::contexts;
    use chrono::TimeDelta;

    #[tokio::test]
    async fn a_link_opens_for_its_purpose_until_its_end() {
        let test = contexts().await.remove(0);
        let (ctx, id) = (&test.ctx, Uuid::from_u128(7));
        let for_a_day = make(ctx, Purpose::ConfirmFollowing, id, Some(ctx.now() + TimeDelta::days(1)));
        let for_ever = make(ctx, Purpose::StopFollowing, id, None);
        assert_eq!(open(ctx, Purpose::ConfirmFollowing, &for_a_day), Some(id));
        assert_eq!(open(ctx, Purpose::StopFollowing, &for_ever), Some(id));
        assert_eq!(open(ctx, Purpose::StopFollowing, &for_a_day), None);
        assert_eq!(open(ctx, Purpose::ConfirmFollowing, &for_ever), None);
        for at in 0..for_ever.len() {
            let mut changed = for_ever.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(open(ctx, Purpose::StopFollowing, &String::from_utf8_lossy(&changed)), None, "{at}");
        }
        for garbage in ["", "?", "é", &for_ever[..20], &"A".repeat(100_000)] {
            assert_eq!(open(ctx, Purpose::StopFollowing, garbage), None);
        }
        test.test.clock.advance(TimeDelta::days(1));
        assert_eq!(open(ctx, Purpose::ConfirmFollowing, &for_a_day), None);
        assert_eq!(open(ctx, Purpose::StopFollowing, &for_ever), Some(id));
    }
}
