//! The answer to somebody who asked about their own records, as files: the letter, and what is given.

use std::sync::Arc;

use app::console::AtWork;
use app::console::site::REDRESS;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use domain::redress::{Package, letter, package};
use domain::report::{Cell, Export, Format, Sheet};
use shared::redress::HeldLine;
use uuid::Uuid;

use super::{App, console_letter, error_pages, sheet};

/// For who signed in: the layer of the console stands before it.
pub fn routes(app: &App) -> Router {
    Router::new()
        .route(&format!("{REDRESS}/{{request}}/letter.pdf"), get(written))
        .route(&format!("{REDRESS}/{{request}}/records.json"), get(json))
        .route(&format!("{REDRESS}/{{request}}/records.csv"), get(csv))
        .with_state(app.clone())
}

/// What is no id is nobody's request.
fn named(request: &str) -> Uuid {
    request.parse().unwrap_or_default()
}

async fn written(State(app): State<App>, Path(request): Path<String>, http: Request) -> Response {
    let Some(at_work) = AtWork::of(&Arc::clone(&app.console), http.extensions()) else {
        return error_pages::bare(StatusCode::FORBIDDEN);
    };
    let found = letter(&app.console.domain, at_work.officer(), named(&request)).await;
    console_letter::set(&app, found, "answer.pdf").await
}

async fn json(State(app): State<App>, Path(request): Path<String>, http: Request) -> Response {
    let found = match given(&app, &request, AtWork::of(&Arc::clone(&app.console), http.extensions())).await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    match serde_json::to_vec_pretty(&found) {
        Ok(file) => console_letter::download("application/json", "records.json", file),
        Err(_) => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn csv(State(app): State<App>, Path(request): Path<String>, http: Request) -> Response {
    let found = match given(&app, &request, AtWork::of(&Arc::clone(&app.console), http.extensions())).await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    match sheet::file(&table(&found), Format::Csv) {
        Some(file) => console_letter::download(sheet::media_type(Format::Csv), "records.csv", file),
        None => error_pages::bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// What was given, for who may have it. That it was taken out is noted.
async fn given(app: &App, request: &str, at_work: Option<AtWork>) -> Result<Package, Response> {
    let Some(at_work) = at_work else { return Err(error_pages::bare(StatusCode::FORBIDDEN)) };
    match package(&app.console.domain, at_work.officer(), named(request)).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(error_pages::bare(StatusCode::NOT_FOUND)),
        Err(error) => Err(console_letter::failed(&error)),
    }
}

const HEADS: [&str; 6] = ["part", "about", "what", "stated_by", "since", "until"];

fn table(package: &Package) -> Export {
    let row = |line: &HeldLine| {
        let text = |text: &str| Cell::Text(text.to_owned());
        let day = |day: Option<chrono::NaiveDate>| day.map_or(Cell::Empty, |day| Cell::Text(day.to_string()));
        vec![text(line.part.key()), text(&line.about), text(&line.what), text(&line.source), day(line.since), day(line.until)]
    };
    let rows = package.records.lines.iter().map(row).collect();
    Export { name: "records".to_owned(), sheet: Sheet { title: "Records", heads: HEADS.to_vec(), rows } }
}

#[cfg(test)]
mod tests {
    use shared::redress::{Held, Part};

    use super::*;

    #[test]
    fn a_table_has_a_row_for_each_line_and_no_formula() {
        let line = HeldLine {
            part: Part::Identity,
            about: "Name".into(),
            what: "=cmd()".into(),
            source: "Case".into(),
            since: "2026-03-10".parse().ok(),
            until: None,
        };
        let records = Held { lines: vec![line] };
        let package = Package { request: "R-000001".into(), made_on: "2026-03-10".parse().unwrap(), records };
        let file = String::from_utf8(sheet::file(&table(&package), Format::Csv).unwrap()).unwrap();
        let mut lines = file.trim_start_matches('\u{feff}').lines();
        assert_eq!(lines.next(), Some("part,about,what,stated_by,since,until"));
        assert_eq!(lines.next(), Some("identity,Name,'=cmd(),Case,2026-03-10,"));
    }
}
