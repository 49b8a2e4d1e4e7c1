//! In the browser: single keys press what stands on the page and names them (`data-key`), or go through the rows of its table. A page
//! whose keys are turned off says so.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

/// The keys of buttons that stand in forms of their own, by the id of the button.
const BUTTONS: [(&str, &str); 2] = [("t", "take-next"), ("o", "act-open")];

/// Begins to listen, on pages that have keys.
pub fn begin() {
    let Some(list) = document().get_element_by_id("shortcuts") else { return };
    if list.has_attribute("data-off") {
        return;
    }
    window_event_listener(ev::keydown, |event| {
        if is_ours(&event) && act(&event.key()) {
            event.prevent_default();
        }
    });
}

/// Whether a key is not part of something else: of what is typed, of a shortcut of the browser, of a dialog.
fn is_ours(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() || event.default_prevented() {
        return false;
    }
    let is_covered = document().query_selector("dialog[open]").ok().flatten().is_some();
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_typed_into = |element: Element| {
        let input = element.dyn_ref::<HtmlInputElement>();
        let is_tick = input.is_some_and(|input| matches!(input.type_().as_str(), "checkbox" | "radio"));
        !is_tick && matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    };
    !is_covered && !target.is_some_and(is_typed_into)
}

/// Does what a key stands for; false if it stands for nothing here.
fn act(key: &str) -> bool {
    match key {
        "j" => go(1),
        "k" => go(-1),
        // The page scrolls by arrows, unless a row has the focus.
        "ArrowDown" if row_at_hand().is_some() => go(1),
        "ArrowUp" if row_at_hand().is_some() => go(-1),
        "x" => tick(),
        "?" => open(document().get_element_by_id("shortcuts")),
        _ => press(key),
    }
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The links of the rows that are to be seen.
fn rows() -> Vec<HtmlElement> {
    all("[data-row-link]").into_iter().filter(|row| row.offset_width() > 0).collect()
}

fn row_at_hand() -> Option<usize> {
    let active: Element = document().active_element()?;
    rows().iter().position(|row| row.is_same_node(Some(&active)) || is_in_row_of(&active, row))
}

/// Whether a tick box stands in the row of a link.
fn is_in_row_of(active: &Element, link: &HtmlElement) -> bool {
    let row = link.closest("tr").ok().flatten();
    active.has_attribute("data-row-tick") && row.is_some_and(|row| row.contains(Some(active)))
}

/// Gives the focus to the next row, or the one before; first to the one that is shown beside.
fn go(step: i32) -> bool {
    let rows = rows();
    let shown = || rows.iter().position(|row| row.closest("tr[aria-current]").ok().flatten().is_some());
    let at = row_at_hand().or_else(shown);
    let next = match (at, step) {
        (None, _) => 0,
        (Some(at), 1) => (at + 1).min(rows.len().saturating_sub(1)),
        (Some(at), _) => at.saturating_sub(1),
    };
    let Some(row) = rows.get(next) else { return false };
    row.focus().is_ok()
}

fn tick() -> bool {
    let Some(at) = row_at_hand() else { return false };
    let row = rows().get(at).and_then(|link| link.closest("tr").ok().flatten());
    let tick = row.and_then(|row| row.query_selector("[data-row-tick]").ok().flatten());
    let Some(tick) = tick.and_then(|tick| tick.dyn_into::<HtmlElement>().ok()) else { return false };
    tick.click();
    true
}

/// Presses what names the key: opens a part, gives a field the focus, clicks anything else.
fn press(key: &str) -> bool {
    if !key.chars().all(|c| c.is_ascii_lowercase() || c == '/') || key.chars().count() != 1 {
        return false;
    }
    let named = || all(&format!("[data-key=\"{key}\"]")).into_iter().find(|element| element.offset_width() > 0);
    let button = BUTTONS.into_iter().find(|(known, _)| *known == key);
    let button = button.and_then(|(_, id)| document().get_element_by_id(id)?.dyn_into::<HtmlElement>().ok());
    let Some(element) = button.or_else(named) else { return false };
    match element.tag_name().as_str() {
        "DETAILS" => open(Some(element.into())),
        "INPUT" => element.focus().is_ok(),
        _ => {
            element.click();
            true
        }
    }
}

/// Opens a part of the page, or closes it, and goes there: to its first field.
fn open(part: Option<Element>) -> bool {
    let Some(part) = part else { return false };
    let is_open = part.toggle_attribute("open").unwrap_or(false);
    let selector = if is_open { "select, textarea, input:not([type=hidden]), summary" } else { "summary" };
    // Of those in the part the first in the document that is no heading of it.
    let fields = part.query_selector_all(selector).ok();
    let found = fields.and_then(|fields| {
        let elements = (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into::<HtmlElement>().ok());
        let elements: Vec<HtmlElement> = elements.collect();
        elements.iter().find(|element| element.tag_name() != "SUMMARY").or(elements.first()).cloned()
    });
    found.is_some_and(|element| element.focus().is_ok())
}
