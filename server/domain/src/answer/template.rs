//! Templates: what officers begin with.

use shared::answer::{Template, TemplateError};
use shared::service_request::RequestKind;
use store::answer::{self as rows, StoredTemplate};

use crate::{Action, Context, Error, Officer};

/// What became of a template that was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum SavedTemplate {
    /// It is kept, as this version.
    Kept(i64),
    /// Nothing was changed.
    Wrong(Vec<TemplateError>),
}

/// Saves a template, or another version of one.
pub async fn save_template(
    ctx: &Context,
    officer: &Officer,
    template: Result<Template, Vec<TemplateError>>,
) -> Result<SavedTemplate, Error> {
    officer.check_somewhere(Action::ChangeTemplates)?;
    let template = match template {
        Ok(template) => template,
        Err(wrong) => return Ok(SavedTemplate::Wrong(wrong)),
    };
    let mut transaction = ctx.store.begin().await?;
    let version = rows::add_template(&mut transaction, &template, &officer.actor().label(), ctx.now()).await?;
    let detail = serde_json::json!({ "version": version });
    ctx.audit(&mut transaction, officer.actor(), "answer.template", template.key().as_str(), detail).await?;
    transaction.commit().await?;
    Ok(SavedTemplate::Kept(version))
}

/// Takes a template out of use. What was written with it stays. False if none is in use under this name.
pub async fn retire_template(ctx: &Context, officer: &Officer, key: &str) -> Result<bool, Error> {
    officer.check_somewhere(Action::ChangeTemplates)?;
    let mut transaction = ctx.store.begin().await?;
    let retired = rows::retire_template(&mut transaction, key, &officer.actor().label(), ctx.now()).await?;
    if retired {
        ctx.audit(&mut transaction, officer.actor(), "answer.template_retire", key, serde_json::json!({})).await?;
        transaction.commit().await?;
    }
    Ok(retired)
}

/// The templates and macros for requests of a kind; all without one.
pub async fn templates(ctx: &Context, officer: &Officer, kind: Option<RequestKind>) -> Result<Vec<StoredTemplate>, Error> {
    officer.check_somewhere(Action::AnswerRequest)?;
    let all = rows::templates(&mut ctx.store.read_primary().await?).await?;
    Ok(all.into_iter().filter(|stored| kind.is_none_or(|kind| stored.template.is_for(kind))).collect())
}
