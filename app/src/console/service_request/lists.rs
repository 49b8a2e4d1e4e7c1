//! Lists beside an office's own: what other offices ask it, what its supervisors must know, and what came to no office.

use domain::Error;
use domain::actor::Action;
use domain::service_request::{Escalation, Shown, escalations, names, open_questions, summaries, unrouted};
use leptos::prelude::*;
use shared::office::OfficeCode;
use uuid::Uuid;

use super::address::{Column, office, pairs, path_of, with_query};
use super::fields::{post, select};
use super::list::as_of;
use super::shortcuts::{KeySet, Shortcuts};
use super::table::RequestTable;
use super::words::{self, Names};
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::REQUESTS;
use crate::console::table::{Table, count};
use crate::console::when::When;

const COLUMNS: [Column; 6] = [Column::Kind, Column::Source, Column::State, Column::Received, Column::Due, Column::Form];

/// What other offices ask this one.
#[component]
pub fn QuestionsPage() -> impl IntoView {
    view! { <Layout title="Questions to this office">{Suspend::new(content(Which::Questions))}</Layout> }
}

/// What was raised because its day is near or has passed.
#[component]
pub fn EscalationsPage() -> impl IntoView {
    view! { <Layout title="Escalations">{Suspend::new(content(Which::Raised))}</Layout> }
}

/// What came to no office.
#[component]
pub fn UnroutedPage() -> impl IntoView {
    view! { <Layout title="Requests with no office">{Suspend::new(content(Which::WithNoOffice))}</Layout> }
}

#[derive(Clone, Copy)]
enum Which {
    Questions,
    Raised,
    WithNoOffice,
}

async fn content(which: Which) -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let Some(office) = office(&pairs(), at_work.officer(), Action::ReadRequests) else {
        return Some(view! { <Problem error=Error::Refused/> }.into_any());
    };
    let list = with_query(REQUESTS, &[("office", office.as_str().to_owned())]);
    let found = match which {
        Which::Questions => questions(&at_work, &office).await,
        Which::Raised => raised(&at_work, &office).await,
        Which::WithNoOffice => with_no_office(&at_work).await,
    };
    let found = found.unwrap_or_else(|error| view! { <Problem error/> }.into_any());
    Some(
        view! { <p><a href=list data-key="u">"Lists of "{office.as_str().to_owned()}</a></p>{found}<Shortcuts set=KeySet::List/> }
            .into_any(),
    )
}

async fn questions(at_work: &AtWork, office: &OfficeCode) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let open = open_questions(ctx, officer, office).await?;
    let mut ids: Vec<_> = open.iter().map(|open| open.request).collect();
    ids.dedup();
    let rows = summaries(ctx, officer, office, &ids).await?;
    let caption = format!("{} with a question, {}", count(rows.len(), "request", "requests"), as_of(ctx.now()));
    Ok(view! {
        <p>"Another office asks about these. You may read them until you have answered, or the question ends by itself after a week."</p>
        {table(at_work, &rows, caption, Some("question"))}
    }
    .into_any())
}

fn table(at_work: &AtWork, rows: &[Shown], caption: String, purpose: Option<&'static str>) -> AnyView {
    let names = Names::new();
    let today = at_work.console.domain.today();
    RequestTable { rows, columns: &COLUMNS, names: &names, today, caption, list: None, ticks: None, current: None, purpose }.view()
}

async fn raised(at_work: &AtWork, office: &OfficeCode) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let raised = escalations(ctx, officer, office).await?;
    let ids: Vec<_> = raised.iter().map(|raised| raised.request).collect();
    let rows = summaries(ctx, officer, office, &ids).await?;
    let names = names(ctx, officer, rows.iter().filter_map(|shown| shown.listed.placement.officer).collect()).await?;
    let shown = |request: Uuid| rows.iter().find(|shown| shown.listed.id == request);
    let found: Vec<(&Escalation, &Shown)> = raised.iter().filter_map(|raised| Some((raised, shown(raised.request)?))).collect();
    let row = |(raised, shown): &(&Escalation, &Shown)| {
        let number = shown.listed.number.grouped();
        let officer = shown.listed.placement.officer.map(|officer| words::name(&names, officer));
        let values = vec![("id", raised.request.to_string())];
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=path_of(raised.request) data-row-link>{number.clone()}</a></th>
                <td>{words::stage(raised.stage)}</td>
                <td class="console-nowrap">{raised.owed_on.to_string()}</td>
                <td><When at=raised.raised_at/></td>
                <td>{officer.unwrap_or_else(|| "Nobody".into())}</td>
                <td>
                    <PostButton
                        action="/_fn/console/service_request/note_escalation"
                        label="Noted"
                        class="console-link-button"
                        about=number
                        values
                    />
                </td>
            </tr>
        }
    };
    let caption = format!("{} raised, {}", found.len(), as_of(ctx.now()));
    let rows = found.iter().map(row).collect_view();
    Ok(view! {
        <p>"A request stands here before its day, on it, and when it has passed, until a supervisor has taken note."</p>
        <Table id="requests" caption heads=["Number", "Raised as", "Due", "Raised", "Officer", "Take note"]>{rows}</Table>
    }
    .into_any())
}

async fn with_no_office(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let rows = unrouted(ctx, officer).await?;
    let offices: Vec<(String, String)> = domain::office::all(ctx)
        .into_iter()
        .map(|(code, name)| (code.as_str().to_owned(), format!("{}, {name}", code.as_str())))
        .collect();
    let requests = rows.iter().map(|shown| (shown.listed.id.to_string(), shown.listed.number.grouped())).collect();
    let send = (!rows.is_empty()).then(|| {
        view! {
            <h2>"Send one to an office"</h2>
            {post(
                "/_fn/console/service_request/send_to",
                view! {
                    {select("send-request", "id", "Request", None, requests, "")}
                    {select("send-office", "office", "Office", Some("Choose"), offices, "")}
                    <button class="usa-button" type="submit">"Send"</button>
                },
            )}
        }
    });
    let row = |shown: &Shown| {
        view! {
            <tr>
                <th scope="row" class="console-nowrap">{shown.listed.number.grouped()}</th>
                <td>{words::kind(shown.listed.kind)}</td>
                <td>{words::source(shown.listed.source)}</td>
                <td><When at=shown.listed.received_at/></td>
                <td class="console-nowrap">{shown.listed.placement.due_on.to_string()}</td>
            </tr>
        }
    };
    let caption = format!("{}, {}", count(rows.len(), "request", "requests"), as_of(ctx.now()));
    let rows = rows.iter().map(row).collect_view();
    Ok(view! {
        <p>"These came in and reached no office within 15 minutes, as was promised. The program tries again by itself."</p>
        <Table id="requests" caption heads=["Number", "About", "Came by", "Received", "Due"]>{rows}</Table>
        {send}
    }
    .into_any())
}
