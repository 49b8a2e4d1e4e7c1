//! In the browser: fields of forms check themselves by the same rules as the server's, as soon as somebody leaves them.
//!
//! The page is the server's and stays as it is; only messages beside fields come and go. Their words stand in the page.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, FocusEvent, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use shared::change_of_address::{Left, Step, check_left};
use shared::e_request::{Field, FieldKind, FieldProblem};
use web_sys::js_sys::Date;

/// What marks a field's frame and names the field.
const FRAME: &str = "[data-field]";
const ERROR_FRAME: &str = "usa-form-group--error";

/// A press that is not over. A message that came meanwhile would move what is pressed away from under it, and the press would be
/// lost.
#[derive(Default)]
struct Press {
    is_down: Cell<bool>,
    /// The field that was left by it.
    left: RefCell<Option<Element>>,
}

impl Press {
    fn is_over(self: &Rc<Self>) {
        self.is_down.set(false);
        let press = Rc::clone(self);
        // After the click that belongs to it.
        let check_left = move || {
            if let Some(frame) = press.left.take() {
                check(&frame);
            }
        };
        set_timeout(check_left, Duration::ZERO);
    }
}

/// Begins to look after the page's forms.
pub fn begin() {
    let press = Rc::new(Press::default());
    let [down, up, left] = [(); 3].map(|()| Rc::clone(&press));
    // Of a finger, too: a field is left by the mouse's events that browsers make of a tap.
    window_event_listener(ev::mousedown, move |_| down.is_down.set(true));
    window_event_listener(ev::mouseup, move |_| up.is_over());
    window_event_listener(ev::focusout, move |event: FocusEvent| {
        let Some(frame) = frame_of(&event) else { return };
        let next = event.related_target().and_then(|next| next.dyn_into::<Element>().ok());
        // Whoever goes on to the day of a date has not left it yet.
        if next.is_some_and(|next| frame.contains(Some(&next))) {
            return;
        }
        if left.is_down.get() {
            left.left.replace(Some(frame));
        } else {
            check(&frame);
        }
    });
    window_event_listener(ev::input, |event: Event| {
        // A mistake goes as soon as it is mended; none comes while somebody is typing.
        if let Some(frame) = frame_of(&event).filter(|frame| frame.class_list().contains(ERROR_FRAME)) {
            check(&frame);
        }
    });
}

fn frame_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(FRAME).ok()?
}

/// What is to be said of a field. What is missing is said when the form is sent, not to who passes by.
enum Said {
    Nothing,
    Right,
    Wrong(String),
}

fn check(frame: &Element) {
    let Some(key) = frame.get_attribute("data-field") else { return };
    // A field of a change of address is looked at together with the others of its page; one of a request by itself.
    let said = if frame.has_attribute("data-slips") { of_change(frame, &key) } else { of_request(frame, &key) };
    match said {
        Said::Nothing => {}
        Said::Right => clear(frame, &key),
        Said::Wrong(words) => show(frame, &key, &words),
    }
}

fn of_request(frame: &Element, key: &str) -> Said {
    let Some(field) = Field::from_key(key) else { return Said::Nothing };
    let typed = typed(frame, field);
    if typed.trim_matches(['-', ' ']).is_empty() {
        return Said::Nothing;
    }
    let name = match field.check(&typed, today()) {
        Ok(()) => return Said::Right,
        Err(FieldProblem::TooLong) => "data-too-long",
        Err(_) => "data-wrong",
    };
    let words = frame.get_attribute(name).or_else(|| frame.get_attribute("data-wrong"));
    words.map_or(Said::Nothing, Said::Wrong)
}

fn of_change(frame: &Element, key: &str) -> Said {
    let form = frame.closest("form").ok().flatten();
    let step = form.as_ref().and_then(|form| control(form, "[name=step]")).and_then(|step| Step::from_key(&value(&step)));
    let (Some(form), Some(step)) = (form, step) else { return Said::Nothing };
    if all_typed(frame).values().all(|text| text.trim().is_empty()) {
        return Said::Nothing;
    }
    match check_left(step, key, &all_typed(&form), today()) {
        Left::Later => Said::Nothing,
        Left::Right => Said::Right,
        Left::Wrong(slip) => {
            let slips = frame.get_attribute("data-slips").unwrap_or_default();
            let words = slips.lines().find_map(|line| line.strip_prefix(slip)?.strip_prefix(' '));
            words.map_or(Said::Nothing, |words| Said::Wrong(words.to_owned()))
        }
    }
}

/// What stands in the fields of a part of the page, by their names.
fn all_typed(part: &Element) -> BTreeMap<String, String> {
    let mut typed = BTreeMap::new();
    let Ok(controls) = part.query_selector_all("[name^='typed[']:not([type=radio], [type=checkbox]), [name^='typed[']:checked")
    else {
        return typed;
    };
    for control in (0..controls.length()).filter_map(|at| controls.item(at)?.dyn_into::<Element>().ok()) {
        let name = control.get_attribute("name").unwrap_or_default();
        if let Some(name) = name.strip_prefix("typed[").and_then(|name| name.strip_suffix(']')) {
            typed.insert(name.to_owned(), value(&control));
        }
    }
    typed
}

fn typed(frame: &Element, field: Field) -> String {
    let part = |name: &str| control(frame, &format!("[name='typed[{name}]']")).as_ref().map(value).unwrap_or_default();
    match field.kind() {
        FieldKind::Choice(_) => control(frame, ":checked").as_ref().map(value).unwrap_or_default(),
        FieldKind::Day(_) => {
            let key = field.key();
            let of_day = |name: &str| part(&format!("{key}_{name}")).replace('-', "");
            format!("{}-{}-{}", of_day("year"), of_day("month"), of_day("day"))
        }
        _ => part(field.key()),
    }
}

fn control(frame: &Element, selector: &str) -> Option<Element> {
    frame.query_selector(selector).ok().flatten()
}

fn value(control: &Element) -> String {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
        return select.value();
    }
    control.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
}

fn today() -> chrono::NaiveDate {
    let now = Date::new_0();
    let year = i32::try_from(now.get_full_year()).unwrap_or(9999);
    chrono::NaiveDate::from_ymd_opt(year, now.get_month() + 1, now.get_date()).unwrap_or(chrono::NaiveDate::MAX)
}

fn error_id(key: &str) -> String {
    format!("{key}-error")
}

fn show(frame: &Element, key: &str, words: &str) {
    let Some(prefix) = frame.get_attribute("data-prefix") else { return };
    let id = error_id(key);
    let document = document();
    let error = document.get_element_by_id(&id).or_else(|| {
        let error = document.create_element("span").ok()?;
        error.set_id(&id);
        error.set_class_name("usa-error-message");
        let _ = error.set_attribute("aria-live", "polite");
        // Before the field, where the server puts it.
        let before = frame.query_selector(":scope > :is(input, select, textarea), fieldset > :is(.usa-memorable-date, .usa-radio)");
        let before = before.ok().flatten()?;
        before.parent_node()?.insert_before(&error, Some(&before)).ok()?;
        Some(error)
    });
    let Some(error) = error else { return };
    let said = document.create_element("span");
    if let Ok(said) = said {
        said.set_class_name("visually-hidden");
        said.set_text_content(Some(&format!("{prefix} ")));
        error.set_text_content(None);
        let _ = error.append_child(&said);
    }
    let _ = error.append_child(&document.create_text_node(words));
    let _ = frame.class_list().add_1(ERROR_FRAME);
    mark(frame, &id, true);
}

fn clear(frame: &Element, key: &str) {
    let id = error_id(key);
    if let Some(error) = document().get_element_by_id(&id) {
        error.remove();
    }
    let _ = frame.class_list().remove_1(ERROR_FRAME);
    mark(frame, &id, false);
}

/// Says to those who do not see it which controls are wrong, and which words belong to them.
fn mark(frame: &Element, error: &str, is_wrong: bool) {
    let described = control(frame, "fieldset").or_else(|| control(frame, "input, select, textarea"));
    if let Some(described) = described {
        let ids = described.get_attribute("aria-describedby").unwrap_or_default();
        let others = ids.split_whitespace().filter(|id| *id != error);
        let ids: Vec<&str> = is_wrong.then_some(error).into_iter().chain(others).collect();
        let _ = if ids.is_empty() {
            described.remove_attribute("aria-describedby")
        } else {
            described.set_attribute("aria-describedby", &ids.join(" "))
        };
    }
    let Ok(controls) = frame.query_selector_all("input, select, textarea") else { return };
    for control in (0..controls.length()).filter_map(|at| controls.item(at)?.dyn_into::<Element>().ok()) {
        if is_wrong {
            let _ = control.set_attribute("aria-invalid", "true");
            let _ = control.class_list().add_1("usa-input--error");
        } else {
            let _ = control.remove_attribute("aria-invalid");
            let _ = control.class_list().remove_1("usa-input--error");
        }
    }
}
