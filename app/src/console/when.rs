//! Instants, as officers read them: the agency's clock, the same form everywhere, so that columns line up.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::context::ConsoleContext;

/// `2026-11-22 13:05`
#[component]
pub fn When(at: DateTime<Utc>) -> impl IntoView {
    let zone = ConsoleContext::current().map(|console| console.domain.zone);
    let shown = zone.map(|zone| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string());
    view! { <time class="console-nowrap" datetime=at.format("%Y-%m-%dT%H:%M:%SZ").to_string()>{shown}</time> }
}
