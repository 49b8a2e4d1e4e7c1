//! What stands around every page of the console: skip link, masthead with the menu, main column, footer.

use domain::actor::Officer;
use leptos::prelude::*;
use leptos_meta::Title;

use super::context::{ConsoleContext, officer, path};
use super::menu::{place_of, places};
use super::site;

/// A page in its frame. Its title is its heading, too, and names nobody: titles stand in tabs and histories.
#[component]
pub fn Layout(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let site = ConsoleContext::current().map(|console| console.site.clone()).unwrap_or_default();
    let officer = officer();
    view! {
        <Title text=format!("{title} | Console | {}", site.agency_en)/>
        <a class="usa-skipnav" href="#main">"Skip to main content"</a>
        {site.demo.then(demo_banner)}
        <header class="console-masthead">
            <p class="console-masthead__name"><a href=site::HOME>{site.agency_en.clone()}" console"</a></p>
            {officer.as_ref().map(menu)}
        </header>
        <main class="console-main" id="main" tabindex="-1">
            <h1>{title}</h1>
            {children()}
        </main>
        <footer class="console-footer"><p>{site.agency_en.clone()}</p></footer>
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
