//! An identity provider that says whatever a test wants, and signs it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::Sha256;

/// A key that tokens are signed with.
pub struct Key {
    pub id: &'static str,
    pair: EcdsaKeyPair,
}

impl Key {
    pub fn new(id: &'static str) -> Self {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &SystemRandom::new()).unwrap();
        Self { id, pair }
    }

    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    fn published(&self) -> Value {
        let [x, y] = [1, 33].map(|from| URL_SAFE_NO_PAD.encode(&self.public()[from..from + 32]));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": x, "y": y })
    }

    pub fn sign(&self, text: &str) -> Vec<u8> {
        self.pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec()
    }
}

/// The signature that a client's program makes if it takes a public key for a secret.
pub fn hmac(secret: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The first two parts of a token.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{header}.{claims}")
}

#[derive(Clone)]
struct Said {
    status: StatusCode,
    location: Option<String>,
    body: Bytes,
}

type Script = Arc<Mutex<BTreeMap<String, Said>>>;

/// A provider that answers what was laid down for each path, and remembers what it was asked.
pub struct Forger {
    pub url: String,
    script: Script,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Forger {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (script, asked) = (Script::default(), Arc::<Mutex<Vec<String>>>::default());
        let router = Router::new().fallback(answer).with_state((script.clone(), asked.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let forger = Self { url, script, asked };
        forger.says("/.well-known/openid-configuration", &forger.discovery());
        forger
    }

    /// A discovery document without fault.
    pub fn discovery(&self) -> Value {
        let url = &self.url;
        json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // Everything that it might be tempted by.
            "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    pub fn says(&self, path: &str, answer: &Value) {
        self.says_bytes(path, StatusCode::OK, answer.to_string().into_bytes());
    }

    pub fn says_bytes(&self, path: &str, status: StatusCode, body: Vec<u8>) {
        self.lay_down(path, Said { status, location: None, body: body.into() });
    }

    pub fn sends_elsewhere(&self, path: &str, target: &str) {
        self.lay_down(path, Said { status: StatusCode::TEMPORARY_REDIRECT, location: Some(target.to_owned()), body: Bytes::new() });
    }

    fn lay_down(&self, path: &str, said: Said) {
        self.script.lock().unwrap().insert(path.to_owned(), said);
    }

    pub fn publishes(&self, keys: &[&Key]) {
        self.says("/keys", &json!({ "keys": keys.iter().map(|key| key.published()).collect::<Vec<_>>() }));
    }

    pub fn gives(&self, id_token: &str) {
        self.says("/token", &json!({ "access_token": "an-access-token", "token_type": "Bearer", "id_token": id_token }));
    }

    /// The paths that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State((script, asked)): State<(Script, Arc<Mutex<Vec<String>>>)>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let said = script.lock().unwrap().get(&path).cloned();
    asked.lock().unwrap().push(path);
    let Some(said) = said else { return Response::builder().status(404).body(Body::empty()).unwrap() };
    let mut response = Response::builder().status(said.status).header(CONTENT_TYPE, "application/json");
    if let Some(location) = said.location {
        response = response.header(LOCATION, location);
    }
    response.body(Body::from(said.body)).unwrap()
}
