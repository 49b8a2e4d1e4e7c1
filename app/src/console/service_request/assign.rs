//! Giving many requests to one officer: first what it would do, then what it did, which can be undone.

use domain::service_request::{Given, Preview, names, preview, summaries};
use domain::{Action, Error};
use leptos::prelude::*;
use shared::office::OfficeCode;
use shared::service_request::OfficerId;

use super::address::{pairs, path_of};
use super::fields::{hidden, post};
use super::kept::{Assigned, Became, Kept, Ticked, kept};
use super::words;
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{REQUESTS, way_back};
use crate::console::table::Table;

/// What it would do.
#[component]
pub fn AssignPage() -> impl IntoView {
    view! { <Layout title="Give requests to an officer">{Suspend::new(before())}</Layout> }
}

/// What it did.
#[component]
pub fn AssignedPage() -> impl IntoView {
    view! { <Layout title="Requests that were given out">{Suspend::new(after())}</Layout> }
}

fn too_old() -> AnyView {
    view! { <p>"This was too long ago, or somebody else's. "<a href=REQUESTS>"Your lists"</a></p> }.into_any()
}

/// The list that somebody came from, and nothing but a page of the console.
fn list_of(list: &str) -> String {
    way_back(list).unwrap_or(REQUESTS).to_owned()
}

/// For who gives requests out, even where there is nothing to show.
fn check(at_work: &AtWork) -> Result<(), Error> {
    if at_work.officer().may_somewhere(Action::AssignRequests) { Ok(()) } else { Err(Error::Refused) }
}

async fn before() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let shown = async {
        check(&at_work)?;
        match kept(&at_work, &pairs()).await? {
            Some(Kept::Ticked(ticked)) => would(&at_work, &ticked).await,
            _ => Ok(too_old()),
        }
    };
    Some(shown.await.unwrap_or_else(|error: Error| view! { <Problem error/> }.into_any()))
}

async fn would(at_work: &AtWork, ticked: &Ticked) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let office = OfficeCode::parse(&ticked.office).map_err(|_| Error::Refused)?;
    let to = OfficerId::parse(&ticked.to).ok_or(Error::Refused)?;
    let rows = preview(ctx, officer, &office, &ticked.requests, to).await?;
    let names = names(ctx, officer, rows.iter().filter_map(|row| row.from).chain([to]).collect()).await?;
    let whose = words::name(&names, to);
    let will = rows.iter().filter(|row| row.given == Given::Yes).count();
    let row = |row: &Preview| {
        let from = row.from.map_or_else(|| "Nobody".to_owned(), |from| words::name(&names, from));
        let would = match row.given {
            Given::Yes => "Will be given",
            other => Became::from(other).words(),
        };
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=path_of(row.id)>{row.number.grouped()}</a></th>
                <td class="console-nowrap">{row.due_on.to_string()}</td>
                <td>{from}</td>
                <td>{would}</td>
            </tr>
        }
    };
    let left_out = ticked.requests.len() - rows.len();
    let left_out = (left_out > 0).then(
        || view! { <p>{left_out.to_string()}" of those that were ticked are not with this office any more, and are left out."</p> },
    );
    let requests: Vec<(&'static str, String)> = rows
        .iter()
        .filter(|row| row.given == Given::Yes)
        .map(|row| ("requests[]", format!("{}:{}", row.id, row.version)))
        .collect();
    let list = list_of(&ticked.list);
    let mut values = vec![("office", ticked.office.clone()), ("to", ticked.to.clone()), ("list", list.clone())];
    values.extend(requests);
    let confirm = (will > 0).then(|| {
        post(
            "/_fn/console/service_request/assign_many",
            view! {
                {hidden(values)}
                <button class="usa-button" type="submit">{format!("Give {will} to {whose}")}</button>
            },
        )
    });
    let caption = format!("What giving these to {whose} would do");
    let rows = rows.iter().map(row).collect_view();
    Ok(view! {
        <p>"Nothing has been done yet. What somebody changes meanwhile is left as it is then, and you are told."</p>
        {left_out}
        <Table id="requests" caption heads=["Number", "Due", "Has it now", "What would become of it"]>{rows}</Table>
        {confirm}
        <p><a href=list data-key="u">"Back to the list: do nothing"</a></p>
    }
    .into_any())
}

async fn after() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let shown = async {
        check(&at_work)?;
        match kept(&at_work, &pairs()).await? {
            Some(Kept::Assigned(assigned)) => did(&at_work, &assigned).await,
            _ => Ok(too_old()),
        }
    };
    Some(shown.await.unwrap_or_else(|error: Error| view! { <Problem error/> }.into_any()))
}

async fn did(at_work: &AtWork, assigned: &Assigned) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let office = OfficeCode::parse(&assigned.office).map_err(|_| Error::Refused)?;
    let to = OfficerId::parse(&assigned.to).ok_or(Error::Refused)?;
    let ids: Vec<_> = assigned.rows.iter().map(|(id, _)| *id).collect();
    let known = summaries(ctx, officer, &office, &ids).await?;
    let whose = words::name(&names(ctx, officer, vec![to]).await?, to);
    let number = |id| {
        let shown = known.iter().find(|shown| shown.listed.id == id);
        shown.map_or_else(|| "Not with this office".to_owned(), |shown| shown.listed.number.grouped())
    };
    let row = |(id, became): &(uuid::Uuid, Became)| {
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=path_of(*id)>{number(*id)}</a></th>
                <td>{became.words()}</td>
            </tr>
        }
    };
    let given = assigned.rows.iter().filter(|(_, became)| *became == Became::Theirs).count();
    let is_undone = assigned.rows.iter().any(|(_, became)| matches!(became, Became::Undone | Became::MovedOn));
    let caption =
        if is_undone { "What was undone".to_owned() } else { format!("{given} of {} given to {whose}", assigned.rows.len()) };
    let list = list_of(&assigned.list);
    let undo = (given > 0).then(|| {
        let values = vec![
            ("batch", assigned.batch.to_string()),
            ("office", assigned.office.clone()),
            ("to", assigned.to.clone()),
            ("list", list.clone()),
        ];
        view! {
            <PostButton action="/_fn/console/service_request/undo" label="Undo" about="giving these out" values/>
            <p class="usa-hint">"Within a day. What was opened or changed since stays as it is."</p>
        }
    });
    let rows = assigned.rows.iter().map(row).collect_view();
    Ok(view! {
        <Table id="requests" caption heads=["Number", "What became of it"]>{rows}</Table>
        {undo}
        <p><a href=list data-key="u">"Back to the list"</a></p>
    }
    .into_any())
}
