//! Reads a form with a file: `multipart/form-data`, as a page's plain form sends it.
//!
//! Up to 10 MB are read for whoever asks, so the order matters. Before the body is touched: what the browser says of the request's
//! origin, and a place among few. The first part is the session's token; without it no other part is read. Then at most one file, or
//! as many as an officer's form has, each held in memory up to its limit and no further, within a time.
//!
//! What a sender can do something about is data: a file that is too large is [`Attached::TooLarge`] beside the form's other fields,
//! so that the page can say so where the person was.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::console::AtWork;
use app::csrf::{FIELD, Token};
use app::session::PortalSession;
use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ClientIp;
use domain::actor::Action;
use futures::StreamExt as _;
use shared::document::{FileName, LARGEST_DOCUMENT};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{App, csrf, error_pages};

/// What the addresses begin with that take files.
pub const PREFIX: &str = "/_upload/";
/// Longest work on a request that brings a file: reading it, scanning, cleaning and storing it.
pub const TIME_OUT: Duration = Duration::from_mins(4);

/// Longest time for a file to arrive. 10 MB take it at less than 1 Mbit/s.
const TO_ARRIVE: Duration = Duration::from_mins(2);
/// Longest pause of a sender.
const PAUSE: Duration = Duration::from_secs(15);
/// Files that arrive at one time, and of them for one client: whoever sends slowly leaves places for others.
const AT_ONCE: usize = 8;
const OF_ONE_CLIENT: usize = 2;
/// A larger file is read to its end, up to here, and thrown away: a browser that is not heard out shows no answer.
const LARGEST_HEARD_OUT: usize = 64 * 1024 * 1024;
/// Most bytes of a field that is no file, and most fields.
const LONGEST_FIELD: usize = 8 * 1024;
const MOST_FIELDS: usize = 32;

/// A form that proved itself.
#[derive(Debug, Default)]
pub struct Upload {
    /// Names and values, in the order in which they came, without the token.
    pub fields: Vec<(String, String)>,
    /// Names of file fields, and what stood in them.
    pub files: Vec<(String, Attached)>,
}

impl Upload {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What stood in a file field, for who takes it out.
    pub fn file(&mut self, name: &str) -> Attached {
        let at = self.files.iter().position(|(known, _)| known == name);
        at.map_or(Attached::None, |at| self.files.swap_remove(at).1)
    }
}

/// What stood in the form's file field.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Attached {
    /// No file was chosen.
    #[default]
    None,
    TooLarge,
    File(FileName, Bytes),
}

/// Why a form was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadProblem {
    /// It does not come from a page of this session.
    Refused,
    /// Too many send files at this moment.
    Busy,
    /// No browser sends such a form.
    Malformed,
    /// Far more than any file may have.
    TooLarge,
    TooSlow,
}

impl IntoResponse for UploadProblem {
    fn into_response(self) -> Response {
        match self {
            Self::Refused => error_pages::refused(),
            Self::Busy => error_pages::bare(StatusCode::SERVICE_UNAVAILABLE),
            Self::Malformed => error_pages::bare(StatusCode::BAD_REQUEST),
            Self::TooLarge => error_pages::bare(StatusCode::PAYLOAD_TOO_LARGE),
            Self::TooSlow => error_pages::bare(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

/// Reads forms, a few at one time.
#[derive(Debug)]
pub struct Uploads {
    places: Arc<Semaphore>,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    to_arrive: Duration,
    pause: Duration,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), clients: Arc::default(), to_arrive: TO_ARRIVE, pause: PAUSE }
    }
}

/// A place among those whose file arrives. It is free again when this is dropped.
#[derive(Debug)]
struct Place {
    _permit: OwnedSemaphorePermit,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    client: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        match clients.get_mut(&self.client) {
            Some(of_client) if *of_client > 1 => *of_client -= 1,
            _ => {
                clients.remove(&self.client);
            }
        }
    }
}

impl Uploads {
    /// Reads the form of a request, if it comes from a page of its session.
    pub async fn read(&self, app: &App, request: Request) -> Result<Upload, UploadProblem> {
        let cookies = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok());
        let session = PortalSession::open(&app.portal.domain, app.portal.secure_cookies, cookies);
        self.read_with(app, request, 1, |token| session.csrf_matches(&app.portal.domain, token)).await
    }

    /// The same of a form with at most so many files, with what knows the token of its page.
    async fn read_with(
        &self,
        app: &App,
        request: Request,
        most_files: usize,
        is_token: impl Fn(&str) -> bool,
    ) -> Result<Upload, UploadProblem> {
        if !csrf::is_same_origin(request.headers(), app.settings.public_url.origin()) {
            return Err(UploadProblem::Refused);
        }
        let _place = self.place(client(&request)).ok_or(UploadProblem::Busy)?;
        let read = tokio::time::timeout(self.to_arrive, self.read_form(request, most_files, is_token)).await;
        read.unwrap_or(Err(UploadProblem::TooSlow))
    }

    /// The same of an officer who may do what the form is for. It is heard out before it is refused: who is cut off in the middle of
    /// a file sees no answer.
    pub async fn read_of_officer(
        &self,
        app: &App,
        request: Request,
        action: Action,
        most_files: usize,
    ) -> Result<(AtWork, Upload), Response> {
        let forbidden = || error_pages::bare(StatusCode::FORBIDDEN);
        let at_work = AtWork::of(&Arc::clone(&app.console), request.extensions());
        let token = request.extensions().get::<Token>().cloned();
        let (Some(at_work), Some(Token(expected))) = (at_work, token) else { return Err(forbidden()) };
        let is_token = |token: &str| store::crypto::same(expected.as_bytes(), token.as_bytes());
        let upload = self.read_with(app, request, most_files, is_token).await.map_err(IntoResponse::into_response)?;
        if at_work.officer().may_somewhere(action) { Ok((at_work, upload)) } else { Err(forbidden()) }
    }

    /// Reads what an officer sends whose session is over, and throws it away, so that they are led to the sign-in.
    pub async fn hear_out(&self, app: &App, request: Request) {
        if !csrf::is_same_origin(request.headers(), app.settings.public_url.origin()) {
            return;
        }
        let Some(_place) = self.place(client(&request)) else { return };
        let heard = async {
            let (mut body, mut left) = (request.into_body().into_data_stream(), LARGEST_HEARD_OUT);
            while let Ok(Some(Ok(chunk))) = tokio::time::timeout(self.pause, body.next()).await {
                let Some(rest) = left.checked_sub(chunk.len()) else { return };
                left = rest;
            }
        };
        let _ = tokio::time::timeout(self.to_arrive, heard).await;
    }

    fn place(&self, client: IpAddr) -> Option<Place> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let of_client = clients.entry(client).or_default();
        if *of_client >= OF_ONE_CLIENT {
            return None;
        }
        *of_client += 1;
        Some(Place { _permit: place, clients: Arc::clone(&self.clients), client })
    }

    async fn read_form(
        &self,
        request: Request,
        most_files: usize,
        is_token: impl Fn(&str) -> bool,
    ) -> Result<Upload, UploadProblem> {
        let mut request = request.map(paced);
        DefaultBodyLimit::max(LARGEST_HEARD_OUT).apply(&mut request);
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| UploadProblem::Malformed)?;
        let first = self.next(&mut parts).await?.filter(|part| part.name() == Some(FIELD));
        let token = self.text(first.ok_or(UploadProblem::Refused)?).await?;
        if !is_token(&token) {
            return Err(UploadProblem::Refused);
        }
        let mut upload = Upload::default();
        while let Some(part) = self.next(&mut parts).await? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file_name) = part.file_name().map(FileName::parse) else {
                if upload.fields.len() == MOST_FIELDS || name.len() > LONGEST_FIELD {
                    return Err(UploadProblem::Malformed);
                }
                upload.fields.push((name, self.text(part).await?));
                continue;
            };
            if upload.files.len() == most_files || name.len() > LONGEST_FIELD {
                return Err(UploadProblem::Malformed);
            }
            upload.files.push((name, self.file(part, file_name).await?));
        }
        Ok(upload)
    }

    async fn next<'a>(&self, parts: &'a mut Multipart) -> Result<Option<Field<'a>>, UploadProblem> {
        let next = tokio::time::timeout(self.pause, parts.next_field()).await.map_err(|_| UploadProblem::TooSlow)?;
        next.map_err(|error| problem_of(error.status()))
    }

    async fn chunk(&self, part: &mut Field<'_>) -> Result<Option<Bytes>, UploadProblem> {
        let chunk = tokio::time::timeout(self.pause, part.chunk()).await.map_err(|_| UploadProblem::TooSlow)?;
        chunk.map_err(|error| problem_of(error.status()))
    }

    async fn text(&self, mut part: Field<'_>) -> Result<String, UploadProblem> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            if bytes.len() + chunk.len() > LONGEST_FIELD {
                return Err(UploadProblem::Malformed);
            }
            bytes.extend_from_slice(&chunk);
        }
        String::from_utf8(bytes).map_err(|_| UploadProblem::Malformed)
    }

    /// A file, of which no more is held than may be kept.
    async fn file(&self, mut part: Field<'_>, name: FileName) -> Result<Attached, UploadProblem> {
        let is_named = part.file_name().is_some_and(|name| !name.is_empty());
        let mut bytes = Vec::new();
        let mut is_too_large = false;
        while let Some(chunk) = self.chunk(&mut part).await? {
            is_too_large = is_too_large || bytes.len() + chunk.len() > LARGEST_DOCUMENT;
            if is_too_large {
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(&chunk);
            }
        }
        Ok(match (is_too_large, is_named || !bytes.is_empty()) {
            (true, _) => Attached::TooLarge,
            (false, true) => Attached::File(name, bytes.into()),
            // A field in which nothing was chosen is sent without a name and empty.
            (false, false) => Attached::None,
        })
    }
}

fn client(request: &Request) -> IpAddr {
    request.extensions().get::<ClientIp>().map_or(IpAddr::from([0; 4]), |client| client.client())
}

/// A body that gives one chunk at a time. The library takes whatever a body has ready: from a fast sender all of it, before it lets
/// us look at the first part.
fn paced(body: Body) -> Body {
    let chunks = futures::stream::unfold((body.into_data_stream(), false), async |(mut chunks, has_begun)| {
        if has_begun {
            tokio::task::yield_now().await;
        }
        let chunk = chunks.next().await?;
        Some((chunk, (chunks, true)))
    });
    Body::from_stream(chunks)
}

fn problem_of(status: StatusCode) -> UploadProblem {
    if status == StatusCode::PAYLOAD_TOO_LARGE { UploadProblem::TooLarge } else { UploadProblem::Malformed }
}
