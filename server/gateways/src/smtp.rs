//! Hands mails to the agency's mail server over SMTP (RFC 5321), or puts them into a folder from which a mail system takes
//! them.
//!
//! A mail has the id of its row in its `Message-ID`. If a server dies after the mail server took a mail and before that was
//! noted, the mail goes out again as the same mail, which mailboxes recognise.

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use shared::sensitive::Sensitive;
use thiserror::Error;
use url::{Host, Url};
use uuid::Uuid;

/// A mail that is not on its way after so long is given up for now.
pub const TIME_OUT: Duration = Duration::from_secs(20);

/// Where mails go.
#[derive(Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// A mail server.
    Server(Sensitive<Url>),
    /// A folder, one file for each mail.
    Folder(PathBuf),
}

impl fmt::Debug for MailRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(_) => f.write_str("MailRoute::Server"),
            Self::Folder(folder) => write!(f, "MailRoute::Folder({})", folder.display()),
        }
    }
}

#[derive(Debug, Error, PartialEq, Eq)]
pub enum RouteError {
    #[error("is not an address as smtps://user:password@mail.agency.example, smtp://mail.agency.example:587 or file:folder")]
    Malformed,
    #[error("the mail server's certificates cannot be checked: {0}")]
    Tls(String),
}

impl MailRoute {
    /// Reads `smtps://...` (TLS from the first byte), `smtp://...` (TLS by STARTTLS, except on loopback) or `file:FOLDER`.
    /// The password, if any, is percent-encoded.
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        if let Some(folder) = text.strip_prefix("file:") {
            let is_empty = folder.trim().is_empty();
            return if is_empty { Err(RouteError::Malformed) } else { Ok(Self::Folder(folder.into())) };
        }
        let url = Url::parse(text).map_err(|_| RouteError::Malformed)?;
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let has_host = url.host_str().is_some_and(|host| !host.is_empty());
        let is_known = matches!(url.scheme(), "smtp" | "smtps");
        if is_bare && has_host && is_known { Ok(Self::Server(Sensitive::new(url))) } else { Err(RouteError::Malformed) }
    }
}

/// A mail, put into words.
#[derive(Debug)]
pub struct Letter {
    pub id: Uuid,
    pub to: Sensitive<String>,
    pub from_name: String,
    /// `en`
    pub language: &'static str,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Where a mail program sends a request to stop (RFC 8058).
    pub unsubscribe: Option<String>,
}

/// Why a mail was not taken. No variant holds an address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SendError {
    #[error("the recipient's address cannot be written into a mail")]
    Address,
    #[error("the mail cannot be put together")]
    Unwritable,
    #[error("the mail server refused it with code {0}")]
    Refused(u16),
    #[error("the mail server does not take it now (code {0})")]
    NotNow(u16),
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(&'static str),
    #[error("the mail folder cannot be written: {0}")]
    Folder(std::io::ErrorKind),
}

impl SendError {
    /// Whether it will never go better.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Address | Self::Unwritable | Self::Refused(_))
    }
}

/// Sends mails.
pub struct Mailer {
    way: Way,
    from: Address,
    time_out: Duration,
}

enum Way {
    Server(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Folder(PathBuf),
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailer")
    }
}

/// Whether a text can be a mail's sender.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

impl Mailer {
    /// Makes ready to send; connects with the first mail.
    ///
    /// # Errors
    /// [`RouteError`] if the machine has no certificates to trust, or `from` is no address.
    pub fn new(route: &MailRoute, from: &str) -> Result<Self, RouteError> {
        let from = from.parse().map_err(|_| RouteError::Malformed)?;
        let way = match route {
            MailRoute::Server(url) => Way::Server(Box::new(transport(url.expose())?)),
            MailRoute::Folder(folder) => Way::Folder(folder.clone()),
        };
        Ok(Self { way, from, time_out: TIME_OUT })
    }

    /// Whether mails can go out: connects and signs in, or makes the folder.
    pub async fn check(&self) -> Result<(), SendError> {
        match &self.way {
            Way::Server(transport) => match tokio::time::timeout(self.time_out, transport.test_connection()).await {
                Ok(Ok(true)) => Ok(()),
                Ok(Ok(false)) => Err(SendError::Unreachable("it does not answer")),
                Ok(Err(error)) => Err(reason(&error)),
                Err(_) => Err(SendError::Unreachable("it took too long")),
            },
            Way::Folder(folder) => {
                let probe = format!(".{}.part", Uuid::nil());
                write_into(folder, &probe, b"").await?;
                tokio::fs::remove_file(folder.join(probe)).await.map_err(|error| SendError::Folder(error.kind()))
            }
        }
    }

    /// Sends one mail.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let to: Address = letter.to.expose().parse().map_err(|_| SendError::Address)?;
        let envelope = Envelope::new(Some(self.from.clone()), vec![to.clone()]).map_err(|_| SendError::Address)?;
        let message = message(letter, self.from.clone(), to).map_err(|_| SendError::Unwritable)?.formatted();
        match &self.way {
            Way::Server(transport) => match tokio::time::timeout(self.time_out, transport.send_raw(&envelope, &message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(reason(&error)),
                Err(_) => Err(SendError::Unreachable("it took too long")),
            },
            Way::Folder(folder) => put(folder, letter.id, &message).await,
        }
    }
}

fn transport(url: &Url) -> Result<AsyncSmtpTransport<Tokio1Executor>, RouteError> {
    let host = url.host_str().ok_or(RouteError::Malformed)?.trim_matches(['[', ']']);
    let tls = || TlsParameters::new(host.to_owned()).map_err(|error| RouteError::Tls(error.to_string()));
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Wrapper(tls()?), 465),
        _ if is_loopback(url) => (Tls::None, 587),
        _ => (Tls::Required(tls()?), 587),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .timeout(Some(TIME_OUT))
        // A connection is for one mail. lettre keeps a pool by default and puts back into it what a time-out left in the middle
        // of a mail; the next one would read the answers that were meant for that.
        .pool_config(PoolConfig::new().max_size(0));
    if !url.username().is_empty() {
        let decoded = |text: &str| percent_decoded(text).ok_or(RouteError::Malformed);
        builder = builder.credentials(Credentials::new(decoded(url.username())?, decoded(url.password().unwrap_or(""))?));
    }
    Ok(builder.build())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    // A query's value, as forms write it, but without the meaning of `+`.
    let pair = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
}

fn message(letter: &Letter, from: Address, to: Address) -> Result<Message, lettre::error::Error> {
    let id = format!("<{}@{}>", letter.id, from.domain());
    let mut builder: MessageBuilder = Message::builder()
        .from(Mailbox::new(Some(letter.from_name.clone()), from))
        .to(Mailbox::new(None, to))
        .subject(letter.subject.clone())
        .message_id(Some(id))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", letter.language));
    if let Some(address) = &letter.unsubscribe {
        builder = builder
            .raw_header(header("List-Unsubscribe", &format!("<{address}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let part = |kind: ContentType, body: &str| {
        SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(body.to_owned())
    };
    let (plain, html) = (part(ContentType::TEXT_PLAIN, &letter.text), part(ContentType::TEXT_HTML, &letter.html));
    builder.multipart(MultiPart::alternative().singlepart(plain).singlepart(html))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// What a server says may hold the recipient's address: only its code goes on.
fn reason(error: &lettre::transport::smtp::Error) -> SendError {
    match error.status().map(u16::from) {
        // It did not let us in: that is nothing about this mail, and somebody will mend it.
        Some(code @ (530 | 534 | 535 | 538)) => SendError::NotNow(code),
        Some(code) if error.is_permanent() => SendError::Refused(code),
        Some(code) => SendError::NotNow(code),
        None if error.is_timeout() => SendError::Unreachable("it took too long"),
        None if error.is_tls() || is_about_certificates(error) => SendError::Unreachable("it does not prove who it is"),
        None if error.is_client() => SendError::Unreachable("it does not offer what is needed, encryption or a way to sign in"),
        None => SendError::Unreachable("no connection"),
    }
}

/// A handshake that fails arrives as a connection that fails, with such a cause.
fn is_about_certificates(error: &lettre::transport::smtp::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whole or not at all; a mail that is put there again takes the place of the first.
async fn put(folder: &Path, id: Uuid, bytes: &[u8]) -> Result<(), SendError> {
    let part = format!("{id}.part");
    write_into(folder, &part, bytes).await?;
    let renamed = tokio::fs::rename(folder.join(part), folder.join(format!("{id}.eml"))).await;
    renamed.map_err(|error| SendError::Folder(error.kind()))
}

async fn write_into(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), SendError> {
    let failed = |error: std::io::Error| SendError::Folder(error.kind());
    tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    tokio::fs::write(folder.join(name), bytes).await.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::notification::{FollowForm, FollowProblem};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{TcpListener, TcpStream};

    fn letter() -> Letter {
        Letter {
            id: Uuid::from_u128(7),
            to: Sensitive::new("ana@example.org".into()),
            from_name: "Oficina de Inmigración".into(),
            language: "es",
            subject: "Hay novedades de su caso".into(),
            text: "Hay novedades.\n".into(),
            html: "<p>Hay novedades.</p>".into(),
            unsubscribe: Some("https://status.agency.example/stop?link=abc".into()),
        }
    }

    #[test]
    fn routes_are_servers_or_folders() {
        for good in ["smtp://localhost:2525", "smtps://user:p%40ss@mail.agency.example", "file:data/mail", "smtp://[::1]:25/"] {
            assert!(MailRoute::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "mail.agency.example", "http://mail.agency.example", "smtp://", "smtp://host/path", "smtps://h?tls=no", "file:"]
        {
            assert_eq!(MailRoute::parse(bad), Err(RouteError::Malformed), "{bad}");
        }
        let secret = format!("{:?}", MailRoute::parse("smtps://user:hush@mail.agency.example").unwrap());
        assert!(!secret.contains("hush"), "{secret}");
        assert_eq!(percent_decoded("p%40s+s").as_deref(), Some("p@s+s"));
    }

    #[tokio::test]
    async fn a_folder_gets_each_mail_once() {
        let folder = tempfile::tempdir().unwrap();
        let route = MailRoute::Folder(folder.path().join("mail"));
        let mailer = Mailer::new(&route, "no-reply@agency.example").unwrap();
        mailer.send(&letter()).await.unwrap();
        mailer.send(&letter()).await.unwrap();
        mailer.check().await.unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path().join("mail")).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        let mail = std::fs::read_to_string(&files[0]).unwrap();
        for line in [
            "To: ana@example.org",
            "Message-ID: <00000000-0000-0000-0000-000000000007@agency.example>",
            "Subject: Hay novedades de su caso",
            "List-Unsubscribe: <https://status.agency.example/stop?link=abc>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Auto-Submitted: auto-generated",
            "Content-Language: es",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(mail.contains(&format!("{line}\r\n")), "{line} in {mail}");
        }
    }

    /// Serves one connection. The answer for the recipient `slow` comes with the next one; for `full` the mail is refused when
    /// it is there.
    async fn take_mails(stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let (mut in_data, mut is_full) = (false, false);
        write.write_all(b"220 ready\r\n").await?;
        let mut held = "";
        while let Some(line) = lines.next_line().await? {
            let answer = match line.get(..4).unwrap_or(&line) {
                "." => ["250 taken\r\n", "452 full\r\n"][usize::from(is_full)],
                _ if in_data => continue,
                "RCPT" if line.contains("slow") => {
                    held = "250 good\r\n";
                    continue;
                }
                "DATA" => "354 go on\r\n",
                _ => "250 good\r\n",
            };
            (in_data, is_full) = (line == "DATA", is_full || line.contains("full@"));
            write.write_all([std::mem::take(&mut held), answer].concat().as_bytes()).await?;
        }
        Ok(())
    }

    #[tokio::test]
    async fn answers_to_a_mail_that_took_too_long_are_not_taken_for_those_to_the_next_one() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let route = MailRoute::parse(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take_mails(stream));
            }
        });
        let mut mailer = Mailer::new(&route, "no-reply@agency.example").unwrap();
        let to = |name: &str| Letter { to: Sensitive::new(format!("{name}@example.org")), ..letter() };
        mailer.send(&letter()).await.unwrap();
        assert_eq!(mailer.send(&to("full")).await, Err(SendError::NotNow(452)));
        mailer.time_out = Duration::from_millis(100);
        assert_eq!(mailer.send(&to("slow")).await, Err(SendError::Unreachable("it took too long")));
        mailer.time_out = TIME_OUT;
        // What became of the connection is done by another task.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(mailer.send(&to("full")).await, Err(SendError::NotNow(452)), "it was not taken");
    }

    proptest! {
        /// A slip is told to who typed it; later nobody could be told.
        #[test]
        fn what_the_form_takes_can_be_written_to(
            email in "[a-z0-9.!#$%&'*+/=?^_`{|}~,;<> \"()-]{1,10}@[a-z0-9._-]{1,10}",
        ) {
            let form = FollowForm { email: email.clone(), ..FollowForm::default() };
            let today = chrono::NaiveDate::MIN;
            if form.parse(today).is_err_and(|problems| !problems.contains(&FollowProblem::EmailWrong)) {
                prop_assert!(is_address(email.trim()), "{}", email);
            }
        }
    }

    #[tokio::test]
    async fn nothing_is_sent_without_a_recipient_or_a_server() {
        let route = MailRoute::parse("smtp://127.0.0.1:1").unwrap();
        let mailer = Mailer::new(&route, "no-reply@agency.example").unwrap();
        let error = mailer.send(&letter()).await.unwrap_err();
        assert_eq!(error, SendError::Unreachable("no connection"));
        assert!(!error.is_final());
        assert_eq!(mailer.check().await, Err(error));
        let nobody = Letter { to: Sensitive::new("ana@example.org\r\nBcc: x@y.example".into()), ..letter() };
        assert_eq!(mailer.send(&nobody).await, Err(SendError::Address));
        assert!(Mailer::new(&route, "nobody").is_err());
    }
}
