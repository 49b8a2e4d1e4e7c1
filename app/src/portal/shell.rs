//! The document around the portal's root: its language, its style sheet, and on some pages the client's script.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use shared::locale::Locale;

use super::Portal;
use super::routes::path;
use super::site::{CHECKED, HYDRATED, page_of_path};
use crate::context::{Bundle, PortalContext};
use crate::csrf;

/// The portal as a whole document. Works without a request as well, as the list of routes is made so.
pub fn portal_shell() -> impl IntoView {
    let path = path();
    let page = page_of_path(&path);
    let (bundle, public_url) =
        PortalContext::current().map(|portal| (portal.bundle.clone(), portal.public_url.clone())).unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang=Locale::of_path(&path).tag()>
            <head>
                {head_links(&bundle)}
                {page.map(|page| other_languages(page, &public_url))}
                {page.filter(|page| HYDRATED.contains(page) || CHECKED.contains(page)).map(|_| client(&bundle))}
                <MetaTags/>
            </head>
            <body>
                <Portal/>
            </body>
        </html>
    }
}

/// What every document's head has.
pub(crate) fn head_links(bundle: &Bundle) -> impl IntoView + use<> {
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light"/>
        <link rel="icon" href="/favicon.ico" sizes="32x32"/>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        <link rel="stylesheet" href=bundle.css.clone()/>
    }
}

/// The script that starts the client, and the token that its calls send.
fn client(bundle: &Bundle) -> impl IntoView + use<> {
    view! {
        <meta name=csrf::FIELD content=csrf::token()/>
        <script type="module" src=bundle.boot.clone() nonce=use_nonce()></script>
    }
}

fn other_languages(page: &'static str, public_url: &str) -> impl IntoView + use<> {
    Locale::ALL
        .map(|locale| view! { <link rel="alternate" hreflang=locale.tag() href=format!("{public_url}{}", locale.path(page))/> })
        .collect_view()
}
