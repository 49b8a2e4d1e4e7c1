//! One request: what is asked, what may be told, the draft and its documents, and what the officer can do with it.

use std::collections::{BTreeMap, BTreeSet};

use domain::Error;
use domain::information_request::{HappenedRow, May, ReleaseRow, RequestView, names, request};
use leptos::prelude::*;
use shared::agreement::{Element, Ruling};
use shared::ident::{AskedAbout, PartnerAsk};
use shared::information_request::Draft;
use shared::partner_query::printed::in_words;
use shared::service_request::OfficerId;
use store::crypto::hex;
use uuid::Uuid;

use super::draft::{self, documents};
use super::kept::{TypedDraft, kept};
use super::words;
use crate::console::account::ask_for_fresh_factor;
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{NotSaved, Notice, PostButton};
use crate::console::layout::Layout;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{hidden, lines, post};
use crate::console::site::{INFORMATION_REQUESTS, PROFILES};
use crate::console::table::Table;
use crate::console::when::When;

/// Names of colleagues, by their ids.
pub type People = BTreeMap<OfficerId, String>;

#[component]
pub fn InformationRequestPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Information request"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    let view = Box::pin(request(ctx, officer, id)).await?.ok_or(Error::Refused)?;
    let people: People = names(ctx, officer, &ids(&view)).await?.into_iter().collect();
    let typed = kept(at_work, &pairs()).await?;
    let title = format!("{}, {}", view.row.partner.name(), view.row.transaction_number);
    let (about, asked, rulings) = (about(at_work, &view, &people), asked(&view.asked), rulings(&view));
    let returned = view.returned.clone().map(|reason| {
        view! { <Notice kind="warning">"Given back: "{reason}</Notice> }
    });
    let work = work(at_work, &view, typed);
    let history = history(&view.happened, &people);
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=INFORMATION_REQUESTS>"Information requests"</a></p>
            {returned}
            {about}
            {asked}
            {rulings}
            {work}
            {history}
        </Layout>
    }
    .into_any())
}

/// Whom the page names.
fn ids(view: &RequestView) -> Vec<OfficerId> {
    let of_release = view.release.iter().flat_map(|release| [Some(release.approved_by), release.fetched.map(|(by, _)| by)]);
    let all = view.happened.iter().map(|row| row.by).chain(of_release).chain([view.row.prepared_by]);
    all.flatten().collect::<BTreeSet<_>>().into_iter().collect()
}

fn name(people: &People, id: OfficerId) -> String {
    people.get(&id).cloned().unwrap_or_else(|| "A colleague".to_owned())
}

fn about(at_work: &AtWork, view: &RequestView, people: &People) -> AnyView {
    let row = &view.row;
    let due = row.due_at.map(|at| {
        let left = row.state.is_open().then(|| format!(", {}", words::time_left(at_work.console.domain.now(), at)));
        view! { <dt>"Answer due"</dt><dd><When at/>{left}</dd> }
    });
    let prepared = row.prepared_by.map(|by| view! { <dt>"Prepared by"</dt><dd>{name(people, by)}</dd> });
    let release = view.release.as_ref().map(|release| released(release, people));
    view! {
        <dl class="console-facts">
            <dt>"State"</dt><dd id="state">{row.state.name()}</dd>
            <dt>"Purpose"</dt><dd>{row.purpose.name()}</dd>
            <dt>"Priority"</dt><dd>{row.priority.name()}</dd>
            <dt>"Came"</dt><dd><When at=row.received_at/></dd>
            {due}
            <dt>"Person"</dt><dd><a href=format!("{PROFILES}/{}", view.profile)>"The profile"</a></dd>
            {prepared}
            {release}
        </dl>
    }
    .into_any()
}

fn released(release: &ReleaseRow, people: &People) -> AnyView {
    let answer = release.answer.map(|answer| view! { <dt>"Answer"</dt><dd>{answer.name()}</dd> });
    let fetched = release.fetched.map(|(by, at)| view! { <dt>"Fetched by"</dt><dd>{name(people, by)}", "<When at/></dd> });
    view! {
        <dt>"Released by"</dt><dd>{name(people, release.approved_by)}", "<When at=release.approved_at/></dd>
        {answer}
        {fetched}
    }
    .into_any()
}

/// What the partner sent.
fn asked(asked: &PartnerAsk) -> AnyView {
    let fact = |what: &'static str, value: Option<String>| value.map(|value| view! { <dt>{what}</dt><dd>{value}</dd> });
    let AskedAbout { full_name, aliases, birth_date, birth_country, gender, partner_fingerprint, partner_identification } =
        asked.subject.expose().clone();
    let aliases =
        (!aliases.is_empty()).then(|| aliases.iter().map(shared::partner_query::Line::as_str).collect::<Vec<_>>().join("; "));
    let wanted = asked.asked.iter().map(|element| element.name()).collect::<Vec<_>>().join(", ");
    let written = asked.written.expose().clone().map(|text| {
        view! { <details class="console-details"><summary>"As the partner wrote it"</summary><pre class="console-words">{text}</pre></details> }
    });
    view! {
        <h2>"What is asked"</h2>
        <dl class="console-facts">
            <dt>"Who asks"</dt>
            <dd>{format!("{}, {}", asked.requestor.name.expose().as_str(), asked.requestor.organization.as_str())}</dd>
            <dt>"To be reached at"</dt><dd>{asked.requestor.contact.expose().as_str().to_owned()}</dd>
            <dt>"Date"</dt><dd>{asked.date.to_string()}</dd>
            <dt>"Step"</dt><dd>{asked.step.name()}</dd>
            {fact("Follows", asked.prior.as_ref().map(|prior| prior.as_str().to_owned()))}
            {fact("Name", full_name.map(|name| name.as_str().to_owned()))}
            {fact("Other names", aliases)}
            {fact("Date of birth", birth_date.map(|day| day.to_string()))}
            {fact("Country of birth", birth_country)}
            {fact("Gender", gender)}
            {fact("Partner's number of the fingerprints", partner_fingerprint.map(|number| number.as_str().to_owned()))}
            {fact("Partner's number of the person", partner_identification.map(|number| number.as_str().to_owned()))}
            <dt>"Wanted"</dt><dd>{wanted}</dd>
            {fact("Why", asked.justification.expose().as_ref().map(|why| why.as_str().to_owned()))}
        </dl>
        {written}
    }
    .into_any()
}

/// Element by element: what the agreement and protection say, and what our records have (AC-21).
fn rulings(view: &RequestView) -> AnyView {
    let decision = &view.decision;
    let row = |(element, ruling): (&Element, &Ruling)| {
        let value = view.values.expose().get(element).map(|value| in_words(*element, value));
        view! { <tr><th scope="row">{element.name()}</th><td>{ruling.name()}</td><td>{value}</td></tr> }
    };
    let rows = decision.elements.iter().map(row).collect_view();
    let checked = view.decided_at.map(|at| view! { ", checked "<When at/> });
    let waivers = (!decision.waivers.is_empty()).then_some(" It rests on a waiver.");
    view! {
        <h2>"What may be told"</h2>
        <p class="usa-hint">
            {format!("By version {} of the agreement and version {} of the protection policy", decision.agreement_version.number(), decision.policy_version)}
            {checked}"."{waivers}
        </p>
        <Table id="rulings" caption="Each element that is wanted" heads=["About", "Ruling", "What our records have"]>{rows}</Table>
    }
    .into_any()
}

/// The draft, and what the officer can do now.
fn work(at_work: &AtWork, view: &RequestView, typed: Option<TypedDraft>) -> AnyView {
    if view.may == May::Prepare {
        let typed = typed.or_else(|| view.draft.as_ref().map(TypedDraft::of)).unwrap_or_default();
        let wrong = typed.wrong.clone();
        let (form, documents) = (draft::form(view, &typed), documents(view, true));
        let id = vec![("id", view.row.id.to_string())];
        let send = view.draft.is_some().then(|| {
            view! {
                <h2>"Send it to review"</h2>
                <p>"Another person reads it and releases it. Save the draft first: what is saved is sent."</p>
                <PostButton action="/_fn/console/information_request/send_to_review" label="Send to review" class="usa-button" values=id/>
            }
        });
        return view! { <h2>"Draft"</h2><NotSaved wrong/>{form}{documents}{send} }.into_any();
    }
    let draft = view.draft.as_ref().map(|draft| draft_view(view, draft));
    let documents = documents(view, false);
    let acts = acts(at_work, view);
    view! { {draft}{documents}{acts} }.into_any()
}

/// The draft as it was saved.
fn draft_view(view: &RequestView, draft: &Draft) -> AnyView {
    let told = draft.told.iter().map(|element| view! { <tr><th scope="row">{element.name()}</th><td>"Told"</td></tr> });
    let held = draft.held_back.iter().map(|(element, reason)| {
        view! { <tr><th scope="row">{element.name()}</th><td>{format!("Held back: {}", reason.name())}</td></tr> }
    });
    let caveats = draft.caveats.as_ref().map(|caveats| view! { <dt>"Caveats"</dt><dd>{caveats.as_str().to_owned()}</dd> });
    let rows = (told.map(IntoAny::into_any).chain(held.map(IntoAny::into_any))).collect_view();
    view! {
        <h2>"Draft"</h2>
        <dl class="console-facts">
            <dt>"Answer"</dt><dd>{draft.result(&view.asked.asked).name()}</dd>
            <dt>"Compared with"</dt><dd>{draft.compared_with.as_str().to_owned()}</dd>
            {caveats}
        </dl>
        <Table id="draft" caption="What is told and held back" heads=["About", "What becomes of it"] narrow=true>{rows}</Table>
    }
    .into_any()
}

fn acts(at_work: &AtWork, view: &RequestView) -> AnyView {
    let values = vec![("id", view.row.id.to_string())];
    match view.may {
        May::Take => view! {
            <PostButton action="/_fn/console/information_request/take" label="Take it" class="usa-button" values/>
        }
        .into_any(),
        May::Review | May::WaitForCheck => review(at_work, view),
        May::Retry => view! {
            <p>"It was not sent. If the reason is gone, have it packaged anew: it is checked again, and tells nothing new."</p>
            <PostButton action="/_fn/console/information_request/retry" label="Package it anew" class="usa-button" values/>
        }
        .into_any(),
        May::Close => view! {
            <PostButton action="/_fn/console/information_request/close" label="Close it" values/>
        }
        .into_any(),
        May::Prepare | May::Nothing => view! { <p>{words::waits(view.may)}</p> }.into_any(),
    }
}

fn review(at_work: &AtWork, view: &RequestView) -> AnyView {
    let id = view.row.id.to_string();
    let release = match (view.may, view.hash) {
        (May::Review, Some(hash)) => release(at_work, vec![("id", id.clone()), ("hash", hex(&hash))]),
        _ => view! { <p>{words::waits(May::WaitForCheck)}</p> }.into_any(),
    };
    let give_back = post(
        "/_fn/console/information_request/give_back",
        view! {
            {hidden(vec![("id", id)])}
            {lines("why", "What has to be mended", None, "", None)}
            <button class="usa-button usa-button--outline" type="submit">"Give it back"</button>
        },
    );
    view! { <h2>"Review"</h2>{release}{give_back} }.into_any()
}

/// The button that releases exactly what the page shows, for who showed a second factor a moment ago.
fn release(at_work: &AtWork, values: Vec<(&'static str, String)>) -> AnyView {
    if let Some(factor) = ask_for_fresh_factor(&at_work.live) {
        return factor.into_any();
    }
    view! {
        <p>"Exactly this is released. It is checked once more before it is packaged, and again when OBIM fetches it."</p>
        <PostButton action="/_fn/console/information_request/release" label="Release it" class="usa-button" values/>
    }
    .into_any()
}

fn history(happened: &[HappenedRow], people: &People) -> AnyView {
    let row = |row: &HappenedRow| {
        let by = row.by.map_or_else(|| "By itself".to_owned(), |by| name(people, by));
        view! { <tr><th scope="row" class="console-nowrap"><When at=row.at/></th><td>{words::event(&row.event)}</td><td>{by}</td></tr> }
    };
    if happened.is_empty() {
        return ().into_any();
    }
    let rows = happened.iter().map(row).collect_view();
    view! { <h2 id="history">"What happened"</h2><Table id="history" heads=["When", "What", "Who"] narrow=true>{rows}</Table> }
        .into_any()
}
