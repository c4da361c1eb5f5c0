//! What is known of a style.

use axum::response::Response;
use serde::Serialize;

use super::place::PAGES;
use super::place::Place;
use super::style::Page;
use crate::catalog::Collection;
use crate::feature::GeometryKind;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::params::segment;
use crate::http::respond;

/// What is known of a style (OGC API Styles, `style-metadata.yaml`).
#[derive(Serialize)]
struct Document {
    id: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    scope: &'static str,
    version: String,
    stylesheets: [Stylesheet; 1],
    layers: Vec<Layer>,
    links: Vec<Link>,
}

/// One of its encodings.
#[derive(Serialize)]
struct Stylesheet {
    title: &'static str,
    version: &'static str,
    specification: &'static str,
    native: bool,
    link: Link,
}

/// What it draws.
#[derive(Serialize)]
struct Layer {
    id: String,
    title: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "sampleData")]
    sample_data: Link,
}

/// `GET /styles/{style}/metadata`
pub(in crate::http) async fn metadata(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    answer(&call, &Place::Server, &id)
}

/// `GET /collections/{id}/styles/{style}/metadata`
pub(in crate::http) async fn collection_metadata(
    call: Call,
    Path((id, style)): Path<(String, String)>,
) -> Result<Response, Error> {
    answer(&call, &Place::of_collection(&call, &id)?, &style)
}

fn answer(call: &Call, place: &Place, id: &str) -> Result<Response, Error> {
    let styled = place.style(call, id)?;
    let operation = Operation::new("", &place.path(), "Maps", "", PAGES);
    let (params, format) = call.read(&operation)?;
    let mut links = call.links(&operation, &params, format);
    if format == Format::Html {
        return respond::page(&call.headers, &Page::new(call, place, &styled, links));
    }
    let own = place.links(call, &styled);
    let link = own[0].clone();
    links.extend(own);
    let described = styled.document.get("metadata").and_then(|metadata| metadata.get("description"));
    let document = Document {
        id: styled.id.clone(),
        title: styled.title().to_owned(),
        description: described.and_then(|text| text.as_str()).map(str::to_owned),
        scope: "style",
        version: styled.version.to_string(),
        stylesheets: [Stylesheet {
            title: "MapLibre style",
            version: "8",
            specification: "https://maplibre.org/maplibre-style-spec/",
            native: true,
            link,
        }],
        layers: place.collections(call, &styled).iter().map(|collection| layer(call, collection)).collect(),
        links,
    };
    respond::json(&call.headers, format, &document)
}

fn layer(call: &Call, collection: &Collection) -> Layer {
    let href = call.base.url(&format!("/collections/{}/items", segment(&collection.id)));
    Layer {
        id: collection.id.clone(),
        title: collection.title().to_owned(),
        kind: kind(collection),
        sample_data: Link::new("data", Format::GeoJson, "The features that are drawn", href),
    }
}

/// What the geometries of a collection are, in the words of the standard.
fn kind(collection: &Collection) -> &'static str {
    let kinds = &collection.snapshot().schema().geometries;
    let all = |one: GeometryKind, many: GeometryKind| kinds.iter().all(|kind| *kind == one || *kind == many);
    if kinds.is_empty() {
        "geometry"
    } else if all(GeometryKind::Point, GeometryKind::MultiPoint) {
        "point"
    } else if all(GeometryKind::LineString, GeometryKind::MultiLineString) {
        "line"
    } else if all(GeometryKind::Polygon, GeometryKind::MultiPolygon) {
        "polygon"
    } else {
        "geometry"
    }
}
