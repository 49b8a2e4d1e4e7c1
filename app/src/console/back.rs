//! Where somebody ends who signed in again for a page in another tab: that tab hears of it by itself.

use leptos::prelude::*;

use super::layout::Layout;

#[component]
pub fn BackPage() -> impl IntoView {
    view! {
        <Layout title="You are signed in again">
            <p>"The page in your other tab is open again, with everything that you typed there. You can close this tab."</p>
        </Layout>
    }
}
