//! The form of a draft, and its documents.

use domain::information_request::{DocumentRow, RequestView};
use leptos::prelude::*;
use shared::agreement::Element;
use shared::information_request::HeldBack;
use shared::partner_query::ValueKind;

use super::kept::{TOLD, TypedDraft};
use crate::console::form::PostButton;
use crate::console::service_request::fields::{hidden, post};
use crate::console::site::{ADD_RELEASE_DOCUMENT, INFORMATION_REQUESTS};
use crate::console::table::{Head, Table, count};
use crate::csrf::CsrfField;

/// For each element that may be told: tell it, or hold it back and why.
pub fn form(view: &RequestView, typed: &TypedDraft) -> AnyView {
    let choices = view.decision.allowed().map(|element| choice(element, typed.chosen(element))).collect_view();
    let along = vec![("id", view.row.id.to_string()), ("version", view.version.to_string())];
    let (caveats, compared_with) = (typed.caveats.clone(), typed.compared_with.clone());
    post(
        "/_fn/console/information_request/keep",
        view! {
            {hidden(along)}
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"What may be told, and what becomes of it"</legend>
                {choices}
            </fieldset>
            <div class="usa-form-group">
                <label class="usa-label" for="caveats">"Caveats"</label>
                <span class="usa-hint" id="caveats-hint">"On what condition it is told, and how it is to be handled. The partner reads this."</span>
                <textarea class="usa-textarea" id="caveats" name="caveats" rows="3" aria-describedby="caveats-hint">{caveats}</textarea>
            </div>
            <div class="usa-form-group">
                <label class="usa-label" for="compared_with">"Compared with"</label>
                <span class="usa-hint" id="compared_with-hint">"With which file, and when, so that what is told is accurate: A-File, paper, 22 November."</span>
                <input
                    class="usa-input"
                    id="compared_with"
                    name="compared_with"
                    value=compared_with
                    autocomplete="off"
                    aria-describedby="compared_with-hint"
                />
            </div>
            <button class="usa-button" type="submit">"Save the draft"</button>
        },
    )
}

fn choice(element: Element, chosen: &str) -> AnyView {
    let id = format!("choice-{}", element.key());
    let option = |key: &'static str, name: String| {
        let is_chosen = key == chosen;
        view! { <option value=key selected=is_chosen>{name}</option> }
    };
    let reasons = HeldBack::ALL.map(|reason| option(reason.key(), format!("Hold back: {}", reason.name())));
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=id.clone()>{element.name()}</label>
            <select class="usa-select" id=id name=format!("choice[{}]", element.key())>
                <option value="">"Choose"</option>
                {option(TOLD, "Tell".to_owned())}
                {reasons.into_iter().collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// The documents of a request; who prepares it adds others and takes some out.
pub fn documents(view: &RequestView, prepares: bool) -> AnyView {
    let wanted: Vec<Element> = view.decision.allowed().filter(|element| ValueKind::of(*element) == ValueKind::Enclosed).collect();
    if wanted.is_empty() && view.documents.is_empty() {
        return ().into_any();
    }
    let request = view.row.id;
    let row = |document: &DocumentRow| {
        let about = document.element.name();
        let page = format!("{INFORMATION_REQUESTS}/{request}/documents/{}", document.id);
        let taken_out = match document.areas.len() {
            0 => "nothing".to_owned(),
            areas => count(areas, "area", "areas"),
        };
        let remove = prepares.then(|| {
            let values = vec![("id", request.to_string()), ("document", document.id.to_string())];
            view! { <PostButton action="/_fn/console/information_request/remove" label="Take out" about values/> }
        });
        view! {
            <tr>
                <th scope="row"><a href=page>{about}</a></th>
                <td>{document.kind.key().to_uppercase()}</td>
                <td class="console-figure">{document.bytes.div_ceil(1024).to_string()}</td>
                <td>{taken_out}</td>
                <td>{remove}</td>
            </tr>
        }
    };
    let list = if view.documents.is_empty() {
        view! { <p>"None yet."</p> }.into_any()
    } else {
        let rows = view.documents.iter().map(row).collect_view();
        let heads = ["What it is", "Kind", "KB", "Taken out of it", "To do"]
            .map(|name| if name == "KB" { Head::Figure(name) } else { Head::Text(name) });
        view! { <Table id="documents" heads>{rows}</Table> }.into_any()
    };
    let add = (prepares && !wanted.is_empty()).then(|| add(view, &wanted));
    view! { <h2 id="documents">"Documents"</h2>{list}{add} }.into_any()
}

fn add(view: &RequestView, wanted: &[Element]) -> AnyView {
    let option = |element: &Element| view! { <option value=element.key()>{element.name()}</option> };
    view! {
        <form class="usa-form" method="post" action=ADD_RELEASE_DOCUMENT enctype="multipart/form-data">
            <CsrfField/>
            <input type="hidden" name="id" value=view.row.id.to_string()/>
            <div class="usa-form-group">
                <label class="usa-label" for="element">"What it is"</label>
                <select class="usa-select" id="element" name="element">
                    <option value="">"Choose"</option>
                    {wanted.iter().map(option).collect_view()}
                </select>
            </div>
            <div class="usa-form-group">
                <label class="usa-label" for="file">"File"</label>
                <span class="usa-hint" id="file-hint">"JPEG, PNG or PDF, at most 10 MB."</span>
                <input class="usa-input" id="file" name="file" type="file" aria-describedby="file-hint"/>
            </div>
            <button class="usa-button usa-button--outline" type="submit">"Add the document"</button>
        </form>
    }
    .into_any()
}
