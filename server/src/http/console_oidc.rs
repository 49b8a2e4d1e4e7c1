//! Signing in at the agency's identity provider: the way there, and the way back.
//!
//! What an attempt needs for its second half is with the browser that began it: in a sealed cookie of its own, so that two tabs do
//! not disturb each other. It is `SameSite=Lax`, since the browser comes back from another site.

use app::console::site::{AGAIN, HOME, PROVIDER, PROVIDER_BACK, SIGN_IN, leading_on, way_back};
use app::console::{Said, SessionToken, WayIn};
use axum::Router;
use axum::extract::{Extension, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use domain::identity::{
    ByProvider, NewSession, Vouched, note_refused_by_provider, provider_account, sign_in_by_provider, step_up_by_provider,
};
use gateways::oidc::{Answer, Attempt, Oidc, Person, Purpose, Refusal};
use serde::{Deserialize, Serialize};
use shared::identity::{Client, StaffName};

use super::App;

const SEAL: &str = "console oidc attempt";
/// Attempts of one browser at a time. Who opens more tabs than this begins anew in one of them.
const MOST: usize = 5;

/// The routes, where a provider is set.
pub fn routes(app: &App) -> Router {
    if app.oidc.is_none() {
        return Router::new();
    }
    Router::new().route(PROVIDER, get(begin)).route(PROVIDER_BACK, get(back)).with_state(app.clone())
}

/// What the browser keeps of an attempt.
#[derive(Serialize, Deserialize)]
struct Kept {
    attempt: Attempt,
    /// Where the way leads in the end.
    next: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    next: Option<String>,
    /// A session that is there is to be made fresh.
    again: Option<String>,
}

/// Sends the browser to the provider.
async fn begin(
    State(app): State<App>,
    Extension(way): Extension<WayIn>,
    Query(asked): Query<Asked>,
    session: Option<Extension<SessionToken>>,
    headers: HeaderMap,
) -> Response {
    let Some(oidc) = &app.oidc else { return StatusCode::NOT_FOUND.into_response() };
    let next = asked.next.filter(|next| way_back(next).is_some());
    let purpose = if asked.again.is_some() && session.is_some() { Purpose::StepUp } else { Purpose::SignIn };
    // A session that is there has agreed.
    if !way.agreed && purpose == Purpose::SignIn {
        return to(&leading_on(SIGN_IN, next.as_deref()), []);
    }
    let domain = &app.console.domain;
    match oidc.begin(purpose, &domain.random_bytes(), domain.now()).await {
        Ok((attempt, url)) => {
            let name = cookie_name(&app, attempt.state());
            let kept = serde_json::to_vec(&Kept { attempt, next }).unwrap_or_default();
            let sealed = BASE64.encode(domain.sealer().seal(SEAL, &kept));
            let cookie = cookie(&app, &name, &sealed, Attempt::LONGEST.num_seconds());
            let old = attempts(&app, &headers).into_iter().skip(MOST - 1).map(|(name, _)| cookie_over(&app, name));
            to(url.as_str(), std::iter::once(cookie).chain(old))
        }
        Err(refusal) => say(&app, &way, purpose, refusal, next.as_deref(), []),
    }
}

/// Takes what the browser brings from the provider.
async fn back(
    State(app): State<App>,
    Extension(way): Extension<WayIn>,
    RawQuery(query): RawQuery,
    session: Option<Extension<SessionToken>>,
    headers: HeaderMap,
) -> Response {
    let Some(oidc) = &app.oidc else { return StatusCode::NOT_FOUND.into_response() };
    let answer = match Answer::parse(query.as_deref().unwrap_or_default()) {
        Ok(answer) => answer,
        Err(refusal) => return say(&app, &way, Purpose::SignIn, refusal, None, []),
    };
    let name = cookie_name(&app, answer.state());
    let Some(Kept { attempt, next }) = kept(&app, &headers, &name) else {
        return say(&app, &way, Purpose::SignIn, Refusal::State, None, []);
    };
    let (purpose, next) = (attempt.purpose(), next.as_deref());
    // An attempt is answered once, well or not.
    let over = cookie_over(&app, &name);
    let person = match finish(&app, oidc, &attempt, answer).await {
        Ok(person) => person,
        Err(refusal) => return say(&app, &way, purpose, refusal, next, [over]),
    };
    let entered = match (purpose, session) {
        (Purpose::StepUp, Some(Extension(SessionToken(token)))) => step_up(&app, token.expose(), &person).await,
        _ => sign_in(&app, &person, browser(&headers)).await,
    };
    match entered {
        Ok(Entered::With(session)) => {
            let cookies = [over, app.console.session_cookie(&session), app.console.end_of_way_in()];
            to(next.and_then(way_back).unwrap_or(HOME), cookies)
        }
        Ok(Entered::Not(said)) => to(&leading_on(page(purpose), next), [over, way.agreeing().saying(said).cookie(&app.console)]),
        Err(domain::Error::Unavailable) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Asks the provider who it is. Who is refused here leaves a trace: there was an attempt.
async fn finish(app: &App, oidc: &Oidc, attempt: &Attempt, answer: Answer) -> Result<Person, Refusal> {
    let domain = &app.console.domain;
    let finished = oidc.finish(attempt, answer, domain.now()).await;
    if let Err(refusal) = &finished
        && let Err(error) = note_refused_by_provider(domain, &refusal.to_string()).await
    {
        tracing::error!(%error, "a refused sign-in could not be noted");
    }
    finished
}

enum Entered {
    With(NewSession),
    Not(Said),
}

async fn sign_in(app: &App, person: &Person, browser: Client) -> Result<Entered, domain::Error> {
    let vouched = Vouched {
        issuer: person.issuer.clone(),
        subject: person.subject.clone(),
        name: person.name.as_ref().and_then(|name| staff_name(name.expose())),
        roles: person.roles.clone(),
        acr: person.acr.clone(),
        showed_card: person.piv.is_some(),
    };
    Ok(match sign_in_by_provider(&app.console.domain, &vouched, browser).await? {
        ByProvider::Done(session) => Entered::With(session),
        ByProvider::Disabled => Entered::Not(Said::Disabled),
        ByProvider::NoOffice => Entered::Not(Said::NoRole),
        ByProvider::Separate => Entered::Not(Said::RolesApart),
        ByProvider::Waits => Entered::Not(Said::RoleWaits),
    })
}

/// The same person, at the session that they began.
async fn step_up(app: &App, token: &str, person: &Person) -> Result<Entered, domain::Error> {
    let domain = &app.console.domain;
    let Some(account) = provider_account(domain, &person.issuer, &person.subject).await? else {
        return Ok(Entered::Not(Said::ProviderAgain));
    };
    let renewed = step_up_by_provider(domain, token, account).await?;
    Ok(renewed.map_or(Entered::Not(Said::ProviderAgain), Entered::With))
}

/// As colleagues read it. What the provider calls somebody may be longer than a line here.
fn staff_name(name: &str) -> Option<StaffName> {
    let short: String = name.chars().take(80).collect();
    StaffName::parse(&short).ok()
}

fn browser(headers: &HeaderMap) -> Client {
    Client::of_user_agent(headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

/// Where one stands again who was not let in.
const fn page(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => SIGN_IN,
        Purpose::StepUp => AGAIN,
    }
}

/// Goes back to the page of the way in, which says what to do.
fn say<const N: usize>(
    app: &App,
    way: &WayIn,
    purpose: Purpose,
    refusal: Refusal,
    next: Option<&str>,
    cookies: [HeaderValue; N],
) -> Response {
    tracing::warn!(%refusal, "a sign-in at the identity provider was refused");
    let way = way.clone().saying(said(refusal));
    to(&leading_on(page(purpose), next), cookies.into_iter().chain([way.cookie(&app.console)]))
}

/// What the person can do about it. The log has the reason.
const fn said(refusal: Refusal) -> Said {
    match refusal {
        Refusal::Provider(_) => Said::ProviderAway,
        Refusal::State
        | Refusal::Repeated
        | Refusal::TookTooLong
        | Refusal::Declined(_)
        | Refusal::NoCode
        | Refusal::CodeRefused => Said::ProviderAgain,
        Refusal::NoAcr | Refusal::AcrTooLow | Refusal::NoAuthTime | Refusal::AuthTimeTooOld => Said::ProviderWeak,
        Refusal::NoRole => Said::NoRole,
        Refusal::MixUp
        | Refusal::ClientRefused
        | Refusal::NoIdToken
        | Refusal::IdToken(_)
        | Refusal::NoSubject
        | Refusal::OtherSubject => Said::ProviderWrong,
    }
}

fn to(address: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let Ok(address) = HeaderValue::try_from(address) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

const fn prefix(app_is_secure: bool) -> &'static str {
    if app_is_secure { "__Host-oidc-" } else { "oidc-" }
}

/// The cookie of an attempt, by the beginning of its state: of what else somebody sends nothing gets into a name.
fn cookie_name(app: &App, state: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let state: String = state.chars().take_while(is_plain).take(16).collect();
    format!("{}{state}", prefix(app.console.secure_cookies))
}

/// The attempts that a browser has, name and value.
fn attempts<'a>(app: &App, headers: &'a HeaderMap) -> Vec<(&'a str, &'a str)> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| name.starts_with(prefix(app.console.secure_cookies))).collect()
}

fn kept(app: &App, headers: &HeaderMap, name: &str) -> Option<Kept> {
    let (_, value) = attempts(app, headers).into_iter().find(|(found, _)| *found == name)?;
    let text = app.console.domain.sealer().open(SEAL, &BASE64.decode(value).ok()?)?;
    serde_json::from_slice(&text).ok()
}

fn cookie(app: &App, name: &str, value: &str, seconds: i64) -> HeaderValue {
    let secure = if app.console.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{secure}");
    HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
}

fn cookie_over(app: &App, name: &str) -> HeaderValue {
    cookie(app, name, "", 0)
}
