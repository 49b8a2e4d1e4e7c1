//! Who takes an office's requests: what kinds, how many at once, and who is away. Requests that come in are given out by it.

use domain::Error;
use domain::actor::Action;
use domain::service_request::{Colleague, Leave, RosterEntry, colleagues, names, roster};
use leptos::prelude::*;
use shared::office::OfficeCode;
use shared::service_request::RequestKind;

use super::address::{office, pairs, with_query};
use super::fields::{hidden, post, select, tick};
use super::words::{self, Names};
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{REQUESTS, ROSTER};
use crate::console::table::Head::{Figure, Text};
use crate::console::table::{Table, count};

#[component]
pub fn RosterPage() -> impl IntoView {
    view! { <Layout title="Roster">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let at = office(&pairs(), at_work.officer(), Action::AssignRequests);
    let Some(office) = at.filter(|office| at_work.officer().may(Action::AssignRequests, office)) else {
        return Some(view! { <Problem error=Error::Refused/> }.into_any());
    };
    Some(page(&at_work, &office).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork, office: &OfficeCode) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let roster = roster(ctx, officer, office).await?;
    let colleagues = colleagues(ctx, officer, office).await?;
    let names = names(ctx, officer, roster.iter().map(|entry| entry.share.officer).collect()).await?;
    let link = |of: &OfficeCode| {
        let href = with_query(ROSTER, &[("office", of.as_str().to_owned())]);
        view! { <li><a href=href aria-current=(of == office).then_some("true")>{of.as_str().to_owned()}</a></li> }
    };
    let offices = officer.offices(Action::AssignRequests);
    let offices = (offices.len() > 1).then(|| {
        view! { <nav class="console-tabs" aria-label="Office"><ul>{offices.iter().map(link).collect_view()}</ul></nav> }
    });
    let others: Vec<Colleague> =
        colleagues.into_iter().filter(|colleague| !roster.iter().any(|entry| entry.share.officer == colleague.officer)).collect();
    Ok(view! {
        {offices}
        <p>
            "A request that comes to "{office.as_str().to_owned()}" is given at once to the officer who takes its kind, is there, and has the \
             smallest part of their room taken. With no room (0) they are given nothing by themselves. Requests about protected cases wait \
             for you."
        </p>
        {table(&roster, &names, office)}
        {roster.iter().map(|entry| one(entry, &names, office)).collect_view()}
        {add(&others, office)}
        <p><a href=with_query(REQUESTS, &[("office", office.as_str().to_owned())])>"Lists of "{office.as_str().to_owned()}</a></p>
    }
    .into_any())
}

fn days(leave: &Leave) -> String {
    format!("{} to {}", leave.from, leave.until)
}

fn table(roster: &[RosterEntry], names: &Names, office: &OfficeCode) -> AnyView {
    let row = |entry: &RosterEntry| {
        let kinds: Vec<&str> = entry.share.kinds.iter().map(|kind| words::kind(*kind)).collect();
        let kinds = if kinds.is_empty() { "All".to_owned() } else { kinds.join(", ") };
        let leaves: Vec<String> = entry.leaves.iter().map(days).collect();
        view! {
            <tr>
                <th scope="row"><a href=format!("#officer-{}", entry.share.officer)>{words::name(names, entry.share.officer)}</a></th>
                <td>{kinds}</td>
                <td class="console-figure">{entry.open.to_string()}</td>
                <td class="console-figure">{entry.share.capacity.to_string()}</td>
                <td>{leaves.join("; ")}</td>
            </tr>
        }
    };
    let caption = format!("{} on the roster of {}", count(roster.len(), "officer", "officers"), office.as_str());
    let rows = roster.iter().map(row).collect_view();
    let heads = [Text("Officer"), Text("Takes"), Figure("Has now"), Figure("Room for"), Text("Away")];
    view! { <Table id="roster" caption heads>{rows}</Table> }.into_any()
}

/// One officer's part, to be changed.
fn one(entry: &RosterEntry, names: &Names, office: &OfficeCode) -> AnyView {
    let (who, name) = (entry.share.officer.to_string(), words::name(names, entry.share.officer));
    let values = || vec![("office", office.as_str().to_owned()), ("officer", who.clone())];
    let kind = |kind: RequestKind| {
        tick(format!("kind-{}-{who}", kind.key()), "kinds[]", kind.key(), words::kind(kind), entry.share.kinds.contains(&kind))
    };
    let capacity = format!("capacity-{who}");
    let leave = |leave: &Leave| {
        let mut values = values();
        values.push(("leave", leave.id.to_string()));
        view! {
            <li class="console-row">
                {days(leave)}
                <PostButton
                    action="/_fn/console/service_request/drop_leave"
                    label="Take away"
                    class="console-link-button"
                    about=format!("the leave of {name}")
                    values
                />
            </li>
        }
    };
    let leaves = (!entry.leaves.is_empty())
        .then(|| view! { <ul class="console-notes">{entry.leaves.iter().map(leave).collect_view()}</ul> });
    view! {
        <details class="console-details" id=format!("officer-{who}")>
            <summary>{name.clone()}": what they take, and when they are away"</summary>
            {post(
                "/_fn/console/service_request/set_share",
                view! {
                    {hidden(values())}
                    <div class="usa-form-group">
                        <label class="usa-label" for=capacity.clone()>"Room for so many open requests"</label>
                        <input
                            class="usa-input console-short"
                            id=capacity.clone()
                            name="capacity"
                            type="number"
                            min="0"
                            max="10000"
                            value=entry.share.capacity.to_string()
                        />
                    </div>
                    <fieldset class="usa-fieldset">
                        <legend class="usa-legend">"Takes these; none ticked: all"</legend>
                        <div class="console-row">{RequestKind::ALL.map(kind).collect_view()}</div>
                    </fieldset>
                    <button class="usa-button usa-button--outline" type="submit">
                        "Save"<span class="visually-hidden">" for "{name.clone()}</span>
                    </button>
                },
            )}
            {leaves}
            {away_form(&who, &name, values())}
            <PostButton
                action="/_fn/console/service_request/drop_share"
                label="Take off the roster"
                about=name
                values=values()
            />
        </details>
    }
    .into_any()
}

/// When an officer is away, to be added.
fn away_form(who: &str, name: &str, values: Vec<(&'static str, String)>) -> AnyView {
    let (from, until, name) = (format!("from-{who}"), format!("until-{who}"), name.to_owned());
    post(
        "/_fn/console/service_request/add_leave",
        view! {
            {hidden(values)}
            <div class="console-row">
                <div class="usa-form-group">
                    <label class="usa-label" for=from.clone()>"Away from"</label>
                    <input class="usa-input" id=from.clone() name="from" type="date"/>
                </div>
                <div class="usa-form-group">
                    <label class="usa-label" for=until.clone()>"until, that day included"</label>
                    <input class="usa-input" id=until.clone() name="until" type="date"/>
                </div>
                <button class="usa-button usa-button--outline" type="submit">
                    "Note the leave"<span class="visually-hidden">" of "{name}</span>
                </button>
            </div>
        },
    )
}

fn add(others: &[Colleague], office: &OfficeCode) -> Option<AnyView> {
    let others: Vec<_> = others.iter().map(|colleague| (colleague.officer.to_string(), colleague.name.clone())).collect();
    (!others.is_empty()).then(|| {
        view! {
            <h2>"Put somebody on the roster"</h2>
            {post(
                "/_fn/console/service_request/set_share",
                view! {
                    {hidden(vec![("office", office.as_str().to_owned())])}
                    {select("add-officer", "officer", "Officer", Some("Choose"), others, "")}
                    <div class="usa-form-group">
                        <label class="usa-label" for="add-capacity">"Room for so many open requests"</label>
                        <input class="usa-input console-short" id="add-capacity" name="capacity" type="number" min="0" max="10000" value="20"/>
                    </div>
                    <button class="usa-button" type="submit">"Put on the roster"</button>
                },
            )}
        }
        .into_any()
    })
}
