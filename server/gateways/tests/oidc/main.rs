//! Sign-in against the certified `oidc-provider`, and against a provider that lies in each way that the former never would.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

mod certified;
mod forged;
mod forger;

use chrono::TimeDelta;
use gateways::oidc::{AcceptedAcr, Issuer, OidcSettings, PivClaims, RoleRules};
use shared::sensitive::Sensitive;

/// Where the provider sends the browser back.
const BACK: &str = "http://localhost:8080/console/sign-in/oidc/back";

/// Numbers for an attempt, in a test that can be repeated.
fn random() -> [u8; 96] {
    std::array::from_fn(|at| u8::try_from(at * 37 % 251).unwrap())
}

fn settings(issuer: &str) -> OidcSettings {
    // What a program does once, before its first connection.
    let _ = rustls::crypto::ring::default_provider().install_default();
    OidcSettings {
        issuer: Issuer::parse(issuer).unwrap(),
        client_id: "portico".into(),
        client_secret: Some(Sensitive::new("a secret of tests".into())),
        redirect: BACK.parse().unwrap(),
        scopes: ["openid", "profile", "roles", "x509"].map(String::from).to_vec(),
        acr: AcceptedAcr::parse("aal3,aal2").unwrap(),
        max_age: TimeDelta::minutes(60),
        role_claim: "roles".into(),
        roles: RoleRules::parse("portico-iio-{office}=iio@{office};portico-siio-{office}=siio@{office}").unwrap(),
        piv: PivClaims::parse("x509_subject,x509_issuer,x509_presented").unwrap(),
    }
}
