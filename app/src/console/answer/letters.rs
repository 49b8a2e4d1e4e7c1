//! Letters of an office that wait for the printer, and batches that nobody has acknowledged.

use domain::Error;
use domain::actor::Action;
use domain::answer::{Batch, Waiting, batches, letters_waiting};
use domain::service_request::{Shown, names, summaries};
use leptos::prelude::*;
use shared::office::OfficeCode;

use crate::console::context::AtWork;
use crate::console::form::{Line, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{office, pairs, path_of, with_query};
use crate::console::service_request::fields::{hidden, post};
use crate::console::service_request::words::{self as request_words, Names};
use crate::console::site::LETTERS;
use crate::console::when::When;

#[component]
pub fn LettersPage() -> impl IntoView {
    view! { <Layout title="Letters">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let at = office(&pairs(), at_work.officer(), Action::AnswerRequest);
    let Some(office) = at.filter(|office| at_work.officer().may(Action::AnswerRequest, office)) else {
        return Some(view! { <Problem error=Error::Refused/> }.into_any());
    };
    Some(page(&at_work, &office).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork, office: &OfficeCode) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let waiting = letters_waiting(ctx, officer, office).await?;
    let requests = summaries(ctx, officer, office, &waiting.requests).await?;
    let open = batches(ctx, officer, office).await?;
    let makers = open.iter().filter_map(|batch| request_words::officer_of(&batch.made_by)).collect();
    let names = names(ctx, officer, makers).await?;
    Ok(view! {
        {offices(at_work, office)}
        {to_print(office, &waiting, &requests)}
        <h2 id="batches">"Batches that nobody has acknowledged"</h2>
        <p>
            "Download a batch, print it, mail the letters, and then say how many there were. A number that is not the batch's is refused: \
             so no letter is lost between the printer and the mail."
        </p>
        {table(&open, &names)}
        {open.iter().map(|batch| acknowledge(office, batch)).collect_view()}
    }
    .into_any())
}

/// The offices at which the officer answers.
fn offices(at_work: &AtWork, at_hand: &OfficeCode) -> Option<AnyView> {
    let offices = at_work.officer().offices(Action::AnswerRequest);
    let link = |office: &OfficeCode| {
        let href = with_query(LETTERS, &[("office", office.as_str().to_owned())]);
        view! { <li><a href=href aria-current=(office == at_hand).then_some("true")>{office.as_str().to_owned()}</a></li> }
    };
    (offices.len() > 1).then(|| {
        view! { <nav class="console-tabs" aria-label="Office"><ul>{offices.iter().map(link).collect_view()}</ul></nav> }.into_any()
    })
}

fn to_print(office: &OfficeCode, waiting: &Waiting, requests: &[Shown]) -> AnyView {
    let row = |shown: &Shown| {
        let listed = &shown.listed;
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=path_of(listed.id)>{listed.number.grouped()}</a></th>
                <td>{request_words::kind(listed.kind)}</td>
                <td>{request_words::state(&listed.state)}</td>
            </tr>
        }
    };
    let values = vec![("office", office.as_str().to_owned())];
    let print = (waiting.letters > 0).then(|| {
        view! {
            <PostButton
                action="/_fn/console/answer/print"
                label="Put the letters together"
                class="usa-button"
                values
            />
        }
    });
    let table = (!requests.is_empty()).then(|| {
        view! {
            <details class="console-details">
                <summary>"Requests that they answer, the longest wait first"</summary>
                <div class="console-scroll" role="region" aria-label="Requests that they answer" tabindex="0">
                    <table class="console-table console-table--narrow">
                        <thead>
                            <tr><th scope="col">"Request"</th><th scope="col">"About"</th><th scope="col">"State"</th></tr>
                        </thead>
                        <tbody>{requests.iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </details>
        }
    });
    view! {
        <section aria-labelledby="waiting">
            <h2 id="waiting">"Letters that wait"</h2>
            <p id="letters-waiting">{format!("Waiting at {}: {}", office.as_str(), waiting.letters)}</p>
            {print}
            {table}
        </section>
    }
    .into_any()
}

/// A batch by the end of its id: enough to tell those of an office apart.
fn short(batch: &Batch) -> String {
    let id = batch.id.simple().to_string();
    id.get(id.len() - 6..).unwrap_or_default().to_owned()
}

fn table(open: &[Batch], names: &Names) -> AnyView {
    let row = |batch: &Batch| {
        let (id, name) = (batch.id, short(batch));
        let state = match batch.laid_down_at {
            Some(at) => view! { "Fetched, "<When at=at/> }.into_any(),
            None => "Not fetched yet".into_any(),
        };
        let manifest = batch.laid_down_at.map(|_| {
            view! {
                " "
                <a href=format!("{LETTERS}/{id}/manifest.json") rel="external" download>
                    "Manifest"<span class="visually-hidden">" of "{name.clone()}</span>
                </a>
            }
        });
        view! {
            <tr>
                <th scope="row"><code>{name.clone()}</code></th>
                <td class="console-figure">{batch.letters.to_string()}</td>
                <td><When at=batch.made_at/></td>
                <td>{request_words::actor(&batch.made_by, names)}</td>
                <td>{state}</td>
                <td class="console-files">
                    <a href=format!("{LETTERS}/{id}/letters.pdf") rel="external" download>
                        "Letters (PDF)"<span class="visually-hidden">" of "{name}</span>
                    </a>
                    {manifest}
                </td>
            </tr>
        }
    };
    view! {
        <div class="console-scroll" role="region" aria-labelledby="batches" tabindex="0">
            <table class="console-table">
                <caption>{format!("{} open", open.len())}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Batch"</th>
                        <th scope="col" class="console-figure">"Letters"</th>
                        <th scope="col">"Made"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Files"</th>
                    </tr>
                </thead>
                <tbody>{open.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Says that a batch was mailed; only of one that was fetched.
fn acknowledge(office: &OfficeCode, batch: &Batch) -> Option<AnyView> {
    batch.laid_down_at?;
    let (values, name) = (vec![("office", office.as_str().to_owned()), ("batch", batch.id.to_string())], short(batch));
    let id = format!("letters-{}", batch.id);
    Some(
        view! {
            <details class="console-details">
                <summary>"Batch "{name.clone()}" was mailed"</summary>
                {post(
                    "/_fn/console/answer/acknowledge",
                    view! {
                        {hidden(values)}
                        <Line name="letters" id label="How many letters were printed and mailed" numeric=true/>
                        <button class="usa-button" type="submit">
                            "Note it"<span class="visually-hidden">" for batch "{name}</span>
                        </button>
                    },
                )}
            </details>
        }
        .into_any(),
    )
}
