//! In the browser: a session that is about to end says so, and a screen whose session ended shows nothing (AC-11).
//!
//! What was typed stays in the page, hidden. Whoever signs in again, in another tab, gets the page back as it was, if it is the same
//! person: the forms get the token of the new session. Tabs tell each other when somebody was there.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::js_sys::Date;
use web_sys::{BroadcastChannel, Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement};

use super::session::{Here, lock_session, stay, who_is_here};
use crate::csrf;

/// What tabs tell each other: somebody is here, and the session ends at that moment; or that the session is locked.
const HERE: &str = "here ";
const LOCKED: &str = "locked";
/// The page is locked, or not any more: its body's class, and an event of the document.
pub const CONCEALED: &str = "console-locked";
/// How long before its end a session says so.
const WARNING: Millis = 120_000.0;
/// How often the time is looked at. The warning counts down, so each second.
const TICK: Duration = Duration::from_secs(1);
/// Least milliseconds between two calls that tell the server that somebody is typing.
const BETWEEN_CALLS: f64 = 60_000.0;

/// Milliseconds since 1970, as the browser's clock has it.
type Millis = f64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Page,
    Warning,
    Locked,
}

/// The page and its session.
struct Watch {
    warning: HtmlDialogElement,
    locked: HtmlDialogElement,
    officer: String,
    /// When the server last heard of the session, from any tab, and when it then said that it would end.
    heard: Cell<Millis>,
    ends: Cell<Millis>,
    /// When somebody last touched this page.
    touched: Cell<Millis>,
    shown: Cell<Shown>,
    tabs: Option<BroadcastChannel>,
    title: String,
}

/// Begins to watch, on pages of somebody who signed in.
pub fn begin() {
    let Some(watch) = Watch::of_this_page().map(Rc::new) else { return };
    watch.tell();
    let other = Rc::clone(&watch);
    window_event_listener(ev::keydown, move |_| other.touched.set(now()));
    let other = Rc::clone(&watch);
    window_event_listener(ev::pointerdown, move |_| other.touched.set(now()));
    let other = Rc::clone(&watch);
    // A device that slept wakes with a page on its screen: the time is looked at before anybody can read it.
    window_event_listener(ev::focus, move |_| other.look());
    let other = Rc::clone(&watch);
    document_listener("visibilitychange", move || other.look());
    watch.listen_to_tabs();
    watch.listen_to_buttons();
    set_interval(move || watch.look(), TICK);
}

impl Watch {
    fn of_this_page() -> Option<Self> {
        let warning = dialog("idle-warning")?;
        let left: f64 = warning.get_attribute("data-left")?.parse().ok()?;
        Some(Self {
            officer: warning.get_attribute("data-officer")?,
            locked: dialog("idle-locked")?,
            heard: Cell::new(now()),
            ends: Cell::new(now() + left * 1000.0),
            touched: Cell::new(0.0),
            shown: Cell::new(Shown::Page),
            tabs: BroadcastChannel::new("portico-console").ok(),
            title: document().title(),
            warning,
        })
    }

    /// Looks at the time, and does what it is time for.
    fn look(self: &Rc<Self>) {
        let (now, shown) = (now(), self.shown.get());
        let left = self.ends.get() - now;
        if shown == Shown::Locked {
            return;
        }
        if left <= 0.0 {
            return self.lock();
        }
        if left <= WARNING {
            return self.warn((left / 1000.0).ceil());
        }
        if shown == Shown::Warning {
            // Another tab was used.
            self.back_to_page();
        }
        if self.touched.get() > self.heard.get() && now - self.heard.get() >= BETWEEN_CALLS {
            self.stay();
        }
    }

    fn warn(&self, seconds: f64) {
        if let Some(left) = document().get_element_by_id("idle-left") {
            let (minutes, seconds) = ((seconds / 60.0).floor(), seconds % 60.0);
            left.set_text_content(Some(&format!("{minutes}:{seconds:02}")));
        }
        if self.shown.replace(Shown::Warning) == Shown::Page {
            let _ = self.warning.show_modal();
        }
    }

    /// Conceals the page. It stays in the document, so that nothing typed is lost.
    fn lock(&self) {
        if self.shown.replace(Shown::Locked) == Shown::Locked {
            return;
        }
        self.warning.close();
        mark_body(true);
        document().set_title("Locked");
        let _ = self.locked.show_modal();
    }

    fn back_to_page(&self) {
        self.warning.close();
        self.locked.close();
        mark_body(false);
        document().set_title(&self.title);
        self.shown.set(Shown::Page);
    }

    /// Tells the server that somebody is here.
    fn stay(self: &Rc<Self>) {
        self.heard.set(now());
        let watch = Rc::clone(self);
        spawn_local(async move {
            match stay().await {
                Ok(here) => watch.go_on(&here),
                Err(error) if csrf::is_refusal(&error) => watch.lock(),
                // The server is away; the time runs on by itself.
                Err(_) => {}
            }
        });
    }

    /// Shows the page again, to whom it was shown before and to nobody else.
    fn go_on(&self, here: &Here) {
        if here.officer != self.officer {
            let _ = window().location().reload();
            return;
        }
        renew_token(&here.token);
        self.hear(now() + f64::from(here.left) * 1000.0);
        self.back_to_page();
        self.tell();
    }

    /// Asks who is signed in now, after somebody signed in elsewhere.
    fn ask(self: &Rc<Self>) {
        let watch = Rc::clone(self);
        spawn_local(async move {
            if let Ok(here) = who_is_here().await {
                watch.go_on(&here);
            }
        });
    }

    fn lock_now(self: &Rc<Self>) {
        let watch = Rc::clone(self);
        watch.lock();
        spawn_local(async move {
            let _ = lock_session().await;
            watch.say(LOCKED);
        });
    }

    /// The server heard of the session, and said when it ends.
    fn hear(&self, ends: Millis) {
        self.heard.set(now());
        self.ends.set(ends);
    }

    fn tell(&self) {
        self.say(&format!("{HERE}{}", self.ends.get()));
    }

    fn say(&self, word: &str) {
        if let Some(tabs) = &self.tabs {
            let _ = tabs.post_message(&word.into());
        }
    }

    fn listen_to_tabs(self: &Rc<Self>) {
        let Some(tabs) = &self.tabs else { return };
        let watch = Rc::clone(self);
        let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let said = event.data().as_string().unwrap_or_default();
            match said.strip_prefix(HERE).and_then(|ends| ends.parse().ok()) {
                Some(_) if watch.shown.get() == Shown::Locked => watch.ask(),
                Some(ends) => watch.hear(ends),
                None => watch.lock(),
            }
        });
        tabs.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        // For as long as the page lives.
        heard.forget();
    }

    fn listen_to_buttons(self: &Rc<Self>) {
        let watch = Rc::clone(self);
        on_click("idle-stay", move |_| watch.stay());
        let watch = Rc::clone(self);
        on_click("idle-unlock", move |_| watch.ask());
        let watch = Rc::clone(self);
        on_click("lock-now", move |event| {
            event.prevent_default();
            watch.lock_now();
        });
        let watch = Rc::clone(self);
        // Escape closes a dialog: the one of a locked screen must stay, the warning's means that somebody is here.
        for (dialog, stays) in [(&self.locked, true), (&self.warning, false)] {
            let watch = Rc::clone(&watch);
            let cancelled = Closure::<dyn Fn(Event)>::new(move |event: Event| {
                event.prevent_default();
                if !stays {
                    watch.stay();
                }
            });
            let _ = dialog.add_event_listener_with_callback("cancel", cancelled.as_ref().unchecked_ref());
            cancelled.forget();
        }
    }
}

fn now() -> Millis {
    Date::now()
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn mark_body(is_locked: bool) {
    if let Some(body) = document().body() {
        let _ = body.class_list().toggle_with_force(CONCEALED, is_locked);
    }
    if let Ok(event) = Event::new(CONCEALED) {
        let _ = document().dispatch_event(&event);
    }
}

/// The page's forms and calls belong to a session; after another sign-in it is another one.
fn renew_token(token: &str) {
    let document = document();
    if let Ok(Some(meta)) = document.query_selector(&format!("meta[name={}]", csrf::FIELD)) {
        let _ = meta.set_attribute("content", token);
    }
    let Ok(fields) = document.query_selector_all(&format!("input[name={}]", csrf::FIELD)) else { return };
    for field in (0..fields.length()).filter_map(|at| fields.item(at)?.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(token);
    }
}

fn on_click(id: &str, act: impl Fn(Event) + 'static) {
    let Some(button) = document().get_element_by_id(id) else { return };
    let button: Element = button;
    let clicked = Closure::<dyn Fn(Event)>::new(act);
    let _ = button.unchecked_ref::<HtmlElement>().add_event_listener_with_callback("click", clicked.as_ref().unchecked_ref());
    clicked.forget();
}

fn document_listener(name: &str, act: impl Fn() + 'static) {
    let heard = Closure::<dyn Fn()>::new(act);
    let _ = document().add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard.forget();
}
