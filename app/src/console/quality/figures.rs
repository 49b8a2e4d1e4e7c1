//! What readings add up to: of templates, and of an office's officers for its supervisor.

use domain::Error;
use domain::actor::Action;
use domain::quality::{OfficerFigures, Tally, TemplateFigures, officer_figures, template_figures};
use domain::service_request::names;
use leptos::prelude::*;
use shared::quality::{Criterion, Score, Verdict};

use super::words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::words::{self as request_words, Names};
use crate::console::site::{QUALITY, TEMPLATES};
use crate::console::table::Head::{self, Figure, Text};
use crate::console::table::{Table, count};

#[component]
pub fn FiguresPage() -> impl IntoView {
    view! { <Layout title="Quality: figures">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let templates = template_figures(ctx, officer).await?;
    let changes = officer.may_somewhere(Action::ChangeTemplates);
    let mut offices = Vec::new();
    for office in officer.offices(Action::ReadOfficerScores) {
        let figures = officer_figures(ctx, officer, &office).await?;
        let names = names(ctx, officer, figures.iter().map(|one| one.officer).collect()).await?;
        offices.push(officers(&format!("Officers of {}, for you as their supervisor", office.as_str()), &figures, Some(&names)));
    }
    Ok(view! {
        <p class="console-back"><a href=QUALITY>"Quality"</a></p>
        <p>
            "Answers that went out in the last 90 days. In three figures such as 7 / 2 / 1, the first counts yes, the second partly, the third no."
        </p>
        {table(&templates)}
        {changes.then(|| view! { <p><a href=TEMPLATES>"Change templates"</a></p> })}
        {offices}
    }
    .into_any())
}

fn percent(part: i64, whole: i64) -> String {
    if whole == 0 { "–".into() } else { format!("{part} ({} %)", part * 100 / whole) }
}

fn scores(tally: &Tally, criterion: Criterion) -> String {
    Score::ALL.map(|score| tally.times(criterion, score).to_string()).join(" / ")
}

fn score_heads() -> impl Iterator<Item = Head> {
    Criterion::ALL.into_iter().map(|criterion| Figure(words::criterion(criterion)))
}

fn score_cells(tally: &Tally) -> AnyView {
    let cell = |criterion| view! { <td class="console-figure console-nowrap">{scores(tally, criterion)}</td> };
    Criterion::ALL.map(cell).collect_view().into_any()
}

fn table(templates: &[TemplateFigures]) -> AnyView {
    let row = |one: &TemplateFigures| {
        let name = one.title.clone().unwrap_or_else(|| format!("{} (out of use)", one.key));
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="console-figure">{one.released.to_string()}</td>
                <td class="console-figure">{percent(one.reopened, one.released)}</td>
                <td class="console-figure">{percent(one.sent_back, one.released)}</td>
                {score_cells(&one.scores)}
            </tr>
        }
    };
    let rows = templates.iter().map(row).collect_view();
    let heads = [Text("Template"), Figure("Went out"), Figure("Opened again within 30 days"), Figure("Given or sent back")];
    view! {
        <Table
            id="template-figures"
            caption=format!("{} with which answers went out", count(templates.len(), "template", "templates"))
            heads=heads.into_iter().chain(score_heads())
        >
            {rows}
        </Table>
    }
    .into_any()
}

/// Officers with what was found; without names where it is the reader's own line.
pub fn officers(caption: &str, figures: &[OfficerFigures], names: Option<&Names>) -> AnyView {
    let row = |one: &OfficerFigures| {
        let name = names.map_or_else(|| "You".to_owned(), |names| request_words::name(names, one.officer));
        let verdict = |verdict| view! { <td class="console-figure">{one.times(verdict).to_string()}</td> };
        view! {
            <tr><th scope="row">{name}</th>{Verdict::ALL.map(verdict).collect_view()}{score_cells(&one.scores)}</tr>
        }
    };
    let rows = figures.iter().map(row).collect_view();
    let found = Verdict::ALL.map(|verdict| Figure(words::found(verdict)));
    let heads = std::iter::once(Text("Officer")).chain(found).chain(score_heads());
    let id = caption.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    view! { <Table id caption heads>{rows}</Table> }.into_any()
}
