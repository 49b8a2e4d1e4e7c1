//! A request: what was told, how it stands, what is known of its case, and what can be done with it.

use axum::http::StatusCode;
use domain::Error;
use domain::actor::Action;
use domain::live::newest;
use domain::service_request::{CaseSeen, Colleague, ReadPurpose, RequestFile, case_of, documents, file_of, here, names, roster};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shared::document::DocumentView;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::service_request::{MailTrouble, Queue};
use uuid::Uuid;

use super::acts::{Desk, officers_of};
use super::address::{ListAddress, office, pairs, path_of, value};
use super::case::{AsOf, case};
use super::clock::{clock, stand, steps};
use super::history::{history, notes, others, questions};
use super::kept::{Kept, Typed, kept};
use super::list::beside;
use super::shortcuts::{KeySet, Shortcuts};
use super::told::{self, answers};
use super::words::{self, Names};
use crate::console::answer::panel;
use crate::console::call_script::taken_in;
use crate::console::context::{self, AtWork, path};
use crate::console::form::Notice;
use crate::console::layout::Layout;
use crate::console::live::Bar;
use crate::console::problem::Problem;
use crate::console::site::REQUESTS;
use crate::console::when::When;

#[component]
pub fn RequestPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

/// What the page shows.
struct Found {
    file: RequestFile,
    /// What the page knows of, for the stream of changes: of all requests, and of this one.
    position: i64,
    seen: i64,
    case: CaseSeen,
    as_of: AsOf,
    documents: Vec<DocumentView>,
    /// What was answered, and what is being written.
    answered: Option<AnyView>,
    /// The call in which it was taken.
    call: Option<AnyView>,
    roster: Vec<Colleague>,
    names: Names,
    typed: Option<Typed>,
    /// The list that it was opened from.
    list: Option<ListAddress>,
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let id = path().rsplit('/').next().and_then(|id| id.parse::<Uuid>().ok());
    let found = match id {
        Some(id) => find(&at_work, id).await,
        None => Err(Error::Refused),
    };
    Some(match found {
        Ok(found) => page(&at_work, found).await,
        // Whether there is no such request or it is not for this officer is not told.
        Err(Error::Refused) => {
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(StatusCode::NOT_FOUND);
            }
            view! {
                <Layout title="There is no such request">
                    <p>"There is none, or it is not with an office of yours. It may have been redirected."</p>
                    <p><a href=REQUESTS>"Your lists"</a></p>
                </Layout>
            }
            .into_any()
        }
        Err(error) => view! { <Layout title="Request"><Problem error/></Layout> }.into_any(),
    })
}

/// Why it is read, as the link says that led here.
fn purpose(at_work: &AtWork, pairs: &[(String, String)]) -> ReadPurpose {
    let usual = if at_work.officer().may_somewhere(Action::AnswerRequest) { ReadPurpose::Work } else { ReadPurpose::Review };
    value(pairs, "for").and_then(ReadPurpose::from_key).unwrap_or(usual)
}

async fn find(at_work: &AtWork, id: Uuid) -> Result<Found, Error> {
    let (ctx, officer, pairs) = (&at_work.console.domain, at_work.officer(), pairs());
    here(ctx, officer, id).await?;
    // Before anything is read: what happens meanwhile is told.
    let (position, seen) = (ctx.live.position(), newest(ctx, id).await?);
    let file = file_of(ctx, officer, id, purpose(at_work, &pairs)).await?;
    let as_of = AsOf::read(at_work, &pairs);
    let case = case_of(ctx, officer, id, as_of.at, as_of.locale).await?;
    let documents = documents(ctx, officer, id).await?;
    let at = file.listed.placement.office.clone();
    let answered = panel(at_work, &file).await?;
    let call = taken_in(at_work, id).await?;
    let on_roster = match at.as_ref().filter(|office| officer.may(Action::AnswerRequest, office)) {
        Some(office) => roster(ctx, officer, office).await?.into_iter().map(|entry| entry.share.officer).collect(),
        None => Vec::new(),
    };
    let shown = officers_of(&file).into_iter().chain(on_roster.iter().copied());
    let names = names(ctx, officer, shown.collect()).await?;
    let roster = on_roster.into_iter().map(|officer| Colleague { officer, name: words::name(&names, officer) }).collect();
    let typed = match kept(at_work, &pairs).await? {
        Some(Kept::Typed(typed)) if typed.request == id => Some(typed),
        _ => None,
    };
    let list = ListAddress::is_named(&pairs).then(|| office(&pairs, officer, Action::ReadRequests)).flatten();
    let list = list.map(|office| ListAddress::read(&pairs, office, Queue::Mine));
    Ok(Found { file, position, seen, case, as_of, documents, answered, call, roster, names, typed, list })
}

async fn page(at_work: &AtWork, mut found: Found) -> AnyView {
    let id = found.file.listed.id;
    let beside = match &found.list {
        Some(address) => beside(at_work, address, id).await,
        None => None,
    };
    let title = format!("Request {}", found.file.listed.number.grouped());
    let class = if beside.is_some() { "console-split" } else { "console-alone" };
    let back = match &found.list {
        Some(address) => {
            view! { <p class="console-back"><a href=address.path() data-key="u">"Back to the list"</a></p> }.into_any()
        }
        None => view! { <p><a href=REQUESTS data-key="u">"Lists"</a></p> }.into_any(),
    };
    let (answered, call) = (found.answered.take(), found.call.take());
    let (detail, printed) = (detail(at_work, &found, answered, call), printed(at_work, id));
    view! {
        <Layout title>
            <div class=class>
                {beside}
                <div class="console-split__detail" data-request=id.to_string()>
                    {back}
                    {detail}
                </div>
            </div>
            <Shortcuts set=KeySet::Request/>
            {printed}
        </Layout>
    }
    .into_any()
}

fn detail(at_work: &AtWork, found: &Found, answered: Option<AnyView>, call: Option<AnyView>) -> AnyView {
    let Found { file, case: seen, as_of, names, .. } = found;
    let ctx = &at_work.console.domain;
    let offices: Vec<(String, String)> = domain::office::all(ctx)
        .into_iter()
        .map(|(code, name)| (code.as_str().to_owned(), format!("{}, {name}", code.as_str())))
        .collect();
    let desk = file.listed.placement.office.as_ref().map(|office| Desk {
        officer: at_work.officer(),
        file,
        office,
        roster: &found.roster,
        offices: &offices,
        typed: found.typed.as_ref(),
    });
    let said = found.typed.as_ref().map(|typed| typed.said);
    let address = found.list.as_ref().map_or_else(|| path_of(file.listed.id), |list| list.path_of(file.listed.id));
    let here = context::address();
    let kept = pairs().into_iter().filter(|(name, _)| !["as_of", "lang", "kept"].contains(&name.as_str())).collect();
    view! {
        {Bar::of_request(file.listed.id, &here, (found.position, found.seen), words::instant(ctx.now())).view()}
        {said.map(|said| view! { <Notice kind="error">{said.words()}</Notice> })}
        {present(file, names)}
        {facts(file, names, seen.is_public)}
        {desk.as_ref().map(Desk::view)}
        // After what can be done, before what an answer rests on.
        {answered}
        {answers(file.listed.kind, &file.answers)}
        {told::documents(file.listed.id, &found.documents)}
        {call}
        {clock(&file.view)}
        {steps(&file.view)}
        {notes(&file.notes, names)}
        {questions(file, at_work.officer(), names, found.typed.as_ref())}
        {case(seen, *as_of, &address, kept, ctx.today())}
        {others(&file.others)}
        {history(file, names)}
    }
    .into_any()
}

/// Who else has it open. A script keeps this up to date.
fn present(file: &RequestFile, names: &Names) -> AnyView {
    let others: Vec<String> = file.present.iter().map(|officer| words::name(names, *officer)).collect();
    view! {
        <p class="console-present" id="present" role="status">
            {(!others.is_empty()).then(|| format!("Also open at: {}", others.join(", ")))}
        </p>
    }
    .into_any()
}

fn facts(file: &RequestFile, names: &Names, is_public: bool) -> AnyView {
    let listed = &file.listed;
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> };
    let mail = listed.placement.mail.map(|trouble| match trouble {
        MailTrouble::Returned => "Came back to the agency",
        MailTrouble::Misdelivered => "Went to another ZIP code",
    });
    let office = listed.placement.office.as_ref().map_or("None", OfficeCode::as_str).to_owned();
    let officer = file.view.state.officer().map_or_else(|| "Nobody".to_owned(), |officer| words::name(names, officer));
    let language = match listed.locale {
        Locale::En => "English",
        Locale::Es => "Spanish",
    };
    let protected = (!is_public).then_some(" Protected: say nothing of this case to anybody but as the law allows.");
    view! {
        <dl class="console-facts">
            {fact("About", words::kind(listed.kind).into_any())}
            {fact("State", words::state(&listed.state).into_any())}
            {fact("Clock", stand(&file.view).into_any())}
            {fact("Officer", officer.into_any())}
            {fact("Office", office.into_any())}
            {fact("Came by", words::source(listed.source).into_any())}
            {fact("Received", view! { <When at=listed.received_at/> }.into_any())}
            {fact("Answer in", language.into_any())}
            {fact("Case", view! { {listed.receipt_number.as_str().to_owned()}", "{listed.form.clone()}"."<strong>{protected}</strong> }.into_any())}
            {mail.map(|mail| fact("Mail", mail.into_any()))}
        </dl>
    }
    .into_any()
}

/// At the end of what is printed: of which record it is, who printed it, and when.
fn printed(at_work: &AtWork, id: Uuid) -> AnyView {
    let by = at_work.live.account.name.as_str().to_owned();
    let now = at_work.console.domain.now();
    view! {
        <p class="console-printed">
            "Record "{path_of(id)}". Printed by "{by}", "<When at=now/>". Personal data: keep it with the file, or destroy it."
        </p>
    }
    .into_any()
}
