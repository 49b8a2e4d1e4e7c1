//! Forms as browsers send them, and as nobody should, through a router.

use std::time::Duration;

use app::console::ConsoleContext;
use app::context::{Bundle, PortalContext};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use domain::Context;
use domain::case_status::limits::LimitSettings;
use futures::StreamExt;
use store::engine::Engine;
use store::testing::{TestStore, open};
use tower::ServiceExt;

use super::super::{Kind, of_kind};
use super::*;
use crate::document::Documents;
use crate::settings::Settings;

const ORIGIN: &str = "http://localhost:8080";

struct Portal {
    app: App,
    cookie: String,
    token: String,
    _test: TestStore,
}

async fn portal() -> Portal {
    let test = open(Engine::Sqlite).await;
    let zone = chrono_tz::America::New_York;
    let (store, keys, clock) = (test.store.clone(), test.keys.clone(), test.clock.clone());
    let ctx = Context::new(store, keys, clock, zone, LimitSettings::default()).await.unwrap();
    let session = PortalSession::open(&ctx, false, None);
    let cookie = session.cookie(&ctx, None).to_str().unwrap().split(';').next().unwrap().to_owned();
    let token = session.csrf_token(&ctx);
    let folder = test.folder.path().join("documents").display().to_string();
    let settings = Arc::new(Settings::read(&[("PORTICO_DOCUMENTS".to_owned(), folder)].into()).unwrap());
    let documents = Documents::open(&settings).unwrap();
    let (bundle, site) = (Bundle::default(), Arc::default());
    let console = ConsoleContext {
        domain: ctx.clone(),
        bundle: bundle.clone(),
        site: Arc::clone(&site),
        use_notice: Vec::new(),
        has_provider: false,
        secure_cookies: false,
    };
    let portal = PortalContext { domain: ctx, bundle, site, api: None, public_url: ORIGIN.into(), secure_cookies: false };
    Portal {
        app: App::new(Arc::new(portal), Arc::new(console), settings, documents, None, (None, None)),
        cookie,
        token,
        _test: test,
    }
}

/// What a page would do with a form: says what was in it.
async fn take(State(app): State<App>, request: Request) -> Response {
    match app.uploads.read(&app, request).await {
        Ok(mut upload) => {
            let file = match upload.file("file") {
                Attached::None => "none".into(),
                Attached::TooLarge => "too large".into(),
                Attached::File(name, bytes) => format!("{} {}", name.as_str(), bytes.len()),
            };
            assert_eq!(upload.field(FIELD), None, "the token is not handed on");
            let locale = upload.field("locale").unwrap_or_default();
            format!("{locale} {} {file}", upload.fields.len()).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

impl Portal {
    fn form(&self, parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
        let token: (&str, Option<&str>, &[u8]) = (FIELD, None, self.token.as_bytes());
        form(&[&[token], parts].concat())
    }

    fn request(&self, body: impl Into<Body>) -> Request {
        let request = Request::post("/_upload/document").header("cookie", &self.cookie).header("sec-fetch-site", "same-origin");
        request.header("content-type", "multipart/form-data; boundary=edge").body(body.into()).unwrap()
    }

    async fn send(&self, request: Request) -> (StatusCode, String) {
        let router = Router::new().route("/_upload/{what}", post(take)).with_state(self.app.clone());
        let response = of_kind(Kind::Upload, &self.app, router).oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn status(&self, body: Vec<u8>) -> StatusCode {
        self.send(self.request(body)).await.0
    }
}

fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\ncontent-type: image/png")).unwrap_or_default();
        body.extend(format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    body
}

#[tokio::test]
async fn a_form_of_a_page_is_read_with_its_file() {
    let portal = portal().await;
    let body = portal.form(&[("locale", None, b"es"), ("file", Some("C:\\\\photos\\\\card.png"), b"a picture"), ("x", None, b"y")]);
    let (status, said) = portal.send(portal.request(body)).await;
    assert_eq!((status, said.as_str()), (StatusCode::OK, "es 2 card.png 9"));

    for (file, expected) in
        [(None, " 0 none"), (Some(("", b"".as_slice())), " 0 none"), (Some(("a.pdf", b"".as_slice())), " 0 a.pdf 0")]
    {
        let parts: Vec<_> = file.map(|(name, content)| ("file", Some(name), content)).into_iter().collect();
        let (status, said) = portal.send(portal.request(portal.form(&parts))).await;
        assert_eq!((status, said.as_str()), (StatusCode::OK, expected));
    }
}

#[tokio::test]
async fn a_file_may_have_ten_megabytes_and_a_larger_one_is_told_of_with_the_other_fields() {
    let portal = portal().await;
    for (bytes, expected) in
        [(LARGEST_DOCUMENT, "a 10485760"), (LARGEST_DOCUMENT + 1, "too large"), (3 * LARGEST_DOCUMENT, "too large")]
    {
        let body = portal.form(&[("locale", None, b"es"), ("file", Some("a"), &vec![7; bytes]), ("after", None, b"1")]);
        let (status, said) = portal.send(portal.request(body)).await;
        assert_eq!((status, said), (StatusCode::OK, format!("es 2 {expected}")));
    }
    let body = portal.form(&[("file", Some("a"), &vec![7; LARGEST_HEARD_OUT])]);
    assert_eq!(portal.status(body).await, StatusCode::PAYLOAD_TOO_LARGE);
}

/// A body that must not be read further than its first `readable` chunks.
fn watched(chunks: Vec<Vec<u8>>, readable: usize) -> Body {
    let chunks = chunks.into_iter().enumerate().map(move |(at, chunk)| {
        assert!(at < readable, "the body was read");
        Ok::<_, std::io::Error>(chunk)
    });
    Body::from_stream(futures::stream::iter(chunks))
}

#[tokio::test]
async fn what_does_not_come_from_a_page_of_the_session_is_not_read() {
    let portal = portal().await;
    let body = || portal.form(&[("file", Some("a"), b"a picture")]);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
        let mut request = portal.request(watched(vec![body()], 0));
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(portal.send(request).await.0, StatusCode::FORBIDDEN, "{value}");
    }
    let mut older = portal.request(body());
    older.headers_mut().remove("sec-fetch-site");
    older.headers_mut().insert("origin", ORIGIN.parse().unwrap());
    assert_eq!(portal.send(older).await.0, StatusCode::OK);

    let mut stranger = portal.request(body());
    stranger.headers_mut().remove("cookie");
    assert_eq!(portal.send(stranger).await.0, StatusCode::FORBIDDEN);

    // Behind a wrong token, or none, nothing is read.
    let file: (&str, Option<&str>, &[u8]) = ("file", Some("a"), b"a picture");
    let token: (&str, Option<&str>, &[u8]) = (FIELD, None, portal.token.as_bytes());
    assert_eq!(portal.status(form(&[file, token])).await, StatusCode::FORBIDDEN, "the token comes first");
    let wrong = form(&[(FIELD, None, b"wrong"), file]);
    let (first, rest) = wrong.split_at(wrong.windows(7).position(|window| window == b"picture").unwrap());
    let mut chunks = vec![vec![b' '; 64 * 1024]; 100];
    chunks[0] = first.to_vec();
    chunks.push(rest.to_vec());
    let request = portal.request(watched(chunks, 4));
    assert_eq!(portal.send(request).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_no_browser_sends_is_refused_and_what_breaks_off_too() {
    let portal = portal().await;
    let long = vec![b'a'; LONGEST_FIELD + 1];
    let many: Vec<(&str, Option<&str>, &[u8])> = vec![("a", None, b"b"); MOST_FIELDS + 1];
    let whole = portal.form(&[("file", Some("a"), b"a picture")]);
    for (what, body) in [
        ("two files", portal.form(&[("file", Some("a"), b"1"), ("file", Some("b"), b"2")])),
        ("a long field", portal.form(&[("field", None, &long)])),
        ("many fields", portal.form(&many)),
        ("no text", portal.form(&[("field", None, b"\xFF")])),
        ("cut off", whole[..whole.len() - 12].to_vec()),
        ("cut off in the file", whole[..whole.len() - 20].to_vec()),
    ] {
        assert_eq!(portal.status(body).await, StatusCode::BAD_REQUEST, "{what}");
    }
    assert_eq!(portal.status(Vec::new()).await, StatusCode::BAD_REQUEST);
    let mut urlencoded = portal.request("csrf=x");
    urlencoded.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    assert_eq!(portal.send(urlencoded).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_with_two_files_is_read_where_two_may_be() {
    let portal = portal().await;
    let is_token = |token: &str| token == portal.token;
    let read = async |files: &[(&str, Option<&str>, &[u8])]| {
        let request = portal.request(portal.form(files));
        portal.app.uploads.read_with(&portal.app, request, 2, is_token).await
    };
    let two = [("prints", Some("a"), b"1".as_slice()), ("photograph", Some(""), b"")];
    let mut upload = read(&two).await.unwrap();
    assert_eq!(upload.file("photograph"), Attached::None, "nothing was chosen");
    assert_eq!(upload.file("prints"), Attached::File(FileName::parse("a"), Bytes::from_static(b"1")));
    assert_eq!(upload.file("prints"), Attached::None, "it was taken out");
    let three = [two[0], two[1], ("more", Some("c"), b"3".as_slice())];
    assert_eq!(read(&three).await.unwrap_err(), UploadProblem::Malformed);
}

#[tokio::test]
async fn a_sender_who_pauses_or_takes_too_long_gives_the_place_back() {
    let portal = portal().await;
    let begun = portal.form(&[("file", Some("a"), b"a picture")])[..200].to_vec();
    let never =
        || Body::from_stream(futures::stream::iter([Ok::<_, std::io::Error>(begun.clone())]).chain(futures::stream::pending()));
    let slow = Uploads { pause: Duration::from_millis(20), ..Uploads::default() };
    assert_eq!(slow.read(&portal.app, portal.request(never())).await.unwrap_err(), UploadProblem::TooSlow);
    let late = Uploads { to_arrive: Duration::from_millis(20), ..Uploads::default() };
    assert_eq!(late.read(&portal.app, portal.request(never())).await.unwrap_err(), UploadProblem::TooSlow);
    for uploads in [slow, late] {
        assert_eq!(uploads.places.available_permits(), AT_ONCE);
        assert!(uploads.clients.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_few_send_at_one_time_and_one_client_never_takes_all_places() {
    let portal = portal().await;
    let uploads = &portal.app.uploads;
    let client = |last: u8| IpAddr::from([192, 0, 2, last]);
    let held: Vec<_> = (0..OF_ONE_CLIENT).map(|_| uploads.place(client(1)).unwrap()).collect();
    assert!(uploads.place(client(1)).is_none(), "no more for this client");
    let others: Vec<_> =
        (OF_ONE_CLIENT..AT_ONCE).map(|at| uploads.place(client(10 + u8::try_from(at).unwrap())).unwrap()).collect();
    let body = || portal.form(&[("file", Some("a"), b"a picture")]);
    assert_eq!(portal.send(portal.request(watched(vec![body()], 0))).await.0, StatusCode::SERVICE_UNAVAILABLE);
    drop(others);
    assert_eq!(portal.status(body()).await, StatusCode::OK);
    assert!(uploads.place(client(1)).is_none());
    drop(held);
    assert!(uploads.place(client(1)).is_some());
}
