//! What a page asks for when it was told that something changed: who did what last to a request.

use shared::live::ChangeKind;
use shared::service_request::Happening;
use store::live as noted;
use store::service_request as rows;
use uuid::Uuid;

use crate::service_request::{last_of, may_read};
use crate::{Actor, Context, Error, Officer};

/// What happened last to a request, for who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestNews {
    /// Counts on with each change. 0 where none is remembered.
    pub seq: i64,
    pub kind: Option<ChangeKind>,
    /// As the audit log names them, where it is known who it was.
    pub actor: Option<String>,
    /// What it was, if it stands among the request's events.
    pub happening: Option<Happening>,
}

/// Until where a page that is made now knows what happened to a request. Ask before reading what the page shows.
pub async fn newest(ctx: &Context, request: Uuid) -> Result<i64, Error> {
    let newest = noted::newest(&mut ctx.store.read_primary().await?, request).await?;
    Ok(newest.map_or(0, |newest| newest.seq))
}

/// What happened last to a request. Refused to who may not see it, or not any more.
pub async fn request_news(ctx: &Context, officer: &Officer, request: Uuid) -> Result<RequestNews, Error> {
    if !may_read(ctx, officer, request).await? {
        return Err(Error::Refused);
    }
    let mut connection = ctx.store.read_primary().await?;
    let Some(newest) = noted::newest(&mut connection, request).await? else {
        return Ok(RequestNews { seq: 0, kind: None, actor: None, happening: None });
    };
    let (seq, kind) = (newest.seq, Some(newest.kind));
    if let Some(writer) = newest.officer {
        let actor = Actor::Officer(Uuid::from_u128(writer.0)).label();
        return Ok(RequestNews { seq, kind, actor: Some(actor), happening: None });
    }
    let events = rows::events(&mut connection, request).await?;
    let last = events.last().filter(|_| i64::try_from(events.len()) == Ok(newest.version));
    let (actor, happening) = last.map(last_of).transpose()?.unzip();
    Ok(RequestNews { seq, kind, actor, happening })
}
