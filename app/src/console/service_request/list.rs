//! An office's lists of requests.

use chrono::{DateTime, Utc};
use domain::Error;
use domain::actor::Action;
use domain::service_request::{
    Colleague, Counts, ListPage as PageOfList, Page, SavedView, Shown, colleagues, counts, list, names, roster, views,
};
use leptos::prelude::*;
use shared::office::OfficeCode;
use shared::service_request::{Chosen, Queue, RequestKind, Source, State};

use super::address::{Column, ListAddress, SIZES, intake_at, office, pairs, way, with_query};
use super::fields::{hidden, post, select, tick};
use super::shortcuts::{KeySet, Shortcuts};
use super::table::RequestTable;
use super::words::{self, Names};
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::live::Bar;
use crate::console::problem::Problem;
use crate::console::report;
use crate::console::site::{ESCALATIONS, QUESTIONS, REQUESTS, ROSTER, UNROUTED};
use crate::csrf::CsrfField;

#[component]
pub fn ListPage() -> impl IntoView {
    view! { <Layout title="Requests">{Suspend::new(content())}</Layout> }
}

/// What the page shows.
struct Found {
    address: ListAddress,
    page: PageOfList,
    /// What the page knows of, for the stream of changes.
    position: i64,
    counts: Counts,
    views: Vec<SavedView>,
    /// Who can be given something here.
    roster: Vec<Colleague>,
    colleagues: Vec<Colleague>,
    names: Names,
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let pairs = pairs();
    let Some(office) = office(&pairs, at_work.officer(), Action::ReadRequests) else {
        return Some(view! { <Problem error=Error::Refused/> }.into_any());
    };
    // Whoever gives out work begins with what nobody has.
    let usual = if at_work.officer().may(Action::AssignRequests, &office) { Queue::Unassigned } else { Queue::Mine };
    let address = ListAddress::read(&pairs, office, usual);
    let is_ticked = pairs.iter().any(|(name, value)| name == "tick" && value == "all");
    Some(match find(&at_work, address).await {
        Ok(found) => page(&at_work, &found, is_ticked),
        Err(error) => view! { <Problem error/> }.into_any(),
    })
}

async fn find(at_work: &AtWork, address: ListAddress) -> Result<Found, Error> {
    let (ctx, officer, office) = (&at_work.console.domain, at_work.officer(), &address.list.office);
    let position = ctx.live.position();
    let page = list(ctx, officer, &address.list).await?;
    let counts = counts(ctx, officer, office).await?;
    let views = views(ctx, officer, office).await?;
    let colleagues = colleagues(ctx, officer, office).await?;
    let on_roster: Vec<_> = if officer.may(Action::AssignRequests, office) {
        roster(ctx, officer, office).await?.into_iter().map(|entry| entry.share.officer).collect()
    } else {
        Vec::new()
    };
    let officers = page.requests.iter().filter_map(|shown| shown.listed.placement.officer).chain(on_roster.iter().copied());
    let names = names(ctx, officer, officers.collect()).await?;
    let roster = on_roster.into_iter().map(|officer| Colleague { officer, name: words::name(&names, officer) }).collect();
    Ok(Found { address, page, position, counts, views, roster, colleagues, names })
}

fn page(at_work: &AtWork, found: &Found, is_ticked: bool) -> AnyView {
    let address = &found.address;
    let office = &address.list.office;
    let gives_out = at_work.officer().may(Action::AssignRequests, office);
    // What is closed is given to nobody.
    let can_give = gives_out && address.list.queue != Queue::Closed && !found.page.requests.is_empty();
    let now = at_work.console.domain.now();
    let of_list = found.counts.of(address.list.queue);
    let caption = format!(
        "{} at {}: {of_list} in all, {} on this page, as of {}",
        words::queue(address.list.queue),
        office.as_str(),
        found.page.requests.len(),
        words::instant(now)
    );
    let table = RequestTable {
        rows: &found.page.requests,
        columns: &address.columns,
        names: &found.names,
        today: at_work.console.domain.today(),
        caption,
        list: Some(address),
        ticks: can_give.then_some(is_ticked),
        current: None,
        purpose: gives_out.then_some("assign").filter(|_| address.list.queue == Queue::Unassigned),
    };
    let nothing = found.page.requests.is_empty().then(|| {
        let all = (address.list.chosen != Chosen::default())
            .then(|| view! { " "<a href=address.of_queue(address.list.queue).path()>"Show the list without filters"</a> });
        view! { <p>"There is no such request."{all}</p> }
    });
    view! {
        {offices(at_work, office)}
        {toolbar(at_work, office)}
        {at_work.officer().may(Action::Export, office).then(|| view! { <p><a href=report::of_list(address)>"Take this list out as a file"</a></p> })}
        {queues(found)}
        {saved_views(found)}
        {filters(found)}
        {can_give.then(|| bulk(found, is_ticked))}
        {Bar::of_list(address, found.position, words::instant(now)).view()}
        {table.view()}
        {nothing}
        {pager(&found.page, address)}
        {save_form(found, gives_out)}
        <Shortcuts set=KeySet::List/>
    }
    .into_any()
}

/// The officer's offices, if there are several.
fn offices(at_work: &AtWork, at: &OfficeCode) -> Option<AnyView> {
    let offices = at_work.officer().offices(Action::ReadRequests);
    let link = |office: &OfficeCode| {
        let href = with_query(REQUESTS, &[("office", office.as_str().to_owned())]);
        let name = format!("{} {}", office.as_str(), domain::office::name(&at_work.console.domain, office));
        view! { <li><a href=href aria-current=(office == at).then_some("true")>{name}</a></li> }
    };
    (offices.len() > 1).then(|| {
        view! { <nav class="console-tabs" aria-label="Office"><ul>{offices.iter().map(link).collect_view()}</ul></nav> }.into_any()
    })
}

/// Take the next one, take one in, look for one.
fn toolbar(at_work: &AtWork, office: &OfficeCode) -> AnyView {
    let (officer, code) = (at_work.officer(), office.as_str().to_owned());
    let take_next = officer.may(Action::AnswerRequest, office).then(|| {
        view! {
            <PostButton
                action="/_fn/console/service_request/take_next"
                label="Take the next"
                class="usa-button"
                about=format!("request of {code}")
                id="take-next"
                values=vec![("office", code.clone())]
            />
        }
    });
    let take_in = officer.may(Action::TakeRequest, office).then(|| {
        view! { <a class="usa-button usa-button--outline" href=intake_at(office) data-key="i">"Take one in"</a> }
    });
    view! { <div class="console-row console-toolbar">{take_next}{take_in}{search_form("")}</div> }.into_any()
}

/// What is looked for is posted: it never stands in an address.
pub fn search_form(typed: &str) -> AnyView {
    view! {
        <form class="console-search" role="search" method="post" action="/_fn/console/service_request/search">
            <CsrfField/>
            <label class="usa-label" for="search">"Name, word, number, or call-back code"</label>
            <div class="console-row">
                <input
                    class="usa-input"
                    id="search"
                    name="text"
                    type="search"
                    value=typed.to_owned()
                    maxlength="200"
                    autocomplete="off"
                    spellcheck="false"
                    data-key="/"
                />
                <button class="usa-button usa-button--outline" type="submit">"Search"</button>
            </div>
        </form>
    }
    .into_any()
}

fn queues(found: &Found) -> AnyView {
    let address = &found.address;
    let queue = |(queue, requests): &(Queue, u64)| {
        let is_here = *queue == address.list.queue;
        view! {
            <li>
                <a href=address.of_queue(*queue).path() aria-current=is_here.then_some("page")>
                    {words::queue(*queue)}" "<span class="console-count" data-count=queue.key()>{requests.to_string()}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="console-tabs" aria-label="Lists">
            <ul>{found.counts.all().iter().map(queue).collect_view()}{other_lists(&address.list.office)}</ul>
        </nav>
    }
    .into_any()
}

/// Lists that are no part of the office's work on requests of its own.
fn other_lists(office: &OfficeCode) -> AnyView {
    let gives_out = AtWork::current().is_some_and(|at_work| at_work.officer().may(Action::AssignRequests, office));
    let link = |page: &'static str, name: &'static str| {
        view! { <li><a href=with_query(page, &[("office", office.as_str().to_owned())])>{name}</a></li> }
    };
    let of_supervisors = gives_out.then(|| view! { {link(ESCALATIONS, "Escalations")}{link(UNROUTED, "With no office")} });
    view! { {link(QUESTIONS, "Questions to this office")}{of_supervisors} }.into_any()
}

fn saved_views(found: &Found) -> Option<AnyView> {
    let may_share =
        AtWork::current().is_some_and(|at_work| at_work.officer().may(Action::AssignRequests, &found.address.list.office));
    let saved = |saved: &SavedView| {
        let address = ListAddress { list: saved.list.clone(), columns: found.address.columns.clone() };
        let whose = if saved.is_shared { " (of the office)" } else { "" };
        let forget = (!saved.is_shared || may_share).then(|| {
            let values = vec![("id", saved.id.to_string())];
            view! {
                <PostButton
                    action="/_fn/console/service_request/drop_view"
                    label="Forget"
                    class="console-link-button"
                    about=saved.name.clone()
                    values
                />
            }
        });
        view! { <li class="console-row"><a href=address.path()>{saved.name.clone()}{whose}</a>{forget}</li> }
    };
    (!found.views.is_empty()).then(|| {
        view! {
            <nav class="console-tabs" aria-label="Saved lists"><ul>{found.views.iter().map(saved).collect_view()}</ul></nav>
        }
        .into_any()
    })
}

fn filters(found: &Found) -> AnyView {
    let ListAddress { list, columns } = &found.address;
    let chosen = &list.chosen;
    let kinds = RequestKind::ALL.map(|kind| (kind.key().to_owned(), words::kind(kind).to_owned())).to_vec();
    let sources = Source::ALL.map(|source| (source.key().to_owned(), words::source(source).to_owned())).to_vec();
    let states = State::KEYS.iter().filter(|state| !matches!(**state, "received" | "stored"));
    let states = states.map(|state| ((*state).to_owned(), words::state(state).to_owned())).collect();
    let officers = found.colleagues.iter().map(|colleague| (colleague.officer.to_string(), colleague.name.clone())).collect();
    let orders = list.queue.orders().iter().map(|order| (order.key().to_owned(), words::order(*order).to_owned())).collect();
    let ways = vec![("up".to_owned(), "earliest first".to_owned()), ("down".to_owned(), "latest first".to_owned())];
    let sizes = SIZES.map(|size| (size.to_string(), size.to_string())).to_vec();
    let is_filtered = *chosen != Chosen::default();
    let column =
        |column: Column| tick(format!("col-{}", column.key()), "col", column.key(), column.name(), columns.contains(&column));
    let reset = found.address.of_queue(list.queue).path();
    view! {
        <details class="console-details" open=is_filtered data-key="f">
            <summary>{if is_filtered { "Filters (some are set), order, columns" } else { "Filters, order, columns" }}</summary>
            <form class="console-filters" method="get" action=REQUESTS>
                <input type="hidden" name="office" value=list.office.as_str().to_owned()/>
                <input type="hidden" name="queue" value=list.queue.key()/>
                <div class="console-row">
                    {select("filter-kind", "kind", "About", Some("Anything"), kinds, chosen.kind.map_or("", RequestKind::key))}
                    {select("filter-source", "source", "Came by", Some("Any way"), sources, chosen.source.map_or("", Source::key))}
                    {select("filter-state", "state", "State", Some("Any"), states, chosen.state.as_deref().unwrap_or_default())}
                    {select(
                        "filter-officer",
                        "officer",
                        "Officer",
                        Some("Anybody"),
                        officers,
                        &chosen.officer.map(|officer| officer.to_string()).unwrap_or_default(),
                    )}
                    <div class="usa-form-group">
                        <label class="usa-label" for="filter-older">"At least so many days old"</label>
                        <input
                            class="usa-input console-short"
                            id="filter-older"
                            name="older"
                            type="number"
                            min="0"
                            max="9999"
                            value=chosen.days_old.map(|days| days.to_string())
                        />
                    </div>
                    {select("filter-order", "order", "Order by", None, orders, list.order.key())}
                    {select("filter-way", "way", "Which", None, ways, way(list.direction))}
                    {select("filter-size", "size", "On a page", None, sizes, &list.size.to_string())}
                </div>
                <fieldset class="usa-fieldset">
                    <legend class="usa-legend">"Columns"</legend>
                    <div class="console-row">{Column::ALL.map(column).collect_view()}</div>
                </fieldset>
                <div class="console-row">
                    <button class="usa-button" type="submit">"Show"</button>
                    <a class="usa-button usa-button--outline" href=reset>"As usual"</a>
                </div>
            </form>
        </details>
    }
    .into_any()
}

/// Gives the ticked requests to somebody: first it shows what that would do.
fn bulk(found: &Found, is_ticked: bool) -> AnyView {
    let address = &found.address;
    if found.roster.is_empty() {
        let roster = with_query(ROSTER, &[("office", address.list.office.as_str().to_owned())]);
        return view! { <p>"To give requests out, put officers on the "<a href=roster>"roster"</a>" first."</p> }.into_any();
    }
    let officers = found.roster.iter().map(|colleague| (colleague.officer.to_string(), colleague.name.clone())).collect();
    let (toggle, label) =
        if is_ticked { (address.path(), "Tick none") } else { (format!("{}&tick=all", address.path()), "Tick all on this page") };
    view! {
        <form class="console-row console-bulk" id="bulk" method="post" action="/_fn/console/service_request/choose">
            <CsrfField/>
            {hidden(vec![("office", address.list.office.as_str().to_owned()), ("list", address.path())])}
            {select("bulk-to", "to", "Give the ticked requests to", Some("Choose"), officers, "")}
            <button class="usa-button usa-button--outline" type="submit" data-key="a">"Show what that does"</button>
            <a href=toggle>{label}</a>
        </form>
    }
    .into_any()
}

pub fn pager(page: &PageOfList, address: &ListAddress) -> AnyView {
    let link = |page: Page, name: &'static str, key: Option<&'static str>| {
        view! { <li><a href=address.at(page).path() data-key=key>{name}</a></li> }
    };
    let before = page.before.map(|mark| {
        view! { {link(Page::First, "First page", None)}{link(Page::Before(mark), "Page before", Some("p"))} }
    });
    let after = page.after.map(|mark| {
        view! { {link(Page::After(mark), "Next page", Some("n"))}{link(Page::Last, "Last page", None)} }
    });
    (page.before.is_some() || page.after.is_some())
        .then(|| view! { <nav class="console-tabs" aria-label="Pages"><ul>{before}{after}</ul></nav> })
        .into_any()
}

/// Keeps this list under a name.
fn save_form(found: &Found, may_share: bool) -> AnyView {
    let share = may_share.then(|| tick("view-shared".to_owned(), "shared", "yes", "For everybody at this office", false));
    view! {
        <details class="console-details">
            <summary>"Save this list under a name"</summary>
            {post(
                "/_fn/console/service_request/save_view",
                view! {
                    {hidden(vec![("list", found.address.at(Page::First).path())])}
                    <div class="usa-form-group">
                        <label class="usa-label" for="view-name">"Name"</label>
                        <span class="usa-hint" id="view-name-hint">"Up to 60 characters. No person's name: colleagues may see it."</span>
                        <input class="usa-input" id="view-name" name="name" type="text" maxlength="60" autocomplete="off" aria-describedby="view-name-hint"/>
                    </div>
                    {share}
                    <button class="usa-button usa-button--outline" type="submit">"Save"</button>
                },
            )}
        </details>
    }
    .into_any()
}

/// The list beside a request: its page, narrow.
pub async fn beside(at_work: &AtWork, address: &ListAddress, current: uuid::Uuid) -> Option<AnyView> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let page = list(ctx, officer, &address.list).await.ok()?;
    let names = Names::new();
    let columns = [Column::Kind, Column::Due];
    let shown: &[Shown] = &page.requests;
    let table = RequestTable {
        rows: shown,
        columns: &columns,
        names: &names,
        today: ctx.today(),
        caption: format!("{} at {}", words::queue(address.list.queue), address.list.office.as_str()),
        list: Some(address),
        ticks: None,
        current: Some(current),
        purpose: None,
    };
    Some(
        view! {
            <aside class="console-split__list" aria-label="List">
                <p><a href=address.path() data-key="u">"Back to the list"</a></p>
                {table.view()}
                {pager(&page, address)}
            </aside>
        }
        .into_any(),
    )
}

/// When a page was made, for pages that are not made of one list.
pub fn as_of(now: DateTime<Utc>) -> String {
    format!("as of {}", words::instant(now))
}
