//! Recording a disclosure that is made by other ways, before it is made.

use domain::Error;
use domain::actor::Action;
use domain::disclosure::to_record;
use leptos::prelude::*;
use shared::agreement::Element;
use shared::disclosure::{Exception, OtherDisclosure, Way};

use super::kept::{TypedTelling, kept};
use super::server::TellingFields;
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::{pairs, value};
use crate::console::service_request::fields::{hidden, post, select, tick};
use crate::console::site::{ACCOUNTING, ACCOUNTING_PEOPLE, PROFILES};

#[component]
pub fn AccountingRecordPage() -> impl IntoView {
    view! { <Layout title="Record a disclosure">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    if !at_work.officer().may_somewhere(Action::RecordDisclosures) {
        return Err(Error::Refused);
    }
    let pairs = pairs();
    let typed = match kept(at_work, &pairs).await? {
        Some(typed) => Some(typed),
        None => begun(at_work, &pairs).await?,
    };
    let Some(typed) = typed else {
        return Ok(view! {
            <p class="console-back"><a href=ACCOUNTING>"Accounting of disclosures"</a></p>
            <p><a href=PROFILES>"Find the person"</a>" first: their accounting leads here."</p>
        }
        .into_any());
    };
    let back = format!("{ACCOUNTING_PEOPLE}/{}", typed.profile);
    let form = form(&typed);
    Ok(view! {
        <p class="console-back"><a href=back>"Accounting of the person"</a></p>
        <NotSaved wrong=typed.wrong/>
        <p>
            "Record it before anything leaves. The person may read all of this but who recorded it and who works for the recipient. Nothing \
             of it is changed afterwards."
        </p>
        {form}
    }
    .into_any())
}

/// A form that nobody has typed in: about a profile, or with what a past recipient was told. None if the address names neither.
async fn begun(at_work: &AtWork, pairs: &[(String, String)]) -> Result<Option<TypedTelling>, Error> {
    if let Some(notice) = value(pairs, "notice").and_then(|id| id.parse().ok()) {
        let found = to_record(&at_work.console.domain, at_work.officer(), notice).await?;
        return Ok(found.map(|(notice, told)| TypedTelling {
            profile: notice.profile.to_string(),
            notice: notice.id.to_string(),
            elements: notice.elements.iter().map(|element| element.key().to_owned()).collect(),
            fields: again(&told),
            wrong: Vec::new(),
        }));
    }
    Ok(value(pairs, "profile").map(|profile| TypedTelling { profile: profile.to_owned(), ..TypedTelling::default() }))
}

/// To the same recipient, from the same record.
fn again(told: &OtherDisclosure) -> TellingFields {
    TellingFields {
        nature: "Correction of what was told before".to_owned(),
        record: told.record.as_str().to_owned(),
        purpose: "Correction, 5 USC 552a(c)(4)".to_owned(),
        exception: told.exception.key().to_owned(),
        citation: told.citation.as_ref().map(|citation| citation.as_str().to_owned()).unwrap_or_default(),
        organization: told.recipient.organization.as_str().to_owned(),
        name: told.recipient.name.as_ref().map(|name| name.expose().as_str().to_owned()).unwrap_or_default(),
        address: told.recipient.address.expose().as_str().to_owned(),
        way: told.way.key().to_owned(),
        ..TellingFields::default()
    }
}

fn form(typed: &TypedTelling) -> AnyView {
    let along = vec![("profile", typed.profile.clone()), ("notice", typed.notice.clone())];
    let what = what(typed);
    let why = why(&typed.fields);
    let to_whom = to_whom(&typed.fields);
    post(
        "/_fn/console/accounting/record",
        view! {
            {hidden(along)}
            {what}
            {why}
            {to_whom}
            <button class="usa-button" type="submit">"Record it"</button>
        },
    )
}

fn what(typed: &TypedTelling) -> AnyView {
    let TellingFields { nature, record, told, documents, .. } = typed.fields.clone();
    let element = |element: Element| {
        let is_ticked = typed.elements.iter().any(|key| key == element.key());
        tick(format!("element-{}", element.key()), "elements[]", element.key(), element.name(), is_ticked)
    };
    view! {
        <Line
            name="telling[nature]"
            label="What kind of telling it is"
            value=nature
            hint="A copy of a record, a letter, an answer by telephone."
        />
        <Line name="telling[record]" label="The record" value=record hint="From which record it is told."/>
        <fieldset class="usa-fieldset">
            <legend class="usa-legend">"What is told"</legend>
            {Element::ALL.map(element).into_iter().collect_view()}
        </fieldset>
        <Line name="telling[told]" label="What else is told" value=told/>
        <Line name="telling[documents]" label="What goes with it" value=documents hint="Documents, with their pages."/>
    }
    .into_any()
}

fn why(fields: &TellingFields) -> AnyView {
    let TellingFields { purpose, citation, exception, .. } = fields.clone();
    let exceptions = Exception::ALL.map(|exception| (exception.key().to_owned(), exception.name().to_owned())).to_vec();
    view! {
        <Line name="telling[purpose]" label="What for" value=purpose/>
        {select("exception", "telling[exception]", "On what it rests", Some("Choose"), exceptions, &exception)}
        <Line
            name="telling[citation]"
            label="Which one"
            value=citation
            hint="The notice and the letter of a routine use, such as DHS/USCIS-007, H; the statute; the order of the court."
        />
    }
    .into_any()
}

fn to_whom(fields: &TellingFields) -> AnyView {
    let TellingFields { organization, name, address, way, .. } = fields.clone();
    let ways = Way::ALL.map(|way| (way.key().to_owned(), way.name().to_owned())).to_vec();
    view! {
        <Line name="telling[organization]" label="Recipient" value=organization hint="An agency, a court, a person."/>
        <Line name="telling[name]" label="Who there" value=name/>
        <Line name="telling[address]" label="Address" value=address/>
        {select("way", "telling[way]", "How it leaves", Some("Choose"), ways, &way)}
    }
    .into_any()
}
