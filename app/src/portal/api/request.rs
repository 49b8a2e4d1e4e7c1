//! An operation as a request that can be tried: the command of curl.

use serde_json::Value;

use super::document::{At, Body, Content, Parameter, Place};

/// `curl https://portal.example/case-status/EAC9999103403 --header "Authorization: Bearer $TOKEN"`, each part on a line of its own.
pub fn curl(public_url: &str, at: At<'_>) -> String {
    let mut parts = vec![format!("curl {}", address(public_url, at))];
    if at.operation.security.first().is_some_and(|schemes| !schemes.is_empty()) {
        parts.push("--header \"Authorization: Bearer $TOKEN\"".into());
    }
    if let Some((kind, content)) = at.operation.request_body.as_ref().and_then(first) {
        parts.extend(sent(kind, content));
    }
    parts.join(" \\\n  ")
}

/// With the examples in it. In quotes if there is a query, which shells would take for something else.
fn address(public_url: &str, at: At<'_>) -> String {
    let (mut path, mut query) = (at.path.to_owned(), Vec::new());
    for Parameter { name, r#in, example, .. } in &at.operation.parameters {
        let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        match r#in {
            Place::Path => path = path.replace(&format!("{{{name}}}"), &example),
            Place::Query => query.push(format!("{name}={example}")),
        }
    }
    if query.is_empty() { format!("{public_url}{path}") } else { format!("\"{public_url}{path}?{}\"", query.join("&")) }
}

fn first(body: &Body) -> Option<(&String, &Content)> {
    body.content.first_key_value()
}

/// A form's fields one by one; anything else with its type, one item a line.
fn sent(kind: &str, Content { example }: &Content) -> Vec<String> {
    match example {
        Value::Object(fields) if kind == "application/x-www-form-urlencoded" => {
            let field = |(name, value): (&String, &Value)| {
                format!("--data-urlencode {}", quoted(&format!("{name}={}", value.as_str().unwrap_or_default())))
            };
            fields.iter().map(field).collect()
        }
        Value::Array(items) if kind == "application/x-ndjson" => {
            let lines: Vec<String> = items.iter().map(Value::to_string).collect();
            data(kind, &lines.join("\n"))
        }
        other => data(kind, &other.to_string()),
    }
}

fn data(kind: &str, body: &str) -> Vec<String> {
    vec![format!("--header \"Content-Type: {kind}\""), format!("--data-binary {}", quoted(body))]
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::document::ApiDocument;
    use super::*;

    fn command(path: &str, method: &str, more: Value) -> String {
        let mut operation = json!({ "operationId": "x", "summary": "X.", "x-summary-es": "X.", "responses": {} });
        operation.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let document: ApiDocument =
            serde_json::from_value(json!({ "tags": [], "paths": { path: { method: operation } } })).unwrap();
        let operation = &document.paths[path][method];
        curl("https://portal.example", At { method, path, operation })
    }

    #[test]
    fn examples_stand_in_the_address_and_a_token_where_one_is_wanted() {
        let parameter = |name, place, example| json!({ "name": name, "in": place, "description": "", "example": example });
        let parameters = json!([parameter("form", "path", json!("I-130")), parameter("office", "path", json!("VSC"))]);
        assert_eq!(
            command("/times/{form}/{office}", "get", json!({ "parameters": parameters, "security": [{ "ticket": [] }] })),
            "curl https://portal.example/times/I-130/VSC \\\n  --header \"Authorization: Bearer $TOKEN\""
        );
        let parameters = json!([parameter("after", "query", json!(0)), parameter("most", "query", json!("5"))]);
        assert_eq!(
            command("/changes", "get", json!({ "parameters": parameters })),
            "curl \"https://portal.example/changes?after=0&most=5\""
        );
        assert_eq!(command("/times", "get", json!({ "security": [{}, { "basic": [] }] })), "curl https://portal.example/times");
    }

    #[test]
    fn what_is_sent_is_whole_in_any_shell() {
        let form = json!({ "description": "", "content": { "application/x-www-form-urlencoded": { "example": { "a": "it's" } } } });
        assert_eq!(
            command("/token", "post", json!({ "requestBody": form })),
            r"curl https://portal.example/token \
  --data-urlencode 'a=it'\''s'"
        );
        let lines = json!({ "description": "", "content": { "application/x-ndjson": { "example": [{ "id": 1 }, { "id": 2 }] } } });
        assert!(command("/events", "post", json!({ "requestBody": lines })).ends_with("--data-binary '{\"id\":1}\n{\"id\":2}'"));
    }
}
