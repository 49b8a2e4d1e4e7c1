//! Nobody's data in addresses, logs, metrics and errors.

use super::running::{Browser, Engine, Installation, PERSON, http, line};

const SHOWN: &str = "EAC9999103403";
const HIDDEN: &str = "EAC9999500777";

#[tokio::test]
async fn nothing_about_a_person_or_a_number_reaches_log_metrics_or_errors() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let feed = [
            line("e1", SHOWN, "IAA", "2026-01-07T15:00:00Z", ""),
            line("e2", HIDDEN, "IAA", "2026-01-07T15:00:00Z", r#","protection_markers":[{"sealed":true}]"#),
            // Lines that are refused for what a person's fields hold.
            line("e3", SHOWN, "IAA", "Xiomara", ""),
            line("e4", SHOWN, "IAA", "2026-01-07T15:00:00Z", r#","Quimbaya":"Xiomara""#),
            line("e5", SHOWN, "IAA", "2026-01-07T15:00:00Z", "").replace("\"1987-11-23\"", "[\"1987-11-23\"]"),
        ]
        .concat();
        let printed = installation.import(&feed);
        assert!(printed.contains("3 lines in quarantine"), "{printed}");
        let server = installation.serve(&[("PORTICO_LOG", "debug")]);
        let mut browser = Browser::new();
        for number in [SHOWN, HIDDEN, "EAC9999999999", "Xiomara Quimbaya"] {
            let pages = browser.look_up(&server, "es", number).await;
            for page in &pages {
                let headers = format!("{:?}", page.headers);
                assert!(!headers.contains(number), "{headers}");
            }
        }
        for path in [format!("/case-status/{SHOWN}"), format!("/{SHOWN}?q={SHOWN}"), format!("/_fn/{SHOWN}")] {
            browser.get(server.url(&path)).await;
        }
        let said =
            [printed, server.log(), http().build().unwrap().get(&server.metrics).send().await.unwrap().text().await.unwrap()]
                .concat();
        assert!(said.contains("/_fn/case_status/find") && said.contains("http_requests_total"), "{said}");
        for secret in PERSON.iter().chain(&[SHOWN, HIDDEN, "EAC9999999999", "9999103403"]) {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    }
}

#[tokio::test]
async fn a_shown_page_names_nobody() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&line("e1", SHOWN, "IAA", "2026-01-07T15:00:00Z", ""));
    let server = installation.serve(&[]);
    let [_, answer] = Browser::new().look_up(&server, "en", SHOWN).await;
    assert!(answer.body.contains("Case Was Received"));
    for secret in PERSON {
        assert!(!answer.body.contains(secret), "{secret}");
    }
}
