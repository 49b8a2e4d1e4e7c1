//! What is known of a person.

use domain::Error;
use domain::actor::Action;
use domain::profile::{ProfileFile, Read, StoredCorrection, purposes, read};
use domain::redress::disputed;
use domain::service_request::names;
use leptos::prelude::*;
use shared::profile::{Change, CorrectionState, FactKind, KnownFact, Origin, ReadPurpose};
use shared::service_request::OfficerId;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{biometrics, words};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Notice, PostButton};
use crate::console::layout::Layout;
use crate::console::partner_query::of_person;
use crate::console::service_request::address::with_query;
use crate::console::service_request::fields::{hidden, post, select};
use crate::console::site::{ACCOUNTING_PEOPLE, PROFILES, PROPOSE_WAIVER, REDRESS};
use crate::console::table::Table;
use crate::console::when::When;

/// Names of colleagues, by their ids.
pub type People = BTreeMap<OfficerId, String>;

#[component]
pub fn PersonPage() -> impl IntoView {
    view! { {Suspend::new(person())} }
}

async fn person() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Person"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    match read(ctx, officer, id).await? {
        Read::File(file) => {
            let deciders = file.corrections.iter().flat_map(|one| [Some(one.proposed_by), one.decided.map(|(by, _)| by)]);
            let deciders = deciders.flatten().map(|id| OfficerId(id.as_u128()));
            let ids = deciders.chain(biometrics::officers(&file)).collect();
            let people = names(ctx, officer, ids).await?;
            let partners = of_person(at_work, file.profile).await?;
            let disputed = disputed(ctx, officer, id).await?;
            Ok(file_view(at_work, &file, &people, partners, &disputed))
        }
        Read::NotOpen => Ok(ask_purpose(id, &purposes(officer))),
        Read::Nobody => Err(Error::Refused),
    }
}

fn ask_purpose(id: Uuid, may: &[ReadPurpose]) -> AnyView {
    let first = (may.len() > 1).then_some("Choose");
    let form = post(
        "/_fn/console/profile/open",
        view! {
            {hidden(vec![("profile", id.to_string())])}
            {select("purpose", "purpose", "What for", first, words::purposes(may), "")}
            <button class="usa-button" type="submit">"Open the profile"</button>
        },
    );
    view! {
        <Layout title="What do you open this profile for?">
            <p class="console-back"><a href=PROFILES>"People"</a></p>
            <p>"It stands beside every read in the audit log, and holds for half an hour."</p>
            {form}
        </Layout>
    }
    .into_any()
}

fn file_view(at_work: &AtWork, file: &ProfileFile, people: &People, partners: Option<AnyView>, disputes: &[Uuid]) -> AnyView {
    let officer = at_work.officer();
    let may_propose = officer.may_somewhere(Action::ProposeCorrections);
    let may_decide = officer.may_somewhere(Action::DecideCorrections);
    let title = file.sheet.name().map_or_else(|| "No name".to_owned(), words::name);
    let disagreements = disagreements(file);
    let disputed = dispute(officer.may_somewhere(Action::HandleRedress), disputes);
    let waiting = corrections(file, people, officer.id(), may_decide);
    let facts = facts(file, may_propose);
    let cases = cases(file);
    let parts = parts(file, may_propose);
    let propose = may_propose.then(|| propose(file.profile));
    let biometrics = biometrics::section(officer, file, people);
    let history = history(file);
    let waiver = officer.may_somewhere(Action::DecideWaivers).then(|| waiver(file.profile));
    let accounting = officer.may_somewhere(Action::ReadAccounting).then(|| accounting(file.profile));
    let purpose = file.purpose.name();
    view! {
        <Layout title>
            <p class="console-back"><a href=PROFILES>"People"</a></p>
            <p class="usa-hint">"Opened to: "{purpose.to_lowercase()}"."</p>
            {disagreements}
            {disputed}
            {waiting}
            {facts}
            {propose}
            {biometrics}
            {cases}
            {partners}
            {parts}
            {waiver}
            {accounting}
            {history}
        </Layout>
    }
    .into_any()
}

fn waiver(profile: Uuid) -> AnyView {
    let href = with_query(PROPOSE_WAIVER, &[("profile", profile.to_string())]);
    view! { <p><a href=href>"The person consents that partner countries are told: propose a waiver"</a></p> }.into_any()
}

fn accounting(profile: Uuid) -> AnyView {
    view! { <p><a href=format!("{ACCOUNTING_PEOPLE}/{profile}")>"Accounting: what was told of the person, and to whom"</a></p> }
        .into_any()
}

/// That the person disagrees with what stands here (5 USC 552a(d)(4)).
fn dispute(handles_redress: bool, disputes: &[Uuid]) -> Option<AnyView> {
    let link = |id: &Uuid| view! { " "<a href=format!("{REDRESS}/{id}")>"What they say"</a> };
    let links = handles_redress.then(|| disputes.iter().map(link).collect_view());
    (!disputes.is_empty()).then(|| {
        view! {
            <Notice kind="warning">
                "The person disagrees with something that was not corrected. Whoever gets this record gets their statement, too: \
                 privacy officers have it."
                {links}
            </Notice>
        }
        .into_any()
    })
}

fn disagreements(file: &ProfileFile) -> Option<AnyView> {
    let kinds: Vec<String> = file.sheet.disagreements().into_iter().map(|kind| kind.name().to_lowercase()).collect();
    (!kinds.is_empty()).then(|| {
        let words = format!("Sources disagree about: {}. One of them is to be set right.", kinds.join(", "));
        view! { <Notice kind="warning">{words}</Notice> }.into_any()
    })
}

/// Who states a fact, in words.
fn sources(file: &ProfileFile, group: &[&KnownFact]) -> String {
    let source = |known: &&KnownFact| match known.origin {
        Origin::Case(case) => {
            let linked = file.cases.iter().find(|linked| linked.id == case);
            linked.map_or_else(|| "an earlier case".to_owned(), |linked| linked.number.clone())
        }
        Origin::Correction(_) => "correction".to_owned(),
        Origin::Verification(_) => "IDENT, at an interview".to_owned(),
    };
    let mut all: Vec<String> = group.iter().map(source).collect();
    all.dedup();
    all.join(", ")
}

fn facts(file: &ProfileFile, may_propose: bool) -> AnyView {
    let row = |kind: FactKind, group: Vec<&KnownFact>| {
        let first = group.first()?;
        let what = words::fact(&first.fact);
        let end = may_propose.then(|| {
            let href = format!("{PROFILES}/{}/correct?end={}", file.profile, first.id);
            view! { <a href=href>"Not so"<span class="visually-hidden">": "{what.clone()}</span></a> }
        });
        Some(view! {
            <tr>
                <th scope="row">{kind.name()}</th>
                <td>{what.clone()}</td>
                <td>{sources(file, &group)}</td>
                <td class="console-nowrap"><When at=first.recorded_at/></td>
                <td>{end}</td>
            </tr>
        })
    };
    let rows = FactKind::ALL
        .into_iter()
        .flat_map(|kind| file.sheet.of_kind(kind).into_iter().filter_map(move |group| row(kind, group)))
        .collect_view();
    view! { <Table id="facts" caption="What is known" heads=["About", "What", "Stated by", "Since", "Correct"]>{rows}</Table> }
        .into_any()
}

fn propose(profile: Uuid) -> AnyView {
    let link = |kind: FactKind| {
        let href = format!("{PROFILES}/{profile}/correct?add={}", kind.key());
        view! { <li><a href=href>{kind.name()}</a></li> }
    };
    let merge = format!("{PROFILES}/{profile}/correct?merge=1");
    view! {
        <details class="console-details">
            <summary>"Add something that is missing"</summary>
            <ul class="console-plain">{FactKind::ALL.map(link).collect_view()}</ul>
        </details>
        <p><a href=merge>"Another profile is of the same person"</a></p>
    }
    .into_any()
}

fn cases(file: &ProfileFile) -> AnyView {
    let row = |case: &domain::profile::LinkedCase| {
        view! {
            <tr>
                <th scope="row" class="console-nowrap">{case.number.clone()}</th>
                <td>{case.form.clone()}</td>
                <td>{case.role.clone()}</td>
            </tr>
        }
    };
    let rows = file.cases.iter().map(row).collect_view();
    view! { <Table id="cases" caption="Cases" heads=["Receipt number", "Form", "The person is"] narrow=true>{rows}</Table> }
        .into_any()
}

/// Profiles that were put together here.
fn parts(file: &ProfileFile, may_propose: bool) -> Option<AnyView> {
    let part = |(at, id): (usize, &Uuid)| {
        let href = format!("{PROFILES}/{}/correct?split={id}", file.profile);
        let link = may_propose.then(|| view! { " "<a href=href>"This is somebody else"</a> });
        view! { <li>"Profile "{(at + 1).to_string()}", "{id.simple().to_string()}{link}</li> }
    };
    let merged: Vec<_> = file.parts.iter().skip(1).enumerate().map(part).collect();
    (!merged.is_empty()).then(|| {
        view! {
            <h2>"Profiles that were put together here"</h2>
            <ul class="console-plain">{merged}</ul>
        }
        .into_any()
    })
}

/// What a correction would change, in words.
pub fn change(file: &ProfileFile, change: &Change) -> String {
    let known = |id: &Uuid| file.sheet.all().iter().find(|known| known.id == *id);
    let record = |id: &Uuid| file.biometrics.iter().find(|known| known.id == *id);
    match change {
        Change::End(id) => match (known(id), record(id)) {
            (Some(known), _) => format!("Not so: {}, {}", known.fact.kind().name().to_lowercase(), words::fact(&known.fact)),
            (None, Some(known)) => format!("Not so: {}", words::record(&known.biometric)),
            (None, None) => "Not so: something that is gone".to_owned(),
        },
        Change::Add(fact) => format!("Add: {}, {}", fact.kind().name().to_lowercase(), words::fact(fact)),
        Change::Merge(other) => format!("Put together with profile {}", other.simple()),
        Change::Split(part) => format!("Take profile {} out", part.simple()),
    }
}

/// What a colleague is called.
pub fn name_of(people: &People, id: Uuid) -> String {
    people.get(&OfficerId(id.as_u128())).cloned().unwrap_or_else(|| "Somebody".to_owned())
}

fn corrections(file: &ProfileFile, people: &People, own: Uuid, may_decide: bool) -> Option<AnyView> {
    let name = |id: Uuid| name_of(people, id);
    let acts = |one: &StoredCorrection| {
        let values = |verdict: &str| {
            let ids = [("profile", file.profile.to_string()), ("correction", one.id.to_string())];
            ids.into_iter().chain((!verdict.is_empty()).then(|| ("verdict", verdict.to_owned()))).collect::<Vec<_>>()
        };
        if one.state != CorrectionState::Proposed {
            return None;
        }
        if one.proposed_by == own {
            return Some(
                view! { <PostButton action="/_fn/console/profile/withdraw" label="Take it back" values=values("")/> }.into_any(),
            );
        }
        may_decide.then(|| {
            view! {
                <PostButton action="/_fn/console/profile/decide" label="Agree" class="usa-button" values=values("agree")/>
                <PostButton action="/_fn/console/profile/decide" label="Refuse" values=values("refuse")/>
            }
            .into_any()
        })
    };
    let row = |one: &StoredCorrection| {
        view! {
            <tr>
                <th scope="row">{change(file, &one.change)}</th>
                <td>{one.reason.expose().clone()}</td>
                <td>{name(one.proposed_by)}", "<When at=one.proposed_at/></td>
                <td>
                    {one.state.name()}
                    {one.decided.map(|(by, at)| view! { ", "{name(by)}", "<When at/> })}
                    <div class="console-row">{acts(one)}</div>
                </td>
            </tr>
        }
    };
    let rows = file.corrections.iter().map(row).collect_view();
    let heads = ["Correction", "Why", "Proposed by", "State"];
    (!file.corrections.is_empty()).then(|| view! { <Table id="corrections" caption="Corrections" heads>{rows}</Table> }.into_any())
}

/// What was known once.
fn history(file: &ProfileFile) -> Option<AnyView> {
    let ended: Vec<&KnownFact> = file.sheet.all().iter().filter(|known| known.ended_at.is_some()).collect();
    let row = |known: &&KnownFact| {
        let how = if known.ended_by.is_some() { "by a correction" } else { "no longer stated" };
        view! {
            <tr>
                <th scope="row">{known.fact.kind().name()}</th>
                <td>{words::fact(&known.fact)}</td>
                <td class="console-nowrap"><When at=known.recorded_at/></td>
                <td>{known.ended_at.map(|at| view! { <When at/> })}", "{how}</td>
            </tr>
        }
    };
    let rows = ended.iter().rev().map(row).collect_view();
    let facts = (!ended.is_empty()).then(|| {
        view! { <Table id="before" caption="Known before" heads=["About", "What", "From", "Until"]>{rows}</Table> }
    });
    let records = biometrics::ended(file);
    (facts.is_some() || records.is_some()).then(|| {
        view! {
            <details class="console-details">
                <summary>"What was known before"</summary>
                {facts}
                {records}
            </details>
        }
        .into_any()
    })
}
