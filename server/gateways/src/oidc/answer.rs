use std::fmt;

use openidconnect::AuthorizationCode;
use url::form_urlencoded;

use super::Refusal;

/// What a browser brings back from the provider, in the address's query. None of it is believed yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    state: String,
    code: Option<String>,
    issuer: Option<String>,
    error: Option<String>,
}

impl Answer {
    /// # Errors
    /// [`Refusal::State`] if it belongs to no attempt, [`Refusal::Repeated`] if a parameter is there twice.
    pub fn parse(query: &str) -> Result<Self, Refusal> {
        let [mut state, mut code, mut issuer, mut error] = [const { None }; 4];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "state" => &mut state,
                "code" => &mut code,
                "iss" => &mut issuer,
                "error" => &mut error,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(Refusal::Repeated);
            }
        }
        Ok(Self { state: state.ok_or(Refusal::State)?, code, issuer, error })
    }

    pub fn state(&self) -> &str {
        &self.state
    }

    /// The code, if the answer comes from the right provider (RFC 9207) and is a good one.
    pub(super) fn code_from(self, issuer: &str, names_itself: bool) -> Result<AuthorizationCode, Refusal> {
        match self.issuer {
            Some(named) if named != issuer => return Err(Refusal::MixUp),
            None if names_itself => return Err(Refusal::MixUp),
            _ => {}
        }
        match (self.error, self.code) {
            (Some(error), _) => Err(Refusal::Declined(known(&error))),
            (None, Some(code)) if !code.is_empty() => Ok(AuthorizationCode::new(code)),
            _ => Err(Refusal::NoCode),
        }
    }
}

/// A word of the standards; what else somebody wrote into the address goes no further.
fn known(error: &str) -> &'static str {
    const KNOWN: [&str; 13] = [
        "access_denied",
        "account_selection_required",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_request_object",
        "invalid_scope",
        "login_required",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unmet_authentication_requirements",
        "unsupported_response_type",
    ];
    KNOWN.into_iter().find(|known| *known == error).unwrap_or("an error of its own")
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer")
    }
}
