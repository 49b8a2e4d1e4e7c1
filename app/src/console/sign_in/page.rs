//! Signing in: the use notice, the password, the second factor, each by itself on one address.

use domain::identity::{passkey_challenge, pending};
use leptos::prelude::*;

use super::second_factor::{ForSession, second_factor};
use super::{NextField, ProviderLink, SaidNotice};
use crate::console::context::{AtTheDoor, query};
use crate::console::form::{Line, Notice, PostButton, PostForm};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::ENROL;
use crate::console::way_in::Step;

#[component]
pub fn SignInPage() -> impl IntoView {
    // Without a request the list of routes is made.
    let door = AtTheDoor::current()?;
    let ended = query("ended").map(|_| {
        view! { <Notice>"Your session has ended. Sign in again, and you are back where you were."</Notice> }
    });
    let said = door.way.said;
    if !door.way.agreed {
        let notice = use_notice(&door.console.use_notice);
        return Some(
            view! {
                <Layout title="Before you sign in">
                    <div class="console-narrow">{ended}<SaidNotice said/>{notice}</div>
                </Layout>
            }
            .into_any(),
        );
    }
    let is_at_start = !matches!(door.way.at, Step::SecondFactor(_));
    let by_provider = (door.console.has_provider && is_at_start).then(|| {
        view! {
            <ProviderLink label="Sign in with your agency account"/>
            <h2>"Or with an account of this console"</h2>
        }
    });
    let form = match door.way.at.clone() {
        Step::SecondFactor(token) => Suspend::new(factor(door, token)).into_any(),
        Step::Password | Step::Enrolment(_) => password(door.way.name).into_any(),
    };
    let way_in = view! { <div class="console-narrow">{ended}<SaidNotice said/>{by_provider}{form}</div> };
    Some(view! { <Layout title="Sign in">{way_in}</Layout> }.into_any())
}

/// What must be agreed to before anything else (NIST SP 800-53, AC-8).
fn use_notice(paragraphs: &[String]) -> impl IntoView + use<> {
    view! {
        <div class="console-use-notice">{paragraphs.iter().map(|text| view! { <p>{text.clone()}</p> }).collect_view()}</div>
        <PostForm action="/_fn/console/sign_in/agree">
            <NextField/>
            <button class="usa-button" type="submit">"I agree"</button>
        </PostForm>
    }
}

fn password(name: String) -> impl IntoView {
    view! {
        <PostForm action="/_fn/console/sign_in/password">
            <NextField/>
            <Line name="name" label="Sign-in name" autocomplete="username" value=name/>
            <Line name="password" label="Password" kind="password" autocomplete="current-password"/>
            <button class="usa-button" type="submit">"Continue"</button>
        </PostForm>
        <p><a href=ENROL>"I have a code for a new account"</a></p>
        <p>"Lost your password or your device? Two administrators together give you a new code."</p>
    }
}

async fn factor(door: AtTheDoor, token: String) -> AnyView {
    let ctx = &door.console.domain;
    let found = match pending(ctx, &token).await {
        Ok(Some(factors)) => factors,
        Ok(None) => {
            return view! {
                <Notice kind="error">"That took too long. Type your password again."</Notice>
                {password(door.way.name)}
            }
            .into_any();
        }
        Err(error) => return view! { <Problem error/> }.into_any(),
    };
    let challenge = match passkey_challenge(ctx, &token).await {
        Ok(challenge) => challenge,
        Err(error) => return view! { <Problem error/> }.into_any(),
    };
    view! {
        <p>"Your password is right. Now show that you have your device."</p>
        {second_factor(ForSession::New, &found, challenge)}
        <PostButton action="/_fn/console/sign_in/start_over" label="Sign in as somebody else"/>
    }
    .into_any()
}
