//! Server functions of the way in. What is wrong is said on the next page, and nothing of what was typed stands in an address.
#![expect(clippy::unused_async, reason = "a server function is async, whether or not it waits")]

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use domain::identity::{
    Added, Enrolled, NewFactor, NewSession, Password, SecondFactor, enrol, invitation, passkey, password as check_password,
    sign_out, step_up_passkey, step_up_totp, totp,
};
use leptos::prelude::*;
use shared::locale::Locale;
use shared::sensitive::Sensitive;

use crate::console::ConsoleContext;
use crate::console::context::{AtTheDoor, SessionToken};
use crate::console::reply::failed;
use crate::console::site::{AGAIN, ENROL, HOME, SIGN_IN, leading_on, way_back};
use crate::console::way_in::{Said, Step, WayIn, header};
use crate::reply::Reply;
use crate::session::CookieName;

/// A reply, and who stands at the door.
fn at_the_door() -> Result<(Reply, AtTheDoor), ServerFnError> {
    let reply = Reply::begin(Locale::En);
    match AtTheDoor::current() {
        Some(door) => Ok((reply, door)),
        None => Err(reply.failed(StatusCode::INTERNAL_SERVER_ERROR)),
    }
}

/// Goes on with the way in.
fn step_to(reply: Reply, console: &ConsoleContext, way: &WayIn, page: &str, next: &str) {
    reply.cookie(way.cookie(console));
    reply.go_on_to(&leading_on(page, Some(next)));
}

/// Gives the session's cookie and goes where the way led.
fn enter(reply: Reply, console: &ConsoleContext, session: &NewSession, next: &str) {
    reply.cookie(console.session_cookie(session));
    reply.cookie(console.end_of_way_in());
    reply.go_on_to(way_back(next).unwrap_or(HOME));
}

/// Ends the session behind the cookie, and has the browser forget what it kept. The portal's list of cases, which belongs to
/// whoever uses the device, stays: the console keeps nothing beside it.
pub async fn leave(reply: Reply, console: &Arc<ConsoleContext>) -> Result<(), ServerFnError> {
    if let Some(SessionToken(token)) = AtTheDoor::session()
        && let Err(error) = sign_out(&console.domain, token.expose()).await
    {
        return failed(reply, &error);
    }
    reply.header(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    reply.cookie(header(&CookieName::officer(console.secure_cookies).clear()));
    step_to(reply, console, &WayIn::new(console).saying(Said::SignedOut), SIGN_IN, "");
    Ok(())
}

/// Agrees to the use notice.
#[server(Agree, prefix = "/_fn", endpoint = "console/sign_in/agree")]
pub async fn agree(#[server(default)] next: String) -> Result<(), ServerFnError> {
    let (reply, AtTheDoor { console, way, .. }) = at_the_door()?;
    let way = way.agreeing();
    step_to(reply, &console, &way, SIGN_IN, &next);
    Ok(())
}

/// Begins again, as nobody.
#[server(StartOver, prefix = "/_fn", endpoint = "console/sign_in/start_over")]
pub async fn start_over(#[server(default)] next: String) -> Result<(), ServerFnError> {
    let (reply, AtTheDoor { console, way, .. }) = at_the_door()?;
    step_to(reply, &console, &way.at(Step::Password).typed("").saying(None), SIGN_IN, &next);
    Ok(())
}

/// Takes a name and a password.
#[server(TypePassword, prefix = "/_fn", endpoint = "console/sign_in/password")]
pub async fn type_password(
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let (reply, AtTheDoor { console, way, .. }) = at_the_door()?;
    let way = way.typed(&name);
    if !way.agreed {
        step_to(reply, &console, &way, SIGN_IN, &next);
        return Ok(());
    }
    let way = match check_password(&console.domain, &name, &Sensitive::new(password)).await {
        Ok(Password::Right(pending)) => way.at(Step::SecondFactor(pending.token.expose().clone())).saying(None),
        Ok(Password::Wrong) => way.at(Step::Password).saying(Said::WrongPassword),
        Ok(Password::Locked) => way.at(Step::Password).saying(Said::Locked),
        Err(error) => return failed(reply, &error),
    };
    step_to(reply, &console, &way, SIGN_IN, &next);
    Ok(())
}

/// Takes the code of an authenticator, and begins a session.
#[server(ShowCode, prefix = "/_fn", endpoint = "console/sign_in/code")]
pub async fn show_code(#[server(default)] code: String, #[server(default)] next: String) -> Result<(), ServerFnError> {
    let (reply, door) = at_the_door()?;
    let Step::SecondFactor(token) = &door.way.at else { return expired(reply, door, &next) };
    let shown = totp(&door.console.domain, token, &code, door.browser).await;
    entered(reply, door, shown, Said::WrongCode, &next)
}

/// Takes what a passkey gave, and begins a session.
#[server(ShowPasskey, prefix = "/_fn", endpoint = "console/sign_in/passkey")]
pub async fn show_passkey(#[server(default)] credential: String, #[server(default)] next: String) -> Result<(), ServerFnError> {
    let (reply, door) = at_the_door()?;
    let Step::SecondFactor(token) = &door.way.at else { return expired(reply, door, &next) };
    let shown = passkey(&door.console.domain, token, &credential, door.browser).await;
    entered(reply, door, shown, Said::WrongPasskey, &next)
}

fn entered(
    reply: Reply,
    AtTheDoor { console, way, .. }: AtTheDoor,
    shown: Result<SecondFactor, domain::Error>,
    wrong: Said,
    next: &str,
) -> Result<(), ServerFnError> {
    match shown {
        Ok(SecondFactor::Done(session)) => enter(reply, &console, &session, next),
        Ok(SecondFactor::Wrong) => step_to(reply, &console, &way.saying(wrong), SIGN_IN, next),
        Ok(SecondFactor::Locked) => step_to(reply, &console, &way.at(Step::Password).saying(Said::Locked), SIGN_IN, next),
        Ok(SecondFactor::Over) => step_to(reply, &console, &way.at(Step::Password).saying(Said::Expired), SIGN_IN, next),
        Err(error) => return failed(reply, &error),
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "it is what its callers answer")]
fn expired(reply: Reply, AtTheDoor { console, way, .. }: AtTheDoor, next: &str) -> Result<(), ServerFnError> {
    step_to(reply, &console, &way.at(Step::Password).saying(Said::Expired), SIGN_IN, next);
    Ok(())
}

/// Takes a code for a session that is there already.
#[server(ShowCodeAgain, prefix = "/_fn", endpoint = "console/sign_in/code_again")]
pub async fn show_code_again(#[server(default)] code: String, #[server(default)] next: String) -> Result<(), ServerFnError> {
    let (reply, door) = at_the_door()?;
    let Some(SessionToken(token)) = &door.session else { return expired(reply, door, &next) };
    let shown = step_up_totp(&door.console.domain, token.expose(), &code).await;
    entered_again(reply, door, shown, Said::WrongCode, &next)
}

/// Takes a passkey for a session that is there already.
#[server(ShowPasskeyAgain, prefix = "/_fn", endpoint = "console/sign_in/passkey_again")]
pub async fn show_passkey_again(
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let (reply, door) = at_the_door()?;
    let Some(SessionToken(token)) = &door.session else { return expired(reply, door, &next) };
    let shown = step_up_passkey(&door.console.domain, token.expose(), &credential).await;
    entered_again(reply, door, shown, Said::WrongPasskey, &next)
}

fn entered_again(
    reply: Reply,
    door: AtTheDoor,
    shown: Result<SecondFactor, domain::Error>,
    wrong: Said,
    next: &str,
) -> Result<(), ServerFnError> {
    if matches!(shown, Ok(SecondFactor::Wrong)) {
        step_to(reply, &door.console, &door.way.saying(wrong), AGAIN, next);
        return Ok(());
    }
    entered(reply, door, shown, wrong, next)
}

/// Signs out of a session that may be locked.
#[server(Leave, prefix = "/_fn", endpoint = "console/sign_in/leave")]
pub async fn leave_locked() -> Result<(), ServerFnError> {
    let (reply, door) = at_the_door()?;
    leave(reply, &door.console).await
}

/// Takes the code of a one-time way in.
#[server(CheckInvitation, prefix = "/_fn", endpoint = "console/sign_in/invitation")]
pub async fn check_invitation(#[server(default)] code: String) -> Result<(), ServerFnError> {
    let (reply, AtTheDoor { console, way, .. }) = at_the_door()?;
    let code = code.trim();
    let way = match invitation(&console.domain, code).await {
        Ok(Some(_)) => way.at(Step::Enrolment(code.to_owned())).saying(None),
        Ok(None) => way.at(Step::Password).saying(Said::NoInvitation),
        Err(error) => return failed(reply, &error),
    };
    step_to(reply, &console, &way, ENROL, "");
    Ok(())
}

/// Sets a password, and an authenticator that shows a code.
#[server(Enrol, prefix = "/_fn", endpoint = "console/sign_in/enrol")]
pub async fn enrol_with_code(
    #[server(default)] password: String,
    #[server(default)] repeated: String,
    #[server(default)] code: String,
) -> Result<(), ServerFnError> {
    enrol_with(&password, &repeated, NewFactor::Totp { code: &code }).await
}

/// Sets a password, and a passkey.
#[server(EnrolPasskey, prefix = "/_fn", endpoint = "console/sign_in/enrol_passkey")]
pub async fn enrol_with_passkey(
    #[server(default)] password: String,
    #[server(default)] repeated: String,
    #[server(default)] credential: String,
) -> Result<(), ServerFnError> {
    enrol_with(&password, &repeated, NewFactor::Passkey { response: &credential }).await
}

async fn enrol_with(password: &str, repeated: &str, factor: NewFactor<'_>) -> Result<(), ServerFnError> {
    let (reply, AtTheDoor { console, way, .. }) = at_the_door()?;
    let Step::Enrolment(token) = way.at.clone() else {
        step_to(reply, &console, &way.saying(Said::NoInvitation), ENROL, "");
        return Ok(());
    };
    if password != repeated {
        step_to(reply, &console, &way.saying(Said::PasswordsDiffer), ENROL, "");
        return Ok(());
    }
    let (way, page) = match enrol(&console.domain, &token, &Sensitive::new(password.to_owned()), factor).await {
        Ok(Enrolled::Done) => (way.at(Step::Password).saying(Said::Enrolled), SIGN_IN),
        Ok(Enrolled::Over) => (way.at(Step::Password).saying(Said::NoInvitation), ENROL),
        Ok(Enrolled::Password(problem)) => (way.saying(Said::of_password(problem)), ENROL),
        Ok(Enrolled::Factor(Added::Wrong)) => (way.saying(Said::WrongCode), ENROL),
        Ok(Enrolled::Factor(_)) => (way.saying(Said::SetUpAgain), ENROL),
        Err(error) => return failed(reply, &error),
    };
    step_to(reply, &console, &way, page, "");
    Ok(())
}
