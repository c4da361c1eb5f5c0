//! What the server conforms to.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use super::collections;
use super::functions;
use super::items;
use super::landing;
use super::map;
use super::openapi;
use super::schema;
use super::styles;
use super::tilematrixsets;
use super::tiles;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::page::Frame;
use crate::http::respond;

#[derive(Serialize)]
struct Document {
    links: Vec<Link>,
    #[serde(rename = "conformsTo")]
    conforms_to: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "conformance.html")]
struct Page {
    frame: Frame,
    conforms_to: Vec<&'static str>,
}

pub(super) fn operation() -> Operation {
    let formats = &[Format::Json, Format::Html];
    Operation::new(
        "getConformance",
        "/conformance",
        "Capabilities",
        "The standards that the server conforms to.",
        formats,
    )
}

/// `GET /conformance` (OGC API Common, Part 1, 7.4).
pub(in crate::http) async fn conformance(call: Call) -> Result<Response, Error> {
    let operation = operation();
    let (params, format) = call.read(&operation)?;
    let conforms_to = [
        landing::CONFORMANCE,
        collections::CONFORMANCE,
        items::CONFORMANCE,
        schema::CONFORMANCE,
        functions::CONFORMANCE,
        map::CONFORMANCE,
        styles::CONFORMANCE,
        openapi::CONFORMANCE,
        tilematrixsets::CONFORMANCE,
        tiles::CONFORMANCE,
    ]
    .concat();
    let links = call.links(&operation, &params, format);
    if format == Format::Html {
        let frame = Frame::new(&call, "Conformance").under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &Page { frame, conforms_to });
    }
    respond::json(&call.headers, format, &Document { links, conforms_to })
}
