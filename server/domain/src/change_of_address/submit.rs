//! Sending the form: one report, however often it is sent.

use std::collections::BTreeMap;

use shared::address::Place;
use shared::case_feed::Email;
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{AddressChange, ChangeForm, Filing, OldReach, Step};
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use shared::service_request::RequestNumber;
use store::change_of_address::{self as rows, Listed, NewChange, NewReport};
use store::engine::Connection;
use store::look_up_failure;
use uuid::Uuid;

use super::draft::{self, Draft, DraftKey, keep};
use super::proof::Known;
use super::save::{known, other_cases};
use crate::case_status::limits::TooMany;
use crate::case_status::until_midnight;
use crate::{Action, Actor, ClientIp, Context, Error};

/// What became of a form that was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It is stored, now or by an earlier try.
    Stored(Uuid),
    /// This page has to be looked at first.
    GoTo(Step),
    TooMany(TooMany),
    NoDraft,
}

/// Sends a session's form. What is confirmed is in the database.
pub async fn submit(
    ctx: &Context,
    client: ClientIp,
    key: DraftKey,
    typed: &BTreeMap<String, String>,
    locale: Locale,
) -> Result<Submitted, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    let Some(mut draft) = draft::draft(ctx, key).await? else { return Ok(Submitted::NoDraft) };
    if let Some(report) = draft.sent {
        return Ok(Submitted::Stored(report));
    }
    if draft.step_at_hand(ctx) != Step::Check {
        return Ok(Submitted::GoTo(draft.step_at_hand(ctx)));
    }
    draft.take(Step::Check, typed);
    draft.tried(Step::Check);
    let Ok(told) = draft.form.parse(ctx.today()) else {
        keep(ctx, key, &draft).await?;
        return Ok(Submitted::GoTo(Step::Check));
    };
    if let Err(refused) = ctx.limits.count_look_up(client) {
        keep(ctx, key, &draft).await?;
        return Ok(Submitted::TooMany(refused));
    }
    let recognised = known(ctx, &draft).await?;
    if recognised.len() < draft.proven.len() {
        // One was hidden meanwhile: it has to be said before anything is sent.
        draft.set_done(Step::Cases, false);
        keep(ctx, key, &draft).await?;
        return Ok(Submitted::GoTo(Step::Cases));
    }
    let chosen = draft.others.clone().unwrap_or_default();
    let others = other_cases(ctx, &draft).await?.into_iter().filter(|(_, known)| chosen.contains(&known.case));
    let recognised: Vec<(ReceiptNumber, Known)> = recognised.into_iter().chain(others).collect();
    let groups = groups(ctx, &told, &recognised).await?;
    let groups = with_unrecognised(groups, &told, &recognised);
    // What is written holds whole forms: too large for the stack of whoever asks.
    Box::pin(store_report(ctx, key, draft, &told, &groups, locale)).await
}

/// Cases that one proof is good for: what was on file for them before is the same.
struct Group {
    reach: OldReach,
    contact: Option<Sensitive<Email>>,
    /// Where a letter goes.
    place: Option<Place>,
    cases: Vec<Listed>,
}

async fn groups(ctx: &Context, told: &AddressChange, recognised: &[(ReceiptNumber, Known)]) -> Result<Vec<Group>, Error> {
    let mut groups: Vec<Group> = Vec::new();
    for (number, known) in recognised {
        let mut connection = ctx.store.read_primary().await?;
        let mailing = rows::addresses(&mut connection, &ctx.keys, known.case).await?.mailing;
        drop(connection);
        let place = mailing.map(|address| Place::of_mailing(address.expose()));
        let (reach, contact, place) = match (&known.email, place) {
            _ if told.old_address_unsafe => (OldReach::NotSafe, None, None),
            (Some(email), _) => (OldReach::Contact, Some(email.clone()), None),
            (None, Some(place)) => (OldReach::AddressOnly, None, Some(place)),
            // Nothing is on file that could prove anything: an agent has to.
            (None, None) => (OldReach::NotSafe, None, None),
        };
        let lower = |email: &Option<Sensitive<Email>>| email.as_ref().map(|email| email.expose().as_str().to_lowercase());
        let same = |group: &&mut Group| group.reach == reach && lower(&group.contact) == lower(&contact) && group.place == place;
        let listed = Listed { number: number.clone(), case: Some(known.case) };
        match groups.iter_mut().find(same) {
            Some(group) => group.cases.push(listed),
            None => groups.push(Group { reach, contact, place, cases: vec![listed] }),
        }
    }
    Ok(groups)
}

/// Every case that was listed has its line: what was not recognised stands with the first of the others.
fn with_unrecognised(mut groups: Vec<Group>, told: &AddressChange, recognised: &[(ReceiptNumber, Known)]) -> Vec<Group> {
    let is_recognised = |number: &ReceiptNumber| recognised.iter().any(|(known, _)| known == number);
    let left = told.cases.iter().filter(|case| !is_recognised(&case.number));
    let left: Vec<Listed> = left.map(|case| Listed { number: case.number.clone(), case: None }).collect();
    if groups.is_empty() {
        let reach = if told.old_address_unsafe { OldReach::NotSafe } else { OldReach::AddressOnly };
        groups.push(Group { reach, contact: None, place: None, cases: Vec::new() });
    }
    groups[0].cases.extend(left);
    groups
}

async fn store_report(
    ctx: &Context,
    key: DraftKey,
    mut draft: Draft,
    told: &AddressChange,
    groups: &[Group],
    locale: Locale,
) -> Result<Submitted, Error> {
    let mut transaction = ctx.store.begin().await?;
    if let Some(report) = rows::report_by_submission(&mut transaction, draft.submission).await? {
        return sent(ctx, key, transaction, draft, report).await;
    }
    if let Err(refused) = count(ctx, &mut transaction, groups).await? {
        draft::put(&mut transaction, ctx, key, &draft).await?;
        transaction.commit().await?;
        return Ok(Submitted::TooMany(refused));
    }
    let (id, now) = (ctx.clock.new_id(), ctx.now());
    // Kept so that it reads the same whatever the tables of a later release say.
    let form = ChangeForm {
        new: told.new.as_form(),
        old: told.old.as_ref().map(shared::address::Address::as_form).unwrap_or_default(),
        mailing: told.mailing.as_ref().map(shared::address::Address::as_form).unwrap_or_default(),
        ..draft.form.clone()
    };
    let content = serde_json::to_vec(&form).map_err(|_| Error::Internal)?;
    let number = RequestNumber::new(ctx.year(), ctx.random_bytes());
    let new = NewReport { id, number: &number, submission: draft.submission, locale, content: &content, received_at: now };
    if !rows::add_report(&mut transaction, &ctx.keys, &new).await? {
        // Sent twice at once: the other one is stored.
        drop(transaction);
        draft.sent = rows::report_by_submission(&mut ctx.store.read_primary().await?, draft.submission).await?;
        return Ok(draft.sent.map_or(Submitted::GoTo(Step::Check), Submitted::Stored));
    }
    for (part, group) in (0..).zip(groups) {
        let recognised: Vec<bool> = group.cases.iter().map(|listed| listed.case.is_some()).collect();
        let filing = Filing::submit(group.reach, &recognised, now);
        let change = ctx.clock.new_id();
        let contact = group.contact.as_ref().map(|contact| contact.expose().as_str());
        let new = NewChange { id: change, report: id, part, filing: &filing, cases: &group.cases, contact, at: now };
        rows::add_change(&mut transaction, &ctx.keys, &new).await?;
        let recorded = serde_json::json!({ "event": "filed", "state": filing.state().key() }).to_string();
        let (event, actor) = (ctx.clock.new_id(), Actor::Public.label());
        rows::add_event(&mut transaction, event, change, now, &actor, &recorded).await?;
        super::have_worked(ctx, &mut transaction, change, now).await?;
    }
    let listed: usize = groups.iter().map(|group| group.cases.len()).sum();
    let detail = serde_json::json!({ "cases": listed, "changes": groups.len() });
    ctx.audit(&mut transaction, Actor::Public, "address_change.file", &id.to_string(), detail).await?;
    sent(ctx, key, transaction, draft, id).await
}

/// What was typed is not needed in the session any more.
async fn sent(ctx: &Context, key: DraftKey, mut transaction: Connection, draft: Draft, report: Uuid) -> Result<Submitted, Error> {
    let draft = Draft::sent(draft.submission, report);
    draft::put(&mut transaction, ctx, key, &draft).await?;
    transaction.commit().await?;
    Ok(Submitted::Stored(report))
}

/// Counts changes of a case in a day: nobody's mailbox is flooded with codes, and nobody's cards are held for ever.
async fn count(ctx: &Context, transaction: &mut Connection, groups: &[Group]) -> Result<Result<(), TooMany>, Error> {
    for case in groups.iter().flat_map(|group| &group.cases).filter_map(|listed| listed.case) {
        let mac = ctx.sealer().mac("changes of address of a case", case.as_bytes());
        look_up_failure::count(transaction, &mac, ctx.today(), 1).await?;
        let today = look_up_failure::of_day(transaction, &mac, ctx.today()).await?;
        if let Err(refused) = ctx.limits.check_follow_requests(today, until_midnight(ctx)) {
            return Ok(Err(refused));
        }
    }
    Ok(Ok(()))
}
