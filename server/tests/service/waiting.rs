//! How many people have waited longer, on the page about one's own case.

use super::look_up::{NO_LIMITS, UNKNOWN, without_chance};
use super::running::{Browser, Engine, Installation, Server};
use reqwest::StatusCode;

/// A case of the demo that came in just now, where many wait longer; and one where nobody does.
const MANY_BEFORE: &str = "LIN9999106501";
const NOBODY_BEFORE: &str = "EAC9999103412";
/// One that the public must not see.
const HIDDEN: &str = "EAC9999200101";

/// The page about one's own case, after its number was looked up.
async fn your_case(server: &Server, locale: &str, number: &str) -> (String, String) {
    let mut browser = Browser::new();
    browser.look_up(server, locale, number).await;
    let path = if locale == "es" { "/es/processing-times/your-case" } else { "/processing-times/your-case" };
    let page = browser.get(server.url(path)).await;
    assert_eq!(page.status, StatusCode::OK);
    (without_chance(&page, number), page.body.replace("<strong>", "").replace("</strong>", ""))
}

#[tokio::test]
async fn a_person_reads_how_many_have_waited_longer_in_both_languages() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let mut seed = installation.command(&["seed", "demo", "--cases", "2000"]);
        assert!(seed.env("PORTICO_WAITING_THRESHOLD", "10").output().unwrap().status.success());
        let server = installation.serve(&NO_LIMITS);
        for (locale, says) in [
            ("en", "More than 10 people with the same form, category and office have waited longer than you."),
            (
                "es",
                "Más de 10 personas con el mismo formulario, la misma categoría y la misma oficina esperan desde antes que usted.",
            ),
        ] {
            let (_, many) = your_case(&server, locale, MANY_BEFORE).await;
            assert!(many.contains(says), "{many}");
            let (_, nobody) = your_case(&server, locale, NOBODY_BEFORE).await;
            assert!(!nobody.contains(says.split_once("10 ").unwrap().1), "{nobody}");
            let [(hidden, _), (unknown, _)] = [your_case(&server, locale, HIDDEN).await, your_case(&server, locale, UNKNOWN).await];
            assert_eq!(hidden, unknown);
        }
        // Nobody can try dates: where one is typed no number is told.
        let typed = Browser::new().get(server.url("/processing-times?form=I-90&year=2026&month=1&day=31")).await;
        assert!(typed.body.contains("usa-memorable-date") && !typed.body.contains("have waited longer"), "{}", typed.body);
    }
}

#[tokio::test]
async fn with_the_threshold_of_a_real_agency_the_small_demo_tells_no_number() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.succeed(&["seed", "demo", "--cases", "300"]);
    let server = installation.serve(&NO_LIMITS);
    let (_, page) = your_case(&server, "en", MANY_BEFORE).await;
    assert!(page.contains("How we worked this out") && !page.contains("have waited longer"), "{page}");
    let refused = installation.try_serve(&[("PORTICO_WAITING_THRESHOLD", "9")]).err().expect("refused");
    assert!(refused.contains("PORTICO_WAITING_THRESHOLD: must be at least 10"), "{refused}");
}
