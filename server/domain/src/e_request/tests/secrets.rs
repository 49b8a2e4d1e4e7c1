//! What was told in a form is nowhere in clear, and goes with the key of its case.

use shared::e_request::Step;
use shared::service_request::RequestKind;
use store::engine::Engine;
use store::testing::meddle;

use super::*;
use crate::service_request::{Added, add_information, view};
use crate::testing::send_all;

const SECRETS: [(&str, &str); 9] = [
    ("printed_text", "Plantedprinted"),
    ("correct_text", "Plantedcorrect"),
    ("explanation", "Plantedexplanation"),
    ("family_name", "Plantedfamily"),
    ("given_name", "Plantedgiven"),
    ("birth_date_year", "1931"),
    ("birth_date_month", "11"),
    ("birth_date_day", "29"),
    ("email", "planted@secret.example"),
];
const ALSO: [&str; 7] = [
    "1931-11-29",
    "303-555-0177",
    "Plantedaddition",
    "kept@secret.example",
    "reminded@secret.example",
    "Plantedzip",
    "Plantedquestion",
];

/// The database's files, and what a copy of it holds.
async fn bytes(test: &TestContext) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(test.test.folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    if test.ctx.store.engine() == Engine::Postgres {
        let dump = tokio::process::Command::new("pg_dump").args(["--dbname", &test.test.address]).output().await.unwrap();
        assert!(dump.status.success());
        bytes.extend(dump.stdout);
    }
    bytes
}

fn contains(bytes: &[u8], wanted: &str) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes())
}

#[tokio::test]
async fn nothing_that_was_typed_stands_in_the_database_in_clear() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1).types(&SECRETS).types(&[("telephone", "303-555-0177")]);
        let later = FILED.replace("2025-08", "2025-10");
        import_lines(ctx, &[line("later", "EAC9998103403", "IAA", "2025-10-07T15:00:00Z", &later)]).await;
        let id = visitor.file(RequestKind::TypographicError).await;
        assert_eq!(add_information(ctx, id, "Plantedaddition").await.unwrap(), Added::Taken);
        // A form that is under way, one that is kept, and a reminder.
        let other = Visitor { key: DraftKey::of_session(ctx, &[2; 16]), ..visitor };
        other.walk(RequestKind::Accommodation, Step::Check).await;
        keep_for_later(ctx, other.key, "kept@secret.example", Locale::En).await.unwrap();
        let waiting = Visitor::new(ctx, 3).about("EAC9998103403").types(&[("filed_on_month", "10")]);
        waiting.walk(RequestKind::OutsideNormalTime, Step::Answer).await;
        assert_eq!(remind(ctx, waiting.key, "reminded@secret.example", Locale::En).await.unwrap(), Written::Taken);
        let question = Question { number: "Plantedquestion".into(), zip: "Plantedzip".into(), ..Question::default() };
        follow_up(ctx, ClientIp([192, 0, 2, 1].into()), &question).await.unwrap();

        let told = String::from_utf8(serde_json::to_vec(&told(ctx, id).await).unwrap()).unwrap();
        for (name, secret) in SECRETS {
            assert!(told.contains(secret), "{name} was told");
        }
        let bytes = bytes(&test).await;
        assert!(contains(&bytes, NUMBER) && contains(&bytes, "typographic_error"), "the search looks in the right place");
        let numbers = ["1931", "11", "29"];
        let words = SECRETS.into_iter().map(|(_, secret)| secret).filter(|secret| !numbers.contains(secret));
        for secret in words.chain(ALSO) {
            assert!(!contains(&bytes, secret), "{secret} in {:?}", ctx.store.engine());
        }
    }
}

#[tokio::test]
async fn what_was_told_goes_with_the_key_of_its_case() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = Visitor::new(ctx, 1).file(RequestKind::TypographicError).await;
        let other = Visitor::new(ctx, 2).about(GRANTED).file(RequestKind::CardNotReceived).await;
        send_all(ctx).await;
        let destroy = format!(
            "UPDATE data_key SET wrapping_key = 'destroyed' WHERE id = (SELECT data_key_id FROM case_record WHERE receipt_number = '{NUMBER}')"
        );
        assert_eq!(meddle(&ctx.store, &destroy).await.unwrap(), 1);
        let content = async |id| {
            let mut connection = ctx.store.read_primary().await.unwrap();
            rows::content(&mut connection, &ctx.keys, id).await
        };
        assert!(content(id).await.is_err());
        assert!(content(other).await.unwrap().is_some(), "each case has its own");
        assert!(view(ctx, id).await.unwrap().is_some(), "that there was a request is still known");
    }
}

#[tokio::test]
async fn the_audit_log_says_what_was_done_and_nothing_of_anybody() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1).types(&SECRETS);
        let id = visitor.file(RequestKind::TypographicError).await;
        add_information(ctx, id, "Plantedaddition").await.unwrap();
        test.test.clock.advance(chrono::TimeDelta::seconds(1));
        crate::service_request::withdraw(ctx, id).await.unwrap();
        let mut connection = ctx.store.read_primary().await.unwrap();
        let filed = store::audit::by_action(&mut connection, "service_request.file").await.unwrap();
        assert_eq!((filed.len(), filed[0].actor.as_str(), filed[0].subject.as_str()), (1, "public", id.to_string().as_str()));
        assert_eq!(filed[0].detail, r#"{"kind":"typographic_error","source":"e_req"}"#);
        let changed = store::audit::by_action(&mut connection, "service_request.event").await.unwrap();
        let details: Vec<&str> = changed.iter().map(|entry| entry.detail.as_str()).collect();
        assert_eq!(details, [r#"{"event":"information_added"}"#, r#"{"event":"withdrawn"}"#]);
        assert!(changed.iter().all(|entry| entry.subject == id.to_string() && entry.actor == "public"));
    }
}
