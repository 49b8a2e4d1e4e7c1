//! Giving a request to an office.

use shared::e_request::{Answers, Route};
use shared::office::OfficeCode;
use shared::protection::Channel;
use shared::service_request::{Happening, RoutingReason};
use store::notification::Outcome;
use store::service_request::{self as rows, StoredRequest};
use uuid::Uuid;

use super::{Happened, happen};
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
    match happen(ctx, &mut transaction, Actor::System, id, &Happening::Routed { office, reason }, None).await? {
        Happened::Yes(_) => transaction.commit().await?,
        // Routed by an earlier try, or taken back.
        Happened::Refused => {}
    }
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
