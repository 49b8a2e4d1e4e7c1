use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreGrantType, CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreSubjectIdentifierType,
    CoreTokenIntrospectionResponse,
};
use openidconnect::{
    AdditionalProviderMetadata, AsyncHttpClient, AuthType, Client, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, ProviderMetadata, RedirectUrl, StandardErrorResponse,
};
use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};
use url::Url;

use super::settings::Issuer;
use super::token::{Claims, Tokens};
use super::{OidcSettings, ProviderProblem};

/// A provider that has not answered after so long is not waited for: somebody looks at an empty page meanwhile.
const TIME_OUT: Duration = Duration::from_secs(10);
/// The largest answer that is read. Documents of real providers have a few kilobytes.
const LARGEST: usize = 256 << 10;
/// How long a discovery document is believed.
const BELIEVED: TimeDelta = TimeDelta::hours(1);

/// What RFC 9207 adds to a discovery document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct AnswersNameIssuer {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for AnswersNameIssuer {}

type Metadata = ProviderMetadata<
    AnswersNameIssuer,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type KnownClient = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider as its discovery document described it.
#[derive(Debug)]
pub(super) struct Known {
    pub client: KnownClient,
    pub keys: CoreJsonWebKeySet,
    pub issuer: IssuerUrl,
    /// Whether its answers say from whom they are.
    pub names_itself_in_answers: bool,
    learned_at: DateTime<Utc>,
}

/// The way to the provider, and what is known of it.
#[derive(Debug)]
pub(super) struct Provider {
    http: reqwest::Client,
    issuer: Issuer,
    client_id: String,
    client_secret: Option<ClientSecret>,
    redirect: Url,
    known: RwLock<Option<Arc<Known>>>,
}

impl Provider {
    pub fn new(settings: &OidcSettings) -> Result<Self, ProviderProblem> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIME_OUT)
            .user_agent("portico")
            .build()
            .map_err(|_| ProviderProblem::Unreachable("no certificates to trust"))?;
        Ok(Self {
            http,
            issuer: settings.issuer.clone(),
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().clone())),
            redirect: settings.redirect.clone(),
            known: RwLock::default(),
        })
    }

    /// What was learned of the provider not long ago, or is learned now.
    pub async fn known(&self, now: DateTime<Utc>) -> Result<Arc<Known>, ProviderProblem> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(known) if (known.learned_at..known.learned_at + BELIEVED).contains(&now) => Ok(known),
            _ => self.discover(now).await,
        }
    }

    /// Asks the provider what it is and which keys it signs with.
    pub async fn discover(&self, now: DateTime<Utc>) -> Result<Arc<Known>, ProviderProblem> {
        let issuer = IssuerUrl::new(self.issuer.as_str().to_owned()).map_err(|_| ProviderProblem::Unreadable)?;
        let metadata = Metadata::discover_async(issuer.clone(), self).await?;
        if !self.issuer.may_name(metadata.authorization_endpoint().url()) {
            return Err(ProviderProblem::NoTls);
        }
        let known = Arc::new(self.described(issuer, metadata, now));
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    fn described(&self, issuer: IssuerUrl, metadata: Metadata, now: DateTime<Utc>) -> Known {
        let (keys, auth_type) = (metadata.jwks().clone(), auth_type(&metadata));
        let names_itself_in_answers = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        let client_id = ClientId::new(self.client_id.clone());
        let client = KnownClient::from_provider_metadata(metadata, client_id, self.client_secret.clone());
        let client = client.set_auth_type(auth_type).set_redirect_uri(RedirectUrl::from_url(self.redirect.clone()));
        Known { client, keys, issuer, names_itself_in_answers, learned_at: now }
    }

    /// One request to the provider. What it says is read up to a limit; redirects are not followed, as nobody asked the place
    /// that they lead to.
    async fn fetch(&self, request: HttpRequest) -> Result<HttpResponse, ProviderProblem> {
        let request = reqwest::Request::try_from(request).map_err(|_| ProviderProblem::Unreadable)?;
        if !self.issuer.may_name(request.url()) {
            return Err(ProviderProblem::NoTls);
        }
        let mut answer = self.http.execute(request).await.map_err(unreachable)?;
        if answer.status().is_redirection() {
            return Err(ProviderProblem::Redirects);
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + piece.len() > LARGEST {
                return Err(ProviderProblem::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Provider {
    type Error = ProviderProblem;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, ProviderProblem>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.fetch(request))
    }
}

/// How the client proves itself: with HTTP's own way, unless the provider knows only the other.
fn auth_type(metadata: &Metadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported().map_or(&[][..], Vec::as_slice);
    let only_post =
        methods.contains(&CoreClientAuthMethod::ClientSecretPost) && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic);
    if only_post { AuthType::RequestBody } else { AuthType::BasicAuth }
}

/// Words of ours: what other libraries say may name addresses.
fn unreachable(error: reqwest::Error) -> ProviderProblem {
    ProviderProblem::Unreachable(if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection, or it does not prove who it is"
    } else {
        "the connection broke"
    })
}
