//! Processing times: what the agency publishes each month, coming in and being asked for, and the verdict on a case.
//!
//! The rule itself is `shared::processing_time`.

mod calendar;
mod file;

#[cfg(test)]
mod tests;

pub use calendar::calendar_file;
pub use store::processing_time::Posting;

use chrono::NaiveDate;
use shared::case_status::{FormNumber, ReceiptNumber};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::processing_time::{CategoryKey, category_for};

use crate::case_status::{CaseStatus, find_kept};
use crate::{Action, Actor, Context, Error};

/// Takes an edition in: CSV, or the JSON of the agency's present service. Every line must be right: half an edition would send
/// people away from a form, or to it, on a wrong day. Gives the number of new or changed times.
///
/// # Errors
/// [`Error::Unusable`] with the place and what to do.
pub async fn import(ctx: &Context, actor: Actor, text: &str) -> Result<usize, Error> {
    actor.check(Action::ChangeReference)?;
    let postings = file::read(text, ctx.today())?;
    let mut transaction = ctx.store.begin().await?;
    let mut changed = 0;
    for posting in &postings {
        changed += usize::from(store::processing_time::add(&mut transaction, posting, ctx.now()).await?);
    }
    if changed > 0 {
        let detail = serde_json::json!({ "changed": changed, "of": postings.len() });
        ctx.audit(&mut transaction, actor, "processing_time.import", "processing_times", detail).await?;
    }
    transaction.commit().await?;
    Ok(changed)
}

/// A form about which anything is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedForm {
    pub form: FormNumber,
    pub name_en: String,
    pub name_es: String,
}

/// The forms with a published time, in the order of their numbers.
pub async fn forms(ctx: &Context) -> Result<Vec<ListedForm>, Error> {
    let forms = store::processing_time::forms(&mut ctx.store.read().await?).await?;
    let texts = ctx.texts();
    let name = |form: &FormNumber, locale| texts.form_name(form, locale, ctx.now()).unwrap_or(form.as_str()).to_owned();
    let listed = |form: FormNumber| ListedForm { name_en: name(&form, Locale::En), name_es: name(&form, Locale::Es), form };
    Ok(forms.into_iter().map(listed).collect())
}

/// What is published about a form, by category and office.
pub async fn of_form(ctx: &Context, form: &FormNumber) -> Result<Vec<Posting>, Error> {
    Ok(store::processing_time::current(&mut ctx.store.read().await?, form).await?)
}

/// An office's name; one that is not on the list goes by its code.
pub fn office_name(ctx: &Context, office: &OfficeCode) -> String {
    ctx.texts().office_name(office, ctx.now()).to_owned()
}

/// What the time of a case depends on, as far as a receipt number alone tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseInQuestion {
    pub number: ReceiptNumber,
    pub form: FormNumber,
    pub category: Option<CategoryKey>,
    pub office: Option<OfficeCode>,
    pub received: NaiveDate,
    /// Whether it still waits for its decision.
    pub waits: bool,
}

impl CaseInQuestion {
    pub(crate) fn of(ctx: &Context, case: &CaseStatus) -> Self {
        Self {
            number: case.receipt_number().clone(),
            form: case.form().clone(),
            category: case.category().cloned(),
            office: case.office().cloned(),
            received: case.received_on(ctx),
            waits: case.waits(),
        }
    }
}

/// The category whose time counts for a case, of those published for its form; none if the case does not tell.
pub fn category_of<'p>(case: &CaseInQuestion, of_form: &'p [Posting]) -> Option<&'p CategoryKey> {
    let mut listed: Vec<&CategoryKey> = of_form.iter().map(|posting| &posting.category).collect();
    listed.dedup();
    category_for(case.category.as_ref(), &listed)
}

/// The case that a session asked for, by the rules of its page. None where there is nothing to show.
pub async fn case_in_question(ctx: &Context, typed: &str) -> Result<Option<CaseInQuestion>, Error> {
    Ok(find_kept(ctx, typed).await?.map(|case| CaseInQuestion::of(ctx, &case)))
}
