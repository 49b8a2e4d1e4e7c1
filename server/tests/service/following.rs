//! Following a case by e-mail, with a mail server that takes, refuses and stays silent as real ones do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::{LOCATION, SET_COOKIE};
use shared::case_feed::Email;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::sensitive::Sensitive;
use store::crypto::KeyRing;
use store::data_key::Keys;
use store::notification::NewFollower;
use store::{Clock, Store, case_feed, notification};
use uuid::Uuid;

use super::look_up::{HIDDEN, NO_LIMITS, SHOWN, SILENT, UNKNOWN, feed, without_chance};
use super::mailbox::{LONGEST_WAIT, Mail, Mailbox, until};
use super::running::{Browser, Engine, Installation, PERSON, Page, Server, http, line};
use super::tls::make_certificate;

const ADDRESS: &str = "ana@example.org";
/// A browser says so of its own forms.
const OWN: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];

/// What somebody types.
#[derive(Clone, Copy)]
struct Typed<'a> {
    number: &'a str,
    /// Month, day and year.
    born: [&'a str; 3],
    zip: &'a str,
    email: &'a str,
}

const RIGHT: Typed<'_> = Typed { number: SHOWN, born: ["11", "23", "1987"], zip: "", email: ADDRESS };

fn in_language(locale: &str, page: &str) -> String {
    if locale == "es" { format!("/es{page}") } else { page.to_owned() }
}

/// Opens the form and sends it.
async fn ask(browser: &mut Browser, server: &Server, locale: &str, typed: Typed<'_>) -> Page {
    let token = browser.get(server.url(&in_language(locale, "/follow"))).await.csrf_token();
    let Typed { number, born: [month, day, year], zip, email } = typed;
    let fields = [
        ("csrf", token.as_str()),
        ("locale", locale),
        ("receipt_number", number),
        ("month", month),
        ("day", day),
        ("year", year),
        ("zip", zip),
        ("email", email),
    ];
    browser.post(server.url("/_fn/notification/follow"), &OWN, &fields).await
}

/// Opens a link of a mail and presses the page's button. Gives where that leads to.
async fn press(server: &Server, locale: &str, link: &str, verb: &str) -> String {
    let mut browser = Browser::new();
    let page = browser.get(server.url(link)).await;
    assert_eq!(page.status, StatusCode::OK);
    let (csrf, (_, token)) = (page.csrf_token(), link.split_once("link=").unwrap());
    assert!(page.body.contains(&format!("name=\"link\" value=\"{token}\"")), "{}", page.body);
    let fields = [("csrf", csrf.as_str()), ("locale", locale), ("link", token)];
    let sent = browser.post(server.url(&format!("/_fn/notification/{verb}")), &OWN, &fields).await;
    target(&sent)
}

fn target(sent: &Page) -> String {
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    sent.headers[LOCATION].to_str().unwrap().to_owned()
}

fn done(locale: &str, outcome: &str) -> String {
    in_language(locale, &format!("/follow/done?outcome={outcome}"))
}

/// What is true of every mail.
fn check(mail: &Mail, locale: &str) {
    let headers = &mail.headers;
    assert_eq!((mail.to(), mail.envelope.from.as_str()), (ADDRESS, "no-reply@agency.example"));
    let id = mail.message_id().strip_prefix('<').unwrap().strip_suffix("@agency.example>").unwrap();
    assert_eq!(id.parse::<Uuid>().unwrap().get_version_num(), 7, "the id of its row");
    assert_eq!((headers["auto-submitted"].as_str(), headers["content-language"].as_str()), ("auto-generated", locale));
    assert!(mail.html.contains(&format!("<html lang=\"{locale}\">")), "{}", mail.html);
    for body in [&mail.text, &mail.html] {
        assert!(body.contains("3403") && !body.contains("03403"), "the last four digits and no more: {body}");
    }
    let all = [&mail.raw, &mail.text, &mail.html, &mail.subject].map(String::as_str).concat();
    for secret in PERSON {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[tokio::test]
async fn from_the_form_to_news_and_to_silence() {
    for (engine, locale) in [(Engine::Sqlite, "en"), (Engine::Postgres, "es")] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let mailbox = Mailbox::start(&installation);
        let server = installation.serve(&[("PORTICO_SMTP_URL", &mailbox.url)]);
        let mut browser = Browser::new();
        let sent = ask(&mut browser, &server, locale, RIGHT).await;
        assert_eq!(target(&sent), done(locale, "sent"));
        assert!(!sent.headers.contains_key(SET_COOKIE), "nothing is kept of it");
        assert_eq!(browser.get(server.url(&target(&sent))).await.status, StatusCode::OK);

        let first = mailbox.nth(1).await;
        check(&first, locale);
        assert!(first.subject.starts_with(if locale == "es" { "Confirme que" } else { "Confirm that" }), "{}", first.subject);
        assert!(!first.headers.contains_key("list-unsubscribe"), "there is nothing to stop yet");
        let confirm = first.link(&in_language(locale, "/follow/confirm"));
        // Mail programs open links to see whether they are safe.
        for _ in 0..2 {
            assert_eq!(Browser::new().get(server.url(&confirm)).await.status, StatusCode::OK);
        }
        installation.import(&line("e10", SHOWN, "DA", "2026-02-07T15:00:00Z", ""));
        assert!(!installation.succeed(&["outbox"]).contains("case_change"), "nobody follows yet");

        assert_eq!(press(&server, locale, &confirm, "confirm").await, done(locale, "following"));
        assert_eq!(press(&server, locale, &confirm, "confirm").await, done(locale, "over"));
        installation.import(&line("e11", SHOWN, "IAA", "2026-02-08T15:00:00Z", ""));
        let news = mailbox.nth(2).await;
        check(&news, locale);
        assert_ne!(news.message_id(), first.message_id());
        assert!(!news.text.contains("Received") && !news.text.contains("recibido"), "not what the news is: {}", news.text);
        assert_eq!(news.headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
        let stop = news.link(&in_language(locale, "/follow/stop"));
        let (_, token) = stop.split_once('?').unwrap();
        let one_click = in_language(locale, &format!("/follow/one-click-stop?{token}"));
        assert_eq!(news.headers["list-unsubscribe"], format!("<http://localhost:8080{one_click}>"));

        // Opened, it leads to the page and changes nothing.
        let opened = Browser::new().get(server.url(&one_click)).await;
        assert_eq!(target(&opened), stop);
        installation.import(&line("e12", SHOWN, "DA", "2026-02-09T15:00:00Z", ""));
        mailbox.nth(3).await;
        // A mail program's own button: no cookie, no page, nothing of Fetch Metadata.
        let post = async |path: &str| {
            let request = http().build().unwrap().post(server.url(path)).body("List-Unsubscribe=One-Click");
            request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
        };
        assert_eq!(post(&one_click.replace("link=", "link=x")).await.status(), StatusCode::NOT_FOUND);
        for _ in 0..2 {
            let stopped = post(&one_click).await;
            assert_eq!((stopped.status(), stopped.headers().get(SET_COOKIE)), (StatusCode::OK, None));
        }
        assert_eq!(press(&server, locale, &stop, "stop").await, done(locale, "stopped"));
        let garbage = in_language(locale, "/follow/stop?link=abc");
        assert_eq!(press(&server, locale, &garbage, "stop").await, done(locale, "broken"));
        installation.import(&line("e13", SHOWN, "IAA", "2026-02-10T15:00:00Z", ""));
        nothing_waits(&installation).await;
        assert_eq!(mailbox.count(), 3);
    }
}

/// Waits until all has been decided.
async fn nothing_waits(installation: &Installation) {
    let deadline = Instant::now() + LONGEST_WAIT;
    loop {
        let outbox = installation.succeed(&["outbox"]);
        if !outbox.contains(" waiting ") {
            return;
        }
        assert!(Instant::now() < deadline, "waited too long: {outbox}");
        // Between two looks only.
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[tokio::test]
async fn whatever_case_is_asked_for_the_answer_is_the_same_bytes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let mailbox = Mailbox::start(&installation);
        let settings = [("PORTICO_SMTP_URL", mailbox.url.as_str()), ("PORTICO_LIMIT_FOLLOW_REQUESTS_DAY", "100")];
        let server = installation.serve(&[&NO_LIMITS[..], &settings].concat());
        let wrong_day = Typed { born: ["11", "24", "1987"], ..RIGHT };
        let wrong_zip = Typed { born: [""; 3], zip: "22151", ..RIGHT };
        let of = |number| Typed { number, ..RIGHT };
        for locale in ["en", "es"] {
            let mut expected: Option<[String; 2]> = None;
            for typed in [RIGHT, wrong_day, wrong_zip, of(HIDDEN), of(SILENT), of(UNKNOWN)] {
                let mut browser = Browser::new();
                let sent = ask(&mut browser, &server, locale, typed).await;
                let page = browser.get(server.url(&target(&sent))).await;
                let plain = [sent, page].map(|page| without_chance(&page, typed.number));
                assert_eq!(&plain, expected.get_or_insert_with(|| plain.clone()), "{}", typed.number);
            }
        }
        nothing_waits(&installation).await;
        assert_eq!(mailbox.count(), 2, "one for each language, and for who knows the case");
    }
}

#[tokio::test]
async fn whatever_case_is_asked_for_it_counts_the_same() {
    let installation = Installation::new(Engine::Sqlite).await;
    let other = line("e9", "EAC9999903403", "IAA", "2026-01-07T15:00:00Z", "");
    installation.import(&(feed() + &other));
    let mailbox = Mailbox::start(&installation);
    let limits = [
        ("PORTICO_SMTP_URL", mailbox.url.as_str()),
        ("PORTICO_LIMIT_FOLLOW_REQUESTS_DAY", "2"),
        ("PORTICO_LIMIT_CLIENT_MINUTE", "1000"),
        ("PORTICO_LIMIT_MISSES_CLIENT_HOUR", "1"),
    ];
    let server = installation.serve(&limits);
    let wrong_day = Typed { number: "EAC9999903403", born: ["11", "24", "1987"], ..RIGHT };
    for typed in [RIGHT, wrong_day, Typed { number: HIDDEN, ..RIGHT }, Typed { number: UNKNOWN, ..RIGHT }] {
        let mut outcomes = Vec::new();
        for mailbox in 0..3 {
            let email = format!("{}.{mailbox}@example.org", typed.number);
            let sent = ask(&mut Browser::new(), &server, "en", Typed { email: &email, ..typed }).await;
            outcomes.push(target(&sent).split('&').next().unwrap().to_owned());
        }
        assert_eq!(outcomes, [done("en", "sent"), done("en", "sent"), done("en", "slow")], "{}", typed.number);
    }
    // One address, whichever cases.
    for (number, outcome) in [("EAC9999803403", "sent"), ("EAC9999713403", "sent"), ("EAC9999613403", "slow")] {
        let sent = ask(&mut Browser::new(), &server, "en", Typed { number, ..RIGHT }).await;
        let to = target(&sent);
        assert!(to.starts_with(&done("en", outcome)), "{number}: {to}");
        if outcome == "slow" {
            let page = Browser::new().get(server.url(&to)).await;
            assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(page.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
            assert!(to.contains(page.headers["retry-after"].to_str().unwrap()), "{to}");
        }
    }
    // None of it was a miss, and a case's status is there for who may have been told to wait here.
    let [_, answer] = Browser::new().look_up(&server, "en", SHOWN).await;
    assert!(answer.body.contains("Case Was Received"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_with_all_that_was_typed_until_it_is_mended() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let mailbox = Mailbox::start(&installation);
    let server = installation.serve(&[("PORTICO_SMTP_URL", &mailbox.url)]);
    let mut browser = Browser::new();
    let wrong = Typed { number: "EAC12", born: ["2", "30", "1990"], zip: "\"><b>1", email: "ana.example.org" };
    let sent = ask(&mut browser, &server, "es", wrong).await;
    assert_eq!(target(&sent), "/es/follow");
    let page = browser.get(server.url("/es/follow")).await;
    assert!(page.body.contains("<title>Error"), "{}", page.body);
    for kept in ["\"EAC12\"", "\"30\"", "\"1990\"", "\"ana.example.org\"", "\"&quot;&gt;&lt;b&gt;1\""] {
        assert!(page.body.contains(&format!("value={kept}")), "{kept} in {}", page.body);
    }
    assert!(!Browser::new().get(server.url("/es/follow")).await.body.contains("EAC12"), "nobody else sees it");
    let sent = ask(&mut browser, &server, "es", RIGHT).await;
    assert_eq!(target(&sent), done("es", "sent"));
    let page = browser.get(server.url("/es/follow")).await;
    assert!(!page.body.contains("EAC12") && !page.body.contains("<title>Error"), "{}", page.body);
}

#[tokio::test]
async fn nobody_can_be_found_in_logs_addresses_and_errors() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let mailbox = Mailbox::start(&installation);
        let server = installation.serve(&[("PORTICO_SMTP_URL", &mailbox.url), ("PORTICO_LOG", "trace")]);
        let mut headers = Vec::new();
        let mut see = |page: &Page| headers.push(format!("{:?}", page.headers));
        for typed in [RIGHT, Typed { number: HIDDEN, ..RIGHT }, Typed { email: "never+quimbaya@example.org", ..RIGHT }] {
            see(&ask(&mut Browser::new(), &server, "en", typed).await);
        }
        see(&ask(&mut Browser::new(), &server, "en", Typed { zip: "221500", email: "Xiomara", ..RIGHT }).await);
        let confirm = mailbox.nth(1).await.link("/follow/confirm");
        press(&server, "en", &confirm, "confirm").await;
        installation.import(&line("e10", SHOWN, "DA", "2026-02-07T15:00:00Z", ""));
        let stop = mailbox.nth(2).await.link("/follow/stop");
        press(&server, "en", &stop, "stop").await;
        nothing_waits(&installation).await;
        let mut said = headers.join("\n") + &installation.succeed(&["outbox"]);
        assert!(said.contains("refused it with code 550"), "{said}");
        said += &http().build().unwrap().get(&server.metrics).send().await.unwrap().text().await.unwrap();
        said += &server.log();
        assert!(said.contains("/_fn/notification/follow") && said.contains("a message was given up"));
        let tokens = [confirm, stop].map(|link| link.split_once("link=").unwrap().1.to_owned());
        let addresses = [ADDRESS, "never+quimbaya", "example.org"].map(str::to_owned);
        let numbers = [SHOWN, HIDDEN, "9999103403"].map(str::to_owned);
        for secret in PERSON.map(str::to_owned).iter().chain(&tokens).chain(&addresses).chain(&numbers) {
            let at = said.find(secret.as_str());
            assert_eq!(at, None, "{secret} in {}", &said[at.unwrap_or(0).saturating_sub(500)..][..600]);
        }
    }
}

#[tokio::test]
async fn what_is_refused_for_now_comes_later_and_what_is_refused_for_good_waits_for_an_operator() {
    let one = async |engine| {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let mailbox = Mailbox::start(&installation);
        let server = installation.serve(&[("PORTICO_SMTP_URL", &mailbox.url)]);
        for email in ["later@example.org", "never@example.org"] {
            ask(&mut Browser::new(), &server, "en", Typed { email, ..RIGHT }).await;
        }
        let shown = || installation.succeed(&["outbox"]);
        let in_state = |state: &str, code: &str| shown().lines().any(|line| line.contains(state) && line.contains(code));
        until("both to be tried", || in_state(" dead ", "code 550") && in_state(" waiting ", "code 451")).await;
        let overview = shown();
        let dead: Vec<&str> = overview.lines().filter(|line| line.contains("attempts: the mail server refused")).collect();
        let [dead] = dead.as_slice() else { panic!("{overview}") };
        let (id, problem) = dead.split_once(' ').unwrap();
        assert_eq!(problem.trim(), "follow_request  1 attempts: the mail server refused it with code 550");

        assert!(installation.succeed(&["outbox", "--retry", id]).contains("will be tried again"));
        let again = installation.fail(&["outbox", "--retry", &Uuid::nil().to_string()]);
        assert!(again.contains("Nothing with the id 00000000-0000-0000-0000-000000000000 was given up"), "{again}");
        assert!(installation.fail(&["outbox", "--retry", "seven"]).contains("give an id as `portico outbox` shows it"));
        assert!(installation.fail(&["outbox", "--retry", id, "--retry-all"]).contains("cannot be used with"));
        until("it to be given up again", || shown().contains(id)).await;
        assert_eq!(installation.succeed(&["outbox", "--retry-all"]), "Messages that will be tried again: 1.\n");
        until("it to be given up again", || shown().contains(id)).await;

        // A minute after the first try.
        let mail = mailbox.nth(1).await;
        assert_eq!(mail.to(), "later@example.org");
        nothing_waits(&installation).await;
    };
    tokio::join!(one(Engine::Sqlite), one(Engine::Postgres));
}

#[tokio::test]
async fn a_mail_that_gets_no_answer_is_tried_again_later_and_keeps_no_other_waiting() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    let mailbox = Mailbox::start(&installation);
    let server = installation.serve(&[("PORTICO_SMTP_URL", &mailbox.url)]);
    let took_too_long = || installation.succeed(&["outbox"]).contains("it took too long");
    for email in ["slow@example.org", "first@example.org"] {
        ask(&mut Browser::new(), &server, "en", Typed { email, ..RIGHT }).await;
    }
    // The older one is under way when the newer one is there.
    assert_eq!(mailbox.nth(1).await.to(), "first@example.org");
    ask(&mut Browser::new(), &server, "en", Typed { email: "second@example.org", ..RIGHT }).await;
    assert_eq!(mailbox.nth(2).await.to(), "second@example.org");
    assert!(!took_too_long(), "it waited for the one without an answer");
    until("that one to be given up for now", took_too_long).await;
}

/// Followers of the case that are there without having asked, told of a change in one go.
struct Crowd {
    installation: Installation,
    mailbox: Mailbox,
    ids: BTreeSet<String>,
}

impl Crowd {
    const SIZE: usize = 60;

    async fn gather(engine: Engine) -> Self {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let mailbox = Mailbox::start(&installation);
        let store = Store::open(&installation.database, None).await.unwrap();
        let (clock, file) = (Clock::system(), installation.path("portico.keys"));
        let ring = KeyRing::load(&file).unwrap().unwrap();
        let keys = Keys::open(&store, ring, Some(file), &clock).await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        let number = ReceiptNumber::parse(SHOWN).unwrap();
        let case = case_feed::case_id(&mut transaction, &number).await.unwrap().unwrap();
        let mut ids = BTreeSet::new();
        for follower in 0..Self::SIZE {
            let address = format!("reader.{follower}@example.org");
            let address = Sensitive::new(Email::parse(&address).unwrap());
            let new = NewFollower { id: clock.new_id(), case, address: &address, locale: Locale::En };
            notification::add(&mut transaction, &keys, &new, clock.now()).await.unwrap();
            ids.insert(address.expose().as_str().to_owned());
        }
        notification::watch(&mut transaction, case, b"something else").await.unwrap();
        transaction.commit().await.unwrap();
        store.close().await;
        installation.import(&line("e10", SHOWN, "DA", "2026-02-07T15:00:00Z", ""));
        Self { installation, mailbox, ids }
    }

    fn serve(&self) -> Server {
        self.installation.serve(&[("PORTICO_SMTP_URL", &self.mailbox.url)])
    }

    /// Waits until so many mails were taken, and no longer: the server is in the middle of the rest.
    fn wait_for(&self, mails: usize) {
        while self.mailbox.count() < mails {
            std::thread::yield_now();
        }
    }

    /// Waits until everybody has been told, and gives the mails: by their ids, as a mailbox that knows a mail again keeps them.
    async fn told(&self) -> (usize, BTreeMap<String, String>) {
        nothing_waits(&self.installation).await;
        let mails = self.mailbox.mails();
        let kept = mails.iter().map(|mail| (mail.message_id().to_owned(), mail.to().to_owned())).collect::<BTreeMap<_, _>>();
        let readers: BTreeSet<String> = kept.values().cloned().collect();
        assert_eq!(readers, self.ids, "nobody is left out");
        assert_eq!(kept.len(), Self::SIZE, "nobody has it twice");
        (mails.len(), kept)
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_sending_nobody_is_left_out_and_nobody_has_it_twice() {
    let one = async |engine| {
        let crowd = Crowd::gather(engine).await;
        for mails in [3, 20] {
            let server = crowd.serve();
            crowd.wait_for(mails);
            // Not told to stop: killed.
            drop(server);
            let taken = crowd.mailbox.count();
            assert!(taken < Crowd::SIZE, "it was not in the middle: {taken}");
        }
        let _server = crowd.serve();
        let (sent, _) = crowd.told().await;
        // What was taken and not noted yet goes out again, with the same id: as many as are sent side by side, at each kill.
        assert!(sent <= Crowd::SIZE + 2 * 16, "{sent}");
    };
    tokio::join!(one(Engine::Sqlite), one(Engine::Postgres));
}

#[tokio::test]
async fn told_to_stop_in_the_middle_of_sending_a_server_sends_nothing_twice() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let crowd = Crowd::gather(engine).await;
        let server = crowd.serve();
        crowd.wait_for(3);
        assert!(server.stop().success());
        assert!(crowd.mailbox.count() < Crowd::SIZE);
        let _server = crowd.serve();
        let (sent, _) = crowd.told().await;
        assert_eq!(sent, Crowd::SIZE);
    }
}

#[tokio::test]
async fn servers_that_share_a_database_send_each_mail_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let crowd = Crowd::gather(engine).await;
        let _servers = [crowd.serve(), crowd.serve(), crowd.serve()];
        let (sent, _) = crowd.told().await;
        assert_eq!(sent, Crowd::SIZE);
    }
}

#[tokio::test]
async fn a_mail_server_that_does_not_prove_who_it_is_gets_no_mail() {
    let installation = Installation::new(Engine::Sqlite).await;
    installation.import(&feed());
    make_certificate(&installation, "localhost");
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| installation.path(name).to_str().unwrap().to_owned());
    let arguments = ["--cert", &cert, "--key", &key, "--user", "porti co", "--password", "p@ss:w/rd"];
    let mailbox = Mailbox::start_with(&installation, &arguments);
    let address = mailbox.url.replace("smtps://", "");
    let url = format!("smtps://porti%20co:p%40ss%3Aw%2Frd@{address}");

    let server = installation.serve(&[("PORTICO_SMTP_URL", &url)]);
    ask(&mut Browser::new(), &server, "en", RIGHT).await;
    until("a try", || installation.succeed(&["outbox"]).contains("it does not prove who it is")).await;
    let refused = doctor(&installation, &url, &[]);
    assert!(refused.contains("bad   PORTICO_SMTP_URL: the mail server cannot be reached: it does not prove"), "{refused}");
    assert!(server.stop().success());
    assert_eq!(mailbox.count(), 0);

    let trusted = [("SSL_CERT_FILE", cert.as_str())];
    assert!(doctor(&installation, &url, &trusted).contains("ok    PORTICO_SMTP_URL: the mail server lets us in"));
    let wrong = url.replace("p%40ss", "p");
    let refused = doctor(&installation, &wrong, &trusted);
    assert!(refused.contains("bad   PORTICO_SMTP_URL") && refused.contains("535"), "{refused}");
    assert!(!refused.contains("w/rd") && !refused.contains("w%2Frd"), "{refused}");

    let server = installation.serve(&[("PORTICO_SMTP_URL", &url), trusted[0]]);
    ask(&mut Browser::new(), &server, "en", RIGHT).await;
    let mail = mailbox.nth(1).await;
    assert_eq!((mail.to(), mail.user.as_deref()), (ADDRESS, Some("porti co")));
}

fn doctor(installation: &Installation, url: &str, settings: &[(&str, &str)]) -> String {
    let mut command = installation.command(&["doctor"]);
    let output = command.env("PORTICO_SMTP_URL", url).envs(settings.iter().copied()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn the_doctor_says_what_is_wrong_with_the_mail_server() {
    let installation = Installation::new(Engine::Sqlite).await;
    let mailbox = Mailbox::start(&installation);
    assert!(doctor(&installation, &mailbox.url, &[]).contains("ok    PORTICO_SMTP_URL: the mail server lets us in"));
    let nobody = doctor(&installation, "smtp://127.0.0.1:1", &[]);
    assert!(nobody.contains("bad   PORTICO_SMTP_URL: the mail server cannot be reached: no connection"), "{nobody}");
    let with_user = mailbox.url.replace("smtp://", "smtp://somebody:hush@");
    let refused = doctor(&installation, &with_user, &[]);
    assert!(refused.contains("does not offer what is needed") && !refused.contains("hush"), "{refused}");
    let folder = installation.path("outgoing");
    let into = doctor(&installation, &format!("file:{}", folder.display()), &[]);
    assert!(into.contains(&format!("ok    PORTICO_SMTP_URL: mails are put into {}", folder.display())), "{into}");
    let no_folder = doctor(&installation, "file:/dev/null/mails", &[]);
    assert!(no_folder.contains("bad   PORTICO_SMTP_URL: the mail folder cannot be written"), "{no_folder}");
}

#[tokio::test]
async fn settings_for_mail_that_make_no_sense_are_refused() {
    let installation = Installation::new(Engine::Sqlite).await;
    for (name, value, says) in [
        ("PORTICO_SMTP_URL", "mail.agency.example", "PORTICO_SMTP_URL: is not an address as smtps://user:password@mail"),
        ("PORTICO_SMTP_URL", "https://portico:hush@mail.agency.example", "PORTICO_SMTP_URL: is not an address as smtps://"),
        ("PORTICO_MAIL_FROM", "nobody", "PORTICO_MAIL_FROM: \"nobody\" is not an e-mail address"),
        ("PORTICO_LIMIT_FOLLOW_REQUESTS_DAY", "0", "PORTICO_LIMIT_FOLLOW_REQUESTS_DAY"),
    ] {
        let said = installation.try_serve(&[(name, value)]).err().expect("refused");
        assert!(said.contains(says) && !said.contains("hush"), "{value}: {said}");
    }
}

#[tokio::test]
async fn without_a_mail_server_the_page_says_so_and_what_was_begun_waits() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        installation.import(&feed());
        let mailbox = Mailbox::start(&installation);
        let server = installation.serve(&[("PORTICO_SMTP_URL", &mailbox.url)]);
        let open = Browser::new().get(server.url("/follow")).await;
        assert!(open.body.contains("name=\"email\"") && open.body.contains("/follow\""));
        ask(&mut Browser::new(), &server, "en", RIGHT).await;
        let confirm = mailbox.nth(1).await.link("/follow/confirm");
        press(&server, "en", &confirm, "confirm").await;
        assert!(server.stop().success());

        let silent = installation.serve(&[]);
        for path in ["/follow", "/es/follow"] {
            let page = Browser::new().get(silent.url(path)).await;
            assert!(page.status == StatusCode::OK && !page.body.contains("name=\"email\""), "{}", page.body);
        }
        assert!(!Browser::new().get(silent.url("/")).await.body.contains("href=\"/follow\""));
        // A form that was open before is told so, too.
        let mut browser = Browser::new();
        let csrf = browser.get(silent.url("/case-status")).await.csrf_token();
        let fields = [("csrf", csrf.as_str()), ("locale", "en"), ("receipt_number", SHOWN), ("zip", "22150"), ("email", ADDRESS)];
        let sent = browser.post(silent.url("/_fn/notification/follow"), &OWN, &fields).await;
        assert_eq!(target(&sent), "/follow");
        installation.import(&line("e10", SHOWN, "DA", "2026-02-07T15:00:00Z", ""));
        let news = |outbox: &str| outbox.lines().any(|line| line.starts_with("follower_message") && line.contains(" waiting "));
        until("news to wait", || news(&installation.succeed(&["outbox"]))).await;
        assert!(installation.succeed(&["outbox"]).contains("PORTICO_SMTP_URL is not set"));
        assert!(silent.stop().success());

        let _server = installation.serve(&[("PORTICO_SMTP_URL", &mailbox.url)]);
        assert_eq!(mailbox.nth(2).await.to(), ADDRESS);
    }
}
