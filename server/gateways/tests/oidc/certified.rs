//! The certified provider `oidc-provider` of npm, as `end2end/oidc.mjs` starts it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use chrono::{DateTime, Utc};
use gateways::oidc::{Answer, Attempt, Oidc, OidcSettings, Person, Purpose, Refusal};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use shared::identity::Role;
use shared::sensitive::Sensitive;
use url::Url;

use super::{BACK, random, settings};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end");

/// A provider that ends with the test.
struct Provider {
    process: Child,
    url: String,
}

impl Provider {
    fn start() -> Self {
        assert!(
            Path::new(FOLDER).join("node_modules/oidc-provider").is_dir(),
            "the identity provider of the tests is not installed: npm ci --prefix end2end --ignore-scripts (`make test` does it)"
        );
        let mut command = Command::new("node");
        command.arg(Path::new(FOLDER).join("oidc.mjs")).arg(BACK).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process =
            command.spawn().unwrap_or_else(|error| panic!("the tests need Node 20 or later; `node` does not start: {error}"));
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let url = said.trim().strip_prefix("Identity provider at ").expect("an address").to_owned();
        Self { process, url }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser at the provider.
struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        Self { client: reqwest::Client::builder().redirect(Policy::none()).build().unwrap(), cookies: BTreeMap::new() }
    }

    /// Signs in at the provider, and gives the query that it sends the browser back to us with.
    async fn sign_in(&mut self, start: Url, account: &str, acr: &str) -> String {
        self.press(start, &[("account", account), ("acr", acr), ("press", "in")]).await
    }

    async fn press(&mut self, start: Url, fields: &[(&str, &str)]) -> String {
        let mut at = start;
        for _ in 0..10 {
            let is_form = at.path().starts_with("/interaction/");
            let mut request = if is_form { self.client.post(at.clone()).form(fields) } else { self.client.get(at.clone()) };
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
            let answer = request.send().await.unwrap();
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let Some(location) = answer.headers().get(LOCATION) else {
                panic!("{at} answered {}: {}", answer.status(), answer.text().await.unwrap())
            };
            at = at.join(location.to_str().unwrap()).unwrap();
            if at.as_str().starts_with(BACK) {
                return at.query().unwrap().to_owned();
            }
        }
        panic!("the provider goes in circles")
    }
}

#[expect(clippy::disallowed_methods, reason = "the provider has the machine's clock, and no other can be told to it")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A client of the provider, a browser, and how a sign-in goes.
struct Agency {
    provider: Provider,
    oidc: Oidc,
    browser: Browser,
}

impl Agency {
    fn new(change: impl FnOnce(&mut OidcSettings)) -> Self {
        let provider = Provider::start();
        let mut settings = settings(&provider.url);
        change(&mut settings);
        Self { oidc: Oidc::new(settings).unwrap(), provider, browser: Browser::new() }
    }

    async fn begin(&self, purpose: Purpose) -> (Attempt, Url) {
        self.oidc.begin(purpose, &random(), now()).await.unwrap()
    }

    async fn finish(&self, attempt: &Attempt, query: &str) -> Result<Person, Refusal> {
        self.oidc.finish(attempt, Answer::parse(query).unwrap(), now()).await
    }

    async fn sign_in(&mut self, account: &str, acr: &str) -> Result<Person, Refusal> {
        self.browser = Browser::new();
        let (attempt, url) = self.begin(Purpose::SignIn).await;
        let query = self.browser.sign_in(url, account, acr).await;
        self.finish(&attempt, &query).await
    }
}

fn roles(person: &Person) -> Vec<(Role, &str)> {
    person.roles.iter().map(|(role, office)| (*role, office.as_str())).collect()
}

#[tokio::test]
async fn officers_come_in_with_their_roles() {
    let mut agency = Agency::new(|_| ());
    let started = now();
    let person = agency.sign_in("iio", "aal2").await.unwrap();
    assert_eq!((&person.issuer, person.subject.expose().as_str()), (&agency.provider.url, "iio"));
    assert_eq!((person.name.as_ref().unwrap().expose().as_str(), person.acr.as_deref()), ("Iris Ibsen", Some("aal2")));
    assert_eq!((roles(&person), &person.piv), (vec![(Role::Iio, "NBC")], &None));
    assert!((person.auth_time - started).num_seconds().abs() <= 2, "{}", person.auth_time);

    assert_eq!(roles(&agency.sign_in("siio", "aal2").await.unwrap()), [(Role::Iio, "NBC"), (Role::Siio, "NBC")]);
    let card = agency.sign_in("card", "aal2").await.unwrap();
    assert_eq!(roles(&card), [(Role::Iio, "LIN")]);
    assert_eq!(card.piv.unwrap().subject.expose(), "CN=CARLA DURAN,OU=Invented,C=ZZ");
}

#[tokio::test]
async fn who_is_not_enough_stays_out() {
    let mut agency = Agency::new(|_| ());
    assert_eq!(agency.sign_in("nobody", "aal2").await, Err(Refusal::NoRole));
    assert_eq!(agency.sign_in("iio", "aal1").await, Err(Refusal::AcrTooLow));
    let (attempt, url) = agency.begin(Purpose::SignIn).await;
    let query = Browser::new().press(url, &[("press", "no")]).await;
    assert_eq!(agency.finish(&attempt, &query).await, Err(Refusal::Declined("access_denied")));
}

#[tokio::test]
async fn a_code_is_good_once_and_for_its_own_sign_in() {
    let mut agency = Agency::new(|_| ());
    let (attempt, url) = agency.begin(Purpose::SignIn).await;
    let query = agency.browser.sign_in(url, "iio", "aal2").await;
    let mut forged = serde_json::to_value(&attempt).unwrap();
    forged["verifier"] = "x".repeat(43).into();
    let forged: Attempt = serde_json::from_value(forged).unwrap();
    assert_eq!(agency.finish(&forged, &query).await, Err(Refusal::CodeRefused), "the verifier of PKCE is another one");

    // The same browser, still signed in at the provider: no form is shown.
    let (attempt, url) = agency.begin(Purpose::SignIn).await;
    let query = agency.browser.press(url, &[]).await;
    assert!(agency.finish(&attempt, &query).await.is_ok());
    assert_eq!(agency.finish(&attempt, &query).await, Err(Refusal::CodeRefused), "it was used");
    let (other, _) = agency.oidc.begin(Purpose::SignIn, &[7; 96], now()).await.unwrap();
    assert_eq!(agency.finish(&other, &query).await, Err(Refusal::State), "it belongs to another attempt");
}

#[tokio::test]
async fn a_step_up_shows_the_form_again() {
    let mut agency = Agency::new(|_| ());
    agency.sign_in("iio", "aal2").await.unwrap();
    let (attempt, url) = agency.begin(Purpose::StepUp).await;
    let query = agency.browser.sign_in(url, "iio", "aal2").await;
    let person = agency.finish(&attempt, &query).await.unwrap();
    assert!(person.auth_time.timestamp() >= attempt.started_at().timestamp());
}

#[tokio::test]
async fn a_client_that_the_provider_does_not_know_gets_nothing() {
    let mut agency = Agency::new(|settings| settings.client_secret = Some(Sensitive::new("another secret".into())));
    assert_eq!(agency.sign_in("iio", "aal2").await, Err(Refusal::ClientRefused));
    // The provider goes down between the two halves.
    let (attempt, url) = agency.begin(Purpose::SignIn).await;
    let query = Browser::new().sign_in(url, "iio", "aal2").await;
    agency.provider.process.kill().unwrap();
    agency.provider.process.wait().unwrap();
    assert!(matches!(agency.finish(&attempt, &query).await, Err(Refusal::Provider(_))));
}
