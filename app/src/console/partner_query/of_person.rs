//! What was asked about a person, both ways: a part of their profile's page.

use domain::Error;
use domain::actor::Action;
use domain::partner_query::{Exchanged, TheirQuery, of_profile};
use leptos::prelude::*;
use uuid::Uuid;

use super::queries::list;
use crate::console::context::AtWork;
use crate::console::service_request::address::with_query;
use crate::console::site::ASK_PARTNERS;
use crate::console::table::Table;
use crate::console::when::When;

/// For who may read what partners answered, while the profile is open. None for all others.
pub async fn of_person(at_work: &AtWork, profile: Uuid) -> Result<Option<AnyView>, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !ctx.shares() || !officer.may_somewhere(Action::ReadPartnerAnswers) {
        return Ok(None);
    }
    let found = of_profile(ctx, officer, profile).await?;
    let ours = list("asked", "What we asked partner countries", &found.ours);
    let theirs = theirs(profile, &found, officer.may_somewhere(Action::AskPartners));
    Ok(Some(view! { {ours}{theirs} }.into_any()))
}

fn theirs(profile: Uuid, found: &Exchanged, may_ask: bool) -> AnyView {
    let caption = "Partner countries that asked, and were told that we know the person";
    if found.theirs.is_empty() {
        return view! { <h2>{caption}</h2><p>"None."</p> }.into_any();
    }
    let row = |one: &TheirQuery| {
        let back = may_ask.then(|| ask_back(profile, one, &found.cases));
        view! {
            <tr>
                <th scope="row">{one.partner.name()}</th>
                <td>{one.purpose.name()}</td>
                <td>{one.step.name()}</td>
                <td class="console-nowrap">{one.transaction_number.clone()}</td>
                <td class="console-nowrap"><When at=one.answered_at/></td>
                <td>{back}</td>
            </tr>
        }
    };
    let rows = found.theirs.iter().map(row).collect_view();
    let heads = ["Partner", "Purpose", "Step", "Transaction number", "Answered", "Ask back"];
    view! { <Table id="asked-us" caption heads>{rows}</Table> }.into_any()
}

/// The way to a question of our own, in each case of the person that the officer has.
fn ask_back(profile: Uuid, one: &TheirQuery, cases: &[(Uuid, String)]) -> AnyView {
    if let Some(against) = one.against {
        return against.name().into_any();
    }
    if cases.is_empty() {
        return "Only who has a case of the person may ask.".into_any();
    }
    let link = |(case, number): &(Uuid, String)| {
        let ids = [("profile", profile.to_string()), ("case", case.to_string()), ("back", one.id.to_string())];
        let href = with_query(ASK_PARTNERS, &ids);
        view! { <li><a href=href>"Ask them back"<span class="visually-hidden">", in case "{number.clone()}</span></a></li> }
    };
    view! { <ul class="console-plain">{cases.iter().map(link).collect_view()}</ul> }.into_any()
}
