//! `/api`: all operations, as a document for programs or as a page with forms.

use axum::response::Response;

use super::document::document;
use super::page;
use super::upgrade::upgrade;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::events;
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
use crate::http::probes;
use crate::http::problems;
use crate::http::respond;
use crate::http::wms;
use crate::http::wmts;
use crate::http::xyz::data;
use crate::http::xyz::glyphs;
use crate::http::xyz::legend;
use crate::http::xyz::list;
use crate::http::xyz::pictures;
use crate::http::xyz::styles;
use crate::http::xyz::tileset;

/// What this resource conforms to.
pub(in crate::http::ogc) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.1/conf/oas31",
];

fn operation() -> Operation {
    let formats = &[Format::OpenApi, Format::OpenApi31, Format::Html];
    let mut operation = Operation::new("getApi", "/api", "Capabilities", "This description of the API.", formats);
    let about = "Only the operation of this id (`operationId`); as a page, with a form that tries it.";
    operation.parameters.push(Parameter::new("operation", Kind::Text, about));
    operation
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
    for archive in call.catalog.tilesets.values() {
        operations.extend(tileset::operations(archive));
        operations.extend(tiles::archive_operations(archive));
    }
    operations.push(list::operation());
    for collection in call.catalog.collections.values() {
        operations.extend(data::operations(collection, &call.app.config.limits));
        operations.extend(pictures::data_operations(collection, &call.app.config.limits));
        operations.extend(legend::data_operations(collection));
        operations.extend(legend::collection_operations(collection));
    }
    operations.extend(tilematrixsets::operations());
    for offer in tiles::Offer::all(&call.catalog) {
        operations.extend(offer.operations());
    }
    operations.extend(ogc::styles::operations(call));
    for styled in call.catalog.styles.values() {
        let collections = call.catalog.collections_of(styled);
        operations.extend([styles::operation(styled), styles::document_operation(styled)]);
        operations.extend(pictures::operations(styled, &collections, &call.app.config.limits));
        operations.extend(legend::operations(styled, &collections));
    }
    operations.extend(map::operations(call));
    operations.push(wms::operation());
    operations.extend(wmts::operations());
    operations.extend(glyphs::operations());
    if call.app.config.show_problems {
        operations.push(problems::operation());
    }
    operations.push(events::operation());
    operations.extend(probes::operations());
    operations
}

/// `GET /api` (OGC API Features, 7.3).
pub(in crate::http) async fn api(call: Call) -> Result<Response, Error> {
    let operation = operation();
    let (params, format) = call.read(&operation)?;
    let mut operations = operations(&call);
    if let Some(id) = params.text("operation") {
        operations.retain(|operation| operation.id == id);
        if operations.is_empty() {
            let message =
                format!("the parameter 'operation' is '{id}', which is the id of no operation; /api has all of them");
            return Err(Error::Invalid(message));
        }
    }
    if format == Format::Html {
        let links = call.links(&operation, &params, format);
        return match (params.text("operation"), operations.into_iter().next()) {
            (Some(_), Some(own)) => respond::page(&call.headers, &page::one(&call, own, links)),
            _ => respond::page(&call.headers, &page::all(&call, &self::operations(&call), links)),
        };
    }
    let mut document = document(&call, &operations);
    if format == Format::OpenApi31 {
        upgrade(&mut document);
    }
    respond::json(&call.headers, format, &document)
}
