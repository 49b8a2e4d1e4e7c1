//! Editions as files: CSV, one time a line, or the JSON of the agency's present service, one answer after another.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use shared::case_status::FormNumber;
use shared::office::OfficeCode;
use shared::processing_time::{Bound, CategoryKey, Posted, Unit};
use store::processing_time::Posting;

use crate::Error;

/// Longest name or note.
const LONGEST: usize = 2000;

/// Reads a file of either kind, as of a day.
pub(super) fn read(text: &str, today: NaiveDate) -> Result<Vec<Posting>, Error> {
    let text = text.trim_start_matches('\u{feff}');
    let postings = if text.trim_start().starts_with(['{', '[']) { read_json(text) } else { read_csv(text) }?;
    if postings.is_empty() {
        return Err(unusable("the file", "holds no processing time."));
    }
    for (at, posting) in postings.iter().enumerate() {
        let name = || format!("{} {} {}", posting.form.as_str(), posting.category.as_str(), posting.office.as_str());
        // It would hide every edition until that day.
        if posting.posted.published > today {
            return Err(unusable(&name(), "the publication date must not be in the future."));
        }
        let key =
            |posting: &Posting| (posting.form.clone(), posting.category.clone(), posting.office.clone(), posting.posted.published);
        if postings[..at].iter().any(|earlier| key(earlier) == key(posting)) {
            return Err(unusable(&name(), "stands twice for one publication date."));
        }
    }
    Ok(postings)
}

fn unusable(place: &str, what: &str) -> Error {
    Error::Unusable(format!("{place}: {what}"))
}

/// A line of the CSV, by the names of its header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    form: String,
    category: String,
    category_en: String,
    category_es: String,
    office: String,
    upper: String,
    lower: String,
    unit: String,
    /// The JSON has a unit for each end.
    #[serde(skip)]
    lower_unit: Option<String>,
    inquiry_date: String,
    published: String,
    note_en: String,
    note_es: String,
}

const HEADER: &str = "form,category,category_en,category_es,office,upper,lower,unit,inquiry_date,published,note_en,note_es";

fn read_csv(text: &str) -> Result<Vec<Posting>, Error> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map(|names| names.iter().map(Into::into).collect()).unwrap_or_default();
    if header.join(",") != HEADER {
        return Err(Error::Unusable(format!("Line 1 must be the header: {HEADER}")));
    }
    let mut postings = Vec::new();
    for (at, line) in reader.deserialize::<Line>().enumerate() {
        let place = format!("Record {}", at + 1);
        let line = line.map_err(|_| unusable(&place, "does not have the header's fields."))?;
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        postings.push(posting(line, day, "2026-08-17").map_err(|what| unusable(&place, &what))?);
    }
    Ok(postings)
}

fn posting(line: Line, day: impl Fn(&str) -> Option<NaiveDate>, example: &str) -> Result<Posting, String> {
    let bound = |amount: &str, unit: &str| -> Result<Option<Bound>, String> {
        if amount.is_empty() {
            return Ok(None);
        }
        let unit = Unit::from_key(unit).ok_or("unit must be Days, Weeks or Months.")?;
        Bound::parse(amount, unit).map(Some).map_err(|error| format!("{error}."))
    };
    let a_day = |text: &str, field: &str| day(text).ok_or(format!("{field} must be a day, as {example}."));
    let inquiry_date = (!line.inquiry_date.is_empty()).then(|| a_day(&line.inquiry_date, "inquiry_date")).transpose()?;
    let posted = Posted {
        published: a_day(&line.published, "published")?,
        upper: bound(&line.upper, &line.unit)?,
        lower: bound(&line.lower, line.lower_unit.as_deref().unwrap_or(&line.unit))?,
        inquiry_date,
    };
    if posted.inquiry_date.is_some_and(|inquiry_date| inquiry_date > posted.published) {
        return Err("the inquiry date must not be after the publication.".into());
    }
    let is_upside_down = |(upper, lower): (Bound, Bound)| upper.unit() == lower.unit() && upper.halves() < lower.halves();
    if posted.upper.zip(posted.lower).is_some_and(is_upside_down) {
        return Err("the upper amount must not be less than the lower one.".into());
    }
    for text in [&line.category_en, &line.category_es, &line.note_en, &line.note_es] {
        if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            return Err(format!("a text has at most {LONGEST} characters, in one line."));
        }
    }
    // What the public reads is in both languages or not there.
    if line.category_en.is_empty() || line.category_es.is_empty() || line.note_en.is_empty() != line.note_es.is_empty() {
        return Err("the category and any note are needed in both languages.".into());
    }
    Ok(Posting {
        form: FormNumber::parse(&line.form).map_err(|error| format!("form {error}."))?,
        category: CategoryKey::parse(&line.category).map_err(|error| format!("{error}."))?,
        office: OfficeCode::parse(&line.office).map_err(|error| format!("{error}."))?,
        posted,
        category_en: line.category_en,
        category_es: line.category_es,
        note_en: line.note_en,
        note_es: line.note_es,
    })
}

/// An answer of the present service's `processingtime`. What it says beside is left aside.
#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    processing_time: OfOffice,
}

#[derive(Deserialize)]
struct OfOffice {
    form_name: String,
    office_code: String,
    subtypes: Vec<Subtype>,
}

#[derive(Deserialize)]
struct Subtype {
    form_type: String,
    publication_date: String,
    #[serde(default)]
    service_request_date: Option<String>,
    range: Vec<End>,
    #[serde(default, rename = "subtype_info_en")]
    info_en: Option<String>,
    #[serde(default, rename = "subtype_info_es")]
    info_es: Option<String>,
    #[serde(default, rename = "subtype_note_en")]
    note_en: Option<String>,
    #[serde(default, rename = "subtype_note_es")]
    note_es: Option<String>,
}

/// One end of a range. A missing one is an empty text.
#[derive(Deserialize)]
struct End {
    #[serde(default)]
    unit: Option<String>,
    value: Value,
}

impl End {
    fn amount(&self) -> String {
        match &self.value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            _ => String::new(),
        }
    }
}

fn read_json(text: &str) -> Result<Vec<Posting>, Error> {
    let (mut postings, mut read_so_far) = (Vec::new(), 0);
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let document = document.map_err(|error| Error::Unusable(format!("The file is not JSON: {error}.")))?;
        let answers = match document {
            Value::Array(answers) => answers,
            answer => vec![answer],
        };
        for answer in answers {
            read_so_far += 1;
            let place = format!("Answer {read_so_far}");
            let answer: Answer = serde_json::from_value(answer)
                .map_err(|error| unusable(&place, &format!("is no processing time of the present service: {error}.")))?;
            for subtype in &answer.data.processing_time.subtypes {
                postings.push(of_subtype(&answer.data.processing_time, subtype).map_err(|what| unusable(&place, &what))?);
            }
        }
    }
    Ok(postings)
}

fn of_subtype(office: &OfOffice, subtype: &Subtype) -> Result<Posting, String> {
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    let end = |at: usize| subtype.range.get(at).map(End::amount).unwrap_or_default();
    let unit = |at: usize| subtype.range.get(at).and_then(|end| end.unit.clone());
    let line = Line {
        form: office.form_name.clone(),
        category: subtype.form_type.clone(),
        category_en: text(&subtype.info_en),
        category_es: text(&subtype.info_es),
        office: office.office_code.clone(),
        upper: end(0),
        lower: end(1),
        unit: unit(0).unwrap_or_default(),
        lower_unit: unit(1),
        inquiry_date: text(&subtype.service_request_date),
        published: subtype.publication_date.trim().to_owned(),
        note_en: text(&subtype.note_en),
        note_es: text(&subtype.note_es),
    };
    let day = |text: &str| NaiveDate::parse_from_str(text, "%B %d, %Y").ok();
    posting(line, day, "August 17, 2026")
}
