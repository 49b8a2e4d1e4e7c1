//! Who may do what: one table.

use chrono::{DateTime, Utc};
use shared::api_client::Scope;
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::service_request::OfficerId;
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
    /// Somebody who signed in, by the id of the account. What they may do is asked of the [`Officer`], who knows where.
    Officer(Uuid),
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
    /// Take a service request in for somebody: by telephone, by letter, at the window.
    TakeRequest,
    /// Lists, search, and a request with its case.
    ReadRequests,
    /// Read a request about a case that is protected by law (8 USC 1367) or sealed.
    ReadProtected,
    /// Work on a request: take the next, notes, drafts, questions, the answer.
    AnswerRequest,
    /// Give requests to officers, and set the rules by which that is done.
    AssignRequests,
    /// Give a request to another office.
    RedirectRequest,
    /// The same for the third time and from then on.
    RedirectOnceMore,
    /// Templates of answers.
    ChangeTemplates,
    /// Read an answer a second time.
    ReviewAnswers,
    /// Take a call and follow a script.
    FollowScripts,
    WriteScripts,
    /// Read a script a second time, publish it, take it back.
    PublishScripts,
    /// Which answers are read again after they went out.
    SetReadingRules,
    /// The same for all offices at once.
    SetRulesEverywhere,
    /// Which answers a second person releases.
    RequireReview,
    /// What was found in the answers of an office's officers, by officer.
    ReadOfficerScores,
    /// Accounts, grants, sessions of others.
    ManageAccounts,
    ReadAudit,
    /// Figures of all offices: nobody is in them.
    ReadReports,
    /// Take figures or a list of requests out of the console, as a file.
    Export,
    /// Look for people, and read what is known of them, for a purpose.
    ReadProfiles,
    /// The same where the person is protected. Others find nobody.
    ReadProtectedProfiles,
    ProposeCorrections,
    /// Agree to what somebody else proposed.
    DecideCorrections,
    /// The agreements with partner countries.
    ReadAgreements,
    DraftAgreements,
    /// Agree to a version of an agreement: privacy and counsel, each in their own capacity.
    SignAgreements,
    /// Waivers towards partners: propose one, agree to another's, end one.
    DecideWaivers,
    /// The page about queries: what is one's own to do on it.
    WorkOnPartnerQueries,
    /// Say which officer has a case for protection.
    AssignCases,
    /// Ask partner countries about a person in a case of one's own.
    AskPartners,
    /// Agree that more is asked.
    ApproveQueries,
    /// Read what partners answered, for the purpose for which the profile is open.
    ReadPartnerAnswers,
    /// Decide what the protection check could not.
    DecideHolds,
    /// Read why partners were told nothing.
    ReadSuppressions,
    /// What other components may use of partners' answers: one request, or a standing approval that another agrees to.
    DecideUses,
    /// Hand over to IDENT what was decided, and take what it has for us.
    SpeakWithIdent,
    /// Add photographs and other biometric records of a person.
    AddBiometrics,
    /// Ask IDENT who stands before an officer.
    VerifyIdentity,
    /// Lists of partners' requests for more information, and one of them.
    ReadInformationRequests,
    /// Prepare what such a request is answered: choose, redact, review.
    PrepareReleases,
    /// Release what somebody else prepared.
    ReleasePackages,
    /// Fetch what was released, and say that it was sent.
    FetchPackages,
    /// The accounting of disclosures, of a person or of a partner.
    ReadAccounting,
    /// Record a disclosure that was made by other ways (routine uses, exports to other agencies).
    RecordDisclosures,
    /// Have past recipients told of a correction, and note that they confirmed it.
    TellCorrections,
    /// Lay trees over the logs, and sign what they say.
    KeepCheckpoints,
    /// Schedules, what is due, holds and certificates.
    ReadRetention,
    /// Propose holds and dispositions, and agree to another's.
    DecideRetention,
    /// Requests for access, amendment and accounting, by the people themselves.
    HandleRedress,
    /// Figures of sharing with partners.
    WatchSharing,
}

/// One row for each action, one column for each actor.
#[rustfmt::skip]
const TABLE: [(Action, &[Kind]); 68] = [
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
    (Action::TakeRequest,      &[TIER_1, TIER_2, IIO, SIIO]),
    (Action::ReadRequests,     &[TIER_2, IIO, SIIO, QUALITY]),
    (Action::ReadProtected,    &[SIIO]),
    (Action::AnswerRequest,    &[TIER_2, IIO, SIIO]),
    (Action::AssignRequests,   &[SIIO]),
    (Action::RedirectRequest,  &[IIO, SIIO]),
    (Action::RedirectOnceMore, &[SIIO]),
    (Action::ChangeTemplates,  &[SIIO]),
    (Action::ReviewAnswers,    &[SIIO, QUALITY]),
    (Action::FollowScripts,    &[TIER_1, TIER_2, IIO, SIIO]),
    (Action::WriteScripts,     &[SIIO]),
    (Action::PublishScripts,   &[SIIO, QUALITY]),
    (Action::SetReadingRules,  &[SIIO, QUALITY]),
    (Action::SetRulesEverywhere, &[QUALITY]),
    (Action::RequireReview,    &[SIIO]),
    (Action::ReadOfficerScores, &[SIIO]),
    (Action::ManageAccounts,   &[ADMINISTRATOR, Kind::Operator]),
    (Action::ReadAudit,        &[AUDITOR]),
    (Action::ReadReports,      &[SIIO, QUALITY, AUDITOR]),
    (Action::Export,           &[SIIO, QUALITY]),
    (Action::ReadProfiles,     &[RAIO, FDNS, ICTS, RELEASER, COUNSEL, PRIVACY]),
    (Action::ReadProtectedProfiles, &[COUNSEL, PRIVACY]),
    (Action::ProposeCorrections, &[RAIO, ICTS, RELEASER, PRIVACY]),
    (Action::DecideCorrections, &[RELEASER, PRIVACY]),
    (Action::ReadAgreements,   &[RAIO, ICTS, RELEASER, COUNSEL, PRIVACY, AGREEMENTS, AUDITOR]),
    (Action::DraftAgreements,  &[AGREEMENTS]),
    (Action::SignAgreements,   &[COUNSEL, PRIVACY]),
    (Action::DecideWaivers,    &[COUNSEL, PRIVACY]),
    (Action::WorkOnPartnerQueries, &[SIIO, RAIO, COUNSEL, PRIVACY]),
    (Action::AssignCases,      &[SIIO]),
    (Action::AskPartners,      &[RAIO]),
    (Action::ApproveQueries,   &[SIIO]),
    (Action::ReadPartnerAnswers, &[RAIO, FDNS, COUNSEL, PRIVACY]),
    (Action::DecideHolds,      &[COUNSEL]),
    (Action::ReadSuppressions, &[PRIVACY]),
    (Action::DecideUses,       &[COUNSEL, PRIVACY]),
    (Action::SpeakWithIdent,   &[Kind::System]),
    (Action::AddBiometrics,    &[RAIO, ICTS, RELEASER]),
    (Action::VerifyIdentity,   &[RAIO]),
    (Action::ReadInformationRequests, &[ICTS, RELEASER]),
    (Action::PrepareReleases,  &[ICTS]),
    (Action::ReleasePackages,  &[RELEASER]),
    (Action::FetchPackages,    &[OBIM]),
    (Action::ReadAccounting,   &[PRIVACY]),
    (Action::RecordDisclosures, &[PRIVACY]),
    (Action::TellCorrections,  &[PRIVACY]),
    (Action::KeepCheckpoints,  &[Kind::Operator, Kind::System]),
    (Action::ReadRetention,    &[RECORDS, COUNSEL, PRIVACY]),
    (Action::DecideRetention,  &[RECORDS]),
    (Action::HandleRedress,    &[PRIVACY]),
    (Action::WatchSharing,     &[COUNSEL, PRIVACY, AGREEMENTS]),
];

const TIER_1: Kind = Kind::Officer(Role::Tier1Agent);
const TIER_2: Kind = Kind::Officer(Role::Tier2Agent);
const IIO: Kind = Kind::Officer(Role::Iio);
const SIIO: Kind = Kind::Officer(Role::Siio);
const QUALITY: Kind = Kind::Officer(Role::QualityReviewer);
const ADMINISTRATOR: Kind = Kind::Officer(Role::Administrator);
const AUDITOR: Kind = Kind::Officer(Role::Auditor);
const RAIO: Kind = Kind::Officer(Role::RaioOfficer);
const FDNS: Kind = Kind::Officer(Role::FdnsAnalyst);
const ICTS: Kind = Kind::Officer(Role::IctsAnalyst);
const RELEASER: Kind = Kind::Officer(Role::IctsReviewer);
const COUNSEL: Kind = Kind::Officer(Role::Counsel);
const PRIVACY: Kind = Kind::Officer(Role::PrivacyOfficer);
const AGREEMENTS: Kind = Kind::Officer(Role::AgreementsManager);
const OBIM: Kind = Kind::Officer(Role::ObimAnalyst);
const RECORDS: Kind = Kind::Officer(Role::RecordsOfficer);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Public,
    Client(Scope),
    Officer(Role),
    Operator,
    System,
}

impl Kind {
    fn may(self, action: Action) -> bool {
        TABLE.iter().any(|(row, kinds)| *row == action && kinds.contains(&self))
    }
}

/// Is it part of a role?
pub(crate) fn role_may(role: Role, action: Action) -> bool {
    Kind::Officer(role).may(action)
}

impl Actor {
    /// Lets the actor through or refuses.
    pub(crate) fn check(self, action: Action) -> Result<(), Error> {
        let kind = match self {
            Self::Public => Kind::Public,
            Self::ApiClient { scope, .. } => Kind::Client(scope),
            // An account without a role somewhere may do nothing.
            Self::Officer(_) => return Err(Error::Refused),
            Self::Operator => Kind::Operator,
            Self::System => Kind::System,
        };
        if kind.may(action) { Ok(()) } else { Err(Error::Refused) }
    }

    /// The word in the audit log.
    pub(crate) fn label(self) -> String {
        match self {
            Self::Public => "public".into(),
            Self::ApiClient { id, .. } => format!("api-client {id}"),
            Self::Officer(id) => format!("officer {id}"),
            Self::Operator => "operator".into(),
            Self::System => "system".into(),
        }
    }
}

/// Somebody of the agency, signed in: the account, and the grants that hold at this moment. Operations of the console take it,
/// so that none can be called without a sign-in.
#[derive(Debug, Clone)]
pub struct Officer {
    id: Uuid,
    grants: Vec<Grant>,
    /// Until when the second factor is fresh.
    stepped_up_until: Option<DateTime<Utc>>,
}

impl Officer {
    /// For `identity`, which knows whose session it is. Grants that do not hold at `now` are left out.
    pub(crate) fn new(id: Uuid, grants: Vec<Grant>, now: DateTime<Utc>) -> Self {
        Self { id, grants: grants.into_iter().filter(|grant| grant.holds_at(now)).collect(), stepped_up_until: None }
    }

    /// For `identity`: a second factor was shown, and is fresh until then.
    pub(crate) fn stepped_up_until(self, until: Option<DateTime<Utc>>) -> Self {
        Self { stepped_up_until: until, ..self }
    }

    /// Lets the officer through whose second factor is fresh.
    ///
    /// # Errors
    /// [`Error::StepUp`]: the page asks for it and comes back.
    pub(crate) fn check_fresh(&self, now: DateTime<Utc>) -> Result<(), Error> {
        if self.stepped_up_until.is_some_and(|until| now < until) { Ok(()) } else { Err(Error::StepUp) }
    }

    pub const fn id(&self) -> Uuid {
        self.id
    }

    /// The same, as the events of a request name who has it.
    pub const fn officer_id(&self) -> OfficerId {
        OfficerId(self.id.as_u128())
    }

    /// Who did it, for the audit log and the events of a request.
    pub const fn actor(&self) -> Actor {
        Actor::Officer(self.id)
    }

    /// May it be done at this office?
    pub fn may(&self, action: Action, office: &OfficeCode) -> bool {
        self.grants.iter().any(|grant| grant.office == *office && Kind::Officer(grant.role).may(action))
    }

    /// May it be done anywhere at all? For what belongs to no office, and for what a menu offers.
    pub fn may_somewhere(&self, action: Action) -> bool {
        self.grants.iter().any(|grant| Kind::Officer(grant.role).may(action))
    }

    /// The offices where it may be done, each once, in order.
    pub fn offices(&self, action: Action) -> Vec<OfficeCode> {
        let may = self.grants.iter().filter(|grant| Kind::Officer(grant.role).may(action));
        may.map(|grant| grant.office.clone()).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Lets the officer through or refuses.
    pub(crate) fn check(&self, action: Action, office: &OfficeCode) -> Result<(), Error> {
        if self.may(action, office) { Ok(()) } else { Err(Error::Refused) }
    }

    /// The same for what belongs to no office.
    pub(crate) fn check_somewhere(&self, action: Action) -> Result<(), Error> {
        if self.may_somewhere(action) { Ok(()) } else { Err(Error::Refused) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_holds_at_its_office_and_in_its_time() {
        let now: DateTime<Utc> = "2026-03-10T15:00:00Z".parse().unwrap();
        let day = chrono::TimeDelta::days(1);
        let [here, there] = ["NBC", "LIN"].map(|code| OfficeCode::parse(code).unwrap());
        let grant = |role, office: &OfficeCode, starts_at, ends_at| Grant { role, office: office.clone(), starts_at, ends_at };
        let officer = Officer::new(
            Uuid::nil(),
            vec![
                grant(Role::Iio, &here, now, None),
                grant(Role::Siio, &here, now - day, Some(now)),
                grant(Role::Siio, &there, now + day, None),
            ],
            now,
        );
        assert!(officer.may(Action::AnswerRequest, &here) && !officer.may(Action::AnswerRequest, &there));
        assert!(!officer.may_somewhere(Action::AssignRequests));
        assert_eq!(officer.offices(Action::RedirectRequest), std::slice::from_ref(&here));
        assert!(officer.check(Action::AnswerRequest, &here).is_ok() && officer.check(Action::AnswerRequest, &there).is_err());
        assert!(officer.check_somewhere(Action::AssignRequests).is_err());
        assert!(officer.actor().check(Action::LookUpCase).is_err());
    }

    fn may(role: Role) -> Vec<Action> {
        TABLE.iter().filter(|(action, _)| Kind::Officer(role).may(*action)).map(|(action, _)| *action).collect()
    }

    #[test]
    fn who_may_do_what_with_requests_and_accounts() {
        use Action::{
            AnswerRequest, ApproveQueries, AssignCases, AssignRequests, ChangeTemplates, Export, FollowScripts, ManageAccounts,
            PublishScripts, ReadAgreements, ReadAudit, ReadOfficerScores, ReadProtected, ReadReports, ReadRequests,
            RedirectOnceMore, RedirectRequest, RequireReview, ReviewAnswers, SetReadingRules, SetRulesEverywhere, TakeRequest,
            WorkOnPartnerQueries, WriteScripts,
        };
        assert_eq!(may(Role::Tier1Agent), [TakeRequest, FollowScripts]);
        assert_eq!(may(Role::Tier2Agent), [TakeRequest, ReadRequests, AnswerRequest, FollowScripts]);
        assert_eq!(may(Role::Iio), [TakeRequest, ReadRequests, AnswerRequest, RedirectRequest, FollowScripts]);
        assert_eq!(
            may(Role::Siio),
            [
                TakeRequest,
                ReadRequests,
                ReadProtected,
                AnswerRequest,
                AssignRequests,
                RedirectRequest,
                RedirectOnceMore,
                ChangeTemplates,
                ReviewAnswers,
                FollowScripts,
                WriteScripts,
                PublishScripts,
                SetReadingRules,
                RequireReview,
                ReadOfficerScores,
                ReadReports,
                Export,
                WorkOnPartnerQueries,
                AssignCases,
                ApproveQueries
            ]
        );
        assert_eq!(
            may(Role::QualityReviewer),
            [ReadRequests, ReviewAnswers, PublishScripts, SetReadingRules, SetRulesEverywhere, ReadReports, Export]
        );
        assert_eq!(may(Role::Administrator), [ManageAccounts]);
        assert_eq!(may(Role::Auditor), [ReadAudit, ReadReports, ReadAgreements]);
    }

    #[test]
    fn who_may_do_what_with_people_and_partners() {
        use Action::{
            AddBiometrics, AskPartners, DecideCorrections, DecideHolds, DecideRetention, DecideUses, DecideWaivers,
            DraftAgreements, FetchPackages, HandleRedress, PrepareReleases, ProposeCorrections, ReadAccounting, ReadAgreements,
            ReadInformationRequests, ReadPartnerAnswers, ReadProfiles, ReadProtectedProfiles, ReadRetention, ReadSuppressions,
            RecordDisclosures, ReleasePackages, SignAgreements, TellCorrections, VerifyIdentity, WatchSharing,
            WorkOnPartnerQueries,
        };
        assert_eq!(
            may(Role::RaioOfficer),
            [
                ReadProfiles,
                ProposeCorrections,
                ReadAgreements,
                WorkOnPartnerQueries,
                AskPartners,
                ReadPartnerAnswers,
                AddBiometrics,
                VerifyIdentity
            ]
        );
        assert_eq!(may(Role::FdnsAnalyst), [ReadProfiles, ReadPartnerAnswers]);
        assert_eq!(
            may(Role::IctsAnalyst),
            [ReadProfiles, ProposeCorrections, ReadAgreements, AddBiometrics, ReadInformationRequests, PrepareReleases]
        );
        assert_eq!(may(Role::AgreementsManager), [ReadAgreements, DraftAgreements, WatchSharing]);
        assert_eq!(may(Role::ObimAnalyst), [FetchPackages]);
        assert_eq!(may(Role::RecordsOfficer), [ReadRetention, DecideRetention]);
        assert_eq!(
            may(Role::IctsReviewer),
            [
                ReadProfiles,
                ProposeCorrections,
                DecideCorrections,
                ReadAgreements,
                AddBiometrics,
                ReadInformationRequests,
                ReleasePackages
            ]
        );
        assert_eq!(
            may(Role::Counsel),
            [
                ReadProfiles,
                ReadProtectedProfiles,
                ReadAgreements,
                SignAgreements,
                DecideWaivers,
                WorkOnPartnerQueries,
                ReadPartnerAnswers,
                DecideHolds,
                DecideUses,
                ReadRetention,
                WatchSharing
            ]
        );
        assert_eq!(
            may(Role::PrivacyOfficer),
            [
                ReadProfiles,
                ReadProtectedProfiles,
                ProposeCorrections,
                DecideCorrections,
                ReadAgreements,
                SignAgreements,
                DecideWaivers,
                WorkOnPartnerQueries,
                ReadPartnerAnswers,
                ReadSuppressions,
                DecideUses,
                ReadAccounting,
                RecordDisclosures,
                TellCorrections,
                ReadRetention,
                HandleRedress,
                WatchSharing
            ]
        );
    }

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
        assert_eq!(allowed(Action::ManageAccounts), [false, false, false, true, false]);
    }
}
