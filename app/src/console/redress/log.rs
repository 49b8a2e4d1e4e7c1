//! Logging a request that came in.

use domain::Error;
use domain::actor::Action;
use leptos::prelude::*;
use shared::locale::Locale;
use shared::redress::{Basis, Channel, RedressKind};

use super::kept::{Kept, TypedRequest, kept};
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{post, select};
use crate::console::site::REDRESS;

#[component]
pub fn LogPage() -> impl IntoView {
    view! { <Layout title="Log a request for redress">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    if !at_work.officer().may_somewhere(Action::HandleRedress) {
        return Err(Error::Refused);
    }
    let typed = match kept(at_work, &pairs()).await? {
        Some(Kept::Request(typed)) => typed,
        _ => TypedRequest { received_on: at_work.console.domain.today().to_string(), ..TypedRequest::default() },
    };
    let form = form(&typed);
    Ok(view! {
        <p class="console-back"><a href=REDRESS>"Redress"</a></p>
        <NotSaved wrong=typed.wrong/>
        <p>"Its clock began on the day on which it came, not on the day on which it is logged."</p>
        {form}
    }
    .into_any())
}

fn form(typed: &TypedRequest) -> AnyView {
    let kinds = RedressKind::ALL.map(|kind| (kind.key().to_owned(), kind.name().to_owned())).to_vec();
    let law = |basis: Basis| (basis.key().to_owned(), format!("{}, {}", basis.name(), basis.citation()));
    let channels = Channel::ALL.map(|channel| (channel.key().to_owned(), channel.name().to_owned())).to_vec();
    let tongues = [(Locale::En, "English"), (Locale::Es, "Spanish")];
    let tongues = tongues.map(|(locale, name)| (locale.tag().to_owned(), name.to_owned())).to_vec();
    let received_on = typed.received_on.clone();
    post(
        "/_fn/console/redress/log",
        view! {
            {select("kind", "kind", "What is asked", Some("Choose"), kinds, &typed.kind)}
            {select("basis", "basis", "Law", Some("Choose"), Basis::ALL.map(law).to_vec(), &typed.basis)}
            {select("channel", "channel", "How it came", Some("Choose"), channels, &typed.channel)}
            {select("locale", "locale", "Language of the answer", None, tongues, &typed.locale)}
            <Line name="received_on" label="Received on" kind="date" value=received_on/>
            <Line name="name" label="Name" value=typed.name.clone() hint="Of who asks: the answer is addressed so."/>
            {text("address", "Address", "Where the answer goes: at most four lines.", &typed.address)}
            {text("words", "In the person's words", "What they ask, with the numbers and the birth date that they gave.", &typed.words)}
            {text("evidence", "Evidence", "What was brought or sent along. A correction needs some.", &typed.evidence)}
            <button class="usa-button" type="submit">"Log it"</button>
        },
    )
}

/// Several lines of text, by their own name.
fn text(name: &'static str, label: &'static str, hint: &'static str, typed: &str) -> AnyView {
    let hint_id = format!("{name}-hint");
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=name>{label}</label>
            <span class="usa-hint" id=hint_id.clone()>{hint}</span>
            <textarea class="usa-textarea" id=name name=name rows="4" aria-describedby=hint_id>{typed.to_owned()}</textarea>
        </div>
    }
    .into_any()
}
