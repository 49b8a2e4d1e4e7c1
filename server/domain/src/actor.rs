//! Who may do what: one table.

use shared::api_client::Scope;
use uuid::Uuid;

use crate::Error;

/// Who asks for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Anybody on the portal.
    Public,
    ApiClient {
        id: Uuid,
        scope: Scope,
    },
    /// Somebody with a shell on the server and its key file.
    Operator,
    /// The service itself: its jobs.
    System,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    LookUpCase,
    FollowCase,
    Subscribe,
    MakeRequest,
    ChangeAddress,
    CheckAddressChange,
    FetchCaseChanges,
    RouteRequests,
    SendCaseEvents,
    IngestScans,
    AttachDocument,
    ReadDocument,
    ChangeReference,
    ManageApiClients,
    SendMessages,
    ManageOutbox,
    Upkeep,
}

/// One row for each action, one column for each actor.
#[rustfmt::skip]
const TABLE: [(Action, &[Kind]); 17] = [
    (Action::LookUpCase,       &[Kind::Public, Kind::Client(Scope::CaseStatus), Kind::System]),
    (Action::FollowCase,       &[Kind::Public]),
    (Action::Subscribe,        &[Kind::Client(Scope::CaseStatus)]),
    (Action::MakeRequest,      &[Kind::Public]),
    (Action::ChangeAddress,    &[Kind::Public]),
    (Action::CheckAddressChange, &[Kind::Operator]),
    (Action::FetchCaseChanges, &[Kind::Client(Scope::CaseFeed)]),
    (Action::RouteRequests,    &[Kind::System]),
    (Action::SendCaseEvents,   &[Kind::Client(Scope::CaseFeed), Kind::Operator]),
    (Action::IngestScans,      &[Kind::Operator, Kind::System]),
    (Action::AttachDocument,   &[Kind::Public]),
    (Action::ReadDocument,     &[Kind::Operator]),
    (Action::ChangeReference,  &[Kind::Operator, Kind::System]),
    (Action::ManageApiClients, &[Kind::Operator]),
    (Action::SendMessages,     &[Kind::System]),
    (Action::ManageOutbox,     &[Kind::Operator]),
    (Action::Upkeep,           &[Kind::System]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Public,
    Client(Scope),
    Operator,
    System,
}

impl Actor {
    /// Lets the actor through or refuses.
    pub(crate) fn check(self, action: Action) -> Result<(), Error> {
        let kind = match self {
            Self::Public => Kind::Public,
            Self::ApiClient { scope, .. } => Kind::Client(scope),
            Self::Operator => Kind::Operator,
            Self::System => Kind::System,
        };
        let allowed = TABLE.iter().any(|(row, kinds)| *row == action && kinds.contains(&kind));
        if allowed { Ok(()) } else { Err(Error::Refused) }
    }

    /// The word in the audit log.
    pub(crate) fn label(self) -> String {
        match self {
            Self::Public => "public".into(),
            Self::ApiClient { id, .. } => format!("api-client {id}"),
            Self::Operator => "operator".into(),
            Self::System => "system".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table() {
        let client = |scope| Actor::ApiClient { id: Uuid::nil(), scope };
        let actors = [Actor::Public, client(Scope::CaseFeed), client(Scope::CaseStatus), Actor::Operator, Actor::System];
        let allowed = |action: Action| actors.map(|actor| actor.check(action).is_ok());
        assert_eq!(allowed(Action::LookUpCase), [true, false, true, false, true]);
        assert_eq!(allowed(Action::FollowCase), [true, false, false, false, false]);
        assert_eq!(allowed(Action::Subscribe), [false, false, true, false, false]);
        assert_eq!(allowed(Action::MakeRequest), [true, false, false, false, false]);
        assert_eq!(allowed(Action::ChangeAddress), [true, false, false, false, false]);
        assert_eq!(allowed(Action::CheckAddressChange), [false, false, false, true, false]);
        assert_eq!(allowed(Action::FetchCaseChanges), [false, true, false, false, false]);
        assert_eq!(allowed(Action::RouteRequests), [false, false, false, false, true]);
        assert_eq!(allowed(Action::SendCaseEvents), [false, true, false, true, false]);
        assert_eq!(allowed(Action::IngestScans), [false, false, false, true, true]);
        assert_eq!(allowed(Action::AttachDocument), [true, false, false, false, false]);
        assert_eq!(allowed(Action::ReadDocument), [false, false, false, true, false]);
        assert_eq!(allowed(Action::ChangeReference), [false, false, false, true, true]);
        assert_eq!(allowed(Action::ManageApiClients), [false, false, false, true, false]);
        assert_eq!(allowed(Action::SendMessages), [false, false, false, false, true]);
        assert_eq!(allowed(Action::ManageOutbox), [false, false, false, true, false]);
        assert_eq!(allowed(Action::Upkeep), [false, false, false, false, true]);
    }
}
