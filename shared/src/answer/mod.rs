//! The answer to a service request: what an officer writes, what is looked at before it goes out, and the letter it becomes.
//!
//! * [`Text`] is text with typed [`Placeholder`]s, [`Template`] a text in both languages that officers begin with;
//! * [`Draft`] is what an officer has written, [`blocks`] how its text is laid out, [`Issue`] what it has to speak of;
//! * [`check`] finds what is wrong with it before it is released: pure functions over the draft and what is known of the case;
//! * [`grade`] says how many years of school its text takes;
//! * [`content`] puts it into a letter; [`Recipient`]s are told apart, each with its [`Channel`] and its [`Delivery`].
//!
//! `docs/answers.md` follows an answer from the first word to the person who says that it did not help.

mod block;
mod check;
mod command;
mod draft;
mod grade;
mod issue;
mod name;
mod personal;
mod placeholder;
mod recipient;
mod render;
mod sentence;
mod template;
mod wording;

pub use block::{blocks, plain_text};
pub use check::{CheckSettings, Finding, Known, Place, Rule, Severity, blocks_release, check};
pub use command::{Command, CommandKind, CommandState};
pub use draft::{Draft, Form, LONGEST_TEXT, Next, Stage};
pub use grade::grade;
pub use issue::{Issue, issues};
pub use name::{WrittenName, names_in};
pub use personal::Own;
pub use placeholder::{Origin, Placeholder, Value, ValueKind, Values};
pub use recipient::{Channel, Delivery, Recipient};
pub use render::{Copy, Facts, People, content};
pub use template::{Piece, Template, TemplateError, TemplateKey, TemplateUse, Text, TextError};
