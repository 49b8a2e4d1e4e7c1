//! Processing times as JSON, in the shapes of the agency's own service. Open to everybody; nothing in it is anybody's.
#![expect(clippy::struct_field_names, reason = "the published names")]

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use domain::Context;
use domain::processing_time::{Posting, forms, of_form, office_name};
use serde::Serialize;
use shared::case_status::FormNumber;
use shared::processing_time::Bound;
use utoipa::openapi::schema::{AnyOfBuilder, Object, ObjectBuilder, Schema, Type};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::api::{AtAnyTime, Problem, ProblemBody};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_forms))
        .routes(routes!(form_types))
        .routes(routes!(form_offices))
        .routes(routes!(processing_time))
        .routes(routes!(processing_time_of_category))
}

/// What an operation answers that asks for something by its keys.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "utoipa reads the variants, nobody makes one")]
enum ByKey {
    /// Nothing is published for these keys.
    #[response(status = 404, example = json!({ "code": 404, "message": UNKNOWN }))]
    Unknown(ProblemBody),
}

/// `{"data":{...}}`
#[derive(Serialize, ToSchema)]
#[schema(as = Data)]
struct Answer<T> {
    data: T,
}

#[derive(Serialize, ToSchema)]
struct Forms {
    forms: ListOfForms,
}

#[derive(Serialize, ToSchema)]
struct ListOfForms {
    forms: Vec<Form>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ListedForm)]
struct Form {
    form_name: String,
    form_description_en: String,
    form_description_es: String,
}

#[derive(Serialize, ToSchema)]
struct FormTypes {
    form_types: FormType,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FormCategories)]
struct FormType {
    form_name: String,
    subtypes: Vec<Category>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FormCategory)]
struct Category {
    form_key: String,
    form_type: String,
    form_type_description_en: String,
    form_type_description_es: String,
}

#[derive(Serialize, ToSchema)]
struct FormOffices {
    form_offices: Offices,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CategoryOffices)]
struct Offices {
    form_name: String,
    form_type: String,
    offices: Vec<Office>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ListedOffice)]
struct Office {
    office_code: String,
    office_description: String,
}

#[derive(Serialize, ToSchema)]
struct ProcessingTime {
    processing_time: OfOffice,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OfficeTime)]
struct OfOffice {
    form_name: String,
    office_code: String,
    form_note_en: String,
    form_note_es: String,
    range: Vec<End>,
    subtypes: Vec<Subtype>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CategoryTime)]
struct Subtype {
    form_type: String,
    /// `September 07, 2024`
    publication_date: String,
    /// Whoever was received before this day may ask; empty if there is none. Written as the date of publication is.
    service_request_date: String,
    /// The upper end first, then the lower one if it is published.
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
#[derive(Serialize, ToSchema)]
#[schema(as = RangeEnd)]
struct End {
    /// `Months`, `Weeks` or `Days`; empty if there is no time.
    unit: &'static str,
    unit_en: &'static str,
    unit_es: &'static str,
    /// A number, whole or with a half; an empty text if there is no time, never 0.
    #[schema(schema_with = amount)]
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

fn amount() -> Schema {
    let number = Object::with_type(Type::Number);
    let empty = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0)).build();
    AnyOfBuilder::new().item(number).item(empty).into()
}

type Reply<T> = Result<Json<Answer<T>>, Problem>;

const fn reply<T>(data: T) -> Json<Answer<T>> {
    Json(Answer { data })
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, UNKNOWN)
}

const UNKNOWN: &str = "There is no published processing time for this";

/// List the forms that have a published time.
#[utoipa::path(
    get,
    path = "/processing-times/api/forms",
    tag = "Processing times",
    operation_id = "listForms",
    responses(
        (
            status = 200,
            description = "The forms, in the order of their numbers.",
            body = Answer<Forms>,
            example = json!({ "data": { "forms": { "forms": [{
                "form_name": "I-90",
                "form_description_en": "Application to Replace Permanent Resident Card",
                "form_description_es": "Solicitud para Reemplazar la Tarjeta de Residente Permanente"
            }] } } })
        ),
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Ver los formularios que tienen un tiempo publicado.")))
)]
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

/// List the categories of a form.
///
/// `form_key` and `form_type` are the same key.
#[utoipa::path(
    get,
    path = "/processing-times/api/formtypes/{form}",
    tag = "Processing times",
    operation_id = "listCategories",
    params(
        ("form" = String, Path, description = "Number of the form.", pattern = "^[A-Z]{1,4}-[0-9]{1,4}[A-Z]{0,3}$", example = "I-130")
    ),
    responses(
        (
            status = 200,
            description = "The categories, in the order of their keys.",
            body = Answer<FormTypes>,
            example = json!({ "data": { "form_types": { "form_name": "I-130", "subtypes": [{
                "form_key": "SPOUSE", "form_type": "SPOUSE",
                "form_type_description_en": "Spouse", "form_type_description_es": "Cónyuge"
            }] } } })
        ),
        ByKey,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Ver las categorías de un formulario.")))
)]
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

/// List the offices that have a time for a category.
#[utoipa::path(
    get,
    path = "/processing-times/api/formoffices/{form}/{form_key}",
    tag = "Processing times",
    operation_id = "listOffices",
    params(
        ("form" = String, Path, description = "Number of the form.", pattern = "^[A-Z]{1,4}-[0-9]{1,4}[A-Z]{0,3}$", example = "I-130"),
        ("form_key" = String, Path, description = "`form_key` of a category.", pattern = "^[A-Z0-9-]{1,20}$", example = "SPOUSE")
    ),
    responses(
        (
            status = 200,
            description = "The offices.",
            body = Answer<FormOffices>,
            example = json!({ "data": { "form_offices": {
                "form_name": "I-130", "form_type": "SPOUSE",
                "offices": [{ "office_code": "NBC", "office_description": "National Benefits Center" }]
            } } })
        ),
        ByKey,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Ver las oficinas que tienen un tiempo para una categoría.")))
)]
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

/// Read the times of an office for all categories of a form.
///
/// `range` and notes outside `subtypes` are those of the first category.
#[utoipa::path(
    get,
    path = "/processing-times/api/processingtime/{form}/{office}",
    tag = "Processing times",
    operation_id = "readTimes",
    params(
        ("form" = String, Path, description = "Number of the form.", pattern = "^[A-Z]{1,4}-[0-9]{1,4}[A-Z]{0,3}$", example = "I-130"),
        ("office" = String, Path, description = "`office_code` of an office.", pattern = "^[A-Z0-9]{2,5}$", example = "VSC")
    ),
    responses(
        (
            status = 200,
            description = "The times of all categories that the office has a time for.",
            body = Answer<ProcessingTime>,
            example = json!({ "data": { "processing_time": {
                "form_name": "I-130", "office_code": "VSC", "form_note_en": "", "form_note_es": "",
                "range": [{ "unit": "Months", "unit_en": "Months", "unit_es": "Meses", "value": 35 }],
                "subtypes": [{
                    "form_type": "SPOUSE", "publication_date": "November 01, 2026", "service_request_date": "July 01, 2022",
                    "range": [{ "unit": "Months", "unit_en": "Months", "unit_es": "Meses", "value": 35 }],
                    "subtype_info_en": "Spouse", "subtype_info_es": "Cónyuge", "subtype_note_en": "", "subtype_note_es": ""
                }]
            } } })
        ),
        ByKey,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Leer los tiempos de una oficina para todas las categorías de un formulario.")))
)]
async fn processing_time(State(app): State<App>, path: Result<Path<(String, String)>, PathRejection>) -> Reply<ProcessingTime> {
    let Path((form, office)) = path.map_err(|_| unknown())?;
    time(&app, &form, |posting| posting.office.as_str().eq_ignore_ascii_case(&office)).await
}

/// Read the time of one category at an office.
#[utoipa::path(
    get,
    path = "/processing-times/api/processingtime/{form}/{office}/{form_key}",
    tag = "Processing times",
    operation_id = "readTime",
    params(
        ("form" = String, Path, description = "Number of the form.", pattern = "^[A-Z]{1,4}-[0-9]{1,4}[A-Z]{0,3}$", example = "I-130"),
        ("office" = String, Path, description = "`office_code` of an office.", pattern = "^[A-Z0-9]{2,5}$", example = "VSC"),
        ("form_key" = String, Path, description = "`form_key` of a category.", pattern = "^[A-Z0-9-]{1,20}$", example = "SPOUSE")
    ),
    responses(
        (
            status = 200,
            description = "The time.",
            body = Answer<ProcessingTime>,
            example = json!({ "data": { "processing_time": {
                "form_name": "I-130", "office_code": "VSC", "form_note_en": "", "form_note_es": "",
                "range": [{ "unit": "Months", "unit_en": "Months", "unit_es": "Meses", "value": 35 }],
                "subtypes": [{
                    "form_type": "SPOUSE", "publication_date": "November 01, 2026", "service_request_date": "July 01, 2022",
                    "range": [{ "unit": "Months", "unit_en": "Months", "unit_es": "Meses", "value": 35 }],
                    "subtype_info_en": "Spouse", "subtype_info_es": "Cónyuge", "subtype_note_en": "", "subtype_note_es": ""
                }]
            } } })
        ),
        ByKey,
        AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Leer el tiempo de una categoría en una oficina.")))
)]
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
