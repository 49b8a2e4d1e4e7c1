//! e-Request from the first page to the answer, on both engines.

mod answer;
mod duplicates;
mod follow_up;
mod hidden;
mod journey;
mod later;
mod proof;
mod secrets;
mod sequences;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use shared::e_request::{Answers, Field, Step};
use shared::locale::Locale;
use shared::service_request::RequestKind;
use store::service_request::{self as rows, StoredRequest};
use uuid::Uuid;

use super::*;
use crate::case_status::limits::LimitSettings;
use crate::testing::{TestContext, contexts_with, import_lines, line};

/// A case that waits for its decision, for longer than six months.
pub const NUMBER: &str = "EAC9999103403";
/// A case that was approved seven weeks ago.
pub const GRANTED: &str = "LIN9999106498";

/// What the record of a case says that a person has to know. It was filed on August 3 and received on August 5.
pub const FILED: &str = r#","filed_on":"2025-08-03","received_on":"2025-08-05","mailing_address":{"street":"1 Sample Street","city":"Springfield","state":"VA","postal_code":"22150-1234","country":"USA"}"#;
pub const SEALED: &str = r#","protection_markers":[{"sealed":true}]"#;

/// What is typed on the pages, as their forms send it.
const RIGHT: [(&str, &str); 31] = [
    ("requester", "applicant"),
    ("receipt_number", NUMBER),
    ("form", "I-765"),
    ("category", "(c)(9)"),
    ("filed_on_year", "2025"),
    ("filed_on_month", "8"),
    ("filed_on_day", "3"),
    ("mailing_zip", "22150"),
    ("notice", "receipt"),
    ("card", "employment_authorization_document"),
    ("document", "advance_parole"),
    ("address_is_current", "yes"),
    ("error_on", "card"),
    ("error_in", "name"),
    ("printed_text", "Anna"),
    ("correct_text", "Ana"),
    ("appointment_kind", "interview"),
    ("appointment_on_year", "2026"),
    ("appointment_on_month", "05"),
    ("appointment_on_day", "04"),
    ("accommodation_for", "applicant"),
    ("accommodation", "wheelchair"),
    ("beneficiary_change", "name"),
    ("explanation", "It is the second time."),
    ("family_name", "Ejemplo"),
    ("given_name", "Ana"),
    ("birth_date_year", "1990"),
    ("birth_date_month", "2"),
    ("birth_date_day", "3"),
    ("email", "ana@example.org"),
    ("telephone", "202-555-0143"),
];

/// Limits that no test runs into: those on look-ups go by the real clock.
pub fn no_limits() -> LimitSettings {
    let many = NonZeroU32::new(1_000_000).unwrap();
    LimitSettings {
        per_client_minute: many,
        per_client_hour: many,
        per_network_hour: many,
        neighbours_per_client_hour: 1000,
        ..LimitSettings::default()
    }
}

/// Contexts that know the two cases.
pub async fn contexts() -> Vec<TestContext> {
    contexts_under(no_limits()).await
}

pub async fn contexts_under(limits: LimitSettings) -> Vec<TestContext> {
    let contexts = contexts_with(limits).await;
    for test in &contexts {
        a_case(&test.ctx, NUMBER).await;
        a_case(&test.ctx, GRANTED).await;
        import_lines(&test.ctx, &[line("granted", GRANTED, "DA", "2026-01-20T15:00:00Z", FILED)]).await;
    }
    contexts
}

/// A case that was received on August 5 and waits.
pub async fn a_case(ctx: &Context, number: &str) {
    import_lines(ctx, &[line(&format!("{number}-1"), number, "IAA", "2025-08-07T15:00:00Z", FILED)]).await;
}

/// Hides a case, as a court does that seals it.
pub async fn hide(ctx: &Context, number: &str) {
    import_lines(ctx, &[line(&format!("{number}-sealed"), number, "IAA", "2026-03-10T14:00:00Z", &format!("{FILED}{SEALED}"))])
        .await;
}

/// The case about which a request of a kind can be made today.
pub fn case_for(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::CardNotReceived | RequestKind::DocumentNotReceived => GRANTED,
        _ => NUMBER,
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Visitor<'a> {
    pub ctx: &'a Context,
    pub key: DraftKey,
    typed: BTreeMap<String, String>,
}

impl<'a> Visitor<'a> {
    /// Each number is another session. What they type is right.
    pub fn new(ctx: &'a Context, session: u8) -> Self {
        let typed = RIGHT.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned())).collect();
        Self { ctx, key: DraftKey::of_session(ctx, &[session; 16]), typed }
    }

    /// Who types something else.
    pub fn types(mut self, changes: &[(&str, &str)]) -> Self {
        self.typed.extend(changes.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned())));
        self
    }

    /// Who asks about another case.
    pub fn about(self, number: &str) -> Self {
        self.types(&[("receipt_number", number)])
    }

    pub async fn begin(&self, kind: RequestKind) {
        begin(self.ctx, self.key, kind, None).await.unwrap();
    }

    pub async fn save(&self, step: Step) -> Saved {
        save(self.ctx, ClientIp([192, 0, 2, 1].into()), self.key, step, &self.typed).await.unwrap()
    }

    pub async fn draft(&self) -> Draft {
        draft(self.ctx, self.key).await.unwrap().unwrap()
    }

    pub async fn answer(&self) -> Answer {
        answer(self.ctx, &self.draft().await).await.unwrap()
    }

    /// Sends page after page until one is at hand.
    pub async fn walk(&self, kind: RequestKind, to: Step) {
        self.begin(kind).await;
        loop {
            let step = self.draft().await.step_at_hand(self.ctx);
            if step == to {
                return;
            }
            let saved = self.save(step).await;
            assert!(matches!(saved, Saved::GoTo(next) if next > step), "{kind:?}: {step:?} leads to {saved:?}");
        }
    }

    pub async fn submit(&self) -> Submitted {
        submit(self.ctx, self.key, Locale::Es).await.unwrap()
    }

    /// Fills in the whole form and sends it.
    pub async fn file(&self, kind: RequestKind) -> Uuid {
        self.walk(kind, Step::Check).await;
        match self.submit().await {
            Submitted::Stored(id) => id,
            other => panic!("{other:?}"),
        }
    }
}

pub async fn row(ctx: &Context, id: Uuid) -> StoredRequest {
    rows::find(&mut ctx.store.read_primary().await.unwrap(), id).await.unwrap().unwrap()
}

/// What was told in a request.
pub async fn told(ctx: &Context, id: Uuid) -> Answers {
    let content = rows::content(&mut ctx.store.read_primary().await.unwrap(), &ctx.keys, id).await.unwrap().unwrap();
    serde_json::from_slice(content.expose()).unwrap()
}

/// All requests about a case, the oldest first.
pub async fn requests(ctx: &Context, number: &str) -> Vec<Uuid> {
    let number = shared::case_status::ReceiptNumber::parse(number).unwrap();
    let mut connection = ctx.store.read_primary().await.unwrap();
    let case = store::case_feed::case_id(&mut connection, &number).await.unwrap().unwrap();
    rows::of_case(&mut connection, case).await.unwrap()
}

fn keys(fields: impl Iterator<Item = Field>) -> Vec<&'static str> {
    fields.map(Field::key).collect()
}
