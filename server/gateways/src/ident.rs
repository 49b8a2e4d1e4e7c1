//! IDENT and PCQS/CIS, over HTTPS with a certificate of ours ([`shared::ident`] has what is said; `docs/systems` the protocol).
//!
//! We ask, and IDENT answers: nothing of ours listens. Every failure says what is known of it, since the accounting of disclosures has
//! to say whether something was sent, was not, or may have been. No error and no log line holds anything that was said.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::case_feed::ANumber;
use shared::ident::{
    Correction, Decision, Enrol, Inbox, MOST_MESSAGES, Query, Unreadable, UseDecision, Verification, Verified, padded,
};
use shared::protection::{CisAnswer, Evidence, Marker};
use shared::sensitive::Sensitive;
use thiserror::Error;
use url::Url;

/// IDENT answers a search within seconds; what takes longer comes as a message.
const TIME_OUT: Duration = Duration::from_secs(20);
/// A check of protection that takes longer counts as failed, and fails closed.
const CHECK_TIME_OUT: Duration = Duration::from_secs(5);
/// Most bytes that are read of an answer.
const MOST_BYTES: usize = 32 << 20;

/// Where the systems are, and with what we show who we are.
#[derive(Debug, Clone)]
pub struct IdentAccess {
    pub ident: Url,
    pub cis: Url,
    /// Whom we trust (PEM): the authority of the two systems, and no other.
    pub authority: PathBuf,
    /// Our certificate and its key (PEM).
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Why something did not go as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdentError {
    /// Nothing was sent.
    #[error("cannot be reached")]
    NotReached,
    /// Nothing was taken, and it may be tried again.
    #[error("asks to try again later ({status})")]
    Later { status: u16, after: Option<Duration> },
    /// Nothing was taken, and it will not be.
    #[error("refuses ({0})")]
    Refused(u16),
    /// It may have been taken: the connection broke off, or no answer came in time.
    #[error("gave no answer; what was sent may have arrived")]
    Unknown,
    #[error("gave an answer that cannot be read")]
    Unreadable,
}

/// Why there is no client.
#[derive(Debug, Error)]
pub enum AccessError {
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0} holds no certificate or key that can be used")]
    Certificate(String),
    #[error("TLS cannot be set up")]
    Tls,
}

/// IDENT.
#[derive(Debug, Clone)]
pub struct Ident {
    client: Client,
    base: Url,
}

impl Ident {
    /// # Errors
    /// [`AccessError`] names the file that cannot be used.
    pub fn new(access: &IdentAccess) -> Result<Self, AccessError> {
        Ok(Self { client: client(access, TIME_OUT)?, base: access.ident.clone() })
    }

    /// Asks a partner. Taken once for each transaction number, so that it can be tried again.
    pub async fn ask(&self, query: &Query) -> Result<(), IdentError> {
        taken(self.client.post(at(&self.base, "v1/queries")), query).await.map(drop)
    }

    /// Says what a partner is answered. Taken once for each message.
    pub async fn answer(&self, decision: &Decision, is_first_answer: bool) -> Result<(), IdentError> {
        let path = if is_first_answer { "v1/decisions" } else { "v1/answers" };
        taken(self.client.post(at(&self.base, path)), decision).await.map(drop)
    }

    /// Has a partner told what is wrong with its request. Taken once for each message.
    pub async fn unreadable(&self, unreadable: &Unreadable) -> Result<(), IdentError> {
        taken(self.client.post(at(&self.base, "v1/errors")), unreadable).await.map(drop)
    }

    /// Says whether another component may use what it asked for. Taken once for each message.
    pub async fn decide_use(&self, decision: &UseDecision) -> Result<(), IdentError> {
        taken(self.client.post(at(&self.base, "v1/uses")), decision).await.map(drop)
    }

    /// Has a partner told that what it was answered is set right, or disputed. Taken once for each id.
    pub async fn correct(&self, correction: &Correction) -> Result<(), IdentError> {
        taken(self.client.post(at(&self.base, "v1/corrections")), correction).await.map(drop)
    }

    /// Verifies an identity. Nothing of it is kept there.
    pub async fn verify(&self, verification: &Verification) -> Result<Verified, IdentError> {
        read(taken(self.client.post(at(&self.base, "v1/verifications")), verification).await?).await
    }

    /// Adds somebody. Taken once for each transaction number, so that it can be tried again.
    pub async fn enrol(&self, enrol: &Enrol) -> Result<Verified, IdentError> {
        read(taken(self.client.post(at(&self.base, "v1/enrolments")), enrol).await?).await
    }

    /// What IDENT has for us after a cursor.
    pub async fn messages(&self, after: u64) -> Result<Inbox, IdentError> {
        let mut url = at(&self.base, "v1/messages");
        url.query_pairs_mut().append_pair("after", &after.to_string()).append_pair("most", &MOST_MESSAGES.to_string());
        let response = self.client.get(url).send().await.map_err(|error| not_sent(&error))?;
        read(checked(response)?).await
    }
}

/// The Central Index System, as the Person Centric Query Service gives access to it.
#[derive(Debug, Clone)]
pub struct Cis {
    client: Client,
    base: Url,
}

#[derive(Serialize)]
struct Check {
    a_numbers: Vec<String>,
}

#[derive(Deserialize)]
struct Checked {
    answers: BTreeMap<String, Protection>,
}

/// What CIS says of one A-Number.
#[derive(Deserialize)]
#[serde(tag = "protection", rename_all = "snake_case")]
enum Protection {
    Protected,
    NotProtected,
    /// With the classes of admission that it has.
    Classes {
        classes: Vec<String>,
    },
    #[serde(other)]
    Unknown,
}

impl Cis {
    /// # Errors
    /// [`AccessError`] names the file that cannot be used.
    pub fn new(access: &IdentAccess) -> Result<Self, AccessError> {
        Ok(Self { client: client(access, CHECK_TIME_OUT)?, base: access.cis.clone() })
    }

    /// What is known of a person's protection. Whatever is not a plain answer to every number has failed.
    pub async fn ask(&self, a_numbers: &[Sensitive<ANumber>]) -> CisAnswer {
        if a_numbers.is_empty() {
            // There is nothing by which CIS could be asked; this opens nothing that our own records close.
            return CisAnswer::NotProtected;
        }
        let numbers: Vec<String> = a_numbers.iter().map(|number| format!("A{}", number.expose().digits())).collect();
        let check = Check { a_numbers: numbers.clone() };
        let sent = taken(self.client.post(at(&self.base, "v1/protection")), &check).await;
        let Ok(response) = sent else { return CisAnswer::Failed };
        match read::<Checked>(response).await {
            Ok(checked) => together(&numbers, checked),
            Err(_) => CisAnswer::Failed,
        }
    }
}

/// The answers to all numbers as one: the most closed.
fn together(numbers: &[String], checked: Checked) -> CisAnswer {
    let Checked { mut answers } = checked;
    let mut markers = Vec::new();
    let (mut is_protected, mut has_failed) = (false, false);
    for number in numbers {
        match answers.remove(number) {
            Some(Protection::Protected) => is_protected = true,
            Some(Protection::NotProtected) => {}
            Some(Protection::Classes { classes }) if !classes.is_empty() => markers.extend(classes.into_iter().map(marker)),
            Some(Protection::Classes { .. } | Protection::Unknown) | None => has_failed = true,
        }
    }
    match (is_protected, has_failed, markers.is_empty()) {
        (true, _, _) => CisAnswer::Protected,
        (false, true, _) => CisAnswer::Failed,
        (false, false, true) => CisAnswer::NotProtected,
        (false, false, false) => CisAnswer::Markers(markers),
    }
}

fn marker(class: String) -> Marker {
    Marker { evidence: Evidence::ClassOfAdmission(class), effective_from: None, effective_to: None }
}

fn at(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

fn client(access: &IdentAccess, time_out: Duration) -> Result<Client, AccessError> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| AccessError::File(path.display().to_string(), error));
    let unusable = |path: &PathBuf| AccessError::Certificate(path.display().to_string());
    let authority = Certificate::from_pem(&read(&access.authority)?).map_err(|_| unusable(&access.authority))?;
    let both = [read(&access.certificate)?, read(&access.key)?].concat();
    let identity = Identity::from_pem(&both).map_err(|_| unusable(&access.certificate))?;
    Client::builder()
        .use_rustls_tls()
        .https_only(true)
        .tls_built_in_root_certs(false)
        .add_root_certificate(authority)
        .identity(identity)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(time_out)
        .timeout(time_out)
        .user_agent("portico")
        .build()
        .map_err(|_| AccessError::Tls)
}

/// Sends a body and waits until it is taken.
async fn taken<T: Serialize + Sync>(request: RequestBuilder, body: &T) -> Result<Response, IdentError> {
    // What is too large to be sent was not sent.
    let bytes = padded(body).ok_or(IdentError::Refused(StatusCode::PAYLOAD_TOO_LARGE.as_u16()))?;
    let response = request.header("content-type", "application/json").body(bytes).send().await;
    checked(response.map_err(|error| not_sent(&error))?)
}

fn not_sent(error: &reqwest::Error) -> IdentError {
    if error.is_connect() || error.is_builder() { IdentError::NotReached } else { IdentError::Unknown }
}

fn checked(response: Response) -> Result<Response, IdentError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok()).map(Duration::from_secs);
    Err(match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => IdentError::Later { status: status.as_u16(), after },
        _ if status.is_client_error() || status.is_redirection() => IdentError::Refused(status.as_u16()),
        // It says that something went wrong, and not when.
        _ => IdentError::Unknown,
    })
}

async fn read<T: DeserializeOwned>(mut response: Response) -> Result<T, IdentError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| IdentError::Unknown)? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(IdentError::Unreadable);
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(|_| IdentError::Unreadable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answers(json: &str) -> CisAnswer {
        let numbers = ["A200000001".to_owned(), "A200000002".to_owned()];
        serde_json::from_str::<Checked>(json).map_or(CisAnswer::Failed, |checked| together(&numbers, checked))
    }

    #[test]
    fn only_a_plain_answer_to_every_number_opens_anything() {
        let both = |one: &str, two: &str| answers(&format!(r#"{{"answers":{{"A200000001":{one},"A200000002":{two}}}}}"#));
        let (free, protected) = (r#"{"protection":"not_protected"}"#, r#"{"protection":"protected"}"#);
        assert_eq!(both(free, free), CisAnswer::NotProtected);
        assert_eq!(both(free, protected), CisAnswer::Protected);
        assert_eq!(both(free, r#"{"protection":"classes","classes":["T1"]}"#), CisAnswer::Markers(vec![marker("T1".to_owned())]));
        for odd in [r#"{"protection":"maybe"}"#, r#"{"protection":"classes","classes":[]}"#, "{}", "null", "7"] {
            assert_eq!(both(free, odd), CisAnswer::Failed, "{odd}");
        }
        assert_eq!(both(protected, r#"{"protection":"maybe"}"#), CisAnswer::Protected, "the most closed counts");
        assert_eq!(answers(&format!(r#"{{"answers":{{"A200000001":{free}}}}}"#)), CisAnswer::Failed, "one is missing");
    }

    proptest! {
        #[test]
        fn nothing_that_cis_says_panics(json in any::<String>()) {
            let _ = answers(&json);
        }
    }
}
