//! A context on each engine, with the shipped texts, for tests of this crate.

use store::testing::{TestStore, both};

use crate::case_feed::{Source, Summary, import};
use crate::case_status::limits::LimitSettings;
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
