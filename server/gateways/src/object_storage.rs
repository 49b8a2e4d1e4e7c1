//! Keeps objects under ids: in a folder, or in a bucket that speaks Amazon's S3.
//!
//! What is stored is encrypted before it comes here. A folder is for its owner only, and an object in it is on the disk when
//! [`Storage::put`] returns. A bucket is reached over TLS with a checked certificate, except on this machine.

use std::fmt;
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
use reqwest::redirect::Policy;
use shared::sensitive::Sensitive;
use thiserror::Error;
use url::{Host, Url};
use uuid::Uuid;

/// An object that is not stored, read or deleted after so long is given up for now: somebody may be waiting.
const TIME_OUT: Duration = Duration::from_secs(30);
/// A bucket that answers with more is not ours.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// Where objects are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageAddress {
    Folder(PathBuf),
    Bucket { name: String, prefix: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StorageAddressError {
    #[error("name a folder, or a bucket as s3://bucket/prefix")]
    Malformed,
    #[error("must be an address as https://s3.agency.example")]
    Endpoint,
    #[error("must begin with https://, except on this machine")]
    NoTls,
}

impl StorageAddress {
    /// Reads a folder's path or `s3://bucket[/prefix]`.
    pub fn parse(text: &str) -> Result<Self, StorageAddressError> {
        let Some(place) = text.strip_prefix("s3://") else {
            let is_folder = !text.trim().is_empty() && !text.contains("://");
            return if is_folder { Ok(Self::Folder(text.into())) } else { Err(StorageAddressError::Malformed) };
        };
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let is_plain = |text: &str, more: &[u8]| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte));
        if name.is_empty() || !is_plain(name, b"-.") || !is_plain(prefix, b"-._/") {
            return Err(StorageAddressError::Malformed);
        }
        Ok(Self::Bucket { name: name.into(), prefix: prefix.trim_matches('/').into() })
    }
}

impl fmt::Display for StorageAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Bucket { name, prefix } if prefix.is_empty() => write!(f, "s3://{name}"),
            Self::Bucket { name, prefix } => write!(f, "s3://{name}/{prefix}"),
        }
    }
}

/// The server of a bucket that is not Amazon's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Endpoint(Url);

impl S3Endpoint {
    pub fn parse(text: &str) -> Result<Self, StorageAddressError> {
        let url = Url::parse(text).map_err(|_| StorageAddressError::Endpoint)?;
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let is_open = url.username().is_empty() && url.password().is_none();
        if !is_bare || !is_open || !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(StorageAddressError::Endpoint);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(StorageAddressError::NoTls);
        }
        Ok(Self(url))
    }
}

/// What opens a bucket. What is not given is taken from the variables that Amazon's own tools read (`AWS_ACCESS_KEY_ID`, ...),
/// or from the machine's role.
#[derive(Debug, Clone, Default)]
pub struct BucketAccess {
    pub endpoint: Option<S3Endpoint>,
    pub region: Option<String>,
    pub key_id: Option<String>,
    pub secret: Option<Sensitive<String>>,
}

/// Why an object was not stored, read or deleted.
#[derive(Debug, Error)]
pub enum StorageError {
    #[error("the folder {} cannot be used: {source}", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error("the storage cannot be used: {0}")]
    Refused(String),
    #[error("the storage took too long")]
    TimedOut,
    #[error("the storage gave back something else than was stored")]
    Changed,
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        // It may repeat a whole page that the other side sent.
        let text = error.to_string().replace(char::is_control, " ");
        Self::Refused(text.chars().take(300).collect())
    }
}

/// A storage, open.
#[derive(Debug, Clone)]
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    prefix: String,
    folder: Option<PathBuf>,
}

impl Storage {
    /// Opens a storage. A folder is made if there is none; a bucket is not asked yet.
    pub fn open(address: &StorageAddress, access: &BucketAccess) -> Result<Self, StorageError> {
        match address {
            StorageAddress::Folder(folder) => Self::folder(folder),
            StorageAddress::Bucket { name, prefix } => Self::bucket(name, prefix, access),
        }
    }

    fn folder(folder: &Path) -> Result<Self, StorageError> {
        let unusable = |source| StorageError::Folder { folder: folder.to_owned(), source };
        if !folder.is_dir() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        }
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects), prefix: String::new(), folder: Some(folder.to_owned()) })
    }

    fn bucket(name: &str, prefix: &str, access: &BucketAccess) -> Result<Self, StorageError> {
        let retries = RetryConfig { max_retries: 2, retry_timeout: TIME_OUT, ..RetryConfig::default() };
        let connector = Connector::new()?;
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(name).with_retry(retries).with_http_connector(connector);
        // One object at a time: not every server that speaks S3 can delete many at once.
        builder = builder.with_disable_bulk_delete(true);
        if let Some(S3Endpoint(url)) = &access.endpoint {
            builder = builder.with_endpoint(url.as_str().trim_end_matches('/')).with_allow_http(url.scheme() == "http");
        }
        if let Some(region) = &access.region {
            builder = builder.with_region(region);
        }
        if let (Some(key_id), Some(secret)) = (&access.key_id, &access.secret) {
            builder = builder.with_access_key_id(key_id).with_secret_access_key(secret.expose());
        }
        Ok(Self { objects: Arc::new(builder.build()?), prefix: prefix.to_owned(), folder: None })
    }

    /// Stores an object. When it returns, the object outlives a power cut.
    pub async fn put(&self, key: Uuid, object: Vec<u8>) -> Result<(), StorageError> {
        in_time(self.objects.put(&self.location(key), object.into())).await?;
        if let Some(folder) = &self.folder {
            // The library makes files as the process's mask says; the folder lets nobody in meanwhile.
            let file = folder.join(key.to_string());
            let closed = tokio::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).await;
            closed.map_err(|source| StorageError::Folder { folder: folder.clone(), source })?;
        }
        Ok(())
    }

    /// Reads an object. `None` if there is none.
    pub async fn get(&self, key: Uuid) -> Result<Option<Bytes>, StorageError> {
        let location = self.location(key);
        let read = async { self.objects.get(&location).await?.bytes().await };
        unless_missing(in_time(read).await)
    }

    /// Deletes an object. One that is not there is deleted.
    pub async fn delete(&self, key: Uuid) -> Result<(), StorageError> {
        let deleted = in_time(self.objects.delete(&self.location(key))).await;
        // A bucket does not say whether there was an object: what it misses is itself.
        if self.folder.is_some() {
            unless_missing(deleted)?;
            return Ok(());
        }
        Ok(deleted?)
    }

    /// Stores, reads and deletes something under a key of the caller's.
    pub async fn check(&self, key: Uuid) -> Result<(), StorageError> {
        const WORD: &[u8] = b"portico was here";
        self.put(key, WORD.to_vec()).await?;
        let read = self.get(key).await;
        self.delete(key).await?;
        if read?.as_deref() == Some(WORD) { Ok(()) } else { Err(StorageError::Changed) }
    }

    fn location(&self, key: Uuid) -> Location {
        Location::from(format!("{}/{key}", self.prefix))
    }
}

async fn in_time<T>(work: impl Future<Output = object_store::Result<T>>) -> Result<T, Failed> {
    match tokio::time::timeout(TIME_OUT, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(object_store::Error::NotFound { .. })) => Err(Failed::Missing),
        Ok(Err(error)) => Err(Failed::Error(error.into())),
        Err(_) => Err(Failed::Error(StorageError::TimedOut)),
    }
}

enum Failed {
    Missing,
    Error(StorageError),
}

impl From<Failed> for StorageError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Missing => Self::Refused("there is no such place".into()),
            Failed::Error(error) => error,
        }
    }
}

fn unless_missing<T>(result: Result<T, Failed>) -> Result<Option<T>, StorageError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Failed::Missing) => Ok(None),
        Err(Failed::Error(error)) => Err(error),
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

/// The places on a machine's own link where Amazon's machines ask for their role's credentials.
fn gives_credentials(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_link_local(),
        Some(Host::Ipv6(address)) => matches!(address.segments(), [0xfd00, 0x0ec2, ..]),
        _ => false,
    }
}

/// Brings the library's requests on their way with the one HTTP client of this program: rustls, this machine's certificates, no
/// redirects, no proxy. Whatever the library is told by variables, nothing leaves this machine without TLS.
#[derive(Debug, Clone)]
struct Connector(reqwest::Client);

impl Connector {
    fn new() -> Result<Self, StorageError> {
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().timeout(TIME_OUT).user_agent("portico").build();
        Ok(Self(client.map_err(|_| StorageError::Refused("this machine has no certificates to trust".into()))?))
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[derive(Debug, Error)]
enum NotSent {
    #[error("the address cannot be read")]
    Address,
    #[error("nothing is sent without TLS")]
    NoTls,
    #[error("the answer is too long")]
    TooLong,
}

fn not_sent(why: NotSent) -> HttpError {
    HttpError::new(HttpErrorKind::Unknown, why)
}

fn broken(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else {
        HttpErrorKind::Request
    };
    HttpError::new(kind, error.without_url())
}

#[async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| not_sent(NotSent::Address))?;
        if url.scheme() != "https" && !is_loopback(&url) && !gives_credentials(&url) {
            return Err(not_sent(NotSent::NoTls));
        }
        let body = body.collect().await?.to_bytes();
        let sent = self.0.request(parts.method, url).headers(parts.headers).body(body).send().await;
        let mut answer = sent.map_err(broken)?;
        let mut content = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(broken)? {
            if content.len() + chunk.len() > LARGEST_ANSWER {
                return Err(not_sent(NotSent::TooLong));
            }
            content.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(content.freeze().into());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

#[cfg(test)]
mod tests;
