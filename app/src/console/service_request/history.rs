//! What happened to a request, what officers noted, what offices asked each other, and other requests about the case.

use domain::Officer;
use domain::actor::Action;
use domain::service_request::{Entry, Listed, Note, Question, RequestFile};
use leptos::prelude::*;

use super::acts::Act;
use super::address::path_of;
use super::fields::{hidden, lines, post};
use super::kept::Typed;
use super::words::{self, Names};
use crate::console::table::Table;
use crate::console::when::When;

pub fn history(file: &RequestFile, names: &Names) -> AnyView {
    let row = |entry: &Entry| {
        let why = entry.why.map(|why| view! { <p class="usa-hint">{words::why(why)}</p> });
        let said = entry.words.as_ref().map(|words| view! { <p class="console-told">{words.expose().clone()}</p> });
        view! {
            <tr>
                <td><When at=entry.at/></td>
                <td>{words::happening(&entry.happening, names)}{why}{said}</td>
                <td>{words::actor(&entry.actor, names)}</td>
            </tr>
        }
    };
    let rows = file.history.iter().rev().map(row).collect_view();
    view! {
        <div>
            <h2 id="history">"History"</h2>
            <Table id="history" heads=["When", "What", "By"]>{rows}</Table>
        </div>
    }
    .into_any()
}

pub fn notes(notes: &[Note], names: &Names) -> AnyView {
    let note = |note: &Note| {
        view! {
            <li>
                <p class="console-told">{note.text.expose().clone()}</p>
                <p class="usa-hint">{words::name(names, note.officer)}", "<When at=note.created_at/></p>
            </li>
        }
    };
    let list = if notes.is_empty() {
        view! { <p>"None."</p> }.into_any()
    } else {
        view! { <ul class="console-notes">{notes.iter().map(note).collect_view()}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="notes">
            <h2 id="notes">"Notes"</h2>
            <p class="usa-hint">"Officers read these. The person does not, and they are found by the search."</p>
            {list}
        </section>
    }
    .into_any()
}

/// What offices asked each other about it. One that is asked here has its field beside it.
pub fn questions(file: &RequestFile, officer: &Officer, names: &Names, typed: Option<&Typed>) -> Option<AnyView> {
    let question = |question: &Question| {
        let answer = match &question.answer {
            Some(answer) => view! {
                <p class="console-told">{answer.text.expose().clone()}</p>
                <p class="usa-hint">{words::name(names, answer.by)}", "{question.to.as_str().to_owned()}", "<When at=answer.at/></p>
            }
            .into_any(),
            None if officer.may(Action::AnswerRequest, &question.to) => answer_form(file, question, typed),
            None => view! { <p>"Not answered. "{question.to.as_str().to_owned()}" may read this request until "<When at=question.ends_at/>"."</p> }
                .into_any(),
        };
        view! {
            <li>
                <p><strong>{question.from.as_str().to_owned()}" asks "{question.to.as_str().to_owned()}</strong></p>
                <p class="console-told">{question.question.expose().clone()}</p>
                <p class="usa-hint">{words::name(names, question.asked_by)}", "<When at=question.asked_at/></p>
                {answer}
            </li>
        }
    };
    (!file.questions.is_empty()).then(|| {
        view! {
            <section aria-labelledby="questions">
                <h2 id="questions">"Questions between offices"</h2>
                <ul class="console-notes">{file.questions.iter().map(question).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn answer_form(file: &RequestFile, question: &Question, typed: Option<&Typed>) -> AnyView {
    let typed = typed.filter(|typed| typed.act == Act::AnswerOffice);
    let text = typed.and_then(|typed| typed.fields.get("text")).cloned().unwrap_or_default();
    post(
        "/_fn/console/service_request/answer_question",
        view! {
            {hidden(vec![("id", file.listed.id.to_string()), ("question", question.id.to_string())])}
            {lines("answer-office", "Your answer", Some("It ends what the question opened."), &text, None)}
            <button class="usa-button" type="submit">"Answer"</button>
        },
    )
}

/// Other requests about the case.
pub fn others(others: &[Listed]) -> Option<AnyView> {
    let row = |other: &Listed| {
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=path_of(other.id)>{other.number.grouped()}</a></th>
                <td>{words::kind(other.kind)}</td>
                <td>{words::source(other.source)}</td>
                <td>{words::state(&other.state)}</td>
                <td><When at=other.received_at/></td>
            </tr>
        }
    };
    let rows = others.iter().rev().map(row).collect_view();
    let heads = ["Number", "About", "Came by", "State", "Received"];
    (!others.is_empty())
        .then(|| view! { <Table id="others" caption="Other requests about this case" heads>{rows}</Table> }.into_any())
}
