//! Processing times as JSON, in the shapes of the agency's own service. Open to everybody; nothing in it is anybody's.
#![expect(clippy::struct_field_names, reason = "the published names")]

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use chrono::NaiveDate;
use domain::Context;
use domain::processing_time::{Posting, forms, of_form, office_name};
use serde::Serialize;
use shared::case_status::FormNumber;
use shared::processing_time::Bound;

use super::App;
use super::api::Problem;

pub fn routes(app: &App) -> Router {
    Router::new()
        .route("/processing-times/api/forms", get(list_forms))
        .route("/processing-times/api/formtypes/{form}", get(form_types))
        .route("/processing-times/api/formoffices/{form}/{form_key}", get(form_offices))
        .route("/processing-times/api/processingtime/{form}/{office}", get(processing_time))
        .route("/processing-times/api/processingtime/{form}/{office}/{form_key}", get(processing_time_of_category))
        .with_state(app.clone())
}

/// `{"data":{...}}`
#[derive(Serialize)]
struct Answer<T> {
    data: T,
}

#[derive(Serialize)]
struct Forms {
    forms: ListOfForms,
}

#[derive(Serialize)]
struct ListOfForms {
    forms: Vec<Form>,
}

#[derive(Serialize)]
struct Form {
    form_name: String,
    form_description_en: String,
    form_description_es: String,
}

#[derive(Serialize)]
struct FormTypes {
    form_types: FormType,
}

#[derive(Serialize)]
struct FormType {
    form_name: String,
    subtypes: Vec<Category>,
}

#[derive(Serialize)]
struct Category {
    form_key: String,
    form_type: String,
    form_type_description_en: String,
    form_type_description_es: String,
}

#[derive(Serialize)]
struct FormOffices {
    form_offices: Offices,
}

#[derive(Serialize)]
struct Offices {
    form_name: String,
    form_type: String,
    offices: Vec<Office>,
}

#[derive(Serialize)]
struct Office {
    office_code: String,
    office_description: String,
}

#[derive(Serialize)]
struct ProcessingTime {
    processing_time: OfOffice,
}

#[derive(Serialize)]
struct OfOffice {
    form_name: String,
    office_code: String,
    form_note_en: String,
    form_note_es: String,
    range: Vec<End>,
    subtypes: Vec<Subtype>,
}

#[derive(Serialize)]
struct Subtype {
    form_type: String,
    publication_date: String,
    service_request_date: String,
    range: Vec<End>,
    #[serde(rename = "subtype_info_en")]
    info_en: String,
    #[serde(rename = "subtype_info_es")]
    info_es: String,
    #[serde(rename = "subtype_note_en")]
    note_en: String,
    #[serde(rename = "subtype_note_es")]
    note_es: String,
}

/// One end of a range: the upper one first.
#[derive(Serialize)]
struct End {
    unit: &'static str,
    unit_en: &'static str,
    unit_es: &'static str,
    value: Amount,
}

/// An absent one is an empty text, never 0.
#[derive(Serialize)]
#[serde(untagged)]
enum Amount {
    Whole(u32),
    Half(f64),
    Absent(&'static str),
}

type Reply<T> = Result<Json<Answer<T>>, Problem>;

const fn reply<T>(data: T) -> Json<Answer<T>> {
    Json(Answer { data })
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no published processing time for this")
}

async fn list_forms(State(app): State<App>) -> Reply<Forms> {
    let form = |listed: domain::processing_time::ListedForm| Form {
        form_name: listed.form.as_str().to_owned(),
        form_description_en: listed.name_en,
        form_description_es: listed.name_es,
    };
    let forms = forms(&app.portal.domain).await?.into_iter().map(form).collect();
    Ok(reply(Forms { forms: ListOfForms { forms } }))
}

/// What is published of a form; an error if nothing is.
async fn postings(ctx: &Context, form: &str, wanted: impl Fn(&Posting) -> bool) -> Result<Vec<Posting>, Problem> {
    let form = FormNumber::parse(&form.to_ascii_uppercase()).map_err(|_| unknown())?;
    let mut postings = of_form(ctx, &form).await?;
    postings.retain(wanted);
    if postings.is_empty() { Err(unknown()) } else { Ok(postings) }
}

async fn form_types(State(app): State<App>, path: Result<Path<String>, PathRejection>) -> Reply<FormTypes> {
    let Path(form) = path.map_err(|_| unknown())?;
    let mut postings = postings(&app.portal.domain, &form, |_| true).await?;
    // In the order of their keys, as they come.
    postings.dedup_by(|a, b| a.category == b.category);
    let category = |posting: &Posting| Category {
        form_key: posting.category.as_str().to_owned(),
        form_type: posting.category.as_str().to_owned(),
        form_type_description_en: posting.category_en.clone(),
        form_type_description_es: posting.category_es.clone(),
    };
    let form_name = postings[0].form.as_str().to_owned();
    Ok(reply(FormTypes { form_types: FormType { form_name, subtypes: postings.iter().map(category).collect() } }))
}

async fn form_offices(State(app): State<App>, path: Result<Path<(String, String)>, PathRejection>) -> Reply<FormOffices> {
    let Path((form, key)) = path.map_err(|_| unknown())?;
    let ctx = &app.portal.domain;
    let postings = postings(ctx, &form, |posting| posting.category.as_str().eq_ignore_ascii_case(&key)).await?;
    let office = |posting: &Posting| Office {
        office_code: posting.office.as_str().to_owned(),
        office_description: office_name(ctx, &posting.office),
    };
    let first = &postings[0];
    let (form_name, form_type) = (first.form.as_str().to_owned(), first.category.as_str().to_owned());
    Ok(reply(FormOffices { form_offices: Offices { form_name, form_type, offices: postings.iter().map(office).collect() } }))
}

async fn processing_time(State(app): State<App>, path: Result<Path<(String, String)>, PathRejection>) -> Reply<ProcessingTime> {
    let Path((form, office)) = path.map_err(|_| unknown())?;
    time(&app, &form, |posting| posting.office.as_str().eq_ignore_ascii_case(&office)).await
}

async fn processing_time_of_category(
    State(app): State<App>,
    path: Result<Path<(String, String, String)>, PathRejection>,
) -> Reply<ProcessingTime> {
    let Path((form, office, key)) = path.map_err(|_| unknown())?;
    let is_wanted = |posting: &Posting| {
        posting.office.as_str().eq_ignore_ascii_case(&office) && posting.category.as_str().eq_ignore_ascii_case(&key)
    };
    time(&app, &form, is_wanted).await
}

async fn time(app: &App, form: &str, wanted: impl Fn(&Posting) -> bool) -> Reply<ProcessingTime> {
    let postings = postings(&app.portal.domain, form, wanted).await?;
    let first = &postings[0];
    Ok(reply(ProcessingTime {
        processing_time: OfOffice {
            form_name: first.form.as_str().to_owned(),
            office_code: first.office.as_str().to_owned(),
            form_note_en: first.note_en.clone(),
            form_note_es: first.note_es.clone(),
            range: range(first),
            subtypes: postings.iter().map(subtype).collect(),
        },
    }))
}

fn subtype(posting: &Posting) -> Subtype {
    Subtype {
        form_type: posting.category.as_str().to_owned(),
        publication_date: long_date(posting.posted.published),
        service_request_date: posting.posted.inquiry_date.map_or_else(String::new, long_date),
        range: range(posting),
        info_en: posting.category_en.clone(),
        info_es: posting.category_es.clone(),
        note_en: posting.note_en.clone(),
        note_es: posting.note_es.clone(),
    }
}

/// `September 07, 2024`: here the day has two digits.
fn long_date(day: NaiveDate) -> String {
    day.format("%B %d, %Y").to_string()
}

/// The upper end; and the lower one where the agency still gives it.
fn range(posting: &Posting) -> Vec<End> {
    let lower = posting.posted.lower.map(|bound| end(Some(bound)));
    std::iter::once(end(posting.posted.upper)).chain(lower).collect()
}

fn end(bound: Option<Bound>) -> End {
    let Some(bound) = bound else { return End { unit: "", unit_en: "", unit_es: "", value: Amount::Absent("") } };
    let unit = bound.unit();
    let value =
        if bound.halves() % 2 == 0 { Amount::Whole(bound.halves() / 2) } else { Amount::Half(f64::from(bound.halves()) / 2.0) };
    End { unit: unit.key(), unit_en: unit.key(), unit_es: unit.name(shared::locale::Locale::Es), value }
}
