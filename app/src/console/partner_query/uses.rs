//! What other components may use of partners' answers: what waits, standing approvals, and the ledger.

use domain::Error;
use domain::partner_query::{
    Ground, LedgerRow, StoredApproval, StoredUse, UsePage as Rows, UsePages, UseState, UsesView, uses, waiting_use,
};
use domain::service_request::names;
use leptos::prelude::*;
use shared::agreement::{Element, Partner, Purpose};
use shared::partner_query::component_use::Component;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::words::{self, People};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Line, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{pairs, value, with_query};
use crate::console::service_request::fields::{hidden, lines, post, select, tick};
use crate::console::site::{PROFILES, QUERIES, USES};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn UsesPage() -> impl IntoView {
    view! { <Layout title="Uses by other components">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let pages = pages(&pairs());
    let all = uses(ctx, officer, pages).await?;
    let people = names(ctx, officer, ids(&all)).await?;
    let waiting = waiting(&all.waiting, pages);
    let approvals = approvals(&all.approvals, pages, officer.id(), &people);
    let ledger = ledger(&all.ledger, pages, &people);
    let propose = propose();
    Ok(view! {
        <p class="console-back"><a href=QUERIES>"Queries"</a></p>
        <p>"Nothing that a partner answered is used elsewhere unless it was approved: for a time, or this once."</p>
        {waiting}{approvals}{ledger}{propose}
    }
    .into_any())
}

/// The pages that the address names. It counts from 1.
fn pages(pairs: &[(String, String)]) -> UsePages {
    let page = |name| value(pairs, name).and_then(|page| page.parse::<u32>().ok()).map_or(0, |page| page.saturating_sub(1));
    UsePages { waiting: page("waiting"), approvals: page("approvals"), ledger: page("ledger") }
}

/// Whom the page names.
fn ids(all: &UsesView) -> Vec<OfficerId> {
    let of_approvals = all.approvals.rows.iter().flat_map(|one| {
        let others = one.agreed.map(|(by, _)| by).into_iter().chain(one.ended.map(|(by, _)| by));
        others.chain([one.proposed_by])
    });
    let of_ledger = all.ledger.rows.iter().flat_map(|row| match row.ground {
        Ground::Approval(_) => vec![],
        Ground::Decision { first, by } => first.into_iter().chain([by]).collect(),
    });
    of_approvals.chain(of_ledger).map(|id: Uuid| OfficerId(id.as_u128())).collect()
}

/// The way to the pages before and after one of a list; the other lists stay where they are.
fn ways(about: &'static str, now: u32, has_more: bool, to: impl Fn(u32) -> UsePages) -> AnyView {
    let link = |page: u32, words: &'static str| {
        let href = address(to(page));
        view! { <a href=href>{words}<span class="visually-hidden">" of "{about}</span></a>" " }.into_any()
    };
    let before = (now > 0).then(|| link(now - 1, "Page before"));
    let after = has_more.then(|| link(now.saturating_add(1), "Next page"));
    if before.is_none() && after.is_none() {
        return ().into_any();
    }
    view! { <p>{before}{after}</p> }.into_any()
}

fn address(pages: UsePages) -> String {
    let numbers = [("waiting", pages.waiting), ("approvals", pages.approvals), ("ledger", pages.ledger)];
    let said: Vec<_> = numbers.into_iter().filter(|(_, page)| *page > 0).collect();
    with_query(USES, &said.into_iter().map(|(name, page)| (name, page.saturating_add(1).to_string())).collect::<Vec<_>>())
}

fn waiting(list: &Rows<StoredUse>, pages: UsePages) -> AnyView {
    if list.rows.is_empty() {
        let ways = ways("what waits", pages.waiting, false, |page| UsePages { waiting: page, ..pages });
        return view! { <h2>"What waits"</h2><p>"Nothing waits."</p>{ways} }.into_any();
    }
    let row = |one: &StoredUse| {
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><a href=format!("{USES}/{}", one.id)>{one.transaction_number.clone()}</a></th>
                <td>{one.component.name()}</td>
                <td>{one.partner.name()}</td>
                <td>{one.purpose.name()}</td>
                <td>{words::elements(&one.elements)}</td>
                <td>{words::waits(one)}</td>
                <td class="console-nowrap"><When at=one.received_at/></td>
            </tr>
        }
    };
    let rows = list.rows.iter().map(row).collect_view();
    let heads = ["Transaction number", "Component", "Partner", "Purpose", "What", "Waits for", "Since"];
    let ways = ways("what waits", pages.waiting, list.has_more, |page| UsePages { waiting: page, ..pages });
    view! { <h2>"What waits"</h2><Table id="uses-waiting" caption="The oldest first" heads>{rows}</Table>{ways} }.into_any()
}

fn approvals(list: &Rows<StoredApproval>, pages: UsePages, own: Uuid, people: &People) -> AnyView {
    if list.rows.is_empty() {
        let ways = ways("standing approvals", pages.approvals, false, |page| UsePages { approvals: page, ..pages });
        return view! { <h2>"Standing approvals"</h2><p>"None."</p>{ways} }.into_any();
    }
    let row = |one: &StoredApproval| {
        let draft = &one.draft;
        view! {
            <tr>
                <th scope="row">{draft.component.name()}</th>
                <td>{draft.partner.name()}</td>
                <td>{words::purposes(&draft.purposes)}</td>
                <td>{words::elements(&draft.elements)}</td>
                <td class="console-nowrap">{format!("{} until before {}", draft.from, draft.to)}</td>
                <td>{words::standing(one, people)}</td>
                <td>{acts(one, own)}</td>
            </tr>
        }
    };
    let rows = list.rows.iter().map(row).collect_view();
    let heads = ["Component", "Partner", "Purposes", "What", "When", "State", "Act"];
    let ways = ways("standing approvals", pages.approvals, list.has_more, |page| UsePages { approvals: page, ..pages });
    view! { <h2>"Standing approvals"</h2><Table id="uses-approvals" caption="The newest first" heads>{rows}</Table>{ways} }
        .into_any()
}

fn acts(one: &StoredApproval, own: Uuid) -> Option<AnyView> {
    if one.ended.is_some() {
        return None;
    }
    let about = format!("{}, {}", one.draft.component.name(), one.draft.partner.name());
    let values = vec![("approval", one.id.uuid().to_string())];
    let agree = (one.agreed.is_none() && one.proposed_by != own).then(|| {
        let (about, values) = (about.clone(), values.clone());
        view! { <PostButton action="/_fn/console/partner_query/agree_to_use" label="Agree" about values/> }
    });
    let label = if one.agreed.is_some() { "End" } else { "Take back" };
    Some(view! { {agree}<PostButton action="/_fn/console/partner_query/end_use" label about values/> }.into_any())
}

fn ledger(list: &Rows<LedgerRow>, pages: UsePages, people: &People) -> AnyView {
    if list.rows.is_empty() {
        let ways = ways("the ledger", pages.ledger, false, |page| UsePages { ledger: page, ..pages });
        return view! { <h2>"Ledger"</h2><p>"Nothing was used."</p>{ways} }.into_any();
    }
    let row = |one: &LedgerRow| {
        view! {
            <tr>
                <th scope="row" class="console-nowrap">{one.transaction_number.clone()}</th>
                <td>{one.component.name()}</td>
                <td>{one.partner.name()}</td>
                <td>{one.purpose.name()}</td>
                <td>{words::elements(&one.elements)}</td>
                <td>{words::ground(one.ground, people)}</td>
                <td class="console-nowrap"><When at=one.recorded_at/></td>
            </tr>
        }
    };
    let rows = list.rows.iter().map(row).collect_view();
    let heads = ["Transaction number", "Component", "Partner", "Purpose", "What", "On what it rests", "When"];
    let ways = ways("the ledger", pages.ledger, list.has_more, |page| UsePages { ledger: page, ..pages });
    view! { <h2>"Ledger"</h2><Table id="uses-ledger" caption="Every use that was allowed, the newest first" heads>{rows}</Table>{ways} }
        .into_any()
}

fn propose() -> AnyView {
    let components = Component::ALL.map(|component| (component.key().to_owned(), component.name().to_owned())).to_vec();
    let partners = Partner::ALL.map(|partner| (partner.key().to_owned(), partner.name().to_owned())).to_vec();
    let purpose = |purpose: Purpose| tick(format!("purpose-{}", purpose.key()), "purposes[]", purpose.key(), purpose.name(), false);
    let element = |element: Element| tick(format!("element-{}", element.key()), "elements[]", element.key(), element.name(), false);
    let form = post(
        "/_fn/console/partner_query/propose_use",
        view! {
            {select("component", "component", "Component", Some("Choose"), components, "")}
            {select("partner", "partner", "Whose answers", Some("Choose"), partners, "")}
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"What for"</legend>
                {Purpose::ALL.map(purpose).into_iter().collect_view()}
            </fieldset>
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"What may be used"</legend>
                {Element::ALL.map(element).into_iter().collect_view()}
            </fieldset>
            <Line name="from" label="From" kind="date"/>
            <Line name="to" label="Until before" kind="date" hint="A year after the first day at the latest."/>
            <button class="usa-button usa-button--outline" type="submit">"Propose"</button>
        },
    );
    view! {
        <h2>"Propose a standing approval"</h2>
        <p>"It holds when somebody else has agreed. Of people who may be protected it lets nothing be used."</p>
        {form}
    }
    .into_any()
}

#[component]
pub fn UsePage() -> impl IntoView {
    view! { {Suspend::new(one())} }
}

async fn one() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(one_page(&at_work).await, "Use by another component"))
}

async fn one_page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(4).and_then(|id| id.parse().ok()).unwrap_or_default();
    let wanted = waiting_use(ctx, officer, id).await?.ok_or(Error::Refused)?;
    let first = wanted.first.iter().map(|(first, _)| OfficerId(first.as_u128())).collect();
    let people = names(ctx, officer, first).await?;
    let title = format!("{}: {}", wanted.component.name(), wanted.transaction_number);
    let guarded = (wanted.state == UseState::Guarded).then(|| {
        view! { <p><strong>"The person may be protected. "</strong>"Two people let it be used, or nobody."</p> }
    });
    let first = wanted.first.as_ref().map(|(first, reason)| {
        view! { <p>{words::person(&people, *first)}" would let it be used: "{reason.clone()}</p> }
    });
    let is_own = wanted.first.as_ref().is_some_and(|(first, _)| *first == officer.id());
    let form = form(&wanted, is_own);
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=USES>"Uses by other components"</a></p>
            <p class="usa-hint">"Waits since "<When at=wanted.received_at/></p>
            <dl>
                <dt>"Whose answer"</dt><dd>{wanted.partner.name()}</dd>
                <dt>"What for"</dt><dd>{wanted.purpose.name()}</dd>
                <dt>"What"</dt><dd>{words::elements(&wanted.elements)}</dd>
            </dl>
            <p>
                <a href=format!("{QUERIES}/{}", wanted.query)>"The query"</a>", "
                <a href=format!("{PROFILES}/{}", wanted.profile)>"the profile"</a>
            </p>
            {guarded}
            {first}
            {form}
        </Layout>
    }
    .into_any())
}

fn form(wanted: &StoredUse, is_own: bool) -> AnyView {
    let allow = (!is_own).then_some(("allow", "It may be used"));
    let choices = allow.into_iter().chain([("refuse", "It is not used")]);
    let choices = choices.map(|(key, name)| (key.to_owned(), name.to_owned())).collect();
    post(
        "/_fn/console/partner_query/decide_use",
        view! {
            {hidden(vec![("wanted", wanted.id.to_string())])}
            {select("verdict", "verdict", "Decision", Some("Choose"), choices, "")}
            {lines("why", "Why", Some("For what the component needs it, and on what that rests."), "", None)}
            <button class="usa-button" type="submit">"Decide"</button>
        },
    )
}
