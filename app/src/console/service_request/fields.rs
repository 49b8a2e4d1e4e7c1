//! Fields of the forms about requests: short ones in a row, and texts.

use leptos::prelude::*;

use crate::csrf::CsrfField;

/// A form that is sent to a server function: `/_fn/console/service_request/<verb>`. What is in it is made before, so that it may be
/// made of what is borrowed.
pub fn post(action: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! {
        <form class="usa-form" method="post" action=action>
            <CsrfField/>
            {content}
        </form>
    }
    .into_any()
}

/// A list to choose from: values and names. `first` stands for no value.
pub fn select(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    first: Option<&'static str>,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    let option = |(value, name): (String, String)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{name}</option> }
    };
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=id>{label}</label>
            <select class="usa-select" id=id name=name>
                {first.map(|first| view! { <option value="">{first}</option> })}
                {options.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// Several lines of text.
pub fn lines(
    id: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    typed: &str,
    error: Option<&'static str>,
) -> AnyView {
    let hint_id = hint.map(|_| format!("{id}-hint"));
    let error_id = error.map(|_| format!("{id}-error"));
    let described: Vec<String> = [error_id.clone(), hint_id.clone()].into_iter().flatten().collect();
    let group = if error.is_some() { "usa-form-group usa-form-group--error" } else { "usa-form-group" };
    let class = if error.is_some() { "usa-textarea usa-input--error" } else { "usa-textarea" };
    view! {
        <div class=group>
            <label class="usa-label" for=id>{label}</label>
            {hint.map(|hint| view! { <span class="usa-hint" id=hint_id>{hint}</span> })}
            {error.map(|error| view! {
                <span class="usa-error-message" id=error_id><span class="visually-hidden">"Error: "</span>{error}</span>
            })}
            <textarea
                class=class
                id=id
                name="text"
                rows="4"
                aria-describedby=(!described.is_empty()).then(|| described.join(" "))
                aria-invalid=error.map(|_| "true")
            >
                {typed.to_owned()}
            </textarea>
        </div>
    }
    .into_any()
}

/// A box that can be ticked.
pub fn tick(id: String, name: &'static str, value: &'static str, label: &'static str, is_ticked: bool) -> AnyView {
    view! {
        <span class="console-tick">
            <input id=id.clone() type="checkbox" name=name value=value checked=is_ticked/>
            <label for=id>{label}</label>
        </span>
    }
    .into_any()
}

/// Values that a form sends along.
pub fn hidden(values: Vec<(&'static str, String)>) -> AnyView {
    values.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view().into_any()
}
