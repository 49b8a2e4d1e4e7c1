//! Photographs and biometric records of people: out of the console, and into it; and interviews, at which IDENT is asked who
//! somebody is.

use std::sync::Arc;

use app::console::AtWork;
use app::console::outcome::Outcome;
use app::console::profile::{TypedInterview, TypedRecord, document_problem, interview_refused, record_fault, record_refused};
use app::console::site::{ADD_INTERVIEW, ADD_RECORD, PROFILES};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, SET_COOKIE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Error;
use domain::actor::Action;
use domain::profile::{
    Added, IdentAnswer, IdentQuestion, Interview, NewRecord, RecordFile, Told, VerifyFault, Verifying, add, answered,
    photograph as find_photograph, verify,
};
use gateways::ident::IdentError;
use shared::agreement::Element;
use shared::document::DocumentProblem;
use shared::ident::{Enrol, Verification, Verified};
use shared::partner_query::TransactionNumber;
use shared::profile::{BiometricKind, EncounterId, Enrolment, Fin, Photograph, Position};
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::upload::{Attached, Upload};
use super::{App, error_pages};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new()
        .route(&format!("{PROFILES}/{{profile}}/photographs/{{photograph}}"), get(photograph))
        .route(ADD_RECORD, post(add_record))
        .route(ADD_INTERVIEW, post(add_interview))
        .with_state(app.clone())
}

/// Why nothing was taken.
enum Refusal {
    /// What cannot be used of a form, for its page to say.
    Wrong(Vec<String>),
    /// There is nobody, or the profile is not open any more. Its own page says which, if it may.
    NotOpen,
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<DocumentProblem> for Refusal {
    fn from(problem: DocumentProblem) -> Self {
        Self::Wrong(vec![document_problem(problem).to_owned()])
    }
}

fn failed(error: &Error) -> Response {
    error_pages::bare(match error {
        // Who is not for this officer cannot be told from who is not there.
        Error::Refused | Error::StepUp => StatusCode::NOT_FOUND,
        Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal | Error::Unusable(_) => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

async fn photograph(State(app): State<App>, Path((profile, id)): Path<(Uuid, Uuid)>, asked: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), asked.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    match find_photograph(&app.console.domain, at_work.officer(), profile, id).await {
        Ok(Some(photograph)) => shown(photograph),
        Ok(None) => error_pages::bare(StatusCode::NOT_FOUND),
        Err(error) => failed(&error),
    }
}

/// In the page, and in no cache. It was cleaned when it came in, and is of the kind that was found then.
fn shown(photograph: Photograph) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(photograph.format.media_type())),
        (CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, photograph.bytes.expose().clone()).into_response()
}

/// Reads a form of an officer who may send it, and which profile it is about.
async fn read(app: &App, asked: Request, action: Action, files: usize) -> Result<(AtWork, Uuid, Upload), Response> {
    let (at_work, upload) = app.uploads.read_of_officer(app, asked, action, files).await?;
    let profile = upload.field("profile").and_then(|id| id.parse().ok()).unwrap_or_default();
    Ok((at_work, profile, upload))
}

/// To a page of the console, which says once what came of it.
fn to_page(page: &str, said: Option<HeaderValue>) -> Response {
    let mut response = ([(CACHE_CONTROL, "no-store")], Redirect::to(page)).into_response();
    if let Some(said) = said {
        response.headers_mut().append(SET_COOKIE, said);
    }
    response
}

/// To the profile's own page.
fn not_open(at_work: &AtWork, profile: Uuid) -> Response {
    let said = Outcome::not_done("Nothing was added. Open the profile first, and then add it again.");
    to_page(&format!("{PROFILES}/{profile}"), Some(said.cookie(at_work)))
}

/// What stood in a file field; none if nothing was chosen.
fn content(attached: Attached) -> Result<Option<Sensitive<Vec<u8>>>, DocumentProblem> {
    match attached {
        Attached::None => Ok(None),
        Attached::TooLarge => Err(DocumentProblem::TooLarge),
        Attached::File(_, bytes) => Ok(Some(Sensitive::new(bytes.into()))),
    }
}

/// Cleaned as every document is.
async fn picture(app: &App, bytes: &Sensitive<Vec<u8>>) -> Result<Photograph, DocumentProblem> {
    let (_, cleaned) = app.documents.look_through(bytes.expose()).await?;
    Photograph::of(cleaned.kind, cleaned.content).ok_or(DocumentProblem::WrongKind)
}

async fn add_record(State(app): State<App>, asked: Request) -> Response {
    let (at_work, profile, upload) = match read(&app, asked, Action::AddBiometrics, 1).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let typed = TypedRecord::of(|name| upload.field(name).unwrap_or_default().to_owned());
    match take_record(&app, &at_work, profile, &typed, upload).await {
        Ok(()) => to_page(&format!("{PROFILES}/{profile}"), Some(Outcome::done("Added.").cookie(&at_work))),
        Err(Refusal::NotOpen) => not_open(&at_work, profile),
        Err(Refusal::Failed(error)) => failed(&error),
        Err(Refusal::Wrong(wrong)) => match record_refused(&at_work, profile, typed, wrong).await {
            Ok(page) => to_page(&page, None),
            Err(error) => failed(&error),
        },
    }
}

async fn take_record(app: &App, at_work: &AtWork, profile: Uuid, typed: &TypedRecord, mut upload: Upload) -> Result<(), Refusal> {
    let read = typed.read().map_err(Refusal::Wrong)?;
    let file = content(upload.file("file"))?.ok_or(DocumentProblem::Empty)?;
    let side = read.side.unwrap_or(Position::Front);
    let content = match read.kind {
        BiometricKind::Photograph => {
            let photograph = picture(app, &file).await?;
            RecordFile::Photograph { photograph, side, captured_on: read.captured_on.unwrap_or_default() }
        }
        kind => {
            app.documents.scan(file.expose()).await?;
            match kind {
                BiometricKind::Iris => RecordFile::Iris(file),
                BiometricKind::Face => RecordFile::Face { file, side },
                BiometricKind::Photograph | BiometricKind::Fingerprints => RecordFile::Fingerprints(file),
            }
        }
    };
    let new = NewRecord { content, captured_at: read.captured_at, quality: read.quality };
    match add(&app.console.domain, at_work.officer(), profile, &new).await? {
        Added::Done(_) => Ok(()),
        Added::Nobody | Added::NotOpen => Err(Refusal::NotOpen),
        Added::Faulty(fault) => Err(Refusal::Wrong(record_fault(&fault))),
    }
}

async fn add_interview(State(app): State<App>, asked: Request) -> Response {
    let (at_work, profile, upload) = match read(&app, asked, Action::VerifyIdentity, 2).await {
        Ok(read) => read,
        Err(refused) => return refused,
    };
    let typed = TypedInterview::of(|name| upload.field(name).unwrap_or_default().to_owned());
    match take_interview(&app, &at_work, profile, &typed, upload).await {
        Ok(said) => to_page(&format!("{PROFILES}/{profile}/verify"), said.map(|said| said.cookie(&at_work))),
        Err(Refusal::NotOpen) => not_open(&at_work, profile),
        Err(Refusal::Failed(error)) => failed(&error),
        Err(Refusal::Wrong(wrong)) => match interview_refused(&at_work, profile, typed, wrong).await {
            Ok(page) => to_page(&page, None),
            Err(error) => failed(&error),
        },
    }
}

/// Asks IDENT, and gives what is to be said where there is no answer to look at.
async fn take_interview(
    app: &App,
    at_work: &AtWork,
    profile: Uuid,
    typed: &TypedInterview,
    mut upload: Upload,
) -> Result<Option<Outcome>, Refusal> {
    let (notice, enrolment) = typed.read().map_err(Refusal::Wrong)?;
    let (ctx, officer) = (&app.console.domain, at_work.officer());
    let photograph = match content(upload.file("photograph")).map_err(|problem| of_field("Photograph", problem))? {
        Some(file) => Some(picture(app, &file).await.map_err(|problem| of_field("Photograph", problem))?),
        None => None,
    };
    let prints = content(upload.file("prints")).map_err(|problem| of_field("Fingerprints", problem))?;
    if let Some(prints) = &prints {
        app.documents.scan(prints.expose()).await.map_err(|problem| of_field("Fingerprints", problem))?;
    }
    let interview = Interview { notice, enrolment, prints, photograph };
    let question = match verify(ctx, officer, profile, &interview).await? {
        Verifying::Ask(question) => question,
        Verifying::Nobody | Verifying::NotOpen => return Err(Refusal::NotOpen),
        Verifying::Faulty(fault) => return Err(Refusal::Wrong(fault_words(&fault))),
    };
    let answer = ask(app, &question).await;
    answered(ctx, officer, profile, question.verification, answer.as_ref()).await?;
    // What was answered is on the page.
    Ok(answer.is_none().then(|| Outcome::not_done(no_answer(&question))))
}

fn no_answer(question: &IdentQuestion<'_>) -> &'static str {
    match (question.enrolment, question.prints) {
        (Enrolment::Allowed, Some(_)) => {
            "IDENT did not answer. It may have added the fingerprints, which are kept in the profile. Ask again when it does."
        }
        _ => "IDENT did not answer. Fingerprints were not kept: take them again when it does.",
    }
}

/// What IDENT answers; none where there is no IDENT, or it cannot be asked now.
async fn ask(app: &App, question: &IdentQuestion<'_>) -> Option<IdentAnswer> {
    let ident = app.ident.as_ref()?;
    let answer = match (question.enrolment, question.prints) {
        (Enrolment::Allowed, Some(prints)) => {
            let enrol = enrol(app, question, prints)?;
            match ident.enrol(&enrol).await {
                // It may have been added. Under its number it is added once.
                Err(IdentError::Unknown) => ident.enrol(&enrol).await,
                answer => answer,
            }
        }
        (_, prints) => ident.verify(&verification(question, prints)?).await,
    };
    match answer {
        Ok(verified) => Some(IdentAnswer { matched: verified.is_match, told: told(app, &verified).await }),
        Err(error) => {
            tracing::warn!(problem = %error, "IDENT did not verify");
            None
        }
    }
}

fn number(what: &str, question: &IdentQuestion<'_>) -> Option<TransactionNumber> {
    TransactionNumber::parse(&format!("{what}-{}", question.verification.simple())).ok()
}

fn fin(question: &IdentQuestion<'_>) -> Sensitive<Option<String>> {
    Sensitive::new(question.fin.expose().as_ref().map(|fin| fin.digits().to_owned()))
}

fn verification(question: &IdentQuestion<'_>, prints: Option<&Sensitive<Vec<u8>>>) -> Option<Verification> {
    Some(Verification {
        transaction_number: number("VERIFY", question)?,
        fingerprints: Sensitive::new(prints.map(|prints| STANDARD.encode(prints.expose()))),
        fin: fin(question),
    })
}

fn enrol(app: &App, question: &IdentQuestion<'_>, prints: &Sensitive<Vec<u8>>) -> Option<Enrol> {
    Some(Enrol {
        transaction_number: number("ENROL", question)?,
        fingerprints: Sensitive::new(STANDARD.encode(prints.expose())),
        photograph: Sensitive::new(question.photograph.map(|photograph| STANDARD.encode(photograph.bytes.expose()))),
        fin: fin(question),
        on: app.console.domain.today(),
        handling: question.handling,
    })
}

/// What IDENT told, as it is kept. A photograph is cleaned as every picture is; one that cannot be is left out.
async fn told(app: &App, verified: &Verified) -> Told {
    let found = verified.found.expose().as_ref();
    let elements = verified.elements.expose();
    let bytes = elements.get(&Element::Photograph).and_then(|text| STANDARD.decode(text).ok());
    let photograph = match bytes {
        Some(bytes) => picture(app, &Sensitive::new(bytes)).await.ok(),
        None => None,
    };
    let texts = elements.iter().filter(|(element, _)| **element != Element::Photograph);
    Told {
        fin: Sensitive::new(found.and_then(|found| Fin::parse(found.fin.as_deref()?))),
        eid: Sensitive::new(found.and_then(|found| EncounterId::parse(found.eid.as_deref()?))),
        biographics: Sensitive::new(texts.map(|(element, text)| (*element, text.clone())).collect()),
        photograph,
    }
}

/// The words of a problem are about one file; here there are two.
fn of_field(field: &str, problem: DocumentProblem) -> Refusal {
    let words = document_problem(problem);
    Refusal::Wrong(vec![format!("{field}: {}", words.strip_prefix("File: ").unwrap_or(words))])
}

fn fault_words(fault: &VerifyFault) -> Vec<String> {
    let of = |field: &str, words: Vec<String>| {
        words.iter().map(|words| format!("{field}: {}", words.strip_prefix("File: ").unwrap_or(words))).collect()
    };
    match fault {
        VerifyFault::NothingToAskBy => {
            vec!["Take fingerprints: the profile has no FIN by which IDENT could be asked.".to_owned()]
        }
        VerifyFault::EnrolmentChanged => {
            vec!["What is done with fingerprints has changed since the page was shown. It says now what it is: read the notice again.".to_owned()]
        }
        VerifyFault::Prints(fault) => of("Fingerprints", record_fault(fault)),
        VerifyFault::Photograph(fault) => of("Photograph", record_fault(fault)),
    }
}
