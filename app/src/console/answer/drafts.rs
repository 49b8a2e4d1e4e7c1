//! In the browser: the answer is kept while it is typed. A page that goes away loses two seconds at most, and what somebody else
//! saved meanwhile is never overwritten by itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::server::{AnswerFields, AnswerSaved, save_answer};

/// So long after the last key it is saved.
const PAUSE: Duration = Duration::from_secs(2);

struct Draft {
    form: HtmlFormElement,
    id: String,
    version: HtmlInputElement,
    state: Element,
    waiting: Cell<Option<TimeoutHandle>>,
    /// What was sent last.
    sent: RefCell<AnswerFields>,
    is_sending: Cell<bool>,
    /// A button sends the form, or somebody else saved one: from here on only buttons save.
    has_ended: Cell<bool>,
}

/// Begins to look after the answer of the page, if it has one.
pub fn begin() {
    let Some(draft) = Draft::of_this_page().map(Rc::new) else { return };
    draft.listen("input", Draft::typed);
    draft.listen("submit", |draft| draft.end());
}

impl Draft {
    fn of_this_page() -> Option<Self> {
        let form: HtmlFormElement = document().query_selector("form[data-answer]").ok()??.dyn_into().ok()?;
        let field =
            |name: &str| -> Option<HtmlInputElement> { form.query_selector(&format!("input[name={name}]")).ok()??.dyn_into().ok() };
        Some(Self {
            id: field("id")?.value(),
            version: field("version")?,
            state: document().get_element_by_id("answer-state")?,
            waiting: Cell::new(None),
            sent: RefCell::new(fields(&form)),
            is_sending: Cell::new(false),
            has_ended: Cell::new(false),
            form,
        })
    }

    fn listen(self: &Rc<Self>, event: &str, act: fn(&Rc<Self>)) {
        let draft = Rc::clone(self);
        let listener = Closure::<dyn Fn()>::new(move || act(&draft));
        let _ = self.form.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        // For as long as the page lives.
        listener.forget();
    }

    fn end(&self) {
        self.has_ended.set(true);
        if let Some(waiting) = self.waiting.take() {
            waiting.clear();
        }
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
        let fields = fields(&self.form);
        if *self.sent.borrow() == fields || self.has_ended.get() {
            return;
        }
        if self.is_sending.replace(true) {
            // One after the other: the version that the next one has seen is in the answer.
            return self.typed();
        }
        let draft = Rc::clone(self);
        spawn_local(async move {
            let (id, version) = (draft.id.clone(), draft.version.value());
            let saved = save_answer(id, version, fields.clone(), String::new(), String::new()).await;
            draft.is_sending.set(false);
            draft.show(saved, fields);
        });
    }

    fn show(&self, saved: Result<AnswerSaved, ServerFnError>, fields: AnswerFields) {
        let words = match saved {
            Ok(AnswerSaved::Kept(version)) => {
                self.version.set_value(&version.to_string());
                *self.sent.borrow_mut() = fields;
                "Kept. Save and check to see what the check finds now."
            }
            Ok(AnswerSaved::Changed) => {
                self.has_ended.set(true);
                "Not kept: somebody else saved another version meanwhile. Press Save and check to see both; yours stays."
            }
            Ok(AnswerSaved::NotNow) => {
                self.has_ended.set(true);
                "Not kept: the request owes no answer now. Press Save and check to see why; what you typed stays."
            }
            Err(_) => "Not kept: the server does not answer. It is tried again when you type.",
        };
        self.state.set_text_content(Some(words));
    }
}

/// What the form holds now.
fn fields(form: &HtmlFormElement) -> AnswerFields {
    let mut fields = AnswerFields::default();
    let Ok(all) = form.query_selector_all("[name^=answer]") else { return fields };
    for field in (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok()) {
        let Some((name, value)) = field.get_attribute("name").zip(value(&field)) else { continue };
        match name.trim_start_matches("answer").trim_matches(['[', ']']).split_once("][") {
            None => match name.as_str() {
                "answer[form]" => fields.form = value,
                "answer[stage]" => fields.stage = value,
                "answer[locale]" => fields.locale = value,
                "answer[text]" => fields.text = value,
                _ => {}
            },
            Some(("typed", key)) => drop(fields.typed.insert(key.to_owned(), value)),
            Some((_, key)) => drop(fields.addressed.insert(key.to_owned(), value)),
        }
    }
    fields
}

fn value(field: &Element) -> Option<String> {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return Some(input.value());
    }
    if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        return Some(select.value());
    }
    field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value)
}
