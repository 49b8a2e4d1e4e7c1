//! Taking figures or a list of requests out as a file: why, in which form. The form is posted to `EXPORT_FILE`, which sends the file.

use domain::actor::Action;
use domain::report::{ExportReason, Exported, Format, MOST_ROWS, export_figures, export_list};
use domain::service_request::List;
use domain::{Context, Error, Officer};
use leptos::prelude::*;
use shared::office::OfficeCode;
use shared::report::Month;
use shared::service_request::Queue;

use crate::console::context::{AtWork, address};
use crate::console::form::Notice;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{ListAddress, pairs, value, with_query};
use crate::console::service_request::words::queue as queue_words;
use crate::console::site::{AGAIN, EXPORT, EXPORT_FILE, REQUESTS, leading_on};
use crate::csrf::{CsrfField, FIELD};

/// What is to be taken out.
#[derive(Debug, Clone)]
pub enum Wanted {
    Figures(Month, Option<OfficeCode>),
    Requests(Box<List>),
}

impl Wanted {
    /// What an address or a form names.
    fn read(pairs: &[(String, String)]) -> Option<Self> {
        let office = value(pairs, "office").and_then(|office| OfficeCode::parse(office).ok());
        match value(pairs, "what")? {
            "figures" => Some(Self::Figures(value(pairs, "month")?.parse().ok()?, office)),
            "requests" => Some(Self::Requests(Box::new(ListAddress::read(pairs, office?, Queue::Mine).list))),
            _ => None,
        }
    }

    /// What a form names, with why and how.
    pub fn of_form(pairs: &[(String, String)]) -> Option<(Self, ExportReason, Format)> {
        let reason = value(pairs, "reason").and_then(ExportReason::from_key)?;
        let format = value(pairs, "format").and_then(Format::from_key)?;
        Some((Self::read(pairs)?, reason, format))
    }

    /// Takes it out.
    pub async fn export(self, ctx: &Context, officer: &Officer, reason: ExportReason, format: Format) -> Result<Exported, Error> {
        match self {
            Self::Figures(month, office) => export_figures(ctx, officer, (month, office), (reason, format)).await,
            Self::Requests(list) => export_list(ctx, officer, &list, (reason, format)).await,
        }
    }

    fn may(&self, officer: &Officer) -> bool {
        match self {
            Self::Figures(..) => officer.may_somewhere(Action::Export),
            Self::Requests(list) => officer.may(Action::Export, &list.office) && officer.may(Action::ReadRequests, &list.office),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Figures(month, None) => format!("The figures of {month} at all offices"),
            Self::Figures(month, Some(office)) => format!("The figures of {month} at {}", office.as_str()),
            Self::Requests(list) => {
                format!("The list \"{}\" of {}, with its filters", queue_words(list.queue), list.office.as_str())
            }
        }
    }
}

/// The page for the figures of a month.
pub fn of_figures(month: Month, office: Option<&OfficeCode>) -> String {
    let mut pairs = vec![("what", "figures".to_owned()), ("month", month.to_string())];
    pairs.extend(office.map(|office| ("office", office.as_str().to_owned())));
    with_query(EXPORT, &pairs)
}

/// The page for a list.
pub fn of_list(list: &ListAddress) -> String {
    let path = list.path();
    let query = path.strip_prefix(REQUESTS).and_then(|rest| rest.strip_prefix('?')).unwrap_or_default();
    format!("{EXPORT}?what=requests&{query}")
}

/// The page on which a form stood, by what it sent, with what was wrong.
pub fn export_page(pairs: &[(String, String)], problem: Option<&str>) -> String {
    let not_here = [FIELD, "reason", "format", "problem"];
    let mut kept: Vec<(&str, String)> = pairs
        .iter()
        .filter(|(name, _)| !not_here.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    kept.extend(problem.map(|problem| ("problem", problem.to_owned())));
    with_query(EXPORT, &kept)
}

#[component]
pub fn ExportPage() -> impl IntoView {
    let content = || {
        let at_work = AtWork::current()?;
        Some(page(&at_work, &pairs()))
    };
    view! { <Layout title="Take out a file"><div class="console-narrow">{content()}</div></Layout> }
}

fn page(at_work: &AtWork, pairs: &[(String, String)]) -> AnyView {
    if !at_work.officer().may_somewhere(Action::Export) {
        return view! { <Problem error=Error::Refused/> }.into_any();
    }
    let Some(wanted) = Wanted::read(pairs) else {
        return view! { <p>"Come here from a report or from a list of requests: it says what goes into the file."</p> }.into_any();
    };
    if !wanted.may(at_work.officer()) {
        return view! { <Problem error=Error::Refused/> }.into_any();
    }
    let problem = match value(pairs, "problem") {
        Some("incomplete") => Some("Choose a reason and a kind of file.".to_owned()),
        Some("too_many") => Some(format!("That are more than {MOST_ROWS} requests. Choose a list with fewer, by its filters.")),
        _ => None,
    };
    let problem = problem.map(|words| view! { <Notice kind="error">{words}</Notice> });
    if at_work.live.stepped_up_until.is_none() {
        return view! {
            {problem}
            <p>{wanted.name()}"."</p>
            <p>"What leaves the console needs a fresh second factor: it then holds for five minutes."</p>
            <a class="usa-button" href=leading_on(AGAIN, Some(&address()))>"Show your second factor"</a>
        }
        .into_any();
    }
    let not_here = ["reason", "format", "problem"];
    let along = pairs.iter().filter(|(name, _)| !not_here.contains(&name.as_str())).cloned();
    let along = along.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        {problem}
        <p>{wanted.name()}"."</p>
        <p>
            "The file holds what the page shows, and no names. That you took it, why, and how many lines it has is written into the \
             audit log. Keep it where only those can read it who need it, and delete it after. Before anybody outside the agency is given a list, \
             a privacy officer records that."
        </p>
        <form class="usa-form" method="post" action=EXPORT_FILE>
            <CsrfField/>
            {along}
            {choices("reason", "Why do you need it?", ExportReason::ALL.map(|reason| (reason.key(), reason_words(reason))).to_vec())}
            {choices("format", "Which kind of file?", Format::ALL.map(|format| (format.key(), format_words(format))).to_vec())}
            <button class="usa-button" type="submit">"Take it out"</button>
        </form>
    }
    .into_any()
}

/// One of several, with nothing chosen beforehand.
pub fn choices(name: &'static str, legend: &'static str, options: Vec<(&'static str, &'static str)>) -> AnyView {
    let option = |(key, words): (&'static str, &'static str)| {
        let id = format!("{name}-{key}");
        view! {
            <div>
                <span class="console-tick">
                    <input id=id.clone() type="radio" name=name value=key required/>
                    <label for=id>{words}</label>
                </span>
            </div>
        }
    };
    view! {
        <fieldset class="usa-fieldset">
            <legend class="usa-legend">{legend}</legend>
            {options.into_iter().map(option).collect_view()}
        </fieldset>
    }
    .into_any()
}

const fn reason_words(reason: ExportReason) -> &'static str {
    match reason {
        ExportReason::Planning => "Planning the office's work",
        ExportReason::Management => "A meeting or a report of the agency",
        ExportReason::Oversight => "An inspection, an audit or a court asks for it",
        ExportReason::Quality => "Checking the quality of the work",
    }
}

const fn format_words(format: Format) -> &'static str {
    match format {
        Format::Csv => "CSV, for any program",
        Format::Xlsx => "XLSX, a workbook",
    }
}
