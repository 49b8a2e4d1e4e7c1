//! A list of records: what is on it, who made and approved it, what became of each record, and the certificate.

use domain::Error;
use domain::actor::Action;
use domain::retention::{CertificateView, Count, DispositionView, LINES, LineView, read};
use domain::service_request::names;
use leptos::prelude::*;
use shared::retention::{LineOutcome, RecordKind};
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::words;
use crate::console::account::ask_for_fresh_factor;
use crate::console::agreement::{People, person};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, value, with_query};
use crate::console::site::{DISPOSITIONS, HOLDS};
use crate::console::table::{Head, Table};
use crate::console::when::When;

#[component]
pub fn DispositionPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "List of records"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(4).and_then(|id| id.parse().ok()).unwrap_or_default();
    let from = value(&pairs(), "from").and_then(|from| from.parse::<i64>().ok()).unwrap_or(0).max(0);
    let view = Box::pin(read(ctx, officer, id, from)).await?.ok_or(Error::Refused)?;
    let stored = &view.stored;
    let who = [Some(stored.proposed), stored.approved, stored.withdrawn].into_iter().flatten();
    let people = names(ctx, officer, who.map(|(by, _)| OfficerId(by.as_u128())).collect()).await?;
    let title = format!("{} records due on {}", stored.records, stored.until);
    let (head, counts) = (head(&view, &people), counts(&view.counts));
    let certificate = view.certificate.as_ref().map(|certificate| paper(id, certificate));
    let lines = lines(at_work, &view, from);
    let acts = acts(at_work, &view);
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=DISPOSITIONS>"Lists and certificates"</a></p>
            {head}
            {acts}
            {certificate}
            {counts}
            {lines}
        </Layout>
    }
    .into_any())
}

fn head(view: &DispositionView, people: &People) -> AnyView {
    let stored = &view.stored;
    let line = |done: &'static str, (by, at): (Uuid, chrono::DateTime<chrono::Utc>)| {
        view! { <dt>{done}</dt><dd>{person(people, by)}", "<When at/></dd> }
    };
    view! {
        <dl>
            <dt>"State"</dt><dd id="stage">{state(view)}</dd>
            {line("Made by", stored.proposed)}
            {stored.approved.map(|approved| line("Approved by", approved))}
            {stored.withdrawn.map(|withdrawn| line("Taken back by", withdrawn))}
            <dt>"SHA-256 of the list"</dt><dd class="console-code">{view.list_hash()}</dd>
        </dl>
    }
    .into_any()
}

fn state(view: &DispositionView) -> &'static str {
    match (view.stored.approved, &view.certificate) {
        (Some(_), Some(_)) => "Done",
        (Some(_), None) => "Approved: its records are being destroyed",
        (None, _) => words::stage(&view.stored),
    }
}

/// What the officer can do with it.
fn acts(at_work: &AtWork, view: &DispositionView) -> Option<AnyView> {
    let stored = &view.stored;
    let is_open = stored.approved.is_none() && stored.withdrawn.is_none();
    if !is_open || !at_work.officer().may_somewhere(Action::DecideRetention) {
        return None;
    }
    if let Some(factor) = ask_for_fresh_factor(&at_work.live) {
        return Some(factor.into_any());
    }
    let is_own = stored.proposed.0 == at_work.officer().id();
    let own = is_own.then(|| view! { <p>"You made it: somebody else approves it."</p> });
    let id = stored.id.to_string();
    let approve = (!is_own).then(|| {
        let values = vec![("id", id.clone()), ("list", view.list_hash())];
        view! {
            <p>"What is destroyed cannot be brought back. What a hold keeps at that moment is left."</p>
            <PostButton action="/_fn/console/retention/approve" label="Approve this list" class="usa-button" values/>
        }
    });
    let values = vec![("id", id.clone())];
    Some(
        view! {
            {own}
            {approve}
            <PostButton action="/_fn/console/retention/withdraw" label="Take the list back" values/>
        }
        .into_any(),
    )
}

/// The certificate, as it is saved.
fn paper(id: Uuid, certificate: &CertificateView) -> AnyView {
    let file = format!("{DISPOSITIONS}/{id}/certificate");
    view! {
        <h2 id="certificate">"Certificate"</h2>
        <p>"Issued "<When at=certificate.issued_at/>". It names nobody who was on the list. "<a href=file>"Save it as a file"</a></p>
        <p>"SHA-256: "<span class="console-code">{certificate.sha256.clone()}</span></p>
        <div class="console-scroll" role="region" aria-labelledby="certificate" tabindex="0"><pre>{certificate.document.clone()}</pre></div>
    }
    .into_any()
}

fn counts(counts: &[Count]) -> AnyView {
    let row = |count: &Count| {
        let queries = (count.kind == RecordKind::Person).then(|| count.queries.to_string());
        view! {
            <tr>
                <th scope="row">{count.kind.name()}</th>
                <td>{count.kind.item().number()}</td>
                <td>{count.outcome.map_or("To be done", LineOutcome::name)}</td>
                <td class="console-figure">{count.records.to_string()}</td>
                <td class="console-figure">{queries}</td>
            </tr>
        }
    };
    let rows = counts.iter().map(row).collect_view();
    let heads = [
        Head::Text("Kind"),
        Head::Text("Schedule item"),
        Head::Text("What became of them"),
        Head::Figure("Records"),
        Head::Figure("Queries to and from partners destroyed"),
    ];
    view! { <h2>"By kind"</h2><Table id="counts" caption="Records by kind" heads>{rows}</Table> }.into_any()
}

fn lines(at_work: &AtWork, view: &DispositionView, from: i64) -> AnyView {
    let may_hold = at_work.officer().may_somewhere(Action::DecideRetention);
    let row = |line: &LineView| {
        let record = line.stored.line;
        let position = line.stored.position.saturating_add(1);
        view! {
            <tr>
                <th scope="row">{position.to_string()}</th>
                <td>{record.kind.name()}</td>
                <td class="console-code">{record.record.to_string()}</td>
                <td>{record.due_year.to_string()}</td>
                <td>{became(line)}</td>
                <td>{may_hold.then(|| keep(line))}</td>
            </tr>
        }
    };
    let rows = view.lines.iter().map(row).collect_view();
    let heads = ["Number", "Kind", "Record", "Due in", "What became of it", "To do"];
    view! {
        <h2>"Records"</h2>
        <Table id="records" caption="By their ids: what they are stands in no list" heads>{rows}</Table>
        {ways(view, from)}
    }
    .into_any()
}

fn became(line: &LineView) -> &'static str {
    match line.stored.outcome {
        Some(outcome) => outcome.name(),
        None if line.is_kept => "A hold keeps it",
        None => "To be done",
    }
}

/// Where a hold on the record is proposed.
fn keep(line: &LineView) -> Option<AnyView> {
    let record = line.stored.line;
    let on = match record.kind {
        RecordKind::Person => "person",
        RecordKind::Case => "case",
        // It is kept by a hold on one of its cases, or of their people.
        RecordKind::AddressReport => return None,
    };
    let is_open = line.stored.outcome.is_none() && !line.is_kept;
    is_open.then(|| {
        let href = with_query(HOLDS, &[("on", on.to_owned()), ("which", record.record.to_string())]);
        let of = format!(" on record {}", line.stored.position.saturating_add(1));
        view! { <a href=href>"Propose a hold"<span class="visually-hidden">{of}</span></a> }.into_any()
    })
}

/// The way to the records before and after.
fn ways(view: &DispositionView, from: i64) -> AnyView {
    let link = |to: i64, words: &'static str| {
        let href = with_query(&format!("{DISPOSITIONS}/{}", view.stored.id), &[("from", to.to_string())]);
        view! { <a href=href>{words}</a>" " }
    };
    let before = (from > 0).then(|| link(from.saturating_sub(LINES).max(0), "Page before"));
    let next = from.saturating_add(LINES);
    let after = (next < view.stored.records).then(|| link(next, "Next page"));
    view! { <p>{before}{after}</p> }.into_any()
}
