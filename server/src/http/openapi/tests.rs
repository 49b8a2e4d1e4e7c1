use std::collections::BTreeSet;

use axum::Router;
use shared::locale::Locale;

use super::super::machines::shape_of;
use super::super::{bearer_routes, open_routes};
use super::*;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
const GUIDE: &str = include_str!("../../../../docs/api.md");

/// Every operation with its path.
fn operations() -> Vec<(String, Value)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| methods.as_object().unwrap().values().map(|one| (path.clone(), one.clone()))).collect()
}

#[test]
fn the_committed_document_is_this_one() {
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    assert!(committed == text(), "docs/openapi.json is not up to date: run `portico openapi > docs/openapi.json`");
}

/// Of every router, for what it has no route for.
const OF_AXUM: [&str; 2] = ["/", "/{*__private__axum_fallback}"];

/// Routes are private to axum; its debug output names their paths.
#[test]
fn what_is_routed_as_json_is_in_the_document_and_the_other_way_round() {
    let router: Router<App> = Router::from(bearer_routes()).merge(Router::from(open_routes()));
    let routed = format!("{router:?}");
    let routed: BTreeSet<&str> = routed.split('"').filter(|text| text.starts_with('/') && !OF_AXUM.contains(text)).collect();
    let document = document();
    let documented: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(documented.contains("/case-status/{receipt}"));
    assert_eq!(routed, documented);
    let bare: Vec<&&str> = documented.iter().filter(|path| shape_of(path).is_none()).collect();
    assert!(bare.is_empty(), "their errors are not JSON: name them in machines.rs: {bare:?}");
}

#[test]
fn every_operation_is_described_in_both_languages_and_has_examples() {
    let page = for_the_page().unwrap();
    for locale in Locale::ALL {
        let titles: BTreeSet<String> = page.titles(locale).map(str::to_owned).collect();
        assert_eq!(titles.len(), operations().len(), "two titles are the same, or an operation is in no group: {titles:?}");
        assert!(titles.iter().all(|title| !title.is_empty()));
    }
    let mut ids = BTreeSet::new();
    for (path, operation) in operations() {
        assert!(ids.insert(operation["operationId"].to_string()), "{path}");
        assert_ne!(operation["summary"], operation["x-summary-es"], "{path}");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        assert_eq!(parameters.filter(|parameter| parameter["in"] == "path").count(), path.matches('{').count(), "{path}");
        for status in ["429", "500", "503"] {
            assert!(operation["responses"].get(status).is_some(), "{path} does not name {status}");
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            // Says all that it has to say.
            if status == "204" {
                continue;
            }
            let kinds = answer["content"].as_object().unwrap().values();
            assert!(kinds.map(|kind| &kind["example"]).any(|example| !example.is_null()), "{path} has no example for {status}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.contains("#/components/schemas/CaseEvent"));
    for reference in found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

#[test]
fn the_guide_shows_curl_for_every_operation() {
    let commands: Vec<&str> = GUIDE.split("```sh").skip(1).filter_map(|block| block.split("```").next()).collect();
    let asked = commands.concat();
    let asked: Vec<&str> =
        asked.split("http://localhost:8080").skip(1).filter_map(|url| url.split([' ', '"', ')', '?', '\n']).next()).collect();
    let is_of = |url: &str, path: &str| {
        let (url, path): (Vec<&str>, Vec<&str>) = (url.split('/').collect(), path.split('/').collect());
        url.len() == path.len() && url.iter().zip(&path).all(|(part, wanted)| part == wanted || wanted.starts_with('{'))
    };
    for (path, _) in operations() {
        assert!(asked.iter().any(|url| is_of(url, &path)), "docs/api.md has no curl for {path}");
    }
}
