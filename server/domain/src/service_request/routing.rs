//! Giving a request to an office.

use shared::e_request::{Answers, Route};
use shared::office::OfficeCode;
use shared::protection::Channel;
use shared::service_request::{Happening, RoutingReason};
use store::notification::Outcome;
use store::service_request::{self as rows, StoredRequest};
use uuid::Uuid;

use super::rules::by_rule;
use super::{Told, hold, mail_trouble, place, record, search};
use crate::case_status::look_up_in_primary;
use crate::e_request::Catalogue;
use crate::{Action, Actor, Context, Error};

/// Where requests go for which nothing else tells an office: the National Benefits Center takes what is filed from anywhere.
const ANYWHERE: &str = "NBC";

/// Gives a request to an office, as a job. Doing it again changes nothing.
pub async fn route(ctx: &Context, id: Uuid) -> Result<Outcome, Error> {
    Actor::System.check(Action::RouteRequests)?;
    let mut connection = ctx.store.read_primary().await?;
    let row = rows::find(&mut connection, id).await?;
    let content = rows::content(&mut connection, &ctx.keys, id).await?;
    drop(connection);
    let Some((row, content)) = row.zip(content) else { return Ok(Outcome::Dropped) };
    let answers: Answers = serde_json::from_slice(content.expose()).map_err(|_| Error::Internal)?;
    let rule = Catalogue::get().rule(row.kind, answers.form().as_ref());
    let (office, reason) = office_for(ctx, rule.map_or(&[], |rule| &rule.routes), &row, &answers).await?;
    let mut transaction = ctx.store.begin().await?;
    // Held first, and before the request: two that come to an office at once are given out one after the other.
    let roster = store::assignment::hold_shares(&mut transaction, &office).await?;
    let Some(mut held) = hold(ctx, &mut transaction, id).await? else { return Ok(Outcome::Dropped) };
    let happening = Happening::Routed { office: office.clone(), reason };
    if record(ctx, &mut transaction, Actor::System, &mut held, &happening, Told::default()).await? {
        held.row.mail = mail_trouble(ctx, &mut transaction, row.case).await?;
        if let Some((officer, why)) = by_rule(ctx, &mut transaction, id, &office, &roster).await? {
            let told = Told { words: None, why: Some(why) };
            record(ctx, &mut transaction, Actor::System, &mut held, &Happening::Assigned { officer }, told).await?;
        }
        place(ctx, &mut transaction, &held).await?;
        search::index(ctx, &mut transaction, id).await?;
        transaction.commit().await?;
    }
    // Otherwise it was routed by an earlier try, or taken back.
    Ok(Outcome::Sent)
}

/// The office to which the first of the routes leads, and why there.
pub(super) async fn office_for(
    ctx: &Context,
    routes: &[Route],
    row: &StoredRequest,
    answers: &Answers,
) -> Result<(OfficeCode, RoutingReason), Error> {
    for route in routes {
        let found = match route {
            Route::CaseOffice => {
                // The office is staff's to know, but what a hidden case says is not to be used for what was asked in public.
                let case = look_up_in_primary(ctx, Actor::System, Channel::Public, &row.receipt_number).await?;
                case.and_then(|case| case.office().cloned()).map(|office| (office, RoutingReason::CaseOffice))
            }
            Route::Zip => {
                let zip = answers.zip();
                let texts = ctx.texts();
                let office = zip.and_then(|zip| texts.office_of_zip(zip.as_str(), ctx.now()).cloned());
                office.map(|office| (office, RoutingReason::Zip))
            }
            Route::Office(office) => Some((office.clone(), RoutingReason::TypeTable)),
        };
        if let Some(found) = found {
            return Ok(found);
        }
    }
    let anywhere = OfficeCode::parse(ANYWHERE).map_err(|_| Error::Internal)?;
    Ok((anywhere, RoutingReason::Default))
}
