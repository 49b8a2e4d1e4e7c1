//! Events of cases coming in: from a file or from a client, in short batches, each one transaction.
//!
//! A batch holds what it adds, its quarantined lines and its audit entry, so an import that is killed anywhere is completed
//! by running it again; what went in before is recognised by its event id.

use chrono::TimeDelta;
use serde::Serialize;
use shared::case_feed::{CaseEvent, EventLine};
use store::case_feed::{NewEvent, Taken};
use store::data_key::content_mac;
use store::quarantine::RefusedLine;
use tokio::io::AsyncBufRead;
use utoipa::ToSchema;

use crate::lines::read_line;
use crate::{Action, Actor, Context, Error};

/// Lines in one transaction: a fraction of a second, so that nobody else who writes waits long.
const BATCH: usize = 500;
/// Bytes of the longest line that is read; more of one is refused.
const LONGEST_LINE: usize = 64 * 1024;
/// Refused lines that a summary names one by one.
const REASONS: usize = 100;

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportSummary)]
pub struct Summary {
    /// Lines that were read.
    pub lines: u64,
    /// Events that are new.
    pub added: u64,
    /// Events that came in before.
    pub already_there: u64,
    /// Lines that were refused, and are kept encrypted for a while.
    pub quarantined: u64,
    /// The first hundred refused lines, each with the reason.
    pub refused: Vec<Refusal>,
}

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RefusedLine)]
pub struct Refusal {
    /// Its number, from 1.
    pub line: u64,
    /// The field and the rule it breaks, never its value.
    pub reason: String,
}

/// Where lines come from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// A file's name or `api`, for the quarantine and the audit log.
    pub name: &'a str,
    /// How long refused lines are kept.
    pub quarantine: TimeDelta,
}

struct Line {
    number: u64,
    bytes: Vec<u8>,
}

/// Takes in every line of `lines`. `progress` hears of each batch, after it is committed, with the bytes read so far.
pub async fn import(
    ctx: &Context,
    actor: Actor,
    source: Source<'_>,
    mut lines: impl AsyncBufRead + Unpin,
    mut progress: impl FnMut(&Summary, u64),
) -> Result<Summary, Error> {
    actor.check(Action::SendCaseEvents)?;
    let mut summary = Summary::default();
    let mut bytes = 0;
    loop {
        let batch = read_batch(&mut lines, &mut summary.lines, &mut bytes).await?;
        if batch.is_empty() {
            return Ok(summary);
        }
        take_in(ctx, actor, source, batch, &mut summary).await?;
        progress(&summary, bytes);
        // Between two batches any other writer gets its turn.
        tokio::task::yield_now().await;
    }
}

async fn read_batch(lines: &mut (impl AsyncBufRead + Unpin), number: &mut u64, read: &mut u64) -> Result<Vec<Line>, Error> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        let Some(bytes) = read_line(lines, LONGEST_LINE, read).await? else { break };
        *number += 1;
        if !bytes.trim_ascii().is_empty() {
            batch.push(Line { number: *number, bytes });
        }
    }
    Ok(batch)
}

async fn take_in(ctx: &Context, actor: Actor, source: Source<'_>, batch: Vec<Line>, summary: &mut Summary) -> Result<(), Error> {
    let mut events = Vec::new();
    let mut from = Vec::new();
    let mut refused: Vec<(&Line, String)> = Vec::new();
    for line in &batch {
        match parse(ctx, &line.bytes) {
            Ok(event) => {
                events.push(event);
                from.push(line);
            }
            Err(reason) => refused.push((line, reason)),
        }
    }
    let mut transaction = ctx.store.begin().await?;
    store::installation::lock_imports(&mut transaction).await?;
    let store::case_feed::TakenIn { events: taken, heard } =
        store::case_feed::take_in(&mut transaction, &ctx.keys, &ctx.clock, &events).await?;
    crate::change_of_address::heard(ctx, &mut transaction, actor, &heard).await?;
    let id_in_use = from.iter().zip(&taken).filter(|(_, taken)| **taken == Taken::IdInUse);
    refused.extend(id_in_use.map(|(line, _)| (*line, "event_id: another event has this id".to_owned())));

    let mut kept = 0;
    let expires_at = ctx.now() + source.quarantine;
    for (line, reason) in &refused {
        let line_number = i64::try_from(line.number).unwrap_or(i64::MAX);
        let refused = RefusedLine { source: source.name, line_number, reason, line: &line.bytes };
        kept += u64::from(store::quarantine::add(&mut transaction, &ctx.keys, &ctx.clock, &refused, expires_at).await?);
    }
    let count = |wanted| taken.iter().filter(|taken| **taken == wanted).count() as u64;
    let (added, already_there) = (count(Taken::Added), count(Taken::AlreadyThere));
    if added + kept > 0 {
        let detail = serde_json::json!({ "added": added, "quarantined": kept });
        ctx.audit(&mut transaction, actor, "case_feed.import", source.name, detail).await?;
    }
    transaction.commit().await?;

    summary.added += added;
    summary.already_there += already_there;
    summary.quarantined += refused.len() as u64;
    let room = REASONS.saturating_sub(summary.refused.len());
    refused.sort_by_key(|(line, _)| line.number);
    summary.refused.extend(refused.into_iter().take(room).map(|(line, reason)| Refusal { line: line.number, reason }));
    Ok(())
}

/// Parses a line; the reason of a refusal holds no value of it.
fn parse(ctx: &Context, bytes: &[u8]) -> Result<NewEvent, String> {
    if bytes.len() > LONGEST_LINE {
        return Err(format!("the line is longer than {LONGEST_LINE} bytes"));
    }
    if !has_documented_lists_only(bytes) {
        return Err("a list stands where an object or a text is documented".into());
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let line: EventLine = serde_path_to_error::deserialize(&mut json).map_err(|error| reason_of(&error))?;
    json.end().map_err(|_| "something follows the JSON object".to_owned())?;
    let event = CaseEvent::parse(&line).map_err(|error| error.to_string())?;
    let content = serde_json::to_vec(&line).map_err(|_| "the line cannot be written again".to_owned())?;
    let day = ctx.day_of(event.occurred_at);
    Ok(NewEvent { event, content_mac: content_mac(&ctx.keys, &content), day })
}

/// Serde also reads an object's fields from a list, by position, where no unknown field can be noticed: so a list may stand
/// only where one is documented.
fn has_documented_lists_only(line: &[u8]) -> bool {
    const LISTS: [&[u8]; 2] = [b"persecution_countries", b"protection_markers"];
    let (mut key, mut before) = (&line[..0], b' ');
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        match byte {
            b'"' => {
                let length = end_of_string(&line[at + 1..]);
                key = &line[at + 1..at + 1 + length];
                at += length + 1;
            }
            b'[' if before != b':' || !LISTS.contains(&key) => return false,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
        at += 1;
    }
    true
}

/// Bytes up to the quotation mark that ends a string, or up to the end.
fn end_of_string(text: &[u8]) -> usize {
    let mut escaped = false;
    let ends = |byte: &u8| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    };
    text.iter().position(ends).unwrap_or(text.len())
}

/// Serde's own text quotes values, so only what is known to be a field's name is kept of it.
fn reason_of(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let column = error.inner().column();
    let text = error.inner().to_string();
    let place = error.path().to_string();
    let is_name = |text: &str| text.len() <= 80 && text.bytes().all(|b| b.is_ascii_lowercase() || b"_.[]0123456789".contains(&b));
    let place = if is_name(&place) && place != "." { format!("{place}: ") } else { String::new() };
    let quoted = text.split('`').nth(1).filter(|name| is_name(name)).unwrap_or("?");
    let what = if text.starts_with("unknown field") {
        return format!("column {column}: the field `{quoted}` is not documented");
    } else if text.starts_with("missing field") {
        format!("the field `{quoted}` is missing")
    } else if error.inner().is_data() {
        "is not of the documented type".to_owned()
    } else {
        "is not JSON".to_owned()
    };
    format!("column {column}: {place}{what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(line: &str) -> String {
        let mut json = serde_json::Deserializer::from_str(line);
        reason_of(&serde_path_to_error::deserialize::<_, EventLine>(&mut json).unwrap_err())
    }

    #[test]
    fn reasons_name_fields_and_never_values() {
        assert_eq!(reason("{"), "column 1: is not JSON");
        assert_eq!(reason("{}"), "column 2: the field `event_id` is missing");
        assert_eq!(reason(r#"{"evnt_id":"x"}"#), "column 10: the field `evnt_id` is not documented");
        assert_eq!(reason(r#"{"Ana Ejemplo":"x"}"#), "column 14: the field `?` is not documented");
        let wrong_type = reason(r#"{"event_id":"e","receipt_number":["EAC9999103403"]}"#);
        assert!(wrong_type.contains("receipt_number: is not of the documented type"), "{wrong_type}");
        assert!(!wrong_type.contains("EAC"), "{wrong_type}");
        assert!(!reason(r#"{"event_id":"e","applicant":{"name":"Ana Ejemplo"}}"#).contains("Ana"));
    }

    #[test]
    fn lists_stand_only_where_they_are_documented() {
        for good in [
            r#"{"a":"[","persecution_countries": ["XXA"]}"#,
            r#"{"protection_markers":[{"sealed":true}],"b":"\"["}"#,
            "",
            "\"",
            "{",
        ] {
            assert!(has_documented_lists_only(good.as_bytes()), "{good}");
        }
        for bad in [r#"["e1"]"#, r#"{"name":["x"]}"#, r#"{"protection_markers":[["T1"]]}"#, r#"{"a":"\\","parameters":[]}"#] {
            assert!(!has_documented_lists_only(bad.as_bytes()), "{bad}");
        }
    }
}

#[cfg(test)]
mod feed_tests {
    use super::*;
    use crate::testing::{contexts, import_lines, line};

    #[tokio::test]
    async fn bad_lines_are_quarantined_and_the_rest_goes_in() {
        for test in contexts().await {
            let lines = [
                line("e1", "EAC9999103403", "IAA", "2026-01-08T15:00:00Z", ""),
                "{\"event_id\":".into(),
                String::new(),
                line("e2", "EAC9999103404", "IAA", "yesterday", ""),
                line("e3", "EAC9999103405", "IAA", "2026-01-08T15:00:00Z", ",\"colour\":\"red\""),
                line("e1", "EAC9999103403", "DA", "2026-01-08T15:00:00Z", ""),
                line("e4", "EAC9999103406", "IAA", "2026-01-08T15:00:00Z", "") + " {}",
            ];
            let summary = import_lines(&test.ctx, &lines).await;
            assert_eq!((summary.lines, summary.added, summary.already_there, summary.quarantined), (7, 1, 0, 5));
            let refused: Vec<_> = summary.refused.iter().map(|refusal| (refusal.line, refusal.reason.as_str())).collect();
            assert_eq!(refused[1], (4, "action.at: is not a time written as 2026-01-31T14:05:00Z"));
            assert!(refused[2].1.contains("the field `colour` is not documented"), "{refused:?}");
            assert_eq!(refused[3], (6, "event_id: another event has this id"));
            assert_eq!(refused[4], (7, "something follows the JSON object"));

            let mut connection = test.ctx.store.read().await.unwrap();
            let kept = store::quarantine::list(&mut connection, &test.ctx.keys).await.unwrap();
            assert_eq!(kept.len(), 5);
            assert!(kept.iter().any(|kept| kept.line == lines[3].as_bytes() && kept.line_number == 4));
            drop(connection);

            let again = import_lines(&test.ctx, &lines).await;
            assert_eq!((again.added, again.already_there, again.quarantined), (0, 1, 5));
            let mut connection = test.ctx.store.read().await.unwrap();
            assert_eq!(store::quarantine::list(&mut connection, &test.ctx.keys).await.unwrap().len(), 5);
            let acts = store::audit::by_action(&mut connection, "case_feed.import").await.unwrap();
            assert_eq!(acts.len(), 1, "a run that changes nothing is no act");
            assert_eq!(acts[0].detail, r#"{"added":1,"quarantined":5}"#);
        }
    }

    #[tokio::test]
    async fn quarantined_lines_expire() {
        for test in contexts().await {
            import_lines(&test.ctx, &["{".into()]).await;
            for (days, left) in [(29, 1), (2, 0)] {
                test.test.clock.advance(TimeDelta::days(days));
                crate::upkeep::sweep(&test.ctx, Actor::System).await.unwrap();
                let mut connection = test.ctx.store.read_primary().await.unwrap();
                assert_eq!(store::quarantine::list(&mut connection, &test.ctx.keys).await.unwrap().len(), left);
            }
        }
    }

    #[tokio::test]
    async fn only_who_may_send_events_can() {
        for test in contexts().await {
            let source = Source { name: "test", quarantine: TimeDelta::days(1) };
            for actor in [Actor::Public, Actor::System] {
                let refused = import(&test.ctx, actor, source, b"{}".as_slice(), |_, _| {}).await;
                assert!(matches!(refused, Err(Error::Refused)));
            }
        }
    }
}
