//! Following a case, and what is sent about it.
//!
//! Everything that is to be sent begins as a row of the outbox, in the transaction of its cause: somebody's request to follow
//! a case, or a change of a case that somebody follows. A job claims rows, and for each asks [`prepare`] what is to be said
//! now; protection and the follower's wish are looked at again then. The job sends, outside any transaction, and [`settle`]s.
//!
//! Whoever asks to follow a case gets the same answer at once, whatever the case is. Whether it may be followed, and by who
//! knows what was given, is decided by the job: neither the answer nor its time tells anything.

mod change;
mod follow;
mod outbox;
mod webhook;

#[cfg(test)]
mod tests;

pub use follow::{Answer, Confirmed, confirm, draft, request_to_follow, stop};
pub(crate) use outbox::requests_since;
pub use outbox::{Content, Failed, Mail, Overview, Prepared, claim, overview, prepare, retry, retry_all, settle, settle_as};
pub use store::notification::{Dead, Due, Kind, Means, Outcome, Standing, Webhook};
pub use webhook::{
    AT_ONCE, Call, MOST, SECRET_PREFIX, Subscribed, add_webhook, remove_webhook, subscribe, subscriptions, unsubscribe, webhooks,
};
