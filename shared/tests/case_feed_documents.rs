//! What `docs/` says of the case feed is what the code reads.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::case_feed::{CaseEvent, EventLine};

fn document(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A line with every field there is.
fn full_line() -> Value {
    let name = json!({ "family": "Ejemplo", "given": "Ana", "middle": "M" });
    let contact = json!({ "name": name, "email": "a@example.org", "telephone": "202-555-0123", "language": "es" });
    let mut party = contact.clone();
    for (key, value) in [("birth_date", "1990-02-03"), ("birth_country", "MEX"), ("citizenship", "MEX"), ("a_number", "A900000001")]
    {
        party[key] = value.into();
    }
    let mut representative = contact;
    representative["organization"] = "Muster Law".into();
    json!({
        "event_id": "e1", "receipt_number": "EAC9999103403", "form": "I-765", "category": "C09", "filed_on": "2026-01-05",
        "received_on": "2026-01-07", "office": "NBC", "applicant": party, "petitioner": party, "beneficiary": party,
        "representative": representative,
        "mailing_address": { "street": "1 St", "unit": "2", "city": "X", "state": "VA", "postal_code": "22150", "country": "USA" },
        "persecution_countries": ["XXA"], "assigned_officer": "ISO-17",
        "protection_markers": [
            { "class_of_admission": "AS1", "effective_from": "2020-01-01", "effective_to": "2021-01-01" },
            { "pending_form": "I-360", "category": "VAWA" },
            { "sealed": true },
        ],
        "action": { "code": "IM", "at": "2026-02-01T14:00:00Z", "parameters": {
            "document": "reentry_permit", "tracking_number": "9205500000000000000000", "notice": "receipt", "receiving_office": "NBC",
            "appointment": { "kind": "interview", "at": "2026-03-01T09:30", "office": "WAS" } } },
    })
}

#[test]
fn the_example_of_the_page_is_a_legal_line() {
    let page = document("case-feed.md");
    let example = page.split("```json\n").nth(1).unwrap().lines().next().unwrap();
    let line: EventLine = serde_json::from_str(example).unwrap();
    assert!(CaseEvent::parse(&line).is_ok());
}

/// Every object of the schema has exactly the fields that the code reads, and lets no other in.
#[test]
fn the_schema_has_the_fields_of_the_code() {
    let schema: Value = serde_json::from_str(&document("case-feed.schema.json")).unwrap();
    let line: EventLine = serde_json::from_value(full_line()).unwrap();
    assert!(CaseEvent::parse(&line).is_ok());
    let written = serde_json::to_value(&line).unwrap();
    let keys = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    let marker = written["protection_markers"].as_array().unwrap().iter().flat_map(keys).collect();
    let of_code = [
        ("", keys(&written)),
        ("name", keys(&written["applicant"]["name"])),
        ("party", keys(&written["applicant"])),
        ("representative", keys(&written["representative"])),
        ("address", keys(&written["mailing_address"])),
        ("marker", marker),
        ("action", keys(&written["action"])),
        ("parameters", keys(&written["action"]["parameters"])),
        ("appointment", keys(&written["action"]["parameters"]["appointment"])),
    ];
    for (name, fields) in of_code {
        let object = if name.is_empty() { &schema } else { &schema["$defs"][name] };
        // A marker is one of three objects, each with the same fields.
        let objects = object["oneOf"].as_array().cloned().unwrap_or_else(|| vec![object.clone()]);
        for object in objects {
            assert_eq!(keys(&object["properties"]), fields, "{name}");
            assert_eq!(object["additionalProperties"], false, "{name}");
        }
    }
}
