//! Has officers signed in by the agency's own identity provider: OpenID Connect 1.0, the code flow with PKCE, a nonce and a state.
//!
//! A sign-in is two requests of a browser. [`Oidc::begin`] says where it goes, and gives an [`Attempt`] that the caller keeps
//! where only that browser brings it back. [`Oidc::finish`] takes what the browser brought from the provider, asks the provider for
//! the tokens, checks them, and says which [`Person`] it is. Every other outcome is a [`Refusal`], which names no person.
//!
//! What a provider is and where its keys are comes from its discovery document, which is fetched when it is first needed: a
//! provider that is down keeps nobody from starting the server.

mod answer;
mod attempt;
mod person;
mod provider;
mod refusal;
mod roles;
mod settings;
mod token;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{CoreAuthPrompt, CoreResponseType};
use openidconnect::{
    AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, AuthorizationRequest, CsrfToken, Nonce, OAuth2TokenResponse,
    PkceCodeVerifier, Scope,
};
use url::Url;

pub use answer::Answer;
pub use attempt::{Attempt, Purpose};
pub use person::{Person, Piv};
pub use refusal::{ProviderProblem, Refusal, TokenProblem};
pub use roles::{RoleRules, RoleRulesError};
pub use settings::{AcceptedAcr, Issuer, IssuerError, OidcSettings, PivClaims};

use person::{Info, Said};
use provider::{Known, Provider};
use token::{IdClaims, Tokens};

/// How far the provider's clock may be from ours.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

/// One identity provider, as this server's settings name it.
#[derive(Debug)]
pub struct Oidc {
    settings: OidcSettings,
    provider: Provider,
}

impl Oidc {
    /// Makes ready; nothing is fetched yet.
    ///
    /// # Errors
    /// [`ProviderProblem::Unreachable`] if this machine has no certificates to trust.
    pub fn new(settings: OidcSettings) -> Result<Self, ProviderProblem> {
        let provider = Provider::new(&settings)?;
        Ok(Self { settings, provider })
    }

    /// Whether the provider is there and can be used; for those who look after the server.
    pub async fn check(&self, now: DateTime<Utc>) -> Result<(), ProviderProblem> {
        self.provider.discover(now).await.map(|_| ())
    }

    /// Begins a sign-in: where the browser goes, and what must come back with it.
    pub async fn begin(&self, purpose: Purpose, random: &[u8; 96], now: DateTime<Utc>) -> Result<(Attempt, Url), Refusal> {
        let known = self.provider.known(now).await?;
        let attempt = Attempt::new(purpose, random, now);
        Ok((attempt.clone(), self.request_url(&known, &attempt)))
    }

    fn request_url(&self, known: &Known, attempt: &Attempt) -> Url {
        let state = CsrfToken::new(attempt.state().to_owned());
        let nonce = Nonce::new(attempt.nonce().to_owned());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let scopes = self.settings.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new);
        let request = known.client.authorize_url(flow, || state, || nonce);
        let request = request.set_pkce_challenge(attempt.challenge()).add_scopes(scopes);
        let accepted = self.settings.acr.values().iter().cloned().map(AuthenticationContextClass::new);
        let request = accepted.fold(request, AuthorizationRequest::add_auth_context_value);
        let request = match attempt.purpose() {
            Purpose::SignIn => request.set_max_age(self.settings.max_age.to_std().unwrap_or_default()),
            Purpose::StepUp => request.set_max_age(std::time::Duration::ZERO).add_prompt(CoreAuthPrompt::Login),
        };
        request.url().0
    }

    /// Ends a sign-in: who it is, or why nobody.
    pub async fn finish(&self, attempt: &Attempt, answer: Answer, now: DateTime<Utc>) -> Result<Person, Refusal> {
        if answer.state() != attempt.state() {
            return Err(Refusal::State);
        }
        if attempt.is_over(now) {
            return Err(Refusal::TookTooLong);
        }
        let known = self.provider.known(now).await?;
        let code = answer.code_from(self.settings.issuer.as_str(), known.names_itself_in_answers)?;
        let tokens = self.exchange(&known, attempt, code).await?;
        let token = self.checked(&known, attempt, &tokens, now).await?;
        let info = self.info(&known, &tokens, token).await?;
        Said { token, info: info.as_ref() }.person(&self.settings)
    }

    /// Gives the code back to the provider, for tokens.
    async fn exchange(&self, known: &Known, attempt: &Attempt, code: AuthorizationCode) -> Result<Tokens, Refusal> {
        let request = known.client.exchange_code(code).map_err(|_| ProviderProblem::Unreadable)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier().to_owned()));
        request.request_async(&self.provider).await.map_err(refusal::from_token_endpoint)
    }

    /// The claims of the ID token, after every check.
    async fn checked<'a>(
        &self,
        known: &Known,
        attempt: &Attempt,
        tokens: &'a Tokens,
        now: DateTime<Utc>,
    ) -> Result<&'a IdClaims, Refusal> {
        match token::checked(&self.settings, known, attempt, tokens, now) {
            // Providers change their keys without telling anybody: those of this moment decide.
            Err(Refusal::IdToken(TokenProblem::Key | TokenProblem::Signature)) => {
                let fresh = self.provider.discover(now).await?;
                token::checked(&self.settings, &fresh, attempt, tokens, now)
            }
            checked => checked,
        }
    }

    /// What the ID token does not say and the userinfo endpoint may: some providers put there all that is not about the sign-in.
    async fn info(&self, known: &Known, tokens: &Tokens, claims: &IdClaims) -> Result<Option<Info>, Refusal> {
        if !(Said { token: claims, info: None }).lacks_something(&self.settings) {
            return Ok(None);
        }
        let token = tokens.access_token().clone();
        let Ok(request) = known.client.user_info(token, Some(claims.subject().clone())) else { return Ok(None) };
        request.request_async(&self.provider).await.map(Some).map_err(refusal::from_user_info)
    }
}
