//! Protection markers: what each event said, and the set now in force for a case.

use serde::{Deserialize, Serialize};
use shared::case_status::FormNumber;
use shared::protection::{Evidence, Marker};
use uuid::Uuid;

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::engine::{Bulk, Connection, execute, fetch_in, statement, write_rows};

statement! { main,
    SET_CURRENT = "UPDATE case_record SET markers = $2 WHERE id = $1";
}

/// A marker as an event stated it.
#[derive(Debug, Clone)]
pub(crate) struct StatedMarker {
    pub case_id: Uuid,
    pub event_id: String,
    pub event_at: DateTime<Utc>,
    pub marker: Marker,
}

/// A marker in the set that a case carries. Short names: every look-up reads it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CurrentMarker {
    kind: String,
    code: String,
    category: String,
    from: String,
    to: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct StatedRow {
    case_id: Uuid,
    kind: String,
    code: String,
    category: String,
    effective_from: String,
    effective_to: Option<String>,
}

/// Reads the set that a case carries. What cannot be read stands as [`Evidence::Unreadable`], which hides the case.
pub(crate) fn read_current(json: &str) -> Vec<Marker> {
    let unreadable = || Marker { evidence: Evidence::Unreadable, effective_from: None, effective_to: None };
    match serde_json::from_str::<Vec<CurrentMarker>>(json) {
        Ok(markers) => markers.iter().map(|marker| read_marker(marker).unwrap_or_else(unreadable)).collect(),
        Err(_) => vec![unreadable()],
    }
}

/// `None` if any part cannot be read: an end that cannot be read must not end anything.
fn read_marker(stored: &CurrentMarker) -> Option<Marker> {
    let day = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    let category = (!stored.category.is_empty()).then(|| stored.category.clone());
    let evidence = match stored.kind.as_str() {
        "class_of_admission" => Evidence::ClassOfAdmission(stored.code.clone()),
        "form" => Evidence::Form { form: FormNumber::parse(&stored.code).ok()?, category },
        "sealed" => Evidence::Sealed,
        _ => return None,
    };
    let effective_to = stored.to.as_deref().map_or(Some(None), day)?;
    Some(Marker { evidence, effective_from: day(&stored.from)?, effective_to })
}

fn columns(marker: &Marker) -> Option<[String; 4]> {
    let (kind, code, category) = match &marker.evidence {
        Evidence::ClassOfAdmission(code) => ("class_of_admission", code.clone(), String::new()),
        Evidence::Form { form, category } => ("form", form.as_str().to_owned(), category.clone().unwrap_or_default()),
        Evidence::Sealed => ("sealed", String::new(), String::new()),
        Evidence::Unreadable => return None,
    };
    let from = marker.effective_from.map(|day| day.to_string()).unwrap_or_default();
    Some([kind.to_owned(), code, category, from])
}

/// Adds what events stated, and renews the current set of their cases.
pub(crate) async fn add(transaction: &mut Connection, stated: &[StatedMarker], at: DateTime<Utc>) -> Result<(), StoreError> {
    let row = |stated: &StatedMarker| {
        let [kind, code, category, from] = columns(&stated.marker)?;
        Some(vec![
            Bulk::Id(stated.case_id),
            Bulk::Text(stated.event_id.clone()),
            Bulk::At(stated.event_at),
            Bulk::Text(kind),
            Bulk::Text(code),
            Bulk::Text(category),
            Bulk::Text(from),
            Bulk::OptionalText(stated.marker.effective_to.map(|day| day.to_string())),
            Bulk::At(at),
        ])
    };
    let head = "INSERT INTO protection_marker \
                (case_id, event_id, event_at, kind, code, category, effective_from, effective_to, recorded_at) ";
    write_rows(transaction, head, stated.iter().filter_map(row), " ON CONFLICT DO NOTHING").await?;
    let mut cases: Vec<Uuid> = stated.iter().map(|stated| stated.case_id).collect();
    cases.sort_unstable();
    cases.dedup();
    renew_current(transaction, &cases).await
}

async fn renew_current(transaction: &mut Connection, cases: &[Uuid]) -> Result<(), StoreError> {
    let rows = fetch_in!(
        transaction,
        StatedRow,
        "SELECT case_id, kind, code, category, effective_from, effective_to FROM protection_marker WHERE case_id IN ",
        cases,
        " ORDER BY case_id, event_at, event_id"
    );
    for of_one_case in rows.chunk_by(|a, b| a.case_id == b.case_id) {
        let mut current: Vec<CurrentMarker> = Vec::new();
        // Oldest first: the newest statement about a marker replaces the older ones.
        for row in of_one_case {
            current
                .retain(|m| (&m.kind, &m.code, &m.category, &m.from) != (&row.kind, &row.code, &row.category, &row.effective_from));
            current.push(CurrentMarker {
                kind: row.kind.clone(),
                code: row.code.clone(),
                category: row.category.clone(),
                from: row.effective_from.clone(),
                to: row.effective_to.clone(),
            });
        }
        let json = serde_json::to_string(&current).map_err(|_| StoreError::inconsistent("protection_marker", "kind"))?;
        execute!(transaction, &SET_CURRENT, of_one_case[0].case_id, json)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::protection::{Channel, Outcome, decide};

    fn public(json: &str) -> Outcome {
        decide(&read_current(json), Channel::Public, "2026-01-15".parse().unwrap())
    }

    #[test]
    fn a_set_that_cannot_be_read_hides() {
        for broken in [
            "",
            "{}",
            "[{}]",
            r#"[{"kind":"new","code":"","category":"","from":"","to":null}]"#,
            r#"[{"kind":"class_of_admission","code":"B2","category":"","from":"","to":"soon"}]"#,
            r#"[{"kind":"class_of_admission","code":"B2","category":"","from":"once","to":null}]"#,
            r#"[{"kind":"form","code":"what","category":"","from":"","to":null}]"#,
        ] {
            assert_eq!(public(broken), Outcome::Hide, "{broken}");
        }
    }

    proptest! {
        #[test]
        fn no_stored_text_panics(json in any::<String>()) {
            let _ = read_current(&json);
        }
    }
}
