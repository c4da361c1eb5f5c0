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
    standards: Vec<Standard>,
}

/// A standard with its classes.
struct Standard {
    /// Its name in addresses, and its name for people.
    id: &'static str,
    title: &'static str,
    /// The addresses of classes and their names.
    classes: Vec<(&'static str, &'static str)>,
}

/// The names of standards, by what stands for them in addresses.
const TITLES: [(&str, &str); 15] = [
    ("ogcapi-common-1/1.0", "OGC API Common, Part 1: Core"),
    ("ogcapi-common-2/1.0", "OGC API Common, Part 2: Geospatial data"),
    ("ogcapi-features-1/1.0", "OGC API Features, Part 1: Core"),
    ("ogcapi-features-1/1.1", "OGC API Features, Part 1: Core, 1.1"),
    ("ogcapi-features-2/1.0", "OGC API Features, Part 2: Coordinate reference systems by reference"),
    ("ogcapi-features-3/1.0", "OGC API Features, Part 3: Filtering"),
    ("ogcapi-features-5/1.0", "OGC API Features, Part 5: Schemas"),
    ("ogcapi-features-6/1.0", "OGC API Features, Part 6: Property selection"),
    ("ogcapi-features-8/1.0", "OGC API Features, Part 8: Sorting"),
    ("json-fg-1/1.0", "OGC Features and Geometries JSON (JSON-FG), Part 1: Core"),
    ("cql2/1.0", "Common Query Language (CQL2)"),
    ("ogcapi-tiles-1/1.0", "OGC API Tiles, Part 1: Core"),
    ("ogcapi-maps-1/1.0", "OGC API Maps, Part 1: Core"),
    ("ogcapi-styles-1/1.0", "OGC API Styles, Part 1: Core"),
    ("tms/2.0", "Two Dimensional Tile Matrix Set and Tile Set Metadata"),
];

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
        return respond::page(&call.headers, &Page { frame, standards: standards(&conforms_to) });
    }
    respond::json(&call.headers, format, &Document { links, conforms_to })
}

/// Classes by their standards. Those that are declared in two forms stand here once.
fn standards(classes: &[&'static str]) -> Vec<Standard> {
    let mut standards: Vec<Standard> = Vec::new();
    for class in classes.iter().filter(|class| class.starts_with("http:")) {
        let path = class.trim_start_matches("http://www.opengis.net/spec/");
        let (id, name) = path.split_once("/conf/").unwrap_or((path, path));
        let title = TITLES.iter().find(|(own, _)| *own == id).map_or(id, |(_, title)| title);
        match standards.iter_mut().find(|standard| standard.id == id) {
            Some(standard) => standard.classes.push((class, name)),
            None => standards.push(Standard { id, title, classes: vec![(class, name)] }),
        }
    }
    standards.sort_by_key(|own| TITLES.iter().position(|(id, _)| *id == own.id).unwrap_or(TITLES.len()));
    standards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_stands_once_below_its_standard() {
        let [core, other] =
            ["http://www.opengis.net/spec/cql2/1.0/conf/a", "http://www.opengis.net/spec/new/1.0/conf/b"];
        let found = standards(&[core, other, "https://www.opengis.net/spec/cql2/1.0/conf/a"]);
        let found: Vec<_> = found.iter().map(|own| (own.id, own.title, &own.classes[..])).collect();
        let cql2 = ("cql2/1.0", "Common Query Language (CQL2)", &[(core, "a")][..]);
        assert_eq!(found, [cql2, ("new/1.0", "new/1.0", &[(other, "b")][..])]);
    }
}
