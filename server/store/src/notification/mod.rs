//! Who follows a case, and what is to be sent: the outbox.

mod follower;
mod outbox;
mod webhook;

pub use follower::{
    Follower, Identification, NewFollower, add, count_of_address, find, forget_unwatched, identification, number_of_case, remove,
    some_after, take_mark, told, watch,
};
pub use outbox::{
    Dead, Due, Kind, Means, NewMessage, Outcome, Request, Standing, add_change, add_first_messages, add_message, add_messages,
    add_request, claim, dead, expire_requests, forget_finished, note_changes, parameters, pause_after, request, retry, retry_all,
    settle, spend_request, standing,
};
pub use webhook::{
    Subscriber, Webhook, add_webhook, client_of_name, count_subscriptions, remove_webhook, some_subscriptions_after, subscribe,
    subscribed, subscriber, unsubscribe, webhook_of, webhooks,
};
