//! The form of one node of a draft. What it asks depends on what is done there, which the address says: links change it, and what
//! was saved stays until the form is.

use domain::Error;
use domain::actor::Action;
use domain::call_script::StoredVersion;
use leptos::prelude::*;
use shared::call_script::{CaseBlock, MOST_ANSWERS, Said, StepKind, VersionState};
use shared::service_request::RequestKind;

use super::kept::{Kept, kept};
use super::script::version_at_hand;
use super::typed;
use super::words;
use super::write::{NodeFields, TypedAnswer, only, path_of, path_of_node};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved, PostButton};
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, value};
use crate::console::service_request::fields::{hidden, post, select};
use crate::console::service_request::words as request_words;
use crate::console::table::Table;

#[component]
pub fn ScriptNodePage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Node of a call script"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    only(at_work, Action::WriteScripts)?;
    let version = version_at_hand(at_work).await?;
    let pairs = pairs();
    // `/console/scripts/ID/add`, `/console/scripts/ID/nodes/NODE`
    let editing = segment(5);
    let there = editing.as_ref().and_then(|key| version.script.nodes.iter().find(|node| node.key.as_str() == key));
    if version.state != VersionState::Draft || (editing.is_some() && there.is_none()) {
        return Err(Error::Refused);
    }
    let (mut fields, wrong) = match kept(at_work, &pairs).await? {
        Some(Kept::Node { version: of, typed, wrong }) if of == version.id => (typed, wrong),
        _ => (there.map(typed::of).unwrap_or_default(), Vec::new()),
    };
    if let Some(step) = value(&pairs, "step").and_then(StepKind::from_key) {
        step.key().clone_into(&mut fields.step);
    }
    let step = StepKind::from_key(&fields.step).unwrap_or(StepKind::Say);
    let title = match &editing {
        Some(key) => format!("{key}: {}", step.name().to_lowercase()),
        None => format!("New node: {}", step.name().to_lowercase()),
    };
    let back = path_of(version.id);
    let name = version.script.title.en.clone();
    let others = others(&version, editing.as_deref(), step);
    let form = form(&version, &fields, step, editing.as_deref());
    let more = editing.as_deref().map(|key| more(&version, key));
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=back>{name}</a></p>
            <NotSaved wrong/>
            {others}
            <div class="console-node-form">{form}{more}</div>
        </Layout>
    }
    .into_any())
}

/// Links to have something else done there.
fn others(version: &StoredVersion, editing: Option<&str>, step: StepKind) -> AnyView {
    let page = editing.map_or_else(|| format!("{}/add", path_of(version.id)), |key| path_of_node(version.id, key));
    let link = |kind: StepKind| {
        let is_this = (kind == step).then_some("true");
        view! { <li><a href=format!("{page}?step={}", kind.key()) aria-current=is_this>{kind.name()}</a></li> }
    };
    view! {
        <nav aria-label="What is done at this node">
            <ul class="console-row console-row--links">{StepKind::ALL.map(link).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

fn form(version: &StoredVersion, fields: &NodeFields, step: StepKind, editing: Option<&str>) -> AnyView {
    let mut values =
        vec![("id", version.id.to_string()), ("saved", version.saved.to_string()), ("node[step]", step.key().to_owned())];
    values.extend(editing.map(|key| ("editing", key.to_owned())));
    let key = editing.is_none().then(|| {
        let value = fields.key.clone();
        view! { <Line name="node[key]" id="node-key" label="Name" hint="Small letters, digits and dashes. It stays." value/> }
    });
    let called = fields.name.clone();
    let nodes =
        version.script.nodes.iter().map(|node| view! { <option value=node.key.as_str().to_owned()></option> }).collect_view();
    post(
        "/_fn/console/call_script/save_node",
        view! {
            {hidden(values)}
            {key}
            <Line name="node[name]" id="node-name" label="On the way it is called" hint="In a few words, for the agent." value=called/>
            {what(fields, step)}
            <div class="console-aloud">
                {text("node[en]", "node-en", "en", if step == StepKind::Ask { "The question in English" } else { "Read aloud in English" }, &fields.en)}
                {text("node[es]", "node-es", "es", if step == StepKind::Ask { "The question in Spanish" } else { "Read aloud in Spanish" }, &fields.es)}
            </div>
            {leads(fields, step)}
            <datalist id="nodes">{nodes}</datalist>
            <button class="usa-button" type="submit">"Save"</button>
        },
    )
}

/// What else is chosen at such a node.
fn what(fields: &NodeFields, step: StepKind) -> AnyView {
    match step {
        StepKind::Say => {
            let all = Said::ALL.map(|what| (what.key().to_owned(), words::said(what).to_owned())).to_vec();
            select("node-what", "node[what]", "Why it is read", None, all, &fields.what)
        }
        StepKind::Case => {
            let all = CaseBlock::ALL
                .map(|block| (block.key().to_owned(), format!("{} ({})", block.name(), words::needs(block))))
                .to_vec();
            select("node-block", "node[block]", "What is said about the case", None, all, &fields.block)
        }
        StepKind::Form => {
            let value = fields.form.clone();
            view! { <Line name="node[form]" id="node-form" label="Form" hint="As I-90." value/> }.into_any()
        }
        StepKind::TakeRequest => {
            let all = RequestKind::ALL.map(|kind| (kind.key().to_owned(), request_words::kind(kind).to_owned())).to_vec();
            select("node-kind", "node[kind]", "The request is about", Some("Choose"), all, &fields.kind)
        }
        StepKind::Ask | StepKind::Transfer | StepKind::End => ().into_any(),
    }
}

fn text(name: &'static str, id: &'static str, lang: &'static str, label: &'static str, typed: &str) -> AnyView {
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=id>{label}</label>
            <textarea class="usa-textarea" id=id name=name rows="8" lang=lang spellcheck="true">{typed.to_owned()}</textarea>
        </div>
    }
    .into_any()
}

/// A node by its name: one that is there, or one that is still to be written.
fn target(name: String, id: String, label: String, typed: &str) -> AnyView {
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=id.clone()>{label}</label>
            <input class="usa-input" id=id name=name value=typed.to_owned() list="nodes" autocomplete="off" autocapitalize="none" spellcheck="false"/>
        </div>
    }
    .into_any()
}

fn leads(fields: &NodeFields, step: StepKind) -> AnyView {
    let to =
        |name: &str, label: &str, typed: &str| target(format!("node[{name}]"), format!("node-{name}"), label.to_owned(), typed);
    match step {
        StepKind::Say | StepKind::Form => to("then", "Then", &fields.then),
        StepKind::Case => view! {
            {to("then", "When it was said", &fields.then)}
            {to("otherwise", "When it may not be said, or there is nothing to say", &fields.otherwise)}
        }
        .into_any(),
        StepKind::Ask => answers(&fields.answers),
        StepKind::TakeRequest | StepKind::Transfer | StepKind::End => {
            view! { <p class="usa-hint">"The call ends here."</p> }.into_any()
        }
    }
}

/// The answers that are there, and room for more.
fn answers(typed: &[TypedAnswer]) -> AnyView {
    let rows = MOST_ANSWERS.min(typed.len() + 2).max(4);
    let none = TypedAnswer::default();
    let row = |at: usize| {
        let answer = typed.get(at).unwrap_or(&none);
        let part = |part: &'static str, label: &str, lang: Option<&'static str>, typed: &str| {
            let (id, name) = (format!("answer-{at}-{part}"), format!("node[answers][{at}][{part}]"));
            let list = (part == "then").then_some("nodes");
            let label = format!("Answer {}: {label}", at + 1);
            view! {
                <td>
                    <label class="visually-hidden" for=id.clone()>{label}</label>
                    <input class="usa-input" id=id name=name value=typed.to_owned() lang=lang list=list autocomplete="off"/>
                </td>
            }
        };
        view! {
            <tr>
                <th scope="row">{(at + 1).to_string()}</th>
                {part("en", "in English", Some("en"), &answer.en)}
                {part("es", "in Spanish", Some("es"), &answer.es)}
                {part("then", "then", None, &answer.then)}
            </tr>
        }
    };
    let rows = (0..rows).map(row).collect_view();
    let heads = ["Answer", "In English", "In Spanish", "Then"];
    view! { <Table id="answers" caption="Answers. An empty line is none." heads>{rows}</Table> }.into_any()
}

fn more(version: &StoredVersion, key: &str) -> AnyView {
    let values = || vec![("id", version.id.to_string()), ("saved", version.saved.to_string()), ("node", key.to_owned())];
    let is_first = version.script.first().is_some_and(|first| first.key.as_str() == key);
    let begin = (!is_first).then(|| {
        view! { <PostButton action="/_fn/console/call_script/begin_at" label="Have calls begin here" values=values()/> }
    });
    view! {
        <div class="console-row">
            {begin}
            <PostButton action="/_fn/console/call_script/drop_node" label="Take this node out" values=values()/>
        </div>
    }
    .into_any()
}
