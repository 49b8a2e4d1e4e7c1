//! One version of a script: what it says, what is wrong with it, what was changed, and what happens to it next.

use std::collections::BTreeMap;

use domain::Error;
use domain::actor::Action;
use domain::call_script::{StoredVersion, current_scripts, script_version, script_versions};
use domain::service_request::names;
use leptos::prelude::*;
use shared::call_script::{Change, Finding, Node, NodeKey, Step, StepKind, VersionState, changes, check};
use shared::locale::Locale;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::kept::{Kept, kept};
use super::words;
use super::write::{path_of, path_of_node};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Line, PostButton};
use crate::console::layout::Layout;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{hidden, lines, post};
use crate::console::site::SCRIPTS;
use crate::console::table::{Table, count};
use crate::console::when::When;

#[component]
pub fn ScriptPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Call script"))
}

/// The version that the address names.
pub async fn version_at_hand(at_work: &AtWork) -> Result<StoredVersion, Error> {
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    script_version(&at_work.console.domain, at_work.officer(), id).await?.ok_or(Error::Refused)
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let version = version_at_hand(at_work).await?;
    let versions = script_versions(ctx, officer, &version.script.key).await?;
    let in_use = current_scripts(ctx, officer).await?.into_iter().find(|current| current.script.key == version.script.key);
    let people = versions.iter().flat_map(|version| [Some(version.written_by), version.reviewed_by]).flatten();
    let people = names(ctx, officer, people.map(|id| OfficerId(id.as_u128())).collect()).await?;
    let kept = kept(at_work, &pairs()).await?;

    let is_open = matches!(version.state, VersionState::Draft | VersionState::InReview);
    let may_write = version.state == VersionState::Draft && officer.may_somewhere(Action::WriteScripts);
    let findings = if is_open { check(&version.script) } else { Vec::new() };
    let title =
        if version.script.title.en.is_empty() { version.script.key.as_str().to_owned() } else { version.script.title.en.clone() };
    let state = state(&version, &people);
    let differs = in_use.filter(|used| is_open && used.id != version.id).map(|used| differences(&used, &version));
    let found = is_open.then(|| found(&version, &findings, may_write));
    let nodes = nodes(&version, may_write);
    let next = next(at_work, &version, may_write, kept.as_ref());
    let head = may_write.then(|| head(&version));
    let versions = all(&versions, version.id, &people);
    let aloud = aloud(&version);
    let file = format!("{}/file", path_of(version.id));
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=SCRIPTS>"Call scripts"</a></p>
            {state}
            <div class="console-write">
                <div>{found}{differs}{nodes}{aloud}</div>
                <div class="console-write__beside">
                    {next}
                    {head}
                    <p><a href=file download=true>"Save as a file"</a></p>
                    {versions}
                </div>
            </div>
        </Layout>
    }
    .into_any())
}

type People = BTreeMap<OfficerId, String>;

/// Nil wrote what came with the program.
fn name(people: &People, id: Uuid) -> String {
    people.get(&OfficerId(id.as_u128())).cloned().unwrap_or_else(|| "Portico".to_owned())
}

fn state(version: &StoredVersion, people: &People) -> AnyView {
    let key = version.script.key.as_str().to_owned();
    let read = version.reviewed_by.zip(version.reviewed_at).map(|(by, at)| {
        let by = name(people, by);
        view! { ". Read by "{by}" "<When at/> }
    });
    let days = version.valid_from.map(|from| match version.ends_on {
        Some(on) => format!(". Read to callers from {from} on, to nobody from {on} on"),
        None => format!(". Read to callers from {from} on"),
    });
    let note = version.note.clone().map(|note| {
        view! { <p class="console-words"><strong>"The second reader: "</strong>{note}</p> }
    });
    view! {
        <p>
            <strong>{version.state.name()}</strong>": version "{version.number.to_string()}" of "<code>{key}</code>
            ". Written by "{name(people, version.written_by)}" "<When at=version.written_at/>{read}{days}"."
        </p>
        {note}
    }
    .into_any()
}

/// What keeps it from being handed in.
fn found(version: &StoredVersion, findings: &[Finding], may_write: bool) -> AnyView {
    if findings.is_empty() {
        return view! { <p>"Nothing is wrong with its ways: each leads to an end, past the disclaimer, in both languages."</p> }
            .into_any();
    }
    let one = |finding: &Finding| {
        let text = format!("{finding}.");
        let link = finding.node().filter(|node| may_write && version.script.node(node).is_some());
        let mend = link.map(|node| {
            let about = node.as_str().to_owned();
            view! { " "<a href=path_of_node(version.id, node.as_str())>"Mend "{about}</a> }
        });
        view! { <li>{text}{mend}</li> }
    };
    view! {
        <section class="usa-alert usa-alert--warning" aria-labelledby="findings">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="findings">{count(findings.len(), "finding", "findings")}</h2>
                <ul>{findings.iter().map(one).collect_view()}</ul>
            </div>
        </section>
    }
    .into_any()
}

fn differences(used: &StoredVersion, version: &StoredVersion) -> AnyView {
    let of = |node: &NodeKey| format!("#node-{}", node.as_str());
    let one = |change: Change| {
        let link = |before: &'static str, node: NodeKey| {
            view! { <li>{before}" "<a href=of(&node)>{node.as_str().to_owned()}</a></li> }.into_any()
        };
        match change {
            Change::Title => view! { <li>"Another title"</li> }.into_any(),
            Change::Words => view! { <li>"Other words to find it by"</li> }.into_any(),
            Change::Begins(node) => link("Calls begin at", node),
            Change::Added(node) => link("New:", node),
            Change::Changed(node) => link("Changed:", node),
            Change::Removed(node) => view! { <li>"Taken out: "{node.as_str().to_owned()}</li> }.into_any(),
        }
    };
    let changes = changes(&used.script, &version.script);
    let none = changes.is_empty().then(|| view! { <p>"Nothing yet."</p> });
    let before = path_of(used.id);
    view! {
        <section aria-labelledby="changes">
            <h2 id="changes">"Changed since "<a href=before>{format!("version {}", used.number)}</a></h2>
            {none}
            <ul>{changes.into_iter().map(one).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// The nodes in their order, with where each leads.
fn nodes(version: &StoredVersion, may_write: bool) -> AnyView {
    let row = |(at, node): (usize, &Node)| {
        let key = node.key.as_str().to_owned();
        let named = if may_write {
            view! { <a href=path_of_node(version.id, &key)>{key.clone()}</a> }.into_any()
        } else {
            view! { <a href=format!("#node-{key}")>{key.clone()}</a> }.into_any()
        };
        let next: Vec<&str> = node.step.next().into_iter().map(NodeKey::as_str).collect();
        let begins = if at == 0 { " (calls begin here)" } else { "" };
        view! {
            <tr>
                <th scope="row">{named}{begins}</th>
                <td>{node.name.clone()}</td>
                <td>{node.step.kind().name()}</td>
                <td>{next.join(", ")}</td>
            </tr>
        }
    };
    let add = may_write.then(|| {
        let link = |kind: StepKind| {
            let href = format!("{}/add?step={}", path_of(version.id), kind.key());
            view! { <li><a href=href>{kind.name()}</a></li> }
        };
        view! { <h2 id="add">"Add a node"</h2><ul class="console-row console-row--links" aria-labelledby="add">{StepKind::ALL.map(link).collect_view()}</ul> }
    });
    let rows = version.script.nodes.iter().enumerate().map(row).collect_view();
    let caption = count(version.script.nodes.len(), "node", "nodes");
    let heads = ["Node", "On the way it is called", "What is done", "Leads to"];
    view! {
        <section><Table id="nodes" caption heads>{rows}</Table>{add}</section>
    }
    .into_any()
}

/// All that is read aloud, node after node.
fn aloud(version: &StoredVersion) -> Option<AnyView> {
    let paragraphs = |text: &str| text.split("\n\n").map(|part| view! { <p>{part.to_owned()}</p> }).collect_view();
    let node = |node: &Node| {
        let of = |locale: Locale| {
            let texts = node.step.words().into_iter().map(|words| paragraphs(words.get(locale))).collect_view();
            view! { <div lang=locale.tag()>{texts}</div> }
        };
        let what = match &node.step {
            Step::Say { what, .. } => words::said(*what).to_owned(),
            Step::Case { block, .. } => block.name().to_owned(),
            Step::Form { form, .. } => form.clone(),
            Step::TakeRequest { kind, .. } => crate::console::service_request::words::kind(*kind).to_owned(),
            Step::Ask { .. } | Step::Transfer { .. } | Step::End { .. } => String::new(),
        };
        let what =
            if what.is_empty() { node.step.kind().name().to_owned() } else { format!("{}: {what}", node.step.kind().name()) };
        view! {
            <h3 id=format!("node-{}", node.key.as_str())>{node.key.as_str().to_owned()}</h3>
            <p class="usa-hint">{what}</p>
            <div class="console-aloud">{of(Locale::En)}{of(Locale::Es)}</div>
        }
    };
    (!version.script.nodes.is_empty()).then(|| {
        view! {
            <section aria-labelledby="aloud">
                <h2 id="aloud">"What is read aloud"</h2>
                {version.script.nodes.iter().map(node).collect_view()}
            </section>
        }
        .into_any()
    })
}

/// What can be done with it now.
fn next(at_work: &AtWork, version: &StoredVersion, may_write: bool, kept: Option<&Kept>) -> AnyView {
    let officer = at_work.officer();
    let values = || vec![("id", version.id.to_string()), ("saved", version.saved.to_string())];
    let today = at_work.console.domain.today();
    match version.state {
        VersionState::Draft if may_write => view! {
            <PostButton action="/_fn/console/call_script/hand_in" label="Hand in to be read" class="usa-button" values=values()/>
            <details class="console-details">
                <summary>"Give it up"</summary>
                <p>"The draft is over. What is read to callers stays."</p>
                <PostButton action="/_fn/console/call_script/give_up" label="Give it up" values=values()/>
            </details>
        }
        .into_any(),
        VersionState::InReview if officer.may_somewhere(Action::PublishScripts) && version.written_by != officer.id() => {
            let words = match kept {
                Some(Kept::Verdict { version: of, words }) if *of == version.id => words.clone(),
                _ => String::new(),
            };
            review(&values(), &today.to_string(), &words)
        }
        VersionState::InReview => view! { <p>"It waits for somebody else to read it."</p> }.into_any(),
        VersionState::Published => {
            let new = officer.may_somewhere(Action::WriteScripts).then(|| {
                let values = vec![("id", version.id.to_string())];
                view! { <PostButton action="/_fn/console/call_script/new_version" label="Write a new version" values/> }
            });
            let has_ended = version.ends_on.is_some_and(|on| on <= today);
            let end = (officer.may_somewhere(Action::PublishScripts) && !has_ended).then(|| withdraw(version, &today.to_string()));
            view! { {new}{end} }.into_any()
        }
        VersionState::Dropped | VersionState::Draft => ().into_any(),
    }
}

fn review(values: &[(&'static str, String)], today: &str, typed: &str) -> AnyView {
    let with = |verdict: &str| {
        let mut values = values.to_vec();
        values.push(("verdict", verdict.to_owned()));
        hidden(values)
    };
    view! {
        <section aria-labelledby="decide">
            <h2 id="decide">"You are the second reader"</h2>
            {post(
                "/_fn/console/call_script/review",
                view! {
                    {with("publish")}
                    <Line name="from" label="Read to callers from" kind="date" value=today.to_owned()/>
                    <button class="usa-button" type="submit">"Publish"</button>
                },
            )}
            {post(
                "/_fn/console/call_script/review",
                view! {
                    {with("send_back")}
                    {lines("text", "What is to be mended", None, typed, None)}
                    <button class="usa-button usa-button--outline" type="submit">"Send back"</button>
                },
            )}
            {post(
                "/_fn/console/call_script/review",
                view! { {with("give_up")}<button class="usa-button usa-button--outline" type="submit">"Give it up"</button> },
            )}
        </section>
    }
    .into_any()
}

fn withdraw(version: &StoredVersion, today: &str) -> AnyView {
    view! {
        <details class="console-details">
            <summary>"Read it to nobody any more"</summary>
            {post(
                "/_fn/console/call_script/withdraw",
                view! {
                    {hidden(vec![("id", version.id.to_string())])}
                    <Line name="on" label="From" kind="date" hint="Today, or a later day. Calls under way end with it." value=today.to_owned()/>
                    <button class="usa-button usa-button--outline" type="submit">"Withdraw"</button>
                },
            )}
        </details>
    }
    .into_any()
}

fn head(version: &StoredVersion) -> AnyView {
    let script = &version.script;
    view! {
        <section aria-labelledby="title">
            <h2 id="title">"What the caller wants"</h2>
            {post(
                "/_fn/console/call_script/save_head",
                view! {
                    {hidden(vec![("id", version.id.to_string()), ("saved", version.saved.to_string())])}
                    <Line name="en" label="In English" value=script.title.en.clone()/>
                    <Line name="es" label="In Spanish" value=script.title.es.clone()/>
                    <Line name="words" label="Other words to find it by" hint="With commas between." value=script.words.join(", ")/>
                    <button class="usa-button usa-button--outline" type="submit">"Save"</button>
                },
            )}
        </section>
    }
    .into_any()
}

fn all(versions: &[StoredVersion], at_hand: Uuid, people: &People) -> AnyView {
    let row = |version: &StoredVersion| {
        let is_current = (version.id == at_hand).then_some("page");
        let from = version.valid_from.map(|day| day.to_string());
        view! {
            <tr>
                <th scope="row"><a href=path_of(version.id) aria-current=is_current>"Version "{version.number.to_string()}</a></th>
                <td>{version.state.name()}</td>
                <td class="console-nowrap">{from}</td>
                <td>{name(people, version.written_by)}</td>
            </tr>
        }
    };
    let rows = versions.iter().map(row).collect_view();
    let heads = ["Version", "State", "From", "Written by"];
    view! { <Table id="versions" caption="Versions" heads>{rows}</Table> }.into_any()
}
