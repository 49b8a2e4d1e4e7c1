//! The forms for a second factor: a code, a passkey.

use leptos::prelude::*;
use shared::identity::FactorKind;

use super::NextField;
use crate::console::form::Line;
use crate::csrf::CsrfField;

/// The forms for what somebody can show. `challenge`: what a passkey is asked, as JSON. `again`: for a session that is there already.
pub fn second_factor(for_session: ForSession, factors: &[FactorKind], challenge: Option<String>) -> impl IntoView + use<> {
    let (code, passkey) = match for_session {
        ForSession::New => ("/_fn/console/sign_in/code", "/_fn/console/sign_in/passkey"),
        ForSession::ThisOne => ("/_fn/console/sign_in/code_again", "/_fn/console/sign_in/passkey_again"),
    };
    let code = factors.contains(&FactorKind::Totp).then(|| {
        view! {
            <form class="usa-form" method="post" action=code>
                <CsrfField/>
                <NextField/>
                <Line
                    name="code"
                    label="Code"
                    hint="The six digits that your authenticator app shows now."
                    autocomplete="one-time-code"
                    numeric=true
                />
                <button class="usa-button" type="submit">"Continue"</button>
            </form>
        }
    });
    let passkey = challenge.map(|challenge| {
        view! {
            <PasskeyForm action=passkey ask="get" options=challenge label="Use a passkey"/>
            <noscript><p>"A passkey needs JavaScript, which this browser has switched off."</p></noscript>
        }
    });
    view! { {passkey}{code} }
}

/// Whether a session begins, or goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForSession {
    New,
    ThisOne,
}

/// A form that the browser's client fills in with what a device gives. It shows itself where that can be done (`passkey`).
#[component]
pub fn PasskeyForm(
    action: &'static str,
    /// `get`, `create`
    ask: &'static str,
    options: String,
    label: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <form class="usa-form" method="post" action=action data-passkey=ask data-options=options hidden>
            <CsrfField/>
            <NextField/>
            <input type="hidden" name="credential" value=""/>
            {children.map(|children| children())}
            <div class="usa-alert usa-alert--error" role="alert" data-passkey-problem hidden>
                <p class="usa-alert__text">"The device gave no passkey, or took too long. Try again."</p>
            </div>
            <button class="usa-button" type="submit">{label}</button>
        </form>
    }
}
