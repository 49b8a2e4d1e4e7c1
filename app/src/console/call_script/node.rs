//! What an agent reads at a node, and what leads on from it.

use domain::call_script::{CallView, Heard};
use domain::service_request::RequestView;
use leptos::prelude::*;
use shared::call_script::{Answer, Node, Said, Step, Words};
use shared::case_status::CaseStatusView;
use shared::locale::Locale;
use shared::processing_time::Verdict;

use crate::console::form::PostButton;
use crate::console::service_request::address::with_query;
use crate::console::service_request::case::told;
use crate::console::service_request::words::{kind, state};
use crate::console::site::TAKE_IN;

const GO: &str = "/_fn/console/call_script/go";

/// A node of a call that is under way.
pub fn node(view: &CallView, node: &Node) -> AnyView {
    let first = view.call.locale;
    view! {
        <section class="console-node" aria-labelledby="node">
            <h2 id="node">{node.name.clone()}</h2>
            {to_read(node, first)}
            {on(view, node, first)}
        </section>
    }
    .into_any()
}

/// What is read aloud, the caller's language first. A text that must be read says so.
fn to_read(node: &Node, first: Locale) -> AnyView {
    let must = match &node.step {
        Step::Say { what: Said::Disclaimer, .. } => Some("Read this out, word for word: the disclaimer."),
        Step::Say { what: Said::PrivacyAct, .. } => Some("Read this out, word for word: the Privacy Act statement."),
        _ => None,
    };
    let text = match &node.step {
        Step::Ask { question, .. } => question,
        Step::Say { text, .. }
        | Step::Case { text, .. }
        | Step::Form { text, .. }
        | Step::TakeRequest { text, .. }
        | Step::Transfer { text }
        | Step::End { text } => text,
    };
    view! { {must.map(|must| view! { <p><strong>{must}</strong></p> })}{side_by_side(text, first)} }.into_any()
}

fn side_by_side(words: &Words, first: Locale) -> AnyView {
    let other = if first == Locale::En { Locale::Es } else { Locale::En };
    let one = |locale: Locale| {
        let paragraphs = words.get(locale).split("\n\n").map(|part| view! { <p>{part.to_owned()}</p> }).collect_view();
        view! { <div lang=locale.tag()>{paragraphs}</div> }
    };
    view! { <div class="console-aloud">{one(first)}{one(other)}</div> }.into_any()
}

/// What the agent does here.
fn on(view: &CallView, node: &Node, first: Locale) -> AnyView {
    let values = |made: String| vec![("id", view.call.id.to_string()), ("saved", view.call.saved.to_string()), ("made", made)];
    let go = |label: &'static str, made: &str| {
        view! { <PostButton action=GO label class="usa-button" values=values(made.to_owned())/> }.into_any()
    };
    match &node.step {
        Step::Say { what, .. } if what.must_be_read() => go("I have read it out", "read"),
        Step::Say { .. } | Step::Form { .. } => go("Go on", "go"),
        Step::Ask { answers, .. } => {
            let one = |(at, answer): (usize, &Answer)| answer_button(answer, first, values(format!("answer {at}")));
            view! { <ul class="console-answers">{answers.iter().enumerate().map(one).collect_view()}</ul> }.into_any()
        }
        Step::Case { .. } => match &view.heard {
            Some(heard) if heard.is_something() => view! { {said(heard, first)}{go("I have said it", "told")} }.into_any(),
            not_heard => {
                let why = match not_heard {
                    Some(Heard::NotVerified) => {
                        "The caller is not verified far enough for this. Ask who calls, or go on without it."
                    }
                    _ => "There is nothing that may be said here about the caller's case.",
                };
                view! { <p>{why}</p>{go("Go on without it", "not_told")} }.into_any()
            }
        },
        Step::TakeRequest { kind, .. } => {
            let pairs = [
                ("office", view.call.office.as_str().to_owned()),
                ("source", "telephone".to_owned()),
                ("kind", kind.key().to_owned()),
                ("call", view.call.id.to_string()),
            ];
            view! { <p><a class="usa-button" href=with_query(TAKE_IN, &pairs)>"Take the request"</a></p> }.into_any()
        }
        Step::Transfer { .. } => end(view, "Hand the call to Tier 2", "transferred"),
        Step::End { .. } => end(view, "End the call", "answered"),
    }
}

fn end(view: &CallView, label: &'static str, ending: &'static str) -> AnyView {
    let values = vec![("id", view.call.id.to_string()), ("ending", ending.to_owned())];
    view! { <PostButton action="/_fn/console/call_script/end" label class="usa-button" values/> }.into_any()
}

/// An answer in both languages; the button says the caller's.
fn answer_button(answer: &Answer, first: Locale, values: Vec<(&'static str, String)>) -> AnyView {
    let other = if first == Locale::En { Locale::Es } else { Locale::En };
    let fields = values.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <li>
            <form method="post" action=GO>
                <crate::csrf::CsrfField/>
                {fields}
                <button class="usa-button usa-button--outline" type="submit" lang=first.tag()>{answer.label.get(first).to_owned()}</button>
                <span class="usa-hint" lang=other.tag()>{answer.label.get(other).to_owned()}</span>
            </form>
        </li>
    }
    .into_any()
}

/// What may be said about the case.
fn said(heard: &Heard, first: Locale) -> AnyView {
    match heard {
        Heard::Case(views) => {
            let of = |locale: Locale| if locale == Locale::En { &views[0] } else { &views[1] };
            let other = if first == Locale::En { Locale::Es } else { Locale::En };
            let one = |locale: Locale, view: &CaseStatusView| view! { <div lang=locale.tag()>{told(view, locale)}</div> };
            view! { <div class="console-aloud">{one(first, of(first))}{one(other, of(other))}</div> }.into_any()
        }
        Heard::Eligibility { verdict, .. } => {
            let words = match verdict {
                Verdict::Outside { since } => format!("The case is past its normal time. One may ask since {since}."),
                Verdict::Inside { ask_from: Some(day) } => {
                    format!("The case is within its normal time. One may ask from {day} on.")
                }
                Verdict::Inside { ask_from: None } => "The case is within its normal time. No day can be told.".to_owned(),
            };
            view! { <p><strong>{words}</strong></p> }.into_any()
        }
        Heard::Requests(requests) => {
            let one = |request: &RequestView| {
                let due = request.reading.due.day();
                view! {
                    <li>
                        {format!("{}, {}: {}. The answer is due on {due}.", request.number.grouped(), kind(request.kind), state(request.state.key()))}
                    </li>
                }
            };
            view! { <ul>{requests.iter().map(one).collect_view()}</ul> }.into_any()
        }
        Heard::NotVerified | Heard::Nothing => ().into_any(),
    }
}
