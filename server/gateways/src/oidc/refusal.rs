use openidconnect::core::{CoreErrorResponseType, CoreRequestTokenError};
use openidconnect::{ClaimsVerificationError, DiscoveryError, SignatureVerificationError, UserInfoError};
use thiserror::Error;

/// Why nobody is signed in. No word of the provider's, of the address or of a token is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("the identity provider {0}")]
    Provider(#[from] ProviderProblem),
    #[error("the answer belongs to no sign-in that began in this browser")]
    State,
    #[error("the answer says something twice")]
    Repeated,
    #[error("the sign-in took too long")]
    TookTooLong,
    #[error("the answer does not come from the provider that was asked")]
    MixUp,
    #[error("the provider answered: {0}")]
    Declined(&'static str),
    #[error("the answer holds no code")]
    NoCode,
    #[error("the provider did not take the code: it was used before, is too old, or was given to another sign-in")]
    CodeRefused,
    #[error("the provider does not accept this client: its id or its secret is wrong, or the address it is sent back to")]
    ClientRefused,
    #[error("the provider gave no ID token")]
    NoIdToken,
    #[error("the ID token {0}")]
    IdToken(#[from] TokenProblem),
    #[error("the provider does not say how the person signed in (acr)")]
    NoAcr,
    #[error("the way the person signed in (acr) is not good enough")]
    AcrTooLow,
    #[error("the provider does not say when the person signed in (auth_time)")]
    NoAuthTime,
    #[error("the person signed in too long ago (auth_time)")]
    AuthTimeTooOld,
    #[error("the ID token names nobody (sub)")]
    NoSubject,
    #[error("the provider's userinfo is about somebody else")]
    OtherSubject,
    #[error("the person has no role at any office")]
    NoRole,
}

/// Why a provider cannot be used, or not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProviderProblem {
    #[error("cannot be reached: {0}")]
    Unreachable(&'static str),
    #[error("answered {0}")]
    Answered(u16),
    #[error("sends us elsewhere, which is not followed")]
    Redirects,
    #[error("answered with more than is read")]
    TooLarge,
    #[error("answered with something that cannot be read")]
    Unreadable,
    #[error("calls itself by another name than PORTICO_OIDC_ISSUER")]
    OtherIssuer,
    #[error("names an address without TLS")]
    NoTls,
}

/// What is wrong with an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenProblem {
    #[error("is of a kind that is not taken: encrypted, nested, or no ID token")]
    Kind,
    #[error("is from another issuer")]
    Issuer,
    #[error("is for somebody else (aud)")]
    Audience,
    #[error("was asked for by somebody else (azp)")]
    AuthorizedParty,
    #[error("has no signature, or one of an algorithm that is not taken")]
    Algorithm,
    #[error("is signed with a key that the provider does not publish")]
    Key,
    #[error("has a wrong signature")]
    Signature,
    #[error("is over (exp)")]
    Expired,
    #[error("holds from later on (nbf, iat)")]
    NotYet,
    #[error("is older than the sign-in (iat)")]
    Stale,
    #[error("belongs to another sign-in (nonce)")]
    Nonce,
    #[error("came with an access token that is not its own (at_hash)")]
    AccessToken,
}

impl From<ClaimsVerificationError> for TokenProblem {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::Expired(_) => Self::Expired,
            ClaimsVerificationError::InvalidAudience(_) => Self::Audience,
            ClaimsVerificationError::InvalidIssuer(_) => Self::Issuer,
            ClaimsVerificationError::InvalidNonce(_) => Self::Nonce,
            ClaimsVerificationError::SignatureVerification(error) => error.into(),
            _ => Self::Kind,
        }
    }
}

impl From<SignatureVerificationError> for TokenProblem {
    fn from(error: SignatureVerificationError) -> Self {
        match error {
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::AmbiguousKeyId(_) => Self::Key,
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::NoSignature
            | SignatureVerificationError::UnsupportedAlg(_) => Self::Algorithm,
            _ => Self::Signature,
        }
    }
}

impl From<DiscoveryError<ProviderProblem>> for ProviderProblem {
    fn from(error: DiscoveryError<ProviderProblem>) -> Self {
        match error {
            DiscoveryError::Request(problem) => problem,
            DiscoveryError::Response(status, ..) if !status.is_success() => Self::Answered(status.as_u16()),
            DiscoveryError::Validation(_) => Self::OtherIssuer,
            _ => Self::Unreadable,
        }
    }
}

/// What the token endpoint's error means.
pub(super) fn from_token_endpoint(error: CoreRequestTokenError<ProviderProblem>) -> Refusal {
    match error {
        CoreRequestTokenError::ServerResponse(response) => match response.error() {
            CoreErrorResponseType::InvalidGrant => Refusal::CodeRefused,
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => Refusal::ClientRefused,
            _ => ProviderProblem::Unreadable.into(),
        },
        CoreRequestTokenError::Request(problem) => problem.into(),
        CoreRequestTokenError::Parse(..) | CoreRequestTokenError::Other(_) => ProviderProblem::Unreadable.into(),
    }
}

/// What the userinfo endpoint's error means.
pub(super) fn from_user_info(error: UserInfoError<ProviderProblem>) -> Refusal {
    match error {
        UserInfoError::ClaimsVerification(ClaimsVerificationError::InvalidSubject(_)) => Refusal::OtherSubject,
        UserInfoError::ClaimsVerification(error) => TokenProblem::from(error).into(),
        UserInfoError::Request(problem) => problem.into(),
        UserInfoError::Response(status, ..) if !status.is_success() => ProviderProblem::Answered(status.as_u16()).into(),
        _ => ProviderProblem::Unreadable.into(),
    }
}
