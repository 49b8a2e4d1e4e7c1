//! The document around every page of the console, and its root.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

use super::context::{AtWork, ConsoleContext};
use super::idle_dialogs::refresh_without_scripts;
use super::routes::PageAtHand;
use crate::csrf;
use crate::portal::head_links;

/// A page of the console as a whole document. Works without a request as well, as the list of routes is made so.
pub fn console_shell() -> impl IntoView {
    let bundle = ConsoleContext::current().map(|console| console.bundle.clone()).unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                {head_links(&bundle)}
                <meta name="robots" content="noindex"/>
                {AtWork::current().as_ref().map(refresh_without_scripts)}
                <meta name=csrf::FIELD content=csrf::token()/>
                <script type="module" src=bundle.boot.clone() nonce=use_nonce()></script>
                <MetaTags/>
            </head>
            <body class="portico-console">
                <Console/>
            </body>
        </html>
    }
}

/// The root of the console.
#[component]
pub fn Console() -> impl IntoView {
    provide_meta_context();
    view! { <PageAtHand/> }
}
