//! The description of the API, made of the operations' own tables.

use askama::Template;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::collections;
use super::conformance;
use super::item;
use super::items;
use super::landing;
use super::schema;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Params;
use crate::http::page::Frame;
use crate::http::page::Input;
use crate::http::page::inputs;
use crate::http::respond;
use crate::http::xyz::data;
use crate::http::xyz::glyphs;
use crate::http::xyz::list;
use crate::http::xyz::pictures;
use crate::http::xyz::styles;

/// What this resource conforms to.
pub(super) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
];

#[derive(Template)]
#[template(path = "api.html")]
struct Page<'a> {
    frame: Frame,
    description: &'a str,
    chapters: Vec<Chapter>,
}

struct Chapter {
    tag: &'static str,
    entries: Vec<Entry>,
}

struct Entry {
    path: String,
    summary: String,
    formats: String,
    /// Where its form leads, unless a part of the path is to be filled in or there is no page.
    action: Option<String>,
    inputs: Vec<Input>,
}

fn operation() -> Operation {
    let formats = &[Format::OpenApi, Format::Html];
    Operation::new("getApi", "/api", "Capabilities", "This description of the API.", formats)
}

/// All operations, in the order of the description.
fn operations(call: &Call) -> Vec<Operation> {
    let mut operations =
        vec![landing::operation(), conformance::operation(), operation(), collections::list_operation()];
    for collection in call.catalog.collections.values() {
        operations.extend([
            collections::operation(collection),
            items::operation(collection, &call.app.config.limits),
            item::operation(collection),
        ]);
    }
    operations.push(list::operation());
    operations.extend(call.catalog.collections.values().flat_map(|collection| data::operations(collection)));
    operations.push(styles::list_operation());
    for styled in call.catalog.styles.values() {
        operations.extend(
            styles::operations(styled).into_iter().chain(pictures::operations(styled, &call.app.config.limits)),
        );
    }
    operations.extend(glyphs::operations());
    operations
}

/// `GET /api` (OGC API Features, 7.3).
pub(in crate::http) async fn api(call: Call) -> Result<Response, Error> {
    let operation = operation();
    let (params, format) = call.read(&operation)?;
    let operations = operations(&call);
    if format == Format::Html {
        let links = call.links(&operation, &params, format);
        let settings = &call.app.config;
        let page = Page {
            frame: Frame::new(&call, "API").under("/", &settings.title).with(links),
            description: &settings.description,
            chapters: chapters(&call, &operations),
        };
        return respond::page(&call.headers, &page);
    }
    respond::json(&call.headers, format, &document(&call, &operations))
}

fn document(call: &Call, operations: &[Operation]) -> Value {
    let settings = &call.app.config;
    let mut paths = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for operation in operations {
        let mut item = json!({ "get": described(operation) });
        if let Some(body) = operation.body {
            item["post"] = posted(operation, body);
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
            "parameters": schema::shared_parameters(operations),
            "responses": schema::responses(),
            "schemas": schema::schemas(),
        },
    })
}

fn described(operation: &Operation) -> Value {
    let segments = operation.segments.iter().map(|segment| {
        json!({
            "name": segment.name,
            "in": "path",
            "required": true,
            "description": segment.description,
            "schema": { "type": "string" },
        })
    });
    let parameters = operation.parameters.iter().map(schema::reference);
    let content: Map<String, Value> = operation
        .formats
        .iter()
        .map(|&format| (format.media_type().to_owned(), schema::content(operation, format)))
        .collect();
    let mut responses = Map::new();
    responses.insert("200".to_owned(), json!({ "description": operation.summary, "content": content }));
    if operation.formats.contains(&Format::Mvt) {
        responses.insert("204".to_owned(), json!({ "$ref": "#/components/responses/Empty" }));
    }
    for (status, name) in schema::STATUSES {
        // A path without a variable part cannot be missing.
        if status != "404" || operation.path.matches('/').count() > 1 {
            responses.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
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
fn posted(operation: &Operation, body: &str) -> Value {
    let mut posted = described(operation);
    posted["operationId"] = json!(format!("{}.post", operation.id));
    posted["requestBody"] = json!({
        "description": body,
        "content": { Format::GeoJson.media_type(): { "schema": { "type": "object" } } },
    });
    posted
}

/// Whether a form can lead to a page of it.
fn is_page(operation: &Operation) -> bool {
    operation.segments.is_empty() && operation.formats.contains(&Format::Html)
}

fn chapters(call: &Call, operations: &[Operation]) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for operation in operations {
        let formats: Vec<&str> = operation.formats.iter().map(|format| format.title()).collect();
        let entry = Entry {
            path: operation.path.clone(),
            summary: operation.summary.clone(),
            formats: formats.join(", "),
            action: is_page(operation).then(|| format!("{}{}", call.base.path(), operation.path)),
            inputs: inputs(operation, &Params::default()),
        };
        match chapters.iter_mut().find(|chapter| chapter.tag == operation.tag) {
            Some(chapter) => chapter.entries.push(entry),
            None => chapters.push(Chapter { tag: operation.tag, entries: vec![entry] }),
        }
    }
    chapters
}
