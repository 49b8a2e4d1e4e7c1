//! Keys for what stands on a page. Each presses or focuses a control that is there to be seen, which names it by `data-key`; the list
//! of them is at the end of the page, and they can be turned off (WCAG 2.1.4).

use axum::http::header::COOKIE;
use axum::http::request::Parts;
use leptos::prelude::*;

use crate::console::context::ConsoleContext;
use crate::console::form::PostButton;
use crate::session::CookieName;

/// What a page has keys for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySet {
    List,
    Request,
}

impl KeySet {
    const fn keys(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::List => &[
                ("j or ↓", "next request; ↓ when one has the focus"),
                ("k or ↑", "request before; ↑ when one has the focus"),
                ("Enter", "open the request that has the focus"),
                ("x", "tick the request that has the focus"),
                ("a", "show what giving the ticked requests to somebody does"),
                ("t", "take the next request"),
                ("i", "take a request in"),
                ("/", "search"),
                ("f", "filters, order, columns"),
                ("n", "next page"),
                ("p", "page before"),
                ("u", "back to the lists"),
                ("?", "these keys"),
            ],
            Self::Request => &[
                ("j or ↓", "next request of the list beside; ↓ when one has the focus"),
                ("k or ↑", "request before; ↑ when one has the focus"),
                ("Enter", "open the request that has the focus"),
                ("o", "open it: begin to work"),
                ("g", "give or hand it to somebody"),
                ("s", "stop the clock"),
                ("r", "redirect it"),
                ("c", "write a note"),
                ("d", "write the answer, or go on writing it"),
                ("q", "ask another office"),
                ("u", "back to the list"),
                ("?", "these keys"),
            ],
        }
    }
}

/// Whether the officer has turned single keys off, in this browser.
fn are_off() -> bool {
    let Some(console) = ConsoleContext::current() else { return false };
    let name = CookieName::keys(console.secure_cookies);
    let cookies = with_context(|parts: &Parts| parts.headers.get(COOKIE)?.to_str().ok().map(str::to_owned)).flatten();
    cookies.is_some_and(|cookies| name.values(&cookies).any(|value| value == "off"))
}

/// The keys of a page, and the switch.
#[component]
pub fn Shortcuts(set: KeySet) -> impl IntoView {
    let are_off = are_off();
    let row = |(key, what): &(&'static str, &'static str)| view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*what}</dd></div> };
    let (label, keys) = if are_off { ("Turn single keys on", "on") } else { ("Turn single keys off", "off") };
    view! {
        <details class="console-details console-shortcuts" id="shortcuts" data-off=are_off.then_some("yes")>
            <summary>"Keyboard shortcuts"</summary>
            {are_off.then(|| view! { <p>"Single keys are turned off."</p> })}
            <dl class="console-keys">{set.keys().iter().map(row).collect_view()}</dl>
            <p>"Keys work where scripts do, and not while you type. Each stands for a link or a button of this page."</p>
            <PostButton action="/_fn/console/service_request/keys" label values=vec![("keys", keys.to_owned())]/>
        </details>
    }
}
