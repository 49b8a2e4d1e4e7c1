//! What an officer typed or chose, between the form and the page that shows what became of it. It is kept encrypted under an id for
//! an hour, for who sent it and nobody else; the address holds the id. Nothing of it can be printed by mistake: there is no `Debug`.

use std::collections::BTreeMap;

use domain::Error;
use domain::service_request::{Given, Undone};
use serde::{Deserialize, Serialize};
use shared::e_request::Answers;
use uuid::Uuid;

use super::acts::Act;
use super::address::value;
use crate::console::context::AtWork;

#[derive(Serialize, Deserialize)]
pub enum Kept {
    /// A form about a request that could not be used as it was.
    Typed(Typed),
    /// Requests that were ticked, and who is to have them.
    Ticked(Ticked),
    /// What became of them.
    Assigned(Assigned),
    /// A request that is being taken in, and what has to be mended.
    Intake(KeptIntake),
}

/// What was typed into a form of a request's page.
#[derive(Serialize, Deserialize)]
pub struct Typed {
    pub request: Uuid,
    pub act: Act,
    pub said: Said,
    pub fields: BTreeMap<String, String>,
}

/// Why a form could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// Somebody else was faster.
    Changed,
    NotNow,
    Words,
    AskSupervisor,
    Office,
    Choice,
    /// Nobody may ask another office any more, or it was answered.
    Gone,
}

#[derive(Serialize, Deserialize)]
pub struct Ticked {
    pub office: String,
    pub to: String,
    pub requests: Vec<Uuid>,
    /// The list on which they stood.
    pub list: String,
}

#[derive(Serialize, Deserialize)]
pub struct Assigned {
    pub office: String,
    pub to: String,
    pub batch: Uuid,
    pub rows: Vec<(Uuid, Became)>,
    pub list: String,
}

/// What became of one of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Became {
    Theirs,
    AlreadyTheirs,
    NotNow,
    Changed,
    Refused,
    /// Back where it was.
    Undone,
    /// Not undone: something happened to it since.
    MovedOn,
}

#[derive(Serialize, Deserialize)]
pub struct KeptIntake {
    pub submission: Uuid,
    pub received_on: String,
    pub locale: String,
    pub answers: Answers,
    pub said: IntakeSaid,
}

/// What has to be mended before a request can be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntakeSaid {
    Problems,
    WrongDay,
    NoCase,
    /// There is such a request already: its number.
    UnderWay(String),
}

impl From<Given> for Became {
    fn from(given: Given) -> Self {
        match given {
            Given::Yes => Self::Theirs,
            Given::AlreadyTheirs => Self::AlreadyTheirs,
            Given::NotNow => Self::NotNow,
            Given::Changed => Self::Changed,
            Given::Refused => Self::Refused,
        }
    }
}

impl From<Undone> for Became {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Yes => Self::Undone,
            Undone::MovedOn => Self::MovedOn,
        }
    }
}

impl Became {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Theirs => "Given",
            Self::AlreadyTheirs => "Nothing to do: the officer has it already",
            Self::NotNow => "Not possible: it is closed, or on its way",
            Self::Changed => "Not given: somebody changed it since the list was shown",
            Self::Refused => "Not given: it is not with this office any more",
            Self::Undone => "Back where it was",
            Self::MovedOn => "Not undone: something happened to it since",
        }
    }
}

/// Keeps something for the next page, and gives the id for its address.
pub async fn keep(at_work: &AtWork, kept: &Kept) -> Result<Uuid, Error> {
    let content = serde_json::to_vec(kept).map_err(|_| Error::Internal)?;
    domain::service_request::keep(&at_work.console.domain, at_work.officer(), &content).await
}

/// What the address names. None if it names nothing, or nothing of this officer's.
pub async fn kept(at_work: &AtWork, pairs: &[(String, String)]) -> Result<Option<Kept>, Error> {
    let Some(id) = value(pairs, "kept").and_then(|id| id.parse().ok()) else { return Ok(None) };
    let content = domain::service_request::kept(&at_work.console.domain, at_work.officer(), id).await?;
    // One that an earlier release kept, or a search, is nothing here.
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}
