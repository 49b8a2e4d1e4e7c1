//! Asking partners about a person: which, what for, and with which fingerprints; or asking one back that asked us.

use domain::Error;
use domain::actor::Action;
use domain::partner_query::{TheirQuery, of_profile};
use leptos::prelude::*;
use shared::agreement::{Partner, Priority, Purpose};
use shared::country;
use shared::locale::Locale;
use uuid::Uuid;

use super::kept::{TypedAsk, kept};
use crate::console::answer::shown;
use crate::console::context::AtWork;
use crate::console::form::NotSaved;
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, value};
use crate::console::service_request::fields::{hidden, lines, select, tick};
use crate::console::site::{PROFILES, QUERIES, SEND_QUERY};
use crate::console::when::When;
use crate::csrf::CsrfField;

/// Countries that can be named as ones that are feared.
const MOST_FEARED: usize = 3;
const FEARED: [(&str, &str); MOST_FEARED] =
    [("country-1", "Country"), ("country-2", "Another country"), ("country-3", "A third country")];

#[component]
pub fn AskPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Ask partner countries"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    if !at_work.console.domain.shares() || !at_work.officer().may_somewhere(Action::AskPartners) {
        return Err(Error::Refused);
    }
    let pairs = pairs();
    let named = |name: &str| value(&pairs, name).unwrap_or_default().to_owned();
    let typed = match kept(at_work, &pairs).await? {
        Some(typed) => typed,
        None => TypedAsk { profile: named("profile"), case: named("case"), back: named("back"), ..TypedAsk::default() },
    };
    let profile = format!("{PROFILES}/{}", typed.profile);
    let (wrong, rest) = (typed.wrong.clone(), by(at_work, &typed).await?.view(&typed));
    Ok(view! {
        <Layout title="Ask partner countries">
            <p class="console-back"><a href=QUERIES>"Queries"</a></p>
            <NotSaved wrong/>
            <p>"The question goes to each country through IDENT, after a check of the agreement and of the person's protection. "
                <a href=profile>"The profile"</a></p>
            {rest}
        </Layout>
    }
    .into_any())
}

/// By what a partner is to find the person.
enum By {
    Prints,
    TheirQuery(Box<TheirQuery>),
    /// The partner's query is not to be seen: there is none, or the profile is not open any more.
    Gone,
}

async fn by(at_work: &AtWork, typed: &TypedAsk) -> Result<By, Error> {
    if typed.back.is_empty() {
        return Ok(By::Prints);
    }
    let profile: Uuid = typed.profile.parse().unwrap_or_default();
    let found = of_profile(&at_work.console.domain, at_work.officer(), profile).await?;
    let theirs = found.theirs.into_iter().find(|one| one.id.to_string() == typed.back);
    Ok(theirs.map_or(By::Gone, |theirs| By::TheirQuery(Box::new(theirs))))
}

impl By {
    fn view(self, typed: &TypedAsk) -> AnyView {
        match self {
            Self::Prints => form(typed, countries(typed), prints()),
            Self::Gone => view! { <p>"Open the profile first, and choose there whom to ask back."</p> }.into_any(),
            Self::TheirQuery(theirs) => ask_back(typed, &theirs),
        }
    }
}

fn ask_back(typed: &TypedAsk, theirs: &TheirQuery) -> AnyView {
    let (partner, number) = (theirs.partner, theirs.transaction_number.clone());
    let about = view! {
        <p>
            {partner.name()}" asked about the person, and was told on "<When at=theirs.answered_at/>" that we know them. "
            "The question carries the number of that query, "<strong>{number}</strong>", and no fingerprints."
        </p>
    };
    if let Some(against) = theirs.against {
        return view! { {about}<p>{partner.name()}" cannot be asked back: "{against.name()}"."</p> }.into_any();
    }
    let along = hidden(vec![("back", theirs.id.to_string()), ("partners", partner.key().to_owned())]);
    let form = form(typed, along, ().into_any());
    view! { {about}{form} }.into_any()
}

fn countries(typed: &TypedAsk) -> AnyView {
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

fn prints() -> AnyView {
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for="prints">"Fingerprints"</label>
            <span class="usa-hint" id="prints-hint">"An ANSI/NIST-ITL file of the type IIQ1, with one to ten prints. They are destroyed when the search is over."</span>
            <input class="usa-input" id="prints" name="prints" type="file" aria-describedby="prints-hint"/>
        </div>
    }
    .into_any()
}

/// The question, with whom it goes to before it and by what they find the person after it.
fn form(typed: &TypedAsk, whom: AnyView, by: AnyView) -> AnyView {
    let purposes = Purpose::ALL.map(|purpose| (purpose.key().to_owned(), purpose.name().to_owned())).to_vec();
    let priorities = Priority::ALL.map(|priority| (priority.key().to_owned(), priority.name().to_owned())).to_vec();
    view! {
        <form class="usa-form" method="post" action=SEND_QUERY enctype="multipart/form-data">
            <CsrfField/>
            {hidden(vec![("profile", typed.profile.clone()), ("case", typed.case.clone())])}
            {whom}
            {select("purpose", "purpose", "What for", Some("Choose"), purposes, &typed.purpose)}
            {select("priority", "priority", "How soon", Some("Choose"), priorities, &typed.priority)}
            {feared(typed)}
            {by}
            {lines("why", "Why", Some("What you want to learn for the case. Whoever approves more reads it."), &typed.text, None)}
            <button class="usa-button" type="submit">"Ask"</button>
        </form>
    }
    .into_any()
}

/// A country that the person fears is never asked about them (SOR/2002-227 s. 315.4(2), 8 CFR 208.6).
fn feared(typed: &TypedAsk) -> AnyView {
    let choice = |value: &'static str, label: &'static str| {
        let id = format!("feared-{value}");
        let is_chosen = typed.feared == value;
        view! {
            <div class="usa-radio">
                <input class="usa-radio__input" id=id.clone() type="radio" name="feared" value=value checked=is_chosen/>
                <label class="usa-radio__label" for=id>{label}</label>
            </div>
        }
    };
    let countries: Vec<(String, String)> =
        country::countries(Locale::En).into_iter().map(|country| (country.code.to_owned(), country.name.to_owned())).collect();
    let named = |(at, (id, label)): (usize, (&'static str, &'static str))| {
        let chosen = typed.countries.get(at).map_or("", String::as_str);
        select(id, "countries", label, Some("None"), countries.clone(), chosen)
    };
    view! {
        <fieldset class="usa-fieldset">
            <legend class="usa-legend">"Does the person say that a country persecuted them?"</legend>
            {choice("none", "No country")}
            {choice("some", "Yes, these:")}
            {FEARED.into_iter().enumerate().map(named).collect_view()}
        </fieldset>
    }
    .into_any()
}
