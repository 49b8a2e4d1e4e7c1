//! e-Request: asking the agency about a case in writing.
//!
//! Every field that any form may ask is one enum, [`Field`]; which of them a request of a kind asks, in what words, after what
//! wait and for whom is data ([`Rule`]). So the portal, staff who take a request by telephone, and call scripts fill in one
//! form. What was typed is kept as [`Answers`] until it is sent.

mod answers;
mod eligibility;
mod field;
mod rule;
mod step;
mod wording;

pub use answers::Answers;
pub use eligibility::{CaseFacts, Eligibility, MailFact, NoticeFact, Refusal, Working, eligibility};
pub use field::{Field, FieldKind, FieldProblem, WhichDay, plain_category};
pub use rule::{Asked, CASE, Need, Route, Rule, Wait};
pub use step::Step;
pub use wording::{FieldWording, KindWording};
