//! Past recipients who have to be told of a correction, who were told, and what they confirmed.

use domain::Error;
use domain::disclosure::{NoticeView, Side, notices};
use domain::service_request::names;
use leptos::prelude::*;
use shared::disclosure::{Confirmed, NoticeState};
use shared::service_request::OfficerId;

use super::words::{self, People};
use crate::console::account::ask_for_fresh_factor;
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::with_query;
use crate::console::site::{ACCOUNTING, ACCOUNTING_PEOPLE, RECORD_DISCLOSURE};
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn CorrectionsToldPage() -> impl IntoView {
    view! { <Layout title="Corrections to be told">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let all = notices(ctx, officer).await?;
    let ids = all.open.iter().chain(&all.confirmed).flat_map(|one| {
        let confirmed_by = one.notice.confirmed.and_then(|confirmed| confirmed.recorded_by);
        one.notice.ordered_by.into_iter().chain(confirmed_by)
    });
    let people = names(ctx, officer, ids.map(|id| OfficerId(id.as_u128())).collect()).await?;
    let can_tell = all.open.iter().any(|one| one.notice.state.is_to_tell() && one.side == Side::Partner);
    let factor = if can_tell { ask_for_fresh_factor(&at_work.live) } else { None };
    let open = open(at_work, &all.open, &people);
    let confirmed = confirmed(&all.confirmed, &people);
    Ok(view! {
        <p class="console-back"><a href=ACCOUNTING>"Accounting of disclosures"</a></p>
        <p>
            "Who was told what is set right later, or what the person disputes, is told so (5 USC 552a(c)(4)). Partner countries are told \
             through IDENT, after agreement and protection were asked once more; anybody else by people, who record it first."
        </p>
        {factor}
        {open}
        {confirmed}
    }
    .into_any())
}

fn open(at_work: &AtWork, list: &[NoticeView], people: &People) -> AnyView {
    if list.is_empty() {
        return view! { <h2>"Not confirmed"</h2><p>"Nobody has to be told, and nobody has to confirm."</p> }.into_any();
    }
    let row = |one: &NoticeView| {
        let overdue = one.is_overdue.then(|| view! { <li><strong>"Overdue: ask the recipient"</strong></li> });
        let by = one.notice.ordered_by.map(|by| view! { <li>"By "{words::officer(people, by)}</li> });
        let sent = one.notice.sent_at.map(|at| view! { <li>"Told on "<When at/></li> });
        view! {
            <tr>
                <th scope="row" class="console-nowrap"><When at=one.notice.raised_at/></th>
                <td>{one.kind.name()}</td>
                <td>{words::elements(&one.notice.elements)}</td>
                <td>{recipient(one)}", "<When at=one.told_at/></td>
                <td><ul class="console-plain"><li>{words::state(one)}</li>{by}{sent}{overdue}</ul></td>
                <td>{person(one)}</td>
                <td>{acts(at_work, one)}</td>
            </tr>
        }
    };
    let rows = list.iter().map(row).collect_view();
    let heads = ["Since", "Why", "What", "Who was told, and when", "State", "Person", "To do"];
    view! { <h2>"Not confirmed"</h2><Table id="not-confirmed" caption="The oldest first" heads>{rows}</Table> }.into_any()
}

fn recipient(one: &NoticeView) -> AnyView {
    let number = one.number.clone().map(|number| view! { " "<span class="console-code">{number}</span> });
    view! { {one.recipient.clone()}{number} }.into_any()
}

fn person(one: &NoticeView) -> AnyView {
    let about = format!(" of {}", one.notice.id);
    view! {
        <a href=format!("{ACCOUNTING_PEOPLE}/{}", one.notice.profile)>"Accounting"<span class="visually-hidden">{about}</span></a>
    }
    .into_any()
}

/// What the officer can do about it.
fn acts(at_work: &AtWork, one: &NoticeView) -> Option<AnyView> {
    let about = format!("{}: {}", one.recipient, words::elements(&one.notice.elements));
    let id = one.notice.id.to_string();
    if one.notice.state.is_to_tell() {
        if one.side == Side::Main {
            let about = format!("{about}, {id}");
            let href = with_query(RECORD_DISCLOSURE, &[("notice", id)]);
            return Some(
                view! { <a href=href>"Record that they are told"<span class="visually-hidden">": "{about}</span></a> }.into_any(),
            );
        }
        at_work.live.stepped_up_until?;
        let values = vec![("notice", id)];
        return Some(
            view! { <PostButton action="/_fn/console/accounting/tell" label="Have them told" class="usa-button" about values/> }
                .into_any(),
        );
    }
    if one.notice.state != NoticeState::Sent {
        return None;
    }
    let button = |confirmed: Confirmed, label: &'static str| {
        let values = vec![("notice", one.notice.id.to_string()), ("outcome", confirmed.key().to_owned())];
        view! { <PostButton action="/_fn/console/accounting/confirm" label about=about.clone() values/> }
    };
    Some(
        view! {
            <div class="console-row">
                {button(Confirmed::Corrected, "They set it right")}{button(Confirmed::NoteToFile, "They noted it to file")}
            </div>
        }
        .into_any(),
    )
}

fn confirmed(list: &[NoticeView], people: &People) -> AnyView {
    if list.is_empty() {
        return view! { <h2>"Confirmed"</h2><p>"None."</p> }.into_any();
    }
    let row = |one: &NoticeView| {
        let confirmed = one.notice.confirmed;
        let how = confirmed.map(|confirmed| confirmed.outcome.name());
        let by = confirmed.map(|confirmed| {
            confirmed
                .recorded_by
                .map_or_else(|| "Through IDENT".to_owned(), |by| format!("Noted by {}", words::officer(people, by)))
        });
        view! {
            <tr>
                <th scope="row" class="console-nowrap">{confirmed.map(|confirmed| view! { <When at=confirmed.at/> })}</th>
                <td>{one.kind.name()}</td>
                <td>{words::elements(&one.notice.elements)}</td>
                <td>{recipient(one)}</td>
                <td><ul class="console-plain"><li>{how}</li><li>{by}</li></ul></td>
                <td>{person(one)}</td>
            </tr>
        }
    };
    let rows = list.iter().map(row).collect_view();
    let heads = ["When", "Why", "What", "Recipient", "Confirmed", "Person"];
    view! { <h2>"Confirmed"</h2><Table id="confirmed" caption="The last first" heads>{rows}</Table> }.into_any()
}
