//! What an officer can go to: the menu on every page and on the first one.

use domain::actor::{Action, Officer};

use super::site;

/// A place in the console.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub path: &'static str,
    pub name: &'static str,
    /// What is done there.
    pub about: &'static str,
    /// Who may go there: whoever may do this at some office. `None`: everybody who signed in.
    pub action: Option<Action>,
}

/// Every place, in the order of the menu.
pub const PLACES: [Place; 23] = [
    Place { path: site::HOME, name: "Home", about: "What you can do here.", action: None },
    Place {
        path: site::REQUESTS,
        name: "Requests",
        about: "What people ask: your office's lists, and the request itself.",
        action: Some(Action::ReadRequests),
    },
    Place {
        path: site::CALLS,
        name: "Calls",
        about: "Somebody on the line: what to read to them, and what may be said about their case.",
        action: Some(Action::FollowScripts),
    },
    Place {
        path: site::TAKE_IN,
        name: "Take a request",
        about: "By telephone, by letter, at the window: for somebody who asks.",
        action: Some(Action::TakeRequest),
    },
    Place {
        path: site::REVIEWS,
        name: "Second reading",
        about: "Answers of colleagues that wait for you: release one, or give it back with words.",
        action: Some(Action::ReviewAnswers),
    },
    Place {
        path: site::QUALITY,
        name: "Quality",
        about: "Answers that are read again after they went out, and what was found in yours.",
        action: Some(Action::ReadRequests),
    },
    Place {
        path: site::LETTERS,
        name: "Letters",
        about: "Letters of your office that wait for the printer, and batches that were printed.",
        action: Some(Action::AnswerRequest),
    },
    Place {
        path: site::TEMPLATES,
        name: "Templates",
        about: "What answers begin with, in English and Spanish.",
        action: Some(Action::ChangeTemplates),
    },
    Place {
        path: site::SCRIPTS,
        name: "Call scripts",
        about: "What agents read to callers: write a version, or read one a second time.",
        action: Some(Action::PublishScripts),
    },
    Place {
        path: site::PROFILES,
        name: "People",
        about: "Who somebody is, in all their cases: by a number, or by name and date of birth.",
        action: Some(Action::ReadProfiles),
    },
    Place {
        path: site::QUERIES,
        name: "Partner countries",
        about: "What other countries are asked about a person, and what they answer; what counsel has to decide.",
        action: Some(Action::WorkOnPartnerQueries),
    },
    Place {
        path: site::AGREEMENTS,
        name: "Agreements",
        about: "What may be asked of partner countries and told to them: what is in force, and what waits for a signature.",
        action: Some(Action::ReadAgreements),
    },
    Place {
        path: site::WAIVERS,
        name: "Waivers",
        about: "What lets partner countries be told of somebody who is protected: propose one, agree to another's, end one.",
        action: Some(Action::DecideWaivers),
    },
    Place {
        path: site::INFORMATION_REQUESTS,
        name: "Information requests",
        about: "What partner countries want to know: prepare an answer, or release what another prepared.",
        action: Some(Action::ReadInformationRequests),
    },
    Place {
        path: site::PACKAGES,
        name: "Packages",
        about: "What was released for partner countries: fetch it, send it, and say so.",
        action: Some(Action::FetchPackages),
    },
    Place {
        path: site::ACCOUNTING,
        name: "Accounting",
        about: "What was told of whom, to whom, when and why; and who has to be told of a correction.",
        action: Some(Action::ReadAccounting),
    },
    Place {
        path: site::RETENTION,
        name: "Retention",
        about: "What is due to be destroyed, what holds keep, lists that another person approves, and their certificates.",
        action: Some(Action::ReadRetention),
    },
    Place {
        path: site::REDRESS,
        name: "Redress",
        about: "What people ask about their own records: log a request, search, decide, answer; each with its clock.",
        action: Some(Action::HandleRedress),
    },
    Place {
        path: site::SHARING,
        name: "Sharing in figures",
        about: "How much is asked of partner countries and by them, how it is answered, how soon, and what is left of quotas.",
        action: Some(Action::WatchSharing),
    },
    Place {
        path: site::REPORTS,
        name: "Reports",
        about: "What came in, what was answered and how soon, what is open: by month, office and type.",
        action: Some(Action::ReadReports),
    },
    Place {
        path: site::ROSTER,
        name: "Roster",
        about: "Who takes your office's requests, how many at once, and who is away.",
        action: Some(Action::AssignRequests),
    },
    Place {
        path: site::ACCOUNTS,
        name: "Accounts",
        about: "Who works here, their roles, and their ways in.",
        action: Some(Action::ManageAccounts),
    },
    Place { path: site::SESSIONS, name: "My sessions", about: "Where you are signed in. End what you do not know.", action: None },
];

/// The places of an officer.
pub fn places(officer: &Officer) -> impl Iterator<Item = Place> {
    PLACES.into_iter().filter(|place| place.action.is_none_or(|action| officer.may_somewhere(action)))
}

/// The place to which a page belongs: the one whose path is the longest beginning of it.
pub fn place_of(path: &str) -> Option<Place> {
    let is_below = |place: &Place| path == place.path || path.strip_prefix(place.path).is_some_and(|rest| rest.starts_with('/'));
    PLACES.into_iter().filter(is_below).max_by_key(|place| place.path.len())
}
