//! In the browser: forms that want a passkey get one (`WebAuthn`).
//!
//! `<form data-passkey="get" data-options="{..}" hidden>` with a hidden field `credential`: the form shows itself where the browser
//! can do it, and what the device gave is sent as the field. Everything is checked by the server.

use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::js_sys::{Function, JSON, Object, Promise, Reflect};
use web_sys::{Event, HtmlElement, HtmlFormElement, HtmlInputElement};

/// Begins to look after such forms.
pub fn begin() {
    let Ok(forms) = document().query_selector_all("form[data-passkey]") else { return };
    for form in (0..forms.length()).filter_map(|at| forms.item(at)?.dyn_into::<HtmlFormElement>().ok()) {
        look_after(&form);
    }
}

fn look_after(form: &HtmlFormElement) {
    if parser(form).is_err() {
        // The page says what else can be done.
        return;
    }
    form.set_hidden(false);
    let asking = form.clone();
    let submitted = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        event.prevent_default();
        let form = asking.clone();
        spawn_local(async move {
            show_problem(&form, false);
            match credential(&form).await {
                Ok(credential) => send(&form, &credential),
                Err(_) => show_problem(&form, true),
            }
        });
    });
    let _ = form.add_event_listener_with_callback("submit", submitted.as_ref().unchecked_ref());
    submitted.forget();
}

/// What of the browser reads the options; an error where it cannot.
fn parser(form: &HtmlFormElement) -> Result<(JsValue, Function), JsValue> {
    let name = match form.get_attribute("data-passkey").as_deref() {
        Some("create") => "parseCreationOptionsFromJSON",
        _ => "parseRequestOptionsFromJSON",
    };
    let class = Reflect::get(&window(), &"PublicKeyCredential".into())?;
    let parser = Reflect::get(&class, &name.into())?.dyn_into()?;
    Ok((class, parser))
}

async fn credential(form: &HtmlFormElement) -> Result<String, JsValue> {
    let options = JSON::parse(&form.get_attribute("data-options").unwrap_or_default())?;
    let (class, parser) = parser(form)?;
    let public_key = parser.call1(&class, &Reflect::get(&options, &"publicKey".into())?)?;
    let request = Object::new();
    Reflect::set(&request, &"publicKey".into(), &public_key)?;
    let credentials = Reflect::get(&window().navigator(), &"credentials".into())?;
    let ask: Function = Reflect::get(&credentials, &form.get_attribute("data-passkey").unwrap_or_default().into())?.dyn_into()?;
    let given = JsFuture::from(ask.call1(&credentials, &request)?.dyn_into::<Promise>()?).await?;
    let to_json: Function = Reflect::get(&given, &"toJSON".into())?.dyn_into()?;
    JSON::stringify(&to_json.call0(&given)?).map(String::from)
}

fn send(form: &HtmlFormElement, credential: &str) {
    let field =
        form.query_selector("input[name=credential]").ok().flatten().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    let Some(field) = field else { return };
    field.set_value(credential);
    let _ = form.submit();
}

fn show_problem(form: &HtmlFormElement, is_shown: bool) {
    let problem = form.query_selector("[data-passkey-problem]").ok().flatten();
    if let Some(problem) = problem.and_then(|problem| problem.dyn_into::<HtmlElement>().ok()) {
        problem.set_hidden(!is_shown);
    }
}
