//! Photographs and biometric records of people, over HTTP: what comes in, who is shown it, and that a protected person's is none.

use app::console::site::{ADD_INTERVIEW, ADD_RECORD};
use domain::Officer;
use domain::profile::{self as profiles, IdentAnswer, Interview, Search, Told, Verifying, find, portrait, prints, read, verify};
use domain::service_request::demo;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use shared::agreement::Element;
use shared::identity::Role;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::profile::{BiometricKind, Enrolment, Fin, Photograph, PictureFormat, ReadPurpose};
use shared::sensitive::Sensitive;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::console::{Answer, Desk};
use super::documents::Desk as Documents;
use super::running::{Engine, Installation, Server};

/// Of the demo: a case that anybody's officer may see, and one that the law hides (8 USC 1367).
const SHOWN: &str = "EAC9999103405";
const HIDDEN: &str = "EAC9999200101";

/// The demo, and its officer for interviews at a desk.
struct Office {
    installation: Installation,
    server: Server,
    documents: Documents,
    desk: Desk,
    token: String,
}

impl Office {
    async fn open() -> Self {
        let installation = Installation::new(Engine::Sqlite).await;
        installation.succeed(&["seed", "demo", "--cases", "60", "--requests", "0"]);
        let server = installation.serve(&[]);
        let documents = Documents::of(&installation).await;
        let mut desk = Desk::new();
        desk.sign_in(&server, "raio", 0).await;
        let token = desk.get(server.url("/console")).await.csrf();
        Self { installation, server, documents, desk, token }
    }

    /// The account of the officer, as the domain knows it.
    async fn raio(&self) -> Officer {
        self.somebody("raio", Role::RaioOfficer).await
    }

    async fn somebody(&self, name: &str, role: Role) -> Officer {
        let all = domain::identity::account::list(&self.documents.ctx, domain::identity::Manager::Operator).await.unwrap();
        let account = all.into_iter().find(|account| account.sign_in_name.as_str() == name).unwrap();
        demo::officer_as(&self.documents.ctx, OfficerId(account.id.as_u128()), role, &OfficeCode::parse("NBC").unwrap())
    }

    async fn profile_of(&self, number: &str) -> Uuid {
        let counsel = self.somebody("counsel", Role::Counsel).await;
        let search = Search::Number(number.to_owned());
        find(&self.documents.ctx, &counsel, ReadPurpose::Redress, &search).await.unwrap().unwrap()[0].profile
    }

    async fn opened(&mut self, number: &str) -> Uuid {
        let profile = self.profile_of(number).await;
        let fields = [("csrf", self.token.as_str()), ("profile", &profile.to_string()), ("purpose", "adjudication")];
        self.desk.post(self.server.url("/_fn/console/profile/open"), &fields).await;
        profile
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.desk.get(self.server.url(path)).await
    }

    async fn record(&mut self, profile: Uuid, typed: &[(&str, &str)], file: &[u8]) -> Answer {
        let (token, profile) = (self.token.clone(), profile.to_string());
        let own = [("csrf", token.as_str()), ("profile", profile.as_str())];
        let fields: Vec<(&str, &str)> = own.into_iter().chain(typed.iter().copied()).collect();
        self.desk.upload(self.server.url(ADD_RECORD), &fields, &[("file", file)]).await
    }

    async fn interview(&mut self, profile: Uuid, typed: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let (token, profile) = (self.token.clone(), profile.to_string());
        let own = [("csrf", token.as_str()), ("profile", profile.as_str()), ("enrolment", "search")];
        let fields: Vec<(&str, &str)> = own.into_iter().chain(typed.iter().copied()).collect();
        self.desk.upload(self.server.url(ADD_INTERVIEW), &fields, files).await
    }

    /// What the page that an answer led to says above all else.
    async fn said(&mut self, answer: &Answer) -> String {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let page = answer.location().to_owned();
        self.get(&page).await.body
    }

    /// The ids of somebody's photographs, as their page shows them.
    async fn photographs(&mut self, profile: Uuid) -> Vec<String> {
        let page = self.get(&format!("/console/profiles/{profile}")).await.body;
        let begin = format!("src=\"/console/profiles/{profile}/photographs/");
        page.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }
}

/// Headers without what differs from answer to answer.
fn steady(headers: &HeaderMap) -> Vec<(String, String)> {
    let changes = ["date", "x-request-id", "content-security-policy"];
    let pair = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
    };
    let mut all: Vec<_> = headers.iter().map(pair).filter(|(name, _)| !changes.contains(&name.as_str())).collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_protected_persons_photograph_answers_as_a_missing_one() {
    let mut office = Office::open().await;
    let (hidden, shown) = (office.opened(HIDDEN).await, office.opened(SHOWN).await);
    // Somebody who may know opens the profile and sees the photograph, so that there is one.
    let mut counsel = Desk::new();
    counsel.sign_in(&office.server, "counsel", 0).await;
    let token = counsel.get(office.server.url("/console")).await.csrf();
    let fields = [("csrf", token.as_str()), ("profile", &hidden.to_string()), ("purpose", "redress")];
    counsel.post(office.server.url("/_fn/console/profile/open"), &fields).await;
    let page = counsel.get(office.server.url(&format!("/console/profiles/{hidden}"))).await.body;
    let (_, rest) = page.split_once(&format!("/console/profiles/{hidden}/photographs/")).unwrap();
    let id = rest.split('"').next().unwrap();
    let there = counsel.get(office.server.url(&format!("/console/profiles/{hidden}/photographs/{id}"))).await;
    assert_eq!((there.status, there.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/png"));

    let none = Uuid::nil();
    let missing = office.get(&format!("/console/profiles/{shown}/photographs/{none}")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    for path in [
        format!("/console/profiles/{hidden}/photographs/{id}"),
        format!("/console/profiles/{hidden}/photographs/{none}"),
        format!("/console/profiles/{none}/photographs/{none}"),
        format!("/console/profiles/{shown}/photographs/{id}"),
    ] {
        let answer = office.get(&path).await;
        assert_eq!((answer.status, &answer.body), (missing.status, &missing.body), "{path}");
        assert_eq!(steady(&answer.headers), steady(&missing.headers), "{path}");
    }
    // What is added to somebody who is hidden is answered as for nobody.
    let typed = [("what", "photograph.front"), ("from", "upload"), ("captured_on", "2026-01-05")];
    let picture = portrait(None, 0);
    let to_hidden = office.record(hidden, &typed, &picture).await;
    let to_nobody = office.record(none, &typed, &picture).await;
    assert_eq!((to_hidden.status, to_nobody.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let pages = [office.said(&to_hidden).await, office.said(&to_nobody).await];
    assert!(pages.iter().all(|page| page.contains("There is nothing here")), "{pages:?}");
}

#[tokio::test]
async fn a_photograph_comes_in_cleaned_and_is_shown_and_kept_nowhere_else() {
    let mut office = Office::open().await;
    let profile = office.opened(SHOWN).await;
    let before = office.photographs(profile).await;
    // With a text of a camera's, which a PNG may hold.
    let picture = portrait(None, 3);
    let planted = b"38.8977N 77.0365W Xiomara Quimbaya";
    let text = [b"tEXt".as_slice(), b"Comment\0", planted].concat();
    let length = u32::try_from(text.len() - 4).unwrap().to_be_bytes();
    let chunk = [length.as_slice(), &text, &crc32(&text).to_be_bytes()].concat();
    let dirty = [&picture[..33], &chunk, &picture[33..]].concat();
    let typed = [("what", "photograph.front"), ("from", "interview"), ("captured_on", "2026-01-05"), ("quality", "81")];
    let added = office.record(profile, &typed, &dirty).await;
    let page = office.said(&added).await;
    assert!(page.contains("Added.") && page.contains("Photograph, from the front, 2026-01-05"), "{page}");
    assert!(page.contains("alt=\"Photograph, from the front, 2026-01-05\"") && page.contains("quality 81"), "{page}");
    let after = office.photographs(profile).await;
    let new = after.iter().find(|id| !before.contains(id)).unwrap();
    let shown = office.get(&format!("/console/profiles/{profile}/photographs/{new}")).await;
    assert_eq!(shown.bytes, picture, "the picture and nothing else");
    let header = |name: &str| shown.headers[name].to_str().unwrap().to_owned();
    assert_eq!([header("content-type"), header("cache-control")], ["image/png", "no-store"]);
    assert_eq!([header("content-disposition"), header("x-content-type-options")], ["inline", "nosniff"]);
    for file in std::fs::read_dir(office.installation.path("portico.db").parent().unwrap()).unwrap() {
        let Ok(bytes) = std::fs::read(file.unwrap().path()) else { continue };
        assert!(!bytes.windows(7).any(|window| window == &planted[18..25]), "nothing of it is kept");
    }
    // A page of another session, and none at all.
    let forged = [("csrf", "x"), ("profile", "y")];
    let refused = office.desk.upload(office.server.url(ADD_RECORD), &forged, &[("file", &picture)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

/// As PNG wants it.
fn crc32(bytes: &[u8]) -> u32 {
    let step =
        |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()));
    !bytes.iter().fold(!0, step)
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_and_what_was_typed_stays() {
    let mut office = Office::open().await;
    let profile = office.opened(SHOWN).await;
    let picture = portrait(None, 0);
    let file = prints(1, "2026-01-05".parse().unwrap()).unwrap();
    let front = [("what", "photograph.front"), ("from", "upload"), ("captured_on", "2026-01-05")];
    let of_fingers = [("what", "fingerprints"), ("from", "upload")];
    let late = [("what", "photograph.front"), ("from", "upload"), ("captured_on", "2999-01-05")];
    let elsewhere = [("what", "fingerprints"), ("from", "00000000-0000-0000-0000-000000000000")];
    for (typed, file, words) in [
        ([].as_slice(), picture.as_slice(), "What it is: choose it."),
        (&front, b"", "File: choose one."),
        (&front, b"%PDF-1.7", "File: it cannot be opened."),
        (&front, b"GIF89a", "File: choose a JPEG or PNG picture."),
        (&front, &file, "File: choose a JPEG or PNG picture."),
        (&late, &picture, "type a day that has come"),
        (&of_fingers, &picture, "send the traditional encoding"),
        (&of_fingers, &file[..file.len() - 9], "send the whole file, or correct LEN"),
        (&[("what", "iris"), ("from", "upload")], &file, "it holds something else than was chosen"),
        (&elsewhere, &file, "choose a case of this person"),
    ] {
        let answer = office.record(profile, typed, file).await;
        assert!(answer.location().starts_with(&format!("/console/profiles/{profile}/biometrics?kept=")), "{words}");
        let page = office.said(&answer).await;
        assert!(page.contains(words) && page.contains("Choose the file again"), "{words}: {page}");
        if let Some((_, what)) = typed.first() {
            let chosen = page.split("<option").find(|option| option.contains(&format!("value=\"{what}\""))).unwrap();
            assert!(chosen.contains("selected"), "{chosen}");
        }
    }
    let added = office.record(profile, &of_fingers, &file).await;
    let page = office.said(&added).await;
    assert!(page.contains("Fingerprints, ten fingers") && page.contains("2026-01-05"), "{page}");
    let no_photograph = page.matches("/photographs/").count();
    assert_eq!(no_photograph, 1, "fingerprints are shown nowhere");
}

#[tokio::test]
async fn nothing_is_taken_at_an_interview_before_the_notice_and_prints_are_not_kept() {
    let mut office = Office::open().await;
    let profile = office.opened(SHOWN).await;
    let page = office.get(&format!("/console/profiles/{profile}/verify")).await.body;
    assert!(page.contains("Read this aloud") && page.contains("lang=\"es\""), "{page}");
    assert!(page.contains("are only searched with") && page.contains("name=\"enrolment\" value=\"search\""), "{page}");
    let file = prints(2, "2026-01-05".parse().unwrap()).unwrap();
    let (picture, verify_page) = (portrait(None, 1), format!("/console/profiles/{profile}/verify"));
    let files: [(&str, &[u8]); 2] = [("prints", &file), ("photograph", &picture)];
    for (typed, words) in [
        ([].as_slice(), "Read the notice aloud"),
        (&[("notice", "es")], "when the person has acknowledged the notice"),
        (&[("acknowledged", "yes")], "say in which language"),
    ] {
        let answer = office.interview(profile, typed, &files).await;
        assert!(answer.location().starts_with(&format!("{verify_page}?kept=")), "{}", answer.location());
        assert!(office.said(&answer).await.contains(words), "{words}");
    }
    let whole = [("notice", "es"), ("acknowledged", "yes")];
    let no_prints = office.interview(profile, &whole, &[("prints", b""), ("photograph", &picture)]).await;
    assert!(office.said(&no_prints).await.contains("Take fingerprints: the profile has no FIN"));
    let broken = office.interview(profile, &whole, &[("prints", b"x"), ("photograph", b"")]).await;
    assert!(office.said(&broken).await.contains("Fingerprints: record 1 (byte 0): the file does not begin"));

    let before = office.photographs(profile).await.len();
    let asked = office.interview(profile, &whole, &files).await;
    assert_eq!(asked.location(), verify_page);
    assert!(office.said(&asked).await.contains("IDENT did not answer."));
    let page = office.get(&format!("/console/profiles/{profile}")).await.body;
    assert!(page.contains("notice read in Spanish") && page.contains("destroyed "), "{page}");
    assert_eq!(office.photographs(profile).await.len(), before + 1, "the photograph is the profile's");
    let raio = office.raio().await;
    let profiles::Read::File(file) = read(&office.documents.ctx, &raio, profile).await.unwrap() else { panic!() };
    let taken = file.biometrics.iter().filter(|known| known.biometric.kind == BiometricKind::Fingerprints);
    assert_eq!(taken.count(), 1, "those of the demo, and none of the interview");
}

#[tokio::test]
async fn what_ident_answered_is_shown_beside_what_we_have() {
    let mut office = Office::open().await;
    let profile = office.opened(SHOWN).await;
    let (ctx, raio) = (office.documents.ctx.clone(), office.raio().await);
    let file = Sensitive::new(prints(2, "2026-01-05".parse().unwrap()).unwrap());
    let interview = Interview { notice: Locale::En, enrolment: Enrolment::SearchOnly, prints: Some(file), photograph: None };
    let Verifying::Ask(question) = verify(&ctx, &raio, profile, &interview).await.unwrap() else { panic!() };
    let told = Told {
        fin: Sensitive::new(Fin::parse("7654321")),
        biographics: Sensitive::new(vec![(Element::FullName, "EJEMPLO, ANA".into()), (Element::Watchlist, "none".into())]),
        photograph: Some(Photograph { format: PictureFormat::Png, bytes: Sensitive::new(portrait(None, 4)) }),
        ..Told::default()
    };
    let answer = IdentAnswer { matched: true, told };
    assert!(profiles::answered(&ctx, &raio, profile, question.verification, Some(&answer)).await.unwrap());
    let page = office.get(&format!("/console/profiles/{profile}/verify")).await.body;
    for words in
        ["IDENT knew the fingerprints", "EJEMPLO, ANA", "7654321", "Watch-list status", "alt=\"IDENT's photograph\"", "Ours: "]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let theirs = office.get(&format!("/console/profiles/{profile}/photographs/{}", question.verification)).await;
    assert_eq!(theirs.bytes, portrait(None, 4));
    assert!(office.get(&format!("/console/profiles/{profile}")).await.body.contains("IDENT, at an interview"), "the FIN is a fact");

    // Another FIN the next time: nothing is changed, and nobody overlooks it.
    let Verifying::Ask(question) = verify(&ctx, &raio, profile, &interview).await.unwrap() else { panic!() };
    let other = IdentAnswer { matched: false, told: Told { fin: Sensitive::new(Fin::parse("7654322")), ..Told::default() } };
    assert!(profiles::answered(&ctx, &raio, profile, question.verification, Some(&other)).await.unwrap());
    let page = office.get(&format!("/console/profiles/{profile}/verify")).await.body;
    assert!(page.contains("IDENT has another FIN for this person than the profile"), "{page}");
    assert!(page.contains("The fingerprints are not of who has the FIN"), "{page}");
}
