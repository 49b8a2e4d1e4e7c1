//! The receipt: one line for each case, and what is still to be done.

use axum::http::header::CACHE_CONTROL;
use domain::change_of_address::{LineView, PartView, ReceiptView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::change_of_address::{ChangeState, OtherReport, Proof};
use shared::locale::Locale;

use super::check::parcels;
use super::found::{Found, found};
use super::link::code_form;
use super::server::{AskOtherwise, WithdrawChange};
use super::start::forget;
use super::{RECEIPT, START, words};
use crate::csrf::CsrfField;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn ReceiptPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    let is_proven = use_query_map().get_untracked().get("proven").is_some();
    let title = text!(locale, change.receipt_title);
    let view = match found() {
        Found::Receipt(view) => Some(view),
        Found::Failed(status) => {
            response.set_status(status);
            None
        }
        _ => None,
    };
    let proven = is_proven.then(|| {
        view! {
            <section class="usa-alert usa-alert--success" aria-labelledby="proven">
                <div class="usa-alert__body">
                    <h2 class="usa-alert__heading" id="proven">{text!(locale, change.proven_title)}</h2>
                </div>
            </section>
        }
    });
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=RECEIPT>
            <h1>{title}</h1>
            {proven}
            {view.map(|view| content(&view, locale))}
            {forget(locale)}
            <p><a href=locale.path(START)>{text!(locale, change.to_start)}</a></p>
        </Layout>
    }
}

fn content(view: &ReceiptView, locale: Locale) -> impl IntoView + use<> {
    let parts = view.parts.iter().enumerate().map(|(at, of)| part(at, of, locale)).collect_view();
    let elsewhere = view.elsewhere.iter().map(|(other, by)| {
        let words = match other {
            OtherReport::Sponsor => text!(locale, change.elsewhere_sponsor),
            OtherReport::ImmigrationCourt => text!(locale, change.elsewhere_court),
            OtherReport::PostOffice => text!(locale, change.elsewhere_post),
        };
        let by = by.map(|day| format!(" {} {}.", text!(locale, change.last_day), locale.long_date(day)));
        view! { <li>{words}{by}</li> }
    });
    view! {
        <p>{text!(locale, change.receipt_number)}</p>
        <p class="portico-request-number"><strong>{view.number.grouped()}</strong></p>
        <p>{text!(locale, change.received_on)}" "{locale.long_date(view.received_on)}"."</p>
        <p class="portico-rule">{words::kept_ten_days(view.rule, locale)}</p>
        <p>{text!(locale, change.receipt_keep)}</p>
        {parts}
        <h2>{text!(locale, change.elsewhere_title)}</h2>
        <ul>{elsewhere.collect_view()}</ul>
        <p class="portico-on-screen">{text!(locale, e_request.sent_print)}</p>
    }
}

fn part(at: usize, part: &PartView, locale: Locale) -> impl IntoView + use<> {
    let state = part.filing.state();
    let (title, text) = words::change_state(state, locale);
    let until = part.until.map(|until| {
        let day = locale.long_date(until.date_naive());
        // People live in other zones than the agency.
        let time = format!("{} ({})", locale.clock_time(until.time()), until.format("%Z"));
        let words = match state {
            ChangeState::Pending { awaits: Proof::AgentsCheck, .. } => text!(locale, change.until_agent, day = day),
            ChangeState::Pending { .. } => text!(locale, change.until_pending, day = day, time = time),
            _ => text!(locale, change.until_confirmed, day = day, time = time),
        };
        view! { <p>{words}</p> }
    });
    let code = part.token.clone().map(|token| code_form(at, &token, false, locale));
    let lines = (!part.lines.is_empty()).then(|| {
        let lines = part.lines.iter().map(|of| line(of, locale)).collect_view();
        view! {
            <h3>{text!(locale, change.cases_of_it)}</h3>
            <dl class="portico-facts">{lines}</dl>
        }
    });
    let mail: Vec<_> = part.lines.iter().flat_map(|line| line.parcels.clone()).collect();
    view! {
        <section class="portico-check" aria-labelledby=format!("part-{at}")>
            <h2 id=format!("part-{at}")>{title}</h2>
            <p>{text}</p>
            {until}
            {code}
            {lines}
            {parcels(&mail, locale)}
            {ways(part, locale)}
        </section>
    }
}

fn line(line: &LineView, locale: Locale) -> impl IntoView + use<> {
    view! {
        <div>
            <dt><span class="portico-number">{line.number.as_str().to_owned()}</span></dt>
            <dd>{words::case_state(line.state, locale)}</dd>
        </div>
    }
}

/// Another proof, for who cannot get what was sent; or to take it back.
fn ways(part: &PartView, locale: Locale) -> impl IntoView + use<> {
    let ChangeState::Pending { awaits, .. } = part.filing.state() else { return ().into_any() };
    let reach = part.filing.reach();
    let way = |proof: Proof| match proof {
        Proof::PinToOldAddress => text!(locale, change.ask_letter),
        _ => text!(locale, change.ask_agent),
    };
    let further = match awaits {
        Proof::CodeToContact => vec![Proof::PinToOldAddress, Proof::AgentsCheck],
        Proof::PinToOldAddress => vec![Proof::AgentsCheck],
        Proof::AgentsCheck => Vec::new(),
    };
    let id = part.id.to_string();
    let ask = further.into_iter().filter(|proof| reach.allows(*proof)).map(|proof| {
        view! {
            <form action=AskOtherwise::url() method="post">
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name="change" value=id.clone()/>
                <input type="hidden" name="proof" value=proof.key()/>
                <button class="usa-button usa-button--outline" type="submit">{way(proof)}</button>
            </form>
        }
    });
    let ask: Vec<_> = ask.collect();
    let (summary, text) = if ask.is_empty() {
        (text!(locale, change.withdraw_summary), text!(locale, change.withdraw_text))
    } else {
        (text!(locale, change.other_ways), text!(locale, change.other_ways_text))
    };
    view! {
        <details class="portico-details">
            <summary>{summary}</summary>
            <p>{text}</p>
            {ask}
            <form action=WithdrawChange::url() method="post">
                <CsrfField/>
                <input type="hidden" name="locale" value=locale.tag()/>
                <input type="hidden" name="change" value=id.clone()/>
                <button class="usa-button usa-button--outline" type="submit">{text!(locale, change.withdraw)}</button>
            </form>
        </details>
    }
    .into_any()
}
