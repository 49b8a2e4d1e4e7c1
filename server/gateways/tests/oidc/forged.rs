//! What no honest provider says.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use gateways::oidc::{
    AcceptedAcr, Answer, Attempt, Oidc, OidcSettings, Person, ProviderProblem, Purpose, Refusal, RoleRules, TokenProblem,
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use shared::identity::Role;
use url::Url;

use super::forger::{Forger, Key, hmac, unsigned};
use super::{BACK, random, settings};

fn now() -> DateTime<Utc> {
    "2026-03-10T15:00:00Z".parse().unwrap()
}

fn seconds(at: DateTime<Utc>) -> i64 {
    at.timestamp()
}

fn query_of(url: &Url) -> Map<String, Value> {
    url.query_pairs().map(|(name, value)| (name.into_owned(), json!(value))).collect()
}

/// A provider, a client of it, and a sign-in on its way.
struct SignIn {
    forger: Forger,
    key: Key,
    oidc: Oidc,
    attempt: Attempt,
    /// What the browser was sent to the provider with.
    asked: Map<String, Value>,
}

impl SignIn {
    async fn begin() -> Self {
        Self::begin_with(Purpose::SignIn, |_| ()).await
    }

    async fn begin_with(purpose: Purpose, change: impl FnOnce(&mut OidcSettings)) -> Self {
        let (forger, key) = (Forger::start().await, Key::new("first"));
        forger.publishes(&[&key]);
        let mut settings = settings(&forger.url);
        change(&mut settings);
        let oidc = Oidc::new(settings).unwrap();
        let (attempt, url) = oidc.begin(purpose, &random(), now()).await.unwrap();
        assert!(url.as_str().starts_with(&format!("{}/authorize?", forger.url)), "{url}");
        let asked = query_of(&url);
        Self { forger, key, oidc, attempt, asked }
    }

    /// The claims of somebody who may come in.
    fn claims(&self) -> Value {
        json!({
            "iss": self.forger.url,
            "sub": "officer-7",
            "aud": "portico",
            "exp": seconds(now() + TimeDelta::minutes(5)),
            "iat": seconds(now()),
            "auth_time": seconds(now() - TimeDelta::minutes(10)),
            "nonce": self.asked["nonce"],
            "acr": "aal2",
            "name": "Iris Ibsen",
            "roles": ["portico-iio-nbc"],
            "x509_subject": "CN=IRIS IBSEN,C=ZZ",
            "x509_issuer": "CN=Invented CA,C=ZZ",
            "x509_presented": true,
        })
    }

    fn header(&self) -> Value {
        json!({ "alg": "ES256", "typ": "JWT", "kid": self.key.id })
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let text = unsigned(header, claims);
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(self.key.sign(&text)))
    }

    fn query(&self) -> String {
        let state = self.asked["state"].as_str().unwrap();
        let query = [("code", "a-code"), ("state", state), ("iss", &self.forger.url)];
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish()
    }

    async fn back_with(&self, query: &str) -> Result<Person, Refusal> {
        self.oidc.finish(&self.attempt, Answer::parse(query)?, now()).await
    }

    async fn back(&self) -> Result<Person, Refusal> {
        self.back_with(&self.query()).await
    }

    async fn with_claims(&self, claims: &Value) -> Result<Person, Refusal> {
        self.forger.gives(&self.token(&self.header(), claims));
        self.back().await
    }

    async fn with_claim(&self, name: &str, value: Value) -> Result<Person, Refusal> {
        let mut claims = self.claims();
        claims[name] = value;
        self.with_claims(&claims).await
    }

    async fn without_claim(&self, name: &str) -> Result<Person, Refusal> {
        let mut claims = self.claims();
        claims.as_object_mut().unwrap().remove(name).expect("a claim that is there");
        self.with_claims(&claims).await
    }
}

fn token(problem: TokenProblem) -> Refusal {
    Refusal::IdToken(problem)
}

#[tokio::test]
async fn somebody_comes_in_and_everything_asked_for_was_asked() {
    let sign_in = SignIn::begin().await;
    let person = sign_in.with_claims(&sign_in.claims()).await.unwrap();
    assert_eq!((person.issuer.as_str(), person.subject.expose().as_str()), (sign_in.forger.url.as_str(), "officer-7"));
    assert_eq!(person.name.unwrap().expose(), "Iris Ibsen");
    assert_eq!((person.acr.as_deref(), person.auth_time), (Some("aal2"), now() - TimeDelta::minutes(10)));
    let roles: Vec<_> = person.roles.iter().map(|(role, office)| (*role, office.as_str())).collect();
    assert_eq!(roles, [(Role::Iio, "NBC")]);
    let piv = person.piv.unwrap();
    assert_eq!((piv.subject.expose().as_str(), piv.issuer.as_str()), ("CN=IRIS IBSEN,C=ZZ", "CN=Invented CA,C=ZZ"));

    let asked = |name: &str| sign_in.asked.get(name).and_then(Value::as_str);
    assert_eq!((asked("response_type"), asked("client_id"), asked("redirect_uri")), (Some("code"), Some("portico"), Some(BACK)));
    assert_eq!((asked("scope"), asked("acr_values")), (Some("openid profile roles x509"), Some("aal3 aal2")));
    assert_eq!((asked("max_age"), asked("prompt"), asked("code_challenge_method")), (Some("3600"), None, Some("S256")));
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(asked(name).unwrap().len(), 43, "{name}");
    }
    // All that was wanted stood in the ID token.
    assert_eq!(sign_in.forger.asked(), ["/.well-known/openid-configuration", "/keys", "/token"]);
}

#[tokio::test]
async fn what_comes_back_belongs_to_the_attempt_and_to_the_provider() {
    let sign_in = SignIn::begin().await;
    sign_in.forger.gives(&sign_in.token(&sign_in.header(), &sign_in.claims()));
    let state = sign_in.asked["state"].as_str().unwrap();
    let iss = &sign_in.forger.url;
    for (query, refusal) in [
        (format!("code=a&iss={iss}"), Refusal::State),
        (format!("code=a&state=another&iss={iss}"), Refusal::State),
        (format!("code=a&state=&iss={iss}"), Refusal::State),
        (format!("error=access_denied&state=another&iss={iss}"), Refusal::State),
        (format!("code=a&state={state}&state={state}&iss={iss}"), Refusal::Repeated),
        (format!("code=a&code=b&state={state}&iss={iss}"), Refusal::Repeated),
        (format!("code=a&state={state}&iss=https://evil.example"), Refusal::MixUp),
        (format!("code=a&state={state}&iss={iss}/"), Refusal::MixUp),
        (format!("code=a&state={state}"), Refusal::MixUp),
        (format!("error=access_denied&state={state}&iss=https://evil.example"), Refusal::MixUp),
        (format!("error=access_denied&state={state}&iss={iss}"), Refusal::Declined("access_denied")),
        (format!("error=login_required&code=a&state={state}&iss={iss}"), Refusal::Declined("login_required")),
        (format!("error=Ana+Example&state={state}&iss={iss}"), Refusal::Declined("an error of its own")),
        (format!("state={state}&iss={iss}"), Refusal::NoCode),
        (format!("code=&state={state}&iss={iss}"), Refusal::NoCode),
    ] {
        assert_eq!(sign_in.back_with(&query).await, Err(refusal), "{query}");
    }
    assert!(!sign_in.forger.asked().contains(&"/token".to_owned()), "a code was given away");
    assert!(sign_in.back().await.is_ok(), "the same sign-in, done well");
}

#[tokio::test]
async fn a_provider_that_does_not_name_itself_need_not() {
    let sign_in = SignIn::begin().await;
    let mut discovery = sign_in.forger.discovery();
    discovery.as_object_mut().unwrap().remove("authorization_response_iss_parameter_supported");
    sign_in.forger.says("/.well-known/openid-configuration", &discovery);
    let oidc = Oidc::new(settings(&sign_in.forger.url)).unwrap();
    let sign_in = SignIn { oidc, ..sign_in };
    sign_in.forger.gives(&sign_in.token(&sign_in.header(), &sign_in.claims()));
    let state = sign_in.asked["state"].as_str().unwrap();
    assert!(sign_in.back_with(&format!("code=a&state={state}")).await.is_ok());
    let other = sign_in.back_with(&format!("code=a&state={state}&iss=https://evil.example")).await;
    assert_eq!(other, Err(Refusal::MixUp), "if it does, it must be right");
}

#[tokio::test]
async fn a_sign_in_takes_ten_minutes_at_most() {
    let sign_in = SignIn::begin().await;
    let mut claims = sign_in.claims();
    claims["exp"] = json!(seconds(now() + TimeDelta::hours(1)));
    sign_in.forger.gives(&sign_in.token(&sign_in.header(), &claims));
    let after = async |minutes, seconds| {
        let at = now() + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds);
        sign_in.oidc.finish(&sign_in.attempt, Answer::parse(&sign_in.query()).unwrap(), at).await
    };
    assert!(after(10, 0).await.is_ok());
    assert_eq!(after(10, 1).await, Err(Refusal::TookTooLong));
    assert_eq!(after(-1, 0).await, Err(Refusal::TookTooLong), "it begins before it ends");
}

#[tokio::test]
async fn tokens_that_say_something_wrong_are_refused() {
    let sign_in = SignIn::begin().await;
    let (past, future) = (|by: TimeDelta| json!(seconds(now() - by)), |by: TimeDelta| json!(seconds(now() + by)));
    let minutes = TimeDelta::minutes;
    for (claim, value, refusal) in [
        ("iss", json!("https://evil.example"), token(TokenProblem::Issuer)),
        ("iss", json!(format!("{}/", sign_in.forger.url)), token(TokenProblem::Issuer)),
        ("aud", json!("another-client"), token(TokenProblem::Audience)),
        ("aud", json!([]), token(TokenProblem::Audience)),
        // Whoever else the token is for could bring it here, whatever `azp` says.
        ("aud", json!(["portico", "another-client"]), token(TokenProblem::Audience)),
        ("azp", json!("another-client"), token(TokenProblem::AuthorizedParty)),
        ("nonce", json!("another-nonce"), token(TokenProblem::Nonce)),
        ("exp", past(minutes(2)), token(TokenProblem::Expired)),
        ("nbf", future(minutes(2)), token(TokenProblem::NotYet)),
        ("nbf", json!("soon"), token(TokenProblem::NotYet)),
        ("iat", future(minutes(2)), token(TokenProblem::NotYet)),
        ("iat", past(minutes(2)), token(TokenProblem::Stale)),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), token(TokenProblem::AccessToken)),
        ("acr", json!("aal1"), Refusal::AcrTooLow),
        ("acr", json!("aal2 aal3"), Refusal::AcrTooLow),
        ("auth_time", past(minutes(62)), Refusal::AuthTimeTooOld),
        ("auth_time", future(minutes(2)), token(TokenProblem::NotYet)),
        ("sub", json!(""), Refusal::NoSubject),
        ("sub", json!("a\nb"), Refusal::NoSubject),
        ("sub", json!("x".repeat(256)), Refusal::NoSubject),
        ("roles", json!([]), Refusal::NoRole),
        ("roles", json!(["everybody", "portico-boss-nbc"]), Refusal::NoRole),
        ("roles", json!(["portico-iio-nowhere"]), Refusal::NoRole),
        ("roles", json!({ "portico-iio-nbc": true }), Refusal::NoRole),
        ("roles", json!([["portico-iio-nbc"], 7, null]), Refusal::NoRole),
    ] {
        assert_eq!(sign_in.with_claim(claim, value.clone()).await, Err(refusal), "{claim}: {value}");
    }
    let unreadable = Refusal::Provider(ProviderProblem::Unreadable);
    for (claim, refusal) in [
        ("iss", unreadable),
        ("aud", token(TokenProblem::Audience)),
        ("exp", unreadable),
        ("iat", unreadable),
        ("sub", unreadable),
        ("nonce", token(TokenProblem::Nonce)),
        ("acr", Refusal::NoAcr),
        ("auth_time", Refusal::NoAuthTime),
    ] {
        assert_eq!(sign_in.without_claim(claim).await, Err(refusal), "without {claim}");
    }
    assert!(sign_in.with_claims(&sign_in.claims()).await.is_ok(), "the same token, without a fault");
    for (claim, value) in
        [("exp", past(TimeDelta::seconds(30))), ("iat", future(TimeDelta::seconds(30))), ("azp", json!("portico"))]
    {
        assert!(sign_in.with_claim(claim, value).await.is_ok(), "{claim} within the difference of clocks");
    }
    assert!(sign_in.with_claim("aud", json!(["portico"])).await.is_ok());
    let own = URL_SAFE_NO_PAD.encode(&Sha256::digest(b"an-access-token")[..16]);
    assert!(sign_in.with_claim("at_hash", json!(own)).await.is_ok());
}

#[tokio::test]
async fn extra_audiences_are_refused_with_and_without_a_party() {
    let sign_in = SignIn::begin().await;
    for party in [None, Some("portico"), Some("another-client")] {
        let mut claims = sign_in.claims();
        claims["aud"] = json!(["portico", "another-client"]);
        if let Some(party) = party {
            claims["azp"] = json!(party);
        }
        assert_eq!(sign_in.with_claims(&claims).await, Err(token(TokenProblem::Audience)), "{party:?}");
    }
}

#[tokio::test]
async fn signatures_are_the_providers() {
    let sign_in = SignIn::begin().await;
    let (forger, claims) = (&sign_in.forger, sign_in.claims());
    let signed = |header: &Value, signature: &dyn Fn(&str) -> Vec<u8>| {
        let text = unsigned(header, &claims);
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature(&text)))
    };
    let header = |algorithm: &str, kid: &str| json!({ "alg": algorithm, "kid": kid });
    let stranger = Key::new("first");
    let right = |text: &str| sign_in.key.sign(text);
    let of_secret = |text: &str| hmac(b"a secret of tests", text);
    let of_key = |text: &str| hmac(sign_in.key.public(), text);
    for (what, id_token, problem) in [
        ("none", signed(&header("none", "first"), &|_| Vec::new()), TokenProblem::Algorithm),
        ("none in capitals", signed(&header("NONE", "first"), &|_| Vec::new()), TokenProblem::Algorithm),
        ("none with a signature", signed(&header("none", "first"), &right), TokenProblem::Algorithm),
        ("an HMAC of the public key", signed(&header("HS256", "first"), &of_key), TokenProblem::Algorithm),
        ("an HMAC of the client's secret", signed(&header("HS256", "first"), &of_secret), TokenProblem::Algorithm),
        ("a key of another kind", signed(&header("RS256", "first"), &right), TokenProblem::Key),
        ("a key that is not published", signed(&header("ES256", "second"), &right), TokenProblem::Key),
        (
            "a stranger's key by the name of the right one",
            signed(&header("ES256", "first"), &|text| stranger.sign(text)),
            TokenProblem::Signature,
        ),
        ("no signature", signed(&header("ES256", "first"), &|_| Vec::new()), TokenProblem::Signature),
        ("half a signature", signed(&header("ES256", "first"), &|text| right(text)[..32].to_vec()), TokenProblem::Signature),
        ("zeros", signed(&header("ES256", "first"), &|_| vec![0; 64]), TokenProblem::Signature),
        ("another text's", signed(&header("ES256", "first"), &|_| right("another text")), TokenProblem::Signature),
        (
            "what is critical is not known",
            signed(&json!({ "alg": "ES256", "kid": "first", "crit": ["exp"] }), &right),
            TokenProblem::Kind,
        ),
        ("an access token", signed(&json!({ "alg": "ES256", "kid": "first", "typ": "at+jwt" }), &right), TokenProblem::Kind),
        ("a token in a token", signed(&json!({ "alg": "ES256", "kid": "first", "cty": "JWT" }), &right), TokenProblem::Kind),
    ] {
        forger.gives(&id_token);
        let expected = match what {
            // No such algorithm: the header cannot be read.
            "none in capitals" => Refusal::Provider(ProviderProblem::Unreadable),
            _ => token(problem),
        };
        assert_eq!(sign_in.back().await, Err(expected), "{what}");
    }
    // The right signature of other claims.
    let text = unsigned(&sign_in.header(), &claims);
    let mut others = claims.clone();
    others["sub"] = json!("officer-8");
    forger.gives(&format!("{}.{}", unsigned(&sign_in.header(), &others), URL_SAFE_NO_PAD.encode(right(&text))));
    assert_eq!(sign_in.back().await, Err(token(TokenProblem::Signature)));
    for bad in ["", "a", "a.b", "a.b.c", "....", "\u{1F4A3}"] {
        forger.gives(bad);
        assert_eq!(sign_in.back().await, Err(Refusal::Provider(ProviderProblem::Unreadable)), "{bad}");
    }
}

#[tokio::test]
async fn a_provider_may_change_its_keys() {
    let sign_in = SignIn::begin().await;
    let first = sign_in.token(&sign_in.header(), &sign_in.claims());
    let second = Key::new("second");
    sign_in.forger.publishes(&[&second]);
    let sign_in = SignIn { key: second, ..sign_in };
    assert!(sign_in.with_claims(&sign_in.claims()).await.is_ok(), "the new key is fetched when it is first met");
    sign_in.forger.gives(&first);
    assert_eq!(sign_in.back().await, Err(token(TokenProblem::Key)), "the old one is gone");

    // A key without a name, which looks as the one before.
    let third = Key::new("third");
    sign_in.forger.publishes(&[&third]);
    let sign_in = SignIn { key: third, ..sign_in };
    sign_in.forger.gives(&sign_in.token(&json!({ "alg": "ES256" }), &sign_in.claims()));
    assert!(sign_in.back().await.is_ok());
}

#[tokio::test]
async fn a_discovery_document_is_believed_for_an_hour() {
    let sign_in = SignIn::begin().await;
    let after =
        async |minutes| sign_in.oidc.begin(Purpose::SignIn, &random(), now() + TimeDelta::minutes(minutes)).await.map(|_| ());
    sign_in.forger.says("/.well-known/openid-configuration", &json!({}));
    assert_eq!(after(59).await, Ok(()));
    assert_eq!(after(60).await, Err(Refusal::Provider(ProviderProblem::Unreadable)));
    assert_eq!(sign_in.oidc.check(now()).await, Err(ProviderProblem::Unreadable));
    sign_in.forger.says("/.well-known/openid-configuration", &sign_in.forger.discovery());
    assert_eq!(after(61).await, Ok(()));
}

#[tokio::test]
async fn a_provider_that_cannot_be_used_says_why() {
    let forger = Forger::start().await;
    let problem = async || Oidc::new(settings(&forger.url)).unwrap().check(now()).await.unwrap_err();
    let changed = |name: &str, value: &str| {
        let mut discovery = forger.discovery();
        discovery[name] = json!(value);
        forger.says("/.well-known/openid-configuration", &discovery);
    };
    assert_eq!(problem().await, ProviderProblem::Answered(404), "there are no keys");
    forger.publishes(&[&Key::new("first")]);
    assert_eq!(Oidc::new(settings(&forger.url)).unwrap().check(now()).await, Ok(()));

    changed("issuer", "https://evil.example");
    assert_eq!(problem().await, ProviderProblem::OtherIssuer);
    changed("issuer", &format!("{}/", forger.url));
    assert_eq!(problem().await, ProviderProblem::OtherIssuer);
    changed("jwks_uri", "http://keys.example/");
    assert_eq!(problem().await, ProviderProblem::NoTls);
    changed("authorization_endpoint", "http://id.example/authorize");
    assert_eq!(problem().await, ProviderProblem::NoTls);
    changed("authorization_endpoint", "no address");
    assert_eq!(problem().await, ProviderProblem::Unreadable);

    let says = |status, body: &[u8]| forger.says_bytes("/.well-known/openid-configuration", status, body.to_vec());
    says(StatusCode::SERVICE_UNAVAILABLE, b"");
    assert_eq!(problem().await, ProviderProblem::Answered(503));
    says(StatusCode::OK, b"<html>");
    assert_eq!(problem().await, ProviderProblem::Unreadable);
    says(StatusCode::OK, &vec![b' '; 300 << 10]);
    assert_eq!(problem().await, ProviderProblem::TooLarge);
    forger.sends_elsewhere("/.well-known/openid-configuration", &format!("{}/elsewhere", forger.url));
    forger.says("/elsewhere", &forger.discovery());
    assert_eq!(problem().await, ProviderProblem::Redirects);
    assert!(!forger.asked().contains(&"/elsewhere".to_owned()));

    let nobody = Oidc::new(settings("http://127.0.0.1:1")).unwrap();
    let down = ProviderProblem::Unreachable("no connection, or it does not prove who it is");
    assert_eq!(nobody.begin(Purpose::SignIn, &random(), now()).await.unwrap_err(), Refusal::Provider(down));
}

#[tokio::test]
async fn a_token_endpoint_that_does_not_answer_well_lets_nobody_in() {
    let sign_in = SignIn::begin().await;
    let forger = &sign_in.forger;
    let provider = Refusal::Provider;
    for (status, body, refusal) in [
        (400, r#"{"error":"invalid_grant"}"#, Refusal::CodeRefused),
        (401, r#"{"error":"invalid_client"}"#, Refusal::ClientRefused),
        (400, r#"{"error":"unauthorized_client"}"#, Refusal::ClientRefused),
        (400, r#"{"error":"invalid_request","error_description":"Ana Example"}"#, provider(ProviderProblem::Unreadable)),
        (500, "", provider(ProviderProblem::Unreadable)),
        (502, "<html>", provider(ProviderProblem::Unreadable)),
        (200, "", provider(ProviderProblem::Unreadable)),
        (200, "[]", provider(ProviderProblem::Unreadable)),
        (200, r#"{"access_token":"a","token_type":"Bearer"}"#, Refusal::NoIdToken),
        (200, r#"{"access_token":"a","token_type":"Bearer","id_token":7}"#, provider(ProviderProblem::Unreadable)),
    ] {
        forger.says_bytes("/token", StatusCode::from_u16(status).unwrap(), body.into());
        assert_eq!(sign_in.back().await, Err(refusal), "{status} {body}");
    }
    forger.says_bytes("/token", StatusCode::OK, vec![b' '; 300 << 10]);
    assert_eq!(sign_in.back().await, Err(provider(ProviderProblem::TooLarge)));
    // With the code and the client's secret in its hands.
    forger.sends_elsewhere("/token", &format!("{}/elsewhere", forger.url));
    assert_eq!(sign_in.back().await, Err(provider(ProviderProblem::Redirects)));
    assert!(!forger.asked().contains(&"/elsewhere".to_owned()));
}

#[tokio::test]
async fn what_the_id_token_does_not_say_userinfo_may() {
    let sign_in = SignIn::begin().await;
    let mut claims = sign_in.claims();
    for moved in ["name", "roles", "x509_subject", "x509_issuer", "x509_presented"] {
        claims.as_object_mut().unwrap().remove(moved);
    }
    let info = json!({ "sub": "officer-7", "name": "Iris Ibsen", "roles": "portico-iio-lin", "acr": "aal3", "x509_subject": "CN=IRIS", "x509_issuer": "CN=CA", "x509_presented": "true" });
    sign_in.forger.says("/userinfo", &info);
    let person = sign_in.with_claims(&claims).await.unwrap();
    assert_eq!(person.roles.iter().map(|(role, office)| (*role, office.as_str())).collect::<Vec<_>>(), [(Role::Iio, "LIN")]);
    assert_eq!(person.name.unwrap().expose(), "Iris Ibsen");
    assert_eq!(person.piv.unwrap().issuer, "CN=CA");
    assert_eq!(person.acr.as_deref(), Some("aal2"), "the sign-in itself is the ID token's");

    let mut other = info.clone();
    other["sub"] = json!("officer-8");
    sign_in.forger.says("/userinfo", &other);
    assert_eq!(sign_in.with_claims(&claims).await, Err(Refusal::OtherSubject));
    sign_in.forger.says_bytes("/userinfo", StatusCode::UNAUTHORIZED, Vec::new());
    assert_eq!(sign_in.with_claims(&claims).await, Err(Refusal::Provider(ProviderProblem::Answered(401))));
    sign_in.forger.says("/userinfo", &json!({ "roles": ["portico-iio-lin"] }));
    assert_eq!(sign_in.with_claims(&claims).await, Err(Refusal::Provider(ProviderProblem::Unreadable)));
    sign_in.forger.says("/userinfo", &json!({ "sub": "officer-7" }));
    assert_eq!(sign_in.with_claims(&claims).await, Err(Refusal::NoRole));

    // What the ID token says, userinfo cannot change.
    claims["roles"] = json!(["everybody"]);
    sign_in.forger.says("/userinfo", &info);
    assert_eq!(sign_in.with_claims(&claims).await, Err(Refusal::NoRole));
}

#[tokio::test]
async fn a_card_counts_when_it_was_shown() {
    let sign_in = SignIn::begin().await;
    sign_in.forger.says("/userinfo", &json!({ "sub": "officer-7" }));
    for presented in [json!(false), json!("false"), json!(1), json!(null), json!("yes")] {
        let person = sign_in.with_claim("x509_presented", presented.clone()).await.unwrap();
        assert_eq!(person.piv, None, "{presented}");
    }
    assert_eq!(sign_in.without_claim("x509_presented").await.unwrap().piv, None);
    assert_eq!(sign_in.without_claim("x509_subject").await.unwrap().piv, None);
    assert_eq!(sign_in.with_claim("x509_issuer", json!("")).await.unwrap().piv, None);
}

#[tokio::test]
async fn a_step_up_is_a_new_sign_in_at_the_provider() {
    let sign_in = SignIn::begin_with(Purpose::StepUp, |_| ()).await;
    assert_eq!((&sign_in.asked["max_age"], &sign_in.asked["prompt"]), (&json!("0"), &json!("login")));
    let before = sign_in.with_claim("auth_time", json!(seconds(now() - TimeDelta::minutes(2)))).await;
    assert_eq!(before, Err(Refusal::AuthTimeTooOld), "the provider let an old sign-in do");
    assert!(sign_in.with_claim("auth_time", json!(seconds(now()))).await.is_ok());
    assert_eq!(sign_in.attempt.purpose(), Purpose::StepUp);
}

#[tokio::test]
async fn what_is_asked_for_is_set() {
    let sign_in = SignIn::begin_with(Purpose::SignIn, |settings| {
        settings.acr = AcceptedAcr::Any;
        settings.role_claim = "/realm_access/roles".into();
        settings.roles = RoleRules::parse("audit=auditor@HQ").unwrap();
        settings.client_secret = None;
        settings.piv.presented = "card".into();
    })
    .await;
    assert!(!sign_in.asked.contains_key("acr_values"));
    let mut claims = sign_in.claims();
    claims.as_object_mut().unwrap().remove("acr");
    claims["realm_access"] = json!({ "roles": ["audit"] });
    let person = sign_in.with_claims(&claims).await.unwrap();
    assert_eq!(person.roles.iter().map(|(role, _)| *role).collect::<Vec<_>>(), [Role::Auditor]);
    assert_eq!((person.acr, person.piv), (None, None));
}

#[tokio::test]
async fn names_are_one_line_and_not_endless() {
    let sign_in = SignIn::begin().await;
    let name = async |name: String| sign_in.with_claim("name", json!(name)).await.unwrap().name.map(|name| name.expose().clone());
    assert_eq!(name(" Iris\u{7}\nIbsen ".into()).await.as_deref(), Some("IrisIbsen"));
    assert_eq!(name("ñ".repeat(5000)).await, Some("ñ".repeat(200)));
    assert_eq!(name("\n".into()).await, None);
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret_or_a_person() {
    let sign_in = SignIn::begin().await;
    let person = sign_in.with_claims(&sign_in.claims()).await.unwrap();
    let answer = Answer::parse(&sign_in.query()).unwrap();
    let printed = format!("{person:?} {:?} {answer:?} {:?}", sign_in.attempt, settings(&sign_in.forger.url));
    for secret in ["officer-7", "Ibsen", "IRIS", "a-code", "a secret of tests", sign_in.attempt.state()] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
    assert!(!format!("{:?}", sign_in.oidc).contains("a secret of tests"));
}

#[tokio::test]
async fn an_attempt_survives_being_kept_by_the_browser() {
    let sign_in = SignIn::begin().await;
    let kept = serde_json::to_string(&sign_in.attempt).unwrap();
    let sign_in = SignIn { attempt: serde_json::from_str(&kept).unwrap(), ..sign_in };
    assert!(sign_in.with_claims(&sign_in.claims()).await.is_ok());
}
