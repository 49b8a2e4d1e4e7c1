//! Pages that the server's layers send where a page of the console cannot be: whole documents without a script or a database.

use leptos::prelude::*;
use shared::locale::Locale;

use super::{ConsoleContext, site};
use crate::portal::{PlainPage, bare, head_links};

/// A whole HTML document that says what happened and what to do.
pub fn plain_page(kind: PlainPage, console: &ConsoleContext) -> String {
    bare(&Owner::new().with(|| document(kind, console).to_html()))
}

fn document(kind: PlainPage, console: &ConsoleContext) -> impl IntoView + use<> {
    let (title, agency) = (kind.title(Locale::En), console.site.agency_en.clone());
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                {head_links(&console.bundle)}
                <title>{format!("{title} | Console | {agency}")}</title>
            </head>
            <body class="portico-console">
                <a class="usa-skipnav" href="#main">"Skip to main content"</a>
                <header class="console-masthead"><p class="console-masthead__name">{agency}" console"</p></header>
                <main class="console-main" id="main" tabindex="-1">
                    <h1>{title}</h1>
                    <p>{kind.what_to_do(Locale::En)}</p>
                    <p><a href=site::HOME>"Go to the first page"</a></p>
                </main>
            </body>
        </html>
    }
}
