//! Figures of the newest readings: of templates, for who looks after them; of officers, for their supervisor and themselves.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use shared::office::OfficeCode;
use shared::quality::{Criterion, Score, Verdict};
use shared::service_request::OfficerId;
use store::engine::Connection;
use store::quality::{self as rows, Whose};

use crate::{Action, Context, Error, Officer};

/// The time that figures are about, until now.
pub const WINDOW: TimeDelta = TimeDelta::days(90);

/// How often each score was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<(Criterion, Score), i64>);

impl Tally {
    pub fn times(&self, criterion: Criterion, score: Score) -> i64 {
        self.0.get(&(criterion, score)).copied().unwrap_or_default()
    }

    fn add(&mut self, criterion: Criterion, score: Score, times: i64) {
        *self.0.entry((criterion, score)).or_default() += times;
    }
}

/// What became of answers with a template.
#[derive(Debug, Clone)]
pub struct TemplateFigures {
    pub key: String,
    /// None once it is out of use.
    pub title: Option<String>,
    pub released: i64,
    /// Whose request was opened again within 30 days.
    pub reopened: i64,
    /// Which a second reader gave or sent back.
    pub sent_back: i64,
    pub scores: Tally,
}

/// Templates with which answers went out.
pub async fn template_figures(ctx: &Context, officer: &Officer) -> Result<Vec<TemplateFigures>, Error> {
    officer.check_somewhere(Action::ReviewAnswers)?;
    let since = ctx.now() - WINDOW;
    let mut connection = ctx.store.read_primary().await?;
    let titles: BTreeMap<String, String> = store::answer::templates(&mut connection)
        .await?
        .into_iter()
        .map(|stored| (stored.template.key().as_str().to_owned(), stored.template.title().to_owned()))
        .collect();
    let mut scores: BTreeMap<String, Tally> = BTreeMap::new();
    for scored in rows::template_scores(&mut connection, since).await? {
        scores.entry(scored.of).or_default().add(scored.criterion, scored.score, scored.times);
    }
    let figures = |used: rows::TemplateUse| TemplateFigures {
        title: titles.get(&used.template).cloned(),
        scores: scores.remove(&used.template).unwrap_or_default(),
        key: used.template,
        released: used.released,
        reopened: used.reopened,
        sent_back: used.sent_back,
    };
    Ok(rows::template_uses(&mut connection, since).await?.into_iter().map(figures).collect())
}

/// What was found in the answers of an officer.
#[derive(Debug, Clone)]
pub struct OfficerFigures {
    pub officer: OfficerId,
    pub verdicts: BTreeMap<&'static str, i64>,
    pub scores: Tally,
}

impl OfficerFigures {
    pub fn times(&self, verdict: Verdict) -> i64 {
        self.verdicts.get(verdict.key()).copied().unwrap_or_default()
    }
}

/// Officers who wrote at an office, for its supervisor. That they were looked at stands in the audit log.
pub async fn officer_figures(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Vec<OfficerFigures>, Error> {
    officer.check(Action::ReadOfficerScores, office)?;
    let mut transaction = ctx.store.begin().await?;
    let figures = figures(ctx, &mut transaction, Whose::Office(office)).await?;
    ctx.audit(&mut transaction, officer.actor(), "quality.figures", office.as_str(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(figures)
}

/// One's own figures; none before the first reading.
pub async fn own_figures(ctx: &Context, officer: &Officer) -> Result<Option<OfficerFigures>, Error> {
    officer.check_somewhere(Action::AnswerRequest)?;
    Ok(figures(ctx, &mut ctx.store.read_primary().await?, Whose::Writer(officer.id())).await?.pop())
}

async fn figures(ctx: &Context, connection: &mut Connection, whose: Whose<'_>) -> Result<Vec<OfficerFigures>, Error> {
    let since = ctx.now() - WINDOW;
    let mut all: BTreeMap<OfficerId, OfficerFigures> = BTreeMap::new();
    for (who, verdict, times) in rows::verdicts(connection, whose, since).await? {
        let officer = OfficerId(who.as_u128());
        let new = || OfficerFigures { officer, verdicts: BTreeMap::new(), scores: Tally::default() };
        all.entry(officer).or_insert_with(new).verdicts.insert(verdict.key(), times);
    }
    for scored in rows::scores(connection, whose, since).await? {
        if let Some(figures) = all.get_mut(&OfficerId(scored.of.as_u128())) {
            figures.scores.add(scored.criterion, scored.score, scored.times);
        }
    }
    Ok(all.into_values().collect())
}
