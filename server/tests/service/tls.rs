//! TLS: served with a certificate, read again when it changes; cookies are `__Host-` and `Secure`.

use std::process::Command;

use super::running::{Engine, Installation, http};
use reqwest::header::SET_COOKIE;
use reqwest::{Certificate, Client};

/// A self-signed certificate for localhost, made by openssl.
pub fn make_certificate(installation: &Installation, name: &str) -> Vec<u8> {
    let (cert, key) = (installation.path("cert.pem"), installation.path("key.pem"));
    let arguments =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout"];
    let made = Command::new("openssl")
        .args(arguments)
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .args([
            "-subj",
            &format!("/CN={name}"),
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::read(cert).unwrap()
}

fn trusting(certificate: &[u8]) -> Client {
    http().tls_built_in_root_certs(false).add_root_certificate(Certificate::from_pem(certificate).unwrap()).build().unwrap()
}

#[tokio::test]
async fn a_certificate_is_served_and_its_renewal_is_noticed() {
    let installation = Installation::new(Engine::Sqlite).await;
    let first = make_certificate(&installation, "first");
    let (cert, key) = (installation.path("cert.pem"), installation.path("key.pem"));
    let server = installation.serve(&[
        ("PORTICO_TLS_CERT", cert.to_str().unwrap()),
        ("PORTICO_TLS_KEY", key.to_str().unwrap()),
        ("PORTICO_PUBLIC_URL", "https://localhost"),
    ]);
    let url = server.address.replace("http://", "https://") + "/case-status";
    let page = trusting(&first).get(&url).send().await.unwrap();
    let cookie = page.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-portico=") && cookie.contains("; Secure"), "{cookie}");
    assert!(page.headers()["strict-transport-security"].to_str().unwrap().starts_with("max-age=63072000"));

    let second = make_certificate(&installation, "second");
    assert!(trusting(&second).get(&url).send().await.is_err(), "the old one is served until the files are looked at");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while trusting(&second).get(&url).send().await.is_err() {
        assert!(std::time::Instant::now() < deadline, "the renewed certificate is not served");
    }
}
