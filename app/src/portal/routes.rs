//! On the server: which page a path leads to.

use axum::http::request::Parts;
use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::accessibility::AccessibilityPage;
use super::api::ApiPage;
use super::case_status::CaseStatusPage;
use super::change_of_address::{
    ChangeDonePage, ChangeStartPage, ChangeStatusPage, ChangeStepPage, CodePage, NotMePage, ReceiptPage,
};
use super::e_request::{DonePage, FollowUpPage, LaterPage, RequestPage, ResumePage, SentPage, StartPage, StepPage};
use super::home::HomePage;
use super::lost_receipt_number::LostReceiptNumberPage;
use super::not_found::NotFound;
use super::notification::{ConfirmPage, FollowPage, OutcomePage, StopPage};
use super::privacy::PrivacyPage;
use super::processing_time::{ProcessingTimesPage, YourCasePage};
use super::redress::RedressPage;
use super::report::ServiceReportPage;
use super::watch_list::WatchListPage;

#[component]
pub fn PageAtHand() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <ParentRoute path=path!("/es") view=Outlet>
                    <Pages/>
                </ParentRoute>
                <Pages/>
            </Routes>
        </Router>
    }
}

/// The pages of one language, as [`super::site::PAGES`] names them.
#[component(transparent)]
fn Pages() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
            <Route path=path!("/case-status") view=CaseStatusPage ssr=SsrMode::Async/>
            <Route path=path!("/lost-receipt-number") view=LostReceiptNumberPage ssr=SsrMode::Async/>
            <Route path=path!("/watch-list") view=WatchListPage ssr=SsrMode::Async/>
            <Route path=path!("/processing-times") view=ProcessingTimesPage ssr=SsrMode::Async/>
            <Route path=path!("/processing-times/your-case") view=YourCasePage ssr=SsrMode::Async/>
            <Route path=path!("/follow") view=FollowPage ssr=SsrMode::Async/>
            <Route path=path!("/follow/confirm") view=ConfirmPage ssr=SsrMode::Async/>
            <Route path=path!("/follow/stop") view=StopPage ssr=SsrMode::Async/>
            <Route path=path!("/follow/done") view=OutcomePage ssr=SsrMode::Async/>
            <Route path=path!("/e-request") view=StartPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/who") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/case") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/answer") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/issue") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/documents") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/person") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/contact") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/check") view=StepPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/sent") view=SentPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/later") view=LaterPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/resume") view=ResumePage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/done") view=DonePage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/status") view=FollowUpPage ssr=SsrMode::Async/>
            <Route path=path!("/e-request/status/request") view=RequestPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address") view=ChangeStartPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/person") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/move") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/new-address") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/old-address") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/mailing-address") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/cases") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/contact") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/check") view=ChangeStepPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/receipt") view=ReceiptPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/status") view=ChangeStatusPage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/code") view=CodePage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/not-me") view=NotMePage ssr=SsrMode::Async/>
            <Route path=path!("/change-of-address/done") view=ChangeDonePage ssr=SsrMode::Async/>
            <Route path=path!("/service-report") view=ServiceReportPage ssr=SsrMode::Async/>
            <Route path=path!("/redress") view=RedressPage ssr=SsrMode::Async/>
            <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async/>
            <Route path=path!("/accessibility") view=AccessibilityPage ssr=SsrMode::Async/>
            <Route path=path!("/api") view=ApiPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}

/// The path of the request; empty where no request is: when the list of routes is made.
pub fn path() -> String {
    use_context::<Parts>().map_or_else(String::new, |parts| parts.uri.path().to_owned())
}
