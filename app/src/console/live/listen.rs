//! In the browser: listens to what changes, and says on the bar what that means for the page. A tab that nobody sees does not listen,
//! nor does one that is locked; it catches up when it is seen.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt as _;
use gloo_net::eventsource::futures::{EventSource, EventSourceSubscription};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use shared::live::News;
use wasm_bindgen_futures::spawn_local;
use web_sys::js_sys::Date;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};

use super::server::{ListNow, RequestNow, list_now, request_now};
use crate::console::idle::CONCEALED;
use crate::console::site::LIVE;

/// The least time between two questions, so that no more is said in it than once: a screen reader reads all of it.
const BETWEEN: f64 = 5_000.0;
/// So long the first question waits for what comes at the same time.
const SOON: f64 = 300.0;
/// After the server would not have the page listen.
const LATER: Duration = Duration::from_mins(1);

/// The page and its stream.
struct Live {
    bar: Element,
    words: Element,
    show: Element,
    shown: Shown,
    /// What the page says to learn of whatever comes after.
    since: RefCell<String>,
    stream: RefCell<Option<EventSource>>,
    /// Which stream it is: what an earlier one still has to say is nothing any more.
    turn: Cell<u32>,
    asked_at: Cell<f64>,
    is_waiting: Cell<bool>,
    /// Something was heard, and not asked about yet: the page did not listen any more.
    owes: Cell<bool>,
    /// What the bar says when there is no news.
    usual: (String, String),
    was_warned: Cell<bool>,
}

/// What the page shows.
enum Shown {
    List { page: String, size: usize },
    Request { id: String, seen: i64 },
}

/// Begins to listen, on pages with a bar.
pub fn begin() {
    let Some(live) = Live::of_this_page().map(Rc::new) else { return };
    live.turn_with_tab();
    for turned in ["visibilitychange", CONCEALED] {
        let other = Rc::clone(&live);
        listener(&document(), turned, move |_| other.turn_with_tab());
    }
    let other = Rc::clone(&live);
    listener(&live.show, "click", move |event| other.keep_what_was_typed(&event));
}

impl Live {
    fn of_this_page() -> Option<Self> {
        let find = |id| document().get_element_by_id(id);
        let (bar, words, show) = (find("live")?, find("live-words")?, find("live-show")?);
        let data = |name: &str| bar.get_attribute(&format!("data-{name}"));
        let shown = match data("asked") {
            Some(id) => Shown::Request { id, seen: data("seen")?.parse().ok()? },
            None => Shown::List { page: show.get_attribute("href")?, size: data("size")?.parse().ok()? },
        };
        Some(Self {
            since: RefCell::new(data("since")?),
            usual: (words.text_content()?, show.text_content()?),
            shown,
            bar,
            words,
            show,
            stream: RefCell::default(),
            turn: Cell::default(),
            asked_at: Cell::default(),
            is_waiting: Cell::default(),
            owes: Cell::default(),
            was_warned: Cell::default(),
        })
    }

    fn turn_with_tab(self: &Rc<Self>) {
        let is_locked = document().body().is_some_and(|body| body.class_list().contains(CONCEALED));
        if document().hidden() || is_locked {
            self.stop();
        } else {
            self.listen();
        }
    }

    fn stop(&self) {
        self.turn.set(self.turn.get() + 1);
        // Closed when it is dropped.
        drop(self.stream.take());
    }

    /// What the stream is asked for.
    fn address(&self) -> String {
        let what = match &self.shown {
            Shown::List { .. } => format!("office={}", self.bar.get_attribute("data-office").unwrap_or_default()),
            Shown::Request { id, .. } => format!("request={id}"),
        };
        format!("{LIVE}?{what}&since={}", self.since.borrow())
    }

    fn listen(self: &Rc<Self>) {
        if self.stream.borrow().is_some() {
            return;
        }
        let Ok(mut stream) = EventSource::new(&self.address()) else { return };
        let Ok(events) = stream.subscribe("message") else { return };
        *self.stream.borrow_mut() = Some(stream);
        self.turn.set(self.turn.get() + 1);
        let (live, turn) = (Rc::clone(self), self.turn.get());
        spawn_local(async move { live.hear(events, turn).await });
        if self.owes.take() {
            self.ask_soon();
        }
    }

    async fn hear(self: Rc<Self>, mut events: EventSourceSubscription, turn: u32) {
        // A connection that breaks is made again by the browser; an error is the end.
        while let Some(Ok((_, event))) = events.next().await {
            if self.turn.get() != turn {
                return;
            }
            *self.since.borrow_mut() = event.last_event_id();
            self.ask_soon();
        }
        if self.turn.get() != turn {
            return;
        }
        // The session is over, or the page is one too many.
        self.stop();
        let live = Rc::clone(&self);
        set_timeout(move || live.turn_with_tab(), LATER);
    }

    /// Asks what is new, not too often.
    fn ask_soon(self: &Rc<Self>) {
        if self.is_waiting.replace(true) {
            return;
        }
        let wait = (self.asked_at.get() + BETWEEN - Date::now()).max(SOON);
        let live = Rc::clone(self);
        set_timeout(move || live.ask(), Duration::from_secs_f64(wait / 1000.0));
    }

    fn ask(self: &Rc<Self>) {
        self.is_waiting.set(false);
        // A session that was locked meanwhile is asked nothing.
        if self.stream.borrow().is_none() {
            return self.owes.set(true);
        }
        self.asked_at.set(Date::now());
        let live = Rc::clone(self);
        spawn_local(async move {
            // A page that cannot ask shows what it showed; the next event asks again.
            match &live.shown {
                Shown::List { page, size } => {
                    if let Ok(now) = list_now(page.clone()).await {
                        live.show_list(&now, *size);
                    }
                }
                Shown::Request { id, seen } => {
                    if let Ok(now) = request_now(id.clone()).await {
                        live.show_request(now, *seen);
                    }
                }
            }
        });
    }

    fn show_list(&self, now: &ListNow, size: usize) {
        for (queue, requests) in &now.counts {
            let count = document().query_selector(&format!("[data-count={queue}]")).ok().flatten();
            if let Some(count) = count {
                set_text(&count, &requests.to_string());
            }
        }
        let news = News::of(&rows(), &now.requests, size);
        self.say(news.words().map(|words| format!("{words}:")));
    }

    fn show_request(&self, now: Option<RequestNow>, before: i64) {
        self.say(match now {
            Some(RequestNow { seen, words }) => (seen > before).then_some(words),
            None => Some("You cannot see this request any more. It may have gone to another office.".to_owned()),
        });
    }

    fn say(&self, news: Option<String>) {
        let is_news = news.is_some();
        let _ = self.bar.class_list().toggle_with_force("console-live--news", is_news);
        set_text(&self.words, news.as_ref().unwrap_or(&self.usual.0));
        if !self.was_warned.get() {
            set_text(&self.show, if is_news { "Show" } else { &self.usual.1 });
        }
    }

    /// Loading the page again loses what was typed and not sent: it is said first, once.
    fn keep_what_was_typed(&self, event: &Event) {
        if !self.was_warned.get() && is_typed() {
            event.prevent_default();
            self.was_warned.set(true);
            set_text(&self.show, "What you typed here was not sent. Load the page without it");
        }
    }
}

/// The requests of the page, as it was loaded.
fn rows() -> Vec<(String, i64)> {
    let Ok(found) = document().query_selector_all("tr[data-row]") else { return Vec::new() };
    let row = |row: Element| Some((row.get_attribute("data-row")?, row.get_attribute("data-version")?.parse().ok()?));
    (0..found.length()).filter_map(|at| row(found.item(at)?.dyn_into().ok()?)).collect()
}

/// Whether a field holds something else than the page was loaded with.
fn is_typed() -> bool {
    let Ok(found) = document().query_selector_all("main textarea, main input[type=text]") else { return false };
    let changed = |field: Element| match field.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => area.default_value().is_ok_and(|usual| usual != area.value()),
        None => field.dyn_ref::<HtmlInputElement>().is_some_and(|input| input.value() != input.default_value()),
    };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok()).any(changed)
}

/// What is said already is not said again.
fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

fn listener(target: &web_sys::EventTarget, name: &str, act: impl Fn(Event) + 'static) {
    let heard = Closure::<dyn Fn(Event)>::new(act);
    let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    // For as long as the page lives.
    heard.forget();
}
