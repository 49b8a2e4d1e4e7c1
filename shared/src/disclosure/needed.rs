//! Which messages need a row.

use super::entry::Nature;
use crate::agreement::{Direction, Step};
use crate::partner_query::{Message, Reply};

/// What kind of disclosure a message is; none if it tells nothing about anybody.
///
/// A "no match", a refusal and an error tell nothing and have no row; a "match" without a single element has one, for that a person
/// is known is told. Our own queries always name a person, by prints or by number. What a partner sends us is a partner's disclosure.
pub fn nature(message: &Message, has_prints: bool) -> Option<Nature> {
    match message {
        _ if !message.is_ours() => None,
        Message::Request(_) if has_prints => Some(Nature::OwnQueryWithPrints),
        Message::Request(_) => Some(Nature::OwnQuery),
        Message::Reply(Reply { correction_of: Some(_), .. }) => Some(Nature::Correction),
        Message::Reply(reply) if !reply.tells() => None,
        Message::Reply(reply) if is_automatic(reply) => Some(Nature::AutomaticAnswer),
        Message::Reply(_) => Some(Nature::Answer),
    }
}

/// First and second queries are answered by machine.
const fn is_automatic(reply: &Reply) -> bool {
    matches!(reply.header.step, Step::First | Step::Second) && matches!(reply.header.direction, Direction::In)
}
