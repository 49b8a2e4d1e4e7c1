//! Drafting a version: from the one that was signed last, or from a draft, by a form for what changes often; or from a file.

use domain::Error;
use domain::actor::Action;
use domain::agreement::{PartnerFile, StoredVersion, document, of_partner};
use leptos::prelude::*;
use shared::agreement::{
    Agreement, AgreementVersion, Capability, CapabilityStatus, Condition, Element, EnrolmentCapability, Party, Priority,
};

use super::address::{partner_at_hand, partner_path, shown, version_at, version_path};
use super::kept::{Kept, TypedDraft, kept};
use super::typed::{self, Fields};
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved, Notice, PostButton};
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, value};
use crate::console::service_request::fields::{hidden, post};
use crate::console::site::IMPORT_AGREEMENT;
use crate::csrf::CsrfField;

#[component]
pub fn DraftPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Draft of an agreement"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::DraftAgreements) {
        return Err(Error::Refused);
    }
    let partner = partner_at_hand()?;
    let file = of_partner(ctx, officer, partner).await?;
    let (typed, said) = match kept(at_work, partner).await? {
        Some(Kept::Form(typed)) => (Some(typed), None),
        Some(Kept::File { said, .. }) => (None, Some(said)),
        None => (None, None),
    };
    let made_from = made_from(&file, typed.as_ref());
    let source = match made_from {
        Some(version) => document(ctx, officer, partner, version).await?,
        None => None,
    };
    let today = ctx.today().to_string();
    let form = source.map_or_else(|| starter(partner), |source| form(&source, typed, &today));
    let upload = upload(partner, said, &today);
    Ok(view! {
        <Layout title=format!("{}: draft a version", partner.name())>
            <p class="console-back"><a href=partner_path(partner)>"Agreement with "{partner.name()}</a></p>
            {form}
            {upload}
        </Layout>
    }
    .into_any())
}

/// What is changed: what was typed already, what the address names, or the version that was signed last.
fn made_from(file: &PartnerFile, typed: Option<&TypedDraft>) -> Option<AgreementVersion> {
    let typed = typed.and_then(|typed| AgreementVersion::new(typed.made_from));
    let named = value(&pairs(), "from").and_then(version_at);
    let last = file.status.to_come.as_ref().or(file.status.in_force.as_ref()).map(|head| head.version);
    typed.or(named).or(last)
}

/// In place of the form, where nothing was signed.
fn starter(partner: Party) -> AnyView {
    let words = match partner {
        Party::Country(_) => {
            "Nothing was signed with this partner. The starter document has the instruments of Appendix A of PIA-060(a), and says of each capability \
             what is a fact and what an example to be replaced."
        }
        Party::Ident => {
            "No terms with IDENT were signed. The starter document says what is a fact and what an example to be replaced; under it nothing is added \
             to IDENT yet."
        }
    };
    view! {
        <p>{words}</p>
        <PostButton
            action="/_fn/console/agreement/starter"
            label="Draft the starter document"
            class="usa-button"
            values=vec![("partner", partner.key().to_owned())]
        />
    }
    .into_any()
}

fn form(source: &StoredVersion, typed: Option<TypedDraft>, today: &str) -> AnyView {
    let StoredVersion { head, document } = source;
    let (fields, holds_from, wrong) = match typed {
        Some(typed) => (typed.fields, typed.holds_from, typed.wrong),
        None => (typed::of(document), today.to_owned(), Vec::new()),
    };
    let href = version_path(head.partner, head.version);
    let along = vec![("partner", head.partner.key().to_owned()), ("made_from", head.version.number().to_string())];
    let capabilities = capabilities(document, &fields);
    view! {
        <NotSaved wrong/>
        <p>
            "You change "<a href=href>"version "{head.version.number().to_string()}</a>
            ". If it is a draft, the new one takes its place. Instruments, purposes and all that has no field here is changed in a file."
        </p>
        {post(
            "/_fn/console/agreement/draft",
            view! {
                {hidden(along)}
                <Line
                    name="holds_from"
                    label="In force from"
                    kind="date"
                    hint="Today or later. If it is signed later than that, from the day of the second signature."
                    value=holds_from
                />
                {capabilities}
                <button class="usa-button" type="submit">"Draft it"</button>
            },
        )}
    }
    .into_any()
}

fn capabilities(document: &Agreement, fields: &Fields) -> AnyView {
    let all = document.capabilities.iter().enumerate().map(|(at, one)| capability(at, one, fields));
    let enrolments = document.enrolments.iter().enumerate().map(|(at, one)| enrolment(at, one, fields));
    all.chain(enrolments).collect_view().into_any()
}

fn pair((key, name): (&str, &str)) -> (String, String) {
    (key.to_owned(), name.to_owned())
}

/// What every capability has: its status and its end.
fn time(field: impl Fn(&str) -> String, value: impl Fn(&str) -> String) -> AnyView {
    let statuses = CapabilityStatus::ALL.map(|status| pair((status.key(), status.name()))).to_vec();
    view! {
        {choice(&field("status"), "Status", statuses, &value("status"))}
        {line(&field("to"), "Until", "date", value("to"))}
    }
    .into_any()
}

/// The fields of a capability, folded.
fn capability(at: usize, capability: &Capability, fields: &Fields) -> AnyView {
    let field = |part: &str| typed::name(at, part);
    let value = |part: &str| fields.get(&field(part)).cloned().unwrap_or_default();
    let hours = |priority: Priority| {
        let label = match priority {
            Priority::High => "Hours, high priority",
            Priority::Medium => "Hours, medium priority",
            Priority::Low => "Hours, low priority",
        };
        line(&field(priority.key()), label, "text", value(priority.key()))
    };
    let told = |element: Element| {
        let conditions = Condition::ALL.map(|condition| pair((condition.key(), condition.name())));
        let options = std::iter::once(pair((typed::WITHHELD, "not told"))).chain(conditions).collect();
        choice(&field(element.key()), element.name(), options, &value(element.key()))
    };
    let summary = format!("{}: {}", capability.slot(), capability.status.name().to_lowercase());
    view! {
        <details class="console-details">
            <summary>{summary}</summary>
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">{capability.slot().to_string()}</legend>
                <div class="console-row">
                    {time(field, value)}
                    {line(&field("quota"), "Queries in a year", "text", value("quota"))}
                    {Priority::ALL.map(hours).collect_view()}
                </div>
            </fieldset>
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"May be told"</legend>
                <div class="console-row">{typed::elements(capability).into_iter().map(told).collect_view()}</div>
            </fieldset>
        </details>
    }
    .into_any()
}

/// The fields of a capability to enrol.
fn enrolment(at: usize, enrolment: &EnrolmentCapability, fields: &Fields) -> AnyView {
    let field = |part: &str| typed::enrolment(at, part);
    let value = |part: &str| fields.get(&field(part)).cloned().unwrap_or_default();
    let legend = format!("Enrolment from {}: {}", enrolment.from, enrolment.status.name().to_lowercase());
    view! {
        <fieldset class="usa-fieldset">
            <legend class="usa-legend">{legend}</legend>
            <div class="console-row">{time(field, value)}</div>
        </fieldset>
    }
    .into_any()
}

/// The id and the name of a field.
fn names(field: &str) -> (String, String) {
    (field.replace('.', "-"), format!("fields[{field}]"))
}

fn line(field: &str, label: &'static str, kind: &'static str, value: String) -> AnyView {
    let (id, name) = names(field);
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=id.clone()>{label}</label>
            <input class="usa-input" id=id name=name type=kind value=value autocomplete="off" inputmode=(kind == "text").then_some("numeric")/>
        </div>
    }
    .into_any()
}

fn choice(field: &str, label: &'static str, options: Vec<(String, String)>, chosen: &str) -> AnyView {
    let (id, name) = names(field);
    let option = |(value, name): (String, String)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{name}</option> }
    };
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=id.clone()>{label}</label>
            <select class="usa-select" id=id name=name>{options.into_iter().map(option).collect_view()}</select>
        </div>
    }
    .into_any()
}

fn upload(partner: Party, said: Option<String>, today: &str) -> AnyView {
    view! {
        <section aria-labelledby="import">
            <h2 id="import">"From a file"</h2>
            {said.map(|said| view! { <Notice kind="error">{said}</Notice> })}
            <form class="usa-form" method="post" action=IMPORT_AGREEMENT enctype="multipart/form-data">
                <CsrfField/>
                {hidden(vec![("partner", partner.key().to_owned())])}
                <Line id="file-holds-from" name="holds_from" label="In force from" kind="date" value=today.to_owned()/>
                <div class="usa-form-group">
                    <label class="usa-label" for="file">"File"</label>
                    <span class="usa-hint" id="file-hint">"As the page of a version saves it. At most 2 MB. Its version number does not count."</span>
                    <input class="usa-input" id="file" name="file" type="file" accept=".json,application/json" aria-describedby="file-hint"/>
                </div>
                <button class="usa-button usa-button--outline" type="submit">"Draft from the file"</button>
            </form>
        </section>
    }
    .into_any()
}
