//! Templates: which there are, and one of them to be written, as a new version or a new one.

use domain::Error;
use domain::actor::Action;
use domain::answer::{StoredTemplate, templates};
use leptos::prelude::*;
use shared::answer::{Origin, Placeholder, TemplateUse, ValueKind};
use shared::service_request::RequestKind;

use super::kept::{Kept, kept};
use super::request::{segment, shown};
use super::typed::TypedTemplate;
use super::words;
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{hidden, post, select, tick};
use crate::console::service_request::words as request_words;
use crate::console::site::{NEW_TEMPLATE, QUALITY_FIGURES, TEMPLATES};
use crate::console::table::Head::{Figure, Text};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn TemplatesPage() -> impl IntoView {
    view! { <Layout title="Templates">{Suspend::new(list())}</Layout> }
}

/// The templates, for who may change them.
async fn all(at_work: &AtWork) -> Result<Vec<StoredTemplate>, Error> {
    if !at_work.officer().may_somewhere(Action::ChangeTemplates) {
        return Err(Error::Refused);
    }
    templates(&at_work.console.domain, at_work.officer(), None).await
}

async fn list() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(match all(&at_work).await {
        Ok(all) => table(&all),
        Err(error) => view! { <Problem error/> }.into_any(),
    })
}

fn kinds(stored: &StoredTemplate) -> String {
    let kinds: Vec<&str> = stored.template.kinds().iter().map(|kind| request_words::kind(*kind)).collect();
    if kinds.is_empty() { "All".into() } else { kinds.join(", ") }
}

fn table(all: &[StoredTemplate]) -> AnyView {
    let row = |stored: &StoredTemplate| {
        let (template, key) = (&stored.template, stored.template.key().as_str().to_owned());
        view! {
            <tr>
                <th scope="row"><a href=format!("{TEMPLATES}/{key}")>{template.title().to_owned()}</a></th>
                <td><code>{key}</code></td>
                <td>{words::used(template.used())}</td>
                <td>{kinds(stored)}</td>
                <td class="console-figure">{stored.version.to_string()}</td>
                <td><When at=stored.made_at/></td>
            </tr>
        }
    };
    let caption = format!("{} in use", all.len());
    let rows = all.iter().map(row).collect_view();
    let heads = [Text("Title"), Text("Name"), Text("Used as"), Text("For requests about"), Figure("Version"), Text("Since")];
    view! {
        <p>
            "What officers begin an answer with, or put in while they write. Each is there in English and Spanish. A change is a new version; \
             what was written with an older one stays."
        </p>
        <p><a class="usa-button" href=NEW_TEMPLATE>"New template"</a>" "<a href=QUALITY_FIGURES>"What comes back of each"</a></p>
        <Table id="templates" caption heads>{rows}</Table>
    }
    .into_any()
}

#[component]
pub fn TemplatePage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Template"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let key = segment(3).filter(|key| format!("{TEMPLATES}/{key}") != NEW_TEMPLATE);
    let all = all(at_work).await?;
    let stored = match &key {
        Some(key) => Some(all.iter().find(|stored| stored.template.key().as_str() == key).ok_or(Error::Refused)?),
        None => None,
    };
    let (typed, wrong) = match kept(at_work, &pairs()).await? {
        Some(Kept::Template { typed, wrong }) if key.as_ref().is_none_or(|key| *key == typed.key) => (typed, wrong),
        _ => (stored.map(|stored| TypedTemplate::of(&stored.template)).unwrap_or_default(), Vec::new()),
    };
    let title = stored.map_or_else(|| "New template".to_owned(), |stored| format!("Template: {}", stored.template.title()));
    let retire = stored.map(|stored| {
        let values = vec![("key", stored.template.key().as_str().to_owned())];
        view! {
            <details class="console-details">
                <summary>"Take it out of use"</summary>
                <p>"Nobody is offered it any more. Its versions stay."</p>
                <PostButton action="/_fn/console/answer/retire_template" label="Take it out of use" values/>
            </details>
        }
    });
    let version = stored.map(|stored| {
        view! { <p class="usa-hint">"Version "{stored.version.to_string()}", "<When at=stored.made_at/>"."</p> }
    });
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=TEMPLATES>"Templates"</a></p>
            <NotSaved wrong/>
            {version}
            <div class="console-write">
                <div>{form(&typed, key)}{retire}</div>
                <div class="console-write__beside">{placeholders()}</div>
            </div>
        </Layout>
    }
    .into_any())
}

fn form(typed: &TypedTemplate, editing: Option<String>) -> AnyView {
    let uses = TemplateUse::ALL.map(|used| (used.key().to_owned(), words::used(used).to_owned())).to_vec();
    let kind = |kind: RequestKind| {
        let is_ticked = typed.kinds.contains(kind.key());
        tick(format!("kind-{}", kind.key()), "kinds[]", kind.key(), request_words::kind(kind), is_ticked)
    };
    let name = editing.is_none().then(|| {
        let value = typed.key.clone();
        view! { <Line name="key" label="Name" hint="Small letters, digits and dashes. It stays." value/> }
    });
    let values = editing.map(|key| vec![("editing", key)]).unwrap_or_default();
    let title = typed.title.clone();
    post(
        "/_fn/console/answer/save_template",
        view! {
            {hidden(values)}
            {name}
            <Line name="title" label="Title" hint="As officers find it." value=title/>
            {select("used", "used", "Used as", None, uses, &typed.used)}
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"For requests about; none ticked: all"</legend>
                <div class="console-row">{RequestKind::ALL.map(kind).collect_view()}</div>
            </fieldset>
            {text("en", "English", &typed.en)}
            {text("es", "Spanish", &typed.es)}
            <button class="usa-button" type="submit">"Save"</button>
        },
    )
}

fn text(name: &'static str, language: &'static str, typed: &str) -> AnyView {
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=name>{language}</label>
            <textarea class="usa-textarea" id=name name=name rows="8" maxlength="10000" lang=name spellcheck="true">
                {typed.to_owned()}
            </textarea>
        </div>
    }
    .into_any()
}

/// What can be left open, by the word between the braces.
fn placeholders() -> AnyView {
    let row = |placeholder: Placeholder| {
        let kind = match placeholder.kind() {
            ValueKind::Day => "a day; +30 for later",
            ValueKind::Line => "a line",
            ValueKind::Count => "a number",
            ValueKind::TrackingNumber => "a tracking number",
        };
        let origin = match placeholder.origin() {
            Origin::Record => "by itself",
            Origin::Officer => "by the officer",
        };
        view! {
            <tr>
                <th scope="row"><code>{format!("{{{}}}", placeholder.key())}</code></th>
                <td>{words::placeholder(placeholder)}</td>
                <td>{kind}</td>
                <td>{origin}</td>
            </tr>
        }
    };
    let rows = Placeholder::ALL.map(row).collect_view();
    view! {
        <h2 id="placeholders">"Placeholders"</h2>
        <p>"The same ones stand in both languages. Two braces are a brace."</p>
        <Table id="placeholders" heads=["Word", "What", "Type", "Filled in"]>{rows}</Table>
    }
    .into_any()
}
