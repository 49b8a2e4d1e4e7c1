//! The surfaces that other programs read, asked as those programs ask.

use super::look_up::{HIDDEN, NO_LIMITS, SHOWN, SILENT, UNKNOWN, feed, without_chance};
use super::running::{Engine, Installation, Page, Server, http, line};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

const ONLINE: &str = "IOE9999103403";
pub const CLASSIC: &str = "/casestatus/mycasestatus.do";

pub async fn page(request: RequestBuilder) -> Page {
    let response = request.send().await.unwrap();
    Page { status: response.status(), headers: response.headers().clone(), body: response.text().await.unwrap() }
}

pub fn client() -> reqwest::Client {
    http().build().unwrap()
}

pub fn json_of(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap()
}

/// What changes from one answer to the next whatever was asked.
fn without_counting(page: &Page, number: &str) -> String {
    let text = without_chance(page, number);
    text.lines().filter(|line| !line.starts_with("x-ratelimit-remaining")).collect::<Vec<_>>().join("\n")
}

/// Asks by each form of request that the classic page's readers use.
fn classic(server: &Server, form: &str, number: &str) -> RequestBuilder {
    let url = server.url(CLASSIC);
    match form {
        "query" => client().get(url).query(&[("appReceiptNum", number)]),
        "form" => client().post(url).form(&[
            ("changeLocale", ""),
            ("completedActionsCurrentPage", "0"),
            ("upcomingActionsCurrentPage", "0"),
            ("appReceiptNum", number),
            ("caseStatusSearchBtn", "CHECK STATUS"),
        ]),
        _ => {
            let part =
                |name: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            let body = part("changeLocale", "") + &part("appReceiptNum", number) + "--x--\r\n";
            client().post(url).header("content-type", "multipart/form-data; boundary=x").body(body)
        }
    }
}

#[tokio::test]
async fn the_classic_page_answers_every_form_of_request() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&NO_LIMITS);
    for form in ["query", "form", "multipart"] {
        let answer = page(classic(&server, form, SHOWN)).await;
        assert_eq!(answer.status, StatusCode::OK, "{form}");
        assert!(answer.body.contains("<h1>Case Was Received</h1><p>On January 7, 2026, we received"), "{form}: {}", answer.body);
        let description = answer.body.split("<h1>").nth(1).unwrap().split("</p>").next().unwrap();
        assert!(description.contains(SHOWN), "{description}");
        assert!(answer.body.contains(&format!("var appReceiptNum = \"{SHOWN}\"")));
        assert!(!answer.headers.contains_key("set-cookie"));

        let unknown = page(classic(&server, form, UNKNOWN)).await;
        assert_eq!(unknown.status, StatusCode::OK, "{form}");
        assert!(unknown.body.contains("<h1></h1><p></p>"), "{}", unknown.body);
        let errors = "<h4 aria-level=\"2\">Validation Error(s)<br>You must correct the following error(s) before proceeding:</h4><ul><li>\
                      My Case Status does not recognize the receipt number entered. Please check your receipt number and try again.";
        assert!(unknown.body.contains(errors), "{}", unknown.body);
    }
    for (typed, said) in [("", "Please enter an application receipt number."), ("12345", "number entered is invalid")] {
        assert!(page(classic(&server, "form", typed)).await.body.contains(said));
    }
    let landing = page(client().get(server.url("/casestatus/landing.do"))).await;
    assert!(landing.body.contains("name=\"appReceiptNum\"") && landing.body.contains("<div id=\"formErrorMessages\"></div>"));
    let spanish = page(client().get(server.url(CLASSIC)).query(&[("appReceiptNum", SHOWN), ("changeLocale", "es")])).await;
    assert!(spanish.body.contains("7 de enero de 2026") && spanish.body.contains("lang=\"es\""), "{}", spanish.body);
}

#[tokio::test]
async fn what_is_odd_on_the_classic_page_is_answered_and_never_breaks_it() {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(&NO_LIMITS);
    for typed in ["<script>alert(1)</script>", "\"><b>", "EAC\u{0}", &"9".repeat(3000), "é€😀"] {
        for form in ["query", "form", "multipart"] {
            let answer = page(classic(&server, form, typed)).await;
            assert_eq!(answer.status, StatusCode::OK, "{typed} {form}");
            assert!(!answer.body.contains("alert(1)") && !answer.body.contains("\"><b>"));
        }
    }
    let broken =
        client().post(server.url(CLASSIC)).header("content-type", "multipart/form-data; boundary=x").body("--x\r\nno part");
    assert_eq!(page(broken).await.status, StatusCode::BAD_REQUEST);
    let large = client().post(server.url(CLASSIC)).form(&[("appReceiptNum", "9".repeat(20_000))]);
    assert_eq!(page(large).await.status, StatusCode::BAD_REQUEST);
}

async fn ticket(server: &Server) -> String {
    let answer = json_of(&page(client().get(server.url("/csol-api/ui-auth"))).await);
    answer["JwtResponse"]["accessToken"].as_str().unwrap().to_owned()
}

fn csol(server: &Server, authorization: &str, number: &str) -> RequestBuilder {
    client().get(server.url(&format!("/csol-api/case-statuses/{number}"))).header("authorization", authorization)
}

#[tokio::test]
async fn the_status_pages_json_speaks_both_languages_and_wants_a_ticket() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&NO_LIMITS);
    let ticket = ticket(&server).await;
    for authorization in [format!("Bearer {ticket}"), ticket.clone()] {
        let answer = page(csol(&server, &authorization, SHOWN)).await;
        let case = &json_of(&answer)["CaseStatusResponse"];
        assert_eq!((&case["receiptNumber"], &case["isValid"]), (&json!(SHOWN), &json!(true)), "{}", answer.body);
        let (english, spanish) = (&case["detailsEng"], &case["detailsEs"]);
        assert_eq!(
            (&english["formNum"], &english["formTitle"], &english["actionCodeText"], &english["empty"]),
            (&json!("I-765"), &json!("Application for Employment Authorization"), &json!("Case Was Received"), &json!(false))
        );
        assert!(english["actionCodeDesc"].as_str().unwrap().starts_with("On January 7, 2026, "));
        assert!(spanish["actionCodeDesc"].as_str().unwrap().starts_with("El 7 de enero de 2026"), "{spanish}");
        assert_eq!(spanish["formNum"], "I-765");
    }
    for authorization in ["", "Bearer", "Bearer x.y.z", &ticket[..ticket.len() - 2]] {
        let refused = page(csol(&server, authorization, SHOWN)).await;
        assert_eq!((refused.status, refused.body.as_str()), (StatusCode::UNAUTHORIZED, r#"{"error":"Unauthorized"}"#));
    }
    let malformed = page(csol(&server, &ticket, "12345")).await;
    assert_eq!(malformed.body, r#"{"CaseStatusResponse":{"receiptNumber":"12345","isValid":false}}"#);
}

pub struct Credentials {
    pub id: String,
    pub secret: String,
}

pub fn add_client(installation: &Installation, more: &[&str]) -> Credentials {
    let printed = installation.succeed(&[&["client", "add", "reader", "--scope", "case-status"], more].concat());
    let value = |name: &str| printed.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    Credentials { id: value("client_id: "), secret: value("client_secret: ") }
}

async fn token(server: &Server, Credentials { id, secret }: &Credentials) -> String {
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let answer = json_of(&page(client().post(server.url("/oauth/accesstoken")).form(&form)).await);
    answer["access_token"].as_str().unwrap().to_owned()
}

pub fn status(server: &Server, token: &str, number: &str) -> RequestBuilder {
    client().get(server.url(&format!("/case-status/{number}"))).bearer_auth(token)
}

#[tokio::test]
async fn the_case_status_api_answers_as_its_clients_know_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let more = [line("e8", SHOWN, "FTA0", "2026-02-01T04:30:00Z", ""), line("e9", ONLINE, "IAA", "2026-01-07T15:00:00Z", "")];
        installation.import(&(feed() + &more.concat()));
        let credentials = add_client(&installation, &["--per-second", "1000"]);
        let server = installation.serve(&[]);
        let token = token(&server, &credentials).await;

        let answer = page(status(&server, &token, "eac9999103403")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let whole = json_of(&answer);
        assert_eq!(whole["message"], format!("Query was successful for payload {{'receipt_number': '{SHOWN}'}}"));
        let case = whole["case_status"].as_object().unwrap();
        let names: Vec<&str> = case.keys().map(String::as_str).collect();
        let known = [
            "receiptNumber",
            "formType",
            "submittedDate",
            "modifiedDate",
            "current_case_status_text_en",
            "current_case_status_desc_en",
            "current_case_status_text_es",
            "current_case_status_desc_es",
            "hist_case_status",
        ];
        assert!(known.iter().all(|name| names.contains(name)) && names.len() == known.len(), "{names:?}");
        // The agency's time: in Greenwich it is February already.
        assert_eq!((&case["submittedDate"], &case["modifiedDate"]), (&json!("01-07-2026 10:00:00"), &json!("01-31-2026 23:30:00")));
        assert_eq!(case["formType"], "I-765");
        assert!(case["current_case_status_desc_en"].as_str().unwrap().starts_with("On January 31, 2026, "), "{case:?}");
        let before = json!([{ "date": "2026-01-07", "completed_text_en": "Case Was Received", "completed_text_es": "Su caso fue recibido" }]);
        assert_eq!(case["hist_case_status"], before);
        assert_eq!(answer.headers["x-ratelimit-limit"], "10000");
        assert_eq!(answer.headers["x-ratelimit-remaining"], "9999");

        let online = json_of(&page(status(&server, &token, ONLINE)).await);
        let online = online["case_status"].as_object().unwrap();
        assert!(!online.contains_key("submittedDate") && !online.contains_key("modifiedDate"));
        assert_eq!(online["hist_case_status"], Value::Null);

        let malformed = page(status(&server, &token, "12345")).await;
        assert_eq!((malformed.status, &json_of(&malformed)["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(422)));
        // Some programs ask as browsers do.
        let stranger = page(status(&server, "nonsense", SHOWN).header("accept", "text/html, */*; q=0.2")).await;
        assert_eq!(stranger.body, r#"{"code":401,"message":"Invalid Access Token"}"#);
    }
}

#[tokio::test]
async fn credentials_may_stand_in_the_header_and_another_secret_ends_the_old_one() {
    let installation = Installation::new(Engine::Sqlite).await;
    let old = add_client(&installation, &[]);
    let server = installation.serve(&[]);
    let ask = async |Credentials { id, secret }: &Credentials| {
        let request = client().post(server.url("/oauth/accesstoken")).basic_auth(id, Some(secret));
        page(request.form(&[("grant_type", "client_credentials")])).await.status
    };
    assert_eq!(ask(&old).await, StatusCode::OK);
    let printed = installation.succeed(&["client", "rotate", "reader"]);
    let secret = printed.lines().find_map(|line| line.strip_prefix("client_secret: ")).unwrap().to_owned();
    assert_eq!(ask(&old).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&Credentials { secret, id: old.id.clone() }).await, StatusCode::OK);
    let listed = installation.succeed(&["client", "list"]);
    assert!(listed.contains("reader") && listed.contains("case-status") && listed.contains(&old.id), "{listed}");
    assert!(!listed.contains(&old.secret));
    let none_a_day = ["client", "add", "other", "--scope", "case-status", "--per-day", "0"];
    assert!(installation.fail(&none_a_day).contains("give a whole number from 1 to"));
    assert!(installation.fail(&["client", "rotate", "nobody"]).contains("There is no client named"));
}

#[tokio::test]
async fn a_client_has_its_rate_and_its_day() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let credentials = add_client(&installation, &["--per-second", "1000", "--per-day", "3"]);
    let server = installation.serve(&[]);
    let token = token(&server, &credentials).await;
    for left in ["2", "1", "0"] {
        let answer = page(status(&server, &token, SHOWN)).await;
        assert_eq!((answer.status, answer.headers["x-ratelimit-remaining"].to_str().unwrap()), (StatusCode::OK, left));
    }
    let refused = page(status(&server, &token, SHOWN)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.body, r#"{"code":429,"message":"Spike Arrest Violation"}"#);
    let wait: u32 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=86_401).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_client_of_another_scope_reads_no_case() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let printed = installation.succeed(&["client", "add", "feed", "--scope", "case-feed"]);
    let value = |name: &str| printed.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    let credentials = Credentials { id: value("client_id: "), secret: value("client_secret: ") };
    let server = installation.serve(&[]);
    let token = token(&server, &credentials).await;
    assert_eq!(page(status(&server, &token, SHOWN)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn on_every_surface_hidden_silent_and_unknown_numbers_get_the_same_bytes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let credentials = add_client(&installation, &["--per-second", "1000"]);
        let server = installation.serve(&NO_LIMITS);
        let (token, ticket) = (token(&server, &credentials).await, ticket(&server).await);
        let mut expected: Option<Vec<String>> = None;
        for number in [UNKNOWN, HIDDEN, SILENT] {
            let mut answers = Vec::new();
            for form in ["query", "form", "multipart"] {
                answers.push(page(classic(&server, form, number)).await);
            }
            answers.push(page(csol(&server, &ticket, number)).await);
            answers.push(page(status(&server, &token, number)).await);
            assert_eq!(answers[4].status, StatusCode::NOT_FOUND);
            let answers: Vec<String> = answers.iter().map(|answer| without_counting(answer, number)).collect();
            assert_eq!(&answers, expected.get_or_insert_with(|| answers.clone()), "{number}");
        }
        let log = server.log();
        assert!(log.contains("/case-status/{receipt}") && log.contains("/csol-api/case-statuses/{receipt}"));
        for number in [SHOWN, UNKNOWN, HIDDEN, SILENT] {
            assert!(!log.contains(number));
        }
        let metrics = page(client().get(&server.metrics)).await.body;
        assert!(metrics.contains("/case-status/{receipt}"), "{metrics}");
        assert!([SHOWN, UNKNOWN, HIDDEN, SILENT].iter().all(|number| !metrics.contains(number)), "{metrics}");
    }
}

#[tokio::test]
async fn every_surface_counts_against_the_same_limits() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let server = installation.serve(&[("PORTICO_LIMIT_CLIENT_MINUTE", "2")]);
    let ticket = ticket(&server).await;
    assert_eq!(page(classic(&server, "query", SHOWN)).await.status, StatusCode::OK);
    assert_eq!(page(csol(&server, &ticket, SHOWN)).await.status, StatusCode::OK);
    for refused in [page(classic(&server, "query", SHOWN)).await, page(csol(&server, &ticket, SHOWN)).await] {
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.headers.contains_key("retry-after") && !refused.body.contains("Case Was Received"));
    }
}

/// Whoever tries numbers is stopped on every surface, whether the cases exist or not.
#[tokio::test]
async fn misses_stop_machines_too() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let credentials = add_client(&installation, &["--per-second", "1000"]);
    let server = installation.serve(&[("PORTICO_LIMIT_MISSES_MACHINE_HOUR", "3")]);
    let token = token(&server, &credentials).await;
    for number in [UNKNOWN, HIDDEN, SILENT] {
        assert_eq!(page(status(&server, &token, number)).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(page(status(&server, &token, SHOWN)).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_closed_api_says_so_in_the_shape_of_each_surface() {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(&[("PORTICO_CLOSED_SURFACES", "api")]);
    for path in ["/case-status/EAC9999103403", "/processing-times/api/forms", "/api/openapi.json", "/api/nothing"] {
        let closed = page(client().get(server.url(path))).await;
        assert_eq!((closed.status, &json_of(&closed)["error"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("503")), "{path}");
    }
    let closed = page(client().get(server.url("/csol-api/ui-auth"))).await;
    assert_eq!((closed.status, closed.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, r#"{"error":"Service Unavailable"}"#));
    assert_eq!(page(client().get(server.url(CLASSIC))).await.status, StatusCode::OK);
}

/// Whatever a program does wrong, it reads JSON, also if it says that it wants a page. No session begins there.
#[tokio::test]
async fn errors_of_the_layers_are_json_in_the_shape_of_each_surface() {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(&[]);
    let ask = async |method: &str, path: &str| {
        let request = client().request(method.parse().unwrap(), server.url(path)).header("accept", "text/html");
        let answer = page(request).await;
        assert_eq!(answer.headers["content-type"], "application/json", "{method} {path}");
        assert!(!answer.headers.contains_key("set-cookie"), "{method} {path}");
        answer
    };
    for (path, allowed) in [
        ("/oauth/accesstoken", "POST"),
        ("/api/v1/case-events", "POST"),
        ("/case-status/EAC9999103403", "GET,HEAD"),
        ("/processing-times/api/forms", "GET,HEAD"),
        ("/api/openapi.json", "GET,HEAD"),
    ] {
        for method in ["DELETE", "OPTIONS", "BREW"] {
            let wrong = ask(method, path).await;
            assert_eq!(wrong.headers["allow"], allowed, "{path}");
            assert_eq!(wrong.body, r#"{"code":405,"message":"Use one of the methods that the header Allow names"}"#);
        }
    }
    let wrong = ask("POST", "/csol-api/ui-auth").await;
    assert_eq!((wrong.body.as_str(), &wrong.headers["allow"]), (r#"{"error":"Method Not Allowed"}"#, &"GET,HEAD".parse().unwrap()));

    for path in
        ["/api/v1/nothing", "/oauth/", "/case-status/EAC9999103403/more", "/case-status/EAC9999103403/", "/processing-times/api/"]
    {
        let nothing = ask("GET", path).await;
        assert_eq!(nothing.body, r#"{"code":404,"message":"There is nothing at this address"}"#, "{path}");
    }
    assert_eq!(ask("GET", "/csol-api/nothing").await.body, r#"{"error":"Not Found"}"#);

    // Not UTF-8: no receipt number, form or office.
    assert_eq!(ask("GET", "/processing-times/api/formtypes/%FF").await.status, StatusCode::NOT_FOUND);
    let json_instead = client().post(server.url("/oauth/accesstoken")).header("content-type", "application/json").body("{}");
    assert_eq!(
        page(json_instead).await.body,
        r#"{"code":400,"message":"Send grant_type, client_id and client_secret as a form","error":"invalid_request"}"#
    );
    let too_long = client().post(server.url("/oauth/accesstoken")).form(&[("client_id", "9".repeat(20_000))]);
    assert_eq!(page(too_long).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn too_many_requests_are_refused_in_the_shape_of_each_surface() {
    let installation = Installation::new(Engine::Sqlite).await;
    for (path, body) in [
        ("/csol-api/ui-auth", r#"{"error":"Too Many Requests"}"#),
        ("/processing-times/api/forms", r#"{"code":429,"message":"Spike Arrest Violation"}"#),
    ] {
        let server = installation.serve(&[("PORTICO_LIMIT_API_REQUESTS_PER_MINUTE", "1")]);
        assert_eq!(page(client().get(server.url(path))).await.status, StatusCode::OK);
        let refused = page(client().get(server.url(path))).await;
        assert_eq!((refused.status, refused.body.as_str()), (StatusCode::TOO_MANY_REQUESTS, body));
        assert!(refused.headers.contains_key("retry-after"));
    }
}

#[tokio::test]
async fn the_document_is_served_where_the_api_is() {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(&[]);
    let served = page(client().get(server.url("/api/openapi.json"))).await;
    assert_eq!(served.body, installation.succeed(&["openapi"]));
    let read = page(client().get(server.url("/api"))).await;
    assert!(read.body.contains("/case-status/{receipt}") && read.body.contains("href=\"/api/openapi.json\""), "{}", read.body);
    let front = page(client().get(server.url("/es"))).await.body;
    assert!(front.contains("href=\"/es/api\""));

    let server = installation.serve(&[("PORTICO_SURFACES", "portal")]);
    assert_eq!(page(client().get(server.url("/api"))).await.status, StatusCode::NOT_FOUND);
    assert!(!page(client().get(server.url("/es"))).await.body.contains("/es/api"));
}

#[tokio::test]
async fn times_that_cannot_be_read_are_a_failure_and_no_empty_page() {
    let installation = Installation::new(Engine::Sqlite).await;
    let server = installation.serve(&[]);
    let address = "/processing-times?form=I-90";
    assert_eq!(page(client().get(server.url(address))).await.status, StatusCode::OK);
    let database = rusqlite::Connection::open(installation.path("portico.db")).unwrap();
    database.execute("ALTER TABLE processing_time RENAME TO gone", []).unwrap();
    let failed = page(client().get(server.url(address)).header("accept", "text/html")).await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(failed.body.contains("<h1") && !failed.body.contains("gone"), "{}", failed.body);
    let failed = page(client().get(server.url("/processing-times/api/forms"))).await;
    assert_eq!(failed.body, r#"{"code":500,"message":"Something went wrong"}"#);
}
