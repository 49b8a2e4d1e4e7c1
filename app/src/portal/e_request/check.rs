//! All answers once more before they are sent, each with a way back.

use domain::e_request::Catalogue;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use shared::document::DocumentView;
use shared::e_request::{Asked, Step};

use super::field::Shown;
use super::server::SendRequest;
use super::{START, path_of};
use crate::csrf::CsrfField;
use crate::text::text;

pub fn check_page(shown: &Shown<'_>, documents: &[DocumentView]) -> impl IntoView + use<> {
    let (draft, locale) = (shown.draft, shown.locale);
    let rule = draft.rule();
    let section = |step: Step| {
        let asked = rule.asked(step, &draft.answers);
        (!asked.is_empty()).then(|| {
            let entries = asked.into_iter().map(|asked| entry(shown, asked)).collect_view();
            let name = super::progress::name(step, locale);
            view! {
                <div class="portico-given">
                    <h2>{name}</h2>
                    <dl class="portico-facts">{entries}</dl>
                    <p>
                        <a href=locale.path(path_of(step))>
                            {text!(locale, e_request.change)}
                            <span class="visually-hidden">": "{name}</span>
                        </a>
                    </p>
                </div>
            }
        })
    };
    let attached = rule.takes_documents.then(|| {
        let names = documents.iter().map(|document| view! { <li class="portico-typed">{document.name.as_str().to_owned()}</li> });
        let none = documents.is_empty().then(|| view! { <p>{text!(locale, document.none)}</p> });
        let name = super::progress::name(Step::Documents, locale);
        view! {
            <div class="portico-given">
                <h2>{name}</h2>
                {none}
                {(!documents.is_empty()).then(|| view! { <ul>{names.collect_view()}</ul> })}
                <p>
                    <a href=locale.path(path_of(Step::Documents))>
                        {text!(locale, e_request.change)}
                        <span class="visually-hidden">": "{name}</span>
                    </a>
                </p>
            </div>
        }
    });
    let kind = Catalogue::get().kind_wording(draft.kind, locale).map(|wording| wording.title.clone());
    view! {
        <p class="portico-lead">{text!(locale, e_request.check_lead)}</p>
        <div class="portico-given">
            <h2>{text!(locale, e_request.what_about)}</h2>
            <p>{kind}</p>
            <p><a href=locale.path(START)>{text!(locale, e_request.change)}<span class="visually-hidden">": "{text!(locale, e_request.what_about)}</span></a></p>
        </div>
        {rule.steps().into_iter().map(section).collect_view()}
        {attached}
        <p>{text!(locale, e_request.check_true)}</p>
        <form class="portico-form" action=SendRequest::url() method="post">
            <CsrfField/>
            <input type="hidden" name="locale" value=locale.tag()/>
            <button class="usa-button" type="submit">{text!(locale, e_request.send)}</button>
        </form>
    }
}

fn entry(shown: &Shown<'_>, asked: Asked) -> impl IntoView + use<> {
    let answer = shown.in_words(asked.field);
    let answer = if answer.is_empty() { text!(shown.locale, e_request.not_given).to_owned() } else { answer };
    view! { <div><dt>{shown.wording(asked.field).label}</dt><dd class="portico-typed">{answer}</dd></div> }
}
