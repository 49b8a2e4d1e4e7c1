//! Tells machines that a case has changed: a signed `POST` to an address that an operator gave.
//!
//! The form is that of Standard Webhooks (<https://www.standardwebhooks.com>), for which most languages have a library:
//! `webhook-id`, `webhook-timestamp` and `webhook-signature: v1,BASE64`, the HMAC-SHA-256 of `id.timestamp.body`.
//!
//! An address is somebody else's: it must not lead into the agency's own network. Its host is resolved here, every address it
//! has must be public, and the connection is made to one that was looked at. Redirects are not followed.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use sha2::Sha256;
use shared::sensitive::Sensitive;
use thiserror::Error;
use url::{Host, Url};
use uuid::Uuid;

/// A machine that has not answered after so long is asked again later.
const TIME_OUT: Duration = Duration::from_secs(15);
/// Most characters of an address.
const LONGEST: usize = 2000;

/// Where calls may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses over TLS.
    Public,
    /// This machine as well, and without TLS there: a demo's.
    Loopback,
}

/// An address that calls may go to, as far as can be seen from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(Url);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UrlError {
    #[error("is not an address as https://firm.example/portico")]
    Malformed,
    #[error("must begin with https://")]
    NoTls,
    #[error("must not hold a name or a password")]
    Credentials,
    #[error("does not lead to a public address")]
    NotPublic,
}

impl WebhookUrl {
    pub fn parse(text: &str, reach: Reach) -> Result<Self, UrlError> {
        let url = Url::parse(text).map_err(|_| UrlError::Malformed)?;
        let is_http = matches!(url.scheme(), "http" | "https");
        if text.len() > LONGEST || !is_http || url.fragment().is_some() {
            return Err(UrlError::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::Credentials);
        }
        let stays_here = reach == Reach::Loopback && is_loopback(&url);
        if url.scheme() == "http" && !stays_here {
            return Err(UrlError::NoTls);
        }
        // A name is resolved when it is called; this one cannot change.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(UrlError::Malformed),
        };
        if literal.is_some_and(|address| !may_reach(address, reach)) {
            return Err(UrlError::NotPublic);
        }
        Ok(Self(url))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn may_reach(address: IpAddr, reach: Reach) -> bool {
    let address = address.to_canonical();
    is_public(address) || (reach == Reach::Loopback && address.is_loopback())
}

/// Whether an address is of the public Internet (IANA's special-purpose registries; of IPv6 only what is handed out).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        // Shared, protocol assignments, 6to4 relays, benchmarks.
        (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _) => true,
        _ => a == 0 || a >= 240,
    };
    !(is_special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_handed_out = (0x2000..0x4000).contains(&a);
    // Teredo and other assignments, documentation, 6to4: the last holds an IPv4 address that nobody has looked at.
    let is_special = matches!((a, b), (0x2001, 0..0x0200 | 0x0db8) | (0x2002, _) | (0x3fff, 0..0x1000));
    is_handed_out && !is_special
}

/// One call.
#[derive(Debug)]
pub struct Event {
    pub id: Uuid,
    pub secret: Sensitive<Vec<u8>>,
    pub body: String,
}

/// Why a call was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallError {
    #[error("the address {0}")]
    Url(#[from] UrlError),
    #[error("the machine answered {0}")]
    Answered(u16),
    #[error("the machine cannot be reached: {0}")]
    Unreachable(&'static str),
}

impl CallError {
    /// Whether it will never go better: the machine says that it is gone for good.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Answered(code) if *code == StatusCode::GONE.as_u16())
    }
}

/// Calls machines.
#[derive(Debug, Clone)]
pub struct Caller {
    client: Client,
    reach: Reach,
}

impl Caller {
    /// # Errors
    /// [`CallError::Unreachable`] if this machine has no certificates to trust.
    pub fn new(reach: Reach) -> Result<Self, CallError> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIME_OUT)
            .user_agent("portico")
            .dns_resolver(Arc::new(Looked(reach)))
            .build()
            .map_err(|_| CallError::Unreachable("no certificates to trust"))?;
        Ok(Self { client, reach })
    }

    /// Makes one call; `at` is the moment it is signed for.
    pub async fn call(&self, url: &str, event: Event, at: DateTime<Utc>) -> Result<(), CallError> {
        let WebhookUrl(url) = WebhookUrl::parse(url, self.reach)?;
        let (id, timestamp) = (event.id.to_string(), at.timestamp().to_string());
        let signature = signature(event.secret.expose(), &id, &timestamp, &event.body);
        let request = self.client.post(url).header("content-type", "application/json").header("webhook-id", id);
        let request = request.header("webhook-timestamp", timestamp).header("webhook-signature", signature);
        // What the machine answers is not read: only whether it took the event counts.
        match request.body(event.body).send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(CallError::Answered(answer.status().as_u16())),
            Err(error) => Err(CallError::Unreachable(reason(&error))),
        }
    }
}

/// `v1,` and the signature in base64.
fn signature(secret: &[u8], id: &str, timestamp: &str, body: &str) -> String {
    // A key of any length is legal.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    for part in [id, ".", timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Words of ours: what other libraries say may name addresses.
fn reason(error: &reqwest::Error) -> &'static str {
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return "its name does not lead to a public address";
        }
        cause = error.source();
    }
    if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection, or it does not prove who it is"
    } else {
        "the connection broke"
    }
}

/// Resolves names, and refuses those that lead elsewhere than they may.
struct Looked(Reach);

#[derive(Debug, Error)]
#[error("not a public address")]
struct NotPublic;

impl Resolve for Looked {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One wrong address is enough: which one would be taken is not ours to say.
            if found.is_empty() || found.iter().any(|address| !may_reach(address.ip(), reach)) {
                return Err(NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[test]
    fn addresses_are_public_and_encrypted() {
        let parse = |text: &str| WebhookUrl::parse(text, Reach::Public).map(|url| url.as_str().to_owned());
        assert_eq!(parse("https://firm.example/hook?a=b").as_deref(), Ok("https://firm.example/hook?a=b"));
        assert!(parse("https://8.8.8.8:8443/hook").is_ok());
        assert_eq!(parse("http://firm.example/hook"), Err(UrlError::NoTls));
        assert_eq!(parse("https://user:pass@firm.example/"), Err(UrlError::Credentials));
        for bad in ["", "firm.example", "ftp://firm.example", "https://", "https://firm.example/#x", "file:///etc/passwd"] {
            assert_eq!(parse(bad), Err(UrlError::Malformed), "{bad}");
        }
        for inside in [
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://192.168.1.1/",
            "https://172.16.0.1/",
            "https://169.254.169.254/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://255.255.255.255/",
            "https://224.0.0.1/",
            "https://192.0.2.7/",
            "https://198.18.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[2001:db8::1]/",
            "https://[2002:7f00:1::]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2001::1]/",
            // Other ways to write an address.
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
        ] {
            assert_eq!(parse(inside), Err(UrlError::NotPublic), "{inside}");
        }
        assert!(WebhookUrl::parse("http://127.0.0.1:9/", Reach::Loopback).is_ok());
        assert_eq!(WebhookUrl::parse("http://10.0.0.1/", Reach::Loopback), Err(UrlError::NoTls));
        assert_eq!(WebhookUrl::parse("https://10.0.0.1/", Reach::Loopback), Err(UrlError::NotPublic));
    }

    /// The example of the standard's own specification.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = r#"{"test": 2432232314}"#;
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// A machine that answers once.
    async fn machine(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let heard = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 4096];
            let read = connection.read(&mut bytes).await.unwrap();
            connection.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&bytes[..read]).into_owned()
        });
        (url, heard)
    }

    fn event() -> Event {
        Event { id: Uuid::from_u128(7), secret: Sensitive::new(b"secret".to_vec()), body: r#"{"type":"case.changed"}"#.into() }
    }

    #[tokio::test]
    async fn a_machine_gets_a_signed_post_and_its_answer_decides() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let caller = Caller::new(Reach::Loopback).unwrap();
        for (answer, expected) in [
            ("HTTP/1.1 204 No Content\r\n\r\n", Ok(())),
            ("HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n", Err(CallError::Answered(500))),
            ("HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n", Err(CallError::Answered(410))),
            // A redirect into our own network is not followed.
            ("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", Err(CallError::Answered(302))),
            ("nonsense\r\n\r\n", Err(CallError::Unreachable("the connection broke"))),
        ] {
            let (url, heard) = machine(answer).await;
            let result = caller.call(&url, event(), DateTime::UNIX_EPOCH).await;
            assert_eq!(result, expected);
            let heard = heard.await.unwrap().to_ascii_lowercase();
            for line in [
                "post /hook http/1.1",
                "webhook-id: 00000000-0000-0000-0000-000000000007",
                "webhook-timestamp: 0",
                "webhook-signature: v1,",
                "content-type: application/json",
            ] {
                assert!(heard.contains(line), "{line} in {heard}");
            }
            assert!(heard.ends_with(r#"{"type":"case.changed"}"#));
        }
        assert!(CallError::Answered(410).is_final() && !CallError::Answered(500).is_final());
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let caller = Caller::new(Reach::Public).unwrap();
        let refused = caller.call("https://localhost/hook", event(), DateTime::UNIX_EPOCH).await;
        assert_eq!(refused, Err(CallError::Unreachable("its name does not lead to a public address")));
        let refused = caller.call("https://127.0.0.1/hook", event(), DateTime::UNIX_EPOCH).await;
        assert_eq!(refused, Err(CallError::Url(UrlError::NotPublic)));
    }
}
