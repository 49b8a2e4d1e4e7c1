//! The mail that there is an answer. It says nothing of it: mailboxes are read by others, too.

use shared::answer::{Delivery, Recipient};
use shared::case_feed::Email;
use shared::locale::Locale;
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use store::answer as rows;
use store::engine::Connection;
use store::notification::{Due, Outcome};
use store::service_request;

use super::facts::Material;
use super::may_tell;
use crate::{Context, Error};

/// To whom it goes, and of which request.
#[derive(Debug)]
pub(crate) struct AnswerMail {
    pub to: Sensitive<Email>,
    pub locale: Locale,
    /// As people read it.
    pub number: String,
}

/// The mail of a row about an answer: none of a row that is about none; nothing to send if the case is hidden by now, or the
/// answer was withdrawn with its address.
pub(crate) async fn mail(ctx: &Context, due: &Due) -> Result<Option<Option<AnswerMail>>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let Some(recipient) = rows::recipient(&mut connection, due.change).await? else { return Ok(None) };
    let Some(answer) = rows::find(&mut connection, recipient.answer).await? else { return Ok(Some(None)) };
    let Some(row) = service_request::find(&mut connection, due.subject).await? else { return Ok(Some(None)) };
    // Whoever follows the mail comes to a public page.
    if !may_tell(ctx, &mut connection, &row, Channel::Public).await? {
        return Ok(Some(None));
    }
    let material = Material::of(ctx, &mut connection, row).await?;
    let to = match recipient.recipient {
        Recipient::Person => material.email(),
        Recipient::Representative => material.representative_email(),
    };
    let number = material.row.number.grouped();
    Ok(Some(to.map(|to| AnswerMail { to: Sensitive::new(to), locale: answer.locale, number })))
}

/// Notes with the answer what became of its mail. A mail that nobody takes has come back.
pub(crate) async fn mail_settled(ctx: &Context, transaction: &mut Connection, due: &Due, outcome: &Outcome) -> Result<(), Error> {
    let next: &[Delivery] = match outcome {
        Outcome::Sent => &[Delivery::Sent],
        Outcome::Dropped | Outcome::Dead(_) => &[Delivery::Sent, Delivery::Returned],
        Outcome::TryLater(..) => &[],
    };
    let Some(recipient) = rows::recipient(transaction, due.change).await? else { return Ok(()) };
    let mut state = recipient.state;
    for next in next {
        if state.then(*next).is_ok() {
            rows::set_delivery(transaction, recipient.id, state, *next, ctx.now()).await?;
            state = *next;
        }
    }
    Ok(())
}
