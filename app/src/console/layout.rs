//! What stands around every page of the console: skip link, masthead with the menu, main column, footer.

use domain::actor::Officer;
use leptos::prelude::*;
use leptos_meta::Title;

use super::context::{AtWork, ConsoleContext, path};
use super::form::PostButton;
use super::idle_dialogs::{IdleDialogs, say_without_scripts};
use super::menu::{place_of, places};
use super::outcome::LastOutcome;
use super::site;

/// A page in its frame. Its title is its heading, too, and names nobody: titles stand in tabs and histories.
#[component]
pub fn Layout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let site = ConsoleContext::current().map(|console| console.site.clone()).unwrap_or_default();
    let at_work = AtWork::current();
    view! {
        <Title text=format!("{title} | Console | {}", site.agency_en)/>
        <a class="usa-skipnav" href="#main">"Skip to main content"</a>
        {site.demo.then(demo_banner)}
        <header class="console-masthead">
            <p class="console-masthead__name"><a href=site::HOME>{site.agency_en.clone()}" console"</a></p>
            {at_work.as_ref().map(|at_work| view! { {menu(at_work.officer())}{who(at_work)} })}
        </header>
        <main class="console-main" id="main" tabindex="-1">
            <h1>{title}</h1>
            <LastOutcome/>
            {children()}
        </main>
        <footer class="console-footer">
            <p>{site.agency_en.clone()}</p>
            {at_work.is_some().then(say_without_scripts)}
        </footer>
        {at_work.map(|at_work| view! { <IdleDialogs at_work/> })}
    }
}

/// Who signed in, and the ways out.
fn who(at_work: &AtWork) -> impl IntoView + use<> {
    view! {
        <div class="console-masthead__officer">
            <p><a href=site::SESSIONS>{at_work.live.account.name.as_str().to_owned()}</a></p>
            <PostButton action="/_fn/console/session/lock" label="Lock" class="console-link-button" id="lock-now"/>
            <PostButton action="/_fn/console/session/sign_out" label="Sign out" class="console-link-button"/>
        </div>
    }
}

fn menu(officer: &Officer) -> impl IntoView + use<> {
    let here = place_of(&path()).map(|place| place.path);
    let link = |path: &'static str, name: &'static str| {
        view! { <li><a href=path aria-current=(here == Some(path)).then_some("page")>{name}</a></li> }
    };
    let links = places(officer).map(|place| link(place.path, place.name)).collect_view();
    view! { <nav class="console-menu" aria-label="Console"><ul>{links}</ul></nav> }
}

fn demo_banner() -> impl IntoView {
    let message = "This is a demonstration. Every person and case here is made up.";
    view! {
        <section class="usa-site-alert usa-site-alert--info" aria-label=message>
            <div class="usa-alert usa-alert--info"><div class="usa-alert__body"><p class="usa-alert__text">{message}</p></div></div>
        </section>
    }
}
