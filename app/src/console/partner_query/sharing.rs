//! Figures of sharing with partner countries. Each chart has its table beside it.

use domain::Error;
use domain::partner_query::{NEWEST, PartnerFigures, SharingReport, sharing};
use leptos::prelude::*;
use shared::agreement::{Made, Step};
use shared::report::Spread;

use crate::chart::{Bars, Told, bars};
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::report::table;
use crate::console::service_request::address::{pairs, value};
use crate::console::service_request::fields::select;
use crate::console::site::{SHARING, SUPPRESSED};

#[component]
pub fn SharingPage() -> impl IntoView {
    view! { <Layout title="Sharing in figures">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let year = value(&pairs(), "year").and_then(|year| year.parse().ok());
    let Some(report) = sharing(&at_work.console.domain, at_work.officer(), year).await? else {
        return Ok(view! { <p>"Nothing is shared with partner countries here."</p> }.into_any());
    };
    let (choice, volumes, quotas) = (choice(&report), volumes(&report), quotas(&report));
    let (ours, theirs, holds, suppressed) = (ours(&report), theirs(&report), holds(&report), suppressed(&report));
    let bounded = format!("Rates and times are of the newest {NEWEST} queries of the year with each country, in each direction.");
    Ok(view! {
        {choice}
        <h2>{report.year.to_string()}</h2>
        {volumes}
        {quotas}
        <p>{bounded}</p>
        {ours}
        {theirs}
        {holds}
        {suppressed}
    }
    .into_any())
}

fn choice(report: &SharingReport) -> AnyView {
    let years = report.years.iter().map(|year| (year.to_string(), year.to_string())).collect();
    view! {
        <form class="console-row" method="get" action=SHARING>
            {select("year", "year", "Year", None, years, &report.year.to_string())}
            <button class="usa-button" type="submit">"Show"</button>
        </form>
    }
    .into_any()
}

/// A chart, and its table with the same numbers.
fn beside(told: &Told, lines: &[Bars], table: AnyView) -> AnyView {
    let chart = bars(told, lines);
    let caption = format!("{}. {}", told.title, told.text);
    view! {
        <div class="console-report">
            <figure class="console-chart"><figcaption>{caption}</figcaption>{chart}</figure>
            {table}
        </div>
    }
    .into_any()
}

fn rows<'a>(report: &'a SharingReport, cells: impl Fn(&'a PartnerFigures) -> Vec<String>) -> Vec<(AnyView, Vec<String>)> {
    report.partners.iter().map(|figures| (table::name(figures.partner.name()), cells(figures))).collect()
}

fn all(made: Made) -> u64 {
    Step::ALL.into_iter().map(|step| u64::from(made.at(step))).sum()
}

fn volumes(report: &SharingReport) -> AnyView {
    let line = |figures: &PartnerFigures| {
        let (we, they) = (all(figures.we_asked), all(figures.they_asked));
        let bars = vec![(we, format!("{we} asked by us")), (they, format!("{they} asked by them"))];
        Bars { label: figures.partner.name().to_owned(), bars }
    };
    let told = Told {
        id: "volumes-chart",
        title: "Queries of the year, by country".into(),
        text: "Solid bars are queries of ours, striped bars queries of theirs.".into(),
    };
    let cells = |figures: &PartnerFigures| -> Vec<String> {
        let steps = |made: Made| [Step::First, Step::Second, Step::Third].map(|step| made.at(step).to_string());
        steps(figures.we_asked).into_iter().chain(steps(figures.they_asked)).collect()
    };
    let heads = ["Country", "We: first", "We: second", "We: third", "They: first", "They: second", "They: third"];
    let table = table::table("volumes", "Queries of the year, by step".into(), &heads, rows(report, cells));
    beside(&told, &report.partners.iter().map(line).collect::<Vec<_>>(), table)
}

fn quotas(report: &SharingReport) -> AnyView {
    let used = |made: u32, quota: u32| (u64::from(made) * 100).checked_div(quota.into());
    let row = |(figures, quota): (&PartnerFigures, &domain::partner_query::QuotaUse)| {
        let name = format!("{}, {}, {}", figures.partner.name(), quota.direction.name(), quota.step.name().to_lowercase());
        let used = used(quota.made, quota.quota).map_or_else(|| "–".to_owned(), |used| format!("{used} %"));
        (table::name(name), vec![quota.made.to_string(), quota.quota.to_string(), used])
    };
    let rows: Vec<_> =
        report.partners.iter().flat_map(|figures| figures.quotas.iter().map(move |quota| (figures, quota))).map(row).collect();
    if rows.is_empty() {
        return view! { <h3>"Quotas"</h3><p>"No agreement in force in this year sets a quota."</p> }.into_any();
    }
    table::table("quotas", "Use of quotas in the year".into(), &["Quota", "Made", "Quota of the year", "Used"], rows)
}

/// Minutes as people say them.
fn time(minutes: Option<u16>) -> String {
    match minutes {
        None => "–".to_owned(),
        Some(minutes @ ..120) => format!("{minutes} min"),
        Some(minutes @ 120..2_880) => format!("{} h", minutes / 60),
        Some(u16::MAX) => "over 45 days".to_owned(),
        Some(minutes) => format!("{} days", minutes / 1_440),
    }
}

fn times(minutes: &Spread) -> [String; 2] {
    [time(minutes.half()), time(minutes.nine_in_ten())]
}

fn rate(percent: Option<u64>) -> String {
    percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
}

fn ours(report: &SharingReport) -> AnyView {
    let line = |figures: &PartnerFigures| {
        let (matched, not) = (figures.ours.matched, figures.ours.not_matched);
        let bars = vec![(matched, format!("{matched} matches")), (not, format!("{not} without"))];
        Bars { label: figures.partner.name().to_owned(), bars }
    };
    let told = Told {
        id: "ours-chart",
        title: "What partners answered to our first queries".into(),
        text: "Solid bars are matches, striped bars answers without one.".into(),
    };
    let cells = |figures: &PartnerFigures| -> Vec<String> {
        let ours = &figures.ours;
        let counts = [ours.matched, ours.not_matched, ours.failed, ours.waiting].map(|count| count.to_string());
        counts.into_iter().chain([rate(ours.match_rate())]).chain(times(&ours.minutes)).collect()
    };
    let heads = ["Country", "Match", "No match", "Refused or wrong", "Waiting", "Match rate", "Half within", "9 in 10 within"];
    let table = table::table("ours", "Our first queries, and how soon they were answered".into(), &heads, rows(report, cells));
    beside(&told, &report.partners.iter().map(line).collect::<Vec<_>>(), table)
}

fn theirs(report: &SharingReport) -> AnyView {
    let line = |figures: &PartnerFigures| {
        let (told, untold) = (figures.theirs.told, figures.theirs.untold);
        let bars = vec![(told, format!("{told} told something")), (untold, format!("{untold} told nothing"))];
        Bars { label: figures.partner.name().to_owned(), bars }
    };
    let told = Told {
        id: "theirs-chart",
        title: "What partners were told to their queries".into(),
        text:
            "Solid bars are queries that were told something; striped bars were told nothing, for whatever reason, or nothing yet."
                .into(),
    };
    let cells = |figures: &PartnerFigures| -> Vec<String> {
        let theirs = &figures.theirs;
        let counts = [theirs.told.to_string(), theirs.untold.to_string(), rate(theirs.told_rate())];
        counts.into_iter().chain(times(&theirs.minutes)).collect()
    };
    let heads = ["Country", "Told something", "Told nothing", "Told, of all", "Half told within", "9 in 10 within"];
    let table = table::table("theirs", "Partners' queries, and how soon they were told".into(), &heads, rows(report, cells));
    beside(&told, &report.partners.iter().map(line).collect::<Vec<_>>(), table)
}

fn holds(report: &SharingReport) -> AnyView {
    let knows_theirs = report.partners.iter().any(|figures| figures.their_holds.is_some());
    let cells = |figures: &PartnerFigures| -> Vec<String> {
        let theirs = figures.their_holds.map(|held| held.to_string());
        [Some(figures.our_holds.to_string()), theirs].into_iter().flatten().collect()
    };
    let heads: &[&'static str] = if knows_theirs { &["Country", "Ours", "Theirs"] } else { &["Country", "Ours"] };
    table::table("holds", "Queries that wait for counsel now".into(), heads, rows(report, cells))
}

fn suppressed(report: &SharingReport) -> Option<AnyView> {
    report.partners.iter().any(|figures| figures.suppressed.is_some()).then(|| {
        let cells = |figures: &PartnerFigures| vec![figures.suppressed.unwrap_or(0).to_string()];
        let caption = "For privacy officers: queries that were told nothing of somebody whom we know".into();
        let table = table::table("suppressed", caption, &["Country", "Suppressed"], rows(report, cells));
        view! { {table}<p><a href=SUPPRESSED>"The suppression log"</a></p> }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said = [None, Some(0), Some(119), Some(120), Some(2_879), Some(2_880), Some(u16::MAX)].map(time);
        assert_eq!(said, ["–", "0 min", "119 min", "2 h", "47 h", "2 days", "over 45 days"]);
    }
}
