//! The public service report: a month, its figures by type and office, and what they mean. What may be said was decided when the month
//! was published; what is not in the report cannot be shown here.

mod line;
mod words;

use std::sync::Arc;

use domain::office::name as office_name;
use domain::report::{Announced, published, published_months};
use domain::{Context, Error};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::report::{Change, Line, Month, ServiceReport};

use super::case_status::status_of;
use super::site::SiteInfo;
use super::{Layout, use_locale, use_site};
use crate::chart::{Bars, Told, bars};
use crate::context::PortalContext;
use crate::text::text;
use line::{days_in_words, summary, table};
use words::{kind_name, month_name};

const PAGE: &str = "/service-report";
/// Where programs get the same: `server/src/http/service_report.rs`.
const API: &str = "/service-report/api/reports";

#[component]
pub fn ServiceReportPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let query = use_query_map().get_untracked();
    let value = |name: &str| query.get(name).unwrap_or_default().chars().take(10).collect::<String>();
    let (month, office) = (value("month"), value("office"));
    let asked = Asked {
        month: month.parse().ok(),
        office: OfficeCode::parse(&office).ok(),
        is_wrong: !month.is_empty() && month.parse::<Month>().is_err(),
    };
    let in_address = asked.query();
    let ctx = PortalContext::current().map(|portal| portal.domain.clone());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    let title = text!(locale, service_report.title);
    let content = {
        let site = Arc::clone(&site);
        async move {
            let ctx = ctx?;
            Some(match found(&ctx, &asked).await {
                Ok(found) => page(&ctx, &asked, &found, locale, &site),
                Err(error) => {
                    response.set_status(status_of(&error));
                    view! { <p>{text!(locale, plain.unavailable_text)}</p> }.into_any()
                }
            })
        }
    };
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=PAGE query=in_address>
            <h1>{title}</h1>
            <p class="portico-lead">{text!(locale, service_report.lead)}</p>
            <Suspense>{Suspend::new(content)}</Suspense>
        </Layout>
    }
}

/// What the address names. All of it is published.
struct Asked {
    month: Option<Month>,
    office: Option<OfficeCode>,
    /// A month stands there that is none.
    is_wrong: bool,
}

impl Asked {
    fn query(&self) -> String {
        let month = self.month.map(|month| format!("month={month}"));
        let office = self.office.as_ref().map(|office| format!("office={}", office.as_str()));
        let pairs: Vec<String> = month.into_iter().chain(office).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

struct Found {
    /// The newest first.
    months: Vec<Month>,
    /// The month that was asked for, or the newest.
    announced: Option<Announced>,
}

async fn found(ctx: &Context, asked: &Asked) -> Result<Found, Error> {
    let months = published_months(ctx).await?;
    let month = if asked.is_wrong { None } else { asked.month.or_else(|| months.first().copied()) };
    let announced = match month {
        Some(month) => published(ctx, month).await?,
        None => None,
    };
    Ok(Found { months, announced })
}

fn page(ctx: &Context, asked: &Asked, found: &Found, locale: Locale, site: &Arc<SiteInfo>) -> AnyView {
    if found.months.is_empty() {
        return view! { <p>{text!(locale, service_report.nothing)}</p> }.into_any();
    }
    let Some(announced) = &found.announced else {
        return view! {
            <p>{text!(locale, service_report.unknown)}</p>
            {choice(ctx, asked, found, locale)}
        }
        .into_any();
    };
    let report = &announced.report;
    let office = asked.office.as_ref().filter(|office| report.of_office(office.as_str()).is_some());
    let name = office.map(|office| office_name(ctx, office));
    let line = match office {
        Some(office) => report.of_office(office.as_str()),
        None => report.all(),
    };
    let kinds: Vec<&Line> = report.by_kind(office.map(OfficeCode::as_str)).collect();
    let by_kind = kinds.iter().map(|line| (kind_name(line.kind, locale).to_owned(), None, *line)).collect::<Vec<_>>();
    let at_office =
        name.as_ref().map(|name| view! { <p>{text!(locale, service_report.at_office)}" "<strong>{name.clone()}</strong></p> });
    view! {
        {choice(ctx, asked, found, locale)}
        <section class="portico-report" aria-labelledby="report">
            <h2 id="report">{month_name(report.month, locale)}</h2>
            {at_office}
            {line.map(|line| summary(line, locale))}
            {office.is_none().then(|| changes(announced, locale))}
            <h3 id="by-type">{text!(locale, service_report.by_type)}</h3>
            {chart(&kinds, locale)}
            {table("by-type", text!(locale, service_report.what_asked), by_kind, line, locale)}
            {office.is_none().then(|| offices(ctx, report, locale))}
            {about(report, locale)}
            {site.api.then(|| download(report.month, locale))}
            <p><a href=locale.path("/e-request")>{text!(locale, service_report.ask_link)}</a></p>
        </section>
    }
    .into_any()
}

/// Which month, and which office.
fn choice(ctx: &Context, asked: &Asked, found: &Found, locale: Locale) -> impl IntoView + use<> {
    let shown = found.announced.as_ref().map(|announced| announced.report.month);
    let month = |month: &Month| {
        let is_chosen = Some(*month) == shown;
        view! { <option value=month.to_string() selected=is_chosen>{month_name(*month, locale)}</option> }
    };
    let office = |code: &str| {
        let is_chosen = asked.office.as_ref().is_some_and(|chosen| chosen.as_str() == code);
        let name = OfficeCode::parse(code).map_or_else(|_| code.to_owned(), |office| office_name(ctx, &office));
        view! { <option value=code.to_owned() selected=is_chosen>{name}</option> }
    };
    let offices: Vec<_> = found
        .announced
        .iter()
        .flat_map(|announced| announced.report.by_office())
        .filter(|line| says_something(line))
        .filter_map(|line| line.office.as_deref().map(office))
        .collect();
    view! {
        <form class="portico-form" method="get" action=locale.path(PAGE)>
            <label class="usa-label" for="month">{text!(locale, service_report.month)}</label>
            <select class="usa-select portico-select" id="month" name="month">{found.months.iter().map(month).collect_view()}</select>
            <label class="usa-label" for="office">{text!(locale, service_report.office)}</label>
            <select class="usa-select portico-select" id="office" name="office">
                <option value="">{text!(locale, service_report.all_offices)}</option>
                {offices}
            </select>
            <button class="usa-button" type="submit">{text!(locale, service_report.show)}</button>
        </form>
    }
}

/// Whether a line has a number that is not hidden.
fn says_something(line: &Line) -> bool {
    [line.received, line.answered, line.open].into_iter().flatten().any(|number| number > 0)
}

fn changes(announced: &Announced, locale: Locale) -> Option<impl IntoView + use<>> {
    let received = announced.received.map(|change| match change {
        Change::Rise { usual } => text!(locale, service_report.received_rise, usual = usual),
        Change::Fall { usual } => text!(locale, service_report.received_fall, usual = usual),
    });
    let answered = announced.answered.map(|change| match change {
        Change::Rise { usual } => text!(locale, service_report.answered_rise, usual = usual),
        Change::Fall { usual } => text!(locale, service_report.answered_fall, usual = usual),
    });
    let open = announced.open.map(|change| match change {
        Change::Rise { usual } => text!(locale, service_report.open_rise, usual = usual),
        Change::Fall { usual } => text!(locale, service_report.open_fall, usual = usual),
    });
    let said: Vec<_> = [received, answered, open].into_iter().flatten().map(|words| view! { <li>{words}</li> }).collect();
    (!said.is_empty()).then(|| {
        view! {
            <div class="portico-next">
                <h3>{text!(locale, service_report.changes)}</h3>
                <ul>{said}</ul>
            </div>
        }
    })
}

fn chart(kinds: &[&Line], locale: Locale) -> Option<AnyView> {
    let line = |line: &&Line| {
        let days = line.half_days?;
        let label = kind_name(line.kind, locale).to_owned();
        Some(Bars { label, bars: vec![(days.into(), days_in_words(days, locale))] })
    };
    let lines: Vec<Bars> = kinds.iter().filter_map(line).collect();
    let told = Told {
        id: "half",
        title: text!(locale, service_report.chart_half).to_owned(),
        text: text!(locale, service_report.chart_text).to_owned(),
    };
    (!lines.is_empty()).then(|| {
        view! { <figure class="portico-chart"><figcaption>{told.title.clone()}</figcaption>{bars(&told, &lines)}</figure> }
            .into_any()
    })
}

fn offices(ctx: &Context, report: &ServiceReport, locale: Locale) -> impl IntoView + use<> {
    let row = |line: &'_ Line| {
        let code = line.office.clone().unwrap_or_default();
        let name = OfficeCode::parse(&code).map_or_else(|_| code.clone(), |office| office_name(ctx, &office));
        let link = format!("{}?month={}&office={code}", locale.path(PAGE), report.month);
        (name, Some(link))
    };
    let lines: Vec<_> = report
        .by_office()
        .filter(|line| says_something(line))
        .map(|line| {
            let (name, link) = row(line);
            (name, link, line)
        })
        .collect();
    view! {
        <h3 id="by-office">{text!(locale, service_report.by_office)}</h3>
        {table("by-office", text!(locale, service_report.office), lines, None, locale)}
    }
}

fn about(report: &ServiceReport, locale: Locale) -> impl IntoView + use<> {
    let (threshold, most) = (report.threshold, report.threshold.saturating_sub(1));
    view! {
        <h3>{text!(locale, service_report.about)}</h3>
        <ul>
            <li>{text!(locale, service_report.about_hidden, most = most)}</li>
            <li>{text!(locale, service_report.about_open, threshold = threshold)}</li>
            <li>{text!(locale, service_report.about_days)}</li>
            <li>{text!(locale, service_report.about_office)}</li>
            <li>{text!(locale, service_report.about_made, day = locale.long_date(report.made_on))}</li>
        </ul>
    }
}

fn download(month: Month, locale: Locale) -> impl IntoView {
    view! {
        <h3>{text!(locale, service_report.download)}</h3>
        <ul>
            <li><a href=format!("{API}/{month}/csv")>{text!(locale, service_report.csv)}</a></li>
            <li><a href=format!("{API}/{month}")>{text!(locale, service_report.json)}</a></li>
        </ul>
    }
}
