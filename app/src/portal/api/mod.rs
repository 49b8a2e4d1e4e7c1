//! For people who write programs: what there is, how to begin, and every operation. The page is made from the document that
//! programs read at `/api/openapi.json`, so that both say the same.

mod document;
mod request;

use leptos::prelude::*;
use leptos_meta::Title;
use shared::locale::Locale;

use super::contact::Telephone;
use super::not_found::NotFound;
use super::{Layout, use_locale, use_site};
use crate::context::PortalContext;
use crate::text::text;
pub use document::ApiDocument;
use document::{At, Operation, Tag};
use request::curl;

#[component]
pub fn ApiPage() -> impl IntoView {
    let Some(portal) = PortalContext::current().filter(|portal| portal.api.is_some()) else {
        return view! { <NotFound/> }.into_any();
    };
    let (locale, site) = (use_locale(), use_site());
    let title = text!(locale, api.title);
    let groups = portal.api.as_ref().map(|document| groups(document, &portal.public_url, locale));
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page="/api">
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, api.lead)}</p>
            <p>{text!(locale, api.own_case)}" "<a href=locale.path("/case-status")>{text!(locale, api.own_case_link)}</a></p>
            <h2>{text!(locale, api.begin_title)}</h2>
            <ol>
                <li>{text!(locale, api.begin_open)}</li>
                <li>{text!(locale, api.begin_ticket)}</li>
                <li>{text!(locale, api.begin_credentials)}</li>
                <li>{text!(locale, api.begin_token)}</li>
            </ol>
            <p>{text!(locale, api.begin_secret)}</p>
            <Telephone locale site=site.clone()/>
            <h2>{text!(locale, api.rules_title)}</h2>
            <ul>
                <li>{text!(locale, api.rules_number)}</li>
                <li>{text!(locale, api.rules_hidden)}</li>
                <li>{text!(locale, api.rules_wait)}</li>
                <li>{text!(locale, api.rules_errors)}</li>
                <li>{text!(locale, api.rules_browser)}</li>
            </ul>
            <h2>{text!(locale, api.document_title)}</h2>
            <p>{text!(locale, api.document_text)}</p>
            <p><a href="/api/openapi.json">{text!(locale, api.document_link)}</a></p>
            {groups}
        </Layout>
    }
    .into_any()
}

fn groups(document: &ApiDocument, public_url: &str, locale: Locale) -> impl IntoView + use<> {
    let link = |tag: &Tag| view! { <li><a href=format!("#{}", anchor(tag))>{tag.name(locale).to_owned()}</a></li> };
    let group = |tag: &Tag| {
        view! {
            <h2 id=anchor(tag)>{tag.name(locale).to_owned()}</h2>
            <p>{prose(tag.description(locale))}</p>
            {document.of(tag).map(|at| operation(at, public_url, locale)).collect_view()}
        }
    };
    view! {
        <h2>{text!(locale, api.contents_title)}</h2>
        <p>{text!(locale, api.contents_text)}</p>
        <ul>{document.tags.iter().map(link).collect_view()}</ul>
        {document.tags.iter().map(group).collect_view()}
    }
}

/// Where a group stands on the page, in either language.
fn anchor(tag: &Tag) -> String {
    tag.name.to_ascii_lowercase().replace(' ', "-")
}

fn operation(at: At<'_>, public_url: &str, locale: Locale) -> impl IntoView + use<> {
    let Operation { id, description, parameters, request_body, responses, .. } = at.operation;
    let description = description.as_ref().map(|text| view! { <p lang="en">{prose(text)}</p> });
    let parameter = |parameter: &document::Parameter| named(parameter.name.clone(), &parameter.description);
    let body = request_body.as_ref().map(|body| fact(text!(locale, api.body), prose(&body.description)));
    let answer = |(status, answer): (&String, &document::Answer)| named(status.clone(), &answer.description);
    let example = responses.first_key_value().and_then(|(_, answer)| answer.content.values().next());
    let example = example.map(|content| {
        view! {
            <details class="portico-details">
                <summary>{text!(locale, api.example_answer)}</summary>
                {code(content.example.as_str().map_or_else(|| format!("{:#}", content.example), str::to_owned))}
            </details>
        }
    });
    view! {
        <section class="portico-operation" aria-labelledby=id.clone()>
            <h3 id=id.clone()>{at.operation.title(locale).to_owned()}</h3>
            <p class="portico-operation__path"><strong>{at.method.to_ascii_uppercase()}</strong>" "<code>{at.path.to_owned()}</code></p>
            {description}
            <dl class="portico-facts">
                <div><dt>{text!(locale, api.needs)}</dt><dd>{needs(at.operation, locale)}</dd></div>
                {parameters.iter().map(parameter).collect_view()}
                {body}
            </dl>
            <h4>{text!(locale, api.answers)}</h4>
            <dl class="portico-facts portico-operation__answers">{responses.iter().map(answer).collect_view()}</dl>
            <h4>{text!(locale, api.example)}</h4>
            {code(curl(public_url, at))}
            {example}
        </section>
    }
}

/// How a request is admitted.
fn needs(operation: &Operation, locale: Locale) -> AnyView {
    let schemes = operation.security.iter().flatten().next();
    match schemes {
        None => text!(locale, api.needs_nothing).into_any(),
        Some((_, scopes)) if !scopes.is_empty() => {
            view! { {text!(locale, api.needs_token)}" "<code>{scopes.join(", ")}</code> }.into_any()
        }
        Some((scheme, _)) if scheme == "ticket" => text!(locale, api.needs_ticket).into_any(),
        Some(_) => text!(locale, api.needs_credentials).into_any(),
    }
}

/// A name of the document and what it means.
fn named(name: String, text: &str) -> impl IntoView + use<> {
    view! { <div><dt><code>{name}</code></dt><dd lang="en">{prose(text)}</dd></div> }
}

fn fact(name: &'static str, text: AnyView) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd lang="en">{text}</dd></div> }
}

fn code(text: String) -> impl IntoView {
    view! { <pre class="portico-code"><code>{text}</code></pre> }
}

/// A text of the document: what stands between backticks is code.
fn prose(text: &str) -> AnyView {
    let part = |(index, part): (usize, &str)| {
        let part = part.to_owned();
        if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    };
    text.split('`').enumerate().map(part).collect_view().into_any()
}
