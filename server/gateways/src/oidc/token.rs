use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreGenderClaim, CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm as Algorithm, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, ClientId, EmptyExtraTokenFields, IdToken, IdTokenClaims, IdTokenFields, Nonce,
    OAuth2TokenResponse, StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::provider::Known;
use super::{Attempt, CLOCK_SKEW, OidcSettings, Purpose, Refusal, TokenProblem};

/// The algorithms that are taken: those whose keys only the provider has. With an HMAC, whoever knows the client's secret could
/// sign; and a program that takes both may be told to use a public key as the secret.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// The claims that the standard does not name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Claims(pub Map<String, Value>);

impl AdditionalClaims for Claims {}

pub(super) type IdClaims = IdTokenClaims<Claims, CoreGenderClaim>;

type Token = IdToken<Claims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Algorithm>;

/// What the token endpoint answers.
pub(super) type Tokens = StandardTokenResponse<
    IdTokenFields<Claims, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Algorithm>,
    CoreTokenType,
>;

/// The claims of the ID token, once each of OpenID Connect Core 3.1.3.7 holds, and what this server asks for besides.
pub(super) fn checked<'a>(
    settings: &OidcSettings,
    known: &Known,
    attempt: &Attempt,
    tokens: &'a Tokens,
    now: DateTime<Utc>,
) -> Result<&'a IdClaims, Refusal> {
    let token = tokens.id_token().ok_or(Refusal::NoIdToken)?;
    // A verifier of public clients: it has no secret that an HMAC could be checked with.
    let client_id = ClientId::new(settings.client_id.clone());
    let verifier = CoreIdTokenVerifier::new_public_client(client_id, known.issuer.clone(), known.keys.clone());
    let verifier = verifier.set_allowed_algs(ALGORITHMS).set_time_fn(move || now - CLOCK_SKEW);
    let claims = token.claims(&verifier, &Nonce::new(attempt.nonce().to_owned())).map_err(TokenProblem::from)?;
    check_access_token(token, &verifier, tokens, claims)?;
    check_party(claims, &settings.client_id)?;
    check_times(claims, attempt, now)?;
    settings.acr.check(claims.auth_context_ref().map(|acr| acr.as_str()))?;
    check_auth_time(claims, attempt, settings, now)?;
    Ok(claims)
}

/// `at_hash`: the access token was given out together with this ID token.
fn check_access_token(
    token: &Token,
    verifier: &CoreIdTokenVerifier,
    tokens: &Tokens,
    claims: &IdClaims,
) -> Result<(), TokenProblem> {
    let Some(expected) = claims.access_token_hash() else { return Ok(()) };
    let (algorithm, key) = (token.signing_alg()?, token.signing_key(verifier)?);
    let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).map_err(|_| TokenProblem::AccessToken)?;
    if actual == *expected { Ok(()) } else { Err(TokenProblem::AccessToken) }
}

fn check_party(claims: &IdClaims, client_id: &str) -> Result<(), TokenProblem> {
    match claims.authorized_party() {
        Some(party) if party.as_str() != client_id => Err(TokenProblem::AuthorizedParty),
        _ => Ok(()),
    }
}

/// When the token was made, and from when on it holds. Its end was checked before.
fn check_times(claims: &IdClaims, attempt: &Attempt, now: DateTime<Utc>) -> Result<(), TokenProblem> {
    let not_before = match claims.additional_claims().0.get("nbf") {
        None => None,
        Some(seconds) => Some(seconds.as_i64().and_then(|at| DateTime::from_timestamp(at, 0)).ok_or(TokenProblem::NotYet)?),
    };
    let soonest = now + CLOCK_SKEW;
    if claims.issue_time() > soonest || not_before.is_some_and(|at| at > soonest) {
        return Err(TokenProblem::NotYet);
    }
    if claims.issue_time() < attempt.started_at() - CLOCK_SKEW { Err(TokenProblem::Stale) } else { Ok(()) }
}

/// When the person showed the provider who they are. A provider that has an old session may have ignored what it was asked.
fn check_auth_time(claims: &IdClaims, attempt: &Attempt, settings: &OidcSettings, now: DateTime<Utc>) -> Result<(), Refusal> {
    let at = claims.auth_time().ok_or(Refusal::NoAuthTime)?;
    let earliest = match attempt.purpose() {
        Purpose::SignIn => now - settings.max_age,
        Purpose::StepUp => attempt.started_at(),
    };
    if at > now + CLOCK_SKEW {
        return Err(TokenProblem::NotYet.into());
    }
    if at < earliest - CLOCK_SKEW { Err(Refusal::AuthTimeTooOld) } else { Ok(()) }
}
