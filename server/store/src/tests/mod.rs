//! The contract of this crate: every test here runs on both engines.

mod agreement;
mod answer;
mod audit;
mod biometric;
mod call_script;
mod case_feed;
mod change_of_address;
mod colleague;
mod disclosure;
mod document;
mod identity;
mod information_request;
mod keys;
mod live;
mod notification;
mod partner_query;
mod profile;
mod quality;
mod readers;
mod redress;
mod report;
mod request_queue;
mod retention;
mod schema;
mod service_request;
mod statements;

use shared::case_feed::{CaseEvent, EventLine};

use crate::case_feed::{NewEvent, Taken, take_in};
use crate::data_key::content_mac;
use crate::installation;
use crate::testing::TestStore;

/// A line of the feed with everything in it; `change` makes it the one a test wants.
pub fn line(event_id: &str, number: &str, code: &str, at: &str) -> EventLine {
    let json = format!(
        r#"{{"event_id":"{event_id}","receipt_number":"{number}","form":"I-765","category":"C09","filed_on":"2026-01-05",
        "received_on":"2026-01-07","office":"NBC",
        "applicant":{{"name":{{"family":"Ejemplo","given":"Ana"}},"birth_date":"1990-02-03","birth_country":"MEX",
            "citizenship":"MEX","a_number":"A200000001","email":"ana@example.org","telephone":"+1 202 555 0123","language":"es"}},
        "mailing_address":{{"street":"1 Sample Street","city":"Springfield","state":"VA","postal_code":"22150","country":"USA"}},
        "persecution_countries":["XXA"],
        "action":{{"code":"{code}","at":"{at}","parameters":{{"tracking_number":"9205500000000000000000",
            "document":"employment_authorization_document","notice":"receipt","receiving_office":"NBC",
            "appointment":{{"kind":"biometrics","at":"2026-03-20T09:30","office":"WAS"}}}}}}}}"#
    );
    serde_json::from_str(&json).unwrap()
}

pub fn new_event(test: &TestStore, line: &EventLine) -> NewEvent {
    let content = serde_json::to_vec(line).unwrap();
    let event = CaseEvent::parse(line).unwrap();
    let day = event.occurred_at.date_naive();
    NewEvent { event, content_mac: content_mac(&test.keys, &content), day }
}

/// Takes lines in, in one transaction, as an import does.
pub async fn take_in_lines(test: &TestStore, lines: &[EventLine]) -> Vec<Taken> {
    let batch: Vec<_> = lines.iter().map(|line| new_event(test, line)).collect();
    let mut transaction = test.store.begin().await.unwrap();
    installation::lock_imports(&mut transaction).await.unwrap();
    let taken = take_in(&mut transaction, &test.keys, &test.clock, &batch).await.unwrap().events;
    transaction.commit().await.unwrap();
    taken
}
