//! What an officer has the case system do: asked for here, fetched by it, and confirmed or refused by it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is to be done. The key stands in the database and in the answers of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CommandKind {
    CorrectData,
    ReissueNotice,
    RemailCard,
}

impl CommandKind {
    pub const ALL: [Self; 3] = [Self::CorrectData, Self::ReissueNotice, Self::RemailCard];

    pub const fn key(self) -> &'static str {
        match self {
            Self::CorrectData => "correct_data",
            Self::ReissueNotice => "reissue_notice",
            Self::RemailCard => "remail_card",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What is to be done, with what is needed for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// What is wrong in the record, and what is right.
    CorrectData {
        field: String,
        from: String,
        to: String,
    },
    ReissueNotice {
        notice: String,
    },
    RemailCard,
}

/// It is about a person.
impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Command({})", self.kind().key())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CommandError {
    #[error("{0} is empty")]
    Empty(&'static str),
    #[error("{0} is longer than 200 characters, or has more than one line")]
    NotALine(&'static str),
}

impl Command {
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::CorrectData { .. } => CommandKind::CorrectData,
            Self::ReissueNotice { .. } => CommandKind::ReissueNotice,
            Self::RemailCard => CommandKind::RemailCard,
        }
    }

    /// # Errors
    /// What is missing or no line. What stood in the record before may have been nothing.
    pub fn check(&self) -> Result<(), CommandError> {
        match self {
            Self::CorrectData { field, from, to } => {
                line("the field", field)?;
                line("what is right", to)?;
                if from.is_empty() { Ok(()) } else { line("what is wrong", from) }
            }
            Self::ReissueNotice { notice } => line("the notice", notice),
            Self::RemailCard => Ok(()),
        }
    }
}

fn line(what: &'static str, text: &str) -> Result<(), CommandError> {
    if text.trim().is_empty() {
        return Err(CommandError::Empty(what));
    }
    let is_line = text.chars().count() <= 200 && !text.chars().any(char::is_control);
    if is_line { Ok(()) } else { Err(CommandError::NotALine(what)) }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CommandState {
    Requested,
    /// The case system has fetched it.
    Sent,
    Confirmed,
    Refused,
}

impl CommandState {
    pub const ALL: [Self; 4] = [Self::Requested, Self::Sent, Self::Confirmed, Self::Refused];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Sent => "sent",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether the case system may say this now. What it said once it may say again; it never takes a word back.
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Requested, Self::Sent | Self::Confirmed | Self::Refused)
                | (Self::Sent, Self::Confirmed | Self::Refused)
                | (Self::Confirmed, Self::Confirmed)
                | (Self::Refused, Self::Refused)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_and_json_names_the_kind() {
        let correct = Command::CorrectData { field: "name".into(), from: String::new(), to: "Ana".into() };
        let notice = Command::ReissueNotice { notice: "receipt".into() };
        for (command, kind) in [&correct, &notice, &Command::RemailCard].into_iter().zip(CommandKind::ALL) {
            assert_eq!((command.kind(), CommandKind::from_key(kind.key()), command.check()), (kind, Some(kind), Ok(())));
            let json = serde_json::to_string(command).unwrap();
            assert!(json.contains(kind.key()));
            assert_eq!(serde_json::from_str::<Command>(&json).unwrap(), *command);
        }
        assert!(!format!("{correct:?}").contains("Ana"));
        assert!(CommandState::ALL.into_iter().all(|state| CommandState::from_key(state.key()) == Some(state)));
    }

    #[test]
    fn a_command_that_says_nothing_is_refused() {
        let correct = |to: &str| Command::CorrectData { field: "name".into(), from: "Anna".into(), to: to.into() };
        assert_eq!(correct(" ").check(), Err(CommandError::Empty("what is right")));
        assert_eq!(correct("a\nb").check(), Err(CommandError::NotALine("what is right")));
        assert_eq!(Command::ReissueNotice { notice: "x".repeat(201) }.check(), Err(CommandError::NotALine("the notice")));
    }

    #[test]
    fn the_case_system_takes_no_word_back() {
        use CommandState::{Confirmed, Refused, Requested, Sent};
        for (from, next) in [
            (Requested, vec![Sent, Confirmed, Refused]),
            (Sent, vec![Confirmed, Refused]),
            (Confirmed, vec![Confirmed]),
            (Refused, vec![Refused]),
        ] {
            let may: Vec<_> = CommandState::ALL.into_iter().filter(|to| from.may_become(*to)).collect();
            assert_eq!(may, next, "{from:?}");
        }
    }
}
