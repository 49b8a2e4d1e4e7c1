//! What the case system is to do because of a request: to ask for it, and what became of it.

use domain::Error;
use domain::actor::Action;
use domain::answer::{StoredCommand, commands};
use domain::service_request::{ReadPurpose, file_of, names};
use leptos::prelude::*;
use shared::answer::CommandKind;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::kept::{Kept, kept};
use super::request::{back, request_at_hand, shown};
use super::typed::TypedCommand;
use super::words;
use crate::console::context::AtWork;
use crate::console::form::{Line, Notice};
use crate::console::layout::Layout;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{hidden, post, select};
use crate::console::service_request::words::{self as request_words, Names};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn CommandsPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work, request_at_hand()).await, "What the case system is to do"))
}

async fn page(at_work: &AtWork, request: Uuid) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let file = file_of(ctx, officer, request, ReadPurpose::Work).await?;
    let all = commands(ctx, officer, request).await?;
    let names = names(ctx, officer, all.iter().map(|command| OfficerId(command.asked_by.as_u128())).collect()).await?;
    let (typed, said) = match kept(at_work, &pairs()).await? {
        Some(Kept::Command { request: of, typed, said }) if of == request => (typed, Some(said)),
        _ => (TypedCommand::default(), None),
    };
    let may_ask = file.listed.placement.office.as_ref().is_some_and(|office| officer.may(Action::AnswerRequest, office));
    let said = said.map(|said| view! { <Notice kind="error">"Nothing was asked. "{said}</Notice> });
    Ok(view! {
        <Layout title="What the case system is to do">
            {back(request, &file.listed.number.grouped())}
            {said}
            <p>
                "The case is kept by the case system. What you ask for here is fetched by it; it says when it is done, or why it is not. Nothing \
                 of the case changes before that."
            </p>
            {table(&all, &names)}
            {may_ask.then(|| form(request, &typed))}
        </Layout>
    }
    .into_any())
}

fn table(all: &[StoredCommand], names: &Names) -> AnyView {
    let row = |stored: &StoredCommand| {
        let reason = stored.reason.as_ref().map(|reason| view! { <p class="console-told">{reason.expose().clone()}</p> });
        view! {
            <tr>
                <th scope="row">{words::command(stored.command.kind())}</th>
                <td>{words::command_detail(&stored.command)}</td>
                <td>{words::command_state(stored.state)}{reason}</td>
                <td><When at=stored.state_at/></td>
                <td>{request_words::name(names, OfficerId(stored.asked_by.as_u128()))}", "<When at=stored.asked_at/></td>
            </tr>
        }
    };
    let caption = format!("{} asked for", all.len());
    let rows = all.iter().map(row).collect_view();
    view! { <Table id="commands" caption heads=["What", "Exactly", "State", "Since", "Asked by"]>{rows}</Table> }.into_any()
}

fn form(request: Uuid, typed: &TypedCommand) -> AnyView {
    let kinds = CommandKind::ALL.map(|kind| (kind.key().to_owned(), words::command(kind).to_owned())).to_vec();
    let TypedCommand { kind, field, from, to, notice } = typed.clone();
    view! {
        <h2>"Ask for something"</h2>
        {post(
            "/_fn/console/answer/ask",
            view! {
                {hidden(vec![("id", request.to_string())])}
                {select("kind", "kind", "What is to be done", Some("Choose"), kinds, &kind)}
                <fieldset class="usa-fieldset">
                    <legend class="usa-legend">"To correct data"</legend>
                    <Line name="field" label="What is wrong" hint="The field of the record, such as the given name." value=field/>
                    <Line name="from" label="As it stands there now (optional)" value=from/>
                    <Line name="to" label="As it is right" value=to/>
                </fieldset>
                <fieldset class="usa-fieldset">
                    <legend class="usa-legend">"To re-issue a notice"</legend>
                    <Line name="notice" label="Which notice" hint="Its form number and its day." value=notice/>
                </fieldset>
                <button class="usa-button" type="submit">"Ask"</button>
            },
        )}
    }
    .into_any()
}
