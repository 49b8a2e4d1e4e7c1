//! Holds: what must not be destroyed although it is due; and how one is proposed.

use chrono::{DateTime, Utc};
use domain::Error;
use domain::actor::Action;
use domain::retention::{StoredHold, holds};
use domain::service_request::names;
use leptos::prelude::*;
use shared::agreement::Partner;
use shared::retention::HoldOn;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::kept::{TypedHold, typed};
use super::words;
use crate::console::account::ask_for_fresh_factor;
use crate::console::agreement::{People, person};
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{lines, post, select};
use crate::console::site::{PROFILES, RETENTION};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn HoldsPage() -> impl IntoView {
    view! { <Layout title="Holds">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let mut all = holds(ctx, officer).await?;
    // What keeps comes first.
    all.sort_by_key(|hold| !hold.keeps());
    let people = names(ctx, officer, ids(&all)).await?;
    let may_decide = officer.may_somewhere(Action::DecideRetention);
    let factor = if may_decide { ask_for_fresh_factor(&at_work.live) } else { None };
    let form = if may_decide && factor.is_none() { Some(form(typed(at_work, &pairs()).await?)) } else { None };
    let list = if all.is_empty() { view! { <p>"There is none."</p> }.into_any() } else { list(at_work, &all, &people, may_decide) };
    Ok(view! {
        <p class="console-back"><a href=RETENTION>"Retention"</a></p>
        <p>
            "A hold keeps from the moment when it is proposed, since nothing brings back what was destroyed. Somebody else agrees to it; \
             and two people end it."
        </p>
        {factor}
        {list}
        {form}
    }
    .into_any())
}

/// Whom the page names.
fn ids(all: &[StoredHold]) -> Vec<OfficerId> {
    let of = |hold: &StoredHold| {
        let others = [hold.agreed, hold.withdrawn, hold.ending, hold.ended].into_iter().flatten();
        others.chain([hold.proposed]).map(|(by, _)| by).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).map(|id: Uuid| OfficerId(id.as_u128())).collect()
}

fn list(at_work: &AtWork, all: &[StoredHold], people: &People, may_decide: bool) -> AnyView {
    let may_act = may_decide && at_work.live.stepped_up_until.is_some();
    let may_open = at_work.officer().may_somewhere(Action::ReadProfiles);
    let row = |hold: &StoredHold| {
        let acts = may_act.then(|| acts(hold, at_work.officer().id()));
        view! {
            <tr>
                <th scope="row">{subject(hold.on, may_open)}</th>
                <td>{hold.reason.expose().clone()}</td>
                <td>{words::standing(hold)}</td>
                <td>{who(hold, people)}</td>
                <td>{acts}</td>
            </tr>
        }
    };
    let rows = all.iter().map(row).collect_view();
    let heads = ["On", "Why", "State", "Who", "To do"];
    let caption = format!("{} holds, those that keep first", all.len());
    view! { <Table id="holds" caption heads>{rows}</Table> }.into_any()
}

/// What it is on: a link to the profile for who may open it, and else its id.
fn subject(on: HoldOn, may_open: bool) -> AnyView {
    let id = match on {
        HoldOn::Person(id) | HoldOn::Case(id) => Some(id),
        HoldOn::Partner(_) => None,
    };
    let named = match on {
        HoldOn::Person(id) if may_open => view! { <a href=format!("{PROFILES}/{id}")>{words::subject(on)}</a> }.into_any(),
        _ => words::subject(on).into_any(),
    };
    let id = id.map(|id| view! { " "<span class="console-code">{id.to_string()}</span> });
    view! { {named}{id} }.into_any()
}

fn who(hold: &StoredHold, people: &People) -> AnyView {
    let line = |done: &'static str, (by, at): (Uuid, DateTime<Utc>)| {
        view! { <li>{done}" "{person(people, by)}" "<When at/></li> }
    };
    view! {
        <ul class="console-plain">
            {line("Proposed by", hold.proposed)}
            {hold.agreed.map(|agreed| line("Agreed to by", agreed))}
            {hold.withdrawn.map(|withdrawn| line("Taken back by", withdrawn))}
            {hold.ending.map(|ending| line("To end, proposed by", ending))}
            {hold.ended.map(|ended| line("Ended by", ended))}
        </ul>
    }
    .into_any()
}

/// What the officer can do with it.
fn acts(hold: &StoredHold, own: Uuid) -> AnyView {
    let button = |action: &'static str, label: &'static str| {
        let values = vec![("id", hold.id.to_string())];
        let about = format!("{}, {}", words::subject(hold.on), hold.id);
        view! { <PostButton action label about values/> }.into_any()
    };
    if !hold.keeps() {
        return ().into_any();
    }
    match (hold.agreed, hold.ending) {
        (None, _) => {
            let is_own = hold.proposed.0 == own;
            let agree = (!is_own).then(|| button("/_fn/console/retention/agree_to_hold", "Agree"));
            let own = is_own.then(|| view! { <p>"You proposed it: somebody else agrees."</p> });
            view! { {own}{agree}{button("/_fn/console/retention/withdraw_hold", "Take back")} }.into_any()
        }
        (Some(_), None) => button("/_fn/console/retention/propose_end", "Propose to end"),
        (Some(_), Some((by, _))) => {
            let end = (by != own).then(|| button("/_fn/console/retention/end_hold", "Agree to end"));
            let own = (by == own).then(|| view! { <p>"You proposed to end it: somebody else agrees."</p> });
            view! { {own}{end}{button("/_fn/console/retention/keep_hold", "Have it go on")} }.into_any()
        }
    }
}

fn form(typed: TypedHold) -> AnyView {
    let subjects = [("person", "A person"), ("case", "A case"), ("partner", "A partner country")];
    let subjects = subjects.map(|(key, name)| (key.to_owned(), name.to_owned())).to_vec();
    let partners = Partner::ALL.map(|partner| (partner.key().to_owned(), partner.name().to_owned())).to_vec();
    let TypedHold { on, which, partner, reason, wrong } = typed;
    let form = post(
        "/_fn/console/retention/propose_hold",
        view! {
            {select("on", "on", "What it is on", Some("Choose"), subjects, &on)}
            <Line
                name="which"
                label="Which one"
                value=which
                hint="Of a person the address of the profile, or its id; of a case the receipt number. Empty for a partner country."
            />
            {select("partner", "partner", "Partner", Some("None"), partners, &partner)}
            {lines("why", "Why", Some("The lawsuit, the request, the inquiry: what will tell when it can end."), &reason, None)}
            <button class="usa-button usa-button--outline" type="submit">"Propose the hold"</button>
        },
    );
    view! { <h2>"Propose a hold"</h2><NotSaved wrong/>{form} }.into_any()
}
