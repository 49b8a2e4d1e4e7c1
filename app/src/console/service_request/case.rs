//! The case of a request: where it stands, its mail, its history; and what its page told on an earlier day.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::service_request::CaseSeen;
use leptos::prelude::*;
use shared::case_status::{CaseStatusView, HistoryEntry, Timing};
use shared::delivery_tracking::{DeliveryView, ScanView};
use shared::locale::Locale;

use super::address::value;
use super::fields::select;
use crate::console::context::AtWork;
use crate::portal::case_status::delivery_state;

/// The moment that a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// None: now.
    pub day: Option<NaiveDate>,
    pub at: DateTime<Utc>,
    pub locale: Locale,
}

impl AsOf {
    /// What the address asks for: the end of a day that has been, or now.
    pub fn read(at_work: &AtWork, pairs: &[(String, String)]) -> Self {
        let ctx = &at_work.console.domain;
        let locale = value(pairs, "lang").map_or(Locale::En, Locale::from_tag);
        let day = value(pairs, "as_of").and_then(|day| day.parse::<NaiveDate>().ok()).filter(|day| *day < ctx.today());
        let end = day.and_then(|day| day.succ_opt()?.and_time(NaiveTime::MIN).and_local_timezone(ctx.zone).earliest());
        Self { day: day.filter(|_| end.is_some()), at: end.map_or_else(|| ctx.now(), |end| end.to_utc()), locale }
    }
}

/// The case as its page told it at that moment, with the form that asks for another one.
pub fn case(seen: &CaseSeen, as_of: AsOf, address: &str, kept: Vec<(String, String)>, today: NaiveDate) -> AnyView {
    let heading = match as_of.day {
        None => "Case, as it is told now".to_owned(),
        Some(day) => format!("Case, as it was told on {day}"),
    };
    let said = match (seen.is_public, &seen.view) {
        (false, _) => Some(
            "This case is protected. The public pages show nothing of it, to nobody: whoever asks is told that the number is not recognised.",
        ),
        (true, None) => Some("There was nothing to tell: whoever asked was told that the number is not recognised."),
        (true, Some(_)) => None,
    };
    let lang = (as_of.locale == Locale::Es).then_some("es");
    view! {
        <section aria-labelledby="case">
            <h2 id="case">{heading}</h2>
            {as_of_form(as_of, address, kept, today)}
            {said.map(|said| view! { <p><strong>{said}</strong></p> })}
            <div lang=lang>{seen.view.as_ref().map(|view| told(view, as_of.locale))}</div>
        </section>
    }
    .into_any()
}

/// A form that asks for the same page: what the applicant saw on a day.
fn as_of_form(as_of: AsOf, address: &str, kept: Vec<(String, String)>, today: NaiveDate) -> AnyView {
    let languages = vec![("en".to_owned(), "English".to_owned()), ("es".to_owned(), "Spanish".to_owned())];
    let now = as_of.day.map(|_| view! { <a href=address.to_owned()>"As it is told now"</a> });
    let kept = kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <form class="console-row" method="get" action=format!("{}#case", address.split('?').next().unwrap_or_default())>
            {kept}
            <div class="usa-form-group">
                <label class="usa-label" for="as-of">"What the applicant saw on"</label>
                <input
                    class="usa-input"
                    id="as-of"
                    name="as_of"
                    type="date"
                    max=today.to_string()
                    value=as_of.day.map(|day| day.to_string())
                />
            </div>
            {select("as-of-language", "lang", "In", None, languages, as_of.locale.tag())}
            <button class="usa-button usa-button--outline" type="submit">"Show"</button>
            {now}
        </form>
    }
    .into_any()
}

/// A case as its page tells it.
pub fn told(view: &CaseStatusView, locale: Locale) -> AnyView {
    let timing = view.timing.as_ref().map(|timing| match timing {
        Timing::ActBy(day) => format!("The person has to act by {}.", day.text),
        Timing::ActDayPassed => "The day by which the person had to act has passed.".into(),
        Timing::ShouldHaveCome => "What was sent should have come by now.".into(),
        Timing::AppointmentPassed => "The day of the appointment has passed.".into(),
    });
    let appointment = view.appointment.as_ref().map(|appointment| {
        let office = appointment.office.clone().map(|office| format!(", {office}")).unwrap_or_default();
        view! { <p lang="en">"Appointment: "{appointment.day.text.clone()}", "{appointment.time.clone()}{office}</p> }
    });
    let entry = |entry: &HistoryEntry| {
        view! { <tr><td class="console-nowrap">{entry.day.iso.clone()}</td><td>{entry.title.clone()}</td></tr> }
    };
    view! {
        <h3>{view.title.clone()}</h3>
        <p>{view.description.clone()}</p>
        {view.next_step.clone().map(|step| view! { <p>{step}</p> })}
        {timing.map(|timing| view! { <p lang="en">{timing}</p> })}
        {appointment}
        {view.deliveries.iter().map(|delivery| mail(delivery, locale)).collect_view()}
        <table class="console-table console-table--narrow">
            <caption lang="en">"History of the case"</caption>
            <thead lang="en"><tr><th scope="col">"Day"</th><th scope="col">"What was told"</th></tr></thead>
            <tbody>{view.history.iter().map(entry).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn mail(delivery: &DeliveryView, locale: Locale) -> AnyView {
    let item = delivery.item.clone().unwrap_or_else(|| "Mail".into());
    let scan = |scan: &ScanView| {
        view! {
            <tr>
                <td class="console-nowrap">{scan.day.iso.clone()}" "{scan.time.clone()}</td>
                <td>{scan.what.clone()}</td>
                <td>{scan.place.clone()}</td>
            </tr>
        }
    };
    let scans = (!delivery.scans.is_empty()).then(|| {
        let id = format!("scans-{}", delivery.tracking_number);
        let labelled = id.clone();
        view! {
            <div class="console-scroll" role="region" aria-labelledby=labelled tabindex="0">
                <table class="console-table console-table--narrow">
                    <caption lang="en" id=id>"Scans of "{delivery.tracking_number.clone()}</caption>
                    <thead lang="en">
                        <tr><th scope="col">"When, there"</th><th scope="col">"What"</th><th scope="col">"Where"</th></tr>
                    </thead>
                    <tbody>{delivery.scans.iter().map(scan).collect_view()}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <h4>{item}": "{delivery_state(delivery.state, locale)}</h4>
        <p lang="en">"Tracking number "{delivery.tracking_number.clone()}</p>
        {scans}
    }
    .into_any()
}
