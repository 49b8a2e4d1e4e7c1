//! Proposing a waiver: on what it rests, what it lifts, towards whom, for how long, and the paper.

use domain::Error;
use domain::actor::Action;
use leptos::prelude::*;
use shared::agreement::Partner;
use shared::protection::{Class, WaiverKind};

use super::kept::{TypedWaiver, kept};
use super::words;
use crate::console::account::ask_for_fresh_factor;
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{pairs, value};
use crate::console::service_request::fields::{select, tick};
use crate::console::site::{ADD_WAIVER, WAIVERS};
use crate::csrf::CsrfField;

#[component]
pub fn ProposePage() -> impl IntoView {
    view! { <Layout title="Propose a waiver">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    if !at_work.officer().may_somewhere(Action::DecideWaivers) {
        return Err(Error::Refused);
    }
    let pairs = pairs();
    let typed = match kept(at_work, &pairs).await? {
        Some(typed) => typed,
        None => begun(at_work, value(&pairs, "profile")),
    };
    let rest = match ask_for_fresh_factor(&at_work.live) {
        Some(factor) => factor.into_any(),
        None => form(&typed),
    };
    Ok(view! {
        <p class="console-back"><a href=WAIVERS>"Waivers"</a></p>
        <NotSaved wrong=typed.wrong/>
        <p>"It holds when somebody else has agreed. Nothing of it is changed afterwards: a wrong one is ended, and another proposed."</p>
        {rest}
    }
    .into_any())
}

/// A form that nobody has typed in; about a profile it is its person's consent.
fn begun(at_work: &AtWork, profile: Option<&str>) -> TypedWaiver {
    let kind = profile.map(|_| WaiverKind::Consent.key().to_owned()).unwrap_or_default();
    let person = profile.unwrap_or_default().to_owned();
    TypedWaiver { kind, person, from: at_work.console.domain.today().to_string(), ..TypedWaiver::default() }
}

fn form(typed: &TypedWaiver) -> AnyView {
    let kinds = WaiverKind::ALL.map(|kind| (kind.key().to_owned(), kind.name().to_owned())).to_vec();
    let (person, from, to) = (typed.person.clone(), typed.from.clone(), typed.to.clone());
    view! {
        <form class="usa-form" method="post" action=ADD_WAIVER enctype="multipart/form-data">
            <CsrfField/>
            {select("kind", "kind", "On what it rests", Some("Choose"), kinds, &typed.kind)}
            <Line
                name="person"
                label="Whose consent it is"
                value=person
                hint="The address of the person's profile, from the browser's address bar. Empty if it is no consent."
            />
            {classes(typed)}
            {partners(typed)}
            <Line name="from" label="From" kind="date" value=from hint="The first day on which it holds."/>
            <Line
                name="to"
                label="Until"
                kind="date"
                value=to
                hint="The first day on which it holds no longer. Empty: until somebody ends it."
            />
            {paper()}
            <button class="usa-button" type="submit">"Propose it"</button>
        </form>
    }
    .into_any()
}

fn classes(typed: &TypedWaiver) -> AnyView {
    let class = |class: Class| {
        let is_ticked = typed.classes.iter().any(|key| key == class.key());
        tick(format!("class-{}", class.key()), "classes", class.key(), class.name(), is_ticked)
    };
    view! {
        <fieldset class="usa-fieldset" aria-describedby="classes-hint">
            <legend class="usa-legend">"What it lifts"</legend>
            <span class="usa-hint" id="classes-hint">
                "VAWA, T and U (8 USC 1367) are never lifted by a memorandum. With another waiver counsel decides, each time."
            </span>
            <div>{words::classes().map(class).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn partners(typed: &TypedWaiver) -> AnyView {
    let partner = |partner: Partner| {
        let is_ticked = typed.partners.iter().any(|key| key == partner.key());
        tick(format!("partner-{}", partner.key()), "partners", partner.key(), partner.name(), is_ticked)
    };
    view! {
        <fieldset class="usa-fieldset">
            <legend class="usa-legend">"Countries"</legend>
            {Partner::ALL.map(partner).into_iter().collect_view()}
        </fieldset>
    }
    .into_any()
}

fn paper() -> AnyView {
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for="file">"File of the paper"</label>
            <span class="usa-hint" id="file-hint">
                "The consent, the memorandum or the opinion. At most 10 MB. Its SHA-256 is kept here and not the file: keep that where such papers are kept."
            </span>
            <input class="usa-input" id="file" name="file" type="file" aria-describedby="file-hint"/>
        </div>
    }
    .into_any()
}
