//! Templates, with every version that there was.

use chrono::{DateTime, Utc};
use shared::answer::{Template, TemplateUse};
use shared::locale::Locale;
use shared::service_request::RequestKind;

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO answer_template (key, version, state, used, kinds, title, text_en, text_es, made_by, made_at) \
           SELECT $1, coalesce(max(version), 0) + 1, 'in_use', $2, $3, $4, $5, $6, $7, $8 FROM answer_template WHERE key = $1 \
           RETURNING version";
    RETIRE = "INSERT INTO answer_template (key, version, state, used, kinds, title, text_en, text_es, made_by, made_at) \
              SELECT key, version + 1, 'retired', used, kinds, title, text_en, text_es, $2, $3 FROM answer_template AS newest \
              WHERE key = $1 AND state = 'in_use' \
              AND version = (SELECT max(version) FROM answer_template AS other WHERE other.key = newest.key)";
    IN_USE = "SELECT key, version, used, kinds, title, text_en, text_es, made_at FROM answer_template AS newest \
              WHERE state = 'in_use' AND version = (SELECT max(version) FROM answer_template AS other WHERE other.key = newest.key) \
              ORDER BY key";
}

/// A template in use.
#[derive(Debug, Clone)]
pub struct StoredTemplate {
    pub template: Template,
    pub version: i64,
    pub made_at: DateTime<Utc>,
}

/// Adds a template, or another version of it. Says which one.
pub async fn add_template(
    transaction: &mut Connection,
    template: &Template,
    by: &str,
    at: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let kinds = template.kinds().iter().map(|kind| kind.key()).collect::<Vec<_>>().join(" ");
    let (key, used) = (template.key().as_str(), template.used().key());
    let (en, es) = (template.source(Locale::En), template.source(Locale::Es));
    Ok(fetch!(transaction, fetch_one, (i64,), &ADD, key, used, kinds, template.title(), en, es, by, at)?.0)
}

/// Takes a template out of use; its versions stay. False if none is in use.
pub async fn retire_template(transaction: &mut Connection, key: &str, by: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &RETIRE, key, by, at)? > 0)
}

/// The templates in use, by their keys.
pub async fn templates(connection: &mut Connection) -> Result<Vec<StoredTemplate>, StoreError> {
    type Row = (String, i64, String, String, String, String, String, DateTime<Utc>);
    let wrong = |column| StoreError::inconsistent("answer_template", column);
    let read = |(key, version, used, kinds, title, en, es, made_at): Row| {
        let kinds = kinds.split_whitespace().map(|kind| RequestKind::from_key(kind).ok_or(wrong("kinds")));
        let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
        let used = TemplateUse::from_key(&used).ok_or(wrong("used"))?;
        let template = Template::new(&key, used, kinds, &title, &en, &es).map_err(|_| wrong("text_en"))?;
        Ok(StoredTemplate { template, version, made_at })
    };
    fetch!(connection, fetch_all, Row, &IN_USE)?.into_iter().map(read).collect()
}
