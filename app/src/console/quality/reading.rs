//! An answer that went out, to be read again: what was asked, what it says, what the check finds, what came after; and the verdict.

use domain::Error;
use domain::answer::LookedBack;
use domain::quality;
use domain::service_request::names;
use leptos::prelude::*;
use shared::answer::Recipient;
use shared::quality::{Criterion, Score, Scores, Verdict};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::kept::{Typed, typed};
use super::words;
use crate::console::answer::findings::findings;
use crate::console::answer::preview::online;
use crate::console::answer::request::{protected, segment, shown};
use crate::console::answer::words as answer_words;
use crate::console::context::AtWork;
use crate::console::form::NotSaved;
use crate::console::layout::Layout;
use crate::console::service_request::address::path_of;
use crate::console::service_request::fields::{hidden, lines, post};
use crate::console::service_request::told::answers;
use crate::console::service_request::words::{self as request_words, Names};
use crate::console::site::QUALITY;
use crate::console::when::When;

#[component]
pub fn ReadingPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let answer = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    Some(shown(page(&at_work, answer).await, "Read again"))
}

async fn page(at_work: &AtWork, answer: Uuid) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let back = view! { <p class="console-back"><a href=QUALITY data-key="u">"Quality"</a></p> };
    let Some(page) = quality::reading(ctx, officer, answer).await? else {
        return Ok(view! { <Layout title="Read again">{back}{protected()}</Layout> }.into_any());
    };
    let mut who: Vec<OfficerId> = page.sample.read.iter().map(|read| OfficerId(read.by.as_u128())).collect();
    let writer = OfficerId(page.sample.written_by.as_u128());
    who.extend(page.names_writer.then_some(writer));
    let names = names(ctx, officer, who).await?;
    let number = page.back.request_number.grouped();
    let judged = page.found.as_ref().map(|(scores, note)| found(&page.sample, scores, note.as_ref(), &names));
    let form = if page.may_judge { Some(form(answer, &typed(at_work, answer).await?.unwrap_or_default())) } else { None };
    let written_by = page.names_writer.then(|| view! { <dt>"Written by"</dt><dd>{request_words::name(&names, writer)}</dd> });
    let see_request = page.names_writer.then(|| {
        view! { <dt>"Request"</dt><dd><a href=path_of(page.back.request)>{number.clone()}</a></dd> }
    });
    Ok(view! {
        <Layout title=format!("Read again: {number}")>
            {back}
            <dl class="console-facts">
                {see_request}
                <dt>"About"</dt><dd>{request_words::kind(page.back.kind)}</dd>
                <dt>"Answer"</dt><dd>{page.back.number.to_string()}", "<When at=page.back.released_at/></dd>
                <dt>"Office"</dt><dd>{page.sample.office.as_str().to_owned()}</dd>
                <dt>"Answered by"</dt><dd>{answer_words::form(page.back.form)}</dd>
                {written_by}
            </dl>
            {judged}
            <div class="console-write">
                <div>{online(&page.back.content)}{form}</div>
                <div class="console-write__beside">
                    {findings(&page.back.findings, &page.back.check, page.back.kind)}
                    {after(&page.back)}
                    {answers(page.back.kind, &page.back.asked)}
                </div>
            </div>
        </Layout>
    }
    .into_any())
}

/// What came of the answer.
fn after(back: &LookedBack) -> AnyView {
    let to = |found: &domain::answer::StoredRecipient| {
        let who = match found.recipient {
            Recipient::Person => "The person",
            Recipient::Representative => "The representative",
        };
        let how = answer_words::channel(found.channel);
        let state = answer_words::delivery(found.state, found.channel);
        view! { <li>{format!("{who}, by {how}: {state}.")}</li> }
    };
    let happened = |(at, happening): &(_, _)| {
        view! { <li><When at=*at/>": "{request_words::happening(happening, &Names::new())}</li> }
    };
    let complaint = back.complaint.as_ref().map(|words| {
        view! { <li>"The person says that it did not help: "<q class="console-told">{words.expose().clone()}</q></li> }
    });
    let since = if back.since.is_empty() && complaint.is_none() {
        view! { <li>"Nothing has happened to the request since."</li> }.into_any()
    } else {
        back.since.iter().map(happened).collect_view().into_any()
    };
    view! {
        <section aria-labelledby="after">
            <h2 id="after">"What came after"</h2>
            <ul>{back.recipients.iter().map(to).collect_view()}{complaint}{since}</ul>
        </section>
    }
    .into_any()
}

fn found(sample: &quality::Sample, scores: &Scores, note: Option<&Sensitive<String>>, names: &Names) -> AnyView {
    let score = |(criterion, score): (&Criterion, &Score)| {
        view! { <dt>{words::criterion(*criterion)}</dt><dd>{words::score(*score)}</dd> }
    };
    let read = sample.read.map(|read| {
        let reader = request_words::name(names, OfficerId(read.by.as_u128()));
        view! { <p><strong>{words::found(read.verdict)}</strong>". Read by "{reader}", "<When at=read.at/>"."</p> }
    });
    view! {
        <section class="console-acts" aria-labelledby="found">
            <h2 id="found">"What was found"</h2>
            {read}
            <dl class="console-facts">{scores.iter().map(score).collect_view()}</dl>
            {note.map(|note| view! { <p class="console-told">{note.expose().clone()}</p> })}
        </section>
    }
    .into_any()
}

fn radio(name: String, value: &'static str, label: &'static str, chosen: &str) -> AnyView {
    let id = format!("{}-{value}", name.replace(['[', ']'], "-"));
    view! {
        <span class="console-tick">
            <input id=id.clone() type="radio" name=name value=value checked=chosen == value/>
            <label for=id>{label}</label>
        </span>
    }
    .into_any()
}

fn form(answer: Uuid, typed: &Typed) -> AnyView {
    let wrong: Vec<String> = typed.wrong.iter().map(|error| words::wrong(*error)).collect();
    let criterion = |criterion: Criterion| {
        let name = format!("scores[{}]", criterion.key());
        let chosen = typed.scores.get(criterion.key()).cloned().unwrap_or_default();
        let one = |score: Score| radio(name.clone(), score.key(), words::score(score), &chosen);
        view! {
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">{words::criterion(criterion)}</legend>
                <div class="console-row">{Score::ALL.map(one).collect_view()}</div>
            </fieldset>
        }
    };
    let verdict = |verdict: Verdict| radio("verdict".into(), verdict.key(), words::verdict(verdict), &typed.verdict);
    view! {
        <section class="console-acts" aria-labelledby="verdict">
            <h2 id="verdict">"What you find"</h2>
            <NotSaved wrong/>
            {post(
                "/_fn/console/quality/judge",
                view! {
                    {hidden(vec![("answer", answer.to_string())])}
                    {Criterion::ALL.map(criterion).collect_view()}
                    <fieldset class="usa-fieldset">
                        <legend class="usa-legend">"Verdict"</legend>
                        <p class="usa-hint">"Send back opens the request again: its officer answers once more, and reads your words. The person does not."</p>
                        <div class="console-row">{Verdict::ALL.map(verdict).collect_view()}</div>
                    </fieldset>
                    {lines("note", "Words to the writer", Some("Whoever wrote it, their supervisor, and officers of the request read this."), &typed.text, None)}
                    <button class="usa-button" type="submit">"Keep what you found"</button>
                },
            )}
        </section>
    }
    .into_any()
}
