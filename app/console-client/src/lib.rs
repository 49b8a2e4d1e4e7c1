//! The browser's part of the console: looks after the page that the server sent.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script, which then marks the page as hydrated.
#[wasm_bindgen]
pub fn hydrate() {
    app::console::begin();
}
