//! Answers that wait for a second reader: which, and one of them to be read, released or given back.

use domain::Error;
use domain::actor::Action;
use domain::answer::{UnderWay, Work, preview, second_reading, to_review};
use domain::service_request::{ReadPurpose, Shown, file_of, names, summaries};
use leptos::prelude::*;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::findings::findings;
use super::kept::{Kept, kept};
use super::preview::{copies, online};
use super::request::{back, request_at_hand, shown};
use super::words;
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{pairs, path_of};
use crate::console::service_request::fields::{hidden, lines, post};
use crate::console::service_request::told::answers;
use crate::console::service_request::words as request_words;
use crate::console::site::REVIEWS;
use crate::console::table::Table;
use crate::console::when::When;

/// Answers that are listed.
const MOST: i64 = 100;

#[component]
pub fn ReviewsPage() -> impl IntoView {
    view! { <Layout title="Second reading">{Suspend::new(list())}</Layout> }
}

async fn list() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(waiting(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn waiting(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let ids = to_review(ctx, officer, MOST).await?;
    let mut rows = Vec::new();
    for office in officer.offices(Action::ReviewAnswers) {
        rows.extend(summaries(ctx, officer, &office, &ids).await?);
    }
    // As they were found: the longest wait first.
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.listed.id));
    rows.dedup_by_key(|row| row.listed.id);
    let row = |row: &Shown| {
        let listed = &row.listed;
        let office = listed.placement.office.as_ref().map(|office| office.as_str().to_owned());
        view! {
            <tr>
                <th scope="row" class="console-nowrap">
                    <a href=format!("{}/review", path_of(listed.id))>{listed.number.grouped()}</a>
                </th>
                <td>{request_words::kind(listed.kind)}</td>
                <td>{office}</td>
                <td class="console-nowrap">{listed.placement.due_on.to_string()}</td>
            </tr>
        }
    };
    let caption = format!("{} to read, the longest wait first", rows.len());
    let rows = rows.iter().map(row).collect_view();
    Ok(view! {
        <p>"Answers of colleagues to requests of kinds that are read twice. Your own are not among them."</p>
        <Table id="reviews" caption heads=["Request", "About", "Office", "Due"]>{rows}</Table>
    }
    .into_any())
}

#[component]
pub fn ReviewPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work, request_at_hand()).await, "Second reading"))
}

async fn page(at_work: &AtWork, request: Uuid) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let file = file_of(ctx, officer, request, ReadPurpose::Review).await?;
    let number = file.listed.number.grouped();
    let found = second_reading(ctx, officer, request).await?.zip(preview(ctx, officer, request).await?);
    let title = format!("Second reading: {number}");
    let Some((work, preview)) = found else {
        return Ok(view! {
            <Layout title>
                {back(request, &number)}
                <p>"No answer to this request waits for a second reader. It was released or given back meanwhile."</p>
                <p><a href=REVIEWS>"Answers that wait"</a></p>
            </Layout>
        }
        .into_any());
    };
    let under_way = work.under_way.as_ref().ok_or(Error::Internal)?;
    let writer = OfficerId(under_way.written_by.as_u128());
    let names = names(ctx, officer, vec![writer]).await?;
    let on_paper: Vec<_> = preview.letters.iter().map(|(to, _)| *to).collect();
    let words = match kept(at_work, &pairs()).await? {
        Some(Kept::Verdict { request: of, words }) if of == request => Some(words),
        _ => None,
    };
    let own = under_way.written_by == officer.id();
    let facts = facts(&work, under_way, &request_words::name(&names, writer));
    let checked = findings(&work.findings, &work.check, work.kind);
    let verdict = if own {
        view! { <p><strong>"You wrote this answer. Another person reads it."</strong></p> }.into_any()
    } else {
        verdict(request, &work, under_way, words)
    };
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=REVIEWS>"Answers that wait"</a>" "<a href=path_of(request)>"Request "{number}</a></p>
            {facts}
            <div class="console-write">
                <div>
                    {verdict}
                    {online(&preview.online)}
                </div>
                <div class="console-write__beside">
                    {checked}
                    <h2>"Copies"</h2>
                    {copies(request, &on_paper)}
                    {answers(file.listed.kind, &file.answers)}
                </div>
            </div>
        </Layout>
    }
    .into_any())
}

fn facts(work: &Work, under_way: &UnderWay, writer: &str) -> AnyView {
    view! {
        <dl class="console-facts">
            <dt>"About"</dt><dd>{request_words::kind(work.kind)}</dd>
            <dt>"Written by"</dt><dd>{writer.to_owned()}", "<When at=under_way.changed_at/></dd>
            <dt>"Answered by"</dt><dd>{words::form(work.draft.form)}</dd>
            <dt>"How much"</dt><dd>{words::stage(work.draft.stage)}</dd>
            <dt>"Language"</dt><dd>{words::language(work.draft.locale)}</dd>
        </dl>
    }
    .into_any()
}

/// Release it, or give it back with words. `words` are those that could not be used.
fn verdict(request: Uuid, work: &Work, under_way: &UnderWay, words: Option<String>) -> AnyView {
    let values = |verdict: &'static str| {
        vec![("id", request.to_string()), ("version", under_way.version.to_string()), ("verdict", verdict.to_owned())]
    };
    let error = words.as_ref().map(|_| "Write what is to be done, 4,000 characters at most.");
    let release = (!work.is_blocked).then(|| {
        view! { <PostButton action="/_fn/console/answer/review" label="Release" class="usa-button" values=values("release")/> }
    });
    let back = post(
        "/_fn/console/answer/review",
        view! {
            {hidden(values("give_back"))}
            {lines(
                "give-back-text",
                "What is to be done about it",
                Some("Whoever wrote it reads this. The person does not."),
                &words.clone().unwrap_or_default(),
                error,
            )}
            <button class="usa-button usa-button--outline" type="submit">"Give it back"</button>
        },
    );
    view! {
        <section class="console-acts" aria-labelledby="verdict">
            <h2 id="verdict">"Your verdict"</h2>
            {release}
            <details class="console-details" open=words.is_some() || work.is_blocked>
                <summary>"Give it back with words"</summary>
                {back}
            </details>
        </section>
    }
    .into_any()
}
