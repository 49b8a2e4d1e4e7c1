use std::fmt;

use chrono::TimeDelta;
use shared::sensitive::Sensitive;
use thiserror::Error;
use url::{Host, Url};

use super::{Refusal, RoleRules};

/// What an operator says of the identity provider.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    pub issuer: Issuer,
    pub client_id: String,
    /// None: the client is public, and PKCE alone binds the code to it.
    pub client_secret: Option<Sensitive<String>>,
    /// Where the provider sends the browser back: an address of ours, as it is registered there.
    pub redirect: Url,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    pub acr: AcceptedAcr,
    /// How long ago the person may have shown the provider who they are.
    pub max_age: TimeDelta,
    /// The claim with what somebody is: its name, or a JSON pointer into the claims (`/realm_access/roles`).
    pub role_claim: String,
    pub roles: RoleRules,
    pub piv: PivClaims,
}

/// The names of the claims about a PIV card. Login.gov's are the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PivClaims {
    pub subject: String,
    pub issuer: String,
    pub presented: String,
}

impl PivClaims {
    /// Reads `subject,issuer,presented`.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let names: Vec<&str> = text.split(',').map(str::trim).collect();
        let &[subject, issuer, presented] = names.as_slice() else { return Err("name three claims: subject,issuer,presented") };
        if names.contains(&"") {
            return Err("name three claims: subject,issuer,presented");
        }
        Ok(Self { subject: subject.to_owned(), issuer: issuer.to_owned(), presented: presented.to_owned() })
    }
}

/// The provider's identifier, to the letter: the same words stand in its discovery document and in every token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    url: Url,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IssuerError {
    #[error("is not an address as https://sign-in.agency.example")]
    Malformed,
    #[error("must begin with https://; plain HTTP is spoken to this machine only")]
    NoTls,
}

impl Issuer {
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let url = Url::parse(text).map_err(|_| IssuerError::Malformed)?;
        let has_more = url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some();
        if has_more || url.host().is_none() || !matches!(url.scheme(), "http" | "https") {
            return Err(IssuerError::Malformed);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(IssuerError::NoTls);
        }
        Ok(Self { text: text.to_owned(), url })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether something secret may go to an address that the provider named: over TLS, or on this machine if the provider itself
    /// is there.
    pub(super) fn may_name(&self, url: &Url) -> bool {
        let stays_here = self.url.scheme() == "http" && url.scheme() == "http" && is_loopback(url);
        url.scheme() == "https" || stays_here
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

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Which ways to sign in at the provider are good enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AcceptedAcr {
    /// An operator has said that whatever the provider does is.
    Any,
    /// One of these; the first is the best liked.
    OneOf(Vec<String>),
}

impl AcceptedAcr {
    /// Reads `any`, or values with commas between.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let values: Vec<String> = text.split(',').map(str::trim).map(String::from).collect();
        // The request has them in one list with spaces between.
        let is_wrong = |value: &String| value.is_empty() || value.contains(char::is_whitespace);
        match values.as_slice() {
            [only] if only == "any" => Ok(Self::Any),
            values if values.iter().any(is_wrong) => Err("write values of acr with commas between, or any"),
            _ => Ok(Self::OneOf(values)),
        }
    }

    pub(super) fn values(&self) -> &[String] {
        match self {
            Self::Any => &[],
            Self::OneOf(values) => values,
        }
    }

    pub(super) fn check(&self, acr: Option<&str>) -> Result<(), Refusal> {
        match (self, acr) {
            (Self::Any, _) => Ok(()),
            (Self::OneOf(_), None) => Err(Refusal::NoAcr),
            (Self::OneOf(values), Some(acr)) if values.iter().any(|value| value == acr) => Ok(()),
            (Self::OneOf(_), Some(_)) => Err(Refusal::AcrTooLow),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_are_reached_over_tls_or_on_this_machine() {
        for good in
            ["https://sign-in.agency.example", "https://id.example/realms/agency", "http://127.0.0.1:8081", "http://localhost:1/"]
        {
            assert_eq!(Issuer::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "sign-in.agency.example",
            "ftp://id.example",
            "https://id.example?a=b",
            "https://id.example/#x",
            "https://u:p@id.example",
        ] {
            assert_eq!(Issuer::parse(bad), Err(IssuerError::Malformed), "{bad}");
        }
        assert_eq!(Issuer::parse("http://id.example"), Err(IssuerError::NoTls));
    }

    #[test]
    fn a_provider_on_the_net_names_no_address_without_tls() {
        let may_name = |issuer: &str, url: &str| Issuer::parse(issuer).unwrap().may_name(&Url::parse(url).unwrap());
        assert!(may_name("https://id.example", "https://token.id.example/token"));
        assert!(!may_name("https://id.example", "http://id.example/token"));
        assert!(!may_name("https://id.example", "http://127.0.0.1/token"));
        assert!(may_name("http://127.0.0.1:1", "http://127.0.0.1:2/token"));
        assert!(!may_name("http://127.0.0.1:1", "http://id.example/token"));
    }

    #[test]
    fn values_of_acr_are_words_or_any() {
        let of = |values: &[&str]| Ok(AcceptedAcr::OneOf(values.iter().map(ToString::to_string).collect()));
        assert_eq!(AcceptedAcr::parse("any"), Ok(AcceptedAcr::Any));
        assert_eq!(
            AcceptedAcr::parse("http://idmanagement.gov/ns/assurance/aal/2?hspd12=true"),
            of(&["http://idmanagement.gov/ns/assurance/aal/2?hspd12=true"])
        );
        assert_eq!(AcceptedAcr::parse("aal3, aal2"), of(&["aal3", "aal2"]));
        for bad in ["", "aal2,,aal3", "aal2 aal3"] {
            assert!(AcceptedAcr::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn three_claims_tell_of_a_card() {
        let names = PivClaims::parse("x509_subject, x509_issuer,x509_presented").unwrap();
        assert_eq!((names.subject.as_str(), names.presented.as_str()), ("x509_subject", "x509_presented"));
        assert!(PivClaims::parse("a,b").is_err() && PivClaims::parse("a,,c").is_err());
    }
}
