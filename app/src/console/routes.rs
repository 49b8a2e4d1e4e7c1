//! Which page a path leads to.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::account::{AccountPage, AccountsPage};
use super::accounting::{AccountingPage, AccountingPersonPage, AccountingRecipientPage, AccountingRecordPage, CorrectionsToldPage};
use super::agreement::{AgreementsPage, DraftPage, PartnerPage, PartnerTemplatesPage, VersionPage};
use super::answer::{AnswerPage, CommandsPage, LettersPage, PreviewPage, ReviewPage, ReviewsPage, TemplatePage, TemplatesPage};
use super::back::BackPage;
use super::call_script::{CallPage, CallsPage, ScriptNodePage, ScriptPage, ScriptsPage};
use super::home::HomePage;
use super::information_request::{DocumentPage, InformationRequestPage, InformationRequestsPage, PackagesPage};
use super::not_found::NotFound;
use super::partner_query::{AskPage, HeldPage, HoldPage, QueriesPage, QueryPage, SharingPage, SuppressedPage, UsePage, UsesPage};
use super::profile::{CorrectPage, CorrectionsPage, FindPage, PersonPage, RecordPage, VerifyPage};
use super::quality::{FiguresPage, QualityPage, ReadingPage, RulesPage};
use super::redress::{LogPage, RedressPage, RedressRequestPage};
use super::report::{ExportPage, ReportsPage};
use super::retention::{DispositionPage, DispositionsPage, HoldsPage, RetentionPage};
use super::service_request::{
    AssignPage, AssignedPage, EscalationsPage, IntakePage, ListPage, QuestionsPage, RequestPage, RosterPage, SearchPage,
    UnroutedPage,
};
use super::session::SessionsPage;
use super::sign_in::{AgainPage, EnrolPage, SignInPage};
use super::waiver::{ProposePage, WaiversPage};

/// The pages, as [`super::site::PAGES`] names them.
#[expect(clippy::too_many_lines, reason = "a line for each page")]
#[component]
pub fn PageAtHand() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/console") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/console/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/console/sign-in/again") view=AgainPage ssr=SsrMode::Async/>
                <Route path=path!("/console/sign-in/enrol") view=EnrolPage ssr=SsrMode::Async/>
                <Route path=path!("/console/back") view=BackPage ssr=SsrMode::Async/>
                <Route path=path!("/console/sessions") view=SessionsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounts") view=AccountsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounts/:account") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/console/calls") view=CallsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/calls/:call") view=CallPage ssr=SsrMode::Async/>
                <Route path=path!("/console/scripts") view=ScriptsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/scripts/:version") view=ScriptPage ssr=SsrMode::Async/>
                <Route path=path!("/console/scripts/:version/add") view=ScriptNodePage ssr=SsrMode::Async/>
                <Route path=path!("/console/scripts/:version/nodes/:node") view=ScriptNodePage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests") view=ListPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/new") view=IntakePage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/unrouted") view=UnroutedPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/questions") view=QuestionsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/escalations") view=EscalationsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/assign") view=AssignPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/assigned") view=AssignedPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/:request") view=RequestPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/:request/answer") view=AnswerPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/:request/answer/preview") view=PreviewPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/:request/review") view=ReviewPage ssr=SsrMode::Async/>
                <Route path=path!("/console/requests/:request/commands") view=CommandsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/reviews") view=ReviewsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/letters") view=LettersPage ssr=SsrMode::Async/>
                <Route path=path!("/console/templates") view=TemplatesPage ssr=SsrMode::Async/>
                <Route path=path!("/console/templates/new") view=TemplatePage ssr=SsrMode::Async/>
                <Route path=path!("/console/templates/:template") view=TemplatePage ssr=SsrMode::Async/>
                <Route path=path!("/console/quality") view=QualityPage ssr=SsrMode::Async/>
                <Route path=path!("/console/quality/rules") view=RulesPage ssr=SsrMode::Async/>
                <Route path=path!("/console/quality/figures") view=FiguresPage ssr=SsrMode::Async/>
                <Route path=path!("/console/quality/:answer") view=ReadingPage ssr=SsrMode::Async/>
                <Route path=path!("/console/profiles") view=FindPage ssr=SsrMode::Async/>
                <Route path=path!("/console/profiles/corrections") view=CorrectionsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/profiles/:profile") view=PersonPage ssr=SsrMode::Async/>
                <Route path=path!("/console/profiles/:profile/correct") view=CorrectPage ssr=SsrMode::Async/>
                <Route path=path!("/console/profiles/:profile/biometrics") view=RecordPage ssr=SsrMode::Async/>
                <Route path=path!("/console/profiles/:profile/verify") view=VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries") view=QueriesPage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries/ask") view=AskPage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries/held") view=HeldPage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries/held/:hold") view=HoldPage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries/suppressed") view=SuppressedPage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries/uses") view=UsesPage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries/uses/:use") view=UsePage ssr=SsrMode::Async/>
                <Route path=path!("/console/partner-queries/:query") view=QueryPage ssr=SsrMode::Async/>
                <Route path=path!("/console/agreements") view=AgreementsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/agreements/templates") view=PartnerTemplatesPage ssr=SsrMode::Async/>
                <Route path=path!("/console/agreements/:partner") view=PartnerPage ssr=SsrMode::Async/>
                <Route path=path!("/console/agreements/:partner/draft") view=DraftPage ssr=SsrMode::Async/>
                <Route path=path!("/console/agreements/:partner/versions/:version") view=VersionPage ssr=SsrMode::Async/>
                <Route path=path!("/console/waivers") view=WaiversPage ssr=SsrMode::Async/>
                <Route path=path!("/console/waivers/propose") view=ProposePage ssr=SsrMode::Async/>
                <Route path=path!("/console/information-requests") view=InformationRequestsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/information-requests/:request") view=InformationRequestPage ssr=SsrMode::Async/>
                <Route path=path!("/console/information-requests/:request/documents/:document") view=DocumentPage ssr=SsrMode::Async/>
                <Route path=path!("/console/packages") view=PackagesPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounting") view=AccountingPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounting/people/:profile") view=AccountingPersonPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounting/recipients") view=AccountingRecipientPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounting/record") view=AccountingRecordPage ssr=SsrMode::Async/>
                <Route path=path!("/console/accounting/corrections") view=CorrectionsToldPage ssr=SsrMode::Async/>
                <Route path=path!("/console/retention") view=RetentionPage ssr=SsrMode::Async/>
                <Route path=path!("/console/retention/holds") view=HoldsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/retention/dispositions") view=DispositionsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/retention/dispositions/:disposition") view=DispositionPage ssr=SsrMode::Async/>
                <Route path=path!("/console/redress") view=RedressPage ssr=SsrMode::Async/>
                <Route path=path!("/console/redress/log") view=LogPage ssr=SsrMode::Async/>
                <Route path=path!("/console/redress/:request") view=RedressRequestPage ssr=SsrMode::Async/>
                <Route path=path!("/console/sharing") view=SharingPage ssr=SsrMode::Async/>
                <Route path=path!("/console/reports") view=ReportsPage ssr=SsrMode::Async/>
                <Route path=path!("/console/reports/export") view=ExportPage ssr=SsrMode::Async/>
                <Route path=path!("/console/roster") view=RosterPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
