//! All scripts: what is read to callers, what is being written, and how another one is begun.

use domain::Error;
use domain::actor::Action;
use domain::call_script::{StoredVersion, current_scripts, scripts_under_way};
use leptos::prelude::*;

use super::kept::{Kept, kept};
use super::write::path_of;
use crate::console::answer::shown;
use crate::console::context::AtWork;
use crate::console::form::{Line, Notice};
use crate::console::layout::Layout;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::post;
use crate::console::site::IMPORT_SCRIPT;
use crate::console::table::Head::{Figure, Text};
use crate::console::table::Table;
use crate::console::when::When;
use crate::csrf::CsrfField;

#[component]
pub fn ScriptsPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Call scripts"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let (current, under_way) = (current_scripts(ctx, officer).await?, scripts_under_way(ctx, officer).await?);
    let kept = kept(at_work, &pairs()).await?;
    let (current, under_way) = (in_use(&current), written(&under_way));
    let begin = officer.may_somewhere(Action::WriteScripts).then(|| begin(kept.as_ref()));
    Ok(view! {
        <Layout title="Call scripts">
            <p>"What agents read to callers, in English and Spanish. One person writes a version, another reads it and says from which day on it is used."</p>
            {under_way}
            {current}
            {begin}
        </Layout>
    }
    .into_any())
}

fn title(version: &StoredVersion) -> AnyView {
    let (en, es) = (version.script.title.en.clone(), version.script.title.es.clone());
    let name = if en.is_empty() { version.script.key.as_str().to_owned() } else { en };
    view! { <a href=path_of(version.id)>{name}</a><span class="usa-hint" lang="es">" "{es}</span> }.into_any()
}

fn in_use(current: &[StoredVersion]) -> AnyView {
    let row = |version: &StoredVersion| {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        view! {
            <tr>
                <th scope="row">{title(version)}</th>
                <td><code>{version.script.key.as_str().to_owned()}</code></td>
                <td class="console-figure">{version.number.to_string()}</td>
                <td class="console-figure">{version.script.nodes.len().to_string()}</td>
                <td class="console-nowrap">{day(version.valid_from)}</td>
                <td class="console-nowrap">{day(version.ends_on)}</td>
            </tr>
        }
    };
    let caption = format!("{} read to callers today", current.len());
    let rows = current.iter().map(row).collect_view();
    let heads = [Text("What the caller wants"), Text("Name"), Figure("Version"), Figure("Nodes"), Text("Since"), Text("Ends on")];
    view! { <Table id="in-use" caption heads>{rows}</Table> }.into_any()
}

fn written(under_way: &[StoredVersion]) -> Option<AnyView> {
    let row = |version: &StoredVersion| {
        view! {
            <tr>
                <th scope="row">{title(version)}</th>
                <td><code>{version.script.key.as_str().to_owned()}</code></td>
                <td class="console-figure">{version.number.to_string()}</td>
                <td>{version.state.name()}</td>
                <td><When at=version.written_at/></td>
            </tr>
        }
    };
    let caption = format!("{} being written", under_way.len());
    let rows = under_way.iter().map(row).collect_view();
    let heads = [Text("What the caller wants"), Text("Name"), Figure("Version"), Text("State"), Text("Saved")];
    (!under_way.is_empty()).then(|| view! { <Table id="under-way" caption heads>{rows}</Table> }.into_any())
}

fn begin(kept: Option<&Kept>) -> AnyView {
    let (key, en, es, said) = match kept {
        Some(Kept::NewScript { key, en, es, said }) => (key.clone(), en.clone(), es.clone(), Some(said.clone())),
        _ => Default::default(),
    };
    let refused = match kept {
        Some(Kept::File(said)) => Some(said.clone()),
        _ => None,
    };
    view! {
        <section aria-labelledby="new">
            <h2 id="new">"Write a script"</h2>
            {said.map(|said| view! { <Notice kind="error">{said}</Notice> })}
            {post(
                "/_fn/console/call_script/new_script",
                view! {
                    <Line name="key" label="Name" hint="As card-not-received. It stays." value=key/>
                    <Line name="en" label="What the caller wants, in English" value=en/>
                    <Line name="es" label="The same, in Spanish" value=es/>
                    <button class="usa-button" type="submit">"Begin a draft"</button>
                },
            )}
        </section>
        <section aria-labelledby="import">
            <h2 id="import">"Take one in from a file"</h2>
            {refused.map(|said| view! { <Notice kind="error">{said}</Notice> })}
            <form class="usa-form" method="post" action=IMPORT_SCRIPT enctype="multipart/form-data">
                <CsrfField/>
                <div class="usa-form-group">
                    <label class="usa-label" for="file">"File"</label>
                    <span class="usa-hint" id="file-hint">"As a page of a script writes it. At most 2 MB. It comes in as a draft."</span>
                    <input class="usa-input" id="file" name="file" type="file" accept=".json,application/json" aria-describedby="file-hint"/>
                </div>
                <button class="usa-button usa-button--outline" type="submit">"Take it in"</button>
            </form>
        </section>
    }
    .into_any()
}
