//! Asking about a case in writing, without scripts; and a server that is killed while requests come in.

use reqwest::StatusCode;
use reqwest::header::LOCATION;

use super::look_up::{HIDDEN, NO_LIMITS, SHOWN, UNKNOWN, without_chance};
use super::running::{Browser, Engine, Installation, PERSON, Page, Server, line};

const OWN: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];
const DAYS: &str = r#","filed_on":"2025-12-30","received_on":"2026-01-07""#;

fn feed() -> String {
    let hidden = format!(r#"{DAYS},"protection_markers":[{{"class_of_admission":"T1"}}]"#);
    [line("e1", SHOWN, "IAA", "2026-01-07T15:00:00Z", DAYS), line("e2", HIDDEN, "IAA", "2026-01-07T15:00:00Z", &hidden)].concat()
}

fn page(locale: &str, page: &str) -> String {
    if locale == "es" { format!("/es/e-request{page}") } else { format!("/e-request{page}") }
}

/// Somebody who fills in the form.
struct Asker {
    browser: Browser,
    locale: &'static str,
    token: String,
}

impl Asker {
    async fn begin(server: &Server, locale: &'static str, kind: &str) -> Self {
        let mut browser = Browser::new();
        let token = browser.get(server.url(&page(locale, ""))).await.csrf_token();
        let mut asker = Self { browser, locale, token };
        let sent = asker.send(server, "begin", &[("kind", kind)]).await;
        assert_eq!(target(&sent), page(locale, "/who"));
        asker
    }

    async fn send(&mut self, server: &Server, verb: &str, fields: &[(&str, &str)]) -> Page {
        let own = [("csrf", self.token.as_str()), ("locale", self.locale)];
        let fields: Vec<(&str, &str)> = own.into_iter().chain(fields.iter().copied()).collect();
        self.browser.post(server.url(&format!("/_fn/e_request/{verb}")), &OWN, &fields).await
    }

    /// Sends a step and gives where it leads.
    async fn step(&mut self, server: &Server, step: &str, typed: &[(&str, &str)]) -> String {
        let names: Vec<String> = typed.iter().map(|(name, _)| format!("typed[{name}]")).collect();
        let fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(typed.iter().map(|(_, value)| *value)).collect();
        let sent = self.send(server, "save", &[&[("step", step)], &fields[..]].concat()).await;
        target(&sent)
    }

    async fn case(&mut self, server: &Server, number: &str, zip: &str) -> String {
        self.step(server, "who", &[("requester", "applicant")]).await;
        let day = [("filed_on_month", "12"), ("filed_on_day", "30"), ("filed_on_year", "2025")];
        let case = [("receipt_number", number), ("form", "I-765"), ("category", "(c)(9)"), ("mailing_zip", zip)];
        self.step(server, "case", &[&case[..], &day[..]].concat()).await
    }

    /// Up to the page on which all is checked.
    async fn fill_in(&mut self, server: &Server, number: &str) {
        assert_eq!(self.case(server, number, "22150").await, page(self.locale, "/answer"));
        let mut at = self.step(server, "answer", &[]).await;
        if at.ends_with("/issue") {
            at = self.step(server, "issue", &[("explanation", "Prueba de texto")]).await;
        }
        assert_eq!(at, page(self.locale, "/person"));
        let born = [("birth_date_month", "11"), ("birth_date_day", "23"), ("birth_date_year", "1987")];
        let name = [("family_name", "Quimbaya"), ("given_name", "Xiomara")];
        assert_eq!(self.step(server, "person", &[&name[..], &born[..]].concat()).await, page(self.locale, "/contact"));
        let contact = [("email", "xiomara.q@example.org"), ("telephone", "202-555-0147")];
        assert_eq!(self.step(server, "contact", &contact).await, page(self.locale, "/check"));
    }

    /// The number on the confirmation.
    async fn number(&mut self, server: &Server) -> String {
        let sent = self.browser.get(server.url(&page(self.locale, "/sent"))).await;
        assert_eq!(sent.status, StatusCode::OK);
        number_in(&sent.body).unwrap_or_else(|| panic!("no number: {}", sent.body))
    }
}

fn number_in(body: &str) -> Option<String> {
    let (_, after) = body.split_once("portico-request-number\"><strong>")?;
    Some(after.split('<').next()?.to_owned())
}

fn target(sent: &Page) -> String {
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.headers[LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn from_the_first_page_to_the_request_and_back_to_it() {
    for (engine, locale) in [(Engine::Sqlite, "en"), (Engine::Postgres, "es")] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let server = installation.serve(&NO_LIMITS);
        let mut asker = Asker::begin(&server, locale, "outside_normal_time").await;
        asker.fill_in(&server, SHOWN).await;
        for _ in 0..3 {
            let sent = asker.send(&server, "send", &[]).await;
            assert_eq!(target(&sent), page(locale, "/sent"), "pressed once or more often");
        }
        let number = asker.number(&server).await;
        assert_eq!(number, asker.number(&server).await);

        let mut later = Browser::new();
        let token = later.get(server.url(&page(locale, "/status"))).await.csrf_token();
        let find = |zip: &'static str| {
            [("csrf", token.clone()), ("locale", locale.into()), ("number", number.clone()), ("zip", zip.into())]
        };
        let mut look = async |zip: &'static str| {
            let fields = find(zip);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let sent = later.post(server.url("/_fn/e_request/find"), &OWN, &fields).await;
            let to = target(&sent);
            (later.get(server.url(&to)).await, to)
        };
        let (refused, to) = look("00501").await;
        assert_eq!(to, page(locale, "/status"));
        assert!(refused.body.contains("number-error") && refused.body.contains("00501"), "{}", refused.body);
        let (shown, to) = look("22150").await;
        assert_eq!(to, page(locale, "/status/request"));
        assert!(shown.body.contains(&number), "{}", shown.body);
        for secret in PERSON {
            assert!(!shown.body.contains(secret), "the page shows {secret}, which was told in the request");
            assert!(!server.log().contains(secret), "the log holds {secret}");
        }
    }
}

#[tokio::test]
async fn a_mistake_an_unknown_number_and_a_hidden_case_get_the_same_bytes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let server = installation.serve(&NO_LIMITS);
        for locale in ["en", "es"] {
            let mut expected = None;
            for (number, zip) in [(SHOWN, "22151"), (UNKNOWN, "22150"), (HIDDEN, "22150")] {
                let mut asker = Asker::begin(&server, locale, "outside_normal_time").await;
                assert_eq!(asker.case(&server, number, zip).await, page(locale, "/case"));
                let refused = asker.browser.get(server.url(&page(locale, "/case"))).await;
                assert!(refused.body.contains("id=\"refused\""), "{}", refused.body);
                let plain = without_chance(&refused, number).replace(zip, "[zip]");
                assert_eq!(&plain, expected.get_or_insert_with(|| plain.clone()), "{number}");
            }
        }
    }
}

#[tokio::test]
async fn killed_while_requests_come_in_nobody_has_a_confirmation_of_nothing() {
    const CROWD: usize = 12;
    let one = async |engine| {
        let installation = Installation::new(engine).await;
        let number = |at: usize| format!("EAC99990{at:05}");
        let lines: String =
            (0..CROWD).map(|at| line(&format!("k{at}"), &number(at * 1000), "IAA", "2026-01-07T15:00:00Z", DAYS)).collect();
        installation.import(&lines);
        let settings = [&NO_LIMITS[..], &[("PORTICO_LIMIT_NEIGHBOURS_HOUR", "100000")]].concat();
        let server = installation.serve(&settings);
        let mut askers = Vec::new();
        for at in 0..CROWD {
            let mut asker = Asker::begin(&server, "en", "outside_normal_time").await;
            asker.fill_in(&server, &number(at * 1000)).await;
            askers.push(asker);
        }
        // All send at once, and the server is killed as soon as some have an answer.
        let mut sending = tokio::task::JoinSet::new();
        for (at, asker) in askers.iter().enumerate() {
            let url = server.url("/_fn/e_request/send");
            let request = asker.browser.sending(url, &OWN, &[("csrf", &asker.token), ("locale", "en")]);
            sending.spawn(async move { (at, request.await.is_ok_and(|sent| sent.status() == StatusCode::SEE_OTHER)) });
        }
        let mut confirmed = Vec::new();
        while confirmed.len() < CROWD / 4
            && let Some(sent) = sending.join_next().await
        {
            confirmed.extend(sent.ok().filter(|(_, is_sent)| *is_sent).map(|(at, _)| at));
        }
        drop(server);
        while let Some(sent) = sending.join_next().await {
            confirmed.extend(sent.ok().filter(|(_, is_sent)| *is_sent).map(|(at, _)| at));
        }
        let server = installation.serve(&settings);
        let mut numbers = std::collections::BTreeSet::new();
        for (at, asker) in askers.iter_mut().enumerate() {
            let page = asker.browser.get(server.url("/e-request/sent")).await;
            let before = number_in(&page.body);
            assert!(before.is_some() || !confirmed.contains(&at), "somebody was told that a request is stored, and it is not");
            // Whoever had no answer presses the button again.
            let sent = asker.send(&server, "send", &[]).await;
            assert_eq!(target(&sent), "/e-request/sent");
            let after = asker.number(&server).await;
            assert!(before.is_none_or(|before| before == after), "one form is one request");
            numbers.insert(after);
        }
        assert_eq!(numbers.len(), CROWD);
    };
    tokio::join!(one(Engine::Sqlite), one(Engine::Postgres));
}
