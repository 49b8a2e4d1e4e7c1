//! The first page: what the officer can go to.

use leptos::prelude::*;

use super::context::officer;
use super::layout::Layout;
use super::menu::{Place, places};
use super::site;

#[component]
pub fn HomePage() -> impl IntoView {
    let places: Vec<Place> = officer().iter().flat_map(places).filter(|place| place.path != site::HOME).collect();
    let place = |place: Place| {
        view! { <div class="console-place"><dt><a href=place.path>{place.name}</a></dt><dd>{place.about}</dd></div> }
    };
    view! {
        <Layout title="Home">
            <dl class="console-places">{places.into_iter().map(place).collect_view()}</dl>
        </Layout>
    }
}
