//! Answers that wait to be read again, and what was found in one's own.

use domain::Error;
use domain::actor::Action;
use domain::quality::{Row, own_figures, own_readings, waiting};
use leptos::prelude::*;

use super::figures::officers;
use super::words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::words as request_words;
use crate::console::site::{QUALITY, QUALITY_FIGURES, QUALITY_RULES};
use crate::console::table::Table;
use crate::console::when::When;

/// Answers that are listed of an office.
const MOST: i64 = 100;

#[component]
pub fn QualityPage() -> impl IntoView {
    view! { <Layout title="Quality">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let (reads, writes) = (officer.may_somewhere(Action::ReviewAnswers), officer.may_somewhere(Action::AnswerRequest));
    if !reads && !writes {
        return Err(Error::Refused);
    }
    let waiting = if reads { Some(to_read(&waiting(ctx, officer, MOST).await?)) } else { None };
    let own = if writes {
        let figures: Vec<_> = own_figures(ctx, officer).await?.into_iter().collect();
        Some(own(&own_readings(ctx, officer).await?, officers("Your answers of the last 90 days", &figures, None)))
    } else {
        None
    };
    let rules = officer.may_somewhere(Action::SetReadingRules).then(|| {
        view! { <li><a href=QUALITY_RULES>"Which answers are read again, and which before they go out"</a></li> }
    });
    let figures = reads.then(|| view! { <li><a href=QUALITY_FIGURES>"Figures"</a></li> });
    let links = (rules.is_some() || figures.is_some()).then(|| view! { <ul class="console-plain">{rules}{figures}</ul> });
    Ok(view! {
        <p>
            "Some answers are read again after they went out, by somebody who neither wrote nor released them: so that what goes wrong once \
             does not go wrong again."
        </p>
        {links}
        {waiting}
        {own}
    }
    .into_any())
}

fn to_read(rows: &[Row]) -> AnyView {
    let row = |row: &Row| {
        view! {
            <tr>
                <th scope="row" class="console-nowrap">
                    <a href=format!("{QUALITY}/{}", row.sample.answer)>{row.number.grouped()}</a>
                </th>
                <td>{request_words::kind(row.kind)}</td>
                <td>{row.sample.office.as_str().to_owned()}</td>
                <td><When at=row.sample.drawn_at/></td>
            </tr>
        }
    };
    let caption = format!("{} to read again, the longest wait first", rows.len());
    let rows = rows.iter().map(row).collect_view();
    view! { <Table id="to-read" caption heads=["Request", "About", "Office", "Went out"]>{rows}</Table> }.into_any()
}

/// What second readers found in one's own answers.
fn own(rows: &[Row], figures: AnyView) -> AnyView {
    let row = |row: &Row| {
        let read = row.sample.read?;
        let new = read.seen_at.is_none().then(|| view! { <strong>"New: "</strong> });
        Some(view! {
            <tr>
                <th scope="row" class="console-nowrap">
                    {new}<a href=format!("{QUALITY}/{}", row.sample.answer)>{row.number.grouped()}</a>
                </th>
                <td>{request_words::kind(row.kind)}</td>
                <td>{words::found(read.verdict)}</td>
                <td><When at=read.at/></td>
            </tr>
        })
    };
    let figures = (!rows.is_empty()).then_some(figures);
    let caption = format!("{} of your answers were read again, the newest reading first", rows.len());
    let rows = rows.iter().map(row).collect_view();
    view! {
        <h2>"Your own answers"</h2>
        <p>"What second readers found. Nobody else sees this but them and your supervisor."</p>
        <Table id="own" caption heads=["Request", "About", "Found", "Read"]>{rows}</Table>
        {figures}
    }
    .into_any()
}
