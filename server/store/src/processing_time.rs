//! Published processing times. Every edition is kept; the newest of a form, category and office is current.

use chrono::{DateTime, NaiveDate, Utc};
use shared::case_status::FormNumber;
use shared::office::OfficeCode;
use shared::processing_time::{Bound, CategoryKey, Posted, Unit};

use crate::StoreError;
use crate::engine::{Connection, execute, fetch, statement};

statement! { main,
    ADD = "INSERT INTO processing_time (form, category, office, published_on, recorded_at, upper_halves, upper_unit, lower_halves, \
           lower_unit, inquiry_date, category_en, category_es, note_en, note_es) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    FORMS = "SELECT DISTINCT form FROM processing_time ORDER BY form";
    OF_EDITION = "SELECT form, category, office, published_on, upper_halves, upper_unit, lower_halves, lower_unit, inquiry_date, \
                  category_en, category_es, note_en, note_es FROM processing_time \
                  WHERE form = $1 AND category = $2 AND office = $3 AND published_on = $4 ORDER BY recorded_at DESC LIMIT 1";
    CURRENT = "SELECT form, category, office, published_on, upper_halves, upper_unit, lower_halves, lower_unit, inquiry_date, \
               category_en, category_es, note_en, note_es FROM processing_time AS posted \
               WHERE form = $1 AND NOT EXISTS (SELECT 1 FROM processing_time AS newer WHERE newer.form = posted.form \
               AND newer.category = posted.category AND newer.office = posted.office AND (newer.published_on > posted.published_on \
               OR (newer.published_on = posted.published_on AND newer.recorded_at > posted.recorded_at))) \
               ORDER BY category, office";
}

/// What an edition says about a form, a category and an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub form: FormNumber,
    pub category: CategoryKey,
    pub office: OfficeCode,
    pub posted: Posted,
    /// What the category is called.
    pub category_en: String,
    pub category_es: String,
    /// What the agency adds; mostly nothing.
    pub note_en: String,
    pub note_es: String,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    form: String,
    category: String,
    office: String,
    published_on: String,
    upper_halves: Option<i64>,
    upper_unit: Option<String>,
    lower_halves: Option<i64>,
    lower_unit: Option<String>,
    inquiry_date: Option<String>,
    category_en: String,
    category_es: String,
    note_en: String,
    note_es: String,
}

impl TryFrom<Row> for Posting {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("processing_time", column);
        let day = |text: &str, column| text.parse::<NaiveDate>().map_err(|_| wrong(column));
        Ok(Self {
            form: FormNumber::parse(&row.form).map_err(|_| wrong("form"))?,
            category: CategoryKey::parse(&row.category).map_err(|_| wrong("category"))?,
            office: OfficeCode::parse(&row.office).map_err(|_| wrong("office"))?,
            posted: Posted {
                published: day(&row.published_on, "published_on")?,
                upper: bound(row.upper_halves, row.upper_unit.as_deref()).map_err(|()| wrong("upper_halves"))?,
                lower: bound(row.lower_halves, row.lower_unit.as_deref()).map_err(|()| wrong("lower_halves"))?,
                inquiry_date: row.inquiry_date.as_deref().map(|text| day(text, "inquiry_date")).transpose()?,
            },
            category_en: row.category_en,
            category_es: row.category_es,
            note_en: row.note_en,
            note_es: row.note_es,
        })
    }
}

fn bound(halves: Option<i64>, unit: Option<&str>) -> Result<Option<Bound>, ()> {
    let Some((halves, unit)) = halves.zip(unit) else { return Ok(None) };
    let unit = Unit::from_key(unit).ok_or(())?;
    let halves = u32::try_from(halves).map_err(|_| ())?;
    Bound::of_halves(halves, unit).map(Some).map_err(|_| ())
}

/// Adds what an edition says, unless the same was recorded last. Whether it was added.
pub async fn add(transaction: &mut Connection, posting: &Posting, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let (form, category, office) = (posting.form.as_str(), posting.category.as_str(), posting.office.as_str());
    let published = posting.posted.published.to_string();
    let known = fetch!(transaction, fetch_optional, Row, &OF_EDITION, form, category, office, &published)?;
    if known.map(Posting::try_from).transpose()?.as_ref() == Some(posting) {
        return Ok(false);
    }
    let halves = |bound: Option<Bound>| bound.map(|bound| i64::from(bound.halves()));
    let unit = |bound: Option<Bound>| bound.map(|bound| bound.unit().key());
    let Posted { upper, lower, inquiry_date, .. } = posting.posted;
    execute!(
        transaction,
        &ADD,
        form,
        category,
        office,
        &published,
        now,
        halves(upper),
        unit(upper),
        halves(lower),
        unit(lower),
        inquiry_date.map(|day| day.to_string()),
        &posting.category_en,
        &posting.category_es,
        &posting.note_en,
        &posting.note_es,
    )?;
    Ok(true)
}

/// The forms about which anything was published.
pub async fn forms(connection: &mut Connection) -> Result<Vec<FormNumber>, StoreError> {
    let parse = |(form,): (String,)| FormNumber::parse(&form).map_err(|_| StoreError::inconsistent("processing_time", "form"));
    fetch!(connection, fetch_all, (String,), &FORMS)?.into_iter().map(parse).collect()
}

/// What is now published about a form, by category and office.
pub async fn current(connection: &mut Connection, form: &FormNumber) -> Result<Vec<Posting>, StoreError> {
    fetch!(connection, fetch_all, Row, &CURRENT, form.as_str())?.into_iter().map(Posting::try_from).collect()
}
