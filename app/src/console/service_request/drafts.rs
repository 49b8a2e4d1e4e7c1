//! In the browser: what is written for an answer is kept while it is typed. A page that goes away loses two seconds at most, and what
//! somebody else saved meanwhile is never overwritten by itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

use super::server::{DraftSaved, save_draft};

/// So long after the last key it is saved.
const PAUSE: Duration = Duration::from_secs(2);

struct Draft {
    id: String,
    purpose: String,
    seen: HtmlInputElement,
    text: HtmlTextAreaElement,
    state: Element,
    waiting: Cell<Option<TimeoutHandle>>,
    /// What was sent last; at first what the page came with.
    sent: RefCell<String>,
    is_sending: Cell<bool>,
    /// Somebody else saved one: from here on only the button saves.
    has_ended: Cell<bool>,
}

/// Begins to look after the draft of the page, if it has one.
pub fn begin() {
    let Some(draft) = Draft::of_this_page().map(Rc::new) else { return };
    let typed = {
        let draft = Rc::clone(&draft);
        Closure::<dyn Fn()>::new(move || draft.typed())
    };
    let _ = draft.text.add_event_listener_with_callback("input", typed.as_ref().unchecked_ref());
    // For as long as the page lives.
    typed.forget();
    let left = {
        let draft = Rc::clone(&draft);
        Closure::<dyn Fn()>::new(move || draft.save())
    };
    // Whoever goes on to something else, which may lead to another page, waits for nothing.
    let _ = draft.text.add_event_listener_with_callback("change", left.as_ref().unchecked_ref());
    left.forget();
    // What was typed before the client came, or was brought back by the browser, is no less worth.
    draft.typed();
}

impl Draft {
    fn of_this_page() -> Option<Self> {
        let form: HtmlFormElement = document().query_selector("form[data-draft]").ok()??.dyn_into().ok()?;
        let field =
            |name: &str| -> Option<HtmlInputElement> { form.query_selector(&format!("input[name={name}]")).ok()??.dyn_into().ok() };
        let text: HtmlTextAreaElement = form.query_selector("textarea").ok()??.dyn_into().ok()?;
        Some(Self {
            id: field("id")?.value(),
            purpose: field("purpose")?.value(),
            seen: field("seen")?,
            state: document().get_element_by_id("draft-state")?,
            waiting: Cell::new(None),
            sent: RefCell::new(text.default_value().ok()?),
            is_sending: Cell::new(false),
            has_ended: Cell::new(false),
            text,
        })
    }

    /// Saves it when nothing more is typed for a while.
    fn typed(self: &Rc<Self>) {
        if self.has_ended.get() {
            return;
        }
        if let Some(waiting) = self.waiting.take() {
            waiting.clear();
        }
        let draft = Rc::clone(self);
        self.waiting.set(set_timeout_with_handle(move || draft.save(), PAUSE).ok());
    }

    fn save(self: &Rc<Self>) {
        let text = self.text.value();
        if *self.sent.borrow() == text || self.has_ended.get() {
            return;
        }
        if self.is_sending.replace(true) {
            // One after the other: the version that the next one has seen is in the answer.
            return self.typed();
        }
        let draft = Rc::clone(self);
        spawn_local(async move {
            let saved = save_draft(draft.id.clone(), draft.purpose.clone(), draft.seen.value(), text.clone()).await;
            draft.is_sending.set(false);
            draft.show(saved, text);
        });
    }

    fn show(&self, saved: Result<DraftSaved, ServerFnError>, text: String) {
        let words = match saved {
            Ok(DraftSaved::Saved(version)) => {
                self.seen.set_value(&version.to_string());
                *self.sent.borrow_mut() = text;
                "Saved."
            }
            Ok(DraftSaved::Conflict) => {
                self.has_ended.set(true);
                "Not saved: somebody else saved another version meanwhile. Press Save the draft to see both; yours stays."
            }
            Ok(DraftSaved::TooLong) => "Not saved: it is too long, 20,000 characters at most.",
            Err(_) => "Not saved: the server does not answer. It is tried again when you type.",
        };
        self.state.set_text_content(Some(words));
    }
}
