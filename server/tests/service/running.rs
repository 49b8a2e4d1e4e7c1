//! A running `portico`: its process, its address, its log.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Response, StatusCode};

pub const PORTICO: &str = env!("CARGO_BIN_EXE_portico");

/// Settings, database and site of one test.
pub struct Installation {
    pub folder: tempfile::TempDir,
    pub database: String,
    /// Has a database of partner data.
    pub shares: bool,
    /// Deletes it in the end.
    #[expect(dead_code, reason = "held for its end")]
    on_server: Option<store::testing::PostgresDatabase>,
}

/// A server that ends with the test.
pub struct Server {
    process: Child,
    pub address: String,
    pub metrics: String,
    pub log: PathBuf,
}

#[derive(Clone, Copy)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Installation {
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let on_server = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(store::testing::new_postgres().await),
        };
        let in_folder = || format!("sqlite:{}", folder.path().join("portico.db").display());
        let database = on_server.as_ref().map_or_else(in_folder, |database| database.address.clone());
        // Pages name the site's files; these tests do not fetch them.
        let site = folder.path().join("site");
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        let bundle = |name| format!(r#""{name}":{{"boot":"/pkg/{name}-boot.0.js","css":"/pkg/{name}.0.css"}}"#);
        std::fs::write(site.join("manifest.json"), format!("{{{},{}}}", bundle("portal"), bundle("console"))).unwrap();
        std::fs::write(site.join("pkg/portal.0.css"), "body{}").unwrap();
        std::fs::write(site.join("service-worker.js"), "addEventListener('fetch', () => {});").unwrap();
        std::fs::write(site.join("robots.txt"), "User-agent: *\n").unwrap();
        Self { folder, database, shares: false, on_server }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the program, with this installation's settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PORTICO);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("PORTICO_DATABASE_URL", &self.database)
            .env("PORTICO_KEY_FILE", self.path("portico.keys"))
            .env("PORTICO_DOCUMENTS", self.path("documents"))
            .env("PORTICO_SITE", self.path("site"))
            .env("PORTICO_LISTEN", "127.0.0.1:0")
            .env("PORTICO_PARTNER_KEY_FILE", self.path("partner.keys"));
        if self.shares {
            command.env("PORTICO_PARTNER_DATABASE_URL", format!("sqlite:{}", self.path("partner.db").display()));
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and gives what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail, and gives what it said.
    pub fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Takes in lines of the case feed from standard input.
    pub fn import(&self, lines: &str) -> String {
        let mut command = self.command(&["import", "cases", "-"]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn serve(&self, settings: &[(&str, &str)]) -> Server {
        self.try_serve(settings).unwrap_or_else(|said| panic!("the server did not start: {said}"))
    }

    /// Starts a server; the error is what it said when it refused.
    pub fn try_serve(&self, settings: &[(&str, &str)]) -> Result<Server, String> {
        let log = self.path(&format!("serve-{}.log", store::crypto::hex(&store::random::bytes::<4>())));
        let mut command = self.command(&["serve"]);
        command.env("PORTICO_METRICS_LISTEN", "127.0.0.1:0").envs(settings.iter().copied());
        let stderr = std::fs::File::create(&log).unwrap();
        let mut process = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut metrics = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix("Metrics at ") {
                address.clone_into(&mut metrics);
            }
            if let Some(address) = line.strip_prefix("Portico serves ") {
                return Ok(Server { process, address: address.to_owned(), metrics, log });
            }
        }
        process.wait().unwrap();
        Err(std::fs::read_to_string(log).unwrap())
    }
}

impl Server {
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Tells the process to stop, and waits until it has.
    pub fn stop(mut self) -> std::process::ExitStatus {
        Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        self.process.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A client of plain requests. The crypto provider is chosen once a process, as the program does.
pub fn http() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        // The server closes what is silent for longer: a form that is sent at that very moment would be lost, and no client sends one twice.
        .pool_idle_timeout(Duration::from_secs(5))
}

/// A browser without scripts: keeps its cookie, follows redirects by hand.
pub struct Browser {
    pub client: Client,
    cookie: Option<String>,
}

/// What a browser got.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new() -> Self {
        let client = http().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { client, cookie: None }
    }

    async fn page(&mut self, response: Response) -> Page {
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(cookie) = headers.get(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        Page { status, headers, body: response.text().await.unwrap() }
    }

    pub async fn get(&mut self, url: String) -> Page {
        let mut request = self.client.get(url).header("accept", "text/html");
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let response = request.send().await.unwrap();
        self.page(response).await
    }

    pub async fn post(&mut self, url: String, headers: &[(&'static str, &str)], fields: &[(&str, &str)]) -> Page {
        let mut request = self.client.post(url).form(fields);
        if !headers.iter().any(|(name, _)| *name == "accept") {
            request = request.header("accept", "text/html");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let response = request.send().await.unwrap();
        self.page(response).await
    }

    /// A form on its way; the browser takes nothing from the answer.
    pub fn sending(
        &self,
        url: String,
        headers: &[(&'static str, &str)],
        fields: &[(&str, &str)],
    ) -> impl Future<Output = reqwest::Result<Response>> + Send + use<> {
        let mut request = self.client.post(url).form(fields).header("accept", "text/html");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        request.send()
    }

    /// Opens the page, sends the form, follows the redirect: as a person does. Gives the redirect and the page behind it.
    pub async fn look_up(&mut self, server: &Server, locale: &str, number: &str) -> [Page; 2] {
        let form = self.get(server.url(&page_in(locale))).await;
        let token = form.csrf_token();
        let fields = [("csrf", token.as_str()), ("locale", locale), ("receipt_number", number)];
        let sent = self.post(server.url("/_fn/case_status/find"), &[("sec-fetch-site", "same-origin")], &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let target = sent.headers[LOCATION].to_str().unwrap().to_owned();
        assert_eq!(target, page_in(locale));
        let answer = self.get(server.url(&target)).await;
        [sent, answer]
    }
}

fn page_in(locale: &str) -> String {
    if locale == "es" { "/es/case-status".into() } else { "/case-status".into() }
}

impl Page {
    pub fn csrf_token(&self) -> String {
        let (_, after) = self.body.split_once("name=\"csrf\"").expect("a csrf field");
        let (_, after) = after.split_once("value=\"").or_else(|| after.split_once("content=\"")).unwrap();
        after.split('"').next().unwrap().to_owned()
    }
}

/// One event of an I-765, ready for a feed.
pub fn line(event_id: &str, number: &str, code: &str, at: &str, more: &str) -> String {
    format!(
        r#"{{"event_id":"{event_id}","receipt_number":"{number}","form":"I-765","category":"C09","office":"NBC","applicant":{{"name":{{"family":"Quimbaya","given":"Xiomara"}},"birth_date":"1987-11-23","birth_country":"COL","a_number":"A987654321","email":"xiomara.q@example.org","telephone":"202-555-0147"}},"mailing_address":{{"street":"77 Invented Plaza","city":"Springfield","state":"VA","postal_code":"22150","country":"USA"}}{more},"action":{{"code":"{code}","at":"{at}"}}}}"#
    ) + "\n"
}

/// What must not show up anywhere but in the database's encrypted columns and its names.
pub const PERSON: [&str; 7] =
    ["Quimbaya", "Xiomara", "1987-11-23", "987654321", "xiomara.q@example.org", "555-0147", "Invented Plaza"];
