//! For tests of this crate: a context on each engine, with the shipped texts; how hard a text is to read.

use store::testing::{TestStore, both};

use crate::case_feed::{Source, Summary, import};
use crate::case_status::limits::LimitSettings;
use crate::identity::IdentitySettings;
use crate::notification::{Due, Mail, Means, Prepared, claim, prepare, settle, settle_as};
use crate::{Actor, Context, reference};

pub struct TestContext {
    pub ctx: Context,
    pub test: TestStore,
}

pub async fn contexts() -> Vec<TestContext> {
    contexts_with(LimitSettings::default()).await
}

pub async fn contexts_with(limits: LimitSettings) -> Vec<TestContext> {
    let mut contexts = Vec::new();
    for test in both().await {
        reference::ship(&test.store, &test.clock).await.unwrap();
        let zone = chrono_tz::America::New_York;
        let ctx = Context::new(test.store.clone(), test.keys.clone(), test.clock.clone(), zone, limits.clone()).await.unwrap();
        // A hash that costs little: many passwords are hashed here.
        let ctx = ctx.with_identity(IdentitySettings { password_memory: 64, ..IdentitySettings::default() });
        contexts.push(TestContext { ctx, test });
    }
    contexts
}

/// A line of the feed: an I-765 with the given event; `more` is JSON to add, with a comma before it.
pub fn line(event_id: &str, number: &str, code: &str, at: &str, more: &str) -> String {
    format!(
        r#"{{"event_id":"{event_id}","receipt_number":"{number}","form":"I-765","category":"C09","office":"NBC",
        "applicant":{{"name":{{"family":"Ejemplo","given":"Ana"}},"birth_date":"1990-02-03"}},
        "action":{{"code":"{code}","at":"{at}"}}{more}}}"#
    )
    .replace('\n', "")
}

pub async fn import_lines(ctx: &Context, lines: &[String]) -> Summary {
    let file = lines.join("\n");
    let source = Source { name: "test", quarantine: chrono::TimeDelta::days(30) };
    import(ctx, Actor::Operator, source, file.as_bytes(), |_, _| {}).await.unwrap()
}

/// What the outbox has to do now.
pub async fn due(ctx: &Context) -> Vec<Due> {
    claim(ctx, Actor::System, Means::Mail, 100).await.unwrap()
}

/// Does what the job does until nothing is left to do, and gives the mails that it would send.
pub async fn send_all(ctx: &Context) -> Vec<Mail> {
    let mut mails = Vec::new();
    loop {
        let due = due(ctx).await;
        if due.is_empty() {
            return mails;
        }
        for due in due {
            match prepare(ctx, Actor::System, &due).await.unwrap() {
                Prepared::Done(outcome) => settle_as(ctx, Actor::System, &due, &outcome).await.unwrap(),
                Prepared::Call(_) | Prepared::Letter(_) => panic!("nobody subscribed, and nobody moved"),
                Prepared::Mail(mail) => {
                    mails.push(*mail);
                    settle(ctx, Actor::System, &due, Ok(())).await.unwrap();
                }
            }
        }
    }
}

/// Flesch-Kincaid grade, with syllables counted as groups of vowels.
#[expect(clippy::cast_precision_loss, reason = "a text has few words")]
pub fn grade_level(text: &str) -> f64 {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let sentences = text.matches(['.', '?', '!', ':']).count().max(1);
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    0.39 * words.len() as f64 / sentences as f64 + 11.8 * syllables as f64 / words.len() as f64 - 15.59
}

fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let word = word.strip_suffix("es").or_else(|| word.strip_suffix("ed")).or_else(|| word.strip_suffix('e')).unwrap_or(&word);
    let vowel = |c: char| "aeiouy".contains(c);
    let groups = word.chars().zip([' '].into_iter().chain(word.chars())).filter(|(c, before)| vowel(*c) && !vowel(*before)).count();
    groups.max(1)
}
