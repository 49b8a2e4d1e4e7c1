//! The OpenAPI document of the JSON surfaces. Each operation is described beside its handler, and its types are those that are
//! sent; this puts them together, for `portico openapi`, for `/api/openapi.json` and for the page `/api`.

use std::sync::LazyLock;

use app::portal::api::ApiDocument;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::security::{ClientCredentials, Flow, Http, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Server};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, api};

/// What holds for all operations.
const DESCRIPTION: &str = "\
The JSON of Portico. Paths, names and formats are those that programs of the agency's present services know.

A hidden case is answered as a number that nobody has. Small letters, spaces and dashes in a receipt number are understood.

Errors are JSON in the shape of their surface, whatever the request accepts. Beside what the operations name: a wrong method gets 405 \
and the header `Allow`, an address where nothing is gets 404, and a request that came past the operator's proxy gets 421. `Retry-After` \
stands with every 429. No answer sets a cookie or may be kept, and no script of another site may read it. The header `x-request-id` \
names the request in the operator's log.";

/// Operations that belong together, as `tag` names them beside the handlers.
struct Group {
    name: &'static str,
    name_es: &'static str,
    text: &'static str,
    text_es: &'static str,
}

/// The groups in the order in which they are read.
const GROUPS: [Group; 8] = [
    Group {
        name: "Tokens",
        name_es: "Tokens",
        text: "A client with credentials gets a token first, and sends it with each request.",
        text_es: "Un cliente con credenciales obtiene primero un token y lo envía con cada solicitud.",
    },
    Group {
        name: "Case Status API",
        name_es: "API de estatus de casos",
        text: "The status of a case, for clients with the scope `case-status`.",
        text_es: "El estatus de un caso, para clientes con el permiso `case-status`.",
    },
    Group {
        name: "Webhooks",
        name_es: "Avisos",
        text: "Be told when a case changes, for clients with the scope `case-status` and an address that the operator gave them.",
        text_es: "Recibir avisos cuando cambia un caso, para clientes con el permiso `case-status` y una dirección que les dio el operador.",
    },
    Group {
        name: "Status page",
        name_es: "Página de estatus",
        text: "The JSON of the agency's status page, for anybody with a ticket.",
        text_es: "El JSON de la página de estatus de la agencia, para quien tenga un pase.",
    },
    Group {
        name: "Processing times",
        name_es: "Tiempos de procesamiento",
        text: "What is published now, for anybody. Capital and small letters in the address are the same.",
        text_es: "Lo que está publicado ahora, para todos. En la dirección, las letras mayúsculas y minúsculas son iguales.",
    },
    Group {
        name: "Service report",
        name_es: "Informe de servicio",
        text: "How many requests came in and how long answers took, month by month, for anybody. Nobody is in it.",
        text_es: "Cuántas solicitudes llegaron y cuánto tardaron las respuestas, mes por mes, para todos. No hay nadie en él.",
    },
    Group {
        name: "Case events",
        name_es: "Eventos de casos",
        text: "How case systems say what happened, for clients with the scope `case-feed`.",
        text_es: "Así informan los sistemas de casos lo que pasó, para clientes con el permiso `case-feed`.",
    },
    Group {
        name: "This document",
        name_es: "Este documento",
        text: "What is described here, for tools.",
        text_es: "Lo que se describe aquí, para herramientas.",
    },
];

/// The schema of a line of the case feed, which has a page of its own.
const CASE_EVENT: &str = include_str!("../../../docs/case-feed.schema.json");

static DOCUMENT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", document()));

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// Read this document.
///
/// `portico openapi` prints the same.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "This document",
    operation_id = "readDocument",
    responses(
        (status = 200, description = "This document, OpenAPI 3.1.", body = Object, example = json!({ "openapi": "3.1.0" })),
        api::AtAnyTime
    ),
    extensions(("x-summary-es" = json!("Leer este documento.")))
)]
async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The document as text: what `portico openapi` prints.
pub fn text() -> &'static str {
    &DOCUMENT
}

/// The document as the page `/api` reads it.
pub fn for_the_page() -> Result<ApiDocument, serde_json::Error> {
    serde_json::from_str(&DOCUMENT)
}

fn document() -> Value {
    let operations = super::bearer_routes().merge(super::open_routes()).into_openapi();
    // Texts and lists can always be written.
    let mut document = serde_json::to_value(frame().merge_from(operations)).unwrap_or_default();
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        add_case_event(schemas);
    }
    promise_headers(&mut document);
    document
}

fn frame() -> OpenApi {
    let schemes = [
        ("caseStatus", client("case-status", "Read cases")),
        ("caseFeed", client("case-feed", "Send case events")),
        ("credentials", SecurityScheme::Http(Http::new(HttpAuthScheme::Basic))),
        ("ticket", ticket()),
    ];
    // utoipa does not see the types of answers that operations share.
    let shared = ComponentsBuilder::new().schema_from::<api::UnavailableBody>();
    let components = schemes.into_iter().fold(shared, |all, (name, scheme)| all.security_scheme(name, scheme));
    let license = LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
    let info = InfoBuilder::new()
        .title("Portico")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(license))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new("/")]))
        .components(Some(components.build()))
        .tags(Some(GROUPS.map(|group| tag(&group))))
        .build()
}

fn tag(group: &Group) -> Tag {
    let spanish = Extensions::from_iter([("x-name-es", group.name_es), ("x-description-es", group.text_es)]);
    TagBuilder::new().name(group.name).description(Some(group.text)).extensions(Some(spanish)).build()
}

/// A client has one scope.
fn client(scope: &str, meaning: &str) -> SecurityScheme {
    let scopes = Scopes::one(scope, meaning);
    SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(ClientCredentials::new("/oauth/accesstoken", scopes))]))
}

fn ticket() -> SecurityScheme {
    let text = "The ticket of `/csol-api/ui-auth`. The word `Bearer` may be left out.";
    SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(text)).build())
}

/// Adds the lines of the case feed. Their schema is one file with definitions of its own; here each is a component.
fn add_case_event(schemas: &mut Map<String, Value>) {
    let text = CASE_EVENT.replace("#/$defs/", "#/components/schemas/CaseEvent.");
    let mut event: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    event.remove("$schema");
    if let Some(Value::Object(parts)) = event.remove("$defs") {
        schemas.extend(parts.into_iter().map(|(name, part)| (format!("CaseEvent.{name}"), part)));
    }
    schemas.insert("CaseEvent".into(), Value::Object(event));
    let lines = json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/components/schemas/CaseEvent" } });
    schemas.insert("CaseEvents".into(), lines);
}

/// A header that is described always stands: utoipa has no word for it.
fn promise_headers(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let operations = paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    let answers = operations.filter_map(|operation| operation["responses"].as_object_mut()).flat_map(Map::values_mut);
    let headers = answers.filter_map(|answer| answer.get_mut("headers")?.as_object_mut()).flat_map(Map::values_mut);
    for header in headers {
        header["required"] = true.into();
    }
}

#[cfg(test)]
mod tests;
