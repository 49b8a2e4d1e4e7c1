//! Reading a request: who may, and what there is of it.

use chrono::{DateTime, Utc};
use shared::e_request::Answers;
use shared::office::OfficeCode;
use shared::protection::{Channel, Outcome, decide};
use shared::sensitive::Sensitive;
use shared::service_request::{Happening, OfficerId, Reading, Step, Why};
use store::engine::Connection;
use store::request_queue::{self, Listed};
use store::request_work::{self, Note, Question};
use store::service_request::{self as rows, StoredEvent, StoredRequest};
use uuid::Uuid;

use super::{Recorded, RequestView};
use crate::{Action, Context, Error, Officer};

/// A request that an officer may see.
pub(super) struct Seen {
    pub row: StoredRequest,
    pub listed: Listed,
}

impl Seen {
    /// The office that it lies with; those on their way lie with none.
    pub fn office(&self) -> Option<&OfficeCode> {
        self.listed.placement.office.as_ref()
    }
}

/// Whether an officer may see requests about this case at an office. Some cases are protected by law from most of the agency.
pub(super) fn may_see_case(ctx: &Context, officer: &Officer, office: &OfficeCode, listed: &Listed) -> bool {
    match decide(&listed.markers, Channel::Console, ctx.today()) {
        Outcome::Show => true,
        Outcome::Refer => officer.may(Action::ReadProtected, office),
        Outcome::Hide => false,
    }
}

/// A request, if the officer may do this with it: at its office; and reading, also at one that was asked about it. There is no
/// telling one that is refused from one that there is not.
pub(super) async fn see(
    ctx: &Context,
    connection: &mut Connection,
    officer: &Officer,
    id: Uuid,
    action: Action,
) -> Result<Seen, Error> {
    let row = rows::find(connection, id).await?.ok_or(Error::Refused)?;
    let listed = request_queue::listed(connection, &[id]).await?.pop().ok_or(Error::Refused)?;
    let Some(office) = listed.placement.office.clone() else { return Err(Error::Refused) };
    if officer.may(action, &office) && may_see_case(ctx, officer, &office, &listed) {
        return Ok(Seen { row, listed });
    }
    if action == Action::ReadRequests {
        let asked = request_work::asked_offices(connection, id, ctx.now()).await?;
        if asked.iter().any(|office| officer.may(action, office) && may_see_case(ctx, officer, office, &listed)) {
            return Ok(Seen { row, listed });
        }
    }
    Err(Error::Refused)
}

/// Whether an officer may read a request at this moment. Tells nothing of it.
pub(crate) async fn may_read(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    match see(ctx, &mut ctx.store.read_primary().await?, officer, id, Action::ReadRequests).await {
        Ok(_) => Ok(true),
        Err(Error::Refused) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Who it was, as the audit log names them, and what happened.
pub(crate) fn last_of(event: &StoredEvent) -> Result<(String, Happening), Error> {
    let recorded: Recorded = serde_json::from_str(&event.event).map_err(|_| Error::Internal)?;
    Ok((event.actor.clone(), recorded.happening().ok_or(Error::Internal)?))
}

/// Why somebody reads a request; it stands in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To answer it.
    Work,
    /// To decide who answers it.
    Assign,
    /// Another office asked.
    Question,
    /// A caller gave the digits.
    CallBack,
    /// To see whether its answer is a good one.
    Review,
}

impl Purpose {
    pub const ALL: [Self; 5] = [Self::Work, Self::Assign, Self::Question, Self::CallBack, Self::Review];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Assign => "assign",
            Self::Question => "question",
            Self::CallBack => "call_back",
            Self::Review => "review",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.key() == key)
    }
}

/// Something that happened to a request.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: DateTime<Utc>,
    /// As the audit log names who did it: `public`, `system`, `officer ...`.
    pub actor: String,
    pub happening: Happening,
    pub why: Option<Why>,
    /// What was written with it.
    pub words: Option<Sensitive<String>>,
}

/// All there is of a request, for who works on it.
#[derive(Debug, Clone)]
pub struct RequestFile {
    pub listed: Listed,
    pub view: RequestView,
    /// What was told in it.
    pub answers: Answers,
    /// What happened, the oldest first.
    pub history: Vec<Entry>,
    pub notes: Vec<Note>,
    pub questions: Vec<Question>,
    /// Other requests about the case, as far as the officer may see them; the oldest first.
    pub others: Vec<Listed>,
    /// Who else has it open.
    pub present: Vec<OfficerId>,
}

impl RequestFile {
    pub const fn reading(&self) -> &Reading {
        &self.view.reading
    }

    pub const fn steps(&self) -> &[Step; 5] {
        &self.view.steps
    }
}

/// All there is of a request. That it was read, by whom and why, stands in the audit log before anything is shown.
pub async fn file_of(ctx: &Context, officer: &Officer, id: Uuid, purpose: Purpose) -> Result<RequestFile, Error> {
    let mut transaction = ctx.store.begin().await?;
    let seen = see(ctx, &mut transaction, officer, id, Action::ReadRequests).await?;
    let detail = serde_json::json!({ "purpose": purpose.key(), "case": seen.row.case.to_string() });
    ctx.audit(&mut transaction, officer.actor(), "request.read", &id.to_string(), detail).await?;
    transaction.commit().await?;
    let mut connection = ctx.store.read_primary().await?;
    let content = rows::content(&mut connection, &ctx.keys, id).await?.ok_or(Error::Internal)?;
    let (row, who) = (&seen.row, officer.officer_id());
    let history = history(ctx, &mut connection, row).await?;
    let notes = request_work::notes(&mut connection, &ctx.keys, row.case, id).await?;
    let questions = request_work::questions(&mut connection, &ctx.keys, row.case, id).await?;
    let ids: Vec<Uuid> = rows::of_case(&mut connection, row.case).await?.into_iter().filter(|other| *other != id).collect();
    let others = request_queue::listed(&mut connection, &ids).await?;
    let may_read = |other: &Listed| other.placement.office.as_ref().is_some_and(|office| officer.may(Action::ReadRequests, office));
    let present = request_work::present(&mut connection, id, ctx.now() - super::PRESENT_FOR).await?;
    let view = super::view_of(ctx, row).await?;
    Ok(RequestFile {
        view,
        answers: serde_json::from_slice(content.expose()).map_err(|_| Error::Internal)?,
        history,
        notes,
        questions,
        others: others.into_iter().filter(may_read).collect(),
        present: present.into_iter().filter(|other| *other != who).collect(),
        listed: seen.listed,
    })
}

async fn history(ctx: &Context, connection: &mut Connection, row: &StoredRequest) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for event in rows::events(connection, row.id).await? {
        let recorded: Recorded = serde_json::from_str(&event.event).map_err(|_| Error::Internal)?;
        let words = if event.has_content { rows::event_content(connection, &ctx.keys, row, event.id).await? } else { None };
        let words = words.map(|words| String::from_utf8(words.expose().clone()).map(Sensitive::new));
        entries.push(Entry {
            at: event.occurred_at,
            actor: event.actor,
            happening: recorded.happening().ok_or(Error::Internal)?,
            why: recorded.why(),
            words: words.transpose().map_err(|_| Error::Internal)?,
        });
    }
    Ok(entries)
}
