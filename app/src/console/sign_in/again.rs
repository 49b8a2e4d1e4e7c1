//! The second factor once more: a locked session is opened, or something sensitive is about to be done.

use domain::identity::{AccountLabel, Standing, standing, step_up_challenge};
use leptos::prelude::*;
use shared::identity::{FactorKind, Method};

use super::second_factor::{ForSession, second_factor};
use super::{ProviderLink, SaidNotice, next};
use crate::console::context::AtTheDoor;
use crate::console::form::PostButton;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::{SIGN_IN, leading_on};

#[component]
pub fn AgainPage() -> impl IntoView {
    let door = AtTheDoor::current()?;
    let said = door.way.said;
    Some(view! {
        <Layout title="Show your second factor">
            <div class="console-narrow"><SaidNotice said/>{Suspend::new(again(door))}</div>
        </Layout>
    })
}

async fn again(door: AtTheDoor) -> AnyView {
    let Some(token) = door.session else { return over() };
    let ctx = &door.console.domain;
    let (account, why, method) = match standing(ctx, token.0.expose()).await {
        Ok(Standing::Locked(shut)) => (shut.account, "This session is locked.", shut.method),
        Ok(Standing::Open(live)) => (live.account, "What comes next needs a fresh proof that it is you.", live.method),
        Ok(Standing::None) => return over(),
        Err(error) => return view! { <Problem error/> }.into_any(),
    };
    if method == Method::Provider {
        return at_provider(&account, why).into_any();
    }
    match step_up_challenge(ctx, token.0.expose()).await {
        Ok(challenge) => forms(&account, why, challenge).into_any(),
        Err(error) => view! { <Problem error/> }.into_any(),
    }
}

/// Whoever came by the provider has nothing to show here.
fn at_provider(account: &AccountLabel, why: &'static str) -> impl IntoView + use<> {
    view! {
        <p>{why}" You are signed in as "<strong>{account.name.as_str().to_owned()}</strong>"."</p>
        <ProviderLink label="Show it with your agency account" again=true/>
        <PostButton action="/_fn/console/sign_in/leave" label="Sign out"/>
    }
}

fn forms(account: &AccountLabel, why: &'static str, challenge: Option<String>) -> impl IntoView + use<> {
    view! {
        <p>{why}" You are signed in as "<strong>{account.name.as_str().to_owned()}</strong>"."</p>
        {second_factor(ForSession::ThisOne, &[FactorKind::Totp], challenge)}
        <PostButton action="/_fn/console/sign_in/leave" label="Sign out"/>
    }
}

fn over() -> AnyView {
    view! { <p>"There is no session any more. "<a href=leading_on(SIGN_IN, next().as_deref())>"Sign in"</a>"."</p> }.into_any()
}
