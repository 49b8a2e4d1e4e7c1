//! An authority of a demonstration, and the certificates that it gives to both sides.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PKCS_ED25519,
};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use thiserror::Error;

const AUTHORITY: &str = "authority.pem";
const SERVER: (&str, &str) = ("server.pem", "server.key");
const CLIENT: (&str, &str) = ("client.pem", "client.key");
/// With which the agency signs packages.
const PACKAGE: &str = "package.key";
/// For whom packages are sealed: OBIM's public and private key.
const OBIM: (&str, &str) = ("obim.pem", "obim.key");

#[derive(Debug, Error)]
pub enum CertificateError {
    #[error("a file cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    #[error("a certificate cannot be made: {0}")]
    Made(#[from] rcgen::Error),
    #[error("the certificates in the folder cannot be used; delete them, and they are made anew ({0})")]
    Unusable(String),
}

fn unusable(error: impl std::fmt::Display) -> CertificateError {
    CertificateError::Unusable(error.to_string())
}

/// Makes what is missing; all of it anew if any of it is.
pub fn make(folder: &Path) -> Result<(), CertificateError> {
    let names = [AUTHORITY, SERVER.0, SERVER.1, CLIENT.0, CLIENT.1, PACKAGE, OBIM.0, OBIM.1];
    if names.iter().all(|name| folder.join(name).exists()) {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    write(folder, AUTHORITY, &authority.pem())?;
    let localhost = || vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    issue(folder, &authority, SERVER, localhost(), ExtendedKeyUsagePurpose::ServerAuth)?;
    issue(folder, &authority, CLIENT, vec!["portico".to_owned()], ExtendedKeyUsagePurpose::ClientAuth)?;
    write(folder, PACKAGE, &KeyPair::generate_for(&PKCS_ED25519)?.serialize_pem())?;
    let obim = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    write(folder, OBIM.0, &obim.public_key_pem())?;
    write(folder, OBIM.1, &obim.serialize_pem())
}

fn issue(
    folder: &Path,
    authority: &CertifiedIssuer<'_, KeyPair>,
    (certificate, key): (&str, &str),
    names: Vec<String>,
    usage: ExtendedKeyUsagePurpose,
) -> Result<(), CertificateError> {
    let own = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params.extended_key_usages = vec![usage];
    write(folder, certificate, &params.signed_by(&own, authority)?.pem())?;
    write(folder, key, &own.serialize_pem())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), CertificateError> {
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(folder.join(name))?;
    Ok(file.write_all(text.as_bytes())?)
}

/// TLS that lets in who has a certificate of the authority, and nobody else.
pub fn server(folder: &Path) -> Result<RustlsConfig, CertificateError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join(AUTHORITY)).map_err(unusable)?).map_err(unusable)?;
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().map_err(unusable)?;
    let certificate = CertificateDer::from_pem_file(folder.join(SERVER.0)).map_err(unusable)?;
    let key = PrivateKeyDer::from_pem_file(folder.join(SERVER.1)).map_err(unusable)?;
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![certificate], key)
        .map_err(unusable)?;
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
