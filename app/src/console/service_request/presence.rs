//! In the browser: says that the request is open here, and who else has it open. It keeps no session alive.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::server::here;

/// How often it is asked. Who gave no sign for 90 seconds is taken to have left.
const BETWEEN: Duration = Duration::from_secs(30);

/// Begins to ask, on the page of a request.
pub fn begin() {
    let Some(request) = document().query_selector("[data-request]").ok().flatten() else { return };
    let Some(id) = request.get_attribute("data-request") else { return };
    set_interval(move || ask(id.clone()), BETWEEN);
}

fn ask(id: String) {
    if document().hidden() {
        return;
    }
    spawn_local(async move {
        let Ok(others) = here(id).await else { return };
        let Some(present) = document().get_element_by_id("present") else { return };
        let words = if others.is_empty() { String::new() } else { format!("Also open at: {}", others.join(", ")) };
        // What is said already is not said again.
        if present.text_content().unwrap_or_default() != words {
            present.set_text_content(Some(&words));
        }
    });
}
