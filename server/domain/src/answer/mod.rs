//! The answer to a service request, from the first word until the person says whether it helped.
//!
//! An officer writes a draft ([`save`]) that is looked at ([`work`] shows the findings), releases it ([`release`]), or has a second
//! person do so ([`review`]) where the kind of request wants it. What is released is frozen: the words to be read online, and a copy on
//! paper for each who gets one. Mails say only that there is an answer ([`mail`]); letters are printed in batches ([`print`]). The
//! person reads it at the page of the request, and may say once that it did not help ([`did_not_help`]).
//!
//! Whether the case may be told of is asked at each of these steps again.

mod came_back;
mod command;
mod complaint;
mod demo;
mod facts;
mod look_back;
mod mail;
mod preview;
mod print;
mod read;
mod release;
mod template;
#[cfg(test)]
pub(crate) mod tests;
mod write;

use std::collections::BTreeSet;

use shared::answer::CheckSettings;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::protection::{Channel, Outcome, decide};
use shared::service_request::RequestKind;
use store::engine::Connection;
use store::service_request::StoredRequest;

pub use came_back::{CameBack, came_back};
pub use command::{CommandPage, Settled, ask_case_system, commands, commands_after, settle};
pub use complaint::{LONGEST_COMPLAINT, NotHelped, did_not_help};
pub use demo::{DEMO_ZIP, DemoRequest, seed_demo};
pub use look_back::LookedBack;
pub(crate) use look_back::look_back;
pub(crate) use mail::{AnswerMail, mail, mail_settled};
pub use preview::{Preview, preview};
pub use print::{
    BatchOverview, Letter, Printing, Waiting, acknowledge, acknowledge_as_operator, batch_at_hand, batches, begin_batch,
    begin_batches, handed_out, laid_down, letters_waiting, one_document, open_batches,
};
pub use read::{AnswerView, Exchanged, answers_of, copy, document, exchanged, keep_hash};
pub use release::{Released, Verdict, release, review, to_review};
pub use store::answer::{AnswerState, Batch, StoredCommand, StoredRecipient, StoredTemplate};
pub use template::{SavedTemplate, retire_template, save_template, templates};
pub use write::{Discarded, Saved, UnderWay, Work, discard, save, second_reading, under_way, work};

use crate::{Context, Error};

/// How answers are written in an installation.
#[derive(Debug, Clone)]
pub struct AnswerSettings {
    pub check: CheckSettings,
    /// Kinds of requests whose answers a second person releases.
    pub reviewed: BTreeSet<RequestKind>,
    pub agency_en: String,
    pub agency_es: String,
    /// Under the agency's name: its address for returned mail.
    pub letterhead: Vec<String>,
    pub telephone: String,
    /// The agency's own address for mail, which may stand in an answer.
    pub email: Option<String>,
}

impl Default for AnswerSettings {
    fn default() -> Self {
        Self {
            check: CheckSettings::default(),
            reviewed: BTreeSet::new(),
            agency_en: "Office of Immigration Benefits".to_owned(),
            agency_es: "Oficina de Beneficios de Inmigración".to_owned(),
            letterhead: Vec::new(),
            telephone: "1-800-555-0100".to_owned(),
            email: None,
        }
    }
}

impl AnswerSettings {
    fn agency(&self, locale: Locale) -> &str {
        locale.pick(&self.agency_en, &self.agency_es)
    }
}

/// The office that a request lies with; an operation on one that lies nowhere is refused.
pub(crate) fn office_of(row: &StoredRequest) -> Result<OfficeCode, Error> {
    row.office.as_deref().and_then(|office| OfficeCode::parse(office).ok()).ok_or(Error::Refused)
}

/// What protects the case of a request, asked now.
async fn outcome(ctx: &Context, connection: &mut Connection, row: &StoredRequest, channel: Channel) -> Result<Outcome, Error> {
    let record = store::case_status::look_up(connection, &row.receipt_number).await?;
    let is_known = record.is_known();
    Ok(if is_known { decide(record.markers(), channel, ctx.today()) } else { Outcome::Hide })
}

/// Whether something may be told on a channel.
pub(crate) async fn may_tell(
    ctx: &Context,
    connection: &mut Connection,
    row: &StoredRequest,
    channel: Channel,
) -> Result<bool, Error> {
    Ok(outcome(ctx, connection, row, channel).await? == Outcome::Show)
}
