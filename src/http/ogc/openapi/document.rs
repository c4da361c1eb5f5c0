//! The description as an OpenAPI document.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::components;
use crate::http::Call;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;

/// The document in OpenAPI 3.0.
pub(super) fn document(call: &Call, operations: &[Operation]) -> Value {
    let settings = &call.app.config;
    let mut paths = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    let shared = components::shared_parameters(operations);
    for operation in operations {
        let mut item = json!({ "get": described(operation, &shared) });
        if let Some(body) = operation.body {
            item["post"] = posted(operation, body, &shared);
        }
        paths.insert(operation.path.clone(), item);
        if !tags.contains(&operation.tag) {
            tags.push(operation.tag);
        }
    }
    let tags: Vec<Value> = tags.into_iter().map(|tag| json!({ "name": tag })).collect();
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": settings.title,
            "description": settings.description,
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{ "url": call.base.url("/").trim_end_matches('/'), "description": settings.title }],
        "tags": tags,
        "paths": paths,
        "components": {
            "parameters": shared,
            "responses": components::responses(),
            "schemas": components::schemas(),
        },
    })
}

fn described(operation: &Operation, shared: &Map<String, Value>) -> Value {
    let segments = operation.segments.iter().map(|segment| {
        json!({
            "name": segment.name,
            "in": "path",
            "required": true,
            "description": segment.description,
            "schema": { "type": "string" },
        })
    });
    let parameters = operation.parameters.iter().map(|own| components::reference(own, shared));
    let contents = operation.formats.iter().flat_map(|&format| {
        components::media_types(format).map(move |kind| (kind.to_owned(), components::content(operation, format)))
    });
    let content: Map<String, Value> = contents.collect();
    let mut responses = Map::new();
    responses.insert("200".to_owned(), json!({ "description": operation.summary, "content": content }));
    if operation.formats.iter().any(|format| matches!(format, Format::Mvt | Format::Mlt)) {
        responses.insert("204".to_owned(), json!({ "$ref": "#/components/responses/Empty" }));
    }
    for (status, name) in components::STATUSES {
        // A path without a variable part cannot be missing.
        let is_possible = match status {
            "404" => operation.path.matches('/').count() > 1,
            // Of pictures, and of tiles that have to hold everything.
            "413" => operation.parameters.iter().any(|own| own.kind == Kind::Pixels || own.name == "strict"),
            _ => true,
        };
        if is_possible {
            responses.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
        }
    }
    if operation.formats.contains(&Format::Xml) {
        for status in ["400", "404", "413", "501", "503"] {
            responses.insert(status.to_owned(), json!({ "$ref": "#/components/responses/Exception" }));
        }
    }
    json!({
        "tags": [operation.tag],
        "summary": operation.summary,
        "operationId": operation.id,
        "parameters": segments.chain(parameters).collect::<Vec<Value>>(),
        "responses": responses,
    })
}

/// The same operation with a body.
fn posted(operation: &Operation, body: &str, shared: &Map<String, Value>) -> Value {
    let mut posted = described(operation, shared);
    posted["operationId"] = json!(format!("{}.post", operation.id));
    posted["requestBody"] = json!({
        "description": body,
        "content": { Format::GeoJson.media_type(): { "schema": { "type": "object" } } },
    });
    posted
}
