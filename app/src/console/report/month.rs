//! The figures of a month, of one office or of all. Each chart has its table beside it.

use domain::Error;
use domain::report::{Ages, Figures, MonthReport, Totals, month_report, months, offices};
use leptos::prelude::*;
use shared::office::OfficeCode;
use shared::report::{Figure, Month};
use shared::service_request::RequestKind;

use super::export::of_figures;
use super::table::{days, name, table};
use crate::chart::{Bars, Told, bars, columns};
use crate::console::answer::rule_words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{pairs, value, with_query};
use crate::console::service_request::fields::select;
use crate::console::service_request::words::kind as kind_words;
use crate::console::site::REPORTS;
use domain::actor::Action;

#[component]
pub fn ReportsPage() -> impl IntoView {
    view! { <Layout title="Reports">{Suspend::new(content())}</Layout> }
}

struct Found {
    months: Vec<Month>,
    offices: Vec<OfficeCode>,
    report: MonthReport,
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let pairs = pairs();
    let month = value(&pairs, "month").and_then(|month| month.parse().ok());
    let office = value(&pairs, "office").and_then(|office| OfficeCode::parse(office).ok());
    Some(match find(&at_work, month, office).await {
        Ok(found) => page(&at_work, &found),
        Err(error) => view! { <Problem error/> }.into_any(),
    })
}

async fn find(at_work: &AtWork, month: Option<Month>, office: Option<OfficeCode>) -> Result<Found, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let months = months(ctx, officer).await?;
    let month = month.unwrap_or_else(|| Month::of(ctx.today()));
    Ok(Found { offices: offices(ctx, officer).await?, report: month_report(ctx, officer, month, office).await?, months })
}

fn page(at_work: &AtWork, found: &Found) -> AnyView {
    let report = &found.report;
    let place = report.office.as_ref().map_or_else(|| "all offices".to_owned(), |office| office.as_str().to_owned());
    let export = at_work.officer().may_somewhere(Action::Export).then(|| {
        view! { <p><a href=of_figures(report.month, report.office.as_ref())>"Take these figures out as a file"</a></p> }
    });
    view! {
        {choice(found)}
        <h2>{format!("{} at {place}", report.month)}</h2>
        {in_short(&report.all)}
        {export}
        {beside(&report.months)}
        {by_day(report)}
        {by_kind(report)}
        {report.office.is_none().then(|| by_office(report))}
        {ages(report)}
        {findings(report)}
        {journeys(report)}
    }
    .into_any()
}

fn choice(found: &Found) -> AnyView {
    let months = found.months.iter().map(|month| (month.to_string(), month.to_string())).collect();
    let offices = found.offices.iter().map(|office| (office.as_str().to_owned(), office.as_str().to_owned())).collect();
    let office = found.report.office.as_ref().map_or("", OfficeCode::as_str);
    view! {
        <form class="console-row" method="get" action=REPORTS>
            {select("month", "month", "Month", None, months, &found.report.month.to_string())}
            {select("office", "office", "Office", Some("All offices"), offices, office)}
            <button class="usa-button" type="submit">"Show"</button>
        </form>
    }
    .into_any()
}

fn in_short(all: &Figures) -> AnyView {
    let figure = |name: &'static str, figure: String| view! { <div><dt>{name}</dt><dd>{figure}</dd></div> };
    let of = |which: Figure| all.get(which).to_string();
    let within = |days: Option<u16>| days.map_or_else(|| "nothing was answered".to_owned(), |days| format!("{days} days"));
    view! {
        <dl class="console-facts">
            {figure("Received", of(Figure::Received))}
            {figure("Answered", of(Figure::Answered))}
            {figure("Half answered within", within(all.days.half()))}
            {figure("Nine in ten within", within(all.days.nine_in_ten()))}
            {figure("Open at its end", all.open.to_string())}
            {figure("Reopened", of(Figure::Reopened))}
            {figure("Answered again", of(Figure::AnsweredAgain))}
            {figure("Sent to another office", of(Figure::RedirectedAway))}
            {figure("Came from another office", of(Figure::RedirectedHere))}
            {figure("Taken back", of(Figure::Withdrawn))}
            {figure("Made again, unanswered", of(Figure::Superseded))}
        </dl>
    }
    .into_any()
}

fn drawn(figure: i64) -> u64 {
    u64::try_from(figure).unwrap_or(0)
}

fn figure(told: &Told, chart: AnyView) -> AnyView {
    view! { <figure class="console-chart"><figcaption>{told.title.clone()}". "{told.text.clone()}</figcaption>{chart}</figure> }
        .into_any()
}

fn beside(months: &[Totals]) -> AnyView {
    let line = |totals: &Totals| Bars {
        label: totals.month.to_string(),
        bars: vec![
            (drawn(totals.received), format!("{} received", totals.received)),
            (drawn(totals.answered), format!("{} answered", totals.answered)),
        ],
    };
    let told = Told {
        id: "months-chart",
        title: "Received and answered, month by month".into(),
        text: "Solid bars are requests received, striped bars requests answered.".into(),
    };
    let row = |totals: &Totals| {
        let link = with_query(REPORTS, &[("month", totals.month.to_string())]);
        let month = view! { <a href=link>{totals.month.to_string()}</a> }.into_any();
        (month, vec![totals.received.to_string(), totals.answered.to_string(), totals.open.to_string()])
    };
    let heads = ["Month", "Received", "Answered", "Open at its end"];
    view! {
        <div class="console-report">
            {figure(&told, bars(&told, &months.iter().map(line).collect::<Vec<_>>()))}
            {table("months", "Intake, answers and backlog, month by month".into(), &heads, months.iter().map(row).collect())}
        </div>
    }
    .into_any()
}

fn by_day(report: &MonthReport) -> AnyView {
    let pairs: Vec<(String, u64, u64)> = report
        .days
        .iter()
        .map(|(day, received, answered)| (day.format("%-d").to_string(), drawn(*received), drawn(*answered)))
        .collect();
    let told = Told {
        id: "days-chart",
        title: "Received and answered, day by day".into(),
        text: "Solid columns are requests received, striped ones requests answered; the number is the largest of a day.".into(),
    };
    let row = |(day, received, answered): &(chrono::NaiveDate, i64, i64)| {
        (name(day.to_string()), vec![received.to_string(), answered.to_string()])
    };
    let heads = ["Day", "Received", "Answered"];
    view! {
        <div class="console-report">
            {figure(&told, columns(&told, &pairs))}
            <details class="console-details">
                <summary>"The figures of each day"</summary>
                {table("days", "Day by day".into(), &heads, report.days.iter().map(row).collect())}
            </details>
        </div>
    }
    .into_any()
}

const LINE: [&str; 9] = [
    "Received",
    "Answered",
    "Half within (days)",
    "9 in 10 within (days)",
    "Open at end",
    "Reopened",
    "Sent away",
    "Came here",
    "Taken back",
];

fn line(figures: &Figures) -> Vec<String> {
    let of = |which: Figure| figures.get(which).to_string();
    vec![
        of(Figure::Received),
        of(Figure::Answered),
        days(figures.days.half()),
        days(figures.days.nine_in_ten()),
        figures.open.to_string(),
        of(Figure::Reopened),
        of(Figure::RedirectedAway),
        of(Figure::RedirectedHere),
        of(Figure::Withdrawn),
    ]
}

fn heads(first: &'static str) -> Vec<&'static str> {
    std::iter::once(first).chain(LINE).collect()
}

fn by_kind(report: &MonthReport) -> AnyView {
    let bar = |(kind, figures): (&RequestKind, &Figures)| {
        let (half, most) = (figures.days.half()?, figures.days.nine_in_ten()?);
        let bars = vec![(half.into(), format!("{half} days, half")), (most.into(), format!("{most} days, 9 in 10"))];
        Some(Bars { label: kind_words(*kind).to_owned(), bars })
    };
    let told = Told {
        id: "kinds-chart",
        title: "Days to the first answer, by type".into(),
        text: "Solid: half of the answers came within so many days. Striped: nine in ten did.".into(),
    };
    let lines: Vec<Bars> = report.kinds.iter().filter_map(bar).collect();
    let chart = (!lines.is_empty()).then(|| figure(&told, bars(&told, &lines)));
    let rows = report.kinds.iter().map(|(kind, figures)| (name(kind_words(*kind)), line(figures))).collect();
    view! {
        <div class="console-report">
            {chart}
            {table("kinds", "By what was asked".into(), &heads("Type"), rows)}
        </div>
    }
    .into_any()
}

fn by_office(report: &MonthReport) -> AnyView {
    let row = |(office, figures): (&String, &Figures)| {
        let link = with_query(REPORTS, &[("month", report.month.to_string()), ("office", office.clone())]);
        let office = match office.as_str() {
            "" => name("None: over before it came to one"),
            office => view! { <a href=link>{office.to_owned()}</a> }.into_any(),
        };
        (office, line(figures))
    };
    table("offices", "By office".into(), &heads("Office"), report.offices.iter().map(row).collect())
}

const AGES: [&str; 4] = ["Up to 30 days", "31 to 60 days", "61 to 90 days", "More than 90 days"];

fn counts(ages: &Ages) -> [i64; 4] {
    [ages.to_30, ages.to_60, ages.to_90, ages.longer]
}

fn ages(report: &MonthReport) -> AnyView {
    let lines: Vec<Bars> = AGES
        .into_iter()
        .zip(counts(&report.ages))
        .map(|(label, requests)| Bars { label: label.into(), bars: vec![(drawn(requests), requests.to_string())] })
        .collect();
    let told = Told {
        id: "ages-chart",
        title: format!("Open now, by age: {} requests", report.ages.all()),
        text: "Days since their receipt, whatever month is shown above.".into(),
    };
    let heads: Vec<&'static str> = std::iter::once("Type").chain(AGES).collect();
    let row = |(kind, ages): (&RequestKind, &Ages)| {
        (name(kind_words(*kind)), counts(ages).into_iter().map(|requests| requests.to_string()).collect())
    };
    view! {
        <div class="console-report">
            {figure(&told, bars(&told, &lines))}
            {table("ages", "Open now, by type and age".into(), &heads, report.ages_by_kind.iter().map(row).collect())}
        </div>
    }
    .into_any()
}

fn findings(report: &MonthReport) -> AnyView {
    if report.findings.is_empty() {
        return view! { <h3>"Findings of the letter check"</h3><p>"None in this month."</p> }.into_any();
    }
    let rows = report.findings.iter().map(|(rule, times)| (name(rule_words(*rule)), vec![times.to_string()])).collect();
    let caption = "Findings of the letter check: how often an answer that was to go out had one".into();
    table("findings", caption, &["Finding", "Times"], rows)
}

fn journeys(report: &MonthReport) -> AnyView {
    if report.journeys.is_empty() {
        return view! { <h3>"The answer before the form"</h3><p>"Nobody came to it in this month."</p> }.into_any();
    }
    let row = |(kind, (shown, asked)): (&RequestKind, &(i64, i64))| {
        (name(kind_words(*kind)), vec![shown.to_string(), asked.to_string(), (shown - asked).to_string()])
    };
    let heads = ["Type", "Were shown the answer", "Asked then", "Ended with the answer"];
    let caption = "Online, all offices: who was shown what the record says before they asked".into();
    table("journeys", caption, &heads, report.journeys.iter().map(row).collect())
}
