//! What was answered to a request, on its page: each answer with who got it, what became of that, and whether it helped.

use domain::Error;
use domain::actor::Action;
use domain::answer::{AnswerState, Exchanged, StoredRecipient, UnderWay, exchanged, under_way};
use domain::service_request::{RequestFile, names};
use leptos::prelude::*;
use shared::answer::{Channel, Delivery};
use shared::office::OfficeCode;
use shared::service_request::{OfficerId, State};
use uuid::Uuid;

use super::preview::online;
use super::request::answer_path;
use super::words;
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::service_request::address::path_of;
use crate::console::service_request::words::{self as request_words, Names};
use crate::console::when::When;

/// The part of a request's page about its answers. None for who reads it because their office was asked.
pub async fn panel(at_work: &AtWork, file: &RequestFile) -> Result<Option<AnyView>, Error> {
    let (ctx, officer, request) = (&at_work.console.domain, at_work.officer(), file.listed.id);
    let office = file.listed.placement.office.as_ref().filter(|office| officer.may(Action::ReadRequests, office));
    let Some(office) = office else { return Ok(None) };
    let Some(all) = exchanged(ctx, officer, request).await? else { return Ok(None) };
    let begun = under_way(ctx, officer, request).await?;
    let who = |id: Uuid| OfficerId(id.as_u128());
    let mut shown: Vec<OfficerId> = begun.iter().map(|begun| who(begun.written_by)).collect();
    shown.extend(all.iter().flat_map(|one| [Some(one.written_by), one.released_by]).flatten().map(who));
    let names = names(ctx, officer, shown).await?;
    let may_answer = officer.may(Action::AnswerRequest, office);
    let answers: Vec<AnyView> = all.iter().rev().map(|one| answer(request, one, &names, may_answer)).collect();
    let standing = standing(at_work, file, office, begun.as_ref(), &names);
    Ok(Some(
        view! {
            <section aria-labelledby="answers">
                <h2 id="answers">"Answers"</h2>
                {standing}
                {if answers.is_empty() { view! { <p>"None went out."</p> }.into_any() } else { answers.into_any() }}
            </section>
        }
        .into_any(),
    ))
}

/// What is being written, and the ways to it.
fn standing(at_work: &AtWork, file: &RequestFile, office: &OfficeCode, begun: Option<&UnderWay>, names: &Names) -> AnyView {
    let (officer, request) = (at_work.officer(), file.listed.id);
    let waits = begun.is_some_and(|begun| begun.state == AnswerState::AwaitingReview);
    let state = begun.map(|begun| {
        let by = request_words::name(names, OfficerId(begun.written_by.as_u128()));
        view! { <p>{words::answer_state(begun.state)}": "{by}", "<When at=begun.changed_at/>"."</p> }
    });
    let answers = officer.may(Action::AnswerRequest, office);
    let is_at_hand = matches!(file.view.state, State::Opened(_) | State::WaitingForPerson(_) | State::Paused(..));
    let write = (answers && file.view.state.is_open() && !waits).then(|| {
        let label = if begun.is_some() { "Go on with the answer" } else { "Write the answer" };
        let class = if is_at_hand { "usa-button" } else { "usa-button usa-button--outline" };
        view! { <a class=class href=answer_path(request) data-key="d">{label}</a> }
    });
    let read = (waits && officer.may(Action::ReviewAnswers, office)).then(|| {
        view! { <a class="usa-button" href=format!("{}/review", path_of(request))>"Read it as the second reader"</a> }
    });
    let commands = answers.then(|| {
        view! { <a href=format!("{}/commands", path_of(request))>"What the case system is to do"</a> }
    });
    view! { {state}<div class="console-row console-row--links">{write}{read}{commands}</div> }.into_any()
}

fn answer(request: Uuid, one: &Exchanged, names: &Names, may_answer: bool) -> AnyView {
    let view = &one.view;
    let (number, id) = (view.number, format!("answer-{}", view.number));
    let name = |id: Uuid| request_words::name(names, OfficerId(id.as_u128()));
    let released_by = one.released_by.filter(|by| *by != one.written_by).map(|by| format!(", released by {}", name(by)));
    let complaint = one.complaint.as_ref().zip(view.complained_at).map(|(why, at)| {
        view! {
            <p><strong>"It did not help, "<When at=at/>":"</strong></p>
            <p class="console-told">{why.expose().clone()}</p>
        }
    });
    let deliveries = one.recipients.iter().map(|found| delivery(request, number, found, may_answer)).collect_view();
    let pdf = format!("{}/answers/{number}/letter.pdf?copy=online", path_of(request));
    view! {
        <article class="console-exchanged" aria-labelledby=id.clone()>
            <h3 id=id.clone()>"Answer "{number.to_string()}": "{words::form(view.form)}</h3>
            <p>
                <When at=view.released_at/>". "{words::stage(view.stage)}". "{words::language(view.locale)}". Written by "
                {name(one.written_by)}{released_by}"."
            </p>
            <div class="console-scroll" role="region" aria-label=format!("Who got answer {number}") tabindex="0">
                <table class="console-table console-table--narrow">
                    <thead>
                        <tr><th scope="col">"To"</th><th scope="col">"By"</th><th scope="col">"State"</th><th scope="col">"Since"</th><th scope="col">"Act"</th></tr>
                    </thead>
                    <tbody>{deliveries}</tbody>
                </table>
            </div>
            {complaint}
            <details class="console-details">
                <summary>"What answer "{number.to_string()}" says"</summary>
                <p><a href=pdf rel="external" download>"Answer "{number.to_string()}" as it is read online (PDF)"</a></p>
                {online(&view.content)}
            </details>
        </article>
    }
    .into_any()
}

fn delivery(request: Uuid, number: i64, found: &StoredRecipient, may_answer: bool) -> AnyView {
    let is_letter = found.channel == Channel::Letter;
    let can_come_back = is_letter && may_answer && found.state.then(Delivery::Returned).is_ok();
    let about = format!("letter of answer {number}: {}", words::recipient(found.recipient));
    let came_back = can_come_back.then(|| {
        let values = vec![("id", request.to_string()), ("delivery", found.id.to_string())];
        view! {
            <PostButton
                action="/_fn/console/answer/came_back"
                label="It came back"
                class="console-link-button"
                about=about.clone()
                values
            />
        }
    });
    let pdf = is_letter.then(|| {
        let href = format!("{}/answers/{number}/letter.pdf?copy={}", path_of(request), found.recipient.key());
        view! { <a href=href rel="external" download>"PDF"<span class="visually-hidden">" of the "{about.clone()}</span></a>" " }
    });
    view! {
        <tr>
            <th scope="row">{words::recipient(found.recipient)}</th>
            <td>{words::channel(found.channel)}</td>
            <td>{words::delivery(found.state, found.channel)}</td>
            <td><When at=found.state_at/></td>
            <td class="console-files">{pdf}{came_back}</td>
        </tr>
    }
    .into_any()
}
