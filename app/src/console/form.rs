//! Parts of the console's forms.

use leptos::prelude::*;

use crate::csrf::CsrfField;

/// A form that is sent to a server function: `/_fn/console/<module>/<verb>`.
#[component]
pub fn PostForm(action: &'static str, children: Children) -> impl IntoView {
    view! {
        <form class="usa-form" method="post" action=action>
            <CsrfField/>
            {children()}
        </form>
    }
}

/// A button that is a form of its own, with the values that it sends.
#[component]
pub fn PostButton(
    action: &'static str,
    label: &'static str,
    #[prop(default = "usa-button usa-button--outline")] class: &'static str,
    /// What the button is about, for who hears it by itself: `Firefox on Linux`.
    #[prop(optional, into)]
    about: String,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional)] values: Vec<(&'static str, String)>,
) -> impl IntoView {
    let about = (!about.is_empty()).then(|| view! { <span class="visually-hidden">" "{about}</span> });
    let field = |(name, value): (&'static str, String)| view! { <input type="hidden" name=name value=value/> };
    view! {
        <form method="post" action=action>
            <CsrfField/>
            {values.into_iter().map(field).collect_view()}
            <button class=class id=id type="submit">{label}{about}</button>
        </form>
    }
}

/// One line to fill in.
#[component]
pub fn Line(
    name: &'static str,
    label: &'static str,
    /// Of its element; the name, if no other field of the page has it.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] error: Option<&'static str>,
    #[prop(optional)] numeric: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.to_owned());
    let hint_id = hint.map(|_| format!("{id}-hint"));
    let error_id = error.map(|_| format!("{id}-error"));
    let described: Vec<String> = [error_id.clone(), hint_id.clone()].into_iter().flatten().collect();
    let group = if error.is_some() { "usa-form-group usa-form-group--error" } else { "usa-form-group" };
    let class = if error.is_some() { "usa-input usa-input--error" } else { "usa-input" };
    view! {
        <div class=group>
            <label class="usa-label" for=id.clone()>{label}</label>
            {hint.map(|hint| view! { <span class="usa-hint" id=hint_id>{hint}</span> })}
            {error.map(|error| view! {
                <span class="usa-error-message" id=error_id><span class="visually-hidden">"Error: "</span>{error}</span>
            })}
            <input
                class=class
                id=id
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                inputmode=numeric.then_some("numeric")
                aria-describedby=(!described.is_empty()).then(|| described.join(" "))
                aria-invalid=error.map(|_| "true")
            />
        </div>
    }
}

/// Why a form was not saved: everything that is wrong with it at once.
#[component]
pub fn NotSaved(wrong: Vec<String>) -> impl IntoView {
    (!wrong.is_empty()).then(|| {
        view! {
            <div class="usa-alert usa-alert--error" role="alert">
                <div class="usa-alert__body">
                    <p class="usa-alert__text">"Not saved. What you typed is still here."</p>
                    <ul id="wrong">{wrong.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                </div>
            </div>
        }
    })
}

/// What a page says above all else: how the last step ended.
#[component]
pub fn Notice(#[prop(default = "info")] kind: &'static str, children: Children) -> impl IntoView {
    let role = if kind == "error" { "alert" } else { "status" };
    view! {
        <div class=format!("usa-alert usa-alert--{kind}") role=role>
            <div class="usa-alert__body"><p class="usa-alert__text">{children()}</p></div>
        </div>
    }
}
