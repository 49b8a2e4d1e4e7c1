//! Programs of other people, as they have asked and read for years, with the libraries that such programs use: a parser of
//! HTML, selectors, a path by position alone, a search of the whole page, a client library of OAuth 2.0.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AccessToken, AuthType, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, RefreshToken, RequestTokenError, Scope,
    StandardRevocableToken, TokenResponse, TokenUrl,
};
use regex::Regex;
use reqwest::multipart::Form;
use reqwest::{RequestBuilder, StatusCode};
use scraper::{ElementRef, Html, Selector};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::look_up::{NO_LIMITS, SHOWN, UNKNOWN, feed};
use super::running::{Engine, Installation, Page, Server};
use super::surfaces::{CLASSIC, Credentials, add_client, client, json_of, page, status};

/// What a request of each kind, to each address, got.
async fn asked_in_every_way(server: &Server, number: &str) -> Vec<(String, Page)> {
    let mut answers = Vec::new();
    for path in [CLASSIC, "/casestatus/landing.do"] {
        let url = server.url(path);
        let fields = [("appReceiptNum", number.to_owned()), ("caseStatusSearchBtn", "CHECK STATUS".to_owned())];
        let parts = fields.clone().into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
        let requests: [(&str, RequestBuilder); 3] = [
            ("query", client().get(&url).query(&fields)),
            ("form", client().post(&url).form(&fields)),
            ("multipart", client().post(&url).multipart(parts)),
        ];
        for (kind, request) in requests {
            answers.push((format!("{kind} to {path}"), page(request).await));
        }
    }
    answers
}

/// Follows an absolute path, as `/html/body/div[2]/form/div`: of each step all children of that name, or the one with that number.
fn by_position<'d>(document: &'d Html, path: &str) -> Vec<ElementRef<'d>> {
    let mut steps = path.trim_start_matches('/').split('/');
    assert_eq!(steps.next(), Some("html"));
    steps.fold(vec![document.root_element()], |found, step| {
        let (name, number) = step.trim_end_matches(']').split_once('[').unwrap_or((step, ""));
        let of_name = |parent: ElementRef<'d>| -> Vec<ElementRef<'d>> {
            let children = parent.child_elements().filter(|child| child.value().name() == name);
            match number.parse::<usize>() {
                Ok(number) => children.skip(number - 1).take(1).collect(),
                Err(_) => children.collect(),
            }
        };
        found.into_iter().flat_map(of_name).collect()
    })
}

fn select<'d>(document: &'d Html, selector: &str) -> Vec<ElementRef<'d>> {
    document.select(&Selector::parse(selector).unwrap()).collect()
}

/// What one element reads, with single spaces.
fn read(elements: &[ElementRef]) -> String {
    assert_eq!(elements.len(), 1, "{elements:?}");
    elements[0].text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

const TITLE: &str = "/html/body/div[2]/form/div/div[1]/div/div/div[2]/div[3]/h1";
const DESCRIPTION: &str = "/html/body/div[2]/form/div/div[1]/div/div/div[2]/div[3]/p";

#[tokio::test]
async fn a_reader_by_position_finds_title_and_description_however_it_asks() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&NO_LIMITS);
    for (way, answer) in asked_in_every_way(&server, SHOWN).await {
        assert_eq!(answer.status, StatusCode::OK, "{way}");
        let document = Html::parse_document(&answer.body);
        assert_eq!(read(&by_position(&document, TITLE)), "Case Was Received", "{way}");
        let description = read(&by_position(&document, DESCRIPTION));
        assert!(description.starts_with("On January 7, 2026, we received your Form I-765, "), "{way}: {description}");
        assert!(description.contains(SHOWN), "{way}: {description}");
        let status = read(&by_position(&document, "/html/body/div[2]/form/div/div/div/div/div[1]"));
        assert_eq!(status, "Your Current Status: Case Was Received +", "{way}");
    }
    for (way, answer) in asked_in_every_way(&server, UNKNOWN).await {
        assert_eq!(answer.status, StatusCode::OK, "{way}");
        let document = Html::parse_document(&answer.body);
        assert_eq!(read(&by_position(&document, TITLE)), "", "{way}");
        assert_eq!(read(&by_position(&document, DESCRIPTION)), "", "{way}");
    }
}

#[tokio::test]
async fn a_reader_by_class_id_and_name_finds_status_errors_and_the_form() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&NO_LIMITS);
    let number_in_script = Regex::new(r#"var appReceiptNum = "([^"]*)";"#).unwrap();
    for (way, answer) in asked_in_every_way(&server, SHOWN).await {
        let document = Html::parse_document(&answer.body);
        let text = |selector| read(&select(&document, selector));
        assert_eq!(text("div.rows.text-center > h1"), "Case Was Received", "{way}");
        assert!(text("div.rows.text-center > p").starts_with("On January 7, 2026, "), "{way}");
        assert_eq!(text(".main-content-sec .current-status-sec > strong"), "Your Current Status:", "{way}");
        assert_eq!(text("div.appointment-sec h1"), "Case Was Received", "{way}");
        assert_eq!(text("#formErrorMessages"), "", "{way}");
        assert_eq!(select(&document, "h1").len(), 1, "{way}");
        assert_eq!(&number_in_script.captures(&answer.body).unwrap()[1], SHOWN, "{way}");
    }
    let assistance = "My Case Status does not recognize the receipt number entered. Please check your receipt number and try \
                      again. If you need further assistance, please call";
    for (number, said) in [
        (UNKNOWN, assistance),
        ("", "Please enter an application receipt number."),
        ("12345", "The application receipt number entered is invalid. Please check your receipt number and try again."),
    ] {
        for (way, answer) in asked_in_every_way(&server, number).await {
            let document = Html::parse_document(&answer.body);
            let text = |selector| read(&select(&document, selector));
            let errors = "Validation Error(s)You must correct the following error(s) before proceeding:";
            assert_eq!(text("#formErrorMessages > h4"), errors, "{way}");
            assert!(text("#formErrorMessages > h4 + ul > li").starts_with(said), "{way}");
            assert_eq!(
                (text("div.rows.text-center > h1"), text("div.rows.text-center > p")),
                (String::new(), String::new()),
                "{way}"
            );
        }
    }
}

/// Some programs fill in the form that they find, whatever stands in it.
#[tokio::test]
async fn a_program_that_fills_in_the_form_gets_the_answer() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&NO_LIMITS);
    let empty = page(client().get(server.url("/casestatus/landing.do"))).await;
    let (address, fields) = {
        let document = Html::parse_document(&empty.body);
        let form = select(&document, "form[name=caseStatusForm]")[0].value();
        assert_eq!(form.attr("method"), Some("post"));
        let attribute = |element: &ElementRef, name| element.value().attr(name).unwrap_or_default().to_owned();
        let fields = select(&document, "form[name=caseStatusForm] [name]");
        let fields: BTreeMap<String, String> =
            fields.iter().map(|field| (attribute(field, "name"), attribute(field, "value"))).collect();
        assert_eq!(attribute(&select(&document, "input#receipt_number")[0], "name"), "appReceiptNum");
        assert_eq!(attribute(&select(&document, "input#receipt_number")[0], "maxlength"), "13");
        assert_eq!(read(&select(&document, "label[for=receipt_number]")), "Enter Another Receipt Number");
        assert_eq!(read(&select(&document, "button[type=submit]")), "Check Status");
        (form.attr("action").unwrap().to_owned(), fields)
    };
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let known =
        ["appReceiptNum", "caseStatusSearchBtn", "changeLocale", "completedActionsCurrentPage", "upcomingActionsCurrentPage"];
    assert_eq!((names.as_slice(), fields["caseStatusSearchBtn"].as_str()), (known.as_slice(), "CHECK STATUS"));
    let mut filled = fields;
    filled.insert("appReceiptNum".into(), SHOWN.into());
    let answer = page(client().post(server.url(&address)).form(&filled)).await;
    assert_eq!(read(&by_position(&Html::parse_document(&answer.body), TITLE)), "Case Was Received");
}

/// A program that takes any form number in the whole page for the case's, be it in markup, script or text.
#[tokio::test]
async fn a_search_of_the_whole_page_finds_no_form_number_but_the_cases_own() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["seed", "demo", "--cases", "150"]);
    let lines = std::fs::read_to_string(installation.path("demo-cases.ndjson")).unwrap();
    let line = |line: &str| -> serde_json::Value { serde_json::from_str(line).unwrap() };
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let forms: BTreeMap<String, String> =
        lines.lines().map(line).map(|line| (text(&line["receipt_number"]), text(&line["form"]))).collect();
    let number = Regex::new(r"\b(?:AR|EOIR|G|I|N)-\d+[A-Z]*\b").unwrap();
    let server = installation.serve(&[&NO_LIMITS[..], &[("PORTICO_LIMIT_NEIGHBOURS_HOUR", "100000")]].concat());
    let (mut shown, mut of_forms) = (0, BTreeSet::new());
    for (receipt, form) in &forms {
        for language in ["en", "es"] {
            let request =
                client().get(server.url(CLASSIC)).query(&[("appReceiptNum", receipt.as_str()), ("changeLocale", language)]);
            let answer = page(request).await;
            assert_eq!(answer.status, StatusCode::OK);
            let found: BTreeSet<&str> = number.find_iter(&answer.body).map(|found| found.as_str()).collect();
            if read(&by_position(&Html::parse_document(&answer.body), TITLE)).is_empty() {
                assert!(found.is_empty(), "{receipt} in {language}: {found:?}");
                continue;
            }
            assert_eq!(found, BTreeSet::from([form.as_str()]), "{receipt} in {language}");
            of_forms.insert(form);
            shown += 1;
        }
    }
    assert!(shown > 250 && of_forms.len() > 15, "{shown} pages of {of_forms:?}");
}

/// A token answer as the agency's clients declare it: numbers are texts.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Issued {
    access_token: AccessToken,
    token_type: BasicTokenType,
    expires_in: String,
    status: String,
}

impl TokenResponse for Issued {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.parse().map(Duration::from_secs).ok()
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

type OAuthClient = Client<
    BasicErrorResponse,
    Issued,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn oauth(server: &Server, Credentials { id, secret }: &Credentials, way: AuthType) -> OAuthClient {
    Client::new(ClientId::new(id.clone()))
        .set_client_secret(ClientSecret::new(secret.clone()))
        .set_auth_type(way)
        .set_token_uri(TokenUrl::new(server.url("/oauth/accesstoken")).unwrap())
}

/// The word of OAuth 2.0 for what went wrong.
async fn refusal(oauth: &OAuthClient) -> BasicErrorResponseType {
    match oauth.exchange_client_credentials().request_async(&client()).await {
        Err(RequestTokenError::ServerResponse(refusal)) => refusal.error().clone(),
        other => panic!("{other:?}"),
    }
}

const WAYS: [AuthType; 2] = [AuthType::RequestBody, AuthType::BasicAuth];

#[tokio::test]
async fn a_library_of_oauth_gets_a_token_and_reads_a_case_with_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let credentials = add_client(&installation, &["--per-second", "1000"]);
        let server = installation.serve(&[]);
        for way in WAYS {
            let token = oauth(&server, &credentials, way).exchange_client_credentials().request_async(&client()).await.unwrap();
            assert!(token.token_type().as_ref().eq_ignore_ascii_case("bearer"), "{token:?}");
            assert_eq!((token.expires_in(), token.status.as_str()), (Some(Duration::from_mins(30)), "approved"));
            let answer = page(status(&server, token.access_token().secret(), SHOWN)).await;
            assert_eq!(json_of(&answer)["case_status"]["current_case_status_text_en"], "Case Was Received");
        }
    }
}

#[tokio::test]
async fn a_library_of_oauth_is_told_what_is_wrong_in_its_own_words() {
    let installation = Installation::new(Engine::Sqlite).await;
    let good = add_client(&installation, &[]);
    let server = installation.serve(&[]);
    let wrong_secret = Credentials { id: good.id.clone(), secret: "wrong".into() };
    let wrong_id = Credentials { id: "nobody:%+".into(), secret: good.secret.clone() };
    for way in WAYS {
        for credentials in [&wrong_secret, &wrong_id] {
            let refused = refusal(&oauth(&server, credentials, way.clone())).await;
            assert_eq!(refused, BasicErrorResponseType::InvalidClient);
        }
        let refresh = RefreshToken::new("x".into());
        let refused = oauth(&server, &good, way).exchange_refresh_token(&refresh).request_async(&client()).await;
        let Err(RequestTokenError::ServerResponse(refused)) = refused else { panic!("{refused:?}") };
        assert_eq!(refused.error(), &BasicErrorResponseType::UnsupportedGrantType);
    }
    let unauthorized = page(client().post(server.url("/oauth/accesstoken")).form(&[("grant_type", "client_credentials")])).await;
    assert_eq!(json_of(&unauthorized), json!({ "code": 401, "message": "Invalid client credentials", "error": "invalid_client" }));
    assert_eq!(unauthorized.headers["www-authenticate"], "Basic realm=\"token\"");
    assert_eq!(unauthorized.headers["cache-control"], "no-store");
    for body in ["", "grant_type", "grant_type=&x=1"] {
        let request = client().post(server.url("/oauth/accesstoken")).header("content-type", "application/x-www-form-urlencoded");
        let refused = page(request.body(body)).await;
        assert_eq!((refused.status, &json_of(&refused)["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_request")), "{body}");
    }
}

/// A program keeps its token until it is refused, and gets another one then.
#[tokio::test]
async fn a_token_ends_with_its_time_its_secret_and_its_client() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let credentials = add_client(&installation, &["--per-second", "1000"]);
    let server = installation.serve(&[]);
    let database = rusqlite::Connection::open(installation.path("portico.db")).unwrap();
    let token = async |credentials: &Credentials| {
        let oauth = oauth(&server, credentials, AuthType::RequestBody);
        oauth.exchange_client_credentials().request_async(&client()).await.unwrap().access_token
    };
    let is_refused = async |token: &AccessToken| {
        let answer = page(status(&server, token.secret(), SHOWN)).await;
        if answer.status == StatusCode::OK {
            return false;
        }
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.body, r#"{"code":401,"message":"Invalid Access Token"}"#);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        true
    };

    let first = token(&credentials).await;
    assert!(!is_refused(&first).await);
    let changed = database.execute("UPDATE api_token SET expires_at = '2026-01-01T00:00:00+00:00'", []).unwrap();
    assert_eq!(changed, 1);
    assert!(is_refused(&first).await, "its time is over");
    let second = token(&credentials).await;
    assert!(!is_refused(&second).await && is_refused(&first).await);

    let printed = installation.succeed(&["client", "rotate", "reader"]);
    let secret = printed.lines().find_map(|line| line.strip_prefix("client_secret: ")).unwrap().to_owned();
    assert!(is_refused(&second).await, "it came with the old secret");
    let renewed = Credentials { secret, ..credentials };
    let third = token(&renewed).await;
    assert!(!is_refused(&third).await);

    installation.succeed(&["client", "revoke", "reader"]);
    assert!(is_refused(&third).await, "the client was revoked");
    for way in WAYS {
        assert_eq!(refusal(&oauth(&server, &renewed, way)).await, BasicErrorResponseType::InvalidClient);
    }
}
