//! Whether a case is outside the normal time, with the working.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::Context;
use domain::processing_time::office_name;
use leptos::prelude::*;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::processing_time::{Basis, Posted, Verdict, Working};

use super::calendar;
use super::time::length;
use super::{Chosen, PAGE};
use crate::portal::contact::Telephone;
use crate::portal::site::SiteInfo;
use crate::text::text;

/// The verdict on a received date, with what it rests on. `office`: whose time was used, and why if that needs a word.
pub fn verdict(
    ctx: &Context,
    received: NaiveDate,
    posted: Option<&Posted>,
    office: Option<(&OfficeCode, &'static str)>,
    locale: Locale,
    site: Arc<SiteInfo>,
) -> AnyView {
    let working = Working::of(received, posted);
    let verdict = working.verdict(ctx.today());
    view! {
        <section class="portico-verdict" aria-labelledby="verdict">
            {said(verdict, locale, site)}
            {worked_out(ctx, &working, verdict, office, locale)}
        </section>
    }
    .into_any()
}

fn said(verdict: Verdict, locale: Locale, site: Arc<SiteInfo>) -> AnyView {
    match verdict {
        Verdict::Inside { ask_from: Some(day) } => view! {
            <h2 id="verdict">{text!(locale, processing_time.inside_title)}</h2>
            <p>{text!(locale, processing_time.inside_text)}" "<strong>{locale.long_date(day)}</strong>"."</p>
            <p><a href=calendar::address(day, locale)>{text!(locale, processing_time.calendar_link)}</a></p>
        }
        .into_any(),
        Verdict::Inside { ask_from: None } => view! {
            <h2 id="verdict">{text!(locale, processing_time.inside_title)}</h2>
            <p>{text!(locale, processing_time.inside_never)}</p>
        }
        .into_any(),
        Verdict::Outside { since } => view! {
            <h2 id="verdict">{text!(locale, processing_time.outside_title)}</h2>
            <p>{text!(locale, processing_time.outside_text)}" "<strong>{locale.long_date(since)}</strong>"."</p>
            <p>
                <a class="usa-button" href=format!("{}?about=outside_normal_time", locale.path("/e-request"))>
                    {text!(locale, processing_time.outside_ask)}
                </a>
            </p>
            <p>{text!(locale, processing_time.outside_call)}</p>
            <Telephone locale site/>
        }
        .into_any(),
    }
}

fn worked_out(
    ctx: &Context,
    working: &Working,
    verdict: Verdict,
    office: Option<(&OfficeCode, &'static str)>,
    locale: Locale,
) -> impl IntoView + use<> {
    let steps = steps(ctx, working, verdict, office, locale).into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! { <h3>{text!(locale, processing_time.working_title)}</h3><ol>{steps}</ol> }
}

/// Every step from the received date to the day, so that anybody can reach it again.
pub fn steps(
    ctx: &Context,
    working: &Working,
    verdict: Verdict,
    office: Option<(&OfficeCode, &'static str)>,
    locale: Locale,
) -> Vec<String> {
    let date = |day| locale.long_date(day);
    let mut steps = vec![format!("{} {}.", text!(locale, processing_time.working_received), date(working.received))];
    if let Some((office, why)) = office {
        let name = office_name(ctx, office);
        steps.push(format!("{} {name}. {why}", text!(locale, processing_time.working_office)).trim_end().to_owned());
    }
    match working.basis {
        Basis::InquiryDate { inquiry_date, published } => {
            let days = (published - inquiry_date).num_days().max(0);
            let unit = if days == 1 { text!(locale, processing_time.day_word) } else { text!(locale, processing_time.days_word) };
            steps.push(format!("{} {}.", text!(locale, processing_time.working_edition), date(published)));
            steps.push(format!("{} {}.", text!(locale, processing_time.working_inquiry), date(inquiry_date)));
            steps.push(format!("{} {days} {unit}.", text!(locale, processing_time.working_span)));
        }
        Basis::UpperBound { bound, published } => {
            steps.push(format!("{} {}.", text!(locale, processing_time.working_edition), date(published)));
            steps.push(format!("{} {}.", text!(locale, processing_time.working_bound), length(bound, locale)));
        }
        Basis::SixMonths => steps.push(text!(locale, processing_time.working_six).to_owned()),
    }
    if let Verdict::Inside { ask_from: Some(day) } | Verdict::Outside { since: day } = verdict {
        steps.push(format!("{} {}.", text!(locale, processing_time.working_next_day), date(day)));
    }
    steps
}

/// Asks for the received date, and gives the verdict on the one that was typed.
pub fn typed_date(
    ctx: &Context,
    posted: Option<&Posted>,
    office: Option<&OfficeCode>,
    chosen: &Chosen,
    locale: Locale,
    site: Arc<SiteInfo>,
) -> impl IntoView + use<> {
    let is_typed = chosen.received.iter().any(|part| !part.is_empty());
    let received = read(&chosen.received).filter(|day| *day <= ctx.today());
    let is_wrong = is_typed && received.is_none();
    let says = received.map(|day| verdict(ctx, day, posted, office.map(|office| (office, "")), locale, site));
    let problem = is_wrong.then(|| {
        view! { <span class="usa-error-message" id="date-error" role="alert">{text!(locale, processing_time.date_wrong)}</span> }
    });
    let hidden = chosen.fields().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let [year, month, day] = chosen.received.clone();
    let months = locale.month_names().iter().enumerate().map(|(at, name)| {
        let value = (at + 1).to_string();
        view! { <option value=value.clone() selected=value == month>{*name}</option> }
    });
    let described = if is_wrong { "date-hint date-error" } else { "date-hint" };
    view! {
        {says}
        <form class="portico-form" method="get" action=locale.path(PAGE)>
            {hidden.collect_view()}
            <fieldset class="usa-fieldset" aria-describedby=described>
                <legend class="usa-legend"><h2>{text!(locale, processing_time.date_title)}</h2></legend>
                <span class="usa-hint" id="date-hint">{text!(locale, processing_time.date_hint)}</span>
                {problem}
                <div class="usa-memorable-date">
                    <div class="usa-form-group usa-form-group--month usa-form-group--select">
                        <label class="usa-label" for="month">{text!(locale, processing_time.month)}</label>
                        <select class="usa-input portico-select" id="month" name="month" aria-invalid=is_wrong.then_some("true")>
                            <option value="">{text!(locale, processing_time.choose)}</option>
                            {months.collect_view()}
                        </select>
                    </div>
                    {number("day", text!(locale, processing_time.day), "2", day, is_wrong)}
                    {number("year", text!(locale, processing_time.year), "4", year, is_wrong)}
                </div>
            </fieldset>
            <button class="usa-button" type="submit">{text!(locale, processing_time.date_button)}</button>
        </form>
    }
}

/// A part of a date, in digits.
pub fn number(name: &'static str, label: &'static str, digits: &'static str, value: String, is_wrong: bool) -> impl IntoView {
    view! {
        <div class=format!("usa-form-group usa-form-group--{name}")>
            <label class="usa-label" for=name>{label}</label>
            <input
                class="usa-input"
                id=name
                name=name
                type="text"
                inputmode="numeric"
                maxlength=digits
                value=value
                aria-invalid=is_wrong.then_some("true")
            />
        </div>
    }
}

/// Year, month, day.
fn read([year, month, day]: &[String; 3]) -> Option<NaiveDate> {
    let year: i32 = year.trim().parse().ok().filter(|year| (1900..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.trim().parse().ok()?, day.trim().parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_date_is_a_day_of_the_calendar_or_nothing() {
        let typed = |year: &str, month: &str, day: &str| read(&[year, month, day].map(Into::into)).map(|day| day.to_string());
        assert_eq!(typed("2025", "1", " 31 ").as_deref(), Some("2025-01-31"));
        for (year, month, day) in [("2025", "2", "29"), ("25", "1", "1"), ("", "", ""), ("2025", "13", "1"), ("99999", "1", "1")] {
            assert_eq!(typed(year, month, day), None);
        }
    }
}
