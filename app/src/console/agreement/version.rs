//! A version, as those who sign it read it: what is wrong with it, what it changes, what past requests would have come to, who signed,
//! and the document itself.

use domain::Error;
use domain::actor::Action;
use domain::agreement::{DryRun, Examined, Signature, Standing, StoredVersion, VersionFile, capacities, read};
use domain::service_request::names;
use leptos::prelude::*;
use shared::agreement::{AnswerKind, Capacity, Change, Difference, Element, Finding, Ruling, Turn};
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::address::{draft_path, partner_at_hand, partner_path, shown, version_at_hand, version_path};
use super::document::document;
use super::words::{self, People};
use crate::console::account::ask_for_fresh_factor;
use crate::console::context::AtWork;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::service_request::address::with_query;
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn VersionPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Version of an agreement"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let (partner, version) = (partner_at_hand()?, version_at_hand()?);
    let file = read(ctx, officer, partner, version).await?.ok_or(Error::Refused)?;
    let people = names(ctx, officer, ids(&file)).await?;
    let VersionFile { stored, examined, .. } = &file;
    let state = state(&file, &people);
    let findings = file.is_open.then(|| findings(&examined.findings));
    let (changes, dry_run) = (changes(stored, &examined.changes), dry_run(&examined.dry_run));
    let signatures = signatures(&file.signatures, &people);
    let next = file.is_open.then(|| next(at_work, &file));
    let hash = examined.seen.document.clone();
    let document = document(&stored.document);
    Ok(view! {
        <Layout title=format!("{}: version {}", partner.name(), version.number())>
            <p class="console-back"><a href=partner_path(partner)>"Agreement with "{partner.name()}</a></p>
            {state}
            <div class="console-write">
                <div>{findings}{changes}{dry_run}</div>
                <div class="console-write__beside">
                    {signatures}
                    {next}
                    <p><a href=format!("{}/file", version_path(partner, version)) download=true>"Save it as a file"</a></p>
                    <p class="usa-hint">"SHA-256 of the file: "<span class="console-code">{hash}</span></p>
                </div>
            </div>
            {document}
        </Layout>
    }
    .into_any())
}

/// Whom the page names.
fn ids(file: &VersionFile) -> Vec<OfficerId> {
    let head = &file.stored.head;
    let withdrawn_by = if let Standing::Withdrawn { by, .. } = head.standing { Some(by) } else { None };
    let signers = file.signatures.iter().map(|signature| signature.officer);
    let all = signers.chain([head.author]).chain(withdrawn_by);
    all.map(|id: Uuid| OfficerId(id.as_u128())).collect()
}

fn state(file: &VersionFile, people: &People) -> AnyView {
    let head = &file.stored.head;
    let became = match head.standing {
        Standing::Draft => {
            view! { "It is to be in force from "{head.holds_from.to_string()}", or from the day of the second signature if that is later." }
                .into_any()
        }
        Standing::Signed { from } => view! { "In force from "{from.to_string()}"." }.into_any(),
        Standing::Withdrawn { by, at } => {
            view! { "Withdrawn by "{words::person(people, by)}" "<When at/>"." }.into_any()
        }
    };
    let overtaken = (head.standing == Standing::Draft && !file.is_open)
        .then_some(" Another version was signed since: signing this one would take back what that one changed.");
    view! {
        <p>
            <strong>{words::standing(head, file.is_open)}</strong>
            ". Drafted by "{words::person(people, head.author)}" "<When at=head.made_at/>". "
            {became}{overtaken}
        </p>
    }
    .into_any()
}

/// What keeps it from being signed.
fn findings(findings: &[Finding]) -> AnyView {
    if findings.is_empty() {
        return view! { <p>"The checker finds nothing wrong."</p> }.into_any();
    }
    view! {
        <section class="usa-alert usa-alert--warning" aria-labelledby="findings">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="findings">"It cannot be signed"</h2>
                <ul>{findings.iter().map(|finding| view! { <li>{finding.to_string()}"."</li> }).collect_view()}</ul>
            </div>
        </section>
    }
    .into_any()
}

fn changes(stored: &StoredVersion, changes: &[Change]) -> AnyView {
    let head = &stored.head;
    let heading = match head.follows {
        Some(before) => {
            let href = version_path(head.partner, before);
            view! { "Changed since "<a href=href>"version "{before.number().to_string()}</a>", signed last before it" }.into_any()
        }
        None => "The first version: all of it is new".into_any(),
    };
    view! {
        <section aria-labelledby="changes">
            <h2 id="changes">{heading}</h2>
            <ul>{changes.iter().map(|change| view! { <li>{change.to_string()}</li> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn dry_run(DryRun { requests, differences, enrolment }: &DryRun) -> AnyView {
    let words = match (requests, differences.len(), enrolment) {
        (requests, _, Some(turn)) => words::enrolment(*requests, turn),
        (0, ..) => "No past requests are known yet, so none was decided again.".to_owned(),
        (requests, 0, None) => format!("{requests} past requests were decided again: each as before."),
        (requests, different, None) => {
            format!("{requests} past requests were decided again: {different} would turn out differently.")
        }
    };
    let rows = differences.iter().map(difference).collect_view();
    let table = (!differences.is_empty()).then(|| {
        view! { <Table id="differences" caption="Would turn out differently" heads=["Request", "Answer", "Elements"]>{rows}</Table> }
    });
    view! {
        <section aria-labelledby="dry-run">
            <h2 id="dry-run">"Past requests, decided again"</h2>
            <p>{words}</p>
            {table}
        </section>
    }
    .into_any()
}

fn difference(Difference { at, answer, elements }: &Difference) -> AnyView {
    let answer = answer.map(|Turn { before, after }: Turn<AnswerKind>| format!("{}, was {}", after.name(), before.name()));
    let element = |(element, Turn { before, after }): &(Element, Turn<Ruling>)| {
        view! { <li>{format!("{}: {}, was {}", element.name(), after.name(), before.name())}</li> }
    };
    view! {
        <tr>
            <th scope="row" class="console-figure">{(at + 1).to_string()}</th>
            <td>{answer.unwrap_or_else(|| "as before".to_owned())}</td>
            <td><ul class="console-plain">{elements.iter().map(element).collect_view()}</ul></td>
        </tr>
    }
    .into_any()
}

fn signatures(signatures: &[Signature], people: &People) -> AnyView {
    let row = |capacity: Capacity| {
        let signature = signatures.iter().find(|signature| signature.capacity == capacity);
        let by = signature.map_or_else(|| "not signed".to_owned(), |signature| words::person(people, signature.officer));
        view! {
            <tr>
                <th scope="row">{capacity.name()}</th>
                <td>{by}</td>
                <td class="console-nowrap">{signature.map(|signature| view! { <When at=signature.signed_at/> })}</td>
            </tr>
        }
    };
    let rows = Capacity::ALL.map(row).collect_view();
    view! { <Table id="signatures" caption="Signatures" heads=["As", "Signed by", "When"] narrow=true>{rows}</Table> }.into_any()
}

/// What the officer can do with a draft.
fn next(at_work: &AtWork, file: &VersionFile) -> AnyView {
    let officer = at_work.officer();
    let head = &file.stored.head;
    let values = || vec![("partner", head.partner.key().to_owned()), ("version", head.version.number().to_string())];
    let has_signed = |one: &Signature| one.officer == officer.id();
    let is_theirs = |capacity: &Capacity| !file.signatures.iter().any(|one| one.capacity == *capacity || has_signed(one));
    let missing: Vec<Capacity> = capacities(officer).into_iter().filter(is_theirs).collect();
    let draft = officer.may_somewhere(Action::DraftAgreements).then(|| {
        let change = with_query(&draft_path(head.partner), &[("from", head.version.number().to_string())]);
        view! {
            <p><a class="usa-button usa-button--outline" href=change>"Change it"</a></p>
            <details class="console-details">
                <summary>"Withdraw it"</summary>
                <p>"Nobody can sign it then. What is in force stays."</p>
                <PostButton action="/_fn/console/agreement/withdraw" label="Withdraw" about="the draft" values=values()/>
            </details>
        }
    });
    let sign = if missing.is_empty() { None } else { Some(sign(at_work, &file.examined, &missing, head.author, &values())) };
    view! { {sign}{draft} }.into_any()
}

fn sign(
    at_work: &AtWork,
    Examined { findings, seen, .. }: &Examined,
    missing: &[Capacity],
    author: Uuid,
    values: &[(&'static str, String)],
) -> AnyView {
    if author == at_work.officer().id() {
        return view! { <p>"You wrote it: two others sign."</p> }.into_any();
    }
    if !findings.is_empty() {
        return ().into_any();
    }
    if at_work.live.stepped_up_until.is_none() {
        return view! { {ask_for_fresh_factor(&at_work.live)} }.into_any();
    }
    let button = |capacity: &Capacity| {
        let label = match capacity {
            Capacity::Privacy => "Sign as privacy officer",
            Capacity::Counsel => "Sign as counsel",
        };
        let mut values = values.to_vec();
        values.push(("capacity", capacity.key().to_owned()));
        values.push(("document", seen.document.clone()));
        values.push(("dry_run", seen.dry_run.clone()));
        view! { <PostButton action="/_fn/console/agreement/sign" label class="usa-button" values/> }
    };
    view! {
        <section aria-labelledby="sign">
            <h2 id="sign">"Sign"</h2>
            <p>"You sign exactly what this page shows. A signature is never taken back."</p>
            {missing.iter().map(button).collect_view()}
        </section>
    }
    .into_any()
}
