//! Every setting of Portico: one typed struct, filled from the environment. `docs/settings.md` is made from this file.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use app::console::site::PROVIDER_BACK;
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::answer::AnswerSettings;
use domain::case_status::limits::LimitSettings;
use domain::identity::IdentitySettings;
use gateways::clamd::ClamdAddress;
use gateways::ident::IdentAccess;
use gateways::object_storage::{BucketAccess, S3Endpoint, Storage, StorageAddress};
use gateways::oidc::{AcceptedAcr, Issuer, Oidc, OidcSettings, PivClaims, RoleRules};
use gateways::smtp::{MailRoute, Mailer};
use gateways::usps_drop::{HostKey, SftpAccess, UspsDrop};
use ipnet::IpNet;
use shared::answer::{CheckSettings, Rule};
use shared::sensitive::Sensitive;
use shared::service_request::RequestKind;
use store::crypto::PackageKey;
use store::crypto::hpke::RecipientKey;
use thiserror::Error;

/// A setting that cannot be used.
#[derive(Debug, Error)]
#[error("{name}: {problem}")]
pub struct SettingError {
    pub name: &'static str,
    pub problem: String,
}

/// What one setting is, for `docs/settings.md`.
pub struct SettingGuide {
    pub name: &'static str,
    pub default: &'static str,
    pub guide: &'static str,
}

macro_rules! settings {
    ($( #[doc = $guide:literal] $field:ident: $kind:ty = $name:literal, $default:literal; )+) => {
        /// The settings, parsed.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $( #[doc = $guide] pub $field: $kind, )+
        }

        /// Every setting, in the order of the struct.
        pub const GUIDES: &[SettingGuide] = &[
            $( SettingGuide { name: $name, default: $default, guide: $guide }, )+
        ];

        /// The error of a setting for which something does not hold.
fn required(holds: bool, name: &'static str, problem: &str) -> Option<SettingError> {
    (!holds).then(|| SettingError { name, problem: problem.to_owned() })
}

impl Settings {
            /// Reads the settings from variables; what is not set has its default.
            pub fn read(variables: &BTreeMap<String, String>) -> Result<Self, SettingError> {
                Ok(Self {
                    $( $field: {
                        let text = variables.get($name).map_or($default, String::as_str);
                        <$kind as Setting>::parse(text).map_err(|problem| SettingError { name: $name, problem })?
                    }, )+
                })
            }
        }
    };
}

settings! {
    /// Address and port to listen on. Port 0 takes a free one and prints it.
    listen: SocketAddr = "PORTICO_LISTEN", "127.0.0.1:8080";
    /// The address people use. It alone makes links, origins and cookies; with `https` cookies are `Secure`.
    public_url: PublicUrl = "PORTICO_PUBLIC_URL", "http://localhost:8080";
    /// The database: `sqlite:PATH` or `postgres://...`. A PostgreSQL on another machine needs `?sslmode=verify-full`.
    database_url: String = "PORTICO_DATABASE_URL", "sqlite:data/portico.db";
    /// A replica that look-ups may read from. Protection markers are always read from the database itself.
    read_database_url: Option<String> = "PORTICO_READ_DATABASE_URL", "";
    /// The file with the keys that wrap all others. Made at the first start, with mode 0600. Keep a copy elsewhere.
    key_file: PathBuf = "PORTICO_KEY_FILE", "data/portico.keys";
    /// The database of partner data, apart from everything else: another file, or another PostgreSQL database with a role of its own that may open no other, and that no other may open. Only the console and `portico work` open it. Empty: nothing is shared with partner countries, and no page of it is there.
    partner_database_url: Option<String> = "PORTICO_PARTNER_DATABASE_URL", "";
    /// The file with the keys of the partner data. Made at the first start, with mode 0600. Keep a copy elsewhere, apart from the other key file.
    partner_key_file: PathBuf = "PORTICO_PARTNER_KEY_FILE", "data/portico-partner.keys";
    /// Where what shows that nobody changed the logs is written, outside of the database: a folder on another disk, best one whose files are copied away at once. See `portico audit`. Empty: a change by who has the database's password is not found.
    checkpoints: Option<PathBuf> = "PORTICO_CHECKPOINTS", "";
    /// The file with the key that signs it. Made at the first start, with mode 0600. Keep a copy elsewhere.
    checkpoint_key: PathBuf = "PORTICO_CHECKPOINT_KEY", "data/portico-checkpoint.key";
    /// Where IDENT is, through which partner countries are asked: `https://ident.agency.example`. Empty: queries wait.
    ident_url: Option<HttpsUrl> = "PORTICO_IDENT_URL", "";
    /// Where the Central Index System is, which says who is protected. Needed with IDENT.
    cis_url: Option<HttpsUrl> = "PORTICO_CIS_URL", "";
    /// The authority that signed the certificates of both (PEM). No other is trusted.
    ident_ca: Option<PathBuf> = "PORTICO_IDENT_CA", "";
    /// The certificate with which Portico shows them who it is (PEM).
    ident_cert: Option<PathBuf> = "PORTICO_IDENT_CERT", "";
    /// Its private key (PEM).
    ident_key: Option<PathBuf> = "PORTICO_IDENT_KEY", "";
    /// The file with the private key that signs packages for partner countries (Ed25519, PEM), with mode 0600: `openssl genpkey -algorithm ed25519`. Keep a copy elsewhere.
    package_key: Option<PathBuf> = "PORTICO_PACKAGE_KEY", "";
    /// The file with OBIM's public key, for which they are sealed (P-256, PEM). Empty: no package is made.
    obim_key: Option<PathBuf> = "PORTICO_OBIM_KEY", "";
    /// Certificate chain (PEM). Read again when it changes. Without it, Portico speaks plain HTTP: on loopback, or behind a trusted proxy.
    tls_cert: Option<PathBuf> = "PORTICO_TLS_CERT", "";
    /// Private key of the certificate (PEM).
    tls_key: Option<PathBuf> = "PORTICO_TLS_KEY", "";
    /// Networks of proxies whose `X-Forwarded-For` is believed, with commas between: `10.0.0.0/8,192.0.2.7/32`.
    trusted_proxies: List<IpNet> = "PORTICO_TRUSTED_PROXIES", "";
    /// What this server offers: `portal`, `console` (for officers), `api`. What is not named is not there.
    surfaces: List<Surface> = "PORTICO_SURFACES", "portal,console,api";
    /// Surfaces that are closed for now: they answer 503, people with a plain page and machines with JSON.
    closed_surfaces: List<Surface> = "PORTICO_CLOSED_SURFACES", "";
    /// A banner on every page, in English. Set both languages or none.
    outage_en: Option<String> = "PORTICO_OUTAGE_EN", "";
    /// The same banner in Spanish.
    outage_es: Option<String> = "PORTICO_OUTAGE_ES", "";
    /// The agency's time zone, in which instants become days.
    time_zone: Tz = "PORTICO_TIME_ZONE", "America/New_York";
    /// Address and port for metrics (Prometheus text at `/metrics`), apart from the public one. Empty: none.
    metrics_listen: Option<SocketAddr> = "PORTICO_METRICS_LISTEN", "";
    /// What is logged, as a tracing filter.
    log: String = "PORTICO_LOG", "info";
    /// The folder of the built site (styles, browser client).
    site: PathBuf = "PORTICO_SITE", "target/site";
    /// The agency's name in English.
    agency_name_en: String = "PORTICO_AGENCY_NAME_EN", "Office of Immigration Benefits";
    /// The agency's name in Spanish.
    agency_name_es: String = "PORTICO_AGENCY_NAME_ES", "Oficina de Beneficios de Inmigración";
    /// The telephone number people can call.
    telephone: String = "PORTICO_TELEPHONE", "1-800-555-0199";
    /// The TTY number. Empty: none.
    tty: Option<String> = "PORTICO_TTY", "1-800-555-0198";
    /// Where people write about accessibility. Empty: nowhere.
    email: Option<String> = "PORTICO_EMAIL", "help@agency.example";
    /// The system of records notices that the Privacy Act statement names, with commas between.
    records_notices: List<String> = "PORTICO_RECORDS_NOTICES", "DHS/USCIS-007,DHS/USCIS/ICE/CBP-001";
    /// The postal address to which people write to see or correct their records, with semicolons between its lines.
    records_center: PostalAddress = "PORTICO_RECORDS_CENTER", "National Records Center; P.O. Box 648010; Lee's Summit, MO 64064-8010";
    /// Where mails go: `smtps://user:password@host`, `smtp://host:587` (with STARTTLS, except on loopback), or `file:FOLDER` for a mail system that takes them from there. The password is percent-encoded. Empty: nobody can follow a case by e-mail.
    smtp_url: Option<MailRoute> = "PORTICO_SMTP_URL", "";
    /// The address that mails come from.
    mail_from: MailAddress = "PORTICO_MAIL_FROM", "no-reply@agency.example";
    /// The folder for letters to be printed: a PDF and a manifest for each, for a print shop that empties it. Empty: letters wait.
    letters: Option<PathBuf> = "PORTICO_LETTERS", "";
    /// Lines under the agency's name on letters: its address for returned mail, with semicolons between the lines. Empty: none.
    letterhead: Option<PostalAddress> = "PORTICO_LETTERHEAD", "";
    /// What the check of an answer only warns of, with commas between: `written`, `filled_in`, `issues`, `repetition`, `repeated_sentence`, `other_people`, `next_step`, `reading_grade`, `language`. Whatever else it finds keeps the answer from going out.
    answer_warnings: List<Rule> = "PORTICO_ANSWER_WARNINGS", "repeated_sentence,reading_grade";
    /// The highest school year that the text of an answer may take: 4 to 16.
    answer_grade: u8 = "PORTICO_ANSWER_GRADE", "9";
    /// Kinds of requests whose answers a second person releases, with commas between, as `expedite,accommodation`. Empty: none.
    answer_review: List<RequestKind> = "PORTICO_ANSWER_REVIEW", "";
    /// Where documents that people send are kept, encrypted: a folder, made at the first start with mode 0700, or `s3://bucket/prefix`. Several servers need one that all of them reach.
    documents: StorageAddress = "PORTICO_DOCUMENTS", "data/documents";
    /// The server of a bucket that is not Amazon's: `https://s3.agency.example`. Plain HTTP is spoken to this machine only.
    s3_endpoint: Option<S3Endpoint> = "PORTICO_S3_ENDPOINT", "";
    /// The bucket's region. Empty: `AWS_REGION`, or us-east-1.
    s3_region: Option<String> = "PORTICO_S3_REGION", "";
    /// The id of the key that opens the bucket. Empty: what Amazon's own tools use (`AWS_ACCESS_KEY_ID` and others, or the machine's role).
    s3_access_key_id: Option<String> = "PORTICO_S3_ACCESS_KEY_ID", "";
    /// The secret that belongs to it.
    s3_secret_access_key: Option<Sensitive<String>> = "PORTICO_S3_SECRET_ACCESS_KEY", "";
    /// ClamAV's daemon, which looks at each document before it is taken: `unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`. While it does not answer, no document is taken. Empty: documents are taken, and marked as not scanned.
    clamd: Option<ClamdAddress> = "PORTICO_CLAMD", "";
    /// What officers agree to before they sign in to the console (NIST SP 800-53, AC-8), with semicolons between its paragraphs. An agency sets the text that its counsel approved.
    use_notice: UseNotice = "PORTICO_USE_NOTICE", "You are about to enter an information system of a government agency, which is for authorized use only.; What you do here may be monitored, recorded and audited.; Unauthorized use is prohibited, and may be punished under criminal and civil law.; By going on you agree to this.";
    /// The contact in `/.well-known/security.txt`: a `mailto:` or `https:` address.
    security_contact: String = "PORTICO_SECURITY_CONTACT", "mailto:security@agency.example";
    /// Days that lines which could not be taken in are kept, encrypted.
    quarantine_days: NonZeroU32 = "PORTICO_QUARANTINE_DAYS", "30";
    /// Years after the last that happened with it for which what people asked about a case is kept (N1-566-08-09): cases, requests, answers, documents, scans, followers, reports of new addresses. The period is not published: an agency sets its own. Empty: nothing of it is ever due.
    retention_cris_years: Option<NonZeroU32> = "PORTICO_RETENTION_CRIS_YEARS", "";
    /// Where the carrier's extract files arrive: a folder, or `sftp://user@host/path`. Nothing is written there. Empty: nowhere.
    usps_drop: Option<UspsDrop> = "PORTICO_USPS_DROP", "";
    /// The private key that opens an `sftp://` drop, without a passphrase and with mode 0600.
    usps_key_file: Option<PathBuf> = "PORTICO_USPS_KEY_FILE", "";
    /// The fingerprint of that server's key, as `ssh-keygen -lf` prints it: `SHA256:...`. A server with another one is refused.
    usps_host_key: Option<HostKey> = "PORTICO_USPS_HOST_KEY", "";
    /// Hours without an extract after which `/health/ready` and `portico doctor` say so.
    usps_quiet_hours: NonZeroU32 = "PORTICO_USPS_QUIET_HOURS", "36";
    /// The agency's identity provider (OpenID Connect), as it names itself: `https://sign-in.agency.example`. Plain HTTP is spoken to this machine only. Empty: officers sign in with accounts of Portico's own alone.
    oidc_issuer: Option<Issuer> = "PORTICO_OIDC_ISSUER", "";
    /// The name under which Portico is registered there, with the address `PORTICO_PUBLIC_URL` + `/console/sign-in/oidc/back`.
    oidc_client_id: String = "PORTICO_OIDC_CLIENT_ID", "portico";
    /// The secret that belongs to it. Empty, and no file: Portico is registered as a public client, which PKCE protects.
    oidc_client_secret: Option<Sensitive<String>> = "PORTICO_OIDC_CLIENT_SECRET", "";
    /// A file with that secret, in place of the secret itself.
    oidc_client_secret_file: Option<PathBuf> = "PORTICO_OIDC_CLIENT_SECRET_FILE", "";
    /// The scopes that are asked for, with commas between. For PIV cards login.gov wants `x509:subject`, `x509:issuer` and `x509:presented` as well.
    oidc_scopes: List<String> = "PORTICO_OIDC_SCOPES", "openid,profile";
    /// The ways of signing in (`acr`) that are good enough, the best first, with commas between. The provider is asked for them, and whoever signed in another way stays out. `any` takes what the provider does without a look. With a provider it must be set.
    oidc_acr: Option<AcceptedAcr> = "PORTICO_OIDC_ACR", "";
    /// Minutes ago that somebody may have shown the provider who they are (`auth_time`). Before that they show it again.
    oidc_max_age_minutes: NonZeroU32 = "PORTICO_OIDC_MAX_AGE_MINUTES", "60";
    /// The claim that says what somebody is, in the ID token or at the provider's userinfo endpoint: a name, or a JSON pointer as `/realm_access/roles`.
    oidc_role_claim: String = "PORTICO_OIDC_ROLE_CLAIM", "roles";
    /// What the claim's values mean, with semicolons between: `portico-iio-{office}=iio@{office};Portico Audit=auditor@HQ`. With a provider it must be set.
    oidc_roles: RoleRules = "PORTICO_OIDC_ROLES", "";
    /// The claims about a PIV card: the subject and the issuer of its certificate, and whether it was shown.
    oidc_piv_claims: PivClaims = "PORTICO_OIDC_PIV_CLAIMS", "x509_subject,x509_issuer,x509_presented";
    /// How many people must wait longer than somebody before the page about their case says how many: at least 10. Numbers are rounded down to a multiple of it, large ones to two digits. A higher one takes effect within ten minutes, a lower one on the next day.
    waiting_threshold: NonZeroU32 = "PORTICO_WAITING_THRESHOLD", "100";
    /// Numbers from 1 to below it are not in the public service report, and how many requests are open is rounded down to a multiple of it: at least 5. Months that are published stay as they are.
    report_threshold: NonZeroU32 = "PORTICO_REPORT_THRESHOLD", "10";
    /// Requests of one client in a minute, of any kind.
    requests_per_minute: NonZeroU32 = "PORTICO_LIMIT_REQUESTS_PER_MINUTE", "300";
    /// Requests of one address in a minute to the console: a whole office may stand behind one address.
    console_requests_per_minute: NonZeroU32 = "PORTICO_LIMIT_CONSOLE_REQUESTS_PER_MINUTE", "6000";
    /// Requests of one address in a minute to the JSON surfaces, where an API client's own limits hold as well.
    api_requests_per_minute: NonZeroU32 = "PORTICO_LIMIT_API_REQUESTS_PER_MINUTE", "6000";
    /// Case look-ups of one client (IPv4 address, IPv6 /64) in a minute.
    per_client_minute: NonZeroU32 = "PORTICO_LIMIT_CLIENT_MINUTE", "10";
    /// Case look-ups of one client in an hour.
    per_client_hour: NonZeroU32 = "PORTICO_LIMIT_CLIENT_HOUR", "60";
    /// Case look-ups of one network (IPv4 /24, IPv6 /48) in an hour.
    per_network_hour: NonZeroU32 = "PORTICO_LIMIT_NETWORK_HOUR", "600";
    /// Look-ups of one client in an hour that found nothing.
    misses_per_client_hour: NonZeroU32 = "PORTICO_LIMIT_MISSES_CLIENT_HOUR", "20";
    /// Look-ups of one API client in an hour that found nothing.
    misses_per_machine_hour: NonZeroU32 = "PORTICO_LIMIT_MISSES_MACHINE_HOUR", "200";
    /// Look-ups of one receipt number in a day that found nothing, from anywhere.
    misses_per_number_day: NonZeroU32 = "PORTICO_LIMIT_MISSES_NUMBER_DAY", "30";
    /// Different receipt numbers close to one another that one client may look up in an hour.
    neighbours_per_client_hour: NonZeroU32 = "PORTICO_LIMIT_NEIGHBOURS_HOUR", "6";
    /// How far apart two receipt numbers are still close.
    neighbour_distance: NonZeroU32 = "PORTICO_LIMIT_NEIGHBOUR_DISTANCE", "200";
    /// Requests in a day to follow one case, and to follow any case with one e-mail address.
    follow_requests_per_day: NonZeroU32 = "PORTICO_LIMIT_FOLLOW_REQUESTS_DAY", "10";
    /// Cases that one e-mail address may follow.
    followed_cases_per_address: NonZeroU32 = "PORTICO_LIMIT_FOLLOWED_CASES", "20";
    /// Times in a day that what people type of one case, to show that it is theirs, may not agree with its record.
    proof_failures_per_day: NonZeroU32 = "PORTICO_LIMIT_PROOF_FAILURES_DAY", "10";
    /// Failures to sign in with one name, within the minutes below, after which it is locked. Names that nobody has are locked, too.
    sign_in_failures: NonZeroU32 = "PORTICO_SIGN_IN_FAILURES", "3";
    /// Minutes in which failures to sign in are counted together.
    sign_in_failure_minutes: NonZeroU32 = "PORTICO_SIGN_IN_FAILURE_MINUTES", "15";
    /// Minutes for which a name is locked, unless an administrator unlocks it.
    sign_in_lock_minutes: NonZeroU32 = "PORTICO_SIGN_IN_LOCK_MINUTES", "180";
    /// Days after an e-Request until the same may be asked again about the case.
    request_again_days: NonZeroU32 = "PORTICO_REQUEST_AGAIN_DAYS", "30";
}

/// Whether two addresses of databases lead to one, as far as can be seen from them.
fn is_same_database(one: &str, other: &str) -> bool {
    let place = |address: &str| {
        let (place, _) = address.split_once('?').unwrap_or((address, ""));
        place.strip_prefix("sqlite:").map_or_else(
            || place.split_once('@').map_or(place, |(_, place)| place).to_owned(),
            |path| path.trim_start_matches("//").trim_start_matches("./").to_owned(),
        )
    };
    place(one) == place(other)
}

/// The role of a PostgreSQL address. Without one libpq takes the name of the user who runs the program.
fn role(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok().filter(|url| url.scheme().starts_with("postgres"))?;
    let of_query = url.query_pairs().find(|(name, _)| name == "user").map(|(_, role)| role.into_owned());
    Some(of_query.unwrap_or_else(|| url.username().to_owned()))
}

const NO_ACR: &str = "name the ways of signing in at the provider that are good enough (acr), or any";

/// A part of Portico that can be offered or closed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Portal,
    Console,
    Api,
}

/// `scheme://host[:port]`, nothing after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    host: String,
    pub is_https: bool,
}

impl PublicUrl {
    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn is_loopback(&self) -> bool {
        let host = self.host.trim_matches(['[', ']']);
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// An address that is spoken to over TLS alone, on this machine too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsUrl(pub url::Url);

/// An address that mails can come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress(pub String);

/// The lines of an address, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalAddress(pub Vec<String>);

/// Paragraphs, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseNotice(pub Vec<String>);

/// Values with commas between them.
#[derive(Debug, Clone)]
pub struct List<T>(pub Vec<T>);

trait Setting: Sized {
    fn parse(text: &str) -> Result<Self, String>;
}

macro_rules! by_from_str {
    ($($kind:ty, $what:literal;)+) => { $(
        impl Setting for $kind {
            fn parse(text: &str) -> Result<Self, String> {
                <$kind>::from_str(text).map_err(|_| format!("\"{text}\" is not {}", $what))
            }
        }
    )+ };
}

by_from_str! {
    SocketAddr, "an address and port, as 127.0.0.1:8080";
    Tz, "a time zone, as America/New_York";
    u8, "a small number";
    IpNet, "a network, as 10.0.0.0/8";
    NonZeroU32, "a whole number above 0";
}

impl Setting for String {
    fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() { Err("must not be empty".into()) } else { Ok(text.to_owned()) }
    }
}

impl Setting for PathBuf {
    fn parse(text: &str) -> Result<Self, String> {
        String::parse(text).map(Self::from)
    }
}

impl<T: Setting> Setting for Option<T> {
    fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() { Ok(None) } else { T::parse(text).map(Some) }
    }
}

impl<T: Setting> Setting for List<T> {
    fn parse(text: &str) -> Result<Self, String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(T::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Setting for HttpsUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let url = url::Url::parse(text).ok().filter(|url| url.scheme() == "https" && url.query().is_none());
        url.map(Self).ok_or_else(|| format!("\"{text}\" is not an address as https://ident.agency.example"))
    }
}

impl Setting for MailRoute {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for MailAddress {
    fn parse(text: &str) -> Result<Self, String> {
        if gateways::smtp::is_address(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("\"{text}\" is not an e-mail address"))
        }
    }
}

/// A secret: it is not repeated when it cannot be read.
impl Setting for Sensitive<String> {
    fn parse(text: &str) -> Result<Self, String> {
        String::parse(text).map(Self::new)
    }
}

impl Setting for StorageAddress {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for S3Endpoint {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for ClamdAddress {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for Issuer {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for AcceptedAcr {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(String::from)
    }
}

impl Setting for RoleRules {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for PivClaims {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(String::from)
    }
}

impl Setting for PostalAddress {
    fn parse(text: &str) -> Result<Self, String> {
        let lines: Vec<_> = text.split(';').map(str::trim).filter(|line| !line.is_empty()).map(String::from).collect();
        if lines.is_empty() { Err("must not be empty".into()) } else { Ok(Self(lines)) }
    }
}

impl Setting for Rule {
    fn parse(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::key).join(", ");
        Self::from_key(text).ok_or_else(|| format!("\"{text}\" is none of {}", known()))
    }
}

impl Setting for RequestKind {
    fn parse(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::key).join(", ");
        Self::from_key(text).ok_or_else(|| format!("\"{text}\" is none of {}", known()))
    }
}

impl Setting for UseNotice {
    fn parse(text: &str) -> Result<Self, String> {
        PostalAddress::parse(text).map(|PostalAddress(paragraphs)| Self(paragraphs))
    }
}

impl Setting for UspsDrop {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for HostKey {
    fn parse(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }
}

impl Setting for Surface {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "portal" => Ok(Self::Portal),
            "console" => Ok(Self::Console),
            "api" => Ok(Self::Api),
            _ => Err(format!("\"{text}\" is none of portal, console, api")),
        }
    }
}

impl Setting for PublicUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is not an address as https://status.agency.example");
        let uri: http::Uri = text.trim_end_matches('/').parse().map_err(|_| wrong())?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let authority = uri.authority().filter(|_| matches!(uri.path(), "" | "/") && uri.query().is_none()).ok_or_else(wrong)?;
        let scheme = if is_https { "https" } else { "http" };
        Ok(Self { origin: format!("{scheme}://{authority}"), host: authority.host().to_owned(), is_https })
    }
}

impl Settings {
    /// The settings of this process.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn from_environment() -> Result<Self, SettingError> {
        Self::read(&std::env::vars().filter(|(name, _)| name.starts_with("PORTICO_")).collect())
    }

    /// Variables that look like settings and are none: most likely misspelt.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn unknown_variables() -> Vec<String> {
        let known = |name: &str| GUIDES.iter().any(|guide| guide.name == name) || name.starts_with("PORTICO_TEST_");
        std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("PORTICO_") && !known(name)).collect()
    }

    /// On loopback nobody else can connect: the public address and the listener are both there, and no proxy is trusted.
    pub fn is_loopback(&self) -> bool {
        self.public_url.is_loopback() && self.listen.ip().is_loopback() && self.trusted_proxies.0.is_empty()
    }

    /// What sends mails; none if no way is set.
    pub fn mailer(&self) -> Result<Option<Mailer>, SettingError> {
        let mailer = self.smtp_url.as_ref().map(|route| Mailer::new(route, &self.mail_from.0)).transpose();
        mailer.map_err(|error| SettingError { name: "PORTICO_SMTP_URL", problem: error.to_string() })
    }

    /// The agency's identity provider; none if none is set. Nothing is asked of it yet.
    pub fn oidc(&self) -> Result<Option<Oidc>, SettingError> {
        let wrong = |name: &'static str, problem: String| SettingError { name, problem };
        let Some(issuer) = self.oidc_issuer.clone() else { return Ok(None) };
        let missing = || wrong("PORTICO_OIDC_ACR", NO_ACR.into());
        let redirect = format!("{}{PROVIDER_BACK}", self.public_url.origin());
        let settings = OidcSettings {
            issuer,
            client_id: self.oidc_client_id.clone(),
            client_secret: self.oidc_secret()?,
            redirect: redirect.parse().map_err(|_| wrong("PORTICO_PUBLIC_URL", "is no address to come back to".into()))?,
            scopes: self.oidc_scopes.0.clone(),
            acr: self.oidc_acr.clone().ok_or_else(missing)?,
            max_age: TimeDelta::minutes(self.oidc_max_age_minutes.get().into()),
            role_claim: self.oidc_role_claim.clone(),
            roles: self.oidc_roles.clone(),
            piv: self.oidc_piv_claims.clone(),
        };
        Oidc::new(settings).map(Some).map_err(|error| wrong("PORTICO_OIDC_ISSUER", format!("the identity provider {error}")))
    }

    fn oidc_secret(&self) -> Result<Option<Sensitive<String>>, SettingError> {
        let Some(file) = &self.oidc_client_secret_file else { return Ok(self.oidc_client_secret.clone()) };
        let wrong = |problem: String| SettingError { name: "PORTICO_OIDC_CLIENT_SECRET_FILE", problem };
        let secret = std::fs::read_to_string(file).map_err(|error| wrong(format!("{} cannot be read: {error}", file.display())))?;
        match secret.trim() {
            "" => Err(wrong(format!("{} is empty", file.display()))),
            secret => Ok(Some(Sensitive::new(secret.to_owned()))),
        }
    }

    /// Where documents are kept, open. A folder that is missing is made.
    pub fn storage(&self) -> Result<Storage, SettingError> {
        let access = BucketAccess {
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            key_id: self.s3_access_key_id.clone(),
            secret: self.s3_secret_access_key.clone(),
        };
        let opened = Storage::open(&self.documents, &access);
        opened.map_err(|error| SettingError { name: "PORTICO_DOCUMENTS", problem: error.to_string() })
    }

    /// The keys of packages, ours and OBIM's; none if they are not set.
    pub fn package_keys(&self) -> Result<Option<(PackageKey, RecipientKey)>, SettingError> {
        let (Some(ours), Some(theirs)) = (&self.package_key, &self.obim_key) else { return Ok(None) };
        let wrong = |name: &'static str| move |error: store::crypto::KeyError| SettingError { name, problem: error.to_string() };
        let ours = PackageKey::load(ours).map_err(wrong("PORTICO_PACKAGE_KEY"))?;
        let theirs = RecipientKey::load(theirs).map_err(wrong("PORTICO_OBIM_KEY"))?;
        Ok(Some((ours, theirs)))
    }

    pub fn offers(&self, surface: Surface) -> bool {
        self.surfaces.0.contains(&surface)
    }

    pub fn limits(&self) -> LimitSettings {
        LimitSettings {
            per_client_minute: self.per_client_minute,
            per_client_hour: self.per_client_hour,
            per_network_hour: self.per_network_hour,
            misses_per_client_hour: self.misses_per_client_hour.get(),
            misses_per_machine_hour: self.misses_per_machine_hour.get(),
            misses_per_number_day: self.misses_per_number_day.get(),
            neighbours_per_client_hour: self.neighbours_per_client_hour.get() as usize,
            neighbour_distance: self.neighbour_distance.get().into(),
            follow_requests_per_day: self.follow_requests_per_day.get(),
            followed_cases_per_address: self.followed_cases_per_address.get(),
            proof_failures_per_day: self.proof_failures_per_day.get(),
            request_again_days: self.request_again_days.get(),
        }
    }

    pub fn identity(&self) -> IdentitySettings {
        let minutes = |minutes: NonZeroU32| TimeDelta::minutes(minutes.get().into());
        IdentitySettings {
            origin: self.public_url.origin().into(),
            agency: self.agency_name_en.clone(),
            failures: self.sign_in_failures,
            failure_window: minutes(self.sign_in_failure_minutes),
            lock: minutes(self.sign_in_lock_minutes),
            ..IdentitySettings::default()
        }
    }

    /// Where IDENT and CIS are, if all of it is set.
    pub fn ident(&self) -> Option<IdentAccess> {
        Some(IdentAccess {
            ident: self.ident_url.clone()?.0,
            cis: self.cis_url.clone()?.0,
            authority: self.ident_ca.clone()?,
            certificate: self.ident_cert.clone()?,
            key: self.ident_key.clone()?,
        })
    }

    /// What must hold between settings before anything is served; each with how to mend it.
    pub fn problems(&self) -> Vec<SettingError> {
        let mut problems = self.partner_problems();
        problems.extend(self.provider_problems());
        let mut require = |holds, name, problem| problems.extend(required(holds, name, problem));
        let has_tls = self.tls_cert.is_some();
        require(
            has_tls == self.tls_key.is_some(),
            "PORTICO_TLS_KEY",
            "set PORTICO_TLS_CERT and PORTICO_TLS_KEY together, or neither",
        );
        require(
            has_tls || self.is_loopback() || !self.trusted_proxies.0.is_empty(),
            "PORTICO_TLS_CERT",
            "plain HTTP is served on loopback only: set a certificate, or name the proxy that speaks TLS in PORTICO_TRUSTED_PROXIES",
        );
        require(
            self.public_url.is_https || self.is_loopback(),
            "PORTICO_PUBLIC_URL",
            "must begin with https:// unless everything is on loopback",
        );
        require(
            self.outage_en.is_some() == self.outage_es.is_some(),
            "PORTICO_OUTAGE_ES",
            "a banner needs both languages: set PORTICO_OUTAGE_EN and PORTICO_OUTAGE_ES, or neither",
        );
        require(!self.surfaces.0.is_empty(), "PORTICO_SURFACES", "name at least one of portal, console, api");
        require(
            self.security_contact.starts_with("mailto:") || self.security_contact.starts_with("https:"),
            "PORTICO_SECURITY_CONTACT",
            "must begin with mailto: or https:",
        );
        require(
            self.waiting_threshold.get() >= 10,
            "PORTICO_WAITING_THRESHOLD",
            "must be at least 10: of fewer people a number could tell of one of them",
        );
        require(
            self.report_threshold.get() >= 5,
            "PORTICO_REPORT_THRESHOLD",
            "must be at least 5: a smaller number could tell of somebody",
        );
        require(
            (4..=16).contains(&self.answer_grade),
            "PORTICO_ANSWER_GRADE",
            "must be a school year from 4 to 16; the public reads at 8 to 10",
        );
        require(
            !self.answer_warnings.0.contains(&Rule::OtherPeople),
            "PORTICO_ANSWER_WARNINGS",
            "must not name other_people: an answer that tells of somebody else never goes out",
        );
        require(
            self.s3_access_key_id.is_some() == self.s3_secret_access_key.is_some(),
            "PORTICO_S3_SECRET_ACCESS_KEY",
            "set PORTICO_S3_ACCESS_KEY_ID and PORTICO_S3_SECRET_ACCESS_KEY together, or neither",
        );
        let needs_access = matches!(self.usps_drop, Some(UspsDrop::Sftp(_)));
        require(
            !needs_access || self.sftp_access().is_some(),
            "PORTICO_USPS_DROP",
            "an sftp:// drop needs PORTICO_USPS_KEY_FILE and PORTICO_USPS_HOST_KEY",
        );
        problems
    }

    /// Of partner data, and of IDENT and PCQS/CIS.
    fn partner_problems(&self) -> Vec<SettingError> {
        let mut problems = Vec::new();
        let mut require = |holds, name, problem| problems.extend(required(holds, name, problem));
        let of_ident = [
            self.ident_url.is_some(),
            self.cis_url.is_some(),
            self.ident_ca.is_some(),
            self.ident_cert.is_some(),
            self.ident_key.is_some(),
        ];
        require(
            of_ident.into_iter().all(|is_set| is_set == self.ident_url.is_some()),
            "PORTICO_IDENT_URL",
            "set PORTICO_IDENT_URL, PORTICO_CIS_URL, PORTICO_IDENT_CA, PORTICO_IDENT_CERT and PORTICO_IDENT_KEY together, or none",
        );
        require(
            self.package_key.is_some() == self.obim_key.is_some(),
            "PORTICO_PACKAGE_KEY",
            "set PORTICO_PACKAGE_KEY and PORTICO_OBIM_KEY together, or neither",
        );
        if let Some(partner) = &self.partner_database_url {
            require(
                !is_same_database(partner, &self.database_url),
                "PORTICO_PARTNER_DATABASE_URL",
                "names the main database: partner data has one of its own",
            );
            require(
                self.partner_key_file != self.key_file,
                "PORTICO_PARTNER_KEY_FILE",
                "is the key file of the main database: partner data has keys of its own",
            );
            require(
                role(partner).is_none() || role(partner) != role(&self.database_url),
                "PORTICO_PARTNER_DATABASE_URL",
                "has the role of the main database: partner data has a role of its own, so that no other can open it",
            );
        }
        problems
    }

    /// Of the identity provider.
    fn provider_problems(&self) -> Vec<SettingError> {
        let mut problems = Vec::new();
        let mut require = |holds, name, problem| problems.extend(required(holds, name, problem));
        let has_provider = self.oidc_issuer.is_some();
        require(!has_provider || self.oidc_acr.is_some(), "PORTICO_OIDC_ACR", NO_ACR);
        require(
            !has_provider || !self.oidc_roles.is_empty(),
            "PORTICO_OIDC_ROLES",
            "say which values of the claim in PORTICO_OIDC_ROLE_CLAIM are which role at which office",
        );
        require(
            self.oidc_client_secret.is_none() || self.oidc_client_secret_file.is_none(),
            "PORTICO_OIDC_CLIENT_SECRET_FILE",
            "set this or PORTICO_OIDC_CLIENT_SECRET, not both",
        );
        problems
    }

    /// How answers to requests are written.
    pub fn answers(&self) -> AnswerSettings {
        AnswerSettings {
            check: CheckSettings { warnings: self.answer_warnings.0.iter().copied().collect(), grade: self.answer_grade },
            reviewed: self.answer_review.0.iter().copied().collect(),
            agency_en: self.agency_name_en.clone(),
            agency_es: self.agency_name_es.clone(),
            letterhead: self.letterhead.as_ref().map(|lines| lines.0.clone()).unwrap_or_default(),
            telephone: self.telephone.clone(),
            email: self.email.clone(),
        }
    }

    /// How an `sftp://` drop is opened.
    pub fn sftp_access(&self) -> Option<SftpAccess> {
        Some(SftpAccess { key_file: self.usps_key_file.clone()?, host_key: self.usps_host_key? })
    }
}

/// `docs/settings.md`.
pub fn guide() -> String {
    let mut page = String::from(
        "# Settings\n\nEvery setting is an environment variable. `portico doctor` checks them and says how to mend them. \
         This page is made by `portico settings`.\n\n| variable | default | what it does |\n|---|---|---|\n",
    );
    for SettingGuide { name, default, guide } in GUIDES {
        let default: &dyn Display = if default.is_empty() { &"(none)" } else { &format!("`{default}`") };
        let _ = writeln!(page, "| `{name}` | {default} | {} |", guide.trim());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingError> {
        Settings::read(&variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    fn problems(variables: &[(&str, &str)]) -> Vec<&'static str> {
        read(variables).unwrap().problems().into_iter().map(|problem| problem.name).collect()
    }

    #[test]
    fn the_defaults_are_a_safe_local_server() {
        let settings = read(&[]).unwrap();
        assert!(settings.problems().is_empty());
        assert!(settings.is_loopback());
    }

    #[test]
    fn values_that_cannot_be_read_are_named() {
        for (name, value) in [
            ("PORTICO_LISTEN", "8080"),
            ("PORTICO_TIME_ZONE", "Mars/Olympus"),
            ("PORTICO_TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
            ("PORTICO_SURFACES", "portal,shop"),
            ("PORTICO_PUBLIC_URL", "status.agency.example"),
            ("PORTICO_PUBLIC_URL", "https://agency.example/path"),
            ("PORTICO_LIMIT_CLIENT_MINUTE", "0"),
            ("PORTICO_DATABASE_URL", " "),
            ("PORTICO_DOCUMENTS", "s3://"),
            ("PORTICO_S3_ENDPOINT", "http://s3.agency.example"),
            ("PORTICO_CLAMD", "127.0.0.1:3310"),
            ("PORTICO_RECORDS_CENTER", " ; "),
            ("PORTICO_OIDC_ISSUER", "http://sign-in.agency.example"),
            ("PORTICO_OIDC_ACR", "aal2,,aal3"),
            ("PORTICO_OIDC_ROLES", "portico=boss@NBC"),
            ("PORTICO_OIDC_PIV_CLAIMS", "x509_subject"),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err().name, name, "{value}");
        }
    }

    #[test]
    fn a_postal_address_has_lines() {
        let address = |variables: &[(&str, &str)]| read(variables).unwrap().records_center.0;
        assert_eq!(address(&[]), ["National Records Center", "P.O. Box 648010", "Lee's Summit, MO 64064-8010"]);
        assert_eq!(
            address(&[("PORTICO_RECORDS_CENTER", "Records; 1 Main St;;Springfield, ZZ; ")]),
            ["Records", "1 Main St", "Springfield, ZZ"]
        );
    }

    #[test]
    fn plain_http_is_for_loopback_or_behind_a_named_proxy() {
        let everywhere = ("PORTICO_LISTEN", "0.0.0.0:8080");
        let public = ("PORTICO_PUBLIC_URL", "https://status.agency.example");
        assert_eq!(problems(&[everywhere]), ["PORTICO_TLS_CERT", "PORTICO_PUBLIC_URL"]);
        assert_eq!(problems(&[everywhere, public]), ["PORTICO_TLS_CERT"]);
        assert_eq!(problems(&[everywhere, public, ("PORTICO_TRUSTED_PROXIES", "10.0.0.1/32")]), [] as [&str; 0]);
        assert_eq!(problems(&[everywhere, public, ("PORTICO_TLS_CERT", "c"), ("PORTICO_TLS_KEY", "k")]), [] as [&str; 0]);
        assert_eq!(problems(&[("PORTICO_TRUSTED_PROXIES", "10.0.0.1/32")]), ["PORTICO_PUBLIC_URL"]);
        assert_eq!(problems(&[("PORTICO_TLS_CERT", "c")]), ["PORTICO_TLS_KEY"]);
        assert_eq!(problems(&[("PORTICO_OUTAGE_EN", "Down")]), ["PORTICO_OUTAGE_ES"]);
        assert_eq!(problems(&[("PORTICO_S3_ACCESS_KEY_ID", "id")]), ["PORTICO_S3_SECRET_ACCESS_KEY"]);
        assert_eq!(problems(&[("PORTICO_OBIM_KEY", "obim.pem")]), ["PORTICO_PACKAGE_KEY"]);
    }

    #[test]
    fn the_keys_of_packages_are_read_together_and_the_wrong_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.pem");
        std::fs::write(&file, "no key").unwrap();
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let file = file.to_str().unwrap();
        assert!(read(&[]).unwrap().package_keys().unwrap().is_none());
        assert!(read(&[("PORTICO_PACKAGE_KEY", file)]).unwrap().package_keys().unwrap().is_none());
        let both = read(&[("PORTICO_PACKAGE_KEY", file), ("PORTICO_OBIM_KEY", file)]).unwrap();
        let error = both.package_keys().unwrap_err();
        assert_eq!((error.name, error.problem.contains("key.pem")), ("PORTICO_PACKAGE_KEY", true));
    }

    #[test]
    fn an_identity_provider_needs_a_measure_and_roles() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let issuer = ("PORTICO_OIDC_ISSUER", "https://sign-in.agency.example");
        let (acr, roles) = (("PORTICO_OIDC_ACR", "aal2"), ("PORTICO_OIDC_ROLES", "portico-iio-{office}=iio@{office}"));
        assert!(read(&[]).unwrap().oidc().unwrap().is_none());
        assert_eq!(problems(&[issuer]), ["PORTICO_OIDC_ACR", "PORTICO_OIDC_ROLES"]);
        assert_eq!(problems(&[issuer, acr, roles]), [] as [&str; 0]);
        assert!(read(&[issuer, acr, roles]).unwrap().oidc().unwrap().is_some());
        assert_eq!(read(&[issuer, roles]).unwrap().oidc().unwrap_err().name, "PORTICO_OIDC_ACR");
    }

    #[test]
    fn a_providers_secret_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let name = file.to_str().unwrap();
        let secret = || read(&[("PORTICO_OIDC_CLIENT_SECRET_FILE", name)]).unwrap().oidc_secret();
        assert_eq!(secret().unwrap_err().name, "PORTICO_OIDC_CLIENT_SECRET_FILE");
        std::fs::write(&file, "\n").unwrap();
        assert!(secret().is_err());
        std::fs::write(&file, "hunter2\n").unwrap();
        assert_eq!(secret().unwrap().unwrap().expose(), "hunter2");
        let both = [("PORTICO_OIDC_CLIENT_SECRET", "hunter2"), ("PORTICO_OIDC_CLIENT_SECRET_FILE", name)];
        assert_eq!(problems(&both), ["PORTICO_OIDC_CLIENT_SECRET_FILE"]);
    }

    #[test]
    fn a_secret_is_not_in_the_settings_debug_output() {
        let both = [
            ("PORTICO_S3_ACCESS_KEY_ID", "an-id"),
            ("PORTICO_S3_SECRET_ACCESS_KEY", "hunter2"),
            ("PORTICO_OIDC_CLIENT_SECRET", "hunter2"),
        ];
        assert!(!format!("{:?}", read(&both).unwrap()).contains("hunter2"));
    }

    #[test]
    fn the_committed_guide_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
        assert_eq!(std::fs::read_to_string(path).unwrap(), guide(), "run `portico settings > docs/settings.md`");
    }
}
