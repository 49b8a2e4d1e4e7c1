//! Reporting a move, without scripts: what cannot be learned by it, and a server that is killed while reports come in.

use reqwest::StatusCode;
use reqwest::header::LOCATION;

use super::look_up::{HIDDEN, NO_LIMITS, SHOWN, UNKNOWN, without_chance};
use super::running::{Browser, Engine, Installation, PERSON, Page, Server, line};

const OWN: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];

/// A shown case and a hidden one of the same person.
fn feed() -> String {
    let hidden = r#","protection_markers":[{"class_of_admission":"T1"}]"#;
    [line("e1", SHOWN, "IAA", "2026-01-07T15:00:00Z", ""), line("e2", HIDDEN, "IAA", "2026-01-07T15:00:00Z", hidden)].concat()
}

fn page(locale: &str, page: &str) -> String {
    if locale == "es" { format!("/es/change-of-address{page}") } else { format!("/change-of-address{page}") }
}

fn target(sent: &Page) -> String {
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.headers[LOCATION].to_str().unwrap().to_owned()
}

/// Somebody who moved.
struct Mover {
    browser: Browser,
    locale: &'static str,
    token: String,
}

impl Mover {
    async fn begin(server: &Server, locale: &'static str) -> Self {
        let mut browser = Browser::new();
        let token = browser.get(server.url(&page(locale, ""))).await.csrf_token();
        let mut mover = Self { browser, locale, token };
        assert_eq!(target(&mover.send(server, "begin", &[]).await), page(locale, "/person"));
        mover
    }

    async fn send(&mut self, server: &Server, verb: &str, fields: &[(&str, &str)]) -> Page {
        let own = [("csrf", self.token.as_str()), ("locale", self.locale)];
        let fields: Vec<(&str, &str)> = own.into_iter().chain(fields.iter().copied()).collect();
        self.browser.post(server.url(&format!("/_fn/change_of_address/{verb}")), &OWN, &fields).await
    }

    /// Sends a page and gives where it leads.
    async fn step(&mut self, server: &Server, step: &str, wish: &str, typed: &[(&str, &str)]) -> String {
        let names: Vec<String> = typed.iter().map(|(name, _)| format!("typed[{name}]")).collect();
        let fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(typed.iter().map(|(_, value)| *value)).collect();
        let sent = self.send(server, "save", &[&[("step", step), ("wish", wish)], &fields[..]].concat()).await;
        target(&sent)
    }

    async fn up_to_cases(&mut self, server: &Server) {
        let born = [("birth_month", "11"), ("birth_day", "23"), ("birth_year", "1987")];
        let name = [("filer", "self"), ("family_name", "Quimbaya"), ("given_name", "Xiomara")];
        self.step(server, "person", "go_on", &[&name[..], &born[..]].concat()).await;
        self.step(server, "move", "go_on", &[("moved_month", "1"), ("moved_day", "5"), ("moved_year", "2026")]).await;
        let address = [("new_street", "2 TEACUP CT"), ("new_city", "SPRINGFIELD"), ("new_state", "VA"), ("new_zip", "22151")];
        self.step(server, "new-address", "go_on", &address).await;
        self.step(server, "old-address", "go_on", &[]).await;
        assert_eq!(self.step(server, "mailing-address", "go_on", &[]).await, page(self.locale, "/cases"));
    }

    async fn list(&mut self, server: &Server, wish: &str, cases: &[(&str, &str)]) -> String {
        let names: Vec<String> = (0..cases.len()).flat_map(|at| [format!("number_{at}"), format!("zip_{at}")]).collect();
        let values = cases.iter().flat_map(|(number, zip)| [*number, *zip]);
        let typed: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values).collect();
        self.step(server, "cases", wish, &typed).await
    }

    async fn sign(&mut self, server: &Server) -> Page {
        self.send(server, "send", &[("typed[signature]", "Xiomara Quimbaya"), ("typed[certified]", "yes")]).await
    }

    async fn get(&mut self, server: &Server, at: &str) -> Page {
        self.browser.get(server.url(&page(self.locale, at))).await
    }
}

fn number_in(body: &str) -> Option<String> {
    let (_, after) = body.split_once("portico-request-number\"><strong>")?;
    Some(after.split('<').next()?.to_owned())
}

/// The page without what chance makes of every report: its number, the names of its changes, the link for a code.
fn plain(page: &Page, number: &str, zip: &str) -> String {
    let mut text = without_chance(page, number).replace(zip, "[zip]");
    if let Some(report) = number_in(&text) {
        text = text.replace(&report, "[report]");
    }
    for field in ["name=\"change\" value=\"", "name=\"link\" value=\""] {
        let parts: Vec<String> = text.split(field).map(str::to_owned).collect();
        let rest = parts[1..].iter().map(|part| part.split_once('"').unwrap().1);
        text = std::iter::once(parts[0].as_str()).chain(rest).collect::<Vec<_>>().join(field);
    }
    text
}

#[tokio::test]
async fn a_slip_an_unknown_number_and_a_hidden_case_are_the_same_bytes_on_every_page() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let server = installation.serve(&NO_LIMITS);
        for locale in ["en", "es"] {
            // Alone, and beside a case that is recognised: its other cases are looked for then.
            for beside in [&[][..], &[(SHOWN, "22150")]] {
                let mut expected: Option<Vec<String>> = None;
                let slip = (SHOWN, "22152");
                let others = [(UNKNOWN, "22150"), (HIDDEN, "22150")];
                let tried = if beside.is_empty() { vec![slip, others[0], others[1]] } else { others.to_vec() };
                for (number, zip) in tried {
                    let mut mover = Mover::begin(&server, locale).await;
                    mover.up_to_cases(&server).await;
                    let cases = [beside, &[(number, zip)]].concat();
                    let mut seen = Vec::new();
                    assert_eq!(mover.list(&server, "go_on", &cases).await, page(locale, "/cases"));
                    let refused = mover.get(&server, "/cases").await;
                    assert!(refused.body.contains("id=\"refused\""), "{}", refused.body);
                    seen.push(refused);
                    assert_eq!(mover.list(&server, "anyway", &cases).await, page(locale, "/contact"), "nothing else is offered");
                    seen.push(mover.get(&server, "/contact").await);
                    assert_eq!(mover.step(&server, "contact", "go_on", &[]).await, page(locale, "/check"));
                    seen.push(mover.get(&server, "/check").await);
                    let sent = mover.sign(&server).await;
                    assert_eq!(target(&sent), page(locale, "/receipt"));
                    seen.push(sent);
                    let receipt = mover.get(&server, "/receipt").await;
                    assert!(number_in(&receipt.body).is_some() && receipt.body.contains(number), "{}", receipt.body);
                    seen.push(receipt);
                    let plain: Vec<String> = seen.iter().map(|page| plain(page, number, zip)).collect();
                    let expected = expected.get_or_insert_with(|| plain.clone());
                    for (at, (one, other)) in expected.iter().zip(&plain).enumerate() {
                        assert_eq!(one, other, "page {at} about {number}");
                    }
                }
            }
        }
        for secret in PERSON.iter().chain(&["TEACUP", SHOWN, HIDDEN]) {
            assert!(!server.log().contains(secret), "the log holds {secret}");
        }
    }
}

#[tokio::test]
async fn killed_while_reports_come_in_nobody_has_a_receipt_of_nothing() {
    const CROWD: usize = 12;
    let one = async |engine| {
        let installation = Installation::new(engine).await;
        let number = |at: usize| format!("EAC99990{at:05}");
        let lines: String =
            (0..CROWD).map(|at| line(&format!("k{at}"), &number(at * 1000), "IAA", "2026-01-07T15:00:00Z", "")).collect();
        // Of nobody else: no other cases are offered.
        let lines: String =
            lines.lines().enumerate().map(|(at, line)| line.replace("A987654321", &format!("A9876543{at:02}")) + "\n").collect();
        installation.import(&lines);
        let settings = [&NO_LIMITS[..], &[("PORTICO_LIMIT_NEIGHBOURS_HOUR", "100000")]].concat();
        let server = installation.serve(&settings);
        let mut movers = Vec::new();
        for at in 0..CROWD {
            let mut mover = Mover::begin(&server, "en").await;
            mover.up_to_cases(&server).await;
            assert_eq!(mover.list(&server, "go_on", &[(&number(at * 1000), "22150")]).await, "/change-of-address/contact");
            assert_eq!(mover.step(&server, "contact", "go_on", &[]).await, "/change-of-address/check");
            movers.push(mover);
        }
        // All send at once, and the server is killed as soon as some have an answer.
        let mut sending = tokio::task::JoinSet::new();
        for (at, mover) in movers.iter().enumerate() {
            let url = server.url("/_fn/change_of_address/send");
            let signed = [("typed[signature]", "Xiomara Quimbaya"), ("typed[certified]", "yes")];
            let fields = [&[("csrf", mover.token.as_str()), ("locale", "en")], &signed[..]].concat();
            let request = mover.browser.sending(url, &OWN, &fields);
            sending.spawn(async move {
                let sent = request.await.ok().filter(|sent| sent.status() == StatusCode::SEE_OTHER);
                let to = sent.and_then(|sent| sent.headers().get(LOCATION).cloned());
                (at, to.is_some_and(|to| to == "/change-of-address/receipt"))
            });
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
        assert!(confirmed.len() >= CROWD / 4, "some were answered before");
        let server = installation.serve(&settings);
        let mut numbers = std::collections::BTreeSet::new();
        for (at, mover) in movers.iter_mut().enumerate() {
            let before = number_in(&mover.get(&server, "/receipt").await.body);
            assert!(before.is_some() || !confirmed.contains(&at), "somebody was told that a report is stored, and it is not");
            // Whoever had no answer presses the button again.
            let sent = mover.sign(&server).await;
            assert_eq!(target(&sent), "/change-of-address/receipt");
            let after = number_in(&mover.get(&server, "/receipt").await.body).expect("a receipt");
            assert!(before.is_none_or(|before| before == after), "one form is one report");
            numbers.insert(after);
        }
        assert_eq!(numbers.len(), CROWD);
    };
    tokio::join!(one(Engine::Sqlite), one(Engine::Postgres));
}
