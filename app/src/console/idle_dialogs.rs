//! What a page says before its session ends, and what it shows in place of itself afterwards. The browser's client opens these
//! (`idle`); without scripts the page leaves by itself when the session ends, so that nobody reads it.

use leptos::prelude::*;

use super::context::{AtWork, address};
use super::site::{BACK, SIGN_IN, leading_on};

/// The two dialogs, closed.
#[component]
pub fn IdleDialogs(at_work: AtWork) -> impl IntoView {
    view! {
        <dialog
            class="console-dialog"
            id="idle-warning"
            aria-labelledby="idle-warning-title"
            data-officer=at_work.live.account.id.to_string()
            data-left=at_work.seconds_left()
        >
            <h2 id="idle-warning-title">"Are you still there?"</h2>
            <p>"This page is locked in "<span id="idle-left"></span>" minutes. What you typed stays."</p>
            <button class="usa-button" type="button" id="idle-stay">"I am here"</button>
        </dialog>
        <dialog class="console-dialog" id="idle-locked" aria-labelledby="idle-locked-title">
            <h2 id="idle-locked-title">"This page is locked"</h2>
            <p>"Sign in again in a new tab. This page then opens as you left it, with what you typed."</p>
            <p><a class="usa-button" href=BACK target="_blank">"Sign in in a new tab"</a></p>
            <button class="usa-button usa-button--outline" type="button" id="idle-unlock">"I have signed in"</button>
        </dialog>
    }
}

/// In the head, for browsers without scripts: the page goes to the sign-in page when its session ends.
pub fn refresh_without_scripts(at_work: &AtWork) -> impl IntoView + use<> {
    let there = leading_on(SIGN_IN, Some(&address()));
    let sign = if there.contains('?') { '&' } else { '?' };
    let refresh = format!("{};url={there}{sign}ended", at_work.seconds_left());
    view! { <noscript><meta http-equiv="refresh" content=refresh/></noscript> }
}

/// On the page, for the same.
pub fn say_without_scripts() -> impl IntoView {
    view! { <noscript><p>"This page closes 15 minutes after it was opened. Save what you type before that."</p></noscript> }
}
