//! Who gets an answer, by what means, and what became of it: each by itself.

use thiserror::Error;

/// Who gets an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Recipient {
    /// Who made the request.
    Person,
    /// The representative on file (Form G-28).
    Representative,
}

impl Recipient {
    pub const ALL: [Self; 2] = [Self::Person, Self::Representative];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Representative => "representative",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipient| recipient.key() == key)
    }
}

/// How an answer goes to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    Letter,
    Email,
    Telephone,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Letter, Self::Email, Self::Telephone];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Email => "email",
            Self::Telephone => "telephone",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Delivery {
    /// It is ready to go.
    Prepared,
    /// A mail server has taken it, or it stands in a batch for the printer.
    Sent,
    /// Who printed it says that it was mailed, or an officer that it was said.
    Acknowledged,
    /// It came back.
    Returned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("what is {} does not become {}", .0.key(), .1.key())]
pub struct NotNow(Delivery, Delivery);

impl Delivery {
    pub const ALL: [Self; 4] = [Self::Prepared, Self::Sent, Self::Acknowledged, Self::Returned];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sent => "sent",
            Self::Acknowledged => "acknowledged",
            Self::Returned => "returned",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delivery| delivery.key() == key)
    }

    /// What comes next. What was returned has come to its end; whatever was not sent cannot come back.
    pub fn then(self, next: Self) -> Result<Self, NotNow> {
        match (self, next) {
            (Self::Prepared, Self::Sent) | (Self::Sent, Self::Acknowledged) | (Self::Sent | Self::Acknowledged, Self::Returned) => {
                Ok(next)
            }
            _ => Err(NotNow(self, next)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        assert!(Recipient::ALL.into_iter().all(|it| Recipient::from_key(it.key()) == Some(it)));
        assert!(Channel::ALL.into_iter().all(|it| Channel::from_key(it.key()) == Some(it)));
        assert!(Delivery::ALL.into_iter().all(|it| Delivery::from_key(it.key()) == Some(it)));
    }

    #[test]
    fn an_answer_goes_one_way_only() {
        let rows = ["prepared: sent", "sent: acknowledged returned", "acknowledged: returned", "returned:"];
        for (from, row) in Delivery::ALL.into_iter().zip(rows) {
            let next: Vec<_> = Delivery::ALL.into_iter().filter(|next| from.then(*next) == Ok(*next)).map(Delivery::key).collect();
            assert_eq!(format!("{}: {}", from.key(), next.join(" ")).trim(), row);
        }
        assert_eq!(Delivery::Returned.then(Delivery::Sent).unwrap_err().to_string(), "what is returned does not become sent");
    }
}
