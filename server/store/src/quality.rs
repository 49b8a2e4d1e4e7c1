//! Answers that are read again: the rules that draw them, what was found, and what became of templates. A reader's note is encrypted
//! with the key of the case.

use chrono::{DateTime, Utc};
use shared::answer::TemplateKey;
use shared::office::OfficeCode;
use shared::quality::{Criterion, Draw, Reading, Rule, Score, Scores, Verdict};
use shared::sensitive::Sensitive;
use shared::service_request::RequestKind;
use uuid::Uuid;

use crate::StoreError;
use crate::crypto::Cell;
use crate::data_key::Keys;
use crate::engine::{Connection, execute, fetch, statement};
use crate::service_request::key_of;

statement! { main,
    ADD_RULE = "INSERT INTO quality_rule (id, office, kind, template_key, share, first_answers, made_by, made_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    END_RULE = "UPDATE quality_rule SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL";
    RULES = "SELECT id, office, kind, template_key, share, first_answers, made_by, made_at FROM quality_rule \
             WHERE ended_at IS NULL ORDER BY made_at, id";
    REQUIRE_REVIEW = "INSERT INTO review_category (office, kind, made_by, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    WAIVE_REVIEW = "DELETE FROM review_category WHERE office = $1 AND kind = $2";
    NEEDS_REVIEW = "SELECT EXISTS (SELECT 1 FROM review_category WHERE office = $1 AND kind = $2)";
    REVIEWED_KINDS = "SELECT kind FROM review_category WHERE office = $1 ORDER BY kind";
    USE_TEMPLATE = "INSERT INTO answer_template_use (answer_id, template_key) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    TEMPLATES_OF = "SELECT template_key FROM answer_template_use WHERE answer_id = $1 ORDER BY template_key";
    NOTE_RELEASE = "UPDATE answer_template_use SET released_at = $2 WHERE answer_id = $1";
    NOTE_REOPENED = "UPDATE answer_template_use SET reopened_at = $2 WHERE reopened_at IS NULL AND released_at >= $3 AND answer_id = \
                     (SELECT id FROM answer WHERE request_id = $1 AND number IS NOT NULL AND stage = 'final' \
                      ORDER BY number DESC LIMIT 1)";
    NOTE_SENT_BACK = "UPDATE answer_template_use SET sent_back_at = $2 WHERE answer_id = $1 AND sent_back_at IS NULL";
    TEMPLATE_USES = "SELECT template_key, count(*), count(reopened_at), count(sent_back_at) FROM answer_template_use \
                     WHERE released_at IS NOT NULL AND released_at >= $1 GROUP BY template_key ORDER BY template_key";
    TEMPLATE_SCORES = "SELECT template_key, criterion, score, count(*) FROM answer_template_use \
                       JOIN quality_score ON quality_score.answer_id = answer_template_use.answer_id \
                       WHERE released_at IS NOT NULL AND released_at >= $1 GROUP BY template_key, criterion, score";
    EARLIER_OF_WRITER = "SELECT count(*) FROM (SELECT 1 AS one FROM answer WHERE written_by = $1 AND state = 'released' \
                         AND stage = 'final' LIMIT $2) AS earlier";
    ADD_SAMPLE = "INSERT INTO quality_sample (answer_id, request_id, office, rule_id, written_by, released_by, drawn_at) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    SAMPLE = "SELECT answer_id, request_id, office, written_by, released_by, drawn_at, read_by, read_at, verdict, seen_at \
              FROM quality_sample WHERE answer_id = $1";
    WAITING = "SELECT answer_id, request_id, office, written_by, released_by, drawn_at, read_by, read_at, verdict, seen_at \
               FROM quality_sample WHERE office = $1 AND read_at IS NULL AND written_by <> $2 AND released_by <> $2 \
               ORDER BY drawn_at, answer_id LIMIT $3";
    OF_WRITER = "SELECT answer_id, request_id, office, written_by, released_by, drawn_at, read_by, read_at, verdict, seen_at \
                 FROM quality_sample WHERE written_by = $1 AND read_at IS NOT NULL ORDER BY read_at DESC, answer_id LIMIT $2";
    JUDGE = "UPDATE quality_sample SET read_by = $2, read_at = $3, verdict = $4, note = $5 WHERE answer_id = $1 AND read_at IS NULL";
    ADD_SCORE = "INSERT INTO quality_score (answer_id, criterion, score) VALUES ($1, $2, $3)";
    SCORES = "SELECT criterion, score FROM quality_score WHERE answer_id = $1";
    NOTE = "SELECT note FROM quality_sample WHERE answer_id = $1";
    SEEN = "UPDATE quality_sample SET seen_at = $2 WHERE answer_id = $1 AND seen_at IS NULL AND read_at IS NOT NULL";
    OFFICER_VERDICTS = "SELECT written_by, verdict, count(*) FROM quality_sample \
                        WHERE office = $1 AND read_at IS NOT NULL AND read_at >= $2 GROUP BY written_by, verdict";
    OFFICER_SCORES = "SELECT written_by, criterion, score, count(*) FROM quality_sample \
                      JOIN quality_score ON quality_score.answer_id = quality_sample.answer_id \
                      WHERE office = $1 AND read_at IS NOT NULL AND read_at >= $2 GROUP BY written_by, criterion, score";
    WRITER_VERDICTS = "SELECT written_by, verdict, count(*) FROM quality_sample \
                       WHERE written_by = $1 AND read_at IS NOT NULL AND read_at >= $2 GROUP BY written_by, verdict";
    WRITER_SCORES = "SELECT written_by, criterion, score, count(*) FROM quality_sample \
                     JOIN quality_score ON quality_score.answer_id = quality_sample.answer_id \
                     WHERE written_by = $1 AND read_at IS NOT NULL AND read_at >= $2 GROUP BY written_by, criterion, score";
}

const fn wrong(column: &'static str) -> StoreError {
    StoreError::inconsistent("quality_sample", column)
}

/// A rule in use.
#[derive(Debug, Clone)]
pub struct StoredRule {
    pub id: Uuid,
    pub rule: Rule,
    pub made_by: Uuid,
    pub made_at: DateTime<Utc>,
}

pub async fn add_rule(transaction: &mut Connection, stored: &StoredRule) -> Result<(), StoreError> {
    let Rule { office, kind, template, draw } = &stored.rule;
    let (office, kind) = (office.as_ref().map(OfficeCode::as_str), kind.map(RequestKind::key));
    let template = template.as_ref().map(TemplateKey::as_str);
    let (share, first) = match draw {
        Draw::Share(share) => (Some(i64::from(*share)), None),
        Draw::FirstOf(first) => (None, Some(i64::from(*first))),
    };
    execute!(transaction, &ADD_RULE, stored.id, office, kind, template, share, first, stored.made_by, stored.made_at)?;
    Ok(())
}

/// Ends a rule. False if it has ended.
pub async fn end_rule(transaction: &mut Connection, id: Uuid, by: Uuid, at: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &END_RULE, id, by, at)? > 0)
}

/// The rules in use, the oldest first.
pub async fn rules(connection: &mut Connection) -> Result<Vec<StoredRule>, StoreError> {
    type Row = (Uuid, Option<String>, Option<String>, Option<String>, Option<i64>, Option<i64>, Uuid, DateTime<Utc>);
    let wrong = |column| StoreError::inconsistent("quality_rule", column);
    let read = |(id, office, kind, template, share, first, made_by, made_at): Row| {
        let draw = match (share, first) {
            (Some(share), None) => Draw::Share(u8::try_from(share).map_err(|_| wrong("share"))?),
            (None, Some(first)) => Draw::FirstOf(u16::try_from(first).map_err(|_| wrong("first_answers"))?),
            _ => return Err(wrong("share")),
        };
        let office = office.map(|office| OfficeCode::parse(&office)).transpose().map_err(|_| wrong("office"))?;
        let kind = kind.map(|kind| RequestKind::from_key(&kind).ok_or(wrong("kind"))).transpose()?;
        let template = template.map(|key| TemplateKey::parse(&key).ok_or(wrong("template_key"))).transpose()?;
        Ok(StoredRule { id, rule: Rule { office, kind, template, draw }, made_by, made_at })
    };
    fetch!(connection, fetch_all, Row, &RULES)?.into_iter().map(read).collect()
}

/// Has a second person release answers to a kind of requests at an office. False if it is so already.
pub async fn require_review(
    transaction: &mut Connection,
    office: &OfficeCode,
    kind: RequestKind,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &REQUIRE_REVIEW, office.as_str(), kind.key(), by, at)? > 0)
}

/// Lets who wrote them release them again. False if it is so already.
pub async fn waive_review(transaction: &mut Connection, office: &OfficeCode, kind: RequestKind) -> Result<bool, StoreError> {
    Ok(execute!(transaction, &WAIVE_REVIEW, office.as_str(), kind.key())? > 0)
}

pub async fn needs_review(connection: &mut Connection, office: &OfficeCode, kind: RequestKind) -> Result<bool, StoreError> {
    Ok(fetch!(connection, fetch_one, (bool,), &NEEDS_REVIEW, office.as_str(), kind.key())?.0)
}

/// The kinds whose answers a second person releases at an office.
pub async fn reviewed_kinds(connection: &mut Connection, office: &OfficeCode) -> Result<Vec<RequestKind>, StoreError> {
    let rows = fetch!(connection, fetch_all, (String,), &REVIEWED_KINDS, office.as_str())?;
    let wrong = || StoreError::inconsistent("review_category", "kind");
    rows.into_iter().map(|(kind,)| RequestKind::from_key(&kind).ok_or(wrong())).collect()
}

/// Notes that a template was put into an answer.
pub async fn use_template(transaction: &mut Connection, answer: Uuid, template: &TemplateKey) -> Result<(), StoreError> {
    execute!(transaction, &USE_TEMPLATE, answer, template.as_str())?;
    Ok(())
}

/// What an answer was begun with, or had put in.
pub async fn templates_of(connection: &mut Connection, answer: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(fetch!(connection, fetch_all, (String,), &TEMPLATES_OF, answer)?.into_iter().map(|(key,)| key).collect())
}

/// Notes that a full answer went out, for its templates.
pub async fn note_release(transaction: &mut Connection, answer: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &NOTE_RELEASE, answer, at)?;
    Ok(())
}

/// Notes that a request was opened again, for the templates of its last full answer, if that went out since then.
pub async fn note_reopened(
    transaction: &mut Connection,
    request: Uuid,
    at: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(transaction, &NOTE_REOPENED, request, at, since)?;
    Ok(())
}

/// Notes that a second reader gave or sent an answer back, for its templates.
pub async fn note_sent_back(transaction: &mut Connection, answer: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &NOTE_SENT_BACK, answer, at)?;
    Ok(())
}

/// How often answers with a template went out, and came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateUse {
    pub template: String,
    pub released: i64,
    /// Whose request was opened again soon after.
    pub reopened: i64,
    /// Which a second reader gave or sent back.
    pub sent_back: i64,
}

/// Answers with templates that went out since, by their templates.
pub async fn template_uses(connection: &mut Connection, since: DateTime<Utc>) -> Result<Vec<TemplateUse>, StoreError> {
    let rows = fetch!(connection, fetch_all, (String, i64, i64, i64), &TEMPLATE_USES, since)?;
    let read = |(template, released, reopened, sent_back)| TemplateUse { template, released, reopened, sent_back };
    Ok(rows.into_iter().map(read).collect())
}

/// How often something had a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored<T> {
    pub of: T,
    pub criterion: Criterion,
    pub score: Score,
    pub times: i64,
}

fn scored<T>((of, criterion, score, times): (T, String, String, i64)) -> Result<Scored<T>, StoreError> {
    let wrong = |column| StoreError::inconsistent("quality_score", column);
    let criterion = Criterion::from_key(&criterion).ok_or(wrong("criterion"))?;
    Ok(Scored { of, criterion, score: Score::from_key(&score).ok_or(wrong("score"))?, times })
}

/// The scores of answers with templates that went out since.
pub async fn template_scores(connection: &mut Connection, since: DateTime<Utc>) -> Result<Vec<Scored<String>>, StoreError> {
    type Row = (String, String, String, i64);
    fetch!(connection, fetch_all, Row, &TEMPLATE_SCORES, since)?.into_iter().map(scored).collect()
}

/// How many answers of a writer went out, as far as `most`.
pub async fn earlier_of_writer(connection: &mut Connection, writer: Uuid, most: i64) -> Result<i64, StoreError> {
    Ok(fetch!(connection, fetch_one, (i64,), &EARLIER_OF_WRITER, writer, most)?.0)
}

/// An answer that was drawn.
#[derive(Debug, Clone)]
pub struct Sample {
    pub answer: Uuid,
    pub request: Uuid,
    /// The office that answered.
    pub office: OfficeCode,
    pub written_by: Uuid,
    pub released_by: Uuid,
    pub drawn_at: DateTime<Utc>,
    pub read: Option<Read>,
}

/// That it was read, without the words.
#[derive(Debug, Clone, Copy)]
pub struct Read {
    pub by: Uuid,
    pub at: DateTime<Utc>,
    pub verdict: Verdict,
    /// When its writer saw it.
    pub seen_at: Option<DateTime<Utc>>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    answer_id: Uuid,
    request_id: Uuid,
    office: String,
    written_by: Uuid,
    released_by: Uuid,
    drawn_at: DateTime<Utc>,
    read_by: Option<Uuid>,
    read_at: Option<DateTime<Utc>>,
    verdict: Option<String>,
    seen_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Sample {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let read = match (row.read_by, row.read_at, row.verdict) {
            (Some(by), Some(at), Some(verdict)) => {
                let verdict = Verdict::from_key(&verdict).ok_or(wrong("verdict"))?;
                Some(Read { by, at, verdict, seen_at: row.seen_at })
            }
            _ => None,
        };
        Ok(Self {
            answer: row.answer_id,
            request: row.request_id,
            office: OfficeCode::parse(&row.office).map_err(|_| wrong("office"))?,
            written_by: row.written_by,
            released_by: row.released_by,
            drawn_at: row.drawn_at,
            read,
        })
    }
}

/// Adds an answer to those that are read again. False if it is there.
pub async fn add_sample(transaction: &mut Connection, sample: &Sample, rule: Uuid) -> Result<bool, StoreError> {
    let Sample { answer, request, office, written_by, released_by, drawn_at, .. } = sample;
    let added = execute!(transaction, &ADD_SAMPLE, *answer, *request, office.as_str(), rule, *written_by, *released_by, *drawn_at)?;
    Ok(added > 0)
}

pub async fn sample(connection: &mut Connection, answer: Uuid) -> Result<Option<Sample>, StoreError> {
    fetch!(connection, fetch_optional, Row, &SAMPLE, answer)?.map(Sample::try_from).transpose()
}

/// Answers of an office that nobody has read again, without those that `reader` wrote or released; the longest wait first.
pub async fn waiting(connection: &mut Connection, office: &OfficeCode, reader: Uuid, most: i64) -> Result<Vec<Sample>, StoreError> {
    fetch!(connection, fetch_all, Row, &WAITING, office.as_str(), reader, most)?.into_iter().map(Sample::try_from).collect()
}

/// Answers of a writer that were read again, the newest reading first.
pub async fn of_writer(connection: &mut Connection, writer: Uuid, most: i64) -> Result<Vec<Sample>, StoreError> {
    fetch!(connection, fetch_all, Row, &OF_WRITER, writer, most)?.into_iter().map(Sample::try_from).collect()
}

/// Keeps what a second reader found. False if somebody else was faster.
pub async fn judge(
    transaction: &mut Connection,
    keys: &Keys,
    (answer, case): (Uuid, Uuid),
    reading: &Reading,
    (by, at): (Uuid, DateTime<Utc>),
) -> Result<bool, StoreError> {
    let note = match reading.note() {
        Some(note) => Some(key_of(transaction, keys, case).await?.seal(note_cell(answer), note.as_bytes())?),
        None => None,
    };
    if execute!(transaction, &JUDGE, answer, by, at, reading.verdict().key(), note)? == 0 {
        return Ok(false);
    }
    for (criterion, score) in reading.scores() {
        execute!(transaction, &ADD_SCORE, answer, criterion.key(), score.key())?;
    }
    Ok(true)
}

const fn note_cell(answer: Uuid) -> Cell {
    Cell { table: "quality_sample", column: "note", row: answer }
}

/// What was found: the scores, and the words to the writer.
pub async fn found(
    connection: &mut Connection,
    keys: &Keys,
    (answer, case): (Uuid, Uuid),
) -> Result<(Scores, Option<Sensitive<String>>), StoreError> {
    let rows = fetch!(connection, fetch_all, (String, String), &SCORES, answer)?;
    let scores = rows.into_iter().map(|(criterion, score)| {
        Criterion::from_key(&criterion).zip(Score::from_key(&score)).ok_or(StoreError::inconsistent("quality_score", "score"))
    });
    let scores = scores.collect::<Result<Scores, _>>()?;
    let (sealed,) = fetch!(connection, fetch_one, (Option<Vec<u8>>,), &NOTE, answer)?;
    let Some(sealed) = sealed else { return Ok((scores, None)) };
    let plain = key_of(connection, keys, case).await?.open(note_cell(answer), &sealed)?;
    Ok((scores, Some(Sensitive::new(String::from_utf8(plain).map_err(|_| wrong("note"))?))))
}

/// Notes that the writer has seen what was found.
pub async fn seen(transaction: &mut Connection, answer: Uuid, at: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(transaction, &SEEN, answer, at)?;
    Ok(())
}

/// Whose readings are added up.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// All who wrote at an office.
    Office(&'a OfficeCode),
    Writer(Uuid),
}

/// The verdicts about writers since, each with how often.
pub async fn verdicts(
    connection: &mut Connection,
    whose: Whose<'_>,
    since: DateTime<Utc>,
) -> Result<Vec<(Uuid, Verdict, i64)>, StoreError> {
    type Row = (Uuid, String, i64);
    let rows = match whose {
        Whose::Office(office) => fetch!(connection, fetch_all, Row, &OFFICER_VERDICTS, office.as_str(), since)?,
        Whose::Writer(writer) => fetch!(connection, fetch_all, Row, &WRITER_VERDICTS, writer, since)?,
    };
    let read = |(who, verdict, times): Row| Ok((who, Verdict::from_key(&verdict).ok_or(wrong("verdict"))?, times));
    rows.into_iter().map(read).collect()
}

/// The scores of writers since.
pub async fn scores(connection: &mut Connection, whose: Whose<'_>, since: DateTime<Utc>) -> Result<Vec<Scored<Uuid>>, StoreError> {
    type Row = (Uuid, String, String, i64);
    let rows = match whose {
        Whose::Office(office) => fetch!(connection, fetch_all, Row, &OFFICER_SCORES, office.as_str(), since)?,
        Whose::Writer(writer) => fetch!(connection, fetch_all, Row, &WRITER_SCORES, writer, since)?,
    };
    rows.into_iter().map(scored).collect()
}
