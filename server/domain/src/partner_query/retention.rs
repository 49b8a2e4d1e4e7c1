//! What retention has to know of partner data, and has destroyed of it: all that partners were asked and asked about one person.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use store::retention::{self as rows, AboutPerson};
use uuid::Uuid;

use crate::{Actor, Context, Error};

/// What profiles that were put together have to do with. Nothing where nothing is shared.
pub(crate) async fn about_person(ctx: &Context, parts: &BTreeSet<Uuid>, since: DateTime<Utc>) -> Result<AboutPerson, Error> {
    if !ctx.shares() {
        return Ok(AboutPerson::default());
    }
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    Ok(rows::about_person(&mut connection, parts, since).await?)
}

/// Destroys what is known of a person here, once for each disposition. Says how many queries there were.
pub(crate) async fn destroy_queries(
    ctx: &Context,
    actor: Actor,
    disposition: Uuid,
    root: Uuid,
    parts: &BTreeSet<Uuid>,
) -> Result<i64, Error> {
    if !ctx.shares() {
        return Ok(0);
    }
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    if let Some(queries) = rows::destroyed_queries(&mut transaction, disposition, root).await? {
        return Ok(queries);
    }
    let queries = rows::destroy_queries(&mut transaction, disposition, root, parts, ctx.now()).await?;
    let detail = serde_json::json!({ "disposition": disposition, "queries": queries });
    ctx.audit(&mut transaction, actor, "retention.destroy", &root.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(queries)
}

/// How many queries about a person a disposition has destroyed; none if it did not come so far.
pub(crate) async fn destroyed_queries(ctx: &Context, disposition: Uuid, root: Uuid) -> Result<Option<i64>, Error> {
    if !ctx.shares() {
        return Ok(None);
    }
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    Ok(rows::destroyed_queries(&mut connection, disposition, root).await?)
}
