//! The answers to a request, for who has shown that it is theirs: to be read here, as a letter, and to say that one did not help.

use std::sync::Arc;

use axum::http::Extensions;
use domain::answer::{AnswerView, LONGEST_COMPLAINT, document};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use shared::answer::{Next, Stage};
use shared::letter::{Block, Letter};
use shared::locale::Locale;
use shared::service_request::Moment;
use uuid::Uuid;

use super::mistakes::error;
use super::request::moment;
use super::server::DidNotHelp;
use crate::context::{PortalContext, Request};
use crate::csrf::CsrfField;
use crate::session::Kept;
use crate::text::text;

/// Where an answer is as a document, without its language.
pub const ANSWER: &str = "/e-request/answer.pdf";
/// In the document's address: which of the answers.
pub const NUMBER: &str = "number";

/// An answer as a document to keep: the id of the answer, and the hash of what was set first. None if the session may not see it.
pub async fn answer_document(
    portal: &Arc<PortalContext>,
    extensions: &Extensions,
    number: i64,
) -> Result<Option<(Uuid, Letter, Option<Vec<u8>>)>, domain::Error> {
    let Some(asking) = Request::of(portal, extensions) else { return Ok(None) };
    let Some(Kept::Request(request)) = asking.kept() else { return Ok(None) };
    let found = document(&portal.domain, request, number).await?;
    Ok(found.and_then(|(id, content, hash)| Some((id, Letter::check(content).ok()?, hash))))
}

/// All answers, the newest first. `empty` is the one of which somebody said that it did not help, and not why.
pub fn answers(all: &[AnswerView], empty: Option<i64>, locale: Locale) -> impl IntoView + use<> {
    let articles = all.iter().rev().map(|view| answer(view, empty == Some(view.number), locale)).collect_view();
    (!all.is_empty()).then(|| view! { <h2>{text!(locale, e_request.answers_title)}</h2>{articles} })
}

fn answer(answer: &AnswerView, is_empty: bool, locale: Locale) -> impl IntoView + use<> {
    let number = answer.number;
    let id = format!("answer-{number}");
    let stage = match answer.stage {
        Stage::Final => text!(locale, e_request.answer_final),
        Stage::Interim(Next::WeGoOn) => text!(locale, e_request.answer_interim),
        Stage::Interim(Next::PersonReplies) => text!(locale, e_request.answer_question),
    };
    let (machine, local) = instant(answer.released_at, locale);
    let blocks = answer.content.blocks.iter().map(block).collect_view();
    let complained = answer.complained_at.map(|at| instant(at, locale));
    let did_not_help = match complained {
        Some((machine, local)) => {
            view! { <p>{text!(locale, e_request.not_helped_said)}" "<time datetime=machine>{local}</time>"."</p> }.into_any()
        }
        None => complaint(number, is_empty, locale).into_any(),
    };
    view! {
        <article class="portico-answered" aria-labelledby=id.clone()>
            <h3 id=id.clone()>{text!(locale, e_request.answer_heading, number = number)}</h3>
            <p>
                {text!(locale, e_request.answer_given)}" "<time datetime=machine>{local}</time>". "{stage}
            </p>
            <div class="portico-answered__text" lang=answer.locale.tag()>{blocks}</div>
            <p>
                <a href=format!("{}?{NUMBER}={number}", locale.path(ANSWER))>
                    {text!(locale, e_request.answer_pdf, number = number)}
                </a>
            </p>
            {did_not_help}
        </article>
    }
}

/// A part of an answer. Its headings stand below that of the answer.
fn block(block: &Block) -> AnyView {
    match block {
        Block::Heading(heading) => view! { <h4>{heading.clone()}</h4> }.into_any(),
        Block::Paragraph(text) => lines(text).into_any(),
        Block::Note(text) => view! { <p><strong>{text.clone()}</strong></p> }.into_any(),
        Block::Steps(steps) => {
            let steps = steps.iter().map(|step| view! { <li>{step.clone()}</li> }).collect_view();
            view! { <ol>{steps}</ol> }.into_any()
        }
        Block::Facts(facts) => {
            let fact = |fact: &shared::letter::Fact| {
                view! { <div><dt>{fact.term.clone()}</dt><dd>{fact.description.clone()}</dd></div> }
            };
            view! { <dl class="portico-facts">{facts.iter().map(fact).collect_view()}</dl> }.into_any()
        }
        Block::Code(code) => view! { <p>{code.label.clone()}": "<strong>{code.code.clone()}</strong></p> }.into_any(),
    }
}

fn lines(text: &str) -> impl IntoView + use<> {
    let mut lines = text.lines().map(str::to_owned);
    let first = lines.next();
    let rest = lines.map(|line| view! { <br/>{line} }).collect_view();
    view! { <p>{first}{rest}</p> }
}

/// The form that says that an answer did not help.
fn complaint(number: i64, is_empty: bool, locale: Locale) -> impl IntoView {
    let id = format!("why-{number}");
    let hint = format!("{id}-hint");
    let described = if is_empty { format!("{id}-error {hint}") } else { hint.clone() };
    let error = is_empty.then(|| error(&id, text!(locale, e_request.not_helped_empty), locale));
    view! {
        <details class="portico-details" open=is_empty>
            <summary>{text!(locale, e_request.not_helped_title, number = number)}</summary>
            <p>{text!(locale, e_request.not_helped_lead)}</p>
            <form class="usa-form portico-form portico-request" action=DidNotHelp::url() method="post" novalidate>
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name="number" value=number.to_string()/>
                <div class=if is_empty { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
                    <label class="usa-label" for=id.clone()>{text!(locale, e_request.not_helped_label)}</label>
                    <span class="usa-hint" id=hint>{text!(locale, e_request.not_helped_hint, longest = LONGEST_COMPLAINT)}</span>
                    {error}
                    <textarea
                        class=if is_empty { "usa-textarea usa-input--error" } else { "usa-textarea" }
                        id=id
                        name="why"
                        rows="4"
                        maxlength=LONGEST_COMPLAINT.to_string()
                        aria-describedby=described
                        aria-invalid=is_empty.then_some("true")
                    ></textarea>
                </div>
                <button class="usa-button usa-button--outline" type="submit">{text!(locale, e_request.not_helped_button)}</button>
            </form>
        </details>
    }
}

/// An instant on the agency's clock, for machines and for people.
fn instant(at: chrono::DateTime<chrono::Utc>, locale: Locale) -> (String, String) {
    let day = PortalContext::current().map_or_else(|| at.date_naive(), |portal| portal.domain.day_of(at));
    moment(Moment { at, day }, locale)
}
