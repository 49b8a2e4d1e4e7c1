//! The one-time way in of somebody who has no password and second factor yet, or not any more.

use domain::identity::{Invited, TotpSetup, invitation, invitation_passkey, invitation_totp};
use leptos::prelude::*;

use super::SaidNotice;
use super::second_factor::PasskeyForm;
use crate::console::context::AtTheDoor;
use crate::console::form::{Line, Notice, PostForm};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::qr::QrCode;
use crate::console::site::SIGN_IN;
use crate::console::way_in::Step;

#[component]
pub fn EnrolPage() -> impl IntoView {
    let door = AtTheDoor::current()?;
    let said = door.way.said;
    Some(view! {
        <Layout title="Set up your account">
            <div class="console-narrow"><SaidNotice said/>{Suspend::new(enrol(door))}</div>
        </Layout>
    })
}

async fn enrol(door: AtTheDoor) -> AnyView {
    let Step::Enrolment(code) = &door.way.at else { return ask_for_code().into_any() };
    match found(&door, code).await {
        Ok(Some(found)) => set_up(found).into_any(),
        Ok(None) => view! {
            <Notice kind="error">"That code is wrong, too old, or was used already. Ask an administrator for a new one."</Notice>
            {ask_for_code()}
        }
        .into_any(),
        Err(error) => view! { <Problem error/> }.into_any(),
    }
}

struct Found {
    invited: Invited,
    totp: TotpSetup,
    passkey: Option<String>,
}

async fn found(door: &AtTheDoor, code: &str) -> Result<Option<Found>, domain::Error> {
    let ctx = &door.console.domain;
    let Some(invited) = invitation(ctx, code).await? else { return Ok(None) };
    let Some(totp) = invitation_totp(ctx, code).await? else { return Ok(None) };
    let passkey = invitation_passkey(ctx, code).await?;
    Ok(Some(Found { invited, totp, passkey }))
}

fn ask_for_code() -> impl IntoView {
    view! {
        <PostForm action="/_fn/console/sign_in/invitation">
            <Line name="code" label="Your code" hint="An administrator gave it to you. It works once."/>
            <button class="usa-button" type="submit">"Continue"</button>
        </PostForm>
        <p><a href=SIGN_IN>"I have an account"</a></p>
    }
}

fn set_up(Found { invited, totp, passkey }: Found) -> impl IntoView {
    let passkey = passkey.map(|options| {
        view! {
            <h2>"Or: password and passkey"</h2>
            <PasskeyForm action="/_fn/console/sign_in/enrol_passkey" ask="create" options label="Set up with a passkey">
                <NewPassword id_prefix="passkey-"/>
            </PasskeyForm>
            <noscript><p>"A passkey needs JavaScript, which this browser has switched off."</p></noscript>
        }
    });
    view! {
        <p>
            "Account of "<strong>{invited.account.name.as_str().to_owned()}</strong>", sign-in name "
            <strong class="console-code">{invited.account.sign_in_name.as_str().to_owned()}</strong>"."
        </p>
        <h2>"Password and authenticator app"</h2>
        <PostForm action="/_fn/console/sign_in/enrol">
            <NewPassword/>
            <p>"Scan this with an authenticator app, or type its key there."</p>
            <QrCode text=totp.address.expose().clone() label="The key as a QR code, for an authenticator app"/>
            <p>"Key: "<span class="console-code" id="secret">{in_groups(totp.secret.expose())}</span></p>
            <Line name="code" label="Code" hint="The six digits that the app shows now." autocomplete="one-time-code" numeric=true/>
            <button class="usa-button" type="submit">"Set up with an app"</button>
        </PostForm>
        {passkey}
    }
}

/// A new password, twice: nobody sees what they type.
#[component]
pub fn NewPassword(#[prop(default = "")] id_prefix: &'static str) -> impl IntoView {
    view! {
        <Line
            name="password"
            id=format!("{id_prefix}password")
            label="New password"
            hint="At least 15 characters. Several words that do not belong together are easy to remember."
            kind="password"
            autocomplete="new-password"
        />
        <Line name="repeated" id=format!("{id_prefix}repeated") label="The same password again" kind="password" autocomplete="new-password"/>
    }
}

/// In groups of four, so that the place is not lost.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::in_groups;

    #[test]
    fn a_key_is_shown_in_groups_of_four() {
        assert_eq!(in_groups("GEZDGNBVGY"), "GEZD GNBV GY");
    }
}
