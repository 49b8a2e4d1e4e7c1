//! One request: who asks what, its clock, what was found, what was decided, what went out.

use domain::Error;
use domain::redress::{RedressFile, corrections, held, read};
use domain::service_request::names;
use leptos::prelude::*;
use shared::redress::{Extension, Outcome, RedressKind, RedressState};
use shared::service_request::OfficerId;
use store::crypto::hex;
use uuid::Uuid;

use super::kept::{Kept, TypedDecision, kept};
use super::{decide, words};
use crate::console::account::ask_for_fresh_factor;
use crate::console::agreement::{People, person};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Line, PostButton};
use crate::console::layout::Layout;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{hidden, lines, post, select};
use crate::console::site::{PROFILES, REDRESS};
use crate::console::table::Table;
use crate::console::when::When;

/// As 6 CFR Part 5 lets people show who they are.
const KNOWN_BY: &str = "A notarized signature, a statement under penalty of perjury, an identity card at the office.";

#[component]
pub fn RedressRequestPage() -> impl IntoView {
    view! { {Suspend::new(one())} }
}

async fn one() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(Box::pin(page(&at_work)).await, "Request for redress"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    let file = read(ctx, officer, id).await?.ok_or(Error::Refused)?;
    // What went out is frozen: then nobody's records are read again.
    let found = if file.row.head.state.awaits_answer() { Box::pin(held(ctx, officer, id)).await? } else { None };
    let corrections = corrections(ctx, officer, id).await?;
    let typed = match kept(at_work, &pairs()).await? {
        Some(Kept::Decision { request, typed }) if request == id => typed,
        _ => TypedDecision::default(),
    };
    let people = names(ctx, officer, ids(&file)).await?;
    let (state, is_fresh) = (file.row.head.state, at_work.live.stepped_up_until.is_some());
    let needs_factor = matches!(state, RedressState::Searched | RedressState::Proposed | RedressState::Decided);
    let factor = if needs_factor { ask_for_fresh_factor(&at_work.live) } else { None };
    let form = match (&found, state) {
        (Some(found), RedressState::Searched) if is_fresh => Some(decide::form(&file, found, &corrections, &typed)),
        _ => None,
    };
    let title = words::title(&file);
    let (about, asked, clock, work) = (about(&file, &people), asked(&file), clock(&file), work(&file));
    let (found, decisions) = (found.as_ref().map(decide::found_view), decide::decisions(&file, &people));
    let acts = matches!(state, RedressState::Proposed | RedressState::Decided).then(|| decide::acts(at_work, &file)).flatten();
    let (sent, after, history) = (sent(&file, &people), after(&file), history(&file, &people));
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=REDRESS>"Redress"</a></p>
            {about}
            {asked}
            {clock}
            {work}
            {found}
            {factor}
            {form}
            {decisions}
            {acts}
            {sent}
            {after}
            {history}
        </Layout>
    }
    .into_any())
}

/// Whom the page names.
fn ids(file: &RedressFile) -> Vec<OfficerId> {
    let of_events = file.events.iter().map(|event| event.officer);
    let of_decisions = file.decisions.iter().flat_map(|one| [Some(one.proposed_by), one.agreed.map(|(by, _)| by)]).flatten();
    let of_statements = file.statements.iter().map(|one| one.recorded_by);
    let all = of_events.chain(of_decisions).chain(of_statements).chain([file.row.head.logged_by]);
    all.map(|id: Uuid| OfficerId(id.as_u128())).collect()
}

fn about(file: &RedressFile, people: &People) -> AnyView {
    let head = &file.row.head;
    let profile = head.profile.map(|profile| {
        view! { <div><dt>"Whose records"</dt><dd><a href=format!("{PROFILES}/{profile}")>"The profile"</a></dd></div> }
    });
    let extension = head.extension.map(|extension| view! { <div><dt>"Ten days more"</dt><dd>{extension.name()}</dd></div> });
    view! {
        <dl class="console-facts">
            <div><dt>"State"</dt><dd>{head.state.name()}</dd></div>
            <div><dt>"What is asked"</dt><dd>{head.kind.name()}</dd></div>
            <div><dt>"Law"</dt><dd>{head.basis.name()}", "{head.basis.citation()}</dd></div>
            <div><dt>"How it came"</dt><dd>{head.channel.name()}</dd></div>
            <div><dt>"Received on"</dt><dd>{head.received_on.to_string()}</dd></div>
            <div><dt>"Logged by"</dt><dd>{person(people, head.logged_by)}", "<When at=head.logged_at/></dd></div>
            <div><dt>"Answer by"</dt><dd>{words::clock(&file.row)}</dd></div>
            {extension}
            {profile}
        </dl>
    }
    .into_any()
}

fn asked(file: &RedressFile) -> AnyView {
    let asked = &file.asked;
    let address = asked.address.iter().map(|line| view! { <br/>{line.clone()} }).collect_view();
    let evidence = (!asked.evidence.is_empty()).then(|| view! { <h3>"Evidence"</h3><p>{asked.evidence.clone()}</p> });
    view! {
        <h2>"Who asks"</h2>
        <p>{asked.name.clone()}{address}</p>
        <h3>"What is asked"</h3>
        <p>{asked.words.clone()}</p>
        {evidence}
    }
    .into_any()
}

/// Acknowledging, and ten working days more.
fn clock(file: &RedressFile) -> Option<AnyView> {
    let head = &file.row.head;
    if !head.state.awaits_answer() {
        return None;
    }
    let id = || vec![("id", head.id.to_string())];
    let acknowledge = match (head.acknowledged_on, file.row.acknowledge_by) {
        (Some(on), _) => view! { <p>"Acknowledged to the person on "{on.to_string()}"."</p> }.into_any(),
        (None, by) => {
            let by = by.map(|by| view! { <p>"The person has to be told by "{by.to_string()}" that the request is here."</p> });
            view! {
                {by}
                <PostButton action="/_fn/console/redress/acknowledge" label="Acknowledged to the person" values=id()/>
            }
            .into_any()
        }
    };
    let extend = head.extension.is_none().then(|| {
        let all = Extension::ALL.map(|one| (one.key().to_owned(), one.name().to_owned())).to_vec();
        post(
            "/_fn/console/redress/extend",
            view! {
                {hidden(id())}
                {select("extension", "extension", "Unusual circumstance", Some("Choose"), all, "")}
                <button class="usa-button usa-button--outline" type="submit">"Take ten working days more"</button>
            },
        )
    });
    Some(
        view! {
            <details class="console-details">
                <summary>"Acknowledge, or take more time"</summary>
                {acknowledge}
                {extend}
            </details>
        }
        .into_any(),
    )
}

/// What comes before a decision: who asks, whose records; or that the request is over.
fn work(file: &RedressFile) -> AnyView {
    let head = &file.row.head;
    let id = || hidden(vec![("id", head.id.to_string())]);
    let verify = (head.state == RedressState::Received).then(|| {
        post(
            "/_fn/console/redress/verify",
            view! {
                {id()}
                {lines("verify", "How it is known who asks", Some(KNOWN_BY), "", None)}
                <button class="usa-button" type="submit">"Identity verified"</button>
            },
        )
    });
    let search = matches!(head.state, RedressState::Verified | RedressState::Searched).then(|| {
        let known = head.profile.map(|profile| format!("{PROFILES}/{profile}")).unwrap_or_default();
        let form = post(
            "/_fn/console/redress/search",
            view! {
                {id()}
                <Line
                    name="profile"
                    label="Whose records"
                    value=known
                    hint="The address of the person's profile, from the browser's address bar. Empty if nobody was found."
                />
                <button class="usa-button" type="submit">"Search both databases"</button>
            },
        );
        view! { <p><a href=PROFILES>"Find the person"</a></p>{form} }
    });
    let is_undecided = matches!(head.state, RedressState::Received | RedressState::Verified | RedressState::Searched);
    let withdraw = is_undecided.then(|| {
        let form = post(
            "/_fn/console/redress/withdraw",
            view! {
                {id()}
                {lines("withdraw", "Why it ends", None, "", None)}
                <button class="usa-button usa-button--outline" type="submit">"End without an answer"</button>
            },
        );
        view! {
            <details class="console-details">
                <summary>"The person took it back, or never showed who they are"</summary>
                {form}
            </details>
        }
    });
    view! { {verify}{search}{withdraw} }.into_any()
}

/// What went out, or would: the letter, and what is given.
fn sent(file: &RedressFile, people: &People) -> Option<AnyView> {
    let head = &file.row.head;
    let page = format!("{REDRESS}/{}", head.id);
    let letter = format!("{page}/letter.pdf");
    let Some(answer) = &file.answer else {
        let is_written = matches!(head.state, RedressState::Proposed | RedressState::Decided);
        return is_written.then(|| view! { <p><a href=letter>"The letter, as it would go out"</a></p> }.into_any());
    };
    let package = answer.package_sha256.as_ref().map(|hash| {
        view! {
            <li><a href=format!("{page}/records.json")>"What is given, JSON"</a></li>
            <li><a href=format!("{page}/records.csv")>"What is given, CSV"</a></li>
            <li>"SHA-256 of what is given: "<span class="console-code">{hex(hash)}</span></li>
        }
    });
    let accounting = (head.kind == RedressKind::Accounting).then(|| {
        view! { <li>"The accounting of disclosures is a document of its own: enclose it."</li> }
    });
    Some(
        view! {
            <h2>"What went out"</h2>
            <p>"Answered by "{person(people, answer.answered_by)}", "<When at=answer.answered_at/></p>
            <ul>
                <li><a href=letter>"The letter"</a></li>
                {package}
                {accounting}
            </ul>
        }
        .into_any(),
    )
}

/// After the answer: closing, and what the person says to it.
fn after(file: &RedressFile) -> Option<AnyView> {
    let head = &file.row.head;
    if head.state.awaits_answer() {
        return None;
    }
    let id = || vec![("id", head.id.to_string())];
    let close = (head.state == RedressState::Answered)
        .then(|| view! { <PostButton action="/_fn/console/redress/close" label="Close" values=id()/> });
    let outcome = file.decisions.first().map(|newest| newest.decision.outcome);
    let may_disagree = head.kind == RedressKind::Amendment
        && matches!(outcome, Some(Outcome::Refused | Outcome::GrantedInPart))
        && file.answer.is_some();
    let disagree = may_disagree.then(|| {
        post(
            "/_fn/console/redress/disagree",
            view! {
                {hidden(id())}
                {lines("disagree", "Statement of disagreement", Some("As they wrote it. It stays with the record."), "", None)}
                <button class="usa-button usa-button--outline" type="submit">"Keep the statement"</button>
            },
        )
    });
    let statement = |one: &domain::redress::StoredStatement| {
        view! { <li><When at=one.recorded_at/>": "{one.statement.expose().clone()}</li> }
    };
    let statements = (!file.statements.is_empty()).then(|| {
        view! { <h2>"The person disagrees"</h2><ul>{file.statements.iter().map(statement).collect_view()}</ul> }
    });
    Some(view! { {close}{statements}{disagree} }.into_any())
}

fn history(file: &RedressFile, people: &People) -> AnyView {
    let row = |event: &domain::redress::StoredRedressEvent| {
        let note = event.note.as_ref().map(|note| note.expose().clone()).unwrap_or_default();
        view! {
            <tr>
                <th scope="row">{event.event.name()}</th>
                <td>{person(people, event.officer)}</td>
                <td class="console-nowrap"><When at=event.at/></td>
                <td>{note}</td>
            </tr>
        }
    };
    let rows = file.events.iter().map(row).collect_view();
    view! { <Table id="history" caption="What happened" heads=["What", "Who", "When", "Words"]>{rows}</Table> }.into_any()
}
