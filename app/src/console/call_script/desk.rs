//! The desk of an agent: a call, from what the caller wants to its end.

use chrono::{DateTime, Utc};
use domain::Error;
use domain::actor::Action;
use domain::call_script::{CallView, Found, StoredCall, at, find_scripts, handed_over, open_call};
use leptos::prelude::*;
use shared::locale::Locale;
use shared::office::OfficeCode;
use uuid::Uuid;

use super::kept::{Kept, TypedClaim, kept};
use super::node::node;
use super::words;
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Line, Notice, PostButton};
use crate::console::layout::Layout;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{hidden, lines, post, select};
use crate::console::site::CALLS;
use crate::console::table::Table;
use crate::console::when::When;

/// Takes a call, or leads on to the one that the agent is in.
#[component]
pub fn CallsPage() -> impl IntoView {
    view! { {Suspend::new(calls())} }
}

async fn calls() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(start(&at_work).await, "Calls"))
}

async fn start(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let under_way = open_call(ctx, officer).await?;
    let mut handed: Vec<StoredCall> = Vec::new();
    for office in officer.offices(Action::AnswerRequest) {
        handed.extend(handed_over(ctx, officer, &office).await?);
    }
    let first = match under_way {
        Some(call) => under_way_link(call),
        None => take(&officer.offices(Action::FollowScripts)),
    };
    let handed = officer.may_somewhere(Action::AnswerRequest).then(|| handed_list(&handed));
    Ok(view! { <Layout title="Calls">{first}{handed}</Layout> }.into_any())
}

fn under_way_link(call: Uuid) -> AnyView {
    view! { <p>"You are in a call. "<a class="usa-button" href=format!("{CALLS}/{call}")>"Go on with it"</a></p> }.into_any()
}

fn take(offices: &[OfficeCode]) -> AnyView {
    let first = offices.first().map(|office| office.as_str().to_owned()).unwrap_or_default();
    let offices = offices.iter().map(|office| (office.as_str().to_owned(), office.as_str().to_owned())).collect();
    let languages = vec![("en".to_owned(), "English".to_owned()), ("es".to_owned(), "Spanish".to_owned())];
    post(
        "/_fn/console/call_script/begin",
        view! {
            {select("call-office", "office", "Your office", None, offices, &first)}
            {select("call-language", "locale", "The caller speaks", None, languages, "en")}
            <button class="usa-button" type="submit">"Take a call"</button>
        },
    )
}

/// Calls that Tier 1 handed over: who picks the line up sees what was said.
fn handed_list(calls: &[StoredCall]) -> AnyView {
    let row = |call: &StoredCall| {
        let ended = call.ending.map(|(_, at)| at);
        view! {
            <tr>
                <th scope="row"><a href=format!("{CALLS}/{}", call.id)>{ended.map(|at| view! { <When at/> })}</a></th>
                <td>{call.office.as_str().to_owned()}</td>
                <td>{if call.locale == Locale::Es { "Spanish" } else { "English" }}</td>
            </tr>
        }
    };
    let none = calls.is_empty().then(|| view! { <p>"No call was handed over in the last day."</p> });
    let rows = calls.iter().map(row).collect_view();
    let heads = ["When", "Office", "Language"];
    let table = (!calls.is_empty())
        .then(|| view! { <Table id="handed-over" caption="Handed over in the last day" heads narrow=true>{rows}</Table> });
    view! { <section aria-labelledby="handed"><h2 id="handed">"Calls for Tier 2"</h2>{none}{table}</section> }.into_any()
}

#[component]
pub fn CallPage() -> impl IntoView {
    view! { {Suspend::new(call())} }
}

async fn call() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Call"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    let view = at(ctx, officer, id).await?;
    if view.call.ending.is_some() {
        return Ok(over(&view));
    }
    let kept = kept(at_work, &pairs()).await?;
    let looked_for = match &kept {
        Some(Kept::LookedFor(words)) => Some(words.clone()),
        _ => None,
    };
    let choosing = view.script.is_none() || looked_for.is_some();
    let found = if choosing { find_scripts(ctx, officer, looked_for.as_deref().unwrap_or_default()).await? } else { Vec::new() };
    let title = match &view.script {
        Some(version) if !choosing => version.script.title.en.clone(),
        _ => "What information are you seeking?".to_owned(),
    };
    let way = way(&view);
    let here = match view.node.as_ref().filter(|_| !choosing) {
        Some(at) => node(&view, at),
        None => choice(&view, &found, looked_for.as_deref()),
    };
    let beside = beside(&view, kept.as_ref(), ctx.now());
    Ok(view! {
        <Layout title>
            {way}
            <div class="console-write"><div>{here}</div><div class="console-write__beside">{beside}</div></div>
        </Layout>
    }
    .into_any())
}

/// The nodes behind this one; each leads back.
fn way(view: &CallView) -> AnyView {
    let back = |(at, name): (usize, &String)| {
        let values = vec![("id", view.call.id.to_string()), ("saved", view.call.saved.to_string()), ("at", at.to_string())];
        let fields = values.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
        view! {
            <li>
                <form method="post" action="/_fn/console/call_script/back">
                    <crate::csrf::CsrfField/>
                    {fields}
                    <button class="console-link-button" type="submit">{name.clone()}</button>
                </form>
            </li>
        }
    };
    let behind: Vec<_> = view.behind.iter().enumerate().map(back).collect();
    (!behind.is_empty()).then(|| view! { <nav class="console-way" aria-label="The way so far"><ol>{behind}</ol></nav> }).into_any()
}

/// The scripts, best first, with what looks for others.
fn choice(view: &CallView, found: &[Found], looked_for: Option<&str>) -> AnyView {
    let script = |found: &Found| {
        let values =
            vec![("id", view.call.id.to_string()), ("saved", view.call.saved.to_string()), ("version", found.version.to_string())];
        let fields = values.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
        let (en, es) = (found.script.title.en.clone(), found.script.title.es.clone());
        view! {
            <li>
                <form method="post" action="/_fn/console/call_script/choose">
                    <crate::csrf::CsrfField/>
                    {fields}
                    <button class="usa-button usa-button--outline" type="submit">{en}</button>
                    <span class="usa-hint" lang="es">{es}</span>
                </form>
            </li>
        }
    };
    let none = found.is_empty().then(|| {
        view! { <p>"No script has these words. Try fewer, or other ones. A caller may always ask for Tier 2."</p> }
    });
    let id = view.call.id.to_string();
    view! {
        {post(
            "/_fn/console/call_script/search",
            view! {
                {hidden(vec![("id", id)])}
                <Line name="text" label="Look for a script" hint="Beginnings of words, in English or Spanish." value=looked_for.unwrap_or_default().to_owned()/>
                <button class="usa-button usa-button--outline" type="submit">"Look"</button>
            },
        )}
        {none}
        <ul class="console-answers">{found.iter().map(script).collect_view()}</ul>
    }
    .into_any()
}

/// Who calls, notes, and the ways out: at every node.
fn beside(view: &CallView, kept: Option<&Kept>, now: DateTime<Utc>) -> AnyView {
    let id = view.call.id.to_string();
    let (typed, wrong) = if let Some(Kept::Claim { typed, said }) = kept {
        (typed.clone(), Some(said.clone()))
    } else {
        let caller = view.caller.as_ref().map(|caller| caller.expose().clone()).unwrap_or_default();
        (TypedClaim { number: caller.receipt_number, name: caller.name, ..TypedClaim::default() }, None)
    };
    let minutes = (now - view.call.began_at).num_minutes();
    let notes = view.notes.as_ref().map(|notes| notes.expose().clone()).unwrap_or_default();
    let end = |label: &'static str, ending: &'static str| {
        let values = vec![("id", view.call.id.to_string()), ("ending", ending.to_owned())];
        view! { <PostButton action="/_fn/console/call_script/end" label values/> }
    };
    view! {
        <p>"On the line since "<When at=view.call.began_at/>{format!(", {minutes} min.")}</p>
        <section aria-labelledby="caller">
            <h2 id="caller">"Caller"</h2>
            <p>{words::verified(view.call.verified)}</p>
            {wrong.map(|wrong| view! { <Notice kind="error">{wrong}</Notice> })}
            {post(
                "/_fn/console/call_script/identify",
                view! {
                    {hidden(vec![("id", id.clone())])}
                    <Line name="number" label="Receipt number" value=typed.number/>
                    <Line name="birth_date" label="Date of birth" kind="date" value=typed.birth_date/>
                    <Line name="zip" label="ZIP code that mail goes to" numeric=true value=typed.zip/>
                    <Line name="representative" label="If a representative: their name" value=typed.representative/>
                    <Line name="name" label="Name, for the request" value=typed.name/>
                    <button class="usa-button" type="submit">"Compare with the record"</button>
                },
            )}
        </section>
        <section aria-labelledby="notes">
            <h2 id="notes">"Notes"</h2>
            {post(
                "/_fn/console/call_script/note",
                view! {
                    {hidden(vec![("id", id)])}
                    {lines("text", "What the caller said", Some("Kept for a day, and for Tier 2."), &notes, None)}
                    <button class="usa-button usa-button--outline" type="submit">"Keep the notes"</button>
                },
            )}
        </section>
        <section aria-labelledby="ways-out">
            <h2 id="ways-out">"Or else"</h2>
            <div class="console-row">{end("Hand to Tier 2", "transferred")}{end("Broken off", "broken_off")}</div>
        </section>
    }
    .into_any()
}

/// A call that has ended: the way that it went.
fn over(view: &CallView) -> AnyView {
    let ended = view.call.ending.map(|(ending, at)| view! { <p>{words::ending(ending)}" "<When at/></p> });
    let verified = words::verified(view.call.verified);
    let way = view.behind.iter().map(|name| view! { <li>{name.clone()}</li> }).collect_view();
    let script = view.script.as_ref().map(|version| {
        view! { <p>{format!("Script: {}, version {}.", version.script.title.en, version.number)}</p> }
    });
    let notes = view.notes.as_ref().map(|notes| view! { <h2>"Notes"</h2><p class="console-words">{notes.expose().clone()}</p> });
    view! {
        <Layout title="A call that ended">
            <p class="console-back"><a href=CALLS>"Calls"</a></p>
            {ended}
            <p>{verified}</p>
            {script}
            <h2>"The way"</h2>
            <ol>{way}</ol>
            {notes}
        </Layout>
    }
    .into_any()
}
