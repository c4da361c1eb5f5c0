//! JSON Schema of parameters and documents, as OpenAPI 3.0 writes it.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::feature::FieldType;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::space::Crs;

/// Answers that every operation may give beside 200, by the names of their components.
pub(super) const STATUSES: [(&str, &str); 8] = [
    ("304", "NotModified"),
    ("400", "InvalidParameter"),
    ("404", "NotFound"),
    ("406", "NotAcceptable"),
    ("413", "TooLarge"),
    ("414", "UrlTooLong"),
    ("500", "ServerError"),
    ("503", "Busy"),
];

/// A parameter where an operation names it: a reference for those that are the same everywhere.
///
/// Clients look for `#/components/parameters/limit`, so that a shared parameter must stand there.
pub(super) fn reference(parameter: &Parameter, shared: &Map<String, Value>) -> Value {
    if shared.get(&*parameter.name) == Some(&described(parameter)) {
        return json!({ "$ref": format!("#/components/parameters/{}", parameter.name) });
    }
    described(parameter)
}

/// The parameters that [`reference`] refers to: of several of one name, the first.
pub(super) fn shared_parameters(operations: &[Operation]) -> Map<String, Value> {
    let parameters = operations.iter().flat_map(|operation| &operation.parameters);
    let mut shared = Map::new();
    for own in parameters.filter(|parameter| is_shared(parameter)) {
        shared.entry(own.name.to_string()).or_insert_with(|| described(own));
    }
    shared
}

/// Those that say of features which and how many; formats and fields differ between operations.
fn is_shared(parameter: &Parameter) -> bool {
    // The names of components are made of few characters, and those of collections may have others.
    let is_plain = parameter.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain {
        return false;
    }
    match parameter.kind {
        Kind::Limit { .. } | Kind::Count | Kind::Text | Kind::Bbox | Kind::Time => true,
        // What is said of pictures is said of some only, and may differ.
        Kind::Pixels | Kind::Whole { .. } | Kind::Texts | Kind::Flag | Kind::Number { .. } | Kind::Word(_) => false,
        Kind::Crs(_) | Kind::Format(_) | Kind::Field(_) | Kind::Choice(_) | Kind::Names(_) | Kind::Sort(_) => false,
    }
}

fn described(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": "query",
        "required": false,
        "description": parameter.description,
        "schema": parameter_schema(&parameter.kind),
        "style": "form",
        "explode": parameter.kind == Kind::Texts,
    })
}

fn parameter_schema(kind: &Kind) -> Value {
    match kind {
        Kind::Limit { default, maximum } | Kind::Whole { default, maximum } => {
            json!({ "type": "integer", "minimum": 1, "maximum": maximum, "default": default })
        }
        Kind::Pixels => json!({ "type": "integer", "minimum": 1 }),
        Kind::Count => json!({ "type": "integer", "minimum": 0, "default": 0 }),
        Kind::Text | Kind::Time => json!({ "type": "string" }),
        Kind::Format(names) => json!({ "type": "string", "enum": names }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Number { minimum, maximum } => json!({ "type": "number", "minimum": minimum, "maximum": maximum }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Choice(words) => json!({ "type": "string", "enum": words, "default": words.first() }),
        Kind::Names(names) if names.is_empty() => {
            json!({ "type": "array", "items": { "type": "string" }, "maxItems": 0 })
        }
        Kind::Names(names) => json!({ "type": "array", "items": { "type": "string", "enum": names } }),
        Kind::Sort(names) => {
            let keys = names.iter().flat_map(|name| [name.clone(), format!("-{name}"), format!("+{name}")]);
            let keys: Vec<String> = keys.collect();
            json!({ "type": "array", "minItems": 1, "items": { "type": "string", "enum": keys } })
        }
        Kind::Crs(list) => {
            let uris: Vec<&str> = list.iter().map(Crs::uri).collect();
            json!({ "type": "string", "format": "uri", "enum": uris, "default": uris.first() })
        }
        Kind::Bbox => json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } }),
        Kind::Field(kind) => match kind {
            FieldType::Boolean => json!({ "type": "boolean" }),
            FieldType::Integer => json!({ "type": "integer", "format": "int64" }),
            FieldType::Number => json!({ "type": "number" }),
            _ => json!({ "type": "string" }),
        },
    }
}

/// The schemas of documents, by the last part of their operation's name.
const DOCUMENTS: [(&str, &str); 13] = [
    ("getLandingPage", "landing"),
    ("getConformance", "conformance"),
    ("getCollections", "collections"),
    ("getCollection", "collection"),
    ("getItems", "features"),
    ("getItem", "feature"),
    ("download", "features"),
    ("downloadJsonFg", "features"),
    ("getFunctions", "functions"),
    ("getAggregate", "aggregate"),
    ("getSchema", "schema"),
    ("getQueryables", "schema"),
    ("getSortables", "schema"),
];

/// The media types in which a format is answered: those of the older services have several kinds of XML.
pub(super) fn media_types(format: Format) -> impl Iterator<Item = &'static str> {
    let others: &[&str] = match format {
        Format::Xml => &["text/xml", "application/vnd.ogc.wms_xml", "application/vnd.ogc.gml", "text/plain"],
        _ => &[],
    };
    std::iter::once(format.media_type()).chain(others.iter().copied())
}

/// What an operation answers in one of its formats.
pub(super) fn content(operation: &Operation, format: Format) -> Value {
    let name = operation.id.rsplit('.').next().unwrap_or_default();
    let document = DOCUMENTS.iter().find(|(own, _)| *own == name);
    let schema = match (format, document) {
        (
            Format::Html | Format::Csv | Format::GeoJsonSeq | Format::Text | Format::Events | Format::Svg | Format::Xml,
            _,
        ) => json!({ "type": "string" }),
        (
            Format::FlatGeobuf | Format::Mvt | Format::Mlt | Format::Glyphs | Format::Png | Format::Webp | Format::Jpeg,
            _,
        ) => {
            json!({ "type": "string", "format": "binary" })
        }
        (_, Some((_, document))) => json!({ "$ref": format!("#/components/schemas/{document}") }),
        (_, None) => json!({ "type": "object" }),
    };
    json!({ "schema": schema })
}

/// The answers that [`STATUSES`] names.
pub(super) fn responses() -> Value {
    let problem = |description: &str| {
        json!({
            "description": description,
            "content": {
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } },
                "text/html": { "schema": { "type": "string" } },
            },
        })
    };
    let report = json!({ "schema": { "type": "string" } });
    json!({
        "Exception": {
            "description": "What is wrong, as the older services of the OGC tell it.",
            "content": {
                "text/xml": report,
                "application/vnd.ogc.se_xml": report,
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } },
                "text/html": report,
            },
        },
        "Empty": { "description": "The tile is in the grid, and nothing is in the tile." },
        "NotModified": { "description": "The client has the current answer already." },
        "InvalidParameter": problem("A parameter is unknown or has a value that is not allowed."),
        "NotFound": problem("There is no such resource."),
        "NotAcceptable": problem("The resource has no representation that the Accept header allows."),
        "TooLarge": problem("What is asked for is larger than the limits of the server allow."),
        "UrlTooLong": problem("Path and query together are too long."),
        "ServerError": problem("The server failed."),
        "Busy": problem("The server has more to do than it can do now; the header Retry-After says when to try again."),
    })
}

/// The documents, after the schemas of OGC API Features, annex B.
pub(super) fn schemas() -> Value {
    serde_json::from_str(include_str!("schemas.json")).expect("the file beside this one is JSON, as a test sees")
}
