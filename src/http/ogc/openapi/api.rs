//! `/api`: all operations, as a document for programs or as a page with forms.

use askama::Template;
use axum::response::Response;

use super::document::document;
use super::upgrade::upgrade;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Params;
use crate::http::ogc;
use crate::http::ogc::aggregate;
use crate::http::ogc::collections;
use crate::http::ogc::conformance;
use crate::http::ogc::functions;
use crate::http::ogc::item;
use crate::http::ogc::items;
use crate::http::ogc::landing;
use crate::http::ogc::map;
use crate::http::ogc::schema;
use crate::http::ogc::tilematrixsets;
use crate::http::ogc::tiles;
use crate::http::page::Frame;
use crate::http::page::Input;
use crate::http::page::inputs;
use crate::http::respond;
use crate::http::xyz::data;
use crate::http::xyz::glyphs;
use crate::http::xyz::legend;
use crate::http::xyz::list;
use crate::http::xyz::pictures;
use crate::http::xyz::styles;

/// What this resource conforms to.
pub(in crate::http::ogc) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.1/conf/oas31",
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
    let formats = &[Format::OpenApi, Format::OpenApi31, Format::Html];
    Operation::new("getApi", "/api", "Capabilities", "This description of the API.", formats)
}

/// All operations, in the order of the description.
fn operations(call: &Call) -> Vec<Operation> {
    let mut operations = vec![
        landing::operation(),
        conformance::operation(),
        operation(),
        functions::operation(),
        collections::list_operation(),
    ];
    for collection in call.catalog.collections.values() {
        operations.extend(schema::operations(collection));
        operations.extend([
            collections::operation(collection),
            items::operation(collection, &call.app.config.limits),
            item::operation(collection),
            aggregate::operation(collection),
        ]);
    }
    operations.push(list::operation());
    for collection in call.catalog.collections.values() {
        operations.extend(data::operations(collection, &call.app.config.limits));
        operations.extend(legend::data_operations(collection));
    }
    operations.extend(tilematrixsets::operations());
    for offer in tiles::Offer::all(&call.catalog) {
        operations.extend(offer.operations());
    }
    operations.extend(ogc::styles::operations(call));
    for styled in call.catalog.styles.values() {
        operations.push(styles::operation(styled));
        operations.extend(pictures::operations(styled, &call.app.config.limits));
        operations.extend(legend::operations(styled));
    }
    operations.extend(map::operations(call));
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
    let mut document = document(&call, &operations);
    if format == Format::OpenApi31 {
        upgrade(&mut document);
    }
    respond::json(&call.headers, format, &document)
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
