//! Rules, as supervisors and quality reviewers set them: what is read again after it went out, and what is read before.

use std::collections::BTreeSet;

use shared::office::OfficeCode;
use shared::quality::{Draw, Rule};
use shared::service_request::RequestKind;
use store::quality::{self as rows, StoredRule};
use uuid::Uuid;

use crate::{Action, Context, Error, Officer};

/// Rules of one office are its own people's; one for all offices is for who reads answers of all.
fn may_set(officer: &Officer, office: Option<&OfficeCode>) -> Result<(), Error> {
    match office {
        Some(office) => officer.check(Action::SetReadingRules, office),
        None => officer.check_somewhere(Action::SetRulesEverywhere),
    }
}

/// The rules in use that are for an office of the officer, with whether the officer may end each.
pub async fn rules(ctx: &Context, officer: &Officer) -> Result<Vec<(StoredRule, bool)>, Error> {
    officer.check_somewhere(Action::SetReadingRules)?;
    let all = rows::rules(&mut ctx.store.read_primary().await?).await?;
    let is_theirs =
        |stored: &StoredRule| stored.rule.office.as_ref().is_none_or(|office| officer.may(Action::SetReadingRules, office));
    let with_right = |stored: StoredRule| {
        let may_end = may_set(officer, stored.rule.office.as_ref()).is_ok();
        (stored, may_end)
    };
    Ok(all.into_iter().filter(is_theirs).map(with_right).collect())
}

/// Adds a rule. It is asked of answers that are released from now on.
pub async fn add_rule(ctx: &Context, officer: &Officer, rule: Rule) -> Result<Uuid, Error> {
    may_set(officer, rule.office.as_ref())?;
    if !rule.draw.is_possible() {
        return Err(Error::Unusable(format!("a share is from 1 to 100, and first answers are from 1 to {}", Draw::MOST)));
    }
    let mut transaction = ctx.store.begin().await?;
    let detail = serde_json::json!({
        "office": rule.office.as_ref().map(OfficeCode::as_str),
        "kind": rule.kind.map(RequestKind::key),
        "template": rule.template.as_ref().map(shared::answer::TemplateKey::as_str),
        "draw": rule.draw,
    });
    let stored = StoredRule { id: ctx.clock.new_id(), rule, made_by: officer.id(), made_at: ctx.now() };
    rows::add_rule(&mut transaction, &stored).await?;
    ctx.audit(&mut transaction, officer.actor(), "quality.rule", &stored.id.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(stored.id)
}

/// Ends a rule. What it drew stays to be read. False if it has ended.
pub async fn end_rule(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    officer.check_somewhere(Action::SetReadingRules)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(stored) = rows::rules(&mut transaction).await?.into_iter().find(|stored| stored.id == id) else { return Ok(false) };
    may_set(officer, stored.rule.office.as_ref())?;
    if !rows::end_rule(&mut transaction, id, officer.id(), ctx.now()).await? {
        return Ok(false);
    }
    ctx.audit(&mut transaction, officer.actor(), "quality.rule_end", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(true)
}

/// The kinds of requests whose answers a second person releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// As the supervisors of the office have it.
    pub here: BTreeSet<RequestKind>,
    /// As the installation has it, at every office: nobody takes that away here.
    pub everywhere: BTreeSet<RequestKind>,
}

pub async fn reviewed(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Reviewed, Error> {
    officer.check(Action::RequireReview, office)?;
    let here = rows::reviewed_kinds(&mut ctx.store.read_primary().await?, office).await?;
    Ok(Reviewed { here: here.into_iter().collect(), everywhere: ctx.answers.reviewed.clone() })
}

/// Sets the kinds of requests whose answers a second person releases at an office: these and no others.
pub async fn set_reviewed(
    ctx: &Context,
    officer: &Officer,
    office: &OfficeCode,
    kinds: &BTreeSet<RequestKind>,
) -> Result<(), Error> {
    officer.check(Action::RequireReview, office)?;
    let mut transaction = ctx.store.begin().await?;
    let before: BTreeSet<_> = rows::reviewed_kinds(&mut transaction, office).await?.into_iter().collect();
    for kind in kinds.difference(&before) {
        rows::require_review(&mut transaction, office, *kind, officer.id(), ctx.now()).await?;
        let detail = serde_json::json!({ "kind": kind.key() });
        ctx.audit(&mut transaction, officer.actor(), "quality.require_review", office.as_str(), detail).await?;
    }
    for kind in before.difference(kinds) {
        rows::waive_review(&mut transaction, office, *kind).await?;
        let detail = serde_json::json!({ "kind": kind.key() });
        ctx.audit(&mut transaction, officer.actor(), "quality.waive_review", office.as_str(), detail).await?;
    }
    Ok(transaction.commit().await?)
}
