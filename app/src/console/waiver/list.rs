//! The waivers: those that wait for somebody else first, then those that were agreed to, then those that ended.

use chrono::{DateTime, Utc};
use domain::Error;
use domain::service_request::names;
use domain::waiver::{StoredWaiver, all};
use leptos::prelude::*;
use shared::service_request::OfficerId;
use store::crypto::hex;
use uuid::Uuid;

use super::words;
use crate::console::account::ask_for_fresh_factor;
use crate::console::agreement::{People, person};
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{PROFILES, PROPOSE_WAIVER};
use crate::console::table::{Table, count};
use crate::console::when::When;

#[component]
pub fn WaiversPage() -> impl IntoView {
    view! { <Layout title="Waivers">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let mut all = all(ctx, officer).await?;
    all.sort_by_key(rank);
    let people = names(ctx, officer, ids(&all)).await?;
    let can_act = all.iter().any(|stored| stored.ended.is_none());
    let factor = if can_act { ask_for_fresh_factor(&at_work.live) } else { None };
    let list = if all.is_empty() { view! { <p>"There is none."</p> }.into_any() } else { list(at_work, &all, &people) };
    Ok(view! {
        <p>
            "A waiver lets partner countries be told what a class of protection keeps back. One person proposes it on the ground of a paper, \
             another agrees, and either may end it. From then on it lifts nothing."
        </p>
        <p><a class="usa-button" href=PROPOSE_WAIVER>"Propose a waiver"</a></p>
        {factor}
        {list}
    }
    .into_any())
}

/// What waits comes first, and what ended comes last.
const fn rank(stored: &StoredWaiver) -> u8 {
    match (&stored.ended, &stored.agreed) {
        (None, None) => 0,
        (None, Some(_)) => 1,
        (Some(_), _) => 2,
    }
}

/// Whom the page names.
fn ids(all: &[StoredWaiver]) -> Vec<OfficerId> {
    let of = |stored: &StoredWaiver| {
        let others = [stored.agreed, stored.ended].into_iter().flatten().map(|(by, _)| by);
        others.chain([stored.proposed_by]).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).map(|id: Uuid| OfficerId(id.as_u128())).collect()
}

fn list(at_work: &AtWork, all: &[StoredWaiver], people: &People) -> AnyView {
    let rows = all.iter().map(|stored| row(at_work, stored, people)).collect_view();
    let heads =
        ["On what it rests", "What it lifts", "Countries", "From", "Until", "State", "Who", "SHA-256 of the paper", "To do"];
    let caption = format!("{}, those that wait first", count(all.len(), "waiver", "waivers"));
    view! { <Table id="waivers" caption heads>{rows}</Table> }.into_any()
}

fn row(at_work: &AtWork, stored: &StoredWaiver, people: &People) -> AnyView {
    let waiver = &stored.waiver;
    let profile = stored.profile.map(|profile| view! { " "<a href=format!("{PROFILES}/{profile}")>"The profile"</a> });
    let classes: Vec<&str> = waiver.classes().iter().map(|class| class.name()).collect();
    let partners: Vec<&str> = waiver.partners().iter().map(|partner| partner.name()).collect();
    let until = waiver.to().map_or_else(|| "it is ended".to_owned(), |day| day.to_string());
    view! {
        <tr>
            <th scope="row">{waiver.kind().name()}{profile}</th>
            <td>{classes.join(", ")}</td>
            <td>{partners.join(", ")}</td>
            <td class="console-nowrap">{waiver.from().to_string()}</td>
            <td class="console-nowrap">{until}</td>
            <td>{words::standing(stored, at_work.console.domain.today())}</td>
            <td>{who(stored, people)}</td>
            <td><span class="console-code">{hex(&stored.document_sha256)}</span></td>
            <td>{acts(at_work, stored)}</td>
        </tr>
    }
    .into_any()
}

fn who(stored: &StoredWaiver, people: &People) -> AnyView {
    let line = |done: &'static str, (by, at): (Uuid, DateTime<Utc>)| {
        view! { <li>{done}" "{person(people, by)}" "<When at/></li> }
    };
    view! {
        <ul class="console-plain">
            {line("Proposed by", (stored.proposed_by, stored.proposed_at))}
            {stored.agreed.map(|agreed| line("Agreed to by", agreed))}
            {stored.ended.map(|ended| line("Ended by", ended))}
        </ul>
    }
    .into_any()
}

/// What the officer can do with it.
fn acts(at_work: &AtWork, stored: &StoredWaiver) -> Option<AnyView> {
    if stored.ended.is_some() {
        return None;
    }
    let is_own = stored.proposed_by == at_work.officer().id();
    let waits = stored.agreed.is_none();
    let own = (waits && is_own).then(|| view! { <p>"You proposed it: somebody else agrees."</p> });
    if at_work.live.stepped_up_until.is_none() {
        return own.map(IntoAny::into_any);
    }
    let about = format!("{}, from {}", stored.waiver.kind().name(), stored.waiver.from());
    let values = || vec![("id", stored.waiver.id().uuid().to_string())];
    let agree = (waits && !is_own).then(|| {
        view! { <PostButton action="/_fn/console/waiver/agree" label="Agree" class="usa-button" about=about.clone() values=values()/> }
    });
    let end = view! { <PostButton action="/_fn/console/waiver/end" label="End" about values=values()/> };
    Some(view! { {own}{agree}{end} }.into_any())
}
