use chrono::{DateTime, Utc};
use openidconnect::core::CoreGenderClaim;
use openidconnect::{EndUserName, LocalizedClaim, UserInfoClaims};
use serde_json::Value;
use shared::identity::Role;
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;

use super::token::{Claims, IdClaims};
use super::{OidcSettings, Refusal};

/// The longest subject that the standard allows.
const LONGEST_SUBJECT: usize = 255;
/// The most characters of a name that are kept.
const LONGEST_NAME: usize = 200;
/// More values of the role claim than this are somebody's mistake.
const MOST_VALUES: usize = 1000;

/// Somebody the provider vouches for. Issuer and subject together are who it is; everything else may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub issuer: String,
    pub subject: Sensitive<String>,
    pub name: Option<Sensitive<String>>,
    /// How they signed in at the provider.
    pub acr: Option<String>,
    /// When they did.
    pub auth_time: DateTime<Utc>,
    /// At least one. Whether the agency has the office is not known here.
    pub roles: Vec<(Role, OfficeCode)>,
    pub piv: Option<Piv>,
}

/// The PIV card that was shown to the provider: the names in its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piv {
    pub subject: Sensitive<String>,
    pub issuer: String,
}

/// What the userinfo endpoint says.
pub(super) type Info = UserInfoClaims<Claims, CoreGenderClaim>;

/// What the provider says of somebody: in the ID token, or else at its userinfo endpoint.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub token: &'a IdClaims,
    pub info: Option<&'a Info>,
}

impl<'a> Said<'a> {
    fn claim(self, name: &str) -> Option<&'a Value> {
        let info = || found(self.info?.additional_claims(), name);
        found(self.token.additional_claims(), name).or_else(info)
    }

    fn text(self, name: &str) -> Option<&'a str> {
        self.claim(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn name(self) -> Option<&'a LocalizedClaim<EndUserName>> {
        self.token.name().or_else(|| self.info?.name())
    }

    /// Whether the userinfo endpoint might know what is wanted.
    pub fn lacks_something(self, settings: &OidcSettings) -> bool {
        self.name().is_none() || [&settings.role_claim, &settings.piv.subject].iter().any(|name| self.claim(name).is_none())
    }

    /// The person, if they have a role.
    pub fn person(self, settings: &OidcSettings) -> Result<Person, Refusal> {
        let roles = settings.roles.granted(self.claim(&settings.role_claim).map(values).unwrap_or_default());
        if roles.is_empty() {
            return Err(Refusal::NoRole);
        }
        Ok(Person {
            issuer: settings.issuer.as_str().to_owned(),
            subject: Sensitive::new(subject(self.token)?.to_owned()),
            name: self.name().and_then(|name| name.get(None)).and_then(|name| shown(name)).map(Sensitive::new),
            acr: self.token.auth_context_ref().map(|acr| acr.as_str().to_owned()),
            auth_time: self.token.auth_time().ok_or(Refusal::NoAuthTime)?,
            roles,
            piv: self.piv(settings),
        })
    }

    /// Only a card that was shown counts: providers may know the names in cards that were left in a drawer.
    fn piv(self, settings: &OidcSettings) -> Option<Piv> {
        let presented = self.claim(&settings.piv.presented)?;
        let is_presented = presented == &Value::Bool(true) || presented.as_str() == Some("true");
        let (subject, issuer) = (self.text(&settings.piv.subject)?, self.text(&settings.piv.issuer)?);
        is_presented.then(|| Piv { subject: Sensitive::new(subject.to_owned()), issuer: issuer.to_owned() })
    }
}

/// A claim by its name, or by a JSON pointer.
fn found<'a>(Claims(claims): &'a Claims, name: &str) -> Option<&'a Value> {
    let Some(pointer) = name.strip_prefix('/') else { return claims.get(name) };
    let (first, rest) = pointer.split_once('/').map_or((pointer, None), |(first, rest)| (first, Some(rest)));
    let value = claims.get(&first.replace("~1", "/").replace("~0", "~"))?;
    rest.map_or(Some(value), |rest| value.pointer(&format!("/{rest}")))
}

/// Providers give one value, or a list of them.
fn values(claim: &Value) -> Vec<&str> {
    match claim {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().take(MOST_VALUES).filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn subject(claims: &IdClaims) -> Result<&str, Refusal> {
    let subject = claims.subject().as_str();
    let is_legal = (1..=LONGEST_SUBJECT).contains(&subject.len()) && !subject.contains(char::is_control);
    if is_legal { Ok(subject) } else { Err(Refusal::NoSubject) }
}

/// A name as it can be shown on one line.
fn shown(name: &str) -> Option<String> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}
