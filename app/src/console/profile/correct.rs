//! Proposing a correction: what is so, what is not, and why.

use domain::Error;
use domain::actor::Action;
use domain::profile::{ProfileFile, Read, read};
use leptos::prelude::*;
use shared::profile::{Change, FactKind};
use uuid::Uuid;

use super::kept::{Kept, TypedCorrection, kept};
use super::{person, words};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved};
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, value};
use crate::console::service_request::fields::{hidden, lines, post, select};
use crate::console::site::PROFILES;

#[component]
pub fn CorrectPage() -> impl IntoView {
    view! { {Suspend::new(correct())} }
}

async fn correct() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Correct"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::ProposeCorrections) {
        return Err(Error::Refused);
    }
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    let file = match read(ctx, officer, id).await? {
        Read::File(file) => file,
        Read::NotOpen => return Ok(not_open(id)),
        Read::Nobody => return Err(Error::Refused),
    };
    let pairs = pairs();
    let (typed, wrong) = match kept(at_work, &pairs).await? {
        Some(Kept::Correction { profile, typed, wrong }) if profile == file.profile => (typed, wrong),
        _ => (of_address(&pairs), Vec::new()),
    };
    let title = file.sheet.name().map_or_else(|| "No name".to_owned(), words::name);
    let form = form(&file, &typed);
    let back = format!("{PROFILES}/{}", file.profile);
    Ok(view! {
        <Layout title=format!("Correct: {title}")>
            <p class="console-back"><a href=back>{title.clone()}</a></p>
            <NotSaved wrong/>
            {form}
        </Layout>
    }
    .into_any())
}

pub fn not_open(id: Uuid) -> AnyView {
    view! {
        <Layout title="The profile is not open">
            <p>"The profile is not open any more. "<a href=format!("{PROFILES}/{id}")>"Open it again"</a></p>
        </Layout>
    }
    .into_any()
}

/// What is to be corrected, as the link says.
fn of_address(pairs: &[(String, String)]) -> TypedCorrection {
    let named = |change: &str| value(pairs, change).map(|subject| (change.to_owned(), subject.to_owned()));
    let (change, subject) = ["add", "end", "split", "merge"].into_iter().find_map(named).unwrap_or_default();
    let kind = if change == "add" { subject.clone() } else { String::new() };
    TypedCorrection { change, kind, subject, ..TypedCorrection::default() }
}

fn form(file: &ProfileFile, typed: &TypedCorrection) -> AnyView {
    let subject: Uuid = typed.subject.parse().unwrap_or_default();
    let asked = match typed.change.as_str() {
        "end" => said(&person::change(file, &Change::End(subject))),
        "split" => said(&person::change(file, &Change::Split(subject))),
        "merge" => {
            let number = typed.number.clone();
            view! { <Line name="number" label="A number of the other profile" value=number hint="A-Number, FIN, encounter ID or receipt number."/> }
                .into_any()
        }
        _ => parts(typed),
    };
    let along = hidden(vec![
        ("profile", file.profile.to_string()),
        ("change", typed.change.clone()),
        ("kind", typed.kind.clone()),
        ("subject", typed.subject.clone()),
    ]);
    let why = lines("why", "Why", Some("What you saw, and where. The second person reads it."), &typed.text, None);
    post(
        "/_fn/console/profile/propose",
        view! {
            {along}
            {asked}
            {why}
            <button class="usa-button" type="submit">"Propose"</button>
        },
    )
}

fn said(words: &str) -> AnyView {
    view! { <p><strong>{words.to_owned()}</strong></p> }.into_any()
}

const PARTS: [(&str, &str); 4] = [("part-1", "parts[0]"), ("part-2", "parts[1]"), ("part-3", "parts[2]"), ("part-4", "parts[3]")];

/// The fields of a fact.
fn parts(typed: &TypedCorrection) -> AnyView {
    let kind = FactKind::from_key(&typed.kind).unwrap_or(FactKind::Name);
    let part = |(at, label): (usize, &&'static str)| {
        let (id, name) = PARTS.get(at).copied()?;
        let value = typed.parts.get(at).cloned().unwrap_or_default();
        Some(match words::choices(kind, at) {
            Some(choices) => select(id, name, label, Some("Choose"), choices, &value),
            None => view! { <Line id name label=label value/> }.into_any(),
        })
    };
    let fields: Vec<AnyView> = kind.parts().iter().enumerate().filter_map(part).collect();
    view! {
        <p><strong>"Add: "{kind.name().to_lowercase()}</strong></p>
        {fields}
    }
    .into_any()
}
